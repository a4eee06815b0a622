"""Operations that look back over earlier bars of the same series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from dsl.builtins import MAX_WINDOW
from dsl.plan import PlanNode
from engine.columns import FALSE, TRUE, UNKNOWN, Column
from engine.compiled import load
from engine.evaluate.frame import numbers, truths, whole

compares: Any = load("engine.kernels.compare")
truth: Any = load("engine.kernels.truth")

Args = tuple[Any, ...]
Operation = Callable[[PlanNode, Args, int], Column]

CROSSINGS = ("cross_above", "cross_below", "crosses")
"""Made together: one pass over the two columns finds the crossings in both directions."""


def crossings(wanted: tuple[str, ...], args: Args, size: int) -> dict[str, Column]:
    """The crossings of two columns that are wanted, by operation."""
    above, below = truths(size), truths(size)
    compares.crossings(args[0], args[1], above, below)
    made: dict[str, Column] = {"cross_above": above, "cross_below": below}
    if "crosses" in wanted:
        made["crosses"] = np.maximum(above, below)
    return {name: made[name] for name in wanted}


def whole_number(column: Column) -> int:
    """A count of bars: a literal or a parameter."""
    return round(float(column[0]))


def _moving(before: int, after: int) -> Operation:
    def run(node: PlanNode, args: Args, size: int) -> Column:
        x = whole(args[0], size)
        step, out = truths(size), truths(size)
        step[:1] = UNKNOWN
        compares.compare(x[:-1], x[1:], before, FALSE, after, step[1:])
        truth.held(step, whole_number(args[1]), out)
        return out

    return run


def _held(node: PlanNode, args: Args, size: int) -> Column:
    out = truths(size)
    truth.held(args[0], whole_number(args[1]), out)
    return out


def _count(node: PlanNode, args: Args, size: int) -> Column:
    out = numbers(size)
    truth.count(args[0], whole_number(args[1]), out)
    return out


def _bars_since(node: PlanNode, args: Args, size: int) -> Column:
    out = numbers(size)
    truth.bars_since(args[0], MAX_WINDOW, out)
    return out


def _value_when(node: PlanNode, args: Args, size: int) -> Column:
    if node.kind == "truth":
        held = truths(size)
        truth.truth_when(args[0], args[1], MAX_WINDOW, held)
        return held
    out = numbers(size)
    truth.number_when(args[0], args[1], MAX_WINDOW, out)
    return out


def _followed(node: PlanNode, args: Args, size: int) -> Column:
    out = truths(size)
    truth.followed(args[0], args[1], whole_number(args[2]), out)
    return out


def _history(node: PlanNode, args: Args, size: int) -> Column:
    x: Any = whole(args[0], size)
    n = min(whole_number(args[1]), size)
    out: Column = np.empty_like(x)
    out[:n] = UNKNOWN if node.kind == "truth" else np.nan
    out[n:] = x[: size - n]
    return out


HISTORY: Mapping[str, Operation] = MappingProxyType(
    {
        "rising": _moving(TRUE, FALSE),
        "falling": _moving(FALSE, TRUE),
        "held": _held,
        "count": _count,
        "bars_since": _bars_since,
        "value_when": _value_when,
        "followed": _followed,
        "history": _history,
    }
)
