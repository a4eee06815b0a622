# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""How many lots an order is for, and prices rounded to the tick.

Money is in account currency; the equity is that of the last closes, so that a size is fixed at its
decision and can be computed again from what was known then.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.engine import codes
    from cython.cimports.engine.expressions import number
    from cython.cimports.engine.instructions import Expression
    from cython.cimports.engine.state import Book, Desk, Market
    from cython.cimports.libc.math import ceil, floor
else:
    from math import ceil, floor

    from engine import codes
    from engine.expressions import number
    from engine.instructions import Expression
    from engine.state import Book, Desk, Market

NAN = cython.declare(cython.double, float("nan"))
KELLY_LEAST = cython.declare(cython.int, 30)
KELLY_MOST = cython.declare(cython.int, 100)


def lots_for(
    desk: Desk,
    book: Book,
    size: cython.int,
    value: Expression,
    cap: Expression,
    i: cython.Py_ssize_t,
    price: cython.double,
    distance: cython.double,
) -> cython.double:
    """Lots for an entry at `price` with its stop `distance` away, before rounding; NaN when unknown.

    - risk: money / (distance × value of one lot). Money is a share of the equity or an amount.
    - notional: share of the equity / (price × value of one lot).
    - volatility: as notional, the share being the target / annual deviation of daily log returns
      (sample deviation of the last 60 complete trading days × √252).
    - kelly: as risk, the share being fraction × mean / variance of R, never above the cap.
    """
    market: Market = book.market
    x: cython.double = number(desk, book, value, i)
    if size == codes.SIZE_LOTS:
        return x
    if size == codes.SIZE_UNITS:
        return x / market.contract
    worth: cython.double = market.money(i)
    if size == codes.SIZE_RISK_MONEY:
        return x / (distance * worth)
    equity: cython.double = desk.equity()
    if size == codes.SIZE_RISK_PERCENT:
        return x / 100.0 * equity / (distance * worth)
    if size == codes.SIZE_NOTIONAL:
        return x / 100.0 * equity / (price * worth)
    if size == codes.SIZE_VOLATILITY:
        day: cython.Py_ssize_t = market.day_of(market.ts_close[i])
        deviation: cython.double = market.volatility[day] if day >= 0 else NAN
        return x / 100.0 / deviation * equity / (price * worth) if deviation > 0.0 else NAN
    share: cython.double = x * kelly(desk)
    most: cython.double = number(desk, book, cap, i) / 100.0
    if share != share or most != most:
        return NAN
    return (share if share < most else most) * equity / (distance * worth)


def kelly(desk: Desk) -> cython.double:
    """Mean / variance of the last 100 results in R (Kelly 1956, small-edge form); unknown under 30."""
    n: cython.int = desk.result_count if desk.result_count < KELLY_MOST else KELLY_MOST
    if n < KELLY_LEAST:
        return NAN
    k: cython.int
    total: cython.double = 0.0
    for k in range(n):
        total += desk.results[k]
    mean: cython.double = total / n
    total = 0.0
    for k in range(n):
        total += (desk.results[k] - mean) * (desk.results[k] - mean)
    variance: cython.double = total / (n - 1)
    return mean / variance if variance > 0.0 else NAN


def round_lots(market: Market, lots: cython.double) -> cython.double:
    """Lots rounded down to the step, a size that is a step but for its last bits kept."""
    steps: cython.double = lots * market.inverse_step if market.inverse_step > 0.0 else lots / market.lot_step
    steps = floor(steps + 1e-9 * (steps if steps > 1.0 else 1.0))
    return steps / market.inverse_step if market.inverse_step > 0.0 else steps * market.lot_step


def near_lots(market: Market, lots: cython.double) -> cython.double:
    """The size on the step nearest to what additions and subtractions have left."""
    if market.inverse_step > 0.0:
        return floor(lots * market.inverse_step + 0.5) / market.inverse_step
    return floor(lots / market.lot_step + 0.5) * market.lot_step


def tick_up(market: Market, price: cython.double) -> cython.double:
    """The tick at or above a price."""
    steps: cython.double = ceil(price / market.tick - 1e-6)
    return steps / market.inverse_tick if market.inverse_tick > 0.0 else steps * market.tick


def tick_down(market: Market, price: cython.double) -> cython.double:
    """The tick at or below a price."""
    steps: cython.double = floor(price / market.tick + 1e-6)
    return steps / market.inverse_tick if market.inverse_tick > 0.0 else steps * market.tick


def tick_near(market: Market, price: cython.double) -> cython.double:
    """The tick nearest to a price."""
    steps: cython.double = floor(price / market.tick + 0.5)
    return steps / market.inverse_tick if market.inverse_tick > 0.0 else steps * market.tick
