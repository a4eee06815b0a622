# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""From bar to bar: fills, then decisions, for one symbol or several on one account.

With several symbols all opens of a closing time come before what happens inside the bars, and that
before all decisions; symbols take turns in the order of the Plan. Bars on which nothing can happen are
jumped over: while flat the next condition that is true is looked up, while a position or an order is
open only highs and lows are read. Jumping gives what going bar by bar gives.
"""

from __future__ import annotations

from typing import Any

import cython

if cython.compiled:
    from cython.cimports.engine import codes
    from cython.cimports.engine.decide import account_check, decide
    from cython.cimports.engine.expressions import number
    from cython.cimports.engine.fills import fill_bar, follow_bar, open_bar, pending, refresh, touched
    from cython.cimports.engine.instructions import (
        AddRule,
        EnterRule,
        ExitRule,
        Expression,
        ManageLine,
        Program,
        Remembered,
    )
    from cython.cimports.engine.positions import close_lots, lived
    from cython.cimports.engine.state import Book, Column, Desk, Market, Order, Strikes, after
else:
    from engine import codes
    from engine.decide import account_check, decide
    from engine.expressions import number
    from engine.fills import fill_bar, follow_bar, open_bar, pending, refresh, touched
    from engine.instructions import AddRule, EnterRule, ExitRule, Expression, ManageLine, Program, Remembered
    from engine.positions import close_lots, lived
    from engine.state import Book, Column, Desk, Market, Order, Strikes, after

NEVER = cython.declare(cython.longlong, 1 << 62)
FAR = cython.declare(cython.double, float("inf"))


def run(desk: Desk, jump: bool = True) -> None:
    """Go to the end of the bars and close what is open at the last close."""
    begin(desk)
    if jump and len(desk.books) == 1:
        _one(desk)
    else:
        while _next_time(desk, jump) < NEVER:
            pass
    finish(desk)


def begin(desk: Desk) -> None:
    """Put every book on its first bar: the first of all where values are remembered from there on."""
    k: cython.Py_ssize_t
    for k in range(len(desk.books)):
        book: Book = desk.books[k]
        book.cursor = 0 if desk.program.states > 0 else book.market.first
        book.now = book.cursor - 1


def step(desk: Desk) -> Any:
    """Work on the next closing time and return it; a time beyond all others when there is none."""
    return _next_time(desk, False)


def finish(desk: Desk) -> None:
    """Close what is open at the last closes, as at the end of a run."""
    _finish(desk)
    if desk.failure is not None:
        raise desk.failure


def _one(desk: Desk) -> None:
    book: Book = desk.books[0]
    market: Market = book.market
    i: cython.Py_ssize_t = book.now
    j: cython.Py_ssize_t
    due: cython.Py_ssize_t = next_decision(desk, book, i)
    changes: cython.Py_ssize_t
    to_do: cython.bint = False
    daily: cython.bint = desk.program.daily
    while True:
        changes = desk.changes
        if to_do:
            j = i + 1
        elif book.side != 0 or book.resting > 0:
            j = _quiet_until(desk, book, i + 1, due + 1)
        else:
            j = due + 1
        if j == due + 1 and not to_do:
            j = due
            book.now = j
        else:
            book.now = j - 1
            if j < market.end:
                fill_bar(desk, book, j)
        if j >= market.end:
            break
        if to_do or changes != desk.changes:
            due = next_decision(desk, book, j - 1)
            to_do = False
            market.fetch(due)
        if daily and (j == due or changes != desk.changes):
            account_check(desk, market.ts_close[j])
        if j == due:
            decide(desk, book, j)
            to_do = pending(book)
            if not to_do:
                due = next_decision(desk, book, j)
                market.fetch(due)
        i = j


def _next_time(desk: Desk, jump: cython.bint) -> cython.longlong:
    """Fill and decide at the next closing time at which anything may happen, and return it."""
    k: cython.Py_ssize_t
    j: cython.Py_ssize_t
    book: Book
    time: cython.longlong = NEVER
    alive: cython.bint = not jump or desk.positions > 0
    if not alive:
        for k in range(len(desk.books)):
            book = desk.books[k]
            alive = alive or pending(book) or book.resting > 0
    for k in range(len(desk.books)):
        book = desk.books[k]
        j = book.cursor if alive else next_decision(desk, book, book.cursor - 1)
        if j < book.market.end and book.market.ts_close[j] < time:
            time = book.market.ts_close[j]
    if time == NEVER:
        return NEVER
    for k in range(len(desk.books)):
        book = desk.books[k]
        if not alive:
            book.cursor = after(book.market.ts_close, book.market.end, time - 1)
            book.now = book.cursor - 1
        if book.cursor < book.market.end and book.market.ts_close[book.cursor] == time:
            open_bar(desk, book, book.cursor)
    for k in range(len(desk.books)):
        book = desk.books[k]
        if book.cursor < book.market.end and book.market.ts_close[book.cursor] == time:
            follow_bar(desk, book, book.cursor)
    for k in range(len(desk.books)):
        book = desk.books[k]
        if book.cursor < book.market.end and book.market.ts_close[book.cursor] == time:
            book.now = book.cursor
    account_check(desk, time)
    for k in range(len(desk.books)):
        book = desk.books[k]
        if book.cursor < book.market.end and book.market.ts_close[book.cursor] == time:
            decide(desk, book, book.cursor)
            book.cursor += 1
    return time


def _finish(desk: Desk) -> None:
    k: cython.Py_ssize_t
    i: cython.Py_ssize_t
    price: cython.double
    for k in range(len(desk.books)):
        book: Book = desk.books[k]
        book.now = book.market.end - 1
    for k in range(len(desk.books)):
        book = desk.books[k]
        i = book.now
        if book.side != 0:
            price = book.market.close[i] if book.side > 0 else book.market.close[i] + book.market.spread[i]
            close_lots(desk, book, book.volume, price, codes.REASON_END, False, 0.0, i)


def next_decision(desk: Desk, book: Book, i: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The first bar after `i` on which `decide` could do anything, if nothing is filled before."""
    market: Market = book.market
    program: Program = desk.program
    start: cython.Py_ssize_t = i + 1
    best: cython.Py_ssize_t = market.end
    k: cython.Py_ssize_t
    n: cython.Py_ssize_t
    for k in range(program.states):
        variable: Remembered = program.remember[k]
        if not book.started:
            return start
        for n in range(len(variable.conditions)):
            best = min(best, _watch(book, variable.conditions[n], start))
    if start < market.first:
        start = market.first
    held: cython.bint = book.side != 0
    if held and program.daily:
        return start
    if not held or program.opposite != codes.OPPOSITE_IGNORED:
        for k in range(program.enters):
            rule: EnterRule = program.enter[k]
            if rule.side != book.side:
                best = min(best, _watch(book, rule.when, start))
    for k in range(len(book.orders) if book.resting > 0 else 0):
        order: Order = book.orders[k]
        if order.active:
            if order.side == book.side:
                return start
            if order.rule.cancel_when is not None:
                best = min(best, _watch(book, order.rule.cancel_when, start))
    if held:
        for k in range(program.exits):
            way_out: ExitRule = program.exit[k]
            if way_out.side != -book.side:
                best = min(best, _watch(book, way_out.when, start))
        for k in range(program.adds):
            more: AddRule = program.add[k]
            if more.side == book.side and book.adds[k] < more.at_most:
                best = min(best, _watch(book, more.when, start))
        for k in range(program.lines):
            line: ManageLine = program.manage[k]
            if line.side != -book.side:
                best = min(best, _watch_line(desk, book, line, k, start))
    return best


