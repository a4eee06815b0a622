"""Short whole strategies for the catalogue, so that a sample shows only what it is about."""

from __future__ import annotations

EDGE = """edge
  exploits "Trends last longer than most people hold on."
  fails    "Sideways months."
"""


def strategy(
    *,
    before: str = "",
    after: str = "",
    trade: str = "trade EURUSD on H1",
    enter: str = "enter long",
    when: str = "close > sma(close, 50)",
    unless: str = "",
    order: str = "",
    size: str = "risk 1% of equity",
    stop: str = "stop 2 * atr(14)",
    target: str = "",
    more: str = "",
    header: str = 'strategy "Sample" version 1',
    edge: str = EDGE,
) -> str:
    """A whole file. `before` stands above the entry, `after` below; empty clauses are left out."""
    clauses = [f"when {when}" if when else "", f"unless {unless}" if unless else "", order, size, stop, target, more]
    entry = "\n  ".join([enter, *(clause for clause in clauses if clause)]) if enter else ""
    parts = [f"{header}\n{trade}".strip(), edge.strip(), before.strip(), entry, after.strip()]
    return "\n\n".join(part for part in parts if part) + "\n"


SHORT = """enter short
  when close < sma(close, 50)
  risk 1% of equity
  stop 2 * atr(14)"""

EXAMPLE = """example "buys in March"
  given EURUSD H1 from "samples/eurusd_h1.csv"
  expect long {}"""
