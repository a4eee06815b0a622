"""What `decide` needs of the calendar, as instants: trading days, nights of swap, clock triggers.

Everything is computed for the span of the bars, by day and not by bar.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.bars import Bars
from data.clocks import clock_minutes
from data.instruments import WEEKDAYS, Instrument
from data.sessions import day_start, session_time, trading_day, weekday_of
from data.timeframes import DAY, MINUTE
from data.zones import to_local, to_utc

Times = NDArray[np.int64]
Floats = NDArray[np.float64]

VOLATILITY_DAYS = 60
YEAR_DAYS = 252
_LATE = np.iinfo(np.int64).max
SWAP_YEAR = 360
"""Brokers charge a yearly swap rate by 360 days."""


def trading_days(bars: Bars, instrument: Instrument) -> tuple[int, Times]:
    """The first trading day (days since 1970-01-01) and the starts of all dates the bars span (UTC ns)."""
    edges = np.array([bars.ts_open[0], bars.ts_close[-1]], dtype=np.int64)
    first, last = (int(day) for day in trading_day(edges, instrument))
    return first, day_start(np.arange(first, last + 2, dtype=np.int64), instrument)


def account_days(start: int, end: int, day_begins: str) -> Times:
    """Starts (UTC ns) of the account's days from `start` to `end`; `day_begins` is `17:00 America/New_York`."""
    clock, _, zone = day_begins.partition(" ")
    local = to_local(np.array([start, end], dtype=np.int64), zone)
    days = np.arange(local[0] // DAY - 1, local[1] // DAY + 2, dtype=np.int64)
    return to_utc(days * DAY + clock_minutes(clock) * MINUTE, zone)


def swaps(
    bars: Bars, instrument: Instrument, rates: Floats, first_day: int, starts: Times
) -> tuple[Floats, Floats] | None:
    """Money that one lot held long, and short, has been paid by the start of each day; None for no swap.

    A night is charged when a trading day from Monday to Friday ends, three times on the triple day,
    by the price and rate of the last bar before.
    """
    if instrument.swap_long == 0 and instrument.swap_short == 0:
        return None
    weekdays = weekday_of(np.arange(first_day, first_day + len(starts) - 1, dtype=np.int64))
    nights = (weekdays < 5).astype(np.float64)
    if instrument.swap_triple_day in WEEKDAYS:
        nights[weekdays == WEEKDAYS.index(instrument.swap_triple_day)] = 3.0
    before = np.maximum(np.searchsorted(bars.ts_open, starts[1:], side="left") - 1, 0)
    money = nights * instrument.contract_size * (rates[before] if len(rates) > 1 else rates[0])
    if instrument.swap_mode == "percent":
        money = money * bars.close[before] / 100 / SWAP_YEAR
    else:
        money = money * instrument.point
    paid = np.concatenate(([0.0], np.cumsum(money)))
    return paid * instrument.swap_long, paid * instrument.swap_short


def volatility(bars: Bars, starts: Times) -> Floats:
    """Annual deviation of daily log returns as known at the start of each day, NaN until it can be.

    Sample deviation of the last 60 returns between closes of trading days, times √252.
    """
    closed = np.searchsorted(bars.ts_close, starts, side="right") - 1
    out = np.full(len(starts), np.nan)
    fresh = np.flatnonzero((closed >= 0) & (closed != np.concatenate(([-1], closed[:-1]))))
    returns = np.diff(np.log(bars.close[closed[fresh]]))
    for k in range(VOLATILITY_DAYS, len(returns) + 1):
        out[fresh[k]] = np.std(returns[k - VOLATILITY_DAYS : k], ddof=1) * np.sqrt(YEAR_DAYS)
    known = np.maximum.accumulate(np.where(np.isnan(out), -1, np.arange(len(out))))
    return np.where(known >= 0, out[np.maximum(known, 0)], np.nan)


def open_time(instrument: Instrument) -> Any:
    """A function of two instants: ns for which the market was open between them."""

    def between(a: int, b: int) -> int:
        reached = session_time(np.array([a, b], dtype=np.int64), instrument)
        return int(reached[1] - reached[0])

    return between


def strikes(bars: Bars, instrument: Instrument, clock: str, zone: str, days: tuple[str, ...]) -> Times:
    """The bars at whose close a clock trigger acts, rising.

    On each named local date the first close at or after the time; where the market is closed then,
    the last close before it.
    """
    local = to_local(np.array([bars.ts_open[0], bars.ts_close[-1]], dtype=np.int64), zone)
    dates = np.arange(local[0] // DAY - 1, local[1] // DAY + 2, dtype=np.int64)
    if days:
        wanted = np.array([day in days for day in WEEKDAYS])
        dates = dates[wanted[weekday_of(dates)]]
    instants = to_utc(dates * DAY + clock_minutes(clock) * MINUTE, zone)
    instants = instants[instants > bars.ts_open[0]]
    index = np.searchsorted(bars.ts_close, instants, side="left")
    before = np.maximum(index - 1, 0)
    shut = session_time(instants, instrument) == session_time(bars.ts_close[before], instrument)
    shut &= (bars.ts_close[before] < instants) & (np.append(bars.ts_close, _LATE)[index] > instants)
    bar = np.where(shut, before, index)
    return np.unique(bar[bar < len(bars)]).astype(np.int64)
