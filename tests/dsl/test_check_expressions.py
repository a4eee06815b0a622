"""What an expression means: kinds, calls, other bars and other times, in the language itself."""

from __future__ import annotations

import pytest

from dsl.codes.samples import strategy
from dsl.compile import Compilation, compile_text
from dsl.plan import Plan, PlanNode


def codes(**clauses: str) -> list[str]:
    return [d.code for d in compile_text(strategy(**clauses)).diagnostics]


def plan(**clauses: str) -> Plan:
    result = compile_text(strategy(**clauses))
    assert result.plan is not None, result.diagnostics
    return result.plan


def when(condition: str, **clauses: str) -> PlanNode:
    """The node of the entry's condition."""
    made = plan(when=condition, **clauses)
    return made.nodes[made.enter[0].when]


def only(result: Compilation) -> str:
    (found,) = result.diagnostics
    return f"{found.message} {found.fix}"


LEGAL = [
    "close > 1.1",
    "1.1 < close",
    "atr(14) > 0",
    "macd(12, 26, 9).histogram > 0",
    "rsi(14) > 50",
    "percent_rank(close, 100) > 80%",
    "roc(close, 10) > 0",
    "close - open > 1% of close",
    "close > open * 1.02",
    "high - low > 2 * atr(14)",
    "close / open > 1.01",
    "spread < 2 pips",
    "count(close > open, 20) >= 12",
    "bars since (close > open) < 5",
    "time until high impact news for USD > 2 hours",
    "volume > 1.5 * sma(volume, 20)",
    "supertrend(10, 3).rising",
    "heikin_ashi.close > heikin_ashi.open",
    "average(high, low) > close[3]",
    "max(open, close) > min(open, close[1])",
    "abs(close - open) > 5 pips",
    "highest(high, 00:00 to 07:00 London) < close",
    "(if close > open then high else low) > close[1]",
    "(close[1] otherwise open) > vwap",
    "value of close when (rsi(14) > 70) > close",
    "at least 2 of (close > open, rsi(14) > 50, adx(14) > 20)",
    "score(2: close > open, 1: rsi(14) > 50) >= 2",
    "last trade won and bars since exit > 5",
    'model("flow") > 0.5 and macro("CPIAUCSL") > 3 and sentiment(EUR, 24 hours) > 0.2',
    "trading_day_of_month = 1 or trading_days_left_in_month < 2",
    "day is Friday and time between 22:00 and 06:00 London",
    "open so far on D1 < close",
    "correlation(close, (close of US500), 20) > 0.5",
]


@pytest.mark.parametrize("condition", LEGAL)
def test_legal_conditions_compile_without_a_finding(condition: str) -> None:
    assert codes(when=condition) == []


ILLEGAL = [
    ("atr(14) > 0.001", "RW301"),
    ("close + 5 > open", "RW301"),
    ("spread < 2", "RW301"),
    ("roc(close, 10) > 2", "RW301"),
    ("(high + low) / 2 > close", "RW302"),
    ("atr(14) * atr(14) > 3", "RW302"),
    ("close * 2% > open", "RW302"),
    ("-close < 0", "RW302"),
    ("close > 3 pips", "RW303"),
    ("(close > open) = (open > close)", "RW303"),
    ("average(high, 5) > close", "RW303"),
    ("(if close > open then high else 1.1) > close", "RW303"),
    ("close and rsi(14) > 50", "RW304"),
    ("close + (close > open) > 1", "RW305"),
    ("ema((close > open), 5) > 0", "RW305"),
    ("close - open > 1%", "RW308"),
    ("rsi > 50", "RW210"),
    ("highest(20) > close", "RW210"),
    ("vwap(3) > close", "RW210"),
    ("abs(close, open) > 1 pips", "RW210"),
    ("heikin_ashi > close", "RW211"),
    ("close.upper > close", "RW212"),
    ("sma(close, atr(14)) > close", "RW213"),
    ("close > close[5001]", "RW214"),
    ("close rising for 0 bars", "RW214"),
    ("model(close) > 1", "RW216"),
    ("equity > 5", "RW201"),
    ("close on M30 > open", "RW508"),
    ("close on H5 > (open on H12)", None),
    ("close > close[-1]", "RW506"),
    ("time between 08:00 and 11:00 Asia/Tokio", "RW502"),
    ("profit > 1R", "RW321"),
    ("1R < profit", "RW324"),
]


@pytest.mark.parametrize(("condition", "code"), ILLEGAL)
def test_one_mistake_gives_one_finding(condition: str, code: str | None) -> None:
    assert codes(when=condition) == ([code] if code else [])


