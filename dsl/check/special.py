"""Calls that are operations of the Plan rather than rows of the built-in table."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from dsl import kinds, syntax
from dsl.builtins import MAX_WINDOW
from dsl.check.context import Context, Place
from dsl.check.graph import BAD, MOVES, Item
from dsl.check.numbers import whole_number
from dsl.check.operators import market_only


def _arity(c: Context, e: syntax.Call, low: int, high: float, sample: str) -> bool:
    if low <= len(e.args) <= high:
        return True
    wanted = f"{low}" if low == high else f"at least {low}"
    given = "none was given" if not e.args else f"{len(e.args)} given"
    word = "value" if wanted == "1" else "values"
    c.say("RW210", e.span, f"`{e.name}` takes {wanted} {word}; {given}.", f"Write for example `{sample}`.")
    return False


def _abs(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 1, 1, "abs(close - open)"):
        return BAD
    item = c.quantity(e.args[0], place)
    return item if item.bad else c.graph.make("abs", item.kind, (item,), span=e.span)


def _of_many(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 2, inf, f"{e.name}(open, close)"):
        return BAD
    items = [c.settled(c.quantity(arg, place)) for arg in e.args]
    if any(item.bad for item in items):
        return BAD
    lead = next((item for item in items if item.kind != "ratio"), items[0])
    for index, (node, item) in enumerate(zip(e.args, items, strict=True)):
        if item.is_zero() and lead.kind != "ratio":
            items[index] = item = c.as_kind(item, lead.kind)
        if item.kind != lead.kind:
            first = e.args[items.index(lead)]
            return c.say(
                "RW303",
                node.span,
                f"{c.quote(node)} is {kinds.PHRASES[item.kind]} and {c.quote(first)} is {kinds.PHRASES[lead.kind]}: "
                f"`{e.name}` takes values of one kind.",
                "Use only prices, only distances, or only plain numbers.",
            )
    return c.graph.make(e.name, lead.kind, tuple(items), span=e.span)


def _count(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 2, 2, "count(close > open, 20)"):
        return BAD
    condition, bars = c.truth(e.args[0], place), whole_number(c, e.args[1], place, 1, MAX_WINDOW)
    if condition.bad or bars.bad or not market_only(c, e, (condition,)):
        return BAD
    return c.graph.make("count", "bars", (condition, bars), span=e.span)


def _rank(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 1, 1, "rank(roc(close, 20))"):
        return BAD
    item = c.settled(c.quantity(e.args[0], place))
    if item.bad or not market_only(c, e, (item,)):
        return BAD
    if len(c.symbols) < 2 or c.basket:
        return c.say(
            "RW512",
            e.span,
            f"{c.quote(e)} ranks the traded symbols, and this strategy trades only one.",
            "List the symbols to rank: `trade EURUSD, GBPUSD, AUDUSD on H1`.",
        )
    if place.series[0] != "self":
        return c.say(
            "RW512",
            e.span,
            f"{c.quote(e)} ranks the traded symbols; it cannot be asked of `{place.series[0]}`.",
            "Rank first, without `of`.",
        )
    return c.graph.make("rank", "ratio", (item,), span=e.span, limits=(1, len(c.symbols)))


def _named_source(c: Context, e: syntax.Call, place: Place) -> Item:
    sample = 'model("night_flow")' if e.name == "model" else 'macro("CPIAUCSL")'
    if not _arity(c, e, 1, 1, sample):
        return BAD
    name = e.args[0]
    if not isinstance(name, syntax.Text) or not name.value.strip():
        return c.say(
            "RW216",
            name.span,
            f"`{e.name}` is called with a name in quotes, not with {c.quote(name)}.",
            f"Write `{sample}`.",
        )
    return c.graph.make(e.name, "ratio", span=e.span, series=place.series, flags=MOVES, name=name.value)


def _sentiment(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 2, 2, "sentiment(EUR, 24 hours)"):
        return BAD
    target, window = e.args
    if not isinstance(target, syntax.Symbol):
        return c.say(
            "RW216",
            target.span,
            f"{c.quote(target)} is not a currency or symbol.",
            "Write for example `sentiment(EUR, 24 hours)`.",
        )
    hours = c.lower(window, place)
    if hours.bad:
        return BAD
    if hours.op != "quantity" or hours.kind != "duration" or hours.low <= 0:
        return c.say(
            "RW216",
            window.span,
            f"{c.quote(window)} is not a length of time.",
            f"Write for example `sentiment({target.name}, 24 hours)`.",
        )
    return c.graph.make(
        "sentiment",
        "ratio",
        span=e.span,
        series=place.series,
        flags=MOVES,
        limits=(-1, 1),
        target=target.name,
        hours=hours.low / 3600,
    )


SPECIAL: dict[str, Callable[[Context, syntax.Call, Place], Item]] = {
    "abs": _abs,
    "average": _of_many,
    "min": _of_many,
    "max": _of_many,
    "count": _count,
    "rank": _rank,
    "model": _named_source,
    "macro": _named_source,
    "sentiment": _sentiment,
}
"""Calls that are operations of the Plan rather than rows of the table."""
