"""One canonical layout: it changes nothing that is meant, and no comment is lost."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsl.format import format_text, format_tree
from dsl.parse import comments_of, parse
from dsl.syntax import Strategy

RULES = sorted((Path(__file__).parents[2] / "rules").glob("*.rules"))


def _programs() -> Any:
    name = "rulewright_test_programs"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("programs.py"))
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


PROGRAMS = _programs().programs()
slow = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def _tree(text: str) -> Strategy:
    parsed = parse(text)
    assert parsed.diagnostics == ()
    assert parsed.tree is not None
    return parsed.tree


@slow
@given(PROGRAMS)
def test_parsing_what_was_written_gives_the_same_tree(tree: Strategy) -> None:
    text = format_tree(tree)
    assert _tree(text).statements == tree.statements, text


@slow
@given(PROGRAMS)
def test_formatting_twice_is_formatting_once(tree: Strategy) -> None:
    once = format_text(format_tree(tree))
    assert once.diagnostics == ()
    assert once.text == format_tree(tree)


def _with_comments(text: str, choices: list[int]) -> str:
    """The text with comments beside some of its lines and above others."""
    lines = []
    for place, line in enumerate(text.split("\n")):
        choice = choices[place % len(choices)] if choices else 0
        if choice & 1:
            lines.append(f"{'  ' if choice & 4 else ''}# above {place}")
        lines.append(f"{line} # beside {place}" if choice & 2 and '"' not in line else line)
    return "\n".join(lines)


@slow
@given(PROGRAMS, st.lists(st.integers(0, 7), max_size=12))
def test_comments_survive_formatting_and_it_settles_at_once(tree: Strategy, choices: list[int]) -> None:
    text = _with_comments(format_tree(tree), choices)
    once = format_text(text)
    assert once.diagnostics == ()
    assert sorted(c.text for c in comments_of(once.text)) == sorted(c.text.rstrip() for c in comments_of(text))
    assert format_text(once.text).text == once.text
    assert _tree(once.text).statements == tree.statements


@slow
@given(PROGRAMS, st.data())
def test_line_breaks_anywhere_between_words_change_nothing(tree: Strategy, data: st.DataObject) -> None:
    text = format_tree(tree)
    blank = data.draw(st.sampled_from([" ", "\n", "\r\n", "\t", "\n\n  ", " # aside\n"]))
    spread = re.sub(r'("[^"]*")| +', lambda match: match[1] or blank, text)
    assert parse(spread).tree == parse(text).tree or "or" in text or "," in text
    assert format_text(format_text(spread).text).text == format_text(spread).text


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_shipped_strategy_keeps_its_meaning(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    formatted = format_text(text)
    assert formatted.diagnostics == ()
    assert format_text(formatted.text).text == formatted.text
    assert _tree(formatted.text) == _tree(text)
    assert _tree(format_tree(_tree(text))).statements == _tree(text).statements


def _is_formatted(text: str, expected: str) -> None:
    assert format_text(text).text == expected


def test_params_and_lets_stand_in_columns() -> None:
    _is_formatted(
        "params lookback=20 from 10 to 40 step 5 at_risk = 1 % from 0.25% to 2% step 0.25%\n"
        "let box_high=highest(high,00:00 to 07:00 London) let low_=lowest(low,lookback)",
        "params\n  lookback = 20 from 10 to 40 step 5\n  at_risk  = 1% from 0.25% to 2% step 0.25%\n\n"
        "let box_high = highest(high, 00:00 to 07:00 London)\nlet low_     = lowest(low, lookback)\n",
    )


def test_clauses_of_a_rule_come_in_one_order_and_column() -> None:
    _is_formatted(
        "enter long target 3R stop at low risk 1% of equity at most 2 per day when a and b unless c or d or e",
        "enter long\n  when a\n   and b\n  unless c\n      or d\n      or e\n"
        "  risk   1% of equity\n  stop   at low\n  target 3R\n  at most 2 per day\n",
    )


def test_numbers_keep_their_digits_and_units_their_manners() -> None:
    _is_formatted(
        "let a = spread < 1.50pips let b = spread > 1 pips let c = profit > 3 R let d = 2 % of close let e = 1 bars",
        "let a = spread < 1.50 pips\nlet b = spread > 1 pip\nlet c = profit > 3R\nlet d = 2% of close\nlet e = 1 bar\n",
    )


def test_comments_stay_with_what_they_speak_about() -> None:
    _is_formatted(
        '# the file\nstrategy "x" version 1 # one\n\n# the rule\nenter long   # header\n  # far stop\n'
        "  stop 3 pips # close\n  # crossing\n  when a # first\n    # and second\n and b\n  # the end\n\n# last\n",
        '# the file\nstrategy "x" version 1  # one\n\n'
        "# the rule\nenter long  # header\n  # crossing\n  when a  # first\n"
        "  # and second\n   and b\n  # far stop\n  stop   3 pips  # close\n  # the end\n\n# last\n",
    )


def test_only_needed_parentheses_are_kept() -> None:
    _is_formatted(
        "let x = ((a) + ((b) * (c))) let y = (a + b) * c let z = (a and b) or (c) let w = not (a > b)",
        "let x = a + b * c\nlet y = (a + b) * c\nlet z = (a and b) or c\nlet w = not a > b\n",
    )


def test_sections_that_meet_become_one() -> None:
    _is_formatted(
        "manage leave after 2 bars manage take half when a manage long trail stop by 2 pips",
        "manage\n  leave after 2 bars\n  take half when a\n\nmanage long\n  trail stop by 2 pips\n",
    )


def test_windows_line_ends_and_a_byte_order_mark_are_left_behind() -> None:
    _is_formatted("\ufefflet a = b # c\r\nlet d = e\r\n", "let a = b  # c\nlet d = e\n")


def test_a_text_with_mistakes_is_left_alone() -> None:
    text = "enter  long\n  wehn a\n"
    formatted = format_text(text)
    assert formatted.text == text
    assert [d.code for d in formatted.diagnostics] == ["RW120"]


def test_nothing_stays_nothing() -> None:
    _is_formatted("", "")
    _is_formatted("# alone", "# alone\n")
