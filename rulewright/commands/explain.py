"""`rulewright explain [--at TIME]`."""

from __future__ import annotations

from pathlib import Path

from rulewright.compiling import compile_file
from rulewright.console import note, out
from rulewright.errors import CliError
from rulewright.prices import PriceSource
from rulewright.refusals import FOUND
from rulewright.settings import instant, setting_texts


def run(file: Path, at: str | None, on: str | None, as_plan: bool, source: PriceSource, settings: list[str]) -> int:
    """The Plan in English, or as JSON; with a time, what every condition was at that bar."""
    if at is None and (on or settings or source.paths):
        raise CliError("RW907", "--on, --set and --data are about one bar.", "Name it: --at '2017-03-15 10:00'.")
    if at is not None and as_plan:
        raise CliError("RW907", "--plan and --at ask for two different things.", "Give one of them.")
    compilation = compile_file(file)
    plan = compilation.plan
    if plan is None:
        note("It can be explained once it compiles.")
        return FOUND
    if at is None:
        if as_plan:
            out(plan.to_pretty_json().rstrip("\n"))
        else:
            from dsl.english import explain

            out(explain(plan).rstrip("\n"))
        return 0
    from dsl.english import explain_at
    from engine.evaluate import values_at

    time = instant(at, "--at")
    symbol = on or plan.trade.symbols[0]
    if symbol not in plan.trade.symbols:
        raise CliError("RW907", f"{file} does not trade {symbol}.", f"It trades {', '.join(plan.trade.symbols)}.")
    values = values_at(plan, source.market(compilation.tree), symbol, time, setting_texts(settings))
    out(
        explain_at(plan, values, f"{symbol} {plan.trade.timeframe} at {at.removesuffix('UTC').strip()} UTC").rstrip(
            "\n"
        )
    )
    return 0


def english_of(file: Path) -> str:
    """The English of a strategy that is known to compile."""
    from dsl.english import explain

    plan = compile_file(file).plan
    assert plan is not None
    return explain(plan).rstrip("\n")
