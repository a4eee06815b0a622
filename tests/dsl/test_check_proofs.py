"""What the checker claims to have proved holds on prices: nothing it calls impossible ever happens."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dsl.check import bounds
from dsl.codes.samples import strategy
from dsl.compile import compile_text

Market = dict[str, list[float]]
"""Fields of the last bars, newest first, and indicator values."""


@dataclass(frozen=True)
class Term:
    """A piece of the language and what it means on a market."""

    text: str
    value: Callable[[Market], float]


def markets(count: int, seed: int) -> list[Market]:
    source = random.Random(seed)
    found = []
    for _ in range(count):
        bars = []
        for _ in range(4):
            low = source.choice([1.0, 1.2, 1.5])
            high = low + source.choice([0.0, 0.1, 0.5])
            bars.append((source.uniform(low, high), high, low, source.choice([low, high, source.uniform(low, high)])))
        market: Market = {name: [bar[i] for bar in bars] for i, name in enumerate(("open", "high", "low", "close"))}
        market["rsi"] = [source.choice([0.0, 100.0, source.uniform(0, 100)])]
        market["atr"] = [source.choice([0.0, source.uniform(0, 0.3)])]
        found.append(market)
    return found


MARKETS = markets(400, seed=7)


def _field(name: str, ago: int) -> Term:
    return Term(name if ago == 0 else f"{name}[{ago}]", lambda m: m[name][ago])


PRICES = [
    *(_field(name, ago) for name in ("open", "high", "low", "close") for ago in (0, 1)),
    Term("highest(high, 3)", lambda m: max(m["high"][:3])),
    Term("highest(close, 2)", lambda m: max(m["close"][:2])),
    Term("lowest(low, 3)", lambda m: min(m["low"][:3])),
    Term("highest(high, 3)[1]", lambda m: max(m["high"][1:4])),
    Term("lowest(low, 3)[1]", lambda m: min(m["low"][1:4])),
    Term("donchian(3).upper", lambda m: max(m["high"][:3])),
    Term("lowest(open[1], 2)", lambda m: min(m["open"][1:3])),
]
DISTANCES = [
    Term("atr(14)", lambda m: m["atr"][0]),
    Term("0.5 * atr(14)", lambda m: 0.5 * m["atr"][0]),
    Term("-1 * atr(14)", lambda m: -m["atr"][0]),
    Term("1% of close", lambda m: 0.01 * m["close"][0]),
    Term("10 pips", lambda m: 0.001),
]


@st.composite
def shifted(draw: st.DrawFn) -> Term:
    """A price, perhaps moved by distances or scaled."""
    term = draw(st.sampled_from(PRICES))
    for _ in range(draw(st.integers(0, 2))):
        by, op = draw(st.sampled_from(DISTANCES)), draw(st.sampled_from("+-"))
        sign = 1 if op == "+" else -1
        term = Term(f"({term.text} {op} {by.text})", _moved(term, by, sign))
    if draw(st.booleans()) and draw(st.booleans()):
        factor = draw(st.sampled_from([0.99, 1.0, 1.01]))
        term = Term(f"({term.text} * {factor})", _scaled(term, factor))
    return term


def _moved(term: Term, by: Term, sign: int) -> Callable[[Market], float]:
    return lambda m: term.value(m) + sign * by.value(m)


def _scaled(term: Term, factor: float) -> Callable[[Market], float]:
    return lambda m: term.value(m) * factor


@dataclass(frozen=True)
class Condition:
    text: str
    holds: Callable[[Market], bool]


_OPS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


@st.composite
def comparisons(draw: st.DrawFn) -> Condition:
    op = draw(st.sampled_from(sorted(_OPS)))
    if draw(st.booleans()):
        number = draw(st.sampled_from([-5, 0, 30, 50, 70, 100, 120]))
        return Condition(f"rsi(14) {op} {number}", lambda m: _OPS[op](m["rsi"][0], number))
    a, b = draw(st.sampled_from(PRICES)), draw(st.sampled_from(PRICES))
    return Condition(f"{a.text} {op} {b.text}", lambda m: _OPS[op](a.value(m), b.value(m)))


def _joined(parts: tuple[Condition, Condition], word: str) -> Condition:
    a, b = parts
    if word == "and":
        return Condition(f"({a.text} and {b.text})", lambda m: a.holds(m) and b.holds(m))
    return Condition(f"({a.text} or {b.text})", lambda m: a.holds(m) or b.holds(m))


conditions = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.builds(_joined, st.tuples(inner, inner), st.sampled_from(["and", "or"])),
        inner.map(lambda c: Condition(f"(not ({c.text}))", lambda m: not c.holds(m))),
    ),
    max_leaves=4,
)


@settings(max_examples=250, deadline=None)
@given(conditions)
def test_never_true_and_always_true_are_so(condition: Condition) -> None:
    text = strategy(when=condition.text)
    for found in compile_text(text).diagnostics:
        if text[found.span.start : found.span.end] in (condition.text, condition.text[1:-1]):
            expected = {"RW601": False, "RW602": True}[found.code]
            assert all(condition.holds(market) is expected for market in MARKETS), found.message


def refused(**clauses: str) -> set[str]:
    return {d.code for d in compile_text(strategy(**clauses)).diagnostics}


@settings(max_examples=200, deadline=None)
@given(shifted(), st.sampled_from(["long", "short"]))
def test_a_refused_stop_or_target_is_on_the_wrong_side_of_every_market(price: Term, side: str) -> None:
    sign = 1 if side == "long" else -1
    enter = {"enter": f"enter {side}", "when": "rsi(14) > 50"}
    if "RW431" in refused(**enter, stop=f"stop at {price.text}"):
        assert all(sign * (price.value(m) - m["close"][0]) >= -1e-12 for m in MARKETS)
    if "RW432" in refused(**enter, target=f"target at {price.text}"):
        assert all(sign * (price.value(m) - m["close"][0]) <= 1e-12 for m in MARKETS)


@settings(max_examples=150, deadline=None)
@given(shifted(), shifted())
def test_a_stop_is_judged_against_the_resting_order(order: Term, stop: Term) -> None:
    clauses = {"order": f"order buy stop at {order.text}, good for 3 bars", "stop": f"stop at {stop.text}"}
    codes = refused(**clauses)
    if "RW433" in codes:
        assert all(order.value(m) <= m["close"][0] + 1e-12 for m in MARKETS)
    if "RW431" in codes:
        assert all(stop.value(m) >= order.value(m) - 1e-12 for m in MARKETS)


_NUMBERS = st.sampled_from([-inf, -3.0, -1.0, 0.0, 0.5, 2.0, inf])
_FINITE = st.floats(-50, 50)


@pytest.mark.parametrize(
    ("op", "formula"),
    [
        ("add", lambda a, b: a + b),
        ("sub", lambda a, b: a - b),
        ("mul", lambda a, b: a * b),
        ("div", lambda a, b: a / b),
        ("percent_of", lambda a, b: a / 100 * b),
        ("neg", lambda a, b: -a),
        ("abs", lambda a, b: abs(a)),
        ("average", lambda a, b: (a + b) / 2),
        ("min", min),
        ("max", max),
    ],
)
def test_bounds_are_never_tighter_than_the_truth(op: str, formula: Callable[[float, float], float]) -> None:
    @settings(max_examples=120, deadline=None)
    @given(st.tuples(_NUMBERS, _NUMBERS), st.tuples(_NUMBERS, _NUMBERS), _FINITE, _FINITE)
    def check(a: tuple[float, float], b: tuple[float, float], x: float, y: float) -> None:
        a_low, a_high = sorted(a)
        b_low, b_high = sorted(b)
        x, y = min(max(x, a_low), a_high), min(max(y, b_low), b_high)
        assume(abs(x) < inf and abs(y) < inf and not (op == "div" and y == 0))
        low, high = bounds.of(op, [(a_low, a_high), (b_low, b_high)][: 1 if op in ("neg", "abs") else 2])
        assert low - 1e-9 <= formula(x, y) <= high + 1e-9

    check()
