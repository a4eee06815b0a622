"""From a file to bars: layout, symbol, times, side and spread, each from the file or as stated."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.bars import Bars, Prices, make_bars
from data.checks import bad_rows, show_time
from data.errors import SHOWN, DataError, DataWarning, Problem
from data.findings import findings
from data.instruments import Instrument, Instruments
from data.sources.detect import choose_layout
from data.sources.place import place
from data.sources.rows import Rows
from data.sources.spread import check_column, spread_of
from data.sources.table import Table
from data.timeframes import parse_timeframe

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stated:
    """What the user says about a file; `spread` in pips. What a file says itself comes before it,
    except for the spread."""

    symbol: str | None = None
    timeframe: str | None = None
    zone: str | None = None
    layout: str | None = None
    spread: float | None = None


def bars_of(
    table: Table, file_name: str, stated: Stated, instruments: Instruments
) -> tuple[Bars, tuple[DataWarning, ...]]:
    """Bars of one table; `file_name` may hold the symbol and the timeframe.

    Also what is odd about them. Raises `DataError` with a question or the bad rows.
    """
    name = table.name
    layout, order = choose_layout(table, stated.layout)
    rows = layout.read(table, order)
    from_name = _name_parts(file_name, instruments)
    instrument = _instrument(name, rows, stated, from_name[0], instruments)
    placed = place(
        name,
        rows,
        instrument,
        timeframe=rows.timeframe or stated.timeframe or from_name[1],
        zone=stated.zone,
        line_of=table.line_of,
    )
    spread, is_stated, warnings = spread_of(name, rows, table, instrument, stated.spread)
    columns, noisy = _prices(rows, instrument.digits, spread)
    if noisy:
        warnings.append(DataWarning("RW752", f"{name}: float noise was rounded away from {noisy:,} prices."))
    _check_scale(name, columns, instrument, table)
    bars = make_bars(
        instrument.symbol,
        placed.timeframe.name,
        ts_open=placed.ts_open,
        ts_close=placed.ts_close,
        **columns,
        volume=rows.volume,
        spread=spread,
        source=name,
        synthetic=table.facts.get("synthetic", "").lower() == "yes",
        spread_stated=is_stated,
        line_of=table.line_of,
    )
    check_column(bars, instrument, table)
    return bars, (*rows.warnings, *placed.warnings, *warnings, *findings(bars, instrument))


def _name_parts(name: str, instruments: Instruments) -> tuple[str | None, str | None]:
    """Symbol and timeframe in a file's name, such as `EURUSD_H1_201701020000_201712292300.csv`."""
    words = [word for word in re.split(r"[_\s,()]+", re.split(r"\.(?:csv|parquet|pq)\b", name)[0]) if word]
    symbol = timeframe = None
    if words:
        try:
            symbol = instruments.find(words[0]).symbol
        except DataError:
            symbol = None
    for word in words[1:]:
        if timeframe is None and re.fullmatch(r"(M|H|D|W|MN)[1-9]\d*", word, re.IGNORECASE):
            timeframe = parse_timeframe(word).name
        elif timeframe is None and word.lower() == "daily":
            timeframe = "D1"
    return symbol, timeframe


def _instrument(name: str, rows: Rows, stated: Stated, from_name: str | None, instruments: Instruments) -> Instrument:
    if rows.symbol is not None and stated.symbol is not None:
        own, wanted = instruments.find(rows.symbol), instruments.find(stated.symbol)
        if own != wanted:
            raise DataError("RW721", f"{name} holds {own.symbol}, not {wanted.symbol}.", "Leave --symbol out.")
    symbol = rows.symbol or stated.symbol or from_name
    if symbol is None:
        raise DataError("RW717", f"Which symbol has {name}? The file does not say.", "State it with --symbol EURUSD.")
    return instruments.find(symbol)


def _prices(rows: Rows, digits: int, spread: Floats) -> tuple[Prices, int]:
    """Bid prices, and how many had float noise. Asks become bids by the spread."""
    noisy = 0

    def bid(written: Floats) -> Floats:
        nonlocal noisy
        clean = _without_noise(written, digits)
        noisy += int(((clean != written) & ~np.isnan(written)).sum())
        return np.round(clean - spread, digits + 3) if rows.side == "ask" else clean

    return Prices(open=bid(rows.open), high=bid(rows.high), low=bid(rows.low), close=bid(rows.close)), noisy


def _without_noise(values: Floats, digits: int) -> Floats:
    """Prices with the noise of float arithmetic taken off; prices with real further digits stay."""
    rounded = np.round(values, digits + 1)
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(rounded - values) <= 1e-9 * np.abs(values), rounded, values)


def _check_scale(name: str, columns: Prices, instrument: Instrument, table: Table) -> None:
    low, high = instrument.plausible
    lowest, highest = columns["low"], columns["high"]
    off = np.flatnonzero(((lowest < low) & (lowest > 0)) | ((highest > high) & (highest < np.inf)))
    if len(off) == 0:
        return
    middle = float(np.median(columns["close"]))
    if not low <= middle <= high:
        factor = next((f for f in (100, 10_000, 100_000, 1_000, 10) if low <= middle / f <= high), None)
        hint = f"They look multiplied by {factor:,}: divide them." if factor else "Is --symbol right?"
        text = f"{name}: prices around {middle:g} are not prices of {instrument.symbol} ({low:g} to {high:g})."
        raise DataError("RW731", text, hint)
    problems = [
        Problem(
            "RW731",
            r,
            f"{highest[r] if highest[r] > high else lowest[r]:g} is far from any price of {instrument.symbol}",
            table.line_of(r),
        )
        for r in off[:SHOWN].tolist()
    ]
    raise bad_rows(name, problems, len(off), "Correct or remove these rows.")


def dates_of(bars: Bars) -> str:
    """First and last time of bars, for people: `2017-01-01 22:00 to 2017-12-29 22:00 UTC`."""
    return f"{show_time(int(bars.ts_open[0]))} to {show_time(int(bars.ts_close[-1]))} UTC"
