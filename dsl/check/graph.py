"""The expression graph while it is made: equal expressions are one item.

Items know what the checks ask of them: kind, value range, on which series they live, and what they
depend on. `numbered` turns the part that is used into the Plan's list of nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Any

from dsl.check import bounds
from dsl.diagnostics import Span
from dsl.kinds import ERROR
from dsl.plan import PlanNode, Series

POSITION = 1
"""Depends on the open position."""
MEMORY = 2
"""Depends on past trades."""
REMEMBERED = 4
"""Depends on a remembered value."""
R = 8
"""Depends on the initial risk of a trade."""
STATE = POSITION | MEMORY | REMEMBERED | R
EVENT = 16
"""A truth that holds only at the moment something happens."""
MOVES = 32
"""Reads bars: can differ from bar to bar."""

_UNION = POSITION | MEMORY | REMEMBERED | R | MOVES

DEPTH_CAP = 80
"""Expressions nested deeper than this are refused; nobody can review them."""

BaseSeries = ("self", "")


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One expression. `low` and `high` bound its value whenever it is known."""

    op: str
    kind: str
    args: tuple[Item, ...]
    attrs: tuple[tuple[str, Any], ...]
    series: tuple[str, str]
    flags: int
    low: float
    high: float
    depth: int
    span: Span

    @property
    def bad(self) -> bool:
        return self.kind == ERROR

    @property
    def constant(self) -> bool:
        return not self.flags & (STATE | MOVES)

    @property
    def state(self) -> bool:
        return bool(self.flags & STATE)

    @property
    def event(self) -> bool:
        return bool(self.flags & EVENT)

    def attr(self, name: str) -> Any:
        return next((value for key, value in self.attrs if key == name), None)

    def is_zero(self) -> bool:
        return self.op == "number" and self.low == 0


BAD = Item("error", ERROR, (), (), BaseSeries, 0, -inf, inf, 0, Span(0, 0))
"""What an expression with an error becomes; every check passes over it in silence."""


@dataclass(slots=True)
class Graph:
    """Makes items, each once."""

    series: tuple[str, str] = BaseSeries
    """The strategy's own bars."""
    _items: dict[tuple[Any, ...], Item] = field(default_factory=dict)

    def make(
        self,
        op: str,
        kind: str,
        args: tuple[Item, ...] = (),
        *,
        span: Span,
        series: tuple[str, str] | None = None,
        flags: int = 0,
        limits: tuple[float, float] | None = None,
        **attrs: Any,
    ) -> Item:
        """The item for this operation.

        `series` is stated by leaves and `align` only; other operations live where their arguments
        do. `limits` bound the value where the operation alone does not say it.
        """
        pairs = tuple(attrs.items())
        key = (op, kind, tuple(map(id, args)), series, pairs)
        found = self._items.get(key)
        if found is not None:
            return found
        depth = 0
        lives = series
        for arg in args:
            flags |= arg.flags & _UNION
            if arg.depth >= depth:
                depth = arg.depth + 1
            if lives is None and arg.flags & MOVES:
                lives = arg.series
        low, high = limits or bounds.of(op, [(a.low, a.high) for a in args])
        item = Item(op, kind, args, pairs, lives or self.series, flags, low, high, depth, span)
        self._items[key] = item
        return item


class Numbering:
    """Numbers items when a rule first asks for them, arguments before users."""

    def __init__(self, base: tuple[str, str]) -> None:
        self._number: dict[int, int] = {}
        self._series = {base: 0}
        self.items: list[Item] = []
        """In the order of their numbers."""

    def of(self, item: Item) -> int:
        """The number of this item in the Plan."""
        known = self._number.get(id(item))
        if known is not None:
            return known
        waiting = [(item, False)]
        while waiting:
            each, ready = waiting.pop()
            if id(each) in self._number:
                continue
            if ready:
                self._number[id(each)] = len(self.items)
                self._series.setdefault(each.series, len(self._series))
                self.items.append(each)
            else:
                waiting.append((each, True))
                waiting.extend((arg, False) for arg in reversed(each.args))
        return self._number[id(item)]

    def maybe(self, item: Item | None) -> int | None:
        return None if item is None else self.of(item)

    def knows(self, item: Item) -> bool:
        return id(item) in self._number

    def nodes(self) -> tuple[PlanNode, ...]:
        number, series = self._number, self._series
        return tuple(
            [
                PlanNode(
                    item.op,
                    item.kind,
                    tuple([number[id(arg)] for arg in item.args]),
                    series[item.series],
                    "state" if item.flags & STATE else "market",
                    dict(item.attrs),
                )
                for item in self.items
            ]
        )

    def series(self) -> tuple[Series, ...]:
        return tuple([Series(*key) for key in self._series])

    def sources(self) -> dict[int, Span]:
        """Where each node was first written."""
        return {number: item.span for number, item in enumerate(self.items)}
