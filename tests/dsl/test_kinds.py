"""The algebra of kinds, as the language design states it."""

from __future__ import annotations

import pytest

from dsl import kinds
from dsl.plan import type_kinds

LEGAL = [
    ("price", "-", "price", "distance"),
    ("price", "+", "distance", "price"),
    ("distance", "+", "price", "price"),
    ("price", "-", "distance", "price"),
    ("distance", "*", "ratio", "distance"),
    ("ratio", "*", "distance", "distance"),
    ("distance", "/", "ratio", "distance"),
    ("distance", "/", "distance", "ratio"),
    ("price", "/", "price", "ratio"),
    ("distance", "/", "price", "ratio"),
    ("price", "*", "ratio", "price"),
    ("ratio", "*", "price", "price"),
    ("price", "/", "ratio", "price"),
    ("percent", "of", "price", "distance"),
    ("ratio", "+", "ratio", "ratio"),
    ("percent", "-", "percent", "percent"),
    ("percent", "*", "ratio", "percent"),
    ("money", "+", "money", "money"),
    ("bars", "/", "bars", "ratio"),
    ("duration", "-", "duration", "duration"),
]


@pytest.mark.parametrize(("left", "op", "right", "result"), LEGAL)
def test_legal_arithmetic(left: str, op: str, right: str, result: str) -> None:
    assert kinds.arithmetic(op, left, right) == result


ILLEGAL = [
    ("price", "+", "price"),
    ("price", "*", "price"),
    ("distance", "-", "price"),
    ("price", "/", "distance"),
    ("distance", "*", "distance"),
    ("price", "*", "percent"),
    ("price", "-", "percent"),
    ("price", "+", "ratio"),
    ("distance", "+", "ratio"),
    ("bars", "+", "duration"),
    ("ratio", "/", "distance"),
    ("percent", "of", "distance"),
    ("ratio", "of", "price"),
    ("truth", "+", "ratio"),
]


@pytest.mark.parametrize(("left", "op", "right"), ILLEGAL)
def test_everything_else_is_refused_with_the_nearest_legal_form(left: str, op: str, right: str) -> None:
    assert kinds.arithmetic(op, left, right) is None
    assert kinds.nearest_legal(op, left, right)


def test_truth_takes_part_in_no_arithmetic() -> None:
    for op in ("+", "-", "*", "/", "of"):
        for kind in type_kinds:
            assert kinds.arithmetic(op, "truth", kind) is None
            assert kinds.arithmetic(op, kind, "truth") is None


def test_only_like_is_compared_with_like() -> None:
    for left in type_kinds:
        for right in type_kinds:
            assert kinds.comparable(left, right) == (left == right != "truth")


def test_every_kind_has_a_phrase_for_messages() -> None:
    assert set(type_kinds) <= set(kinds.PHRASES)


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        (None, "ratio"),
        ("pips", "distance"),
        ("R", "distance"),
        ("%", "percent"),
        ("EUR", "money"),
        ("hours", "duration"),
        ("bars", "bars"),
        ("lots", "lots"),
    ],
)
def test_a_unit_says_the_kind(unit: str | None, kind: str) -> None:
    assert kinds.of_unit(unit) == kind
