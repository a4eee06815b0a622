# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: disable-error-code="valid-type,untyped-decorator"
"""Largest, smallest, middle and rank of the last n values; unknown while any of them is unknown."""

from __future__ import annotations

import cython

NAN = cython.declare(cython.double, float("nan"))


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _least(a: cython.Py_ssize_t, b: cython.Py_ssize_t) -> cython.Py_ssize_t:
    return a if a < b else b


def highest(x: cython.const[cython.double][::1], n: cython.Py_ssize_t, out: cython.double[::1]) -> None:
    """The largest of the last n values.

    The column is cut into blocks of n (van Herk 1992; Gil and Werman 1993): a window is the end of
    one block and the beginning of the next, whose maxima are found by one pass in each direction.
    `x - x` is 0 or unknown; adding it up carries the unknown without a branch.
    """
    size: cython.Py_ssize_t = x.shape[0]
    b: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    m: cython.double
    unknown: cython.double
    for i in range(_least(n - 1, size)):
        out[i] = NAN
    while b < size:
        if b > 0:
            m = x[b - 1]
            unknown = 0.0
            for k in range(n - 1):
                m = x[b - 1 - k] if x[b - 1 - k] > m else m
                unknown += x[b - 1 - k] - x[b - 1 - k]
                i = b + n - 2 - k
                if i < size:
                    out[i] = m + unknown
        m = x[b]
        unknown = 0.0
        for i in range(b, _least(b + n - 1, size)):
            m = x[i] if x[i] > m else m
            unknown += x[i] - x[i]
            out[i] = (m if m > out[i] else out[i]) + unknown
        i = b + n - 1
        if i < size:
            out[i] = (x[i] if x[i] > m else m) + unknown + (x[i] - x[i])
        b += n


def lowest(x: cython.const[cython.double][::1], n: cython.Py_ssize_t, out: cython.double[::1]) -> None:
    """The smallest of the last n values.

    Found as `highest` is.
    """
    size: cython.Py_ssize_t = x.shape[0]
    b: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    m: cython.double
    unknown: cython.double
    for i in range(_least(n - 1, size)):
        out[i] = NAN
    while b < size:
        if b > 0:
            m = x[b - 1]
            unknown = 0.0
            for k in range(n - 1):
                m = x[b - 1 - k] if x[b - 1 - k] < m else m
                unknown += x[b - 1 - k] - x[b - 1 - k]
                i = b + n - 2 - k
                if i < size:
                    out[i] = m + unknown
        m = x[b]
        unknown = 0.0
        for i in range(b, _least(b + n - 1, size)):
            m = x[i] if x[i] < m else m
            unknown += x[i] - x[i]
            out[i] = (m if m < out[i] else out[i]) + unknown
        i = b + n - 1
        if i < size:
            out[i] = (x[i] if x[i] < m else m) + unknown + (x[i] - x[i])
        b += n


@cython.cfunc
@cython.exceptval(check=False)
def _place(ordered: cython.double[::1], count: cython.Py_ssize_t, v: cython.double) -> cython.Py_ssize_t:
    """How many of the ordered values are below v."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = count
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < v:
            low = middle + 1
        else:
            high = middle
    return low


@cython.cfunc
@cython.exceptval(check=False)
def _insert(ordered: cython.double[::1], count: cython.Py_ssize_t, v: cython.double) -> cython.void:
    k: cython.Py_ssize_t = count
    place: cython.Py_ssize_t = _place(ordered, count, v)
    while k > place:
        ordered[k] = ordered[k - 1]
        k -= 1
    ordered[place] = v


@cython.cfunc
@cython.exceptval(check=False)
def _remove(ordered: cython.double[::1], count: cython.Py_ssize_t, v: cython.double) -> cython.void:
    k: cython.Py_ssize_t
    for k in range(_place(ordered, count, v), count - 1):
        ordered[k] = ordered[k + 1]


def median(
    x: cython.const[cython.double][::1], n: cython.Py_ssize_t, scratch: cython.double[::1], out: cython.double[::1]
) -> None:
    """The middle of the last n values, the mean of the middle two when n is even.

    `scratch` has n elements and holds the window in order.
    """
    i: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    half: cython.Py_ssize_t = n // 2
    low: cython.double
    for i in range(x.shape[0]):
        out[i] = NAN
        if x[i] != x[i]:
            count = 0
            continue
        if count == n:
            _remove(scratch, n, x[i - n])
            count -= 1
        _insert(scratch, count, x[i])
        count += 1
        if count == n:
            if n % 2 == 1:
                out[i] = scratch[half]
            else:
                low = scratch[half - 1]
                out[i] = low + (scratch[half] - low) * 0.5


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _same(a: cython.double, b: cython.double) -> cython.bint:
    """The tie rule: within 1e-9 relative, or within 1e-12."""
    size: cython.double = (abs(a) if abs(a) > abs(b) else abs(b)) * 1e-9
    return abs(a - b) <= (size if size > 1e-12 else 1e-12)


def percent_rank(
    x: cython.const[cython.double][::1], n: cython.Py_ssize_t, scratch: cython.double[::1], out: cython.double[::1]
) -> None:
    """In per cent, the share of the n values before this one that are below it; ties are not below.

    `scratch` has n elements and holds the window in order.
    """
    i: cython.Py_ssize_t
    below: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    for i in range(x.shape[0]):
        out[i] = NAN
        if x[i] != x[i]:
            count = 0
            continue
        if count == n:
            below = _place(scratch, n, x[i])
            while below > 0 and _same(scratch[below - 1], x[i]):
                below -= 1
            out[i] = 100.0 * below / n
            _remove(scratch, n, x[i - n])
            count -= 1
        _insert(scratch, count, x[i])
        count += 1
