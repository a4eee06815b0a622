"""Diagnostics for people and for programs: text with the source line and a caret, and JSON.

Positions count from 1. Columns count characters, so that an editor finds the place; the caret line
counts how wide they are shown, so that it stands under the right one.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from unicodedata import combining, east_asian_width

from dsl.diagnostics import Diagnostic, Severity, Span

TAB = 4
WIDTH = 110
"""Cells of a source line that are shown; longer lines are cut around the place."""

_LEAD = 24
"""Cells kept before the place when a line is cut."""

SHOWN = 20
"""Findings that are written out in text; the rest is counted. JSON holds all."""

_MOST_PIECES = 4 * WIDTH
"""Characters of a line that are shown at most: those without a width are not told by the cells."""

_LINE_END = re.compile(r"\r\n|\r|\n")

_COLOURS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m"}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Measured:
    """A line as a terminal shows it: a piece for each character, and the cells before each piece."""

    pieces: tuple[str, ...]
    before: tuple[int, ...]
    """One more than `pieces`: the last is the width of the whole line."""


class Lines:
    """The lines of a text, for turning offsets into lines and columns."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._measured: dict[int, Measured] = {}

    def position(self, offset: int) -> tuple[int, int]:
        """`(line, column)`, both from 1; an offset past the end is the end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        return line + 1, offset - self._starts[line] + 1

    def line(self, number: int) -> str:
        """A line by its number, without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def measured(self, number: int) -> Measured:
        """A line as it is shown; measured once, however many findings it has."""
        if number not in self._measured:
            self._measured[number] = _measure(self.line(number))
        return self._measured[number]


def render_text(text: str, diagnostics: Sequence[Diagnostic], filename: str, *, colour: bool = False) -> str:
    """Findings as paragraphs: place, message, source line with a caret, why, and how to mend it.

    Of more than `SHOWN` the rest is counted; the work grows with the length of the text, not with
    that of a line times its findings.
    """
    lines = Lines(text)
    shown = _worth_showing(diagnostics)
    paragraphs = [_paragraph(lines, d, filename, colour) for d in shown]
    if len(shown) < len(diagnostics):
        rest = len(diagnostics) - len(shown)
        paragraphs.append(f"… and {rest} more finding{'s' if rest > 1 else ''}.")
    return "\n\n".join(paragraphs)


def _worth_showing(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The first `SHOWN`, in their order; errors before warnings where not all are shown."""
    if len(diagnostics) <= SHOWN:
        return list(diagnostics)
    order = sorted(range(len(diagnostics)), key=lambda i: (diagnostics[i].severity is not Severity.ERROR, i))
    return [diagnostics[i] for i in sorted(order[:SHOWN])]


def to_records(text: str, diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """One JSON-ready object a finding; keys and their meaning never change.

    `start` and `end` hold `line`, `column` (from 1, in characters) and `offset` (from 0).
    """
    lines = Lines(text)
    return [
        {
            "code": d.code,
            "severity": str(d.severity),
            "message": d.message,
            "why": d.why,
            "fix": d.fix,
            "start": _place(lines, d.span.start),
            "end": _place(lines, d.span.end),
        }
        for d in diagnostics
    ]


def render_json(text: str, diagnostics: Iterable[Diagnostic]) -> str:
    """`to_records` as JSON text."""
    return json.dumps(to_records(text, diagnostics), indent=1, ensure_ascii=True)


def _place(lines: Lines, offset: int) -> dict[str, int]:
    line, column = lines.position(offset)
    return {"line": line, "column": column, "offset": offset}


def _paragraph(lines: Lines, d: Diagnostic, filename: str, colour: bool) -> str:
    number, column = lines.position(d.span.start)
    tint, bold, dim, reset = (_COLOURS[d.severity], _BOLD, _DIM, _RESET) if colour else ("", "", "", "")
    shown, caret = _cut(lines.measured(number), column - 1, _length(lines, d.span, number))
    gutter = f"{number}"
    blank = " " * len(gutter)
    where = f"{bold}{_printable(filename)}:{number}:{column}{reset}"
    out = [
        f"{where} {tint}{d.severity} {d.code}{reset}: {_printable(d.message)}",
        f"  {dim}{gutter} |{reset} {shown}",
        f"  {dim}{blank} |{reset} {tint}{caret}{reset}",
    ]
    if d.why:
        out.append(f"  Why: {_printable(d.why)}")
    if d.fix:
        out.append(f"  Fix: {_printable(d.fix)}")
    return "\n".join(out)


def _length(lines: Lines, span: Span, number: int) -> int:
    """Characters to underline on the first line of a span."""
    end_line, end_column = lines.position(span.end)
    _, column = lines.position(span.start)
    end = end_column if end_line == number else len(lines.line(number)) + 1
    return max(1, end - column)


def _cells(char: str) -> int:
    """How wide a character is shown."""
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def _printable(text: str) -> str:
    """Characters that would move the cursor or mean nothing to a terminal, replaced one by one."""
    return "".join(c if c.isprintable() else "·" for c in text)


def _measure(line: str) -> Measured:
    pieces: list[str] = []
    widths: list[int] = []
    total = 0
    for char in line:
        piece = " " * (TAB - total % TAB) if char == "\t" else _printable(char)
        width = len(piece) if char == "\t" else _cells(piece)
        pieces.append(piece)
        widths.append(width)
        total += width
    return Measured(tuple(pieces), tuple(accumulate(widths, initial=0)))


def _cut(line: Measured, start: int, length: int) -> tuple[str, str]:
    """The source line with tabs spread, cut to the width around the place, and its caret line."""
    pieces, before = line.pieces, line.before
    count = len(pieces)
    start = min(start, count)
    first = 0
    if before[-1] > WIDTH or count > _MOST_PIECES:
        first = max(bisect_left(before, before[start] - _LEAD, hi=start), start - _LEAD)
    last = min(bisect_right(before, before[first] + WIDTH, lo=first) - 1, first + _MOST_PIECES)
    left, right = "…" if first else "", "…" if last < count else ""
    indent = len(left) + before[start] - before[first]
    marked = before[max(start, min(start + length, last))] - before[start]
    return f"{left}{''.join(pieces[first:last])}{right}", f"{' ' * indent}{'^' * max(1, marked)}"
