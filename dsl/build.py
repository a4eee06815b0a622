"""From grammar rules to the syntax tree: one method for each rule of `grammar.lark`.

The parser calls a method with the rule's children, tokens included, while it reads; no parse tree
stands in between. A span runs from the first to the last child, so that parentheses count as part
of what they hold.
"""

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


class Repeated(NamedTuple):
    """A clause written again in one rule; the parser makes the message."""

    what: str
    where: str
    span: Span
    first: Span


def _span(kids: Kids) -> Span:
    return Span(kids[0].span.start, kids[-1].span.end)


def _unquote(token: Token) -> str:
    return token.text[1:-1]


def _kinds(kids: Kids) -> dict[str, Any]:
    """Pieces by kind, the first of each."""
    found: dict[str, Any] = {}
    for kid in kids:
        if isinstance(kid, Piece):
            found.setdefault(kid.kind, kid.value)
    return found


def _types(kids: Kids) -> dict[str, Any]:
    """Tokens by type."""
    return {kid.type: kid for kid in kids if isinstance(kid, Token)}


def _nodes(kids: Kids) -> list[Any]:
    return [kid for kid in kids if isinstance(kid, t.Node)]


def _flat(kind: type[t.And] | type[t.Or], conditions: list[Any]) -> tuple[Any, ...]:
    flat: list[Any] = []
    for condition in conditions:
        if type(condition) is kind and not getattr(condition, "listed", False):
            flat.extend(condition.conditions)
        else:
            flat.append(condition)
    return tuple(flat)


