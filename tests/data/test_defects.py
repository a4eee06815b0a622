"""Defects of real data: each is refused by line, or named in a warning while the bars are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from data.bars import Bars
from data.errors import DataError, DataWarning, reason_of
from data.findings import findings
from data.instruments import find
from data.load import load_bars
from data.sessions import in_session
from data.timeframes import HOUR, MINUTE

At = Callable[[str], int]
Steady = Callable[..., Bars]
Write = Callable[..., Path]

HEADER = "# symbol: EURUSD\n# timeframe: H1\ntime,open,high,low,close,volume,spread\n"
ROW = "2017-03-15T{:02}:00:00Z,1.06,1.07,1.05,1.06,100,0.0001\n"
ROWS = [ROW.format(hour) for hour in range(6)]
EURUSD = find("EURUSD")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(rows: list[str], header: str = HEADER, name: str = "prices.csv") -> Path:
        path = tmp_path / name
        path.write_text(header + "".join(rows), encoding="utf-8")
        return path

    return put


def refusal(path: Path, **stated: object) -> DataError:
    with pytest.raises(DataError) as refused:
        load_bars(path, **stated)  # type: ignore[arg-type]  # options by name
    return refused.value


def warned(path: Path, code: str, **stated: object) -> DataWarning:
    loaded = load_bars(path, **stated)  # type: ignore[arg-type]  # options by name
    return next(warning for warning in loaded.warnings if warning.code == code)


def found(bars: Bars, code: str) -> DataWarning | None:
    return next((w for w in findings(bars, find(bars.symbol)) if w.code == code), None)


def changed(row: int, old: str, new: str) -> list[str]:
    return [text.replace(old, new) if k == row else text for k, text in enumerate(ROWS)]


@pytest.mark.parametrize(
    ("rows", "code", "line", "says"),
    [
        (changed(2, "1.05", "x"), "RW705", 6, "low is “x”, not a number"),
        (changed(2, "1.05", ""), "RW706", 6, "low is empty"),
        (changed(2, "1.05", "null"), "RW706", 6, "low is “null”"),
        (changed(2, "1.05", "NaN"), "RW706", 6, "low is nan"),
        (changed(2, "1.07", "inf"), "RW706", 6, "high is"),
        (changed(2, "1.05", "0"), "RW707", 6, "low is 0"),
        (changed(2, "1.07", "1.02"), "RW710", 6, "high 1.02 is below low 1.05"),
        (changed(2, "0.0001", "-0.0001"), "RW711", 6, "the ask is below the bid"),
        (changed(2, "T02", "T01"), "RW708", 6, "is there already"),
        (changed(4, "T04", "T02"), "RW709", 8, "is before"),
        (changed(5, "T05:00", "T05:23"), "RW713", 9, "it was still forming"),
        (changed(2, "T02:00:00Z", " noon"), "RW719", 6, "is not a time"),
        (changed(2, "2017-03-15T02", "2017-02-30T02"), "RW719", 6, "2017-02-30"),
        (changed(2, "2017-03-15T02:00:00Z", "2017-03-15"), "RW720", 6, "is written otherwise"),
        (changed(2, "2017-03-15T02:00:00Z", "15.03.2017 02:00:00"), "RW720", 6, "is written otherwise"),
        (changed(2, "Z,", "+01:00,1,"), "RW704", 6, "8 fields where the header has 7"),
        (changed(2, ",100,0.0001", ""), "RW704", 6, "5 fields"),
        (changed(2, "1.06,1.07", "111.0,111.0"), "RW731", 6, "111 is far"),
        (changed(2, "1.06,1.07,1.05,1.06", "106,107,105,106"), "RW731", 6, "107 is far"),
    ],
)
def test_a_bad_row_is_named_by_its_line(write: Write, rows: list[str], code: str, line: int, says: str) -> None:
    error = refusal(write(rows))
    assert error.code == code
    assert error.problems[0].line == line
    assert says in error.problems[0].text
    assert f"line {line}" in error.sentence


def test_lines_are_counted_with_blank_ones(write: Write) -> None:
    rows = changed(3, "1.05", "0")
    rows.insert(1, "\n  \n")
    assert refusal(write(rows)).problems[0].line == 9
    rows.append("1,2\n")
    assert refusal(write(rows)).problems[0].line == 12


def test_several_bad_rows_are_all_counted(write: Write) -> None:
    rows = [row.replace("1.05", "?") for row in ROWS * 2]
    error = refusal(write(rows))
    assert error.count == 12
    assert "and 4 more" in error.sentence


def test_decimal_commas_are_recognised(write: Write) -> None:
    rows = [row.replace(",", ";").replace("1.05", "1,05") for row in ROWS]
    error = refusal(write(rows, HEADER.replace(",", ";")))
    assert error.code == "RW705"
    assert "point" in error.hint


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "RW703"), ("\n\n", "RW703"), (HEADER, "RW703"), (HEADER + "\n\n", "RW703"), ("# symbol: EURUSD\n", "RW703")],
)
def test_an_empty_file(write: Write, content: str, code: str) -> None:
    assert refusal(write([], content)).code == code


def test_missing_and_doubled_columns(write: Write) -> None:
    header = HEADER.replace("close", "cloze")
    error = refusal(write(ROWS, header), layout="own")
    assert error.code == "RW704"
    assert "“close”" in error.sentence
    assert refusal(write(ROWS, HEADER.replace("high", "open"))).code == "RW704"


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"PK\x03\x04\xff\xfe\x00", b"\xff" * 50, b"\x1f\x8bxx"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(content)
    assert refusal(path).code in ("RW728", "RW726", "RW714")


def test_several_timeframes_in_one_file(write: Write, at: At) -> None:
    """A terminal that has no hourly bars for old times writes daily ones in their place."""
    days = [f"2017-01-{d:02}T00:00:00Z,1.06,1.07,1.05,1.06,1,0.0001\n" for d in range(1, 32)]
    days += [f"2017-02-{d:02}T00:00:00Z,1.06,1.07,1.05,1.06,1,0.0001\n" for d in range(1, 20)]
    error = refusal(write(days + ROWS * 0 + [ROW.format(h) for h in range(24)]))
    assert error.code == "RW712"
    assert "D1" in error.sentence
    minutes = [f"2017-03-15T06:{m:02}:00Z,1.06,1.07,1.05,1.06,1,0.0001\n" for m in range(3)]
    assert refusal(write(ROWS + minutes)).code in ("RW712", "RW713")


@pytest.mark.parametrize("factor", [100, 10_000, 100_000])
def test_scaled_prices_say_by_how_much(write: Write, factor: int) -> None:
    rows = [
        f"2017-03-15T{h:02}:00:00Z,{1.06 * factor},{1.07 * factor},{1.05 * factor},{1.06 * factor},1,0\n"
        for h in range(5)
    ]
    error = refusal(write(rows))
    assert error.code == "RW731"
    assert f"{factor:,}" in error.hint


def test_float_noise_is_taken_off_and_told(write: Write) -> None:
    rows = changed(2, "1.06,", "1.0600000000000003,")
    assert "2 prices" in warned(write(rows), "RW752").sentence
    bars = load_bars(write(rows)).bars[0]
    assert bars.sha256 == load_bars(write(ROWS)).bars[0].sha256


def test_zero_spread_is_told(write: Write) -> None:
    assert "1 of 6" in warned(write(changed(2, "0.0001", "0")), "RW751").sentence


def test_history_before_the_instrument_is_told(write: Write) -> None:
    rows = [row.replace("2017", "1971") for row in ROWS]
    assert "older than EURUSD (1999-01-01)" in warned(write(rows), "RW753").sentence


def test_mixed_offsets_in_one_column_are_converted_each_and_told(write: Write) -> None:
    rows = [row.replace("Z", "+01:00") for row in ROWS[:3]] + [row.replace("Z", "+00:00") for row in ROWS[3:]]
    path = write(rows)
    assert "2 UTC offsets" in warned(path, "RW766").sentence
    assert load_bars(path).bars[0].ts_open[3] - load_bars(path).bars[0].ts_open[2] == 2 * HOUR


def daily(dates: list[str], header: str = "Date,Open,High,Low,Close,Adj Close,Volume\n") -> list[str]:
    return [header] + [f"{date},1.06,1.07,1.05,{1.06 + k / 1e4:.4f},1.06,1\n" for k, date in enumerate(dates)]


def test_sunday_stubs_are_told(write: Write) -> None:
    dates = np.arange("2017-03-05", "2017-03-25", dtype="datetime64[D]")
    dates = dates[(dates.astype(np.int64) + 3) % 7 != 5]
    warning = warned(write(daily(dates.astype(str).tolist()), ""), "RW754", symbol="EURUSD")
    assert "short Sunday bars" in warning.sentence


def test_days_shifted_by_a_conversion_are_told(write: Write) -> None:
    """Monday to Friday, each a day early: Sunday to Thursday."""
    dates = np.arange("2017-03-05", "2017-03-25", dtype="datetime64[D]")
    dates = dates[(dates.astype(np.int64) + 4) % 7 < 5]
    warning = warned(write(daily(dates.astype(str).tolist()), ""), "RW754", symbol="EURUSD")
    assert "shifted by a day" in warning.sentence


def test_adjusted_closes_are_not_mixed_in(write: Write) -> None:
    path = write(daily(["2017-03-13", "2017-03-14", "2017-03-15"]), "")
    assert "“Adj Close” differs" in warned(path, "RW763", symbol="EURUSD").sentence
    assert load_bars(path, symbol="EURUSD").bars[0].close.tolist() == [1.06, 1.0601, 1.0602]


def weeks(at: At, first: str, last: str, step: int = HOUR) -> np.ndarray:
    ts = np.arange(at(first), at(last), step)
    return ts[in_session(ts, EURUSD)]


def test_row_caps_are_told(steady: Steady, at: At) -> None:
    opened = np.arange(at("2010-01-01 00:00"), at("2010-01-01 00:00") + 57_600 * HOUR, HOUR)
    assert found(steady("BTCUSD", "H1", opened), "RW755") is not None
    assert found(steady("BTCUSD", "H1", opened[1:]), "RW755") is None


def test_holes_of_days_are_told_and_weekends_and_golds_pause_are_not(steady: Steady, at: At) -> None:
    opened = weeks(at, "2017-03-05 22:00", "2017-03-31 00:00")
    assert found(steady("EURUSD", "H1", opened), "RW756") is None
    kept = opened[(opened < at("2017-03-14 00:00")) | (opened > at("2017-03-16 10:00"))]
    warning = found(steady("EURUSD", "H1", kept), "RW756")
    assert warning is not None
    assert "from 2017-03-14 00:00 to 2017-03-16 11:00" in warning.sentence
    gold = np.arange(at("2017-03-05 22:00"), at("2017-03-31 00:00"), HOUR)
    gold = gold[in_session(gold, find("XAUUSD"))]
    assert found(steady("XAUUSD", "H1", gold), "RW756") is None


def test_filled_weekends_are_told(steady: Steady, at: At) -> None:
    opened = np.arange(at("2017-03-06 00:00"), at("2017-03-20 00:00"), HOUR)
    warning = found(steady("EURUSD", "H1", opened), "RW757")
    assert warning is not None
    assert "first at 2017-03-10 22:00" in warning.sentence


def test_the_right_clock_is_silent(steady: Steady, at: At) -> None:
    opened = weeks(at, "2017-01-01 22:00", "2017-12-30 00:00")
    assert found(steady("EURUSD", "H1", opened), "RW761") is None
    assert found(steady("EURUSD", "H1", opened), "RW757") is None


def test_a_clock_that_is_wrong_all_the_time_is_told(steady: Steady, at: At) -> None:
    opened = weeks(at, "2017-01-01 22:00", "2017-12-30 00:00") + 2 * HOUR
    warning = found(steady("EURUSD", "H1", opened), "RW761")
    assert warning is not None
    assert "2 h after" in warning.sentence
    assert "the zone is wrong" in warning.sentence


def test_a_server_clock_on_european_dates_is_told(steady: Steady, at: At) -> None:
    """Written on Athens' clock but read as New York + 7: wrong for the weeks between the two changes."""
    from data.zones import to_local, to_utc

    opened = weeks(at, "2017-01-01 22:00", "2017-12-30 00:00")
    read = to_utc(to_local(opened, "Europe/Athens"), "New_York+7")
    warning = found(steady("EURUSD", "H1", np.unique(read)), "RW761")
    assert warning is not None
    assert "other dates" in warning.sentence
    assert "2017-03-12" in warning.sentence


