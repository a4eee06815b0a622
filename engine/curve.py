"""The account over time, computed from the trade list and the bars.

At every close of a base bar: cash = start + realised results − costs; equity = cash + what the open
lots are worth at the closing side's price, and the swap they have been charged so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.bars import Bars
from engine.result import Curve

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Priced:
    """Bars of one symbol between `first` and `end`, with what turns prices into money.

    `days` are the starts of trading days and `swaps` the money one lot has been paid by then, long
    and short; None without swap.
    """

    bars: Bars
    first: int
    end: int
    contract: float
    rates: Floats
    days: NDArray[np.int64]
    swaps: tuple[Floats, Floats] | None


def curve(trades: dict[str, Any], symbols: Sequence[Priced], cash: float) -> Curve:
    """The curve of all symbols merged by time; `trades` are the raw columns of the desk."""
    times = [priced.bars.ts_close[priced.first : priced.end] for priced in symbols]
    time = times[0] if len(times) == 1 else np.unique(np.concatenate(times))
    balance = np.zeros(len(time))
    floating = np.zeros(len(time))
    notional = np.zeros(len(time))
    for number, priced in enumerate(symbols):
        own = {name: column[trades["symbol"] == number] for name, column in trades.items()}
        at = np.searchsorted(time, times[number])
        np.add.at(balance, at[own["entry_bar"] - priced.first], -own["commission"] / 2)
        paid = own["profit"] + own["swap"] - own["commission"] / 2
        np.add.at(balance, at[own["exit_bar"] - priced.first], paid)
        worth, bound = _open(own, priced)
        if len(symbols) > 1:
            last = np.searchsorted(times[number], time, side="right") - 1
            worth = np.where(last >= 0, worth[np.maximum(last, 0)], 0.0)
            bound = np.where(last >= 0, bound[np.maximum(last, 0)], 0.0)
        floating += worth
        notional += bound
    balance = cash + np.cumsum(balance)
    equity = balance + floating
    with np.errstate(divide="ignore", invalid="ignore"):
        exposure = np.where(equity > 0, notional / equity, 0.0)
    return Curve(time, equity, balance, exposure)


def _open(own: dict[str, Any], priced: Priced) -> tuple[Floats, Floats]:
    """Floating result and notional of the open lots at each close."""
    n = priced.end - priced.first
    entered = own["entry_bar"] - priced.first
    left = own["exit_bar"] - priced.first
    side = own["side"]
    lots = _steps(n, entered, left, own["lots"])
    signed = _steps(n, entered, left, own["lots"] * side)
    paid = _steps(n, entered, left, own["lots"] * side * own["entry_price"])
    part = slice(priced.first, priced.end)
    rates = priced.rates if len(priced.rates) == 1 else priced.rates[part]
    money = priced.contract * rates
    mark = priced.bars.close[part] + np.where(signed < 0, priced.bars.spread[part], 0.0)
    worth = (signed * mark - paid) * money
    if priced.swaps is not None:
        day = np.searchsorted(priced.days, priced.bars.ts_open[part], side="right") - 1
        for sign, reached in ((1, priced.swaps[0][day]), (-1, priced.swaps[1][day])):
            held = np.where(side == sign, own["lots"], 0.0)
            at_entry = _steps(n, entered, left, held * reached[entered])
            worth += _steps(n, entered, left, held) * reached - at_entry
    return worth, lots * mark * money


def _steps(n: int, entered: Any, left: Any, size: Floats) -> Floats:
    """What is open at each close when each size is there from its entry bar until before its exit bar.

    Rounded to 1e-9 of its largest value, so that what was added and taken off again leaves nothing.
    """
    change = np.zeros(n + 1)
    np.add.at(change, entered, size)
    np.add.at(change, left, -size)
    level = np.cumsum(change)[:n]
    count = np.zeros(n + 1, dtype=np.int64)
    np.add.at(count, entered, 1)
    np.add.at(count, left, -1)
    return np.where(np.cumsum(count)[:n] > 0, level, 0.0)
