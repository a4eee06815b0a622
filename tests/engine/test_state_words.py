"""Conditions about the position, memory and remembered values, evaluated at each close."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dsl.plan import PlanNode
from engine.errors import NotSupported
from engine.program import compile_plan
from tests.engine.trading import HOUR, MONDAY, Row, codes, plan_of, quiet, traded, trades

LONG = """
enter long called up
  when volume = 1
  size 0.10 lots
  stop 20 pips
"""

BUY: Row = (1.1, 1.1, 1.1, 1.1, 1)


def flat(price: float, signal: float = 0) -> Row:
    return (price, price, price, price, signal)


def left_at(rules: str, rows: list[Row], spread: float = 0.0) -> float | None:
    """The hour at whose open the first trade was left by its exit rule."""
    first = trades(LONG + "exit long called out\n  when " + rules, rows, spread=spread)[0]
    return (first.exit_time - MONDAY) / HOUR if first.exit_reason == "exit:out" else None


RISING = [BUY, *[flat(1.1 + k * 0.0005) for k in range(8)]]


@pytest.mark.parametrize(
    ("condition", "hour"),
    [
        ("bars held >= 3", 4),
        ("profit >= 1R", 6),
        ("profit > 1R", 7),
        ("profit >= 15 pips", 5),
        ("profit >= 0.1%", 5),
        ("profit >= 10 USD", 4),
        ("time since entry >= 3 hours", 4),
        ("close > entry price + 12 pips", 5),
        ("highest since entry - close < -1 pip", None),
        ("close - lowest since entry > 12 pips", 5),
        ("at least 2 of (bars held > 2, profit > 10 pips, close > 2 * close)", 5),
        ("score(2: bars held > 2, 1: profit > 0 pips) >= 3", 4),
        ("bars held > 2 and volume = 0", 4),
        ("(if bars held > 3 then 5 pips else 50 pips) < profit", 5),
        ("not (bars held < 4)", 5),
        ("bars held between 5 and 6", 6),
        ("abs(profit) > 12 pips", 5),
        ("(close[20] otherwise entry price + 10 pips) < close", 5),
    ],
)
def test_position_words(condition: str, hour: float | None) -> None:
    assert left_at(condition, RISING) == hour


def test_profit_of_a_long_is_measured_at_the_bid() -> None:
    assert left_at("profit >= 15 pips", RISING, spread=0.0005) == 6


def test_words_of_a_short_use_the_ask() -> None:
    rules = """
enter short called down
  when volume = 1
  size 0.10 lots
  stop 60 pips
exit short called out
  when lowest since entry <= entry price - 10 pips
"""
    rows = [BUY, *[flat(1.1 - k * 0.0005) for k in range(8)]]
    (trade,) = trades(rules, rows, spread=0.0005)
    assert trade.exit_time == MONDAY + 5 * HOUR  # the ask is 5 pips above the bid: 10 pips take 15


def test_highest_since_entry_leaves_out_what_came_before_a_resting_fill() -> None:
    rules = """
enter long called up
  when volume = 1
  order buy limit at close - 10 pips, good for 5 bars
  size 0.10 lots
  stop 60 pips
exit long called out
  when highest since entry > 1.1002
"""
    rows = [BUY, (1.1, 1.1005, 1.0985, 1.0990), flat(1.0990), flat(1.1003), flat(1.1003)]
    (trade,) = trades(rules, rows)
    assert trade.exit_time == MONDAY + 4 * HOUR


def test_last_trade_won_and_bars_since_exit() -> None:
    rules = """
enter long called first
  when volume = 1
  unless bars since exit > 100
  size 0.10 lots
  stop 20 pips
enter long called after_a_win
  when volume = 1 and last trade won and bars since exit > 1
  size 0.20 lots
  stop 20 pips
exit long called out
  when volume = 3
"""
    blocked = traded(rules, [BUY, *quiet(1.1)])
    assert codes(blocked) == ["entry_blocked_unless"]  # unknown before the first exit
    rules = rules.replace("  unless bars since exit > 100\n", "").replace(
        "volume = 1\n  size 0.10", "volume = 2\n  size 0.10"
    )
    rows = [flat(1.1, 1), flat(1.1, 2), flat(1.1), flat(1.1010, 3), flat(1.1010), flat(1.1010, 1), flat(1.1010, 1)]
    found = trades(rules, [*rows, *quiet(1.1010, 2)])
    assert [t.rule for t in found] == ["first", "after_a_win"]
    assert found[1].entry_time == MONDAY + 7 * HOUR  # the exit was filled in bar 4; bar 6 is 2 bars later


def test_a_loser_is_not_a_win() -> None:
    rules = (
        LONG
        + "exit long called out when volume = 3\n"
        + LONG.replace("called up", "called again").replace("volume = 1", "volume = 2 and not last trade won")
    )
    rows = [BUY, flat(1.1), flat(1.0990, 3), flat(1.0990), flat(1.0990, 2), flat(1.0990)]
    assert [t.rule for t in trades(rules, rows)] == ["up", "again"]


def test_last_fill_price_is_that_of_entries_and_exits() -> None:
    rules = LONG + "exit long called out when close >= last fill price + 10 pips"
    (trade,) = trades(rules, [BUY, flat(1.1002), flat(1.1011), flat(1.1012), flat(1.1013)])
    assert trade.exit_time == MONDAY + 4 * HOUR


REMEMBER = """
remember level = 0
  becomes high when volume = 2
  becomes low when volume = 2 and close < open