class Statements:
    """Rules of statements and clauses."""

    repeated: list[Repeated]

    def start(self, kids: Kids) -> t.Strategy:
        flat: list[Any] = []
        for kid in kids:
            if isinstance(kid, tuple) and not isinstance(kid, Piece):
                flat.extend(kid)
            elif kid is not None:
                flat.append(kid)
        span = Span(flat[0].span.start, flat[-1].span.end) if flat else Span(0, 0)
        return t.Strategy(tuple(flat), span=span)

    def _once(self, where: str, kids: Kids) -> None:
        """Note every clause that stands twice in one statement."""
        seen: dict[str, Span] = {}
        for kid in kids:
            if isinstance(kid, Piece) and kid.kind != "called":
                if kid.kind in seen:
                    self.repeated.append(Repeated(kid.kind, where, kid.line, seen[kid.kind]))
                else:
                    seen[kid.kind] = kid.line

    def _piece(self, kind: str, value: Any, kids: Kids) -> Piece:
        return Piece(kind, value, _span(kids), kids[0].span)

    def strategy(self, kids: Kids) -> t.Header:
        return t.Header(_unquote(kids[1]), kids[3].text, span=_span(kids))

    def trade(self, kids: Kids) -> t.Trade:
        return t.Trade(tuple(_nodes(kids)), kids[-1].text, span=_span(kids))

    def basket(self, kids: Kids) -> t.TradeBasket:
        return t.TradeBasket(kids[2].text, tuple(_nodes(kids)), kids[-1].text, span=_span(kids))

    def leg(self, kids: Kids) -> t.Leg:
        return t.Leg(kids[0].text, kids[1].text, kids[2].name, span=_span(kids))

    def symbol(self, kids: Kids) -> t.Symbol:
        token = kids[0]
        return t.Symbol(_unquote(token) if token.type == "STRING" else token.text, span=_span(kids))

    def edge(self, kids: Kids) -> t.Edge:
        self._once("edge", kids)
        parts = _kinds(kids)
        return t.Edge(parts.get("exploits"), parts.get("fails"), parts.get("benchmark"), span=_span(kids))

    def edge_line(self, kids: Kids) -> Piece:
        word, value = kids
        return self._piece(word.text, _unquote(value) if value.type == "STRING" else value.text, kids)

    def params(self, kids: Kids) -> tuple[t.Param, ...]:
        return tuple(_nodes(kids))

    def param(self, kids: Kids) -> t.Param:
        numbers = [*_nodes(kids), None, None, None]
        return t.Param(kids[0].text, numbers[0], numbers[1], numbers[2], numbers[3], span=_span(kids))

    def literal(self, kids: Kids) -> t.Number:
        number = kids[-1]
        if len(kids) == 2:
            return t.Number("-" + number.text, number.unit, span=_span(kids))
        assert isinstance(number, t.Number)
        return number

    def let(self, kids: Kids) -> t.Let:
        return t.Let(kids[1].text, kids[3], span=_span(kids))

    def remember(self, kids: Kids) -> t.Remember:
        return t.Remember(kids[1].text, kids[3], tuple(kids[4:]), span=_span(kids))

    def becomes(self, kids: Kids) -> t.Becomes:
        return t.Becomes(kids[1], kids[3], span=_span(kids))

    def enter(self, kids: Kids) -> t.Enter:
        self._once(f"enter {kids[1]}", kids)
        has = _kinds(kids).get
        return t.Enter(
            kids[1].text,
            has("called"),
            has("when"),
            has("unless"),
            has("order"),
            has("size"),
            has("stop"),
            has("target"),
            has("at most"),
            span=_span(kids),
        )

    def add(self, kids: Kids) -> t.Add:
        self._once(f"add to {kids[2]}", kids)
        has = _kinds(kids).get
        return t.Add(
            kids[2].text,
            has("called"),
            has("when"),
            has("unless"),
            has("size"),
            has("stop"),
            has("at most"),
            span=_span(kids),
        )

    def exit(self, kids: Kids) -> t.Exit:
        word = kids[1].text if len(kids) > 1 and not isinstance(kids[1], Piece) else None
        self._once(f"exit {word}" if word else "exit", kids)
        has = _kinds(kids).get
        side = word if word != "both" else None
        return t.Exit(side, has("called"), has("when"), has("unless"), span=_span(kids))

    def opposite(self, kids: Kids) -> t.Opposite:
        return t.Opposite(kids[2].text, span=_span(kids))

    def called(self, kids: Kids) -> Piece:
        return self._piece("called", kids[1].text, kids)

    def when(self, kids: Kids) -> Piece:
        return self._piece("when", kids[1], kids)

    def unless(self, kids: Kids) -> Piece:
        return self._piece("unless", kids[1], kids)

    def order_market(self, kids: Kids) -> Piece:
        return self._piece("order", t.Order("market", span=_span(kids)), kids)

    def order(self, kids: Kids) -> Piece:
        self._once("order", kids)
        has = _kinds(kids).get
        order = t.Order(
            kids[2].text,
            kids[1].text,
            kids[4],
            has("good for"),
            has("cancel others", False),
            has("cancel when"),
            span=_span(kids),
        )
        return self._piece("order", order, kids)

    def good_for(self, kids: Kids) -> Piece:
        return self._piece("good for", kids[2], kids)

    def cancel_others(self, kids: Kids) -> Piece:
        return self._piece("cancel others", True, kids)

    def cancel_when(self, kids: Kids) -> Piece:
        return self._piece("cancel when", kids[2], kids)

    def _size(self, kind: str, kids: Kids, value: Any, cap: Any = None) -> Piece:
        return self._piece("size", t.Size(kind, value, cap, span=_span(kids)), kids)

    def size_risk(self, kids: Kids) -> Piece:
        return self._size("risk", kids, kids[1])

    def size_notional(self, kids: Kids) -> Piece:
        return self._size("notional", kids, kids[1])

    def _with_unit(self, kids: Kids) -> Any:
        value = kids[1]
        if isinstance(value, t.Number) and value.unit is None:
            return t.Number(value.text, UNITS[kids[2].text], span=_span(kids[1:]))
        return value

    def size_lots(self, kids: Kids) -> Piece:
        return self._size("lots", kids, self._with_unit(kids))

    def size_units(self, kids: Kids) -> Piece:
        return self._size("units", kids, self._with_unit(kids))

    def size_volatility(self, kids: Kids) -> Piece:
        return self._size("volatility", kids, kids[2])

    def size_kelly(self, kids: Kids) -> Piece:
        return self._size("kelly", kids, kids[2], kids[6])

    def fraction(self, kids: Kids) -> t.Number:
        if isinstance(kids[0], t.Number):
            return kids[0]
        return t.Number({"half": "0.5", "full": "1", "quarter": "0.25"}[kids[0].text], span=_span(kids))

    def stop_at(self, kids: Kids) -> Piece:
        return self._piece("stop", t.Stop("at", kids[2], span=_span(kids)), kids)

    def stop_distance(self, kids: Kids) -> Piece:
        return self._piece("stop", t.Stop("distance", kids[1], span=_span(kids)), kids)

    def stop_none(self, kids: Kids) -> Piece:
        return self._piece("stop", t.Stop("none", None, _unquote(kids[3]), span=_span(kids)), kids)

    def stop_keep(self, kids: Kids) -> Piece:
        return self._piece("stop", t.Stop("keep", span=_span(kids)), kids)

    def target_at(self, kids: Kids) -> Piece:
        return self._piece("target", t.Target("at", kids[2], span=_span(kids)), kids)

    def target_distance(self, kids: Kids) -> Piece:
        return self._piece("target", t.Target("distance", kids[1], span=_span(kids)), kids)

    def target_none(self, kids: Kids) -> Piece:
        return self._piece("target", t.Target("none", span=_span(kids)), kids)

    def at_most_per_day(self, kids: Kids) -> Piece:
        return self._piece("at most", t.Number(kids[2].text, span=kids[2].span), kids)

    def at_most_times(self, kids: Kids) -> Piece:
        return self._piece("at most", t.Number(kids[2].text, span=kids[2].span), kids)

    def manage(self, kids: Kids) -> tuple[t.Manage, ...]:
        lines = _nodes(kids)
        if isinstance(kids[1], Token):
            lines = [replace(line, side=kids[1].text) for line in lines]
        return tuple(lines)

    def manage_line(self, kids: Kids) -> t.Manage:
        action = kids[0]
        value, step = action.value
        trigger = kids[1] if len(kids) > 1 else t.Trigger("always", span=Span(action.span.end, action.span.end))
        return t.Manage(action.kind, trigger, value, step, span=_span(kids))

    def move_stop(self, kids: Kids) -> Piece:
        value = kids[3] if isinstance(kids[3], t.Node) else None
        return self._piece("stop_to", (value, None), kids)

    def move_target(self, kids: Kids) -> Piece:
        return self._piece("target_to", (kids[3], None), kids)

    def trail(self, kids: Kids) -> Piece:
        return self._piece("trail", (kids[3], kids[5] if len(kids) > 5 else None), kids)

    def take(self, kids: Kids) -> Piece:
        amount = kids[1] if isinstance(kids[1], t.Number) else t.Number("50", "%", span=kids[1].span)
        return self._piece("take", (amount, None), kids)

    def leave(self, kids: Kids) -> Piece:
        return self._piece("leave", (None, None), kids)

    def trigger_profit(self, kids: Kids) -> t.Trigger:
        return t.Trigger("profit", kids[3], span=_span(kids))

    def trigger_after(self, kids: Kids) -> t.Trigger:
        return t.Trigger("after", kids[1], span=_span(kids))

    def trigger_when(self, kids: Kids) -> t.Trigger:
        return t.Trigger("when", kids[1], span=_span(kids))

    def trigger_clock(self, kids: Kids) -> t.Trigger:
        days = _days(kids[-1]) if getattr(kids[-1], "type", "") == "WEEKDAYS" else ()
        return t.Trigger("clock", None, kids[1].text, _kinds(kids).get("zone"), days, span=_span(kids))

    def limits(self, kids: Kids) -> tuple[t.Limit, ...]:
        return tuple(_nodes(kids))

    def daily_loss(self, kids: Kids) -> t.Limit:
        return t.Limit("daily_loss", kids[2], leave_everything=len(kids) > 3, span=_span(kids))

    def open_positions(self, kids: Kids) -> t.Limit:
        return t.Limit("open_positions", kids[2], span=_span(kids))

    def entries_per_day(self, kids: Kids) -> t.Limit:
        return t.Limit("entries_per_day", kids[2], span=_span(kids))

    def cooldown(self, kids: Kids) -> t.Limit:
        return t.Limit("cooldown", kids[1], after=kids[3].text, per_symbol=len(kids) > 4, span=_span(kids))

    def total_risk(self, kids: Kids) -> t.Limit:
        return t.Limit("total_risk", kids[2], span=_span(kids))

    def checklist(self, kids: Kids) -> t.Checklist:
        items = tuple(t.Text(_unquote(kid), span=kid.span) for kid in kids[1:])
        return t.Checklist(items, span=_span(kids))

    def example(self, kids: Kids) -> t.Example:
        given = tuple(kid for kid in kids if isinstance(kid, t.Given))
        expect = tuple(kid for kid in kids if isinstance(kid, t.Expect))
        return t.Example(_unquote(kids[1]), given, expect, span=_span(kids))

    def given(self, kids: Kids) -> t.Given:
        return t.Given(kids[1].name, kids[2].text, _unquote(kids[4]), span=_span(kids))

    def expect(self, kids: Kids) -> t.Expect:
        symbol = _nodes(kids)
        tokens, pieces = _types(kids), _kinds(kids)
        what = "no_entry" if "NO" in tokens else kids[1].text
        return t.Expect(
            what,
            pieces.get("called"),
            symbol[0].name if symbol else None,
            f"{tokens['DATE'].text} {tokens['CLOCK'].text}",
            pieces.get("zone"),
            span=_span(kids),
        )


