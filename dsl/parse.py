"""Text → syntax tree and diagnostics. Never raises, whatever the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dsl.build import Builder, Repeated
from dsl.diagnostics import Diagnostic, Severity, Span, by_position
from dsl.grammar import load
from dsl.machine import END, Lexer, Machine, Token
from dsl.scan import MAX_DEPTH, scan, too_deep
from dsl.syntax import Checklist, Comment, Edge, Enter, Example, Node, Remember, Strategy
from dsl.words import canonical_timeframe

MAX_FINDINGS = 50
"""After so many the rest is left for the next run."""
_MAX_STACK = 16 * MAX_DEPTH

_COMMENT = re.compile(r'"[^"\r\n]*"|(#[^\r\n]*)')
_WITH_HEAD = (Checklist, Edge, Enter, Example, Remember)
"""Statements that are nothing without their first line; recovery assumes one where it is unreadable."""

_SCANNERS: dict[Any, re.Pattern[str]] = {}


@dataclass(frozen=True, slots=True)
class Parsed:
    """`tree` is None when nothing could be read; after errors it holds what could."""

    tree: Strategy | None
    diagnostics: tuple[Diagnostic, ...]


def parse(text: str) -> Parsed:
    """Read a whole file.

    Several mistakes are found in one run, one message for each cause, in the order of the text.
    Line ends of every kind and a byte order mark are accepted.
    """
    scanned = scan(text)
    if scanned.shadow is None:
        return Parsed(None, scanned.diagnostics)
    reading = _Reading(scanned.shadow, scanned.start)
    tree = reading.run()
    found = [*scanned.diagnostics, *reading.found]
    if tree is not None:
        written = tuple(
            s for s in tree.statements if not (s.span.start in reading.assumed and isinstance(s, _WITH_HEAD))
        )
        tree = replace(tree, statements=written, comments=comments_of(scanned.shadow))
        found += [_repeated(each) for each in dict.fromkeys(reading.builder.repeated)]
        found += _impossible_dates(tree)
        deep = None if found else _deepest(tree)
        if deep:
            return Parsed(None, (too_deep(deep),))
    found = by_position(found)
    if len(found) > MAX_FINDINGS and found[-1].code != "RW127":
        found[MAX_FINDINGS:] = [_too_many(found[MAX_FINDINGS].span)]
    return Parsed(tree, tuple(_with_reason(each) for each in found))


def _with_reason(diagnostic: Diagnostic) -> Diagnostic:
    """The finding with the reason of its code, where it has none of its own."""
    from dsl.codes.syntax import CODES

    if diagnostic.why:
        return diagnostic
    return replace(diagnostic, why=next(code.why for code in CODES if code.code == diagnostic.code))


def comments_of(text: str) -> tuple[Comment, ...]:
    """Every comment of the text, in order."""
    if "#" not in text:
        return ()
    return tuple(
        Comment(match[1], span=Span(*match.span(1))) for match in _COMMENT.finditer(text) if match[1] is not None
    )


class _Reading:
    """One pass over a text."""

    def __init__(self, text: str, start: int) -> None:
        tables = load()
        self.text = text
        self.builder = Builder()
        self.machine = Machine(tables, self.builder)
        self.found: list[Diagnostic] = []
        self.assumed: set[int] = set()
        self._lexer = Lexer(tables, _SCANNERS, text)
        self._position = start
        self._previous: Token | None = None
        self._troubled = -1

    def run(self) -> Strategy | None:
        machine = self.machine
        while True:
            token = self._lexer.token(self._position, machine.state)
            if token.type == "TIMEFRAME":
                token = Token(token.type, canonical_timeframe(token.text), token.span)
            if machine.feed(token):
                if token.type == END:
                    tree = machine.values[-1]
                    return tree if isinstance(tree, Strategy) else None
                if len(machine.states) > _MAX_STACK:
                    self.found = [too_deep(token.span)]
                    return None
                self._previous = token
                self._position = token.span.end
            elif not self._mend(token):
                return None

    def _mend(self, token: Token) -> bool:
        """Say what is wrong at the token and find a way to go on; False when enough was said."""
        from dsl import recover
        from dsl.mistakes import recognise
        from dsl.trouble import LINE_WORDS, Trouble

        if len(self.found) >= MAX_FINDINGS:
            self.found.append(_too_many(token.span))
            return False
        machine, start = self.machine, token.span.start
        begins = token.type == END or token.text in LINE_WORDS
        again, self._troubled = start == self._troubled, start
        if again:
            begins = False
        elif not (recover.is_assumed(machine) and begins and recover.is_between(machine, len(machine.states))):
            machine.settle()
            following = self._lexer.token(token.span.end, machine.state)
            trouble = Trouble(self.text, token, self._previous, machine, recover.clause(machine), following)
            finding = recognise(trouble)
            if finding.diagnostic.code:
                self.found.append(finding.diagnostic)
            if finding.feed is not None and self._feed(finding.feed, finding.diagnostic.span):
                self._position = finding.resume
                return True
            begins = begins and finding.resume == start
        self._position = recover.resume(self.text, start if begins else token.span.end, machine)
        if recover.is_assumed(machine):
            self.assumed.add(self._position)
        return True

    def _feed(self, meant: tuple[tuple[str, str], ...], span: Span) -> bool:
        """Read what should have been written."""
        for type_, text in meant:
            token = Token(type_, text, span)
            if not self.machine.feed(token):
                return False
            self._previous = token
        return True


def _error(code: str, span: Span, message: str, why: str, fix: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, span, message, why, fix)


def _too_many(span: Span) -> Diagnostic:
    return _error(
        "RW127",
        span,
        f"More than {MAX_FINDINGS} mistakes; the rest of the file was not read.",
        "After so many it is more likely that the file is not a strategy.",
        "Mend the first ones and check again.",
    )


def _repeated(each: Repeated) -> Diagnostic:
    fix = "Join the conditions with `and` or `or`, or remove one." if each.what in ("when", "unless") else "Remove one."
    return _error(
        "RW123",
        each.span,
        f"`{each.what}` stands twice in this `{each.where}`.",
        "It would be left to chance which of the two counts.",
        fix,
    )


def _impossible_dates(tree: Strategy) -> Iterator[Diagnostic]:
    for example in tree.statements:
        for expect in example.expect if isinstance(example, Example) else ():
            day = expect.time.split()[0]
            try:
                date.fromisoformat(day)
            except ValueError:
                fix = "Check the month and the number of its days."
                yield _error("RW109", expect.span, f"{day} is not a day of the calendar.", "", fix)


def _deepest(tree: Strategy) -> Span | None:
    """The first place at which an expression nests deeper than is allowed."""
    pending: list[tuple[Any, int]] = [(statement, 0) for statement in tree.statements]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_DEPTH:
            span = node.span
            assert isinstance(span, Span)
            return span
        for name in node.__slots__:
            value = getattr(node, name)
            if isinstance(value, Node):
                pending.append((value, depth + 1))
            elif type(value) is tuple:
                pending.extend((item, depth + 1) for item in value if isinstance(item, Node))
    return None
