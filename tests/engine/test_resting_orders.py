"""Stop and limit orders: the path of a bar, expiry, re-pricing, one cancels other, double fills."""

from __future__ import annotations

import pytest

from data.bars import Bars
from tests.engine.trading import HOUR, MONDAY, Row, bars, codes, quiet, traded, trades

BUY_STOP = """
enter long called up
  when volume = 1
  order buy stop at close + 10 pips, good for 3 bars
  size 0.10 lots
  stop 20 pips
"""

SELL_STOP = """
enter short called down
  when volume = 1
  order sell stop at close - 10 pips, good for 3 bars
  size 0.10 lots
  stop 20 pips
"""

SIGNAL: Row = (1.1, 1.1, 1.1, 1.1, 1)


def both(up: int = 10, down: int = 10) -> str:
    """A buy stop and a sell stop so many pips from the close."""
    return BUY_STOP.replace("+ 10 pips", f"+ {up} pips") + SELL_STOP.replace("- 10 pips", f"- {down} pips")


def test_a_buy_stop_is_triggered_by_the_ask_and_fills_at_its_price() -> None:
    missed = trades(BUY_STOP, [SIGNAL, (1.1, 1.1007, 1.1, 1.1), *quiet(1.1)], spread=0.0002)
    assert missed == []
    (trade,) = trades(BUY_STOP, [SIGNAL, (1.1, 1.1008, 1.1, 1.1), *quiet(1.1)], spread=0.0002)
    assert (trade.entry_price, trade.stop, trade.entry_time) == (1.1010, 1.0990, MONDAY + HOUR)


def test_a_sell_stop_is_triggered_by_the_bid() -> None:
    (trade,) = trades(SELL_STOP, [SIGNAL, (1.1, 1.1, 1.0990, 1.1), *quiet(1.1)], spread=0.0002)
    assert (trade.side, trade.entry_price) == ("short", 1.0990)


def test_limits_fill_at_their_price_or_better() -> None:
    buy = BUY_STOP.replace("stop at close + 10", "limit at close - 10")
    (touched,) = trades(buy, [SIGNAL, (1.1, 1.1, 1.0988, 1.1), *quiet(1.1)], spread=0.0002)
    assert touched.entry_price == 1.0990
    assert trades(buy, [SIGNAL, (1.1, 1.1, 1.0989, 1.1), *quiet(1.1)], spread=0.0002) == []
    (gap,) = trades(buy, [SIGNAL, (1.0980, 1.1, 1.0980, 1.1), *quiet(1.1)], spread=0.0002)
    assert gap.entry_price == pytest.approx(1.0982)
    sell = SELL_STOP.replace("stop at close - 10", "limit at close + 10")
    (trade,) = trades(sell, [SIGNAL, (1.1020, 1.1020, 1.1, 1.1), *quiet(1.1)], spread=0.0002)
    assert (trade.side, trade.entry_price) == ("short", 1.1020)


def test_a_target_is_fixed_by_what_is_known_at_the_decision() -> None:
    rules = (
        """
remember wide = 1
  becomes 5 when volume = 9
"""
        + BUY_STOP
        + "  target wide * 10 pips\n"
    )
    # the remembered value changes while the order rests
    rows = [SIGNAL, (1.1, 1.1, 1.1, 1.1, 9), (1.1, 1.1010, 1.1, 1.1010), (1.1010, 1.1025, 1.1010, 1.1010), *quiet(1.1)]
    (trade,) = trades(rules, rows)
    assert (trade.entry_price, trade.target, trade.exit_reason) == (1.1010, 1.1020, "target")


def test_a_target_in_r_is_measured_from_the_fill() -> None:
    rules = BUY_STOP.replace("stop 20 pips", "stop at low - 20 pips") + "  target 2R\n"
    (trade,) = trades(rules, [SIGNAL, (1.1020, 1.1020, 1.1020, 1.1020), *quiet(1.1020)])
    assert (trade.entry_price, trade.stop, trade.target) == (1.1020, 1.0980, 1.1100)


def test_a_gap_beyond_a_stop_order_fills_at_the_open() -> None:
    (trade,) = trades(BUY_STOP, [SIGNAL, (1.1030, 1.1030, 1.1025, 1.1030), *quiet(1.1030)], spread=0.0002)
    assert (trade.entry_price, trade.stop) == (pytest.approx(1.1032), 1.1012)


