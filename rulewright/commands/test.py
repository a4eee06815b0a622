"""`rulewright test`: the examples of strategies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rulewright.compiling import compile_file
from rulewright.console import green, note, out, red
from rulewright.errors import CliError
from rulewright.prices import examples_given
from rulewright.refusals import FOUND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from data.bars import Bars
    from dsl.plan import Plan
    from dsl.syntax import Given
    from engine.examples import Outcome


def run(files: list[Path]) -> int:
    """Run every example of every file; for a failing one print what each condition was."""
    from engine.examples import run_examples

    status = 0
    for path in files:
        compilation = compile_file(path)
        if compilation.plan is None or compilation.tree is None:
            note(f"{path} has no Plan to test.")
            status = FOUND
            continue
        if not examples_given(compilation.tree):
            raise CliError("RW908", f"{path} has no examples.", "Add an `example` block; `rulewright new` shows one.")
        outcomes = run_examples(compilation.plan, compilation.tree, _load)
        for outcome in outcomes:
            _show(compilation.plan, outcome)
        failed = sum(not outcome.passed for outcome in outcomes)
        if failed:
            status = FOUND
        out(f"{path}: {len(outcomes) - failed} of {len(outcomes)} expectations hold.")
    return status


def _show(plan: Plan, outcome: Outcome) -> None:
    mark = green("holds") if outcome.passed else red("FAILS")
    out(f"{mark}  {outcome.title}: {outcome.expected}")
    if not outcome.passed:
        from dsl.english import explain_at
        from engine.evaluate import values_at

        out(f"       What happened: {outcome.happened}.")
        values = values_at(plan, outcome.market, outcome.symbol, outcome.time)
        out("")
        for line in explain_at(plan, values, outcome.expected.partition(" of ")[2]).rstrip("\n").splitlines():
            out(f"    {line}".rstrip())
        out("")


def _load(given: Given) -> Iterable[Bars]:
    from data.load import load_bars

    return load_bars(given.source, symbol=given.symbol, timeframe=given.timeframe).bars
