"""One backtest: Plan × market × account → result. The wiring of evaluate, simulate and the account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from engine.compiled import all_compiled
from engine.errors import EngineError
from engine.evaluate import evaluate, resolve_settings
from engine.evaluate.cache import ColumnCache
from engine.result import Account, BacktestResult, DataUsed
from engine.simulate import Simulation, Stepper, prepare

if TYPE_CHECKING:
    from data.market import Market
    from dsl.plan import Plan

Settings = Mapping[str, float | str]


class Runner:
    """A Plan on a market, prepared once to be run with one or many settings.

    `start` and `end` (UTC nanoseconds, end not included) bound the decisions; bars before `start`
    serve as history. Raises `EngineError` (RW8xx), or what the data layer refuses.
    """

    def __init__(
        self,
        plan: Plan,
        market: Market,
        account: Account | None = None,
        *,
        start: int | None = None,
        end: int | None = None,
    ) -> None:
        self.plan = plan
        self.market = market
        self.account = account or Account()
        symbols = plan.trade.symbols
        timeframe = plan.trade.timeframe
        bars = {symbol: market.bars(symbol, timeframe) for symbol in symbols}
        for symbol, column in bars.items():
            opened = column.ts_open
            first = 0 if start is None else int(opened.searchsorted(start))
            if first >= (len(opened) if end is None else int(opened.searchsorted(end))):
                raise EngineError(
                    "RW806",
                    f"{symbol} {timeframe} has no bars in the time asked for.",
                    f"There are bars from {_day(opened[0])} to {_day(opened[-1])}.",
                )
        instruments = {symbol: market.instrument(symbol) for symbol in symbols}
        finer = {symbol: market.finer(symbol, timeframe) for symbol in symbols}
        self._prepared = prepare(
            plan,
            bars,
            instruments,
            {
                symbol: market.rate(instruments[symbol].quote_currency, self.account.currency, column.ts_close)
                for symbol, column in bars.items()
            },
            self.account,
            fine={symbol: fine for symbol, fine in finer.items() if fine is not None},
            start=start,
            end=end,
        )

    def run(self, settings: Settings | None = None, cache: ColumnCache | None = None) -> Simulation:
        """Evaluate and trade once."""
        values = resolve_settings(self.plan, settings or {})
        return self._prepared.run(evaluate(self.plan, self.market, values, cache=cache), values)

    def step_by_step(self, settings: Settings | None = None) -> Stepper:
        """The same run, one closing time after the other, with what was decided at each."""
        values = resolve_settings(self.plan, settings or {})
        return self._prepared.step_by_step(evaluate(self.plan, self.market, values), values)

    def sweep(self, settings: Iterable[Settings]) -> Iterator[Simulation]:
        """Evaluate and trade once for each of `settings`, sharing the columns they have in common."""
        cache = ColumnCache()
        for values in settings:
            yield self.run(values, cache)


def backtest(
    plan: Plan,
    market: Market,
    account: Account | None = None,
    settings: Settings | None = None,
    *,
    start: int | None = None,
    end: int | None = None,
    progress: Callable[[str], None] = lambda stage: None,
) -> BacktestResult:
    """Trade `plan` on the bars of `market` with `settings`; `progress` is told the stage.

    The result carries everything a report needs. Raises as `Runner` does.
    """
    progress("preparing")
    runner = Runner(plan, market, account, start=start, end=end)
    progress("evaluating and trading")
    simulation = runner.run(settings)
    curve = simulation.curve
    return BacktestResult(
        plan_sha256=plan.sha256,
        strategy=plan.name,
        version=plan.version,
        settings=resolve_settings(plan, settings or {}),
        account=runner.account,
        data=data_used(plan, market),
        start=simulation.start,
        end=int(curve.time[-1]),
        curve=curve,
        trades=simulation.trades,
        events=simulation.events,
        counts=simulation.counts,
        compiled=all_compiled(),
    )


def data_used(plan: Plan, market: Market) -> tuple[DataUsed, ...]:
    """The given bars of every symbol that the Plan trades or reads, with their hashes."""
    symbols = {market.instrument(symbol).symbol for symbol in plan.trade.symbols}
    symbols |= {market.instrument(series.symbol).symbol for series in plan.series if series.symbol != "self"}
    return tuple(
        DataUsed(
            bars.symbol,
            bars.timeframe,
            bars.source,
            bars.sha256,
            len(bars),
            int(bars.ts_open[0]),
            int(bars.ts_close[-1]),
            bars.synthetic,
            bars.spread_stated,
        )
        for bars in market.given
        if bars.symbol in symbols
    )


def _day(time: int) -> str:
    import numpy as np

    return str(np.datetime64(int(time), "ns").astype("datetime64[D]"))
