"""What the README shows is what the program prints."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from data.load import load_bars
from data.market import Market
from dsl.compile import compile_text
from dsl.english import explain
from dsl.render import render_text
from engine.backtest import backtest
from engine.metrics import measure
from engine.report.headline import verdict
from rulewright.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
STRATEGY = (ROOT / "rules" / "rsi2_mean_reversion.rules").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_strategy_is_the_shipped_one() -> None:
    assert blocks("rules") == [STRATEGY]


def test_its_english_is_what_explain_says() -> None:
    plan = compile_text(STRATEGY).plan
    assert plan
    assert blocks("text")[0] in explain(plan) + "\n"


def test_the_verdict_is_that_of_the_demo() -> None:
    plan = compile_text(STRATEGY).plan
    assert plan
    market = Market(load_bars("samples/us500_d1.csv").bars)
    result = backtest(plan, market)
    said = textwrap.fill(verdict(measure(result, plan, market), result), 88).replace("\xa0", " ")
    assert blocks("text")[1].rstrip("\n") == said


def test_the_mistake_is_met_as_shown() -> None:
    wrong = STRATEGY.replace("stop   2.5 * atr(14)", "stop   25")
    assert blocks("text")[2].rstrip("\n") == render_text(wrong, compile_text(wrong).diagnostics, "my_dip.rules")


@pytest.mark.parametrize("command", sorted({c.name or c.callback.__name__ for c in app.registered_commands}))
def test_every_command_is_named(command: str) -> None:
    assert f"`{command}" in README or f"rulewright {command}" in README


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
