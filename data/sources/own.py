"""Rulewright's own CSV layout.

    # symbol: EURUSD
    # timeframe: H1
    # source: where the numbers come from
    time,open,high,low,close,volume,spread
    2017-01-01T22:00:00Z,1.05228,1.05245,1.05213,1.05219,143539993,0.00008

`time` is the opening in UTC, prices are bids, `spread` is ask − bid in price terms. `volume` and
`spread` may be left out, and so may the lines that begin with `#`; further ones are
`# spread: stated` (the column is an assumption) and `# synthetic: yes`. Instead of `spread` there may
be `ask`, the ask at the close. Columns of other names are not read, and named in a warning.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.bars import Bars
from data.errors import DataWarning
from data.sources.rows import Layout, Rows, optional, prices
from data.sources.table import Table
from data.sources.times import read_times

REQUIRED = ("time", "open", "high", "low", "close")


def _matches(table: Table) -> bool:
    return table.header[:5] == REQUIRED


def _read(table: Table, order: str | None) -> Rows:
    columns = prices(table)
    spread = optional(table, "spread")
    used = {*REQUIRED, "volume", "spread"}
    if spread is None and "ask" in table.text:
        spread = table.numbers("ask") - columns["close"]
        used.add("ask")
    return Rows(
        read_times(table.name, table.strings("time"), table.line_of, order),
        **columns,
        volume=optional(table, "volume"),
        spread=spread,
        zone="UTC",
        symbol=table.facts.get("symbol"),
        timeframe=table.facts.get("timeframe"),
        warnings=_unread(table, used),
    )


def _unread(table: Table, used: set[str]) -> tuple[DataWarning, ...]:
    names = [column for column in table.header if column.lower() not in used]
    if not names:
        return ()
    listed = ", ".join(f"“{column}”" for column in names)
    were = "columns were" if len(names) > 1 else "column was"
    return (DataWarning("RW768", f"{table.name}: the {were} not read: {listed}."),)


LAYOUT = Layout("own", "time,open,high,low,close,volume,spread with UTC opening times", _matches, _read)


def write_csv(bars: Bars, path: Path, source: str = "") -> None:
    """Write `bars` in this layout, so that reading gives the same columns and hash."""
    lines = [f"# symbol: {bars.symbol}", f"# timeframe: {bars.timeframe}", f"# source: {source or bars.source}"]
    if bars.spread_stated:
        lines.append("# spread: stated")
    if bars.synthetic:
        lines.append("# synthetic: yes")
    lines.append("time,open,high,low,close,volume,spread")
    times = np.datetime_as_string(bars.ts_open.astype("datetime64[ns]"), unit="s", timezone="UTC").tolist()
    columns = [
        [_shortest(v) for v in getattr(bars, n).tolist()] for n in ("open", "high", "low", "close", "volume", "spread")
    ]
    lines.extend(map(",".join, zip(times, *columns, strict=True)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _shortest(value: float) -> str:
    return np.format_float_positional(value, trim="-")
