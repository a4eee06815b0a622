"""Positions from trades, and what their results look like.

A position that is closed in parts is one position: its parts are the trades with the same
`position` number. A position of which any part was closed by the end of the data (reason `end`) was
still open: it did not end by the strategy's own rules, so it is counted apart and left out of the
hit rate, the profit factor, the expectancy and the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.timeframes import HOUR
from engine.metrics.columns import floats, ints, net_of
from engine.metrics.days import weekdays
from engine.result import Trades

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, eq=False)
class Positions:
    """One row a position, in the order of their last exits. Money is net of commission and swap."""

    number: Ints
    symbol: Ints
    rule: Ints
    side: Ints
    entry_time: Ints
    exit_time: Ints
    net: Floats
    risk: Floats
    """Money at risk at the first stop by the first fill, whatever was added; 0 without a stop."""
    bars_held: Ints
    exit_reason: Ints
    """Of the last exit."""
    open_at_end: Truths
    ambiguous: Truths

    def __len__(self) -> int:
        return len(self.number)

    def select(self, mask: Truths) -> Positions:
        return Positions(**{name: getattr(self, name)[mask] for name in self.__dataclass_fields__})

    @property
    def r(self) -> Floats:
        """Net result in multiples of the risk; NaN without a risk."""
        out = np.full(len(self), np.nan)
        np.divide(self.net, self.risk, out=out, where=self.risk > 0)
        return out


@dataclass(frozen=True, slots=True)
class TradeFigures:
    """What a set of closed positions earned. Undefined figures are None; see `figures_of`."""

    positions: int
    wins: int
    losses: int
    net: float
    hit_rate_percent: float | None
    profit_factor: float | None
    expectancy: float | None
    expectancy_r: float | None
    average_win: float | None
    average_loss: float | None
    best: float | None
    worst: float | None
    average_bars_held: float | None
    longest_losing_run: int


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of the positions that have something in common: a rule, a symbol, an hour."""

    name: str
    figures: TradeFigures


def positions_of(trades: Trades) -> Positions:
    """Merge the trades of each position; its rule, symbol and side are those of its first entry."""
    number, inverse = np.unique(ints(trades, "position"), return_inverse=True)
    count = len(number)
    entry = ints(trades, "entry_time")
    exit_ = ints(trades, "exit_time")
    by_entry = np.lexsort((entry, inverse))
    first = by_entry[np.searchsorted(inverse[by_entry], np.arange(count))]
    by_exit = np.lexsort((exit_, inverse))
    last = by_exit[np.searchsorted(inverse[by_exit], np.arange(count), side="right") - 1]
    held = np.zeros(count, dtype=np.int64)
    np.maximum.at(held, inverse, ints(trades, "bars_held"))
    of_first_fill = entry == entry[first][inverse]
    risk = np.where(of_first_fill, floats(trades, "risk"), 0.0)
    unprotected = np.bincount(inverse, weights=of_first_fill & (risk <= 0), minlength=count) > 0
    end_code = trades.reasons.index("end") if "end" in trades.reasons else -1
    ended = ints(trades, "exit_reason") == end_code
    merged = Positions(
        number=number,
        symbol=ints(trades, "symbol")[first],
        rule=ints(trades, "rule")[first],
        side=ints(trades, "side")[first],
        entry_time=entry[first],
        exit_time=exit_[last],
        net=np.bincount(inverse, weights=net_of(trades), minlength=count).astype(np.float64),
        risk=np.where(unprotected, 0.0, np.bincount(inverse, weights=risk, minlength=count)),
        bars_held=held,
        exit_reason=ints(trades, "exit_reason")[last],
        open_at_end=np.bincount(inverse, weights=ended, minlength=count) > 0,
        ambiguous=np.bincount(inverse, weights=floats(trades, "ambiguous"), minlength=count) > 0,
    )
    order = np.lexsort((merged.number, merged.exit_time))
    return Positions(**{name: getattr(merged, name)[order] for name in merged.__dataclass_fields__})


def figures_of(positions: Positions) -> TradeFigures:
    """Figures of closed positions, money net of commission and swap.

    A win has net > 0, a loss net < 0; a position that came out even is neither.
    hit rate = wins / positions; profit factor = money won / money lost, None without a loss;
    expectancy = mean net money; expectancy in R = mean of net / risk over positions with a stop;
    longest losing run = most losses in a row in the order of the exits.
    Source: Van Tharp, Trade Your Way to Financial Freedom (expectancy and R); Pardo, The Evaluation
    and Optimization of Trading Strategies (the rest).
    """
    return _figures(positions.net, positions.r, positions.bars_held)


def _figures(net: Floats, r: Floats, held: Ints) -> TradeFigures:
    count = len(net)
    won, lost = net > 0, net < 0
    wins, losses = int(won.sum()), int(lost.sum())
    money_won, money_lost = float(net[won].sum()), -float(net[lost].sum())
    r = r[~np.isnan(r)]
    return TradeFigures(
        positions=count,
        wins=wins,
        losses=losses,
        net=float(net.sum()),
        hit_rate_percent=100 * wins / count if count else None,
        profit_factor=money_won / money_lost if losses else None,
        expectancy=float(net.mean()) if count else None,
        expectancy_r=float(r.mean()) if len(r) else None,
        average_win=money_won / wins if wins else None,
        average_loss=-money_lost / losses if losses else None,
        best=float(net.max()) if count else None,
        worst=float(net.min()) if count else None,
        average_bars_held=float(held.mean()) if count else None,
        longest_losing_run=_longest_run(lost),
    )


def _longest_run(truths: Truths) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], truths, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def grouped(positions: Positions, key: Ints, names: Sequence[str]) -> tuple[Group, ...]:
    """Figures of the positions of each value of `key`, in the order of `names`, empty groups left out."""
    net, r, held = positions.net, positions.r, positions.bars_held
    groups = []
    for code in np.unique(key).tolist():
        mine = np.flatnonzero(key == code)
        groups.append(Group(names[code], _figures(net[mine], r[mine], held[mine])))
    return tuple(groups)


def by_hour(positions: Positions) -> tuple[Group, ...]:
    """By the UTC hour of the entry."""
    hours = positions.entry_time // HOUR % 24
    return grouped(positions, hours, [f"{hour:02d}:00" for hour in range(24)])


def by_weekday(positions: Positions, day_start: str, rests: bool) -> tuple[Group, ...]:
    """By the weekday of the account's trading day in which the position was entered."""
    return grouped(positions, weekdays(positions.entry_time, day_start, rests), WEEKDAYS)


def by_side(positions: Positions) -> tuple[Group, ...]:
    return grouped(positions, np.where(positions.side > 0, 0, 1), ("long", "short"))
