"""What every check shares: the text, the findings, the names in force and the graph under work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dsl import kinds, syntax
from dsl.builtins import PRICE_FIELDS
from dsl.check.bounds import ANY, LEAVES
from dsl.check.graph import BAD, DEPTH_CAP, MOVES, Graph, Item
from dsl.codes.meaning import MEANING
from dsl.diagnostics import Diagnostic, Severity, Span

if TYPE_CHECKING:
    from dsl.check.hours import Instruments

QUOTE_LIMIT = 48

MOST = 200
"""Findings that are kept of one file."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: which words make sense there, and on which bars it is read."""

    name: str
    """As a message calls it: "an `enter` rule"."""
    position: bool = False
    memory: bool = False
    r: str = "no position"
    """`yes`, or why 1R has no meaning: `no position` or `no stop`."""
    series: tuple[str, str] = ("self", "")
    """Symbol and timeframe of the bars that are read."""

    def anywhere(self, series: tuple[str, str]) -> Place:
        """The same place without its restrictions, on these bars."""
        return Place(self.name, position=True, memory=True, r="yes", series=series)


@dataclass(slots=True)
class LetName:
    """A `let`: an expression that is read wherever its name stands, on the bars that hold there."""

    name: str
    value: syntax.Expr
    span: Span
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    used: bool = False


@dataclass(slots=True)
class ParamName:
    name: str
    span: Span
    kind: str
    unit: str | None
    default: float
    low: float
    high: float
    whole: bool
    """Default, range and step are whole numbers."""
    used: bool = False


@dataclass(slots=True)
class RememberName:
    name: str
    span: Span
    kind: str
    used: bool = False


@dataclass(slots=True)
class BrokenName:
    """A name whose line had an error of its own: known, and silent."""

    name: str
    span: Span
    used: bool = True


Named = LetName | ParamName | RememberName | BrokenName

Handler = Callable[["Context", Any, Place], Item]


@dataclass(slots=True)
class Context:
    """One compilation. `base` is the strategy's own series."""

    text: str
    handlers: Mapping[type, Handler]
    base: tuple[str, str]
    symbols: tuple[str, ...] = ()
    basket: bool = False
    """The bars are those of a sum of legs, which may be negative."""
    partial: bool = False
    """The text had errors of syntax: what is missing may only have been unreadable."""
    instruments: Instruments = field(default_factory=dict)
    later: Mapping[str, Span] = field(default_factory=dict)
    """Names that some line defines, wherever it stands."""
    graph: Graph = field(default_factory=Graph)
    names: dict[str, Named] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    failed: bool = False
    """Whether an error has been found."""
    depth: int = 0
    """How many expressions are being lowered inside one another just now."""

    def say(self, code: str, span: Span, message: str, fix: str = "", why: str = "") -> Item:
        """Record a finding; returns the silent item, so that `return c.say(…)` ends an expression."""
        entry = MEANING[code]
        error = entry.severity is Severity.ERROR
        if self.full and (self.failed or not error):
            return BAD
        self.failed |= error
        self.diagnostics.append(Diagnostic(code, entry.severity, span, message, why or entry.why, fix))
        return BAD

    @property
    def full(self) -> bool:
        """Whether so much is wrong that more findings would help nobody."""
        return len(self.diagnostics) >= MOST

    def quote(self, node: syntax.Node | Span) -> str:
        """The author's own words for a node, on one line, in back-quotes."""
        span = node if isinstance(node, Span) else node.span
        words = _unwrapped(" ".join(self.text[span.start : span.end].split()))
        if len(words) > QUOTE_LIMIT:
            words = words[: QUOTE_LIMIT - 1].rstrip() + "…"
        return f"`{words}`"

    def lower(self, expr: syntax.Node, place: Place) -> Item:
        """The item an expression means; `BAD` when it has an error, which has then been said."""
        handler = self.handlers.get(type(expr))
        if handler is None:
            return self.say(
                "RW216", expr.span, f"{self.quote(expr)} is not a value.", "Write a price, a name or a number."
            )
        if self.depth >= DEPTH_CAP:
            return self._too_deep(expr)
        self.depth += 1
        item = handler(self, expr, place)
        self.depth -= 1
        return item if item.depth <= DEPTH_CAP else self._too_deep(expr)

    def _too_deep(self, expr: syntax.Node) -> Item:
        return self.say(
            "RW230",
            expr.span,
            f"{self.quote(expr)} nests more than {DEPTH_CAP} expressions inside one another.",
            "Say it with fewer steps.",
        )

    def truth(self, expr: syntax.Node, place: Place) -> Item:
        """A condition; a quantity in its place is an error."""
        item = self.lower(expr, place)
        if item.bad or item.kind == "truth":
            return item
        return self.say(
            "RW304",
            expr.span,
            f"{self.quote(expr)} is {kinds.PHRASES[item.kind]}, not a condition.",
            f"Compare it with something: `{_plain(self.quote(expr))} > {_example(item)}`.",
        )

    def quantity(self, expr: syntax.Node, place: Place) -> Item:
        """A value; a condition in its place is an error."""
        item = self.lower(expr, place)
        if item.kind != "truth":
            return item
        return self.say(
            "RW305",
            expr.span,
            f"{self.quote(expr)} is a condition (true or false); a value is wanted here.",
            "Write what is to be measured, or turn the condition into a value with `if … then … else …`.",
        )

    def number(self, value: float, kind: str, span: Span) -> Item:
        return self.graph.make("number", kind, span=span, limits=(value, value), value=float(value))

    def as_kind(self, item: Item, kind: str) -> Item:
        """The same bare number or parameter read as another kind; the profit read in this measure."""
        if item.op == "number":
            return self.number(item.low, kind, item.span)
        if item.op == "param":
            return self.graph.make("param", kind, span=item.span, limits=(item.low, item.high), name=item.attr("name"))
        if item.op == "position":
            return self.graph.make("position", kind, span=item.span, flags=item.flags, word="profit")
        args = tuple(self.as_kind(a, kind) if a.kind == kinds.PROFIT else a for a in item.args)
        return self.graph.make(item.op, kind, args, span=item.span)

    def settled(self, item: Item) -> Item:
        """The profit in price terms where no unit says otherwise; anything else as it is."""
        return self.as_kind(item, "distance") if item.kind == kinds.PROFIT else item

    def price(self, field_name: str, place: Place, span: Span) -> Item:
        """A field of the bars that hold in this place."""
        signed = self.basket and place.series[0] == "self"
        return self.graph.make(
            "bar",
            PRICE_FIELDS[field_name],
            span=span,
            series=place.series,
            flags=MOVES,
            limits=ANY if signed else LEAVES[field_name],
            field=field_name,
        )


def _unwrapped(words: str) -> str:
    """The words without parentheses around the whole of them."""
    while words.startswith("(") and words.endswith(")"):
        depth = 0
        for index, char in enumerate(words):
            depth += (char == "(") - (char == ")")
            if depth == 0 and index < len(words) - 1:
                return words
        words = words[1:-1].strip()
    return words


def is_bare(item: Item) -> bool:
    """A number or parameter written without a unit."""
    return item.kind == "ratio" and item.op in ("number", "param")


def _plain(quoted: str) -> str:
    return quoted.strip("`")


def _example(item: Item) -> str:
    """Something this item could be compared with."""
    if item.kind == "ratio" and item.low == 0 and item.high == 100:
        return "50"
    return {
        "price": "close",
        "distance": "5 pips",
        "percent": "2%",
        "money": "100 USD",
        "bars": "5",
        "duration": "2 hours",
        kinds.PROFIT: "1R",
    }.get(item.kind, "0")
