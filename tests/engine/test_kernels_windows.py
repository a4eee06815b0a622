"""Windows: exact where the numbers are, no drift over a million bars, unknown exactly while a member is."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from engine.compiled import COMPILED, state
from engine.evaluate.builtins import FUNCTIONS, Call
from engine.evaluate.frame import Frame
from tests.engine.probe import eurusd

nan = float("nan")
FRAME = Frame(eurusd().bars("EURUSD", "H1"), eurusd().instrument("EURUSD"))


def built(name: str, x: Any, n: int) -> Any:
    """A built-in of one input and one length, on any numbers."""
    return FUNCTIONS[name](Call(FRAME, (x,), (float(n),), frozenset([None])))[None]


EXACT: dict[str, Callable[[Any], float]] = {
    "sma": lambda w: sum(w) / len(w),
    "wma": lambda w: sum(v * (i + 1) for i, v in enumerate(w)) / sum(range(1, len(w) + 1)),
    "highest": max,
    "lowest": min,
    "median": lambda w: (sorted(w)[(len(w) - 1) // 2] + sorted(w)[len(w) // 2]) / 2,
    "linreg_slope": lambda w: (
        sum((i - Fraction(len(w) - 1, 2)) * v for i, v in enumerate(w))
        / sum((i - Fraction(len(w) - 1, 2)) ** 2 for i in range(len(w)))
    ),
}
values = st.one_of(st.just(nan), st.integers(-(10**6), 10**6).map(lambda i: i / 1000))


@pytest.mark.parametrize("name", EXACT)
@given(x=st.lists(values, max_size=60), n=st.integers(2, 12))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_like_exact_arithmetic_and_unknown_with_its_members(name: str, x: list[float], n: int) -> None:
    found = built(name, np.array(x, dtype=np.float64), n)
    for i, value in enumerate(found):
        window = x[i - n + 1 : i + 1] if i >= n - 1 else [nan]
        if any(v != v for v in window):
            assert np.isnan(value)
        else:
            exact = float(EXACT[name]([Fraction(v) for v in window]))
            assert value == pytest.approx(exact, rel=1e-12, abs=1e-12 * max(map(abs, window)))


@given(x=st.lists(values, max_size=60), n=st.integers(2, 12))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_deviation_like_exact_arithmetic(x: list[float], n: int) -> None:
    found = built("stdev", np.array(x, dtype=np.float64), n)
    for i, value in enumerate(found):
        window = [Fraction(v) if v == v else None for v in x[i - n + 1 : i + 1]] if i >= n - 1 else [None]
        if None in window:
            assert np.isnan(value)
        else:
            mean = sum(window) / n
            assert value**2 == pytest.approx(float(sum((v - mean) ** 2 for v in window) / n), rel=1e-10, abs=1e-300)


def test_a_window_of_equal_values_does_not_move() -> None:
    """0.1 cannot be written exactly; a deviation of 1e-17 would make a z-score out of nothing."""
    x = np.full(100, 0.1)
    assert set(built("sma", x, 7)[6:]) == {0.1}
    assert set(built("stdev", x, 7)[6:]) == {0.0}
    assert np.isnan(built("zscore", x, 7)).all()
    assert set(built("ema", x, 7)[6:]) == {0.1}
    assert set(built("linreg_slope", x, 7)[6:]) == {0.0}


@pytest.mark.skipif(state("engine.kernels.windows") != COMPILED, reason="a million bars take long interpreted")
@pytest.mark.parametrize("n", [20, 5000])
def test_no_drift_over_a_million_bars(n: int) -> None:
    """A price that once was 1e6 times larger leaves no trace in windows that do not hold it."""
    x = 1.1 + np.random.default_rng(3).normal(0, 1e-4, 1_000_000).cumsum() * 0.1
    x[1000:3000] *= 1e6
    sample = np.arange(10_000, 1_000_000, 9_973)
    rows = sliding_window_view(x, n)[sample - n + 1]
    np.testing.assert_allclose(built("sma", x, n)[sample], rows.mean(axis=1), rtol=1e-13)
    np.testing.assert_allclose(built("stdev", x, n)[sample], rows.std(axis=1), rtol=1e-9)
    weights = np.arange(1, n + 1)
    np.testing.assert_allclose(built("wma", x, n)[sample], (rows * weights).sum(axis=1) / weights.sum(), rtol=1e-12)


def test_the_stdev_of_a_quiet_price_is_not_lost_in_its_size() -> None:
    """With squares of the prices themselves, half the digits would be gone."""
    x = 1.1 + 1e-7 * np.random.default_rng(4).normal(size=400)
    exact = sliding_window_view(x - 1.1, 20).std(axis=1)
    np.testing.assert_allclose(built("stdev", x, 20)[19:], exact, rtol=1e-9)


def test_correlation_of_what_does_not_move_is_unknown() -> None:
    x, flat = np.arange(30.0), np.full(30, 1.1)
    for inputs in ((x, flat), (flat, x)):
        found = FUNCTIONS["correlation"](Call(FRAME, inputs, (5.0,), frozenset([None])))[None]
        assert np.isnan(found).all()
    opposite = FUNCTIONS["correlation"](Call(FRAME, (x, -x), (5.0,), frozenset([None])))[None]
    assert opposite[4:] == pytest.approx(-1)
    assert opposite[4:].min() >= -1


def test_percent_rank_does_not_count_ties() -> None:
    x = np.array([1.0, 2.0, 3.0, 2.0 + 1e-12, 5.0])
    assert built("percent_rank", x, 3)[3:].tolist() == pytest.approx([100 / 3, 100])


@pytest.mark.parametrize("name", ["ema", "rma"])
def test_a_gap_starts_a_recursive_average_anew(name: str) -> None:
    x = np.array([1.0, 2, 3, 4, nan, 10, 20, 30, 40])
    found = built(name, x, 3)
    fresh = built(name, x[5:], 3)
    np.testing.assert_array_equal(found[5:], fresh)
    assert found[2] == 2
    assert found[7] == 20


def test_a_gap_starts_the_rsi_anew() -> None:
    x = np.array([1.0, 2, 1, 2, nan, 10, 11, 10, 12])
    np.testing.assert_array_equal(built("rsi", x, 3)[5:], built("rsi", x[5:], 3))


@pytest.mark.parametrize(("move", "level"), [(0.0, 50.0), (1.0, 100.0), (-1.0, 0.0)])
def test_the_rsi_of_one_way_markets(move: float, level: float) -> None:
    assert set(built("rsi", 100 + move * np.arange(20.0), 5)[5:]) == {level}


def test_sums_are_not_divided() -> None:
    assert built("sum", np.arange(10.0), 4)[3:].tolist() == pytest.approx([6, 10, 14, 18, 22, 26, 30])
