"""Numbers with their units, arithmetic and comparisons: the kinds algebra at work."""

from __future__ import annotations

from dsl import kinds, syntax
from dsl.check import bounds, logic
from dsl.check.context import Context, Handler, ParamName, Place, is_bare
from dsl.check.graph import BAD, EVENT, MEMORY, POSITION, REMEMBERED, Item, R
from dsl.diagnostics import Span

_OPS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "of": "percent_of"}
_COMPARE = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "=": "eq", "!=": "ne"}
_VERBS = {"+": "added to", "-": "taken from", "*": "multiplied by", "/": "divided by"}


def literal(c: Context, value: float, unit: str | None, span: Span) -> Item:
    """A number as written, with its unit."""
    if unit is None:
        return c.number(value, "ratio", span)
    kind = kinds.of_unit(unit)
    if unit in kinds.SECONDS:
        limits = (value * kinds.SECONDS[unit],) * 2
    elif kind in ("distance", "money"):
        limits = bounds.signed(value, value)
    else:
        limits = (value, value)
    flags = R if unit == "R" else 0
    return c.graph.make("quantity", kind, span=span, flags=flags, limits=limits, value=value, unit=unit)


def number(c: Context, e: syntax.Number, place: Place) -> Item:
    if e.unit == "R" and not r_allowed(c, e.span, place):
        return BAD
    return literal(c, float(e.text), e.unit, e.span)


def r_allowed(c: Context, span: Span, place: Place) -> bool:
    """Whether 1R has a meaning here; says why not."""
    if place.r == "yes":
        return True
    if place.r == "no stop":
        c.say(
            "RW323",
            span,
            f"{c.quote(span)} counts in R, the risk between entry and stop, and here a trade can have no stop.",
            "Give every entry of this side a stop, or measure in pips, % or money.",
        )
    else:
        c.say(
            "RW324",
            span,
            f"{c.quote(span)} counts in R, the risk of an open trade, which does not exist in {place.name}.",
            "Write the distance itself: `2 * atr(14)`, `25 pips`, `1%`.",
        )
    return False


def negative(c: Context, e: syntax.Negative, place: Place) -> Item:
    if isinstance(e.value, syntax.Number) and (e.value.unit != "R" or r_allowed(c, e.span, place)):
        return literal(c, -float(e.value.text), e.value.unit, e.span)
    item = c.quantity(e.value, place)
    if item.bad:
        return BAD
    if item.kind == "price":
        return c.say(
            "RW302",
            e.span,
            f"{c.quote(e)}: a price cannot be negative.",
            "Write the difference in full, `open - close`, and the distance comes out signed.",
        )
    return c.graph.make("neg", item.kind, (item,), span=e.span)


def meet(left: Item, right: Item, c: Context, *, comparing: bool) -> tuple[Item, Item]:
    """Both sides with what one lends the other: 0 fits every kind, the profit takes the measure of
    the other side, a bare number compared with a price is a price."""
    if left.kind == right.kind == kinds.PROFIT:
        return c.settled(left), c.settled(right)
    if left.kind == kinds.PROFIT and right.kind in kinds.PROFIT_MEASURES:
        return c.as_kind(left, right.kind), right
    if right.kind == kinds.PROFIT and left.kind in kinds.PROFIT_MEASURES:
        return left, c.as_kind(right, left.kind)
    if right.kind == "ratio" != left.kind:
        return _lend(left, right, c, comparing=comparing)
    if left.kind == "ratio" != right.kind:
        right, left = _lend(right, left, c, comparing=comparing)
    return left, right


def _lend(item: Item, bare: Item, c: Context, *, comparing: bool) -> tuple[Item, Item]:
    """`bare` as `item`'s kind where that is allowed."""
    if bare.is_zero() and item.kind != "truth":
        item = c.settled(item)
        kind = "distance" if item.kind == "price" and not comparing else item.kind
        return item, c.as_kind(bare, kind)
    if comparing and is_bare(bare) and kinds.reads_bare_number(item.kind):
        return item, c.as_kind(bare, item.kind)
    return item, bare


