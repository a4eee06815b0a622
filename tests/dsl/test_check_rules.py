"""What rules owe: stops, sizes, ends, sides and moments, in the language itself."""

from __future__ import annotations

import pytest

from dsl.codes.samples import SHORT, strategy
from dsl.compile import compile_text
from dsl.diagnostics import Severity
from dsl.plan import Plan


def codes(**clauses: str) -> list[str]:
    return [d.code for d in compile_text(strategy(**clauses)).diagnostics]


def plan(**clauses: str) -> Plan:
    result = compile_text(strategy(**clauses))
    assert result.plan is not None, result.diagnostics
    return result.plan


def fix(**clauses: str) -> str:
    (found,) = compile_text(strategy(**clauses)).diagnostics
    return found.fix


@pytest.mark.parametrize(
    "stop",
    ["stop 25 pips", "stop 1%", "stop 2 * atr(14)", "stop at low - 5 pips", "stop at lowest(low, 20)",
     "stop at close * 0.99", "stop at close - 1% of close", "stop at sma(close, 50)", "stop 1.5% of close"],
)  # fmt: skip
def test_stops_that_may_protect_a_long_trade(stop: str) -> None:
    assert codes(stop=stop) == []


@pytest.mark.parametrize(
    ("stop", "code"),
    [
        ("stop 25", "RW301"),
        ("stop lowest(low, 20)", "RW306"),
        ("stop at 25 pips", "RW307"),
        ("stop at 1.10", "RW307"),
        ("stop rsi(14)", "RW310"),
        ("stop 5 bars", "RW310"),
        ("stop 100 USD", "RW310"),
        ("stop 0 pips", "RW421"),
        ("stop -25 pips", "RW421"),
        ("stop -1 * atr(14)", "RW421"),
        ("stop 150%", "RW422"),
        ("stop 2R", "RW324"),
        ("stop at entry price", "RW321"),
        ("stop at close", "RW431"),
        ("stop at high", "RW431"),
        ("stop at highest(high, 20)", "RW431"),
        ("stop at highest(high, 20) + 5 pips", "RW431"),
        ("stop at close * 1.01", "RW431"),
        ("stop at close + 1% of close", "RW431"),
        ("stop at close + 2 * atr(14)", "RW431"),
    ],
)
def test_stops_that_would_not(stop: str, code: str) -> None:
    assert codes(stop=stop) == [code]


def test_a_short_trade_is_the_mirror() -> None:
    short = {"enter": "enter short", "when": "close < sma(close, 50)"}
    assert codes(**short, stop="stop at lowest(low, 20)") == ["RW431"]
    assert codes(**short, stop="stop at highest(high, 20)") == []
    assert codes(**short, target="target at high") == ["RW432"]
    assert codes(**short, target="target at low") == []


@pytest.mark.parametrize(
    ("target", "code"),
    [("target 3R", None), ("target 2%", None), ("target at close + 20 pips", None), ("target none", None),
     ("target (if rsi(14) > 50 then 2R else 3R)", None), ("target 3", "RW301"), ("target -3R", "RW421"),
     ("target at low", "RW432"), ("target highest(high, 20)", "RW306")],
)  # fmt: skip
def test_targets(target: str, code: str | None) -> None:
    assert codes(target=target) == ([code] if code else [])


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ("order buy stop at high + 2 pips, good for 8 bars", None),
        ("order buy stop at high, cancel when close < low[1]", None),
        ("order buy limit at close - 5 pips, good for 2 hours", None),
        ("order buy limit at close, good for 8 bars", None),
        ("order buy stop at close, good for 8 bars", "RW433"),
        ("order buy stop at low, good for 8 bars", "RW433"),
        ("order buy stop at lowest(low, 5) - 2 pips, good for 8 bars", "RW433"),
        ("order buy limit at close + 5 pips, good for 8 bars", "RW433"),
        ("order sell stop at low, good for 8 bars", "RW408"),
        ("order buy stop at high", "RW407"),
        ("order buy stop at high, good for 0 bars", "RW421"),
        ("order buy stop at 5 pips, good for 8 bars", "RW307"),
        ("order buy stop at high, cancel when rsi(14)", "RW304"),
    ],
)
def test_resting_orders(order: str, code: str | None) -> None:
    assert codes(order=order, stop="stop 20 pips") == ([code] if code else [])


