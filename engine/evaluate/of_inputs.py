"""Built-ins that work on any series given to them: averages, windows, oscillators of one input."""

from __future__ import annotations

from collections.abc import Mapping
from math import isqrt
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.compiled import load
from engine.evaluate.frame import numbers
from engine.evaluate.pieces import (
    Call,
    Function,
    Parts,
    deviation,
    ema,
    highest,
    lowest,
    mean,
    plus,
    ratio,
    rma,
    shifted,
    weighted_mean,
)

averages: Any = load("engine.kernels.averages")
order: Any = load("engine.kernels.order")
series: Any = load("engine.kernels.series")
windows: Any = load("engine.kernels.windows")

_ONE, _HALF = np.array([1.0]), np.array([0.5])


def _hma(c: Call) -> Parts:
    inner = plus(weighted_mean(c.x, c.n), weighted_mean(c.x, max(1, c.n // 2)), -2.0)
    return {None: weighted_mean(np.negative(inner, out=inner), max(1, isqrt(c.n)))}


def _dema(c: Call) -> Parts:
    once = ema(c.x, c.n)
    return {None: plus(plus(once, once), ema(once, c.n), -1.0)}


def _tema(c: Call) -> Parts:
    once = ema(c.x, c.n)
    twice = ema(once, c.n)
    return {None: plus(ema(twice, c.n), plus(once, twice, -1.0), 3.0)}


def _vwma(c: Call) -> Parts:
    out = numbers(len(c.x))
    windows.weighted_by(c.x, c.frame.price("volume"), c.n, np.empty(c.n), out)
    return {None: out}


def _sum(c: Call) -> Parts:
    out = mean(c.x, c.n)
    series.multiply(out, _ONE, float(c.n), out)
    return {None: out}


def _median(c: Call) -> Parts:
    out = numbers(len(c.x))
    order.median(c.x, c.n, np.empty(c.n), out)
    return {None: out}


def _zscore(c: Call) -> Parts:
    return {None: ratio(plus(c.x, mean(c.x, c.n), -1.0), deviation(c.x, c.n))}


def _percent_rank(c: Call) -> Parts:
    out = numbers(len(c.x))
    order.percent_rank(c.x, c.n, np.empty(c.n), out)
    return {None: out}


def _roc(c: Call) -> Parts:
    out = numbers(len(c.x))
    series.change(c.x, c.n, out)
    return {None: out}


def _linreg_slope(c: Call) -> Parts:
    out = numbers(len(c.x))
    windows.line(c.x, c.n, True, np.empty(c.n), out)
    return {None: out}


def _comovement(as_slope: bool) -> Function:
    def run(c: Call) -> Parts:
        out = numbers(len(c.x))
        windows.comovement(c.inputs[0], c.inputs[1], c.n, as_slope, np.empty(4 * c.n), out)
        return {None: out}

    return run


def _rsi(c: Call) -> Parts:
    out = numbers(len(c.x))
    averages.strength(c.x, c.n, out)
    return {None: out}


def _macd(c: Call) -> Parts:
    fast, slow, smooth = (round(number) for number in c.numbers)
    line = plus(ema(c.x, fast), ema(c.x, slow), -1.0)
    if c.parts == {"line"}:
        return {"line": line}
    signal = ema(line, smooth)
    return {"line": line, "signal": signal, "histogram": plus(line, signal, -1.0)}


def _bollinger(c: Call) -> Parts:
    k = c.numbers[1]
    middle = mean(c.x, c.n)
    if c.parts == {"middle"}:
        return {"middle": middle}
    spread = deviation(c.x, c.n)
    parts: Parts = {"middle": middle}
    for name, factor in (("upper", k), ("lower", -k)):
        if name in c.parts:
            parts[name] = plus(middle, spread, factor)
    if "width" in c.parts:
        parts["width"] = ratio(spread, middle, 2.0 * k)
    if "position" in c.parts:
        parts["position"] = plus(ratio(plus(c.x, middle, -1.0), spread, 0.5 / k), _HALF)
    return parts


OF_INPUTS: Mapping[str, Function] = MappingProxyType(
    {
        "sma": lambda c: {None: mean(c.x, c.n)},
        "ema": lambda c: {None: ema(c.x, c.n)},
        "rma": lambda c: {None: rma(c.x, c.n)},
        "wma": lambda c: {None: weighted_mean(c.x, c.n)},
        "hma": _hma,
        "dema": _dema,
        "tema": _tema,
        "vwma": _vwma,
        "highest": lambda c: {None: highest(c.x, c.n)},
        "lowest": lambda c: {None: lowest(c.x, c.n)},
        "first": lambda c: {None: shifted(c.x, c.n - 1)},
        "last": lambda c: {None: c.x},
        "sum": _sum,
        "mean": lambda c: {None: mean(c.x, c.n)},
        "median": _median,
        "stdev": lambda c: {None: deviation(c.x, c.n)},
        "zscore": _zscore,
        "percent_rank": _percent_rank,
        "roc": _roc,
        "linreg_slope": _linreg_slope,
        "correlation": _comovement(False),
        "beta": _comovement(True),
        "rsi": _rsi,
        "macd": _macd,
        "bollinger": _bollinger,
    }
)
