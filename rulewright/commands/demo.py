"""`rulewright demo`: what `make demo` runs."""

from __future__ import annotations

from pathlib import Path

from rulewright.commands.backtest import Request
from rulewright.commands.backtest import run as run_backtest
from rulewright.console import bold, out
from rulewright.prices import PriceSource

STRATEGY = Path(__file__).parent.parent.parent / "rules" / "london_breakout.rules"


def run(html: Path) -> int:
    """Backtest the London breakout on EURUSD H1 of 2017 and write its report to `html`."""
    from rulewright.commands.explain import english_of

    html.parent.mkdir(parents=True, exist_ok=True)
    out(bold("The strategy, as Rulewright reads it\n"))
    out(english_of(STRATEGY))
    out(bold("\nThe backtest, on real prices\n"))
    source = PriceSource(paths=("samples/eurusd_h1.csv",))
    return run_backtest(Request(files=[STRATEGY], source=source, html=html))
