"""Codes RW6xx: conditions that cannot be true, and those that cannot be false."""

from __future__ import annotations

from dsl.codes.samples import strategy
from dsl.diagnostics import Code, Severity

LOGIC = (
    Code(
        "RW601",
        Severity.ERROR,
        "Never true",
        "A rule that waits for the impossible never acts, and its backtest looks like patience.",
        strategy(when="rsi(14) < 30 and rsi(14) > 70"),
        strategy(when="rsi(14) < 30 or rsi(14) > 70"),
    ),
    Code(
        "RW602",
        Severity.WARNING,
        "Always true",
        "A condition that is always true filters nothing; you may believe in a filter that is not there.",
        strategy(when="close > sma(close, 50) and rsi(14) >= 0"),
        strategy(when="close > sma(close, 50) and rsi(14) >= 50"),
    ),
    Code(
        "RW603",
        Severity.ERROR,
        "Division by zero",
        "The result is never known, so no rule that needs it ever acts.",
        strategy(when="(close - open) / 0 > atr(14)"),
        strategy(when="(close - open) / 2 > atr(14)"),
    ),
)
