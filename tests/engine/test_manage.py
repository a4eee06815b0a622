"""`manage`: stops that only tighten, targets, partial closes, trailing, and leaving in time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.instruments import load_instruments
from tests.engine.trading import FREE, HOUR, MINUTE, MONDAY, Row, bars, codes, quiet, traded, trades

LONG = """
enter long called up
  when volume = 1
  size 0.10 lots
  stop 20 pips

manage
"""

SHORT = """
enter short called down
  when volume = 2
  size 0.10 lots
  stop 20 pips

manage
"""

BUY: Row = (1.1, 1.1, 1.1, 1.1, 1)
SELL: Row = (1.1, 1.1, 1.1, 1.1, 2)


def flat(price: float, signal: float = 0) -> Row:
    return (price, price, price, price, signal)


def test_breakeven_once_a_close_reaches_the_profit_holds_from_the_next_bar() -> None:
    rows = [BUY, flat(1.1), (1.1, 1.1020, 1.1, 1.1020), (1.1020, 1.1020, 1.0990, 1.0990)]
    (trade,) = trades(LONG + "  move stop to breakeven once profit reaches 1R", rows)
    assert (trade.exit_price, trade.exit_reason, trade.stop) == (1.1, "stop", 1.0980)


def test_a_high_alone_does_not_reach_a_profit() -> None:
    rows = [BUY, flat(1.1), (1.1, 1.1030, 1.1, 1.1010), (1.1010, 1.1010, 1.0990, 1.0990)]
    (trade,) = trades(LONG + "  move stop to breakeven once profit reaches 1R", rows)
    assert trade.exit_reason == "end"


def test_a_stop_is_moved_by_a_distance_from_the_entry_towards_profit() -> None:
    rows = [BUY, flat(1.1), flat(1.1030), (1.1030, 1.1030, 1.1, 1.1)]
    (trade,) = trades(LONG + "  move stop to 10 pips once profit reaches 1R", rows)
    assert trade.exit_price == 1.1010
    rows = [SELL, flat(1.1), flat(1.0970), (1.0970, 1.1, 1.0970, 1.1)]
    (trade,) = trades(SHORT + "  move stop to 10 pips once profit reaches 1R", rows)
    assert trade.exit_price == 1.0990


def test_the_tightest_line_wins_and_a_stop_never_loosens() -> None:
    lines = "  move stop to lowest(low, 1) - 10 pips\n  move stop to -15 pips\n"
    found = traded(LONG + lines, [BUY, flat(1.1), flat(1.1020), flat(1.1004), flat(1.1030)])
    moved = [e.values[0] for e in found.events if e.code == "stop_moved"]
    assert moved == [1.0990, 1.1010]
    (trade,) = found.trades.rows()
    assert (trade.exit_price, trade.exit_reason) == (1.1004, "stop")  # 1.1010 was passed at the open


def test_a_stop_already_passed_at_the_close_leaves_at_the_next_open() -> None:
    rows = [BUY, flat(1.1), flat(1.0990), flat(1.0995)]
    (trade,) = trades(LONG + "  move stop to breakeven after 2 bars", rows)
    assert (trade.exit_price, trade.exit_reason) == (1.0995, "stop")


def test_a_stop_nearer_than_the_broker_allows_is_set_at_the_nearest_distance_allowed() -> None:
    wide = replace(load_instruments().find("EURUSD"), stops_level=50)
    found = traded(
        LONG + "  move stop to 17 pips after 2 bars",
        [BUY, flat(1.1), flat(1.1020), flat(1.1020)],
        instruments={"EURUSD": wide},
    )
    assert [e.values[0] for e in found.events] == [1.1015]


def test_a_trail_follows_the_best_bid_since_the_fill() -> None:
    rows = [BUY, (1.1, 1.1010, 1.1, 1.1), (1.1, 1.1030, 1.1, 1.1020), (1.1020, 1.1020, 1.1010, 1.1012)]
    (trade,) = trades(LONG + "  trail stop by 15 pips", rows)
    assert trade.exit_price == 1.1015
    rows = [SELL, (1.1, 1.1, 1.0990, 1.1), (1.1, 1.1, 1.0970, 1.0980), (1.0980, 1.0990, 1.0980, 1.0988)]
    (trade,) = trades(SHORT + "  trail stop by 15 pips", rows, spread=0.0002)
    assert trade.exit_price == 1.0987  # best ask 1.0972


def test_a_trail_moves_in_steps() -> None:
    rows = [BUY, flat(1.1), flat(1.1004), flat(1.1006), flat(1.1010), flat(1.1012)]
    found = traded(LONG + "  trail stop by 15 pips step 5 pips", rows)
    assert [e.values[0] for e in found.events if e.code == "stop_moved"] == [1.0985, 1.0991, 1.0997]


def test_a_trail_begins_with_its_threshold_and_goes_on_below_it() -> None:
    rows = [BUY, flat(1.1), flat(1.1015), flat(1.1040), flat(1.1030), flat(1.1041)]
    found = traded(LONG + "  trail stop by 15 pips once profit reaches 2R", rows)
    assert [e.values[0] for e in found.events if e.code == "stop_moved"] == [1.1025, 1.1026]


def test_a_threshold_is_frozen_at_the_entry() -> None:
    # the range of the signal bar is 10 pips; wide bars later do not move the threshold
    signal: Row = (1.1, 1.1005, 1.0995, 1.1, 1)
    rows = [signal, (1.1, 1.1010, 1.0990, 1.1), (1.1, 1.1020, 1.0990, 1.1010), (1.1, 1.1, 1.0990, 1.0995)]
    found = traded(LONG + "  move stop to breakeven once profit reaches high - low", rows)
    assert [e.code for e in found.events] == ["stop_moved"]


@pytest.mark.parametrize(
    ("threshold", "price"),
    [("1%", 1.1110), ("50 USD", 1.1050), ("50 pips", 1.1050)],
)
def test_profit_is_measured_in_the_unit_it_meets(threshold: str, price: float) -> None:
    line = f"  leave once profit reaches {threshold}"
    below = trades(LONG + line, [BUY, flat(1.1), flat(price - 0.0001), *quiet(price, 1)])
    assert below[0].exit_reason == "end"
    reached = trades(LONG + line, [BUY, flat(1.1), flat(price), flat(price)])
    assert reached[0].exit_reason == "manage:1"


def test_half_is_taken_once_of_the_initial_volume() -> None:
    rows = [BUY, flat(1.1), flat(1.1020), flat(1.1030), flat(1.1040), flat(1.1050)]
    taken, rest = trades(LONG + "  take half once profit reaches 1R", rows)
    assert (taken.lots, taken.exit_price, taken.exit_reason) == (0.05, 1.1030, "manage:1")
    assert (rest.lots, rest.exit_price, rest.exit_reason) == (0.05, 1.1050, "end")
    assert taken.position == rest.position
    assert taken.risk == pytest.approx(10.0)


def test_two_takes_on_one_bar_and_the_rest() -> None:
    lines = "  take half once profit reaches 1R\n  take 25% once profit reaches 1R\n"
    parts = trades(LONG + lines, [BUY, flat(1.1), flat(1.1020), flat(1.1030), flat(1.1040)])
    assert [(t.lots, t.exit_reason) for t in parts] == [
        (0.05, "manage:1"),
        (0.02, "manage:2"),  # 0.025 rounded down
        (pytest.approx(0.03), "end"),
    ]


def test_a_rest_below_the_minimum_is_closed_as_well() -> None:
    rules = LONG.replace("0.10", "0.02") + "  take 60% once profit reaches 1R\n  take half once profit reaches 2R"
    rows = [BUY, flat(1.1), flat(1.1020), flat(1.1020), flat(1.1040), flat(1.1040), flat(1.1040)]
    assert [(t.lots, t.exit_reason) for t in trades(rules, rows)] == [(0.01, "manage:1"), (0.01, "manage:2")]
    rules = LONG.replace("0.10", "0.01") + "  take half once profit reaches 1R"
    found = traded(rules, rows)
    assert (codes(found), [t.exit_reason for t in found.trades.rows()]) == (["take_below_minimum"], ["end"])


def test_targets_move_both_ways_and_the_last_true_line_wins() -> None:
    rules = LONG.replace("manage", "  target 100 pips\n\nmanage")
    lines = "  move target to 50 pips after 2 bars\n  move target to 30 pips after 3 bars\n"
    found = traded(rules + lines, [BUY, flat(1.1), flat(1.1), flat(1.1), (1.1, 1.1040, 1.1, 1.1)])
    assert [e.values[0] for e in found.events] == [1.1050, 1.1030]
    (trade,) = found.trades.rows()
    assert (trade.exit_price, trade.exit_reason, trade.target) == (1.1030, "target", 1.1100)


def test_a_target_moves_to_a_share_of_the_price() -> None:
    found = traded(LONG + "  move target to 1% after 2 bars", [BUY, flat(1.1), flat(1.1), flat(1.1)])
    assert [e.values[0] for e in found.events] == [1.1110]


def test_leave_after_bars_counts_the_entry_bar_as_one() -> None:
    (trade,) = trades(LONG + "  leave after 3 bars", [BUY, *quiet(1.1, 6)])
    assert (trade.bars_held, trade.exit_time, trade.exit_reason) == (3, MONDAY + 4 * HOUR, "manage:1")


def test_leave_after_a_time_does_not_count_bars() -> None:
    times = [MONDAY + k * HOUR for k in (0, 1, 2, 4, 5, 6)]
    (trade,) = trades(LONG + "  leave after 3 hours", [bars([BUY, *quiet(1.1, 5)], times=times)])
    assert trade.exit_time == MONDAY + 5 * HOUR  # the close at 05:00 is the first after 04:00


def test_leave_when() -> None:
    (trade,) = trades(LONG + "  leave when volume = 7", [BUY, *quiet(1.1, 2), flat(1.1, 7), *quiet(1.1, 2)])
    assert (trade.exit_time, trade.exit_reason) == (MONDAY + 4 * HOUR, "manage:1")


def test_leave_at_a_clock_time_is_the_first_decision_at_or_after_it() -> None:
    exact = trades(LONG + "  leave at 05:00 UTC", [BUY, *quiet(1.1, 8)])
    assert exact[0].exit_time == MONDAY + 5 * HOUR
    between = trades(LONG + "  leave at 04:30 UTC", [BUY, *quiet(1.1, 8)])
    assert between[0].exit_time == MONDAY + 5 * HOUR
    in_london = trades(LONG + "  leave at 04:30 New_York", [BUY, *quiet(1.1, 12)])
    assert in_london[0].exit_time == MONDAY + 10 * HOUR
    on_tuesday = trades(LONG + "  leave at 05:00 UTC on Tuesday", [BUY, *quiet(1.1, 40)])
    assert on_tuesday[0].exit_time == MONDAY + 29 * HOUR


def test_leave_at_a_time_without_prices_acts_at_the_next_decision() -> None:
    times = [MONDAY + k * HOUR for k in (0, 1, 2, 7, 8, 9)]
    (trade,) = trades(LONG + "  leave at 05:00 UTC", [bars([BUY, *quiet(1.1, 5)], times=times)])
    assert trade.exit_time == MONDAY + 8 * HOUR


def test_leave_at_a_time_after_the_session_acts_at_its_last_close() -> None:
    friday = MONDAY + 4 * 24 * HOUR + 20 * HOUR
    times = [friday, friday + HOUR, friday + 50 * HOUR, friday + 51 * HOUR]
    rules = LONG + "  leave at 21:00 New_York on Friday"
    (trade,) = trades(rules, [bars([BUY, *quiet(1.1, 3)], times=times)])
    assert trade.exit_time == friday + 50 * HOUR  # decided on Friday, filled when the market opens again


def test_a_leave_and_an_exit_cancel_what_manage_would_have_done() -> None:
    lines = "  take half once profit reaches 1R\n  move stop to breakeven once profit reaches 1R\n"
    rows = [BUY, flat(1.1), flat(1.1020, 3), *quiet(1.1020, 2)]
    found = traded(LONG + lines + "\nexit long called out when volume = 3", rows)
    assert (codes(found), [t.exit_reason for t in found.trades.rows()]) == ([], ["exit:out"])
    found = traded(LONG + lines + "  leave when volume = 3", rows)
    assert (codes(found), [t.exit_reason for t in found.trades.rows()]) == ([], ["manage:3"])


def test_lines_of_a_side_leave_the_other_alone() -> None:
    rules = LONG.replace("manage", "") + SHORT.replace("manage", "")
    rules += "opposite entry reverses\nmanage long\n  leave after 2 bars"
    assert [t.exit_reason for t in trades(rules, [SELL, *quiet(1.1, 5)])] == ["end"]
    assert [t.exit_reason for t in trades(rules, [BUY, *quiet(1.1, 5)])] == ["manage:1"]


def test_lines_begin_anew_with_each_position() -> None:
    rows = [BUY, flat(1.1), flat(1.1020), flat(1.1020, 3), BUY, flat(1.1), flat(1.1020), flat(1.1020, 3), flat(1.1)]
    parts = trades(LONG + "  take half once profit reaches 1R\n\nexit long called out when volume = 3", rows)
    assert [(t.position, t.lots, t.exit_reason) for t in parts] == [
        (1, 0.05, "manage:1"),
        (1, 0.05, "exit:out"),
        (2, 0.05, "manage:1"),
        (2, 0.05, "exit:out"),
    ]


def test_minutes_work_on_minute_bars() -> None:
    rows = bars([BUY, *quiet(1.1, 20)], timeframe="M1", step=MINUTE)
    (trade,) = trades(LONG + "  leave after 10 minutes", [rows], FREE, timeframe="M1")
    assert trade.exit_time == MONDAY + 11 * MINUTE


def test_what_takes_leave_is_a_size_on_the_lot_step() -> None:
    rules = """
enter long called up
  when volume = 1
  size 0.10 lots
  stop 80 pips

manage
  take 30% when volume = 5
  take 30% when volume = 6
"""
    rows = [(1.1, 1.1, 1.1, 1.1, s) for s in (1, 0, 5, 6, 0, 0)]
    assert [t.lots for t in trades(rules, rows)] == [0.03, 0.03, 0.04]
