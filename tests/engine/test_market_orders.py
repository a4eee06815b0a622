"""Market orders: when they fill, at which price, and what makes them void."""

from __future__ import annotations

import pytest

from engine.result import Account
from tests.engine.trading import FREE, HOUR, MONDAY, bars, codes, quiet, traded, trades

LONG = """
enter long called up
  when volume = 1
  size 0.10 lots
  stop 50 pips
"""

SHORT = """
enter short called down
  when volume = 2
  size 0.10 lots
  stop 50 pips
"""


def test_a_buy_fills_at_the_next_open_at_the_ask_and_ends_at_the_last_bid() -> None:
    (trade,) = trades(
        LONG,
        [(1.1, 1.1, 1.1, 1.1, 1), (1.1010, 1.1020, 1.1005, 1.1015), (1.1015, 1.1030, 1.1010, 1.1025)],
        spread=0.0002,
    )
    assert trade.entry_price == pytest.approx(1.1012)
    assert trade.entry_time == MONDAY + HOUR
    assert trade.exit_price == 1.1025
    assert trade.exit_reason == "end"
    assert trade.exit_time == MONDAY + 3 * HOUR
    assert trade.profit == pytest.approx(13.0)  # 13 pips, 0.10 lots: 1 USD a pip
    assert trade.bars_held == 2
    assert trade.risk == pytest.approx(50.0)


def test_a_sell_fills_at_the_bid_and_is_bought_back_at_the_ask() -> None:
    (trade,) = trades(SHORT, [(1.1, 1.1, 1.1, 1.1, 2), *quiet(1.1010), *quiet(1.1000)], spread=0.0002)
    assert trade.entry_price == 1.1010
    assert trade.exit_price == pytest.approx(1.1002)
    assert trade.profit == pytest.approx(8.0)


def test_excursions_leave_out_what_came_before_the_entry_and_after_the_exit() -> None:
    rows = [
        (1.1, 1.2, 1.0, 1.1, 1),
        (1.1000, 1.1030, 1.0980, 1.1010),
        (1.1010, 1.1040, 1.1000, 1.1000, 3),
        (1.1000, 1.2, 1.0, 1.1000),
    ]
    (trade,) = trades(LONG + "exit long called out when volume = 3", rows)
    assert trade.exit_reason == "exit:out"
    assert trade.mae == pytest.approx(0.0020)
    assert trade.mfe == pytest.approx(0.0040)
    assert trade.bars_held == 2


def test_long_and_short_on_one_bar_is_neither() -> None:
    both = LONG.replace("volume = 1", "volume = 3") + SHORT.replace("volume = 2", "volume = 3")
    found = traded(both + "opposite entry reverses", [(1.1, 1.1, 1.1, 1.1, 3), *quiet(1.1, 3)])
    assert len(found.trades) == 0
    assert codes(found) == ["contradictory", "contradictory"]
    assert [event.rule for event in found.events] == ["up", "down"]


def test_contradiction_also_keeps_a_position_as_it_is() -> None:
    rules = LONG.replace("volume = 1", "volume > 0") + SHORT + "opposite entry reverses"
    found = traded(rules, [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1), (1.1, 1.1, 1.1, 1.1, 2), *quiet(1.1)])
    assert [t.exit_reason for t in found.trades.rows()] == ["end"]


def test_the_first_rule_of_a_side_fires_and_the_second_is_logged() -> None:
    second = LONG.replace("called up", "called also_up").replace("0.10", "0.20")
    found = traded(LONG + second, [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1, 2)])
    assert [(t.rule, t.lots) for t in found.trades.rows()] == [("up", 0.10)]
    assert [(e.code, e.rule) for e in found.events] == [("second_rule", "also_up")]


def test_an_entry_in_the_direction_held_does_nothing() -> None:
    found = traded(LONG, [(1.1, 1.1, 1.1, 1.1, 1)] * 4)
    assert len(found.trades) == 1


