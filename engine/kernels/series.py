# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: disable-error-code="valid-type,untyped-decorator"
"""Arithmetic, and values carried between bars of different series, symbols and clock windows.

Whatever is not a finite number is unknown. A column of one element stands for the same value on
every bar.
"""

from __future__ import annotations

import cython

NAN = cython.declare(cython.double, float("nan"))


def add(
    a: cython.const[cython.double][::1],
    b: cython.const[cython.double][::1],
    factor: cython.double,
    out: cython.double[::1],
) -> None:
    """a + factor · b."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if a.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if b.shape[0] == 1 else 1
    r: cython.double
    for i in range(out.shape[0]):
        r = a[i * one] + factor * b[i * two]
        out[i] = r + (r - r)


def multiply(
    a: cython.const[cython.double][::1],
    b: cython.const[cython.double][::1],
    factor: cython.double,
    out: cython.double[::1],
) -> None:
    """a · b · factor."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if a.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if b.shape[0] == 1 else 1
    r: cython.double
    for i in range(out.shape[0]):
        r = a[i * one] * b[i * two] * factor
        out[i] = r + (r - r)


def divide(
    a: cython.const[cython.double][::1],
    b: cython.const[cython.double][::1],
    factor: cython.double,
    out: cython.double[::1],
) -> None:
    """factor · a / b, unknown where b is 0."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if a.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if b.shape[0] == 1 else 1
    r: cython.double
    for i in range(out.shape[0]):
        r = NAN if b[i * two] == 0.0 else factor * a[i * one] / b[i * two]
        out[i] = r + (r - r)


def change(x: cython.const[cython.double][::1], n: cython.Py_ssize_t, out: cython.double[::1]) -> None:
    """100 · (x / x n bars ago − 1)."""
    i: cython.Py_ssize_t
    r: cython.double
    for i in range(out.shape[0]):
        if i < n or x[i - n] == 0.0:
            out[i] = NAN
        else:
            r = 100.0 * (x[i] - x[i - n]) / x[i - n]
            out[i] = r + (r - r)


def last_closed(
    closes: cython.const[cython.longlong][::1], decided: cython.const[cython.longlong][::1], out: cython.longlong[::1]
) -> None:
    """The index of the last bar of another series that is closed at each decision time, else −1."""
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t = 0
    for i in range(decided.shape[0]):
        while k < closes.shape[0] and closes[k] <= decided[i]:
            k += 1
        out[i] = k - 1


def numbers_at(
    x: cython.const[cython.double][::1], index: cython.const[cython.longlong][::1], out: cython.double[::1]
) -> None:
    """x at each index; unknown where the index is negative."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if x.shape[0] == 1 else 1
    for i in range(index.shape[0]):
        out[i] = NAN if index[i] < 0 else x[index[i] * one]


def truths_at(
    x: cython.const[cython.uchar][::1], index: cython.const[cython.longlong][::1], out: cython.uchar[::1]
) -> None:
    """x at each index; unknown where the index is negative."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if x.shape[0] == 1 else 1
    for i in range(index.shape[0]):
        out[i] = 1 if index[i] < 0 else x[index[i] * one]


def events_at(
    x: cython.const[cython.uchar][::1],
    index: cython.const[cython.longlong][::1],
    before: cython.Py_ssize_t,
    out: cython.uchar[::1],
) -> None:
    """x where a bar of its series closed since the bar before, false where none did.

    Where several closed at once it is true if x was on one of them. `before` is the index before
    the first bar.
    """
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if x.shape[0] == 1 else 1
    last: cython.Py_ssize_t = before
    value: cython.uchar
    for i in range(index.shape[0]):
        if index[i] < 0:
            out[i] = 1
            continue
        value = 0
        for k in range(last + 1, index[i] + 1):
            value = value if value > x[k * one] else x[k * one]
        out[i] = value
        last = index[i]


def windows(
    x: cython.const[cython.double][::1],
    opens: cython.const[cython.longlong][::1],
    closes: cython.const[cython.longlong][::1],
    starts: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    least: cython.const[cython.longlong][::1],
    mode: cython.Py_ssize_t,
    out: cython.double[::1],
) -> None:
    """Highest (mode 0), lowest (1), first (2) or last (3) x of the bars inside a clock window.

    Unknown while a window is open; from its end its value stays until the next one starts. Unknown
    if it held fewer than `least` bars, or one on which x is unknown. Windows do not overlap.
    """
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if x.shape[0] == 1 else 1
    k: cython.Py_ssize_t = -1
    bars: cython.longlong = 0
    v: cython.double
    value: cython.double = NAN
    for i in range(out.shape[0]):
        while k + 1 < starts.shape[0] and starts[k + 1] < closes[i]:
            k += 1
            bars = 0
            value = NAN
        if k < 0:
            out[i] = NAN
            continue
        if opens[i] >= starts[k] and closes[i] <= ends[k]:
            v = x[i * one]
            if bars == 0 or v != v:
                value = v
            elif mode == 0:
                value = v if v > value else value
            elif mode == 1:
                value = v if v < value else value
            elif mode == 3 and value == value:
                value = v
            bars += 1
        out[i] = value if closes[i] >= ends[k] and bars >= least[k] else NAN


def inside(
    opens: cython.const[cython.longlong][::1],
    closes: cython.const[cython.longlong][::1],
    starts: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    out: cython.uchar[::1],
) -> None:
    """Whether the bar lies wholly inside one of the clock windows, which do not overlap."""
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t = -1
    for i in range(out.shape[0]):
        while k + 1 < starts.shape[0] and starts[k + 1] <= opens[i]:
            k += 1
        out[i] = 2 if k >= 0 and closes[i] <= ends[k] else 0


def so_far(
    x: cython.const[cython.double][::1],
    group: cython.const[cython.longlong][::1],
    mode: cython.Py_ssize_t,
    out: cython.double[::1],
) -> None:
    """Highest (mode 0), lowest (1), first (2) or last (3) x since the first bar of the group."""
    i: cython.Py_ssize_t
    value: cython.double = NAN
    for i in range(out.shape[0]):
        if i == 0 or group[i] != group[i - 1]:
            value = x[i]
        elif mode == 0:
            value = x[i] if x[i] > value else value
        elif mode == 1:
            value = x[i] if x[i] < value else value
        elif mode == 3:
            value = x[i]
        out[i] = value


def outrank(
    x: cython.const[cython.double][::1],
    opens: cython.const[cython.longlong][::1],
    y: cython.const[cython.double][::1],
    other_opens: cython.const[cython.longlong][::1],
    other_first: cython.bint,
    out: cython.double[::1],
) -> None:
    """Add 1 to the rank of x where y of another symbol, on the bar of the same time, is above it.

    Equal values (tie rule) are ordered by symbol: `other_first` says that the other's name comes
    first.
    """
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t = 0
    one: cython.Py_ssize_t = 0 if x.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if y.shape[0] == 1 else 1
    d: cython.double
    t: cython.double
    for i in range(out.shape[0]):
        while k < other_opens.shape[0] and other_opens[k] < opens[i]:
            k += 1
        if k == other_opens.shape[0] or other_opens[k] != opens[i]:
            continue
        d = y[k * two] - x[i * one]
        t = (abs(y[k * two]) if abs(y[k * two]) > abs(x[i * one]) else abs(x[i * one])) * 1e-9
        t = t if t > 1e-12 else 1e-12
        if d > t or (other_first and d >= -t):
            out[i] += 1.0
