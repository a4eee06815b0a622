"""Names of time zones and clock times, as people write them. No arrays here: commands start with it."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.errors import DataError

SHORT_NAMES = {
    "london": "Europe/London",
    "new_york": "America/New_York",
    "tokyo": "Asia/Tokyo",
    "frankfurt": "Europe/Berlin",
    "sydney": "Australia/Sydney",
    "chicago": "America/Chicago",
    "gmt": "UTC",
    "utc": "UTC",
    "z": "UTC",
    "server": "America/New_York+7",
    "eet": "Europe/Athens",
    "cet": "Europe/Berlin",
    "est": "UTC-5",
}
"""`server` is the clock on which the trading day of 17:00 New York starts at midnight, as most MT5
servers show it. A terminal's own offset is learned from its ticks, not from here."""

_SHIFT = re.compile(r"(.+?)([+-])(\d{1,2})(?::?([0-5]\d))?")


@lru_cache(maxsize=64)
def resolve_zone(name: str) -> tuple[str, int]:
    """The IANA zone behind `name` and a fixed shift in seconds on top of it.

    Takes IANA names, the short names of the language, `UTC+2` and `New_York+7` (the zone's own
    daylight saving, seven hours later). Raises `DataError` RW729.
    """
    text = name.strip().replace(" ", "_")
    known = SHORT_NAMES.get(text.lower())
    if known is not None and known != text:
        return resolve_zone(known)
    try:
        ZoneInfo(text)
        return text, 0
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    shifted = _SHIFT.fullmatch(text)
    if shifted and int(shifted[3]) <= 14:
        base, seconds = resolve_zone(shifted[1])
        size = int(shifted[3]) * 3600 + int(shifted[4] or 0) * 60
        return base, seconds + (size if shifted[2] == "+" else -size)
    raise DataError(
        "RW729",
        f"“{name}” is not a known time zone.",
        "Write a name such as Europe/London, London, UTC, UTC+2 or New_York+7.",
    )


def clock_minutes(clock: str) -> int:
    """`HH:MM` as a minute of the day, `24:00` included. Raises `ValueError` for anything else."""
    hours, _, minutes = clock.partition(":")
    value = int(hours) * 60 + int(minutes)
    if not (len(minutes) == 2 and 0 <= int(minutes) < 60 and 0 <= value <= 24 * 60):
        raise ValueError(f"{clock!r} is not a clock time")
    return value
