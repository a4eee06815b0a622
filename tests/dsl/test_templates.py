"""The file that `new` writes is a good example of the language."""

from __future__ import annotations

import pytest

from dsl.compile import compile_text
from dsl.format import format_text
from dsl.templates import new_strategy


@pytest.mark.parametrize("name", ["breakout", "My_Own_System2"])
def test_a_new_strategy_compiles_without_a_finding(name: str) -> None:
    assert compile_text(new_strategy(name)).diagnostics == ()


def test_a_new_strategy_stands_in_the_one_layout() -> None:
    text = new_strategy("breakout")
    assert format_text(text).text == text


def test_the_name_becomes_the_title() -> None:
    assert 'strategy "London breakout" version 1' in new_strategy("london_breakout")
