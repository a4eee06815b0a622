"""What the candlestick chart needs, as compact numbers: bars around the trades, and the trades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.report.text import decimals_of, reason

if TYPE_CHECKING:
    from data.bars import Bars
    from data.instruments import Instrument
    from engine.result import Trade

Ints = NDArray[np.int64]

MOST_CANDLES = 40_000
"""Candles of all symbols together; about 15 bytes each in the page."""
BEFORE, AFTER = 60, 40
LONGEST_SPAN = 2_000
"""Bars shown of one trade; a longer one is shown from its first and to its last bars."""


@dataclass(frozen=True, eq=False)
class Chart:
    """Payload of the chart and what was left out of it."""

    payload: dict[str, Any]
    charted: frozenset[int]
    """Numbers of the trades that can be shown on the chart."""
    shown: int
    total: int
    """Candles drawn, and candles of the run."""


def chart_of(
    listed: Sequence[tuple[int, Trade]],
    bars: Mapping[str, Bars],
    instruments: Mapping[str, Instrument],
    start: int,
    end: int,
) -> Chart:
    """Candles of every traded symbol: all of the run when they fit, else around the latest trades.

    `listed`: trades with their numbers, oldest first. The latest trades are served first; where
    nothing was traded the latest bars are shown. A few bars before `start` give the first trades a
    past.
    """
    runs = {symbol: _run(series, start, end) for symbol, series in bars.items() if len(series)}
    kept = {symbol: np.zeros(last, dtype=np.bool_) for symbol, (_, last) in runs.items()}
    total = sum(last - first for first, last in runs.values())
    if total <= MOST_CANDLES:
        for symbol, (first, last) in runs.items():
            kept[symbol][first:last] = True
        charted = {number for number, trade in listed if trade.symbol in kept}
    else:
        charted = _windows(listed, bars, kept)
    symbols = {
        symbol: _candles(bars[symbol], np.flatnonzero(mask), _digits(symbol, bars[symbol], instruments))
        for symbol, mask in kept.items()
    }
    trades = [_trade(number, trade, bars[trade.symbol]) for number, trade in listed if number in charted]
    return Chart(
        {"symbols": symbols, "trades": trades},
        frozenset(charted),
        sum(int(mask.sum()) for mask in kept.values()),
        total,
    )


def _run(series: Bars, start: int, end: int) -> tuple[int, int]:
    """First and past-last index of the bars of the run, with a few before it."""
    first = int(np.searchsorted(series.ts_close, start))
    last = int(np.searchsorted(series.ts_open, end))
    return max(0, first - BEFORE), max(last, 1)


def _windows(
    listed: Sequence[tuple[int, Trade]], bars: Mapping[str, Bars], kept: dict[str, NDArray[np.bool_]]
) -> set[int]:
    budget = MOST_CANDLES
    charted: set[int] = set()
    for number, trade in reversed(listed):
        if trade.symbol not in kept:
            continue
        series = bars[trade.symbol]
        first, last = _place(series, trade.entry_time), _place(series, trade.exit_time)
        spans = [(first - BEFORE, last + AFTER)]
        if last - first > LONGEST_SPAN:
            spans = [(first - BEFORE, first + LONGEST_SPAN // 2), (last - LONGEST_SPAN // 2, last + AFTER)]
        mask = kept[trade.symbol]
        parts = [mask[max(0, low) : high + 1] for low, high in spans]
        fresh = sum(int(len(part) - part.sum()) for part in parts)
        if fresh > budget:
            break
        for part in parts:
            part[:] = True
        budget -= fresh
        charted.add(number)
    idle = [symbol for symbol, mask in kept.items() if not mask.any()]
    for symbol in idle:
        kept[symbol][-max(1, min(2_000, budget // len(idle))) :] = True
    return charted


def _place(series: Bars, time: int) -> int:
    """Index of the bar in which a moment falls."""
    return max(0, int(np.searchsorted(series.ts_open, time, side="right")) - 1)


def _digits(symbol: str, series: Bars, instruments: Mapping[str, Instrument]) -> int:
    instrument = instruments.get(symbol)
    return instrument.digits if instrument else decimals_of(float(series.close[-1]))


def _candles(series: Bars, at: Ints, digits: int) -> dict[str, Any]:
    """Whole points, each relative to a neighbour, because small numbers make a small page.

    time: seconds since the bar before; open: since the close before; high, low: from the higher and
    lower end of the body; close: from the open. `gaps`: places before which bars were left out.
    """
    scale = 10**digits
    opened, high, low, close = (
        np.rint(column[at] * scale).astype(np.int64) for column in (series.open, series.high, series.low, series.close)
    )
    time = series.ts_open[at] // 1_000_000_000
    return {
        "digits": digits,
        "time": np.diff(time, prepend=0).tolist(),
        "open": (opened - np.concatenate(([0], close[:-1]))).tolist(),
        "high": (high - np.maximum(opened, close)).tolist(),
        "low": (np.minimum(opened, close) - low).tolist(),
        "close": (close - opened).tolist(),
        "gaps": (np.flatnonzero(np.diff(at) > 1) + 1).tolist(),
    }


def _trade(number: int, trade: Trade, series: Bars) -> dict[str, Any]:
    return {
        "number": number,
        "symbol": trade.symbol,
        "long": trade.side == "long",
        "rule": trade.rule,
        "reason": reason(trade.exit_reason),
        "from": int(series.ts_open[_place(series, trade.entry_time)]) // 1_000_000_000,
        "to": int(series.ts_open[_place(series, trade.exit_time)]) // 1_000_000_000,
        "closed": trade.exit_time // 1_000_000_000,
        "entry": trade.entry_price,
        "exit": trade.exit_price,
        "stop": trade.stop,
        "target": trade.target,
        "won": trade.net > 0,
    }
