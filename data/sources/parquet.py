"""Parquet files that other programs wrote, as the table of text that a CSV file would give.

Their columns go through the same checks as those of our own CSV layout, which knows what each may
hold; ours have a faster way, see `data.store`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.errors import DataError, reason_of
from data.sources.table import Table

_TIMES = ("time", "timestamp", "datetime", "date", "index", "__index_level_0__")
"""Names of the column of times, best first; the last two are how pandas stores an index."""
_UNITS = {10: "s", 13: "ms", 16: "us", 19: "ns"}
"""The unit of a whole number of digits that counts from 1970: 2001 to 2286."""


def read_foreign(path: Path, name: str) -> Table:
    """The columns of a Parquet file as text, by lower-case name, those of times as `time`.

    Raises `DataError`: RW703 when it has no rows, RW704 when a column is missing or there twice,
    RW719 when times are of another kind, RW728 when it is not Parquet.
    """
    try:
        read = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        raise DataError("RW728", f"{name} cannot be read as Parquet: {reason_of(error)}.") from None
    names = [column.lower() for column in read.schema.names]
    if len(set(names)) != len(names):
        twice = next(column for column in names if names.count(column) > 1)
        raise DataError("RW704", f"{name} has the column “{twice}” twice.", "Remove one of the two.")
    time = next((column for column in _TIMES if column in names), None)
    absent = [column for column in ("open", "high", "low", "close") if column not in names]
    if time is None or absent:
        lacks = "time" if time is None else absent[0]
        raise DataError(
            "RW704",
            f"{name} has no column “{lacks}”; it has {', '.join(read.schema.names)}.",
            "Name the columns time, open, high, low, close, volume and spread.",
        )
    if read.num_rows == 0:
        raise DataError("RW703", f"{name} has no rows.")
    wanted = ("time", "open", "high", "low", "close")
    order = [time, *wanted[1:], *(column for column in names if column not in (time, *wanted[1:]))]
    text: dict[str, Any] = {}
    for column in order:
        values = read.column(names.index(column)).combine_chunks()
        text["time" if column == time else column] = _times(name, values) if column == time else _text(values)
    return Table(name, {}, tuple(text), text, b"", 0)


def _times(name: str, values: Any) -> Any:
    """Times as ISO text in UTC, as our own layout has them. A time without a zone is UTC."""
    kind = values.type
    if pa.types.is_integer(kind):
        digits = len(str(pc.max(pc.abs(values)).as_py() or 0))
        if digits not in _UNITS:
            raise DataError(
                "RW719",
                f"{name}: {values[0].as_py()} is not a time.",
                "Write times as timestamps, or as whole seconds or nanoseconds since 1970.",
            )
        values = pc.cast(values, pa.int64()).cast(pa.timestamp(_UNITS[digits]))
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        whole = pc.cast(values, pa.timestamp("ns"))
        seconds = pc.strftime(pc.cast(whole, pa.timestamp("s"), safe=False), format="%Y-%m-%dT%H:%M:%S")
        if pa.types.is_date(kind):
            return pc.fill_null(pc.utf8_slice_codeunits(seconds, 0, 10), "")
        return pc.fill_null(pc.binary_join_element_wise(seconds, "Z", ""), "")
    return _text(values)


def _text(values: Any) -> Any:
    """A column as text; nothing is written for what is missing."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    try:
        return pc.fill_null(pc.cast(values, pa.string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([str(value) for value in values.to_pylist()], pa.string())
