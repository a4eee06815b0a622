"""Values of other series and symbols, as they are known when a bar is decided on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.sessions import session_time
from data.timeframes import parse_timeframe
from engine.columns import Column, Floats, Times
from engine.compiled import load
from engine.evaluate.frame import Frame, numbers, truths

series: Any = load("engine.kernels.series")

_AGE = 2
"""Bars of another symbol after which its last value is no longer known."""


def align(x: Column, source: Frame, target: Frame, *, event: bool) -> Column:
    """The last value of `x`, a column of `source`, that is known at the close of each target bar.

    A value of another symbol is unknown once the market of that symbol was open for longer than two
    of its bars without a new one. An `event` holds only on the first target bar that closes at or
    after the close of its own bar.
    """
    if source is target:
        return x
    index = target.derive(("aligned", source.identity), lambda: _last_closed(source, target))
    if event:
        held = truths(len(target))
        before = int(np.searchsorted(source.bars.ts_close, target.bars.ts_open[0], side="right")) - 1
        series.events_at(x, index, before, held)
        return held
    if x.dtype == np.uint8:
        found = truths(len(target))
        series.truths_at(x, index, found)
        return found
    out = numbers(len(target))
    series.numbers_at(x, index, out)
    return out


def _last_closed(source: Frame, target: Frame) -> Times:
    """For each target bar the last source bar closed by then, −1 where none is or it is too old."""
    index: Times = np.empty(len(target), np.int64)
    series.last_closed(source.bars.ts_close, target.bars.ts_close, index)
    if source.instrument.symbol != target.instrument.symbol:
        closes = session_time(source.bars.ts_close, source.instrument)
        length = parse_timeframe(source.bars.timeframe).fixed
        lengths = closes - session_time(source.bars.ts_open, source.instrument) if length is None else length
        expires = closes + _AGE * lengths
        now = session_time(target.bars.ts_close, source.instrument)
        index[now > expires[index]] = -1
    return index


def rank(x: Column, frame: Frame, others: Sequence[tuple[Frame, Column]]) -> Floats:
    """1 + the number of other symbols whose value on the bar of the same time is above x.

    Unknown where x is; unknown values of others do not count; ties are ordered by symbol.
    """
    out = np.where(np.isnan(x), np.nan, 1.0) if len(x) == len(frame) else np.full(len(frame), 1.0)
    for other, y in others:
        series.outrank(
            x, frame.bars.ts_open, y, other.bars.ts_open, other.instrument.symbol < frame.instrument.symbol, out
        )
    return out
