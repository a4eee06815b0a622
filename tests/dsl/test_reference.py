"""The reference texts are complete, and the generated pages are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import CODES as DATA_CODES
from dsl import reference
from dsl.builtins import BUILTINS
from dsl.codes import CODES
from dsl.compile import compile_text
from dsl.diagnostics import Severity
from engine.errors import CODES as ENGINE_CODES
from rulewright.errors import CODES as CLI_CODES

DOCS = Path(__file__).parents[2] / "docs"


def _pages() -> dict[str, str]:
    others = sorted((c.code, c.title, c.what_to_do) for c in (*DATA_CODES, *ENGINE_CODES, *CLI_CODES))
    return {"builtins.md": reference.builtins_page(), "errors.md": reference.errors_page(others)}


@pytest.mark.parametrize("name", ["builtins.md", "errors.md"])
def test_the_generated_page_is_up_to_date(name: str, request: pytest.FixtureRequest) -> None:
    page = DOCS / name
    fresh = _pages()[name]
    if request.config.getoption("--update-golden"):
        page.write_text(fresh, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == fresh, "run: make golden"


@pytest.mark.parametrize("name", BUILTINS)
def test_the_example_of_a_builtin_compiles(name: str) -> None:
    call = reference.example(BUILTINS[name])
    text = (
        'strategy "Example" version 1\ntrade EURUSD on H1\nedge\n  exploits "a"\n  fails "b"\n'
        f"let x = {call}\n"
        "enter long called up\n  when close > open\n  risk 1% of equity\n  stop 20 pips\n"
    )
    assert [d for d in compile_text(text).diagnostics if d.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", BUILTINS)
def test_one_builtin_in_full_says_what_it_takes_and_gives(name: str) -> None:
    text, row = reference.builtin_text(name), BUILTINS[name]
    assert text.startswith(reference.signature(row))
    assert row.source.split(",")[0] in text
    for part in row.parts:
        assert f".{part} " in text
    for argument in (*row.inputs, *row.numbers):
        assert f"\n{argument.name} " in text


def test_the_list_names_every_builtin_once() -> None:
    lines = reference.builtins_text().splitlines()
    for row in BUILTINS.values():
        assert sum(line.split("  ")[1:2] == [reference.signature(row)] for line in lines) == 1, row.name


def test_the_list_and_the_full_text_of_codes() -> None:
    listing = reference.errors_text()
    for code in CODES:
        assert f"{code.code}  " in listing
        text = reference.error_text(code.code)
        assert code.title in text
        assert ("Wrong:" in text) is bool(code.wrong)
        assert ("Right:" in text) is bool(code.right)


def test_a_signature_shows_which_input_may_be_left_out() -> None:
    assert reference.signature(BUILTINS["rsi"]) == "rsi(x = close, n)"
    assert reference.signature(BUILTINS["vwap"]) == "vwap"
    assert reference.example(BUILTINS["macd"]) == "macd(12, 26, 9).line"
