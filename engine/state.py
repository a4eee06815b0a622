# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The state that `decide` reads and fills change: columns, markets, positions, orders, the account.

A `Market` is what is given (bars and contract facts of one symbol), a `Book` is what the strategy has
on it (position, orders, memory, remembered values), the `Desk` is the account with its books and the
log of what happened. C types are in `state.pxd`. Everything is in the units of `engine.result`.

One file above the usual size, because the classes hold each other and C has to know all their layouts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cython
import numpy as np

if cython.compiled:
    from cython.cimports.engine.instructions import EnterRule, Program
    from cython.cimports.engine.pointers import doubles, ints, longs, truths
    from cython.cimports.engine.state import rw_prefetch
    from cython.cimports.libc.string import memchr
else:
    from engine.instructions import EnterRule, Program
    from engine.pointers import doubles, ints, longs, truths

NAN = float("nan")
NEVER = 1 << 62

TRADE_NUMBERS = (
    "entry_price",
    "exit_price",
    "lots",
    "stop",
    "target",
    "risk",
    "profit",
    "commission",
    "swap",
    "mae",
    "mfe",
    "slippage",
)
TRADE_CODES = (
    "position",
    "symbol",
    "side",
    "rule",
    "entry_bar",
    "exit_bar",
    "exit_reason",
    "ambiguous",
    "bars_held",
)
EVENT_NUMBERS = 3
EVENT_CODES = ("symbol", "code", "rule")
FIRST_ROOM = 1024
BARS_A_TRADE = 16
MOST_ROOM = 40_000
"""Room that is not written to costs nothing, and copying a list that outgrew it does. Beyond 4 MB
numpy asks for huge pages, for which the system may have to tidy up first."""
KELLY_TRADES = 100


@cython.cclass
class Column:
    """One expression on every bar: float64 with NaN for unknown, or uint8 truth 0, 1, 2."""

    def __init__(self, array: Any) -> None:
        self.array = array
        self.size = len(array)
        self.following = -1
        self.raw: Any = None
        if array.dtype == np.uint8:
            self.truth = truths(array)
            if not cython.compiled:
                self.raw = array.tobytes()
        else:
            self.number = doubles(array)

    def next_true(self, start: cython.Py_ssize_t) -> cython.Py_ssize_t:
        """The first bar from `start` on with a true condition, or `size`; remembers where that was."""
        if self.following >= start:
            return self.following
        if start >= self.size:
            self.following = NEVER
            return NEVER
        if cython.compiled:
            found: cython.p_uchar = cython.cast(
                cython.p_uchar, memchr(cython.address(self.truth[start]), 2, self.size - start)
            )
            self.following = NEVER if found is cython.NULL else found - self.truth
        else:
            position = self.raw.find(2, start)
            self.following = NEVER if position < 0 else position
        return self.following


@cython.cclass
class Strikes:
    """The bars at whose close a clock trigger acts, rising."""

    def __init__(self, bars: Any) -> None:
        self.array = bars
        self.size = len(bars)
        self.bars = longs(bars)

    def next_at(self, start: cython.Py_ssize_t) -> cython.Py_ssize_t:
        """The first of them from bar `start` on, or a bar that never comes."""
        k: cython.Py_ssize_t = after(self.bars, self.size, start - 1)
        return self.bars[k] if k < self.size else NEVER


