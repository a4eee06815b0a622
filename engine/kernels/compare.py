# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: disable-error-code="valid-type,untyped-decorator"
"""Comparisons of two columns, and what is made of them: crossings, directions, pivots, shapes.

The tie rule is the same everywhere: values within 1e-9 (relative to the larger) or within 1e-12 are
equal, because two averages that are equal on paper differ in their last bits. A column of one
element stands for the same value on every bar.
"""

from __future__ import annotations

import cython

NAN = cython.declare(cython.double, float("nan"))


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _tolerance(a: cython.double, b: cython.double) -> cython.double:
    size: cython.double = (abs(a) if abs(a) > abs(b) else abs(b)) * 1e-9
    return size if size > 1e-12 else 1e-12


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _above(a: cython.double, b: cython.double) -> cython.bint:
    """a > b and not equal to it."""
    return a - b > _tolerance(a, b)


def compare(
    a: cython.const[cython.double][::1],
    b: cython.const[cython.double][::1],
    below: cython.uchar,
    equal: cython.uchar,
    above: cython.uchar,
    out: cython.uchar[::1],
) -> None:
    """`below`, `equal` or `above` where a < b, a = b or a > b; 1 where one of them is unknown."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if a.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if b.shape[0] == 1 else 1
    d: cython.double
    t: cython.double
    for i in range(out.shape[0]):
        d = a[i * one] - b[i * two]
        t = _tolerance(a[i * one], b[i * two])
        if d > t:
            out[i] = above
        elif d < -t:
            out[i] = below
        elif d == d:
            out[i] = equal
        else:
            out[i] = 1


def crossings(
    a: cython.const[cython.double][::1],
    b: cython.const[cython.double][::1],
    upward: cython.uchar[::1],
    downward: cython.uchar[::1],
) -> None:
    """Where a crosses above b (above now, not above on the bar before) and where it crosses below.

    Most bars are on the side of the bar before and far from a tie: twice the tolerance, measured on
    a alone, is enough to pass over them, and then there is nothing to write but the zeros that are
    there already.
    """
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if a.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if b.shape[0] == 1 else 1
    size: cython.Py_ssize_t = upward.shape[0]
    d: cython.double
    t: cython.double
    above: cython.uchar = 1
    below: cython.uchar = 1
    was_above: cython.uchar
    was_below: cython.uchar
    for i in range(size):
        upward[i] = 0
        downward[i] = 0
    i = 0
    while i < size:
        if above == 2:
            while i < size and a[i * one] - b[i * two] > 2e-9 * abs(a[i * one]) + 2e-12:
                i += 1
        elif below == 2:
            while i < size and b[i * two] - a[i * one] > 2e-9 * abs(a[i * one]) + 2e-12:
                i += 1
        if i == size:
            return
        was_above = 2 - above
        was_below = 2 - below
        d = a[i * one] - b[i * two]
        t = _tolerance(a[i * one], b[i * two])
        above = 2 if d > t else 1 if d != d else 0
        below = 2 if d < -t else 1 if d != d else 0
        upward[i] = above if above < was_above else was_above
        downward[i] = below if below < was_below else was_below
        i += 1


def direction(x: cython.const[cython.double][::1], out: cython.double[::1]) -> None:
    """1, 0 or −1 as x is above, equal to or below its value on the bar before."""
    i: cython.Py_ssize_t
    d: cython.double
    if out.shape[0] > 0:
        out[0] = NAN
    for i in range(1, out.shape[0]):
        d = x[i] - x[i - 1]
        if d != d:
            out[i] = NAN
        elif abs(d) <= _tolerance(x[i], x[i - 1]):
            out[i] = 0.0
        else:
            out[i] = 1.0 if d > 0.0 else -1.0


def pivots(
    x: cython.const[cython.double][::1],
    left: cython.Py_ssize_t,
    right: cython.Py_ssize_t,
    sign: cython.double,
    out: cython.double[::1],
) -> None:
    """The last value above (`sign` 1) or below (−1) the `left` before and the `right` after it.

    It is known only `right` bars after itself; ties do not count.
    """
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    furthest: cython.Py_ssize_t = left if left > right else right
    v: cython.double
    last: cython.double = NAN
    for i in range(x.shape[0]):
        if i >= left + right:
            v = x[i - right]
            for k in range(1, furthest + 1):
                if k <= right and not _above(sign * v, sign * x[i - right + k]):
                    break
                if k <= left and not _above(sign * v, sign * x[i - right - k]):
                    break
            else:
                last = v
        out[i] = last


def engulfing(
    open: cython.const[cython.double][::1],  # noqa: A002 - the name of the column
    close: cython.const[cython.double][::1],
    sign: cython.double,
    out: cython.uchar[::1],
) -> None:
    """A candle against `sign`, then one along it whose body covers the body before."""
    i: cython.Py_ssize_t
    o: cython.double
    c: cython.double
    before: cython.double
    after: cython.double
    if out.shape[0] > 0:
        out[0] = 1
    for i in range(1, out.shape[0]):
        before = sign * open[i - 1]
        after = sign * close[i - 1]
        o = sign * open[i]
        c = sign * close[i]
        out[i] = 2 if _above(before, after) and _above(c, o) and not _above(o, after) and not _above(before, c) else 0


def nested(
    outer_high: cython.const[cython.double][::1],
    outer_low: cython.const[cython.double][::1],
    inner_high: cython.const[cython.double][::1],
    inner_low: cython.const[cython.double][::1],
    outer_ago: cython.Py_ssize_t,
    inner_ago: cython.Py_ssize_t,
    out: cython.uchar[::1],
) -> None:
    """The one range lies strictly within the other; one of them is that of the bar before."""
    i: cython.Py_ssize_t
    if out.shape[0] > 0:
        out[0] = 1
    for i in range(1, out.shape[0]):
        out[i] = (
            2
            if _above(outer_high[i - outer_ago], inner_high[i - inner_ago])
            and _above(inner_low[i - inner_ago], outer_low[i - outer_ago])
            else 0
        )


def doji(
    open: cython.const[cython.double][::1],  # noqa: A002 - the name of the column
    high: cython.const[cython.double][::1],
    low: cython.const[cython.double][::1],
    close: cython.const[cython.double][::1],
    out: cython.uchar[::1],
) -> None:
    """The body is at most a tenth of the range, and there is a range."""
    i: cython.Py_ssize_t
    for i in range(out.shape[0]):
        out[i] = 2 if _above(high[i], low[i]) and not _above(abs(close[i] - open[i]), 0.1 * (high[i] - low[i])) else 0


def pin(
    open: cython.const[cython.double][::1],  # noqa: A002 - the name of the column
    high: cython.const[cython.double][::1],
    low: cython.const[cython.double][::1],
    close: cython.const[cython.double][::1],
    sign: cython.double,
    out: cython.uchar[::1],
) -> None:
    """A long shadow below (`sign` 1, a hammer) or above (−1, a shooting star) a small body.

    Long: at least twice the body. The other shadow is at most the body, and there is a body.
    """
    i: cython.Py_ssize_t
    body: cython.double
    upper: cython.double
    lower: cython.double
    for i in range(out.shape[0]):
        body = abs(close[i] - open[i])
        upper = high[i] - (open[i] if open[i] > close[i] else close[i])
        lower = (open[i] if open[i] < close[i] else close[i]) - low[i]
        if sign < 0.0:
            upper, lower = lower, upper
        out[i] = 2 if _above(body, 0.0) and not _above(2.0 * body, lower) and not _above(upper, body) else 0
