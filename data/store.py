"""Bars as Parquet files of our own schema: eight columns, one row group, facts and hash in the metadata."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from data.arrow import from_numpy, view
from data.bars import COLUMNS, Bars, make_bars
from data.errors import DataError, reason_of

_FORMAT = "1"
_KEY = "rulewright."


def write_parquet(bars: Bars, path: Path) -> None:
    """Write `bars`; `read_parquet` gives the same columns and hash back."""
    facts = {
        "format": _FORMAT,
        "symbol": bars.symbol,
        "timeframe": bars.timeframe,
        "source": bars.source,
        "sha256": bars.sha256,
        "synthetic": str(int(bars.synthetic)),
        "spread_stated": str(int(bars.spread_stated)),
    }
    table = pa.table({name: from_numpy(getattr(bars, name)) for name in COLUMNS})
    pq.write_table(
        table.replace_schema_metadata({_KEY + key: value for key, value in facts.items()}),
        path,
        row_group_size=max(len(bars), 1),
        compression="lz4",
        use_dictionary=False,
        column_encoding={name: "DELTA_BINARY_PACKED" if name.startswith("ts_") else "PLAIN" for name in COLUMNS},
    )


def is_ours(path: Path) -> bool:
    """Whether a file says that `write_parquet` made it. A file that cannot be read is left to `read_parquet`."""
    try:
        return (_KEY + "format").encode() in (pq.read_schema(path).metadata or {})
    except (pa.ArrowException, OSError):
        return True


def read_parquet(path: Path, name: str) -> Bars:
    """Read a file of `write_parquet`, verified against its hash.

    Raises `DataError`: RW726 when it is not there, RW728 when it is not Parquet, RW730 when it is
    not of our schema or the hash differs.
    """
    try:
        with pq.ParquetFile(path) as file:
            schema, count = file.schema_arrow, file.metadata.num_rows
        facts = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
        if facts.get(_KEY + "format") != _FORMAT or list(schema.names) != list(COLUMNS):
            raise DataError("RW730", f"{name} was written by another version of Rulewright.", "Make it again.")
        with ThreadPoolExecutor(2) as pool:
            read = dict(zip(COLUMNS, pool.map(lambda column: _column(path, column, count), COLUMNS), strict=True))
    except FileNotFoundError:
        raise DataError("RW726", f"{name} is not there.", "Check the path.") from None
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError("RW728", f"{name} cannot be read as Parquet: {reason_of(error)}.") from None
    bars = make_bars(
        facts[_KEY + "symbol"],
        facts[_KEY + "timeframe"],
        ts_open=read["ts_open"],
        ts_close=read["ts_close"],
        open=read["open"],
        high=read["high"],
        low=read["low"],
        close=read["close"],
        volume=read["volume"],
        spread=read["spread"],
        source=facts[_KEY + "source"],
        synthetic=facts[_KEY + "synthetic"] == "1",
        spread_stated=facts[_KEY + "spread_stated"] == "1",
    )
    if bars.sha256 != facts[_KEY + "sha256"]:
        raise DataError("RW730", f"{name} is damaged: its hash is not the one stored with it.", "Make it again.")
    return bars


def _column(path: Path, name: str, count: int) -> NDArray[Any]:
    """One column in an array of its own: read a batch at a time, so that no second copy is held."""
    out = np.empty(count, dtype="<i8" if name.startswith("ts_") else "<f8")
    filled = 0
    with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
        for batch in file.iter_batches(batch_size=1 << 17, columns=[name], use_threads=False):
            out[filled : filled + len(batch)] = view(batch.column(0))
            filled += len(batch)
    return out