def test_a_regime_that_changes_inside_a_file_is_told(steady: Steady, at: At) -> None:
    opened = weeks(at, "2017-01-01 22:00", "2017-12-30 00:00")
    opened = np.where(opened > at("2017-07-01 00:00"), opened + HOUR, opened)
    warning = found(steady("EURUSD", "H1", opened), "RW761")
    assert warning is not None
    assert "2017-07-02" in warning.sentence


def test_silence_filled_with_the_last_close_is_told(steady: Steady, at: At) -> None:
    opened = weeks(at, "2017-03-05 22:00", "2017-03-09 00:00", MINUTE)
    flat = np.full(len(opened), 1.06)
    bars = steady("EURUSD", "M1", opened, open=flat, high=flat, low=flat, close=flat, volume=0 * flat)
    assert found(bars, "RW758") is not None
    assert found(steady("EURUSD", "M1", opened), "RW758") is None


def test_true_extremes_stay_and_are_named(steady: Steady, at: At) -> None:
    """Sterling on 7 October 2016: 1.26 to 1.1475 and back within minutes."""
    opened = weeks(at, "2016-10-02 21:00", "2016-10-14 00:00")
    close = np.full(len(opened), 1.26) + 0.0003 * (np.arange(len(opened)) % 2)
    low = close - 0.001
    crash = int(np.searchsorted(opened, at("2016-10-06 23:00")))
    low[crash] = 1.1475
    bars = steady("GBPUSD", "H1", opened, open=close, high=close + 0.001, low=low, close=close)
    warning = found(bars, "RW759")
    assert warning is not None
    assert "2016-10-06 23:00" in warning.sentence
    assert bars.low.min() == 1.1475


