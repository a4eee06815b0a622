"""Operations that read the clock and the calendar of the bars themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from data.instruments import WEEKDAYS
from data.periods import period_of, period_span
from data.sessions import (
    clock_windows,
    trading_day_of_month,
    trading_days_left_in_month,
    weekday_of,
)
from data.timeframes import DAY, parse_timeframe
from data.zones import to_local
from dsl.plan import PlanNode
from engine.columns import FALSE, TRUE, Column, Floats, Times
from engine.compiled import load
from engine.evaluate.frame import Frame, numbers, truths, whole

series: Any = load("engine.kernels.series")

Args = tuple[Any, ...]
Operation = Callable[[PlanNode, Args, Frame], Column]

_MODES = {"highest": 0, "high": 0, "lowest": 1, "low": 1, "first": 2, "open": 2, "last": 3, "close": 3}
"""How the kernels combine the values of a span, by the name of a function or of a price."""


def _clock_spans(node: PlanNode, frame: Frame) -> tuple[Times, Times]:
    """Start and end (UTC) of every window of this clock range that the bars can touch."""

    def make() -> tuple[Times, Times]:
        edges = np.array([frame.bars.ts_open[0], frame.bars.ts_close[-1]])
        first, last = to_local(edges, node["zone"]) // DAY
        spans = clock_windows(int(first) - 2, int(last) + 1, node["start"], node["end"], node["zone"])
        end = spans.end.copy()
        np.minimum(end[:-1], spans.start[1:], out=end[:-1])
        return spans.start, end

    return frame.derive(("clock", node["start"], node["end"], node["zone"]), make)


def _window(node: PlanNode, args: Args, frame: Frame) -> Column:
    start, end = _clock_spans(node, frame)
    length = parse_timeframe(frame.bars.timeframe).nominal
    least = np.maximum(1, -(-((end - start) // length) // 2))
    out = numbers(len(frame))
    x = whole(args[0], len(frame))
    series.windows(x, frame.bars.ts_open, frame.bars.ts_close, start, end, least, _MODES[node["name"]], out)
    return out


def _time_between(node: PlanNode, args: Args, frame: Frame) -> Column:
    out = truths(len(frame))
    series.inside(frame.bars.ts_open, frame.bars.ts_close, *_clock_spans(node, frame), out)
    return out


def _so_far(node: PlanNode, args: Args, frame: Frame) -> Column:
    timeframe = parse_timeframe(node["timeframe"])
    opens = frame.bars.ts_open
    period = frame.derive(("period", timeframe), lambda: period_of(opens, timeframe, frame.instrument))
    out = numbers(len(frame))
    series.so_far(frame.price(node["field"]), period, _MODES[node["field"]], out)
    if frame.begun_before(int(period_span(period[:1], timeframe, frame.instrument)[0][0])):
        out[: np.searchsorted(period, period[0], side="right")] = np.nan
    return out


def _day_is(node: PlanNode, args: Args, frame: Frame) -> Column:
    wanted = np.full(7, FALSE, np.uint8)
    wanted[[WEEKDAYS.index(day) for day in node["days"]]] = TRUE
    out: Column = wanted[weekday_of(frame.trading_days())]
    return out


_CALENDAR: Mapping[str, Any] = {
    "trading_day_of_month": trading_day_of_month,
    "trading_days_left_in_month": trading_days_left_in_month,
}


def _calendar(node: PlanNode, args: Args, frame: Frame) -> Column:
    days = frame.trading_days()
    turns = np.flatnonzero(np.concatenate(([True], days[1:] != days[:-1])))
    values: Floats = _CALENDAR[node["name"]](days[turns], frame.instrument).astype(np.float64)
    return np.repeat(values, np.diff(np.append(turns, len(days))))


CLOCK: Mapping[str, Operation] = MappingProxyType(
    {
        "window": _window,
        "time_between": _time_between,
        "so_far": _so_far,
        "day_is": _day_is,
        "calendar": _calendar,
    }
)
