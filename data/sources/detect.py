"""Which layout a file has: from its header, or as stated; never guessed between two."""

from __future__ import annotations

from data.errors import DataError
from data.sources import dukascopy, mt5, own, stooq, yahoo
from data.sources.rows import Layout
from data.sources.table import Table
from data.sources.times import ORDERS

LAYOUTS: tuple[Layout, ...] = (own.LAYOUT, mt5.LAYOUT, yahoo.LAYOUT, stooq.LAYOUT, dukascopy.LAYOUT, dukascopy.ASK)


def choose_layout(table: Table, stated: str | None) -> tuple[Layout, str | None]:
    """The layout of `table` and the stated order of day and month, if any.

    `stated` is a layout's name, with `/day-first` or `/month-first` behind it where dates need it.
    Raises `DataError` RW714 with the question to answer.
    """
    names = ", ".join(layout.name for layout in LAYOUTS)
    if stated:
        name, _, order = stated.strip().lower().partition("/")
        if order and order not in ORDERS:
            raise DataError(
                "RW714",
                f"“{order}” is not an order of day and month.",
                f"Write {name}/{ORDERS[0]} or {name}/{ORDERS[1]}.",
            )
        for layout in LAYOUTS:
            if layout.name == name:
                return layout, order or None
        raise DataError("RW714", f"There is no layout “{name}”.", f"Layouts: {names}.")
    fitting = [layout for layout in LAYOUTS if layout.matches(table)]
    if len(fitting) == 1:
        return fitting[0], None
    header = ",".join(table.header)
    if not fitting:
        raise DataError(
            "RW714",
            f"{table.name} has the columns {header}, which no known layout has.",
            f"State it with --layout ({names}), or name the columns time,open,high,low,close,volume,spread.",
        )
    choices = "; ".join(f"--layout {layout.name}: {layout.says}" for layout in fitting)
    raise DataError("RW714", f"Which layout has {table.name}? Its columns {header} fit several.", choices + ".")
