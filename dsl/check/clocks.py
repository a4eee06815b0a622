"""Clock times, zones and timeframes as written, and what they mean."""

from __future__ import annotations

import re
from typing import Protocol

from dsl import words
from dsl.check.context import Context
from dsl.diagnostics import Span
from dsl.suggest import nearest

_MINUTES = {"M": 1, "H": 60, "D": 1440, "W": 10_080}
WEEKDAYS = words.WEEKDAYS
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")
MONTH = 43_200
"""Minutes by which a month bar is counted when histories are added up."""


class Range(Protocol):
    """What has a start and an end on the clock."""

    @property
    def start(self) -> str: ...
    @property
    def end(self) -> str: ...


def readable(*written: str) -> bool:
    """Whether these are times of day or timeframes, and not what the parser put where it could read
    none, which it has told."""
    return all(_CLOCK.fullmatch(text) or words.TIMEFRAME.fullmatch(text) for text in written)


def minutes(timeframe: str) -> int:
    """The length of a bar in minutes; `timeframe` is one that `words.TIMEFRAME` matches."""
    return MONTH if timeframe == "MN1" else _MINUTES[timeframe[0]] * int(timeframe[1:])


def length(window: Range) -> int:
    """Minutes from its start to its end, over midnight where the end comes first."""
    first, last = (int(time[:2]) * 60 + int(time[3:]) for time in (window.start, window.end))
    return (last - first) % 1440


def zone(c: Context, name: str | None, span: Span, time: str) -> str | None:
    """The IANA name (or `server`) of a zone as written; says what is wrong with it."""
    if name is None:
        c.say(
            "RW501",
            span,
            f"`{time}` by which clock? A time needs a zone.",
            f"Write `{time} London`, `{time} New_York` or `{time} UTC`.",
        )
        return None
    known = words.ZONES.get(name)
    if known is not None:
        return known
    if _exists(name):
        return name
    guess = nearest(name, words.ZONES)
    fix = f"Did you mean `{guess}`?" if guess else "Write London, New_York, Tokyo, Frankfurt, UTC or `Europe/Paris`."
    c.say("RW502", span, f"There is no time zone called `{name}`.", fix)
    return None


def _exists(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return "/" in name


def valid(c: Context, window: Range, span: Span) -> bool:
    """Whether the two ends of a window differ."""
    if not readable(window.start, window.end):
        return False
    if window.start != window.end:
        return True
    c.say(
        "RW504",
        span,
        f"`{window.start} to {window.end}` starts and ends at the same time.",
        "Give it two different times.",
    )
    return False