def test_stop_and_target_are_measured_from_the_resting_order() -> None:
    order = "order buy stop at high + 5 pips, good for 8 bars"
    assert codes(order=order, stop="stop at high") == []
    assert codes(order=order, stop="stop at high + 5 pips") == ["RW431"]
    assert codes(order=order, stop="stop at low", target="target at high") == ["RW432"]


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ("risk 1% of equity", None),
        ("risk 100 USD", None),
        ("size 20% of equity", None),
        ("size 300% of equity", None),
        ("size 0.10 lots", None),
        ("size 2 units", None),
        ("size volatility 10%", None),
        ("size kelly half, at most 2%", None),
        ("risk 0% of equity", "RW421"),
        ("size 0 lots", "RW421"),
        ("risk 150% of equity", "RW422"),
        ("size kelly 2, at most 2%", "RW422"),
        ("risk 25% of equity", "RW424"),
    ],
)
def test_sizes(size: str, code: str | None) -> None:
    assert codes(size=size) == ([code] if code else [])


NO_STOP = {"stop": 'stop none because "Hedged."', "target": "target 50 pips"}


@pytest.mark.parametrize(
    ("size", "code"),
    [("size 0.10 lots", None), ("size 2 units", None), ("size 20% of equity", None), ("risk 1% of equity", "RW409"),
     ("size volatility 10%", "RW409"), ("size kelly half, at most 2%", "RW409")],
)  # fmt: skip
def test_without_a_stop_only_fixed_sizes(size: str, code: str | None) -> None:
    assert codes(size=size, **NO_STOP) == ([code] if code else [])


def test_without_a_stop_nothing_counts_in_r() -> None:
    fixed = {"size": "size 0.10 lots", **NO_STOP}
    assert codes(**fixed, after="manage\n  leave once profit reaches 2R") == ["RW323"]
    assert codes(**fixed, after="exit long\n  when profit > 1R") == ["RW323"]
    assert codes(before="let reach = 3R", **{**fixed, "target": "target reach"}) == ["RW323"]
    assert codes(**fixed, after="manage\n  leave once profit reaches 20 pips") == []


def test_a_position_must_be_able_to_end() -> None:
    endless = {"size": "size 0.10 lots", "stop": 'stop none because "Hedged."'}
    assert codes(**endless) == ["RW412"]
    assert codes(**endless, after="manage\n  take half once profit reaches 20 pips") == ["RW412"]
    assert codes(**endless, after="exit long\n  when rsi(14) > 70") == []
    assert codes(**endless, after=SHORT + "\n\nopposite entry reverses") == []
    assert codes(**endless, after=SHORT + "\n\nopposite entry ignored") == ["RW412"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("move stop to breakeven once profit reaches 1R", None),
        ("move stop to lowest(low, 3)", None),
        ("move stop to 1R once profit reaches 2R", None),
        ("move stop to -5 pips once profit reaches 2R", None),
        ("move target to 2%", None),
        ("move target to 3R * (1 - bars held / 100 bars)", None),
        ("trail stop by 2 * atr(14) step 5 pips once profit reaches 2R", None),
        ("take half once profit reaches 100 USD", None),
        ("leave after 48 bars", None),
        ("leave after 2 days", None),
        ("leave at 16:30 New_York on Friday", None),
        ("leave when highest since entry - close > 2 * atr(14)", None),
        ("leave when profit > 0 and bars held > 5", None),
        ("leave when time since entry > 2 hours", None),
        ("leave", "RW417"),
        ("take half", "RW417"),
        ("leave after 48", "RW301"),
        ("leave once profit reaches 2", "RW301"),
        ("leave when profit > 2", "RW301"),
        ("move stop to 5", "RW301"),
        ("trail stop by 2", "RW301"),
        ("move target to 3R * (1 - bars held / 100)", "RW302"),
        ("leave when bars held > 2 hours", "RW303"),
        ("leave when profit", "RW304"),
        ("trail stop by close", "RW306"),
        ("trail stop by 1%", "RW310"),
        ("move stop to 1% once profit reaches 2R", "RW310"),
        ("leave when profit[1] > 1R", "RW325"),
        ("leave when profit crosses above 1R", "RW325"),
        ("leave when highest(profit, 5) > 1R", "RW325"),
        ("take 100% once profit reaches 1R", "RW422"),
        ("leave after 9000 bars", "RW422"),
        ("leave at 16:30", "RW501"),
    ],
)
def test_management(line: str, code: str | None) -> None:
    assert codes(after=f"manage\n  {line}") == ([code] if code else [])


