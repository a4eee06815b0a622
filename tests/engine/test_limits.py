"""Limits: entries a day, open positions, cooldown, total risk, and the daily loss."""

from __future__ import annotations

import pytest

from tests.engine.trading import HOUR, MONDAY, Row, bars, codes, quiet, traded, trades

RULES = """
enter long called up
  when volume = 1
  size 0.10 lots
  stop 20 pips
  target 20 pips
"""

BUY: Row = (1.1, 1.1, 1.1, 1.1, 1)
WIN: Row = (1.1, 1.1020, 1.1, 1.1)
LOSE: Row = (1.1, 1.1, 1.0980, 1.1)
WIN_AND_BUY: Row = (1.1, 1.1020, 1.1, 1.1, 1)
LOSE_AND_BUY: Row = (1.1, 1.1, 1.0980, 1.1, 1)

NEW_DAY = MONDAY + 21 * HOUR
"""The bar from 21:00 to 22:00 UTC is the last of Monday: 17:00 in New York ends the day."""


def entered(found: object) -> list[float]:
    """Hours after Monday midnight at which positions were opened."""
    return [(t.entry_time - MONDAY) / HOUR for t in found.trades.rows()]  # type: ignore[attr-defined] - a Simulation


def test_at_most_once_a_day_counts_entries_of_the_rule_by_trading_day() -> None:
    rules = RULES + "  at most 1 per day\n"
    rows = [BUY, WIN_AND_BUY, *quiet(1.1, 3)]
    found = traded(rules, rows)
    assert entered(found) == [1]
    assert [e.code for e in found.events] == ["at_most_per_day"]
    # the second signal is at the close of the first bar of the new day
    overnight = [BUY, WIN, BUY, *quiet(1.1, 2)]
    assert len(traded(rules, [bars(overnight, start=NEW_DAY - HOUR)]).trades) == 2


def test_at_most_counts_resting_orders_when_they_fill() -> None:
    rules = RULES.replace("size", "order buy stop at close + 5 pips, good for 2 bars\n  size") + "  at most 1 per day\n"
    rows = [BUY, *quiet(1.1, 3), BUY, (1.1, 1.1026, 1.1, 1.1), BUY, *quiet(1.1, 2)]
    found = traded(rules, rows)
    assert entered(found) == [5]
    assert codes(found) == ["order_placed", "order_expired", "order_placed", "at_most_per_day"]


def test_an_entry_that_did_not_come_about_does_not_count() -> None:
    rules = RULES.replace("stop 20 pips", "stop at low - 20 pips").replace(
        "  target 20 pips\n", "  at most 1 per day\n"
    )
    rows = [BUY, (1.0970, 1.0970, 1.0970, 1.0970), BUY, *quiet(1.1, 2)]
    found = traded(rules, rows)
    assert (codes(found), entered(found)) == (["stop_wrong_side"], [3])


def test_entries_per_day_count_all_rules_by_the_day_of_the_account() -> None:
    rules = RULES + "\nlimits\n  at most 2 entries per day\n"
    rows = [BUY, WIN_AND_BUY, WIN_AND_BUY, *quiet(1.1, 3)]
    found = traded(rules, rows)
    assert (entered(found), codes(found)) == ([1, 2], ["entries_per_day"])
    # decisions at 21:00, 22:00 (the last of Monday) and 23:00 UTC
    found = traded(rules, [bars([BUY, WIN_AND_BUY, WIN_AND_BUY, *quiet(1.1, 2)], start=NEW_DAY - HOUR)])
    assert len(found.trades) == 3


@pytest.mark.parametrize(
    ("after", "bar", "blocked"),
    [("loss", LOSE, True), ("loss", WIN, False), ("win", WIN, True), ("win", LOSE, False), ("exit", WIN, True)],
)
def test_a_cooldown_after_a_loss_a_win_or_any_exit(after: str, bar: Row, blocked: bool) -> None:
    rules = RULES + f"\nlimits\n  cooldown 3 bars after {after}\n"
    found = traded(rules, [BUY, bar, BUY, *quiet(1.1, 2)])
    assert codes(found) == (["cooldown"] if blocked else [])


