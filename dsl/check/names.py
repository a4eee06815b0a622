"""Names: what a word stands for, and where it may stand."""

from __future__ import annotations

import re

from dsl import syntax
from dsl.builtins import BUILTINS, PRICE_FIELDS
from dsl.check.bounds import ANY, LEAVES, signed
from dsl.check.calls import builtin, example_call, listed
from dsl.check.context import BrokenName, Context, Handler, LetName, ParamName, Place
from dsl.check.graph import BAD, MEMORY, MOVES, POSITION, REMEMBERED, STATE, Item, R
from dsl.check.operators import r_allowed
from dsl.check.special import SPECIAL
from dsl.kinds import PROFIT
from dsl.suggest import nearest

POSITION_WORDS = {
    "profit": PROFIT,
    "bars_held": "bars",
    "time_since_entry": "duration",
    "entry_price": "price",
    "highest_since_entry": "price",
    "lowest_since_entry": "price",
}
MEMORY_WORDS = {"last_trade_won": "truth", "bars_since_exit": "bars", "last_fill_price": "price"}
CALENDAR_WORDS = ("trading_day_of_month", "trading_days_left_in_month")
LET = Place("a `let`")


def name(c: Context, e: syntax.Name, place: Place) -> Item:
    word = e.name
    own = c.names.get(word)
    if own is not None:
        own.used = True
        if isinstance(own, LetName):
            return _let(c, own, e, place)
        if isinstance(own, ParamName):
            return _param(c, own, e, place)
        if isinstance(own, BrokenName):
            return BAD
        return c.graph.make("remembered", own.kind, span=e.span, flags=REMEMBERED, name=word, ago=0)
    if word in PRICE_FIELDS:
        return c.price(word, place, e.span)
    if word in POSITION_WORDS:
        if not place.position:
            return _out_of_place(c, "RW321", e, spoken(word), place)
        limits = LEAVES.get(word, ANY)
        kind = POSITION_WORDS[word]
        return c.graph.make("position", kind, span=e.span, flags=POSITION, limits=limits, word=word)
    if word in MEMORY_WORDS:
        if not place.memory:
            return _out_of_place(c, "RW322", e, spoken(word), place)
        limits = LEAVES.get(word, ANY)
        return c.graph.make("memory", MEMORY_WORDS[word], span=e.span, flags=MEMORY, limits=limits, word=word)
    if word in CALENDAR_WORDS:
        return c.graph.make(
            "calendar", "ratio", span=e.span, series=place.series, flags=MOVES, limits=LEAVES[word], name=word
        )
    row = BUILTINS.get(word)
    if row is not None:
        if row.output is None or row.inputs or row.numbers:
            fix = example_call(row) + (f".{next(iter(row.parts))}" if row.output is None else "")
            if not row.numbers:
                return c.say("RW211", e.span, f"`{word}` has several values: {listed(row.parts)}.", f"Write `{fix}`.")
            return c.say("RW210", e.span, f"`{word}` needs its values in parentheses.", f"Write for example `{fix}`.")
        return builtin(c, row, (), e, place, None)
    return _unknown(c, e)


def spoken(word: str) -> str:
    """A position or memory word as the author wrote it."""
    return word.replace("_", " ")


def _out_of_place(c: Context, code: str, e: syntax.Node, word: str, place: Place, via: str = "") -> Item:
    what = f"`{via}` uses `{word}`, which" if via else f"`{word}`"
    if code == "RW321":
        message = f"{what} belongs to an open position; there is none in {place.name}."
        fix = "Use it in `exit`, `manage` or `add`."
    else:
        message = f"{what} remembers earlier trades; it has no meaning in {place.name}."
        fix = "Use it in `enter`, `add`, `exit`, `manage` or `remember`."
    return c.say(code, e.span, message, fix)


def _let(c: Context, own: LetName, e: syntax.Name, place: Place) -> Item:
    item = own.items.get(place.series)
    if item is None:
        item = own.items[place.series] = c.lower(own.value, LET.anywhere(place.series))
    if item.bad or not item.flags & STATE:
        return item
    if item.flags & POSITION and not place.position:
        return _out_of_place(c, "RW321", e, _word_in(item, "position"), place, via=e.name)
    if item.flags & MEMORY and not place.memory:
        return _out_of_place(c, "RW322", e, _word_in(item, "memory"), place, via=e.name)
    if item.flags & R and not r_allowed(c, e.span, place):
        return BAD
    return item


