"""Conditions over bars, votes and choices."""

from __future__ import annotations

from dsl import kinds, syntax
from dsl.builtins import MAX_WINDOW
from dsl.check import logic
from dsl.check.context import Context, Handler, Place, is_bare
from dsl.check.graph import BAD, EVENT, Item
from dsl.check.numbers import whole_number
from dsl.check.operators import market_only, meet, unit_missing
from dsl.diagnostics import Span


def moving(c: Context, e: syntax.Moving, place: Place) -> Item:
    value = c.settled(c.quantity(e.value, place))
    bars = whole_number(c, e.bars, place, 1, MAX_WINDOW)
    if value.bad or bars.bad or not market_only(c, e, (value,)):
        return BAD
    op = "rising" if e.direction == "rising" else "falling"
    return c.graph.make(op, "truth", (value, bars), span=e.span)


def held(c: Context, e: syntax.Held, place: Place) -> Item:
    condition = c.truth(e.condition, place)
    bars = whole_number(c, e.bars, place, 1, MAX_WINDOW)
    if condition.bad or bars.bad or not market_only(c, e, (condition,)):
        return BAD
    return c.graph.make("held", "truth", (condition, bars), span=e.span)


def bars_since(c: Context, e: syntax.BarsSince, place: Place) -> Item:
    condition = c.truth(e.condition, place)
    if condition.bad or not market_only(c, e, (condition,)):
        return BAD
    return c.graph.make("bars_since", "bars", (condition,), span=e.span)


def value_when(c: Context, e: syntax.ValueWhen, place: Place) -> Item:
    value, condition = c.settled(c.quantity(e.value, place)), c.truth(e.condition, place)
    if value.bad or condition.bad or not market_only(c, e, (value, condition)):
        return BAD
    return c.graph.make("value_when", value.kind, (value, condition), span=e.span)


def followed(c: Context, e: syntax.Followed, place: Place) -> Item:
    first, second = c.truth(e.first, place), c.truth(e.second, place)
    bars = whole_number(c, e.bars, place, 1, MAX_WINDOW)
    if first.bad or second.bad or bars.bad or not market_only(c, e, (first, second)):
        return BAD
    return c.graph.make("followed", "truth", (first, second, bars), span=e.span, flags=EVENT)


def not_(c: Context, e: syntax.Not, place: Place) -> Item:
    condition = c.truth(e.condition, place)
    return condition if condition.bad else c.graph.make("not", "truth", (condition,), span=e.span)


def all_of(c: Context, items: tuple[Item, ...], span: Span) -> Item:
    """Their conjunction; a moment among them makes the whole a moment."""
    if any(item.bad for item in items):
        return BAD
    flags = EVENT if any(item.event for item in items) else 0
    return logic.judged(c, c.graph.make("and", "truth", items, span=span, flags=flags), span)


def and_(c: Context, e: syntax.And, place: Place) -> Item:
    return all_of(c, tuple([c.truth(x, place) for x in e.conditions]), e.span)


def or_(c: Context, e: syntax.Or, place: Place) -> Item:
    items = tuple([c.truth(x, place) for x in e.conditions])
    if any(item.bad for item in items):
        return BAD
    if len(items) == 1:
        return items[0]
    flags = EVENT if all(item.event for item in items) else 0
    return logic.judged(c, c.graph.make("or", "truth", items, span=e.span, flags=flags), e.span)


def at_least(c: Context, e: syntax.AtLeast, place: Place) -> Item:
    items = tuple([c.truth(x, place) for x in e.conditions])
    k = whole_number(c, e.k, place, 1, MAX_WINDOW)
    if k.bad or any(item.bad for item in items):
        return BAD
    if k.low > len(items):
        return c.say(
            "RW601",
            e.span,
            f"{c.quote(e)} can never be true: it lists only {len(items)} conditions.",
            f"Ask for at most {len(items)}.",
        )
    flags = EVENT if all(item.event for item in items) else 0
    return c.graph.make("at_least", "truth", (k, *items), span=e.span, flags=flags)


def score(c: Context, e: syntax.Score, place: Place) -> Item:
    items = tuple([c.truth(x, place) for x in e.conditions])
    weights = [c.lower(w, place) for w in e.weights]
    if any(item.bad for item in (*items, *weights)):
        return BAD
    for node, weight in zip(e.weights, weights, strict=True):
        if weight.op != "number":
            return c.say(
                "RW213",
                node.span,
                f"{c.quote(node)} is not a plain number; the weights of a score are fixed numbers.",
                "Write the weight as a number: `score(2: close > open, 1: rsi(14) > 50)`.",
            )
    values = tuple([weight.low for weight in weights])
    limits = (sum(v for v in values if v < 0), sum(v for v in values if v > 0))
    return c.graph.make("score", "ratio", items, span=e.span, limits=limits, weights=values)


def _alike(c: Context, e: syntax.Node, a_node: syntax.Node, b_node: syntax.Node, a: Item, b: Item) -> tuple[Item, Item]:
    """Two alternatives of one kind."""
    if a.kind == b.kind == "truth":
        return a, b
    a, b = meet(a, b, c, comparing=False)
    if a.kind == "distance" != b.kind == "price" and a.is_zero():
        a = c.as_kind(a, "price")
    if b.kind == "distance" != a.kind == "price" and b.is_zero():
        b = c.as_kind(b, "price")
    if a.kind == b.kind:
        return a, b
    if is_bare(a) != is_bare(b) and not {"truth", "price"} & {a.kind, b.kind}:
        bare, other = (a_node, b) if is_bare(a) else (b_node, a)
        return unit_missing(c, bare, other.kind), BAD
    c.say(
        "RW303",
        e.span,
        f"{c.quote(a_node)} is {kinds.PHRASES[a.kind]} and {c.quote(b_node)} is {kinds.PHRASES[b.kind]}: "
        "both ways must give the same kind of value.",
        "Write both as prices, both as distances, or both as conditions.",
    )
    return BAD, BAD


def if_else(c: Context, e: syntax.IfElse, place: Place) -> Item:
    condition = c.truth(e.condition, place)
    then, otherwise = c.lower(e.then, place), c.lower(e.otherwise, place)
    if condition.bad or then.bad or otherwise.bad:
        return BAD
    then, otherwise = _alike(c, e, e.then, e.otherwise, then, otherwise)
    if then.bad or otherwise.bad:
        return BAD
    return c.graph.make("if", then.kind, (condition, then, otherwise), span=e.span)


def otherwise_(c: Context, e: syntax.Otherwise, place: Place) -> Item:
    value, fallback = c.lower(e.value, place), c.lower(e.fallback, place)
    if value.bad or fallback.bad:
        return BAD
    value, fallback = _alike(c, e, e.value, e.fallback, value, fallback)
    if value.bad or fallback.bad:
        return BAD
    return c.graph.make("otherwise", value.kind, (value, fallback), span=e.span)


HANDLERS: dict[type, Handler] = {
    syntax.Moving: moving,
    syntax.Held: held,
    syntax.BarsSince: bars_since,
    syntax.ValueWhen: value_when,
    syntax.Followed: followed,
    syntax.Not: not_,
    syntax.And: and_,
    syntax.Or: or_,
    syntax.AtLeast: at_least,
    syntax.Score: score,
    syntax.IfElse: if_else,
    syntax.Otherwise: otherwise_,
}
