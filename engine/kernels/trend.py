# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: disable-error-code="valid-type,untyped-decorator"
"""Lines that carry a state from bar to bar: bands that flip, stops that reverse, running totals."""

from __future__ import annotations

import cython

NAN = cython.declare(cython.double, float("nan"))


def supertrend(
    high: cython.const[cython.double][::1],
    low: cython.const[cython.double][::1],
    close: cython.const[cython.double][::1],
    average: cython.const[cython.double][::1],
    k: cython.double,
    line: cython.double[::1],
    rising: cython.uchar[::1],
) -> None:
    """Bands of k times the average range around hl2 that only tighten, until a close is beyond them.

    A band is set back where the close before was beyond it. The direction turns when the close
    passes the opposite band of its own bar; it starts falling.
    """
    i: cython.Py_ssize_t
    up: cython.bint = False
    started: cython.bint = False
    middle: cython.double
    upper: cython.double = 0.0
    lower: cython.double = 0.0
    for i in range(high.shape[0]):
        if average[i] != average[i]:
            line[i] = NAN
            rising[i] = 1
            started = False
            continue
        middle = (high[i] + low[i]) * 0.5
        if not started:
            upper = middle + k * average[i]
            lower = middle - k * average[i]
            up = False
            started = True
        else:
            if middle + k * average[i] < upper or close[i - 1] > upper:
                upper = middle + k * average[i]
            if middle - k * average[i] > lower or close[i - 1] < lower:
                lower = middle - k * average[i]
            up = close[i] >= lower if up else close[i] > upper
        line[i] = lower if up else upper
        rising[i] = 2 if up else 0


def parabolic(
    high: cython.const[cython.double][::1],
    low: cython.const[cython.double][::1],
    step: cython.double,
    limit: cython.double,
    out: cython.double[::1],
) -> None:
    """Wilder's parabolic stop and reverse, from the second bar on.

    It begins falling if the second bar moved further down than up, with the first bar's extreme as
    its stop; from the third bar on the stop stays outside the two bars before it.
    """
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    rising: cython.bint
    stop: cython.double
    extreme: cython.double
    speed: cython.double = step if step < limit else limit
    size: cython.Py_ssize_t = high.shape[0]
    if size > 0:
        out[0] = NAN
    if size < 2:
        return
    stop = high[0] + low[0]
    rising = not (low[1] < low[0] and stop - (high[1] + low[1]) > 1e-9 * stop)
    extreme = high[1] if rising else low[1]
    stop = low[0] if rising else high[0]
    for i in range(1, size):
        j = i - 1 if i > 1 else 1
        if low[i] <= stop if rising else high[i] >= stop:
            rising = not rising
            stop = min(extreme, low[j], low[i]) if rising else max(extreme, high[j], high[i])
            out[i] = stop
            speed = step if step < limit else limit
            extreme = high[i] if rising else low[i]
        else:
            out[i] = stop
            if high[i] > extreme if rising else low[i] < extreme:
                extreme = high[i] if rising else low[i]
                speed = min(speed + step, limit)
        stop += speed * (extreme - stop)
        stop = min(stop, low[j], low[i]) if rising else max(stop, high[j], high[i])


def heikin_ashi(
    open: cython.const[cython.double][::1],  # noqa: A002 - the name of the column
    high: cython.const[cython.double][::1],
    low: cython.const[cython.double][::1],
    close: cython.const[cython.double][::1],
    ha_open: cython.double[::1],
    ha_high: cython.double[::1],
    ha_low: cython.double[::1],
    ha_close: cython.double[::1],
) -> None:
    """Averaged candles: close = mean of the four prices, open = middle of the candle before."""
    i: cython.Py_ssize_t
    first: cython.double
    last: cython.double
    for i in range(open.shape[0]):
        last = (open[i] + high[i] + low[i] + close[i]) * 0.25
        first = (open[i] + close[i]) * 0.5 if i == 0 else (ha_open[i - 1] + ha_close[i - 1]) * 0.5
        ha_open[i] = first
        ha_close[i] = last
        ha_high[i] = max(high[i], first, last)
        ha_low[i] = min(low[i], first, last)


def running_total(x: cython.const[cython.double][::1], out: cython.double[::1]) -> None:
    """The sum of all values so far, from 0 on the first; an unknown value starts it anew.

    Compensated (Neumaier 1974), so that a million volumes do not drift.
    """
    i: cython.Py_ssize_t
    v: cython.double
    total: cython.double = 0.0
    lost: cython.double = 0.0
    next_total: cython.double
    started: cython.bint = False
    for i in range(x.shape[0]):
        v = x[i]
        if v != v:
            out[i] = NAN
            started = False
            continue
        if not started:
            total = 0.0
            lost = 0.0
            started = True
        else:
            next_total = total + v
            lost += (total - next_total) + v if abs(total) >= abs(v) else (v - next_total) + total
            total = next_total
        out[i] = total + lost


def average_since(
    price: cython.const[cython.double][::1],
    weight: cython.const[cython.double][::1],
    group: cython.const[cython.longlong][::1],
    out: cython.double[::1],
) -> None:
    """The mean of price by weight since the first bar of its group; unknown without any weight."""
    i: cython.Py_ssize_t
    c: cython.double = 0.0
    s: cython.double = 0.0
    w: cython.double = 0.0
    for i in range(price.shape[0]):
        if i == 0 or group[i] != group[i - 1]:
            c = price[i]
            s = 0.0
            w = 0.0
        s += (price[i] - c) * weight[i]
        w += weight[i]
        out[i] = NAN if w == 0.0 else c + s / w
