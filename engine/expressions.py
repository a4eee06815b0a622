# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Values that depend on the position, on memory or on remembered values, at the close of a bar.

A state expression is a short program over a stack of numbers; market expressions in it are read from
their columns. NaN is unknown; truth is 0 false, 1 unknown, 2 true, with Kleene's logic. What looks
back evaluates its argument on earlier bars: a column there, the position as it is now at that bar's
close (unknown before the entry), a remembered value as it was then.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.engine import codes
    from cython.cimports.engine.instructions import Expression
    from cython.cimports.engine.state import Book, Column, Desk, Market
    from cython.cimports.libc.math import fabs
else:
    from math import fabs

    from engine import codes
    from engine.instructions import Expression
    from engine.state import Book, Column, Desk, Market

NAN = cython.declare(cython.double, float("nan"))
LONGEST = cython.declare(cython.Py_ssize_t, 5_000)
"""`bars since` and `value of … when` look back no further, so that their history is finite."""
SECOND = cython.declare(cython.double, 1e9)


def equal(a: cython.double, b: cython.double) -> cython.bint:
    """The tie rule: equal within 1e-9 of the larger, and always within 1e-12."""
    larger: cython.double = fabs(a) if fabs(a) > fabs(b) else fabs(b)
    room: cython.double = 1e-9 * larger
    return fabs(a - b) <= (room if room > 1e-12 else 1e-12)


def above(a: cython.double, b: cython.double) -> cython.bint:
    """a > b and not equal by the tie rule; false when either is unknown."""
    return a > b and not equal(a, b)


def number(desk: Desk, book: Book, e: Expression, i: cython.Py_ssize_t) -> cython.double:
    """The value of a number at the close of bar `i`, NaN when unknown."""
    return value_at(desk, book, e, i, 0)


def truth(desk: Desk, book: Book, e: Expression, i: cython.Py_ssize_t) -> cython.int:
    """The truth of a condition at the close of bar `i`: 0, 1 (unknown) or 2."""
    if e.mode == codes.X_COLUMN:
        column: Column = book.columns[e.index]
        return column.truth[i]
    return cython.cast(cython.int, value_at(desk, book, e, i, 0))


def value_at(desk: Desk, book: Book, e: Expression, i: cython.Py_ssize_t, back: cython.Py_ssize_t) -> cython.double:
    """The value of an expression `back` bars before bar `i`, truth as 0, 1 or 2."""
    if e.mode == codes.X_CONSTANT:
        return book.constants[e.index]
    if e.mode == codes.X_COLUMN:
        column: Column = book.columns[e.index]
        if e.truth:
            return column.truth[i - back] if back <= i else 1.0
        return column.number[i - back] if back <= i else NAN
    return _run(desk, book, e, i, back)


