"""Bars: validated columns of one symbol on one timeframe.

Times are UTC nanoseconds since 1970. A bar is labelled by its opening time; a decision may use it
only from `ts_close`. Prices are bid prices; `spread` is ask − bid in price terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Times = NDArray[np.int64]


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