@pytest.mark.parametrize(("bars_later", "blocked"), [(0, True), (2, True), (3, False)])
def test_a_cooldown_of_bars_counts_from_the_bar_of_the_exit(bars_later: int, blocked: bool) -> None:
    rows = [BUY, LOSE, *quiet(1.1, bars_later - 1), BUY, *quiet(1.1, 2)] if bars_later else [BUY, LOSE_AND_BUY]
    for length in ("3 bars", "3 hours"):
        found = traded(RULES + f"\nlimits\n  cooldown {length} after loss\n", [*rows, *quiet(1.1)])
        assert codes(found) == (["cooldown"] if blocked else [])


RESTING = """
enter long called early
  when volume = 1
  order buy stop at close + 10 pips, good for 9 bars
  size 0.10 lots
  stop 20 pips
  target 20 pips

enter short called down
  when volume = 1
  order sell stop at close - 10 pips, good for 9 bars
  size 0.10 lots
  stop 20 pips
  target 20 pips

opposite entry {opposite}
"""


def test_the_last_entry_of_a_day_takes_away_the_orders_that_wait_to_enter() -> None:
    rules = RESTING.format(opposite="reverses") + "\nlimits\n  at most 1 entries per day\n"
    # up to the target at 1.1030, then down through the sell stop at 1.0990
    rows = [BUY, (1.1, 1.1012, 1.1, 1.1012), (1.1012, 1.1030, 1.1, 1.1), (1.1, 1.1, 1.0985, 1.0985), *quiet(1.0985)]
    found = traded(rules, rows)
    assert [(t.rule, t.exit_reason) for t in found.trades.rows()] == [("early", "target")]
    assert codes(found)[-1] == "order_cancelled"
    assert codes(found)[-2] == "entries_per_day"
    assert len(traded(rules.replace("at most 1 ", "at most 2 "), rows).trades) == 2


def test_an_order_that_may_close_stays_but_opens_nothing_once_the_entries_are_used_up() -> None:
    rules = RESTING.format(opposite="closes") + "\nlimits\n  at most 1 entries per day\n"
    closed = [BUY, (1.1, 1.1012, 1.1, 1.1012), (1.1012, 1.1012, 1.0991, 1.0991), *quiet(1.0991)]
    assert [t.exit_reason for t in traded(rules, closed).trades.rows()] == ["end"]
    closed[2] = (1.1012, 1.1012, 1.0990, 1.0995)
    (trade,) = traded(rules.replace("stop 20 pips", "stop 40 pips"), closed).trades.rows()
    assert (trade.rule, trade.exit_reason, trade.exit_price) == ("early", "opposite", 1.0990)
    won = [BUY, (1.1, 1.1012, 1.1, 1.1012), (1.1012, 1.1030, 1.1, 1.1), (1.1, 1.1, 1.0985, 1.0985), *quiet(1.0985)]
    found = traded(rules, won)
    assert [t.exit_reason for t in found.trades.rows()] == ["target"]
    assert codes(found)[-1] == "entries_per_day"


def test_entries_per_day_take_away_orders_of_other_symbols() -> None:
    rules = RULES.replace("size", "order buy stop at close + 10 pips, good for 5 bars\n  size")
    rules += "\nlimits\n  at most 1 entries per day\n"
    eur = bars([BUY, (1.1, 1.1010, 1.1, 1.1), *quiet(1.1, 2)])
    gbp = bars([BUY, *quiet(1.1), (1.1, 1.1010, 1.1, 1.1), *quiet(1.1)], "GBPUSD")
    found = traded(rules, [eur, gbp], symbols="EURUSD, GBPUSD")
    assert [t.symbol for t in found.trades.rows()] == ["EURUSD"]
    assert codes(found) == ["order_placed", "order_placed", "entries_per_day", "order_cancelled"]


def test_an_exit_that_starts_a_cooldown_takes_away_the_orders_that_wait_to_enter() -> None:
    rules = RESTING.format(opposite="reverses")
    # stopped at 1.0992 in the third bar, the sell stop at 1.0990 lies below
    rules = rules.replace("stop 20 pips", "stop 18 pips")
    rows = [BUY, (1.1, 1.1012, 1.1, 1.1012), (1.1012, 1.1012, 1.0991, 1.0991), *quiet(1.0980), *quiet(1.0980)]
    assert [t.rule for t in traded(rules, rows).trades.rows()] == ["early", "down"]
    for after, left in (("loss", ["early"]), ("exit", ["early"]), ("win", ["early", "down"])):
        found = traded(rules + f"\nlimits\n  cooldown 1 bars after {after}\n", rows)
        assert [t.rule for t in found.trades.rows()] == left
        assert ("cooldown" in codes(found)) is (after != "win")


