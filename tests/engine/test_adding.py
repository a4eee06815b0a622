"""`add`: pyramiding with one stop for the whole position, R of the first fill, FIFO closing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.metrics.positions import positions_of
from engine.result import Account
from tests.engine.trading import FREE, HOUR, MONDAY, Row, codes, quiet, traded, trades

RULES = """
enter long called first
  when volume = 1
  size 0.10 lots
  stop 20 pips

add to long called more
  when volume = 4
  at most 2 times
  size 0.10 lots
  stop 10 pips

exit long called out
  when volume = 3
"""

BUY: Row = (1.1, 1.1, 1.1, 1.1, 1)


def flat(price: float, signal: float = 0) -> Row:
    return (price, price, price, price, signal)


def test_an_addition_fills_at_the_next_open_and_moves_the_stop_of_all() -> None:
    rows = [BUY, flat(1.1), flat(1.1020, 4), flat(1.1021), (1.1021, 1.1021, 1.1, 1.1005)]
    first, second = trades(RULES, rows)
    assert (first.rule, first.entry_price, first.stop, first.exit_price) == ("first", 1.1, 1.0980, 1.1011)
    assert (second.rule, second.entry_price, second.stop, second.exit_price) == ("more", 1.1021, 1.1011, 1.1011)
    assert first.position == second.position
    assert [first.exit_reason, second.exit_reason] == ["stop", "stop"]


def test_r_stays_that_of_the_first_fill() -> None:
    first, second = trades(RULES, [BUY, flat(1.1), flat(1.1020, 4), *quiet(1.1020, 2)])
    assert first.risk == second.risk == pytest.approx(20.0)


def test_profit_is_measured_from_the_average_price() -> None:
    rules = RULES.replace("when volume = 3", "when profit >= 1R")
    rows = [BUY, flat(1.1), flat(1.1010, 4), flat(1.1010), flat(1.1024), flat(1.1025), flat(1.1025)]
    parts = trades(rules, rows)  # average 1.1005; 1R is 20 pips
    assert {t.exit_time for t in parts} == {MONDAY + 6 * HOUR}
    assert {t.exit_reason for t in parts} == {"exit:out"}


def test_at_most_so_many_times() -> None:
    rows = [BUY, *[flat(1.1 + k * 0.0012, 4) for k in range(1, 6)], flat(1.1060)]
    found = traded(RULES, rows)
    assert [t.rule for t in found.trades.rows()] == ["first", "more", "more"]


def test_the_count_begins_anew_with_each_position() -> None:
    rows = [BUY, flat(1.1, 4), flat(1.1, 4), flat(1.1, 4), flat(1.1, 3), BUY, flat(1.1, 4), *quiet(1.1, 2)]
    assert [t.position for t in trades(RULES, rows)] == [1, 1, 1, 2, 2]


def test_the_stop_of_all_never_moves_away_from_the_market() -> None:
    rules = RULES.replace("stop 10 pips", "stop 40 pips")
    first, second = trades(rules, [BUY, flat(1.1), flat(1.1010, 4), flat(1.1010), (1.1, 1.1, 1.0970, 1.0970)])
    assert first.exit_price == second.exit_price == 1.0980
    assert second.stop == 1.0980


def test_keep_leaves_the_stop_and_sizes_by_its_distance() -> None:
    rules = RULES.replace("stop 10 pips", "stop keep").replace(
        "2 times\n  size 0.10 lots", "2 times\n  risk 0.2% of equity"
    )
    first, second = trades(rules, [BUY, flat(1.1), flat(1.1020, 4), *quiet(1.1020, 2)])
    # equity 10,020: 20.04 to lose over the 40 pips to the stop
    assert (second.lots, second.stop) == (0.05, 1.0980)
    assert first.stop == 1.0980


def test_closing_a_part_takes_the_oldest_lots_first() -> None:
    rules = RULES + "\nmanage\n  take half when volume = 5\n"
    rows = [BUY, flat(1.1), flat(1.1010, 4), flat(1.1010), flat(1.1010, 5), flat(1.1010), *quiet(1.1010, 2)]
    parts = trades(rules, rows)
    assert [(t.rule, t.lots, t.exit_reason) for t in parts] == [
        ("first", 0.05, "manage:1"),  # half of the initial volume, that of the first fill
        ("first", 0.05, "end"),
        ("more", 0.10, "end"),
    ]


def test_the_first_closed_part_leaves_the_average_of_the_rest() -> None:
    rules = RULES + "\nmanage\n  take 90% when volume = 5\n  leave once profit reaches 5 pips\n"
    rules = rules.replace("stop 20 pips", "stop 80 pips")
    rows = [BUY, flat(1.1), flat(1.1010, 4), flat(1.1010), flat(1.1010, 5), flat(1.1010), flat(1.1014), flat(1.1014)]
    found = traded(rules, rows)
    assert [t.exit_reason for t in found.trades.rows()][-1] != "end"


def test_a_stop_on_the_wrong_side_of_the_fill_means_no_addition() -> None:
    rules = RULES.replace("stop 10 pips", "stop at low - 10 pips")
    found = traded(rules, [BUY, flat(1.1020), flat(1.1050, 4), flat(1.1030), flat(1.1030)])
    assert [t.rule for t in found.trades.rows()] == ["first"]
    assert codes(found) == ["stop_wrong_side"]


def test_an_addition_whose_real_risk_is_far_above_the_planned_one_is_not_made() -> None:
    rules = RULES.replace("2 times\n  size 0.10 lots", "2 times\n  risk 0.1% of equity").replace(
        "stop 10 pips", "stop at low - 10 pips"
    )
    # planned 10 pips from 1.1020; the next open is 2 or 3 pips higher
    assert len(traded(rules, [BUY, flat(1.1), flat(1.1020, 4), *quiet(1.1022, 2)]).trades) == 2
    found = traded(rules, [BUY, flat(1.1), flat(1.1020, 4), *quiet(1.1023, 2)])
    assert [t.rule for t in found.trades.rows()] == ["first"]
    assert codes(found) == ["risk_above_plan"]
    # with fixed lots nothing was planned by the risk
    fixed = rules.replace("risk 0.1% of equity", "size 0.10 lots")
    assert len(traded(fixed, [BUY, flat(1.1), flat(1.1020, 4), *quiet(1.1023, 2)]).trades) == 2


def test_an_addition_is_not_made_when_the_position_is_left_on_that_bar() -> None:
    rules = RULES.replace("when volume = 3", "when volume = 4")
    assert [t.rule for t in trades(rules, [BUY, flat(1.1), flat(1.1020, 4), *quiet(1.1020, 2)])] == ["first"]


def test_unless_and_unknown_values_keep_an_addition_from_being_made() -> None:
    rows = [BUY, flat(1.1), flat(1.1020, 4), *quiet(1.1020, 2)]
    blocked = traded(RULES.replace("at most 2 times", "unless high > 1\n  at most 2 times"), rows)
    assert codes(blocked) == ["add_blocked_unless"]
    unknown = traded(RULES.replace("stop 10 pips", "stop 2 * atr(14)"), rows)
    assert codes(unknown) == ["stop_unknown"]


def test_adding_needs_margin() -> None:
    account = replace(FREE, leverage=1)
    found = traded(RULES.replace("0.10", "0.05"), [BUY, flat(1.1), flat(1.1020, 4), *quiet(1.1020, 2)], account)
    assert [t.rule for t in found.trades.rows()] == ["first"]
    assert codes(found) == ["margin"]


def test_commission_and_excursions_belong_to_each_lot() -> None:
    account = Account(cash=10_000.0, swap=False, commission_per_lot=2.0)
    rows = [BUY, (1.1, 1.1, 1.0990, 1.1), flat(1.1020, 4), (1.1020, 1.1030, 1.1015, 1.1020), flat(1.1020)]
    first, second = trades(RULES, rows, account)
    assert (first.commission, second.commission) == (pytest.approx(0.4), pytest.approx(0.4))
    assert (first.mae, second.mae) == (pytest.approx(0.0010), pytest.approx(0.0005))
    assert (first.mfe, second.mfe) == (pytest.approx(0.0030), pytest.approx(0.0010))


def test_reported_r_is_that_of_the_first_fill_as_it_is_for_kelly() -> None:
    # 10 USD made by the first fill and none by the second, on 20 USD of the first stop
    found = traded(RULES, [BUY, flat(1.1), flat(1.1010, 4), flat(1.1010), flat(1.1010)])
    (r,) = positions_of(found.trades).r
    assert r == pytest.approx(0.5)