def _watch(book: Book, e: Expression, start: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The first bar from `start` on at which a condition can be true."""
    column: Column
    if e.mode == codes.X_COLUMN:
        column = book.columns[e.index]
        return column.next_true(start)
    if e.mode == codes.X_CONSTANT:
        return start if book.constants[e.index] == 2.0 else NEVER
    if e.gate >= 0:
        column = book.columns[e.gate]
        return column.next_true(start)
    return start


def _watch_line(
    desk: Desk, book: Book, line: ManageLine, k: cython.Py_ssize_t, start: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """The first bar from `start` on at which a line of `manage` can act on the open position."""
    market: Market = book.market
    bar: cython.Py_ssize_t
    if line.action == codes.DO_TAKE and book.reached[k] == 2:
        return NEVER
    if line.trigger == codes.WHEN_CONDITION:
        return _watch(book, line.condition, start)
    if line.trigger == codes.WHEN_CLOCK:
        strikes: Strikes = market.clocks[line.clock]
        return strikes.next_at(start)
    if line.trigger == codes.WHEN_AFTER_BARS and line.condition.mode == codes.X_CONSTANT:
        bar = book.entered + cython.cast(cython.Py_ssize_t, number(desk, book, line.condition, start) - 1e-9)
        return max(bar, start)
    if line.trigger == codes.WHEN_AFTER_TIME and line.condition.mode == codes.X_CONSTANT:
        length: cython.longlong = cython.cast(cython.longlong, (number(desk, book, line.condition, start) - 2e-9) * 1e9)
        bar = after(market.ts_close, market.end, book.entered_at + length - 1)
        return max(bar, start)
    return start


def _quiet_until(desk: Desk, book: Book, start: cython.Py_ssize_t, bound: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """The first bar from `start` on that fills something, or `bound`; notes what a position saw.

    The expiry of an order and a night of swap also end it.
    """
    market: Market = book.market
    k: cython.Py_ssize_t
    j: cython.Py_ssize_t = start
    bound = min(bound, market.end)
    if start >= bound:
        return start
    for k in range(len(book.orders) if book.resting > 0 else 0):
        order: Order = book.orders[k]
        if order.active:
            if order.expires < bound:
                bound = max(start, order.expires + 1)
            if order.expires_at < NEVER:
                bound = min(bound, max(start, market.bar_at(order.expires_at)))
    if book.touchy:
        refresh(desk, book)
    if book.side != 0 and market.ts_open[bound - 1] >= book.night:
        bound = max(start, market.bar_at(book.night))
    if book.side > 0 and book.resting == 0:
        j = _quiet_bids(book, j, bound)
    elif book.side < 0 and book.resting == 0:
        j = _quiet_asks(book, j, bound)
    else:
        j = _quiet_quotes(book, j, bound)
    return j


def _quiet_bids(book: Book, j: cython.Py_ssize_t, bound: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Go on while no bid reaches a level, four bars at a time while there are four."""
    high: cython.p_double = book.market.high
    low: cython.p_double = book.market.low
    above: cython.double = book.bid_high
    below: cython.double = book.bid_low
    start: cython.Py_ssize_t = j
    least: cython.double = FAR
    most: cython.double = -FAR
    a: cython.double
    b: cython.double
    c: cython.double
    while j + 4 <= bound:
        a = low[j] if low[j] < low[j + 1] else low[j + 1]
        b = low[j + 2] if low[j + 2] < low[j + 3] else low[j + 3]
        a = a if a < b else b
        b = high[j] if high[j] > high[j + 1] else high[j + 1]
        c = high[j + 2] if high[j + 2] > high[j + 3] else high[j + 3]
        b = b if b > c else c
        if a <= below or b >= above:
            break
        least = a if a < least else least
        most = b if b > most else most
        j += 4
    while j < bound and low[j] > below and high[j] < above:
        least = low[j] if low[j] < least else least
        most = high[j] if high[j] > most else most
        j += 1
    if j > start:
        lived(book, least, most)
    return j


def _quiet_asks(book: Book, j: cython.Py_ssize_t, bound: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Go on while no ask reaches a level, four bars at a time while there are four."""
    high: cython.p_double = book.market.high
    low: cython.p_double = book.market.low
    spread: cython.p_double = book.market.spread
    above: cython.double = book.ask_high
    below: cython.double = book.ask_low
    start: cython.Py_ssize_t = j
    least: cython.double = FAR
    most: cython.double = -FAR
    a: cython.double
    b: cython.double
    c: cython.double
    while j + 4 <= bound:
        a = low[j] + spread[j]
        c = low[j + 1] + spread[j + 1]
        a = a if a < c else c
        c = low[j + 2] + spread[j + 2]
        a = a if a < c else c
        c = low[j + 3] + spread[j + 3]
        a = a if a < c else c
        b = high[j] + spread[j]
        c = high[j + 1] + spread[j + 1]
        b = b if b > c else c
        c = high[j + 2] + spread[j + 2]
        b = b if b > c else c
        c = high[j + 3] + spread[j + 3]
        b = b if b > c else c
        if a <= below or b >= above:
            break
        least = a if a < least else least
        most = b if b > most else most
        j += 4
    while j < bound and low[j] + spread[j] > below and high[j] + spread[j] < above:
        a = low[j] + spread[j]
        b = high[j] + spread[j]
        least = a if a < least else least
        most = b if b > most else most
        j += 1
    if j > start:
        lived(book, least, most)
    return j


def _quiet_quotes(book: Book, j: cython.Py_ssize_t, bound: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Go on while neither bid nor ask reaches a level."""
    market: Market = book.market
    start: cython.Py_ssize_t = j
    offset: cython.double = 1.0 if book.side < 0 else 0.0
    least: cython.double = FAR
    most: cython.double = -FAR
    a: cython.double
    b: cython.double
    while j < bound and not touched(book, market.high[j], market.low[j], market.spread[j]):
        a = market.low[j] + offset * market.spread[j]
        b = market.high[j] + offset * market.spread[j]
        least = a if a < least else least
        most = b if b > most else most
        j += 1
    if book.side != 0 and j > start:
        lived(book, least, most)
    return j
