"""The command line: options in, one pure function called, text out.

Nothing heavy is imported here; each command loads what it needs when it runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rulewright import __version__

if TYPE_CHECKING:
    from rulewright.prices import PriceSource

app = typer.Typer(
    name="rulewright",
    help="Trading strategies as text: write, check, explain, test on real prices.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

RulesFile = Annotated[Path, typer.Argument(metavar="FILE", help="A .rules file.")]
RulesFiles = Annotated[list[Path], typer.Argument(metavar="FILE...", help="One or more .rules files.")]
Data = Annotated[
    list[str] | None,
    typer.Option("--data", metavar="PATH", help="Prices: a file, a folder, samples/… or synthetic/…; repeatable."),
]
Symbol = Annotated[str | None, typer.Option("--symbol", help="Symbol of the prices, where the file does not say.")]
Timeframe = Annotated[str | None, typer.Option("--timeframe", help="Timeframe of the prices, such as H1.")]
Zone = Annotated[
    str | None, typer.Option("--zone", help="Time zone of the file's clock, such as UTC or Europe/Athens.")
]
Layout = Annotated[str | None, typer.Option("--layout", help="own, mt5, yahoo, stooq, dukascopy or parquet.")]
Spread = Annotated[float | None, typer.Option("--spread", metavar="PIPS", help="Spread to assume, in pips.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Another value for a parameter; repeatable.")
]


def _version(asked: bool) -> None:
    if asked:
        from rulewright.commands.version import version_text

        typer.echo(version_text())
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Trading strategies as text: write, check, explain, test on real prices."""


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the strategy: letters, digits and _.")],
    folder: Annotated[Path, typer.Option("--folder", help="Where to put the file.")] = Path(),
) -> None:
    """Start a strategy: a commented file that compiles."""
    from rulewright.commands.new import run

    raise typer.Exit(run(name, folder))


@app.command()
def check(
    files: RulesFiles,
    data: Data = None,
    symbol: Symbol = None,
    timeframe: Timeframe = None,
    zone: Zone = None,
    layout: Layout = None,
    spread: Spread = None,
    json: Annotated[bool, typer.Option("--json", help="Findings as JSON.")] = False,
) -> None:
    """Say whether strategies are right; with --data, whether the prices they need are there."""
    from rulewright.commands.check import run

    raise typer.Exit(run(files, _source(data, symbol, timeframe, zone, layout, spread), json))


@app.command()
def fmt(
    files: RulesFiles,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; say which files are not in layout.")] = False,
) -> None:
    """Put strategies into the one layout. Comments stay, meaning does not change."""
    from rulewright.commands.fmt import run

    raise typer.Exit(run(files, check))


@app.command()
def explain(
    file: RulesFile,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="A bar, such as '2017-03-15 10:00' (UTC).")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="SYMBOL", help="Which traded symbol; with --at.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="The Plan as JSON instead of English.")] = False,
    data: Data = None,
    symbol: Symbol = None,
    timeframe: Timeframe = None,
    zone: Zone = None,
    layout: Layout = None,
    spread: Spread = None,
    setting: Settings = None,
) -> None:
    """Say in English what a strategy does; with --at, what each condition was at that bar."""
    from rulewright.commands.explain import run

    raise typer.Exit(run(file, at, on, plan, _source(data, symbol, timeframe, zone, layout, spread), setting or []))


@app.command()
def test(files: RulesFiles) -> None:
    """Run the examples of strategies; a failing one prints what each condition was."""
    from rulewright.commands.test import run

    raise typer.Exit(run(files))


@app.command()
def builtins(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One of them, in full.")] = None,
) -> None:
    """List the built-in functions, or explain one."""
    from rulewright.commands.reference import show_builtins

    raise typer.Exit(show_builtins(name))


@app.command()
def errors(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="One of them, in full, such as RW301.")] = None,
) -> None:
    """List the findings and refusals, or explain one."""
    from rulewright.commands.reference import show_errors

    raise typer.Exit(show_errors(code))


@app.command()
def backtest(
    files: RulesFiles,
    data: Data = None,
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day, UTC.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day, UTC, included.")] = None,
    cash: Annotated[float, typer.Option("--cash", help="Money at the start.")] = 10_000.0,
    currency: Annotated[str, typer.Option("--currency", help="Currency of the account.")] = "USD",
    mode: Annotated[str, typer.Option("--mode", help="netting or hedging.")] = "netting",
    leverage: Annotated[float | None, typer.Option("--leverage", help="Cap on the instruments' leverage.")] = None,
    commission: Annotated[float, typer.Option("--commission", help="Money per lot and side.")] = 0.0,
    slippage: Annotated[str, typer.Option("--slippage", help="none, points:N or atr:F, against us.")] = "none",
    setting: Settings = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="F", help="Figures as JSON; - is the screen.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="F", help="The report, one file.")] = None,
    trades: Annotated[Path | None, typer.Option("--trades", metavar="F", help="The trades as CSV.")] = None,
    symbol: Symbol = None,
    timeframe: Timeframe = None,
    zone: Zone = None,
    layout: Layout = None,
    spread: Spread = None,
) -> None:
    """Test strategies on prices and say honestly what came of it."""
    from rulewright.commands.backtest import Request, run

    raise typer.Exit(
        run(
            Request(
                files=files,
                source=_source(data, symbol, timeframe, zone, layout, spread),
                start=start,
                end=end,
                cash=cash,
                currency=currency,
                mode=mode,
                leverage=leverage,
                commission=commission,
                slippage=slippage,
                settings=setting or [],
                json=json,
                html=html,
                trades=trades,
            )
        )
    )


@app.command()
def demo(
    html: Annotated[Path, typer.Option("--html", metavar="F", help="Where the report goes.")] = Path(
        "reports/demo.html"
    ),
) -> None:
    """Backtest a shipped strategy on embedded real prices and write its report."""
    from rulewright.commands.demo import run

    raise typer.Exit(run(html))


def _source(
    data: list[str] | None,
    symbol: str | None,
    timeframe: str | None,
    zone: str | None,
    layout: str | None,
    spread: float | None,
) -> PriceSource:
    from rulewright.prices import PriceSource

    if not data:
        for option, value in (("symbol", symbol), ("timeframe", timeframe), ("zone", zone), ("layout", layout)):
            if value is not None:
                from rulewright.errors import CliError

                raise CliError("RW907", f"--{option} {value} says something of --data, and there is none.")
    return PriceSource(tuple(data or ()), symbol, timeframe, zone, layout, spread)


def main() -> None:
    """Entry point: every refusal is a code and a sentence, never a traceback."""
    # No command multiplies matrices; the threads that wait for it cost start-up time and memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open to the end
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        from rulewright.refusals import report

        status = report(error)
    sys.exit(status if isinstance(status, int) else 0)


__all__ = ["__version__", "app", "main"]
