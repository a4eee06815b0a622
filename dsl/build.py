"""From grammar rules to the syntax tree: one method for each rule of `grammar.lark`.

The parser calls a method with the rule's children, tokens included, while it reads; no parse tree
stands in between. A span runs from the first to the last child, so that parentheses count as part
of what they hold.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from dsl import syntax as t
from dsl.build_expressions import Expressions, Kids, Piece, days, kinds, nodes, span, types, unquote
from dsl.diagnostics import Span
from dsl.machine import Token
from dsl.words import UNITS


class Repeated(NamedTuple):
    """A clause written again in one rule; the parser makes the message."""

    what: str
    where: str
    span: Span
    first: Span


class Statements:
    """Rules of statements and clauses."""

    repeated: list[Repeated]

    def start(self, kids: Kids) -> t.Strategy:
        flat: list[Any] = []
        for kid in kids:
            if isinstance(kid, tuple):
                flat.extend(kid)
            else:
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
        return Piece(kind, value, span(kids), kids[0].span)

    def strategy(self, kids: Kids) -> t.Header:
        return t.Header(unquote(kids[1]), kids[3].text, span=span(kids))

    def trade(self, kids: Kids) -> t.Trade:
        return t.Trade(tuple(nodes(kids)), kids[-1].text, span=span(kids))

    def basket(self, kids: Kids) -> t.TradeBasket:
        return t.TradeBasket(kids[2].text, tuple(nodes(kids)), kids[-1].text, span=span(kids))

    def leg(self, kids: Kids) -> t.Leg:
        return t.Leg(kids[0].text, kids[1].text, kids[2].name, span=span(kids))

    def symbol(self, kids: Kids) -> t.Symbol:
        token = kids[0]
        return t.Symbol(unquote(token) if token.type == "STRING" else token.text, span=span(kids))

    def edge(self, kids: Kids) -> t.Edge:
        self._once("edge", kids)
        parts = kinds(kids)
        return t.Edge(parts.get("exploits"), parts.get("fails"), parts.get("benchmark"), span=span(kids))

    def edge_line(self, kids: Kids) -> Piece:
        word, value = kids
        return self._piece(word.text, unquote(value) if value.type == "STRING" else value.text, kids)

    def params(self, kids: Kids) -> tuple[t.Param, ...]:
        return tuple(nodes(kids))

    def param(self, kids: Kids) -> t.Param:
        numbers = [*nodes(kids), None, None, None]
        return t.Param(kids[0].text, numbers[0], numbers[1], numbers[2], numbers[3], span=span(kids))

    def literal(self, kids: Kids) -> t.Number:
        number = kids[-1]
        if len(kids) == 2:
            return t.Number("-" + number.text, number.unit, span=span(kids))
        assert isinstance(number, t.Number)
        return number

    def let(self, kids: Kids) -> t.Let:
        return t.Let(kids[1].text, kids[3], span=span(kids))

    def remember(self, kids: Kids) -> t.Remember:
        return t.Remember(kids[1].text, kids[3], tuple(kids[4:]), span=span(kids))

    def becomes(self, kids: Kids) -> t.Becomes:
        return t.Becomes(kids[1], kids[3], span=span(kids))

    def enter(self, kids: Kids) -> t.Enter:
        self._once(f"enter {kids[1].text}", kids)
        has = kinds(kids).get
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
            span=span(kids),
        )

    def add(self, kids: Kids) -> t.Add:
        self._once(f"add to {kids[2].text}", kids)
        has = kinds(kids).get
        return t.Add(
            kids[2].text,
            has("called"),
            has("when"),
            has("unless"),
            has("size"),
            has("stop"),
            has("at most"),
            span=span(kids),
        )

    def exit(self, kids: Kids) -> t.Exit:
        word = kids[1].text if len(kids) > 1 and not isinstance(kids[1], Piece) else None
        self._once(f"exit {word}" if word else "exit", kids)
        has = kinds(kids).get
        side = word if word != "both" else None
        return t.Exit(side, has("called"), has("when"), has("unless"), span=span(kids))

    def opposite(self, kids: Kids) -> t.Opposite:
        return t.Opposite(kids[2].text, span=span(kids))

    def called(self, kids: Kids) -> Piece:
        return self._piece("called", kids[1].text, kids)

    def when(self, kids: Kids) -> Piece:
        return self._piece("when", kids[1], kids)

    def unless(self, kids: Kids) -> Piece:
        return self._piece("unless", kids[1], kids)

    def order_market(self, kids: Kids) -> Piece:
        return self._piece("order", t.Order("market", span=span(kids)), kids)

    def order(self, kids: Kids) -> Piece:
        self._once("order", kids)
        has = kinds(kids).get
        order = t.Order(
            kids[2].text,
            kids[1].text,
            kids[4],
            has("good for"),
            has("cancel others", False),
            has("cancel when"),
            span=span(kids),
        )
        return self._piece("order", order, kids)

    def good_for(self, kids: Kids) -> Piece:
        return self._piece("good for", kids[2], kids)

    def cancel_others(self, kids: Kids) -> Piece:
        return self._piece("cancel others", True, kids)

    def cancel_when(self, kids: Kids) -> Piece:
        return self._piece("cancel when", kids[2], kids)

    def _size(self, kind: str, kids: Kids, value: Any, cap: Any = None) -> Piece:
        return self._piece("size", t.Size(kind, value, cap, span=span(kids)), kids)

    def size_risk(self, kids: Kids) -> Piece:
        return self._size("risk", kids, kids[1])

    def size_notional(self, kids: Kids) -> Piece:
        return self._size("notional", kids, kids[1])

    def _with_unit(self, kids: Kids) -> Any:
        value = kids[1]
        if isinstance(value, t.Number) and value.unit is None:
            return t.Number(value.text, UNITS[kids[2].text], span=span(kids[1:]))
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
        return t.Number({"half": "0.5", "full": "1", "quarter": "0.25"}[kids[0].text], span=span(kids))

    def stop_at(self, kids: Kids) -> Piece:
        return self._piece("stop", t.Stop("at", kids[2], span=span(kids)), kids)

    def stop_distance(self, kids: Kids) -> Piece:
        return self._piece("stop", t.Stop("distance", kids[1], span=span(kids)), kids)

    def stop_none(self, kids: Kids) -> Piece:
        return self._piece("stop", t.Stop("none", None, unquote(kids[3]), span=span(kids)), kids)

    def stop_keep(self, kids: Kids) -> Piece:
        return self._piece("stop", t.Stop("keep", span=span(kids)), kids)

    def target_at(self, kids: Kids) -> Piece:
        return self._piece("target", t.Target("at", kids[2], span=span(kids)), kids)

    def target_distance(self, kids: Kids) -> Piece:
        return self._piece("target", t.Target("distance", kids[1], span=span(kids)), kids)

    def target_none(self, kids: Kids) -> Piece:
        return self._piece("target", t.Target("none", span=span(kids)), kids)

    def at_most_per_day(self, kids: Kids) -> Piece:
        return self._piece("at most", t.Number(kids[2].text, span=kids[2].span), kids)

    def at_most_times(self, kids: Kids) -> Piece:
        return self._piece("at most", t.Number(kids[2].text, span=kids[2].span), kids)

    def manage(self, kids: Kids) -> tuple[t.Manage, ...]:
        lines = nodes(kids)
        if isinstance(kids[1], Token):
            lines = [replace(line, side=kids[1].text) for line in lines]
        return tuple(lines)

    def manage_line(self, kids: Kids) -> t.Manage:
        action = kids[0]
        value, step = action.value
        trigger = kids[1] if len(kids) > 1 else t.Trigger("always", span=Span(action.span.end, action.span.end))
        return t.Manage(action.kind, trigger, value, step, span=span(kids))

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
        return t.Trigger("profit", kids[3], span=span(kids))

    def trigger_after(self, kids: Kids) -> t.Trigger:
        return t.Trigger("after", kids[1], span=span(kids))

    def trigger_when(self, kids: Kids) -> t.Trigger:
        return t.Trigger("when", kids[1], span=span(kids))

    def trigger_clock(self, kids: Kids) -> t.Trigger:
        named = days(kids[-1]) if getattr(kids[-1], "type", "") == "WEEKDAYS" else ()
        return t.Trigger("clock", None, kids[1].text, kinds(kids).get("zone"), named, span=span(kids))

    def limits(self, kids: Kids) -> tuple[t.Limit, ...]:
        return tuple(nodes(kids))

    def daily_loss(self, kids: Kids) -> t.Limit:
        return t.Limit("daily_loss", kids[2], leave_everything=len(kids) > 3, span=span(kids))

    def open_positions(self, kids: Kids) -> t.Limit:
        return t.Limit("open_positions", kids[2], span=span(kids))

    def entries_per_day(self, kids: Kids) -> t.Limit:
        return t.Limit("entries_per_day", kids[2], span=span(kids))

    def cooldown(self, kids: Kids) -> t.Limit:
        return t.Limit("cooldown", kids[1], after=kids[3].text, per_symbol=len(kids) > 4, span=span(kids))

    def total_risk(self, kids: Kids) -> t.Limit:
        return t.Limit("total_risk", kids[2], span=span(kids))

    def checklist(self, kids: Kids) -> t.Checklist:
        return t.Checklist(tuple(kids[1:]), span=span(kids))

    def question(self, kids: Kids) -> t.Text:
        return t.Text(unquote(kids[0]), span=span(kids))

    def example(self, kids: Kids) -> t.Example:
        given = tuple(kid for kid in kids if isinstance(kid, t.Given))
        expect = tuple(kid for kid in kids if isinstance(kid, t.Expect))
        return t.Example(unquote(kids[1]), given, expect, span=span(kids))

    def given(self, kids: Kids) -> t.Given:
        return t.Given(kids[1].name, kids[2].text, unquote(kids[4]), span=span(kids))

    def expect(self, kids: Kids) -> t.Expect:
        symbol = nodes(kids)
        tokens, pieces = types(kids), kinds(kids)
        what = "no_entry" if "NO" in tokens else kids[1].text
        return t.Expect(
            what,
            pieces.get("called"),
            symbol[0].name if symbol else None,
            f"{tokens['DATE'].text} {tokens['CLOCK'].text}",
            pieces.get("zone"),
            span=span(kids),
        )


class Builder(Statements, Expressions):
    """Receives the rules of one parse. `repeated` collects what only a whole rule can show."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget the text before."""
        self.repeated = []
