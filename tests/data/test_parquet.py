"""Parquet files of other programs go through the checks of our own CSV layout."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import DataError
from data.load import load_bars

START = datetime.fromisoformat("2017-03-15T00:00:00")
HOURS = [START + timedelta(hours=k) for k in range(4)]
SECONDS = [int(hour.replace(tzinfo=UTC).timestamp()) for hour in HOURS]
CLOSES = [1.061, 1.062, 1.063, 1.064]


def write(path: Path, time: Any, **columns: Any) -> Path:
    prices = {
        "open": CLOSES,
        "high": [price + 0.001 for price in CLOSES],
        "low": [price - 0.001 for price in CLOSES],
        "close": CLOSES,
    }
    pq.write_table(pa.table({"time": time, **prices, **columns}), path)
    return path


@pytest.mark.parametrize(
    "time",
    [
        pa.array(HOURS, pa.timestamp("ns")),
        pa.array(HOURS, pa.timestamp("ms")),
        pa.array([hour.replace(tzinfo=UTC) for hour in HOURS], pa.timestamp("us", "America/New_York")),
        pa.array([second * 1_000_000_000 for second in SECONDS]),
        pa.array([second * 1000 for second in SECONDS]),
        pa.array(SECONDS),
        pa.array([f"{hour.isoformat()}Z" for hour in HOURS]),
        pa.array([f"{hour.isoformat()}Z" for hour in HOURS]).dictionary_encode(),
    ],
    ids=["ns", "ms", "zoned", "int ns", "int ms", "int s", "text", "categories"],
)
def test_times_of_every_kind_give_the_same_bars(tmp_path: Path, time: Any) -> None:
    (bars,) = load_bars(write(tmp_path / "EURUSD_H1.parquet", time, volume=[1, 2, 3, 4], spread=[0.0001] * 4)).bars
    assert (bars.symbol, bars.timeframe) == ("EURUSD", "H1")
    assert bars.ts_open.tolist() == [second * 1_000_000_000 for second in SECONDS]
    assert bars.close.tolist() == CLOSES
    assert bars.volume.tolist() == [1, 2, 3, 4]
    assert np.allclose(bars.spread, 0.0001)


def refusal(path: Path, **stated: Any) -> DataError:
    with pytest.raises(DataError) as refused:
        load_bars(path, **stated)
    return refused.value


def test_what_the_name_does_not_say_is_asked_or_stated(tmp_path: Path) -> None:
    path = write(tmp_path / "prices.pq", pa.array(HOURS), ask=[price + 0.0002 for price in CLOSES], note=["x"] * 4)
    assert refusal(path).code == "RW717"
    loaded = load_bars(path, symbol="EURUSD", timeframe="H1")
    assert np.allclose(loaded.bars[0].spread, 0.0002)
    assert "RW768" in [warning.code for warning in loaded.warnings]
    assert refusal(path, symbol="EURUSD", timeframe="H1", spread=500.0).code == "RW732"


def test_days_and_the_index_of_a_frame(tmp_path: Path) -> None:
    days = pa.array([date(2017, 3, 13) + timedelta(days=k) for k in range(4)])
    path = write(tmp_path / "EURUSD_D1.parquet", days)
    table = pq.read_table(path).rename_columns(["__index_level_0__", "Open", "High", "Low", "Close"])
    pq.write_table(table, path)
    (bars,) = load_bars(path).bars
    assert (bars.timeframe, len(bars)) == ("D1", 4)


@pytest.mark.parametrize(
    ("columns", "code", "says"),
    [
        ({"close": [1.061, None, 1.063, 1.064]}, "RW706", "bar 1: close is empty"),
        ({"close": [1.061, float("nan"), 1.063, 1.064]}, "RW706", "bar 1: close is nan"),
        ({"close": [1.061, 9.0, 1.063, 1.064]}, "RW710", "bar 1: close 9 is above high"),
        ({"close": [[1.0]] * 4}, "RW705", "is not a number"),
        ({"spread": [8.0] * 4}, "RW734", "bar 0: spread 8"),
        ({"Open": CLOSES}, "RW704", "“open” twice"),
    ],
)
def test_bad_rows_are_named_by_bar(tmp_path: Path, columns: dict[str, Any], code: str, says: str) -> None:
    error = refusal(write(tmp_path / "EURUSD_H1.parquet", pa.array(HOURS), **columns))
    assert error.code == code
    assert says in error.sentence or code == "RW705"


def test_no_rows_no_columns_no_times(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD_H1.parquet"
    pq.write_table(pa.table({"close": [1.0]}), path)
    assert refusal(path).code == "RW704"
    assert "“time”" in refusal(path).sentence
    pq.write_table(pq.read_table(write(path, pa.array(HOURS))).slice(0, 0), path)
    assert refusal(path).code == "RW703"
    assert refusal(write(path, pa.array([1, 2, 3, 4]))).code == "RW719"
    assert refusal(write(path, pa.array(HOURS[:2] * 2))).code in ("RW708", "RW709")


def test_local_offsets_are_converted(tmp_path: Path) -> None:
    zone = timezone(timedelta(hours=2))
    texts = [hour.replace(tzinfo=UTC).astimezone(zone).isoformat() for hour in HOURS]
    (bars,) = load_bars(write(tmp_path / "EURUSD_H1.parquet", pa.array(texts))).bars
    assert bars.ts_open[0] == SECONDS[0] * 1_000_000_000
