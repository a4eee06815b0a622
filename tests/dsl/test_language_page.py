"""Every `rules` block of the language page compiles, as it stands or wrapped into a small strategy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.load import load_bars
from dsl.compile import compile_text
from dsl.diagnostics import Severity
from dsl.format import format_text
from engine.examples import run_examples

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
_BLOCK = re.compile(r"^```rules( fragment)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEAD = 'strategy "Fragment" version 1\n'
_TRADE = "trade EURUSD on H1\n"
_EDGE = 'edge\n  exploits "A habit."\n  fails "Sometimes."\n'
_ENTRIES = {
    side: f"enter {side} called wrapped_{side}\n  when close {word} open\n  risk 1% of equity\n  stop 20 pips\n"
    for side, word in (("long", ">"), ("short", "<"))
}


def blocks() -> list[tuple[bool, str]]:
    """`(is a fragment, text)` of every block, in the order of the page."""
    return [(bool(mark), text) for mark, text in _BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


def wrapped(fragment: str) -> str:
    """The fragment with what a file needs besides it."""
    has = {word for word in ("strategy", "trade", "edge", "enter") if re.search(rf"^{word}\b", fragment, re.MULTILINE)}
    head = "" if "strategy" in has else _HEAD
    trade = "" if "trade" in has else _TRADE
    entries = "" if "enter" in has else _ENTRIES["long"]
    return head + trade + ("" if "edge" in has else _EDGE) + fragment + entries


@pytest.mark.parametrize(("fragment", "text"), blocks())
def test_a_block_of_the_page_compiles(fragment: bool, text: str) -> None:
    result = compile_text(wrapped(text) if fragment else text)
    assert [d for d in result.diagnostics if d.severity is Severity.ERROR] == []
    assert result.plan is not None


@pytest.mark.parametrize("text", [text for fragment, text in blocks() if not fragment])
def test_a_whole_strategy_on_the_page_is_right_in_layout_and_does_what_it_says(text: str) -> None:
    result = compile_text(text)
    assert result.diagnostics == ()
    assert format_text(text).text == text
    assert result.plan is not None
    assert result.tree is not None
    outcomes = run_examples(result.plan, result.tree, lambda given: load_bars(given.source).bars)
    assert [o.happened for o in outcomes if not o.passed] == []
