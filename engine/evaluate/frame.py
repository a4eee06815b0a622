"""The bars an expression is evaluated on, and what is derived from them once and shared."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from data.sessions import session_time, trading_day
from engine.columns import Column, Floats, Times, Truths

if TYPE_CHECKING:
    from data.bars import Bars
    from data.instruments import Instrument

T = TypeVar("T")

_MEANS = {"hl2": ("high", "low"), "hlc3": ("high", "low", "close"), "ohlc4": ("open", "high", "low", "close")}


@dataclass(slots=True)
class Frame:
    """Bars of one symbol on one timeframe, with their instrument."""

    bars: Bars
    instrument: Instrument
    _derived: dict[Any, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.bars)

    @property
    def identity(self) -> tuple[str, str, str]:
        """Equal for equal bars."""
        return self.bars.symbol, self.bars.timeframe, self.bars.sha256

    def price(self, name: str) -> Floats:
        """A field of the bars: a column of theirs, or the mean of several (`hl2`, `hlc3`, `ohlc4`)."""
        if name not in _MEANS:
            column: Floats = getattr(self.bars, name)
            return column
        return self.derive(name, lambda: self._mean(_MEANS[name]))

    def trading_days(self) -> Times:
        """The trading day each bar belongs to, as days since 1970-01-01."""
        return self.derive("trading_days", lambda: trading_day(self.bars.ts_open, self.instrument))

    def begun_before(self, instant: int) -> bool:
        """Whether the market was open between `instant` and the first bar, so that bars are missing."""
        first = self.bars.ts_open[0]
        passed = session_time(np.array([min(instant, first), first]), self.instrument)
        return bool(passed[0] != passed[1])

    def derive(self, key: Any, make: Callable[[], T]) -> T:
        """`make()`, made once for this frame."""
        if key not in self._derived:
            self._derived[key] = make()
        made: T = self._derived[key]
        return made

    def _mean(self, names: tuple[str, ...]) -> Floats:
        total = self.price(names[0]) + self.price(names[1])
        for name in names[2:]:
            total += self.price(name)
        total /= len(names)
        return total


class _Room(threading.local):
    """Columns whose memory may be used again, each thread its own."""

    def __init__(self) -> None:
        self.free: list[Floats] = []


_ROOM = _Room()


def numbers(size: int) -> Floats:
    """Room for a column of numbers, that of a column nobody needs any more if there is one.

    Memory that a process has not touched before costs more than the arithmetic that fills it.
    """
    while _ROOM.free:
        room = _ROOM.free.pop()
        if len(room) == size:
            return room
    return np.empty(size)


def give_back(column: Column) -> None:
    """A column the caller has no more use for: where nobody else refers to it, its room is used again."""
    references = sys.getrefcount(column)
    if references <= _ONLY_THE_CALLERS and column.dtype == np.float64 and column.flags.owndata:
        _ROOM.free.append(column)  # type: ignore[arg-type]  # the dtype says that these are numbers


def forget_room() -> None:
    """Let go of all room that was given back."""
    _ROOM.free.clear()


def lend(columns: dict[Any, Column], key: Any) -> None:
    """The next column may be written over this one: only `columns` refers to it, for the last time."""
    column = columns[key]
    references = sys.getrefcount(column)
    if references <= _ONLY_THE_DICT and column.dtype == np.float64 and column.flags.owndata:
        _ROOM.free.append(column)  # type: ignore[arg-type]  # as above


def _references_in(columns: dict[Any, Column], key: Any) -> int:
    column = columns[key]
    return sys.getrefcount(column)


def _references(column: Column) -> int:
    return sys.getrefcount(column)


def _references_of_a_callers_own() -> int:
    column = np.empty(1)
    return _references(column)


_ONLY_THE_CALLERS = _references_of_a_callers_own()
_ONLY_THE_DICT = _references_in({0: np.empty(1)}, 0)
"""What `give_back` and `lend` count where nobody else holds the column; it differs between versions of Python."""


def truths(size: int) -> Truths:
    """Room for a column of truth values."""
    return np.empty(size, np.uint8)


def whole(column: Column, size: int) -> Column:
    """The column with one element a bar, also where it had a single one."""
    return column if len(column) == size else np.full(size, column[0])