@cython.cclass
class Market:
    """Bars of one symbol and what its contract is worth.

    Decisions are taken on the bars `first` to `end` (not included). `rates` turn quote currency into
    account currency, one for each bar or one for all. `day_starts` are the starts of the trading
    days (UTC ns), `swap_long` and `swap_short` the money that one lot has been charged or paid by
    then since the first, `volatility` the annual deviation of daily returns known by then. `fine` is
    a second, finer set of bars or None, `clocks` the times that `manage` names. `open_time(a, b)`
    gives the ns for which the market was open in between.
    """

    def __init__(
        self,
        bars: Any,
        instrument: Any,
        rates: Any,
        leverage: float,
        bar: int,
        days: Any,
        swaps: Any,
        volatility: Any,
        fine: Any,
        open_time: Callable[[int, int], int],
    ) -> None:
        self.symbol = bars.symbol
        self.first = 0
        self.end = len(bars)
        self.bar = bar
        self.open_time = open_time
        self.pip = instrument.pip
        self.point = instrument.point
        self.tick = instrument.tick_size
        inverse = round(1 / instrument.tick_size)
        self.inverse_tick = float(inverse) if abs(inverse * instrument.tick_size - 1) < 1e-9 else 0.0
        self.contract = instrument.contract_size
        self.lot_min = instrument.lot_min
        self.lot_max = instrument.lot_max
        self.lot_step = instrument.lot_step
        inverse = round(1 / instrument.lot_step)
        self.inverse_step = float(inverse) if abs(inverse * instrument.lot_step - 1) < 1e-9 else 0.0
        self.day_hint = 0
        self.leverage = leverage
        self.stops_level = instrument.stops_level * instrument.point
        self.ts_open = longs(bars.ts_open)
        self.ts_close = longs(bars.ts_close)
        self.open = doubles(bars.open)
        self.high = doubles(bars.high)
        self.low = doubles(bars.low)
        self.close = doubles(bars.close)
        self.spread = doubles(bars.spread)
        self.rate = doubles(rates)
        self.rate_step = 0 if len(rates) == 1 else 1
        self.rate_high = float(rates.max()) if len(rates) else 1.0
        self.days = len(days)
        self.day_starts = longs(days)
        self.has_swap = swaps is not None
        if swaps is not None:
            self.swap_long = doubles(swaps[0])
            self.swap_short = doubles(swaps[1])
        if volatility is not None:
            self.volatility = doubles(volatility)
        self.fine_size = 0
        if fine is not None:
            self.fine_size = len(fine)
            self.fine_time = longs(fine.ts_open)
            self.fine_open = doubles(fine.open)
            self.fine_high = doubles(fine.high)
            self.fine_low = doubles(fine.low)
            self.fine_close = doubles(fine.close)
            self.fine_spread = doubles(fine.spread)
        self.clocks: list[Strikes] = []
        self.arrays = [bars, rates, days, swaps, volatility, fine]

    def money(self, i: cython.Py_ssize_t) -> cython.double:
        """What one lot gains in account currency when the price rises by 1, by the rate of bar `i`."""
        return self.contract * self.rate[i * self.rate_step]

    def worth(self, i: cython.Py_ssize_t) -> cython.double:
        """As `money`, at a fill inside bar `i`: by the rate known then, that of the close before."""
        return self.money(i - 1 if i > 0 else 0)

    def fetch(self, i: cython.Py_ssize_t) -> None:
        """Ask the memory for what a decision at bar `i` and a fill at the next open will read.

        Bars on which something happens lie far apart; waiting for them one array after the other
        took most of the time of a run.
        """
        if cython.compiled and i + 1 < self.end:
            rw_prefetch(cython.address(self.close[i]))
            rw_prefetch(cython.address(self.spread[i + 1]))
            rw_prefetch(cython.address(self.open[i + 1]))
            rw_prefetch(cython.address(self.high[i + 1]))
            rw_prefetch(cython.address(self.low[i + 1]))
            rw_prefetch(cython.address(self.ts_close[i]))
            rw_prefetch(cython.address(self.ts_open[i + 1]))

    def stale(self, i: cython.Py_ssize_t) -> cython.bint:
        """Whether the market was open for more than one bar between the last close and bar `i`."""
        late: cython.longlong = self.ts_open[i] - self.ts_close[i - 1] if i > 0 else 0
        if late <= self.bar:
            return False
        open_for: cython.longlong = self.open_time(self.ts_close[i - 1], self.ts_open[i])
        return open_for > self.bar

    def day_of(self, time: cython.longlong) -> cython.Py_ssize_t:
        """Number of the trading day an instant belongs to, −1 before the first; mostly that of the last call."""
        k: cython.Py_ssize_t = self.day_hint
        if k + 1 < self.days and self.day_starts[k] <= time < self.day_starts[k + 1]:
            return k
        k = after(self.day_starts, self.days, time) - 1
        self.day_hint = k if k > 0 else 0
        return k

    def bar_at(self, time: cython.longlong) -> cython.Py_ssize_t:
        """The first bar that opens at or after an instant, or `end`."""
        return after(self.ts_open, self.end, time - 1)

    def closed_at(self, time: cython.longlong) -> cython.Py_ssize_t:
        """The last bar that has closed at an instant, −1 before the first."""
        return after(self.ts_close, self.end, time) - 1

    def fine_at(self, time: cython.longlong) -> cython.Py_ssize_t:
        """The first finer bar that opens at or after an instant."""
        return after(self.fine_time, self.fine_size, time - 1)


