"""What the money would have done without the strategy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.errors import DataError

if TYPE_CHECKING:
    from data.market import Market

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BUY_AND_HOLD_COSTS = (
    "Equal parts of the starting cash are put into each symbol at its first open, at the ask, in any "
    "fraction of a lot, without leverage, and held to the end at the bid. The spread is paid once; no "
    "commission, swap or dividend."
)


class NoBenchmarkError(ValueError):
    """The named benchmark cannot be computed from the data at hand; the message says why."""


def buy_and_hold(
    time: Ints, start: int, cash: float, currency: str, symbols: Sequence[str], timeframe: str, market: Market
) -> Floats:
    """Equity at each moment of `time` of holding all symbols at equal weights; costs: see above.

    The result of a part is `units * (bid - first ask)` in the quote currency, converted at each
    moment, as on a margin account. A part waits as cash until its symbol's first bar that opens at
    or after `start`. Raises `NoBenchmarkError` when there are no bars or no rate to convert with.
    """
    total = np.zeros(len(time))
    part = cash / len(symbols)
    for symbol in symbols:
        try:
            series = market.bars(symbol, timeframe)
            first = int(np.searchsorted(series.ts_open, start))
            if first >= len(series):
                raise NoBenchmarkError(f"{symbol} has no bars in the period.")
            rate = market.rate(market.instrument(symbol).quote_currency, currency, series.ts_close[first:])
        except DataError as error:
            raise NoBenchmarkError(error.sentence) from error
        ask = float(series.open[first] + series.spread[first])
        value = np.full(len(series), part)
        value[first:] += part / (ask * rate[0]) * (series.close[first:] - ask) * rate
        total += _as_known(time, series.ts_close, value, part)
    return total


def _as_known(time: Ints, closes: Ints, values: Floats, before: float) -> Floats:
    """`values` as known at each moment: `before` until the first bar has closed."""
    begin = int(np.searchsorted(closes, time[0])) if len(time) else 0
    if np.array_equal(closes[begin : begin + len(time)], time):
        return values[begin : begin + len(time)]
    at = np.searchsorted(closes, time, side="right") - 1
    return np.where(at >= 0, values[np.maximum(at, 0)], before)
