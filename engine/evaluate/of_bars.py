"""Built-ins that read the prices and volumes of the bars themselves."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from data.sessions import day_start
from engine.columns import Floats
from engine.compiled import load
from engine.evaluate.frame import numbers, truths
from engine.evaluate.pieces import (
    Call,
    Function,
    Parts,
    average_range,
    ema,
    highest,
    lowest,
    mean,
    plus,
    ratio,
    rma,
    shifted,
)

averages: Any = load("engine.kernels.averages")
compares: Any = load("engine.kernels.compare")
series: Any = load("engine.kernels.series")
trend: Any = load("engine.kernels.trend")
windows: Any = load("engine.kernels.windows")


def _stoch(c: Call) -> Parts:
    length, smooth, d = (round(number) for number in c.numbers)
    high, low, close = c.prices("high", "low", "close")
    bottom = lowest(low, length)
    raw = ratio(plus(close, bottom, -1.0), plus(highest(high, length), bottom, -1.0), 100.0)
    k = mean(raw, smooth)
    return {"k": k, "d": mean(k, d)} if "d" in c.parts else {"k": k}


def _cci(c: Call) -> Parts:
    (x,) = c.prices("hlc3")
    middle, distance = mean(x, c.n), numbers(len(x))
    windows.mean_distance(x, c.n, middle, distance)
    return {None: ratio(plus(x, middle, -1.0), distance, 1 / 0.015)}


def _signed_volume(x: Floats, volume: Floats) -> Floats:
    """Volume with the sign of the change of x."""
    out = numbers(len(x))
    compares.direction(x, out)
    series.multiply(out, volume, 1.0, out)
    return out


def _mfi(c: Call) -> Parts:
    price, volume = c.prices("hlc3", "volume")
    flow = _signed_volume(price, volume)
    series.multiply(flow, price, 1.0, flow)
    out = numbers(len(flow))
    windows.balance(flow, c.n, np.empty(c.n), out)
    return {None: out}


def _obv(c: Call) -> Parts:
    close, volume = c.prices("close", "volume")
    flow = _signed_volume(close, volume)
    flow[:1] = volume[:1]
    out = numbers(len(flow))
    trend.running_total(flow, out)
    return {None: out}


def _true_range(c: Call) -> Parts:
    out = numbers(len(c.frame))
    averages.true_range(*c.prices("high", "low", "close"), out)
    return {None: out}


def _directional(c: Call) -> tuple[Floats, Floats, Floats]:
    up, down, index = (numbers(len(c.frame)) for _ in range(3))
    averages.directional(*c.prices("high", "low", "close"), c.n, up, down, index)
    return up, down, index


def _dmi(c: Call) -> Parts:
    up, down, _ = _directional(c)
    return {"plus": up, "minus": down}


def _keltner(c: Call) -> Parts:
    n, m = round(c.numbers[0]), round(c.numbers[1])
    middle = ema(c.frame.price("close"), n)
    if c.parts == {"middle"}:
        return {"middle": middle}
    reach = average_range(c.frame, m)
    return {
        "middle": middle,
        "upper": plus(middle, reach, c.numbers[2]),
        "lower": plus(middle, reach, -c.numbers[2]),
    }


def _donchian(c: Call) -> Parts:
    high, low = c.prices("high", "low")
    parts: Parts = {}
    if c.parts != {"lower"}:
        parts["upper"] = highest(high, c.n)
    if c.parts != {"upper"}:
        parts["lower"] = lowest(low, c.n)
    if "middle" in c.parts:
        parts["middle"] = _middle(parts["upper"], parts["lower"])
    return parts


def _middle(a: Any, b: Any) -> Floats:
    out: Floats = (a + b) * 0.5
    return out


def _supertrend(c: Call) -> Parts:
    line, rising = numbers(len(c.frame)), truths(len(c.frame))
    trend.supertrend(*c.prices("high", "low", "close"), average_range(c.frame, c.n), c.numbers[1], line, rising)
    return {"line": line, "rising": rising}


def _parabolic_sar(c: Call) -> Parts:
    out = numbers(len(c.frame))
    trend.parabolic(*c.prices("high", "low"), c.numbers[0], c.numbers[1], out)
    return {None: out}


def _ichimoku(c: Call) -> Parts:
    conversion, base, span = (round(number) for number in c.numbers)
    high, low = c.prices("high", "low")

    def middle(n: int) -> Floats:
        return _middle(highest(high, n), lowest(low, n))

    parts: Parts = {}
    if c.parts & {"conversion", "span_a"}:
        parts["conversion"] = middle(conversion)
    if c.parts & {"base", "span_a"}:
        parts["base"] = middle(base)
    if "span_a" in c.parts:
        parts["span_a"] = shifted(_middle(parts["conversion"], parts["base"]), base)
    if "span_b" in c.parts:
        parts["span_b"] = shifted(middle(span), base)
    return parts


def _vwap(c: Call) -> Parts:
    out = numbers(len(c.frame))
    days = c.frame.trading_days()
    trend.average_since(*c.prices("hlc3", "volume"), days, out)
    if c.frame.begun_before(int(day_start(days[:1], c.frame.instrument)[0])):
        out[: np.searchsorted(days, days[0], side="right")] = np.nan
    return {None: out}


def _pivot(name: str, sign: float) -> Function:
    def run(c: Call) -> Parts:
        out = numbers(len(c.frame))
        compares.pivots(c.frame.price(name), c.n, round(c.numbers[1]), sign, out)
        return {None: out}

    return run


def _heikin_ashi(c: Call) -> Parts:
    names = ("open", "high", "low", "close")
    candles = [numbers(len(c.frame)) for _ in names]
    trend.heikin_ashi(*c.prices(*names), *candles)
    return dict(zip(names, candles, strict=True))


def _engulfing(sign: float) -> Function:
    def run(c: Call) -> Parts:
        out = truths(len(c.frame))
        compares.engulfing(*c.prices("open", "close"), sign, out)
        return {None: out}

    return run


def _nested(outer_ago: int, inner_ago: int) -> Function:
    def run(c: Call) -> Parts:
        out = truths(len(c.frame))
        high, low = c.prices("high", "low")
        compares.nested(high, low, high, low, outer_ago, inner_ago, out)
        return {None: out}

    return run


def _doji(c: Call) -> Parts:
    out = truths(len(c.frame))
    compares.doji(*c.prices("open", "high", "low", "close"), out)
    return {None: out}


def _pin(sign: float) -> Function:
    def run(c: Call) -> Parts:
        out = truths(len(c.frame))
        compares.pin(*c.prices("open", "high", "low", "close"), sign, out)
        return {None: out}

    return run


OF_BARS: Mapping[str, Function] = MappingProxyType(
    {
        "stoch": _stoch,
        "cci": _cci,
        "mfi": _mfi,
        "obv": _obv,
        "true_range": _true_range,
        "atr": lambda c: {None: average_range(c.frame, c.n)},
        "adx": lambda c: {None: rma(_directional(c)[2], c.n)},
        "dmi": _dmi,
        "keltner": _keltner,
        "donchian": _donchian,
        "supertrend": _supertrend,
        "parabolic_sar": _parabolic_sar,
        "ichimoku": _ichimoku,
        "vwap": _vwap,
        "pivot_high": _pivot("high", 1.0),
        "pivot_low": _pivot("low", -1.0),
        "heikin_ashi": _heikin_ashi,
        "bullish_engulfing": _engulfing(1.0),
        "bearish_engulfing": _engulfing(-1.0),
        "inside_bar": _nested(1, 0),
        "outside_bar": _nested(0, 1),
        "doji": _doji,
        "hammer": _pin(1.0),
        "shooting_star": _pin(-1.0),
    }
)
