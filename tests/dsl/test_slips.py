"""What traders write by habit: one finding, whose text to write compiles when it is written."""

from __future__ import annotations

import re

import pytest

from dsl.codes.samples import strategy
from dsl.compile import compile_text
from dsl.format import format_text
from dsl.reference import nearest


@pytest.mark.parametrize(
    ("where", "wrong", "code", "right"),
    [
        ({"when": "close > {}"}, "ema 50", "RW116", "ema(close, 50)"),
        ({"when": "close > {}"}, "sma(200)", "RW210", "sma(close, 200)"),
        ({"when": "{} > 50"}, "rsi 9", "RW116", "rsi(9)"),
        ({"when": "rsi(14) > {}"}, "1e1", "RW108", "10"),
        ({"trade": "trade EURUSD on {}"}, "60 minutes", "RW110", "H1"),
        ({"trade": "trade EURUSD on {}"}, "240m", "RW110", "H4"),
        ({"trade": "trade {} on H1"}, "EUR/USD", "RW121", "EURUSD"),
        ({"target": "target {}"}, "3:1", "RW121", "3R"),
        ({"target": "target {}"}, "1:2.5", "RW121", "2.5R"),
        ({"after": "manage\n  trail stop by {}"}, "3 atr", "RW125", "3 * atr(14)"),
        ({"stop": "stop {}"}, "1.5 atr(20)", "RW125", "1.5 * atr(20)"),
        ({"size": "risk {} of equity"}, "0,5%", "RW108", "0.5%"),
        ({"when": "{}"}, "time > 20:00 London", "RW121", "time between 20:00 and 00:00 London"),
        ({"when": "{}"}, "time <= 08:00 New_York", "RW121", "time between 00:00 and 08:00 New_York"),
        ({"before": "{} say why"}, "//", "RW106", "#"),
        ({"when": "close > sma(close, 50) {} say why"}, "//", "RW106", "#"),
    ],
)
def test_the_text_to_write_compiles(where: dict[str, str], wrong: str, code: str, right: str) -> None:
    ((clause, pattern),) = where.items()
    (found,) = compile_text(strategy(**{clause: pattern.format(wrong)})).diagnostics
    assert found.code == code
    written = re.search(r"`([^`]+)`", found.fix)
    assert written
    assert right.startswith(written[1])
    mended = compile_text(strategy(**{clause: pattern.format(right)}))
    assert mended.plan is not None, mended.diagnostics


@pytest.mark.parametrize("wrong", ["1e999999", "1" + "0" * 5000, "1e15", "close[99999999999999999999]"])
def test_numbers_beyond_all_use_are_not_repeated(wrong: str) -> None:
    (found,) = compile_text(strategy(when=f"close > {wrong}")).diagnostics
    assert found.code == "RW108"
    assert found.fix == "No price, size or count needs more; write a smaller number."


def test_whole_hours_have_one_name() -> None:
    hours, minutes = strategy(trade="trade EURUSD on H1"), strategy(trade="trade EURUSD on M60")
    made = compile_text(minutes).plan
    assert made is not None
    assert made.sha256 == compile_text(hours).plan.sha256  # type: ignore[union-attr]  # compiled above
    assert "on H1" in format_text(minutes).text


def test_definitions_in_a_circle_are_told_so() -> None:
    text = strategy(before="let a = b\nlet b = a", when="close > a")
    found = compile_text(text).diagnostics[0]
    assert (found.code, found.message) == (
        "RW203",
        "`a` and `b` are defined by each other, so that neither has a value.",
    )
    assert "Move" not in found.fix
    found = compile_text(strategy(before="let a = a + 1", when="rsi(14) > a")).diagnostics[0]
    assert "by itself" in found.message
    found = compile_text(strategy(before="let a = b\nlet b = close", when="close > a")).diagnostics[0]
    assert found.fix.startswith("Move `b`")


@pytest.mark.parametrize("char", ["\ud800", "\ufffe"])
@pytest.mark.parametrize("place", ["header", "after"])
def test_half_characters_never_reach_a_plan(char: str, place: str) -> None:
    """Their hash could not be made: they have no bytes in UTF-8."""
    text = {"header": f'strategy "a{char}" version 1', "after": f'checklist\n  "{char}"'}[place]
    made = compile_text(strategy(**{place: text}))
    assert made.plan is None
    assert [d.code for d in made.diagnostics] == ["RW103"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("RSI", "rsi"),
        ("Rsi", "rsi"),
        ("bbands", "bollinger"),
        ("Moving Average", "sma"),
        ("emma", "ema"),
        ("xyzzy", None),
    ],
)
def test_a_builtin_is_found_whatever_its_case(name: str, meant: str | None) -> None:
    assert nearest(name) == meant
