"""Bars as Parquet files of our own schema: eight columns, one row group, facts and hash in the metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from data.bars import COLUMNS, Bars, Columns, make_bars
from data.errors import DataError

_FORMAT = "1"
_KEY = "rulewright."
_WHOLE = "<i8"


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
    table = pa.table({name: getattr(bars, name) for name in COLUMNS})
    pq.write_table(
        table.replace_schema_metadata({_KEY + key: value for key, value in facts.items()}),
        path,
        row_group_size=max(len(bars), 1),
        compression="lz4",
        use_dictionary=False,
        column_encoding={name: "DELTA_BINARY_PACKED" if name.startswith("ts_") else "PLAIN" for name in COLUMNS},
        write_page_checksum=True,
    )


def read_parquet(path: Path, name: str) -> Bars:
    """Read a file of `write_parquet`, verified against its hash.

    Raises `DataError`: RW726 when it is not there, RW728 when it is not Parquet, RW730 when it is
    not of our schema or the hash differs.
    """
    try:
        with pq.ParquetFile(path, memory_map=True, page_checksum_verification=False) as file:
            facts = {k.decode(): v.decode() for k, v in (file.schema_arrow.metadata or {}).items()}
            if facts.get(_KEY + "format") != _FORMAT or list(file.schema_arrow.names) != list(COLUMNS):
                raise DataError("RW730", f"{name} was not written by Rulewright.", "Give its source as CSV instead.")
            columns = Columns(
                ts_open=_column(file, "ts_open"),
                ts_close=_column(file, "ts_close"),
                open=_column(file, "open"),
                high=_column(file, "high"),
                low=_column(file, "low"),
                close=_column(file, "close"),
                volume=_column(file, "volume"),
                spread=_column(file, "spread"),
            )
    except FileNotFoundError:
        raise DataError("RW726", f"{name} is not there.", "Check the path.") from None
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0]
        raise DataError("RW728", f"{name} cannot be read as Parquet: {first}.") from None
    bars = make_bars(
        facts[_KEY + "symbol"],
        facts[_KEY + "timeframe"],
        **columns,
        source=facts[_KEY + "source"],
        synthetic=facts[_KEY + "synthetic"] == "1",
        spread_stated=facts[_KEY + "spread_stated"] == "1",
    )
    if bars.sha256 != facts[_KEY + "sha256"]:
        raise DataError("RW730", f"{name} is damaged: its hash is not the one stored with it.", "Make it again.")
    return bars


def _column(file: pq.ParquetFile, name: str) -> NDArray[Any]:
    """One column in an array of its own: read a batch at a time, so that no second copy is held."""
    out = np.empty(file.metadata.num_rows, dtype=_WHOLE if name.startswith("ts_") else "<f8")
    filled = 0
    for batch in file.iter_batches(batch_size=1 << 17, columns=[name], use_threads=False):
        out[filled : filled + len(batch)] = batch.column(0).to_numpy(zero_copy_only=False)
        filled += len(batch)
    return out