def _days(token: Token) -> tuple[str, ...]:
    return tuple(word for word in token.text.replace(",", " ").split() if word != "or")


class Expressions:
    """Rules of expressions."""

    def if_else(self, kids: Kids) -> t.IfElse:
        return t.IfElse(kids[1], kids[3], kids[5], span=_span(kids))

    def otherwise(self, kids: Kids) -> t.Otherwise:
        return t.Otherwise(kids[0], kids[2], span=_span(kids))

    def and_list(self, kids: Kids) -> t.And:
        return t.And(_flat(t.And, kids[::2]), span=_span(kids))

    def or_list(self, kids: Kids) -> t.Or:
        return t.Or(_flat(t.Or, kids[::2]), span=_span(kids))

    def followed(self, kids: Kids) -> t.Followed:
        return t.Followed(kids[0], kids[3], kids[5], span=_span(kids))

    def held(self, kids: Kids) -> t.Held:
        return t.Held(kids[0], kids[2], span=_span(kids))

    def not_(self, kids: Kids) -> t.Not:
        return t.Not(kids[1], span=_span(kids))

    def compare(self, kids: Kids) -> t.Compare:
        return t.Compare(kids[1].text, kids[0], kids[2], span=_span(kids))

    def between(self, kids: Kids) -> t.Between:
        return t.Between(kids[0], kids[2], kids[4], span=_span(kids))

    def cross(self, kids: Kids) -> t.Cross:
        direction = kids[2].text if len(kids) == 4 else "either"
        return t.Cross(direction, kids[0], kids[-1], span=_span(kids))

    def moving(self, kids: Kids) -> t.Moving:
        return t.Moving(kids[1].text, kids[0], kids[3], span=_span(kids))

    def any_of(self, kids: Kids) -> Any:
        conditions = tuple(kids[3:-1:2])
        if len(conditions) == 1:
            return replace(conditions[0], span=_span(kids))
        return t.Or(conditions, listed=True, span=_span(kids))

    def at_least(self, kids: Kids) -> t.AtLeast:
        return t.AtLeast(kids[2], tuple(kids[5:-1:2]), span=_span(kids))

    def time_between(self, kids: Kids) -> t.TimeBetween:
        return t.TimeBetween(kids[2].text, kids[4].text, _kinds(kids).get("zone"), span=_span(kids))

    def day_is(self, kids: Kids) -> t.DayIs:
        return t.DayIs(_days(kids[2]), span=_span(kids))

    def impact(self, kids: Kids) -> Piece:
        return Piece("impact", kids[0].text, _span(kids), _span(kids))

    def this_symbol(self, kids: Kids) -> Piece:
        return Piece("target", None, _span(kids), _span(kids))

    def news_within(self, kids: Kids) -> t.NewsWithin:
        target = kids[4].name if isinstance(kids[4], t.Symbol) else None
        return t.NewsWithin(kids[0].value, target, kids[-1], span=_span(kids))

    def time_until_news(self, kids: Kids) -> t.TimeUntilNews:
        target = kids[-1].name if isinstance(kids[-1], t.Symbol) else None
        return t.TimeUntilNews(kids[2].value, target, span=_span(kids))

    def on(self, kids: Kids) -> t.On:
        symbol = kids[2].name if isinstance(kids[2], t.Symbol) else None
        timeframe = kids[-1].text if getattr(kids[-1], "type", "") == "TIMEFRAME" else None
        return t.On(kids[0], symbol, timeframe, span=_span(kids))

    def so_far(self, kids: Kids) -> t.SoFar:
        return t.SoFar(kids[0].text, kids[-1].text, span=_span(kids))

    def arithmetic(self, kids: Kids) -> t.Arithmetic:
        return t.Arithmetic(kids[1].text, kids[0], kids[2], span=_span(kids))

    def negative(self, kids: Kids) -> t.Negative:
        return t.Negative(kids[1], span=_span(kids))

    def percent_of(self, kids: Kids) -> t.Arithmetic:
        return t.Arithmetic("of", kids[0], kids[2], span=_span(kids))

    def value_when(self, kids: Kids) -> t.ValueWhen:
        return t.ValueWhen(kids[2], kids[4], span=_span(kids))

    def bars_since(self, kids: Kids) -> t.BarsSince:
        return t.BarsSince(kids[2], span=_span(kids))

    def history(self, kids: Kids) -> t.History:
        return t.History(kids[0], kids[2], span=_span(kids))

    def part_of(self, kids: Kids) -> t.Part:
        return t.Part(kids[0], kids[2].value, span=_span(kids))

    def part(self, kids: Kids) -> Piece:
        return Piece("part", kids[0].text, _span(kids), _span(kids))

    def group(self, kids: Kids) -> Any:
        return replace(kids[1], span=_span(kids))

    def name(self, kids: Kids) -> t.Name:
        return t.Name(kids[0].text, span=_span(kids))

    window_name = param_name = name

    def call(self, kids: Kids) -> t.Call:
        return t.Call(kids[0].name, tuple(_nodes(kids[2:-1])), span=_span(kids))

    def clock_window(self, kids: Kids) -> t.ClockWindow:
        return t.ClockWindow(kids[0].text, kids[2].text, _kinds(kids).get("zone"), span=_span(kids))

    def symbol_name(self, kids: Kids) -> t.Symbol:
        return t.Symbol(kids[0].text, span=_span(kids))

    def text(self, kids: Kids) -> t.Text:
        return t.Text(_unquote(kids[0]), span=_span(kids))

    def score(self, kids: Kids) -> t.Score:
        return t.Score(tuple(kids[2:-1:4]), tuple(kids[4:-1:4]), span=_span(kids))

    def word(self, kids: Kids) -> t.Name:
        return t.Name("_".join(kid.text for kid in kids), span=_span(kids))

    def number(self, kids: Kids) -> t.Number:
        return t.Number(kids[0].text, span=_span(kids))

    whole = number

    def quantity(self, kids: Kids) -> t.Number:
        unit = kids[1].text
        return t.Number(kids[0].text, UNITS.get(unit, unit), span=_span(kids))

    percent = money = duration = quantity

    def horizon(self, kids: Kids) -> t.Number | t.Name:
        return self._counted(kids)

    def bars(self, kids: Kids) -> t.Number | t.Name:
        return self._counted(kids)

    def _counted(self, kids: Kids) -> t.Number | t.Name:
        first = kids[0]
        if isinstance(first, t.Name):
            return replace(first, span=_span(kids))
        if isinstance(first, t.Number):
            return first
        return t.Number(first.text, "bars", span=_span(kids))

    def zone(self, kids: Kids) -> Piece:
        return Piece("zone", kids[0].text, _span(kids), _span(kids))


class Builder(Statements, Expressions):
    """Receives the rules of one parse. `repeated` collects what only a whole rule can show."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget the text before."""
        self.repeated = []
