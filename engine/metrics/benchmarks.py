"""What the money would have done without the strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from data.bars import Bars
    from data.instruments import Instrument

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
    time: Ints,
    start: int,
    cash: float,
    currency: str,
    symbols: Sequence[str],
    bars: Mapping[str, Bars],
    instruments: Mapping[str, Instrument],
) -> Floats:
    """Equity at each moment of `time` of holding all symbols at equal weights; costs: see above.

    The result of a part is `units * (bid - first ask)` in the quote currency, converted at each
    moment with prices of `bars`, as on a margin account. A part waits as cash until its symbol's
    first bar that opens at or after `start`. Raises `NoBenchmarkError`.
    """
    total = np.zeros(len(time))
    part = cash / len(symbols)
    for symbol in symbols:
        series = bars.get(symbol)
        if series is None:
            raise NoBenchmarkError(f"no bars of {symbol} were given")
        first = int(np.searchsorted(series.ts_open, start))
        if first >= len(series):
            raise NoBenchmarkError(f"{symbol} has no bars in the period")
        rate = _account_rate(symbol, currency, series, bars, instruments)
        ask = float(series.open[first] + series.spread[first])
        units = part / (ask * rate[first])
        value = part + units * (series.close - ask) * rate
        value[:first] = part
        total += _as_known(time, series.ts_close, value, part)
    return total


def _as_known(time: Ints, closes: Ints, values: Floats, before: float) -> Floats:
    """`values` as known at each moment: `before` until the first bar has closed."""
    begin = int(np.searchsorted(closes, time[0])) if len(time) else 0
    if np.array_equal(closes[begin : begin + len(time)], time):
        return values[begin : begin + len(time)]
    at = np.searchsorted(closes, time, side="right") - 1
    return np.where(at >= 0, values[np.maximum(at, 0)], before)


def _account_rate(
    symbol: str,
    currency: str,
    series: Bars,
    bars: Mapping[str, Bars],
    instruments: Mapping[str, Instrument],
) -> Floats:
    """Account money for one unit of the symbol's quote currency at each of its bars' closes."""
    instrument = instruments.get(symbol)
    if instrument is None:
        raise NoBenchmarkError(f"{symbol} is not a known instrument")
    quote = instrument.quote_currency
    if quote == currency:
        return np.ones(len(series))
    if instrument.base_currency == currency:
        return np.asarray(1.0 / series.close)
    for name, other in bars.items():
        pair = instruments.get(name)
        if pair is None or {pair.base_currency, pair.quote_currency} != {quote, currency}:
            continue
        at = np.maximum(np.searchsorted(other.ts_close, series.ts_close, side="right") - 1, 0)
        price = other.close[at]
        return price if pair.base_currency == quote else np.asarray(1.0 / price)
    raise NoBenchmarkError(f"there are no prices to convert {quote} into {currency}")
