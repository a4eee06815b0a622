"""The LALR machine: reads tokens in context and keeps a stack that recovery can look into.

Lark compiles the grammar; running its tables takes these few lines, starts without importing Lark,
and leaves the stack open to whoever has to make sense of a mistake.
"""

from __future__ import annotations

import re
from typing import Any

from dsl.diagnostics import Span
from dsl.grammar import Tables
from dsl.words import RESERVED

END = "$END"
UNKNOWN = "?"
"""Type of a token that is no word, number or sign of the language: one character."""


class Token:
    """A piece of text with its terminal. `guessed` marks one that recovery put in."""

    __slots__ = ("guessed", "span", "text", "type")

    def __init__(self, type_: str, text: str, span: Span, guessed: bool = False) -> None:
        self.type = type_
        self.text = text
        self.span = span
        self.guessed = guessed

    def __repr__(self) -> str:
        return f"Token({self.type}, {self.text!r}, {self.span.start})"


class Lexer:
    """Cuts one text into tokens. What a state can use decides between terminals that look alike."""

    def __init__(self, tables: Tables, scanners: dict[Any, re.Pattern[str]], text: str) -> None:
        self.text = text
        self._tables = tables
        self._scanners = scanners
        self._skip = _pattern(scanners, "skip", tables.skip)

    def token(self, position: int, state: int) -> Token:
        """The next token at or after `position`; `END` at the end of the text."""
        matched = self._skip.match(self.text, position)
        assert matched
        start = matched.end()
        if start >= len(self.text):
            return Token(END, "", Span(start, start))
        accepted = self._tables.states[state]
        scanner = self._scanners.get(state) or self._scanner(state)
        match = scanner.match(self.text, start) or self._everything().match(self.text, start)
        if match is None:
            return Token(UNKNOWN, self.text[start], Span(start, start + 1))
        text, type_ = match[0], match.lastgroup
        if type_ == "MARK":
            type_ = self._tables.marks[text]
        elif type_ == "WORD":
            type_ = self._tables.words[text]
        elif type_ == "NAME":
            word = self._tables.words.get(text)
            if word is not None and (word in accepted or text in RESERVED):
                type_ = word
        assert type_
        return Token(type_, text, Span(start, match.end()))

    def _scanner(self, state: int) -> re.Pattern[str]:
        accepted = self._tables.states[state]
        names = tuple(name for name in self._tables.patterns if name in accepted or name == "NAME")
        words = tuple(word for word, name in self._tables.words.items() if not word.islower() and name in accepted)
        return self._scanners.setdefault(state, self._compiled(names, words))

    def _everything(self) -> re.Pattern[str]:
        return self._compiled(tuple(self._tables.patterns), tuple(w for w in self._tables.words if not w.islower()))

    def _compiled(self, names: tuple[str, ...], words: tuple[str, ...]) -> re.Pattern[str]:
        key = (names, words)
        if key not in self._scanners:
            parts = [f"(?P<WORD>(?:{'|'.join(words)})(?![A-Za-z0-9_]))"] if words else []
            parts += [f"(?P<{name}>{self._tables.patterns[name]})" for name in names]
            marks = sorted(self._tables.marks, key=len, reverse=True)
            parts.append(f"(?P<MARK>{'|'.join(map(re.escape, marks))})")
            self._scanners[key] = re.compile("|".join(parts))
        return self._scanners[key]


def _pattern(scanners: dict[Any, re.Pattern[str]], key: str, text: str) -> re.Pattern[str]:
    if key not in scanners:
        scanners[key] = re.compile(text)
    return scanners[key]


