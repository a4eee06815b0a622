"""`rulewright backtest`."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rulewright import __version__
from rulewright.compiling import compile_file
from rulewright.console import bold, note, out, wrapped
from rulewright.errors import CliError
from rulewright.files import check_writable, write_text
from rulewright.prices import Prices, PriceSource
from rulewright.refusals import FOUND
from rulewright.settings import day_span, setting_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsl.plan import Plan
    from engine.cautions import Caution
    from engine.metrics import Metrics
    from engine.result import BacktestResult

SCREEN = Path("-")


@dataclass(frozen=True, slots=True)
class Request:
    """The options of the command, as given."""

    files: list[Path]
    source: PriceSource
    start: str | None = None
    end: str | None = None
    cash: float = 10_000.0
    currency: str = "USD"
    mode: str = "netting"
    leverage: float | None = None
    commission: float = 0.0
    slippage: str = "none"
    settings: list[str] = field(default_factory=list)
    json: Path | None = None
    html: Path | None = None
    trades: Path | None = None


def run(request: Request) -> int:
    """Backtest each file. With several files, the output paths are folders."""
    several = len(request.files) > 1
    _check_screen(request)
    if several:
        _check_names(request)
    status = 0
    for path in request.files:
        outputs = _outputs(request, path) if several else request
        _check_outputs(outputs)
        compilation = compile_file(path)
        if compilation.plan is None:
            note(f"{path} is not usable as it is; `rulewright check {path}` shows only its findings.")
            status = FOUND
            continue
        with _stages() as stage:
            stage("reading prices")
            prices = request.source.load(compilation.tree)
            _one(path, compilation.plan, prices, outputs, stage)
    return status


def _one(path: Path, plan: Plan, prices: Prices, request: Request, stage: Callable[[str], None]) -> None:
    from engine.account import account_of
    from engine.backtest import backtest
    from engine.cautions import Caution, cautions
    from engine.metrics import measure

    first, last = day_span(request.start, request.end)
    account = account_of(
        cash=request.cash,
        currency=request.currency,
        mode=request.mode,
        leverage=request.leverage,
        commission_per_lot=request.commission,
        slippage=request.slippage,
    )
    values = setting_texts(request.settings)
    market = prices.market
    result = backtest(plan, market, account, values, start=first, end=last, progress=stage)
    stage("measuring")
    metrics = measure(result, plan, market)
    warnings = cautions(result, metrics, plan, market)
    warnings += tuple(Caution(odd.code, False, odd.sentence) for odd in prices.warnings)
    if request.json:
        from engine.schema import to_json

        stage("writing")
        _write(request.json, to_json(result, metrics, plan, warnings, engine_version=__version__))
    if request.trades:
        from engine.schema import trades_csv

        _write(request.trades, trades_csv(result))
    if request.html:
        from dsl.english import sentences
        from engine.report.page import render

        stage("writing the report")
        _write(
            request.html,
            render(
                result,
                metrics,
                plan,
                sentences(plan),
                warnings,
                market,
                command=command_of(path, request),
                versions=_versions(result),
            ),
        )
    stage("")
    if SCREEN not in (request.json, request.trades):
        _show(path, result, metrics, warnings, request)


def _show(
    path: Path, result: BacktestResult, metrics: Metrics, warnings: tuple[Caution, ...], request: Request
) -> None:
    from engine.report.headline import headline, verdict

    out(bold(f"{result.strategy}, version {result.version} ({path})"))
    for used in result.data:
        label = "SYNTHETIC " if used.synthetic else ""
        out(f"  {label}{used.symbol} {used.timeframe}: {used.bars:,} bars, {used.source}")
    out()
    out(wrapped(verdict(metrics, result)))
    out()
    rows = headline(metrics, result)
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        out(f"  {label.ljust(width)}  {value}")
    if warnings:
        out()
        for caution in warnings:
            out(wrapped(caution.text, f"  {'!' if caution.serious else '·'} ", "    "))
    written = [(kind, p) for kind, p in (("JSON", request.json), ("Trades", request.trades)) if p]
    if request.html:
        written.append(("Report", request.html))
    if written:
        out()
        for kind, target in written:
            out(f"{kind}: {target}")


def command_of(path: Path, request: Request) -> str:
    """The command that repeats the run, without where its output went."""
    default = Request(files=[], source=PriceSource())
    words = ["rulewright", "backtest", path.name if path.is_absolute() else str(path)]
    for given in request.source.paths:
        words += ["--data", given]
    for name in ("symbol", "timeframe", "zone", "layout", "spread"):
        value = getattr(request.source, name)
        if value is not None:
            words += [f"--{name}", str(value)]
    for option, name in (("from", "start"), ("to", "end"), *((n, n) for n in ("cash", "currency", "mode"))):
        if getattr(request, name) != getattr(default, name):
            words += [f"--{option}", f"{getattr(request, name):g}" if name == "cash" else getattr(request, name)]
    for name in ("leverage", "commission", "slippage"):
        if getattr(request, name) != getattr(default, name):
            words += [f"--{name}", str(getattr(request, name))]
    for setting in request.settings:
        words += ["--set", setting]
    return shlex.join(words)


def _outputs(request: Request, path: Path) -> Request:
    def inside(folder: Path | None, suffix: str) -> Path | None:
        if folder is None or folder == SCREEN:
            return folder
        if not folder.is_dir():
            raise CliError(
                "RW907",
                f"With several strategies {folder} has to be a folder; each strategy gets a file in it.",
                f"Make it first: mkdir {folder}",
            )
        return folder / f"{path.stem}{suffix}"

    return replace(
        request,
        json=inside(request.json, ".json"),
        html=inside(request.html, ".html"),
        trades=inside(request.trades, ".csv"),
    )


def _check_outputs(request: Request) -> None:
    """Refuse, before any work, outputs that cannot be written or would cost the user a file."""
    read = {path.resolve() for path in [*request.files, *map(Path, request.source.paths)]}
    read |= {inside.resolve() for path in tuple(read) if path.is_dir() for inside in path.iterdir()}
    taken: set[Path] = set()
    for target in (request.json, request.html, request.trades):
        if target is None or target == SCREEN:
            continue
        check_writable(target)
        resolved = target.resolve()
        if resolved in read or resolved.suffix == ".rules":
            raise CliError("RW905", f"{target} is read or is a strategy; it stays as it is.", "Name another file.")
        if resolved in taken:
            raise CliError("RW907", f"{target} is named for two outputs.", "Name a file for each.")
        taken.add(resolved)


def _check_screen(request: Request) -> None:
    if request.html == SCREEN:
        raise CliError("RW907", "The report is a page; it goes to a file.", "Write --html report.html.")
    shown = [target for target in (request.json, request.trades) if target == SCREEN]
    if len(shown) > 1 or (shown and len(request.files) > 1):
        raise CliError("RW907", "Only one output of one strategy fits on the screen.", "Write the others to files.")


def _check_names(request: Request) -> None:
    stems = [path.stem for path in request.files]
    twice = sorted({stem for stem in stems if stems.count(stem) > 1})
    if twice and (request.json or request.html or request.trades):
        raise CliError(
            "RW907", f"Two strategies are called {twice[0]}; their outputs would have one name.", "Run them one by one."
        )


def _write(target: Path, text: str) -> None:
    if target == SCREEN:
        out(text.rstrip("\n"))
    else:
        write_text(target, text)


def _versions(result: BacktestResult) -> dict[str, str]:
    import platform
    from importlib.metadata import version

    return {
        "Rulewright": __version__,
        "Python": platform.python_version(),
        "numpy": version("numpy"),
        "pyarrow": version("pyarrow"),
        "kernels": "compiled" if result.compiled else "interpreted",
    }


@contextmanager
def _stages() -> Iterator[Callable[[str], None]]:
    """Shows the stage of long work on a terminal, and nothing elsewhere."""
    import sys

    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def show(stage: str) -> None:
            if stage:
                progress.update(task, description=stage)
            else:
                progress.stop()

        yield show
