"""Bars: validated columns of one symbol on one timeframe.

Times are UTC nanoseconds since 1970. A bar is labelled by its opening time; a decision may use it
only from `ts_close`. Prices are bid prices; `spread` is ask − bid in price terms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.checks import bad_rows, problems_of
from data.errors import DataError

Floats = NDArray[np.float64]
Times = NDArray[np.int64]

_I8, _F8 = np.dtype("<i8"), np.dtype("<f8")


class Prices(TypedDict):
    """The four price columns, to be passed on as keywords."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats


class Columns(Prices):
    """All columns of bars, to be passed on as keywords."""

    ts_open: Times
    ts_close: Times
    volume: Floats
    spread: Floats


COLUMNS = ("ts_open", "ts_close", "open", "high", "low", "close", "volume", "spread")


@dataclass(frozen=True, eq=False)
class Bars:
    """Columns of equal length, strictly increasing in time, without NaN except `volume`.

    Made by the readers and generators of this package, which validate; nothing else makes them.
    """

    symbol: str
    timeframe: str
    ts_open: Times
    ts_close: Times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    spread: Floats
    source: str
    """Where the numbers come from, for people: file or sample name and its dates."""
    sha256: str
    """Hash of the columns' bytes: the identity of the data a result was computed from."""
    synthetic: bool = False
    spread_stated: bool = False
    """True when the spread is an assumption stated by the user, not a column of the data."""

    def __len__(self) -> int:
        return len(self.ts_open)

    def span(self, first: int, stop: int) -> Bars:
        """Bars `first` to `stop` (not included), as bars of their own with their own hash."""
        if first == 0 and stop == len(self):
            return self
        columns = {name: getattr(self, name)[first:stop] for name in COLUMNS}
        return replace(self, **columns, sha256=hash_of(self.symbol, self.timeframe, columns))

    def until(self, instant: int) -> Bars:
        """The bars that are closed at `instant` (UTC ns)."""
        return self.span(0, int(np.searchsorted(self.ts_close, instant, side="right")))


def make_bars(
    symbol: str,
    timeframe: str,
    *,
    ts_open: ArrayLike,
    ts_close: ArrayLike,
    open: ArrayLike,  # noqa: A002 - the column's name
    high: ArrayLike,
    low: ArrayLike,
    close: ArrayLike,
    spread: ArrayLike,
    volume: ArrayLike | None = None,
    source: str,
    synthetic: bool = False,
    spread_stated: bool = False,
    line_of: Callable[[int], int | None] | None = None,
) -> Bars:
    """Validated bars with their hash: the only way bars are made.

    Columns are as in `Bars`; `volume` unknown (None) becomes NaN. `line_of` gives the line in the
    source of a row, so that problems name it. Raises `DataError` RW703 when there are no rows, and
    otherwise with the code of the first bad row, naming the rows.
    """
    opened = _column(ts_open, _I8)
    columns = {
        "ts_open": opened,
        "ts_close": _column(ts_close, _I8),
        "open": _column(open, _F8),
        "high": _column(high, _F8),
        "low": _column(low, _F8),
        "close": _column(close, _F8),
        "volume": _volume(volume, len(opened)),
        "spread": _column(spread, _F8),
    }
    if len({len(column) for column in columns.values()}) != 1:
        raise ValueError("columns of bars have different lengths")
    if len(opened) == 0:
        raise DataError("RW703", f"{source} has no bars of {symbol} {timeframe}.")
    problems, count = problems_of(columns, line_of)
    if problems:
        raise bad_rows(source, problems, count)
    return Bars(
        symbol=symbol,
        timeframe=timeframe,
        **columns,
        source=source,
        sha256=hash_of(symbol, timeframe, columns),
        synthetic=synthetic,
        spread_stated=spread_stated,
    )


def hash_of(symbol: str, timeframe: str, columns: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 over symbol, timeframe, count and the SHA-256 of each column's little-endian bytes."""
    arrays = [np.ascontiguousarray(columns[name]) for name in COLUMNS]
    if len(arrays[0]) < _HASHED_IN_TURN:
        digests = [_digest(array) for array in arrays]
    else:
        with ThreadPoolExecutor(4) as pool:
            digests = list(pool.map(_digest, arrays))
    whole = hashlib.sha256(f"bars 1 {symbol} {timeframe} {len(arrays[0])}\n".encode())
    for digest in digests:
        whole.update(digest)
    return whole.hexdigest()


_HASHED_IN_TURN = 100_000
"""Rows from which hashing the columns on several threads pays."""


def _volume(values: ArrayLike | None, count: int) -> Floats:
    """Unknown volume in one bit pattern, so that it hashes alike wherever it came from."""
    column = _column(np.full(count, np.nan) if values is None else values, _F8)
    unknown = np.isnan(column)
    return np.where(unknown, np.nan, column) if unknown.any() else column


def _digest(column: NDArray[Any]) -> bytes:
    return hashlib.sha256(column.data).digest()


def _column(values: ArrayLike, dtype: np.dtype[np.generic]) -> NDArray[Any]:
    return np.ascontiguousarray(values, dtype=dtype)
