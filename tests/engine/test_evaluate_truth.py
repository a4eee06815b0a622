"""Three-valued logic, ties, and conditions over bars, as traders would work them out on paper."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsl.plan import PlanNode
from engine.compiled import load
from engine.evaluate.pointwise import POINTWISE
from tests.engine.probe import market, probe

F, U, T = 0, 1, 2
nan = float("nan")
compare: Any = load("engine.kernels.compare")
truth: Any = load("engine.kernels.truth")


def pointwise(op: str, *args: Any, kind: str = "truth", **attrs: Any) -> list[Any]:
    columns = tuple(np.array(arg, np.uint8 if isinstance(arg[0], int) else np.float64) for arg in args)
    found = POINTWISE[op](PlanNode(op, kind, attrs=attrs), columns, max(map(len, columns)))
    return found.tolist()


def test_kleene() -> None:
    """Unknown gives way only where the other side alone decides."""
    pairs = list(product((F, U, T), repeat=2))
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    assert pointwise("and", left, right) == [F, F, F, F, U, U, F, U, T]
    assert pointwise("or", left, right) == [F, U, T, U, U, T, T, T, T]
    assert pointwise("not", [F, U, T]) == [T, U, F]


def test_votes_are_decided_as_soon_as_the_unknown_cannot_change_them() -> None:
    votes = ([T, T, T, F, F, U], [T, U, F, F, U, U], [U, U, F, U, F, T])
    assert pointwise("at_least", [2.0], *votes) == [T, U, F, F, F, U]


def test_a_score_is_unknown_if_any_vote_is() -> None:
    found = pointwise("score", [T, T, F], [T, F, U], kind="ratio", weights=(2.0, 1.0))
    np.testing.assert_array_equal(found, [3.0, 2.0, nan])


def test_choices() -> None:
    np.testing.assert_array_equal(pointwise("if", [T, F, U], [1.0, 2.0, 3.0], [4.0], kind="ratio"), [1.0, 4.0, nan])
    np.testing.assert_array_equal(pointwise("otherwise", [1.0, nan], [7.0], kind="ratio"), [1.0, 7.0])
    assert pointwise("otherwise", [T, U, F], [F, F, T]) == [T, F, F]
    assert pointwise("if", [T, F, U], [T, T, T], [F, F, F]) == [T, F, U]


@pytest.mark.parametrize(("op", "answers"), [
    ("gt", (F, F, T)), ("ge", (F, T, T)), ("lt", (T, F, F)), ("le", (T, T, F)), ("eq", (F, T, F)), ("ne", (T, F, T)),
])  # fmt: skip
def test_comparisons(op: str, answers: tuple[int, int, int]) -> None:
    assert tuple(pointwise(op, [1.0, 2.0, 3.0], [2.0])) == answers
    assert pointwise(op, [nan, 1.0], [1.0, nan]) == [U, U]


def test_values_within_one_part_in_a_thousand_million_are_equal() -> None:
    tie, apart = 100 * (1 + 0.9e-9), 100 * (1 + 1.1e-9)
    assert pointwise("gt", [tie, apart], [100.0]) == [F, T]
    assert pointwise("eq", [tie, apart], [100.0]) == [T, F]
    assert pointwise("eq", [0.9e-12, 1.1e-12], [0.0]) == [T, F]
    assert pointwise("eq", [0.1 + 0.2], [0.3]) == [T]


@given(a=st.floats(-1e6, 1e6), b=st.floats(-1e6, 1e6))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_exactly_one_of_less_equal_greater(a: float, b: float) -> None:
    assert sorted(pointwise(op, [a], [b])[0] for op in ("lt", "eq", "gt")) == [F, F, T]


def crossed(a: list[float], b: list[float]) -> tuple[list[int], list[int]]:
    above, below = np.empty(len(a), np.uint8), np.empty(len(a), np.uint8)
    compare.crossings(np.array(a), np.array(b), above, below)
    return above.tolist(), below.tolist()


def test_crossings_through_a_touch_count_once() -> None:
    assert crossed([1.0, 2, 3, 2, 1, 2], [2.0]) == ([F, F, T, F, F, F], [U, F, F, F, T, F])


def test_a_tie_that_differs_in_its_last_bit_is_a_touch() -> None:
    """Equal on paper: 0.1 + 0.2 and 0.3."""
    assert crossed([0.3, 0.1 + 0.2, 0.3], [0.3])[0] == [F, F, F]


def test_crossings_beside_the_unknown() -> None:
    """What was above before the gap cannot have crossed above in it; what comes out above may have."""
    assert crossed([3.0, nan, 3, 1, nan, 1], [2.0]) == ([U, F, U, F, U, F], [F, U, F, T, F, U])


@given(
    a=st.lists(st.sampled_from([1.0, 2.0, 3.0, nan]), min_size=1, max_size=12),
    b=st.lists(st.sampled_from([1.0, 2.0, 3.0, nan]), min_size=12, max_size=12),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_crossing_is_its_definition(a: list[float], b: list[float]) -> None:
    """a > b and a[1] <= b[1], in Kleene's logic, nothing being known before the first bar."""
    b = b[: len(a)]
    for found, now, before in zip(crossed(a, b), ("gt", "lt"), ("le", "ge"), strict=True):
        held = np.array(pointwise(now, a, b))
        was = np.array([U, *pointwise(before, a, b)[:-1]])
        assert found == np.minimum(held, was).tolist()


