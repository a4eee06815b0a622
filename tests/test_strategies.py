"""Every shipped strategy: right, in layout, its examples hold, and its backtest is what it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from data.load import load_bars
from data.market import Market
from dsl.compile import Compilation, compile_text
from dsl.format import format_text
from dsl.syntax import Example, Given
from engine.backtest import backtest
from engine.cautions import cautions
from engine.examples import run_examples
from engine.metrics import measure
from engine.schema import to_json

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "backtests"
STRATEGIES = sorted((ROOT / "rules").glob("*.rules"))


@pytest.fixture(params=STRATEGIES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    shipped: Path = request.param
    return shipped


def compiled(path: Path) -> Compilation:
    return compile_text(path.read_text(encoding="utf-8"))


def load(given: Given) -> tuple:
    return load_bars(given.source, symbol=given.symbol, timeframe=given.timeframe).bars


def test_it_is_right_and_in_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert compiled(path).diagnostics == ()
    assert format_text(text).text == text


def test_it_states_its_edge_and_when_it_fails(path: Path) -> None:
    plan = compiled(path).plan
    assert plan
    assert plan.edge.exploits
    assert plan.edge.fails


def test_its_examples_hold(path: Path) -> None:
    compilation = compiled(path)
    assert compilation.plan
    assert compilation.tree
    outcomes = run_examples(compilation.plan, compilation.tree, load)
    assert outcomes
    assert [f"{o.expected}: {o.happened}" for o in outcomes if not o.passed] == []


def test_its_backtest_is_what_it_was(path: Path, golden: Callable[[Path, str], None]) -> None:
    compilation = compiled(path)
    plan, tree = compilation.plan, compilation.tree
    assert plan
    assert tree
    given = {g: None for s in tree.statements if isinstance(s, Example) for g in s.given}
    market = Market([bars for each in given for bars in load(each)])
    result = replace(backtest(plan, market), compiled=True)
    metrics = measure(result, plan, market)
    text = to_json(result, metrics, plan, cautions(result, metrics, plan, market), engine_version="golden")
    golden(GOLDEN / f"{path.stem}.json", text)
