"""The verdict and the cautions: what a reader is told first."""

from dataclasses import replace

import numpy as np
import pytest

from data.market import Market
from dsl.plan import AddRule, DataNeeds, ParamSpace, SeriesNeed, SizePlan, StopPlan
from engine.cautions import cautions
from engine.metrics import measure
from engine.report.headline import headline, verdict
from engine.result import Account, Event
from tests.engine.made_up import HOUR, MONDAY, bars_from, plan_of, result_from, trade, usual

FLAT = np.full(9_000, 1.1)
COSTS = Account(commission_per_lot=3.0, slippage="points:1")


def told(rows, closes=FLAT, account=COSTS, plan=None, spread=0.0001, **more):
    """The verdict, the figures and the caution codes of a made-up run."""
    plan = plan or plan_of()
    bars = bars_from("EURUSD", closes, spread=spread, **more)
    market = Market([bars])
    result = result_from(rows, {"EURUSD": bars}, plan, account)
    metrics = measure(result, plan, market)
    found = cautions(result, metrics, plan, market)
    return verdict(metrics, result), dict(headline(metrics, result)), {c.code: c for c in found}


def wins_and_losses(count, win=100.0, loss=-100.0, every=2):
    return [
        trade(
            position=n,
            profit=win if n % every else loss,
            entry_time=MONDAY + 20 * n * HOUR,
            exit_time=MONDAY + (20 * n + 5) * HOUR,
        )
        for n in range(1, count + 1)
    ]


def test_no_trades():
    text, figures, found = told([])
    assert text.replace("\u00a0", " ") == (
        "From 2 Jan 2017 to 12 Jan 2018 the strategy did not trade, so nothing was tested. "
        "Buying and holding EURUSD would have lost 0.0 %."
    )
    assert figures["Positions"] == "0 closed"
    assert "Won" not in figures
    assert found["no_trades"].serious


def test_without_trades_the_commonest_obstacle_is_named():
    _, plan, market = usual(1_500, 2)
    events = (Event(MONDAY, "EURUSD", "cooldown", "dip"), Event(MONDAY, "EURUSD", "entry", "dip", (1.1, 1.0, 0.1)))
    empty = replace(
        result_from([], {"EURUSD": market.bars("EURUSD", "H1")}, plan),
        events=events,
        counts={"cooldown": 7, "entry": 9},
    )
    found = {c.code: c for c in cautions(empty, measure(empty, plan, market), plan, market)}
    assert found["no_trades"].text.endswith("(7 times): “dip” did not enter: a cooldown is running.")


def test_a_few_trades_are_too_few():
    text, figures, found = told([trade()])
    assert "made 1.0\u00a0% (100.00\u00a0USD)" in text
    assert text.endswith("1 closed position is too few to tell skill from luck.")
    assert found["few_trades"].text.startswith("Only 1 closed position: under 30")
    assert figures["Return"].replace("\u00a0", " ") == "+1.0 % (+100.00 USD)"


def test_thirty_are_a_modest_sample():
    text, _, found = told(wins_and_losses(40))
    assert "40 closed positions are a modest sample" in text
    assert "few_trades" not in found


def test_many_that_win_evenly_are_hardly_luck():
    text, _, found = told(wins_and_losses(300, win=30.0, loss=-10.0, every=4))
    assert text.endswith("luck alone hardly explains the gain.")
    assert "sharpe_not_certain" not in found


def test_many_around_nothing_may_be_luck():
    text, _, found = told(wins_and_losses(300, win=101.0))
    assert text.endswith("the result could still be luck.")
    assert "95 of 100" in found["sharpe_not_certain"].text


def test_only_losses():
    text, figures, _ = told(wins_and_losses(120, win=-20.0, loss=-10.0))
    assert "the strategy lost 18.0\u00a0%" in text
    assert "had not recovered" in text
    assert text.endswith("bad luck alone hardly explains the loss.")
    assert figures["Profit factor"] == "0.00"


def test_an_open_position_at_the_end_is_told():
    text, figures, found = told([trade(exit_reason="end", profit=50.0)])
    assert text.endswith("It closed no position by its own rules, so there is nothing to judge.")
    assert figures["Positions"] == "0 closed, 1 open at the end"
    assert "1 position was still open" in found["open_at_end"].text