enter long called up
  when close crosses above level and level > 1
  size 0.10 lots
  stop 50 pips
"""


def test_a_remembered_value_stands_until_a_line_changes_it() -> None:
    rows = [flat(1.0), (1.0, 1.0010, 0.9990, 1.0, 2), flat(1.0), flat(1.0005), flat(1.0011), flat(1.0012)]
    (trade,) = trades(REMEMBER, rows)
    assert trade.entry_time == MONDAY + 5 * HOUR


def test_the_last_true_line_wins() -> None:
    rows = [flat(1.01), (1.01, 1.0110, 1.0050, 1.0060, 2), flat(1.0040), flat(1.0051), flat(1.0051)]
    (trade,) = trades(REMEMBER, rows)
    assert trade.entry_time == MONDAY + 4 * HOUR


def test_a_remembered_value_of_the_bar_before() -> None:
    rules = REMEMBER.replace("when close crosses above level and level > 1", "when level[1] = 0 and level > 1")
    rows = [flat(1.0), flat(1.0), (1.0, 1.0010, 0.9990, 1.0, 2), flat(1.0), flat(1.0)]
    (trade,) = trades(rules, rows)
    assert trade.entry_time == MONDAY + 3 * HOUR


def test_unknown_changes_nothing() -> None:
    rules = """
remember level = 0
  becomes 1 when volume = 2
  becomes 2 when sma(close, 4) > 0
  becomes sma(volume, 4) when volume = 2

enter long called up
  when level = 1
  size 0.10 lots
  stop 50 pips
"""
    (trade,) = trades(rules, [flat(1.0), flat(1.0, 2), *quiet(1.0, 2)])
    assert trade.entry_time == MONDAY + 2 * HOUR


def test_a_counter_reads_its_own_last_value() -> None:
    rules = """
remember waves = 0
  becomes waves + 1 when volume = 2
  becomes 0 when volume = 3

enter long called up
  when waves = 3
  size 0.10 lots
  stop 50 pips
"""
    rows = [flat(1.0, 2), flat(1.0, 2), flat(1.0, 3), flat(1.0, 2), flat(1.0, 2), flat(1.0), flat(1.0, 2), flat(1.0)]
    (trade,) = trades(rules, rows)
    assert trade.entry_time == MONDAY + 7 * HOUR


def test_memory_starts_with_the_bars_and_not_with_the_decisions() -> None:
    rules = REMEMBER.replace("close crosses above level and level > 1", "level > 1 and volume = 1")
    rows = [(1.0, 1.0010, 0.9990, 1.0, 2), flat(1.0), flat(1.0, 1), flat(1.0)]
    assert len(trades(rules, rows, start=MONDAY + 2 * HOUR)) == 1


def test_remember_may_read_memory_and_comes_before_the_exit_of_its_bar() -> None:
    rules = """
remember mark = 0
  becomes last fill price + 10 pips when volume = 5

enter long called up
  when volume = 1
  size 0.10 lots
  stop 20 pips

exit long called there
  when mark > 1 and close > mark
"""
    (trade,) = trades(rules, [BUY, flat(1.1), flat(1.1011), flat(1.1012, 5), flat(1.1012)])
    assert trade.exit_time == MONDAY + 4 * HOUR


def test_unless_of_an_exit_blocks_it() -> None:
    rules = LONG + "exit long called out\n  when volume = 3\n  unless profit < 0 pips\n"
    found = traded(rules, [BUY, flat(1.1), flat(1.0995, 3), flat(1.1005, 3), flat(1.1005)])
    assert codes(found) == ["exit_blocked_unless"]
    assert [t.exit_time for t in found.trades.rows()] == [MONDAY + 4 * HOUR]


def test_a_rule_for_both_sides_closes_both() -> None:
    rules = LONG + LONG.replace("long called up", "short called down").replace("= 1", "= 2")
    rules += "opposite entry reverses\nexit called out\n  when volume = 3\n"
    rows = [BUY, flat(1.1, 3), flat(1.1, 2), flat(1.1, 3), flat(1.1)]
    assert [(t.side, t.exit_reason) for t in trades(rules, rows)] == [("long", "exit:out"), ("short", "exit:out")]


def test_what_cannot_be_run_is_refused_at_the_start() -> None:
    plan = plan_of(LONG + "exit long when bars held > 3")
    nodes = list(plan.nodes)
    state = next(k for k, node in enumerate(nodes) if node.scope == "state" and node.kind == "truth")
    nodes[state] = PlanNode("rank", "truth", nodes[state].args, scope="state")
    with pytest.raises(NotSupported, match="rank") as refused:
        compile_plan(replace(plan, nodes=tuple(nodes)), {})
    assert refused.value.code == "RW805"