def after(times: cython.p_longlong, size: cython.Py_ssize_t, time: cython.longlong) -> cython.Py_ssize_t:
    """How many of the rising `times` are at or before `time`."""
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = size
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if times[middle] <= time:
            low = middle + 1
        else:
            high = middle
    return low


@cython.cclass
class Lot:
    """One entry fill that is still open, wholly or in part; closed first in, first out.

    `risk`, `margin` and `slippage` are money for one lot, `swap` what a lot had been charged at the entry,
    `high` and `low` the extremes since: bid for longs, ask for shorts.
    """

    def __init__(self) -> None:
        self.price = self.volume = self.stop = self.target = self.risk = self.slippage = self.swap = 0.0
        self.margin = self.high = self.low = 0.0
        self.rule = 0
        self.bar = 0


@cython.cclass
class Order:
    """A market order for the next open, or a resting order.

    `stop` is a price or NaN, `distance` the frozen distance of a stop or 0, `planned` the distance
    that the size was computed from, `target` the frozen price or distance of a target. It stands until
    bar `expires` (included) and the instant `expires_at` (not included). `doomed`: reached at the very
    instant at which it was to be cancelled.
    """

    def __init__(self) -> None:
        self.rule: EnterRule | None = None
        self.active = self.doomed = False
        self.side = self.type = self.number = self.stop_kind = self.target_kind = 0
        self.price = self.lots = self.stop = self.distance = self.planned = self.target = 0.0
        self.decided = 0
        self.expires = NEVER
        self.expires_at = NEVER


@cython.cclass
class Book:
    """What one strategy has on one symbol.

    `side` is +1, −1 or 0 when flat. `average` is that of the lots still open, `initial` the volume of
    the first fill, `r` its distance to the stop, `net` what the position has realised after costs,
    `risk` the money lost at the first stop, `bound` the margin, `swapped` the swap so far.
    `high` and `low` are the extremes since the first fill (bid for longs, ask for shorts). `now` is the
    last closed bar, `cursor` the next one to be worked on.
    """

    def __init__(self, number: int, market: Market, columns: list[Column], constants: Any, program: Program) -> None:
        self.number = number
        self.market = market
        self.columns = columns
        self.now = -1
        self.cursor = 0
        self.position = 0
        self.lots: list[Lot] = [Lot()]
        for rule in program.add:
            self.lots += [Lot() for _ in range(rule.at_most)]
        self.orders: list[Order] = [Order() for _ in program.enter]
        self.entry = Order()
        self.addition = Order()
        self.intents: list[Any] = []
        lines = max(len(program.manage), 1)
        rules = max(len(program.enter), 1)
        thresholds = np.zeros(lines)
        takes = np.zeros(lines)
        reached = np.zeros(lines, np.int32)
        adds = np.zeros(max(len(program.add), 1), np.int32)
        fired = np.zeros(rules, np.int32)
        fired_day = np.full(rules, -NEVER)
        cooled = np.full(max(len(program.cooldowns), 1), -NEVER)
        remembered = np.full(max(len(program.remember), 1), NAN)
        self.constants = doubles(constants)
        self.thresholds = doubles(thresholds)
        self.takes = doubles(takes)
        self.reached = ints(reached)
        self.adds = ints(adds)
        self.fired = ints(fired)
        self.fired_day = longs(fired_day)
        self.cooled = longs(cooled)
        self.remembered = doubles(remembered)
        self.changes: list[Any] = [([], []) for _ in program.remember]
        self.arrays = (constants, thresholds, takes, reached, adds, fired, fired_day, cooled, remembered)
        self.close_reason = 0
        self.taking = False
        self.last_won = 1
        self.exited = -1
        self.last_fill = NAN
        self.extra = Lot()
        self.opening = self.masked = self.wants_take = False
        self.wanted_stop = self.wanted_target = NAN
        self.reach = 0.0
        self.touchy = False
        self.bid_high = self.bid_low = self.ask_high = self.ask_low = NAN
        self.resting = 0
        self.swapped = 0.0
        self.night = NEVER
        self.initial = 0.0
        self.average = self.r = self.high = self.low = NAN
        self.entered = -1
        self.entered_at = 0
        self.r_planned = NAN
        self.started = False
        self.net = self.risk = 0.0
        self.forget_position()

    def forget_position(self) -> None:
        """The book is flat; what only an open position has is set when one is opened."""
        self.side = 0
        self.lot_first = 0
        self.lot_count = 0
        self.volume = 0.0
        self.bound = 0.0
        self.swapped = 0.0
        self.stop = NAN
        self.target = NAN
        self.close_reason = 0


