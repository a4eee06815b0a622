"""Between which values an operation must lie, from the bounds of its arguments.

Bounds hold whenever the value is known. They are never tighter than the truth: what cannot be
bounded is (-inf, inf).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan

Bounds = tuple[float, float]

ANY: Bounds = (-inf, inf)

TINY = 5e-324
"""The bound of what is above 0 by an amount that no common measure tells."""


def signed(low: float, high: float) -> Bounds:
    """Bounds that keep only the sign: for distances and money, whose units differ in size."""
    return (
        -inf if low < 0 else TINY if low > 0 else 0.0,
        inf if high > 0 else -TINY if high < 0 else 0.0,
    )


LEAVES: dict[str, Bounds] = {
    "open": (0, inf),
    "high": (0, inf),
    "low": (0, inf),
    "close": (0, inf),
    "hl2": (0, inf),
    "hlc3": (0, inf),
    "ohlc4": (0, inf),
    "volume": (0, inf),
    "spread": (0, inf),
    "entry_price": (0, inf),
    "highest_since_entry": (0, inf),
    "lowest_since_entry": (0, inf),
    "last_fill_price": (0, inf),
    "bars_held": (1, inf),
    "time_since_entry": (0, inf),
    "bars_since_exit": (0, inf),
    "trading_day_of_month": (1, 31),
    "trading_days_left_in_month": (0, 30),
    "sentiment": (-1, 1),
}
"""What is known of the values that do not come from other values."""


def of(op: str, args: Sequence[Bounds]) -> Bounds:
    """The bounds of `op` over arguments with these bounds."""
    if not args:
        return ANY
    a = args[0]
    match op:
        case "add":
            return _ordered(a[0] + args[1][0], a[1] + args[1][1])
        case "sub":
            return _ordered(a[0] - args[1][1], a[1] - args[1][0])
        case "mul":
            return _products(a, args[1])
        case "div":
            return _quotients(a, args[1])
        case "percent_of":
            return _products((a[0] / 100, a[1] / 100), args[1])
        case "neg":
            return -a[1], -a[0]
        case "abs":
            return (0, max(abs(a[0]), abs(a[1]))) if a[0] < 0 < a[1] else _ordered(*sorted((abs(a[0]), abs(a[1]))))
        case "average":
            return _ordered(sum(x[0] for x in args) / len(args), sum(x[1] for x in args) / len(args))
        case "min":
            return min(x[0] for x in args), min(x[1] for x in args)
        case "max":
            return max(x[0] for x in args), max(x[1] for x in args)
        case "if":
            return min(args[1][0], args[2][0]), max(args[1][1], args[2][1])
        case "otherwise":
            return min(a[0], args[1][0]), max(a[1], args[1][1])
        case "history" | "align" | "value_when" | "window":
            return a
        case "count":
            return 0, args[1][1]
        case "bars_since":
            return 0, inf
    return ANY


def _ordered(low: float, high: float) -> Bounds:
    return (-inf if isnan(low) else low), (inf if isnan(high) else high)


def _times(x: float, y: float) -> float:
    return 0.0 if x == 0 or y == 0 else x * y


def _products(a: Bounds, b: Bounds) -> Bounds:
    corners = [_times(x, y) for x in a for y in b]
    return min(corners), max(corners)


def _quotients(a: Bounds, b: Bounds) -> Bounds:
    if b[0] > 0 or b[1] < 0:
        return _products(a, (_inverse(b[1]), _inverse(b[0])))
    if b[0] == 0:
        return (0 if a[0] >= 0 else -inf), (0 if a[1] <= 0 else inf)
    return ANY


def _inverse(x: float) -> float:
    return 0.0 if x in (inf, -inf) else 1 / x
