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

STRETCH = 1 << 15
"""Bars worked on at a time: a million bars at once would double the memory of a backtest."""


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
    floating: Floats | None = None
    notional: Floats | None = None
    for number, priced in enumerate(symbols):
        own = {name: column[trades["symbol"] == number] for name, column in trades.items()}
        opened, closed = (np.searchsorted(time, times[number][own[bar] - priced.first]) for bar in _BARS)
        np.add.at(balance, opened, -own["commission"] / 2)
        np.add.at(balance, closed, own["profit"] + own["swap"] - own["commission"] / 2)
        worth, bound = _open(own, priced)
        if len(symbols) > 1:
            last = np.searchsorted(times[number], time, side="right") - 1
            worth = np.where(last >= 0, worth[np.maximum(last, 0)], 0.0)
            bound = np.where(last >= 0, bound[np.maximum(last, 0)], 0.0)
        floating = worth if floating is None else floating + worth
        notional = bound if notional is None else notional + bound
    assert floating is not None
    assert notional is not None
    np.cumsum(balance, out=balance)
    balance += cash
    floating += balance
    return Curve(time, floating, balance, _exposure(notional, floating))


_BARS = ("entry_bar", "exit_bar")


def _exposure(notional: Floats, equity: Floats) -> Floats:
    """Notional over equity, 0 where nothing is left; the array of the notional is used up."""
    ruined = equity <= 0
    np.divide(notional, equity, out=notional, where=~ruined)
    notional[ruined] = 0.0
    return notional


def _open(own: dict[str, Any], priced: Priced) -> tuple[Floats, Floats]:
    """Floating result and notional of the open lots at each close, a stretch of bars at a time."""
    n = priced.end - priced.first
    entered = own["entry_bar"] - priced.first
    left = own["exit_bar"] - priced.first
    side, size = own["side"], own["lots"]
    signed = size * side
    sizes = [size, signed, signed * own["entry_price"]]
    if priced.swaps is not None:
        entry_day = np.searchsorted(priced.days, priced.bars.ts_open[own["entry_bar"]], side="right") - 1
        for sign, reached in ((1, priced.swaps[0]), (-1, priced.swaps[1])):
            held = np.where(side == sign, size, 0.0)
            sizes += [held, held * reached[entry_day]]
    open_lots = _Open(entered, left, np.array(sizes))
    worth, bound = np.empty(n), np.empty(n)
    for begin in range(0, n, STRETCH):
        part = slice(begin, min(begin + STRETCH, n))
        bars = slice(priced.first + part.start, priced.first + part.stop)
        level = open_lots.stretch(part.start, part.stop)
        money = priced.contract * (priced.rates if len(priced.rates) == 1 else priced.rates[bars])
        mark = priced.bars.close[bars] + np.where(level[1] < 0, priced.bars.spread[bars], 0.0)
        worth[part] = (level[1] * mark - level[2]) * money
        bound[part] = level[0] * mark * money
        if priced.swaps is not None:
            day = np.searchsorted(priced.days, priced.bars.ts_open[bars], side="right") - 1
            worth[part] += level[3] * priced.swaps[0][day] - level[4]
            worth[part] += level[5] * priced.swaps[1][day] - level[6]
    return worth, bound


class _Open:
    """Sums over the open lots, each there from its entry bar until before its exit bar.

    Where nothing is open every sum is exactly 0, so that what was added and taken off leaves nothing.
    """

    def __init__(self, entered: Any, left: Any, sizes: NDArray[np.float64]) -> None:
        bars = np.concatenate((entered, left))
        order = np.argsort(bars, kind="stable")
        self._bars = bars[order]
        self._sizes = np.concatenate((sizes, -sizes), axis=1)[:, order]
        self._counts = np.concatenate((np.ones(len(entered), np.int64), np.full(len(left), -1)))[order]
        self._level = np.zeros(len(sizes))
        self._count = 0

    def stretch(self, begin: int, end: int) -> NDArray[np.float64]:
        """The sums at bars `begin` to `end`, one row each; stretches are asked for in order."""
        own = slice(*np.searchsorted(self._bars, (begin, end)))
        bars = self._bars[own] - begin
        levels = np.zeros((len(self._level), end - begin))
        levels[:, 0] = self._level
        counts = np.zeros(end - begin, dtype=np.int64)
        counts[0] = self._count
        for row, sizes in zip(levels, self._sizes[:, own], strict=True):
            np.add.at(row, bars, sizes)
        np.add.at(counts, bars, self._counts[own])
        np.cumsum(levels, axis=1, out=levels)
        np.cumsum(counts, out=counts)
        levels[:, counts == 0] = 0.0
        self._level, self._count = levels[:, -1].copy(), int(counts[-1])
        return levels
