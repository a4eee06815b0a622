"""Every operation, builtin and part has words; nested phrases stay unambiguous."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dsl.builtins import BUILTINS
from dsl.english import clauses, indicators, values
from dsl.english.blocks import Item
from dsl.english.voice import Voice
from dsl.plan import OPS, DataNeeds, EdgeClaim, NamedNode, ParamSpace, Plan, PlanNode, Series, Universe


class Sheet:
    """Collects nodes, so that a test can write an expression from the inside out."""

    def __init__(self) -> None:
        self.nodes: list[PlanNode] = []
        self.lets: list[NamedNode] = []

    def __call__(self, op: str, *args: int, kind: str = "ratio", series: int = 0, **attrs: Any) -> int:
        self.nodes.append(PlanNode(op, kind, args, series, attrs=attrs))
        return len(self.nodes) - 1

    def number(self, value: float, kind: str = "ratio") -> int:
        return self("number", kind=kind, value=value)

    def price(self, field: str = "close", series: int = 0) -> int:
        return self("bar", kind="price", series=series, field=field)

    def call(self, name: str, *args: int, part: str | None = None, kind: str = "ratio", series: int = 0) -> int:
        return self("builtin", *args, kind=kind, series=series, name=name, part=part, version=1)

    def let(self, name: str, node: int) -> int:
        self.lets.append(NamedNode(name, node))
        return node

    def voice(self) -> Voice:
        return Voice(
            Plan(
                "Sheet",
                1,
                Universe("each", ("EURUSD",), "H1"),
                EdgeClaim("a", "b"),
                (ParamSpace("lookback", 20, None, 10, 40, 5), ParamSpace("gap", 2, "pips")),
                (Series("self", "H1"), Series("self", "D1"), Series("US500", "H4")),
                tuple(self.nodes),
                tuple(self.lets),
                *((),) * 4,
                None,
                *((),) * 3,
                DataNeeds(),
            )
        )

    def say(self, node: int) -> str:
        return self.voice().say(node)


_SAMPLES: dict[str, dict[str, Any]] = {
    "number": {"value": 30},
    "quantity": {"value": 2, "unit": "pips"},
    "param": {"name": "lookback"},
    "bar": {"field": "high"},
    "window": {"name": "highest", "start": "00:00", "end": "07:00", "zone": "Europe/London"},
    "so_far": {"field": "open", "timeframe": "D1"},
    "time_between": {"start": "08:00", "end": "11:00", "zone": "Europe/London"},
    "day_is": {"days": ("Monday", "Tuesday")},
    "calendar": {"name": "trading_day_of_month"},
    "news": {"impact": "high", "target": "self", "minutes": 30},
    "time_until_news": {"impact": "high", "target": "USD"},
    "sentiment": {"target": "EUR", "hours": 24},
    "model": {"name": "regime"},
    "macro": {"name": "CPIAUCSL"},
    "position": {"word": "bars_held"},
    "memory": {"word": "last_fill_price"},
    "remembered": {"name": "level", "ago": 1},
    "score": {"weights": (2.0, 1.0)},
    "builtin": {"name": "rsi", "version": 1},
}
_TRUTH_ARGS = {"not", "and", "or"}


def _sample(sheet: Sheet, op: str) -> int:
    """One node of the operation, with arguments of the kinds it takes."""
    price, three = sheet.price(), sheet.number(3)
    truth = sheet("gt", price, sheet.price("open"), kind="truth")
    args: tuple[int, ...] = {
        **dict.fromkeys(_TRUTH_ARGS, (truth, truth)),
        "not": (truth,),
        "held": (truth, three),
        "count": (truth, three),
        "bars_since": (truth,),
        "value_when": (price, truth),
        "followed": (truth, truth, three),
        "at_least": (three, truth, truth),
        "score": (truth, truth),
        "if": (truth, price, price),
        "between": (price, price, price),
        "neg": (price,),
        "abs": (price,),
        "window": (price,),
        "rank": (price,),
        "align": (sheet.price(series=1),),
        "history": (price, three),
        "builtin": (price, three),
    }.get(op, () if op in _SAMPLES else (price, three))
    kind = "truth" if op in clauses.TRUTH_OPS - values.VALUE_OPS else "ratio"
    return sheet(op, *args, kind=kind, **_SAMPLES.get(op, {}))


@pytest.mark.parametrize("op", OPS)
def test_every_operation_has_words(op: str) -> None:
    sheet = Sheet()
    said = sheet.say(_sample(sheet, op))
    assert said
    assert "{" not in said


def test_no_words_for_operations_that_do_not_exist() -> None:
    assert set(OPS) == values.VALUE_OPS | clauses.TRUTH_OPS


def _parts() -> Iterator[tuple[str, str | None]]:
    for row in BUILTINS.values():
        yield from ((row.name, part) for part in row.parts)
        if row.output:
            yield row.name, None


def test_every_builtin_and_part_has_words_and_no_other() -> None:
    worded = {*indicators.VALUES, *indicators.TRUTHS}
    assert worded == set(_parts())


@pytest.mark.parametrize(("name", "part"), list(_parts()))
def test_every_builtin_is_said_with_its_numbers(name: str, part: str | None) -> None:
    sheet, row = Sheet(), BUILTINS[name]
    kind = (row.parts[part] if part else row.output) or ""
    args = [sheet.price() for _ in row.inputs] + [sheet.number(7 + i) for i in range(len(row.numbers))]
    said = sheet.say(sheet.call(name, *args, part=part, kind="truth" if kind == "truth" else "ratio"))
    assert "{" not in said
    for i in range(len(row.numbers)):
        assert str(7 + i) in said


@pytest.mark.parametrize("word", ["profit", "bars_held", "time_since_entry", "entry_price", "equity"])
def test_position_words_are_said(word: str) -> None:
    sheet = Sheet()
    assert sheet.say(sheet("position", word=word, kind="distance")).startswith("the ")


def test_sums_and_products_read_in_the_order_of_the_text() -> None:
    s = Sheet()
    atr = s.call("atr", s.number(14), kind="distance")
    twice = s("mul", s.number(2), atr, kind="distance")
    assert s.say(s("sub", s.price(), twice)) == "the close minus 2 times the average true range of 14 bars"


def test_a_sum_inside_a_product_or_a_call_gets_brackets() -> None:
    s = Sheet()
    body = s("sub", s.price("close"), s.price("open"))
    assert s.say(s("mul", s.number(2), body)) == "2 times (the close minus the open)"
    assert s.say(s.call("sma", body, s.number(5))) == "the 5-bar simple average of (the close minus the open)"
    assert s.say(s("sub", s.price(), body)) == "the close minus (the close minus the open)"


def test_a_setting_is_said_by_its_default_and_its_name() -> None:
    s = Sheet()
    lookback = s("param", name="lookback")
    assert s.say(s.call("ema", s.price(), lookback)) == "the 20-bar [lookback] exponential average of the close"
    assert s.say(s("param", name="gap", kind="distance")) == "2 pips [gap]"


def test_a_let_is_said_by_its_name_and_a_plain_price_by_itself() -> None:
    s = Sheet()
    s.let("c", s.price())
    pace = s.let("daily_pace", s.call("sma", s.price(), s.number(20)))
    assert s.say(s("gt", s.price(), pace, kind="truth")) == "the close is above “daily pace”"
    assert s.say(0) == "the close"


def test_history_counts_bars() -> None:
    s = Sheet()
    assert s.say(s("history", s.price(), s.number(1))) == "the close one bar earlier"
    assert s.say(s("history", s.price(), s.number(3))) == "the close 3 bars earlier"
    up = s("gt", s.price(), s.price("open"), kind="truth")
    assert s.say(s("history", up, s.number(1), kind="truth")) == "one bar earlier, the close was above the open"


def test_other_bars_are_named() -> None:
    s = Sheet()
    daily = s.call("sma", s.price(series=1), s.number(20), series=1)
    assert s.say(s("align", daily)) == "the 20-bar simple average of the close on daily bars"
    leader = s.price(series=2)
    assert s.say(s("align", leader)) == "the close on 4-hour bars of US500"


def test_an_event_of_a_higher_timeframe_says_when_it_is_true() -> None:
    s = Sheet()
    crossing = s("cross_above", s.price(series=1), s.number(100), kind="truth", series=1)
    said = s.say(s("align", crossing, kind="truth", event=True))
    assert said == "on daily bars, the close crosses above 100 (only at the close of that daily bar)"


def test_denials_are_grammatical() -> None:
    s = Sheet()
    above = s("gt", s.price(), s.number(1), kind="truth")
    assert s.say(s("not", above, kind="truth")) == "the close is not above 1"
    crossing = s("crosses", s.price(), s.number(1), kind="truth")
    assert s.say(s("not", crossing, kind="truth")) == "the close does not cross 1 (upwards or downwards)"


def test_nested_logic_becomes_nested_lists() -> None:
    s = Sheet()
    a = s("gt", s.price(), s.number(1), kind="truth")
    b = s("lt", s.price(), s.number(2), kind="truth")
    either = s("or", a, b, kind="truth")
    both = s("and", a, either, kind="truth")
    assert clauses.items(s.voice(), both) == (
        "all of:",
        (
            Item("the close is above 1"),
            Item("any of:", (Item("the close is above 1"), Item("the close is below 2"))),
        ),
    )


def test_a_chain_of_steps_is_one_list_in_order() -> None:
    s = Sheet()
    a, b, c = (s("gt", s.price(), s.number(n), kind="truth") for n in (1, 2, 3))
    two = s("followed", a, b, s.number(5), kind="truth")
    three = s("followed", two, c, s.number(1), kind="truth")
    assert clauses.items(s.voice(), three) == (
        "in this order:",
        (
            Item("first, on an earlier bar: the close is above 1"),
            Item("then, at most 5 bars later: the close is above 2"),
            Item("then, at most 1 bar later and on this bar: the close is above 3"),
        ),
    )


def test_votes_and_points_list_their_members() -> None:
    s = Sheet()
    a, b = (s("gt", s.price(), s.number(n), kind="truth") for n in (1, 2))
    votes = s("at_least", s.number(1), a, b, kind="truth")
    enough = s("ge", s("score", a, b, weights=(2.0, 1.0)), s.number(2), kind="truth")
    assert clauses.items(s.voice(), votes)[0] == "at least 1 of:"
    text, items = clauses.items(s.voice(), enough)
    assert text == "the sum of these points is at or above 2:"
    assert [item.text for item in items] == ["2 points if the close is above 1", "1 point if the close is above 2"]
