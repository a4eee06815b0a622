"""Parquet and our CSV: what is written comes back, and what is damaged is noticed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.arrow import to_numpy
from data.bars import COLUMNS, Bars
from data.errors import DataError
from data.load import load_bars
from data.sources.own import write_csv
from data.store import read_parquet, write_parquet
from data.synthetic import generate

Steady = Callable[..., Bars]
NAMES = st.sampled_from(["eurusd_m15", "gold_m15", "btc_h1", "us500_d1", "pair_h1"])


def same(a: Bars, b: Bars) -> None:
    assert (a.symbol, a.timeframe, a.sha256) == (b.symbol, b.timeframe, b.sha256)
    assert (a.synthetic, a.spread_stated) == (b.synthetic, b.spread_stated)
    for name in COLUMNS:
        assert np.array_equal(getattr(a, name), getattr(b, name), equal_nan=True), name


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, seed=st.integers(0, 1000), bars=st.integers(30, 400))
def test_both_formats_give_back_what_was_written(tmp_path: Path, name: str, seed: int, bars: int) -> None:
    made = generate(name, seed=seed, bars=bars)[0]
    write_parquet(made, tmp_path / "bars.parquet")
    write_csv(made, tmp_path / "bars.csv")
    same(read_parquet(tmp_path / "bars.parquet", "x"), made)
    same(load_bars(tmp_path / "bars.csv").bars[0], made)


def test_flags_and_unknown_volume_survive(tmp_path: Path, steady: Steady) -> None:
    times = ["2017-03-15 00:00", "2017-03-15 01:00"]
    bars = steady("EURUSD", "H1", times, volume=None, spread_stated=True, source="Café, “quoted”")
    write_parquet(bars, tmp_path / "bars.parquet")
    read = load_bars(tmp_path / "bars.parquet").bars[0]
    same(read, bars)
    assert read.source == "Café, “quoted”"
    write_csv(bars, tmp_path / "bars.csv")
    same(load_bars(tmp_path / "bars.csv").bars[0], bars)


def code(path: Path) -> str:
    with pytest.raises(DataError) as refused:
        load_bars(path)
    return refused.value.code


def test_what_is_not_ours_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bars.parquet"
    assert code(path) == "RW726"
    path.write_bytes(b"PAR1 this is not parquet PAR1")
    assert code(path) == "RW728"
    metadata = {"rulewright.format": "0"}
    pq.write_table(pa.table({"close": [1.0]}).replace_schema_metadata(metadata), path)
    assert code(path) == "RW730"


def test_a_changed_number_is_noticed(tmp_path: Path, steady: Steady) -> None:
    path = tmp_path / "bars.parquet"
    write_parquet(steady("EURUSD", "H1", ["2017-03-15 00:00", "2017-03-15 01:00"]), path)
    with pq.ParquetFile(path) as file:
        table = file.read()
    changed = table.set_column(6, "volume", pa.array([1.0, 2.5]))
    pq.write_table(changed.replace_schema_metadata(table.schema.metadata), path)
    assert code(path) == "RW730"
    broken = table.set_column(4, "low", pa.array([1.0, -2.5]))
    pq.write_table(broken.replace_schema_metadata(table.schema.metadata), path)
    assert code(path) == "RW707"


def test_a_stated_spread_and_symbol_apply_to_stored_bars(tmp_path: Path, steady: Steady) -> None:
    path = tmp_path / "bars.parquet"
    write_parquet(steady("EURUSD", "H1", ["2017-03-15 00:00", "2017-03-15 01:00"]), path)
    stated = load_bars(path, spread=1.5, symbol="EURUSD.m").bars[0]
    assert np.allclose(stated.spread, 0.00015, rtol=1e-12)
    assert stated.spread_stated
    with pytest.raises(DataError) as refused:
        load_bars(path, symbol="GBPUSD")
    assert refused.value.code == "RW721"


def test_arrow_columns_with_nulls_and_in_chunks() -> None:
    chunked = pa.chunked_array([pa.array([1, None], pa.int32()), pa.array([3], pa.int32())])
    assert to_numpy(chunked).tolist()[::2] == [1, 3]
    assert np.isnan(to_numpy(chunked)[1])
    assert to_numpy(pa.array([True, False])).tolist() == [True, False]
    assert to_numpy(pa.array([1.5, 2.5, 3.5]).slice(1)).tolist() == [2.5, 3.5]
    assert len(to_numpy(pa.chunked_array([], pa.float64()))) == 0


def test_reading_prices_never_loads_pandas(tmp_path: Path, steady: Steady) -> None:
    """It would cost a second and a hundred megabytes in every backtest."""
    write_parquet(steady("EURUSD", "H1", ["2017-03-15 00:00", "2017-03-15 01:00"]), tmp_path / "bars.parquet")
    script = f"""
import sys
from data.load import load_bars
from data.market import Market
bars = load_bars({str(tmp_path / "bars.parquet")!r}).bars
load_bars("samples/eurusd_h1.csv")
Market(bars).rate("JPY", "CHF", bars[0].ts_close)
print(*sorted({{"pandas", "polars", "talib"}} & set(sys.modules)))
"""
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.split() == []
