"""What a reviewer reads: the shipped strategies as golden text, and the warnings that must not be missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dsl.codes import CODES
from dsl.codes.samples import strategy as sample
from dsl.compile import compile_text
from dsl.diagnostics import Code
from dsl.english import Document, Item, Listing, Paragraph, Section, explain, explain_at, sentences
from dsl.format import format_text
from dsl.plan import Plan

GOLDEN = Path(__file__).parents[1] / "golden" / "english"
RULES = sorted((Path(__file__).parents[2] / "rules").glob("*.rules"))
_HEAD = 'strategy "Test" version 1\ntrade EURUSD on H1\nedge\n  exploits "A habit."\n  fails "Sometimes."\n'
_ENTRY = "enter long called up\n  when close > open\n  risk 1% of equity\n  stop 20 pips\n  target 2R\n"


def plan_of(text: str) -> Plan:
    result = compile_text(text)
    assert result.plan is not None, [d.message for d in result.diagnostics]
    return result.plan


def said(text: str) -> str:
    """The explanation of a strategy on one line, for looking up sentences."""
    return " ".join(explain(plan_of(text)).split())


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.stem)
def test_the_english_of_a_shipped_strategy(path: Path, golden: Callable[[Path, str], None]) -> None:
    text = explain(plan_of(path.read_text(encoding="utf-8")))
    golden(GOLDEN / f"{path.stem}.txt", text)


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.stem)
def test_a_shipped_strategy_compiles_without_a_finding_and_is_laid_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert compile_text(text).diagnostics == ()
    assert format_text(text).text == text


def test_the_text_is_the_same_for_the_stored_plan() -> None:
    plan = plan_of(RULES[0].read_text(encoding="utf-8"))
    assert explain(Plan.from_json(plan.to_json())) == explain(plan)


@pytest.mark.parametrize("code", [c for c in CODES if c.right], ids=lambda c: c.code)
def test_every_right_text_of_the_catalogue_can_be_explained(code: Code) -> None:
    plan = compile_text(code.right).plan
    if plan is not None:
        assert "{" not in explain(plan)
        assert explain_at(plan, {}, "2017-03-15 10:00 UTC").startswith(plan.name)


def _tones(blocks: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        match block:
            case Paragraph(text, tone):
                yield tone, text
            case Listing(items):
                yield from _tones(items)
            case Section(_, inner):
                yield from _tones(inner)
            case Item(text, items, tone):
                yield tone, text
                yield from _tones(items)


def dangers(document: Document) -> list[str]:
    return [text for tone, text in _tones(document.sections) if tone == "danger"]


def test_a_missing_stop_is_shouted_in_the_summary_and_at_the_entry() -> None:
    plan = plan_of(
        _HEAD + "enter long called bare\n  when close > open\n  size 0.10 lots\n"
        '  stop none because "The account holds no leverage."\n  target 50 pips\n'
    )
    assert dangers(sentences(plan)) == [
        "NO STOP LOSS: “bare” trades without a stop.",
        "NO STOP LOSS. Reason given: “The account holds no leverage.”",
    ]
    assert "Every entry has a stop loss" not in explain(plan)


def test_averaging_down_is_shouted() -> None:
    plan = plan_of(
        _HEAD + _ENTRY + "add to long called lower\n  when close < last fill price - 20 pips\n  at most 2 times\n"
        "  size 0.10 lots\n  stop keep\n"
    )
    assert dangers(sentences(plan)) == [
        "AVERAGING DOWN: “lower” may add to a position that is losing.",
        "AVERAGING DOWN: this rule may add to a position that is losing.",
    ]
    assert "the position's stop stays where it is, now for the larger position" in " ".join(explain(plan).split())


@pytest.mark.parametrize(
    ("clause", "sentence"),
    [
        ("risk 1% of equity", "Size: a position that loses 1% of equity if the stop is hit, costs aside."),
        ("risk 100 USD", "Size: a position that loses 100 USD if the stop is hit, costs aside."),
        ("size 20% of equity", "Size: a position worth 20% of equity."),
        ("size 0.10 lots", "Size: 0.1 lots, whatever the distance to the stop."),
        ("size 2 units", "Size: 2 units, whatever the distance to the stop."),
        ("size volatility 10%", "Size: a position whose ups and downs would be 10% of equity a year."),
        (
            "size kelly half, at most 2%",
            "closed trades of this Plan, at most 2% of equity at risk. No trade while fewer than 30 are closed.",
        ),
    ],
)
def test_every_size_says_what_it_means(clause: str, sentence: str) -> None:
    assert sentence in said(_HEAD + _ENTRY.replace("risk 1% of equity", clause))


@pytest.mark.parametrize(
    ("order", "sentences_"),
    [
        ("order market", ["Order: at market, bought at the ask, at the open of the next bar."]),
        (
            "order buy limit at low - 5 pips, good for 1 bar",
            ["Order: a resting buy limit order at the low minus 5 pips.", "It is good for the next bar."],
        ),
        (
            "order buy stop at high + 1 pip, good for 90 minutes, cancel others when filled",
            [
                "Order: a resting buy stop order at the high plus 1 pip.",
                "It is good for 90 minutes.",
                "When it fills, the strategy's other resting orders on that symbol are cancelled.",
            ],
        ),
        (
            "order buy stop at high + 1 pip, cancel when close < open",
            ["It is cancelled at the close of a bar when the close is below the open."],
        ),
    ],
)
def test_every_order_says_how_it_waits(order: str, sentences_: list[str]) -> None:
    text = said(_HEAD + _ENTRY.replace("  risk", f"  {order}\n  risk"))
    for sentence in sentences_:
        assert sentence in text


@pytest.mark.parametrize(
    ("clause", "sentence"),
    [
        ("stop 20 pips", "Stop loss: 20 pips below the fill price."),
        ("stop 2%", "Stop loss: 2% below the fill price."),
        ("stop 2 * atr(14)", "Stop loss: 2 times the average true range of 14 bars, below the fill price."),
        ("stop at low - 1 pip", "Stop loss: at the low minus 1 pip."),
    ],
)
def test_every_stop_says_where_it_lies(clause: str, sentence: str) -> None:
    assert sentence in said(_HEAD + _ENTRY.replace("stop 20 pips", clause))


@pytest.mark.parametrize(
    ("clause", "sentence"),
    [
        ("target 2R", "Target: 2R above the fill price."),
        ("target at close + 50 pips", "Target: at the close plus 50 pips."),
        ("target none", "Target: none."),
    ],
)
def test_every_target_says_where_it_lies(clause: str, sentence: str) -> None:
    text = _HEAD + _ENTRY.replace("target 2R", clause) + "exit long called out\n  when close < open\n"
    assert sentence in said(text)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("move stop to breakeven once profit reaches 1R", "Once the profit reaches 1R, the stop moves to breakeven"),
        ("move stop to low[1]", "At every bar's close, the stop moves to the low one bar earlier."),
        ("move stop to 10 pips after 3 bars", "After 3 bars, the stop moves to 10 pips beyond the entry price, in the"),
        ("move target to close + 20 pips after 1 bar", "After 1 bar, the target moves to the close plus 20 pips."),
        ("move target to 1R after 2 hours", "After 2 hours, the target moves to 1R beyond the entry price, in the"),
        ("trail stop by 30 pips step 5 pips", "the best price since the fill at a distance of 30 pips, in steps of 5"),
        ("take half once profit reaches 2%", "Once the profit reaches 2%, half of the first volume is closed (once)."),
        ("take 30% when close > high[1]", "30% of the first volume is closed (once) when the close is above the high"),
        ("leave at 16:30 New_York on Friday", "On Friday at 16:30 New York time, the whole position is closed."),
        ("leave at 16:30 New_York", "Every day at 16:30 New York time, the whole position is closed."),
        ("leave after 3 days", "After 3 days, the whole position is closed."),
    ],
)
def test_every_line_of_manage_says_what_it_does(line: str, sentence: str) -> None:
    assert sentence in said(_HEAD + _ENTRY + f"manage\n  {line}\n")


def test_a_line_for_one_side_says_so() -> None:
    text = said(_HEAD + _ENTRY + "manage long\n  leave after 3 bars\n")
    assert "Only for long positions: after 3 bars, the whole position is closed." in text


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("daily loss 2%, leave everything", "Once a day has lost 2% of equity, open trades included: everything is"),
        ("daily loss 100 USD", "Once a day has lost 100 USD, open trades included: no new entry until the next day."),
        ("at most 1 open position", "At most 1 position open at a time."),
        ("at most 3 entries per day", "At most 3 entries per day."),
        ("cooldown 4 bars after loss on that symbol", "After a losing trade, no new entry on that symbol for 4 bars."),
        ("cooldown 1 hour after exit", "After an exit, no new entry on any symbol for 1 hour."),
        ("total risk 3%", "What all open positions together would lose at their stops stays within 3% of equity."),
    ],
)
def test_every_limit_says_what_it_stops(line: str, sentence: str) -> None:
    assert sentence in said(_HEAD + _ENTRY + f"limits\n  {line}\n")


def test_a_basket_is_said_with_its_legs() -> None:
    text = said(
        _HEAD.replace("trade EURUSD on", "trade basket gap of buy 1 AUDUSD, sell 1.1 NZDUSD on")
        + _ENTRY.replace("20 pips", "2 * atr(14)")
    )
    assert "Trades the basket “gap” on hourly bars: buy 1 AUDUSD and sell 1.1 NZDUSD. The legs go together" in text


def test_what_is_needed_from_outside_is_listed() -> None:
    text = said(
        _HEAD
        + _ENTRY.replace(
            "close > open",
            'sentiment(EUR, 24 hours) > 0 and model("regime") > 0.5 and macro("CPIAUCSL") > 100',
        ).replace("  risk", "  unless high impact news for this symbol within 30 minutes\n  risk")
    )
    assert "An economic calendar for the traded symbols." in text
    assert "News sentiment for EUR." in text
    assert "Recorded scores of the model regime." in text
    assert "The published figures CPIAUCSL." in text


def test_two_rules_of_one_side_say_which_acts() -> None:
    text = said(_HEAD + _ENTRY + _ENTRY.replace("called up", "called also").replace("close > open", "hammer"))
    assert "When several buy rules fire on one bar, the first of them above acts." in text
    assert "When buy and sell rules fire" not in text


@pytest.mark.parametrize(
    ("buy", "sell", "sentence"),
    [
        ("market", "market", "When buy and sell rules fire on the same bar, neither acts."),
        ("buy stop at high, good for 1 bar", "market", "Buy and sell rules may fire on the same bar: both orders are"),
    ],
)
def test_rules_of_both_sides_say_what_happens_when_they_meet(buy: str, sell: str, sentence: str) -> None:
    short = _ENTRY.replace("long called up", "short called down").replace(">", "<")
    text = (
        _HEAD + _ENTRY.replace("  risk", f"  order {buy}\n  risk") + short.replace("  risk", f"  order {sell}\n  risk")
    )
    assert sentence in said(text + "opposite entry reverses\n")


def test_a_remembered_value_tells_its_life() -> None:
    text = said(
        _HEAD + "remember level = 0\n  becomes high when close > high[1]\n"
        "enter long called up\n  when close > level[1]\n  risk 1% of equity\n  stop 20 pips\n  target 2R\n"
    )
    assert "“level” is remembered from bar to bar. It starts as 0." in text
    assert "It becomes the high when the close is above the high one bar earlier." in text
    assert "the close is above the remembered “level” one bar earlier" in text
    assert "Remembered values are brought up to date." in text


@pytest.mark.parametrize(
    ("enter", "manage", "told"),
    [
        ("enter long", "", True),
        ("enter long", "leave at 20:00 London on Friday", False),
        ("enter long", "leave at 20:00 London", False),
        ("enter long", "leave at 20:00 London on Thursday", True),
        ("enter long", "leave after 10 bars", True),
    ],
)
def test_positions_that_may_stand_over_a_weekend_are_told(enter: str, manage: str, told: bool) -> None:
    after = f"manage\n  {manage}" if manage else ""
    plan = compile_text(sample(enter=enter, after=after)).plan
    assert plan is not None
    assert ("over a weekend" in explain(plan)) is told
