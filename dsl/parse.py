"""Text → syntax tree and diagnostics. Never raises for any text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from typing import Any

from dsl.build import Builder
from dsl.diagnostics import Diagnostic, Severity, Span
from dsl.grammar import load
from dsl.machine import END, Lexer, Machine
from dsl.syntax import Comment, Strategy

_SCANNERS: dict[Any, re.Pattern[str]] = {}
_COMMENT = re.compile(r'"[^"\r\n]*"|(#[^\r\n]*)')


@dataclass(frozen=True, slots=True)
class Parsed:
    """`tree` is None when nothing could be read; after errors it holds what could."""

    tree: Strategy | None
    diagnostics: tuple[Diagnostic, ...]


def comments_of(text: str) -> tuple[Comment, ...]:
    """Every comment of the text, in order."""
    return tuple(
        Comment(match[1], span=Span(*match.span(1))) for match in _COMMENT.finditer(text) if match[1] is not None
    )


def parse(text: str) -> Parsed:
    """Read a whole file."""
    builder = Builder()
    tables = load()
    machine = Machine(tables, builder)
    lexer = Lexer(tables, _SCANNERS, text)
    position = 0
    while True:
        token = lexer.token(position, machine.state)
        if not machine.feed(token):
            message = f"unexpected {token.type} {token.text!r}"
            return Parsed(None, (Diagnostic("RW120", Severity.ERROR, token.span, message),))
        if token.type == END:
            break
        position = token.span.end
    return Parsed(replace(machine.values[-1], comments=comments_of(text)), ())