@cython.cclass
class Desk:
    """The account and the books on it.

    `commission` is money per lot and side, `slippage` points or a share of the true range as `slip`
    says, `stop_out` a fraction of the margin. `day_starts` are those of the account's days (UTC ns);
    a day's last instant belongs to it. `day_equity` is the equity at the start of the day, `blocked`
    whether the daily loss was reached. With `record` every decision is also kept as an intent.
    """

    def __init__(self, program: Program, books: list[Book], days: Any, cash: float, **account: Any) -> None:
        self.program = program
        self.books = books
        self.only: Any = books[0] if len(books) == 1 else None
        self.cash = self.start = self.day_equity = self.last_equity = cash
        self.commission: float = account["commission"]
        self.slip: int = account["slip"]
        self.slippage: float = account["slippage"]
        self.stop_out: float = account["stop_out"]
        self.hedging: bool = account["hedging"]
        self.record: bool = account["record"]
        self.changes = self.positions = self.numbered = self.orders = self.entries = self.ambiguous = 0
        self.days = len(days)
        self.day_starts = longs(days)
        self.day = self.entries_day = -2
        self.entries_today = 0
        self.blocked = False
        results = np.zeros(KELLY_TRADES)
        stack = np.zeros(max(program.stack, 1))
        self.results = doubles(results)
        self.result_count = 0
        self.stack = doubles(stack)
        self.top = 0
        self.arrays = (days, results, stack)
        self.failure: BaseException | None = None
        self.trades = self.trade_room = self.events = self.event_room = 0
        self.trade_numbers: Any = None
        self.trade_codes: Any = None
        self.event_numbers: Any = None
        self.event_codes: Any = None
        self.event_times: Any = None
        self.grow_trades(FIRST_ROOM + min(sum(book.market.end for book in books) // BARS_A_TRADE, MOST_ROOM))
        self.grow_events(64)

    def grow_trades(self, room: int) -> None:
        """Make room for so many trades; a trade is one row, so that it is written in one place."""
        numbers = np.empty((room, len(TRADE_NUMBERS)))
        codes = np.empty((room, len(TRADE_CODES)), np.int32)
        if self.trades:
            numbers[: self.trades] = self.trade_numbers[: self.trades]
            codes[: self.trades] = self.trade_codes[: self.trades]
        self.trade_numbers = numbers
        self.trade_codes = codes
        self.trade_number = doubles(numbers.reshape(-1))
        self.trade_code = ints(codes.reshape(-1))
        self.trade_room = room

    def grow_events(self, room: int) -> None:
        """Make room for so many events."""
        numbers = np.empty((EVENT_NUMBERS, room))
        codes = np.empty((len(EVENT_CODES), room), np.int32)
        times = np.empty(room, np.int64)
        if self.events:
            numbers[:, : self.events] = self.event_numbers[:, : self.events]
            codes[:, : self.events] = self.event_codes[:, : self.events]
            times[: self.events] = self.event_times[: self.events]
        self.event_numbers = numbers
        self.event_codes = codes
        self.event_times = times
        self.event_number = doubles(numbers.reshape(-1))
        self.event_code = ints(codes.reshape(-1))
        self.event_time = longs(times)
        self.event_room = room

    def new_trade(self) -> cython.Py_ssize_t:
        """The row of the next trade; without memory for it the run fails at its end."""
        if self.trades == self.trade_room:
            try:
                self.grow_trades(self.trade_room * 2)
            except MemoryError as error:
                self.failure = error
                return self.trades - 1
        self.trades += 1
        return self.trades - 1

    def log(
        self,
        time: cython.longlong,
        book: Book,
        code: cython.int,
        rule: cython.int,
        a: cython.double,
        b: cython.double,
        c: cython.double,
    ) -> None:
        """Keep an event with its figures (NaN where there are none)."""
        n: cython.Py_ssize_t = self.events
        if n == self.event_room:
            try:
                self.grow_events(self.event_room * 4)
            except MemoryError as error:
                self.failure = error
                return
        self.event_time[n] = time
        self.event_code[n] = book.number
        self.event_code[self.event_room + n] = code
        self.event_code[2 * self.event_room + n] = rule
        self.event_number[n] = a
        self.event_number[self.event_room + n] = b
        self.event_number[2 * self.event_room + n] = c
        self.events = n + 1

    def floating(self, book: Book, bid: cython.double, ask: cython.double) -> cython.double:
        """Result of an open position at these prices with its swap, by the rate of `book.now`."""
        market: Market = book.market
        price: cython.double = bid if book.side > 0 else ask
        return book.side * (price - book.average) * book.volume * market.money(book.now) + book.swapped

    def equity(self) -> cython.double:
        """Cash and the floating result of all positions at the last closes."""
        total: cython.double = self.cash
        close: cython.double
        k: cython.Py_ssize_t
        book: Book = self.only
        if self.positions == 0:
            return total
        if book is not None:
            close = book.market.close[book.now]
            return total + self.floating(book, close, close + book.market.spread[book.now])
        for k in range(len(self.books)):
            book = self.books[k]
            if book.side != 0:
                close = book.market.close[book.now]
                total += self.floating(book, close, close + book.market.spread[book.now])
        return total

    def margin(self) -> cython.double:
        """Margin that the open positions bind: notional at entry / leverage."""
        total: cython.double = 0.0
        k: cython.Py_ssize_t
        book: Book = self.only
        if self.positions == 0:
            return total
        if book is not None:
            return book.bound
        for k in range(len(self.books)):
            book = self.books[k]
            if book.side != 0:
                total += book.bound
        return total

    def free_margin(self) -> cython.double:
        """Equity at the last closes that no position binds."""
        return self.cash if self.positions == 0 else self.equity() - self.margin()

    def account_day(self, time: cython.longlong) -> cython.Py_ssize_t:
        """The account's day to which a closing instant belongs: its last instant is part of it."""
        return after(self.day_starts, self.days, time - 1) - 1

    def trade_columns(self) -> dict[str, Any]:
        """What was written so far, by the names of `TRADE_NUMBERS` and `TRADE_CODES`."""
        n = self.trades
        columns = {name: self.trade_numbers[:n, k] for k, name in enumerate(TRADE_NUMBERS)}
        columns.update({name: self.trade_codes[:n, k] for k, name in enumerate(TRADE_CODES)})
        return columns

    def event_columns(self) -> tuple[Any, Any, Any]:
        """Times, codes (symbol, code, rule) and figures of the events so far."""
        n = self.events
        return self.event_times[:n], self.event_codes[:, :n], self.event_numbers[:, :n]


def accrue(book: Book, i: cython.Py_ssize_t) -> None:
    """Charge the open lots the nights up to the opening of bar `i`, and note when the next one ends."""
    market: Market = book.market
    if not market.has_swap:
        book.night = NEVER
        return
    k: cython.Py_ssize_t
    day: cython.Py_ssize_t = market.day_of(market.ts_open[i])
    reached: cython.double = market.swap_long[day] if book.side > 0 else market.swap_short[day]
    book.swapped = 0.0
    for k in range(book.lot_first, book.lot_first + book.lot_count):
        lot: Lot = book.lots[k]
        book.swapped += lot.volume * (reached - lot.swap)
    book.night = market.day_starts[day + 1] if day + 1 < market.days else NEVER
