"""A backtest's account: columns, bars and costs in, trades and events out.

`prepare` takes what does not change between runs; `Prepared.run` trades one set of columns. Both are
light, so that a sweep over parameters costs its decisions and little else. The curve, the events and
the trade list as named columns are made when somebody reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.bars import Bars
from data.instruments import Instrument
from data.timeframes import parse_timeframe
from dsl.plan import Plan
from engine import codes, market_days
from engine.columns import Columns
from engine.curve import Priced, curve
from engine.errors import EngineError
from engine.events import CATALOGUE
from engine.kernel import kernel
from engine.program import Compiled, compile_plan
from engine.result import Account, Curve, Event, Trades

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Intent:
    """What the strategy decided at a close: the same object that a live engine turns into an order.

    `kind`: `enter` (market order at the next open), `order` (place or re-price the rule's resting
    order), `cancel`, `add`, `close` (all), `take` (part), `stop` and `target` (move). `rule` is the
    rule, or for `close` the reason. `stop` is a price; where `distance` is set it is applied from the
    fill. NaN is none.
    """

    kind: str
    symbol: str
    rule: str
    side: str
    lots: float
    price: float
    stop: float
    distance: float
    target: float


@dataclass(frozen=True, eq=False)
class Simulation:
    """What came of a run. Everything is computed from the desk when it is first read."""

    desk: Any
    compiled: Compiled
    symbols: tuple[str, ...]
    priced: tuple[Priced, ...]
    cash: float

    @property
    def start(self) -> int:
        """Opening time of the first bar on which a decision could be taken."""
        return min(int(p.bars.ts_open[p.first]) for p in self.priced)

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The trade list as the kernel wrote it: bars instead of times, numbers instead of names."""
        columns: dict[str, Any] = self.desk.trade_columns()
        return columns

    @cached_property
    def trades(self) -> Trades:
        raw = self.raw
        entry_time = np.empty(len(raw["lots"]), dtype=np.int64)
        exit_time = np.empty(len(raw["lots"]), dtype=np.int64)
        for number, priced in enumerate(self.priced):
            own = slice(None) if len(self.priced) == 1 else raw["symbol"] == number
            entry_time[own] = priced.bars.ts_open[raw["entry_bar"][own]]
            exit_time[own] = priced.bars.ts_open[raw["exit_bar"][own]]
        for row in np.flatnonzero(raw["exit_reason"] == codes.REASON_END):
            exit_time[row] = self.priced[raw["symbol"][row]].bars.ts_close[raw["exit_bar"][row]]
        times = {"entry_time": entry_time, "exit_time": exit_time}
        columns = {name: times[name] if name in times else raw[name] for name in _TRADE_FIELDS}
        columns["ambiguous"] = raw["ambiguous"] != 0
        return Trades(columns, self.symbols, self.compiled.rules, self.compiled.reasons)

    @cached_property
    def curve(self) -> Curve:
        return curve(self.raw, self.priced, self.cash)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        times, numbers, figures = self.desk.event_columns()
        rules = (*self.compiled.rules, "")
        return tuple(
            Event(time, self.symbols[symbol], CATALOGUE[code].code, rules[rule], values[: len(CATALOGUE[code].figures)])
            for time, symbol, code, rule, values in zip(
                times.tolist(), *numbers.tolist(), zip(*figures.tolist(), strict=True), strict=True
            )
        )

    @cached_property
    def counts(self) -> dict[str, int]:
        """Events by code, and `bars`, `decisions`, `orders`, `entries`, `trades`, `ambiguous`, `ended_open`."""
        _, numbers, _ = self.desk.event_columns()
        codes_, many = np.unique(numbers[1], return_counts=True)
        bars = sum(priced.end - priced.first for priced in self.priced)
        ended = int(np.count_nonzero(self.raw["exit_reason"] == codes.REASON_END))
        return {
            "bars": bars,
            "decisions": bars,
            "orders": self.desk.orders,
            "entries": self.desk.entries,
            "trades": self.desk.trades,
            "ambiguous": self.desk.ambiguous,
            "ended_open": ended,
        } | {CATALOGUE[int(code)].code: int(n) for code, n in zip(codes_, many, strict=True)}


_TRADE_FIELDS = (
    "position",
    "symbol",
    "side",
    "rule",
    "entry_time",
    "entry_price",
    "exit_time",
    "exit_price",
    "exit_reason",
    "lots",
    "stop",
    "target",
    "risk",
    "profit",
    "commission",
    "swap",
    "ambiguous",
    "bars_held",
    "mae",
    "mfe",
    "slippage",
)


