"""Text → syntax tree and diagnostics. Never raises for any text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from threading import Lock

from dsl.diagnostics import Diagnostic, Severity, Span
from dsl.syntax import Comment, Strategy

_LOCK = Lock()
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
    from lark.exceptions import UnexpectedInput

    from dsl.grammar import load

    parser, builder = load()
    with _LOCK:
        builder.begin()
        try:
            tree = parser.parse(text)
        except UnexpectedInput as error:
            at = error.pos_in_stream or 0
            message = str(error).splitlines()[0]
            return Parsed(None, (Diagnostic("RW120", Severity.ERROR, Span(at, at + 1), message),))
    return Parsed(replace(tree, comments=comments_of(text)), ())
