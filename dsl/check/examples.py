"""`example` blocks: whether what they promise can be asked of this strategy at all."""

from __future__ import annotations

from dsl import syntax
from dsl.check import clocks
from dsl.check.context import Context
from dsl.check.graph import Numbering
from dsl.plan import Universe
from dsl.suggest import nearest


def check(c: Context, e: syntax.Example, trade: Universe, rules: dict[str, tuple[str, str | None]]) -> None:
    """`rules`: name of a rule → its sort (enter, add, exit) and side."""
    for g in e.given:
        _given(c, g)
    for x in e.expect:
        _expect(c, x, trade, rules)


def _given(c: Context, g: syntax.Given) -> None:
    if not g.source.strip():
        c.say(
            "RW553", g.span, "The example does not say where its prices are.", 'Write `from "samples/eurusd_h1.csv"`.'
        )


def _expect(
    c: Context,
    x: syntax.Expect,
    trade: Universe,
    rules: dict[str, tuple[str, str | None]],
) -> None:
    clocks.zone(c, x.zone, x.span, x.time)
    if x.symbol is not None and x.symbol not in trade.symbols:
        c.say(
            "RW551",
            x.span,
            f"`{x.symbol}` is not traded by this strategy.",
            f"Write {' or '.join(trade.symbols)}.",
        )
    if x.rule is None or c.partial:
        return
    known = rules.get(x.rule)
    if known is None:
        guess = nearest(x.rule, rules)
        c.say(
            "RW554",
            x.span,
            f"No rule is called `{x.rule}`.",
            f"Did you mean `{guess}`?" if guess else "Use the name of a rule of this file.",
        )
    elif x.what in ("long", "short") and (known[0] not in ("enter", "add") or known[1] != x.what):
        c.say(
            "RW554",
            x.span,
            f"`{x.rule}` is {_rule_words(*known)}; it cannot give a {x.what} entry.",
            f"Write `expect {known[1] or 'exit'} called {x.rule}`." if known[0] != "exit" else "Write `expect exit`.",
        )


def _rule_words(sort: str, side: str | None) -> str:
    return {"enter": f"a {side} entry", "add": f"an addition to a {side} position", "exit": "an exit"}[sort]


def sources(c: Context, e: syntax.Example, trade: Universe, numbering: Numbering) -> None:
    """Whether the bars an example gives are bars this strategy reads."""
    needed = {(s.symbol, s.timeframe) for s in numbering.series()}
    needed |= {(symbol, t) for s, t in needed if s == "self" for symbol in trade.symbols}
    for g in e.given:
        if (g.symbol, g.timeframe) not in needed:
            traded = f"{trade.symbols[0]} {trade.timeframe}"
            c.say(
                "RW551",
                g.span,
                f"The strategy reads no {g.timeframe} bars of {g.symbol}.",
                f'Give the bars it trades on: `given {traded} from "…"`.',
            )