def windowed(name: str, c: list[int], n: int) -> list[float]:
    out = np.empty(len(c), np.uint8 if name == "held" else np.float64)
    getattr(truth, name)(np.array(c, np.uint8), n, out)
    return out.tolist()


def test_held_is_false_on_a_known_false() -> None:
    assert windowed("held", [T, T, T, F, U, T, T, T], 3) == [U, U, T, F, F, F, U, T]
    assert windowed("held", [F, U, T], 3) == [F, F, F]


def test_count_is_unknown_while_a_member_is() -> None:
    np.testing.assert_array_equal(windowed("count", [T, F, T, U, T, T, F], 2), [nan, 1, 1, nan, nan, 2, 1])


def test_bars_since_the_last_definitely_true() -> None:
    np.testing.assert_array_equal(windowed("bars_since", [F, T, U, F, T, F], 5000), [nan, 0, 1, 2, 0, 1])


def test_bars_since_is_unknown_from_its_cap_on() -> None:
    """So that the history it needs is finite: what was longer ago than that is never known."""
    np.testing.assert_array_equal(windowed("bars_since", [T, F, F, F, T], 3), [0, 1, 2, nan, 0])


@given(
    c=st.lists(st.sampled_from([F, U, T]), max_size=20),
    d=st.lists(st.sampled_from([F, U, T]), min_size=20, max_size=20),
    n=st.integers(1, 5),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_windows_of_conditions_are_their_definition(c: list[int], d: list[int], n: int) -> None:
    padded = [U] * n + c
    assert windowed("held", c, n) == [min(padded[i + 1 : i + n + 1]) for i in range(len(c))]
    out = np.empty(len(c), np.uint8)
    truth.followed(np.array(c, np.uint8), np.array(d[: len(c)], np.uint8), n, out)
    assert out.tolist() == [min(d[i], max(padded[i : i + n])) for i in range(len(c))]


def test_the_same_in_the_language() -> None:
    closes = [1.0, 2, 3, 2, 3, 4, 5, 1]
    assert probe("close rising for 2 bars", market(closes)).tolist() == [U, U, T, F, F, T, T, F]
    assert probe("close falling for 1 bars", market(closes)).tolist() == [U, F, F, T, F, F, F, T]
    np.testing.assert_array_equal(
        probe("value of close when (close > 2.5)", market(closes)), [nan, nan, 3, 3, 3, 4, 5, 5]
    )
    np.testing.assert_array_equal(probe("close[2]", market(closes)), [nan, nan, 1, 2, 3, 2, 3, 4])
    followed = probe("(close > 4.5) followed within 2 bars by (close < 1.5)", market(closes))
    assert followed.tolist() == [U, F, F, F, F, F, F, T]


def test_division_by_zero_is_unknown() -> None:
    found = probe("(close - open) / (high - low)", market([1.0, 1.0, 2.0]))
    np.testing.assert_array_equal(found, [nan, nan, 1.0])


def test_what_is_too_large_to_be_a_number_is_unknown() -> None:
    huge = np.array([1e308, 1.0])
    assert np.isnan(pointwise("add", huge.tolist(), huge.tolist(), kind="ratio")[0])
    assert np.isnan(pointwise("mul", huge.tolist(), huge.tolist(), kind="ratio")[0])
    assert np.isnan(pointwise("div", huge.tolist(), [1e-10], kind="ratio")[0])
