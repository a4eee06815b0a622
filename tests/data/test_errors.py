"""The catalogue of RW7xx: complete, used, and proven by some test."""

from __future__ import annotations

import re
from pathlib import Path

from data.errors import CODES, SHOWN, DataError, DataWarning, Problem

ROOT = Path(__file__).parents[2]
RAISED = set(re.findall(r'"(RW7\d\d)"', "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "data").rglob("*.py") if path.name != "errors.py"
)))  # fmt: skip
TESTED = set(re.findall(r'"(RW7\d\d)"', "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "data").glob("test_*.py")
)))  # fmt: skip


def test_every_code_is_used_and_every_used_code_is_explained() -> None:
    codes = [entry.code for entry in CODES]
    assert codes == sorted(set(codes))
    assert set(codes) == RAISED


def test_every_code_is_met_in_a_test() -> None:
    assert not RAISED - TESTED


def test_entries_read_as_sentences() -> None:
    for entry in CODES:
        assert entry.title.endswith(".")
        assert entry.what_to_do.endswith((".", "?"))
        assert not entry.why or entry.why.endswith(".")


def test_an_error_shows_few_problems_and_counts_all() -> None:
    problems = [Problem("RW707", row, "low is 0") for row in range(20)]
    error = DataError("RW707", "x", problems=problems)
    assert (len(error.problems), error.count) == (SHOWN, 20)
    assert str(problems[0]) == "bar 0: low is 0"
    assert str(Problem("RW707", 0, "low is 0", 7)) == "line 7: low is 0"


def test_a_warning_reads_as_a_sentence_with_its_code() -> None:
    assert str(DataWarning("RW751", "The spread is zero.")) == "The spread is zero. (RW751)"
