"""`rulewright demo`: what `make demo` runs."""

from __future__ import annotations

from pathlib import Path

from rulewright.commands.backtest import Request
from rulewright.commands.backtest import run as run_backtest
from rulewright.console import bold, out
from rulewright.files import make_folder
from rulewright.prices import PriceSource

STRATEGY = Path(__file__).parent.parent.parent / "rules" / "rsi2_mean_reversion.rules"


def run(html: Path) -> int:
    """Backtest the RSI(2) mean reversion on the S&P 500 from 1999 to 2018 and write its report to `html`."""
    from rulewright.commands.explain import english_of

    strategy = STRATEGY.relative_to(Path.cwd()) if STRATEGY.is_relative_to(Path.cwd()) else STRATEGY
    make_folder(html.parent)
    out(bold("The strategy, as Rulewright reads it\n"))
    out(english_of(strategy))
    out(bold("\nThe backtest, on real prices\n"))
    source = PriceSource(paths=("samples/us500_d1.csv",))
    return run_backtest(Request(files=[strategy], source=source, html=html))