class Prepared:
    """A Plan on the bars of its symbols with an account: what all runs have in common.

    See `prepare`. Several runs may be under way at the same time; each has its own state.
    """

    def __init__(
        self,
        plan: Plan,
        bars: Mapping[str, Bars],
        instruments: Mapping[str, Instrument],
        rates: Mapping[str, Floats],
        account: Account,
        fine: Mapping[str, Bars],
        start: int | None,
        end: int | None,
    ) -> None:
        self.plan = plan
        self.account = account
        self.symbols = plan.trade.symbols
        self._instruments = [instruments[symbol] for symbol in self.symbols]
        rates = {
            symbol: np.ones(1) if instruments[symbol].quote_currency == account.currency else rates[symbol]
            for symbol in self.symbols
        }
        self._defaults = {param.name: param.default for param in plan.params}
        self._account_days = market_days.account_days(
            min(int(bars[symbol].ts_open[0]) for symbol in self.symbols),
            max(int(bars[symbol].ts_close[-1]) for symbol in self.symbols),
            account.day_start,
        )
        self._last: tuple[Compiled, list[Any]] | None = None
        self._markets: list[Any] = []
        priced = []
        compiled = self._compiled(self._defaults)[0]
        for symbol, instrument in zip(self.symbols, self._instruments, strict=True):
            market, facts = self._market(bars[symbol], instrument, rates[symbol], fine.get(symbol), compiled)
            market.first = 0 if start is None else int(np.searchsorted(bars[symbol].ts_open, start, side="left"))
            market.end = len(bars[symbol])
            if end is not None:
                market.end = int(np.searchsorted(bars[symbol].ts_open, end, side="left"))
            market.first = min(market.first, market.end)
            self._markets.append(market)
            priced.append(
                Priced(
                    bars[symbol],
                    market.first,
                    market.end,
                    instrument.contract_size,
                    rates[symbol],
                    facts[0],
                    facts[1],
                )
            )
        self._priced = tuple(priced)

    def _market(
        self, bars: Bars, instrument: Instrument, rates: Floats, fine: Bars | None, compiled: Compiled
    ) -> tuple[Any, tuple[Any, Any]]:
        account = self.account
        leverage = min(instrument.leverage, account.leverage or instrument.leverage)
        first_day, days = market_days.trading_days(bars, instrument)
        swaps = market_days.swaps(bars, instrument, rates, first_day, days) if account.swap else None
        sizes = {rule.size.type for rule in self.plan.enter} | {rule.size.type for rule in self.plan.add}
        market = kernel().Market(
            bars,
            instrument,
            rates,
            leverage,
            parse_timeframe(self.plan.trade.timeframe).nominal,
            days,
            swaps,
            market_days.volatility(bars, days) if "volatility" in sizes else None,
            fine,
            market_days.open_time(instrument),
        )
        market.clocks = [
            kernel().Strikes(market_days.strikes(bars, instrument, clock, zone, named))
            for clock, zone, named in compiled.clocks
        ]
        return market, (days, swaps)

    def _compiled(self, settings: Mapping[str, float]) -> tuple[Compiled, list[Any]]:
        """The program at these settings and its constants for each symbol; the last one is kept.

        Most parameters of a sweep are read by columns only and leave the program as it is.
        """
        if self._last is not None:
            compiled, constants = self._last
            if all(compiled.settings[name] == settings[name] for name in compiled.params):
                return compiled, constants
        compiled = compile_plan(self.plan, settings)
        constants = [compiled.constants(instrument, self.account.currency) for instrument in self._instruments]
        self._last = compiled, constants
        return compiled, constants

    def run(self, columns: Mapping[str, Columns], settings: Mapping[str, float] | None = None) -> Simulation:
        """Trade these columns from the first bar to the last.

        `settings` are all parameter values, as `resolve_settings` gives them; by default the Plan's.
        """
        desk, compiled = self.desk(columns, settings)
        kernel().run(desk)
        return Simulation(desk, compiled, self.symbols, self._priced, self.account.cash)

    def step_by_step(self, columns: Mapping[str, Columns], settings: Mapping[str, float] | None = None) -> Stepper:
        """The same run, one closing time after the other, with the intents of each."""
        desk, compiled = self.desk(columns, settings, record=True)
        return Stepper(desk, compiled, self)

    def desk(
        self, columns: Mapping[str, Columns], settings: Mapping[str, float] | None = None, *, record: bool = False
    ) -> tuple[Any, Compiled]:
        """A fresh account with an empty book for each symbol."""
        k = kernel()
        compiled, constants = self._compiled(settings or self._defaults)
        books = []
        for number, symbol in enumerate(self.symbols):
            values = columns[symbol].values
            own = [k.Column(_whole(values[node], len(columns[symbol].bars))) for node in compiled.columns]
            books.append(k.Book(number, self._markets[number], own, constants[number], compiled.program))
        slip, size = _slippage(self.account.slippage)
        desk = k.Desk(
            compiled.program,
            books,
            self._account_days,
            float(self.account.cash),
            commission=float(self.account.commission_per_lot),
            slip=slip,
            slippage=size,
            stop_out=self.account.stop_out_percent / 100.0,
            hedging=self.account.mode == "hedging",
            record=record,
        )
        return desk, compiled

    def simulation(self, desk: Any, compiled: Compiled) -> Simulation:
        """What came of a desk that somebody else has stepped."""
        return Simulation(desk, compiled, self.symbols, self._priced, self.account.cash)