def _run(desk: Desk, book: Book, e: Expression, i: cython.Py_ssize_t, back: cython.Py_ssize_t) -> cython.double:
    stack: cython.p_double = desk.stack
    code: cython.p_int = desk.program.code
    bottom: cython.int = desk.top
    top: cython.int = bottom
    j: cython.Py_ssize_t = i - back
    k: cython.Py_ssize_t
    n: cython.int
    sure: cython.int
    open_: cython.int
    x: cython.double
    column: Column
    for k in range(4 * e.index, 4 * (e.index + e.length), 4):
        op: cython.int = code[k]
        a: cython.int = code[k + 1]
        if op == codes.OP_CONSTANT:
            stack[top] = book.constants[a]
            top += 1
        elif op == codes.OP_NUMBER:
            column = book.columns[a]
            stack[top] = column.number[j] if j >= 0 else NAN
            top += 1
        elif op == codes.OP_TRUTH:
            column = book.columns[a]
            stack[top] = column.truth[j] if j >= 0 else 1.0
            top += 1
        elif op == codes.OP_R:
            stack[top] = book.constants[a] * (book.r_planned if book.r_planned == book.r_planned else book.r)
            top += 1
        elif op <= codes.OP_LOWEST:
            stack[top] = _position_word(book, op, j)
            top += 1
        elif op <= codes.OP_LAST_FILL:
            stack[top] = _memory_word(book, op, j)
            top += 1
        elif op == codes.OP_REMEMBERED:
            stack[top] = _remembered(book, a, code[k + 2] + back, i)
            top += 1
        elif op == codes.OP_REMEMBERED_TRUTH:
            x = _remembered(book, a, code[k + 2] + back, i)
            stack[top] = x if x == x else 1.0
            top += 1
        elif op == codes.OP_ADD:
            top -= 1
            stack[top - 1] = stack[top - 1] + stack[top]
        elif op == codes.OP_SUB:
            top -= 1
            stack[top - 1] = stack[top - 1] - stack[top]
        elif op == codes.OP_MUL:
            top -= 1
            stack[top - 1] = stack[top - 1] * stack[top]
        elif op == codes.OP_DIV:
            top -= 1
            stack[top - 1] = stack[top - 1] / stack[top] if stack[top] != 0.0 else NAN
        elif op == codes.OP_PERCENT_OF:
            top -= 1
            stack[top - 1] = stack[top - 1] / 100.0 * stack[top]
        elif op == codes.OP_NEG:
            stack[top - 1] = -stack[top - 1]
        elif op == codes.OP_ABS:
            stack[top - 1] = fabs(stack[top - 1])
        elif op == codes.OP_AVERAGE:
            top -= a - 1
            x = 0.0
            for n in range(a):
                x += stack[top - 1 + n]
            stack[top - 1] = x / a
        elif op == codes.OP_MIN:
            top -= a - 1
            x = stack[top - 1]
            for n in range(1, a):
                x = NAN if x != x or stack[top - 1 + n] != stack[top - 1 + n] else min(x, stack[top - 1 + n])
            stack[top - 1] = x
        elif op == codes.OP_MAX:
            top -= a - 1
            x = stack[top - 1]
            for n in range(1, a):
                x = NAN if x != x or stack[top - 1 + n] != stack[top - 1 + n] else max(x, stack[top - 1 + n])
            stack[top - 1] = x
        elif op <= codes.OP_NE:
            top -= 1
            stack[top - 1] = _compare(op, stack[top - 1], stack[top])
        elif op == codes.OP_BETWEEN:
            top -= 2
            stack[top - 1] = min(
                _compare(codes.OP_GE, stack[top - 1], stack[top]),
                _compare(codes.OP_LE, stack[top - 1], stack[top + 1]),
            )
        elif op == codes.OP_NOT:
            stack[top - 1] = 2.0 - stack[top - 1]
        elif op == codes.OP_AND:
            top -= a - 1
            for n in range(1, a):
                stack[top - 1] = min(stack[top - 1], stack[top - 1 + n])
        elif op == codes.OP_OR:
            top -= a - 1
            for n in range(1, a):
                stack[top - 1] = max(stack[top - 1], stack[top - 1 + n])
        elif op == codes.OP_AT_LEAST:
            x = stack[top - a - 1]
            sure = 0
            open_ = 0
            for n in range(a):
                sure += 1 if stack[top - a + n] == 2.0 else 0
                open_ += 1 if stack[top - a + n] == 1.0 else 0
            top -= a
            stack[top - 1] = 1.0 if x != x else 2.0 if sure >= x - 1e-9 else 0.0 if sure + open_ < x - 1e-9 else 1.0
        elif op == codes.OP_SCORE:
            x = 0.0
            for n in range(a):
                if stack[top - a + n] == 1.0:
                    x = NAN
                elif stack[top - a + n] == 2.0:
                    x += book.constants[code[k + 2] + n]
            top -= a - 1
            stack[top - 1] = x
        elif op == codes.OP_IF:
            top -= 2
            x = stack[top - 1]
            stack[top - 1] = stack[top] if x == 2.0 else stack[top + 1] if x == 0.0 else NAN
        elif op == codes.OP_IF_TRUTH:
            top -= 2
            x = stack[top - 1]
            stack[top - 1] = stack[top] if x == 2.0 else stack[top + 1] if x == 0.0 else 1.0
        elif op == codes.OP_OTHERWISE:
            top -= 1
            if stack[top - 1] != stack[top - 1]:
                stack[top - 1] = stack[top]
        elif op == codes.OP_OTHERWISE_TRUTH:
            top -= 1
            if stack[top - 1] == 1.0:
                stack[top - 1] = stack[top]
        else:
            desk.top = top
            x = _looking_back(desk, book, op, a, code[k + 2], code[k + 3], i, back)
            desk.top = bottom
            stack[top] = x
            top += 1
    return stack[bottom]


def _compare(op: cython.int, a: cython.double, b: cython.double) -> cython.double:
    if a != a or b != b:
        return 1.0
    tie: cython.bint = equal(a, b)
    holds: cython.bint = False
    if op == codes.OP_GT:
        holds = a > b and not tie
    elif op == codes.OP_GE:
        holds = a > b or tie
    elif op == codes.OP_LT:
        holds = a < b and not tie
    elif op == codes.OP_LE:
        holds = a < b or tie
    elif op == codes.OP_EQ:
        holds = tie
    else:
        holds = not tie
    return 2.0 if holds else 0.0


