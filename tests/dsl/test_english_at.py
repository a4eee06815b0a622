"""Why a rule fired or not at one bar."""

from __future__ import annotations

import pytest

from dsl.compile import compile_text
from dsl.english import explain_at
from dsl.english.at import show
from dsl.plan import Plan

_TEXT = """
strategy "Test" version 1
trade EURUSD on H1
edge
  exploits "A habit."
  fails "Sometimes."
let pace = ema(close, 20)
let ready = close > pace and adx(14) > 20
enter long called dip
  when rsi(14) < 30
   and ready
   and close crosses above pace
  unless day is Friday
  risk 1% of equity
  stop 20 pips
  target 2R
exit long called out
  when profit > 1R
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    plan = compile_text(_TEXT).plan
    assert plan is not None
    return plan


def values(plan: Plan, **by_op: float | bool | None) -> dict[int, float | bool | None]:
    """Node → value by operation, or by name of the indicator; nodes of the position are left out."""
    named = {i: node.get("name") or node.get("field") or node.op for i, node in enumerate(plan.nodes)}
    return {i: by_op.get(named[i]) for i, node in enumerate(plan.nodes) if node.scope == "market"}


def said(plan: Plan, **by_op: float | bool | None) -> str:
    return " ".join(explain_at(plan, values(plan, **by_op), "2017-03-15 10:00 UTC").split())


def test_the_title_names_strategy_and_bar(plan: Plan) -> None:
    assert said(plan).startswith("Test, version 1, at the close of the bar of 2017-03-15 10:00 UTC")


def test_a_rule_that_fired_shows_the_values_behind_it(plan: Plan) -> None:
    fired = {"lt": True, "gt": True, "and": True, "cross_above": True, "day_is": False}
    text = said(plan, rsi=28.43, close=1.06123, ema=1.06, adx=25.0, **fired)
    assert "Buy: “dip” ---------- It fired." in text
    assert "- the RSI of 14 bars was 28.43, below 30: true" in text
    assert "- “ready”: true - all of:" in text
    assert "- the close was 1.06123, above “pace” (1.06): true" in text
    assert "- the close crosses above “pace” (the close was 1.06123; “pace” was 1.06): true" in text
    assert "Not when: - the trading day is Friday: false" in text


def test_a_named_condition_shows_what_it_is_made_of() -> None:
    plan = compile_text(_TEXT.replace("close > pace and adx(14) > 20", "adx(14) > 20")).plan
    assert plan is not None
    assert "- “ready”: false - the ADX of 14 bars was 12, above 20 -" in said(plan, gt=False, adx=12.0)


def test_a_false_condition_is_named_as_false(plan: Plan) -> None:
    text = said(plan, rsi=41.0, lt=False, **{"and": False}, day_is=False)
    assert "It did not fire: what it asks for was not true." in text
    assert "- the RSI of 14 bars was 41, below 30: false" in text


def test_unknown_is_not_false(plan: Plan) -> None:
    text = said(plan, day_is=False, rsi=float("nan"))
    assert "It did not fire: what it asks for is not known at this bar." in text
    assert "the RSI of 14 bars is below 30 (the RSI of 14 bars was not known yet): not known yet" in text


@pytest.mark.parametrize(("friday", "why"), [(True, "was true, which blocks"), (None, "could not be ruled out")])
def test_unless_blocks_on_anything_but_false(plan: Plan, friday: bool | None, why: str) -> None:
    text = said(plan, lt=True, gt=True, cross_above=True, day_is=friday, **{"and": True})
    assert f"It did not fire: “not when” {why}" in text


def test_what_hangs_on_the_position_says_so(plan: Plan) -> None:
    text = said(plan)
    assert "Whether it fired depends on the open position." in text
    assert "- the open profit is above 1R: depends on the open position" in text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (1.0612300000000001, "price", "1.06123"),
        (0.00123, "distance", "0.00123"),
        (1343.25, "price", "1,343.25"),
        (28.4321, "ratio", "28.43"),
        (0.00008, "distance", "0.00008"),
        (123456.7, "ratio", "123,457"),
        (2.5, "percent", "2.5%"),
        (1234.5, "money", "1,234.50"),
        (1, "bars", "1 bar"),
        (5400, "duration", "1 hour and 30 minutes"),
        (0, "duration", "0 minutes"),
    ],
)
def test_values_have_the_digits_a_person_reads(value: float, kind: str, text: str) -> None:
    assert show(value, kind) == text
