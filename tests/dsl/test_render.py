"""Findings as text and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest

from dsl import render
from dsl.codes.samples import strategy
from dsl.compile import compile_text
from dsl.diagnostics import Diagnostic, Severity, Span
from dsl.format import format_text
from dsl.render import SHOWN, Lines, render_json, render_text, to_records


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


def test_many_findings_are_counted_in_text_and_kept_in_json() -> None:
    text = "a " * 30
    warnings = [_finding(2 * k, 2 * k + 1, Severity.WARNING) for k in range(25)]
    found = [*warnings, *(_finding(2 * k, 2 * k + 1) for k in range(25, 30))]
    shown = render_text(text, found, "f").split("\n\n")
    assert len(shown) == SHOWN + 1
    assert shown[-1] == "… and 10 more findings."
    assert sum("error" in paragraph for paragraph in shown) == 5
    assert shown[0].startswith("f:1:1 warning")
    assert "and 1 more finding." in render_text(text, found[:21], "f")
    assert len(to_records(text, found)) == 30


def test_a_line_is_measured_once_however_many_findings_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    measure = render._measure

    def counted(line: str) -> render.Measured:
        calls.append(len(line))
        return measure(line)

    monkeypatch.setattr(render, "_measure", counted)
    text = "rsi(14) > 200 and " * 2000
    render_text(text, [_finding(18 * k, 18 * k + 7) for k in range(200)], "f")
    assert calls == [len(text)]


@pytest.mark.parametrize("char", ["\u0301", "\t", "日", "\x1b", "x"])
def test_what_is_shown_of_a_line_has_a_bound(char: str) -> None:
    text = char * 50_000 + "25" + char * 50_000
    assert len(render_text(text, [_of(text, "25")], "f")) < 1500


def _calls(text: str) -> int:
    """Calls of functions, ours and Python's own, from the text to what is printed about it."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        found = compile_text(text).diagnostics
        render_text(text, found, "f")
        render_json(text, found)
        format_text(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "make",
    [
        lambda n: strategy(when=" and ".join(["rsi(14) > 200"] * n)),
        lambda n: strategy(when=" and ".join(f"foo{k} > 3" for k in range(n))),
        lambda n: strategy(after="# a\n" * n),
        lambda n: strategy(before="\n".join(f"let a{k} = a{(k + 1) % n}" for k in range(n))),
    ],
    ids=["impossible", "unknown", "comments", "circle"],
)
def test_twice_the_text_takes_no_more_than_twice_the_work(make: Callable[[int], str]) -> None:
    _calls(make(10))
    assert _calls(make(800)) < 2.3 * _calls(make(400))