def arithmetic(c: Context, e: syntax.Arithmetic, place: Place) -> Item:
    left, right = c.quantity(e.left, place), c.quantity(e.right, place)
    if left.bad or right.bad:
        return BAD
    if e.op in "+-":
        left, right = meet(left, right, c, comparing=False)
    elif e.op == "/":
        left, right = _profit_ratio(c, left, right)
    kind = kinds.arithmetic(e.op, left.kind, right.kind)
    if kind is None:
        return mixed(c, e, left, right)
    if e.op == "/" and right.low == right.high == 0:
        return c.say(
            "RW603",
            e.span,
            f"{c.quote(e)} divides by zero, so its value is never known.",
            "Divide by something that can be other than 0.",
        )
    return c.graph.make(_OPS[e.op], kind, (left, right), span=e.span)


def _profit_ratio(c: Context, left: Item, right: Item) -> tuple[Item, Item]:
    if kinds.PROFIT in (left.kind, right.kind) and "ratio" not in (left.kind, right.kind):
        return meet(left, right, c, comparing=False)
    return left, right


def mixed(c: Context, e: syntax.Arithmetic, left: Item, right: Item) -> Item:
    """Say that these two kinds do not go together."""
    a, b = kinds.PHRASES[left.kind], kinds.PHRASES[right.kind]
    fix = kinds.nearest_legal(e.op, left.kind, right.kind)
    if e.op in "+-" and is_bare(right) != is_bare(left) and "truth" not in (left.kind, right.kind):
        bare, other = (e.right, left) if is_bare(right) else (e.left, right)
        if other.kind not in ("bars", "duration"):
            return unit_missing(c, bare, "distance" if other.kind == "price" else other.kind)
    if e.op == "of":
        message = f"{c.quote(e)} takes {a} of {b}; only a percentage of a price makes sense."
    elif e.op == "-":
        message = f"{c.quote(e)}: {b} cannot be taken from {a}."
    else:
        message = f"{c.quote(e)}: {a} cannot be {_VERBS[e.op]} {b}."
    return c.say("RW302", e.span, message, fix)


def unit_missing(
    c: Context, node: syntax.Node, kind: str, form: str = "{}", ways: tuple[str, ...] | None = None
) -> Item:
    """“25 what?” — a bare number where only a unit tells what is meant.

    `form` is the clause around the number, so that the fix can be copied; `ways` of writing the
    number replace those that are usual for the kind.
    """
    words = c.quote(node).strip("`")
    if isinstance(node, syntax.Name):
        return c.say(
            "RW301",
            node.span,
            f"`{form.format(words)}`: the parameter `{words}` has no unit.",
            f"Give it one where it is defined: `{words} = {_with_unit(c, words, kind, ways)}`.",
        )
    if isinstance(node, syntax.Number) and "pips" in str(ways or kinds.UNITS_TO_WRITE.get(kind)) and _tiny(node):
        words = "10"
    ways = ways or kinds.UNITS_TO_WRITE.get(kind, ())
    written = [f"`{form.format(way.format(words))}`" for way in ways]
    listed = " or ".join(filter(None, [", ".join(written[:-1]), written[-1]])) if written else "its unit"
    bare = c.quote(node).strip("`")
    return c.say("RW301", node.span, f"`{form.format(bare)}`: {bare} what?", f"Write {listed}.")


def _with_unit(c: Context, name: str, kind: str, ways: tuple[str, ...] | None) -> str:
    named = c.names.get(name)
    default = f"{named.default:g}" if isinstance(named, ParamName) else "20"
    return (ways or kinds.UNITS_TO_WRITE.get(kind, ("{}%",)))[0].format(default)


def _tiny(node: syntax.Number) -> bool:
    """A fraction such as 0.001, which was meant in price terms and not in pips."""
    return 0 < abs(float(node.text)) < 0.05


def _both(c: Context, left: syntax.Expr, right: syntax.Expr, place: Place) -> tuple[Item, Item]:
    """Both sides; when the first is out of place, `profit > 1R` is one mistake and not two."""
    first = c.lower(left, place)
    return first, c.lower(right, place.anywhere(place.series) if first.bad else place)


def compare(c: Context, e: syntax.Compare, place: Place) -> Item:
    left, right = _both(c, e.left, e.right, place)
    if left.bad or right.bad:
        return BAD
    left, right = _settle_pair(c, e, e.left, e.right, left, right)
    if left.bad:
        return BAD
    item = c.graph.make(_COMPARE[e.op], "truth", (left, right), span=e.span)
    return logic.judged(c, item, e.span)


