# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Positions as lots: opening, adding, closing first in first out, and the trade each closing writes.

Cash changes here and nowhere else: the commission of a side when it is filled, profit and swap when
a lot is closed.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.engine import codes
    from cython.cimports.engine.instructions import Cooldown
    from cython.cimports.engine.sizing import near_lots
    from cython.cimports.engine.state import Book, Desk, Lot, Market, accrue
else:
    from engine import codes
    from engine.instructions import Cooldown
    from engine.sizing import near_lots
    from engine.state import Book, Desk, Lot, Market, accrue

KELLY_MOST = cython.declare(cython.int, 100)
NEVER = cython.declare(cython.longlong, 1 << 62)
DUST = cython.declare(cython.double, 1e-9)
"""Volumes below this many lots are rounding."""


def open_lot(
    desk: Desk,
    book: Book,
    side: cython.int,
    rule: cython.int,
    lots: cython.double,
    price: cython.double,
    stop: cython.double,
    target: cython.double,
    slipped: cython.double,
    i: cython.Py_ssize_t,
    bid: cython.double,
    ask: cython.double,
) -> None:
    """Open a position, or add to the one of this side, at `price` in bar `i`.

    `slipped` is what slippage cost, in price. Stop and target hold for the whole position. After the
    first fill R stays what it was.
    """
    market: Market = book.market
    worth: cython.double = market.worth(i)
    day: cython.Py_ssize_t = 0
    first: cython.bint = book.side == 0
    if first:
        book.side = side
        desk.numbered += 1
        book.position = desk.numbered
        book.entered = i
        book.entered_at = market.ts_open[i]
        book.initial = lots
        book.net = 0.0
        book.high = bid if side > 0 else ask
        book.low = book.high
        book.r = side * (price - stop)
        desk.positions += 1
    book.stop = stop
    book.target = target
    lot: Lot = book.lots[book.lot_first + book.lot_count]
    book.lot_count += 1
    lot.price = price
    lot.volume = lots
    lot.stop = stop
    lot.target = target
    lot.rule = rule
    lot.bar = i
    lot.slippage = slipped * worth
    lot.risk = book.r * worth if book.r == book.r else 0.0
    lot.high = bid if side > 0 else ask
    lot.low = lot.high
    if book.lot_count == 2 and book.lot_first == 0:
        older: Lot = book.lots[0]
        older.high = book.high
        older.low = book.low
    lot.margin = price * worth / market.leverage
    book.bound += lots * lot.margin
    lot.swap = 0.0
    if market.has_swap:
        day = market.day_of(market.ts_open[i])
        lot.swap = market.swap_long[day] if side > 0 else market.swap_short[day]
    if first:
        book.risk = lot.risk * lots
        book.night = market.day_starts[day + 1] if market.has_swap and day + 1 < market.days else NEVER
    cost: cython.double = desk.commission * lots
    desk.cash -= cost
    book.net -= cost
    book.last_fill = price
    book.touchy = True
    desk.changes += 1
    desk.entries += 1
    _average(book)


def close_lots(
    desk: Desk,
    book: Book,
    lots: cython.double,
    price: cython.double,
    reason: cython.int,
    ambiguous: cython.bint,
    slipped: cython.double,
    i: cython.Py_ssize_t,
) -> None:
    """Close so many lots at `price` in bar `i`, the oldest first."""
    market: Market = book.market
    worth: cython.double = market.money(i) if reason == codes.REASON_END else market.worth(i)
    left: cython.double = lots
    day: cython.Py_ssize_t = market.day_of(market.ts_open[i]) if market.has_swap else 0
    if ambiguous:
        desk.ambiguous += 1
    while left > DUST and book.lot_count > 0:
        lot: Lot = book.lots[book.lot_first]
        part: cython.double = lot.volume if lot.volume < left + DUST else left
        profit: cython.double = book.side * (price - lot.price) * part * worth
        swap: cython.double = 0.0
        if market.has_swap:
            swap = part * ((market.swap_long[day] if book.side > 0 else market.swap_short[day]) - lot.swap)
        commission: cython.double = desk.commission * part
        if book.lot_first + book.lot_count == 1:
            lot.high = book.high
            lot.low = book.low
        desk.cash += profit + swap - commission
        book.net += profit + swap - commission
        write_trade(
            desk,
            book,
            lot,
            book.side,
            part,
            price,
            profit,
            2.0 * commission,
            swap,
            slipped * worth * part,
            reason,
            ambiguous,
            i,
        )
        book.bound -= part * lot.margin
        left -= part
        lot.volume = near_lots(market, lot.volume - part)
        if lot.volume <= DUST:
            book.lot_first += 1
            book.lot_count -= 1
    book.last_fill = price
    book.touchy = True
    desk.changes += 1
    if book.lot_count == 0:
        _settle(desk, book, i)
    else:
        _average(book)
        accrue(book, i)