def test_total_risk_counts_what_all_positions_can_lose() -> None:
    rules = RULES.replace("size 0.10 lots", "risk 1% of equity") + "\nlimits\n  total risk 1.5%\n"
    eur = bars([BUY, *quiet(1.1, 3)])
    gbp = bars([*quiet(1.3), (1.3, 1.3, 1.3, 1.3, 1), *quiet(1.3, 2)], "GBPUSD")
    found = traded(rules, [eur, gbp], symbols="EURUSD, GBPUSD")
    assert [t.symbol for t in found.trades.rows()] == ["EURUSD"]
    assert codes(found) == ["total_risk"]


def test_total_risk_counts_decisions_of_the_same_close() -> None:
    rules = RULES.replace("size 0.10 lots", "risk 1% of equity") + "\nlimits\n  total risk 1.5%\n"
    found = traded(
        rules, [bars([BUY, *quiet(1.1, 2)]), bars([BUY, *quiet(1.1, 2)], "GBPUSD")], symbols="EURUSD, GBPUSD"
    )
    assert [t.symbol for t in found.trades.rows()] == ["EURUSD"]


def test_a_stop_at_breakeven_frees_total_risk() -> None:
    rules = RULES.replace("size 0.10 lots", "risk 1% of equity").replace("  target 20 pips\n", "")
    rules += "\nmanage\n  move stop to breakeven once profit reaches 1R\nlimits\n  total risk 1.5%\n"
    eur = bars([BUY, *quiet(1.1), *quiet(1.1020, 4)])
    gbp = bars([*quiet(1.3, 3), (1.3, 1.3, 1.3, 1.3, 1), *quiet(1.3, 2)], "GBPUSD")
    assert len(traded(rules, [eur, gbp], symbols="EURUSD, GBPUSD").trades) == 2


def test_open_positions_count_symbols_and_what_was_just_decided() -> None:
    rules = RULES + "\nlimits\n  at most 1 open positions\n"
    given = [bars([BUY, *quiet(1.1, 3)]), bars([BUY, *quiet(1.1, 3)], "GBPUSD")]
    found = traded(rules, given, symbols="EURUSD, GBPUSD")
    assert [t.symbol for t in found.trades.rows()] == ["EURUSD"]
    assert codes(found) == ["open_positions"]


def test_resting_orders_elsewhere_are_cancelled_when_the_last_free_place_is_taken() -> None:
    rules = RULES.replace("size", "order buy stop at close + 10 pips, good for 5 bars\n  size")
    rules += "\nlimits\n  at most 1 open positions\n"
    rows = [BUY, (1.1, 1.1015, 1.1, 1.1015), (1.1015, 1.1015, 1.1010, 1.1012)]
    found = traded(rules, [bars(rows), bars(rows, "GBPUSD")], symbols="EURUSD, GBPUSD")
    assert [t.symbol for t in found.trades.rows()] == ["EURUSD"]
    assert codes(found) == ["order_placed", "order_placed", "order_cancelled_by_fill"]


DAILY = RULES.replace("stop 20 pips", "stop 300 pips").replace("target 20 pips", "target 300 pips")


def test_the_daily_loss_is_realised_and_floating_and_blocks_entries() -> None:
    rules = DAILY + "\nlimits\n  daily loss 1%\n"
    rows = [BUY, *quiet(1.1), (1.1, 1.1, 1.0901, 1.0901), *quiet(1.0899), *quiet(1.0895)]
    found = traded(rules, rows)
    (event,) = found.events
    assert (event.code, event.time) == ("daily_loss", MONDAY + 4 * HOUR)  # 101 pips of 1 USD
    assert event.values == (pytest.approx(101.0), pytest.approx(100.0))
    assert [t.exit_reason for t in found.trades.rows()] == ["end"]


def test_leave_everything_closes_at_the_next_open_and_blocks_until_the_next_day() -> None:
    rules = DAILY + "\nlimits\n  daily loss 1%, leave everything\n"
    start = NEW_DAY - 5 * HOUR
    rows = [BUY, *quiet(1.1), *quiet(1.0899), (1.0895, 1.0895, 1.0895, 1.0895, 1), (1.0895, 1.0895, 1.0895, 1.0895, 1)]
    rows += [(1.0895, 1.0895, 1.0895, 1.0895, 1), (1.0895, 1.0895, 1.0895, 1.0895, 1), *quiet(1.0895, 2)]
    found = traded(rules, [bars(rows, start=start)])
    first, second = found.trades.rows()
    assert (first.exit_reason, first.exit_price) == ("daily_loss", 1.0895)
    # decisions at 20:00, 21:00 and 22:00 UTC still belong to the lost day
    assert second.entry_time == start + 7 * HOUR
    assert codes(found) == ["daily_loss", *["daily_loss_blocks"] * 3]


