"""Codes RW3xx: units and kinds, and words that have a meaning only in some places."""

from __future__ import annotations

from dsl.codes.samples import strategy
from dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

_MIX = "A sum of unlike quantities is a number without meaning, and an order would be placed on it."

KINDS = (
    Code(
        "RW301",
        _ERROR,
        "Number without a unit",
        "A number alone does not say how much: 25 pips, 25 points and 25% are very different amounts of money.",
        strategy(stop="stop 25"),
        strategy(stop="stop 25 pips"),
    ),
    Code(
        "RW302",
        _ERROR,
        "Quantities that cannot be combined",
        _MIX,
        strategy(stop="stop at close + low"),
        strategy(stop="stop at low - 5 pips"),
    ),
    Code(
        "RW303",
        _ERROR,
        "Quantities that cannot be compared",
        "A comparison of unlike quantities is true or false by accident.",
        strategy(when="close > atr(14)"),
        strategy(when="close - open > atr(14)"),
    ),
    Code(
        "RW304",
        _ERROR,
        "A value where a condition belongs",
        "A rule acts on what is true; a number is neither true nor false.",
        strategy(when="rsi(14)"),
        strategy(when="rsi(14) > 50"),
    ),
    Code(
        "RW305",
        _ERROR,
        "A condition where a value belongs",
        "True and false cannot be calculated with.",
        strategy(stop="stop at (close > open)"),
        strategy(stop="stop at low"),
    ),
    Code(
        "RW306",
        _ERROR,
        "A price where a distance belongs",
        "A stop 1.0850 away from the entry would never be reached; the position would be unprotected.",
        strategy(stop="stop lowest(low, 20)"),
        strategy(stop="stop at lowest(low, 20)"),
    ),
    Code(
        "RW307",
        _ERROR,
        "A distance where a price belongs",
        "An order at a price of 0.0025 is not what anybody means.",
        strategy(stop="stop at 25 pips"),
        strategy(stop="stop 25 pips"),
    ),
    Code(
        "RW308",
        _ERROR,
        "A percentage compared with a price",
        "Per cent of what? Without that the comparison has no meaning.",
        strategy(when="close - open > 1%"),
        strategy(when="close - open > 1% of close"),
    ),
    Code(
        "RW309",
        _ERROR,
        "A kind of value the built-in does not take",
        "The result would be a number without meaning.",
        strategy(when="sum(close, 5) > 0"),
        strategy(when="sum(close - open, 5) > 0"),
    ),
    Code(
        "RW310",
        _ERROR,
        "Wrong unit for this clause",
        "The clause measures something else; the amount at stake would not be the one you mean.",
        strategy(stop="stop 5 bars"),
        strategy(stop="stop 25 pips"),
    ),
    Code(
        "RW321",
        _ERROR,
        "A word about the open position where there is none",
        "Before an entry there is no position whose profit or age could be asked for.",
        strategy(when="profit > 1R"),
        strategy(after="exit long\n  when profit > 1R and rsi(14) > 70"),
    ),
    Code(
        "RW322",
        _ERROR,
        "A word about earlier trades where it has no meaning",
        "The limits of a strategy must not depend on its luck.",
        strategy(before="let calm = bars since exit", after="limits\n  at most calm open positions"),
        strategy(before="let calm = bars since exit", when="close > sma(close, 50) and calm > 5"),
    ),
    Code(
        "RW323",
        _ERROR,
        "R without a stop",
        "R is the amount lost at the stop; without a stop it does not exist.",
        strategy(stop='stop none because "Sized small."', size="size 0.10 lots", target="target 3R"),
        strategy(stop='stop none because "Sized small."', size="size 0.10 lots", target="target 50 pips"),
    ),
    Code(
        "RW324",
        _ERROR,
        "R where no trade is open",
        "R is the risk of a trade that has been entered; the stop itself cannot be measured in it.",
        strategy(stop="stop 1R"),
        strategy(stop="stop 2 * atr(14)"),
    ),
    Code(
        "RW325",
        _ERROR,
        "Looking back at something without a past",
        "Only bars have a history; a position, earlier trades and remembered values are known as they are now.",
        strategy(after="exit long\n  when profit rising for 3 bars"),
        strategy(after="exit long\n  when close rising for 3 bars and profit > 1R"),
    ),
    Code(
        "RW326",
        _ERROR,
        "The position asked for on other bars",
        "The position belongs to the bars the strategy trades on and has no other.",
        strategy(after="exit long\n  when (profit > 1R) on H4"),
        strategy(after="exit long\n  when profit > 1R and (close < open) on H4"),
    ),
)
