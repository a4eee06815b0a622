"""Trading hours: which trading day a time belongs to, whether the market is open, clock windows.

A trading day runs from the instrument's day boundary to the next one. It is named after the date on
which it ends when it starts in the afternoon (17:00 New York: Sunday evening is Monday), else after
the date on which it starts. Times on days without any session belong to the next day that has one.
Days are counts since 1970-01-01; Monday is weekday 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from data.clocks import clock_minutes
from data.instruments import WEEKDAYS, Instrument
from data.timeframes import DAY, MINUTE
from data.zones import to_local, to_utc

Times = NDArray[np.int64]

WEEK = 7 * DAY
_MONDAY = 3 * DAY
"""1970-01-01 was a Thursday; adding this makes weeks begin on Monday."""


def weekday_of(days: Times) -> Times:
    """Weekday of each date, Monday = 0; `WEEKDAYS` has the names."""
    return (days + 3) % 7


def _boundary(instrument: Instrument) -> tuple[int, int]:
    """Minute of the day at which the trading day starts, and by how many days its name is ahead."""
    minute = clock_minutes(instrument.day_boundary)
    return minute, 1 if minute >= 12 * 60 else 0


@lru_cache(maxsize=64)
def _session_minutes(instrument: Instrument) -> tuple[tuple[int, int], ...]:
    """Sessions as half-open spans of local minutes since Monday 00:00, in order."""
    spans = []
    for session in instrument.sessions:
        base = WEEKDAYS.index(session.day) * 24 * 60
        spans.append((base + clock_minutes(session.open), base + clock_minutes(session.close)))
    return tuple(sorted(spans))


@lru_cache(maxsize=64)
def trading_weekdays(instrument: Instrument) -> tuple[bool, ...]:
    """For Monday to Sunday: whether the trading day of that name has any session."""
    minute, ahead = _boundary(instrument)
    traded = [False] * 7
    for low, high in _session_minutes(instrument):
        for edge in (low, high - 1):
            traded[((edge - minute) // (24 * 60) + ahead) % 7] = True
    return tuple(traded)


def _steps(instrument: Instrument, direction: int) -> NDArray[np.int64]:
    """For each weekday, days to go to the nearest trading weekday in that direction, 0 if it is one."""
    traded = trading_weekdays(instrument)
    return np.array([next(k for k in range(7) if traded[(day + direction * k) % 7]) for day in range(7)])


def next_trading_day(days: Times, instrument: Instrument) -> Times:
    """Each date, or the first later one with a session."""
    return days + _steps(instrument, 1)[weekday_of(days)]


def previous_trading_day(days: Times, instrument: Instrument) -> Times:
    """Each date, or the last earlier one with a session."""
    return days - _steps(instrument, -1)[weekday_of(days)]


def trading_day(ts: Times, instrument: Instrument) -> Times:
    """The trading day (days since 1970-01-01) that each UTC instant (ns) belongs to."""
    minute, ahead = _boundary(instrument)
    days = (to_local(ts, instrument.zone) - minute * MINUTE) // DAY + ahead
    return next_trading_day(days, instrument)


def day_start(days: Times, instrument: Instrument) -> Times:
    """UTC instants (ns) at which the trading days begin."""
    minute, ahead = _boundary(instrument)
    return to_utc((days - ahead) * DAY + minute * MINUTE, instrument.zone)


def day_end(days: Times, instrument: Instrument) -> Times:
    """UTC instants (ns) at which the trading days end."""
    return day_start(days + 1, instrument)


def session_close(days: Times, instrument: Instrument) -> Times:
    """UTC instants (ns) at which the last session of each trading day closes."""
    return _session_edge(days, instrument, last=True)


def session_open(days: Times, instrument: Instrument) -> Times:
    """UTC instants (ns) at which the first session of each trading day opens."""
    return _session_edge(days, instrument, last=False)


def _session_edge(days: Times, instrument: Instrument, *, last: bool) -> Times:
    minute, ahead = _boundary(instrument)
    edges = np.zeros(7, dtype=np.int64)
    for day in range(7):
        begin = (day - ahead) * 24 * 60 + minute
        inside = _cut(instrument, begin)
        if inside:
            edges[day] = (max(high for _, high in inside) if last else min(low for low, _ in inside)) - day * 24 * 60
    return to_utc(days * DAY + edges[weekday_of(days)] * MINUTE, instrument.zone)


def _cut(instrument: Instrument, begin: int) -> list[tuple[int, int]]:
    """Sessions cut to the 24 hours from `begin` (minutes since Monday 00:00, may be negative)."""
    week = 7 * 24 * 60
    shifted = [(low + k * week, high + k * week) for low, high in _session_minutes(instrument) for k in (-1, 0, 1)]
    cut = [(max(low, begin), min(high, begin + 24 * 60)) for low, high in shifted]
    return [(low, high) for low, high in cut if low < high]


def _in_week(ts: Times, instrument: Instrument) -> Times:
    """Local time since Monday 00:00 (ns)."""
    return (to_local(ts, instrument.zone) + _MONDAY) % WEEK


def in_session(ts: Times, instrument: Instrument) -> NDArray[np.bool_]:
    """Whether the market is open at each UTC instant (a session's close is outside it)."""
    spans = np.array(_session_minutes(instrument), dtype=np.int64) * MINUTE
    position = _in_week(ts, instrument)
    index = np.searchsorted(spans[:, 0], position, side="right") - 1
    inside: NDArray[np.bool_] = (index >= 0) & (position < spans[index, 1])
    return inside


def session_time(ts: Times, instrument: Instrument) -> Times:
    """Nanoseconds of open market up to each UTC instant, from an arbitrary origin.

    The difference of two is the time the market was open between them, holidays not known. A change
    of the clock while the market is open counts as wall time does.
    """
    spans = np.array(_session_minutes(instrument), dtype=np.int64) * MINUTE
    lengths = spans[:, 1] - spans[:, 0]
    knots = np.append(spans.ravel(), WEEK).astype(np.float64)
    ends = np.cumsum(lengths)
    reached = np.append(np.column_stack((ends - lengths, ends)).ravel(), ends[-1]).astype(np.float64)
    local = to_local(ts, instrument.zone) + _MONDAY
    weeks = local // WEEK
    within = np.interp((local - weeks * WEEK).astype(np.float64), knots, reached)
    return weeks * int(ends[-1]) + np.rint(within).astype(np.int64)


def months_of(days: Times) -> Times:
    """Months since 1970-01 of each date."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_span(months: Times) -> tuple[Times, Times]:
    """First and last date of each month."""
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first, following - 1


def _count(first: Times, last: Times, instrument: Instrument) -> Times:
    mask = "".join("1" if traded else "0" for traded in trading_weekdays(instrument))
    counted = np.busday_count(first.astype("datetime64[D]"), (last + 1).astype("datetime64[D]"), weekmask=mask)
    return np.asarray(counted, dtype=np.int64)


def trading_day_of_month(days: Times, instrument: Instrument) -> Times:
    """1 for the first trading day of the month, and so on; by weekday, holidays are not known."""
    first, _ = month_span(months_of(days))
    return _count(first, days, instrument)


def trading_days_left_in_month(days: Times, instrument: Instrument) -> Times:
    """Trading days after this one in its month: 0 on the last; by weekday, holidays are not known."""
    _, last = month_span(months_of(days))
    return _count(days + 1, last, instrument)


@dataclass(frozen=True, eq=False)
class ClockWindows:
    """A daily clock range as UTC spans `[start, end)`, one for each local date from `first_day` on."""

    first_day: int
    start: Times
    end: Times


def clock_windows(first_day: int, last_day: int, start: str, end: str, zone: str) -> ClockWindows:
    """The windows `start` to `end` (HH:MM) that begin on the local dates given, last one included.

    A start the clock skips is the next existing minute, a repeated one the first; a repeated end is
    the last. An end at or before the start lies on the next date.
    """
    days = np.arange(first_day, last_day + 1, dtype=np.int64)
    low, high = clock_minutes(start), clock_minutes(end)
    ends = days + 1 if high <= low else days
    return ClockWindows(
        first_day,
        to_utc(days * DAY + low * MINUTE, zone),
        to_utc(ends * DAY + high * MINUTE, zone, last=True),
    )


def window_of(
    ts_open: Times, ts_close: Times, start: str, end: str, zone: str
) -> tuple[NDArray[np.bool_], Times, ClockWindows]:
    """Which bars lie wholly inside the clock range, and in the window of which date.

    Returns whether each bar does, the local date on which its window begins (meaningless where it
    does not), and the windows from the day before the first bar to the day after the last.
    """
    if len(ts_open) == 0:
        return np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.int64), clock_windows(0, 0, start, end, zone)
    days = to_local(ts_open, zone) // DAY
    windows = clock_windows(int(days[0]) - 1, int(days[-1]) + 1, start, end, zone)
    index = days - windows.first_day
    inside = (ts_open >= windows.start[index]) & (ts_close <= windows.end[index])
    if clock_minutes(end) <= clock_minutes(start):
        earlier = ~inside & (ts_close <= windows.end[index - 1]) & (ts_open >= windows.start[index - 1])
        days = days - earlier
        inside |= earlier
    return inside, days, windows
