"""Expressions back to text: the canonical spelling on one line, with the fewest parentheses.

`parse` of the result gives the same tree. Levels follow the grammar: a node stands bare where its
own level is at least the one asked for, else in parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dsl import syntax as t
from dsl.words import SINGULAR

ANY, LOGIC, CONDITION, TEST, OPERAND, SUM, TERM, FACTOR, PRIMARY, POSTFIX, SIMPLE = range(11)

_SYMBOL = re.compile(r"\.?[A-Z][A-Z0-9_]{0,29}(?:\.[A-Za-z0-9]{1,20}){0,2}")
_WORDS = frozenset(
    {
        "bars_held", "bars_since_exit", "time_since_entry", "entry_price", "highest_since_entry", "lowest_since_entry",
        "last_trade_won", "last_fill_price",
    }
)  # fmt: skip
_ATOMS = frozenset({"profit", "equity"})

_LEVELS: dict[type, int] = {
    t.IfElse: ANY,
    t.Otherwise: ANY,
    t.And: LOGIC,
    t.Or: LOGIC,
    t.Followed: LOGIC,
    t.Not: CONDITION,
    t.Held: CONDITION,
    t.Compare: TEST,
    t.Between: TEST,
    t.Cross: TEST,
    t.Moving: TEST,
    t.AtLeast: TEST,
    t.TimeBetween: TEST,
    t.DayIs: TEST,
    t.NewsWithin: TEST,
    t.On: OPERAND,
    t.SoFar: OPERAND,
    t.Negative: FACTOR,
    t.Number: PRIMARY,
    t.ValueWhen: PRIMARY,
    t.BarsSince: PRIMARY,
    t.TimeUntilNews: PRIMARY,
    t.Call: POSTFIX,
    t.Score: POSTFIX,
    t.Part: POSTFIX,
    t.History: POSTFIX,
    t.Text: POSTFIX,
    t.Name: SIMPLE,
}


def _level(node: t.Expr) -> int:
    if isinstance(node, t.Arithmetic):
        return {"+": SUM, "-": SUM, "*": TERM, "/": TERM, "of": PRIMARY}[node.op]
    if isinstance(node, t.Or) and node.listed:
        return TEST
    if isinstance(node, t.Name) and (node.name in _WORDS or node.name in _ATOMS):
        return POSTFIX
    return _LEVELS[type(node)]


def expression(node: t.Expr, level: int = ANY) -> str:
    """The text of a node where at least `level` is asked for."""
    text = _text(node)
    return text if _level(node) >= level else f"({text})"


def value(node: t.Expr) -> str:
    """The text of a node where a clause takes a value: conditions stand in parentheses."""
    return expression(node, OPERAND if LOGIC <= _level(node) < OPERAND else ANY)


def amount(node: t.Expr) -> str:
    """The text of a size or cap: a literal or a name stands bare, anything else in parentheses."""
    return expression(node) if isinstance(node, (t.Number, t.Name)) and _level(node) != POSTFIX else f"({_text(node)})"


def number(node: t.Number) -> str:
    """Digits as written; `%` and `R` touch them, other units follow a space and agree in number."""
    if node.unit is None:
        return node.text
    if node.unit in ("%", "R"):
        return node.text + node.unit
    return f"{node.text} {SINGULAR.get(node.unit, node.unit) if node.text in ('1', '-1') else node.unit}"


def bars(node: t.Expr) -> str:
    """A window: `3 bars`, `n bars`."""
    return number(node) if isinstance(node, t.Number) else f"{_text(node)} bars"


def symbol(name: str) -> str:
    """A symbol, quoted where its spelling asks for it."""
    return name if _SYMBOL.fullmatch(name) else f'"{name}"'


def weekdays(days: Iterable[str]) -> str:
    """`Monday, Tuesday or Friday`."""
    *first, last = days
    return f"{', '.join(first)} or {last}" if first else last


def clock_range(start: str, word: str, end: str, zone: str | None) -> str:
    return f"{start} {word} {end}{f' {zone}' if zone else ''}"


def _list(nodes: Iterable[t.Expr | t.ClockWindow | t.Symbol]) -> str:
    return ", ".join(_argument(node) for node in nodes)


def _argument(node: t.Expr | t.ClockWindow | t.Symbol) -> str:
    if isinstance(node, t.ClockWindow):
        return clock_range(node.start, "to", node.end, node.zone)
    return node.name if isinstance(node, t.Symbol) else expression(node)


def _news(impact: str, target: str | None) -> str:
    return f"{impact} impact news for {symbol(target) if target else 'this symbol'}"


def _text(node: t.Expr) -> str:
    match node:
        case t.Number():
            return number(node)
        case t.Text():
            return f'"{node.value}"'
        case t.Name():
            return node.name.replace("_", " ") if node.name in _WORDS else node.name
        case t.Call():
            return f"{node.name}({_list(node.args)})"
        case t.Part():
            return f"{expression(node.value, POSTFIX)}.{node.part}"
        case t.History():
            return f"{expression(node.value, POSTFIX)}[{expression(node.offset, SUM)}]"
        case t.Negative():
            return f"-{expression(node.value, PRIMARY)}"
        case t.Arithmetic():
            left, right = {"+": (SUM, TERM), "-": (SUM, TERM), "of": (PRIMARY, POSTFIX)}.get(node.op, (TERM, FACTOR))
            return f"{expression(node.left, left)} {node.op} {expression(node.right, right)}"
        case t.Compare():
            return f"{expression(node.left, OPERAND)} {node.op} {expression(node.right, OPERAND)}"
        case t.Between():
            low, high = expression(node.low, OPERAND), expression(node.high, OPERAND)
            return f"{expression(node.value, OPERAND)} between {low} and {high}"
        case t.Cross():
            word = "crosses" if node.direction == "either" else f"crosses {node.direction}"
            return f"{expression(node.left, OPERAND)} {word} {expression(node.right, OPERAND)}"
        case t.Moving():
            return f"{expression(node.value, OPERAND)} {node.direction} for {bars(node.bars)}"
        case t.Held():
            return f"{expression(node.condition, SIMPLE)} for {bars(node.bars)}"
        case t.BarsSince():
            return f"bars since {expression(node.condition, SIMPLE)}"
        case t.ValueWhen():
            return f"value of {expression(node.value, POSTFIX)} when {expression(node.condition, SIMPLE)}"
        case t.Followed():
            first = expression(node.first, LOGIC if isinstance(node.first, t.Followed) else SIMPLE)
            return f"{first} followed within {bars(node.bars)} by {expression(node.second, SIMPLE)}"
        case t.Not():
            return f"not {expression(node.condition, TEST)}"
        case t.And():
            return " and ".join(expression(each, CONDITION) for each in node.conditions)
        case t.Or(listed=True):
            return f"any of ({_list(node.conditions)})"
        case t.Or():
            return " or ".join(expression(each, CONDITION) for each in node.conditions)
        case t.AtLeast():
            return f"at least {expression(node.k)} of ({_list(node.conditions)})"
        case t.Score():
            pairs = zip(node.weights, node.conditions, strict=True)
            return f"score({', '.join(f'{expression(w)}: {expression(c)}' for w, c in pairs)})"
        case t.IfElse():
            last = expression(node.otherwise, ANY if isinstance(node.otherwise, t.IfElse) else LOGIC)
            return f"if {expression(node.condition, LOGIC)} then {expression(node.then, LOGIC)} else {last}"
        case t.Otherwise():
            first = expression(node.value, ANY if isinstance(node.value, t.Otherwise) else OPERAND)
            return f"{first} otherwise {expression(node.fallback, OPERAND)}"
        case t.On():
            of = f" of {symbol(node.symbol)}" if node.symbol else ""
            on = f" on {node.timeframe}" if node.timeframe else ""
            return f"{expression(node.value, POSTFIX)}{of}{on}"
        case t.SoFar():
            return f"{node.field} so far on {node.timeframe}"
        case t.TimeBetween():
            return f"time between {clock_range(node.start, 'and', node.end, node.zone)}"
        case t.DayIs():
            return f"day is {weekdays(node.days)}"
        case t.NewsWithin():
            return f"{_news(node.impact, node.target)} within {number(node.window)}"
        case t.TimeUntilNews():
            return f"time until {_news(node.impact, node.target)}"
