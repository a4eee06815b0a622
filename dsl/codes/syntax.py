"""Codes RW1xx: text that cannot be read as the language."""

from __future__ import annotations

from dsl.codes.samples import strategy
from dsl.diagnostics import Code, Severity

_READINGS = "Two people can read it in two ways, and the two trade differently."
_ONE_WAY = "Each thing is written in one way, so that every strategy reads alike."
_LOST = "A clause that cannot be read is a rule that will not be kept."


def _code(code: str, title: str, why: str, wrong: str, right: str) -> Code:
    return Code(code, Severity.ERROR, title, why, wrong, right)


CODES: tuple[Code, ...] = (
    _code(
        "RW101",
        "File too long",
        "A rule book of more than 200,000 characters cannot be reviewed, so it is most likely no strategy.",
        "",
        strategy(),
    ),
    _code(
        "RW102",
        "Expression nests too deeply",
        "Nobody can review an expression of more than 64 levels; give its parts names with `let`.",
        strategy(when="(" * 65 + "close > open" + ")" * 65),
        strategy(when="((close > open))"),
    ),
    _code(
        "RW103",
        "Invisible character",
        "What a reviewer cannot see must not be in a file that moves money.",
        strategy(when="close >\u200b sma(close, 50)"),
        strategy(when="close > sma(close, 50)"),
    ),
    _code(
        "RW104",
        "Character that only looks right",
        "Two words that look the same but differ would deceive a reviewer; word processors change quotes unasked.",
        strategy(header="strategy “Sample” version 1"),
        strategy(header='strategy "Sample" version 1'),
    ),
    _code(
        "RW105",
        "Text without its quotes",
        "The quotes show where a text begins and ends; it ends on the line on which it begins.",
        strategy(header='strategy "Sample version 1'),
        strategy(header='strategy "Sample" version 1'),
    ),
    _code(
        "RW106",
        "Sign from another language",
        "The language says it in words, so that a rule can be read aloud.",
        strategy(when="close > sma(close, 50) && rsi(14) < 70"),
        strategy(when="close > sma(close, 50) and rsi(14) < 70"),
    ),
    _code(
        "RW107",
        "Capital or small letters",
        "Small letters are words and names; capital letters are symbols, timeframes, weekdays and zones.",
        strategy(when="close > SMA(close, 50)"),
        strategy(when="close > sma(close, 50)"),
    ),
    _code(
        "RW108",
        "Number written in another way",
        "One way to write a number, so that `1,000` is never read as two of them.",
        strategy(when="close > .95"),
        strategy(when="close > 0.95"),
    ),
    _code(
        "RW109",
        "Not a time, date or weekday",
        "Times are HH:MM on a clock of 24 hours, dates are year-month-day, weekdays are written out.",
        strategy(when="close > open and day is Mon"),
        strategy(when="close > open and day is Monday"),
    ),
    _code(
        "RW110",
        "Not a timeframe",
        "M1 is a minute and MN1 a month: timeframes are written in exactly one way.",
        strategy(trade="trade EURUSD on 1h"),
        strategy(trade="trade EURUSD on H1"),
    ),
    _code(
        "RW111",
        "Not a time zone",
        "Abbreviations such as EST do not say whether summer time applies.",
        strategy(when="close > open and time between 08:00 and 11:00 EST"),
        strategy(when="close > open and time between 08:00 and 11:00 New_York"),
    ),
    _code(
        "RW112",
        "`and` beside `or`",
        _READINGS,
        strategy(when="rsi(14) < 30 or rsi(2) < 5 and close > open"),
        strategy(when="(rsi(14) < 30 or rsi(2) < 5) and close > open"),
    ),
    _code(
        "RW113",
        "`and` or `or` beside `followed within`",
        _READINGS,
        strategy(when="close > open and (rsi(14) < 30) followed within 3 bars by (rsi(14) > 40)"),
        strategy(when="close > open and ((rsi(14) < 30) followed within 3 bars by (rsi(14) > 40))"),
    ),
    _code(
        "RW114",
        "History after a timeframe",
        "Bars of another timeframe and bars of the strategy are different steps; the parentheses say which are meant.",
        strategy(when="close > ema(close, 50) on D1[1]"),
        strategy(when="close > (ema(close, 50)[1]) on D1"),
    ),
    _code(
        "RW115",
        "Chained comparison",
        "Each comparison has two sides, so that it is plain what is compared.",
        strategy(when="30 < rsi(14) < 70"),
        strategy(when="rsi(14) between 30 and 70"),
    ),
    _code(
        "RW116",
        "Parentheses needed",
        _READINGS,
        strategy(when="close - open on D1 > 20 pips"),
        strategy(when="((close - open) on D1) > 20 pips"),
    ),
    _code(
        "RW117",
        "Closing bracket missing",
        "Where a bracket ends decides what belongs together.",
        strategy(when="close > ema(close, 50"),
        strategy(when="close > ema(close, 50)"),
    ),
    _code(
        "RW118",
        "Bracket or comma too many",
        "Something may have been lost that stood there.",
        strategy(when="close > ema(close, 50))"),
        strategy(when="close > ema(close, 50)"),
    ),
    _code(
        "RW119",
        "Unit missing or unknown",
        "A number without its unit leaves its meaning to chance: 8 bars and 8 hours are not the same.",
        strategy(order="order buy stop at high + 1 pip, good for 8"),
        strategy(order="order buy stop at high + 1 pip, good for 8 bars"),
    ),
    _code(
        "RW120",
        "Misspelt word",
        _LOST,
        strategy(enter="entr long"),
        strategy(enter="enter long"),
    ),
    _code(
        "RW121",
        "Word from elsewhere",
        _ONE_WAY,
        strategy(stop="stoploss 2 * atr(14)"),
        strategy(stop="stop 2 * atr(14)"),
    ),
    _code(
        "RW122",
        "Not a name",
        "A name is one word in small letters, and no word of the language, so that only one reading is possible.",
        strategy(before="let price = hlc3"),
        strategy(before="let middle = hlc3", when="close > middle"),
    ),
    _code(
        "RW123",
        "Clause written twice",
        "It would be left to chance which of the two counts.",
        strategy(more="stop 30 pips"),
        strategy(stop="stop 30 pips"),
    ),
    _code(
        "RW124",
        "Clause in the wrong place",
        "Every clause belongs to one kind of rule; elsewhere it would have no effect.",
        strategy(after="exit long\n  when rsi(14) > 70\n  target 3R"),
        strategy(target="target 3R", after="exit long\n  when rsi(14) > 70"),
    ),
    _code(
        "RW125",
        "Something is missing",
        _LOST,
        strategy(when="close >"),
        strategy(when="close > open"),
    ),
    _code(
        "RW126",
        "Not understood",
        _LOST,
        strategy(when="close ema(close, 50)"),
        strategy(when="close > ema(close, 50)"),
    ),
    _code(
        "RW127",
        "Too many mistakes",
        "After fifty of them it is more likely that the file is no strategy, or an old one; mend the first ones.",
        strategy(after=";" * 51),
        strategy(),
    ),
)
"""RW101 has no wrong text here: that would take 200,000 characters. That of RW127 gives fifty others too."""