def test_missing_volume_is_told(steady: Steady) -> None:
    times = ["2017-03-15 00:00", "2017-03-15 01:00"]
    part = found(steady("EURUSD", "H1", times, volume=[0, 5]), "RW760")
    none = found(steady("EURUSD", "H1", times, volume=None), "RW760")
    assert part is not None
    assert "on 1 bars" in part.sentence
    assert none is not None
    assert "has no volume" in none.sentence


def test_opens_that_repeat_the_close_before_are_told() -> None:
    assert "RW767" in [w.code for w in load_bars("samples/us500_d1.csv").warnings]


def test_hours_of_the_exchange_alone_are_no_wrong_clock(steady: Steady, at: At) -> None:
    opened = np.arange(at("2017-01-02 00:30"), at("2017-03-10 00:00"), HOUR)
    hour, weekday = opened // HOUR % 24, (opened // (24 * HOUR) + 3) % 7
    bars = steady("US500", "H1", opened[(hour >= 14) & (hour < 21) & (weekday < 5)])
    assert found(bars, "RW761") is None
    assert found(bars, "RW756") is None


def test_good_bars_have_no_findings(steady: Steady, at: At) -> None:
    bars = steady("EURUSD", "H1", weeks(at, "2017-01-01 22:00", "2017-06-30 00:00"))
    assert findings(bars, EURUSD) == ()


