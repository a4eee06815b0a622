"""Values that are the same on every bar: literals, parameters, and arithmetic on them alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.instruments import Instrument
from dsl.plan import Plan
from engine.errors import NotSupported

SECONDS = {"minutes": 60.0, "hours": 3600.0, "days": 86400.0}
FOLDED = {"number", "quantity", "param", "add", "sub", "mul", "div", "neg", "abs", "average", "min", "max"} | {
    "percent_of"
}


class Folder:
    """Values that are the same on every bar, in the units of one symbol."""

    def __init__(self, plan: Plan, settings: Mapping[str, float], instrument: Instrument | None, currency: str) -> None:
        self._plan = plan
        self._settings = settings
        self._instrument = instrument
        self._currency = currency
        self._units = {param.name: param.unit for param in plan.params}

    def node(self, index: int) -> float:
        node = self._plan.nodes[index]
        if node.op == "number":
            return float(node["value"])
        if node.op == "quantity":
            return self._in_unit(float(node["value"]), node["unit"])
        if node.op == "param":
            return self._in_unit(self._settings[node["name"]], self._units[node["name"]])
        args = [self.node(arg) for arg in node.args]
        return _folded(node.op, args)

    def raw(self, what: Any) -> float:
        """A plain number, a parameter in its own unit, or a weight with its place."""
        if isinstance(what, tuple):
            return float(what[-1])
        return float(self._settings[what]) if isinstance(what, str) else float(what)

    def _in_unit(self, value: float, unit: str | None) -> float:
        if unit in SECONDS:
            return value * SECONDS[unit]
        if unit in (None, "%", "R", "lots", "units", "bars"):
            return value
        if unit in ("pips", "points", "ticks"):
            if self._instrument is None:
                return value
            one = {"pips": self._instrument.pip, "points": self._instrument.point, "ticks": self._instrument.tick_size}
            return value * one[unit]
        if self._currency and unit != self._currency:
            raise NotSupported(
                f"An amount in {unit} cannot be used on an account in {self._currency}.",
                f"State it in {self._currency}, or in %.",
            )
        return value


def _folded(op: str, args: list[float]) -> float:
    if op == "add":
        return args[0] + args[1]
    if op == "sub":
        return args[0] - args[1]
    if op == "mul":
        return args[0] * args[1]
    if op == "div":
        return args[0] / args[1] if args[1] != 0 else float("nan")
    if op == "neg":
        return -args[0]
    if op == "abs":
        return abs(args[0])
    if op == "average":
        return sum(args) / len(args)
    if op == "percent_of":
        return args[0] / 100.0 * args[1]
    if any(x != x for x in args):
        return float("nan")
    return min(args) if op == "min" else max(args)
