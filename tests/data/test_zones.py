"""Zones: the same answers as zoneinfo, and stated answers for times that a clock skips or repeats."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clocks import clock_minutes, resolve_zone
from data.errors import DataError
from data.zones import clock_of, to_local, to_utc

NS = 1_000_000_000


def ns(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * NS


def utc(local: str, zone: str, *, last: bool = False) -> str:
    instant = int(to_utc(np.array([ns(local)]), zone, last=last)[0])
    return datetime.fromtimestamp(instant // NS, UTC).strftime("%Y-%m-%d %H:%M")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seconds=st.lists(st.integers(0, 2_200_000_000), min_size=1, max_size=20),
    zone=st.sampled_from(["America/New_York", "Europe/London", "Asia/Tokyo", "Australia/Sydney", "Europe/Athens"]),
)
def test_local_time_is_that_of_zoneinfo(seconds: list[int], zone: str) -> None:
    ts = np.array(seconds, dtype=np.int64) * NS
    for unsorted in (ts, np.sort(ts)):
        for instant, local in zip(unsorted.tolist(), to_local(unsorted, zone).tolist(), strict=True):
            offset = datetime.fromtimestamp(instant // NS, ZoneInfo(zone)).utcoffset()
            assert offset is not None
            assert local - instant == int(offset.total_seconds()) * NS


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seconds=st.lists(st.integers(0, 2_200_000_000), min_size=1, max_size=20),
    zone=st.sampled_from(["America/New_York", "London", "New_York+7", "UTC+5:30"]),
)
def test_local_time_comes_back_as_the_instant_or_its_twin(seconds: list[int], zone: str) -> None:
    ts = np.array(seconds, dtype=np.int64) * NS
    local = to_local(ts, zone)
    first, last = to_utc(local, zone), to_utc(local, zone, last=True)
    assert ((first == ts) | (last == ts)).all()
    assert (first <= last).all()
    assert (to_local(first, zone) == local).all()


def test_new_york_and_london_change_on_different_sundays() -> None:
    """From 12 to 26 March 2017 the distance is four hours instead of five."""
    assert utc("2017-03-10 17:00", "New_York") == "2017-03-10 22:00"
    assert utc("2017-03-13 17:00", "New_York") == "2017-03-13 21:00"
    assert utc("2017-03-24 08:00", "London") == "2017-03-24 08:00"
    assert utc("2017-03-27 08:00", "London") == "2017-03-27 07:00"


@pytest.mark.parametrize("last", [False, True])
def test_a_skipped_minute_is_the_next_existing_one(last: bool) -> None:
    """London jumps from 01:00 to 02:00 on 26 March 2017, which is 01:00 UTC."""
    assert utc("2017-03-26 00:59", "London", last=last) == "2017-03-26 00:59"
    assert utc("2017-03-26 01:00", "London", last=last) == "2017-03-26 01:00"
    assert utc("2017-03-26 01:30", "London", last=last) == "2017-03-26 01:00"
    assert utc("2017-03-26 02:00", "London", last=last) == "2017-03-26 01:00"
    assert utc("2017-03-26 02:01", "London", last=last) == "2017-03-26 01:01"


def test_a_repeated_minute_is_the_first_or_the_last_as_asked() -> None:
    """London lives 01:00 to 02:00 twice on 29 October 2017."""
    assert utc("2017-10-29 00:59", "London") == "2017-10-28 23:59"
    assert utc("2017-10-29 01:30", "London") == "2017-10-29 00:30"
    assert utc("2017-10-29 01:30", "London", last=True) == "2017-10-29 01:30"
    assert utc("2017-10-29 02:00", "London") == "2017-10-29 02:00"
    assert utc("2017-10-29 00:59", "London", last=True) == "2017-10-28 23:59"


def test_clock_of_gives_the_local_date_and_minute() -> None:
    days, minutes = clock_of(np.array([ns("2017-03-12 06:59"), ns("2017-03-12 07:00")]), "New_York")
    assert days.astype("datetime64[D]").astype(str).tolist() == ["2017-03-12", "2017-03-12"]
    assert minutes.tolist() == [1 * 60 + 59, 3 * 60]


def test_server_midnight_is_seventeen_hours_new_york_on_both_sides_of_the_change() -> None:
    for local in ("2017-03-11 00:00", "2017-03-14 00:00"):
        assert utc(local, "server") == utc(local, "New_York+7")
    assert utc("2017-03-11 00:00", "server") == "2017-03-10 22:00"
    assert utc("2017-03-14 00:00", "server") == "2017-03-13 21:00"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("London", ("Europe/London", 0)),
        ("new_york", ("America/New_York", 0)),
        ("New York", ("America/New_York", 0)),
        ("UTC", ("UTC", 0)),
        ("UTC+2", ("UTC", 7200)),
        ("GMT-05:30", ("UTC", -19800)),
        ("New_York+7", ("America/New_York", 25200)),
        ("Asia/Kolkata", ("Asia/Kolkata", 0)),
    ],
)
def test_names_of_zones(name: str, expected: tuple[str, int]) -> None:
    assert resolve_zone(name) == expected


@pytest.mark.parametrize("name", ["Lodnon", "UTC+25", "", "../etc/passwd", "+7", "Mars/Base"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(DataError) as refused:
        resolve_zone(name)
    assert refused.value.code == "RW729"


def test_no_times_give_no_times() -> None:
    empty = np.zeros(0, dtype=np.int64)
    assert len(to_utc(empty, "London")) == len(to_local(empty, "London")) == 0


@pytest.mark.parametrize(("clock", "minute"), [("00:00", 0), ("07:30", 450), ("24:00", 1440)])
def test_clock_minutes(clock: str, minute: int) -> None:
    assert clock_minutes(clock) == minute


@pytest.mark.parametrize("clock", ["24:01", "7", "12:60", "ab:cd", "12:5", "-1:00"])
def test_what_is_not_a_clock_time(clock: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - int() and ours
        clock_minutes(clock)
