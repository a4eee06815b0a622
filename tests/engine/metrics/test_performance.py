"""Figures of a curve: cases worked by hand, and the same numbers as empyrical-reloaded."""

import warnings
from math import isfinite, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.performance import (
    cagr,
    calmar,
    max_drawdown,
    performance,
    returns_of,
    sharpe,
    sortino,
    volatility,
)
from tests.engine.made_up import DAY

TIMES = np.arange(1, 11, dtype=np.int64) * DAY


@pytest.fixture(scope="module")
def empyrical():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("empyrical")


def test_returns_start_from_the_cash():
    assert returns_of(np.array([110.0, 99.0]), 100.0) == pytest.approx([0.1, -0.1])


def test_returns_after_a_total_loss_have_no_meaning():
    assert len(returns_of(np.array([50.0, 0.0, 10.0]), 100.0)) == 0


def test_cagr_by_hand():
    assert cagr(1.21, 2.0) == pytest.approx(10.0)
    assert cagr(0.0, 2.0) == -100.0
    assert cagr(1.2, 0.0) is None
    assert cagr(1e9, 0.001) is None


def test_volatility_sharpe_and_sortino_by_hand():
    returns = np.array([0.02, -0.01, 0.02, -0.01])
    deviation = sqrt(4 * 0.015**2 / 3)
    assert volatility(returns, 252) == pytest.approx(100 * deviation * sqrt(252))
    assert sharpe(returns, 252) == pytest.approx(0.005 / deviation * sqrt(252))
    assert sortino(returns, 252) == pytest.approx(0.005 / sqrt(2 * 0.01**2 / 4) * sqrt(252))


def test_what_does_not_vary_has_no_sharpe():
    steady = np.full(50, 0.001)
    assert sharpe(steady, 252) is None
    assert sortino(steady, 252) is None
    assert volatility(steady, 252) == pytest.approx(0.0, abs=1e-12)
    assert sharpe(np.array([0.01]), 252) is None
    assert volatility(np.array([0.01]), 252) is None


def test_drawdown_by_hand():
    equity = np.array([100.0, 120, 90, 60, 100, 120, 110, 130, 129, 130])
    fall = max_drawdown(TIMES, equity, 100.0, 0)
    assert fall.depth_percent == pytest.approx(50.0)
    assert (fall.start, fall.bottom, fall.recovered) == (2 * DAY, 4 * DAY, 6 * DAY)
    assert (fall.bars, fall.days, fall.recovery_days, fall.longest_days) == (4, 4.0, 2.0, 4.0)


def test_drawdown_counts_from_the_starting_cash_and_may_not_recover():
    fall = max_drawdown(TIMES[:3], np.array([90.0, 95.0, 80.0]), 100.0, 0)
    assert fall.depth_percent == pytest.approx(20.0)
    assert (fall.start, fall.recovered, fall.recovery_days) == (0, None, None)
    assert (fall.bars, fall.days, fall.longest_days) == (3, 3.0, 3.0)


def test_the_high_before_a_fall_is_its_last_bar_not_its_first():
    fall = max_drawdown(TIMES[:4], np.array([110.0, 110, 110, 99]), 100.0, 0)
    assert fall.start == 3 * DAY
    assert fall.bars == 1


def test_a_curve_that_only_rises_has_no_drawdown():
    fall = max_drawdown(TIMES, np.linspace(100, 110, 10), 100.0, 0)
    assert (fall.depth_percent, fall.start, fall.bars) == (0.0, None, 0)
    assert calmar(12.0, fall) is None


def test_the_longest_time_below_a_high_need_not_be_the_deepest_fall():
    equity = np.array([100.0, 50, 100, 99, 99, 99, 99, 100, 101, 102])
    fall = max_drawdown(TIMES, equity, 100.0, 0)
    assert fall.days == 2.0
    assert fall.longest_days == 5.0


def test_growth_of_a_short_run_is_not_extrapolated():
    few = performance(TIMES, np.linspace(101, 110, 10), np.arange(10), 100.0, 0, 252)
    assert few.return_percent == pytest.approx(10.0)
    assert few.cagr_percent is None
    assert few.calmar is None


def test_no_bars_at_all():
    none = performance(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64), 100.0, 0, 252)
    assert (none.final, none.return_percent, none.sharpe) == (100.0, 0.0, None)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("days", [2, 3, 60, 1_000])
def test_same_as_empyrical(empyrical, seed, days):
    rng = np.random.default_rng(seed)
    returns = rng.standard_t(3, days) * 0.01 + 0.0003
    times = np.arange(1, days + 1, dtype=np.int64) * DAY
    levels = 100 * np.cumprod(1 + returns)
    fall = max_drawdown(times, levels, 100.0, 0)
    growth = cagr(levels[-1] / 100, days / 252)
    assert volatility(returns, 252) == pytest.approx(100 * empyrical.annual_volatility(returns))
    assert sharpe(returns, 252) == pytest.approx(empyrical.sharpe_ratio(returns))
    if (returns < 0).any():
        assert sortino(returns, 252) == pytest.approx(empyrical.sortino_ratio(returns))
        assert fall.depth_percent == pytest.approx(-100 * empyrical.max_drawdown(returns))
    assert growth == pytest.approx(100 * empyrical.cagr(returns))
    if fall.depth_percent > 0:
        assert calmar(growth, fall) == pytest.approx(empyrical.calmar_ratio(returns))


@pytest.mark.parametrize(
    "returns",
    [np.zeros(20), np.full(20, 0.01), -np.linspace(0.001, 0.02, 20), np.linspace(0.001, 0.02, 20), [0.5, -0.99, 3.0]],
    ids=["nothing", "steady", "losses only", "gains only", "wild"],
)
def test_edges_are_those_of_empyrical_or_undefined(empyrical, returns):
    returns = np.asarray(returns)
    levels = 100 * np.cumprod(1 + returns)
    times = np.arange(1, len(returns) + 1, dtype=np.int64) * DAY
    ours = (sharpe(returns, 252), sortino(returns, 252), max_drawdown(times, levels, 100.0, 0).depth_percent)
    with np.errstate(all="ignore"):
        theirs = (
            empyrical.sharpe_ratio(returns),
            empyrical.sortino_ratio(returns),
            -100 * empyrical.max_drawdown(returns),
        )
    for mine, other in zip(ours, theirs, strict=True):
        if mine is None:
            assert not isfinite(other) or abs(other) > 1e9, "empyrical divides by a deviation that is only rounding"
        else:
            assert mine == pytest.approx(other)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-0.5, 0.5).map(lambda x: round(x, 6)), min_size=1, max_size=60))
def test_every_figure_is_finite_or_none(returns):
    levels = 100 * np.cumprod(1 + np.array(returns))
    times = np.arange(1, len(returns) + 1, dtype=np.int64) * DAY
    out = performance(times, levels, np.arange(len(returns)), 100.0, 0, 252)
    figures = (out.cagr_percent, out.volatility_percent, out.sharpe, out.sortino, out.calmar)
    assert all(figure is None or isfinite(figure) for figure in figures)
    high = np.maximum.accumulate(np.concatenate(([100.0], levels)))[1:]
    assert out.drawdown.depth_percent == pytest.approx(100 * max(0.0, float((1 - levels / high).max())))
