"""Instruments: their facts make sense, and every spelling that brokers use finds the right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import DataError
from data.instruments import Instrument, find, load_instruments

EXAMPLE = """
[US30]
name = "Dow Jones, as a contract for difference"
asset_class = "index"
digits = 1
pip = 1.0
contract_size = 1
base_currency = "USD"
quote_currency = "USD"
lot_min = 0.1
lot_step = 0.1
lot_max = 100
leverage = 20
swap_mode = "percent"
swap_long = -6
swap_short = 1
swap_triple_day = "Friday"
stops_level = 10
typical_spread = 2
day_boundary = "17:00"
zone = "America/New_York"
sessions = [{ days = ["Monday", "Tuesday"], open = "09:30", close = "16:00" }]
aliases = ["DJI"]
"""


def code(symbol: str) -> str:
    with pytest.raises(DataError) as refused:
        find(symbol)
    return refused.value.code


@pytest.mark.parametrize(
    ("spelling", "symbol"),
    [
        ("EURUSD", "EURUSD"),
        ("eurusd", "EURUSD"),
        ("EUR/USD", "EURUSD"),
        ("EURUSD.m", "EURUSD"),
        ("EURUSDm", "EURUSD"),
        ("EURUSD.pro", "EURUSD"),
        ("EURUSDpro", "EURUSD"),
        ("EURUSD_i", "EURUSD"),
        ("EURUSD-ECN", "EURUSD"),
        ("EURUSD#", "EURUSD"),
        ("#EURUSD", "EURUSD"),
        ("FX:EURUSD", "EURUSD"),
        ("EURUSD=X", "EURUSD"),
        ("EURUSD.raw.m", "EURUSD"),
        ("GBPUSD.r", "GBPUSD"),
        ("USDJPYmicro", "USDJPY"),
        ("SPX500", "US500"),
        (".US500", "US500"),
        ("US_500", "US500"),
        ("US500.cash", "US500"),
        ("US500Cash", "US500"),
        ("^GSPC", "US500"),
        ("GOLD", "XAUUSD"),
        ("GOLD.m", "XAUUSD"),
        ("XAUUSDm", "XAUUSD"),
        ("BTC-USD", "BTCUSD"),
    ],
)
def test_every_spelling_finds_its_instrument(spelling: str, symbol: str) -> None:
    assert find(spelling).symbol == symbol


def test_an_unknown_symbol_suggests_the_nearest() -> None:
    with pytest.raises(DataError) as refused:
        find("EURUDS")
    assert refused.value.code == "RW701"
    assert "EURUSD" in refused.value.hint


@pytest.mark.parametrize("symbol", ["", "EUR", "EURUSDEURUSD", "AAPL", ".", "USD", "EURUSD.toolongsuffix"])
def test_what_names_no_instrument(symbol: str) -> None:
    assert code(symbol) == "RW701"


def test_an_ambiguous_spelling_names_the_candidates(tmp_path: Path) -> None:
    extra = tmp_path / "mine.toml"
    extra.write_text(EXAMPLE.replace('"DJI"', '"SP500", "WALL"'), encoding="utf-8")
    instruments = load_instruments(extra)
    assert instruments.find("WALL").symbol == "US30"
    for spelling in ("SP500", "sp500.m"):
        with pytest.raises(DataError) as refused:
            instruments.find(spelling)
        assert refused.value.code == "RW702"
        assert "US30, US500" in refused.value.sentence


def test_a_file_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    extra = tmp_path / "mine.toml"
    extra.write_text(EXAMPLE + EXAMPLE.replace("[US30]", "[US500]").replace("DJI", "SPX500"), encoding="utf-8")
    instruments = load_instruments(extra)
    assert instruments.find("DJI").point == 0.1
    assert instruments.find("SPX500").stops_level == 10
    assert find("SPX500").stops_level == 0
    assert instruments.find("EURUSD") == find("EURUSD")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("digits = 1", "digits = 1.5"), "digits"),
        (("contract_size = 1", "contract_size = 0"), "contract_size"),
        (("lot_min = 0.1", "lot_min = true"), "lot_min"),
        (("leverage = 20\n", ""), "leverage"),
        (("digits = 1", "digits = 1\ncolour = 3"), "colour"),
        (('"Monday"', '"Montag"'), "Montag"),
        (('open = "09:30"', 'open = "17:30"'), "no length"),
        (('zone = "America/New_York"', 'zone = "Nowhere"'), "Nowhere"),
        (('day_boundary = "17:00"', 'day_boundary = "25:00"'), "25:00"),
        (("[US30]", "[US30"), "cannot be read"),
        (("[US30]", 'class = "shares"\n[US30]'), "not a table"),
        (("digits = 1", 'class = "shares"\ndigits = 1'), "defaults.shares"),
    ],
)
def test_a_wrong_file_says_which_fact_is_wrong(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    extra = tmp_path / "mine.toml"
    extra.write_text(EXAMPLE.replace(*change), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        load_instruments(extra)
    assert refused.value.code == "RW727"
    assert says in refused.value.sentence


def test_a_missing_file_is_said() -> None:
    with pytest.raises(DataError) as refused:
        load_instruments(Path("no such file.toml"))
    assert refused.value.code == "RW726"


@pytest.mark.parametrize("instrument", load_instruments().values(), ids=lambda i: i.symbol)
def test_the_shipped_facts_make_sense(instrument: Instrument) -> None:
    assert instrument.point == float(f"1e-{instrument.digits}")
    assert instrument.tick_size >= instrument.point
    assert instrument.pip in (10 * instrument.point, 100 * instrument.point)
    assert instrument.lot_min <= instrument.lot_max
    assert instrument.lot_step <= instrument.lot_min
    assert instrument.plausible[0] < instrument.plausible[1]
    assert instrument.typical_spread > 0
    assert instrument.swap_mode in ("points", "percent")
    assert instrument.asset_class in ("fx", "metal", "index", "crypto", "stock")
    assert instrument.since


def test_ten_points_are_a_pip_and_a_tick_has_its_value() -> None:
    assert find("EURUSD").tick_value == pytest.approx(1.0)
    assert find("USDJPY").tick_value == pytest.approx(100.0)
    assert find("XAUUSD").tick_value == pytest.approx(1.0)
