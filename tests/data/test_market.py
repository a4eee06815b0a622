"""The market: any spelling, any timeframe that can be built, and only what was known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from data.bars import Bars
from data.errors import DataError
from data.market import Market
from data.sessions import in_session
from data.timeframes import DAY, HOUR, MINUTE

At = Callable[[str], int]
Steady = Callable[..., Bars]


@pytest.fixture
def hourly(steady: Steady, at: At) -> Bars:
    from data.instruments import find

    opened = np.arange(at("2017-03-05 22:00"), at("2017-03-17 22:00"), HOUR)
    return steady("EURUSD", "H1", opened[in_session(opened, find("EURUSD"))])


def code(run: Callable[[], object]) -> str:
    with pytest.raises(DataError) as refused:
        run()
    return refused.value.code


def test_given_bars_come_as_given_under_any_spelling(hourly: Bars) -> None:
    market = Market([hourly])
    assert market.symbols == ("EURUSD",)
    assert market.bars("EURUSD.m", "M60") is hourly
    assert market.given == (hourly,)
    assert market.instrument("EUR/USD").symbol == "EURUSD"


def test_higher_bars_are_built_once_from_the_finest_that_fits(hourly: Bars, steady: Steady, at: At) -> None:
    four = steady("EURUSD", "H4", np.arange(at("2017-03-13 00:00"), at("2017-03-15 00:00"), 4 * HOUR))
    market = Market([four, hourly])
    assert market.bars("EURUSD", "D1") is market.bars("EURUSD", "D1")
    assert "built from H1" in market.bars("EURUSD", "D1").source
    assert "built from H1" in market.bars("EURUSD", "H8").source
    assert market.bars("EURUSD", "H4") is four


def test_where_the_finest_does_not_fit_the_next_one_does(hourly: Bars, steady: Steady, at: At) -> None:
    odd = steady(
        "EURUSD",
        "M7",
        np.arange(at("2017-03-13 00:06"), at("2017-03-14 00:00"), 7 * MINUTE) // (7 * MINUTE) * 7 * MINUTE,
    )
    assert "built from H1" in Market([odd, hourly]).bars("EURUSD", "H4").source


def test_what_cannot_be_built_is_said(hourly: Bars) -> None:
    market = Market([hourly])
    assert code(lambda: market.bars("EURUSD", "M15")) == "RW722"
    assert code(lambda: market.bars("EURUSD", "MN1")) == "RW722"
    assert code(lambda: market.bars("GBPUSD", "H1")) == "RW721"
    assert code(lambda: market.bars("EURUSD", "X1")) == "RW724"
    assert code(lambda: market.bars("NOSUCH", "H1")) == "RW701"


def test_the_same_bars_twice_are_refused(hourly: Bars) -> None:
    assert code(lambda: Market([hourly, hourly])) == "RW733"


def test_finer_bars_are_those_below_the_base(hourly: Bars, steady: Steady, at: At) -> None:
    minutes = steady("EURUSD", "M1", np.arange(at("2017-03-13 00:00"), at("2017-03-13 01:00"), MINUTE))
    market = Market([hourly, minutes])
    assert market.finer("EURUSD", "H1") is minutes
    assert market.finer("EURUSD", "D1") is minutes
    assert market.finer("EURUSD", "M1") is None
    assert Market([hourly]).finer("EURUSD", "H1") is None


def test_a_slice_has_whole_bars_and_says_when_there_are_none(hourly: Bars, at: At) -> None:
    market = Market([hourly])
    cut = market.slice(at("2017-03-07 00:30"), at("2017-03-08 00:30")).bars("EURUSD", "H1")
    assert (cut.ts_open[0], cut.ts_close[-1]) == (at("2017-03-07 01:00"), at("2017-03-08 00:00"))
    assert market.slice().bars("EURUSD", "H1") is hourly
    with pytest.raises(DataError) as refused:
        market.slice(at("2020-01-01 00:00"), None)
    assert refused.value.code == "RW725"
    assert "2017-03-05 22:00" in refused.value.sentence


def test_truncation_leaves_what_was_closed(hourly: Bars, at: At) -> None:
    until = at("2017-03-14 10:30")
    cut = Market([hourly]).truncated(until)
    assert cut.bars("EURUSD", "H1").ts_close[-1] == at("2017-03-14 10:00")
    whole = Market([hourly]).bars("EURUSD", "H4")
    known = cut.bars("EURUSD", "H4")
    assert known.close.tolist() == whole.close[: len(known)].tolist()
    assert whole.ts_close[len(known)] > at("2017-03-14 10:00")


def times(at: At, *texts: str) -> np.ndarray:
    return np.array([at(text) for text in texts], dtype=np.int64)


def test_one_currency_is_one_only_in_itself(hourly: Bars, at: At) -> None:
    assert Market([hourly]).rate("USD", "USD", times(at, "2017-03-10 10:00")).tolist() == [1.0]


def test_a_traded_pair_converts_both_ways_at_its_last_closed_mid(hourly: Bars, at: At) -> None:
    market = Market([hourly])
    row = int(np.searchsorted(hourly.ts_close, at("2017-03-10 10:00")))
    middle = hourly.close[row] + hourly.spread[row] / 2
    for when in ("2017-03-10 10:00", "2017-03-10 10:59"):
        assert market.rate("EUR", "USD", times(at, when))[0] == middle
        assert market.rate("USD", "EUR", times(at, when))[0] == 1 / middle


def test_two_pairs_with_the_dollar_make_a_cross(hourly: Bars, steady: Steady) -> None:
    yen = 100 + np.arange(len(hourly)) / 100
    other = steady("USDJPY", "H1", hourly.ts_open, open=yen, high=yen + 1, low=yen - 1, close=yen)
    market = Market([hourly, other])
    known = hourly.ts_close[5:7]
    expected = market.rate("EUR", "USD", known) * market.rate("USD", "JPY", known)
    assert market.rate("EUR", "JPY", known).tolist() == expected.tolist()


def test_without_a_pair_the_fixing_of_the_ecb_is_used_from_16_frankfurt_on(hourly: Bars, at: At) -> None:
    """13 March 2017: 1 EUR = 122.53 JPY; 10 March: 122.30. 16:00 in Frankfurt is 15:00 UTC."""
    market = Market([])
    known = market.rate("EUR", "JPY", times(at, "2017-03-13 14:59", "2017-03-13 15:00"))
    assert known[0] != known[1]
    again = market.rate("EUR", "JPY", times(at, "2017-03-10 15:00", "2017-03-14 14:59"))
    assert known.tolist() == again.tolist()


def test_fixings_cross_through_the_euro(at: At) -> None:
    when = times(at, "2017-03-13 18:00")
    market = Market([])
    cross = market.rate("GBP", "JPY", when)
    assert cross == pytest.approx(market.rate("EUR", "JPY", when) / market.rate("EUR", "GBP", when))
    assert 130 < cross[0] < 145


def test_before_the_first_bar_of_a_pair_the_fixing_is_used(hourly: Bars, at: At) -> None:
    rate = Market([hourly]).rate("EUR", "USD", times(at, "2017-02-01 12:00"))
    assert 1.05 < rate[0] < 1.1


def test_gold_bars_are_worth_their_weight_and_an_index_is_no_currency(steady: Steady, at: At) -> None:
    price = np.full(3, 1200.0)
    gold = steady(
        "XAUUSD",
        "H1",
        ["2017-03-15 08:00", "2017-03-15 09:00", "2017-03-15 10:00"],
        open=price,
        high=price,
        low=price,
        close=price,
    )
    assert Market([gold]).rate("XAU", "USD", gold.ts_close)[0] == pytest.approx(1200, rel=1e-4)


@pytest.mark.parametrize(
    ("currency", "when"),
    [
        ("XAU", "2017-03-13 10:00"),
        ("JPY", "1998-12-31 10:00"),
        ("JPY", "2031-01-01 10:00"),
        ("RUB", "2023-01-01 00:00"),
    ],
)
def test_no_rate_is_an_error_and_never_one(currency: str, when: str, at: At) -> None:
    with pytest.raises(DataError) as refused:
        Market([]).rate(currency, "USD", times(at, when))
    assert refused.value.code == "RW723"
    assert when in refused.value.sentence


def test_a_pair_that_stopped_trading_says_nothing_later(hourly: Bars, at: At) -> None:
    market = Market([hourly])
    last = int(hourly.ts_close[-1])
    stale = market.rate("EUR", "USD", np.array([last, last + 11 * DAY]))
    assert stale[0] == hourly.close[-1] + hourly.spread[-1] / 2
    assert stale[1] != stale[0]


def test_no_times_need_no_rate() -> None:
    assert len(Market([]).rate("EUR", "USD", np.zeros(0, dtype=np.int64))) == 0
