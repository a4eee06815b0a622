"""The kinds of quantity and their algebra: what may be added, divided and compared.

A kind is one of `dsl.plan.type_kinds`. Two more exist only while checking: `profit`, whose measure
(distance, percent or money) is settled by the unit it meets, and `error`, which is silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ERROR = "error"
PROFIT = "profit"

PROFIT_MEASURES = ("distance", "percent", "money")

LINEAR = frozenset({"distance", "ratio", "percent", "money", "lots", "units", "bars", "duration"})
"""Kinds that may be added to themselves and scaled by a plain number; a price may only be scaled."""

PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "price": "a price",
        "distance": "a distance in price",
        "ratio": "a plain number",
        "percent": "a percentage",
        "money": "an amount of money",
        "lots": "a number of lots",
        "units": "a number of units",
        "bars": "a number of bars",
        "duration": "a length of time",
        "truth": "a condition (true or false)",
        PROFIT: "the profit of the position",
    }
)
"""How a kind is called in a message."""

_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "pips": "distance",
        "points": "distance",
        "ticks": "distance",
        "R": "distance",
        "%": "percent",
        "lots": "lots",
        "units": "units",
        "bars": "bars",
        "minutes": "duration",
        "hours": "duration",
        "days": "duration",
    }
)

SECONDS: Mapping[str, int] = MappingProxyType({"minutes": 60, "hours": 3600, "days": 86_400})

UNITS_TO_WRITE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "distance": ("{} pips", "2 * atr(14)"),
        "percent": ("{}%",),
        "money": ("{} USD",),
        "bars": ("{} bars",),
        "duration": ("{} minutes", "{} hours", "{} days"),
        "lots": ("{} lots",),
        "units": ("{} units",),
        PROFIT: ("{}R", "{} pips", "{}%", "{} USD"),
    }
)
"""Ways to write a number so that it has this kind."""


def of_unit(unit: str | None) -> str:
    """The kind of a literal with this unit; a currency is money, no unit is a ratio."""
    if unit is None:
        return "ratio"
    return _UNITS.get(unit, "money")


def arithmetic(op: str, left: str, right: str) -> str | None:
    """The kind of `left op right`, or None where the language does not allow it.

    price − price = distance; price ± distance = price; distance / price = ratio; kinds other than
    price add to themselves; every kind but truth scales by a ratio; like / like = ratio;
    percent of price = distance.
    """
    if op == "of":
        return "distance" if (left, right) == ("percent", "price") else None
    if op == "+":
        if {left, right} == {"price", "distance"}:
            return "price"
        return left if left == right and left in LINEAR else None
    if op == "-":
        if left == right == "price":
            return "distance"
        if (left, right) == ("price", "distance"):
            return "price"
        return left if left == right and left in LINEAR else None
    if op == "*":
        if right == "ratio" and _scales(left):
            return left
        return right if left == "ratio" and _scales(right) else None
    if right == "ratio" and _scales(left):
        return left
    if left == right and _scales(left) and left != PROFIT:
        return "ratio"
    return "ratio" if (left, right) == ("distance", "price") else None


def _scales(kind: str) -> bool:
    return kind in LINEAR or kind in ("price", PROFIT)


def comparable(left: str, right: str) -> bool:
    """Whether two quantities may be compared: only like with like, and never conditions."""
    return left == right and left != "truth"


def reads_bare_number(kind: str) -> bool:
    """Whether a bare number beside this kind in a comparison takes its kind.

    A price (`close > 1.10`), and a count of bars, whose name already says its only unit.
    """
    return kind in ("price", "bars")


def nearest_legal(op: str, left: str, right: str) -> str:
    """What to write instead of an arithmetic that mixes kinds; empty when nothing is near."""
    pair = {left, right}
    if "truth" in pair:
        return "A condition is true or false; combine conditions with `and`, `or`, `at least 2 of (…)` or `score(…)`."
    if op == "of":
        return "Per cent is taken `of` a price: `1% of close`. For a share of anything else multiply: `0.5 * atr(14)`."
    if pair == {"price"}:
        return {
            "+": "For the middle of two prices write `average(high, low)`.",
            "*": "Prices are divided to compare them: `close / open`.",
        }.get(op, "")
    if "percent" in pair and pair & {"price", "distance"}:
        return "For a share of a price write `1% of close`, or multiply by a plain number: `close * 1.01`."
    if pair == {"price", "distance"}:
        if op == "-":
            return "Take the distance from the price: `close - 2 * atr(14)`."
        return "A distance is added to or taken from a price: `close + 2 * atr(14)`, `close - 10 pips`."
    if pair == {"price", "ratio"} and op in "+-":
        return "Give the number a unit, `close + 5 pips`, or multiply: `close * 1.01`."
    if "ratio" in pair and op in "+-" and pair & {"bars", "duration"}:
        return "Divide like by like to get a plain number: `bars held / 100 bars`, `time since entry / 2 days`."
    if "ratio" in pair and op in "+-":
        other = next((k for k in (left, right) if k != "ratio"), "distance")
        units = UNITS_TO_WRITE.get(other, ())
        return f"Give the number a unit: `{units[0].format(2)}`." if units else ""
    if "ratio" in pair and op == "/":
        return "Turn the division round, or divide two quantities of one kind."
    if pair == {"distance"}:
        return "Distances are divided to compare them: `(high - low) / atr(14)`."
    if pair == {"bars", "duration"}:
        return "Bars and clock time are different measures: use only bars, or only hours and days."
    return "Only like with like can be added; use plain numbers to scale."