@pytest.mark.parametrize(
    ("unless", "entries"),
    [("volume > 5", 1), ("high > 1", 0), ("close[3] > 0", 0)],
    ids=["definitely false", "true", "unknown"],
)
def test_unless_blocks_on_anything_but_definitely_false(unless: str, entries: int) -> None:
    found = traded(LONG.replace("size", f"unless {unless}\n  size"), [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1)])
    assert len(found.trades) == entries
    assert codes(found) == [] if entries else ["entry_blocked_unless"]


def test_an_opposite_entry_reverses_at_one_price() -> None:
    rows = [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1010), (1.1010, 1.1010, 1.1010, 1.1010, 2), *quiet(1.1020)]
    first, second = trades(LONG + SHORT + "opposite entry reverses", rows, spread=0.0001)
    assert (first.side, first.exit_reason, first.exit_price) == ("long", "reverse", 1.1020)
    assert (second.side, second.entry_price) == ("short", 1.1020)
    assert first.position != second.position


def test_an_opposite_entry_closes() -> None:
    rows = [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1010), (1.1010, 1.1010, 1.1010, 1.1010, 2), *quiet(1.1020)]
    (trade,) = trades(LONG + SHORT + "opposite entry closes", rows)
    assert (trade.exit_reason, trade.exit_price) == ("opposite", 1.1020)


def test_an_opposite_entry_is_ignored() -> None:
    rows = [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1010), (1.1010, 1.1010, 1.1010, 1.1010, 2), *quiet(1.1020)]
    (trade,) = trades(LONG + SHORT + "opposite entry ignored", rows)
    assert trade.exit_reason == "end"


def test_an_exit_and_an_opposite_entry_on_one_bar_are_both_done() -> None:
    rules = LONG + SHORT + "opposite entry ignored\nexit long called out when volume = 2"
    rows = [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1010), (1.1010, 1.1010, 1.1010, 1.1010, 2), *quiet(1.1020)]
    first, second = trades(rules, rows)
    assert (first.exit_reason, second.side, second.entry_price) == ("exit:out", "short", 1.1020)


def test_a_stop_at_a_price_that_the_open_has_passed_means_no_entry() -> None:
    rules = LONG.replace("stop 50 pips", "stop at low - 10 pips")
    found = traded(rules, [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.0980, 2)])
    assert len(found.trades) == 0
    assert [(e.code, e.rule) for e in found.events] == [("stop_wrong_side", "up")]


def test_the_close_half_of_a_reversal_is_done_even_when_its_entry_is_void() -> None:
    rules = LONG + SHORT.replace("stop 50 pips", "stop at high + 10 pips") + "opposite entry reverses"
    rows = [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1), (1.1, 1.1, 1.1, 1.1, 2), *quiet(1.1030, 2)]
    found = traded(rules, rows)
    assert [t.exit_reason for t in found.trades.rows()] == ["reverse"]
    assert codes(found) == ["stop_wrong_side"]


def test_an_unknown_stop_means_no_order() -> None:
    found = traded(LONG.replace("50 pips", "2 * atr(14)"), [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1)])
    assert (len(found.trades), codes(found)) == (0, ["stop_unknown"])


def test_an_unknown_target_means_no_order() -> None:
    found = traded(LONG + "  target 2 * atr(14)\n", [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1)])
    assert (len(found.trades), codes(found)) == (0, ["target_unknown"])


def test_a_target_already_passed_means_no_entry() -> None:
    found = traded(LONG + "  target at high + 10 pips\n", [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1020, 2)])
    assert (len(found.trades), codes(found)) == (0, ["target_wrong_side"])


def test_an_entry_is_void_when_the_open_makes_its_risk_more_than_a_quarter_larger() -> None:
    rules = LONG.replace("size 0.10 lots", "risk 1% of equity").replace("stop 50 pips", "stop at low - 50 pips")
    near = trades(rules, [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1012, 2)])
    assert near[0].risk == pytest.approx(124.0)  # 20,000 units, 62 pips instead of 50
    found = traded(rules, [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1013, 2)])
    assert (len(found.trades), codes(found)) == (0, ["risk_above_plan"])