def between(c: Context, e: syntax.Between, place: Place) -> Item:
    value, low = _both(c, e.value, e.low, place)
    high = c.lower(e.high, place.anywhere(place.series) if value.bad else place)
    if value.bad or low.bad or high.bad:
        return BAD
    measure = next((x.kind for x in (low, high) if x.kind in kinds.PROFIT_MEASURES), "distance")
    if value.kind == kinds.PROFIT:
        value = c.as_kind(value, measure)
    value, low = _settle_pair(c, e, e.value, e.low, value, low)
    if value.bad:
        return BAD
    value, high = _settle_pair(c, e, e.value, e.high, value, high)
    if value.bad:
        return BAD
    item = c.graph.make("between", "truth", (value, low, high), span=e.span)
    return logic.judged(c, item, e.span)


def cross(c: Context, e: syntax.Cross, place: Place) -> Item:
    left, right = _both(c, e.left, e.right, place)
    if left.bad or right.bad or not market_only(c, e, (left, right), remembered=True):
        return BAD
    left, right = _settle_pair(c, e, e.left, e.right, left, right)
    if left.bad:
        return BAD
    op = {"above": "cross_above", "below": "cross_below"}.get(e.direction, "crosses")
    item = c.graph.make(op, "truth", (left, right), span=e.span, flags=EVENT)
    return logic.judged(c, item, e.span)


def _settle_pair(
    c: Context, e: syntax.Node, left_node: syntax.Node, right_node: syntax.Node, left: Item, right: Item
) -> tuple[Item, Item]:
    left, right = meet(left, right, c, comparing=True)
    if kinds.comparable(left.kind, right.kind):
        return left, right
    return _incomparable(c, e, left_node, right_node, left, right), BAD


def _incomparable(
    c: Context, e: syntax.Node, left_node: syntax.Node, right_node: syntax.Node, left: Item, right: Item
) -> Item:
    pair = {left.kind, right.kind}
    a, b = c.quote(left_node), c.quote(right_node)
    if "truth" in pair:
        node, words = (left_node, a) if left.kind == "truth" else (right_node, b)
        return c.say(
            "RW303",
            node.span,
            f"{words} is already true or false; it is not compared with anything.",
            f"Write {words} alone, or `not ({words.strip('`')})`.",
        )
    if is_bare(left) != is_bare(right):
        bare, other = (right_node, left) if is_bare(right) else (left_node, right)
        return unit_missing(c, bare, other.kind)
    if "percent" in pair and pair & {"price", "distance"}:
        percent, measured = (a, b) if left.kind == "percent" else (b, a)
        return c.say(
            "RW308",
            e.span,
            f"{percent} is a percentage and {measured} is {kinds.PHRASES[(pair - {'percent'}).pop()]}.",
            f"Say per cent of what: `{percent.strip('`')} of close`.",
        )
    hint = {
        frozenset(
            {"price", "distance"}
        ): f"Compare two prices or two distances, for example `{_distance_of(left, a, b)}`.",
        frozenset({"bars", "duration"}): "Use `bars held` with bars, and `time since entry` with hours or days.",
    }.get(frozenset(pair), "Compare like with like; divide two quantities of one kind to get a plain number.")
    return c.say(
        "RW303",
        e.span,
        f"{a} is {kinds.PHRASES[left.kind]} and {b} is {kinds.PHRASES[right.kind]}: they cannot be compared.",
        hint,
    )


def _distance_of(left: Item, a: str, b: str) -> str:
    first, second = a.strip("`"), b.strip("`")
    return f"{first} - open > {second}" if left.kind == "price" else f"{second} - open > {first}"


def market_only(c: Context, e: syntax.Node, items: tuple[Item, ...], *, remembered: bool = False) -> bool:
    """Whether these can be looked at over past bars; what hangs on the open position cannot."""
    barred = POSITION | MEMORY | R | (0 if remembered else REMEMBERED)
    if not any(item.flags & barred for item in items):
        return True
    c.say(
        "RW325",
        e.span,
        f"{c.quote(e)} looks back over past bars at something that has no past: "
        "the open position, earlier trades and remembered values are known only as they stand now.",
        "Compare the value as it is now, or keep what you need with `remember`.",
    )
    return False


HANDLERS: dict[type, Handler] = {
    syntax.Number: number,
    syntax.Negative: negative,
    syntax.Arithmetic: arithmetic,
    syntax.Compare: compare,
    syntax.Between: between,
    syntax.Cross: cross,
}
