"""Where reading goes on after a clause was given up.

Every clause begins with a keyword, usually on a line of its own. The stack is cut down until such a
keyword fits again; where its rule's own head was the mistake, a head is assumed and later dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsl.diagnostics import Span
from dsl.machine import END, Machine, Token
from dsl.suggest import nearest
from dsl.trouble import LINE_WORDS

_LINES = re.compile(r'^[ \t\ufeff]*(?:([A-Za-z_]+)(?=[^\w]|$)(?:[ \t]*(=)|[ \t]+([a-z]+))?|("))', re.MULTILINE)

CLAUSES = frozenset(
    {
        "_statement", "param", "becomes", "edge_line", "called", "when", "unless", "order_market", "size", "stop",
        "target", "at_most_per_day", "at_most_times", "manage_line", "limit", "question", "given", "expect",
    }
)  # fmt: skip
"""A state that one of these can follow stands between two clauses."""

_OF_LIMITS = re.compile(r"[ \t]*\w+[ \t]+(?:open|entr)")
_PAIRS = {"at": ("AT", "MOST"), "daily": ("DAILY", "LOSS"), "total": ("TOTAL", "RISK")}
_HEADS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset({"when", "unless", "order", "risk", "size", "stop", "target", "at"}), ("ENTER", "LONG")),
    (frozenset({"move", "trail", "take", "leave"}), ("MANAGE",)),
    (frozenset({"daily", "cooldown", "total"}), ("LIMITS",)),
    (frozenset({"exploits", "fails", "benchmark"}), ("EDGE",)),
    (frozenset({"given"}), ("EXAMPLE", "STRING")),
    (frozenset({"expect"}), ("EXAMPLE", "STRING", "GIVEN", "SYMBOL", "TIMEFRAME", "FROM", "STRING")),
    (frozenset({"becomes"}), ("REMEMBER", "NAME", "EQUAL", "INT")),
    (frozenset({"="}), ("PARAMS",)),
    (frozenset({'"'}), ("CHECKLIST",)),
)
_TEXTS = {"STRING": '""', "NAME": "x", "INT": "0", "SYMBOL": "X", "TIMEFRAME": "D1", "EQUAL": "="}


def is_between(machine: Machine, height: int) -> bool:
    """Whether the stack, cut to `height`, stands between two clauses."""
    return not CLAUSES.isdisjoint(machine.tables.states[machine.states[height - 1]])


def give_up_clause(machine: Machine) -> None:
    """Forget the clause at hand, keeping what was read before it."""
    for height in range(len(machine.states) - 1, 0, -1):
        if is_between(machine, height):
            machine.cut(height)
            return


def statement_height(machine: Machine) -> int:
    """The height of the stack before the statement at hand."""
    for height in range(len(machine.states), 0, -1):
        if "_statement" in machine.tables.states[machine.states[height - 1]]:
            return height
    return 1


def is_assumed(machine: Machine) -> bool:
    """Whether the statement at hand began with a head that was not written."""
    height = statement_height(machine)
    first = machine.values[height - 1] if len(machine.values) >= height else None
    return isinstance(first, Token) and first.guessed


def resume(text: str, start: int, machine: Machine) -> int:
    """Cut the stack so that the next line that begins a clause fits; its place, or the end."""
    give_up_clause(machine)
    for place, key, types in _clauses(text, start):
        for height in range(len(machine.states), 0, -1):
            if is_between(machine, height) and machine.accepts_all(types, height):
                machine.cut(height)
                return place
        if _assume(machine, key, types, place):
            return place
    for height in range(len(machine.states), 0, -1):
        if is_between(machine, height) and machine.accepts(END, height):
            machine.cut(height)
            break
    return len(text)


def clause(machine: Machine) -> Token | None:
    """The first word of the clause at hand."""
    for height in range(len(machine.states) - 1, 0, -1):
        if is_between(machine, height):
            first = machine.values[height - 1]
            return first if isinstance(first, Token) else None
    return None


def _clauses(text: str, start: int) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Lines from `start` on that begin a clause: place, first word, its first terminals."""
    for match in _LINES.finditer(text, text.rfind("\n", 0, start) + 1):
        place = match.start(4) if match[4] else match.start(1)
        if place < start:
            continue
        if match[4]:
            yield place, '"', ("STRING",)
            continue
        if match[2] and match[1] not in LINE_WORDS:
            yield place, "=", ("NAME", "EQUAL")
            continue
        word = match[1].lower()
        if word not in LINE_WORDS:
            word = nearest(word, sorted(LINE_WORDS)) or "" if 3 < len(word) < 12 and word not in _USUAL else ""
        if not word:
            continue
        types = _PAIRS.get(word, (word.upper(),))
        if word == "at":
            if (match[3] or "").lower() != "most":
                continue
            word = "total" if _OF_LIMITS.match(text, match.end()) else "at"
        yield place, word, types


_USUAL = frozenset({"when", "then", "else", "open", "high", "close", "time", "value", "once", "after", "news"})


def _assume(machine: Machine, key: str, types: tuple[str, ...], place: int) -> bool:
    """Put a head on the stack for a clause whose own head could not be read."""
    for words, head in _HEADS:
        if key not in words:
            continue
        machine.cut(statement_height(machine))
        if not machine.accepts_all((*head, *types)):
            return False
        for type_ in head:
            machine.feed(Token(type_, _TEXTS.get(type_, type_.lower()), Span(place, place), guessed=True))
        return True
    return False