def test_a_decision_expires_when_the_market_was_open_for_more_than_a_bar_without_prices() -> None:
    hole = bars([(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1, 2)], times=[MONDAY, MONDAY + 4 * HOUR, MONDAY + 5 * HOUR])
    found = traded(LONG, [hole])
    assert (len(found.trades), codes(found)) == (0, ["decision_expired"])


def test_a_decision_outlives_one_missing_bar() -> None:
    hole = bars([(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1, 2)], times=[MONDAY, MONDAY + 2 * HOUR, MONDAY + 3 * HOUR])
    assert len(traded(LONG, [hole]).trades) == 1


def test_a_decision_before_the_weekend_fills_at_the_opening_after_it() -> None:
    friday = MONDAY + 4 * 24 * HOUR + 21 * HOUR  # the bar that closes at 17:00 in New York
    sunday = friday + HOUR + 48 * HOUR
    found = traded(LONG, [bars([(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.12, 2)], times=[friday, sunday, sunday + HOUR])])
    assert [t.entry_time for t in found.trades.rows()] == [sunday]


def test_an_expired_reversal_still_closes() -> None:
    rules = LONG + SHORT + "opposite entry reverses"
    rows = [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1), (1.1, 1.1, 1.1, 1.1, 2), *quiet(1.1020, 2)]
    times = [MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY + 9 * HOUR, MONDAY + 10 * HOUR]
    found = traded(rules, [bars(rows, times=times)])
    assert [t.exit_reason for t in found.trades.rows()] == ["reverse"]
    assert codes(found) == ["decision_expired"]


def test_commission_is_paid_for_each_lot_and_side_when_it_is_filled() -> None:
    account = Account(cash=10_000.0, swap=False, commission_per_lot=3.5)
    found = traded(LONG, [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1, 3)], account)
    (trade,) = found.trades.rows()
    assert trade.commission == pytest.approx(0.7)
    assert found.curve.balance.tolist() == pytest.approx([10_000, 9_999.65, 9_999.65, 9_999.30])


def test_slippage_in_points_is_against_us_on_both_sides() -> None:
    account = Account(cash=10_000.0, swap=False, slippage="points:3")
    rules = LONG + "exit long called out when volume = 3"
    (trade,) = trades(rules, [(1.1, 1.1, 1.1, 1.1, 1), *quiet(1.1), (1.1, 1.1, 1.1, 1.1, 3), *quiet(1.1)], account)
    assert (trade.entry_price, trade.exit_price) == (1.10003, 1.09997)
    assert trade.slippage == pytest.approx(0.6)
    assert trade.profit == pytest.approx(-0.6)


def test_slippage_as_a_share_of_the_true_range_of_the_bar_before() -> None:
    account = Account(cash=10_000.0, swap=False, slippage="atr:0.1")
    (trade,) = trades(LONG, [(1.1, 1.1020, 1.0980, 1.1, 1), *quiet(1.1, 2)], account)
    assert trade.entry_price == 1.1004  # a tenth of 40 pips


def test_decisions_are_taken_from_the_start_on_and_before_the_end() -> None:
    rows = [(1.1, 1.1, 1.1, 1.1, 1)] * 6
    found = traded(LONG, rows, start=MONDAY + 2 * HOUR, end=MONDAY + 5 * HOUR)
    (trade,) = found.trades.rows()
    assert (trade.entry_time, trade.exit_time) == (MONDAY + 3 * HOUR, MONDAY + 5 * HOUR)
    assert found.start == MONDAY + 2 * HOUR
    assert found.curve.time.tolist() == [MONDAY + k * HOUR for k in (3, 4, 5)]
    assert found.counts["bars"] == 3


def test_a_decision_at_the_last_close_is_not_filled() -> None:
    assert len(traded(LONG, [*quiet(1.1), (1.1, 1.1, 1.1, 1.1, 1)]).trades) == 0


def test_prices_in_another_currency_are_converted_with_the_rate_of_the_bar() -> None:
    rules = LONG.replace("50 pips", "50 pips")
    rows = [(110.0, 110.0, 110.0, 110.0, 1), *quiet(110.0), *quiet(111.0)]
    (trade,) = trades(rules, rows, FREE, symbols="USDJPY")
    assert trade.profit == pytest.approx(10_000 / 111.0)
