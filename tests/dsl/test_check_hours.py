"""Clock exits against trading hours."""

from __future__ import annotations

import pytest

from data.instruments import load_instruments
from dsl.codes.samples import strategy
from dsl.compile import compile_text

INSTRUMENTS = load_instruments()


@pytest.mark.parametrize(
    ("symbol", "line", "code"),
    [
        ("EURUSD", "leave at 16:00 New_York on Friday", None),
        ("EURUSD", "leave at 17:00 New_York on Friday", None),
        ("EURUSD", "leave at 17:01 New_York on Friday", "RW509"),
        ("EURUSD", "leave at 12:00 London on Saturday", "RW509"),
        ("EURUSD", "leave at 12:00 London on Saturday or Friday", "RW509"),
        ("EURUSD", "leave at 23:00 London", None),
        ("EURUSD", "leave at 06:00 Tokyo on Saturday", None),
        ("EURUSD", "leave at 23:00 server on Saturday", None),
        ("BTCUSD", "leave at 12:00 London on Saturday", None),
        ("XAUUSD", "leave at 17:30 New_York", "RW509"),
        ("NOSUCH", "leave at 12:00 London on Saturday", None),
    ],
)
def test_a_clock_exit_must_be_inside_trading_hours(symbol: str, line: str, code: str | None) -> None:
    text = strategy(trade=f"trade {symbol} on H1", after=f"manage\n  {line}")
    assert [d.code for d in compile_text(text, instruments=INSTRUMENTS).diagnostics] == ([code] if code else [])
    assert compile_text(text).diagnostics == ()


def test_every_traded_symbol_counts() -> None:
    text = strategy(trade="trade BTCUSD, EURUSD on H1", after="manage\n  leave at 12:00 London on Saturday")
    (found,) = compile_text(text, instruments=INSTRUMENTS).diagnostics
    assert found.message == "EURUSD never trades at 12:00 Europe/London on Saturday."