def test_management_becomes_actions_with_triggers() -> None:
    made = plan(
        after="manage\n  move stop to breakeven once profit reaches 1R\n  move stop to low\n"
        "  move stop to 1R after 9 bars\n"
        "  move target to 2%\n  take 30% once profit reaches 2R\n  leave at 16:30 London on Friday"
    )
    assert [m.action for m in made.manage] == [
        "breakeven", "stop_at", "stop_distance", "target_distance", "take", "leave",
    ]  # fmt: skip
    assert [m.trigger.type for m in made.manage] == ["profit", "always", "after", "always", "profit", "clock"]
    assert made.manage[4].percent == 30
    assert (made.manage[5].trigger.clock, made.manage[5].trigger.zone) == ("16:30", "Europe/London")
    assert made.manage[5].trigger.days == ("Friday",)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("daily loss 2%, leave everything", None),
        ("daily loss 100 USD", None),
        ("cooldown 4 bars after loss on that symbol\n  cooldown 2 hours after win", None),
        ("total risk 5%\n  at most 2 open positions\n  at most 3 entries per day", None),
        ("daily loss 0%", "RW421"),
        ("daily loss 200%", "RW422"),
        ("at most 0 open positions", "RW423"),
        ("daily loss 2%\n  daily loss 3%", "RW425"),
    ],
)
def test_limits(lines: str, code: str | None) -> None:
    assert codes(after=f"limits\n  {lines}") == ([code] if code else [])


ADD = "add to long\n  when {}\n  at most 3 times\n  risk 1% of equity\n  stop keep"


@pytest.mark.parametrize(
    ("condition", "averaging"),
    [
        ("profit > 1R", False),
        ("profit >= 0 and close > open", False),
        ("1% < profit and close > open", False),
        ("close > open", True),
        ("profit > -1R", True),
        ("profit > 1R or close > open", True),
    ],
)
def test_averaging_down_unless_proved_otherwise(condition: str, averaging: bool) -> None:
    assert plan(after=ADD.format(condition)).add[0].averaging_down is averaging


def test_rules_without_a_name_are_counted_by_side() -> None:
    made = plan(
        after=SHORT
        + "\n\nopposite entry reverses\n\nenter long called long_1\n  when rsi(14) < 30\n  risk 1% of equity\n"
        "  stop 20 pips\n\nexit long\n  when rsi(14) > 70\n\nexit\n  when rsi(14) = 50\n\n" + ADD.format("profit > 1R")
    )
    assert [r.name for r in made.enter] == ["long_2", "short_1", "long_1"]
    assert [r.name for r in made.exit] == ["exit_long_1", "exit_any_1"]
    assert [r.name for r in made.add] == ["add_long_1"]


def test_conditions_that_exclude_each_other() -> None:
    assert codes(when="rsi(14) > 50", unless="rsi(14) > 40") == ["RW601"]
    assert codes(when="rsi(14) > 40", unless="rsi(14) > 50") == []
    assert codes(when="close > open", unless="rsi(14) >= 0") == ["RW601"]


@pytest.mark.parametrize(
    "condition",
    [
        "rsi(14) > 120",
        "rsi(14) < 30 and rsi(14) > 70",
        "rsi(14) < 30 and not (rsi(14) < 50)",
        "(rsi(14) > 70 or rsi(14) < 30) and rsi(14) between 40 and 60",
        "rsi(14) crosses above 70 and rsi(14) < 60",
        "rsi(14) between 70 and 30",
        "close > open and close < open",
        "close > open and not (close > open)",
        "low > high",
        "close > highest(high, 20)",
        "close crosses above donchian(20).upper",
        "spread < 2 pips and spread > 3 pips",
        "day is Friday and day is Monday",
        "count(close > open, 20) > 25",
        "sentiment(EUR, 24 hours) > 2",
        "at least 4 of (close > open, close > low)",
        "time between 08:00 and 08:30 London",
        "atr(14) < 0",
        "atr(14) < -5 pips",
    ],
)
def test_conditions_that_can_never_be_true(condition: str) -> None:
    assert codes(when=condition) == ["RW601"]