def test_leave_everything_cancels_resting_orders() -> None:
    rules = (
        DAILY
        + """
enter short called down
  when volume = 2
  order sell stop at close - 200 pips, good for 20 bars
  size 0.10 lots
  stop 20 pips
opposite entry reverses
limits
  daily loss 1%, leave everything
"""
    )
    rows = [BUY, (1.1, 1.1, 1.1, 1.1, 2), *quiet(1.0899), *quiet(1.0895), *quiet(1.0790), *quiet(1.0790)]
    found = traded(rules, rows)
    assert [t.exit_reason for t in found.trades.rows()] == ["daily_loss"]
    assert codes(found) == ["order_placed", "daily_loss", "daily_loss_blocks", "order_cancelled"]


def test_after_the_daily_loss_resting_orders_open_nothing() -> None:
    rules = (
        DAILY
        + """
enter short called down
  when volume = 2
  order sell stop at close - 200 pips, good for 20 bars
  size 0.10 lots
  stop 20 pips
opposite entry reverses
limits
  daily loss 1%
"""
    )
    # 101 pips of 1 USD are lost at the close of the third bar; the sell stop at 1.08 is met in the fifth
    rows = [BUY, (1.1, 1.1, 1.1, 1.1, 2), *quiet(1.0899), *quiet(1.0895), *quiet(1.0790), *quiet(1.0790)]
    found = traded(rules, rows)
    assert [(t.side, t.exit_reason) for t in found.trades.rows()] == [("long", "end")]
    assert codes(found) == ["order_placed", "daily_loss", "daily_loss_blocks", "order_cancelled"]


def test_after_the_daily_loss_a_resting_order_may_still_close_but_open_nothing() -> None:
    rules = (
        DAILY
        + """
enter short called down
  when volume = 2
  order sell stop at close - 200 pips, good for 20 bars
  size 0.10 lots
  stop 20 pips
opposite entry closes
limits
  daily loss 1%
"""
    )
    rows = [BUY, (1.1, 1.1, 1.1, 1.1, 2), *quiet(1.0899), *quiet(1.0895), *quiet(1.0790), *quiet(1.0790)]
    (trade,) = traded(rules, rows).trades.rows()
    assert (trade.side, trade.exit_reason, trade.exit_price) == ("long", "opposite", 1.0790)
    # where the position was left before, the order that is met later has nothing to close
    early = rules + "\nexit long called out\n  when volume = 3\n"
    rows = [BUY, (1.1, 1.1, 1.1, 1.1, 2), (1.0899, 1.0899, 1.0899, 1.0899, 3), *quiet(1.0899), *quiet(1.0790, 2)]
    found = traded(early, rows)
    assert [t.exit_reason for t in found.trades.rows()] == ["exit:out"]
    assert codes(found) == ["order_placed", "daily_loss", "daily_loss_blocks"]


def test_the_day_begins_with_the_equity_of_its_start() -> None:
    rules = DAILY + "\nlimits\n  daily loss 1%, leave everything\n"
    # Monday loses 90 pips, then Tuesday another 90: neither day reaches 100
    rows = [BUY, *quiet(1.1), *quiet(1.0910), *quiet(1.0910), *quiet(1.0820), *quiet(1.0820)]
    found = traded(rules, [bars(rows, start=NEW_DAY - 3 * HOUR)])
    assert codes(found) == []
    rows[3] = (1.0910, 1.0910, 1.0905, 1.0905)
    rows[4] = (1.0820, 1.0820, 1.0804, 1.0804)
    found = traded(rules, [bars(rows, start=NEW_DAY - 3 * HOUR)])
    assert codes(found) == ["daily_loss"]  # 101 pips on Tuesday, from 1.0905 at 22:00 UTC
    assert found.events[0].values[0] == pytest.approx(101.0)


def test_an_amount_of_money_as_daily_loss() -> None:
    rules = DAILY + "\nlimits\n  daily loss 50 USD, leave everything\n"
    (trade,) = trades(rules, [BUY, *quiet(1.1), *quiet(1.0950), *quiet(1.0950, 2)])
    assert trade.exit_reason == "daily_loss"
