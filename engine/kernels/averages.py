# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: disable-error-code="valid-type,untyped-decorator"
"""Recursive averages: each value is made from the one before it.

They are seeded by the mean of the first n known values; an unknown value starts them anew.
"""

from __future__ import annotations

import cython

NAN = cython.declare(cython.double, float("nan"))


def exponential(
    x: cython.const[cython.double][::1], n: cython.Py_ssize_t, alpha: cython.double, out: cython.double[::1]
) -> None:
    """a ← a + alpha · (x − a), from the mean of the first n: an ema or Wilder's average."""
    i: cython.Py_ssize_t
    known: cython.Py_ssize_t = 0
    v: cython.double
    first: cython.double = 0.0
    a: cython.double = 0.0
    for i in range(x.shape[0]):
        v = x[i]
        if v != v:
            known = 0
            out[i] = NAN
        elif known >= n:
            a += alpha * (v - a)
            out[i] = a
        else:
            if known == 0:
                first = v
                a = 0.0
            known += 1
            a += v - first
            if known == n:
                a = first + a / n
                out[i] = a
            else:
                out[i] = NAN


def strength(x: cython.const[cython.double][::1], n: cython.Py_ssize_t, out: cython.double[::1]) -> None:
    """Wilder's relative strength index of x: 100 · gains / (gains + losses), 50 when both are 0."""
    i: cython.Py_ssize_t
    known: cython.Py_ssize_t = -1
    change: cython.double
    gain: cython.double = 0.0
    loss: cython.double = 0.0
    total: cython.double
    share: cython.double = 1.0 / n
    keep: cython.double = (n - 1.0) / n
    for i in range(x.shape[0]):
        if x[i] != x[i]:
            known = -1
            out[i] = NAN
            continue
        if known < 0:
            known = 0
            gain = 0.0
            loss = 0.0
            out[i] = NAN
            continue
        change = x[i] - x[i - 1]
        if known >= n:
            gain = keep * gain + share * (change if change > 0.0 else 0.0)
            loss = keep * loss + share * (-change if change < 0.0 else 0.0)
        else:
            known += 1
            gain += change if change > 0.0 else 0.0
            loss += -change if change < 0.0 else 0.0
            if known < n:
                out[i] = NAN
                continue
            gain *= share
            loss *= share
        total = gain + loss
        out[i] = 100.0 * gain / total if total > 0.0 else 50.0


def true_range(
    high: cython.const[cython.double][::1],
    low: cython.const[cython.double][::1],
    close: cython.const[cython.double][::1],
    out: cython.double[::1],
) -> None:
    """max(high − low, |high − close before|, |low − close before|); the first is high − low."""
    i: cython.Py_ssize_t
    top: cython.double
    bottom: cython.double
    if high.shape[0] > 0:
        out[0] = high[0] - low[0]
    for i in range(1, high.shape[0]):
        top = high[i] if high[i] > close[i - 1] else close[i - 1]
        bottom = low[i] if low[i] < close[i - 1] else close[i - 1]
        out[i] = top - bottom


def average_range(
    high: cython.const[cython.double][::1],
    low: cython.const[cython.double][::1],
    close: cython.const[cython.double][::1],
    n: cython.Py_ssize_t,
    out: cython.double[::1],
) -> None:
    """Wilder's average of the true range."""
    i: cython.Py_ssize_t
    top: cython.double
    bottom: cython.double
    a: cython.double = 0.0
    share: cython.double = 1.0 / n
    keep: cython.double = (n - 1.0) / n
    for i in range(high.shape[0]):
        top = high[i]
        bottom = low[i]
        if i > 0:
            top = top if top > close[i - 1] else close[i - 1]
            bottom = bottom if bottom < close[i - 1] else close[i - 1]
        if i >= n:
            a = keep * a + share * (top - bottom)
            out[i] = a
        else:
            a += top - bottom
            if i == n - 1:
                a *= share
                out[i] = a
            else:
                out[i] = NAN


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _exceeds(a: cython.double, b: cython.double) -> cython.bint:
    """a > b by the tie rule, for prices: both are positive and far above its floor."""
    return a > b and a - b > 1e-9 * a


def directional(
    high: cython.const[cython.double][::1],
    low: cython.const[cython.double][::1],
    close: cython.const[cython.double][::1],
    n: cython.Py_ssize_t,
    plus: cython.double[::1],
    minus: cython.double[::1],
    index: cython.double[::1],
) -> None:
    """Wilder's +DI, −DI and the directional index dx, whose average is adx.

    up = high − high before, down = low before − low; the larger of the two counts, if positive.
    Which is larger is decided on the sums high + low, by the tie rule: differences of prices that
    are equal on paper differ in their last bits.
    """
    i: cython.Py_ssize_t
    top: cython.double
    bottom: cython.double
    up: cython.double
    down: cython.double
    ups: cython.double = 0.0
    downs: cython.double = 0.0
    ranges: cython.double = 0.0
    share: cython.double = 1.0 / n
    for i in range(high.shape[0]):
        plus[i] = NAN
        minus[i] = NAN
        index[i] = NAN
        if i == 0:
            continue
        up = 0.0
        down = 0.0
        if _exceeds(high[i] + low[i], high[i - 1] + low[i - 1]):
            if high[i] > high[i - 1]:
                up = high[i] - high[i - 1]
        elif _exceeds(high[i - 1] + low[i - 1], high[i] + low[i]) and low[i] < low[i - 1]:
            down = low[i - 1] - low[i]
        top = high[i] if high[i] > close[i - 1] else close[i - 1]
        bottom = low[i] if low[i] < close[i - 1] else close[i - 1]
        if i > n:
            ups += share * (up - ups)
            downs += share * (down - downs)
            ranges += share * (top - bottom - ranges)
        else:
            ups += up * share
            downs += down * share
            ranges += (top - bottom) * share
            if i < n:
                continue
        if ranges > 0.0:
            plus[i] = 100.0 * ups / ranges
            minus[i] = 100.0 * downs / ranges
            if ups + downs > 0.0:
                index[i] = 100.0 * abs(ups - downs) / (ups + downs)
