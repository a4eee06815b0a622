"""Every code of the language is proved: its wrong text gives it, its right text compiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.instruments import load_instruments
from dsl.codes import CODES
from dsl.codes.meaning import MEANING
from dsl.compile import compile_text
from dsl.diagnostics import Code, Severity

INSTRUMENTS = load_instruments()
DSL = Path(__file__).parents[2] / "dsl"


def _id(code: Code) -> str:
    return code.code


@pytest.mark.parametrize("code", MEANING.values(), ids=_id)
def test_the_wrong_text_gives_its_code_and_nothing_else(code: Code) -> None:
    found = compile_text(code.wrong, instruments=INSTRUMENTS).diagnostics
    assert [(d.code, d.severity) for d in found] == [(code.code, code.severity)]


@pytest.mark.parametrize("code", MEANING.values(), ids=_id)
def test_the_right_text_compiles_without_a_finding(code: Code) -> None:
    result = compile_text(code.right, instruments=INSTRUMENTS)
    assert result.diagnostics == ()
    assert result.plan is not None


@pytest.mark.parametrize("code", MEANING.values(), ids=_id)
def test_a_finding_says_what_why_and_how_to_mend_it(code: Code) -> None:
    (found,) = compile_text(code.wrong, instruments=INSTRUMENTS).diagnostics
    assert found.message.endswith((".", "?"))
    assert found.why.endswith((".", "?"))
    assert found.fix
    assert code.title[0].isupper() or code.title.startswith("`")


def test_a_warning_leaves_the_plan_standing() -> None:
    for code in MEANING.values():
        assert (compile_text(code.wrong, instruments=INSTRUMENTS).plan is None) == (code.severity is Severity.ERROR), (
            code.code
        )


def test_codes_are_unique_and_in_order() -> None:
    numbers = [code.code for code in CODES]
    assert numbers == sorted(set(numbers))


def test_the_checker_emits_exactly_the_codes_of_its_catalogue() -> None:
    emitted: set[str] = set()
    for path in (DSL / "check").glob("*.py"):
        emitted |= set(re.findall(r'"(RW\d{3})"', path.read_text(encoding="utf-8")))
    assert emitted == set(MEANING)
