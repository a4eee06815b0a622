# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The lines of `manage`, at the close of a bar: stops that tighten, targets, partial closes, leaving.

Moved stops and targets stand from the next bar on; what is to be closed is closed at its open. A stop
that is already passed at the close is set all the same and so closes the position at the next open; one
nearer than the broker's stops level is set at that level.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.engine import codes
    from cython.cimports.engine.expressions import number, truth
    from cython.cimports.engine.instructions import ManageLine
    from cython.cimports.engine.sizing import round_lots, tick_down, tick_near, tick_up
    from cython.cimports.engine.state import Book, Desk, Market, Strikes
else:
    from engine import codes
    from engine.expressions import number, truth
    from engine.instructions import ManageLine
    from engine.sizing import round_lots, tick_down, tick_near, tick_up
    from engine.state import Book, Desk, Market, Strikes

NAN = cython.declare(cython.double, float("nan"))


def manage(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """Run the lines in the order of the file: the tightest stop and the last true target win.

    A line that leaves ends the work and nothing else is done.
    """
    market: Market = book.market
    k: cython.Py_ssize_t
    value: cython.double
    stop: cython.double = book.stop
    target: cython.double = NAN
    takes: cython.bint = False
    book.wants_take = False
    book.wanted_stop = NAN
    book.wanted_target = NAN
    for k in range(desk.program.lines):
        line: ManageLine = desk.program.manage[k]
        if (line.side != 0 and line.side != book.side) or not _triggered(desk, book, line, k, i):
            continue
        if line.action == codes.DO_LEAVE:
            book.close_reason = codes.REASON_FIRST_RULE + cython.cast(cython.int, desk.program.exits) + line.number
            return
        if line.action == codes.DO_TAKE:
            takes = True
        elif line.action == codes.DO_TARGET_AT or line.action == codes.DO_TARGET_DISTANCE:
            value = number(desk, book, line.value, i)
            if line.action == codes.DO_TARGET_DISTANCE:
                value = book.average + book.side * _distance(desk, book, line, i)
            if value == value:
                target = tick_near(market, value)
        else:
            value = _stop_wanted(desk, book, line, stop, i)
            if value == value and not book.side * (value - stop) <= 0.0:
                stop = value
    book.wants_take = takes
    book.wanted_target = target
    book.wanted_stop = stop


def carry_out(desk: Desk, book: Book, i: cython.Py_ssize_t) -> None:
    """Do what `manage` asked for; not called when the position is left on this bar."""
    market: Market = book.market
    k: cython.Py_ssize_t
    stop: cython.double = book.wanted_stop
    if book.wants_take:
        for k in range(desk.program.lines):
            line: ManageLine = desk.program.manage[k]
            if line.action == codes.DO_TAKE and book.reached[k] == 1:
                _take(desk, book, line, i)
    if stop == stop and not book.side * (stop - book.stop) <= 0.0:
        level: cython.double = market.close[i] if book.side > 0 else market.close[i] + market.spread[i]
        if market.stops_level > 0.0 and 0.0 < book.side * (level - stop) < market.stops_level:
            stop = level - book.side * market.stops_level
            stop = tick_down(market, stop) if book.side > 0 else tick_up(market, stop)
        if not book.side * (stop - book.stop) <= 0.0:
            _move_stop(desk, book, stop, i)
    if book.wanted_target == book.wanted_target and book.wanted_target != book.target:
        _move_target(desk, book, book.wanted_target, i)


def _triggered(desk: Desk, book: Book, line: ManageLine, k: cython.Py_ssize_t, i: cython.Py_ssize_t) -> cython.bint:
    """Whether line `k` acts on this bar. `reached`: 1 since a threshold was reached, 2 when it is done."""
    market: Market = book.market
    level: cython.double
    profit: cython.double
    if line.action == codes.DO_TAKE and book.reached[k] == 2:
        return False
    fires: cython.bint = False
    if line.trigger == codes.WHEN_ALWAYS:
        fires = True
    elif line.trigger <= codes.WHEN_PROFIT_MONEY:
        if book.reached[k] == 1:
            return True
        level = book.thresholds[k]
        profit = book.side * ((market.close[i] if book.side > 0 else market.close[i] + market.spread[i]) - book.average)
        if line.trigger == codes.WHEN_PROFIT_PERCENT:
            profit = 100.0 * profit / book.average
        elif line.trigger == codes.WHEN_PROFIT_MONEY:
            profit = profit * book.volume * market.money(i)
        fires = profit >= level - 1e-9 * (level if level > 0.0 else -level) - 1e-12
        if fires:
            book.reached[k] = 1
    elif line.trigger == codes.WHEN_AFTER_BARS:
        fires = i - book.entered + 1 >= number(desk, book, line.condition, i) - 1e-9
    elif line.trigger == codes.WHEN_AFTER_TIME:
        fires = (market.ts_close[i] - book.entered_at) / 1e9 >= number(desk, book, line.condition, i) - 1e-9
    elif line.trigger == codes.WHEN_CONDITION:
        fires = truth(desk, book, line.condition, i) == 2
    else:
        strikes: Strikes = market.clocks[line.clock]
        fires = strikes.next_at(i) == i
    if fires and line.action == codes.DO_TAKE:
        book.reached[k] = 1
    return fires


def _distance(desk: Desk, book: Book, line: ManageLine, i: cython.Py_ssize_t) -> cython.double:
    """The value of a line as a distance; a percentage is one of the entry price."""
    value: cython.double = number(desk, book, line.value, i)
    return value / 100.0 * book.average if line.value.percent else value


def _stop_wanted(
    desk: Desk, book: Book, line: ManageLine, tightest: cython.double, i: cython.Py_ssize_t
) -> cython.double:
    """The stop a line asks for, on a tick away from the market; NaN for none."""
    market: Market = book.market
    stop: cython.double
    if line.action == codes.DO_BREAKEVEN:
        stop = book.average
    elif line.action == codes.DO_STOP_AT:
        stop = number(desk, book, line.value, i)
    elif line.action == codes.DO_STOP_DISTANCE:
        stop = book.average + book.side * _distance(desk, book, line, i)
    else:
        best: cython.double = book.high if book.side > 0 else book.low
        stop = best - book.side * _distance(desk, book, line, i)
        if line.step is not None and tightest == tightest:
            step: cython.double = number(desk, book, line.step, i)
            if line.step.percent:
                step = step / 100.0 * book.average
            if not book.side * (stop - tightest) >= step - 1e-6 * market.tick:
                return NAN
    if stop != stop:
        return NAN
    return tick_down(market, stop) if book.side > 0 else tick_up(market, stop)


def _take(desk: Desk, book: Book, line: ManageLine, i: cython.Py_ssize_t) -> None:
    """Ask for a share of the initial volume, once; a rest below the smallest lot is closed with it."""
    market: Market = book.market
    k: cython.Py_ssize_t
    rest: cython.double = book.volume
    for k in range(desk.program.lines):
        rest -= book.takes[k]
    book.reached[line.number] = 2
    lots: cython.double = round_lots(market, line.percent / 100.0 * book.initial)
    if lots < market.lot_min - 1e-9:
        rule: cython.int = desk.program.first_line + line.number
        desk.log(market.ts_close[i], book, codes.EV_TAKE_BELOW_MINIMUM, rule, lots, market.lot_min, NAN)
        return
    if rest - lots < market.lot_min - 1e-9:
        lots = rest
    if lots <= 0.0:
        return
    book.takes[line.number] = lots
    book.taking = True
    if desk.record:
        book.intents.append(("take", desk.program.first_line + line.number, book.side, lots, NAN, NAN, NAN, NAN))


def _move_stop(desk: Desk, book: Book, stop: cython.double, i: cython.Py_ssize_t) -> None:
    desk.log(book.market.ts_close[i], book, codes.EV_STOP_MOVED, -1, stop, book.stop, NAN)
    book.stop = stop
    book.touchy = True
    if desk.record:
        book.intents.append(("stop", -1, book.side, NAN, NAN, stop, NAN, NAN))


def _move_target(desk: Desk, book: Book, target: cython.double, i: cython.Py_ssize_t) -> None:
    desk.log(book.market.ts_close[i], book, codes.EV_TARGET_MOVED, -1, target, book.target, NAN)
    book.target = target
    book.touchy = True
    if desk.record:
        book.intents.append(("target", -1, book.side, NAN, NAN, NAN, NAN, target))
