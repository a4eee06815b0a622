"""Higher bars: right edges, nothing before its time, and the laws that make them trustworthy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.bars import COLUMNS, Bars, make_bars
from data.errors import DataError
from data.instruments import find
from data.resample import resample
from data.sessions import in_session
from data.timeframes import DAY, HOUR, MINUTE, parse_timeframe

Steady = Callable[..., Bars]
Show = Callable[[int], str]
At = Callable[[str], int]

EURUSD, GOLD, BITCOIN = find("EURUSD"), find("XAUUSD"), find("BTCUSD")


def hours(at: At, first: str, last: str) -> np.ndarray:
    ts = np.arange(at(first), at(last), HOUR)
    return ts[in_session(ts, EURUSD)]


def test_a_four_hour_bar_of_hourly_bars(steady: Steady, show: Show) -> None:
    bars = steady("EURUSD", "H1", [f"2017-03-15 {h:02}:00" for h in range(9)])
    four = resample(bars, "H4", EURUSD)
    assert [show(t) for t in four.ts_open] == ["2017-03-15 00:00", "2017-03-15 04:00"]
    assert [show(t) for t in four.ts_close] == ["2017-03-15 04:00", "2017-03-15 08:00"]
    assert four.open.tolist() == bars.open[[0, 4]].tolist()
    assert four.close.tolist() == bars.close[[3, 7]].tolist()
    assert four.high.tolist() == bars.high[[3, 7]].tolist()
    assert four.low.tolist() == bars.low[[0, 4]].tolist()
    assert four.volume.tolist() == [1 + 2 + 3 + 4, 5 + 6 + 7 + 8]
    assert four.spread.tolist() == bars.spread[[3, 7]].tolist()
    assert four.timeframe == "H4"
    assert "built from H1" in four.source


def test_the_last_period_counts_once_its_end_was_reached(steady: Steady) -> None:
    eight = steady("EURUSD", "H1", [f"2017-03-15 {h:02}:00" for h in range(8)])
    assert len(resample(eight, "H4", EURUSD)) == 2
    assert len(resample(eight.span(0, 7), "H4", EURUSD)) == 1


def test_a_gap_makes_no_bar_and_ends_the_one_before(steady: Steady, show: Show) -> None:
    times = ["2017-03-15 00:00", "2017-03-15 02:00", "2017-03-15 09:00", "2017-03-15 12:00", "2017-03-15 15:00"]
    four = resample(steady("EURUSD", "H1", times), "H4", EURUSD)
    assert [show(t) for t in four.ts_open] == ["2017-03-15 00:00", "2017-03-15 08:00", "2017-03-15 12:00"]


def test_a_first_period_that_began_before_the_data_is_left_out(steady: Steady, show: Show) -> None:
    bars = steady("EURUSD", "H1", [f"2017-03-15 {h:02}:00" for h in range(2, 12)])
    assert show(resample(bars, "H4", EURUSD).ts_open[0]) == "2017-03-15 04:00"


def test_a_first_period_that_began_while_the_market_was_closed_is_whole(steady: Steady, at: At, show: Show) -> None:
    bars = steady("EURUSD", "H1", hours(at, "2017-03-12 21:00", "2017-03-13 09:00"))
    four = resample(bars, "H4", EURUSD)
    assert show(four.ts_open[0]) == "2017-03-12 20:00"
    assert four.open[0] == bars.open[0]


def test_currency_days_follow_new_york_through_its_change_of_clock(steady: Steady, at: At, show: Show) -> None:
    bars = steady("EURUSD", "H1", hours(at, "2017-03-08 22:00", "2017-03-14 21:00"))
    days = resample(bars, "D1", EURUSD)
    assert [(show(a), show(b)) for a, b in zip(days.ts_open, days.ts_close, strict=True)] == [
        ("2017-03-08 22:00", "2017-03-09 22:00"),
        ("2017-03-09 22:00", "2017-03-10 22:00"),
        ("2017-03-12 21:00", "2017-03-13 21:00"),
        ("2017-03-13 21:00", "2017-03-14 21:00"),
    ]


def test_crypto_days_are_utc_and_include_weekends(steady: Steady, at: At, show: Show) -> None:
    bars = steady("BTCUSD", "H1", np.arange(at("2017-03-10 00:00"), at("2017-03-13 00:00"), HOUR))
    days = resample(bars, "D1", BITCOIN)
    assert [show(t) for t in days.ts_close] == ["2017-03-11 00:00", "2017-03-12 00:00", "2017-03-13 00:00"]


def test_a_week_of_currencies_ends_on_friday_and_one_of_bitcoin_on_sunday(steady: Steady, at: At, show: Show) -> None:
    bars = steady("EURUSD", "H1", hours(at, "2017-03-05 22:00", "2017-03-17 21:00"))
    weeks = resample(bars, "W1", EURUSD)
    assert [(show(a), show(b)) for a, b in zip(weeks.ts_open, weeks.ts_close, strict=True)] == [
        ("2017-03-05 22:00", "2017-03-10 22:00"),
        ("2017-03-12 21:00", "2017-03-17 21:00"),
    ]
    coin = steady("BTCUSD", "H1", np.arange(at("2017-03-06 00:00"), at("2017-03-13 00:00"), HOUR))
    assert show(resample(coin, "W1", BITCOIN).ts_close[0]) == "2017-03-13 00:00"


def test_a_month_ends_with_its_last_trading_day(steady: Steady, at: At, show: Show) -> None:
    """30 April 2017 is a Sunday: April ends on Friday the 28th."""
    bars = steady("EURUSD", "H1", hours(at, "2017-03-31 21:00", "2017-05-02 00:00"))
    months = resample(bars, "MN1", EURUSD)
    assert [(show(months.ts_open[0]), show(months.ts_close[0]))] == [("2017-04-02 21:00", "2017-04-28 21:00")]


def test_two_days_are_counted_from_1970(steady: Steady, at: At, show: Show) -> None:
    coin = steady("BTCUSD", "H1", np.arange(at("1970-01-01 00:00"), at("1970-01-07 00:00"), HOUR))
    assert [show(t) for t in resample(coin, "D2", BITCOIN).ts_open] == [
        "1970-01-01 00:00",
        "1970-01-03 00:00",
        "1970-01-05 00:00",
    ]


def test_48_hours_are_anchored_at_1970(steady: Steady, at: At) -> None:
    coin = steady("BTCUSD", "H1", np.arange(at("2017-03-10 00:00"), at("2017-03-20 00:00"), HOUR))
    two = resample(coin, "H48", BITCOIN)
    assert (two.ts_open % (48 * HOUR) == 0).all()
    assert (np.diff(two.ts_open) == 48 * HOUR).all()
    assert resample(coin, "H4", BITCOIN).timeframe == "H4"


def test_a_bar_outside_trading_days_belongs_to_the_next_one(steady: Steady, at: At, show: Show) -> None:
    saturday = np.array([at("2017-03-11 12:00")])
    times = np.concatenate((hours(at, "2017-03-09 22:00", "2017-03-10 22:00"), saturday))
    times = np.concatenate((times, hours(at, "2017-03-12 21:00", "2017-03-13 21:00")))
    days = resample(steady("EURUSD", "H1", times), "D1", EURUSD)
    assert [show(t) for t in days.ts_close] == ["2017-03-10 22:00", "2017-03-13 21:00"]
    assert show(days.ts_open[1]) == "2017-03-11 12:00"


@pytest.mark.parametrize(("lower", "higher"), [("H4", "D1"), ("H3", "H4"), ("M15", "M20")])
def test_frames_whose_edges_do_not_meet_are_refused(lower: str, higher: str, steady: Steady, at: At) -> None:
    span = parse_timeframe(lower).fixed
    assert span is not None
    times = np.arange(at("2017-03-13 00:00"), at("2017-03-16 00:00"), span)
    with pytest.raises(DataError) as refused:
        resample(steady("EURUSD", lower, times), higher, EURUSD)
    assert refused.value.code == "RW722"


def test_no_complete_period_is_refused(steady: Steady) -> None:
    with pytest.raises(DataError) as refused:
        resample(steady("EURUSD", "H1", ["2017-03-15 00:00"]), "D1", EURUSD)
    assert refused.value.code == "RW722"


def test_the_same_frame_is_the_same_bars(steady: Steady) -> None:
    bars = steady("EURUSD", "H1", ["2017-03-15 00:00"])
    assert resample(bars, "M60", EURUSD) is bars


@st.composite
def minute_bars(draw: st.DrawFn) -> tuple[Bars, str]:
    """Up to twelve days of M15 bars with holes, around changes of the clock or not."""
    instrument = draw(st.sampled_from([EURUSD, GOLD, BITCOIN]))
    start = draw(st.sampled_from(["2017-03-08", "2017-11-01", "2017-06-28", "2016-12-27"]))
    begin = int(np.datetime64(start, "ns").astype(np.int64)) + draw(st.integers(0, 200)) * 15 * MINUTE
    opened = np.arange(begin, begin + draw(st.integers(2, 12)) * DAY, 15 * MINUTE)
    opened = opened[in_session(opened, instrument)]
    kept = np.random.default_rng(draw(st.integers(0, 99))).random(len(opened)) > draw(st.sampled_from([0.0, 0.3, 0.9]))
    opened = opened[kept] if kept.any() else opened[:1]
    steps = np.random.default_rng(draw(st.integers(0, 99))).integers(-9, 10, len(opened))
    close = 100.0 + np.cumsum(steps) / 10
    bars = make_bars(
        instrument.symbol,
        "M15",
        ts_open=opened,
        ts_close=opened + 15 * MINUTE,
        open=close - 0.1,
        high=close + 0.3,
        low=close - 0.3,
        close=close,
        volume=np.ones(len(opened)),
        spread=np.full(len(opened), 0.1),
        source="drawn",
    )
    return bars, instrument.symbol


def try_resample(bars: Bars, timeframe: str, symbol: str) -> Bars | None:
    try:
        return resample(bars, timeframe, find(symbol))
    except DataError:
        return None


def same(a: Bars, b: Bars) -> None:
    for name in COLUMNS:
        assert np.array_equal(getattr(a, name), getattr(b, name)), name


@settings(max_examples=60, deadline=None, derandomize=True)
@given(minute_bars(), st.sampled_from([("H1", "H4"), ("M30", "D1"), ("H1", "W1"), ("H2", "H48"), ("H1", "D2")]))
def test_in_two_steps_is_as_in_one(drawn: tuple[Bars, str], frames: tuple[str, str]) -> None:
    """Only a first period whose beginning and a last one whose end the middle step lost may be missing."""
    bars, symbol = drawn
    middle = try_resample(bars, frames[0], symbol)
    stepped = None if middle is None else try_resample(middle, frames[1], symbol)
    direct = try_resample(bars, frames[1], symbol)
    if middle is None or stepped is None:
        return
    assert direct is not None
    first = int(np.searchsorted(direct.ts_open, stepped.ts_open[0]))
    assert first <= 1
    known = direct.until(int(middle.ts_close[-1]))
    same(known.span(first, len(known)), stepped)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(minute_bars(), st.sampled_from(["H1", "H4", "D1", "W1", "H48"]), st.floats(0, 1))
def test_cutting_the_data_changes_no_bar_that_was_closed(drawn: tuple[Bars, str], frame: str, where: float) -> None:
    bars, symbol = drawn
    whole = try_resample(bars, frame, symbol)
    known = bars.until(int(bars.ts_close[int(where * (len(bars) - 1))]))
    cut = try_resample(known, frame, symbol)
    expected = 0 if whole is None else int(np.searchsorted(whole.ts_close, known.ts_close[-1], side="right"))
    assert (0 if cut is None else len(cut)) == expected
    if cut is not None and whole is not None:
        same(whole.span(0, expected), cut)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(minute_bars(), st.sampled_from(["H1", "H4", "D1", "W1"]))
def test_higher_bars_hold_what_their_lower_bars_hold(drawn: tuple[Bars, str], frame: str) -> None:
    bars, symbol = drawn
    higher = try_resample(bars, frame, symbol)
    if higher is None:
        return
    assert (higher.ts_open[1:] >= higher.ts_close[:-1]).all()
    for k in range(len(higher)):
        inside = (bars.ts_open >= higher.ts_open[k]) & (bars.ts_close <= higher.ts_close[k])
        assert higher.high[k] == bars.high[inside].max()
        assert higher.low[k] == bars.low[inside].min()
        assert higher.volume[k] == bars.volume[inside].sum()
        assert higher.open[k] == bars.open[inside][0]
        assert higher.close[k] == bars.close[inside][-1]
