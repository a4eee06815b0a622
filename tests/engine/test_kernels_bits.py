"""Compiled and interpreted, every kernel gives the same bits, whatever is unknown in its input."""

from __future__ import annotations

import inspect
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest

from engine import compiled

NAMES = [name for name in compiled.status() if name.startswith("engine.kernels.")]


def interpreted(name: str) -> ModuleType:
    return compiled.load_source(name, f"{name.replace('.', '_')}_interpreted")


def functions(module: ModuleType) -> list[FunctionType]:
    return [f for key, f in vars(module).items() if isinstance(f, FunctionType) and not key.startswith("_")]


CASES = [(name, function.__name__) for name in NAMES for function in functions(interpreted(name))]


def numbers(random: np.random.Generator, size: int) -> Any:
    """Prices that tie, stand still and are now and then unknown."""
    x = 1.1 + 0.0001 * np.cumsum(random.integers(-2, 3, size))
    if size > 40:
        x[10:22] = x[10]
        x[random.random(size) < 0.02] = np.nan
    return x


def argument(name: str, kind: str, n: int, size: int, random: np.random.Generator) -> Any:
    """A sensible argument for a parameter of this name and declared type."""
    if name == "scratch":
        return np.full(4 * n, 7.0)
    if kind.startswith("cython.const[cython.double]") and name in ("high", "low", "close", "open"):
        steady = np.random.default_rng(size)
        close = 1.1 + 0.0001 * np.cumsum(steady.integers(-2, 3, size))
        spread = 0.0001 * steady.integers(0, 3, (2, size))
        opened = np.concatenate((close[:1], close[:-1]))
        high, low = np.maximum(opened, close) + spread[0], np.minimum(opened, close) - spread[1]
        return {"open": opened, "high": high, "low": low, "close": close}[name]
    if "double]" in kind or kind == "cython.double[::1]":
        return numbers(random, size)
    if "uchar" in kind and "[" in kind:
        return random.choice(np.array([0, 1, 2], np.uint8), size, p=[0.6, 0.1, 0.3])
    if "longlong" in kind:
        return times(name, size)
    if name.endswith("_ago"):
        return n % 2
    return {"cython.uchar": 2, "cython.bint": True, "cython.double": 0.7}.get(kind, n)


def times(name: str, size: int) -> Any:
    i = np.arange(size, dtype=np.int64)
    return {
        "index": np.minimum(i // 2, size - 1) - 1,
        "group": i // 5,
        "opens": i * 10,
        "closes": i * 10 + 10,
        "decided": i * 25,
        "other_opens": i * 20,
        "starts": i * 70,
        "ends": i * 70 + 40,
        "least": np.full(size, 2, np.int64),
        "out": i,
    }[name]


@pytest.mark.parametrize(("module", "function"), CASES)
def test_the_same_bits(module: str, function: str) -> None:
    if compiled.state(module) != compiled.COMPILED:
        pytest.skip(compiled.state(module))
    fast, slow = getattr(compiled.load(module), function), getattr(interpreted(module), function)
    parameters = {p.name: str(p.annotation) for p in inspect.signature(slow).parameters.values()}
    random = np.random.default_rng(7)
    for size in (0, 1, 2, 7, 300):
        for n in (1, 2, 3, 20):
            given = {name: argument(name, kind, n, size, random) for name, kind in parameters.items()}
            ours = {name: value.copy() if hasattr(value, "copy") else value for name, value in given.items()}
            theirs = {name: value.copy() if hasattr(value, "copy") else value for name, value in given.items()}
            fast(*ours.values())
            slow(*theirs.values())
            for name, value in ours.items():
                if hasattr(value, "tobytes") and name != "scratch":
                    np.testing.assert_array_equal(value, theirs[name], err_msg=f"{function} {name} {size} {n}")


@pytest.mark.parametrize("module", NAMES)
def test_every_kernel_is_listed_for_the_build(module: str) -> None:
    assert functions(interpreted(module))


def test_inputs_may_be_read_only() -> None:
    """Columns read from Parquet are."""
    x = numbers(np.random.default_rng(1), 50)
    x.flags.writeable = False
    out = np.empty(50)
    compiled.load("engine.kernels.windows").mean(x, 3, out)
    assert out[2] == pytest.approx(x[:3].mean())
