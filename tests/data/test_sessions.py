"""Trading days, hours and clock windows, on both sides of daylight saving."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.instruments import find
from data.sessions import (
    clock_windows,
    day_end,
    day_start,
    in_session,
    next_trading_day,
    previous_trading_day,
    session_close,
    session_open,
    session_time,
    trading_day,
    trading_day_of_month,
    trading_days_left_in_month,
    trading_weekdays,
    weekday_of,
    window_of,
)
from data.timeframes import HOUR

At = Callable[[str], int]
Show = Callable[[int], str]

EURUSD, GOLD, BITCOIN = find("EURUSD"), find("XAUUSD"), find("BTCUSD")


def day(text: str) -> np.ndarray:
    return np.array([text], dtype="datetime64[D]").astype(np.int64)


def date_of(days: np.ndarray) -> str:
    return str(days.astype("datetime64[D]")[0])


@pytest.mark.parametrize(
    ("time", "trading"),
    [
        ("2017-03-10 21:59", "2017-03-10"),  # Friday, winter: the day ends at 22:00 UTC
        ("2017-03-12 21:00", "2017-03-13"),  # Sunday evening belongs to Monday; summer began that morning
        ("2017-03-13 20:59", "2017-03-13"),
        ("2017-03-13 21:00", "2017-03-14"),  # summer: the day begins at 21:00 UTC
        ("2017-11-03 20:59", "2017-11-03"),
        ("2017-11-05 22:00", "2017-11-06"),
        ("2017-03-11 12:00", "2017-03-13"),  # Saturday has no day of its own
    ],
)
def test_the_currency_day_ends_at_17_new_york(time: str, trading: str, at: At) -> None:
    assert date_of(trading_day(np.array([at(time)]), EURUSD)) == trading


def test_the_crypto_day_is_utc(at: At) -> None:
    assert date_of(trading_day(np.array([at("2017-03-11 23:59")]), BITCOIN)) == "2017-03-11"
    assert date_of(trading_day(np.array([at("2017-03-12 00:00")]), BITCOIN)) == "2017-03-12"


@pytest.mark.parametrize(
    ("date", "begin", "end"),
    [
        ("2017-03-10", "2017-03-09 22:00", "2017-03-10 22:00"),
        ("2017-03-13", "2017-03-12 21:00", "2017-03-13 21:00"),
        ("2017-11-06", "2017-11-05 22:00", "2017-11-06 22:00"),
    ],
)
def test_days_begin_and_end_on_the_local_clock(date: str, begin: str, end: str, show: Show) -> None:
    assert show(day_start(day(date), EURUSD)[0]) == begin
    assert show(day_end(day(date), EURUSD)[0]) == end


def test_gold_pauses_for_an_hour_and_currencies_do_not(at: At, show: Show) -> None:
    pause = np.array([at("2017-03-15 21:30")])
    assert not in_session(pause, GOLD)[0]
    assert in_session(pause, EURUSD)[0]
    assert show(session_open(day("2017-03-15"), GOLD)[0]) == "2017-03-14 22:00"
    assert show(session_close(day("2017-03-15"), GOLD)[0]) == "2017-03-15 21:00"
    assert show(session_close(day("2017-03-17"), EURUSD)[0]) == "2017-03-17 21:00"


@pytest.mark.parametrize(
    ("time", "open_"),
    [
        ("2017-03-10 21:59", True),
        ("2017-03-10 22:00", False),
        ("2017-03-12 20:59", False),
        ("2017-03-12 21:00", True),
        ("2017-03-11 12:00", False),
    ],
)
def test_the_market_is_closed_at_weekends(time: str, open_: bool, at: At) -> None:
    assert bool(in_session(np.array([at(time)]), EURUSD)[0]) is open_
    assert in_session(np.array([at(time)]), BITCOIN)[0]


def test_open_time_between_two_instants_leaves_the_weekend_out(at: At) -> None:
    friday, sunday, monday = (at(t) for t in ("2017-03-17 20:00", "2017-03-19 22:00", "2017-03-20 21:00"))
    reached = session_time(np.array([friday, sunday, monday]), EURUSD)
    assert (np.diff(reached) / HOUR).tolist() == [2.0, 23.0]
    assert (np.diff(session_time(np.array([friday, sunday]), BITCOIN)) / HOUR).tolist() == [50.0]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 60 * 365 * 24 * 60), min_size=2, max_size=30))
def test_open_time_never_runs_backward_nor_faster_than_time(minutes: list[int]) -> None:
    ts = np.sort(np.array(minutes, dtype=np.int64)) * 60_000_000_000
    for instrument in (EURUSD, GOLD, BITCOIN):
        passed = np.diff(session_time(ts, instrument))
        assert (passed >= -HOUR).all()
        assert (passed <= np.diff(ts) + HOUR).all()


def test_weekdays() -> None:
    assert weekday_of(day("2017-03-15")).tolist() == [2]
    assert trading_weekdays(EURUSD) == (True,) * 5 + (False, False)
    assert trading_weekdays(BITCOIN) == (True,) * 7
    assert date_of(next_trading_day(day("2017-03-11"), EURUSD)) == "2017-03-13"
    assert date_of(previous_trading_day(day("2017-03-12"), EURUSD)) == "2017-03-10"
    assert date_of(next_trading_day(day("2017-03-13"), EURUSD)) == "2017-03-13"


@pytest.mark.parametrize(
    ("date", "number", "left"),
    [("2017-03-01", 1, 22), ("2017-03-15", 11, 12), ("2017-03-31", 23, 0), ("2017-04-03", 1, 19)],
)
def test_trading_days_of_the_month_are_counted_by_weekday(date: str, number: int, left: int) -> None:
    assert trading_day_of_month(day(date), EURUSD).tolist() == [number]
    assert trading_days_left_in_month(day(date), EURUSD).tolist() == [left]


def test_a_bar_is_inside_a_window_only_as_a_whole(at: At) -> None:
    opened = np.array([at(f"2017-01-10 {h:02}:00") for h in (6, 7, 8, 9, 10)])
    inside, days, _ = window_of(opened, opened + HOUR, "07:00", "09:30", "London")
    assert inside.tolist() == [False, True, True, False, False]
    assert date_of(days[1:2]) == "2017-01-10"


def test_a_window_across_midnight_belongs_to_its_first_date(at: At) -> None:
    times = ["2017-01-10 21:00", "2017-01-10 22:00", "2017-01-11 00:00", "2017-01-11 06:00", "2017-01-11 07:00"]
    opened = np.array([at(t) for t in times])
    inside, days, _ = window_of(opened, opened + HOUR, "22:00", "07:00", "London")
    assert inside.tolist() == [False, True, True, True, False]
    assert {date_of(days[k : k + 1]) for k in (1, 2, 3)} == {"2017-01-10"}


def test_windows_follow_the_clock_and_not_utc(show: Show) -> None:
    """London's 07:00 is 07:00 UTC in winter and 06:00 in summer."""
    windows = clock_windows(int(day("2017-03-24")[0]), int(day("2017-03-27")[0]), "07:00", "09:00", "London")
    assert show(windows.start[0]) == "2017-03-24 07:00"
    assert show(windows.start[3]) == "2017-03-27 06:00"


