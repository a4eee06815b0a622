"""Other timeframes and other symbols: only what is closed, only while it is fresh."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.market import Market
from tests.engine.probe import HOUR, MONDAY, bars, market, probe

nan = float("nan")


def flat(prices: Any, **columns: Any) -> Any:
    """Bars that open where they close."""
    return bars(prices, open=list(prices), **columns)


def test_a_higher_bar_is_known_from_the_close_of_the_base_bar_that_ends_it() -> None:
    prices = [*range(1, 13)]
    found = probe("close on H4", Market([flat(prices)]))
    np.testing.assert_array_equal(found, [nan, nan, nan, 4, 4, 4, 4, 8, 8, 8, 8, 12])


def test_history_inside_a_higher_timeframe_steps_its_own_bars() -> None:
    found = probe("(close[1]) on H4", Market([flat(range(1, 13))]))
    np.testing.assert_array_equal(found[7:], [4, 4, 4, 4, 8])


def test_a_crossing_of_a_higher_timeframe_is_true_on_one_base_bar_only() -> None:
    closes = [1.0] * 4 + [1.0] * 3 + [3.0] + [3.0] * 8
    found = probe("(close crosses above 2) on H4", Market([flat(closes)]))
    assert np.flatnonzero(found == 2).tolist() == [7]
    assert found[8:].tolist() == [0] * 8


def test_a_state_of_a_higher_timeframe_stays() -> None:
    closes = [1.0] * 4 + [3.0] * 8
    assert probe("(close > 2) on H4", Market([flat(closes)])).tolist() == [1, 1, 1, 0, 0, 0, 0, 2, 2, 2, 2, 2]


def test_the_first_base_bar_after_a_gap_hears_of_what_closed_in_it() -> None:
    """The 04:00 bar ends at 08:00, but the next base bar at hand closes at 10:00."""
    hours = np.array([0, 1, 2, 3, 4, 5, 9, 10, 11, 12])
    closes = [1.0] * 4 + [3.0] * 6
    given = Market([flat(closes, times=MONDAY + hours * HOUR)])
    found = probe("(close crosses above 2) on H4", given)
    assert np.flatnonzero(found == 2).tolist() == [6]


def test_another_symbol_is_read_at_its_last_close() -> None:
    given = Market([flat([1.0] * 6), flat(np.array([5.0, 6, 7, 8, 9, 10]), symbol="GBPUSD")])
    assert probe("close of GBPUSD", given).tolist() == [5, 6, 7, 8, 9, 10]


def test_another_symbol_is_unknown_when_two_of_its_bars_are_missing() -> None:
    """Its last bar closed at 02:00: known to 04:00 and no longer."""
    other = flat([5.0, 6.0, 7.0, 8.0], symbol="GBPUSD", times=MONDAY + HOUR * np.array([0, 1, 6, 7]))
    found = probe("close of GBPUSD", Market([flat([1.0] * 8), other]))
    np.testing.assert_array_equal(found, [5, 6, 6, 6, nan, nan, 7, 8])


def test_closed_hours_do_not_make_another_symbol_old() -> None:
    """US500 closes at 17:00 New York on Friday; over the weekend nothing is missing."""
    friday = MONDAY + (4 * 24 + 18) * HOUR
    times = friday + HOUR * np.array([0, 1, 2, 3, 53, 54])
    base = flat([1.0] * 6, symbol="BTCUSD", times=friday + HOUR * np.array([0, 3, 10, 30, 52, 53]))
    other = flat([5.0, 6, 7, 8, 9, 10], symbol="US500", times=times)
    found = probe("close of US500", Market([base, other]), "BTCUSD on H1")
    np.testing.assert_array_equal(found[:4], [5, 8, 8, 8])


def test_pips_of_another_symbol_are_its_own() -> None:
    """A pip of USDJPY is 0.01, one of EURUSD 0.0001."""
    given = Market([flat([1.0] * 2), flat([100.0] * 2, symbol="USDJPY")])
    assert probe("(close + 5 pips) of USDJPY", given).tolist() == [100.05, 100.05]
    assert probe("close + 5 pips", given).tolist() == [1.0005, 1.0005]


def test_rank_among_the_traded_symbols() -> None:
    """1 is the highest; ties go by name; a symbol without a bar or a value does not count."""
    trade = "EURUSD, GBPUSD, AUDUSD on H1"
    given = Market(
        [
            flat([1.0, 2.0, 3.0, 3.0]),
            flat([2.0, 2.0, 2.0, 4.0], symbol="GBPUSD"),
            flat([3.0, 2.0, 9.0], symbol="AUDUSD", times=MONDAY + HOUR * np.array([0, 1, 3])),
        ]
    )
    assert probe("rank(close)", given, trade).tolist() == [3, 2, 1, 3]
    np.testing.assert_array_equal(probe("rank(close[1])", given, trade), [nan, 3, 1, 1])


def test_equal_for_every_last_bit_is_a_tie_in_ranks_too() -> None:
    given = Market([flat([0.1 + 0.2]), flat([0.3], symbol="AUDUSD")])
    assert probe("rank(close)", given, "EURUSD, AUDUSD on H1").tolist() == [2]


def test_a_higher_timeframe_of_one_bar() -> None:
    """A column of one bar is not taken for a constant."""
    found = probe("close on H4", market([1.0, 2, 3, 4, 5, 6]))
    np.testing.assert_array_equal(found, [nan, nan, nan, 4, 4, 4])
