"""Clock windows, times of day, the bar in progress and the calendar, on both sides of daylight saving."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from data.market import Market
from tests.engine.probe import HOUR, bars, market, probe

nan = float("nan")


def utc(text: str) -> int:
    return int(np.datetime64(text, "ns").astype(np.int64))


def hourly(start: str, count: int, **columns: Any) -> Market:
    """Hourly bars from `start`, each closing one higher than the one before."""
    times = utc(start) + np.arange(count) * HOUR
    prices = 100.0 + np.arange(count)
    return market(prices, open=prices, times=times, **columns)


def clocks(market: Market, found: Any) -> dict[str, float]:
    """The values by the opening time of their bar."""
    times = market.bars("EURUSD", "H1").ts_open.astype("datetime64[ns]").astype("datetime64[m]")
    return {str(t)[5:]: float(v) for t, v in zip(times, found, strict=True)}


def test_a_clock_window_is_unknown_while_open_then_keeps_its_value() -> None:
    prices = hourly("2017-01-10T00:00", 34)
    found = clocks(prices, probe("highest(high, 00:00 to 07:00 London)", prices))
    assert all(np.isnan(found[f"01-10T0{h}:00"]) for h in range(6))
    assert found["01-10T06:00"] == 106, "known at the close of its last bar"
    assert found["01-10T23:00"] == 106, "and kept"
    assert np.isnan(found["01-11T00:00"]), "until the next window starts"
    assert found["01-11T06:00"] == 130


@pytest.mark.parametrize(("name", "value"), [("highest", 106), ("lowest", 100), ("first", 100), ("last", 106)])
def test_what_a_clock_window_can_measure(name: str, value: float) -> None:
    prices = hourly("2017-01-10T00:00", 10)
    assert clocks(prices, probe(f"{name}(close, 00:00 to 07:00 UTC)", prices))["01-10T08:00"] == value


def test_a_window_across_midnight_belongs_to_its_start_day() -> None:
    prices = hourly("2017-01-10T20:00", 12)
    found = clocks(prices, probe("first(close, 22:00 to 02:00 UTC)", prices))
    assert np.isnan(found["01-11T00:00"])
    assert found["01-11T01:00"] == 102
    assert found["01-11T07:00"] == 102


def test_windows_follow_the_clock_of_their_zone() -> None:
    """London goes to summer time on 2017-03-26: 08:00 there is 08:00 UTC before and 07:00 UTC after."""
    prices = hourly("2017-03-23T00:00", 24 * 6)
    found = clocks(prices, probe("first(close, 08:00 to 12:00 London)", prices))
    assert found["03-24T12:00"] == 100 + 24 + 8
    assert found["03-27T12:00"] == 100 + 4 * 24 + 7


def test_a_window_with_under_half_its_bars_is_unknown() -> None:
    """Eight hours; bars of three and of four of them."""
    times = utc("2017-01-10T00:00") + HOUR * np.array([*range(3), *range(8, 11), *range(24, 28), *range(32, 35)])
    prices = 100.0 + np.arange(len(times))
    given = market(prices, open=prices, times=times)
    found = clocks(given, probe("highest(close, 00:00 to 08:00 UTC)", given))
    assert np.isnan(found["01-10T09:00"])
    assert found["01-11T09:00"] == 109


def test_a_window_that_begins_before_the_history_is_unknown_if_most_of_it_is_missing() -> None:
    prices = hourly("2017-01-10T05:00", 6)
    found = clocks(prices, probe("highest(high, 00:00 to 07:00 UTC)", prices))
    assert np.isnan(found["01-10T08:00"])


def test_time_between_takes_whole_bars_only() -> None:
    prices = hourly("2017-01-10T06:00", 8)
    found = clocks(prices, probe("time between 08:30 and 11:00 UTC", prices))
    assert [t[6:8] for t, v in found.items() if v == 2] == ["09", "10"]
    assert set(found.values()) == {0, 2}, "the clock is never unknown"


def test_time_between_wraps_midnight() -> None:
    prices = hourly("2017-01-10T20:00", 8)
    found = clocks(prices, probe("time between 22:00 and 02:00 UTC", prices))
    assert [t[6:8] for t, v in found.items() if v == 2] == ["22", "23", "00", "01"]


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2017-10-28", ["00", "01"]),  # an ordinary day in London's summer: 01:00 to 03:00 there
        ("2017-10-29", ["00", "01", "02"]),  # 01:00 is repeated: from the first 01:00 to 03:00 winter time
        ("2017-03-26", ["01"]),  # 01:00 is skipped: from 02:00 summer time, 01:00 UTC
    ],
)
def test_skipped_and_repeated_wall_times(day: str, hours: list[str]) -> None:
    prices = hourly(f"{day}T00:00", 6)
    found = clocks(prices, probe("time between 01:00 and 03:00 London", prices))
    assert [t[6:8] for t, v in found.items() if v == 2] == hours


def test_the_bar_in_progress_is_built_from_closed_bars() -> None:
    """H4 bars begin at 00:00 and 04:00 UTC."""
    prices = market([5.0, 3.0, 7.0, 6.0, 1.0, 2.0], open=[5.0, 3.0, 7.0, 6.0, 1.0, 2.0])
    assert probe("open so far on H4", prices).tolist() == [5, 5, 5, 5, 1, 1]
    assert probe("high so far on H4", prices).tolist() == [5, 5, 7, 7, 1, 2]
    assert probe("low so far on H4", prices).tolist() == [5, 3, 3, 3, 1, 1]
    assert probe("close so far on H4", prices).tolist() == [5, 3, 7, 6, 1, 2]


def test_a_day_in_progress_begins_at_the_instruments_boundary() -> None:
    """17:00 New York is 22:00 UTC in January; the day that was on when history began is unknown."""
    prices = hourly("2017-01-10T20:00", 30)
    found = clocks(prices, probe("open so far on D1", prices))
    assert np.isnan(found["01-10T21:00"])
    assert found["01-10T22:00"] == 102
    assert found["01-11T21:00"] == 102
    assert found["01-11T22:00"] == 126


def test_the_day_is_the_trading_day() -> None:
    """Sunday evening belongs to Monday, and what follows 17:00 New York on Thursday to Friday."""
    prices = hourly("2017-01-08T21:00", 24 * 5 - 4)
    monday = clocks(prices, probe("day is Monday", prices))
    assert [monday[k] for k in ("01-08T22:00", "01-09T21:00", "01-09T22:00")] == [2, 2, 0]
    weekend = clocks(prices, probe("day is Tuesday or Friday", prices))
    assert [weekend[k] for k in ("01-10T12:00", "01-11T12:00", "01-12T22:00")] == [2, 0, 2]


def test_trading_days_of_the_month_are_weekdays_of_the_calendar() -> None:
    """January 2017 begins on a Sunday: Monday the 2nd is the first trading day, Tuesday the 31st the last."""
    times = [utc(f"2017-01-{day:02}T12:00") for day in (2, 3, 9, 30, 31)]
    given = Market([bars([1.0] * 5, times=np.array(times))])
    assert probe("trading_day_of_month", given).tolist() == [1, 2, 6, 21, 22]
    assert probe("trading_days_left_in_month", given).tolist() == [21, 20, 16, 1, 0]
