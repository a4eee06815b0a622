# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# mypy: disable-error-code="valid-type,untyped-decorator"
"""Statistics of the last n values, in one pass whatever n is; unknown while any of them is unknown.

A running sum would drift over a million bars and an unknown value would never leave it. Instead the
column is cut into blocks of n. Every window is the end of one block and the beginning of the next:
the sum of the end is accumulated backwards from the boundary, that of the beginning forwards, and
no more than n numbers are ever added up, all of them members of the window. Values are taken
relative to the one at the boundary, which is a member of every window across it, so nothing is lost
to cancellation and a window of equal values has exactly no deviation.

In all of them `out` first holds the part of the window that lies before the boundary `b`.
"""

from __future__ import annotations

import cython
from cython.cimports.libc.math import sqrt

NAN = cython.declare(cython.double, float("nan"))


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _least(a: cython.Py_ssize_t, b: cython.Py_ssize_t) -> cython.Py_ssize_t:
    return a if a < b else b


@cython.cfunc
@cython.exceptval(check=False)
def _no_window_yet(n: cython.Py_ssize_t, out: cython.double[::1]) -> cython.void:
    """The first block has nothing before it: only its last value ends a whole window."""
    i: cython.Py_ssize_t
    for i in range(_least(n - 1, out.shape[0])):
        out[i] = NAN
    if n <= out.shape[0]:
        out[n - 1] = 0.0


def mean(x: cython.const[cython.double][::1], n: cython.Py_ssize_t, out: cython.double[::1]) -> None:
    """The mean of the last n values."""
    size: cython.Py_ssize_t = x.shape[0]
    b: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    c: cython.double
    s: cython.double
    share: cython.double = 1.0 / n
    _no_window_yet(n, out)
    while b < size:
        c = x[b]
        if b > 0:
            s = 0.0
            for k in range(n - 1):
                s += x[b - 1 - k] - c
                i = b + n - 2 - k
                if i < size:
                    out[i] = s
            if b + n <= size:
                out[b + n - 1] = 0.0
        s = 0.0
        for i in range(b, _least(b + n, size)):
            s += x[i] - c
            out[i] = c + (out[i] + s) * share
        b += n


def line(
    x: cython.const[cython.double][::1],
    n: cython.Py_ssize_t,
    as_slope: cython.bint,
    scratch: cython.double[::1],
    out: cython.double[::1],
) -> None:
    """The mean with weights 1 … n, newest heaviest, or (`as_slope`) the slope of the least-squares line.

    The two are one: weighted mean = mean + slope · (n − 1) / 6. `scratch` has n elements.
    """
    size: cython.Py_ssize_t = x.shape[0]
    b: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    c: cython.double
    s: cython.double
    w: cython.double
    m: cython.double = n
    half: cython.double = 0.5 * (m - 1.0)
    steepness: cython.double = 0.0 if n == 1 else 12.0 / (m * (m * m - 1.0))
    share: cython.double = 1.0 / m
    _no_window_yet(n, out)
    for k in range(n):
        scratch[k] = 0.0
    while b < size:
        c = x[b]
        if b > 0:
            s = 0.0
            w = 0.0
            for k in range(n - 1):
                s += x[b - 1 - k] - c
                w -= (k + 1) * (x[b - 1 - k] - c)
                i = b + n - 2 - k
                if i < size:
                    out[i] = w
                    scratch[i - b] = s
            if b + n <= size:
                out[b + n - 1] = 0.0
                scratch[n - 1] = 0.0
        s = 0.0
        w = 0.0
        for i in range(b, _least(b + n, size)):
            s += x[i] - c
            w += (i - b) * (x[i] - c)
            m = scratch[i - b] + s
            out[i] = (out[i] + w - (i - b - half) * m) * steepness
            if not as_slope:
                out[i] = c + m * share + out[i] * half / 3.0
        b += n


def deviation(
    x: cython.const[cython.double][::1], n: cython.Py_ssize_t, scratch: cython.double[::1], out: cython.double[::1]
) -> None:
    """The population standard deviation of the last n values. `scratch` has n elements."""
    size: cython.Py_ssize_t = x.shape[0]
    b: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    c: cython.double
    d: cython.double
    s: cython.double
    q: cython.double
    share: cython.double = 1.0 / n
    _no_window_yet(n, out)
    for k in range(n):
        scratch[k] = 0.0
    while b < size:
        c = x[b]
        if b > 0:
            s = 0.0
            q = 0.0
            for k in range(n - 1):
                d = x[b - 1 - k] - c
                s += d
                q += d * d
                i = b + n - 2 - k
                if i < size:
                    out[i] = q
                    scratch[i - b] = s
            if b + n <= size:
                out[b + n - 1] = 0.0
                scratch[n - 1] = 0.0
        s = 0.0
        q = 0.0
        for i in range(b, _least(b + n, size)):
            d = x[i] - c
            s += d
            q += d * d
            d = scratch[i - b] + s
            d = (out[i] + q - d * d * share) * share
            out[i] = 0.0 if d < 0.0 else sqrt(d)
        b += n