def _average(book: Book) -> None:
    k: cython.Py_ssize_t
    lot: Lot = book.lots[book.lot_first]
    if book.lot_count == 1:
        book.volume = lot.volume
        book.average = lot.price
        return
    volume: cython.double = 0.0
    paid: cython.double = 0.0
    for k in range(book.lot_first, book.lot_first + book.lot_count):
        lot = book.lots[k]
        volume += lot.volume
        paid += lot.volume * lot.price
    book.volume = volume
    book.average = paid / volume


def _settle(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """The position is closed: what memory words, cooldowns and Kelly know of it."""
    k: cython.Py_ssize_t
    n: cython.Py_ssize_t
    lost: cython.bint = book.net < 0.0
    won: cython.bint = book.net > 0.0
    book.last_won = 2 if won else 0
    book.exited = i
    desk.positions -= 1
    if book.risk > 0.0:
        desk.results[desk.result_count % KELLY_MOST] = book.net / book.risk
        desk.result_count += 1
    for k in range(desk.program.pauses):
        limit: Cooldown = desk.program.cooldowns[k]
        if limit.after == codes.AFTER_EXIT or (lost if limit.after == codes.AFTER_LOSS else won):
            for n in range(len(desk.books)):
                other: Book = desk.books[n]
                if other is book or not limit.per_symbol:
                    other.cooled[k] = book.market.ts_close[i]
    book.forget_position()


def see(book: Book, bid_low: cython.double, bid_high: cython.double, spread: cython.double) -> None:
    """Bid prices that an open position has lived through."""
    if book.side < 0:
        lived(book, bid_low + spread, bid_high + spread)
    else:
        lived(book, bid_low, bid_high)


def lived(book: Book, low: cython.double, high: cython.double) -> None:
    """Prices of the closing side that an open position has lived through."""
    k: cython.Py_ssize_t
    if low < book.low:
        book.low = low
    if high > book.high:
        book.high = high
    if book.lot_first + book.lot_count == 1:
        return
    for k in range(book.lot_first, book.lot_first + book.lot_count):
        lot: Lot = book.lots[k]
        if low < lot.low:
            lot.low = low
        if high > lot.high:
            lot.high = high


def write_trade(
    desk: Desk,
    book: Book,
    lot: Lot,
    side: cython.int,
    lots: cython.double,
    price: cython.double,
    profit: cython.double,
    commission: cython.double,
    swap: cython.double,
    slipped: cython.double,
    reason: cython.int,
    ambiguous: cython.bint,
    i: cython.Py_ssize_t,
) -> None:
    """One row of the trade list; the columns are those of `TRADE_NUMBERS` and `TRADE_CODES`."""
    n: cython.Py_ssize_t = desk.new_trade()
    number: cython.Py_ssize_t = 12 * n
    code: cython.Py_ssize_t = 9 * n
    numbers: cython.p_double = desk.trade_number
    row: cython.p_int = desk.trade_code
    low: cython.double = lot.low if lot.low < price else price
    high: cython.double = lot.high if lot.high > price else price
    against: cython.double = lot.price - low if side > 0 else high - lot.price
    along: cython.double = high - lot.price if side > 0 else lot.price - low
    numbers[number] = lot.price
    numbers[number + 1] = price
    numbers[number + 2] = lots
    numbers[number + 3] = lot.stop
    numbers[number + 4] = lot.target
    numbers[number + 5] = lot.risk * lots
    numbers[number + 6] = profit
    numbers[number + 7] = commission
    numbers[number + 8] = swap
    numbers[number + 9] = against if against > 0.0 else 0.0
    numbers[number + 10] = along if along > 0.0 else 0.0
    numbers[number + 11] = lot.slippage * lots + slipped
    row[code] = book.position
    row[code + 1] = book.number
    row[code + 2] = side
    row[code + 3] = lot.rule
    row[code + 4] = cython.cast(cython.int, lot.bar)
    row[code + 5] = cython.cast(cython.int, i)
    row[code + 6] = reason
    row[code + 7] = 1 if ambiguous else 0
    row[code + 8] = cython.cast(cython.int, i - lot.bar + (0 if book.opening else 1))
