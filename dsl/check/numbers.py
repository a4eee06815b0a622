"""Numbers that must be known before the first bar: lengths of windows, steps back, counts."""

from __future__ import annotations

from math import inf

from dsl import kinds, syntax
from dsl.check.context import BrokenName, Context, ParamName, Place
from dsl.check.graph import BAD, Item
from dsl.diagnostics import Span


def fixed_number(
    c: Context, e: syntax.Node, place: Place, low: float, high: float, *, whole: bool, role: str = "the length"
) -> Item:
    """A literal or parameter whose every possible value lies in range; anything else is an error."""
    kind = "whole number" if whole else "number"
    if isinstance(e, syntax.Number) and (e.unit is None or (whole and e.unit == "bars")):
        value = float(e.text)
        if whole and not value.is_integer():
            return c.say(
                "RW213",
                e.span,
                f"{c.quote(e)} is not a whole number; {role} counts whole bars.",
                f"Write `{round(value)}`.",
            )
        if not low <= value <= high:
            return _out_of_range(c, e.span, c.quote(e), low, high)
        return c.number(value, "ratio", e.span)
    named = c.names.get(e.name) if isinstance(e, syntax.Name) else None
    if isinstance(named, BrokenName):
        return BAD
    if isinstance(named, ParamName) and isinstance(e, syntax.Name):
        named.used = True
        if named.kind != "ratio" and not (whole and named.kind == "bars"):
            return c.say(
                "RW213",
                e.span,
                f"`{e.name}` is {kinds.PHRASES[named.kind]}; {role} is a plain {kind}.",
                f"Give the parameter a plain {kind}: `{e.name} = 20 from 10 to 40 step 5`.",
            )
        if whole and not named.whole:
            return c.say(
                "RW213",
                e.span,
                f"`{e.name}` can be a fraction; {role} counts whole bars.",
                "Use whole numbers for its value, range and step.",
            )
        if not (low <= named.low and named.high <= high):
            span_of = f"`{e.name}` goes from {named.low:g} to {named.high:g}"
            return _out_of_range(c, e.span, span_of, low, high)
        return c.graph.make("param", "ratio", span=e.span, limits=(named.low, named.high), name=e.name)
    if isinstance(e, syntax.Negative) and isinstance(e.value, syntax.Number) and e.value.unit is None:
        return _out_of_range(c, e.span, c.quote(e), low, high)
    if isinstance(e, syntax.Name) and e.name not in c.names:
        found = c.lower(e, place)
        if found.bad:
            return BAD
    return c.say(
        "RW213",
        e.span,
        f"{c.quote(e)} is not a fixed {kind}; {role} must be known before the first bar.",
        f"Write a {kind} or the name of a parameter.",
    )


def _out_of_range(c: Context, span: Span, words: str, low: float, high: float) -> Item:
    allowed = f"between {low:,g} and {high:,g}" if high < inf else f"{low:g} or more"
    found = words if " goes from " in words else f"{words} is out of range"
    return c.say("RW214", span, f"{found}; it must lie {allowed}.", f"Choose a number {allowed}.")


def whole_number(c: Context, e: syntax.Node, place: Place, low: float, high: float) -> Item:
    return fixed_number(c, e, place, low, high, whole=True, role="the number of bars")
