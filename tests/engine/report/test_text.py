"""Figures as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.report import text


def test_signs_and_separators():
    assert text.number(1234.5) == "1,234.50"
    assert text.number(-1234.5, 1) == "\u22121,234.5"
    assert text.number(5, 0, signed=True) == "+5"
    assert text.number(None) == "–"


@pytest.mark.parametrize("value", [0.0, -0.0, 0.001, -0.004])
def test_what_rounds_to_zero_has_no_sign(value):
    assert text.number(value, signed=True) == "0.00"


def test_units():
    assert text.percent(12.34) == "12.3\u00a0%"
    assert text.money(-50, "USD") == "\u221250.00\u00a0USD"
    assert text.money(123_456.7, "USD") == "123,457\u00a0USD"
    assert text.multiple(0.5) == "+0.50\u00a0R"
    assert (text.count(1, "bar"), text.count(2, "bar")) == ("1 bar", "2 bars")


def test_times():
    moment = 1_489_572_000_000_000_000
    assert text.day(moment) == "15\u00a0Mar\u00a02017"
    assert text.minute(moment) == "2017-03-15 10:00"
    assert text.iso(moment) == "2017-03-15T10:00:00Z"
    assert text.iso(moment + 500_000_000) == "2017-03-15T10:00:00.5Z"
    assert text.iso(-1_000_000_000) == "1969-12-31T23:59:59Z"


def test_lengths_of_time():
    assert [text.span(days) for days in (0.5, 3, 95, 800)] == ["12 hours", "3 days", "3 months", "2.2 years"]


def test_reasons_in_words():
    assert text.reason("exit:momentum_gone") == "exit rule momentum_gone"
    assert text.reason("manage:24") == "manage line 24"
    assert text.reason("stop_out") == "stop-out for lack of margin"
    assert text.reason("something new") == "something new"


@given(st.text())
def test_visible_text_can_be_written_and_does_not_turn_around(raw):
    shown = text.visible(raw)
    shown.encode()
    assert not set(shown) & set("\x00\x07\u202e\u2066\u2028\r")


def test_visible_keeps_ordinary_text():
    assert text.visible("Zürich – “50 %”\n東京\u00a0R") == "Zürich – “50 %”\n東京\u00a0R"
    assert text.visible("a\tb\r\nc") == "a b\nc"
