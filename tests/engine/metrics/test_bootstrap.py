"""Resampling: fixed by its seed, made of blocks, and right about series whose answer is known."""

import numpy as np
import pytest

from engine.metrics.bootstrap import bootstrap, stationary_indexes

RETURNS = np.random.default_rng(1).normal(0.0005, 0.01, 500)


def test_blocks_run_on_and_wrap():
    drawn = stationary_indexes(40, 300, 5, np.random.default_rng(2))
    assert drawn.shape == (300, 40)
    assert drawn.min() >= 0
    assert drawn.max() < 80
    runs_on = np.mean(np.diff(drawn, axis=1) == 1)
    assert runs_on == pytest.approx(0.8, abs=0.02)
    counts = np.bincount((drawn % 40).ravel(), minlength=40)
    assert counts.min() > 0.7 * counts.mean()


def test_same_seed_same_interval():
    assert bootstrap(RETURNS, 252) == bootstrap(RETURNS, 252)
    assert bootstrap(RETURNS, 252, seed=5) != bootstrap(RETURNS, 252)


def test_the_interval_of_independent_returns_is_the_textbook_one():
    """Lo (2002): the standard error of a Sharpe ratio near 0 is sqrt(per_year / n)."""
    plain = np.random.default_rng(4).normal(0, 0.01, 2_000)
    found = bootstrap(plain, 252)
    assert found is not None
    width = found.sharpe.high - found.sharpe.low
    assert width == pytest.approx(2 * 1.96 * np.sqrt(252 / 2_000), rel=0.12)


def test_the_estimate_lies_inside():
    found = bootstrap(RETURNS, 252)
    assert found is not None
    ratio = RETURNS.mean() / RETURNS.std(ddof=1) * np.sqrt(252)
    assert found.sharpe.low < ratio < found.sharpe.high
    assert 0 < found.max_drawdown_percent.low < found.max_drawdown_percent.high < 100
    assert 0 <= found.sharpe_not_positive_percent <= 100


def test_too_little_to_say_anything():
    assert bootstrap(RETURNS[:29], 252) is None
    assert bootstrap(np.zeros(100), 252) is None


def test_one_lucky_day_among_idle_ones():
    returns = np.zeros(100)
    returns[50] = 0.05
    found = bootstrap(returns, 252)
    assert found is not None
    assert found.sharpe.low == 0.0
    assert found.max_drawdown_percent.high == 0.0


def test_a_total_loss_stays_lost():
    returns = np.append(RETURNS[:60], -1.2)
    found = bootstrap(returns, 252)
    assert found is not None
    assert found.max_drawdown_percent.high == 100.0
