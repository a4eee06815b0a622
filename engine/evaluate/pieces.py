"""What the built-ins are made of: a call of one, and the kernels that several share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.columns import Column, Floats
from engine.compiled import load
from engine.evaluate.frame import Frame, numbers

averages: Any = load("engine.kernels.averages")
order: Any = load("engine.kernels.order")
series: Any = load("engine.kernels.series")
windows: Any = load("engine.kernels.windows")

Parts = dict[str | None, Column]
Function = Callable[["Call"], Parts]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a built-in: the bars, its series inputs as whole columns, its numbers in order.

    `parts` are the parts that are wanted; others may be left out of the result.
    """

    frame: Frame
    inputs: tuple[Floats, ...]
    numbers: tuple[float, ...]
    parts: frozenset[str | None]

    @property
    def n(self) -> int:
        """The first number as a count of bars."""
        return round(self.numbers[0])

    @property
    def x(self) -> Floats:
        """The first series input."""
        return self.inputs[0]

    def prices(self, *names: str) -> tuple[Floats, ...]:
        return tuple(self.frame.price(name) for name in names)


def mean(x: Floats, n: int) -> Floats:
    out = numbers(len(x))
    windows.mean(x, n, out)
    return out


def weighted_mean(x: Floats, n: int) -> Floats:
    out = numbers(len(x))
    windows.line(x, n, False, np.empty(n), out)
    return out


def deviation(x: Floats, n: int) -> Floats:
    out = numbers(len(x))
    windows.deviation(x, n, np.empty(n), out)
    return out


def highest(x: Floats, n: int) -> Floats:
    out = numbers(len(x))
    order.highest(x, n, out)
    return out


def lowest(x: Floats, n: int) -> Floats:
    out = numbers(len(x))
    order.lowest(x, n, out)
    return out


def ema(x: Floats, n: int) -> Floats:
    out = numbers(len(x))
    averages.exponential(x, n, 2.0 / (n + 1), out)
    return out


def rma(x: Floats, n: int) -> Floats:
    out = numbers(len(x))
    averages.exponential(x, n, 1.0 / n, out)
    return out


def average_range(frame: Frame, n: int) -> Floats:
    out = numbers(len(frame))
    averages.average_range(*(frame.price(name) for name in ("high", "low", "close")), n, out)
    return out


def plus(a: Floats, b: Floats, factor: float = 1.0) -> Floats:
    """a + factor · b."""
    out = numbers(len(a))
    series.add(a, b, factor, out)
    return out


def ratio(a: Floats, b: Floats, factor: float = 1.0) -> Floats:
    """factor · a / b, unknown where b is 0."""
    out = numbers(len(a))
    series.divide(a, b, factor, out)
    return out


def shifted(x: Floats, n: int) -> Floats:
    """x as it was n bars before."""
    out = numbers(len(x))
    out[:n] = np.nan
    out[n:] = x[: max(0, len(x) - n)]
    return out
