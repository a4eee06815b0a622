"""Columns shared between runs: a sweep over parameters computes each distinct expression once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from engine.columns import Column

_KEYS = 1_000_000
"""Distinct expressions after which the cache starts anew."""


class ColumnCache:
    """Keeps the columns used last, up to `limit` bytes; give it to each `evaluate` of a sweep.

    Expressions are told apart by structure, parameter values and bars, never by Plan. For one
    thread: give every worker its own.
    """

    def __init__(self, limit: int = 256 * 2**20) -> None:
        self._limit = limit
        self.size = 0
        """Bytes held."""
        self._columns: OrderedDict[int, Column] = OrderedDict()
        self._numbers: dict[Hashable, int] = {}
        self.shared: dict[Any, Any] = {}
        """What does not depend on settings: frames of bars, schedules of Plans."""

    def number_of(self, expression: Hashable) -> int:
        """A small number for this expression, the same whenever it is met."""
        number = self._numbers.get(expression)
        if number is None:
            number = self._numbers[expression] = len(self._numbers)
        return number

    def get(self, number: int) -> Column | None:
        column = self._columns.get(number)
        if column is not None:
            self._columns.move_to_end(number)
        return column

    def put(self, number: int, column: Column) -> None:
        if number in self._columns:
            return
        self._columns[number] = column
        self.size += column.nbytes
        while self.size > self._limit:
            _, oldest = self._columns.popitem(last=False)
            self.size -= oldest.nbytes

    def begin(self) -> None:
        """Called before a run: keeps the table of expressions from growing without end."""
        if len(self._numbers) > _KEYS:
            self._numbers.clear()
            self._columns.clear()
            self.size = 0
