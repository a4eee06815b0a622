"""Higher bars from lower ones: exact closing times, the right day, nothing that was not known.

A higher bar exists when its period has bars and has ended by the close of the last bar at hand; a
period without bars makes none. Its spread is that of its last bar, its volume the sum.
"""

from __future__ import annotations

import numpy as np

from data.bars import Bars, make_bars
from data.errors import DataError
from data.instruments import Instrument
from data.periods import period_of, period_span
from data.sessions import session_time
from data.timeframes import parse_timeframe


def resample(bars: Bars, timeframe: str, instrument: Instrument) -> Bars:
    """`bars` as bars of a higher `timeframe`.

    A first period whose beginning the data does not reach is left out: its open, high and low are
    not known. Raises `DataError` RW722 when a bar lies across the edge of a period (4-hour bars across
    17:00 New York), or no period is complete.
    """
    lower, higher = parse_timeframe(bars.timeframe), parse_timeframe(timeframe)
    if lower == higher:
        return bars
    periods = period_of(bars.ts_open, higher, instrument)
    first = np.flatnonzero(np.concatenate(([True], periods[1:] != periods[:-1])))
    last = np.append(first[1:], len(bars)) - 1
    begin, end = period_span(periods[first], higher, instrument)
    if (bars.ts_close[last] > end).any():
        raise DataError(
            "RW722",
            f"{instrument.symbol} {higher.name} cannot be built from {lower.name} bars: their edges do not meet.",
            f"Give {higher.name} bars, or finer ones such as M15 or H1.",
        )
    ended = end <= bars.ts_close[-1]
    ended[0] &= _reaches(int(begin[0]), int(bars.ts_open[0]), instrument)
    if not ended.any():
        raise DataError("RW722", f"{bars.source} holds no complete {higher.name} bar of {instrument.symbol}.")
    return make_bars(
        bars.symbol,
        higher.name,
        ts_open=np.minimum(begin, bars.ts_open[first])[ended],
        ts_close=end[ended],
        open=bars.open[first][ended],
        high=np.maximum.reduceat(bars.high, first)[ended],
        low=np.minimum.reduceat(bars.low, first)[ended],
        close=bars.close[last][ended],
        volume=np.add.reduceat(bars.volume, first)[ended],
        spread=bars.spread[last][ended],
        source=f"{bars.source}, {higher.name} built from {lower.name}",
        synthetic=bars.synthetic,
        spread_stated=bars.spread_stated,
    )


def _reaches(begin: int, first: int, instrument: Instrument) -> bool:
    """Whether no open market lies between the beginning of a period and the first bar in it."""
    passed = session_time(np.array([min(begin, first), first], dtype=np.int64), instrument)
    return bool(passed[0] == passed[1])
