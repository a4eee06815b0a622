"""Days of the account: by the wall clock of its zone, stubs of the weekend counted as Monday's."""

import numpy as np

from engine.metrics.days import TradingDays, days_per_year, trading_days, weekdays
from tests.engine.made_up import DAY, HOUR, MONDAY

NEW_YORK = "17:00 America/New_York"
FIRST_LABEL = MONDAY // DAY


def test_a_bar_that_closes_on_the_boundary_ends_its_day():
    closes = MONDAY + np.array([21, 22, 23]) * HOUR  # 17:00 New York is 22:00 UTC in winter
    days = trading_days(closes, NEW_YORK)
    assert days.label.tolist() == [FIRST_LABEL, FIRST_LABEL + 1]
    assert days.last.tolist() == [1, 2]


def test_the_boundary_follows_the_clocks_of_new_york():
    july = MONDAY + 26 * 7 * DAY
    days = trading_days(july + np.array([21, 22]) * HOUR, NEW_YORK)
    assert days.last.tolist() == [0, 1]


def test_midnight_days_are_named_by_their_own_date():
    closes = MONDAY + np.array([1, 24, 25]) * HOUR
    days = trading_days(closes, "00:00 UTC")
    assert days.label.tolist() == [FIRST_LABEL, FIRST_LABEL + 1]
    assert days.last.tolist() == [1, 2]


def test_a_stub_after_the_friday_close_belongs_to_monday():
    week = MONDAY + np.arange(1, 5 * 24) * HOUR  # ends Friday 23:00 UTC, an hour after the New York close
    following = MONDAY + 7 * DAY + np.arange(1, 20) * HOUR
    days = trading_days(np.concatenate((week, following)), NEW_YORK)
    assert days.rests
    assert (days.label - FIRST_LABEL).tolist() == [0, 1, 2, 3, 4, 7]
    assert days.last[-1] == len(week) + len(following) - 1


def test_a_run_that_ends_in_the_stub_keeps_its_last_bar():
    week = MONDAY + np.arange(1, 5 * 24) * HOUR
    days = trading_days(week, NEW_YORK)
    assert (days.label - FIRST_LABEL).tolist() == [0, 1, 2, 3, 4, 7]
    assert days.last[-1] == len(week) - 1


def test_a_market_without_weekends_keeps_all_seven_days():
    days = trading_days(MONDAY + np.arange(1, 14 * 24 + 1) * HOUR, "00:00 UTC")
    assert not days.rests
    assert len(days) == 14


def test_every_bar_belongs_to_exactly_one_day():
    rng = np.random.default_rng(3)
    closes = MONDAY + np.unique(rng.integers(0, 400 * 24, 3_000)) * HOUR
    days = trading_days(closes, NEW_YORK)
    assert days.last[-1] == len(closes) - 1
    assert np.all(np.diff(days.last) > 0)
    assert np.all(np.diff(days.label) > 0)


def test_no_bars_no_days():
    assert len(trading_days(np.empty(0, np.int64), NEW_YORK)) == 0


def test_weekday_is_that_of_the_trading_day():
    moments = MONDAY + np.array([10 * HOUR, 23 * HOUR, 4 * DAY + 23 * HOUR])
    assert weekdays(moments, NEW_YORK, rests=True).tolist() == [0, 1, 0]
    assert weekdays(moments, NEW_YORK, rests=False).tolist() == [0, 1, 5]
    assert weekdays(np.empty(0, np.int64), NEW_YORK, rests=True).tolist() == []


def _spaced(labels: np.ndarray) -> TradingDays:
    return TradingDays(labels, np.arange(len(labels)))


def test_daily_returns_in_a_year():
    every = np.arange(365)
    assert days_per_year(_spaced(every)) == 365
    assert days_per_year(_spaced(every[(every + 3) % 7 < 5])) == 252
    assert days_per_year(_spaced(every[::7])) == 52
    assert days_per_year(_spaced(every[:5])) == 252
