"""One currency in another, with what was known at the time: traded pairs first, then ECB fixings.

The ECB publishes its reference rates around 16:00 in Frankfurt; a fixing is used from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.bars import Bars
from data.checks import show_time
from data.errors import DataError
from data.timeframes import DAY, HOUR
from data.zones import to_utc

Times = NDArray[np.int64]
Floats = NDArray[np.float64]
Quotes = Callable[[str, str], Bars | None]

FIXINGS = Path(__file__).with_name("samples") / "ecb_fixings.parquet"
KNOWN_AT = 16 * HOUR
STALE = 10 * DAY
"""A fixing or close older than this says nothing; the longest holidays are five days."""


def rates(currency: str, account: str, times: Times, quotes: Quotes) -> Floats:
    """Units of `account` for one unit of `currency` at each time. See `Market.rate`."""
    if currency == account:
        return np.ones(len(times))
    out = _pair(currency, account, times, quotes)
    if "USD" not in (currency, account) and np.isnan(out).any():
        crossed = _pair(currency, "USD", times, quotes) * _pair("USD", account, times, quotes)
        out = np.where(np.isnan(out), crossed, out)
    unknown = np.isnan(out)
    if unknown.any():
        fixed = _fixed(currency, account, times)
        out = np.where(unknown, fixed, out)
    unknown = np.isnan(out)
    if unknown.any():
        raise DataError(
            "RW723",
            f"There is no rate of {currency} in {account} at {show_time(int(times[np.argmax(unknown)]))} UTC.",
            f"Add bars of {currency}{account} or {account}{currency} with --data, or choose another account currency.",
        )
    return out


def _pair(base: str, quote: str, times: Times, quotes: Quotes) -> Floats:
    """Mid price of a traded pair, either way round, as of its last closed bar; NaN where unknown."""
    for bars, inverse in ((quotes(base, quote), False), (quotes(quote, base), True)):
        if bars is not None:
            middle = bars.close + bars.spread / 2
            known = _as_of(bars.ts_close, middle, times)
            return 1 / known if inverse else known
    return np.full(len(times), np.nan)


def _fixed(base: str, quote: str, times: Times) -> Floats:
    if len(times) == 0 or not {base, quote} <= fixed_currencies():
        return np.full(len(times), np.nan)
    since, for_base = _fixings(base)
    known_base = _as_of(since, for_base, times)
    since, for_quote = _fixings(quote)
    return _as_of(since, for_quote, times) / known_base


def _as_of(since: Times, values: Floats, times: Times) -> Floats:
    """The last value known at each time; NaN before the first and when it is stale."""
    index = np.searchsorted(since, times, side="right") - 1
    held = np.maximum(index, 0)
    return np.where((index >= 0) & (times - since[held] <= STALE), values[held], np.nan)


@lru_cache(maxsize=1)
def fixed_currencies() -> frozenset[str]:
    """Currencies that the embedded fixings hold, the euro included."""
    import pyarrow.parquet as pq

    return frozenset(name for name in pq.read_schema(FIXINGS).names if name != "day") | {"EUR"}


@lru_cache(maxsize=64)
def _fixings(currency: str) -> tuple[Times, Floats]:
    """When each fixing became known (UTC ns), and units of `currency` for one euro."""
    import pyarrow.parquet as pq

    from data.arrow import to_numpy

    columns = ["day"] if currency == "EUR" else ["day", currency]
    table = pq.ParquetFile(FIXINGS).read(columns=columns)
    days = to_numpy(table.column("day")).astype(np.int64)
    since = to_utc(days * DAY + KNOWN_AT, "Europe/Berlin")
    if currency == "EUR":
        return since, np.ones(len(days))
    values = to_numpy(table.column(currency))
    fixed = ~np.isnan(values)
    return since[fixed], values[fixed]
