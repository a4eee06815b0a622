"""Codes RW5xx: clocks, timeframes, other bars and examples."""

from __future__ import annotations

from dsl.codes.samples import EXAMPLE, strategy
from dsl.diagnostics import Code, Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

_TIME = "close > sma(close, 50) and time between 08:00 and 11:00"

TIMES = (
    Code(
        "RW501",
        _ERROR,
        "Time without a zone",
        "08:00 in London and 08:00 at the broker are hours apart, and the difference changes twice a year.",
        strategy(when=_TIME),
        strategy(when=f"{_TIME} London"),
    ),
    Code(
        "RW502",
        _ERROR,
        "Unknown time zone",
        "Without a known zone nobody can say when the rule acts.",
        strategy(when=f"{_TIME} Europe/Londn"),
        strategy(when=f"{_TIME} Europe/London"),
    ),
    Code(
        "RW504",
        _ERROR,
        "Window without length",
        "A window that ends where it starts is either empty or a whole day; it does not say which.",
        strategy(when="close > highest(high, 07:00 to 07:00 London)"),
        strategy(when="close > highest(high, 00:00 to 07:00 London)"),
    ),
    Code(
        "RW505",
        _WARNING,
        "Steps of the base bar on a longer timeframe",
        "One step back on an H1 chart is mostly still the same H4 bar.",
        strategy(before="let slow = ema(close, 20) on H4", when="slow > slow[1]"),
        strategy(
            before="let slow = ema(close, 20) on H4\nlet before = (ema(close, 20)[1]) on H4", when="slow > before"
        ),
    ),
    Code(
        "RW506",
        _ERROR,
        "A look into the future",
        "A backtest that knows the future earns money nobody can earn.",
        strategy(when="close[-1] > close"),
        strategy(when="close > close[1]"),
    ),
    Code(
        "RW508",
        _ERROR,
        "Timeframe that does not fit",
        "A bar is decided on at its close; shorter bars inside it, or bars that it cuts, cannot be read then.",
        strategy(when="close > (sma(close, 50) on M15)"),
        strategy(when="close > (sma(close, 50) on H4)"),
    ),
    Code(
        "RW509",
        _ERROR,
        "Clock exit outside trading hours",
        "The position would be held over the close that it was meant to avoid.",
        strategy(after="manage\n  leave at 18:00 New_York on Friday"),
        strategy(after="manage\n  leave at 16:00 New_York on Friday"),
    ),
    Code(
        "RW510",
        _ERROR,
        "Clock window shorter than a bar",
        "A window without a whole bar in it has no value, and the rule would silently never act.",
        strategy(trade="trade EURUSD on H4", when="close > highest(high, 07:00 to 08:00 London)"),
        strategy(trade="trade EURUSD on M15", when="close > highest(high, 07:00 to 08:00 London)"),
    ),
    Code(
        "RW512",
        _ERROR,
        "Nothing to rank",
        "A rank compares the traded symbols with each other.",
        strategy(when="rank(roc(close, 20)) = 1"),
        strategy(trade="trade EURUSD, GBPUSD on H1", when="rank(roc(close, 20)) = 1"),
    ),
    Code(
        "RW551",
        _ERROR,
        "Example on bars the strategy does not read",
        "An example proves nothing about bars that are not traded.",
        strategy(after=EXAMPLE.format("on GBPUSD at 2017-03-15 10:00 UTC")),
        strategy(after=EXAMPLE.format("on EURUSD at 2017-03-15 10:00 UTC")),
    ),
    Code(
        "RW553",
        _ERROR,
        "Example without prices",
        "An example is checked against prices; it must say where they are.",
        strategy(after=EXAMPLE.format("at 2017-03-15 10:00 UTC").replace("samples/eurusd_h1.csv", "")),
        strategy(after=EXAMPLE.format("at 2017-03-15 10:00 UTC")),
    ),
    Code(
        "RW554",
        _ERROR,
        "Example of a rule that does not exist",
        "The example would fail for ever, or prove another rule than it says.",
        strategy(enter="enter long called trend", after=EXAMPLE.format("called trnd at 2017-03-15 10:00 UTC")),
        strategy(enter="enter long called trend", after=EXAMPLE.format("called trend at 2017-03-15 10:00 UTC")),
    ),
)