def test_a_gapped_order_asks_finer_bars_what_came_after_it() -> None:
    rules = BUY_STOP.replace("stop 20 pips", "stop 10 pips") + "  target 5 pips\n"
    # filled at the open of 1.1030, above the order; stop 1.1020 and target 1.1035 are both in the bar
    rows = [SIGNAL, (1.1030, 1.1036, 1.1015, 1.1020), *quiet(1.1020)]
    up_then_down = [(1.1030, 1.1036, 1.1030, 1.1036), (1.1036, 1.1036, 1.1015, 1.1020)]
    fine = bars(up_then_down, timeframe="M30", start=MONDAY + HOUR, step=HOUR // 2)
    (trade,) = trades(rules, rows, fine={"EURUSD": fine})
    assert (trade.entry_price, trade.exit_reason, trade.ambiguous) == (1.1030, "target", False)


@pytest.mark.parametrize(("bars_later", "fills"), [(1, True), (3, True), (4, False)])
def test_good_for_three_bars_is_the_next_three(bars_later: int, fills: bool) -> None:
    rows = [SIGNAL, *quiet(1.1, bars_later - 1), (1.1, 1.1010, 1.1, 1.1), *quiet(1.1, 2)]
    found = traded(BUY_STOP, rows)
    assert bool(len(found.trades)) is fills
    assert codes(found)[-1] == ("order_placed" if fills else "order_expired")


@pytest.mark.parametrize(("bars_later", "fills"), [(2, True), (3, False)])
def test_a_duration_ends_at_the_first_bar_that_opens_at_or_after_it(bars_later: int, fills: bool) -> None:
    rows = [SIGNAL, *quiet(1.1, bars_later - 1), (1.1, 1.1010, 1.1, 1.1), *quiet(1.1)]
    found = traded(BUY_STOP.replace("3 bars", "120 minutes"), rows)
    assert bool(len(found.trades)) is fills


def test_firing_again_re_prices_the_one_order_and_starts_its_time_anew() -> None:
    rules = BUY_STOP.replace("at close", "at high")
    rows = [SIGNAL, (1.1, 1.1005, 1.1, 1.1, 1), *quiet(1.1, 2), (1.1, 1.1012, 1.1, 1.1), (1.1, 1.1015, 1.1, 1.1)]
    found = traded(rules, rows)
    assert codes(found) == ["order_placed", "order_repriced", "order_expired"]
    rows[4] = (1.1, 1.1015, 1.1, 1.1)
    (trade,) = trades(rules, rows)
    assert trade.entry_price == 1.1015


def test_an_order_whose_price_becomes_unknown_is_cancelled() -> None:
    rules = BUY_STOP.replace("at close", "at close * (volume - volume[1]) / (volume - volume[1])")
    rules = rules.replace("volume = 1", "volume > 0")
    rows = [*quiet(1.1), SIGNAL, SIGNAL, (1.1, 1.1050, 1.1, 1.1)]
    found = traded(rules, rows)
    assert codes(found) == ["order_placed", "price_unknown", "order_cancelled"]
    assert len(found.trades) == 0


def test_an_order_on_the_wrong_side_of_the_market_is_not_placed() -> None:
    found = traded(
        BUY_STOP.replace("at close + 10 pips", "at sma(close, 2)"), [*quiet(1.1), SIGNAL, *quiet(1.2)], spread=0.0002
    )
    assert codes(found) == ["order_wrong_side"]


def test_cancel_when_takes_it_away_at_the_close() -> None:
    rules = BUY_STOP.replace("good for 3 bars", "cancel when volume = 9")
    cancelled = traded(rules, [SIGNAL, (1.1, 1.1, 1.1, 1.1, 9), (1.1, 1.1020, 1.1, 1.1)])
    assert codes(cancelled) == ["order_placed", "order_cancelled"]
    filled = trades(rules, [SIGNAL, (1.1, 1.1020, 1.1, 1.1, 9), *quiet(1.1)])
    assert len(filled) == 1


def test_not_firing_leaves_an_order_with_cancel_when_standing() -> None:
    rules = BUY_STOP.replace("good for 3 bars", "cancel when volume = 9")
    assert len(trades(rules, [SIGNAL, *quiet(1.1, 20), (1.1, 1.1010, 1.1, 1.1), *quiet(1.1)])) == 1


@pytest.mark.parametrize(
    ("bar", "side"),
    [
        ((1.1, 1.1015, 1.0980, 1.1), "long"),  # the high is nearer the open
        ((1.1, 1.1020, 1.0985, 1.1), "short"),
        ((1.1, 1.1015, 1.0985, 1.1), "short"),  # equally near: the low first
    ],
)
def test_entry_orders_follow_the_path_to_the_nearer_extreme_first(bar: Row, side: str) -> None:
    rules = both().replace("good for 3 bars", "good for 3 bars, cancel others when filled")
    found = traded(rules + "opposite entry ignored", [SIGNAL, bar, *quiet(1.1)])
    assert next(iter(found.trades.rows())).side == side
    assert "order_cancelled_by_fill" in codes(found)


def test_after_the_fill_only_the_rest_of_the_path_counts() -> None:
    rules = BUY_STOP + "  target 5 pips\n"
    # open → high 1.1012 → low 1.0985: the stop at 1.0990 comes after the fill, the target at 1.1015 never
    (trade,) = trades(rules, [SIGNAL, (1.1, 1.1012, 1.0985, 1.1), *quiet(1.1)])
    assert (trade.exit_reason, trade.ambiguous) == ("stop", False)
    # open → low 1.0985 → high 1.1016 → close: the low was before the fill
    (trade,) = trades(rules, [SIGNAL, (1.0995, 1.1016, 1.0985, 1.1010), *quiet(1.1010)])
    assert (trade.exit_price, trade.exit_reason, trade.ambiguous) == (1.1015, "target", False)


def test_stop_and_target_on_the_rest_of_the_path_is_the_stop() -> None:
    rules = BUY_STOP + "  target 5 pips\n"
    (trade,) = trades(rules, [SIGNAL, (1.1, 1.1016, 1.0980, 1.1), *quiet(1.1)])
    assert (trade.exit_reason, trade.ambiguous) == ("stop", True)


def test_excursions_leave_out_the_path_before_a_resting_fill() -> None:
    (trade,) = trades(BUY_STOP, [SIGNAL, (1.0995, 1.1016, 1.0985, 1.1012), *quiet(1.1012)])
    assert trade.mae == pytest.approx(0.0)
    assert trade.mfe == pytest.approx(0.0006)


def test_two_orders_reached_at_one_open_are_both_filled_and_the_second_closed_at_once() -> None:
    second = BUY_STOP.replace("called up", "called up_too").replace("+ 10 pips", "+ 20 pips").replace("= 1", "= 4")
    rows = [SIGNAL, (1.1, 1.1, 1.1, 1.1, 4), (1.1030, 1.1030, 1.1030, 1.1030), *quiet(1.1030)]
    found = traded(BUY_STOP + second, rows, spread=0.0002)
    doubled, kept = found.trades.rows()
    assert (doubled.rule, doubled.exit_reason) == ("up_too", "double_fill")
    assert doubled.profit == pytest.approx(-2.0)  # the spread
    assert (kept.rule, kept.exit_reason) == ("up", "end")
    assert codes(found)[-1] == "double_fill"


def test_an_order_of_the_side_held_is_cancelled_when_another_fills() -> None:
    second = BUY_STOP.replace("called up", "called up_too").replace("+ 10 pips", "+ 20 pips").replace("= 1", "= 4")
    rows = [SIGNAL, (1.1, 1.1, 1.1, 1.1, 4), (1.1, 1.1025, 1.1, 1.1), *quiet(1.1)]
    found = traded(BUY_STOP + second, rows)
    assert [t.rule for t in found.trades.rows()] == ["up"]
    assert codes(found) == ["order_placed", "order_placed", "order_cancelled_by_fill"]


def test_a_resting_order_of_the_other_side_reverses_where_it_is_filled() -> None:
    rows = [SIGNAL, (1.1, 1.1010, 1.1, 1.1005), (1.1005, 1.1005, 1.0980, 1.0985), *quiet(1.0985)]
    rules = both().replace("stop 20 pips", "stop 40 pips") + "opposite entry reverses"
    first, second = trades(rules, rows)
    assert (first.exit_reason, first.exit_price) == ("reverse", 1.0990)
    assert (second.side, second.entry_price) == ("short", 1.0990)


def test_a_resting_order_of_the_other_side_closes_where_it_is_filled() -> None:
    rows = [SIGNAL, (1.1, 1.1010, 1.1, 1.1005), (1.1005, 1.1005, 1.0980, 1.0985), *quiet(1.0985)]
    rules = both().replace("stop 20 pips", "stop 40 pips") + "opposite entry closes"
    (trade,) = trades(rules, rows)
    assert (trade.exit_reason, trade.exit_price) == ("opposite", 1.0990)


def test_the_stop_of_a_position_comes_before_a_reversal_below_it() -> None:
    rows = [SIGNAL, (1.1, 1.1010, 1.1, 1.1005), (1.1005, 1.1005, 1.0960, 1.0985), *quiet(1.0985)]
    rules = both(10, 30).replace("stop 20 pips", "stop 30 pips") + "opposite entry reverses"
    first, second = trades(rules, rows)
    assert (first.exit_reason, first.exit_price) == ("stop", 1.0980)
    assert (second.side, second.entry_price) == ("short", 1.0970)


def test_entry_stops_round_up_for_buys_and_down_for_sells() -> None:
    buy, sell = BUY_STOP.replace("10 pips", "5.12 pips"), SELL_STOP.replace("10 pips", "5.12 pips")
    (trade,) = trades(buy, [SIGNAL, (1.1, 1.1010, 1.1, 1.1), *quiet(1.1)])
    assert trade.entry_price == 1.10052
    (trade,) = trades(sell, [SIGNAL, (1.1, 1.1, 1.0980, 1.1), *quiet(1.1)])
    assert trade.entry_price == 1.09948


def test_a_resting_order_survives_a_weekend_by_bars_but_not_by_time() -> None:
    friday = MONDAY + 4 * 24 * HOUR + 21 * HOUR
    times = [friday, friday + 49 * HOUR, friday + 50 * HOUR]
    given: list[Bars] = [bars([SIGNAL, (1.1, 1.1010, 1.1, 1.1), *quiet(1.1)], times=times)]
    assert len(traded(BUY_STOP, given).trades) == 1
    assert len(traded(BUY_STOP.replace("3 bars", "3 hours"), given).trades) == 0
