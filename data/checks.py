"""What makes rows unusable as bars. Each test is one pass over a column; rows are named only when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import SHOWN, DataError, Problem

Columns = Mapping[str, NDArray[Any]]
Bad = list[tuple[str, NDArray[np.bool_], Callable[[int], str]]]

PRICES = ("open", "high", "low", "close")


def show_time(ts: int) -> str:
    """A UTC instant (ns) for people: `2017-03-15 09:00`, with seconds only when there are any."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(ts) // 1000)
    return moment.strftime("%Y-%m-%d %H:%M" if ts % 60_000_000_000 == 0 else "%Y-%m-%d %H:%M:%S")


def problems_of(columns: Columns, line_of: Callable[[int], int | None] | None) -> tuple[list[Problem], int]:
    """The first `SHOWN` defects in file order, and how many rows have any."""
    if _clean(columns):
        return [], 0
    bad = _bad_prices(columns) + _bad_times(columns)
    hits = sorted((int(row), order) for order, (_, mask, _) in enumerate(bad) for row in np.flatnonzero(mask))
    shown = []
    for row, order in hits[:SHOWN]:
        code, _, text = bad[order]
        shown.append(Problem(code, row, text(row), line_of(row) if line_of else None))
    return shown, len({row for row, _ in hits})


def bad_rows(source: str, problems: Sequence[Problem], count: int, hint: str = "") -> DataError:
    """The error that names these of `count` bad rows of `source`, with the code of the first."""
    rest = count - len({problem.row for problem in problems[:SHOWN]})
    listed = "; ".join(str(problem) for problem in problems[:SHOWN])
    more = f"; and {rest} more" if rest > 0 else ""
    return DataError(
        problems[0].code,
        f"{source}: {count} bad row{'s' if count != 1 else ''}. {listed}{more}.",
        hint,
        problems=problems,
        count=count,
    )


def _clean(c: Columns) -> bool:
    """Whether every row is good. NaN fails each of these comparisons."""
    o, h, low, close, spread, volume = (c[n] for n in (*PRICES, "spread", "volume"))
    opened, closed = c["ts_open"], c["ts_close"]
    return bool(
        low.min() > 0
        and h.max() < np.inf
        and spread.min() >= 0
        and spread.max() < np.inf
        and (h >= o).all()
        and (h >= close).all()
        and (low <= o).all()
        and (low <= close).all()
        and (closed > opened).all()
        and (opened[1:] >= closed[:-1]).all()
        and not ((volume < 0) | np.isinf(volume)).any()
    )


def _bad_prices(c: Columns) -> Bad:
    o, h, low, close, spread, volume = (np.asarray(c[n]) for n in (*PRICES, "spread", "volume"))
    bad: Bad = []
    whole = np.ones(len(o), dtype=np.bool_)
    for name in PRICES:
        column = np.asarray(c[name])
        unknown = ~np.isfinite(column)
        negative = ~unknown & (column <= 0)
        whole &= ~unknown & ~negative
        bad.append(("RW706", unknown, _say(f"{name} is {{}}, not a price", column)))
        bad.append(("RW707", negative, _say(f"{name} is {{}}: a price is above zero", column)))
    bad.append(("RW710", whole & (h < low), _say("high {} is below low {}", h, low)))
    for name, column in (("open", o), ("close", close)):
        above, below = whole & (h >= low) & (column > h), whole & (h >= low) & (column < low)
        bad.append(("RW710", above, _say(f"{name} {{}} is above high {{}}", column, h)))
        bad.append(("RW710", below, _say(f"{name} {{}} is below low {{}}", column, low)))
    bad.append(("RW706", ~np.isfinite(spread), _say("spread is {}", spread)))
    bad.append(("RW711", spread < 0, _say("spread is {}: the ask is below the bid", spread)))
    bad.append(("RW706", np.isinf(volume), _say("volume is {}", volume)))
    bad.append(("RW705", volume < 0, _say("volume is {}: it cannot be negative", volume)))
    return bad


def _bad_times(c: Columns) -> Bad:
    opened, closed = np.asarray(c["ts_open"]), np.asarray(c["ts_close"])
    same, back, overlap = (np.zeros(len(opened), dtype=np.bool_) for _ in range(3))
    same[1:] = opened[1:] == opened[:-1]
    back[1:] = opened[1:] < opened[:-1]
    overlap[1:] = (opened[1:] > opened[:-1]) & (opened[1:] < closed[:-1])
    return [
        ("RW708", same, lambda row: f"the time {show_time(int(opened[row]))} is there already"),
        (
            "RW709",
            back,
            lambda row: f"the time {show_time(int(opened[row]))} is before {show_time(int(opened[row - 1]))} above it",
        ),
        (
            "RW712",
            overlap,
            lambda row: f"the bar at {show_time(int(opened[row]))} opens before the one above it has closed",
        ),
        ("RW713", closed <= opened, lambda row: f"the bar at {show_time(int(opened[row]))} has no length"),
    ]


def _say(pattern: str, *columns: NDArray[Any]) -> Callable[[int], str]:
    return lambda row: pattern.format(*(f"{float(column[row]):.10g}" for column in columns))