def _word_in(item: Item, op: str) -> str:
    waiting, seen = [item], set[int]()
    while waiting:
        item = waiting.pop()
        if item.op == op:
            return spoken(item.attr("word"))
        if id(item) not in seen:
            seen.add(id(item))
            waiting.extend(item.args)
    return ""


def _param(c: Context, own: ParamName, e: syntax.Name, place: Place) -> Item:
    in_r = own.unit == "R"
    if in_r and not r_allowed(c, e.span, place):
        return BAD
    limits = (own.low, own.high)
    if own.kind in ("distance", "money"):
        limits = signed(own.low, own.high)
    return c.graph.make("param", own.kind, span=e.span, flags=R if in_r else 0, limits=limits, name=own.name)


def known(c: Context) -> list[str]:
    """Every word that could have been meant, the author's own first."""
    return [
        *c.names,
        *PRICE_FIELDS,
        *BUILTINS,
        *SPECIAL,
        *POSITION_WORDS,
        *MEMORY_WORDS,
        *CALENDAR_WORDS,
    ]


def _may_be_defined(c: Context, e: syntax.Name) -> bool:
    """Whether a line that could not be read may define this name, or the name is only a repair."""
    if e.name in c.later or c.text[e.span.start : e.span.end] != e.name:
        return True
    return re.search(rf"\b{e.name}\s*=", c.text) is not None


_MOST_STEPS = 50
"""Definitions that are followed in search of a circle."""


def _circle(c: Context, e: syntax.Name) -> tuple[str, ...]:
    """The names that lead from this one back to the definition it stands in, if they do."""
    owner = next((n for n, span in c.later.items() if span.start <= e.span.start < span.end), None)
    if owner is None:
        return ()
    ways: list[tuple[str, ...]] = [(e.name,)]
    seen = {e.name}
    for way in ways:
        if way[-1] == owner:
            return tuple(sorted(way))
        span = c.later[way[-1]]
        for word in re.findall(r"[a-z][a-z0-9_]*", c.text[span.start : span.end].partition("=")[2]):
            if word in c.later and word not in seen and len(seen) < _MOST_STEPS:
                seen.add(word)
                ways.append((*way, word))
    return ()


def _unknown(c: Context, e: syntax.Name) -> Item:
    word = e.name
    if (c.full and c.failed) or (c.partial and _may_be_defined(c, e)):
        return BAD
    if word in c.later:
        circle = _circle(c, e)
        if circle:
            told = (
                f"`{word}` is defined by itself" if len(circle) == 1 else f"{listed(circle)} are defined by each other"
            )
            return c.say(
                "RW203",
                e.span,
                f"{told}, so that neither has a value." if len(circle) > 1 else f"{told}, so that it has no value.",
                f"Take `{word}` out of this line; what builds on its own last value is a `remember`.",
            )
        return c.say(
            "RW203",
            e.span,
            f"`{word}` is used before the line that defines it.",
            f"Move `{word}` above its first use; names are read from the top down.",
        )
    if word == "equity":
        return c.say(
            "RW201",
            e.span,
            "`equity` is only used to size a trade.",
            "Write `risk 1% of equity` or `size 20% of equity`.",
        )
    if word in SPECIAL:
        return c.say("RW210", e.span, f"`{word}` needs its values in parentheses.", f"Write `{word}(…)`.")
    guess = nearest(word, known(c))
    if guess in c.names:
        c.names[guess].used = True
    fix = (
        f"Did you mean `{spoken(guess) if guess in POSITION_WORDS or guess in MEMORY_WORDS else guess}`?"
        if guess
        else ("Define it first with `let`, or list built-ins with `rulewright builtins`.")
    )
    return c.say("RW201", e.span, f"`{word}` is not a name that means anything here.", fix)


HANDLERS: dict[type, Handler] = {syntax.Name: name}
