"""From the grammar's rules of expressions to nodes of the syntax tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from dsl import syntax as t
from dsl.diagnostics import Span
from dsl.machine import Token
from dsl.words import UNITS

Kids = list[Any]


class Piece(NamedTuple):
    """A part of a statement that is not a node of its own: a clause, a name given by `called`."""

    kind: str
    value: Any
    span: Span
    line: Span
    """Where its keyword stands, for a message about the clause as such."""


def span(kids: Kids) -> Span:
    return Span(kids[0].span.start, kids[-1].span.end)


def unquote(token: Token) -> str:
    return token.text[1:-1]


def kinds(kids: Kids) -> dict[str, Any]:
    """Pieces by kind, the first of each."""
    found: dict[str, Any] = {}
    for kid in kids:
        if isinstance(kid, Piece):
            found.setdefault(kid.kind, kid.value)
    return found


def types(kids: Kids) -> dict[str, Any]:
    """Tokens by type."""
    return {kid.type: kid for kid in kids if isinstance(kid, Token)}


def nodes(kids: Kids) -> list[Any]:
    return [kid for kid in kids if isinstance(kid, t.Node)]


def days(token: Token) -> tuple[str, ...]:
    return tuple(word for word in token.text.replace(",", " ").split() if word != "or")


def _flat(kind: type[t.And] | type[t.Or], conditions: list[Any]) -> tuple[Any, ...]:
    flat: list[Any] = []
    for condition in conditions:
        if type(condition) is kind and not getattr(condition, "listed", False):
            flat.extend(condition.conditions)
        else:
            flat.append(condition)
    return tuple(flat)


class Expressions:
    """Rules of expressions."""

    def if_else(self, kids: Kids) -> t.IfElse:
        return t.IfElse(kids[1], kids[3], kids[5], span=span(kids))

    def otherwise(self, kids: Kids) -> t.Otherwise:
        return t.Otherwise(kids[0], kids[2], span=span(kids))

    def and_list(self, kids: Kids) -> t.And:
        return t.And(_flat(t.And, kids[::2]), span=span(kids))

    def or_list(self, kids: Kids) -> t.Or:
        return t.Or(_flat(t.Or, kids[::2]), span=span(kids))

    def followed(self, kids: Kids) -> t.Followed:
        return t.Followed(kids[0], kids[3], kids[5], span=span(kids))

    def held(self, kids: Kids) -> t.Held:
        return t.Held(kids[0], kids[2], span=span(kids))

    def not_(self, kids: Kids) -> t.Not:
        return t.Not(kids[1], span=span(kids))

    def compare(self, kids: Kids) -> t.Compare:
        return t.Compare(kids[1].text, kids[0], kids[2], span=span(kids))

    def between(self, kids: Kids) -> t.Between:
        return t.Between(kids[0], kids[2], kids[4], span=span(kids))

    def cross(self, kids: Kids) -> t.Cross:
        direction = kids[2].text if len(kids) == 4 else "either"
        return t.Cross(direction, kids[0], kids[-1], span=span(kids))

    def moving(self, kids: Kids) -> t.Moving:
        return t.Moving(kids[1].text, kids[0], kids[3], span=span(kids))

    def any_of(self, kids: Kids) -> Any:
        conditions = tuple(kids[3:-1:2])
        if len(conditions) == 1:
            return replace(conditions[0], span=span(kids))
        return t.Or(conditions, listed=True, span=span(kids))

    def at_least(self, kids: Kids) -> t.AtLeast:
        return t.AtLeast(kids[2], tuple(kids[5:-1:2]), span=span(kids))

    def time_between(self, kids: Kids) -> t.TimeBetween:
        return t.TimeBetween(kids[2].text, kids[4].text, kinds(kids).get("zone"), span=span(kids))

    def day_is(self, kids: Kids) -> t.DayIs:
        return t.DayIs(days(kids[2]), span=span(kids))

    def impact(self, kids: Kids) -> Piece:
        return Piece("impact", kids[0].text, span(kids), span(kids))

    def this_symbol(self, kids: Kids) -> Piece:
        return Piece("target", None, span(kids), span(kids))

    def news_within(self, kids: Kids) -> t.NewsWithin:
        target = kids[4].name if isinstance(kids[4], t.Symbol) else None
        return t.NewsWithin(kids[0].value, target, kids[-1], span=span(kids))

    def time_until_news(self, kids: Kids) -> t.TimeUntilNews:
        target = kids[-1].name if isinstance(kids[-1], t.Symbol) else None
        return t.TimeUntilNews(kids[2].value, target, span=span(kids))

    def on(self, kids: Kids) -> t.On:
        symbol = kids[2].name if isinstance(kids[2], t.Symbol) else None
        timeframe = kids[-1].text if getattr(kids[-1], "type", "") == "TIMEFRAME" else None
        return t.On(kids[0], symbol, timeframe, span=span(kids))

    def so_far(self, kids: Kids) -> t.SoFar:
        return t.SoFar(kids[0].text, kids[-1].text, span=span(kids))

    def arithmetic(self, kids: Kids) -> t.Arithmetic:
        return t.Arithmetic(kids[1].text, kids[0], kids[2], span=span(kids))

    def negative(self, kids: Kids) -> t.Negative:
        return t.Negative(kids[1], span=span(kids))

    def percent_of(self, kids: Kids) -> t.Arithmetic:
        return t.Arithmetic("of", kids[0], kids[2], span=span(kids))

    def value_when(self, kids: Kids) -> t.ValueWhen:
        return t.ValueWhen(kids[2], kids[4], span=span(kids))

    def bars_since(self, kids: Kids) -> t.BarsSince:
        return t.BarsSince(kids[2], span=span(kids))

    def history(self, kids: Kids) -> t.History:
        return t.History(kids[0], kids[2], span=span(kids))

    def part_of(self, kids: Kids) -> t.Part:
        return t.Part(kids[0], kids[2].value, span=span(kids))

    def part(self, kids: Kids) -> Piece:
        return Piece("part", kids[0].text, span(kids), span(kids))

    def group(self, kids: Kids) -> Any:
        return replace(kids[1], span=span(kids))

    def name(self, kids: Kids) -> t.Name:
        return t.Name(kids[0].text, span=span(kids))

    window_name = param_name = name

    def call(self, kids: Kids) -> t.Call:
        return t.Call(kids[0].name, tuple(nodes(kids[2:-1])), span=span(kids))

    def clock_window(self, kids: Kids) -> t.ClockWindow:
        return t.ClockWindow(kids[0].text, kids[2].text, kinds(kids).get("zone"), span=span(kids))

    def symbol_name(self, kids: Kids) -> t.Symbol:
        return t.Symbol(kids[0].text, span=span(kids))

    def text(self, kids: Kids) -> t.Text:
        return t.Text(unquote(kids[0]), span=span(kids))

    def score(self, kids: Kids) -> t.Score:
        return t.Score(tuple(kids[2:-1:4]), tuple(kids[4:-1:4]), span=span(kids))

    def word(self, kids: Kids) -> t.Name:
        return t.Name("_".join(kid.text for kid in kids), span=span(kids))

    def number(self, kids: Kids) -> t.Number:
        return t.Number(kids[0].text, span=span(kids))

    whole = number

    def quantity(self, kids: Kids) -> t.Number:
        unit = kids[1].text
        return t.Number(kids[0].text, UNITS.get(unit, unit), span=span(kids))

    percent = money = duration = quantity

    def horizon(self, kids: Kids) -> t.Number | t.Name:
        return self._counted(kids)

    def bars(self, kids: Kids) -> t.Number | t.Name:
        return self._counted(kids)

    def _counted(self, kids: Kids) -> t.Number | t.Name:
        first = kids[0]
        if isinstance(first, t.Name):
            return replace(first, span=span(kids))
        if isinstance(first, t.Number):
            return first
        return t.Number(first.text, "bars", span=span(kids))

    def zone(self, kids: Kids) -> Piece:
        return Piece("zone", kids[0].text, span(kids), span(kids))
