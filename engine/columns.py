"""What `evaluate` gives and `decide` reads: one column per expression on one symbol's base bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from data.bars import Bars

Floats = NDArray[np.float64]
Truths = NDArray[np.uint8]
Times = NDArray[np.int64]
Column = Floats | Truths

FALSE, UNKNOWN, TRUE = 0, 1, 2
"""Truth values in a column: Kleene's `and` is their minimum, `or` their maximum, `not x` is 2 - x."""


@dataclass(frozen=True, eq=False)
class Columns:
    """The wanted expressions of one Plan over the base bars of one symbol.

    `values` maps a node's index in `Plan.nodes` to its column: float64 with NaN for unknown, or
    uint8 `FALSE`, `UNKNOWN`, `TRUE` for conditions. A column has as many elements as there are
    bars, or exactly one where the value is the same on every bar (literals, params and what is made
    of them alone). Columns are contiguous and must not be written to: other expressions and other
    settings may share them.
    """

    bars: Bars
    values: Mapping[int, Column]

    def at(self, node: int, bar: int) -> float | bool | None:
        """The value of `node` on base bar number `bar`; None is unknown."""
        column: Any = self.values[node]
        value = column[0 if len(column) == 1 else bar]
        if column.dtype == "uint8":
            return None if value == UNKNOWN else bool(value == TRUE)
        return None if isnan(value) else float(value)
