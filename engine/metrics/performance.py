"""Figures of one equity curve: growth, risk, and growth against risk.

All percentages are in per cent (5.0 is 5 %). Returns are simple daily returns as fractions. A
figure that cannot be stated is None, never NaN or infinite.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from data.timeframes import DAY
from engine.metrics.days import YEAR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHORTEST_CAGR = 90 * DAY
"""A shorter run is not extrapolated to a year."""


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The deepest fall of equity from an earlier high, at bar closes, the starting cash included.

    Times are UTC nanoseconds, None when there was no fall. `bars` and `days` run from the high to
    the recovery, or to the end of the run when it did not recover (`recovered` is None).
    """

    depth_percent: float
    start: int | None = None
    bottom: int | None = None
    recovered: int | None = None
    bars: int = 0
    days: float = 0.0
    recovery_days: float | None = None
    """From the lowest point to the recovery."""
    longest_days: float = 0.0
    """The longest time below an earlier high, of this or any other fall."""


@dataclass(frozen=True, slots=True)
class Performance:
    """Figures of one curve; see the functions of this module for the formulas."""

    final: float
    return_percent: float
    cagr_percent: float | None
    volatility_percent: float | None
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    drawdown: Drawdown


def finite(value: float) -> float | None:
    """The value, or None when it is NaN or infinite."""
    return float(value) if isfinite(value) else None


def returns_of(levels: Floats, start: float) -> Floats:
    """Simple returns `E[i] / E[i-1] - 1`, the first against `start`.

    Empty when an earlier level is not positive: a return on nothing has no meaning.
    """
    before = np.concatenate(([start], levels[:-1])) if len(levels) else levels
    if np.any(before <= 0):
        return np.empty(0)
    return np.asarray(levels / before - 1.0)


def cagr(growth: float, years: float) -> float | None:
    """Compound annual growth rate in per cent: `growth ** (1 / years) - 1`.

    `growth` is final / initial. -100 when nothing is left. Source: the definition; CFA Institute,
    Global Investment Performance Standards, on annualised returns.
    """
    if years <= 0:
        return None
    if growth <= 0:
        return -100.0
    exponent = np.log(growth) / years
    return None if exponent > 50 else finite(100 * float(np.expm1(exponent)))


def _flat(returns: Floats) -> bool:
    """True when the returns differ by no more than rounding."""
    return float(np.ptp(returns)) <= 1e-12 * max(1.0, float(np.abs(returns).max()))


def volatility(returns: Floats, per_year: int) -> float | None:
    """Annual volatility in per cent: sample standard deviation (n - 1) times `sqrt(per_year)`.

    None for fewer than two returns. Source: Hull, Options, Futures and Other Derivatives, chapter
    on estimating volatility from historical data.
    """
    if len(returns) < 2:
        return None
    return 100 * float(np.std(returns, ddof=1)) * sqrt(per_year)


def sharpe(returns: Floats, per_year: int) -> float | None:
    """Sharpe ratio with a riskless rate of 0: `mean / sample deviation * sqrt(per_year)`.

    None for fewer than two returns or when they do not vary. Source: Sharpe, The Sharpe Ratio,
    Journal of Portfolio Management (1994).
    """
    if len(returns) < 2 or _flat(returns):
        return None
    return finite(float(np.mean(returns)) / float(np.std(returns, ddof=1)) * sqrt(per_year))


def sortino(returns: Floats, per_year: int) -> float | None:
    """Sortino ratio with a target of 0: `mean / downside deviation * sqrt(per_year)`.

    The downside deviation is `sqrt(mean(min(r, 0) ** 2))` over all returns. None for fewer than two
    returns or when none is negative. Source: Sortino and Price, Performance Measurement in a
    Downside Risk Framework, Journal of Investing (1994).
    """
    if len(returns) < 2:
        return None
    below = float(np.sqrt(np.mean(np.square(np.minimum(returns, 0.0)))))
    if below <= 1e-12:
        return None
    return finite(float(np.mean(returns)) / below * sqrt(per_year))


def calmar(cagr_percent: float | None, drawdown: Drawdown) -> float | None:
    """Calmar ratio: CAGR divided by the maximum drawdown; None without either.

    Over the whole run, where Young's original looks at 36 months. Source: Young, Calmar Ratio: A
    Smoother Tool, Futures (1991).
    """
    if cagr_percent is None or drawdown.depth_percent <= 0:
        return None
    return finite(cagr_percent / drawdown.depth_percent)


def drawdown_curve(equity: Floats, start: float) -> tuple[Floats, Floats]:
    """Fall from the highest level so far as a fraction (0 … -1), and that highest level."""
    high = np.maximum.accumulate(np.maximum(equity, start) if len(equity) else equity)
    return equity / high - 1.0, high


def max_drawdown(time: Ints, equity: Floats, start: float, start_time: int) -> Drawdown:
    """The deepest fall from a high: `min(equity / running maximum - 1)`, positive in per cent.

    Measured at bar closes with floating results; moves inside a bar are not seen. Source: Magdon-
    Ismail and Atiya, Maximum Drawdown, Risk (2004).
    """
    if len(equity) == 0:
        return Drawdown(0.0)
    fall, high = drawdown_curve(equity, start)
    bottom = int(np.argmin(fall))
    if fall[bottom] >= 0:
        return Drawdown(0.0)
    peak = high[bottom]
    at_peak = np.flatnonzero(equity[:bottom] >= peak)
    first = int(at_peak[-1]) if len(at_peak) else -1
    back = equity[bottom:] >= peak
    recovered = bottom + int(np.argmax(back)) if back.any() else None
    until = recovered if recovered is not None else len(equity) - 1
    begun = int(time[first]) if first >= 0 else start_time
    return Drawdown(
        depth_percent=-100 * float(fall[bottom]),
        start=begun,
        bottom=int(time[bottom]),
        recovered=None if recovered is None else int(time[recovered]),
        bars=until - first,
        days=(int(time[until]) - begun) / DAY,
        recovery_days=None if recovered is None else (int(time[recovered]) - int(time[bottom])) / DAY,
        longest_days=_longest_below(time, equity >= high, start_time) / DAY,
    )


def _longest_below(time: Ints, at_high: NDArray[np.bool_], start_time: int) -> int:
    """Longest time from a high to the next one that is not the very next bar, or to the end."""
    highs = np.concatenate(([-1], np.flatnonzero(at_high), [len(time) - 1]))
    spans = np.diff(np.concatenate(([start_time], time))[highs + 1])
    below = np.diff(highs) > 1
    below[-1] = not at_high[-1]
    return int(spans[below].max(initial=0))


def performance(time: Ints, equity: Floats, daily: Ints, start: float, start_time: int, per_year: int) -> Performance:
    """All figures of one curve.

    `time`, `equity`: bar closes; `daily`: index of the last bar of each trading day; `start`: cash
    at `start_time`; `per_year`: daily returns in a year.
    """
    if len(equity) == 0:
        return Performance(start, 0.0, None, None, None, None, None, Drawdown(0.0))
    final = float(equity[-1])
    span = int(time[-1]) - start_time
    growth = cagr(final / start, span / YEAR) if span >= SHORTEST_CAGR else None
    returns = returns_of(equity[daily], start)
    fall = max_drawdown(time, equity, start, start_time)
    return Performance(
        final=final,
        return_percent=100 * (final / start - 1),
        cagr_percent=growth,
        volatility_percent=volatility(returns, per_year),
        sharpe=sharpe(returns, per_year),
        sortino=sortino(returns, per_year),
        calmar=calmar(growth, fall),
        drawdown=fall,
    )
