"""Yahoo Finance, as downloaded there or saved from yfinance.

    Date,Open,High,Low,Close,Adj Close,Volume
    Datetime,Open,High,Low,Close,Volume

Daily rows have dates of the exchange; intraday rows name their offset. Bars are labelled by their
opening, weeks by their Monday, months by their first day. Raw prices are read: `Adj Close` alone
would not fit the other three.
"""

from __future__ import annotations

import numpy as np

from data.errors import DataWarning
from data.sources.rows import Layout, Rows, optional, prices
from data.sources.table import Table
from data.sources.times import read_times

_DATED = ("date", "open", "high", "low", "close")


def _matches(table: Table) -> bool:
    names = tuple(column.lower() for column in table.header)
    return (set(_DATED) <= set(names) and ("adj close" in names or ("volume" in names and names[0] == "date"))) or (
        names[0] == "datetime" and set(_DATED[1:]) <= set(names)
    )


def _read(table: Table, order: str | None) -> Rows:
    times = read_times(table.name, table.strings(table.header[0]), table.line_of, order)
    columns = prices(table)
    adjusted = optional(table, "adj close")
    warnings = []
    if adjusted is not None:
        differ = int((np.abs(adjusted - columns["close"]) > 1e-6 * columns["close"]).sum())
        if differ:
            warnings.append(
                DataWarning(
                    "RW763", f"{table.name}: on {differ:,} days “Adj Close” differs from “Close”; raw prices are used."
                )
            )
    return Rows(times, **columns, volume=optional(table, "volume"), warnings=tuple(warnings))


LAYOUT = Layout(
    "yahoo", "prices as Yahoo or yfinance gives them, weeks and months labelled by their first day", _matches, _read
)
