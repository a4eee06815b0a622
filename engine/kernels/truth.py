# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: disable-error-code="valid-type,untyped-decorator"
"""Conditions over several bars and votes, in three-valued logic; before the first bar is unknown.

A column of one element stands for the same value on every bar.
"""

from __future__ import annotations

import cython

NAN = cython.declare(cython.double, float("nan"))


def held(c: cython.const[cython.uchar][::1], n: cython.Py_ssize_t, out: cython.uchar[::1]) -> None:
    """c on all of the last n bars: false on a known false among them."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if c.shape[0] == 1 else 1
    false_at: cython.Py_ssize_t = -n - 1
    unknown_at: cython.Py_ssize_t = -1
    for i in range(out.shape[0]):
        if c[i * one] == 0:
            false_at = i
        elif c[i * one] == 1:
            unknown_at = i
        out[i] = 0 if i - false_at < n else 1 if i - unknown_at < n else 2


def count(c: cython.const[cython.uchar][::1], n: cython.Py_ssize_t, out: cython.double[::1]) -> None:
    """On how many of the last n bars c was true; unknown while it is unknown on one of them."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if c.shape[0] == 1 else 1
    unknown_at: cython.Py_ssize_t = -1
    true: cython.Py_ssize_t = 0
    for i in range(out.shape[0]):
        true += c[i * one] == 2
        if i >= n:
            true -= c[(i - n) * one] == 2
        if c[i * one] == 1:
            unknown_at = i
        out[i] = NAN if i - unknown_at < n else true


def bars_since(c: cython.const[cython.uchar][::1], limit: cython.Py_ssize_t, out: cython.double[::1]) -> None:
    """Bars since c was last definitely true; unknown before that, and from `limit` bars on."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if c.shape[0] == 1 else 1
    true_at: cython.Py_ssize_t = -limit
    for i in range(out.shape[0]):
        if c[i * one] == 2:
            true_at = i
        out[i] = NAN if i - true_at >= limit else i - true_at


def number_when(
    x: cython.const[cython.double][::1],
    c: cython.const[cython.uchar][::1],
    limit: cython.Py_ssize_t,
    out: cython.double[::1],
) -> None:
    """x on the bar on which c was last definitely true; unknown as `bars_since` is."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if x.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if c.shape[0] == 1 else 1
    true_at: cython.Py_ssize_t = -limit
    for i in range(out.shape[0]):
        if c[i * two] == 2:
            true_at = i
        out[i] = NAN if i - true_at >= limit else x[true_at * one]


def truth_when(
    x: cython.const[cython.uchar][::1],
    c: cython.const[cython.uchar][::1],
    limit: cython.Py_ssize_t,
    out: cython.uchar[::1],
) -> None:
    """`number_when` of a condition."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if x.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if c.shape[0] == 1 else 1
    true_at: cython.Py_ssize_t = -limit
    for i in range(out.shape[0]):
        if c[i * two] == 2:
            true_at = i
        out[i] = 1 if i - true_at >= limit else x[true_at * one]


def followed(
    first: cython.const[cython.uchar][::1],
    second: cython.const[cython.uchar][::1],
    n: cython.Py_ssize_t,
    out: cython.uchar[::1],
) -> None:
    """second now, and first on one of the n bars before this one."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if first.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if second.shape[0] == 1 else 1
    true_at: cython.Py_ssize_t = -n - 1
    unknown_at: cython.Py_ssize_t = -1
    seen: cython.uchar
    for i in range(out.shape[0]):
        seen = 2 if i - true_at <= n else 1 if i - unknown_at <= n else 0
        out[i] = seen if seen < second[i * two] else second[i * two]
        if first[i * one] == 2:
            true_at = i
        elif first[i * one] == 1:
            unknown_at = i


def tally(c: cython.const[cython.uchar][::1], true: cython.double[::1], possible: cython.double[::1]) -> None:
    """Add one vote: to `true` where c is true, to `possible` where it is not false."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if c.shape[0] == 1 else 1
    for i in range(true.shape[0]):
        true[i] += 1.0 if c[i * one] == 2 else 0.0
        possible[i] += 1.0 if c[i * one] > 0 else 0.0


def enough(
    true: cython.double[::1], possible: cython.double[::1], k: cython.const[cython.double][::1], out: cython.uchar[::1]
) -> None:
    """Whether k votes are true: decided as soon as those still unknown cannot change it."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if k.shape[0] == 1 else 1
    for i in range(out.shape[0]):
        out[i] = 2 if true[i] >= k[i * one] else 0 if possible[i] < k[i * one] else 1


def add_score(c: cython.const[cython.uchar][::1], weight: cython.double, out: cython.double[::1]) -> None:
    """Add the weight where c is true; unknown where c is."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if c.shape[0] == 1 else 1
    for i in range(out.shape[0]):
        if c[i * one] == 2:
            out[i] += weight
        elif c[i * one] == 1:
            out[i] = NAN


def choose_numbers(
    c: cython.const[cython.uchar][::1],
    a: cython.const[cython.double][::1],
    b: cython.const[cython.double][::1],
    out: cython.double[::1],
) -> None:
    """a where c is true, b where it is false, unknown where it is unknown."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if c.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if a.shape[0] == 1 else 1
    three: cython.Py_ssize_t = 0 if b.shape[0] == 1 else 1
    for i in range(out.shape[0]):
        out[i] = a[i * two] if c[i * one] == 2 else b[i * three] if c[i * one] == 0 else NAN


def choose_truths(
    c: cython.const[cython.uchar][::1],
    a: cython.const[cython.uchar][::1],
    b: cython.const[cython.uchar][::1],
    out: cython.uchar[::1],
) -> None:
    """`choose_numbers` of conditions."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if c.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if a.shape[0] == 1 else 1
    three: cython.Py_ssize_t = 0 if b.shape[0] == 1 else 1
    for i in range(out.shape[0]):
        out[i] = a[i * two] if c[i * one] == 2 else b[i * three] if c[i * one] == 0 else 1


def known_numbers(
    x: cython.const[cython.double][::1], y: cython.const[cython.double][::1], out: cython.double[::1]
) -> None:
    """x where it is known, else y."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if x.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if y.shape[0] == 1 else 1
    for i in range(out.shape[0]):
        out[i] = x[i * one] if x[i * one] == x[i * one] else y[i * two]


def known_truths(
    x: cython.const[cython.uchar][::1], y: cython.const[cython.uchar][::1], out: cython.uchar[::1]
) -> None:
    """`known_numbers` of conditions."""
    i: cython.Py_ssize_t
    one: cython.Py_ssize_t = 0 if x.shape[0] == 1 else 1
    two: cython.Py_ssize_t = 0 if y.shape[0] == 1 else 1
    for i in range(out.shape[0]):
        out[i] = x[i * one] if x[i * one] != 1 else y[i * two]
