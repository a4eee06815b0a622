"""The whole set of figures of one result."""

import json
from dataclasses import asdict, is_dataclass, replace
from math import isfinite
from time import process_time

import numpy as np
import pytest

from data.market import Market
from engine.metrics import Metrics, measure
from engine.result import Account
from tests.engine.made_up import (
    HOUR,
    MINUTE,
    MONDAY,
    bars_from,
    plan_of,
    random_bars,
    random_trades,
    result_from,
    trade,
    usual,
)


def numbers(value):
    """Every number inside a nest of dataclasses, tuples and mappings."""
    if is_dataclass(value):
        value = {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, np.ndarray):
        yield from value.astype(float).tolist()
    elif isinstance(value, int | float):
        yield value


def of(rows, closes=None, account=None, **plan) -> Metrics:
    bars = {"EURUSD": bars_from("EURUSD", closes if closes is not None else np.full(3_000, 1.1))}
    made = plan_of(**plan)
    return measure(result_from(rows, bars, made, account or Account()), made, Market(bars.values()))


def test_the_usual_result():
    result, plan, market = usual()
    found = measure(result, plan, market)
    assert found.strategy.final == pytest.approx(result.curve.equity[-1])
    assert found.days_per_year == 252
    assert found.benchmark is not None
    assert found.benchmark.title == "buying and holding EURUSD and GBPUSD"
    assert found.bootstrap is not None
    assert found.trades.net + found.open_at_end.net == pytest.approx(result.curve.balance[-1] - 10_000)
    assert sum(g.figures.positions for g in found.by_exit) == found.trades.positions
    assert not found.undefined


def test_months_compound_to_the_whole_return():
    result, plan, market = usual()
    found = measure(result, plan, market)
    growth = np.prod([1 + month.return_percent / 100 for month in found.months])
    assert 100 * (growth - 1) == pytest.approx(found.strategy.return_percent)
    assert [month.month for month in found.months] == list(range(1, 13))


def test_same_input_same_figures():
    result, plan, market = usual(1_500, 40)
    first, second = (measure(result, plan, market) for _ in range(2))
    assert list(numbers(first)) == list(numbers(second))
    assert measure(result, plan, market, seed=2).bootstrap != first.bootstrap


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [trade()],
        [trade(position=n, profit=-50.0, exit_price=1.0995) for n in range(1, 40)],
        [trade(exit_reason="end")],
        [trade(stop=None, risk=0.0)],
        [trade(profit=-20_000.0, exit_price=0.9)],
    ],
    ids=["none", "one", "losses", "open", "no stop", "ruin"],
)
def test_every_number_is_finite_and_every_gap_explained(rows):
    found = of(rows)
    assert all(isfinite(number) for number in numbers(found))
    for name, value in (asdict(found.strategy) | asdict(found.trades)).items():
        if value is None:
            assert found.undefined[name], name


def test_no_trades():
    found = of([])
    assert found.strategy.return_percent == 0.0
    assert found.undefined["sharpe"] == "the account's value never moved from day to day"
    assert found.undefined["hit_rate_percent"] == "no position was closed"
    assert found.bootstrap is None
    assert found.ambiguous_percent is None


def test_a_position_open_at_the_end_is_counted_apart():
    found = of([trade(position=1), trade(position=2, exit_reason="end", profit=500.0)])
    assert found.trades.positions == 1
    assert found.open_at_end.positions == 1
    assert found.open_at_end.net == 500.0
    assert found.trades.best == 100.0


def test_exposure_is_read_off_the_curve():
    found = of([trade(entry_time=MONDAY, exit_time=MONDAY + 300 * HOUR, entry_price=1.1, profit=0.0)])
    assert found.exposure.time_in_market_percent == pytest.approx(10.0, abs=0.1)
    assert found.exposure.most == pytest.approx(11.0)
    assert found.exposure.mean == pytest.approx(1.1, abs=0.02)


def test_the_benchmark_is_the_one_the_strategy_names():
    assert of([], benchmark=None).benchmark is None
    assert "names none" in of([], benchmark=None).undefined["benchmark"]
    assert "not known" in of([], benchmark="market_timing").undefined["benchmark"]


def test_a_missing_benchmark_is_explained():
    result, plan, market = usual(1_500, 40)
    found = measure(result, plan, Market([market.bars("EURUSD", "H1")]))
    assert found.undefined["benchmark"] == "There are no bars of GBPUSD; there is EURUSD."
    assert found.undefined["spread"]


def test_ambiguous_share_is_of_positions():
    found = of([trade(position=1, ambiguous=True), trade(position=1), trade(position=2), trade(position=3)])
    assert found.ambiguous_percent == pytest.approx(100 / 3)


def test_no_bars_at_all():
    bars = {"EURUSD": bars_from("EURUSD", [1.1, 1.1])}
    plan = plan_of()
    result = result_from([], bars, plan)
    none = replace(
        result.curve, **{name: getattr(result.curve, name)[:0] for name in result.curve.__dataclass_fields__}
    )
    found = measure(replace(result, curve=none), plan, Market(bars.values()))
    assert found.trading_days == 0
    assert all(isfinite(number) for number in numbers(found))


def test_a_million_bars_are_measured_quickly():
    bars = {"EURUSD": random_bars(count=1_000_000, step=MINUTE, timeframe="M1")}
    plan = plan_of()
    result = result_from(random_trades(bars["EURUSD"], 2_000), bars, plan)
    market = Market(bars.values())
    measure(result, plan, market)
    begun = process_time()
    measure(result, plan, market)
    assert process_time() - begun < 0.3  # twice the aim, for a machine that is busy


def test_undefined_reasons_are_plain_json():
    assert json.dumps(dict(of([]).undefined), allow_nan=False)