@pytest.mark.parametrize(
    "condition",
    ["rsi(14) >= 0", "rsi(14) < 50 or rsi(14) > 40", "rsi(14) between 0 and 100", "high >= low", "volume > -1"],
)
def test_conditions_that_are_always_true_are_warned_of(condition: str) -> None:
    assert codes(when=condition) == ["RW602"]


@pytest.mark.parametrize(
    "condition",
    [
        "close > highest(high, 20)[1]",
        "rsi(14) < 30 or rsi(14) > 70",
        "rsi(14) > 30 and rsi(7) < 20",
        "close > open and close[1] < open[1]",
        "spread < 2 pips and spread < 3 points",
        "high - low > 5 pips and high - low < 2 * atr(14)",
        "day is Friday or day is Monday",
    ],
)
def test_conditions_that_some_market_meets(condition: str) -> None:
    assert codes(when=condition) == []


def test_a_parameter_stands_for_its_whole_range() -> None:
    before = "params\n  reach = 60 from 50 to 150 step 10"
    assert codes(before=before, when="rsi(14) > reach") == []
    assert codes(before=before, when="rsi(14) > reach and rsi(14) < 40") == ["RW601"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("length = 20", None),
        ("length = 20 from 10 to 40", None),
        ("length = 20 from 40 to 10", "RW224"),
        ("length = 20 from 10 to 40 step 0", "RW224"),
        ("length = 20 from 10% to 40%", "RW224"),
        ("length = 20 from 11 to 41 step 5", "RW225"),
        ("length = 20.5 from 10 to 40", "RW213"),
        ("length = 0 from 0 to 40", "RW214"),
        ("length = 20 pips", "RW213"),
    ],
)
def test_parameters(line: str, code: str | None) -> None:
    assert codes(before=f"params\n  {line}", when="close > sma(close, length)") == ([code] if code else [])


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("remember n = 0\n  becomes n + 1 when close > open", None),
        ("remember n = close\n  becomes high when close > open", "RW231"),
        ("remember n = 0\n  becomes high when close > open\n  becomes atr(14) when close < open", "RW303"),
        ("remember n = 0 pips\n  becomes 5 when close > open", "RW301"),
        ("remember n = 0\n  becomes profit when close > open", "RW321"),
        ("remember n = 0\n  becomes high when rsi(14)", "RW304"),
    ],
)
def test_remembered_values(lines: str, code: str | None) -> None:
    unused = "let used = n" if code is None else ""
    clauses = {"when": "used > 3"} if code is None else {}
    found = [c for c in codes(before=f"{lines}\n{unused}", **clauses) if c != "RW204"]
    assert found == ([code] if code else [])


# --- several errors, parts that cannot be read -----------------------------------------------------


def test_several_mistakes_are_told_in_one_run() -> None:
    assert codes(when="rsi > 50", size="", stop="stop 25", target="target 3") == [
        "RW402", "RW210", "RW301", "RW301",
    ]  # fmt: skip


def test_what_could_not_be_read_is_not_called_missing() -> None:
    text = strategy(before="let trend = = ema(close, 50)", when="close > trend", stop="stop at at low")
    found = compile_text(text).diagnostics
    assert {d.code[:3] for d in found} == {"RW1"}


def test_a_plan_is_made_with_warnings_and_never_with_errors() -> None:
    warned = compile_text(strategy(size="risk 20% of equity"))
    assert warned.plan is not None
    assert [d.severity for d in warned.diagnostics] == [Severity.WARNING]
    assert compile_text(strategy(stop="")).plan is None


def test_findings_come_in_the_order_of_the_text() -> None:
    found = compile_text(strategy(when="rsi > 50", stop="stop 25", target="target 3")).diagnostics
    assert [d.span.start for d in found] == sorted(d.span.start for d in found)


def test_the_fix_names_the_price_of_the_side() -> None:
    assert fix(order="order buy stop at 5 pips, good for 8 bars", stop="stop 20 pips").endswith(
        "`order buy stop at close + 5 pips`."
    )
