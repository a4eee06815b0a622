"""What `evaluate` gives, shares and refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.bars import Bars
from data.instruments import Instrument
from data.market import Market
from dsl.compile import compile_text
from dsl.plan import Plan, PlanNode
from engine.columns import Column
from engine.errors import EngineError, MissingSource, NotSupported
from engine.evaluate import ColumnCache, evaluate, market_roots, values_at
from tests.engine.probe import HOUR, MONDAY, bars, eurusd, market, plan_of, probe

nan = float("nan")
ROOT = Path(__file__).parents[2]

STRATEGY = """
strategy "Crossing" version 1
trade EURUSD on H1

edge
  exploits "Nothing."
  fails    "Always."

params
  fast = 5 from 2 to 20 step 1
  slow = 20 from 10 to 60 step 10

enter long called up
  when sma(close, fast) crosses above sma(close, slow)
  unless close < sma(close, slow) - 50 pips
  risk 1% of equity
  stop 2 * atr(14)
  target 3R

enter short called down
  when sma(close, fast) crosses below sma(close, slow)
  risk 1% of equity
  stop 2 * atr(14)
  target 3R

opposite entry reverses

exit long called profit_gone
  when profit < 1R and bars held > 3 and rsi(14) < 40

limits
  at most 3 entries per day
