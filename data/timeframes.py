"""Timeframes: names such as `M15`, `H4`, `H48`, `D1`, `W1`, `MN1`, and which nests in which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from data.errors import DataError

MINUTE = 60 * 1_000_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_NAME = re.compile(r"(MN|M|H|D|W)([1-9][0-9]{0,4})")
_LONGEST = {"M": 60 * 24 * 30, "H": 24 * 60, "D": 366, "W": 1, "MN": 1}


@dataclass(frozen=True, slots=True)
class Timeframe:
    """`unit` M, H, D, W or MN, `count` of them.

    Minutes and hours are fixed spans anchored at 1970-01-01 UTC. Days are the instrument's trading
    days (`D2`: two of them, counted from 1970-01-01), weeks its trading weeks, months those of its
    trading days.
    """

    unit: str
    count: int

    @property
    def name(self) -> str:
        return f"{self.unit}{self.count}"

    @property
    def fixed(self) -> int | None:
        """Length in nanoseconds of minute and hour frames; None for days, weeks and months."""
        if self.unit == "M":
            return self.count * MINUTE
        return self.count * HOUR if self.unit == "H" else None

    @property
    def nominal(self) -> int:
        """Usual length in nanoseconds, for ordering and for ages; a month counts as 30 days."""
        return self.count * {"M": MINUTE, "H": HOUR, "D": DAY, "W": 7 * DAY, "MN": 30 * DAY}[self.unit]


@lru_cache(maxsize=256)
def parse_timeframe(name: str) -> Timeframe:
    """Read a timeframe's name; a fixed span of whole hours is named in hours (`M120` is `H2`).

    Raises `DataError` RW724.
    """
    match = _NAME.fullmatch(name.strip().upper())
    if not match or int(match[2]) > _LONGEST[match[1]]:
        raise DataError("RW724", f"“{name}” is not a timeframe.", "Write M1, M15, H1, H4, D1, W1 or MN1.")
    unit, count = match[1], int(match[2])
    if unit == "M" and count % 60 == 0:
        return Timeframe("H", count // 60)
    return Timeframe(unit, count)


def from_nanoseconds(span: int) -> Timeframe | None:
    """The minute or hour frame, or `D1`, of this length; None when there is none."""
    if span == DAY:
        return Timeframe("D", 1)
    if span <= 0 or span % MINUTE or span > 60 * DAY:
        return None
    return parse_timeframe(f"M{span // MINUTE}")
