"""The one table of built-in functions: checker, docs, editor and evaluator read it.

A call gives the series inputs first, then the numbers: `ema(close, 50)`. Inputs that have a default
may be left out: `rsi(14)` reads the close. Warm-up is stated in bars of the input series.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil, log
from types import MappingProxyType

Bars = Callable[..., int]
"""From the numbers of a call to a count of bars."""


@dataclass(frozen=True, slots=True)
class Input:
    """A series argument. `kinds` it accepts; `default` is the price read when it is left out."""

    name: str
    kinds: tuple[str, ...] = ("price", "distance", "ratio", "percent", "money")
    default: str | None = None


@dataclass(frozen=True, slots=True)
class NumberArg:
    """A number argument: a literal or a param. A window is a whole number of bars."""

    name: str
    low: float
    high: float
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Builtin:
    """One row of the table.

    `output`: a kind, `same` (as the first input) or `spread_of` (a price input gives a distance,
    else the same kind). `parts`: name of the part → its output; then a bare call is an error unless
    `output` is given too. `bounds`: the value never leaves them (None = unbounded on that side).
    `first_valid`: bars needed for the first known value. `settled`: bars after which the seed's
    influence is below 1e-9 (equal to `first_valid` where there is no seed). `unbounded`: the value
    depends on where history starts. `windows`: may take a clock window instead of its last number.
    `daily`: counts from the start of the trading day, so that a whole day is needed.
    """

    name: str
    group: str
    doc: str
    convention: str
    source: str
    output: str | None
    inputs: tuple[Input, ...] = ()
    numbers: tuple[NumberArg, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    """Bar fields read besides the inputs."""
    bounds: tuple[float | None, float | None] = (None, None)
    first_valid: Bars = lambda *_: 1
    settled: Bars | None = None
    unbounded: bool = False
    windows: bool = False
    daily: bool = False
    version: int = 1

    def warm_up(self, *numbers: float) -> tuple[int, int]:
        """`(first_valid, settled)` in bars for these numbers."""
        whole = [int(n) if float(n).is_integer() else n for n in numbers]
        first = self.first_valid(*whole)
        return first, max(first, self.settled(*whole)) if self.settled else first


MAX_WINDOW = 5_000
"""The longest window in bars; also the cap of `bars since` and `value of … when`."""


def _decay(alpha: float) -> int:
    """Bars until (1 - alpha)^k falls under 1e-9."""
    return 0 if alpha >= 1 else ceil(log(1e-9) / log(1 - alpha))


def _ema(n: float) -> int:
    return int(n) + _decay(2 / (n + 1))


def _rma(n: float) -> int:
    return int(n) + _decay(1 / n)


_X = Input("x", default="close")
_ANY = Input("x")
_N = NumberArg("n", 1, MAX_WINDOW)
_N2 = NumberArg("n", 2, MAX_WINDOW)
_K = NumberArg("k", 0.01, 100, whole=False)
_HLC = ("high", "low", "close")
_LIMITED = "Unknown while any value in the window is unknown."
_RECURSIVE = "Seed: the simple mean of the first n known values. A gap in the input starts it anew."
_TA = "Murphy, Technical Analysis of the Financial Markets (1999)"
_WILDER = "Wilder, New Concepts in Technical Trading Systems (1978)"


def _average(name: str, doc: str, convention: str, source: str, first: Bars, settled: Bars | None = None) -> Builtin:
    return Builtin(
        name, "averages", doc, convention, source, "same", (_ANY,), (_N,), first_valid=first, settled=settled
    )


def _shape(name: str, doc: str, bars: int) -> Builtin:
    return Builtin(
        name,
        "candle shapes",
        doc,
        "Comparisons of the bars' prices, stated in the line above, with the tie rule of the language; no averages.",
        "Nison, Japanese Candlestick Charting Techniques (1991)",
        "truth",
        reads=("open", "high", "low", "close"),
        first_valid=lambda *_: bars,
    )


_ROWS = (
    # averages
    _average("sma", "Simple moving average of x over n bars.", _LIMITED, _TA, lambda n: n),
    _average("ema", "Exponential moving average, alpha = 2 / (n + 1).", _RECURSIVE, _TA, lambda n: n, _ema),
    _average("rma", "Wilder's average, alpha = 1 / n.", _RECURSIVE, _WILDER, lambda n: n, _rma),
    _average("wma", "Weighted moving average, weights 1 … n, newest heaviest.", _LIMITED, _TA, lambda n: n),
    _average(
        "hma",
        "Hull moving average: wma(2·wma(x, n/2) − wma(x, n), √n).",
        "n/2 and √n rounded down, at least 1. " + _LIMITED,
        "Hull, Hull Moving Average (2005)",
        lambda n: n + max(1, int(n**0.5)) - 1,
    ),
    _average(
        "dema",
        "Double exponential average: 2·e1 − e2, e2 the ema of e1.",
        _RECURSIVE,
        "Mulloy, Stocks & Commodities (1994)",
        lambda n: 2 * n - 1,
        lambda n: 2 * _ema(n),
    ),
    _average(
        "tema",
        "Triple exponential average: 3·e1 − 3·e2 + e3.",
        _RECURSIVE,
        "Mulloy, Stocks & Commodities (1994)",
        lambda n: 3 * n - 2,
        lambda n: 3 * _ema(n),
    ),
    Builtin(
        "vwma",
        "averages",
        "Volume-weighted moving average: sum(x·volume) / sum(volume) over n bars.",
        "Unknown when the volume of the window is 0. " + _LIMITED,
        _TA,
        "same",
        (_ANY,),
        (_N,),
        reads=("volume",),
        first_valid=lambda n: n,
    ),
    # windows
    Builtin(
        "highest",
        "windows",
        "Largest x of the last n bars, or of a clock window.",
        _LIMITED,
        _TA,
        "same",
        (_ANY,),
        (_N,),
        first_valid=lambda n=1: n,
        windows=True,
    ),
    Builtin(
        "lowest",
        "windows",
        "Smallest x of the last n bars, or of a clock window.",
        _LIMITED,
        _TA,
        "same",
        (_ANY,),
        (_N,),
        first_valid=lambda n=1: n,
        windows=True,
    ),
    Builtin(
        "first",
        "windows",
        "x on the first bar of the last n, or of a clock window.",
        "Over n bars it is x[n − 1].",
        "definition",
        "same",
        (_ANY,),
        (_N,),
        first_valid=lambda n=1: n,
        windows=True,
    ),
    Builtin(
        "last",
        "windows",
        "x on the last bar of a clock window; over n bars it is x itself.",
        "Mostly used with a clock window.",
        "definition",
        "same",
        (_ANY,),
        (_N,),
        first_valid=lambda *_: 1,
        windows=True,
    ),
    Builtin(
        "sum",
        "windows",
        "Sum of x over n bars; not of prices.",
        _LIMITED,
        "definition",
        "same",
        (Input("x", ("distance", "ratio", "percent", "money")),),
        (_N,),
        first_valid=lambda n: n,
    ),
    Builtin(
        "mean",
        "windows",
        "Mean of x over n bars, the same as sma.",
        _LIMITED,
        "definition",
        "same",
        (_ANY,),
        (_N,),
        first_valid=lambda n: n,
    ),
    Builtin(
        "median",
        "windows",
        "Median of x over n bars; the mean of the middle two when n is even.",
        _LIMITED,
        "definition",
        "same",
        (_ANY,),
        (_N,),
        first_valid=lambda n: n,
    ),
    Builtin(
        "stdev",
        "windows",
        "Standard deviation of x over n bars.",
        "Population form (divides by n). " + _LIMITED,
        "definition",
        "spread_of",
        (_ANY,),
        (_N2,),
        bounds=(0, None),
        first_valid=lambda n: n,
    ),
    Builtin(
        "zscore",
        "windows",
        "(x − mean) / stdev over n bars.",
        "Population deviation; unknown when it is 0. " + _LIMITED,
        "definition",
        "ratio",
        (_ANY,),
        (_N2,),
        first_valid=lambda n: n,
    ),
    Builtin(
        "percent_rank",
        "windows",
        "Share of the n bars before this one whose x is below this x, in per cent.",
        "Strictly below; values equal within the tie rule do not count. " + _LIMITED,
        "definition",
        "percent",
        (_ANY,),
        (_N,),
        bounds=(0, 100),
        first_valid=lambda n: n + 1,
    ),
    Builtin(
        "roc",
        "windows",
        "Rate of change: 100 · (x / x[n] − 1), in per cent.",
        "Unknown when x[n] is 0.",
        _TA,
        "percent",
        (_X,),
        (_N,),
        first_valid=lambda n: n + 1,
    ),
    Builtin(
        "linreg_slope",
        "windows",
        "Slope of the least-squares line through the last n values, per bar.",
        _LIMITED,
        "definition",
        "spread_of",
        (_ANY,),
        (_N2,),
        first_valid=lambda n: n,
    ),
    Builtin(
        "correlation",
        "windows",
        "Pearson correlation of a and b over n bars.",
        "Unknown when either does not move. " + _LIMITED,
        "definition",
        "ratio",
        (Input("a"), Input("b")),
        (NumberArg("n", 3, MAX_WINDOW),),
        bounds=(-1, 1),
        first_valid=lambda n: n,
    ),
    Builtin(
        "beta",
        "windows",
        "Least-squares slope of a on b over n bars: covariance / variance of b.",
        "Unknown when b does not move. " + _LIMITED,
        "definition",
        "ratio",
        (Input("a"), Input("b")),
        (NumberArg("n", 3, MAX_WINDOW),),
        first_valid=lambda n: n,
    ),
    # oscillators
    Builtin(
        "rsi",
        "oscillators",
        "Relative strength index.",
        "Wilder: averages of gains and losses are rma(n), the first change is at bar 1, so the first value is at "
        "bar n. 100 without losses, 50 without any change.",
        _WILDER,
        "ratio",
        (_X,),
        (_N,),
        bounds=(0, 100),
        first_valid=lambda n: n + 1,
        settled=lambda n: _rma(n) + 1,
    ),
    Builtin(
        "stoch",
        "oscillators",
        "Stochastic of k bars, %K smoothed over `smooth`, %D the mean of %K over d.",
        "Simple means. Unknown when the range of the window is 0.",
        "Lane, Stocks & Commodities (1984)",
        None,
        (),
        (NumberArg("k", 1, MAX_WINDOW), NumberArg("smooth", 1, MAX_WINDOW), NumberArg("d", 1, MAX_WINDOW)),
        {"k": "ratio", "d": "ratio"},
        _HLC,
        (0, 100),
        lambda k, smooth, d: k + smooth + d - 2,
    ),
    Builtin(
        "macd",
        "oscillators",
        "ema(fast) − ema(slow), its ema as signal, and their difference.",
        "The slow average's first bar starts the line; both averages are seeded by their own first values. "
        + _RECURSIVE,
        "Appel, The Moving Average Convergence Divergence Trading Method (1979)",
        None,
        (_X,),
        (NumberArg("fast", 1, MAX_WINDOW), NumberArg("slow", 2, MAX_WINDOW), NumberArg("signal", 1, MAX_WINDOW)),
        {"line": "spread_of", "signal": "spread_of", "histogram": "spread_of"},
        first_valid=lambda fast, slow, signal: max(fast, slow) + signal - 1,
        settled=lambda fast, slow, signal: _ema(max(fast, slow)) + _ema(signal),
    ),
    Builtin(
        "cci",
        "oscillators",
        "Commodity channel index of hlc3 over n bars.",
        "(hlc3 − mean) / (0.015 · mean absolute deviation); unknown when that is 0.",
        "Lambert, Commodities (1980)",
        "ratio",
        (),
        (_N2,),
        reads=_HLC,
        first_valid=lambda n: n,
    ),
    Builtin(
        "mfi",
        "oscillators",
        "Money flow index over n bars.",
        "Flow is hlc3 · volume, signed by the change of hlc3 (tie rule). 100 without negative flow, 50 without any.",
        "Quong and Soudack, Stocks & Commodities (1989)",
        "ratio",
        (),
        (_N,),
        reads=(*_HLC, "volume"),
        bounds=(0, 100),
        first_valid=lambda n: n + 1,
    ),
    Builtin(
        "obv",
        "oscillators",
        "On-balance volume: volume added on rising closes, taken off on falling ones.",
        "Starts from 0 at the first bar of history, and again after a bar without a known volume.",
        "Granville (1963)",
        "ratio",
        reads=("close", "volume"),
        unbounded=True,
    ),
    # range and trend
    Builtin(
        "true_range",
        "range and trend",
        "max(high − low, |high − close[1]|, |low − close[1]|).",
        "The first bar's is high − low.",
        _WILDER,
        "distance",
        reads=_HLC,
        bounds=(0, None),
    ),
    Builtin(
        "atr",
        "range and trend",
        "Average true range: rma of the true range.",
        "The first true range is high − low; seed: the simple mean of the first n.",
        _WILDER,
        "distance",
        (),
        (_N,),
        reads=_HLC,
        bounds=(0, None),
        first_valid=lambda n: n,
        settled=_rma,
    ),
    Builtin(
        "adx",
        "range and trend",
        "Average directional index, the strength of a trend.",
        "Wilder: the directional movements and true range from bar 1 are smoothed as rma seeded by the mean of "
        "the first n; dx is smoothed the same way. When a bar moves as far up as down (tie rule) neither counts.",
        _WILDER,
        "ratio",
        (),
        (_N2,),
        reads=_HLC,
        bounds=(0, 100),
        first_valid=lambda n: 2 * n,
        settled=lambda n: 2 * _rma(n),
    ),
    Builtin(
        "dmi",
        "range and trend",
        "Directional indicators +DI and −DI.",
        "As adx.",
        _WILDER,
        None,
        (),
        (_N2,),
        {"plus": "ratio", "minus": "ratio"},
        _HLC,
        (0, 100),
        lambda n: n + 1,
        lambda n: _rma(n) + 1,
    ),
    Builtin(
        "bollinger",
        "range and trend",
        "Mean of x over n bars and k deviations above and below it.",
        "Population deviation. width is (upper − lower) / middle, position is (x − lower) / (upper − lower).",
        "Bollinger, Bollinger on Bollinger Bands (2001)",
        None,
        (_X,),
        (_N2, _K),
        {"upper": "same", "middle": "same", "lower": "same", "width": "ratio", "position": "ratio"},
        first_valid=lambda n, k: n,
    ),
    Builtin(
        "keltner",
        "range and trend",
        "ema(close, n) and k times atr(m) above and below it.",
        "Seeds as ema and atr.",
        "Keltner (1960); Raschke's form with atr",
        None,
        (),
        (_N, NumberArg("m", 1, MAX_WINDOW), _K),
        {"upper": "price", "middle": "price", "lower": "price"},
        _HLC,
        first_valid=lambda n, m, k: max(n, m),
        settled=lambda n, m, k: max(_ema(n), _rma(m)),
    ),
    Builtin(
        "donchian",
        "range and trend",
        "Highest high and lowest low of n bars and the middle between them.",
        "This bar included: write donchian(20).upper[1] for the channel before it.",
        "Donchian (1960)",
        None,
        (),
        (_N,),
        {"upper": "price", "middle": "price", "lower": "price"},
        ("high", "low"),
        first_valid=lambda n: n,
    ),
    Builtin(
        "supertrend",
        "range and trend",
        "Trailing band of k times atr(n) around hl2, and its direction.",
        "A band only tightens, until the close before was beyond it: then it is set anew. The direction turns when "
        "the close passes the opposite band of its own bar. It starts falling at the first bar with an atr.",
        "Seban, supertrend (2009)",
        None,
        (),
        (_N, _K),
        {"line": "price", "rising": "truth"},
        _HLC,
        first_valid=lambda n, k: n,
        unbounded=True,
    ),
    Builtin(
        "parabolic_sar",
        "range and trend",
        "Wilder's stop and reverse.",
        "Begins at the second bar: falling if it moved further down than up, with the first bar's extreme as stop.",
        _WILDER,
        "price",
        (),
        (NumberArg("step", 0.001, 1, whole=False), NumberArg("max", 0.001, 1, whole=False)),
        reads=("high", "low"),
        first_valid=lambda step, maximum: 2,
        unbounded=True,
    ),
    Builtin(
        "ichimoku",
        "range and trend",
        "Conversion and base line, and the spans that were projected to this bar.",
        "Spans are those computed `base` bars ago; the lagging line looks ahead and does not exist here.",
        "Hosoda (1969)",
        None,
        (),
        (NumberArg("conversion", 1, MAX_WINDOW), NumberArg("base", 1, MAX_WINDOW), NumberArg("span", 1, MAX_WINDOW)),
        {"conversion": "price", "base": "price", "span_a": "price", "span_b": "price"},
        ("high", "low"),
        first_valid=lambda conversion, base, span: max(conversion, base, span) + base,
    ),
    # levels and shapes
    Builtin(
        "vwap",
        "prices",
        "Volume-weighted mean of hlc3 since the start of the trading day.",
        "Starts anew at the instrument's day boundary. Unknown while the day's volume is 0, after a bar of the day "
        "without a known volume, and on a first day whose beginning the history does not reach.",
        "definition",
        "price",
        reads=(*_HLC, "volume"),
        daily=True,
    ),
    Builtin(
        "pivot_high",
        "levels",
        "The last high above the `left` highs before it and the `right` highs after it.",
        "Known only `right` bars after the high itself; keeps its value until the next one; ties do not count.",
        "definition",
        "price",
        (),
        (NumberArg("left", 1, 500), NumberArg("right", 1, 500)),
        reads=("high",),
        first_valid=lambda left, right: left + right + 1,
        unbounded=True,
    ),
    Builtin(
        "pivot_low",
        "levels",
        "The last low below the `left` lows before it and the `right` lows after it.",
        "As pivot_high.",
        "definition",
        "price",
        (),
        (NumberArg("left", 1, 500), NumberArg("right", 1, 500)),
        reads=("low",),
        first_valid=lambda left, right: left + right + 1,
        unbounded=True,
    ),
    Builtin(
        "heikin_ashi",
        "levels",
        "Averaged candles: close = ohlc4, open = mean of the candle before.",
        "The first open is the mean of open and close.",
        "Valcu, Stocks & Commodities (2004)",
        None,
        (),
        (),
        {"open": "price", "high": "price", "low": "price", "close": "price"},
        ("open", "high", "low", "close"),
        first_valid=lambda: 1,
        settled=lambda: 1 + _decay(0.5),
    ),
    _shape("bullish_engulfing", "A falling candle, then a rising one whose body covers it.", 2),
    _shape("bearish_engulfing", "A rising candle, then a falling one whose body covers it.", 2),
    _shape("inside_bar", "The range lies strictly within that of the bar before.", 2),
    _shape("outside_bar", "The range goes beyond that of the bar before on both sides.", 2),
    _shape("doji", "The body is at most a tenth of the range, and there is a range.", 1),
    _shape("hammer", "Lower shadow at least twice the body, upper shadow at most the body, and there is a body.", 1),
    _shape(
        "shooting_star", "Upper shadow at least twice the body, lower shadow at most the body, and there is a body.", 1
    ),
)

BUILTINS: Mapping[str, Builtin] = MappingProxyType({row.name: row for row in _ROWS})

PRICE_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "open": "price",
        "high": "price",
        "low": "price",
        "close": "price",
        "hl2": "price",
        "hlc3": "price",
        "ohlc4": "price",
        "volume": "ratio",
        "spread": "distance",
    }
)
"""Names that read the bar itself, and their kinds. `volume` is the feed's tick or share count."""