def test_a_broken_name_is_silent_where_it_is_used() -> None:
    before = "let a = smaa(close, 5)\nlet b = a + 3 pips"
    assert codes(before=before, when="a > b and b > close", stop="stop at a") == ["RW201"]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("smaa(close, 5) > close", "Did you mean `sma`?"),
        ("clsoe > open", "Did you mean `close`?"),
        ("bollinger(20, 2).uper > close", "Did you mean `.upper`?"),
    ],
)
def test_unknown_names_suggest_the_nearest(written: str, hint: str) -> None:
    assert hint in only(compile_text(strategy(when=written)))


def test_own_names_are_suggested_too() -> None:
    assert "`momentum`" in only(compile_text(strategy(before="let momentum = rsi(14)", when="momentun > 50")))


def test_the_missing_unit_is_asked_for_in_copyable_words() -> None:
    assert only(compile_text(strategy(stop="stop 25"))) == (
        "`stop 25`: 25 what? Write `stop 25 pips`, `stop 1%` or `stop 2 * atr(14)`."
    )


def test_a_parameter_without_a_unit_is_given_one_where_it_is_defined() -> None:
    text = strategy(before="params\n  far = 15 from 10 to 20 step 5", when="high - low > far")
    text = text.replace("far", "span_size")
    assert "`span_size = 15 pips`" in only(compile_text(text))


def test_a_rule_for_the_current_bar_inside_its_own_window_is_explained() -> None:
    assert "`highest(high, 20)[1]`" in only(compile_text(strategy(when="close > highest(high, 20)")))


# --- lowering ------------------------------------------------------------------------------------


def test_equal_expressions_are_one_node() -> None:
    made = plan(when="close > sma(close, 50) and close[1] > sma(close, 50)")
    assert sum(n.op == "builtin" and n["name"] == "sma" for n in made.nodes) == 1
    assert sum(n.op == "bar" for n in made.nodes) == 1


def test_nodes_refer_only_to_nodes_before_them() -> None:
    made = plan(when="close > (sma(close, 50) on D1) and rsi(14) < 70")
    assert all(arg < number for number, node in enumerate(made.nodes) for arg in node.args)


def test_a_bare_number_beside_a_price_is_a_price() -> None:
    made = plan(when="close > 1.1")
    number = made.nodes[made.nodes[made.enter[0].when].args[1]]
    assert (number.op, number.kind, number["value"]) == ("number", "price", 1.1)


def test_zero_takes_the_kind_beside_it() -> None:
    made = plan(when="atr(14) > 0")
    assert made.nodes[made.nodes[made.enter[0].when].args[1]].kind == "distance"


def test_an_input_left_out_is_the_close() -> None:
    assert plan(when="rsi(14) > 50").sha256 == plan(when="rsi(close, 14) > 50").sha256


def test_another_timeframe_is_a_series_of_its_own() -> None:
    made = plan(when="close > (sma(close, 50) on D1)")
    align = next(n for n in made.nodes if n.op == "align")
    inner = made.nodes[align.args[0]]
    assert align.series == 0
    assert made.series[inner.series].timeframe == "D1"
    assert all(made.nodes[a].series == inner.series for a in inner.args if made.nodes[a].op == "bar")
    assert align.get("event") is None


@pytest.mark.parametrize(
    ("condition", "event"),
    [
        ("(close crosses above open) on H4", True),
        ("(close crosses above open and rsi(14) > 50) on H4", True),
        ("((rsi(14) < 30) followed within 3 bars by (close > open)) on H4", True),
        ("(close crosses above open or rsi(14) > 50) on H4", None),
        ("(not (close crosses above open)) on H4", None),
        ("(rsi(14) > 50) on H4", None),
    ],
)
def test_a_moment_on_longer_bars_stays_a_moment(condition: str, event: bool | None) -> None:
    assert when(condition).get("event") is event


def test_a_let_is_read_on_the_bars_where_it_stands() -> None:
    named = plan(before="let pace = ema(close, 20)", when="close > (pace on D1)")
    written = plan(when="close > (ema(close, 20) on D1)")
    assert named.nodes == written.nodes


def test_the_same_timeframe_needs_no_alignment() -> None:
    assert plan(when="(close on H1) > open").sha256 == plan(when="close > open").sha256


def test_times_are_kept_with_iana_zones() -> None:
    node = when("time between 08:00 and 11:00 New_York")
    assert (node["start"], node["end"], node["zone"]) == ("08:00", "11:00", "America/New_York")
    assert when("time between 08:00 and 11:00 server")["zone"] == "server"
    assert when("time between 08:00 and 11:00 Europe/Paris")["zone"] == "Europe/Paris"


def test_days_are_kept_in_the_order_of_the_week() -> None:
    assert when("day is Friday or Monday")["days"] == ("Monday", "Friday")