def comovement(
    x: cython.const[cython.double][::1],
    y: cython.const[cython.double][::1],
    n: cython.Py_ssize_t,
    as_slope: cython.bint,
    scratch: cython.double[::1],
    out: cython.double[::1],
) -> None:
    """Correlation of x and y over n bars, or (`as_slope`) the least-squares slope of x on y.

    Unknown where one of them (for the slope: y) does not move. `scratch` has 4·n elements.
    """
    size: cython.Py_ssize_t = x.shape[0]
    b: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    c: cython.double
    d: cython.double
    u: cython.double
    v: cython.double
    su: cython.double
    sv: cython.double
    uu: cython.double
    vv: cython.double
    uv: cython.double
    tu: cython.double
    tv: cython.double
    share: cython.double = 1.0 / n
    _no_window_yet(n, out)
    for k in range(4 * n):
        scratch[k] = 0.0
    while b < size:
        c = x[b]
        d = y[b]
        su = sv = uu = vv = uv = 0.0
        if b > 0:
            for k in range(n - 1):
                u = x[b - 1 - k] - c
                v = y[b - 1 - k] - d
                su += u
                sv += v
                uu += u * u
                vv += v * v
                uv += u * v
                i = b + n - 2 - k
                if i < size:
                    out[i] = uv
                    j = 4 * (i - b)
                    scratch[j] = su
                    scratch[j + 1] = sv
                    scratch[j + 2] = uu
                    scratch[j + 3] = vv
            if b + n <= size:
                out[b + n - 1] = 0.0
                for j in range(4 * n - 4, 4 * n):
                    scratch[j] = 0.0
        su = sv = uu = vv = uv = 0.0
        for i in range(b, _least(b + n, size)):
            u = x[i] - c
            v = y[i] - d
            su += u
            sv += v
            uu += u * u
            vv += v * v
            uv += u * v
            j = 4 * (i - b)
            tu = scratch[j] + su
            tv = scratch[j + 1] + sv
            out[i] = _related(
                scratch[j + 2] + uu - tu * tu * share,
                scratch[j + 3] + vv - tv * tv * share,
                out[i] + uv - tu * tv * share,
                as_slope,
            )
        b += n


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _related(uu: cython.double, vv: cython.double, uv: cython.double, as_slope: cython.bint) -> cython.double:
    r: cython.double
    if not (vv > 0.0):
        return NAN
    if as_slope:
        return uv / vv
    if not (uu > 0.0):
        return NAN
    r = sqrt(uu) * sqrt(vv)
    if not (r > 0.0):
        return NAN
    r = uv / r
    if r > 1.0:
        return 1.0
    if r < -1.0:
        return -1.0
    return r


def weighted_by(
    x: cython.const[cython.double][::1],
    weight: cython.const[cython.double][::1],
    n: cython.Py_ssize_t,
    scratch: cython.double[::1],
    out: cython.double[::1],
) -> None:
    """The mean of the last n values by weight; unknown where the weights add up to nothing.

    `scratch` has n elements.
    """
    size: cython.Py_ssize_t = x.shape[0]
    b: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    c: cython.double
    s: cython.double
    w: cython.double
    total: cython.double
    _no_window_yet(n, out)
    for k in range(n):
        scratch[k] = 0.0
    while b < size:
        c = x[b]
        if b > 0:
            s = 0.0
            w = 0.0
            for k in range(n - 1):
                s += (x[b - 1 - k] - c) * weight[b - 1 - k]
                w += weight[b - 1 - k]
                i = b + n - 2 - k
                if i < size:
                    out[i] = s
                    scratch[i - b] = w
            if b + n <= size:
                out[b + n - 1] = 0.0
                scratch[n - 1] = 0.0
        s = 0.0
        w = 0.0
        for i in range(b, _least(b + n, size)):
            s += (x[i] - c) * weight[i]
            w += weight[i]
            total = scratch[i - b] + w
            out[i] = NAN if total == 0.0 else c + (out[i] + s) / total
        b += n


def balance(
    flow: cython.const[cython.double][::1], n: cython.Py_ssize_t, scratch: cython.double[::1], out: cython.double[::1]
) -> None:
    """100 · (sum of the positive) / (sum of all, unsigned) over the last n values; 50 without any.

    `scratch` has n elements.
    """
    size: cython.Py_ssize_t = flow.shape[0]
    b: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    f: cython.double
    up: cython.double
    down: cython.double
    ups: cython.double
    downs: cython.double
    _no_window_yet(n, out)
    for k in range(n):
        scratch[k] = 0.0
    while b < size:
        if b > 0:
            up = 0.0
            down = 0.0
            for k in range(n - 1):
                f = flow[b - 1 - k]
                if f < 0.0:
                    down -= f
                else:
                    up += f
                i = b + n - 2 - k
                if i < size:
                    out[i] = up
                    scratch[i - b] = down
            if b + n <= size:
                out[b + n - 1] = 0.0
                scratch[n - 1] = 0.0
        up = 0.0
        down = 0.0
        for i in range(b, _least(b + n, size)):
            f = flow[i]
            if f < 0.0:
                down -= f
            else:
                up += f
            ups = out[i] + up
            downs = scratch[i - b] + down
            out[i] = 50.0 if ups + downs == 0.0 else 100.0 * ups / (ups + downs)
        b += n


def mean_distance(
    x: cython.const[cython.double][::1],
    n: cython.Py_ssize_t,
    means: cython.const[cython.double][::1],
    out: cython.double[::1],
) -> None:
    """The mean distance of the last n values from their mean, which is given."""
    size: cython.Py_ssize_t = x.shape[0]
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    s: cython.double
    m: cython.double
    for i in range(size):
        m = means[i]
        if m != m or i < n - 1:
            out[i] = NAN
            continue
        s = 0.0
        for k in range(i - n + 1, i + 1):
            s += abs(x[k] - m)
        out[i] = s / n
