"""What a layout makes of a table: prices and wall-clock times, not yet placed in UTC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.bars import Prices
from data.errors import DataWarning
from data.sources.table import Table
from data.sources.times import Written

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rows:
    """Columns of one file in its own terms. `None` means that the file does not say."""

    times: Written
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats | None = None
    spread: Floats | None = None
    spread_in_points: bool = False
    """The spread column counts points, else it is in price terms."""
    zone: str | None = None
    """Zone of the wall clock."""
    side: str = "bid"
    symbol: str | None = None
    timeframe: str | None = None
    labelled_by_end: bool = False
    """Weeks and months carry the date of their last day, else that of their first."""
    warnings: tuple[DataWarning, ...] = ()


@dataclass(frozen=True)
class Layout:
    """One file layout. `matches` looks at the header; `read` takes the table and the stated day order."""

    name: str
    says: str
    """What tells this layout apart, for the question when it is not clear."""
    matches: Callable[[Table], bool]
    read: Callable[[Table, str | None], Rows]


def prices(table: Table, prefix: str = "", suffix: str = "") -> Prices:
    """The four price columns, named in the file with this prefix and suffix.

    Raises `DataError` RW704, RW705 or RW706.
    """
    return Prices(
        open=table.numbers(f"{prefix}open{suffix}"),
        high=table.numbers(f"{prefix}high{suffix}"),
        low=table.numbers(f"{prefix}low{suffix}"),
        close=table.numbers(f"{prefix}close{suffix}"),
    )


def optional(table: Table, *names: str) -> Floats | None:
    """The first of these columns that the file has, or None."""
    for name in names:
        if name.lower() in table.text:
            return table.numbers(name)
    return None
