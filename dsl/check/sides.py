"""On which side of a reference price another price must lie, as far as that can be proved.

A price is written as a sum of parts; what remains after taking the reference from it has a sign when
every part has one. Bars give the rest: a high is never below a low of the same bar, the highest
high of some bars never below any price on them.
"""

from __future__ import annotations

from math import inf

from dsl.check.graph import Item

Terms = dict[int, tuple[Item, float, float]]
"""id → a part and the bounds of its factor."""

PARTS = 200
"""Parts of a sum that are looked at before its sign is left open."""

_FIELDS = frozenset({"open", "high", "low", "close", "hl2", "hlc3", "ohlc4"})


def offset(price: Item, reference: Item) -> tuple[float, float, bool]:
    """`(low, high, strict)`: the sign of price − reference as 0 or ±inf; strict when never 0."""
    terms: Terms = {}
    budget = [PARTS]
    _collect(price, 1.0, 1.0, terms, budget)
    _collect(reference, -1.0, -1.0, terms, budget)
    if budget[0] < 0:
        return -inf, inf, False
    return _sign([t for t in terms.values() if t[1:] != (0.0, 0.0)])


def at_least(a: Item, b: Item) -> bool:
    """Whether `a` is never below `b`, both prices."""
    if a is b:
        return True
    over, under = _extent(a, highest=True), _extent(b, highest=False)
    if over is None or under is None or a.series != b.series:
        return False
    overlap = over[1] <= under[2] and under[1] <= over[2]
    return overlap and (over[0] == under[0] or over[0] == "high" or under[0] == "low")


def _collect(item: Item, low: float, high: float, terms: Terms, budget: list[int]) -> None:
    budget[0] -= 1
    if budget[0] < 0:
        return
    if item.op in ("add", "sub"):
        _collect(item.args[0], low, high, terms, budget)
        _collect(item.args[1], *((low, high) if item.op == "add" else (-high, -low)), terms, budget)
        return
    if item.op == "neg":
        _collect(item.args[0], -high, -low, terms, budget)
        return
    if item.op in ("mul", "percent_of", "div"):
        factor, other = _factor(item)
        if factor is not None:
            corners = [x * y for x in (low, high) for y in factor]
            _collect(other, min(corners), max(corners), terms, budget)
            return
    known = terms.get(id(item))
    terms[id(item)] = (item, low + (known[1] if known else 0.0), high + (known[2] if known else 0.0))


def _factor(item: Item) -> tuple[tuple[float, float] | None, Item]:
    """A constant finite factor and what it scales."""
    left, right = item.args
    if item.op == "percent_of":
        left_bounds = (left.low / 100, left.high / 100)
        return (left_bounds if left.constant and abs(left_bounds[0]) < inf > abs(left_bounds[1]) else None), right
    if item.op == "div":
        if right.constant and right.low == right.high and right.low not in (0, inf, -inf):
            return (1 / right.low, 1 / right.low), left
        return None, left
    for scale, other in ((left, right), (right, left)):
        if scale.constant and scale.kind == "ratio" and abs(scale.low) < inf > abs(scale.high):
            return (scale.low, scale.high), other
    return None, left


def _sign(terms: list[tuple[Item, float, float]]) -> tuple[float, float, bool]:
    pair = [t for t in terms if t[0].kind == "price" and t[1] == t[2] and abs(t[1]) == 1]
    low = high = 0.0
    if len(pair) == 2 and pair[0][1] != pair[1][1]:
        above, below = (pair[0][0], pair[1][0]) if pair[0][1] > 0 else (pair[1][0], pair[0][0])
        if at_least(above, below):
            high = inf
        elif at_least(below, above):
            low = -inf
        else:
            return -inf, inf, False
        terms = [t for t in terms if t not in pair]
    strict = False
    for item, least, most in terms:
        if item.low >= 0 and least >= 0:
            high = inf
        elif (item.low >= 0 and most <= 0) or (item.high <= 0 and least >= 0):
            low = -inf
        elif item.high <= 0 and most <= 0:
            high = inf
        else:
            return -inf, inf, False
        strict |= (item.low > 0 or item.high < 0 or item.kind == "price") and (least > 0 or most < 0)
    return low, high, strict


def _extent(item: Item, *, highest: bool) -> tuple[str, int, int] | None:
    """`(field, first, last)`: the item is at least (or at most) that field on bars first … last ago."""
    ago = 0
    while item.op == "history":
        steps = item.args[1]
        if steps.low != steps.high:
            return None
        ago += int(steps.low)
        item = item.args[0]
    if item.op == "bar" and item.attr("field") in _FIELDS:
        return item.attr("field"), ago, ago
    if item.op != "builtin":
        return None
    name, part = item.attr("name"), item.attr("part")
    if name == ("highest" if highest else "lowest"):
        inner = _extent(item.args[0], highest=highest)
        if inner is None or item.args[0].op not in ("bar", "history"):
            return None
        return inner[0], ago + inner[1], ago + inner[2] + int(item.args[1].low) - 1
    if name == "donchian" and part == ("upper" if highest else "lower"):
        return "high" if highest else "low", ago, ago + int(item.args[0].low) - 1
    return None
