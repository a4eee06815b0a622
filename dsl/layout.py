"""The canonical layout of a tree: which line holds what, in which order and column.

Sections stand apart by one blank line; `strategy` and `trade` belong together, and so do `let`s.
Clauses come in one order, whatever order they were written in: in `enter` when, unless, order, size,
stop, target, at most; in `add` when, unless, at most, size, stop. Conditions joined by `and` or `or` take a line each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from dsl import syntax as t
from dsl.unparse import CONDITION, amount, expression, number, symbol, value, weekdays

INDENT = "  "


@dataclass
class Line:
    """One line of the layout. `start` and `end`: the part of the source text that it shows."""

    text: str
    start: int
    end: int
    above: list[str] = field(default_factory=list)
    """Comments on lines of their own before it."""
    beside: list[str] = field(default_factory=list)
    """Comments after it on the same line."""
    below: list[str] = field(default_factory=list)
    """Comments on lines of their own at the end of the block that it ends."""


Block = list[Line]
"""Lines that stand together; the first is the head and is not indented."""


class Layout:
    """Turns statements into blocks. `code` is the source with comments and quoted text blanked, to find keywords in."""

    def __init__(self, code: str) -> None:
        self._code = code

    def blocks(self, tree: t.Strategy) -> Iterator[Block]:
        """Every block, in the order of the file."""
        for kind, group in groupby(tree.statements, key=_section):
            members: list[Any] = list(group)
            if kind is t.Param:
                yield self._params(members)
            elif kind is t.Let:
                yield self._lets(members)
            elif isinstance(kind, tuple):
                yield self._lines_of(members)
            else:
                yield [line for member in members for line in self._statement(member)]

    def _before(self, word: str, position: int) -> int:
        found = self._code.rfind(word, 0, position)
        return found if found >= 0 else position

    def _section_head(self, text: str, members: list[Any]) -> Line:
        start = self._before(text.split()[0], members[0].span.start)
        return Line(text, start, start + 1)

    def _params(self, members: list[t.Param]) -> Block:
        width = max(len(param.name) for param in members)
        return [self._section_head("params", members), *(_line(p, _param(p, width)) for p in members)]

    def _lets(self, members: list[t.Let]) -> Block:
        width = max(len(let.name) for let in members)
        return [_line(let, f"let {let.name:<{width}} = {expression(let.value)}", "") for let in members]

    def _lines_of(self, members: list[Any]) -> Block:
        first = members[0]
        if isinstance(first, t.Manage):
            head = f"manage {first.side}" if first.side else "manage"
            return [self._section_head(head, members), *(_line(m, _manage(m)) for m in members)]
        return [self._section_head("limits", members), *(_line(m, _limit(m)) for m in members)]

    def _statement(self, node: t.Statement) -> Block:
        match node:
            case t.Header():
                return [_line(node, f'strategy "{node.name}" version {node.version}', "")]
            case t.Trade():
                names = ", ".join(symbol(each.name) for each in node.symbols)
                return [_line(node, f"trade {names} on {node.timeframe}", "")]
            case t.TradeBasket():
                legs = ", ".join(f"{leg.side} {leg.ratio} {symbol(leg.symbol)}" for leg in node.legs)
                return [_line(node, f"trade basket {node.name} of {legs} on {node.timeframe}", "")]
            case t.Edge():
                return self._edge(node)
            case t.Remember():
                head = _head(node, f"remember {node.name} = {expression(node.initial)}")
                return [head, *(_line(each, _becomes(each)) for each in node.updates)]
            case t.Enter() | t.Add() | t.Exit():
                return self._rule(node)
            case t.Opposite():
                return [_line(node, f"opposite entry {node.action}", "")]
            case t.Checklist():
                return [_head(node, "checklist"), *(_line(item, f'"{item.value}"') for item in node.items)]
            case t.Example():
                given = (
                    _line(g, f'given {symbol(g.symbol)} {g.timeframe} from "{g.source}"') for g in node.given
                )  # fmt: skip
                return [_head(node, f'example "{node.title}"'), *given, *(_line(e, _expect(e)) for e in node.expect)]
            case _:
                raise TypeError(f"{type(node).__name__} is laid out with its section")

    def _edge(self, node: t.Edge) -> Block:
        lines = [_head(node, "edge")]
        for word, said in (("exploits", node.exploits), ("fails", node.fails), ("benchmark", node.benchmark)):
            if said is not None:
                shown = said if word == "benchmark" else f'"{said}"'
                start = self._code.find(word, node.span.start, node.span.end)
                lines.append(Line(f"{INDENT}{word:<8} {shown}", max(start, 0), start + 1))
        return lines

    def _rule(self, node: t.Enter | t.Add | t.Exit) -> Block:
        words = {t.Enter: "enter", t.Add: "add to", t.Exit: "exit"}[type(node)]
        named = f" called {node.name}" if node.name else ""
        lines = [_head(node, f"{words}{f' {node.side}' if node.side else ''}{named}")]
        for word, condition in (("when", node.when), ("unless", node.unless)):
            if condition is not None:
                lines.extend(self._condition(word, condition))
        if isinstance(node, t.Enter) and node.order:
            lines.append(_line(node.order, f"order  {_order(node.order)}"))
        if isinstance(node, t.Add) and node.at_most_times:
            lines.append(self._at_most(node.at_most_times, "time" if node.at_most_times.text == "1" else "times"))
        if not isinstance(node, t.Exit):
            lines.extend(_size_and_stop(node))
        if isinstance(node, t.Enter) and node.target:
            lines.append(_line(node.target, f"target {_target(node.target)}"))
        if isinstance(node, t.Enter) and node.at_most_per_day:
            lines.append(self._at_most(node.at_most_per_day, "per day"))
        return lines

    def _at_most(self, count: t.Number, tail: str) -> Line:
        start = self._before("at", count.span.start)
        return Line(f"{INDENT}at most {count.text} {tail}", start, count.span.end)

    def _condition(self, word: str, node: t.Expr) -> Block:
        """`when` and its conditions, one on a line, the joining words right-aligned under it."""
        listed = isinstance(node, (t.And, t.Or)) and not getattr(node, "listed", False)
        conditions: tuple[t.Expr, ...] = node.conditions if listed else (node,)  # type: ignore[union-attr]  # by `listed`
        joint = "and" if isinstance(node, t.And) else "or"
        lines = []
        for place, condition in enumerate(conditions):
            lead = word if place == 0 else joint.rjust(len(word))
            start = self._before(word, condition.span.start) if place == 0 else condition.span.start
            text = expression(condition, CONDITION if len(conditions) > 1 else 0)
            lines.append(Line(f"{INDENT}{lead} {text}", start, condition.span.end))
        return lines


def _section(statement: t.Statement) -> object:
    """What neighbouring statements must share to stand in one block."""
    match statement:
        case t.Header() | t.Trade() | t.TradeBasket():
            return "title"
        case t.Param() | t.Let():
            return type(statement)
        case t.Manage():
            return (t.Manage, statement.side)
        case t.Limit():
            return (t.Limit,)
        case _:
            return id(statement)


def _line(node: t.Node, text: str, indent: str = INDENT) -> Line:
    return Line(indent + text, node.span.start, node.span.end)


def _head(node: t.Node, text: str) -> Line:
    return Line(text, node.span.start, node.span.start + 1)


def _param(node: t.Param, width: int) -> str:
    text = f"{node.name:<{width}} = {number(node.default)}"
    if node.low and node.high:
        text += f" from {number(node.low)} to {number(node.high)}"
    return text + (f" step {number(node.step)}" if node.step else "")


def _becomes(node: t.Becomes) -> str:
    return f"becomes {expression(node.value)} when {expression(node.condition)}"


def _order(node: t.Order) -> str:
    if node.type == "market" or node.price is None:
        return "market"
    parts = [f"{node.side} {node.type} at {value(node.price)}"]
    if node.good_for:
        parts.append(f"good for {expression(node.good_for)}")
    if node.cancel_others:
        parts.append("cancel others when filled")
    if node.cancel_when:
        parts.append(f"cancel when {expression(node.cancel_when)}")
    return ", ".join(parts)


def _size(node: t.Size) -> str:
    match node.type:
        case "risk":
            money = isinstance(node.value, t.Number) and node.value.unit != "%"
            return f"risk   {amount(node.value)}{'' if money else ' of equity'}"
        case "notional":
            return f"size   {amount(node.value)} of equity"
        case "lots" | "units":
            bare = isinstance(node.value, t.Number) and node.value.unit
            return f"size   {amount(node.value)}{'' if bare else f' {node.type}'}"
        case "volatility":
            return f"size   volatility {amount(node.value)}"
        case _:
            names = {"0.5": "half", "1": "full", "0.25": "quarter"}
            fraction = node.value.text if isinstance(node.value, t.Number) else amount(node.value)
            assert node.cap is not None
            return f"size   kelly {names.get(fraction, fraction)}, at most {amount(node.cap)}"


def _stop(node: t.Stop) -> str:
    if node.value is None:
        return f'none because "{node.because}"' if node.type == "none" else "keep"
    return f"at {value(node.value)}" if node.type == "at" else value(node.value)


def _target(node: t.Target) -> str:
    if node.value is None:
        return "none"
    return f"at {value(node.value)}" if node.type == "at" else value(node.value)


def _size_and_stop(node: t.Enter | t.Add) -> Iterator[Line]:
    if node.size:
        yield _line(node.size, _size(node.size))
    if node.stop:
        yield _line(node.stop, f"stop   {_stop(node.stop)}")


def _manage(node: t.Manage) -> str:
    shown = value(node.value) if node.value else "breakeven"
    match node.action:
        case "stop_to":
            text = f"move stop to {shown}"
        case "target_to":
            text = f"move target to {shown}"
        case "trail":
            text = f"trail stop by {shown}{f' step {value(node.step)}' if node.step else ''}"
        case "take":
            text = f"take {'half' if isinstance(node.value, t.Number) and node.value.text == '50' else shown}"
        case _:
            text = "leave"
    trigger = _trigger(node.trigger)
    return f"{text} {trigger}" if trigger else text


def _trigger(node: t.Trigger) -> str:
    if node.value is not None:
        words = {"profit": "once profit reaches", "after": "after", "when": "when"}
        return f"{words[node.type]} {expression(node.value) if node.type == 'when' else value(node.value)}"
    if node.type == "always":
        return ""
    zone = f" {node.zone}" if node.zone else ""
    return f"at {node.clock}{zone}{f' on {weekdays(node.days)}' if node.days else ''}"


def _limit(node: t.Limit) -> str:
    shown = expression(node.value)
    one = shown == "1"
    match node.type:
        case "daily_loss":
            return f"daily loss {shown}{', leave everything' if node.leave_everything else ''}"
        case "open_positions":
            return f"at most {shown} open {'position' if one else 'positions'}"
        case "entries_per_day":
            return f"at most {shown} {'entry' if one else 'entries'} per day"
        case "cooldown":
            return f"cooldown {shown} after {node.after}{' on that symbol' if node.per_symbol else ''}"
        case _:
            return f"total risk {shown}"


def _expect(node: t.Expect) -> str:
    named = f" called {node.rule}" if node.rule else ""
    where = f" on {symbol(node.symbol)}" if node.symbol else ""
    zone = f" {node.zone}" if node.zone else ""
    return f"expect {node.what.replace('_', ' ')}{named}{where} at {node.time}{zone}"
