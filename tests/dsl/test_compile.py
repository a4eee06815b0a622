"""From text to Plan: golden files, and laws about the identity of a Plan."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsl import syntax
from dsl.codes.samples import strategy
from dsl.compile import Compilation, compile_text
from dsl.format import format_text
from dsl.plan import Plan
from dsl.render import render_text

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "plans"
SHIPPED = sorted((ROOT / "rules").glob("*.rules"))
OWN = sorted(GOLDEN.glob("*.rules"))
COMPILING = [p for p in (*SHIPPED, *OWN) if p.stem not in ("mistakes", "unreadable")]


def _name(path: Path) -> str:
    return path.stem


def sha(text: str) -> str:
    result = compile_text(text)
    assert result.plan is not None, result.diagnostics
    return result.plan.sha256


# --- golden files --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*SHIPPED, *OWN], ids=_name)
def test_text_becomes_the_golden_plan_and_findings(path: Path, golden) -> None:  # type: ignore[no-untyped-def]  # fixture
    text = path.read_text(encoding="utf-8")
    result = compile_text(text)
    base = (GOLDEN / "shipped" if path in SHIPPED else GOLDEN) / path.stem
    golden(base.with_suffix(".plan.json"), result.plan.to_pretty_json() if result.plan else "null\n")
    golden(base.with_suffix(".diagnostics.txt"), render_text(text, result.diagnostics, path.name) + "\n")


@pytest.mark.parametrize("path", SHIPPED, ids=_name)
def test_shipped_strategies_compile_without_a_finding(path: Path) -> None:
    assert compile_text(path.read_text(encoding="utf-8")).diagnostics == ()


@pytest.mark.parametrize("path", COMPILING, ids=_name)
def test_a_stored_plan_is_read_back_as_it_was(path: Path) -> None:
    made = compile_text(path.read_text(encoding="utf-8")).plan
    assert made is not None
    stored = Plan.from_json(made.to_json())
    assert stored == made
    assert stored.sha256 == made.sha256


# --- identity ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", COMPILING, ids=_name)
def test_layout_and_comments_do_not_change_the_plan(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before = sha(text)
    assert sha(format_text(text).text) == before
    lines = text.splitlines()
    assert sha("\n\n".join(f"   {line}  # a remark" for line in lines)) == before
    assert sha(text.replace("\n", "\r\n")) == before


def test_what_is_not_used_does_not_change_the_plan() -> None:
    assert sha(strategy(before="let spare = ema(close, 9)")) == sha(strategy())


def test_examples_do_not_change_the_plan() -> None:
    example = 'example "a"\n  given EURUSD H1 from "x.csv"\n  expect long at 2017-03-15 10:00 UTC'
    assert sha(strategy(after=example)) == sha(strategy())


def test_the_order_of_definitions_of_one_sort_is_all_that_counts() -> None:
    exits = "exit long called a\n  when rsi(14) > 70"
    limits = "limits\n  daily loss 2%"
    assert sha(strategy(after=f"{exits}\n\n{limits}")) == sha(strategy(after=f"{limits}\n\n{exits}"))


SWAPS = {
    "above": "below",
    "below": "above",
    "<": "<=",
    ">": ">=",
    "buy_and_hold": "none",
    "reverses": "ignored",
    "high": "open",
    "London": "Tokyo",
    "Friday": "Monday",
    "rising": "falling",
}


@dataclass(frozen=True)
class Mutation:
    start: int
    end: int
    replacement: str

    def apply(self, text: str) -> str:
        return text[: self.start] + self.replacement + text[self.end :]


def mutations(text: str) -> Iterator[Mutation]:
    """Changes of a number or word that carries meaning, one at a time."""
    body = text.split("\nexample ")[0]
    quoted = [m.span() for m in re.finditer(r'"[^"\n]*"|#[^\n]*', body)]
    for m in re.finditer(r"(?<![\w.:])\d+(?:\.\d+)?(?![\w.:])|[A-Za-z_]+|[<>]=?", body):
        if any(start <= m.start() < end for start, end in quoted):
            continue
        word = m.group()
        if word[0].isdigit():
            yield Mutation(m.start(), m.end(), f"{float(word) + 1:g}")
        elif word in SWAPS:
            yield Mutation(m.start(), m.end(), SWAPS[word])


@pytest.mark.parametrize("path", COMPILING, ids=_name)
def test_every_change_of_meaning_changes_the_plan_or_is_refused(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    seen = {sha(text)}
    changed = 0
    for mutation in mutations(text):
        result = compile_text(mutation.apply(text))
        assert result.plan is not None or result.diagnostics
        if result.plan is not None:
            assert result.plan.sha256 not in seen, text[mutation.start : mutation.start + 30]
            changed += 1
    assert changed > 5


def test_names_sides_and_every_clause_are_part_of_the_identity() -> None:
    texts = [
        strategy(),
        strategy(header='strategy "Sample" version 2'),
        strategy(header='strategy "Other" version 1'),
        strategy(trade="trade GBPUSD on H1"),
        strategy(trade="trade EURUSD on H4"),
        strategy(edge='edge\n  exploits "a"\n  fails "b"'),
        strategy(enter="enter long called first"),
        strategy(enter="enter short", when="close > sma(close, 50)"),
        strategy(unless="rsi(14) > 90"),
        strategy(order="order buy stop at high, good for 8 bars"),
        strategy(order="order buy stop at high, good for 8 hours"),
        strategy(order="order buy stop at high, good for 8 bars, cancel others when filled"),
        strategy(size="risk 1 USD"),
        strategy(stop="stop at low"),
        strategy(target="target 3R"),
        strategy(target="target 3 pips"),
        strategy(more="at most 1 per day"),
        strategy(after="manage\n  leave after 9 bars"),
        strategy(after="manage long\n  leave after 9 bars"),
        strategy(after="limits\n  daily loss 2%"),
        strategy(after="limits\n  daily loss 2%, leave everything"),
        strategy(after='checklist\n  "a"'),
    ]
    assert len({sha(text) for text in texts}) == len(texts)


# --- tools ---------------------------------------------------------------------------------------


def test_sources_lead_from_nodes_back_to_the_text() -> None:
    text = strategy(when="close > sma(close, 50)")
    result = compile_text(text)
    assert result.plan is not None
    spans = {result.plan.nodes[n].op: text[s.start : s.end] for n, s in result.sources.items()}
    assert spans["gt"] == "close > sma(close, 50)"
    assert set(result.sources) == set(range(len(result.plan.nodes)))


def test_lets_keep_their_names() -> None:
    result = compile_text(strategy(before="let pace = sma(close, 50)\nlet spare = rsi(14)", when="close > pace"))
    assert result.plan is not None
    ((name, node),) = [(let.name, result.plan.nodes[let.node]) for let in result.plan.lets]
    assert (name, node.op) == ("pace", "builtin")


# --- never a traceback ---------------------------------------------------------------------------

_VALUES = st.sampled_from(
    ["close", "high[1]", "atr(14)", "rsi(14)", "1.1", "0", "5 pips", "2%", "1R", "profit", "level", "wide", "far_off",
     "length", "macd(12, 26, 9).line", "(close on H4)", "(close of US500)", "bars held", "last fill price", "10 bars",
     "2 hours", "100 USD", "spread", "vwap", "volume", "highest(high, length)", "open so far on D1", "armed", "nothing"]
)  # fmt: skip


def _combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.flatmap(lambda p: st.sampled_from("+-*/").map(lambda op: f"({p[0]} {op} {p[1]})")),
        pairs.map(lambda p: f"average({p[0]}, {p[1]})"),
        pairs.map(lambda p: f"max({p[0]}, {p[1]})"),
        inner.map(lambda x: f"abs({x})"),
        inner.map(lambda x: f"(-{x})"),
        inner.map(lambda x: f"({x})[1]"),
        inner.map(lambda x: f"ema({x}, 5)"),
        inner.map(lambda x: f"(({x}) on D1)"),
        pairs.map(lambda p: f"({p[0]} otherwise {p[1]})"),
        pairs.map(lambda p: f"(if {p[0]} > {p[1]} then {p[0]} else {p[1]})"),
        inner.map(lambda x: f"(2% of ({x}))"),
    )


_EXPRESSIONS = st.recursive(_VALUES, _combine, max_leaves=4)
_TESTS = st.one_of(
    st.tuples(_EXPRESSIONS, st.sampled_from(["<", ">", "=", "!=", "crosses above", "crosses"]), _EXPRESSIONS).map(
        " ".join
    ),
    st.tuples(_EXPRESSIONS, _EXPRESSIONS, _EXPRESSIONS).map(lambda x: f"{x[0]} between {x[1]} and {x[2]}"),
    _EXPRESSIONS.map(lambda x: f"{x} rising for 3 bars"),
    _EXPRESSIONS,
)
_CONDITIONS = st.recursive(
    _TESTS.map(lambda x: f"({x})"),
    lambda c: st.one_of(
        st.tuples(c, st.sampled_from(["and", "or"]), c).map(lambda x: f"({' '.join(x)})"),
        c.map(lambda x: f"(not {x})"),
        c.map(lambda x: f"({x} for 3 bars)"),
        c.map(lambda x: f"({x} on H4)"),
        st.tuples(c, c).map(lambda x: f"({x[0]} followed within 5 bars by {x[1]})"),
    ),
    max_leaves=3,
)


def programs() -> st.SearchStrategy[str]:
    """Whole files in which every clause can be right or wrong."""
    return st.builds(
        lambda lets, when, stop, target, order, exits, line: strategy(
            before="params\n  length = 5 from 2 to 9 step 1\n\nremember level = 0\n  becomes high when close > open\n\n"
            f"let wide = {lets}\nlet armed = {when}",
            when=when,
            stop=stop,
            target=target,
            order=order,
            after=f"exit long\n  when {exits}\n\nmanage\n  {line}",
        ),
        _EXPRESSIONS,
        _CONDITIONS,
        _EXPRESSIONS.map(lambda x: f"stop {x}") | _EXPRESSIONS.map(lambda x: f"stop at {x}"),
        _EXPRESSIONS.map(lambda x: f"target {x}") | st.just(""),
        st.just("") | _EXPRESSIONS.map(lambda x: f"order buy stop at {x}, good for 5 bars"),
        _CONDITIONS,
        _EXPRESSIONS.map(lambda x: f"leave once profit reaches {x}") | _EXPRESSIONS.map(lambda x: f"trail stop by {x}"),
    )


def well_formed(result: Compilation, text: str) -> None:
    for d in result.diagnostics:
        assert 0 <= d.span.start <= d.span.end <= len(text)
        assert d.message
    render_text(text, result.diagnostics, "x.rules")
    if result.plan is None:
        assert result.errors
        return
    written = Counter(type(s) for s in result.tree.statements) if result.tree else Counter()
    for sort, made in (
        (syntax.Enter, result.plan.enter),
        (syntax.Add, result.plan.add),
        (syntax.Exit, result.plan.exit),
        (syntax.Manage, result.plan.manage),
        (syntax.Limit, result.plan.limits),
        (syntax.Remember, result.plan.remember),
        (syntax.Param, result.plan.params),
    ):
        assert len(made) == written[sort]
    units = {param.name: param.unit for param in result.plan.params}
    for number, node in enumerate(result.plan.nodes):
        assert all(arg < number for arg in node.args)
        assert node.kind not in ("error", "profit")
        unit = units.get(node["name"]) if node.op == "param" else node.get("unit")
        state = node.op in ("position", "memory", "remembered") or unit == "R"
        state = state or any(result.plan.nodes[a].scope == "state" for a in node.args)
        assert node.scope == ("state" if state else "market")
        assert node.series < len(result.plan.series)
    assert Plan.from_json(result.plan.to_json()) == result.plan


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_any_program_gives_a_plan_or_findings(text: str) -> None:
    well_formed(compile_text(text), text)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(COMPILING), st.randoms(use_true_random=False))
def test_any_damage_gives_a_plan_or_findings(path: Path, random) -> None:  # type: ignore[no-untyped-def]  # hypothesis
    text = path.read_text(encoding="utf-8")
    start = random.randrange(len(text))
    damaged = (
        text[:start] + random.choice(["", "(", '"', " and ", "5", "R", "\x00"]) + text[start + random.randrange(9) :]
    )
    well_formed(compile_text(damaged), damaged)


@pytest.mark.parametrize("text", ["", " ", "#", "\x00", "\ufeff", "\ud800", "strategy", "enter long\n", '"', "é" * 50])
def test_odd_texts_give_findings(text: str) -> None:
    result = compile_text(text)
    assert result.plan is None
    assert result.diagnostics


def _doubling(first: str, step: str) -> str:
    """Names of which each uses the one before twice: written short, endless when written out."""
    lines = [f"let x0 = {first}", *(f"let x{i} = {step.replace('X', f'x{i - 1}')}" for i in range(1, 60))]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        strategy(before=_doubling("close - open", "X + X"), stop="stop at close - x59"),
        strategy(before=_doubling("close > open", "X and X"), when="x59"),
        strategy(before=_doubling("close > open", "(X or rsi(5) > 50) and (X or rsi(7) > 60)"), when="x30"),
        strategy(before=_doubling("profit", "abs(X)"), after="exit long\n  when x59 > 1R"),
        strategy(before="\n".join(f"let x{i} = long_unknown_name{i}" for i in range(3000))),
        strategy(when=" and ".join(f"(rsi({i + 1}) > 7 or close > open[{i}])" for i in range(1000))),
    ],
    ids=["sums", "conjunctions", "alternatives", "profit", "unknown names", "a wide condition"],
)
def test_nothing_takes_long(text: str) -> None:
    start = perf_counter()
    result = compile_text(text)
    assert perf_counter() - start < 2
    assert len(result.diagnostics) <= 200