def test_profit_takes_its_measure_from_the_unit_it_meets() -> None:
    def measure(condition: str) -> str:
        made = plan(after=f"exit long\n  when {condition}")
        return next(n.kind for n in made.nodes if n.op == "position")

    assert measure("profit > 2R") == "distance"
    assert measure("profit > 20 pips") == "distance"
    assert measure("profit > 2%") == "percent"
    assert measure("100 USD < profit") == "money"
    assert measure("profit > 0") == "distance"
    assert measure("profit between 0 and 2%") == "percent"
    assert measure("abs(profit) > 3%") == "percent"
    assert measure("profit / 1R > 2") == "distance"


def test_state_is_what_depends_on_position_memory_or_remembered_values() -> None:
    made = plan(
        before="remember level = 0\n  becomes high when rsi(14) > 70",
        when="close crosses above level and rsi(14) > 50",
    )
    scopes = {n.op: n.scope for n in made.nodes}
    assert scopes["remembered"] == scopes["cross_above"] == scopes["and"] == "state"
    assert scopes["builtin"] == "market"


def test_a_remembered_value_knows_the_bars_before() -> None:
    before = "remember level = 0\n  becomes high when rsi(14) > 70"
    made = plan(before=before, when="close > level[2]")
    assert [n["ago"] for n in made.nodes if n.op == "remembered"] == [2]


def test_a_remembered_value_takes_the_kind_of_its_lines() -> None:
    made = plan(before="remember level = 0\n  becomes high when rsi(14) > 70", when="close > level")
    assert {n.kind for n in made.nodes if n.op == "remembered"} == {"price"}
    assert made.nodes[made.remember[0].initial].kind == "price"
    counter = plan(before="remember n = 0\n  becomes n + 1 when close > open", when="n >= 3")
    assert {n.kind for n in counter.nodes if n.op == "remembered"} == {"ratio"}


def test_news_models_and_figures_are_needs() -> None:
    made = plan(
        when='high impact news for USD within 30 minutes and model("flow") > 0 and macro("CPI") > 2 '
        "and sentiment(EUR, 12 hours) > 0 and time until low impact news for this symbol > 1 hours"
    )
    needs = made.needs
    assert (needs.calendar, needs.models, needs.macro, needs.sentiment) == (
        ("USD", "self"),
        ("flow",),
        ("CPI",),
        ("EUR",),
    )
    assert next(n["minutes"] for n in made.nodes if n.op == "news") == 30


# --- history needed ------------------------------------------------------------------------------


def need(condition: str, timeframe: str = "H1", **clauses: str) -> tuple[int, int, bool]:
    made = plan(when=condition, stop="stop 20 pips", **clauses)
    found = next(s for s in made.needs.series if s.timeframe == timeframe and s.symbol == "self")
    return found.first_valid, found.settled, found.unbounded


def test_warm_up_adds_up_through_nesting() -> None:
    assert need("close > open") == (1, 1, False)
    assert need("close > sma(close, 50)") == (50, 50, False)
    assert need("close > sma(sma(close, 50), 20)") == (69, 69, False)
    assert need("close > sma(close, 50)[10]") == (60, 60, False)
    assert need("close crosses above sma(close, 50)") == (51, 51, False)
    assert need("sma(close, 50) rising for 3 bars") == (53, 53, False)
    assert need("(close > sma(close, 50)) for 3 bars") == (52, 52, False)
    assert need("count(close > sma(close, 50), 10) > 5") == (59, 59, False)
    assert need("(close > sma(close, 50)) followed within 5 bars by (close < open)") == (55, 55, False)


def test_recursive_averages_state_when_their_seed_is_forgotten() -> None:
    first, settled, unbounded = need("rsi(14) > 50")
    assert (first, unbounded) == (15, False)
    assert settled > 200


def test_parameters_count_at_the_value_that_needs_most() -> None:
    before = "params\n  length = 20 from 10 to 40 step 5"
    assert need("close > sma(close, length)", before=before)[0] == 40
    assert need("close > close[length]", before=before)[0] == 41


def test_longer_bars_are_counted_in_their_own() -> None:
    assert need("close > (sma(close, 50) on D1)", "D1")[0] == 50
    assert need("close > (sma(close, 50) on D1)", "H1")[0] == 1
    assert need("close > sma((close on D1), 48)", "D1")[0] == 1 + 2
    assert need("close > sma((close on D1), 48)", "H1")[0] == 48


def test_what_hangs_on_the_start_of_history_says_so() -> None:
    assert need("obv > 0")[2]
    assert need("close > level", before="remember level = 0\n  becomes high when rsi(14) > 70")[2]


def test_bars_since_is_settled_after_its_cap() -> None:
    assert need("bars since (close > open) > 3") == (1, 5001, False)


def test_clock_windows_need_two_days() -> None:
    assert need("close > highest(high, 00:00 to 07:00 London)")[0] == 48
