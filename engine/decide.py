# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What to do at the close of a bar: the one decision function of backtest, paper and live.

Fills have happened. Then, in this order: `remember`, `manage`, `exit`, and `enter` or `add`. What is
decided stands in the book: levels and resting orders hold from the next bar on, market orders are for
its open. Nothing here reads a bar after `i`.

One file above the usual size: the order of the steps is the meaning, and it is read from top to
bottom.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.engine import codes
    from cython.cimports.engine.expressions import number, truth, value_at
    from cython.cimports.engine.fills import cancel, cancel_forbidden, cooling, uncount, used_up
    from cython.cimports.engine.instructions import (
        AddRule,
        EnterRule,
        ExitRule,
        Expression,
        Program,
        Remembered,
    )
    from cython.cimports.engine.manage import carry_out, manage
    from cython.cimports.engine.sizing import lots_for, round_lots, tick_down, tick_up
    from cython.cimports.engine.state import Book, Desk, Market, Order
else:
    from engine import codes
    from engine.expressions import number, truth, value_at
    from engine.fills import cancel, cancel_forbidden, cooling, uncount, used_up
    from engine.instructions import (
        AddRule,
        EnterRule,
        ExitRule,
        Expression,
        Program,
        Remembered,
    )
    from engine.manage import carry_out, manage
    from engine.sizing import lots_for, round_lots, tick_down, tick_up
    from engine.state import Book, Desk, Market, Order

NAN = cython.declare(cython.double, float("nan"))
NEVER = cython.declare(cython.longlong, 1 << 62)