"""


def crossing() -> Plan:
    found = compile_text(STRATEGY)
    assert found.plan is not None, found.diagnostics
    return found.plan


def test_roots_are_what_rules_and_state_read_directly() -> None:
    """Not the averages inside the crossing, nor the position words; the RSI beside them is one."""
    plan = crossing()
    ops = [plan.nodes[index].op for index in market_roots(plan)]
    assert ops.count("cross_above") == ops.count("cross_below") == 1
    assert "lt" in ops
    assert "builtin" not in ops
    assert all(plan.nodes[index].scope == "market" for index in market_roots(plan))


def test_a_literal_is_one_element_and_a_column_is_one_a_bar() -> None:
    plan = crossing()
    found = evaluate(plan, eurusd())["EURUSD"]
    sizes = {plan.nodes[index].op: len(column) for index, column in found.values.items()}
    assert sizes["quantity"] == 1
    assert sizes["cross_above"] == len(found.bars) == 1500
    assert all(column.flags.c_contiguous for column in found.values.values())


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("close + 2 pips", 1.0002),
        ("close + 2 points", 1.00002),
        ("close + 2 ticks", 1.00002),
        ("2% of close", 0.02),
    ],
)
def test_quantities_resolve_through_the_instrument(quantity: str, value: float) -> None:
    assert probe(quantity, market([1.0])).tolist() == pytest.approx([value])


def test_durations_are_seconds() -> None:
    plan = plan_of("close > open")
    node = PlanNode("quantity", "duration", attrs={"value": 2.0, "unit": "hours"})
    plan = replace(plan, nodes=(*plan.nodes, node))
    last = len(plan.nodes) - 1
    assert evaluate(plan, market([1.0]), wanted=[last])["EURUSD"].values[last].tolist() == [7200.0]


def test_values_at_a_time_inside_a_bar() -> None:
    plan = plan_of("close > open and close[2] > 1")
    found = values_at(plan, market([1.0, 2.0, 1.5]), "EURUSD", MONDAY + HOUR + 5)
    assert found[plan.lets[0].node] is None
    by_op = {plan.nodes[index].op: value for index, value in found.items() if plan.nodes[index].op != "gt"}
    assert by_op["number"] == 1
    assert {plan.nodes[i]["field"]: v for i, v in found.items() if plan.nodes[i].op == "bar"} == {
        "close": 2.0,
        "open": 1.0,
    }


@pytest.mark.parametrize(
    ("symbol", "time"), [("EURUSD", MONDAY - 1), ("EURUSD", MONDAY + 3 * HOUR), ("GBPUSD", MONDAY)]
)
def test_there_are_no_values_where_there_is_no_bar(symbol: str, time: int) -> None:
    with pytest.raises(EngineError) as refused:
        values_at(plan_of("close > open"), market([1.0, 2.0, 1.5]), symbol, time)
    assert refused.value.code == "RW808"


def test_a_column_of_another_series_is_given_on_base_bars() -> None:
    plan = plan_of("(close > 2) on H4")
    inner = next(i for i, node in enumerate(plan.nodes) if node.op == "gt")
    column = evaluate(plan, market([1.0, 2, 3, 4, 5, 6]), wanted=[inner])["EURUSD"].values[inner]
    assert column.tolist() == [1, 1, 1, 2, 2, 2]


def test_a_cache_changes_no_value_and_shares_columns() -> None:
    plan, cache = crossing(), ColumnCache()
    for fast in (5, 6, 5):
        alone = evaluate(plan, eurusd(), {"fast": fast})["EURUSD"].values
        shared = evaluate(plan, eurusd(), {"fast": fast}, cache=cache)["EURUSD"].values
        assert alone.keys() == shared.keys()
        for index, column in alone.items():
            np.testing.assert_array_equal(column, shared[index])
    again = evaluate(plan, eurusd(), {"fast": 5}, cache=cache)["EURUSD"].values
    atr = next(i for i in again if plan.nodes[i].op == "mul")
    assert again[atr] is evaluate(plan, eurusd(), {"fast": 7}, cache=cache)["EURUSD"].values[atr]


def test_a_cache_tells_symbols_bars_and_plans_apart() -> None:
    cache = ColumnCache()
    pair = [bars([1.0, 2, 1, 3, 2, 5] * 9, symbol=symbol) for symbol in ("EURUSD", "GBPUSD")]
    runs = [(Market(pair), "EURUSD, GBPUSD on H1"), (eurusd(), "EURUSD on H1"), (eurusd(700), "EURUSD on H1")]
    for prices, trade in runs:
        for expression in ("close > open", "close > open + 1 pips", "(close > open) on H4", "close crosses open"):
            shared = probe(expression, prices, trade, cache=cache)
            np.testing.assert_array_equal(shared, probe(expression, prices, trade))
    assert probe("rank(close)", Market(pair), "EURUSD, GBPUSD on H1", cache=cache).tolist() == [1] * 54
    assert probe("rank(close)", Market(pair), "GBPUSD, EURUSD on H1", cache=cache).tolist() == [2] * 54


def test_a_cache_keeps_to_its_limit() -> None:
    cache = ColumnCache(limit=100_000)
    for n in range(2, 40):
        found = probe(f"sma(close, {n})", eurusd(), cache=cache)
    np.testing.assert_array_equal(found, probe("sma(close, 39)", eurusd()))
    assert cache.size <= 100_000


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("high impact news for USD within 30 minutes", "the economic calendar"),
        ('model("drift") > 0.5', "the model “drift”"),
        ("sentiment(EUR, 24 hours) > 0", "the news sentiment of EUR"),
        ('macro("CPIAUCSL") > 250', "the macro series CPIAUCSL"),
    ],
)
def test_a_missing_source_is_named(expression: str, named: str) -> None:
    with pytest.raises(MissingSource, match=named) as refused:
        probe(expression, eurusd())
    assert refused.value.code == "RW804"


def test_a_source_that_was_given_is_asked() -> None:
    class Calendar:
        def column(self, node: PlanNode, bars: Bars, instrument: Instrument) -> Column:
            return np.full(len(bars), 2 if node["target"] == "USD" else 0, np.uint8)

    found = probe("high impact news for USD within 30 minutes", market([1.0, 2.0]), sources=Calendar())
    assert found.tolist() == [2, 2]


def test_a_basket_is_refused_in_a_sentence() -> None:
    with pytest.raises(NotSupported, match="a basket whose legs go together"):
        probe("close > open", eurusd(), "basket spread of buy 1 AUDUSD, sell 1.1 NZDUSD on H1")


def test_another_version_of_a_builtin_is_refused() -> None:
    plan = plan_of("sma(close, 5) > 1")
    nodes = tuple(
        replace(node, attrs={**node.attrs, "version": 99}) if node.op == "builtin" else node for node in plan.nodes
    )
    with pytest.raises(NotSupported, match="version 99 of `sma`"):
        evaluate(replace(plan, nodes=nodes), eurusd())


def test_stored_plans_evaluate_as_compiled_ones() -> None:
    plan = crossing()
    stored = Plan.from_json(plan.to_json())
    for index, column in evaluate(plan, eurusd())["EURUSD"].values.items():
        np.testing.assert_array_equal(column, evaluate(stored, eurusd())["EURUSD"].values[index])


def test_volumes_that_are_not_known_are_unknown_values() -> None:
    prices = [1.0, 2, 3, 4, 5, 6]
    volume = np.array([1.0, nan, 1, 1, 1, 1])
    given = Market([bars(prices, open=prices, volume=volume)])
    np.testing.assert_array_equal(np.isnan(probe("vwma(close, 2)", given)), [1, 1, 1, 0, 0, 0])
    np.testing.assert_array_equal(probe("obv", given), [0, nan, 0, 1, 2, 3])


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("*.rules")), ids=lambda path: path.stem)
def test_the_shipped_strategies_evaluate(path: Path) -> None:
    """On flat bars of every series they read: no value is infinite, and columns have their types."""
    plan: Any = compile_text(path.read_text(encoding="utf-8")).plan
    named = [series.symbol for series in plan.series if series.symbol != "self"]
    step = {"M15": HOUR // 4, "H1": HOUR, "H4": 4 * HOUR, "D1": 24 * HOUR}[plan.trade.timeframe]
    prices = 1.1 + 0.001 * np.sin(np.arange(600))
    given = Market(
        [bars(prices, symbol=s, timeframe=plan.trade.timeframe, step=step) for s in {*plan.trade.symbols, *named}]
    )
    for columns in evaluate(plan, given).values():
        for index, column in columns.values.items():
            expected = np.uint8 if plan.nodes[index].kind == "truth" else np.float64
            assert column.dtype == expected
            assert not np.isinf(column).any()
