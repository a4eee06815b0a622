"""The `example` blocks of a strategy: what its author says it does, held against what it decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from data.clocks import resolve_zone
from data.market import Market
from dsl.syntax import Example, Expect, Given, Strategy
from engine.backtest import Runner
from engine.errors import EngineError

if TYPE_CHECKING:
    from data.bars import Bars
    from dsl.plan import Plan
    from engine.simulate import Intent

_SIDES = {"long", "short"}
_WANTED = {"long": "a long entry", "short": "a short entry", "exit": "an exit", "no_entry": "no entry"}


@dataclass(frozen=True, eq=False)
class Outcome:
    """One expectation and what came of it. `market`, `symbol` and `time` (UTC ns, the opening of the
    bar) allow the trace of a failed one; `happened` says what the strategy decided there."""

    title: str
    expected: str
    passed: bool
    happened: str
    market: Market
    symbol: str
    time: int


def run_examples(plan: Plan, tree: Strategy, load: Callable[[Given], Iterable[Bars]]) -> tuple[Outcome, ...]:
    """Trade the prices each example names and compare decisions at the bars it expects them on.

    A bar is named by its opening time. An entry is expected on the bar at whose close it is decided;
    an exit on the bar at whose close it is decided or in which a stop or target is filled. Raises
    what `load` raises, `EngineError` RW808 for a time that is no bar's.
    """
    outcomes: list[Outcome] = []
    histories: dict[tuple[Given, ...], _History] = {}
    for example in tree.statements:
        if isinstance(example, Example):
            if example.given not in histories:
                histories[example.given] = _History(plan, Market([b for g in example.given for b in load(g)]))
            history = histories[example.given]
            outcomes += [history.outcome(example.title, expect) for expect in example.expect]
    return tuple(outcomes)


class _History:
    """All decisions of a Plan on one market."""

    def __init__(self, plan: Plan, market: Market) -> None:
        self.plan = plan
        self.market = market
        self.decided: dict[tuple[str, int], list[Intent]] = {}
        stepper = Runner(plan, market).step_by_step()
        while (step := stepper.step()) is not None:
            closed, intents = step
            for intent in intents:
                self.decided.setdefault((intent.symbol, closed), []).append(intent)
        self.trades = [trade for trade in stepper.finish().trades.rows() if trade.exit_reason != "end"]

    def outcome(self, title: str, expect: Expect) -> Outcome:
        symbol = expect.symbol or self.plan.trade.symbols[0]
        bars = self.market.bars(symbol, self.plan.trade.timeframe)
        time = _instant(expect)
        bar = int(np.searchsorted(bars.ts_open, time))
        if bar == len(bars) or bars.ts_open[bar] != time:
            raise EngineError(
                "RW808",
                f"The example “{title}” expects something at {expect.time} {expect.zone}, and no {symbol} "
                f"{self.plan.trade.timeframe} bar opens then.",
                _nearest(bars, bar),
            )
        intents = self.decided.get((symbol, int(bars.ts_close[bar])), [])
        entries = [i for i in intents if i.kind in ("enter", "order", "add")]
        wanted = [i for i in entries if expect.rule is None or i.rule == expect.rule]
        if expect.what in _SIDES:
            passed = any(i.side == expect.what for i in wanted)
        elif expect.what == "no_entry":
            passed = not wanted
        else:
            passed = self._left(symbol, expect.rule, intents, int(bars.ts_open[bar]), int(bars.ts_close[bar]))
        called = f" called {expect.rule}" if expect.rule else ""
        expected = f"{_WANTED[expect.what]}{called} of {symbol} at {expect.time} {expect.zone}"
        return Outcome(title, expected, passed, _happened(intents), self.market, symbol, time)

    def _left(self, symbol: str, rule: str | None, intents: Sequence[Intent], opened: int, closed: int) -> bool:
        reason = f"exit:{rule}" if rule else None
        decided = any(i.kind == "close" and reason in (None, i.rule) for i in intents)
        filled = rule is None and any(t.symbol == symbol and opened <= t.exit_time < closed for t in self.trades)
        return decided or filled


def _instant(expect: Expect) -> int:
    """The UTC nanoseconds of a time as it is written, in its zone; a repeated hour is its first."""
    name, offset = resolve_zone(expect.zone or "UTC")
    local = datetime.strptime(expect.time, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(name))
    seconds = int((local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) - offset
    return seconds * 1_000_000_000


def _happened(intents: Sequence[Intent]) -> str:
    said = []
    for intent in intents:
        if intent.kind in ("enter", "order", "add"):
            how = {"enter": "enters", "order": "places an order", "add": "adds"}[intent.kind]
            said.append(f"“{intent.rule}” {how} {intent.side}")
        elif intent.kind == "close":
            said.append(f"the {intent.side} position is closed ({intent.rule})")
    return "; ".join(said) if said else "nothing was decided"


def _nearest(bars: Bars, bar: int) -> str:
    near = [str(np.datetime64(int(bars.ts_open[i]), "ns"))[:16] for i in (bar - 1, bar) if 0 <= i < len(bars)]
    return f"Bars nearby open at {' and '.join(n.replace('T', ' ') for n in near)} UTC." if near else ""