def _position_word(book: Book, op: cython.int, j: cython.Py_ssize_t) -> cython.double:
    """A word about the open position at the close of bar `j`; unknown while flat or before the entry."""
    if book.side == 0 or j < book.entered:
        return NAN
    market: Market = book.market
    if op == codes.OP_BARS_HELD:
        return j - book.entered + 1
    if op == codes.OP_TIME_SINCE_ENTRY:
        return (market.ts_close[j] - book.entered_at) / SECOND
    if op == codes.OP_ENTRY_PRICE:
        return book.average
    if op == codes.OP_HIGHEST:
        return book.high
    if op == codes.OP_LOWEST:
        return book.low
    price: cython.double = market.close[j] if book.side > 0 else market.close[j] + market.spread[j]
    profit: cython.double = book.side * (price - book.average)
    if op == codes.OP_PROFIT_PERCENT:
        return 100.0 * profit / book.average if book.average != 0.0 else NAN
    if op == codes.OP_PROFIT_MONEY:
        return profit * book.volume * market.money(j)
    return profit


def _memory_word(book: Book, op: cython.int, j: cython.Py_ssize_t) -> cython.double:
    if op == codes.OP_LAST_WON:
        return book.last_won
    if op == codes.OP_BARS_SINCE_EXIT:
        return j - book.exited if book.exited >= 0 else NAN
    return book.last_fill


def _remembered(book: Book, which: cython.int, ago: cython.Py_ssize_t, i: cython.Py_ssize_t) -> cython.double:
    """A remembered value as it was `ago` bars before bar `i`."""
    if ago == 0:
        return book.remembered[which]
    bars: list[int] = book.changes[which][0]
    values: list[float] = book.changes[which][1]
    k: cython.Py_ssize_t = len(bars) - 1
    while k >= 0 and bars[k] > i - ago:
        k -= 1
    return values[k] if k >= 0 else NAN


def _looking_back(
    desk: Desk,
    book: Book,
    op: cython.int,
    a: cython.int,
    b: cython.int,
    n: cython.int,
    i: cython.Py_ssize_t,
    back: cython.Py_ssize_t,
) -> cython.double:
    """Operations over earlier bars: `a` and `b` number their arguments, `n` is their count of bars."""
    first: Expression = desk.program.expressions[a]
    second: Expression = desk.program.expressions[b]
    k: cython.Py_ssize_t
    x: cython.double
    y: cython.double
    if op == codes.OP_CROSS_ABOVE:
        return _cross(desk, book, codes.OP_GT, first, second, i, back)
    if op == codes.OP_CROSS_BELOW:
        return _cross(desk, book, codes.OP_LT, first, second, i, back)
    if op == codes.OP_CROSSES:
        return max(
            _cross(desk, book, codes.OP_GT, first, second, i, back),
            _cross(desk, book, codes.OP_LT, first, second, i, back),
        )
    if op == codes.OP_HISTORY or op == codes.OP_HISTORY_TRUTH:
        return value_at(desk, book, first, i, back + n)
    if op == codes.OP_RISING or op == codes.OP_FALLING:
        y = 2.0
        for k in range(n):
            x = value_at(desk, book, first, i, back + k)
            x = _compare(
                codes.OP_GT if op == codes.OP_RISING else codes.OP_LT, x, value_at(desk, book, first, i, back + k + 1)
            )
            y = min(x, y)
        return y
    if op == codes.OP_HELD:
        y = 2.0
        for k in range(n):
            y = min(y, value_at(desk, book, first, i, back + k))
        return y
    if op == codes.OP_COUNT:
        y = 0.0
        for k in range(n):
            x = value_at(desk, book, first, i, back + k)
            if x == 1.0:
                return NAN
            y += 1.0 if x == 2.0 else 0.0
        return y
    if op == codes.OP_FOLLOWED:
        y = 0.0
        for k in range(1, n + 1):
            y = max(y, value_at(desk, book, first, i, back + k))
        return min(y, value_at(desk, book, second, i, back))
    condition: Expression = first if op == codes.OP_BARS_SINCE else second
    for k in range(LONGEST):
        x = value_at(desk, book, condition, i, back + k)
        if x == 2.0:
            return k if op == codes.OP_BARS_SINCE else value_at(desk, book, first, i, back + k)
        if x == 1.0:
            return NAN
    return NAN


def _cross(
    desk: Desk,
    book: Book,
    op: cython.int,
    a: Expression,
    b: Expression,
    i: cython.Py_ssize_t,
    back: cython.Py_ssize_t,
) -> cython.double:
    """Beyond it now and not on the bar before."""
    now: cython.double = _compare(op, value_at(desk, book, a, i, back), value_at(desk, book, b, i, back))
    if now == 0.0:
        return 0.0
    before: cython.double = _compare(
        codes.OP_LE if op == codes.OP_GT else codes.OP_GE,
        value_at(desk, book, a, i, back + 1),
        value_at(desk, book, b, i, back + 1),
    )
    return min(now, before)
