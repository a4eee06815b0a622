"""What trading cost, and how much was traded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.errors import DataError
from engine.metrics.columns import floats, ints

if TYPE_CHECKING:
    from data.market import Market
    from engine.result import Trades

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Costs:
    """Money in account currency over the whole run; costs are positive, swap is signed."""

    commission: float
    swap: float
    """Positive is earned."""
    slippage: float
    spread: float | None
    """Paid by buying at the ask and selling at the bid; None without the bars' spreads."""
    total: float | None
    """commission + slippage + spread - swap; None when the spread is not known."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """Money value of everything bought and sold; None when it cannot be told from the trades."""

    traded: float | None
    times_a_year: float | None
    """`traded` over mean equity, for one year."""


def money_per_price(trades: Trades) -> Floats:
    """Account money that a move of 1 in price is worth, for the lots of each trade.

    Read off the trade itself: |profit / (exit price - entry price)|, which holds contract size and
    currency conversion. Where both prices are equal, the median per lot of the symbol's other
    trades; NaN where there is none.
    """
    move = np.abs(floats(trades, "exit_price") - floats(trades, "entry_price"))
    lots, symbols = floats(trades, "lots"), ints(trades, "symbol")
    value = np.full(len(move), np.nan)
    np.divide(np.abs(floats(trades, "profit")), move, out=value, where=move > 0)
    per_lot = value / np.where(lots > 0, lots, np.nan)
    for code in range(len(trades.symbols)):
        mine = symbols == code
        gaps = mine & np.isnan(value)
        known = per_lot[mine & ~np.isnan(per_lot)]
        if len(known) and gaps.any():
            value[gaps] = float(np.median(known)) * lots[gaps]
    return value


def turnover_of(trades: Trades, mean_equity: float, years: float) -> Turnover:
    """Traded value: lots at entry price plus lots at exit price, each in account money.

    times a year = traded / mean equity / years: how often the account's value was bought and sold.
    Source: the definition; both sides are counted, so that buying and selling once is 2.
    """
    if len(trades) == 0:
        return Turnover(0.0, 0.0)
    value = money_per_price(trades) * (floats(trades, "entry_price") + floats(trades, "exit_price"))
    if np.isnan(value).any():
        return Turnover(None, None)
    traded = float(value.sum())
    rated = mean_equity > 0 and years > 0
    return Turnover(traded, traded / mean_equity / years if rated else None)


def costs_of(trades: Trades, timeframe: str, market: Market) -> Costs:
    """Sum of each cost.

    Prices of bars are bid prices: a long pays the spread of its entry bar, a short that of its exit
    bar, once each. Spread and slippage are already inside the fill prices; they are stated here so
    that they can be seen.
    """
    commission = float(floats(trades, "commission").sum())
    swap = float(floats(trades, "swap").sum())
    slippage = float(floats(trades, "slippage").sum()) if "slippage" in trades.columns else 0.0
    spread = _spread_paid(trades, timeframe, market)
    total = None if spread is None else commission + slippage + spread - swap
    return Costs(commission, swap, slippage, spread, total)


def _spread_paid(trades: Trades, timeframe: str, market: Market) -> float | None:
    value = money_per_price(trades)
    bought = np.where(ints(trades, "side") > 0, ints(trades, "entry_time"), ints(trades, "exit_time"))
    paid = 0.0
    for code, symbol in enumerate(trades.symbols):
        mine = ints(trades, "symbol") == code
        if not mine.any():
            continue
        try:
            series = market.bars(symbol, timeframe)
        except DataError:
            return None
        at = np.clip(np.searchsorted(series.ts_open, bought[mine], side="right") - 1, 0, None)
        paid += float(np.sum(series.spread[at] * value[mine]))
    return paid if np.isfinite(paid) else None
