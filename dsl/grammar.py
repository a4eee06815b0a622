"""The parser tables: built from `grammar.lark`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from dsl.build import Builder
from dsl.words import RESERVED

_GRAMMAR = Path(__file__).with_name("grammar.lark")
_BOUNDED = frozenset({"SYMBOL", "TIMEFRAME", "CURRENCY", "ZONE", "WEEKDAYS", "DATE", "CLOCK"})


class WholeWords:
    """Lets the lexer read a whole lower-case word in every state, so that `enterlong` is one word."""

    always_accept = ("NAME",)

    def process(self, stream: Any) -> Any:
        return stream


def edit_terminal(terminal: Any) -> None:
    """Add the word boundaries that the grammar text leaves out."""
    from lark.lexer import PatternRE

    if terminal.name in _BOUNDED:
        terminal.pattern = PatternRE(f"(?:{terminal.pattern.value})(?![A-Za-z0-9_])")
    elif terminal.name == "DECIMAL":
        terminal.priority = 1
    elif terminal.name == "INT":
        terminal.pattern = PatternRE(f"(?:{terminal.pattern.value})(?![0-9:])")


def mark_reserved(token: Any) -> Any:
    """A reserved word stays one where its keyword has no place, so that nothing can be named so."""
    if token in RESERVED:
        token.type = token.upper()
    return token


@cache
def load() -> tuple[Any, Builder]:
    """The parser and the builder that it feeds."""
    from lark import Lark

    builder = Builder()
    parser = Lark(
        _GRAMMAR.read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        keep_all_tokens=True,
        maybe_placeholders=False,
        postlex=WholeWords(),
        edit_terminals=edit_terminal,
        lexer_callbacks={"NAME": mark_reserved},
        transformer=builder,
    )
    return parser, builder
