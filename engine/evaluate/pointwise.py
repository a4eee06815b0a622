"""Operations that look at one bar at a time: arithmetic, comparisons, logic, votes and choices.

Each takes the columns of its arguments and the wanted size, and gives a new column. An argument may
have a single element; the result has one element where all of them do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from dsl.plan import PlanNode
from engine.columns import FALSE, TRUE, Column
from engine.compiled import load
from engine.evaluate.frame import numbers, truths

series: Any = load("engine.kernels.series")
compares: Any = load("engine.kernels.compare")
truth: Any = load("engine.kernels.truth")

Args = tuple[Any, ...]
Operation = Callable[[PlanNode, Args, int], Column]

_TWO = np.array([2], np.uint8)
_ONE = np.array([1.0])


def _sum(factor: float) -> Operation:
    def run(node: PlanNode, args: Args, size: int) -> Column:
        out = numbers(size)
        series.add(args[0], args[1], factor, out)
        return out

    return run


def _product(factor: float) -> Operation:
    def run(node: PlanNode, args: Args, size: int) -> Column:
        out = numbers(size)
        series.multiply(args[0], args[1], factor, out)
        return out

    return run


def _quotient(node: PlanNode, args: Args, size: int) -> Column:
    out = numbers(size)
    series.divide(args[0], args[1], 1.0, out)
    return out


def _negative(node: PlanNode, args: Args, size: int) -> Column:
    out: Column = np.negative(args[0])
    return out


def _absolute(node: PlanNode, args: Args, size: int) -> Column:
    out: Column = np.abs(args[0])
    return out


def _average(node: PlanNode, args: Args, size: int) -> Column:
    out = numbers(size)
    out[:] = args[0]
    for arg in args[1:]:
        series.add(out, arg, 1.0, out)
    series.multiply(out, _ONE, 1.0 / len(args), out)
    return out


def _extreme(choose: Any) -> Operation:
    def run(node: PlanNode, args: Args, size: int) -> Column:
        out = numbers(size)
        out[:] = args[0]
        for arg in args[1:]:
            choose(out, arg, out=out)
        return out

    return run


def _comparison(below: int, equal: int, above: int) -> Operation:
    def run(node: PlanNode, args: Args, size: int) -> Column:
        out = truths(size)
        compares.compare(args[0], args[1], below, equal, above, out)
        return out

    return run


def _between(node: PlanNode, args: Args, size: int) -> Column:
    out, other = truths(size), truths(size)
    compares.compare(args[0], args[1], FALSE, TRUE, TRUE, out)
    compares.compare(args[0], args[2], TRUE, TRUE, FALSE, other)
    return np.minimum(out, other, out=out)


def _not(node: PlanNode, args: Args, size: int) -> Column:
    return np.subtract(_TWO, args[0])


def _joined(join: Any) -> Operation:
    def run(node: PlanNode, args: Args, size: int) -> Column:
        out = truths(size)
        out[:] = args[0]
        for arg in args[1:]:
            join(out, arg, out=out)
        return out

    return run


def _at_least(node: PlanNode, args: Args, size: int) -> Column:
    true, possible, out = np.zeros(size), np.zeros(size), truths(size)
    for condition in args[1:]:
        truth.tally(condition, true, possible)
    truth.enough(true, possible, args[0], out)
    return out


def _score(node: PlanNode, args: Args, size: int) -> Column:
    out = np.zeros(size)
    for weight, condition in zip(node["weights"], args, strict=True):
        truth.add_score(condition, weight, out)
    return out


def _choice(node: PlanNode, args: Args, size: int) -> Column:
    if node.kind == "truth":
        chosen = truths(size)
        truth.choose_truths(*args, chosen)
        return chosen
    out = numbers(size)
    truth.choose_numbers(*args, out)
    return out


def _otherwise(node: PlanNode, args: Args, size: int) -> Column:
    if node.kind == "truth":
        chosen = truths(size)
        truth.known_truths(*args, chosen)
        return chosen
    out = numbers(size)
    truth.known_numbers(*args, out)
    return out


POINTWISE: Mapping[str, Operation] = MappingProxyType(
    {
        "add": _sum(1.0),
        "sub": _sum(-1.0),
        "mul": _product(1.0),
        "div": _quotient,
        "percent_of": _product(0.01),
        "neg": _negative,
        "abs": _absolute,
        "average": _average,
        "min": _extreme(np.minimum),
        "max": _extreme(np.maximum),
        "lt": _comparison(TRUE, FALSE, FALSE),
        "le": _comparison(TRUE, TRUE, FALSE),
        "eq": _comparison(FALSE, TRUE, FALSE),
        "ne": _comparison(TRUE, FALSE, TRUE),
        "ge": _comparison(FALSE, TRUE, TRUE),
        "gt": _comparison(FALSE, FALSE, TRUE),
        "between": _between,
        "not": _not,
        "and": _joined(np.minimum),
        "or": _joined(np.maximum),
        "at_least": _at_least,
        "score": _score,
        "if": _choice,
        "otherwise": _otherwise,
    }
)
"""Every operation that needs nothing but the values of its arguments on the same bar."""

IN_PLACE = frozenset({"add", "sub", "mul", "div", "percent_of"})
"""One pass that reads each element before it writes it, into one new column."""
