"""MT5's export of bars (Ctrl+S on a chart, or Symbols, Bars, Export).

    <DATE>	<TIME>	<OPEN>	<HIGH>	<LOW>	<CLOSE>	<TICKVOL>	<VOL>	<SPREAD>

Tab separated. Times are openings on the server's clock, which the file does not name; prices are
bids; the spread is in points (the smallest of the bar's ticks). Daily exports have no <TIME>.
"""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from data.sources.rows import Layout, Rows, optional, prices
from data.sources.table import Table
from data.sources.times import read_times


def _matches(table: Table) -> bool:
    return "<date>" in table.text and "<open>" in table.text and "<ticker>" not in table.text


def _read(table: Table, order: str | None) -> Rows:
    times = table.strings("<DATE>")
    if "<time>" in table.text:
        times = pc.binary_join_element_wise(times, table.strings("<TIME>"), " ")
    volume = optional(table, "<VOL>")
    if volume is None or not np.any(volume > 0):
        volume = optional(table, "<TICKVOL>")
    return Rows(
        read_times(table.name, times, table.line_of, order),
        **prices(table, "<", ">"),
        volume=volume,
        spread=optional(table, "<SPREAD>"),
        spread_in_points=True,
    )


LAYOUT = Layout("mt5", "tab separated <DATE> <TIME> <OPEN> …, server time", _matches, _read)
