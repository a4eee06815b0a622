"""The market a strategy sees: bars of its symbols on any timeframe, instruments, money rates."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from data import money
from data.bars import Bars
from data.checks import show_time
from data.errors import DataError
from data.instruments import Instrument, Instruments, load_instruments
from data.resample import resample
from data.timeframes import parse_timeframe

Times = NDArray[np.int64]
Floats = NDArray[np.float64]


class Market:
    """Bars by symbol and timeframe; higher timeframes are built when first asked for, then kept.

    Symbols may be given in any spelling the instruments know. Nothing here changes: `slice` and
    `truncated` give other markets.
    """

    def __init__(self, bars: Iterable[Bars], instruments: Instruments | None = None) -> None:
        """Raises `DataError` RW701 or RW702 for an unknown symbol, RW733 for the same bars twice."""
        self._instruments = instruments or load_instruments()
        self._given: dict[str, list[Bars]] = {}
        self._built: dict[tuple[str, str], Bars] = {}
        for each in bars:
            symbol = self._instruments.find(each.symbol).symbol
            frame = parse_timeframe(each.timeframe).name
            if (symbol, frame) in self._built:
                other = self._built[symbol, frame].source
                raise DataError("RW733", f"{symbol} {frame} was given twice: {other}, and {each.source}.")
            self._built[symbol, frame] = each
            self._given.setdefault(symbol, []).append(each)
        for given in self._given.values():
            given.sort(key=lambda b: parse_timeframe(b.timeframe).nominal)

    @property
    def symbols(self) -> tuple[str, ...]:
        """Symbols with bars, in the order in which they were given."""
        return tuple(self._given)

    @property
    def given(self) -> tuple[Bars, ...]:
        """The bars this market was made of."""
        return tuple(bars for given in self._given.values() for bars in given)

    def instrument(self, symbol: str) -> Instrument:
        """Contract facts. Raises `DataError` RW701 or RW702."""
        return self._instruments.find(symbol)

    def bars(self, symbol: str, timeframe: str) -> Bars:
        """The given bars, else built from the finest given whose edges fit.

        Raises `DataError` RW721 when there are none of the symbol and RW722 when none fit.
        """
        instrument = self.instrument(symbol)
        frame = parse_timeframe(timeframe)
        key = (instrument.symbol, frame.name)
        if key not in self._built:
            self._built[key] = self._build(instrument, frame.name)
        return self._built[key]

    def _build(self, instrument: Instrument, frame: str) -> Bars:
        symbol = instrument.symbol
        given = self._given.get(symbol, [])
        if not given:
            has = ", ".join(self._given) or "nothing"
            raise DataError("RW721", f"There are no bars of {symbol}; there is {has}.", f"Add {symbol} with --data.")
        finer = [b for b in given if parse_timeframe(b.timeframe).nominal < parse_timeframe(frame).nominal]
        if not finer:
            has = ", ".join(b.timeframe for b in given)
            raise DataError(
                "RW722",
                f"{symbol} {frame} bars cannot be built: the finest at hand are {has}.",
                f"Give {symbol} bars of {frame} or finer.",
            )
        refusals: list[DataError] = []
        for bars in finer:
            try:
                return resample(bars, frame, instrument)
            except DataError as error:
                refusals.append(error)
        raise refusals[0]

    def finer(self, symbol: str, timeframe: str) -> Bars | None:
        """The finest given bars below `timeframe`, or None: they tell what happened inside a bar."""
        below = parse_timeframe(timeframe).nominal
        for bars in self._given.get(self.instrument(symbol).symbol, []):
            if parse_timeframe(bars.timeframe).nominal < below:
                return bars
        return None

    def rate(self, currency: str, account_currency: str, times: Times) -> Floats:
        """Money of `account_currency` for one unit of `currency`, as known at each UTC instant (ns).

        From the pair's own bars (either way round), else from both pairs with USD, else from the
        ECB's daily fixings; always the last close or fixing that was known at that time, mid price.
        1.0 only when the currencies are the same. Raises `DataError` RW723 when nothing is known.
        """
        return money.rates(currency, account_currency, np.asarray(times, dtype=np.int64), self._quotes)

    def _quotes(self, base: str, quote: str) -> Bars | None:
        """The finest bars of an exchange rate that this market holds."""
        for symbol, given in self._given.items():
            instrument = self._instruments[symbol]
            traded = instrument.asset_class in ("fx", "metal", "crypto")
            if traded and (instrument.base_currency, instrument.quote_currency) == (base, quote):
                return given[0]
        return None

    def slice(self, start: int | None = None, end: int | None = None) -> Market:
        """The bars that open at or after `start` and close by `end` (UTC ns).

        Raises `DataError` RW725 when none are left.
        """
        cut = []
        for bars in self.given:
            first = 0 if start is None else int(np.searchsorted(bars.ts_open, start, side="left"))
            stop = len(bars) if end is None else int(np.searchsorted(bars.ts_close, end, side="right"))
            if first < stop:
                cut.append(bars.span(first, stop))
        if not cut:
            spans = "; ".join(f"{b.symbol} {b.timeframe} {_span(b)}" for b in self.given)
            raise DataError("RW725", f"There are no bars in the time asked for. There are {spans}.")
        return Market(cut, self._instruments)

    def truncated(self, until: int) -> Market:
        """The market as it was known at `until` (UTC ns): bars closed by then."""
        return self.slice(None, until)


def _span(bars: Bars) -> str:
    return f"from {show_time(int(bars.ts_open[0]))} to {show_time(int(bars.ts_close[-1]))}"
