"""The spread of a file's bars: stated, from a column, or typical; and whether any broker could quote it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.bars import Bars
from data.checks import bad_rows
from data.errors import SHOWN, DataError, DataWarning, Problem
from data.instruments import Instrument
from data.sources.rows import Rows
from data.sources.table import Table

Floats = NDArray[np.float64]

MOST_OF_PRICE = 0.1
"""No single bar may have a wider spread than this part of its price: a thousand pips on a euro, room for any crisis."""
MOST_OF_TYPICAL = 50
"""No spread that is stated, or usual in a file, is wider than so many typical ones. A crisis goes beyond on a
few bars; a column written in points or pips goes beyond on all of them."""


def spread_of(
    name: str, rows: Rows, table: Table, instrument: Instrument, stated: float | None
) -> tuple[Floats, bool, list[DataWarning]]:
    """Spread in price terms, whether it is an assumption, and what to say about it.

    `stated` is in pips and comes before a column, because whoever states one knows the broker;
    without either it is the instrument's typical one. Raises `DataError` RW732.
    """
    count = len(rows.close)
    if stated is not None:
        return np.full(count, check_spread(stated, instrument) * instrument.pip), True, []
    if rows.spread is not None:
        spread = rows.spread * instrument.point if rows.spread_in_points else rows.spread
        return np.round(spread, instrument.digits + 3), table.facts.get("spread", "").lower() == "stated", []
    warning = DataWarning(
        "RW764",
        f"{name} has no spread: {instrument.typical_spread:g} pips, typical of {instrument.symbol}, are assumed.",
    )
    return np.full(count, round(instrument.typical_spread * instrument.pip, 12)), True, [warning]


def check_spread(pips: float, instrument: Instrument) -> float:
    """A stated spread in pips, from 0 to what is possible. Raises `DataError` RW732."""
    usual = f"Write it in pips, such as --spread {instrument.typical_spread:g}."
    if not 0 <= pips < 1e6:
        raise DataError("RW732", f"A spread of {pips:g} pips is not possible.", usual)
    if 0 < instrument.typical_spread * MOST_OF_TYPICAL < pips:
        times = pips / instrument.typical_spread
        raise DataError(
            "RW732",
            f"A spread of {pips:g} pips is {times:,.0f} times the usual one of {instrument.symbol}, "
            f"{instrument.typical_spread:g} pips.",
            f"Is it in points? {usual}",
        )
    return pips


def check_column(bars: Bars, instrument: Instrument, table: Table) -> None:
    """Refuse spreads that no broker quotes. Raises `DataError` RW734 with the lines."""
    usual = instrument.typical_spread * instrument.pip
    spread, close = bars.spread, bars.close
    bound = close * MOST_OF_PRICE
    if 0 < usual * MOST_OF_TYPICAL < float(np.median(spread)):
        bound = np.minimum(bound, usual * MOST_OF_TYPICAL)
    rows = np.flatnonzero(spread > bound)
    if len(rows) == 0:
        return
    problems = [
        Problem("RW734", row, _too_wide(float(spread[row]), float(close[row]), usual), table.line_of(row))
        for row in rows[:SHOWN].tolist()
    ]
    example = f"{usual:.{instrument.digits + 1}f}".rstrip("0").rstrip(".")
    raise bad_rows(
        bars.source,
        problems,
        len(rows),
        "Is the spread written in points or pips? Here it is ask − bid as a price, such as "
        f"{example} for {instrument.symbol}; convert the column, or leave it out and state --spread in pips.",
    )


def _too_wide(spread: float, close: float, usual: float) -> str:
    times = f", {spread / usual:,.0f} times the usual one" if usual > 0 else ""
    return f"spread {spread:.10g} is {100 * spread / close:.3g} % of the price{times}"
