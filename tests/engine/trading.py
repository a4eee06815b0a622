"""Strategies on a few written-out bars: how the tests of decisions, fills and accounts are written.

The volume of a bar is its signal: a rule `when volume = 1` fires at the close of the bars that say
so. Every run is made four times, jumping and bar by bar, compiled and interpreted, and they must
agree exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np

from data.bars import Bars, make_bars
from data.instruments import Instrument
from data.market import Market
from dsl.compile import compile_text
from dsl.plan import Plan
from engine import kernel as kernels
from engine.columns import Columns
from engine.evaluate import evaluate, resolve_settings
from engine.result import Account, Trade
from engine.simulate import Prepared, Simulation, prepare

MINUTE = 60_000_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONDAY = 1_483_920_000_000_000_000
"""2017-01-09 00:00 UTC; in New York it is Sunday 19:00."""

FREE = Account(cash=10_000.0, swap=False)
"""An account without costs beyond the spread."""

HEAD = """
strategy "Test" version 1
trade {symbols} on {timeframe}

edge
  exploits "Nothing."
  fails    "Always."

"""

Row = Sequence[float]


def bars(
    rows: Iterable[Row],
    symbol: str = "EURUSD",
    timeframe: str = "H1",
    *,
    spread: float = 0.0,
    start: int = MONDAY,
    step: int = HOUR,
    times: Sequence[int] | None = None,
) -> Bars:
    """Bars from rows of (open, high, low, close) or (open, high, low, close, signal)."""
    table = np.array([tuple(row) if len(row) == 5 else (*row, 0) for row in rows], dtype=np.float64)
    opened = start + np.arange(len(table), dtype=np.int64) * step if times is None else np.array(times, dtype=np.int64)
    return make_bars(
        symbol,
        timeframe,
        ts_open=opened,
        ts_close=opened + step,
        open=table[:, 0],
        high=table[:, 1],
        low=table[:, 2],
        close=table[:, 3],
        volume=table[:, 4],
        spread=np.full(len(table), spread),
        source="a test",
    )


def plan_of(rules: str, symbols: str = "EURUSD", timeframe: str = "H1") -> Plan:
    """The Plan of some rules, without their heading."""
    made = compile_text(HEAD.format(symbols=symbols, timeframe=timeframe) + rules)
    assert made.plan is not None, [d.message for d in made.errors]
    return made.plan


@cache
def twin() -> SimpleNamespace:
    """The kernel interpreted from its sources."""
    return kernels.interpreted()


class Run:
    """One prepared run that can be made in several ways."""

    def __init__(
        self,
        plan: Plan,
        given: Sequence[Bars],
        account: Account = FREE,
        *,
        fine: Mapping[str, Bars] | None = None,
        start: int | None = None,
        end: int | None = None,
        settings: Mapping[str, float] | None = None,
        instruments: Mapping[str, Instrument] | None = None,
        columns: Mapping[str, Columns] | None = None,
    ) -> None:
        market = Market(given)
        self.plan = plan
        self.settings = resolve_settings(plan, settings or {})
        self.columns = columns or evaluate(plan, market, self.settings)
        self._bars = {bar.symbol: bar for bar in given if bar.timeframe == plan.trade.timeframe}
        self._instruments = {s: (instruments or {}).get(s, market.instrument(s)) for s in plan.trade.symbols}
        self._rates = {
            s: market.rate(i.quote_currency, account.currency, self._bars[s].ts_close)
            for s, i in self._instruments.items()
        }
        self._account = account
        self._options: dict[str, Any] = {"fine": fine, "start": start, "end": end}

    def prepared(self) -> Prepared:
        return prepare(self.plan, self._bars, self._instruments, self._rates, self._account, **self._options)

    def jumping(self) -> Simulation:
        return self.prepared().run(self.columns, self.settings)

    def stepping(self) -> Simulation:
        stepper = self.prepared().step_by_step(self.columns, self.settings)
        while stepper.step() is not None:
            pass
        return stepper.finish()


def interpreted(make: Any) -> Simulation:
    """What `make` gives when the kernel is interpreted."""
    with patch("engine.program.kernel", twin), patch("engine.simulate.kernel", twin):
        simulation: Simulation = make()
        assert simulation.counts is not None
        return simulation


def same(a: Simulation, b: Simulation) -> None:
    """Trades, events and counts of two runs are equal to the last bit."""
    assert a.counts == b.counts
    for name in a.raw:
        np.testing.assert_array_equal(np.asarray(a.raw[name]), np.asarray(b.raw[name]), err_msg=name)
    assert repr(a.events) == repr(b.events)


def traded(
    rules: str | Plan,
    rows: Iterable[Row] | Sequence[Bars],
    account: Account = FREE,
    *,
    spread: float = 0.0,
    symbols: str = "EURUSD",
    timeframe: str = "H1",
    **options: Any,
) -> Simulation:
    """Trade some rules on some rows, all ways of running agreeing."""
    plan = plan_of(rules, symbols, timeframe) if isinstance(rules, str) else rules
    listed = list(rows)
    given = listed if isinstance(listed[0], Bars) else [bars(listed, symbols, timeframe, spread=spread)]
    run = Run(plan, given, account, **options)
    found = run.jumping()
    same(found, run.stepping())
    same(found, interpreted(run.jumping))
    check_account(found)
    return found


def check_account(found: Simulation) -> None:
    """What is left at the end is what was there and what the trades made; no equity is unknown."""
    rows = list(found.trades.rows())
    expected = found.cash + sum(trade.net for trade in rows)
    assert abs(found.desk.cash - expected) < 1e-6
    assert np.isfinite(found.curve.equity).all()
    assert abs(found.curve.equity[-1] - expected) < 1e-6


def trades(*args: Any, **options: Any) -> list[Trade]:
    """The trades of `traded`."""
    return list(traded(*args, **options).trades.rows())


def codes(found: Simulation) -> list[str]:
    """The codes of the events, in their order."""
    return [event.code for event in found.events]


def quiet(price: float, count: int = 1) -> list[Row]:
    """Bars on which nothing moves."""
    return [(price, price, price, price)] * count