class Stepper:
    """One run in steps: each is a closing time, its fills, and then its decisions."""

    def __init__(self, desk: Any, compiled: Compiled, prepared: Prepared) -> None:
        self.desk = desk
        self._compiled = compiled
        self._prepared = prepared
        kernel().begin(desk)

    def step(self) -> tuple[int, tuple[Intent, ...]] | None:
        """The next closing time and what was decided at it; None after the last."""
        time = kernel().step(self.desk)
        if time >= _NEVER:
            return None
        intents = []
        for book in self.desk.books:
            intents += [self._intent(book.market.symbol, *intent) for intent in book.intents]
            book.intents.clear()
        return time, tuple(intents)

    def finish(self) -> Simulation:
        """Close what is open at the last closes."""
        kernel().finish(self.desk)
        return self._prepared.simulation(self.desk, self._compiled)

    def _intent(self, symbol: str, kind: str, rule: int, side: int, *figures: float) -> Intent:
        names = self._compiled.reasons if kind == "close" else self._compiled.rules
        name = names[rule] if rule >= 0 else ""
        return Intent(kind, symbol, name, "long" if side > 0 else "short", *figures)


_NEVER = 1 << 62


def prepare(
    plan: Plan,
    bars: Mapping[str, Bars],
    instruments: Mapping[str, Instrument],
    rates: Mapping[str, Floats],
    account: Account,
    *,
    fine: Mapping[str, Bars] | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Prepared:
    """Make ready to trade `plan` on the base `bars` of its symbols.

    `rates` turn the quote currency of each symbol into account currency, one value for each bar or
    one for all. `fine` are finer bars that tell what happened inside a bar. Decisions are taken on
    bars that open at or after `start` and before `end` (UTC ns). Raises `NotSupported` RW805 for what
    cannot be run, `EngineError` RW807 for an account that cannot be used.
    """
    return Prepared(plan, bars, instruments, rates, account, fine or {}, start, end)


def simulate(
    plan: Plan,
    columns: Mapping[str, Columns],
    instruments: Mapping[str, Instrument],
    rates: Mapping[str, Floats],
    account: Account,
    settings: Mapping[str, float] | None = None,
    *,
    fine: Mapping[str, Bars] | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Simulation:
    """`prepare` and one `run` on the bars of the columns."""
    bars = {symbol: column.bars for symbol, column in columns.items()}
    prepared = prepare(plan, bars, instruments, rates, account, fine=fine, start=start, end=end)
    return prepared.run(columns, settings)


def _whole(column: Any, n: int) -> Any:
    """A column with one element for each bar, contiguous."""
    return np.full(n, column[0], dtype=column.dtype) if len(column) != n else np.ascontiguousarray(column)


def _slippage(text: str) -> tuple[int, float]:
    kind, _, size = text.partition(":")
    if kind == "none":
        return codes.SLIP_NONE, 0.0
    try:
        return {"points": codes.SLIP_POINTS, "atr": codes.SLIP_RANGE}[kind], float(size)
    except (KeyError, ValueError):
        raise EngineError("RW807", f"Slippage cannot be {text!r}.", "Write none, points:3 or atr:0.1.") from None
