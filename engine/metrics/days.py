"""Trading days of the account: which bars make up one day of its equity curve.

A day is named by the date on which most of it falls: the day from Monday 17:00 to Tuesday 17:00
New York is Tuesday; the day from Monday 00:00 to Tuesday 00:00 is Monday.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.clocks import clock_minutes
from data.timeframes import DAY, MINUTE
from data.zones import to_local, to_utc

Ints = NDArray[np.int64]

YEAR = 365.25 * DAY


@dataclass(frozen=True, eq=False)
class TradingDays:
    """Days that hold at least one bar, in order.

    `label`: days since 1970-01-01 of the date that names the day. `last`: index of its last bar.
    `rests`: the market rests at weekends, so Saturday and Sunday belong to Monday.
    """

    label: Ints
    last: Ints
    rests: bool = True

    def __len__(self) -> int:
        return len(self.label)


def day_bounds(first: int, last: int, day_start: str) -> tuple[Ints, Ints]:
    """Ends (UTC nanoseconds) and labels of every calendar day that touches `first … last`.

    `day_start` is `HH:MM ZONE`. The local wall time decides, so that a day is 23 or 25 hours long
    where the clocks change.
    """
    clock, _, zone = day_start.partition(" ")
    minute = clock_minutes(clock)
    begin, stop = (to_local(np.array([first, last], dtype=np.int64), zone) // DAY).tolist()
    dates = np.arange(begin - 1, stop + 2, dtype=np.int64)
    return to_utc(dates * DAY + minute * MINUTE, zone), dates if minute >= 12 * 60 else dates - 1


def trading_days(closes: Ints, day_start: str) -> TradingDays:
    """Group bars by the day in which they close; a bar that closes on the boundary ends its day.

    Where under a tenth of the bars fall on a weekend they are stubs of a market that rests then
    (the hour after Friday's close, an early Sunday opening) and count as Monday's.
    `closes`: increasing bar closing times, UTC nanoseconds.
    """
    if len(closes) == 0:
        return TradingDays(np.empty(0, np.int64), np.empty(0, np.int64))
    ends, labels = day_bounds(int(closes[0]), int(closes[-1]), day_start)
    counts = np.searchsorted(closes, ends, side="right")
    bars = np.diff(counts, prepend=0)
    rests = bool(bars[_weekday(labels) >= 5].sum() < len(closes) / 10)
    labels = _monday(labels) if rests else labels
    kept = np.flatnonzero(bars > 0)
    kept = kept[np.diff(labels[kept], append=labels[-1] + 7) > 0]
    return TradingDays(labels[kept], counts[kept] - 1, rests)


def weekdays(times: Ints, day_start: str, rests: bool) -> Ints:
    """Weekday (0 = Monday) of the trading day of each moment; a moment on the boundary starts a day."""
    if len(times) == 0:
        return np.empty(0, np.int64)
    ends, labels = day_bounds(int(times.min()), int(times.max()), day_start)
    found = labels[np.searchsorted(ends, times, side="right")]
    return _weekday(_monday(found) if rests else found)


def _weekday(labels: Ints) -> Ints:
    return np.asarray((labels + 3) % 7)


def _monday(labels: Ints) -> Ints:
    """Saturdays and Sundays moved to the Monday after them."""
    return np.asarray(labels + np.maximum(7 - _weekday(labels), 0) * (_weekday(labels) >= 5))


def days_per_year(days: TradingDays) -> int:
    """How many daily returns make a year when a figure is annualised.

    252, the usual count of exchange days, for markets that rest at weekends; 365 where more than
    300 days a year have bars (crypto); the observed count where there are fewer than 150 (weekly
    bars). Under ten days nothing can be observed and 252 is used.
    """
    if len(days) < 10:
        return 252
    span = int(days.label[-1] - days.label[0])
    observed = (len(days) - 1) / span * 365.25
    if observed > 300:
        return 365
    return 252 if observed >= 150 else max(1, round(observed))
