"""Readers: each layout as its source writes it, and a question wherever a file leaves one open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.bars import Bars
from data.errors import DataError
from data.load import Loaded, load_bars
from data.timeframes import DAY, HOUR

Show = Callable[[int], str]
Write = Callable[..., Path]

OWN = """\
# symbol: EURUSD
# timeframe: H1
time,open,high,low,close,volume,spread
2017-03-15T08:00:00Z,1.0610,1.0620,1.0600,1.0615,100,0.00008
2017-03-15T09:00:00Z,1.0615,1.0625,1.0605,1.0620,110,0.00009
2017-03-15T10:00:00Z,1.0620,1.0630,1.0610,1.0625,120,0.00010
"""
MT5 = """\
<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>
2017.03.10\t23:00:00\t1.06730\t1.06740\t1.06700\t1.06720\t500\t0\t12
2017.03.13\t00:00:00\t1.06800\t1.06850\t1.06790\t1.06840\t900\t0\t18
2017.03.13\t01:00:00\t1.06840\t1.06860\t1.06830\t1.06850\t800\t0\t7
"""
YAHOO = """\
Date,Open,High,Low,Close,Adj Close,Volume
2017-03-10,2372.52,2376.86,2363.04,2372.60,2372.60,3432950000
2017-03-13,2371.56,2374.42,2368.52,2373.47,2373.47,3133900000
2017-03-14,2368.55,2368.55,2358.18,2365.45,2365.45,3172630000
"""
STOOQ = """\
Date,Open,High,Low,Close,Volume
2017-03-10,2372.52,2376.86,2363.04,2372.60,1906000000
2017-03-13,2371.56,2374.42,2368.52,2373.47,1797000000
2017-03-14,2368.55,2368.55,2358.18,2365.45,1804000000
"""
STOOQ_BULK = """\
<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>
EURUSD,60,20170315,090000,1.0610,1.0620,1.0600,1.0615,0,0
EURUSD,60,20170315,100000,1.0615,1.0625,1.0605,1.0620,0,0
"""
DUKASCOPY = """\
Gmt time,Open,High,Low,Close,Volume
13.03.2017 08:00:00.000,1.06610,1.06700,1.06600,1.06650,1234.5
13.03.2017 09:00:00.000,1.06650,1.06720,1.06640,1.06700,2345.6
13.03.2017 10:00:00.000,1.06700,1.06730,1.06690,1.06710,3456.7
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(text: str | bytes, name: str = "prices.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return put


def refusal(path: Path, **stated: object) -> DataError:
    with pytest.raises(DataError) as refused:
        load_bars(path, **stated)  # type: ignore[arg-type]  # options by name
    return refused.value


def only(loaded: Loaded) -> Bars:
    (bars,) = loaded.bars
    return bars


def codes(loaded: Loaded) -> list[str]:
    return [warning.code for warning in loaded.warnings]


def test_our_own_layout(write: Write, show: Show) -> None:
    bars = only(load_bars(write(OWN)))
    assert (bars.symbol, bars.timeframe, len(bars)) == ("EURUSD", "H1", 3)
    assert [show(t) for t in bars.ts_open] == ["2017-03-15 08:00", "2017-03-15 09:00", "2017-03-15 10:00"]
    assert (bars.ts_close - bars.ts_open == HOUR).all()
    assert bars.close.tolist() == [1.0615, 1.0620, 1.0625]
    assert bars.spread.tolist() == [0.00008, 0.00009, 0.0001]
    assert bars.source.endswith("prices.csv, 2017-03-15 08:00 to 2017-03-15 11:00 UTC")
    assert not bars.spread_stated
    assert not bars.synthetic


def test_mt5_export_in_new_york_plus_seven(write: Write, show: Show) -> None:
    """Server midnight is 17:00 New York: 22:00 UTC before 12 March 2017 and 21:00 UTC after."""
    bars = only(load_bars(write(MT5, "EURUSD_H1_201703100000_201703130100.csv"), zone="New_York+7"))
    assert [show(t) for t in bars.ts_open] == ["2017-03-10 21:00", "2017-03-12 21:00", "2017-03-12 22:00"]
    assert bars.spread.tolist() == [0.00012, 0.00018, 0.00007]
    assert bars.volume.tolist() == [500, 900, 800]
    assert bars.symbol == "EURUSD"


def test_mt5_export_asks_for_the_zone(write: Write) -> None:
    error = refusal(write(MT5, "EURUSD_H1_2017.csv"))
    assert error.code == "RW716"
    assert "--zone" in error.hint


def test_mt5_export_in_utf_16_as_some_builds_write_it(write: Write) -> None:
    path = write(MT5.replace("\n", "\r\n").encode("utf-16"), "EURUSD_H1_2017.csv")
    assert len(only(load_bars(path, zone="UTC+2"))) == 3


def test_mt5_daily_export_has_dates_only(write: Write, show: Show) -> None:
    text = "\n".join(
        ["<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>"]
        + [f"2017.03.{d}\t1.06\t1.07\t1.05\t1.06\t1000\t0\t5" for d in (13, 14, 15)]
    )
    bars = only(load_bars(write(text, "EURUSD_Daily_2017.csv")))
    assert bars.timeframe == "D1"
    assert show(bars.ts_open[0]) == "2017-03-12 21:00"


def test_yahoo_daily_prices_are_days_of_the_instrument(write: Write, show: Show) -> None:
    loaded = load_bars(write(YAHOO), symbol="^GSPC")
    bars = only(loaded)
    assert (bars.symbol, bars.timeframe) == ("US500", "D1")
    assert [show(t) for t in bars.ts_close] == ["2017-03-10 22:00", "2017-03-13 21:00", "2017-03-14 21:00"]
    assert bars.spread_stated
    assert codes(loaded) == ["RW764"]


def test_yfinance_intraday_prices_carry_their_offset(write: Write, show: Show) -> None:
    text = "Datetime,Open,High,Low,Close,Volume\n" + "".join(
        f"{t},2372,2373,2371,2372,10\n"
        for t in ("2017-03-10 14:00:00-05:00", "2017-03-10 15:00:00-05:00", "2017-03-13 10:00:00-04:00")
    )
    loaded = load_bars(write(text), symbol="US500")
    assert [show(t) for t in only(loaded).ts_open] == ["2017-03-10 19:00", "2017-03-10 20:00", "2017-03-13 14:00"]
    assert "RW766" in codes(loaded)


def test_weeks_of_yahoo_begin_on_their_label_and_those_of_stooq_end_on_it(write: Write, show: Show) -> None:
    rows = "2017-03-{},2370,2380,2360,2375,1\n"
    header = "Date,Open,High,Low,Close,Volume\n"
    mondays = header + "".join(rows.format(d) for d in ("06", "13", "20"))
    fridays = header + "".join(rows.format(d) for d in ("10", "17", "24"))
    yahoo = only(load_bars(write(mondays), symbol="US500", layout="yahoo"))
    stooq = only(load_bars(write(fridays), symbol="US500", layout="stooq"))
    assert yahoo.timeframe == stooq.timeframe == "W1"
    assert yahoo.ts_open.tolist() == stooq.ts_open.tolist()
    assert show(yahoo.ts_close[0]) == "2017-03-10 22:00"


def test_months_by_their_last_day(write: Write, show: Show) -> None:
    text = "Date,Open,High,Low,Close,Volume\n" + "".join(
        f"2017-{d},2370,2380,2360,2375,1\n" for d in ("01-31", "02-28", "03-31", "04-30")
    )
    bars = only(load_bars(write(text), symbol="US500", layout="stooq"))
    assert bars.timeframe == "MN1"
    assert show(bars.ts_close[-1]) == "2017-04-28 21:00"


def test_stooq_bulk_files_say_symbol_and_timeframe(write: Write, show: Show) -> None:
    bars = only(load_bars(write(STOOQ_BULK), zone="Europe/Warsaw"))
    assert (bars.symbol, bars.timeframe, show(bars.ts_open[0])) == ("EURUSD", "H1", "2017-03-15 08:00")


def test_stooq_bulk_files_of_several_symbols_are_refused(write: Write) -> None:
    assert refusal(write(STOOQ_BULK + "GBPUSD,60,20170315,110000,1,1,1,1,0,0\n"), zone="UTC").code == "RW712"


def test_dukascopy_says_gmt_and_days_come_first(write: Write, show: Show) -> None:
    loaded = load_bars(write(DUKASCOPY, "EURUSD_Candlestick_1_Hour_BID.csv"))
    assert show(only(loaded).ts_open[0]) == "2017-03-13 08:00"
    assert codes(loaded) == ["RW764"]


def test_dukascopy_without_a_side_is_taken_as_bid_and_says_so(write: Write) -> None:
    assert "RW765" in codes(load_bars(write(DUKASCOPY), symbol="EURUSD"))


def test_only_the_name_of_a_file_tells_the_side_not_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "ask" / "bid"
    folder.mkdir(parents=True)
    (folder / "prices.csv").write_text(OWN, encoding="utf-8")
    assert only(load_bars(folder / "prices.csv")).close[0] == 1.0615


def test_dukascopy_asks_become_bids(write: Write) -> None:
    bars = only(load_bars(write(DUKASCOPY, "EURUSD_Candlestick_1_Hour_ASK.csv"), spread=1.2))
    assert bars.close.tolist() == [1.06638, 1.06688, 1.06698]
    assert np.allclose(bars.spread, 0.00012, rtol=1e-12)
    assert bars.spread_stated
    error = refusal(write(DUKASCOPY, "EURUSD_1_Hour_ASK.csv"), layout="dukascopy")
    assert error.code == "RW714"


def test_dukascopy_local_times_name_their_offset(write: Write, show: Show) -> None:
    text = DUKASCOPY.replace("Gmt time", "Local time").replace(".000,", ".000 GMT+0100,")
    bars = only(load_bars(write(text, "EURUSD_BID.csv")))
    assert show(bars.ts_open[0]) == "2017-03-13 07:00"


def test_dukascopy_zone_in_the_header(write: Write, show: Show) -> None:
    text = DUKASCOPY.replace("Gmt time", "Time (EET)")
    assert show(only(load_bars(write(text, "EURUSD_BID.csv"))).ts_open[0]) == "2017-03-13 06:00"


@pytest.mark.parametrize(
    ("text", "code", "option"),
    [
        (STOOQ, "RW714", "--layout"),
        ("a,b,c\n1,2,3\n", "RW714", "--layout"),
        (YAHOO, "RW717", "--symbol"),
        (OWN.replace("# symbol: EURUSD\n", ""), "RW717", "--symbol"),
        ("# symbol: EURUSD\ntime,open,high,low,close\n2017-03-15T08:00:00Z,1,1,1,1\n", "RW718", "--timeframe"),
    ],
)
def test_what_a_file_leaves_open_is_asked(write: Write, text: str, code: str, option: str) -> None:
    error = refusal(write(text))
    assert error.code == code
    assert option in error.hint


@pytest.mark.parametrize("layout", ["excel", "stooq/year-first", "own/"])
def test_a_layout_that_does_not_exist(write: Write, layout: str) -> None:
    if layout == "own/":
        assert len(only(load_bars(write(OWN), layout=layout))) == 3
    else:
        assert refusal(write(STOOQ), layout=layout, symbol="US500").code == "RW714"


def test_dates_that_could_be_either_way_round_are_asked(write: Write, show: Show) -> None:
    text = "Date,Open,High,Low,Close,Volume\n03/04/2017,1,1,1,1,1\n04/04/2017,1,1,1,1,1\n05/04/2017,1,1,1,1,1\n"
    error = refusal(write(text), layout="stooq", symbol="EURUSD")
    assert error.code == "RW715"
    assert "day-first" in error.hint
    european = only(load_bars(write(text), layout="stooq/day-first", symbol="EURUSD", timeframe="D1"))
    assert show(european.ts_close[0]) == "2017-04-03 21:00"
    american = only(load_bars(write(text), layout="stooq/month-first", symbol="EURUSD", timeframe="MN1"))
    assert show(american.ts_close[0]) == "2017-03-31 21:00"


def test_american_dates_are_told_by_a_day_above_twelve(write: Write, show: Show) -> None:
    text = (
        YAHOO.replace("2017-03-10", "3/10/2017").replace("2017-03-13", "3/13/2017").replace("2017-03-14", "3/14/2017")
    )
    assert show(only(load_bars(write(text), symbol="US500")).ts_close[0]) == "2017-03-10 22:00"


def test_both_orders_in_one_column_are_refused(write: Write) -> None:
    text = (
        YAHOO.replace("2017-03-13", "13/03/2017")
        .replace("2017-03-14", "03/14/2017")
        .replace("2017-03-10", "10/03/2017")
    )
    assert refusal(write(text), symbol="US500").code == "RW720"


def test_a_stated_symbol_that_the_file_contradicts(write: Write) -> None:
    assert refusal(write(OWN), symbol="GBPUSD").code == "RW721"
    assert len(only(load_bars(write(OWN), symbol="EURUSD.m"))) == 3


def test_a_stated_spread_replaces_a_column(write: Write) -> None:
    bars = only(load_bars(write(OWN), spread=2))
    assert np.allclose(bars.spread, 0.0002, rtol=1e-12)
    assert bars.spread_stated


@pytest.mark.parametrize("spread", [-1.0, float("nan"), float("inf")])
def test_an_impossible_spread(write: Write, spread: float) -> None:
    assert refusal(write(OWN), spread=spread).code == "RW732"


def test_semicolons_byte_order_marks_and_compression(write: Write) -> None:
    import gzip

    expected = only(load_bars(write(OWN))).sha256
    assert only(load_bars(write(OWN.replace(",", ";")))).sha256 == expected
    assert only(load_bars(write(b"\xef\xbb\xbf" + OWN.encode()))).sha256 == expected
    assert only(load_bars(write(OWN.replace("\n", "\r\n")))).sha256 == expected
    assert only(load_bars(write(gzip.compress(OWN.encode()), "prices.csv.gz"))).sha256 == expected


def test_daily_bars_of_utc_days_keep_their_own_days(write: Write) -> None:
    """A close that is known at midnight UTC is not used at 17:00 New York."""
    text = "# symbol: EURUSD\ntime,open,high,low,close\n" + "".join(
        f"2017-03-{d}T00:00:00Z,1.06,1.07,1.05,1.06\n" for d in (13, 14, 15)
    )
    loaded = load_bars(write(text))
    bars = only(loaded)
    assert bars.timeframe == "D1"
    assert (bars.ts_close - bars.ts_open == DAY).all()
    assert "RW762" in codes(loaded)


def test_four_hour_bars_on_the_server_clock_are_accepted(write: Write, show: Show) -> None:
    header = "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
    rows = "".join(f"2017.03.14\t{h:02}:00:00\t1.06\t1.07\t1.05\t1.06\t1\t0\t1\n" for h in (0, 4, 8, 12, 16, 20))
    bars = only(load_bars(write(header + rows, "EURUSD_H4_x.csv"), zone="New_York+7"))
    assert show(bars.ts_open[0]) == "2017-03-13 21:00"
    assert (np.diff(bars.ts_open) == 4 * HOUR).all()


def test_epoch_seconds_are_utc(write: Write, show: Show) -> None:
    text = OWN.replace("2017-03-15T08:00:00Z", "1489564800").replace("2017-03-15T09:00:00Z", "1489568400")
    text = text.replace("2017-03-15T10:00:00Z", "1489572000")
    assert show(only(load_bars(write(text))).ts_open[0]) == "2017-03-15 08:00"


def test_daily_times_at_midnight_of_the_exchange_are_dates(write: Write, show: Show) -> None:
    """yfinance writes daily rows so; the days follow the exchange through its change of clock."""
    text = "Date,Open,High,Low,Close,Volume,Dividends\n" + "".join(
        f"{day} 00:00:00-0{hours}:00,2372,2373,2371,2372,10,0\n"
        for day, hours in (("2017-03-09", 5), ("2017-03-10", 5), ("2017-03-13", 4), ("2017-03-14", 4))
    )
    bars = only(load_bars(write(text), symbol="US500"))
    assert (bars.timeframe, show(bars.ts_close[1]), show(bars.ts_close[2])) == (
        "D1",
        "2017-03-10 22:00",
        "2017-03-13 21:00",
    )


@pytest.mark.parametrize("timeframe", ["H4", "H48", "D1", "D2", "W1", "MN1"])
def test_built_bars_can_be_written_and_read(tmp_path: Path, timeframe: str) -> None:
    from data.market import Market
    from data.sources.own import write_csv

    built = Market(load_bars("samples/eurusd_h1.csv").bars).bars("EURUSD", timeframe)
    write_csv(built, tmp_path / "built.csv")
    assert only(load_bars(tmp_path / "built.csv")).sha256 == built.sha256


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_a_file_holds_the_answer_is_bars_or_a_sentence(write: Write, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([OWN, MT5, YAHOO, STOOQ, STOOQ_BULK, DUKASCOPY]))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        put = data.draw(st.text('0123456789.,;:-+TZ \t\n/"#<>aN\x00é', max_size=6))
        text = text[:place] + put + text[place + data.draw(st.integers(0, 8)) :]
    path = write(text, data.draw(st.sampled_from(["EURUSD_H1_x.csv", "prices.csv", "EURUSD_ASK.csv"])))
    options: dict[str, Any] = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "zone": st.sampled_from(["UTC", "New_York+7"]),
                "symbol": st.sampled_from(["EURUSD", "US500"]),
                "timeframe": st.sampled_from(["M1", "H1", "D1", "W1", "MN1"]),
                "layout": st.sampled_from(["own", "mt5", "yahoo", "stooq/day-first", "dukascopy-ask"]),
            },
        )
    )
    with suppress(DataError):
        assert len(only(load_bars(path, **options))) > 0
