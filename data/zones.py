"""Time zones over whole columns: offsets are looked up per change of the clock, never per row.

Times are UTC nanoseconds; a local date is a count of days since 1970-01-01, a local clock time a
minute of the day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from data.clocks import resolve_zone
from data.timeframes import DAY, MINUTE

Times = NDArray[np.int64]

SECOND = 1_000_000_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def _offset_seconds(zone: ZoneInfo, second: int) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


@lru_cache(maxsize=256)
def _transitions(name: str, first_year: int, last_year: int) -> tuple[Times, Times]:
    """Instants (ns) from which an offset (ns) holds, over the years given, the first one included."""
    base, shift = resolve_zone(name)
    zone = ZoneInfo(base)
    start = int(datetime(first_year, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(last_year + 1, 1, 1, tzinfo=UTC).timestamp())
    instants, offsets = [start], [_offset_seconds(zone, start)]
    step = 7 * 86_400
    for low in range(start, end, step):
        high = min(low + step, end)
        after = _offset_seconds(zone, high)
        if after != offsets[-1]:
            known, reached = low, high
            while reached - known > 1:
                middle = (known + reached) // 2
                if _offset_seconds(zone, middle) == offsets[-1]:
                    known = middle
                else:
                    reached = middle
            instants.append(reached)
            offsets.append(after)
    return (
        np.array(instants, dtype=np.int64) * SECOND,
        (np.array(offsets, dtype=np.int64) + shift) * SECOND,
    )


def transitions_between(zone: str, start: int, end: int) -> tuple[Times, Times]:
    """Instants from which an offset holds and the offsets (both ns), covering `start` to `end`.

    The span is widened to whole years and by a day on both sides, so that local times near its ends
    are covered too.
    """
    low = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=(start - 2 * DAY) // SECOND)
    high = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=(end + 2 * DAY) // SECOND)
    return _transitions(zone, max(low.year, _FIRST_YEAR), min(high.year, _LAST_YEAR))


def utc_offsets(ts: Times, zone: str) -> Times:
    """Local time − UTC (ns) at each UTC instant."""
    if len(ts) == 0:
        return np.zeros(0, dtype=np.int64)
    instants, offsets = transitions_between(zone, int(ts.min()), int(ts.max()))
    return offsets[np.searchsorted(instants, ts, side="right") - 1]


def to_local(ts: Times, zone: str) -> Times:
    """The local wall clock, written as if it were UTC (ns)."""
    if len(ts) and bool((ts[1:] >= ts[:-1]).all()):
        instants, offsets = transitions_between(zone, int(ts[0]), int(ts[-1]))
        edges = np.searchsorted(ts, instants[1:], side="left")
        out = ts.copy()
        for offset, low, high in zip(offsets, [0, *edges], [*edges, len(ts)], strict=True):
            out[low:high] += offset
        return out
    return ts + utc_offsets(ts, zone)


def clock_of(ts: Times, zone: str) -> tuple[Times, NDArray[np.int32]]:
    """Local date (days since 1970-01-01) and minute of the day of each UTC instant."""
    local = to_local(ts, zone)
    days = local // DAY
    return days, ((local - days * DAY) // MINUTE).astype(np.int32)


def to_utc(local: Times, zone: str, *, last: bool = False) -> Times:
    """The UTC instant of each local wall time (ns, written as if it were UTC).

    A wall time that the clock skips is the next existing minute. One that it repeats is the first
    of the two, or the last if `last`.
    """
    if len(local) == 0:
        return np.zeros(0, dtype=np.int64)
    instants, offsets = transitions_between(zone, int(local.min()), int(local.max()))
    if last:
        index = np.maximum(np.searchsorted(instants + offsets, local, side="right") - 1, 0)
        ends = np.append(instants[1:], np.iinfo(np.int64).max)
        late: Times = np.minimum(local - offsets[index], ends[index])
        return late
    index = np.searchsorted(instants[1:] + offsets[:-1], local, side="right")
    early: Times = np.maximum(local - offsets[index], instants[index])
    return early
