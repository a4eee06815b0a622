"""Diagnostics for people and for programs: text with the source line and a caret, and JSON.

Positions count from 1. Columns count characters, so that an editor finds the place; the caret line
counts how wide they are shown, so that it stands under the right one.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import combining, east_asian_width

from dsl.diagnostics import Diagnostic, Severity, Span

TAB = 4
WIDTH = 110
"""Cells of a source line that are shown; longer lines are cut around the place."""

_LEAD = 24
"""Cells kept before the place when a line is cut."""

_COLOURS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m"}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


class Lines:
    """The lines of a text, for turning offsets into lines and columns."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0]
        index = 0
        while index < len(text):
            if text[index] == "\n" or (text[index] == "\r" and text[index + 1 : index + 2] != "\n"):
                self._starts.append(index + 1)
            index += 1

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


def render_text(text: str, diagnostics: Sequence[Diagnostic], filename: str, *, colour: bool = False) -> str:
    """All findings as paragraphs: place, message, source line with a caret, why, and how to mend it."""
    lines = Lines(text)
    return "\n\n".join(_paragraph(lines, d, filename, colour) for d in diagnostics)


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
    shown, caret = _cut(lines.line(number), column - 1, _length(lines, d.span, number))
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


def _cut(line: str, start: int, length: int) -> tuple[str, str]:
    """The source line with tabs spread, cut to the width around the place, and its caret line."""
    pieces: list[str] = []
    widths: list[int] = []
    total = 0
    for char in line:
        piece = " " * (TAB - total % TAB) if char == "\t" else _printable(char)
        width = len(piece) if char == "\t" else _cells(piece)
        pieces.append(piece)
        widths.append(width)
        total += width
    first = 0
    if total > WIDTH:
        before = 0
        first = min(start, len(pieces))
        while first > 0 and before + widths[first - 1] <= _LEAD:
            first -= 1
            before += widths[first]
    room = WIDTH
    last = first
    while last < len(pieces) and widths[last] <= room:
        room -= widths[last]
        last += 1
    left, right = "…" if first else "", "…" if last < len(pieces) else ""
    indent = len(left) + sum(widths[first:start])
    marked = sum(widths[start : min(start + length, last)])
    return f"{left}{''.join(pieces[first:last])}{right}", f"{' ' * indent}{'^' * max(1, marked)}"
