# cython: language_level=3
"""The elements of a numpy array, as fast as the caller can have them.

Compiled these are C pointers: the caller keeps the array alive and stays inside it. Interpreted they
are memoryviews, whose elements are plain Python numbers.
"""

from __future__ import annotations

from typing import Any

import cython


def doubles(array: Any) -> Any:
    """The elements of a contiguous float64 array."""
    if cython.compiled:
        return cython.cast(cython.p_double, cython.cast(cython.size_t, array.__array_interface__["data"][0]))
    else:  # noqa: RET505 - the compiler drops the other branch only of an if with an else
        return memoryview(array)


def longs(array: Any) -> Any:
    """The elements of a contiguous int64 array."""
    if cython.compiled:
        return cython.cast(cython.p_longlong, cython.cast(cython.size_t, array.__array_interface__["data"][0]))
    else:  # noqa: RET505
        return memoryview(array)


def ints(array: Any) -> Any:
    """The elements of a contiguous int32 array."""
    if cython.compiled:
        return cython.cast(cython.p_int, cython.cast(cython.size_t, array.__array_interface__["data"][0]))
    else:  # noqa: RET505
        return memoryview(array)


def truths(array: Any) -> Any:
    """The elements of a contiguous uint8 array."""
    if cython.compiled:
        return cython.cast(cython.p_uchar, cython.cast(cython.size_t, array.__array_interface__["data"][0]))
    else:  # noqa: RET505
        return memoryview(array)
