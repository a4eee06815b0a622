"""Stops and targets inside a bar: which comes first, at which price, and what finer bars settle."""

from __future__ import annotations

import pytest

from engine.result import Account
from tests.engine.trading import HOUR, MINUTE, MONDAY, Row, bars, quiet, traded, trades

LONG = """
enter long called up
  when volume = 1
  size 0.10 lots
  stop 20 pips
  target 30 pips
"""

SHORT = """
enter short called down
  when volume = 2
  size 0.10 lots
  stop 20 pips
  target 30 pips
"""

BUY: Row = (1.1, 1.1, 1.1, 1.1, 1)
SELL: Row = (1.1, 1.1, 1.1, 1.1, 2)


@pytest.mark.parametrize(
    ("bar", "price", "reason"),
    [
        ((1.1, 1.1010, 1.0980, 1.0990), 1.0980, "stop"),
        ((1.1, 1.1030, 1.0990, 1.1010), 1.1030, "target"),
        ((1.1, 1.1010, 1.09801, 1.0990), 1.0990, "end"),
        ((1.1, 1.10299, 1.0990, 1.1010), 1.1010, "end"),
    ],
    ids=["stop touched", "target touched", "stop missed by a point", "target missed by a point"],
)
def test_a_long_leaves_at_the_level_that_the_bid_touches(bar: Row, price: float, reason: str) -> None:
    (trade,) = trades(LONG, [BUY, *quiet(1.1), bar])
    assert (trade.exit_price, trade.exit_reason) == (price, reason)
    assert (trade.stop, trade.target) == (1.0980, 1.1030)


def test_a_short_is_stopped_and_paid_by_the_ask() -> None:
    stopped = trades(SHORT, [SELL, *quiet(1.1), (1.1, 1.1018, 1.1, 1.1)], spread=0.0002)
    assert (stopped[0].exit_price, stopped[0].exit_reason) == (1.1020, "stop")
    missed = trades(SHORT, [SELL, *quiet(1.1), (1.1, 1.1, 1.0969, 1.1)], spread=0.0002)
    assert missed[0].exit_reason == "end"
    paid = trades(SHORT, [SELL, *quiet(1.1), (1.1, 1.1, 1.0968, 1.1)], spread=0.0002)
    assert (paid[0].exit_price, paid[0].exit_reason) == (1.0970, "target")


def test_levels_hold_from_the_very_bar_of_a_market_fill() -> None:
    (trade,) = trades(LONG, [BUY, (1.1, 1.1, 1.0970, 1.0990)])
    assert (trade.exit_price, trade.exit_reason, trade.bars_held) == (1.0980, "stop", 1)


def test_a_distance_stop_is_frozen_at_the_decision_and_applied_from_the_fill() -> None:
    (trade,) = trades(LONG, [BUY, *quiet(1.1007, 2)], spread=0.0003)
    assert (trade.entry_price, trade.stop, trade.target) == (1.1010, 1.0990, 1.1040)


def test_percent_distances_are_of_the_price_at_the_decision() -> None:
    rules = LONG.replace("20 pips", "1%").replace("30 pips", "2%")
    (trade,) = trades(rules, [BUY, *quiet(1.1, 2)])
    assert (trade.stop, trade.target) == (1.0890, 1.1220)


def test_a_target_in_r_counts_from_the_real_fill_to_the_real_stop() -> None:
    rules = LONG.replace("stop 20 pips", "stop at low - 20 pips").replace("30 pips", "2R")
    (trade,) = trades(rules, [BUY, *quiet(1.1010, 2)])
    assert (trade.stop, trade.target) == (1.0980, 1.1070)  # 1R is 30 pips


def test_stop_and_target_in_one_bar_is_the_stop_and_counted() -> None:
    found = traded(LONG, [BUY, *quiet(1.1), (1.1, 1.1040, 1.0970, 1.1)])
    (trade,) = found.trades.rows()
    assert (trade.exit_price, trade.exit_reason, trade.ambiguous) == (1.0980, "stop", True)
    assert found.counts["ambiguous"] == 1


def test_a_target_passed_at_the_open_is_not_ambiguous() -> None:
    (trade,) = trades(LONG, [BUY, *quiet(1.1), (1.1040, 1.1040, 1.0970, 1.1)])
    assert (trade.exit_price, trade.exit_reason, trade.ambiguous) == (1.1040, "target", False)


def test_a_gap_beyond_the_target_fills_at_the_open_where_the_low_comes_first_too() -> None:
    (trade,) = trades(LONG, [BUY, *quiet(1.1), (1.1040, 1.1200, 1.0970, 1.1)])
    assert (trade.exit_price, trade.exit_reason, trade.ambiguous) == (1.1040, "target", False)