def decide(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """Decide for one symbol at the close of its bar `i`."""
    program: Program = desk.program
    if program.states > 0:
        remember(desk, book, i)
    if i < book.market.first:
        return
    if book.side != 0 and book.close_reason == 0:
        if program.lines > 0:
            manage(desk, book, i)
        if program.exits > 0 and book.close_reason == 0:
            _exit(desk, book, i)
        if book.close_reason == 0:
            if program.lines > 0:
                carry_out(desk, book, i)
        elif desk.record:
            book.intents.append(("close", book.close_reason, book.side, book.volume, NAN, NAN, NAN, NAN))
    if book.resting > 0:
        _cancel_dead(desk, book, i)
    _enter(desk, book, i)
    if program.adds > 0 and book.side != 0 and book.close_reason == 0 and not book.entry.active:
        _add(desk, book, i)


def account_check(desk: Desk, time: cython.longlong) -> None:
    """Once for all symbols at a closing time, before any decides: the daily loss.

    Measured from the equity at the start of the account's day, realised and floating. When it is
    reached no entry is made until the next day, and what waits to open something is cancelled;
    `leave everything` closes as well.
    """
    if not desk.program.daily:
        return
    k: cython.Py_ssize_t
    n: cython.Py_ssize_t
    equity: cython.double = desk.equity()
    day: cython.Py_ssize_t = desk.account_day(time)
    if day != desk.day:
        desk.day = day
        desk.day_equity = desk.last_equity
        desk.blocked = False
    desk.last_equity = equity
    if desk.blocked:
        return
    book: Book = desk.books[0]
    most: cython.double = number(desk, book, desk.program.daily_loss, book.now if book.now > 0 else 0)
    if desk.program.daily_loss_percent:
        most = most / 100.0 * desk.day_equity
    if not desk.day_equity - equity >= most - 1e-9:
        return
    desk.blocked = True
    desk.log(time, book, codes.EV_DAILY_LOSS, -1, desk.day_equity - equity, most, NAN)
    for k in range(len(desk.books)):
        book = desk.books[k]
        _block(desk, book, time)
        if not desk.program.leave_everything:
            continue
        if book.side != 0:
            book.close_reason = codes.REASON_DAILY_LOSS
            if desk.record:
                book.intents.append(("close", codes.REASON_DAILY_LOSS, book.side, book.volume, NAN, NAN, NAN, NAN))
        for n in range(len(book.orders)):
            order: Order = book.orders[n]
            if order.active:
                cancel(desk, book, order, codes.EV_ORDER_CANCELLED, time)
                if desk.record:
                    book.intents.append(("cancel", order.number, order.side, order.lots, order.price, NAN, NAN, NAN))


def _block(desk: Desk, book: Book, time: cython.longlong) -> None:
    """After the daily loss nothing opens that was decided before it."""
    if book.entry.active:
        book.entry.active = False
        desk.log(time, book, codes.EV_DAILY_LOSS_BLOCKS, book.entry.number, NAN, NAN, NAN)
        uncount(desk, book, book.entry)
    if book.addition.active:
        book.addition.active = False
        desk.log(time, book, codes.EV_DAILY_LOSS_BLOCKS, book.addition.number, NAN, NAN, NAN)
    cancel_forbidden(desk, book, codes.EV_DAILY_LOSS_BLOCKS, NAN, time)


def remember(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """Update the remembered values: of each, the last line that is true; unknown changes nothing."""
    k: cython.Py_ssize_t
    n: cython.Py_ssize_t
    value: cython.double
    for k in range(desk.program.states):
        variable: Remembered = desk.program.remember[k]
        if not book.started:
            book.remembered[k] = value_at(desk, book, variable.initial, i, 0)
            _note(book, k, i)
        found: cython.double = NAN
        for n in range(len(variable.conditions)):
            condition: Expression = variable.conditions[n]
            if truth(desk, book, condition, i) == 2:
                wanted: Expression = variable.values[n]
                value = value_at(desk, book, wanted, i, 0)
                if value == value and not (variable.truth and value == 1.0):
                    found = value
        if found == found and found != book.remembered[k]:
            book.remembered[k] = found
            _note(book, k, i)
    book.started = True


def _note(book: Book, which: cython.Py_ssize_t, i: cython.Py_ssize_t) -> None:
    """Keep when a remembered value changed, for those who ask what it was."""
    book.changes[which][0].append(i)
    book.changes[which][1].append(book.remembered[which])


def _exit(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """The first exit rule of the side that is true, and not blocked, closes the position."""
    k: cython.Py_ssize_t
    for k in range(desk.program.exits):
        rule: ExitRule = desk.program.exit[k]
        if (rule.side != 0 and rule.side != book.side) or truth(desk, book, rule.when, i) != 2:
            continue
        if rule.unless is not None and truth(desk, book, rule.unless, i) != 0:
            desk.log(book.market.ts_close[i], book, codes.EV_EXIT_BLOCKED, rule.number, NAN, NAN, NAN)
            continue
        book.close_reason = codes.REASON_FIRST_RULE + cython.cast(cython.int, k)
        return


def _cancel_dead(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """Resting orders whose `cancel when` is true, and those of a side that is already held."""
    k: cython.Py_ssize_t
    for k in range(len(book.orders)):
        order: Order = book.orders[k]
        if not order.active:
            continue
        rule: EnterRule = order.rule
        if (rule.cancel_when is not None and truth(desk, book, rule.cancel_when, i) == 2) or order.side == book.side:
            cancel(desk, book, order, codes.EV_ORDER_CANCELLED, book.market.ts_close[i])
            if desk.record:
                book.intents.append(("cancel", order.number, order.side, order.lots, order.price, NAN, NAN, NAN))


# --- entries -------------------------------------------------------------------------------------


def _enter(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """The first rule of each side that is true and not blocked; two market orders cancel each other."""
    k: cython.Py_ssize_t
    market: Market = book.market
    buy: EnterRule = None
    sell: EnterRule = None
    program: Program = desk.program
    if book.side != 0 and book.close_reason == 0 and program.opposite == codes.OPPOSITE_IGNORED:
        return
    for k in range(program.enters):
        rule: EnterRule = program.enter[k]
        if truth(desk, book, rule.when, i) != 2:
            continue
        if rule.unless is not None and truth(desk, book, rule.unless, i) != 0:
            if rule.side != book.side:
                desk.log(market.ts_close[i], book, codes.EV_ENTRY_BLOCKED, rule.number, NAN, NAN, NAN)
        elif (rule.side > 0 and buy is not None) or (rule.side < 0 and sell is not None):
            if rule.side != book.side:
                desk.log(market.ts_close[i], book, codes.EV_SECOND_RULE, rule.number, NAN, NAN, NAN)
        elif rule.side > 0:
            buy = rule
        else:
            sell = rule
    if buy is not None and sell is not None:
        if buy.order == codes.ORDER_MARKET and sell.order == codes.ORDER_MARKET:
            desk.log(market.ts_close[i], book, codes.EV_CONTRADICTORY, buy.number, NAN, NAN, NAN)
            desk.log(market.ts_close[i], book, codes.EV_CONTRADICTORY, sell.number, NAN, NAN, NAN)
            return
        if sell.number < buy.number:
            _place(desk, book, sell, i)
            sell = None
    if buy is not None:
        _place(desk, book, buy, i)
    if sell is not None:
        _place(desk, book, sell, i)


def _place(desk: Desk, book: Book, rule: EnterRule, i: cython.Py_ssize_t) -> None:
    """Turn a rule that fired into an order, unless the position or a limit forbids it."""
    if rule.side == book.side:
        return
    opposite: cython.bint = book.side != 0 and book.close_reason == 0
    if opposite and desk.program.opposite == codes.OPPOSITE_CLOSES and rule.order == codes.ORDER_MARKET:
        book.close_reason = codes.REASON_OPPOSITE
        if desk.record:
            book.intents.append(("close", codes.REASON_OPPOSITE, book.side, book.volume, NAN, NAN, NAN, NAN))
        return
    if rule.cancel_when is not None and truth(desk, book, rule.cancel_when, i) == 2:
        return
    if not _allowed(desk, book, rule, i):
        return
    order: Order = book.entry if rule.order == codes.ORDER_MARKET else book.orders[rule.number]
    _stand(desk, book, order, rule, i)


def _allowed(desk: Desk, book: Book, rule: EnterRule, i: cython.Py_ssize_t) -> cython.bint:
    """The limits of the strategy, in the order in which a trader would look at them."""
    market: Market = book.market
    time: cython.longlong = market.ts_close[i]
    others: cython.Py_ssize_t
    if desk.blocked:
        desk.log(time, book, codes.EV_DAILY_LOSS_BLOCKS, rule.number, NAN, NAN, NAN)
        return False
    if rule.at_most > 0:
        day: cython.longlong = market.day_of(market.ts_open[i])
        if book.fired_day[rule.number] == day and book.fired[rule.number] >= rule.at_most:
            desk.log(time, book, codes.EV_AT_MOST_PER_DAY, rule.number, rule.at_most, NAN, NAN)
            return False
    if used_up(desk, time):
        desk.log(time, book, codes.EV_ENTRIES_PER_DAY, rule.number, desk.entries_today, NAN, NAN)
        return False
    if desk.program.pauses > 0 and cooling(desk, book, i):
        desk.log(time, book, codes.EV_COOLDOWN, rule.number, NAN, NAN, NAN)
        return False
    if desk.program.open_positions > 0:
        others = _slots(desk, book)
        if others >= desk.program.open_positions:
            desk.log(time, book, codes.EV_OPEN_POSITIONS, rule.number, others, NAN, NAN)
            return False
    return True


def _slots(desk: Desk, book: Book) -> cython.Py_ssize_t:
    """Positions on other symbols, open or to be opened at the next open."""
    k: cython.Py_ssize_t
    found: cython.Py_ssize_t = 0
    for k in range(len(desk.books)):
        other: Book = desk.books[k]
        if other is not book and (other.side != 0 or other.entry.active):
            found += 1
    return found


def _decline(
    desk: Desk,
    book: Book,
    order: Order,
    rule: EnterRule,
    code: cython.int,
    i: cython.Py_ssize_t,
    a: cython.double,
    b: cython.double,
) -> None:
    """No order, and why; one that stands is cancelled, because it no longer means what the rule says."""
    time: cython.longlong = book.market.ts_close[i]
    desk.log(time, book, code, rule.number, a, b, NAN)
    if order.active and rule.order != codes.ORDER_MARKET:
        cancel(desk, book, order, codes.EV_ORDER_CANCELLED, time)
        if desk.record:
            book.intents.append(("cancel", order.number, order.side, order.lots, order.price, NAN, NAN, NAN))


def _stand(desk: Desk, book: Book, order: Order, rule: EnterRule, i: cython.Py_ssize_t) -> None:
    """Price, stop, target and size of an order; it stands only if all of them are known and possible."""
    market: Market = book.market
    side: cython.int = rule.side
    quote: cython.double = market.close[i] + market.spread[i] if side > 0 else market.close[i]
    room: cython.double = 1e-6 * market.tick
    least: cython.double = market.stops_level - room if market.stops_level > room else room
    price: cython.double = quote
    stop: cython.double = NAN
    distance: cython.double = 0.0
    planned: cython.double = NAN
    target: cython.double = NAN
    aim: cython.double = NAN
    if rule.order != codes.ORDER_MARKET:
        price = number(desk, book, rule.price, i)
        if price != price:
            _decline(desk, book, order, rule, codes.EV_PRICE_UNKNOWN, i, NAN, NAN)
            return
        direction: cython.int = side if rule.order == codes.ORDER_STOP else -side
        price = tick_up(market, price) if direction > 0 else tick_down(market, price)
        if direction * (price - quote) < least:
            _decline(desk, book, order, rule, codes.EV_ORDER_WRONG_SIDE, i, price, quote)
            return
    if rule.stop != codes.LEVEL_NONE:
        stop = number(desk, book, rule.stop_value, i)
        if stop != stop:
            _decline(desk, book, order, rule, codes.EV_STOP_UNKNOWN, i, NAN, NAN)
            return
        if rule.stop == codes.LEVEL_AT:
            stop = tick_down(market, stop) if side > 0 else tick_up(market, stop)
            planned = side * (price - stop)
        else:
            distance = stop / 100.0 * price if rule.stop_value.percent else stop
            planned = distance
            stop = price - side * distance
        if planned < least:
            _decline(desk, book, order, rule, codes.EV_STOP_WRONG_SIDE, i, price, stop)
            return
    if rule.target != codes.LEVEL_NONE:
        book.r_planned = planned
        target = number(desk, book, rule.target_value, i)
        book.r_planned = NAN
        if target != target:
            _decline(desk, book, order, rule, codes.EV_TARGET_UNKNOWN, i, NAN, NAN)
            return
        aim = target
        if rule.target == codes.LEVEL_DISTANCE:
            aim = target / 100.0 * price if rule.target_value.percent else target
            target = price + side * aim
        if side * (target - price) < least:
            _decline(desk, book, order, rule, codes.EV_TARGET_WRONG_SIDE, i, price, target)
            return
    wanted: cython.double = lots_for(desk, book, rule.size, rule.size_value, rule.size_cap, i, price, planned)
    if wanted != wanted:
        _decline(desk, book, order, rule, codes.EV_SIZE_UNKNOWN, i, NAN, NAN)
        return
    lots: cython.double = round_lots(market, wanted)
    if lots < market.lot_min - 1e-9:
        _decline(desk, book, order, rule, codes.EV_SIZE_BELOW_MINIMUM, i, wanted, market.lot_min)
        return
    lots = _at_most(desk, book, rule.number, lots, i)
    worth: cython.double = market.money(i)
    if desk.program.total_risk is not None:
        risk: cython.double = lots * worth * (planned if planned == planned else price)
        if not _risk_fits(desk, book, risk, i):
            _decline(desk, book, order, rule, codes.EV_TOTAL_RISK, i, risk, NAN)
            return
    if not _margin_fits(desk, book, side, lots * price * worth / market.leverage):
        _decline(desk, book, order, rule, codes.EV_MARGIN, i, lots, price)
        return
    desk.orders += 1
    if rule.order == codes.ORDER_MARKET:
        _count(desk, book, rule, i)
    else:
        if order.active:
            desk.log(market.ts_close[i], book, codes.EV_ORDER_REPRICED, rule.number, price, order.price, lots)
        else:
            desk.log(market.ts_close[i], book, codes.EV_ORDER_PLACED, rule.number, price, stop, lots)
            book.resting += 1
        order.expires = cython.cast(cython.Py_ssize_t, NEVER)
        order.expires_at = NEVER
        if rule.good_for is not None:
            length: cython.double = number(desk, book, rule.good_for, i)
            if rule.good_in_bars:
                order.expires = i + cython.cast(cython.Py_ssize_t, length + 0.5)
            else:
                order.expires_at = market.ts_close[i] + cython.cast(cython.longlong, length * 1e9)
        book.touchy = True
    order.rule = rule
    order.active = True
    order.doomed = False
    order.number = rule.number
    order.side = side
    order.type = rule.order
    order.stop_kind = rule.stop
    order.target_kind = rule.target
    order.price = price
    order.lots = lots
    order.stop = stop if rule.stop == codes.LEVEL_AT else NAN
    order.distance = distance
    order.target = aim
    order.planned = planned if planned == planned else 0.0
    order.decided = i
    if desk.record:
        kind = "enter" if rule.order == codes.ORDER_MARKET else "order"
        book.intents.append((kind, rule.number, side, lots, price, stop, distance, target))


def _at_most(desk: Desk, book: Book, rule: cython.int, lots: cython.double, i: cython.Py_ssize_t) -> cython.double:
    """A size cut to the largest that the broker takes in one order."""
    market: Market = book.market
    if lots <= market.lot_max + 1e-9:
        return lots
    desk.log(market.ts_close[i], book, codes.EV_SIZE_ABOVE_MAXIMUM, rule, lots, market.lot_max, NAN)
    return round_lots(market, market.lot_max)


def _count(desk: Desk, book: Book, rule: EnterRule, i: cython.Py_ssize_t) -> None:
    """A market entry counts for the limits of the day of its decision."""
    market: Market = book.market
    if rule.at_most > 0:
        day: cython.longlong = market.day_of(market.ts_open[i])
        if book.fired_day[rule.number] != day:
            book.fired_day[rule.number] = day
            book.fired[rule.number] = 0
        book.fired[rule.number] += 1
    if desk.program.entries_per_day > 0:
        account_day: cython.Py_ssize_t = desk.account_day(market.ts_close[i])
        if desk.entries_day != account_day:
            desk.entries_day = account_day
            desk.entries_today = 0
        desk.entries_today += 1


def _margin_fits(desk: Desk, book: Book, side: cython.int, needed: cython.double) -> cython.bint:
    """Whether the free margin carries an order; what a reversal frees counts on a netting account."""
    free: cython.double = desk.free_margin()
    if book.side == -side and (not desk.hedging or book.close_reason != 0):
        free += book.bound
    return needed <= free + 1e-9


def _open_risk(desk: Desk, book: Book) -> cython.double:
    """Money that a book can lose at its stops, from the entry; without a stop, all of the notional."""
    worth: cython.double = book.market.money(book.now)
    risk: cython.double = 0.0
    resting: cython.double = 0.0
    one: cython.double
    k: cython.Py_ssize_t
    if book.side != 0:
        one = book.side * (book.average - book.stop) if book.stop == book.stop else book.average
        risk = book.volume * worth * (one if one > 0.0 else 0.0)
    if book.entry.active:
        one = book.entry.planned if book.entry.planned > 0.0 else book.entry.price
        risk += book.entry.lots * worth * one
    for k in range(len(book.orders)):
        order: Order = book.orders[k]
        if order.active:
            one = order.planned if order.planned > 0.0 else order.price
            resting = max(resting, order.lots * worth * one)
    return risk + resting


def _risk_fits(desk: Desk, book: Book, risk: cython.double, i: cython.Py_ssize_t) -> cython.bint:
    """Whether `risk` on this symbol and what the others can lose stay within the limit."""
    k: cython.Py_ssize_t
    total: cython.double = risk
    for k in range(len(desk.books)):
        other: Book = desk.books[k]
        if other is not book:
            total += _open_risk(desk, other)
    most: cython.double = number(desk, book, desk.program.total_risk, i) / 100.0 * desk.equity()
    return total <= most * (1.0 + 1e-9)


# --- adding --------------------------------------------------------------------------------------


def _add(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """The first `add` rule of the side held that is true, not blocked and not used up."""
    k: cython.Py_ssize_t
    time: cython.longlong = book.market.ts_close[i]
    for k in range(desk.program.adds):
        rule: AddRule = desk.program.add[k]
        if rule.side != book.side or book.adds[k] >= rule.at_most or truth(desk, book, rule.when, i) != 2:
            continue
        if rule.unless is not None and truth(desk, book, rule.unless, i) != 0:
            desk.log(time, book, codes.EV_ADD_BLOCKED, rule.number, NAN, NAN, NAN)
            continue
        if desk.blocked:
            desk.log(time, book, codes.EV_DAILY_LOSS_BLOCKS, rule.number, NAN, NAN, NAN)
            return
        _stand_addition(desk, book, rule, i)
        return


def _stand_addition(desk: Desk, book: Book, rule: AddRule, i: cython.Py_ssize_t) -> None:
    """Stop and size of an addition at the next open."""
    market: Market = book.market
    order: Order = book.addition
    side: cython.int = rule.side
    time: cython.longlong = market.ts_close[i]
    price: cython.double = market.close[i] + market.spread[i] if side > 0 else market.close[i]
    least: cython.double = max(market.stops_level, 1e-6 * market.tick)
    stop: cython.double = book.stop
    distance: cython.double = 0.0
    planned: cython.double
    if rule.stop == codes.LEVEL_AT or rule.stop == codes.LEVEL_DISTANCE:
        stop = number(desk, book, rule.stop_value, i)
        if stop != stop:
            desk.log(time, book, codes.EV_STOP_UNKNOWN, rule.number, NAN, NAN, NAN)
            return
        if rule.stop == codes.LEVEL_DISTANCE:
            distance = stop / 100.0 * price if rule.stop_value.percent else stop
            stop = price - side * distance
        stop = tick_down(market, stop) if side > 0 else tick_up(market, stop)
        if side * (book.stop - stop) > 0.0:
            stop = book.stop
            distance = 0.0
    planned = side * (price - stop)
    if planned < least:
        desk.log(time, book, codes.EV_STOP_WRONG_SIDE, rule.number, price, stop, NAN)
        return
    wanted: cython.double = lots_for(desk, book, rule.size, rule.size_value, rule.size_cap, i, price, planned)
    if wanted != wanted:
        desk.log(time, book, codes.EV_SIZE_UNKNOWN, rule.number, NAN, NAN, NAN)
        return
    lots: cython.double = round_lots(market, wanted)
    if lots < market.lot_min - 1e-9:
        desk.log(time, book, codes.EV_SIZE_BELOW_MINIMUM, rule.number, wanted, market.lot_min, NAN)
        return
    lots = _at_most(desk, book, rule.number, lots, i)
    worth: cython.double = market.money(i)
    if desk.program.total_risk is not None:
        held: cython.double = side * (book.average - stop) if stop == stop else book.average
        risk: cython.double = worth * book.volume * (held if held > 0.0 else 0.0)
        risk += worth * lots * (planned if planned == planned else price)
        if not _risk_fits(desk, book, risk, i):
            desk.log(time, book, codes.EV_TOTAL_RISK, rule.number, risk, NAN, NAN)
            return
    if not _margin_fits(desk, book, side, lots * price * worth / market.leverage):
        desk.log(time, book, codes.EV_MARGIN, rule.number, lots, price, NAN)
        return
    desk.orders += 1
    order.rule = None
    order.active = True
    order.number = rule.number
    order.side = side
    order.stop_kind = codes.LEVEL_DISTANCE if distance > 0.0 else codes.LEVEL_AT
    order.stop = stop
    order.distance = distance
    order.price = price
    order.lots = lots
    order.planned = planned if planned == planned else 0.0
    order.decided = i
    if desk.record:
        book.intents.append(("add", rule.number, side, lots, price, stop, distance, NAN))