class Machine:
    """The stack of one parse. `values[i]` was read when `states[i]` was on top."""

    def __init__(self, tables: Tables, builder: Any) -> None:
        self.tables = tables
        self.states = [tables.start]
        self.values: list[Any] = []
        self._calls = [getattr(builder, r.call, _as_is) for r in tables.rules]
        self._before: tuple[list[int], list[Any]] | None = None

    @property
    def state(self) -> int:
        return self.states[-1]

    def feed(self, token: Token) -> bool:
        """Take a token. False, with the stack as it was, when it cannot stand here."""
        rows, states, values = self.tables.states, self.states, self.values
        action = rows[states[-1]].get(token.type)
        if action is None:
            return False
        self._before = None
        if action < 0:
            before = (states, values)
            states, values = states[:], values[:]
            while action < 0:
                self._reduce(~action, states, values)
                if token.type == END and states[-1] == self.tables.end:
                    self.states, self.values = states, values
                    return True
                action = rows[states[-1]].get(token.type)
                if action is None:
                    return False
            self.states, self.values, self._before = states, values, before
        states.append(action)
        values.append(token)
        return True

    def undo(self) -> None:
        """Give back the last token that was taken; once."""
        if self._before:
            self.states, self.values = self._before
            self._before = None
        else:
            self.cut(len(self.states) - 1)

    def _reduce(self, number: int, states: list[int], values: list[Any]) -> None:
        rule = self.tables.rules[number]
        size = rule.size
        if size == 1 and rule.single and not rule.helper and not rule.spread:  # most of all: a level passed through
            states.pop()
            states.append(self.tables.states[states[-1]][rule.origin])
            return
        kids: list[Any] = []
        if size:
            kids = values[-size:]
            del values[-size:]
            del states[-size:]
        value: Any
        if rule.helper:
            value = _Helper(kids)
        else:
            if rule.spread:
                kids = _spread(kids)
            value = kids[0] if rule.single and len(kids) == 1 else self._calls[number](kids)
        states.append(self.tables.states[states[-1]][rule.origin])
        values.append(value)

    def settle(self) -> None:
        """Reduce a bracket that was closed last, so that the stack holds open ones only."""
        while self.values and isinstance(self.values[-1], Token) and self.values[-1].type in ("RPAR", "RSQB"):
            actions = set(self.tables.states[self.states[-1]].values())
            if len(actions) != 1 or (action := actions.pop()) >= 0:
                return
            self._reduce(~action, self.states, self.values)

    def accepts(self, type_: str, keep: int | None = None) -> bool:
        """Whether a token of this type could come next, on the lowest `keep` states of the stack."""
        return self._simulate(self.states[:keep], type_) is not None

    def accepts_all(self, types: tuple[str, ...], keep: int | None = None) -> bool:
        """Whether these tokens could come one after the other."""
        states: list[int] | None = self.states[:keep]
        for type_ in types:
            if states is None:
                return False
            states = self._simulate(states, type_)
        return states is not None

    def expected(self, states: list[int] | None = None) -> frozenset[str]:
        """Every terminal that could come next, on this stack or another one."""
        stack = states or self.states
        row = self.tables.states[stack[-1]]
        return frozenset(name for name in row if name.isupper() and self._simulate(stack[:], name) is not None)

    def after(self, states: list[int], type_: str) -> list[int]:
        """A stack as it would be after one more token that it accepts."""
        return self._simulate(states[:], type_) or states

    def _simulate(self, states: list[int], type_: str) -> list[int] | None:
        rows = self.tables.states
        action = rows[states[-1]].get(type_)
        if action is not None and action < 0:
            states = states[:]
        while action is not None:
            if action >= 0:
                return [*states, action]
            rule = self.tables.rules[~action]
            if rule.size:
                del states[-rule.size :]
            states.append(rows[states[-1]][rule.origin])
            if type_ == END and states[-1] == self.tables.end:
                return states
            action = rows[states[-1]].get(type_)
        return None

    def cut(self, keep: int) -> None:
        """Forget everything above the lowest `keep` states."""
        del self.states[keep:]
        del self.values[keep - 1 :]

    def put(self, symbol: str, value: Any) -> bool:
        """Put a finished value of a rule on the stack, where that rule may stand."""
        target = self.tables.states[self.state].get(symbol)
        if target is None or target < 0:
            return False
        self.states.append(target)
        self.values.append(value)
        return True

    def close(self, symbol: str) -> tuple[int, Any] | None:
        """What stands open last, reduced to `symbol`: the height it began at, and its value.

        The stack itself is left as it was.
        """
        rows = self.tables.states
        bottom = next((i for i in range(len(self.states), 0, -1) if symbol in rows[self.states[i - 1]]), None)
        if bottom is None or bottom == len(self.states):
            return None
        for type_ in rows[self.state]:
            action = rows[self.state][type_]
            if not type_.isupper() or action >= 0:
                continue
            states, values = self.states[:], self.values[:]
            next_action: int | None = action
            while next_action is not None and next_action < 0 and len(states) > bottom:
                rule = self.tables.rules[~next_action]
                self._reduce(~next_action, states, values)
                if len(states) == bottom + 1 and rule.origin == symbol:
                    return bottom, values[-1]
                next_action = rows[states[-1]].get(type_)
        return None


def _as_is(kids: list[Any]) -> Any:
    return kids[0]


class _Helper:
    """The children of a helper rule on their way into the rule that uses it."""

    __slots__ = ("kids",)

    def __init__(self, kids: list[Any]) -> None:
        self.kids = kids


def _spread(kids: list[Any]) -> list[Any]:
    """Children with those of helpers in their place; repetitions nest deeply to the left."""
    flat: list[Any] = []
    pending = kids[::-1]
    while pending:
        kid = pending.pop()
        if type(kid) is _Helper:
            pending.extend(reversed(kid.kids))
        else:
            flat.append(kid)
    return flat
