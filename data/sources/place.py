"""Wall-clock times of a file to UTC openings and closings, and the timeframe they are on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.checks import bad_rows, show_time
from data.errors import SHOWN, DataError, DataWarning, Problem
from data.instruments import Instrument
from data.periods import period_of, period_of_day, period_span
from data.sessions import day_end, day_start, next_trading_day, previous_trading_day
from data.sources.rows import Rows
from data.timeframes import DAY, HOUR, Timeframe, from_nanoseconds, parse_timeframe
from data.zones import to_utc

Times = NDArray[np.int64]

_RUN = 30
"""Bars in a row on another timeframe before a file counts as mixed, not as having gaps."""


@dataclass(frozen=True, eq=False)
class Placed:
    timeframe: Timeframe
    ts_open: Times
    ts_close: Times
    warnings: tuple[DataWarning, ...]


def place(
    name: str,
    rows: Rows,
    instrument: Instrument,
    *,
    timeframe: str | None,
    zone: str | None,
    line_of: Callable[[int], int | None],
) -> Placed:
    """Where each row stands in UTC. `timeframe` and `zone` are what was stated, if anything.

    A zone that the file itself names comes before a stated one. Raises `DataError` RW712, RW713,
    RW716 or RW718.
    """
    warnings: list[DataWarning] = []
    frame = parse_timeframe(timeframe) if timeframe else _infer(name, rows)
    wall, own_zone = rows.times.wall, rows.zone or zone
    if _are_dates(rows, frame) and rows.zone is None and zone is None:
        opened, closed = _dated(name, rows, frame, instrument)
        return Placed(frame, opened, closed, ())
    if rows.times.offset is not None:
        opened, own_zone = wall - rows.times.offset, None
        offsets = np.unique(rows.times.offset)
        if len(offsets) > 1:
            listed = ", ".join(f"{o / HOUR:+g} h" for o in offsets[:4].tolist())
            warnings.append(DataWarning("RW766", f"{name}: times carry {len(offsets)} UTC offsets ({listed})."))
    elif own_zone is None:
        raise DataError(
            "RW716",
            f"In which time zone are the times of {name}? The first is {show_time(int(wall[0]))}.",
            "State it with --zone: New_York+7 for most MT5 servers, else a name such as Europe/London or UTC+2.",
        )
    else:
        opened = to_utc(wall, own_zone)
    if frame.fixed is not None:
        _check_grid(name, wall, frame, line_of)
        closed = opened + frame.fixed
        if own_zone is not None and frame.fixed > HOUR:
            closed = np.minimum(closed, to_utc(wall + frame.fixed, own_zone))
        return Placed(frame, opened, closed, tuple(warnings))
    begin, end = period_span(period_of(opened, frame, instrument), frame, instrument)
    if bool((begin == opened).all()):
        return Placed(frame, opened, end, tuple(warnings))
    if frame != Timeframe("D", 1):
        row = int(np.argmax(begin != opened))
        text = f"{show_time(int(opened[row]))} UTC is not the beginning of a {frame.name} bar of {instrument.symbol}"
        raise bad_rows(name, [Problem("RW713", row, text, line_of(row))], int((begin != opened).sum()))
    closed = opened + DAY if own_zone is None else to_utc(wall + DAY, own_zone)
    warnings.append(
        DataWarning(
            "RW762",
            f"{name}: its days begin at {show_time(int(opened[0]))[11:]} UTC, those of {instrument.symbol} at "
            f"{instrument.day_boundary} {instrument.zone}.",
        )
    )
    return Placed(frame, opened, closed, tuple(warnings))


def _are_dates(rows: Rows, frame: Timeframe) -> bool:
    """Whether times only name days: written without a clock, or as midnight at an offset of the exchange."""
    if rows.times.dated or rows.times.offset is None or frame.fixed is not None:
        return rows.times.dated
    return bool((rows.times.wall % DAY == 0).all() and (rows.times.offset != 0).all())


def _dated(name: str, rows: Rows, frame: Timeframe, instrument: Instrument) -> tuple[Times, Times]:
    """Dates are trading days of the instrument."""
    if frame.fixed is not None:
        raise DataError("RW718", f"{name} has dates without a time, which {frame.name} bars need.")
    days = rows.times.wall // DAY
    if frame.unit == "D" and frame.count == 1:
        return day_start(days, instrument), day_end(days, instrument)
    inside = previous_trading_day(days, instrument) if rows.labelled_by_end else next_trading_day(days, instrument)
    return period_span(period_of_day(inside, frame), frame, instrument)


def _infer(name: str, rows: Rows) -> Timeframe:
    """The timeframe whose length is the usual distance of the bars."""
    distances = np.diff(rows.times.wall)
    distances = distances[distances > 0]
    frame = None
    if len(distances):
        values, counts = np.unique(distances, return_counts=True)
        usual = int(values[np.argmax(counts)])
        if rows.times.dated or usual % DAY in (0, HOUR, 23 * HOUR):
            whole = round(usual / DAY)
            frames = {1: "D1", 7: "W1", **dict.fromkeys(range(28, 32), "MN1")}
            frame = parse_timeframe(frames[whole]) if whole in frames else None
        if frame is None and not rows.times.dated:
            frame = from_nanoseconds(usual)
        if frame is not None and not (rows.times.dated and frame.fixed is not None):
            return frame
    raise DataError(
        "RW718", f"Which timeframe has {name}? The distances of its bars do not tell.", "State --timeframe."
    )


def _check_grid(name: str, wall: Times, frame: Timeframe, line_of: Callable[[int], int | None]) -> None:
    assert frame.fixed is not None
    rest = wall % frame.fixed
    if rest.any():
        values, counts = np.unique(rest, return_counts=True)
        off = np.flatnonzero(rest != values[np.argmax(counts)])
        if len(off):
            problems = [
                Problem(
                    "RW713",
                    row,
                    f"{show_time(int(wall[row]))} is not the opening of a {frame.name} bar"
                    + (" (the last row: it was still forming)" if row == len(wall) - 1 else ""),
                    line_of(row),
                )
                for row in off[:SHOWN].tolist()
            ]
            raise bad_rows(name, problems, len(off), "Remove these rows, or state the right --timeframe.")
    distances = np.diff(wall)
    other = np.concatenate(([0], (distances > frame.fixed).astype(np.int8), [0]))
    begin, end = np.flatnonzero(np.diff(other) == 1), np.flatnonzero(np.diff(other) == -1)
    for low, high in zip(begin, end, strict=True):
        if high - low < _RUN:
            continue
        values, counts = np.unique(distances[low:high], return_counts=True)
        usual = from_nanoseconds(int(values[np.argmax(counts)]))
        if usual is not None and counts.max() >= 0.6 * (high - low):
            text = f"from here {high - low:,} bars are {usual.name} bars, the others {frame.name}"
            problem = Problem("RW712", int(low), text, line_of(int(low)))
            raise DataError(
                "RW712",
                f"{name}, {problem}.",
                "Give one file for each timeframe.",
                problems=[problem],
                count=int(high - low),
            )