def test_a_gap_beyond_the_stop_fills_at_the_open() -> None:
    long_ = trades(LONG, [BUY, *quiet(1.1), (1.0950, 1.0960, 1.0940, 1.0950)])
    assert (long_[0].exit_price, long_[0].exit_reason) == (1.0950, "stop")
    short = trades(SHORT, [SELL, *quiet(1.1), (1.1050, 1.1060, 1.1040, 1.1050)], spread=0.0001)
    assert short[0].exit_price == pytest.approx(1.1051)


def test_finer_bars_say_which_came_first() -> None:
    rows = [BUY, *quiet(1.1), (1.1, 1.1040, 1.0970, 1.1)]
    up_then_down = [(1.1, 1.1040, 1.1, 1.1040), (1.1040, 1.1040, 1.0970, 1.0970), (1.0970, 1.1, 1.0970, 1.1)]
    fine = bars(up_then_down, timeframe="M20", start=MONDAY + 2 * HOUR, step=20 * MINUTE)
    found = traded(LONG, rows, fine={"EURUSD": fine})
    (trade,) = found.trades.rows()
    assert (trade.exit_price, trade.exit_reason, trade.ambiguous) == (1.1030, "target", False)
    assert found.counts["ambiguous"] == 0


def test_finer_bars_that_do_not_settle_it_leave_it_ambiguous() -> None:
    rows = [BUY, *quiet(1.1), (1.1, 1.1040, 1.0970, 1.1)]
    fine = bars([(1.1, 1.1040, 1.0970, 1.1)], timeframe="M30", start=MONDAY + 2 * HOUR, step=30 * MINUTE)
    (trade,) = trades(LONG, rows, fine={"EURUSD": fine})
    assert (trade.exit_reason, trade.ambiguous) == ("stop", True)


def test_finer_bars_with_a_hole_are_not_believed() -> None:
    rows = [BUY, *quiet(1.1), (1.1, 1.1040, 1.0970, 1.1)]
    fine = bars([(1.1, 1.1040, 1.1, 1.1040)], timeframe="M30", start=MONDAY + 2 * HOUR, step=30 * MINUTE)
    (trade,) = trades(LONG, rows, fine={"EURUSD": fine})
    assert (trade.exit_reason, trade.ambiguous) == ("stop", True)


def test_finer_bars_are_not_asked_where_one_level_is_touched() -> None:
    rows = [BUY, *quiet(1.1), (1.1, 1.1010, 1.0970, 1.1)]
    fine = bars([(1.1, 1.1010, 1.1, 1.1)], timeframe="M30", start=MONDAY + 2 * HOUR, step=30 * MINUTE)
    (trade,) = trades(LONG, rows, fine={"EURUSD": fine})
    assert (trade.exit_price, trade.exit_reason) == (1.0980, "stop")


def test_stops_round_away_from_the_market_and_targets_to_the_nearest_tick() -> None:
    rules = LONG.replace("20 pips", "20.03 pips").replace("30 pips", "30.07 pips")
    (trade,) = trades(rules, [BUY, *quiet(1.1, 2)])
    assert (trade.stop, trade.target) == (1.09799, 1.10301)
    rules = SHORT.replace("20 pips", "20.03 pips").replace("30 pips", "30.04 pips")
    (trade,) = trades(rules, [SELL, *quiet(1.1, 2)])
    assert (trade.stop, trade.target) == (1.10201, 1.09700)


def test_slippage_meets_stops_but_not_targets() -> None:
    account = Account(cash=10_000.0, swap=False, slippage="points:5")
    stopped = trades(LONG, [BUY, *quiet(1.1), (1.1, 1.1, 1.0970, 1.1)], account)
    assert (stopped[0].entry_price, stopped[0].stop, stopped[0].exit_price) == (1.10005, 1.09805, 1.09800)
    paid = trades(LONG, [BUY, *quiet(1.1), (1.1, 1.1040, 1.1, 1.1)], account)
    assert paid[0].exit_price == paid[0].target == 1.10305


def test_excursions_of_a_stopped_trade_end_at_its_stop() -> None:
    (trade,) = trades(LONG, [BUY, (1.1, 1.1010, 1.1, 1.1), (1.1, 1.1, 1.0950, 1.0960)])
    assert trade.mae == pytest.approx(0.0020)
    assert trade.mfe == pytest.approx(0.0010)


def test_excursions_of_a_short_are_those_of_the_ask() -> None:
    (trade,) = trades(SHORT, [SELL, (1.1, 1.1005, 1.0990, 1.1), *quiet(1.1)], spread=0.0002)
    assert trade.mae == pytest.approx(0.0007)
    assert trade.mfe == pytest.approx(0.0008)


def test_no_stop_loss_leaves_the_stop_empty() -> None:
    rules = LONG.replace("stop 20 pips", 'stop none because "The exit closes it."')
    (trade,) = trades(rules, [BUY, *quiet(1.1), (1.1, 1.1, 0.9, 0.95)])
    assert (trade.stop, trade.risk, trade.r, trade.exit_reason) == (None, 0.0, None, "end")
