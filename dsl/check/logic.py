"""Conditions that can never be true, and conditions that always are.

Comparisons of one expression with numbers become intervals of that expression; a conjunction whose
intervals do not meet is never true. Parameters stand for their whole range, so that nothing is
called impossible that some setting makes possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from dsl.check.context import Context
from dsl.check.graph import Item
from dsl.check.sides import at_least
from dsl.diagnostics import Span

_FLIP = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
_NEGATED = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
_BRANCHES = 64
"""Combinations of alternatives tried before a condition is left unjudged."""

Literal = tuple[Item, bool]
"""A condition and whether it is wanted true."""


@dataclass(slots=True)
class _Interval:
    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False

    def narrow(self, op: str, low: float, high: float) -> None:
        """Keep what satisfies `x op y` for some y between `low` and `high`."""
        if op in ("gt", "ge", "eq") and (low, op == "gt") > (self.low, self.low_open):
            self.low, self.low_open = low, op == "gt"
        if op in ("lt", "le", "eq") and (-high, op == "lt") > (-self.high, self.high_open):
            self.high, self.high_open = high, op == "lt"

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))


@dataclass(slots=True)
class _Facts:
    """What a conjunction says, gathered until two of its parts contradict each other."""

    intervals: dict[tuple[object, ...], _Interval] = field(default_factory=dict)
    literals: dict[int, bool] = field(default_factory=dict)
    days: frozenset[str] | None = None
    different: set[tuple[object, ...]] = field(default_factory=set)
    impossible: bool = False

    def copy(self) -> _Facts:
        intervals = {k: _Interval(v.low, v.high, v.low_open, v.high_open) for k, v in self.intervals.items()}
        return _Facts(intervals, dict(self.literals), self.days, set(self.different), self.impossible)

    def note(self, item: Item, wanted: bool) -> None:
        """The same condition wanted both true and false is a contradiction."""
        self.impossible |= self.literals.setdefault(id(item), wanted) != wanted

    def add(self, item: Item, wanted: bool) -> None:
        self.note(item, wanted)
        if item.op in _FLIP:
            self._compare(item.op if wanted else _NEGATED[item.op], *item.args)
        elif wanted and item.op in ("cross_above", "cross_below"):
            self._compare("gt" if item.op == "cross_above" else "lt", *item.args)
        elif wanted and item.op == "between":
            self._compare("ge", item.args[0], item.args[1])
            self._compare("le", item.args[0], item.args[2])
        elif item.op == "between":
            x, low, high = item.args
            unit = _measure(low)[0] or _measure(high)[0]
            self.impossible |= unit is None and low.high <= x.low and x.high <= high.low
        elif wanted and item.op == "day_is":
            days = frozenset(item.attr("days"))
            self.days = days if self.days is None else self.days & days
            self.impossible |= not self.days
        elif wanted and item.op == "held":
            self.add(item.args[0], True)

    def _compare(self, op: str, left: Item, right: Item) -> None:
        if left is right:
            self.impossible |= op in ("lt", "gt", "ne")
            return
        if left.constant and not right.constant:
            op, left, right = _FLIP[op], right, left
        if right.constant:
            unit, low, high = _measure(right)
            start = _Interval(left.low, left.high) if unit is None else _Interval()
            self._narrow((id(left), unit), start, op, low, high)
            if right.op == "quantity" and unit is not None:
                self._sign(left, op, low)
        else:
            if id(left) > id(right):
                op, left, right = _FLIP[op], right, left
            self._narrow((id(left), id(right)), _Interval(*_difference(left, right)), op, 0, 0)

    def _sign(self, left: Item, op: str, value: float) -> None:
        """A measure in a unit of its own still has a sign: a distance over 0 is not below -5 pips."""
        if op in ("lt", "le", "eq") and (value < 0 or (value == 0 and op == "lt")) and left.low >= 0:
            self.impossible = True
        if op in ("gt", "ge", "eq") and (value > 0 or (value == 0 and op == "gt")) and left.high <= 0:
            self.impossible = True

    def _narrow(self, key: tuple[object, ...], start: _Interval, op: str, low: float, high: float) -> None:
        interval = self.intervals.setdefault(key, start)
        if op == "ne":
            if low == high:
                self.different.add((key, low))
        else:
            interval.narrow(op, low, high)
        fixed = interval.low == interval.high
        self.impossible |= interval.empty or (fixed and (key, interval.low) in self.different)


def _measure(item: Item) -> tuple[str | None, float, float]:
    """A constant's unit, when values of its kind have no common measure, and its range."""
    if item.op == "quantity" and item.kind in ("distance", "money"):
        value = item.attr("value")
        return item.attr("unit"), value, value
    if item.op == "param" and item.kind in ("distance", "money"):
        return f"param {item.attr('name')}", 0, 0
    if item.kind in ("distance", "money") and not (item.low == item.high == 0):
        return f"expression {id(item)}", 0, 0
    return None, item.low, item.high


def _difference(left: Item, right: Item) -> tuple[float, float]:
    """Bounds of left − right as far as bars tell: a high is never below a low."""
    if left.kind == "price" and right.kind == "price":
        return (0 if at_least(left, right) else -inf), (0 if at_least(right, left) else inf)
    return -inf, inf


def never(*parts: Literal) -> bool:
    """Whether these conditions can be shown never to hold together."""
    return _refuted(list(parts), _Facts(), [], [_BRANCHES])


def _refuted(waiting: list[Literal], facts: _Facts, choices: list[list[Literal]], budget: list[int]) -> bool:
    while waiting:
        item, wanted = waiting.pop()
        if facts.literals.get(id(item)) is wanted:
            continue
        if item.op in ("not", "and", "or"):
            facts.note(item, wanted)
        if item.op == "not":
            waiting.append((item.args[0], not wanted))
        elif item.op == ("and" if wanted else "or"):
            waiting.extend((arg, wanted) for arg in item.args)
        elif item.op in ("and", "or"):
            choices.append([(arg, wanted) for arg in item.args])
        else:
            facts.add(item, wanted)
        if facts.impossible:
            return True
    if not choices:
        return False
    for option in choices[0]:
        budget[0] -= 1
        if budget[0] < 0 or not _refuted([option], facts.copy(), choices[1:], budget):
            return False
    return True


def judged(c: Context, item: Item, span: Span) -> Item:
    """The condition, or silence after saying that it never holds; always holding is only warned of."""
    if never((item, True)):
        return c.say("RW601", span, f"{c.quote(span)} can never be true.", _never_fix(c, item))
    if item.op != "and" and never((item, False)):
        c.say("RW602", span, f"{c.quote(span)} is always true.", "Leave it out, or correct what it is compared with.")
    return item


def _never_fix(c: Context, item: Item) -> str:
    if item.op not in _FLIP and not item.op.startswith("cross"):
        return "The parts contradict each other: change one, or join them with `or`."
    left, right = item.args
    for side, other in ((left, right), (right, left)):
        if other.constant and not side.constant:
            return f"{c.quote(side.span)} {_range(side)}. Correct the number it is compared with."
    window = next((x for x in (left, right) if x.op == "builtin"), None)
    if window is not None:
        name = c.quote(window.span).strip("`")
        return f"`{name}` includes this very bar. Write `{name}[1]` for the bars before it."
    return "Compare it with something it can reach."


def _range(item: Item) -> str:
    low, high = f"{item.low:g}", f"{item.high:g}"
    if item.high == inf:
        return f"is never below {low}"
    if item.low == -inf:
        return f"is never above {high}"
    return f"lies between {low} and {high}"
