"""What is odd about bars without making them unusable: values for people, in one line each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data.bars import Bars
from data.checks import show_time
from data.errors import DataWarning
from data.instruments import Instrument
from data.sessions import in_session, session_open, session_time, trading_day, trading_weekdays, weekday_of
from data.timeframes import DAY, HOUR, parse_timeframe
from data.zones import utc_offsets

ROW_LIMITS = (10_000, 50_000, 57_600, 65_000, 65_535, 65_536, 100_000, 1_000_000, 1_048_575, 1_048_576)
"""Where terminals (57,600 hourly bars), spreadsheets and programs cut files."""


def findings(bars: Bars, instrument: Instrument) -> tuple[DataWarning, ...]:
    """Everything worth a look, most serious first."""
    tests: tuple[Callable[[Bars, Instrument], DataWarning | None], ...] = (
        _clock_of_weeks,
        _outside_sessions,
        _days_without_trading,
        _before_it_existed,
        _holes,
        _cut_off,
        _zero_spread,
        _flat,
        _repeated_opens,
        _extremes,
        _volume,
    )
    return tuple(found for test in tests if (found := test(bars, instrument)) is not None)


def _intraday(bars: Bars) -> int | None:
    span = parse_timeframe(bars.timeframe).fixed
    return span if span is not None and span <= HOUR else None


def _clock_of_weeks(bars: Bars, instrument: Instrument) -> DataWarning | None:
    """Compares the first bar after each weekend with the hour at which the market opens."""
    span = _intraday(bars)
    if span is None or all(trading_weekdays(instrument)) or len(bars) < 2:
        return None
    first = 1 + np.flatnonzero(np.diff(bars.ts_open) > 40 * HOUR)
    if len(first) < 3:
        return None
    opened = bars.ts_open[first]
    expected = session_open(trading_day(opened + 6 * HOUR, instrument), instrument)
    off = np.rint((opened - expected) / HOUR).astype(np.int64)
    values, counts = np.unique(off, return_counts=True)
    shifted = [
        (int(v), int(c))
        for v, c in zip(values, counts, strict=True)
        if 0 < abs(v) <= 12 and c >= max(2, len(off) // 20)
    ]
    if not shifted:
        return None
    hours, weeks = max(shifted, key=lambda item: item[1])
    where = show_time(int(opened[off == hours][0]))[:10]
    every = weeks == len(off)
    return DataWarning(
        "RW761",
        f"{bars.source}: {'all' if every else weeks} of {len(off)} weeks begin {abs(hours)} h "
        f"{'after' if hours > 0 else 'before'} the market opens, first on {where}: "
        + ("the zone is wrong." if every else "the file's clock changes on other dates than stated."),
    )


def _outside_sessions(bars: Bars, instrument: Instrument) -> DataWarning | None:
    if _intraday(bars) is None:
        return None
    outside = ~in_session(bars.ts_open, instrument)
    count = int(outside.sum())
    if not count:
        return None
    where = show_time(int(bars.ts_open[np.argmax(outside)]))
    return DataWarning(
        "RW757", f"{bars.source}: {count:,} bars lie outside the hours of {instrument.symbol}, first at {where}."
    )


def _days_without_trading(bars: Bars, instrument: Instrument) -> DataWarning | None:
    if bars.timeframe != "D1":
        return None
    middle = bars.ts_open + (bars.ts_close - bars.ts_open) // 2
    weekday = weekday_of((middle + utc_offsets(middle, instrument.zone)) // DAY)
    closed = ~np.array(trading_weekdays(instrument))[weekday]
    count = int(closed.sum())
    if not count:
        return None
    missing = [d for d in range(5) if trading_weekdays(instrument)[d] and not (weekday == d).any()]
    shifted = bool(missing) and len(bars) >= 10
    return DataWarning(
        "RW754",
        f"{bars.source}: {count:,} daily bars lie on days without trading, first at "
        f"{show_time(int(bars.ts_open[np.argmax(closed)]))}"
        + (": all dates look shifted by a day." if shifted else ": short Sunday bars, probably."),
    )


def _before_it_existed(bars: Bars, instrument: Instrument) -> DataWarning | None:
    if not instrument.since:
        return None
    since = int(np.datetime64(instrument.since, "ns").astype(np.int64))
    count = int(np.searchsorted(bars.ts_open, since))
    if not count:
        return None
    return DataWarning(
        "RW753", f"{bars.source}: {count:,} bars are older than {instrument.symbol} ({instrument.since})."
    )


def _holes(bars: Bars, instrument: Instrument) -> DataWarning | None:
    """More than one and a half days of open market without a bar (three days for daily bars)."""
    if len(bars) < 2 or bars.timeframe in ("W1", "MN1"):
        return None
    week = np.array([0, 7 * DAY], dtype=np.int64)
    open_week = int(np.diff(session_time(week, instrument))[0])
    days = 1.5 if parse_timeframe(bars.timeframe).fixed is not None else 3
    limit = days * open_week / sum(trading_weekdays(instrument))
    far = np.flatnonzero(bars.ts_open[1:] - bars.ts_close[:-1] > limit)
    if len(far) == 0:
        return None
    missed = session_time(bars.ts_open[far + 1], instrument) - session_time(bars.ts_close[far], instrument)
    far, missed = far[missed > limit], missed[missed > limit]
    if len(far) == 0:
        return None
    at = far[np.argmax(missed)]
    return DataWarning(
        "RW756",
        f"{bars.source}: {len(far)} hole{'s' if len(far) > 1 else ''} of days; the longest from "
        f"{show_time(int(bars.ts_close[at]))} to {show_time(int(bars.ts_open[at + 1]))}.",
    )


def _cut_off(bars: Bars, instrument: Instrument) -> DataWarning | None:
    if bars.synthetic or len(bars) not in ROW_LIMITS:
        return None
    return DataWarning("RW755", f"{bars.source} has exactly {len(bars):,} rows: older bars were probably cut off.")


def _zero_spread(bars: Bars, instrument: Instrument) -> DataWarning | None:
    count = int((bars.spread == 0).sum())
    if not count or bars.spread_stated:
        return None
    return DataWarning("RW751", f"{bars.source}: the spread is zero on {count:,} of {len(bars):,} bars.")


def _flat(bars: Bars, instrument: Instrument) -> DataWarning | None:
    flat = (bars.high == bars.low) & ~(bars.volume > 0)
    count = int(flat.sum())
    if count < 20 or count < 0.02 * len(bars):
        return None
    return DataWarning("RW758", f"{bars.source}: {count:,} of {len(bars):,} bars do not move and have no volume.")


def _repeated_opens(bars: Bars, instrument: Instrument) -> DataWarning | None:
    if bars.timeframe != "D1" or bars.synthetic or all(trading_weekdays(instrument)) or len(bars) < 100:
        return None
    count = int((bars.open[1:] == bars.close[:-1]).sum())
    if count < 0.1 * len(bars):
        return None
    return DataWarning(
        "RW767",
        f"{bars.source}: on {count:,} of {len(bars):,} days the open repeats the close before: it was not recorded.",
    )


def _extremes(bars: Bars, instrument: Instrument) -> DataWarning | None:
    """Moves from the close before to the high or low beyond thirty times the usual one, and 1 %."""
    before = bars.close[:-1]
    if len(before) < 100:
        return None
    move = np.maximum(bars.high[1:] / before, before / bars.low[1:]) - 1
    limit = max(0.01, 30 * float(np.median(move)))
    far = np.flatnonzero(move > limit)
    if len(far) == 0:
        return None
    order = far[np.argsort(-move[far], kind="stable")][:3]
    listed = ", ".join(f"{show_time(int(bars.ts_open[row + 1]))} ({100 * move[row]:.1f} %)" for row in order)
    return DataWarning("RW759", f"{bars.source}: {len(far)} bars move extremely far and stay: {listed}.")


def _volume(bars: Bars, instrument: Instrument) -> DataWarning | None:
    unknown = np.isnan(bars.volume)
    if unknown.all():
        return DataWarning("RW760", f"{bars.source} has no volume.")
    nil = int((unknown | ((bars.volume == 0) & (bars.high > bars.low))).sum())
    if nil == 0:
        return None
    return DataWarning("RW760", f"{bars.source}: volume is missing or zero on {nil:,} bars that move.")
