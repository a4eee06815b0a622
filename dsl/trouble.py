"""What recognisers of mistakes see, and what they give back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from dsl.diagnostics import Diagnostic, Severity, Span
from dsl.machine import END, Machine, Token
from dsl.words import STATEMENTS

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LINE = re.compile(r"[^\r\n]*")

CLAUSE_WORDS = frozenset(word.split()[0] for lines in STATEMENTS.values() for word in lines)
"""First words of the clauses of all statements."""
LINE_WORDS = CLAUSE_WORDS | frozenset(STATEMENTS)
"""Words that begin a line in the usual layout."""

OPERATORS = frozenset(
    {
        "PLUS", "MINUS", "STAR", "SLASH", "LESSTHAN", "LE", "MORETHAN", "GE", "EQUAL", "NE", "AND", "OR", "CROSSES",
        "RISING", "FALLING", "BETWEEN", "FOR", "OTHERWISE", "FOLLOWED", "ON", "OF", "LSQB", "DOT", "LPAR",
    }
)  # fmt: skip
"""What can follow a finished value."""
STARTERS = frozenset(
    {
        "NAME", "OPEN", "HIGH", "LOW", "CLOSE", "MEDIUM", "HIGHEST", "LOWEST", "LAST", "INT", "DECIMAL", "LPAR",
        "MINUS", "PROFIT", "EQUITY", "BARS", "TIME", "ENTRY", "VALUE", "SCORE", "NOT", "IF", "ANY", "AT", "DAY",
    }
)  # fmt: skip
"""What can begin a value or a condition."""


def error(code: str, span: Span, message: str, why: str = "", fix: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, span, message, why, fix)


@dataclass(frozen=True, slots=True)
class Finding:
    """A recognised mistake and how reading goes on.

    `feed` holds the terminals that should have been there; then reading continues at `resume`. With
    `feed` None the clause is given up. A recogniser that mended the stack itself feeds nothing and
    resumes at the token.
    """

    diagnostic: Diagnostic
    feed: tuple[tuple[str, str], ...] | None = None
    resume: int = -1


@dataclass
class Trouble:
    """A token that cannot stand where it stands."""

    text: str
    token: Token
    previous: Token | None
    machine: Machine
    clause: Token | None = None
    """The first word of the clause at hand."""
    following: Token | None = None
    """The token after it, as it would be read if this one were not there."""

    @cached_property
    def expected(self) -> frozenset[str]:
        return self.machine.expected()

    @property
    def start(self) -> int:
        return self.token.span.start

    @cached_property
    def word(self) -> str:
        """The whole word at the token, whatever its letters; empty when it is no word."""
        matched = _WORD.match(self.text, self.start)
        return matched[0] if matched else ""

    @cached_property
    def rest(self) -> str:
        """The text from the token to the end of its line, without a comment."""
        matched = _LINE.match(self.text, self.start)
        line = matched[0] if matched else ""
        return line if line.startswith("#") else line.split(" #")[0]

    @cached_property
    def first_on_line(self) -> bool:
        before = self.text[: self.start].rstrip(" \t\ufeff")
        return not before or before[-1] in "\r\n"

    @property
    def at_end(self) -> bool:
        return self.token.type == END

    @property
    def adjacent(self) -> bool:
        """Whether the token touches the one before it."""
        return self.previous is not None and self.previous.span.end == self.start

    @property
    def gap(self) -> Span:
        """The place right after the last token that made sense."""
        if self.previous is None:
            return self.token.span
        return Span(max(self.previous.span.end - 1, 0), self.previous.span.end)

    @property
    def word_span(self) -> Span:
        return Span(self.start, self.start + len(self.word)) if self.word else self.token.span

    def takes(self, *types: str) -> bool:
        """Whether these terminals could come here, one after the other."""
        return self.machine.accepts_all(types)

    def shown(self, node: object, limit: int = 40) -> str:
        """The text of a node or token, on one line and not too long."""
        span = node.span  # type: ignore[attr-defined]  # tokens and nodes both have one
        return shorten(self.text[span.start : span.end], limit)


def shorten(text: str, limit: int = 40) -> str:
    """One line of text, with its middle left out when it is long."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    half = (limit - 3) // 2
    return f"{line[:half].rstrip()} … {line[-half:].lstrip()}"
