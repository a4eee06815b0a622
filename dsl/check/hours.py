"""Trading hours of instruments: whether a time of day ever falls into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from dsl.words import WEEKDAYS


class SessionFacts(Protocol):
    """Trading hours of one weekday in the instrument's zone; `close` may be `24:00`."""

    @property
    def day(self) -> str: ...
    @property
    def open(self) -> str: ...
    @property
    def close(self) -> str: ...


class InstrumentFacts(Protocol):
    """What the compiler may ask of a symbol; `data.instruments.Instrument` is one."""

    @property
    def symbol(self) -> str: ...
    @property
    def asset_class(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def sessions(self) -> Sequence[SessionFacts]: ...


Instruments = Mapping[str, InstrumentFacts]

_YEAR = 2024
"""Any year will do: one week of each month meets every combination of summer times."""


def never_open(facts: InstrumentFacts, clock: str, zone: str, days: Iterable[str]) -> str | None:
    """The first of `days` (all, when none are named) on which `clock` is never inside a session.

    Without named days the time must be inside on no day of the week at all; the answer is then
    `any day`. The close of a session counts as inside: an exit then is due at its last close.
    """
    there, here = _zone(zone), _zone(facts.zone)
    named = tuple(days)
    closed = [day for day in named or WEEKDAYS if not _ever_open(facts, clock, there, here, day)]
    if named:
        return closed[0] if closed else None
    return "any day" if len(closed) == len(WEEKDAYS) else None


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _ever_open(facts: InstrumentFacts, clock: str, there: tzinfo, here: tzinfo, day: str) -> bool:
    hour, minute = int(clock[:2]), int(clock[3:])
    for month in range(1, 13):
        first = datetime(_YEAR, month, 8, hour, minute, tzinfo=there)
        local = (first + timedelta(days=(WEEKDAYS.index(day) - first.weekday()) % 7)).astimezone(here)
        name, time = WEEKDAYS[local.weekday()], f"{local:%H:%M}"
        before = WEEKDAYS[(local.weekday() - 1) % 7]
        for session in facts.sessions:
            if session.day == name and session.open <= time <= session.close:
                return True
            if session.day == before and session.close == "24:00" and time == "00:00":
                return True
    return False
