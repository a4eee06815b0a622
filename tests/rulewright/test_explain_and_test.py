"""`rulewright explain`, `test`, `builtins`, `errors`, `demo` and what is said of a bug."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dsl.builtins import BUILTINS
from dsl.plan import Plan


def test_explain_reads_the_strategy_aloud(rulewright: Callable, rules: Path) -> None:
    run = rulewright("explain", rules / "rsi2_mean_reversion.rules")
    assert run.status == 0
    assert "the RSI of 2 bars is below 10 [oversold]" in run.out


def test_explain_gives_the_stored_plan(rulewright: Callable, rules: Path) -> None:
    path = rules / "rsi2_mean_reversion.rules"
    plan = Plan.from_json(rulewright("explain", "--plan", path).out)
    assert plan.sha256[:12] in rulewright("check", path).out


def test_explain_at_a_bar_shows_values_and_truth(rulewright: Callable, rules: Path) -> None:
    run = rulewright("explain", rules / "rsi2_mean_reversion.rules", "--at", "1999-11-29 22:00")
    assert run.status == 0
    assert "It fired." in run.out
    assert "below 10 [oversold]: true" in run.out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--at", "yesterday"), "RW907"),
        (("--at", "1960-01-01"), "RW808"),
        (("--at", "1999-11-29 22:00", "--on", "EURUSD"), "RW907"),
    ],
)
def test_explain_refuses_bars_that_are_not_there(
    rulewright: Callable, rules: Path, options: tuple[str, ...], code: str
) -> None:
    run = rulewright("explain", rules / "rsi2_mean_reversion.rules", *options)
    assert run.status == 2
    assert code in run.err


def test_examples_that_hold(rulewright: Callable, rules: Path) -> None:
    run = rulewright("test", rules / "rsi2_mean_reversion.rules")
    assert run.status == 0
    assert "2 of 2 expectations hold" in run.out


def test_a_failing_example_prints_the_trace(rulewright: Callable, rules: Path, tmp_path: Path) -> None:
    text = (rules / "rsi2_mean_reversion.rules").read_text(encoding="utf-8")
    path = tmp_path / "wrong.rules"
    path.write_text(text.replace("at 1999-11-29 17:00", "at 1999-11-28 17:00"), encoding="utf-8")
    run = rulewright("test", path)
    assert run.status == 1
    assert "FAILS" in run.out
    assert "What happened: nothing was decided." in run.out
    assert "below 10 [oversold]: false" in run.out
    assert "1 of 2 expectations hold" in run.out


def test_an_example_at_no_bar_is_refused_with_the_bars_nearby(
    rulewright: Callable, rules: Path, tmp_path: Path
) -> None:
    text = (rules / "rsi2_mean_reversion.rules").read_text(encoding="utf-8")
    path = tmp_path / "wrong.rules"
    path.write_text(text.replace("at 1999-11-29 17:00", "at 1999-11-29 12:00"), encoding="utf-8")
    run = rulewright("test", path)
    assert run.status == 2
    assert "RW808" in run.err
    assert "1999-11-29 22:00" in run.err


def test_a_strategy_without_examples_is_told_so(rulewright: Callable, rules: Path, tmp_path: Path) -> None:
    text = (rules / "rsi2_mean_reversion.rules").read_text(encoding="utf-8")
    path = tmp_path / "bare.rules"
    path.write_text(text[: text.index("example ")], encoding="utf-8")
    run = rulewright("test", path)
    assert run.status == 2
    assert "RW908" in run.err


def test_every_builtin_is_listed_and_explained(rulewright: Callable) -> None:
    listed = rulewright("builtins").out
    for name in BUILTINS:
        assert name in listed
        assert rulewright("builtins", name).status == 0


def test_an_unknown_builtin_suggests_a_known_one(rulewright: Callable) -> None:
    run = rulewright("builtins", "sna")
    assert run.status == 2
    assert "sma" in run.err


def test_codes_of_every_family_are_explained(rulewright: Callable) -> None:
    listed = rulewright("errors").out
    for code in ("RW101", "RW301", "RW701", "RW801", "RW901"):
        assert code in listed
        run = rulewright("errors", code.lower())
        assert run.status == 0
        assert code in run.out
    assert rulewright("errors", "RW000").status == 2


def test_the_demo_ends_with_figures_and_the_path_of_the_report(rulewright: Callable, tmp_path: Path) -> None:
    run = rulewright("demo", "--html", tmp_path / "new" / "demo.html")
    assert run.status == 0
    assert run.out.rstrip().endswith("demo.html")
    assert "Worst drawdown" in run.out
    assert (tmp_path / "new" / "demo.html").stat().st_size > 100_000


def test_a_bug_is_owned_and_its_traceback_goes_to_a_file(
    rulewright: Callable, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("something that should not happen")

    monkeypatch.setattr("rulewright.commands.check.read_rules", broken)
    run = rulewright("check", rules / "london_breakout.rules")
    assert run.status == 2
    assert "RW999" in run.err
    log = Path(run.err.split("file ")[1].split(".log")[0] + ".log")
    assert "something that should not happen" in log.read_text(encoding="utf-8")
    log.unlink()


def test_version_says_whether_the_kernels_are_compiled(rulewright: Callable) -> None:
    run = rulewright("--version")
    assert run.status == 0
    assert "language 1" in run.out
    assert "compiled" in run.out


def test_json_of_check_is_json_even_for_a_broken_file(rulewright: Callable, broken: Path) -> None:
    (report,) = json.loads(rulewright("check", "--json", broken).out)
    assert report["diagnostics"]