def test_no_costs_at_all():
    assert "no_costs" in told([trade()], account=Account(), spread=0.0)[2]
    assert "no_slippage" in told([trade()], account=Account())[2]
    assert not {"no_costs", "no_slippage"} & set(told([trade()])[2])


def test_synthetic_and_stated_data_are_named():
    found = told([trade()], synthetic=True, spread_stated=True)[2]
    assert found["synthetic_data"].text.startswith("SYNTHETIC prices for EURUSD")
    assert "The spread of EURUSD is an assumption" in found["stated_spread"].text


def test_an_entry_without_a_stop_shouts():
    assert "NO STOP LOSS on breakout_up" in told([trade()], plan=plan_of(stop="none"))[2]["no_stop_loss"].text


def test_averaging_down_shouts():
    add = AddRule("unit", "long", 4, SizePlan("lots", 0), StopPlan("keep"), 3, averaging_down=True)
    assert "unit" in told([trade()], plan=replace(plan_of(), add=(add,)))[2]["averaging_down"].text


def test_broker_closures_and_ruin():
    found = told([trade(exit_reason="stop_out", profit=-20_000.0)])[2]
    assert {"stop_out", "ruin"} <= set(found)


def test_a_reason_that_is_only_in_the_vocabulary_is_not_told():
    result, plan, market = usual(1_500, 20)
    trades = replace(result.trades, reasons=(*result.trades.reasons, "stop_out"))
    named = replace(result, trades=trades)
    assert "stop_out" not in {c.code for c in cautions(named, measure(named, plan, market), plan, market)}


@pytest.mark.parametrize(("value", "edge"), [(10, "low end"), (40, "high end"), (25, None), (50, "high end")])
def test_a_setting_at_the_edge_of_its_range(value, edge):
    plan = plan_of(params=(ParamSpace("lookback", value, None, 10, 40, 5), ParamSpace("fixed", 3)))
    found = told([trade()], plan=plan)[2]
    assert ("parameter_at_edge" in found) == (edge is not None)
    if edge:
        assert f"lookback is at the {edge}" in found["parameter_at_edge"].text


def test_ambiguous_bars_are_counted():
    rows = [trade(position=n, ambiguous=n == 1) for n in range(1, 51)]
    found = told(rows)[2]["ambiguous_bars"]
    assert found.text.startswith("2.0 % of the positions")
    assert not found.serious
    assert told([trade(ambiguous=True)])[2]["ambiguous_bars"].serious


def test_a_profit_that_rests_on_one_position():
    rows = [trade(position=n, profit=-20.0 if n > 1 else 300.0) for n in range(1, 11)]
    assert "Without its best position out of 10" in told(rows)[2]["few_winners"].text


def test_a_short_run_is_told():
    assert "1.4 months" in told([trade()], closes=FLAT[:1_000])[2]["short_history"].text


@pytest.mark.parametrize(
    ("timeframe", "settled", "early"), [("H1", 50, 1), ("H1", 10, 0), ("H4", 10, 1), ("H4", 3, 0), ("D1", 2, 1)]
)
def test_entries_before_averages_have_settled(timeframe, settled, early):
    needs = DataNeeds(series=(SeriesNeed("self", timeframe, 1, settled),))
    entered = trade(entry_time=MONDAY + 20 * HOUR, exit_time=MONDAY + 90 * HOUR)
    found = told([entered], plan=replace(plan_of(), needs=needs))[2]
    assert ("unsettled_averages" in found) == bool(early)


def test_serious_cautions_come_first():
    result, plan, market = usual(1_500, 20)
    found = cautions(result, measure(result, plan, market), plan, market)
    assert [c.serious for c in found] == sorted((c.serious for c in found), reverse=True)


def test_the_usual_figures():
    result, plan, market = usual()
    figures = dict(headline(measure(result, plan, market), result))
    assert list(figures) == [
        "Return", "Benchmark", "A year", "Worst drawdown", "Sharpe ratio", "Positions", "Won", "Profit factor",
        "Expectancy", "Costs",
    ]  # fmt: skip
