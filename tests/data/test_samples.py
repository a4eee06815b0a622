"""The embedded prices are what their README says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from data.instruments import find
from data.load import load_bars
from data.money import FIXINGS, fixed_currencies
from data.sessions import in_session

Show = Callable[[int], str]
FOLDER = Path("data/samples")


def test_eurusd_of_2017_is_hourly_utc_within_trading_hours(show: Show) -> None:
    (bars,) = load_bars("samples/eurusd_h1.csv").bars
    assert (len(bars), bars.symbol, bars.timeframe) == (6225, "EURUSD", "H1")
    assert (show(bars.ts_open[0]), show(bars.ts_close[-1])) == ("2017-01-01 22:00", "2017-12-29 22:00")
    assert in_session(bars.ts_open, find("EURUSD")).all()
    assert np.unique(bars.spread).tolist() == [0.00008]
    assert bars.open[0] == 1.05228


def test_us500_is_twenty_years_of_days(show: Show) -> None:
    (bars,) = load_bars("samples/us500_d1.csv").bars
    assert (len(bars), bars.symbol, bars.timeframe) == (5031, "US500", "D1")
    assert show(bars.ts_close[0]) == "1999-01-04 22:00"
    assert bars.close[-1] == 2506.85


def test_fixings_hold_the_major_currencies() -> None:
    assert {"USD", "JPY", "GBP", "CHF", "AUD", "CAD", "NZD", "EUR"} <= fixed_currencies()
    assert FIXINGS.parent.resolve() == FOLDER.resolve()


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 2_500_000


def test_every_file_is_described() -> None:
    described = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        if path.suffix in (".csv", ".parquet"):
            assert f"`{path.name}`" in described
