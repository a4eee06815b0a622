# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What the market does to orders and positions within one bar.

Bars are bid bars; the ask is bid + spread. Buys fill at the ask, sells at the bid; buy stops and the
stop and target of a short are triggered by the ask. Within a bar prices take the path open → nearer
extreme → other extreme → close. A level that was passed when the bar opened fills at the open. Where
stop and target both lie on the rest of the path the stop is taken, and the trade is counted as
ambiguous unless finer bars settle it.

One file, because every step of the path may lead to any other and they call each other at C speed:
first what happens at the open, then the path, then what an order that is reached does.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.engine import codes
    from cython.cimports.engine.expressions import number
    from cython.cimports.engine.instructions import AddRule, Cooldown, EnterRule, ManageLine
    from cython.cimports.engine.positions import close_lots, open_lot, see, write_trade
    from cython.cimports.engine.sizing import tick_down, tick_near, tick_up
    from cython.cimports.engine.state import Book, Desk, Lot, Market, Order, accrue
else:
    from engine import codes
    from engine.expressions import number
    from engine.instructions import AddRule, Cooldown, EnterRule, ManageLine
    from engine.positions import close_lots, open_lot, see, write_trade
    from engine.sizing import tick_down, tick_near, tick_up
    from engine.state import Book, Desk, Lot, Market, Order, accrue

NAN = cython.declare(cython.double, float("nan"))
FAR = cython.declare(cython.double, float("inf"))
RISK_ROOM = cython.declare(cython.double, 1.25)
"""An entry whose real risk would be more than this many times the planned one is not made."""

NOTHING = cython.declare(cython.int, -1)
STOP = cython.declare(cython.int, -2)
TARGET = cython.declare(cython.int, -3)
STOP_OUT = cython.declare(cython.int, -4)


def pending(book: Book) -> cython.bint:
    """Something is to be done at the next open."""
    return book.entry.active or book.addition.active or book.taking or (book.close_reason != 0 and book.side != 0)


