"""Report and JSON of a strategy that the engine really traded on recorded prices."""

import json

import pytest

from data.load import load_bars
from data.market import Market
from dsl.compile import compile_text
from dsl.english import sentences
from engine.backtest import backtest
from engine.cautions import cautions
from engine.metrics import measure
from engine.report.headline import verdict
from engine.report.page import render
from engine.result import Account
from engine.schema import to_json, trades_csv

RULES = """
strategy "Two averages" version 1
trade EURUSD on H1

edge
  exploits "Trends of some days go on for some more."
  fails    "Ranges."
  benchmark buy_and_hold

params
  fast = 10 from 5 to 20 step 5

enter long called up
  when sma(close, fast) crosses above sma(close, 50)
  risk 1% of equity
  stop 2 * atr(14)
  target 3R

enter short called down
  when sma(close, fast) crosses below sma(close, 50)
  risk 1% of equity
  stop 2 * atr(14)
  target 3R

opposite entry reverses

manage
  take half once profit reaches 1R
"""


@pytest.fixture(scope="module")
def run():
    compilation = compile_text(RULES)
    assert compilation.plan is not None, compilation.diagnostics
    market = Market(load_bars("samples/eurusd_h1.csv").bars)
    result = backtest(compilation.plan, market, Account(commission_per_lot=3.0, slippage="points:2"))
    return result, compilation.plan, market, measure(result, compilation.plan, market)


def test_every_cent_is_in_a_table(run):
    result, _, _, metrics = run
    assert metrics.trades.positions > 30
    assert result.account.cash + metrics.trades.net + metrics.open_at_end.net == pytest.approx(metrics.strategy.final)
    assert sum(group.figures.net for group in metrics.by_rule) == pytest.approx(metrics.trades.net)
    assert sum(group.figures.positions for group in metrics.by_exit) == metrics.trades.positions


def test_costs_are_what_the_account_states(run):
    result, _, market, metrics = run
    lots = float(result.trades.columns["lots"].sum())
    assert metrics.costs.commission == pytest.approx(2 * 3.0 * lots)
    spread = float(market.bars("EURUSD", "H1").spread.mean())
    assert metrics.costs.spread == pytest.approx(spread * 100_000 * lots, rel=0.02)
    assert 0 < metrics.costs.slippage <= 2 * 2 * 0.00001 * 100_000 * lots * 1.0001


def test_taking_half_does_not_make_two_positions(run):
    result, _, _, metrics = run
    assert len(result.trades) > metrics.trades.positions + metrics.open_at_end.positions


def test_report_json_and_csv_of_a_real_run(run):
    result, plan, market, metrics = run
    found = cautions(result, metrics, plan, market)
    assert {"synthetic_data", "stop_out", "no_costs"}.isdisjoint(c.code for c in found)
    document = json.loads(to_json(result, metrics, plan, found, engine_version="0.1.0"))
    assert document["data"][0]["synthetic"] is False
    assert document["plan_sha256"] == plan.sha256
    assert trades_csv(result).count("\n") == len(result.trades) + 1
    page = render(
        result, metrics, plan, sentences(plan), found, market, command="rulewright backtest x.rules", versions={}
    )
    assert verdict(metrics, result).startswith("From 2\u00a0Jan\u00a02017 to 29\u00a0Dec\u00a02017 the strategy ")
    assert "Recorded prices" in page
    assert "SYNTHETIC" not in page
    assert '"symbols":{"EURUSD"' in page
