"""Typed access to the trade columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.result import Trades


def floats(trades: Trades, name: str) -> NDArray[np.float64]:
    return np.asarray(trades.columns[name], dtype=np.float64)


def ints(trades: Trades, name: str) -> NDArray[np.int64]:
    return np.asarray(trades.columns[name], dtype=np.int64)


def net_of(trades: Trades) -> NDArray[np.float64]:
    """Net money of each trade: `profit + swap - commission`."""
    return floats(trades, "profit") + floats(trades, "swap") - floats(trades, "commission")
