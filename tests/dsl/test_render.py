"""Findings as text and as JSON."""

from __future__ import annotations

import json

from dsl.diagnostics import Diagnostic, Severity, Span
from dsl.render import Lines, render_json, render_text, to_records


def _finding(start: int, end: int, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic("RW301", severity, Span(start, end), "What.", "Why.", "Fix.")


def _of(text: str, word: str) -> Diagnostic:
    start = text.index(word)
    return _finding(start, start + len(word))


def test_a_finding_is_a_place_a_line_a_caret_a_reason_and_a_remedy() -> None:
    text = "enter long\n  stop 25\n"
    assert render_text(text, [_of(text, "25")], "my.rules") == (
        "my.rules:2:8 error RW301: What.\n  2 |   stop 25\n    |        ^^\n  Why: Why.\n  Fix: Fix."
    )


def test_findings_are_paragraphs() -> None:
    text = "a\nb\n"
    assert render_text(text, [_of(text, "a"), _of(text, "b")], "f").count("\n\n") == 1


def _caret_column(text: str, word: str) -> tuple[str, str]:
    rows = render_text(text, [_of(text, word)], "f").splitlines()
    return rows[1].split("| ", 1)[1], rows[2].split("| ", 1)[1]


def test_tabs_are_spread_so_that_the_caret_stands_right() -> None:
    line, caret = _caret_column("\tstop\t25", "25")
    assert line.index("25") == caret.index("^")


def test_wide_characters_take_two_cells() -> None:
    line, caret = _caret_column('x "日本" 25', "25")
    assert caret.index("^") == line.index("25") + 2


def test_combining_characters_take_no_cell() -> None:
    line, caret = _caret_column('"e\u0301" 25', "25")
    assert caret.index("^") == line.index("25") - 1


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "x" * 500 + " 25 " + "y" * 500
    line, caret = _caret_column(text, "25")
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 120
    assert line.index("25") == caret.index("^")


def test_a_span_over_several_lines_underlines_its_first() -> None:
    text = "enter long\n  when a\n"
    rows = render_text(text, [_finding(0, len(text))], "f").splitlines()
    assert rows[2].count("^") == len("enter long")


def test_an_empty_span_at_the_end_still_shows_a_caret() -> None:
    assert "^" in render_text("a", [_finding(1, 1)], "f")
    assert "^" in render_text("", [_finding(0, 0)], "f")


def test_control_characters_never_reach_the_terminal() -> None:
    text = "a\x1b[31m b"
    assert "\x1b" not in render_text(text, [_of(text, "b")], "evil\x1b.rules")


def test_colour_only_when_asked() -> None:
    assert "\x1b[" not in render_text("a", [_finding(0, 1)], "f")
    assert "\x1b[31m" in render_text("a", [_finding(0, 1)], "f", colour=True)
    assert "\x1b[33m" in render_text("a", [_finding(0, 1, Severity.WARNING)], "f", colour=True)


def test_every_kind_of_line_end_counts_once() -> None:
    lines = Lines("a\r\nb\rc\nd")
    assert [lines.position(offset) for offset in (0, 3, 5, 7)] == [(1, 1), (2, 1), (3, 1), (4, 1)]
    assert [lines.line(n) for n in (1, 2, 3, 4)] == ["a", "b", "c", "d"]


def test_the_json_shape_is_stable() -> None:
    text = "é\n 25"
    (record,) = to_records(text, [_of(text, "25")])
    assert record == {
        "code": "RW301",
        "severity": "error",
        "message": "What.",
        "why": "Why.",
        "fix": "Fix.",
        "start": {"line": 2, "column": 2, "offset": 3},
        "end": {"line": 2, "column": 4, "offset": 5},
    }
    assert json.loads(render_json(text, [_of(text, "25")])) == [record]


def test_a_lone_surrogate_is_still_valid_json() -> None:
    finding = Diagnostic("RW301", Severity.ERROR, Span(0, 1), "\ud800")
    assert render_json("\ud800", [finding]).encode("utf-8")