def fill_bar(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """Everything that bar `i` fills: what its open reaches, then what its path does."""
    open_bar(desk, book, i)
    follow_bar(desk, book, i)
    book.now = i


def open_bar(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """What happens at the open of bar `i`: orders for it, and every level that it has passed."""
    market: Market = book.market
    opened: cython.double = market.open[i]
    what: cython.int
    if book.resting > 0:
        _expire(desk, book, i)
    if pending(book):
        _at_open(desk, book, i)
    if book.side == 0 and book.resting == 0:
        return
    if book.side != 0 and market.ts_open[i] >= book.night:
        accrue(book, i)
        book.touchy = True
    if book.touchy or desk.only is None:
        refresh(desk, book)
    if touched(book, opened, opened, market.spread[i]):
        book.opening = True
        book.masked = False
        what = _nearest(desk, book, i, opened, opened, opened, opened, market.spread[i])
        while what != NOTHING:
            _happen(desk, book, what, i, opened, market.spread[i])
            what = _nearest(desk, book, i, opened, opened, opened, opened, market.spread[i])
        book.opening = False


def follow_bar(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """What the prices of bar `i` reach after its open."""
    market: Market = book.market
    if book.side == 0 and book.resting == 0:
        return
    if book.touchy or desk.only is None:
        refresh(desk, book)
    if touched(book, market.high[i], market.low[i], market.spread[i]):
        _in_bar(desk, book, i)
    elif book.side != 0:
        see(book, market.low[i], market.high[i], market.spread[i])


def _expire(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """Resting orders whose time is over when bar `i` opens."""
    k: cython.Py_ssize_t
    opened: cython.longlong = book.market.ts_open[i]
    for k in range(len(book.orders)):
        order: Order = book.orders[k]
        if order.active and (i > order.expires or opened >= order.expires_at):
            cancel(desk, book, order, codes.EV_ORDER_EXPIRED, opened)


def cancel(desk: Desk, book: Book, order: Order, code: cython.int, time: cython.longlong) -> None:
    """Take a resting order off the market."""
    order.active = False
    book.resting -= 1
    book.touchy = True
    desk.changes += 1
    desk.log(time, book, code, order.number, order.price, NAN, NAN)


def cancel_forbidden(desk: Desk, book: Book, code: cython.int, figure: cython.double, time: cython.longlong) -> None:
    """Take away the resting orders that a limit no longer lets open anything; `code` says which limit."""
    k: cython.Py_ssize_t
    for k in range(len(book.orders) if book.resting > 0 else 0):
        order: Order = book.orders[k]
        if order.active and not _closes_only(desk, book, order):
            desk.log(time, book, code, order.number, figure, NAN, NAN)
            cancel(desk, book, order, codes.EV_ORDER_CANCELLED, time)
            if desk.record:
                book.intents.append(("cancel", order.number, order.side, order.lots, order.price, NAN, NAN, NAN))


def _closes_only(desk: Desk, book: Book, order: Order) -> cython.bint:
    """Whether a fill of the order now would close the position and open nothing."""
    return book.side == -order.side and desk.program.opposite == codes.OPPOSITE_CLOSES


def refresh(desk: Desk, book: Book) -> None:
    """Find the bid and ask prices beyond which something must be looked at.

    The level of a stop-out is computed with the highest rate there is, so that it is never too far, and
    with the swap charged so far, so that it holds until `book.night`.
    """
    market: Market = book.market
    room: cython.double = 1e-6 * market.tick
    k: cython.Py_ssize_t
    book.bid_high = FAR
    book.ask_high = FAR
    book.bid_low = -FAR
    book.ask_low = -FAR
    if book.side > 0:
        if book.stop == book.stop:
            book.bid_low = book.stop
        if book.target == book.target:
            book.bid_high = book.target
    elif book.side < 0:
        if book.stop == book.stop:
            book.ask_high = book.stop
        if book.target == book.target:
            book.ask_low = book.target
    if book.side != 0 and desk.stop_out > 0.0:
        level: cython.double = _stop_out(desk, book, market.rate_high)
        if book.side > 0 and level > book.bid_low:
            book.bid_low = level
        elif book.side < 0 and level < book.ask_high:
            book.ask_high = level
    for k in range(len(book.orders) if book.resting > 0 else 0):
        order: Order = book.orders[k]
        if not order.active:
            continue
        if order.side > 0:
            if order.type == codes.ORDER_STOP:
                book.ask_high = min(book.ask_high, order.price)
            else:
                book.ask_low = max(book.ask_low, order.price)
        elif order.type == codes.ORDER_STOP:
            book.bid_low = max(book.bid_low, order.price)
        else:
            book.bid_high = min(book.bid_high, order.price)
    book.bid_high -= room
    book.ask_high -= room
    book.bid_low += room
    book.ask_low += room
    book.touchy = False


def touched(book: Book, high: cython.double, low: cython.double, spread: cython.double) -> cython.bint:
    """Whether a bar reaches one of the prices that `refresh` found."""
    return (
        high >= book.bid_high or low <= book.bid_low or high + spread >= book.ask_high or low + spread <= book.ask_low
    )


def _stop_out(desk: Desk, book: Book, rate: cython.double) -> cython.double:
    """The price (bid for longs, ask for shorts) at which equity / margin falls to the stop-out level."""
    base: cython.double = desk.cash
    k: cython.Py_ssize_t
    margin: cython.double = book.bound
    if desk.positions > 1:
        margin = desk.margin()
        if not _largest_loss(desk, book):
            return -FAR if book.side > 0 else FAR
        for k in range(len(desk.books)):
            other: Book = desk.books[k]
            if other is not book and other.side != 0:
                close: cython.double = other.market.close[other.now]
                base += desk.floating(other, close, close + other.market.spread[other.now])
    base += book.swapped
    room: cython.double = base - desk.stop_out * margin
    return book.average - book.side * room / (book.volume * book.market.contract * rate)


def _largest_loss(desk: Desk, book: Book) -> cython.bint:
    """Whether this is the position that a broker closes first."""
    k: cython.Py_ssize_t
    close: cython.double = book.market.close[book.now]
    own: cython.double = desk.floating(book, close, close + book.market.spread[book.now])
    for k in range(len(desk.books)):
        other: Book = desk.books[k]
        if other is not book and other.side != 0:
            close = other.market.close[other.now]
            if desk.floating(other, close, close + other.market.spread[other.now]) < own:
                return False
    return True


def _slip(desk: Desk, market: Market, i: cython.Py_ssize_t) -> cython.double:
    """Slippage of a market or stop fill in bar `i`, in price; the true range is that of the bar before."""
    if desk.slip == codes.SLIP_NONE:
        return 0.0
    if desk.slip == codes.SLIP_POINTS:
        return desk.slippage * market.point
    k: cython.Py_ssize_t = i - 1 if i > 0 else 0
    high: cython.double = market.high[k]
    low: cython.double = market.low[k]
    if k > 0:
        high = max(high, market.close[k - 1])
        low = min(low, market.close[k - 1])
    return desk.slippage * (high - low)


def _worse(market: Market, side: cython.int, price: cython.double, slipped: cython.double) -> cython.double:
    """A buy (+1) or sell (−1) price after slippage, on a tick."""
    if slipped == 0.0:
        return price
    return tick_up(market, price + slipped) if side > 0 else tick_down(market, price - slipped)


def close_all(desk: Desk, book: Book, i: cython.Py_ssize_t, price: cython.double, reason: cython.int) -> None:
    """Close the position in bar `i` by a market or stop fill at `price`, before slippage."""
    real: cython.double = _worse(book.market, -book.side, price, _slip(desk, book.market, i))
    ambiguous: cython.bint = book.masked and (reason == codes.REASON_STOP or reason == codes.REASON_STOP_OUT)
    close_lots(desk, book, book.volume, real, reason, ambiguous, book.side * (price - real), i)
    book.masked = False
    _begin_cooldown(desk, book, i)


# --- at the open ---------------------------------------------------------------------------------


def _at_open(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """What the decision at the last close asked for. Entries older than one bar have expired."""
    market: Market = book.market
    bid: cython.double = market.open[i]
    spread: cython.double = market.spread[i]
    k: cython.Py_ssize_t
    lots: cython.double
    real: cython.double
    price: cython.double
    exit_price: cython.double = bid if book.side > 0 else bid + spread
    book.opening = True
    book.masked = False
    if book.side != 0 and book.close_reason != 0:
        close_all(desk, book, i, exit_price, book.close_reason)
    book.close_reason = 0
    if book.taking:
        for k in range(desk.program.lines):
            lots = book.takes[k]
            book.takes[k] = 0.0
            if lots > 0.0 and book.side != 0:
                real = _worse(market, -book.side, exit_price, _slip(desk, market, i))
                close_lots(
                    desk,
                    book,
                    lots,
                    real,
                    codes.REASON_FIRST_RULE + cython.cast(cython.int, desk.program.exits + k),
                    False,
                    book.side * (exit_price - real),
                    i,
                )
        book.taking = False
        _begin_cooldown(desk, book, i)
    if book.entry.active or book.addition.active:
        late: cython.bint = False
        try:
            late = market.stale(i)
        except Exception as error:  # C code cannot raise; the run does at its end
            desk.failure = error
        if late:
            order: Order = book.entry if book.entry.active else book.addition
            desk.log(market.ts_open[i], book, codes.EV_DECISION_EXPIRED, order.number, NAN, NAN, NAN)
            if book.entry.active and book.side == -book.entry.side:
                close_all(desk, book, i, exit_price, codes.REASON_REVERSE)
            uncount(desk, book, order)
        elif book.entry.active:
            price = bid + spread if book.entry.side > 0 else bid
            _enter(desk, book, book.entry, i, bid, spread, price, False)
        elif book.side == book.addition.side:
            _add(desk, book, i)
        book.entry.active = False
        book.addition.active = False
    book.opening = False


def uncount(desk: Desk, book: Book, order: Order) -> None:
    """A market entry that was counted at its decision has not come about."""
    if order.rule is None:
        return
    if order.rule.at_most > 0:
        book.fired[order.number] -= 1
    if desk.program.entries_per_day > 0 and desk.entries_day == desk.account_day(book.market.ts_close[order.decided]):
        desk.entries_today -= 1


def _add(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """Add to the position at the open of bar `i`; its stop never moves away from the market."""
    market: Market = book.market
    order: Order = book.addition
    k: cython.Py_ssize_t = order.number - desk.program.enters
    bid: cython.double = market.open[i]
    ask: cython.double = bid + market.spread[i]
    quoted: cython.double = ask if order.side > 0 else bid
    price: cython.double = _worse(market, order.side, quoted, _slip(desk, market, i))
    stop: cython.double = order.stop
    opened: cython.longlong = market.ts_open[i]
    if order.stop_kind == codes.LEVEL_DISTANCE:
        stop = price - order.side * order.distance
        stop = tick_down(market, stop) if order.side > 0 else tick_up(market, stop)
    if stop != stop or order.side * (book.stop - stop) > 0.0:
        stop = book.stop
    if stop == stop and order.side * ((bid if order.side > 0 else ask) - stop) <= max(market.stops_level, 0.0):
        desk.log(opened, book, codes.EV_STOP_WRONG_SIDE, order.number, price, stop, NAN)
        return
    rule: AddRule = desk.program.add[k]
    if _by_risk(rule.size) and order.side * (price - stop) > RISK_ROOM * order.planned + 1e-6 * market.tick:
        distance: cython.double = order.side * (price - stop)
        desk.log(opened, book, codes.EV_RISK_ABOVE_PLAN, order.number, distance, order.planned, NAN)
        return
    if not _fits_margin(desk, order.lots, price, market.worth(i), market.leverage):
        desk.log(opened, book, codes.EV_MARGIN, order.number, order.lots, price, NAN)
        return
    book.adds[k] += 1
    open_lot(
        desk,
        book,
        order.side,
        order.number,
        order.lots,
        price,
        stop,
        book.target,
        order.side * (price - quoted),
        i,
        bid,
        ask,
    )


# --- along the path ------------------------------------------------------------------------------


def _in_bar(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """Walk bar `i`, by its finer bars where more than one thing may happen in it."""
    market: Market = book.market
    k: cython.Py_ssize_t = -1
    book.masked = False
    if market.fine_size > 0 and _crowd(book, market.high[i], market.low[i], market.spread[i]) > 1:
        k = _finer(market, i)
    if k < 0:
        walk(desk, book, i, market.open[i], market.high[i], market.low[i], market.close[i], market.spread[i])
    while 0 <= k < market.fine_size and market.fine_time[k] < market.ts_close[i]:
        if book.side == 0 and book.resting == 0:
            break
        book.masked = False
        walk(
            desk,
            book,
            i,
            market.fine_open[k],
            market.fine_high[k],
            market.fine_low[k],
            market.fine_close[k],
            market.fine_spread[k],
        )
        k += 1
    if book.resting > 0:
        _cancel_doomed(desk, book, i)


def _finer(market: Market, i: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The first finer bar within bar `i`, or −1 where they do not reach its high and its low."""
    start: cython.Py_ssize_t = market.fine_at(market.ts_open[i])
    k: cython.Py_ssize_t = start
    room: cython.double = 1e-6 * market.tick
    high: cython.double = -FAR
    low: cython.double = FAR
    while k < market.fine_size and market.fine_time[k] < market.ts_close[i]:
        high = max(high, market.fine_high[k])
        low = min(low, market.fine_low[k])
        k += 1
    return start if high >= market.high[i] - room and low <= market.low[i] + room else -1


def _cancel_doomed(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """What was to be filled at the instant of its cancelling, and was not, is cancelled."""
    k: cython.Py_ssize_t
    for k in range(len(book.orders)):
        order: Order = book.orders[k]
        if order.active and order.doomed:
            order.doomed = False
            cancel(desk, book, order, codes.EV_ORDER_CANCELLED_BY_FILL, book.market.ts_open[i])


def _crowd(book: Book, high: cython.double, low: cython.double, spread: cython.double) -> cython.int:
    """How many things may happen in a bar; an order to enter counts as two, for what follows it."""
    found: cython.int = 0
    k: cython.Py_ssize_t
    if book.side > 0:
        found += (1 if low <= book.stop else 0) + (1 if high >= book.target else 0)
    elif book.side < 0:
        found += (1 if high + spread >= book.stop else 0) + (1 if low + spread <= book.target else 0)
    for k in range(len(book.orders)):
        order: Order = book.orders[k]
        if order.active:
            if order.side > 0:
                found += 2 if low + spread <= order.price <= high + spread else 0
            else:
                found += 2 if low <= order.price <= high else 0
    return found


def walk(
    desk: Desk,
    book: Book,
    i: cython.Py_ssize_t,
    opened: cython.double,
    high: cython.double,
    low: cython.double,
    close: cython.double,
    spread: cython.double,
) -> None:
    """Follow the path of one bar (or finer bar) of bid prices and let happen what it reaches."""
    up_first: cython.bint = high - opened < opened - low - 1e-6 * book.market.tick
    first: cython.double = high if up_first else low
    second: cython.double = low if up_first else high
    at: cython.double = opened
    leg: cython.int = 0
    book.opening = True
    while leg < 3:
        end: cython.double = first if leg == 0 else second if leg == 1 else close
        rest_low: cython.double = min(at, end)
        rest_high: cython.double = max(at, end)
        if leg == 0:
            rest_low = min(rest_low, second)
            rest_high = max(rest_high, second)
        if leg < 2:
            rest_low = min(rest_low, close)
            rest_high = max(rest_high, close)
        what: cython.int = _nearest(desk, book, i, at, end, rest_low, rest_high, spread)
        reached: cython.double = end if what == NOTHING else book.reach
        if reached != at:
            book.opening = False
            if book.side != 0:
                see(book, min(at, reached), max(at, reached), spread)
        at = reached
        if what == NOTHING:
            leg += 1
            book.opening = False
        else:
            _happen(desk, book, what, i, at, spread)
    book.opening = False


def _reaches(
    book: Book, level: cython.double, direction: cython.int, at: cython.double, end: cython.double
) -> cython.bint:
    """Whether the bid has passed a level or meets it on the way to `end`; `book.reach` says where.

    `direction` +1: triggered at or above the level, −1: at or below it.
    """
    room: cython.double = 1e-6 * book.market.tick
    if direction * (at - level) >= -room:
        book.reach = at
        return True
    if direction * (end - level) >= -room:
        book.reach = level if direction * (end - level) > 0.0 else end
        return True
    return False


def _nearest(
    desk: Desk,
    book: Book,
    i: cython.Py_ssize_t,
    at: cython.double,
    end: cython.double,
    low: cython.double,
    high: cython.double,
    spread: cython.double,
) -> cython.int:
    """What happens next between `at` and `end`, and in `book.reach` the bid at which it does.

    `low` and `high` bound the rest of the path: a target is passed over where the stop lies on it
    too. What was passed already happens at once; of two at one price the earlier named here.
    """
    what: cython.int = NOTHING
    where: cython.double = end
    side: cython.int = book.side
    k: cython.Py_ssize_t
    level: cython.double
    stopped: cython.bint = False
    offset: cython.double = spread if side < 0 else 0.0
    if side != 0 and desk.stop_out > 0.0:
        level = _stop_out(desk, book, book.market.worth(i) / book.market.contract) - offset
        stopped = _reaches(book, level, -side, low if side > 0 else high, low if side > 0 else high)
        if _reaches(book, level, -side, at, end):
            what = STOP_OUT
            where = book.reach
    if side != 0 and book.stop == book.stop:
        level = book.stop - offset
        if _reaches(book, level, -side, low if side > 0 else high, low if side > 0 else high):
            stopped = True
        if _reaches(book, level, -side, at, end) and (what == NOTHING or side * (book.reach - where) >= 0.0):
            what = STOP
            where = book.reach
    if side != 0 and book.target == book.target:
        level = book.target - offset
        if _reaches(book, level, side, at, at):
            if what == NOTHING:
                what = TARGET
                where = at
        elif _reaches(book, level, side, low if side < 0 else high, low if side < 0 else high):
            if stopped:
                book.masked = True
            elif _reaches(book, level, side, at, end) and what == NOTHING:
                what = TARGET
                where = book.reach
    for k in range(len(book.orders)):
        order: Order = book.orders[k]
        if not order.active:
            continue
        direction: cython.int = order.side if order.type == codes.ORDER_STOP else -order.side
        level = order.price - spread if order.side > 0 else order.price
        if _reaches(book, level, direction, at, end) and (
            what == NOTHING or (at - book.reach) * (at - book.reach) < (at - where) * (at - where)
        ):
            what = cython.cast(cython.int, k)
            where = book.reach
    book.reach = where
    return what


def _happen(
    desk: Desk, book: Book, what: cython.int, i: cython.Py_ssize_t, at: cython.double, spread: cython.double
) -> None:
    """Carry out what `_nearest` found, the bid being `at`; a passed level fills at the price there is."""
    market: Market = book.market
    price: cython.double
    level: cython.double
    room: cython.double = 1e-6 * market.tick
    quote: cython.double
    if what >= 0:
        order: Order = book.orders[what]
        quote = at + spread if order.side > 0 else at
        direction: cython.int = order.side if order.type == codes.ORDER_STOP else -order.side
        price = quote if direction * (quote - order.price) > room else order.price
        _enter(desk, book, order, i, at, spread, price, order.type == codes.ORDER_LIMIT)
        return
    quote = at if book.side > 0 else at + spread
    if what == TARGET:
        price = quote if book.side * (quote - book.target) > room else book.target
        close_lots(desk, book, book.volume, price, codes.REASON_TARGET, False, 0.0, i)
        _begin_cooldown(desk, book, i)
    elif what == STOP:
        price = quote if book.side * (book.stop - quote) > room else book.stop
        close_all(desk, book, i, price, codes.REASON_STOP)
    else:
        level = _stop_out(desk, book, market.worth(i) / market.contract)
        price = quote if book.side * (level - quote) > room else level
        price = tick_down(market, price) if book.side > 0 else tick_up(market, price)
        desk.log(market.ts_open[i], book, codes.EV_STOP_OUT, -1, price, desk.margin(), NAN)
        close_all(desk, book, i, price, codes.REASON_STOP_OUT)


# --- an entry order is reached -------------------------------------------------------------------


def _enter(
    desk: Desk,
    book: Book,
    order: Order,
    i: cython.Py_ssize_t,
    bid: cython.double,
    spread: cython.double,
    price: cython.double,
    limit: cython.bint,
) -> None:
    """Open what an order asks for at `price` (before slippage), or say why not."""
    market: Market = book.market
    rule: EnterRule = order.rule
    side: cython.int = order.side
    opened: cython.longlong = market.ts_open[i]
    ask: cython.double = bid + spread
    trigger: cython.double = bid if side > 0 else ask
    worth: cython.double = market.worth(i)
    room: cython.double = 1e-6 * market.tick
    k: cython.Py_ssize_t
    least: cython.double = market.stops_level - room if market.stops_level > room else room
    real: cython.double = price
    stop: cython.double = order.stop
    target: cython.double = NAN
    order.active = False
    if order.type != codes.ORDER_MARKET:
        book.resting -= 1
        desk.changes += 1
    book.touchy = True
    if not limit:
        real = _worse(market, side, price, _slip(desk, market, i))
    if order.doomed or book.side == side or (book.side == -side and desk.program.opposite == codes.OPPOSITE_IGNORED):
        _double_fill(desk, book, order, i, bid, spread, real, side * (real - price))
        return
    if order.type != codes.ORDER_MARKET and not _closes_only(desk, book, order) and _forbidden(desk, book, order, i):
        return
    if book.side == -side:
        if desk.program.opposite == codes.OPPOSITE_CLOSES:
            close_lots(desk, book, book.volume, real, codes.REASON_OPPOSITE, False, side * (real - price), i)
            _begin_cooldown(desk, book, i)
            return
        close_lots(desk, book, book.volume, real, codes.REASON_REVERSE, False, side * (real - price), i)
        _begin_cooldown(desk, book, i)
    if order.stop_kind == codes.LEVEL_DISTANCE:
        stop = real - side * order.distance
        stop = tick_down(market, stop) if side > 0 else tick_up(market, stop)
    if stop == stop and side * (trigger - stop) < least:
        desk.log(opened, book, codes.EV_STOP_WRONG_SIDE, order.number, real, stop, NAN)
        _refuse(desk, book, order)
        return
    if order.target_kind != codes.LEVEL_NONE:
        target = order.target
        if rule.target_value.of_r:
            book.r_planned = side * (real - stop)
            target = number(desk, book, rule.target_value, order.decided)
            book.r_planned = NAN
        if order.target_kind == codes.LEVEL_DISTANCE:
            target = real + side * target
        target = tick_near(market, target)
        if not side * (target - trigger) >= least:
            desk.log(opened, book, codes.EV_TARGET_WRONG_SIDE, order.number, real, target, NAN)
            _refuse(desk, book, order)
            return
    if (
        _by_risk(rule.size)
        and order.type == codes.ORDER_MARKET
        and order.planned > 0.0
        and side * (real - stop) > RISK_ROOM * order.planned + room
    ):
        desk.log(opened, book, codes.EV_RISK_ABOVE_PLAN, order.number, side * (real - stop), order.planned, NAN)
        _refuse(desk, book, order)
        return
    if desk.program.open_positions > 0 and desk.positions >= desk.program.open_positions:
        desk.log(opened, book, codes.EV_OPEN_POSITIONS, order.number, desk.positions, NAN, NAN)
        _refuse(desk, book, order)
        return
    if not _fits_margin(desk, order.lots, real, worth, market.leverage):
        desk.log(opened, book, codes.EV_MARGIN, order.number, order.lots, real, NAN)
        _refuse(desk, book, order)
        return
    open_lot(desk, book, side, order.number, order.lots, real, stop, target, side * (real - price), i, bid, ask)
    if order.type != codes.ORDER_MARKET:
        _count(desk, book, order, i)
    if desk.program.lines > 0 or desk.program.adds > 0:
        _freeze(desk, book, order.decided)
    if book.resting > 0 or desk.program.open_positions > 0:
        _cancel_others(desk, book, order, i, bid, spread)
    if used_up(desk, market.ts_close[i]):
        for k in range(len(desk.books)):
            cancel_forbidden(desk, desk.books[k], codes.EV_ENTRIES_PER_DAY, desk.entries_today, opened)


def _forbidden(desk: Desk, book: Book, order: Order, i: cython.Py_ssize_t) -> cython.bint:
    """Whether a limit keeps a resting order from opening anything in bar `i`."""
    if desk.blocked and desk.account_day(book.market.ts_close[i]) == desk.day:
        desk.log(book.market.ts_open[i], book, codes.EV_DAILY_LOSS_BLOCKS, order.number, NAN, NAN, NAN)
        return True
    if used_up(desk, book.market.ts_close[i]):
        desk.log(book.market.ts_open[i], book, codes.EV_ENTRIES_PER_DAY, order.number, desk.entries_today, NAN, NAN)
        return True
    if desk.program.pauses > 0 and i > 0 and cooling(desk, book, i - 1):
        desk.log(book.market.ts_open[i], book, codes.EV_COOLDOWN, order.number, NAN, NAN, NAN)
        return True
    return False


def used_up(desk: Desk, time: cython.longlong) -> cython.bint:
    """Whether the account's day to which a closing instant belongs has seen all the entries it may."""
    return desk.program.entries_per_day > 0 and (
        desk.entries_day == desk.account_day(time) and desk.entries_today >= desk.program.entries_per_day
    )


def cooling(desk: Desk, book: Book, i: cython.Py_ssize_t) -> cython.bint:
    """Whether a cooldown runs: so many bars, or so long, after the close of the bar of the exit."""
    k: cython.Py_ssize_t
    market: Market = book.market
    for k in range(desk.program.pauses):
        limit: Cooldown = desk.program.cooldowns[k]
        since: cython.longlong = book.cooled[k]
        if since < 0:
            continue
        length: cython.double = number(desk, book, limit.value, i)
        if limit.in_bars:
            if i - market.closed_at(since) < length - 1e-9:
                return True
        elif (market.ts_close[i] - since) / 1e9 < length - 1e-9:
            return True
    return False


def _begin_cooldown(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """A cooldown that the exit in bar `i` starts takes away the resting orders that wait to enter."""
    k: cython.Py_ssize_t
    n: cython.Py_ssize_t
    if book.side != 0:
        return
    for k in range(desk.program.pauses):
        limit: Cooldown = desk.program.cooldowns[k]
        for n in range(len(desk.books)):
            other: Book = desk.books[n]
            if other.resting == 0 or other.cooled[k] != book.market.ts_close[i]:
                continue
            if number(desk, other, limit.value, other.now if other.now > 0 else 0) > 1e-9:
                cancel_forbidden(desk, other, codes.EV_COOLDOWN, NAN, book.market.ts_open[i])


def _by_risk(size: cython.int) -> cython.bint:
    """Whether a size is computed from the distance of the stop."""
    return size <= codes.SIZE_RISK_MONEY or size == codes.SIZE_KELLY


def _refuse(desk: Desk, book: Book, order: Order) -> None:
    if order.type == codes.ORDER_MARKET:
        uncount(desk, book, order)


def _count(desk: Desk, book: Book, order: Order, i: cython.Py_ssize_t) -> None:
    """A resting order counts for the limits of a day when it is filled."""
    market: Market = book.market
    if order.rule.at_most > 0:
        day: cython.longlong = market.day_of(market.ts_open[i])
        if book.fired_day[order.number] != day:
            book.fired_day[order.number] = day
            book.fired[order.number] = 0
        book.fired[order.number] += 1
    if desk.program.entries_per_day > 0:
        account_day: cython.Py_ssize_t = desk.account_day(market.ts_close[i])
        if desk.entries_day != account_day:
            desk.entries_day = account_day
            desk.entries_today = 0
        desk.entries_today += 1


def _fits_margin(
    desk: Desk, lots: cython.double, price: cython.double, worth: cython.double, leverage: cython.double
) -> cython.bint:
    """Whether the free margin, at the last closes, carries so many more lots."""
    return lots * price * worth / leverage <= desk.free_margin() + 1e-9


def _double_fill(
    desk: Desk,
    book: Book,
    order: Order,
    i: cython.Py_ssize_t,
    bid: cython.double,
    spread: cython.double,
    price: cython.double,
    slipped: cython.double,
) -> None:
    """A fill that should have been cancelled is closed again at once, at the other side of the quote."""
    market: Market = book.market
    lot: Lot = book.extra
    side: cython.int = order.side
    worth: cython.double = market.worth(i)
    slip: cython.double = _slip(desk, market, i)
    exit_price: cython.double = _worse(market, -side, bid if side > 0 else bid + spread, slip)
    profit: cython.double = side * (exit_price - price) * order.lots * worth
    commission: cython.double = 2.0 * desk.commission * order.lots
    order.doomed = False
    desk.numbered += 1
    position: cython.int = book.position
    book.position = desk.numbered
    lot.price = price
    lot.volume = order.lots
    lot.stop = order.stop
    lot.target = NAN
    lot.rule = order.number
    lot.bar = i
    lot.risk = 0.0
    lot.slippage = slipped * worth
    lot.high = price
    lot.low = price
    desk.cash += profit - commission
    desk.entries += 1
    opening: cython.bint = book.opening
    book.opening = True
    write_trade(
        desk,
        book,
        lot,
        side,
        order.lots,
        exit_price,
        profit,
        commission,
        0.0,
        slip * worth * order.lots,
        codes.REASON_DOUBLE_FILL,
        False,
        i,
    )
    book.opening = opening
    book.position = position
    desk.log(market.ts_open[i], book, codes.EV_DOUBLE_FILL, order.number, price, exit_price, order.lots)


def _cancel_others(
    desk: Desk, book: Book, order: Order, i: cython.Py_ssize_t, bid: cython.double, spread: cython.double
) -> None:
    """Orders that may not stand beside a new position are cancelled as it is filled.

    Those of its own side, those of the other side where opposite entries are ignored, all of them
    where the filled order cancels others. One that was reached at the same instant, the open, is
    filled all the same. When the most positions there may be are open, no other symbol's order stays.
    """
    k: cython.Py_ssize_t
    n: cython.Py_ssize_t
    other: Order
    opened: cython.longlong = book.market.ts_open[i]
    for k in range(len(book.orders) if book.resting > 0 else 0):
        other = book.orders[k]
        if other is order or not other.active:
            continue
        if (
            other.side == order.side
            or desk.program.opposite == codes.OPPOSITE_IGNORED
            or (order.rule is not None and order.rule.cancel_others)
        ):
            direction: cython.int = other.side if other.type == codes.ORDER_STOP else -other.side
            level: cython.double = other.price - spread if other.side > 0 else other.price
            if book.opening and _reaches(book, level, direction, bid, bid):
                other.doomed = True
            else:
                cancel(desk, book, other, codes.EV_ORDER_CANCELLED_BY_FILL, opened)
    if desk.program.open_positions > 0 and desk.positions >= desk.program.open_positions:
        for n in range(len(desk.books)):
            other_book: Book = desk.books[n]
            if other_book.side == 0:
                for k in range(len(other_book.orders)):
                    other = other_book.orders[k]
                    if other.active:
                        cancel(desk, other_book, other, codes.EV_ORDER_CANCELLED_BY_FILL, opened)


def _freeze(desk: Desk, book: Book, decided: cython.Py_ssize_t) -> None:
    """Fix the thresholds of `manage` for a new position, by the values of the bar of its decision."""
    k: cython.Py_ssize_t
    for k in range(desk.program.lines):
        line: ManageLine = desk.program.manage[k]
        book.reached[k] = 0
        book.takes[k] = 0.0
        if codes.WHEN_PROFIT <= line.trigger <= codes.WHEN_PROFIT_MONEY:
            book.thresholds[k] = number(desk, book, line.condition, decided)
    for k in range(desk.program.adds):
        book.adds[k] = 0
