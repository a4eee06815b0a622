"""Stooq, as its download button or its bulk files give it.

    Date,Open,High,Low,Close,Volume
    <TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>

Daily rows have dates; intraday rows have a clock that the file does not name (Stooq's is Warsaw's).
Weeks and months are labelled by their last day. Prices are adjusted for splits and dividends.
"""

from __future__ import annotations

import pyarrow.compute as pc

from data.errors import DataError
from data.sources.rows import Layout, Rows, optional, prices
from data.sources.table import Table
from data.sources.times import read_times

_PERIODS = {"D": "D1", "W": "W1", "M": "MN1", "5": "M5", "15": "M15", "60": "H1"}


def _matches(table: Table) -> bool:
    names = tuple(column.lower() for column in table.header)
    return names in (("date", "open", "high", "low", "close", "volume"), ("date", "open", "high", "low", "close")) or (
        "<ticker>" in names and "<per>" in names
    )


def _read(table: Table, order: str | None) -> Rows:
    if "<ticker>" not in table.text:
        times = read_times(table.name, table.strings("date"), table.line_of, order)
        return Rows(times, **prices(table), volume=optional(table, "volume"), labelled_by_end=True)
    tickers, periods = (pc.unique(table.strings(n)).to_pylist() for n in ("<TICKER>", "<PER>"))
    for what, found in (("symbols", tickers), ("timeframes", periods)):
        if len(found) > 1:
            raise DataError("RW712", f"{table.name} holds several {what}: {', '.join(found[:5])}.", "Split it.")
    times = table.strings("<DATE>")
    timeframe = _PERIODS.get(periods[0].strip())
    if timeframe not in ("D1", "W1", "MN1"):
        times = pc.binary_join_element_wise(times, table.strings("<TIME>"), " ")
    return Rows(
        read_times(table.name, times, table.line_of, order),
        **prices(table, "<", ">"),
        volume=optional(table, "<VOL>"),
        symbol=tickers[0].strip().removesuffix(".US"),
        timeframe=timeframe,
        labelled_by_end=True,
    )


LAYOUT = Layout("stooq", "prices as Stooq gives them, weeks and months labelled by their last day", _matches, _read)