def test_a_row_with_several_defects_is_one_bad_row(write: Write) -> None:
    error = refusal(write(changed(2, "1.06,1.07,1.05,1.06", "0,0,0,0")))
    assert error.count == 1
    assert ": 1 bad row. line 6: " in error.sentence
    assert "more" not in error.sentence


def test_a_change_of_timeframe_is_one_sentence(write: Write) -> None:
    minutes = [
        f"2017-03-15T{h:02}:{m:02}:00Z,1.06,1.07,1.05,1.06,1,0.0001\n" for h in range(9) for m in range(0, 60, 5)
    ]
    hours = [f"2017-03-{d:02}T{h:02}:00:00Z,1.06,1.07,1.05,1.06,1,0.0001\n" for d in (16, 17) for h in range(24)]
    error = refusal(write(minutes + hours, HEADER.replace("H1", "M5")))
    assert error.sentence.endswith("bars are H1 bars, the others M5.")
    assert "bad row" not in error.sentence
    assert "more" not in error.sentence


@pytest.mark.parametrize("start", ["<!DOCTYPE html>", "<html><body>Not found</body>", '<?xml version="1.0"?>'])
@pytest.mark.parametrize("name", ["prices.csv", "prices.csv.gz"])
def test_a_web_page_is_no_price_file(tmp_path: Path, start: str, name: str) -> None:
    path = tmp_path / name
    path.write_text(start + "\n", encoding="utf-8")
    assert refusal(path).code == "RW728"
    assert "a web page, not a price file" in refusal(path).sentence


def test_text_without_columns_is_no_price_file(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv.gz"
    path.write_text("this is no archive\n", encoding="utf-8")
    error = refusal(path)
    assert error.code == "RW728"
    assert "is not a price file: it begins with “this is no archive”" in error.sentence


def test_a_cut_archive_is_damaged_and_not_forbidden(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "prices.csv.gz"
    whole = gzip.compress((HEADER + "".join(ROWS)).encode())
    for content in (whole[:-20], whole[:30] + b"\xff" * 20 + whole[50:]):
        path.write_bytes(content)
        error = refusal(path)
        assert error.code == "RW728"
        assert "damaged or cut off" in error.sentence
        assert "permission" not in error.hint


def test_reasons_of_the_system_end_in_one_full_stop_and_show_no_number() -> None:
    assert reason_of(PermissionError(13, "Permission denied")) == "permission denied"
    assert reason_of(ValueError("Straddling object.\nat 3")) == "straddling object"
    assert reason_of(ValueError()) == "no reason is given"
