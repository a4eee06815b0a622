"""Sets of terminals in words: “a value such as close”, “`long` or `short`”."""

from __future__ import annotations

from collections.abc import Iterable

from dsl.machine import END
from dsl.trouble import LINE_WORDS, OPERATORS, STARTERS
from dsl.words import UNITS

_KINDS = {
    "STRING": 'text in quotes, "like this"',
    "CLOCK": "a time such as 08:00",
    "DATE": "a date such as 2017-03-15",
    "TIMEFRAME": "a timeframe such as H1 or D1",
    "SYMBOL": "a symbol such as EURUSD",
    "ZONE": "a zone such as London or UTC",
    "WEEKDAYS": "a weekday such as Friday",
    "CURRENCY": "a currency such as USD",
    "NAME": "a name",
    "INT": "a whole number",
    "DECIMAL": "a number",
}
_SIGNS = {
    "LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]", "COMMA": ",", "COLON": ":", "DOT": ".", "EQUAL": "=",
    "PLUS": "+", "MINUS": "-", "STAR": "*", "SLASH": "/", "LESSTHAN": "<", "MORETHAN": ">", "LE": "<=", "GE": ">=",
    "NE": "!=", "PERCENT": "%",
}  # fmt: skip
_VALUE = {"NAME", "INT", "LPAR"}
_AFTER_VALUE = {"PLUS", "MINUS", "STAR", "SLASH"}
UNIT_TERMINALS = frozenset(
    "PERCENT" if unit == "%" else unit.upper() for unit in UNITS
) | {"CURRENCY"}  # fmt: skip


def spelled(terminal: str) -> str:
    """How a keyword or sign is written."""
    return _SIGNS.get(terminal) or ("R" if terminal == "R" else terminal.lower())


def one_of(parts: Iterable[str]) -> str:
    """`a, b or c`."""
    words = list(parts)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def describe(expected: frozenset[str]) -> str:
    """What could stand here, for a reader: grouped, the likely first, nothing twice."""
    left = set(expected) - {END}
    parts: list[str] = []
    if left >= _VALUE:
        truth = "NOT" in left
        parts.append("a condition such as close > open" if truth else "a value such as close or 2 pips")
        left -= STARTERS | {"STRING", "CLOCK", "SYMBOL"}
    elif left >= _AFTER_VALUE:
        parts.append("an operator such as + or >" if "MORETHAN" in left else "an operator such as +")
        left -= OPERATORS | {"DOT", "LSQB", "SO", "IMPACT", "SINCE"}
    if len(left & UNIT_TERMINALS) > 4:
        parts.append("a unit such as pips or %")
        left -= UNIT_TERMINALS
    for singular in ("BAR", "MINUTE", "HOUR", "DAY", "LOT", "UNIT", "PIP", "POINT", "TICK", "POSITION"):
        if singular + "S" in left:
            left.discard(singular)
    if "ENTRIES" in left:
        left.discard("ENTRY")
    if {"INT", "DECIMAL"} <= left:
        left.discard("INT")
    lines = {name for name in left if name.lower() in LINE_WORDS}
    if lines == left and 0 < len(lines) <= 5 and not parts:
        return one_of(f"`{name.lower()}`" for name in sorted(lines))
    left -= lines
    parts += [_KINDS[name] for name in sorted(left & set(_KINDS))]
    parts += [f"`{spelled(name)}`" for name in sorted(left - set(_KINDS))][: 6 if not parts else 3]
    if lines:
        parts.append("the next clause" if len(lines) > 1 else f"`{min(lines).lower()}`")
    return one_of(parts) if parts else "the end of the file"