def test_a_window_that_begins_in_the_skipped_hour_begins_with_the_next_minute(show: Show) -> None:
    windows = clock_windows(int(day("2017-03-26")[0]), int(day("2017-03-26")[0]), "01:15", "03:00", "London")
    assert (show(windows.start[0]), show(windows.end[0])) == ("2017-03-26 01:00", "2017-03-26 02:00")


def test_a_repeated_hour_widens_the_window_on_both_ends(show: Show) -> None:
    """01:15 happens twice on 29 October: it begins with the first and ends with the last."""
    only = int(day("2017-10-29")[0])
    windows = clock_windows(only, only, "01:15", "01:45", "London")
    assert (show(windows.start[0]), show(windows.end[0])) == ("2017-10-29 00:15", "2017-10-29 01:45")


def test_equal_ends_are_the_whole_day(at: At) -> None:
    opened = np.array([at("2017-01-10 05:00")])
    inside, days, _ = window_of(opened, opened + HOUR, "17:00", "17:00", "New_York")
    assert inside.all()
    assert date_of(days) == "2017-01-09"


def test_no_bars_have_no_windows() -> None:
    empty = np.zeros(0, dtype=np.int64)
    inside, days, _ = window_of(empty, empty, "07:00", "09:00", "London")
    assert len(inside) == len(days) == 0
