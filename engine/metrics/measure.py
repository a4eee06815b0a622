"""All figures of a backtest in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.metrics.benchmarks import BUY_AND_HOLD_COSTS, NoBenchmarkError, buy_and_hold
from engine.metrics.bootstrap import DEFAULT_SEED, FEWEST_DAYS, Bootstrap, bootstrap
from engine.metrics.costs import Costs, Turnover, costs_of, turnover_of
from engine.metrics.days import YEAR, TradingDays, days_per_year, trading_days
from engine.metrics.performance import Drawdown, Performance, performance, returns_of
from engine.metrics.positions import (
    Group,
    TradeFigures,
    by_hour,
    by_side,
    by_weekday,
    figures_of,
    grouped,
    positions_of,
)

if TYPE_CHECKING:
    from data.market import Market
    from dsl.plan import Plan
    from engine.result import BacktestResult

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much was at stake. `mean` and `most` are notional as a multiple of equity."""

    time_in_market_percent: float | None
    """Share of bars at whose close a position was open."""
    mean: float | None
    most: float | None


@dataclass(frozen=True, eq=False)
class Benchmark:
    """What the strategy is measured against; `equity` follows the result's curve."""

    name: str
    title: str
    note: str
    performance: Performance
    equity: Floats


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of trading days, as returns in per cent."""

    year: int
    month: int
    return_percent: float | None
    benchmark_percent: float | None


@dataclass(frozen=True, eq=False)
class Metrics:
    """Every figure of a run. Undefined figures are None and `undefined` says why, by name."""

    years: float
    trading_days: int
    days_per_year: int
    """Daily returns in a year, used to annualise."""
    strategy: Performance
    cash: Performance
    """The do-nothing benchmark: the starting cash, without interest."""
    benchmark: Benchmark | None
    bootstrap: Bootstrap | None
    trades: TradeFigures
    """Closed positions only."""
    open_at_end: TradeFigures
    """Positions that the end of the data closed."""
    ambiguous_percent: float | None
    """Share of all positions with a bar on which the order of stop and target cannot be known."""
    exposure: Exposure
    turnover: Turnover
    costs: Costs
    by_rule: tuple[Group, ...]
    by_symbol: tuple[Group, ...]
    by_side: tuple[Group, ...]
    by_hour: tuple[Group, ...]
    by_weekday: tuple[Group, ...]
    by_exit: tuple[Group, ...]
    """By the reason of each position's last exit."""
    months: tuple[Month, ...]
    r_values: Floats
    """Result of each closed position in R, in the order of the exits; without those with no stop."""
    days: TradingDays
    undefined: Mapping[str, str]


def measure(result: BacktestResult, plan: Plan, market: Market, *, seed: int = DEFAULT_SEED) -> Metrics:
    """Compute every figure of `result`.

    `market`: what the run was made from, for the spread paid and the benchmark; figures that need
    what it lacks are None. `seed` fixes the resampling. Same input, same output.
    """
    curve, trades = result.curve, result.trades
    cash = result.account.cash
    span = int(curve.time[-1]) - result.start if len(curve.time) else 0
    days = trading_days(curve.time, result.account.day_start)
    per_year = days_per_year(days)
    strategy = performance(curve.time, curve.equity, days.last, cash, result.start, per_year)
    idle = Performance(
        cash, 0.0, 0.0 if strategy.cagr_percent is not None else None, 0.0, None, None, None, Drawdown(0.0)
    )
    benchmark, missing = _benchmark(result, plan, market, days, per_year)
    returns = returns_of(curve.equity[days.last], cash)
    luck = bootstrap(returns, per_year, seed)
    positions = positions_of(trades)
    closed = positions.select(~positions.open_at_end)
    figures = figures_of(closed)
    mean_equity = float(curve.equity.mean()) if len(curve.equity) else cash
    turnover = turnover_of(trades, mean_equity, span / YEAR)
    costs = costs_of(trades, plan.trade.timeframe, market)
    exposure = _exposure(curve.exposure)
    ruined = bool(len(curve.equity)) and float(curve.equity.min()) <= 0
    undefined = _reasons(strategy, figures, luck, costs, turnover, len(returns), ruined)
    if missing:
        undefined["benchmark"] = missing
    r_values = closed.r
    return Metrics(
        years=span / YEAR,
        trading_days=len(days),
        days_per_year=per_year,
        strategy=strategy,
        cash=idle,
        benchmark=benchmark,
        bootstrap=luck,
        trades=figures,
        open_at_end=figures_of(positions.select(positions.open_at_end)),
        ambiguous_percent=100 * float(positions.ambiguous.mean()) if len(positions) else None,
        exposure=exposure,
        turnover=turnover,
        costs=costs,
        by_rule=grouped(closed, closed.rule, trades.rules),
        by_symbol=grouped(closed, closed.symbol, trades.symbols),
        by_side=by_side(closed),
        by_hour=by_hour(closed),
        by_weekday=by_weekday(closed, result.account.day_start, days.rests),
        by_exit=grouped(closed, closed.exit_reason, trades.reasons),
        months=_months(days, curve.equity, benchmark, cash),
        r_values=r_values[~np.isnan(r_values)],
        days=days,
        undefined=undefined,
    )


def _benchmark(
    result: BacktestResult, plan: Plan, market: Market, days: TradingDays, per_year: int
) -> tuple[Benchmark | None, str]:
    """The benchmark that the strategy names, or why there is none."""
    name = plan.edge.benchmark
    if name in (None, "none"):
        return None, "the strategy names none besides doing nothing"
    if name != "buy_and_hold":
        return None, f"a benchmark called {name} is not known"
    account, curve, symbols = result.account, result.curve, plan.trade.symbols
    try:
        equity = buy_and_hold(
            curve.time, result.start, account.cash, account.currency, symbols, plan.trade.timeframe, market
        )
    except NoBenchmarkError as error:
        return None, str(error)
    return Benchmark(
        name,
        f"buying and holding {_listed(symbols)}",
        BUY_AND_HOLD_COSTS,
        performance(curve.time, equity, days.last, account.cash, result.start, per_year),
        equity,
    ), ""


def _listed(symbols: tuple[str, ...]) -> str:
    if len(symbols) > 4:
        return f"all {len(symbols)} symbols"
    return symbols[0] if len(symbols) == 1 else ", ".join(symbols[:-1]) + " and " + symbols[-1]


def _exposure(values: Floats) -> Exposure:
    if len(values) == 0:
        return Exposure(None, None, None)
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return Exposure(None, None, None)
    return Exposure(100 * float(np.mean(values != 0)), float(known.mean()), float(known.max()))


def _months(days: TradingDays, equity: Floats, benchmark: Benchmark | None, cash: float) -> tuple[Month, ...]:
    if len(days) == 0:
        return ()
    months = days.label.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    ends = np.flatnonzero(np.diff(months, append=months[-1] + 1))
    own = _steps(equity[days.last[ends]], cash)
    other = _steps(benchmark.equity[days.last[ends]], cash) if benchmark else [None] * len(ends)
    return tuple(
        Month(1970 + month // 12, month % 12 + 1, mine, theirs)
        for month, mine, theirs in zip(months[ends].tolist(), own, other, strict=True)
    )


def _steps(levels: Floats, start: float) -> list[float | None]:
    before = [start, *levels.tolist()[:-1]]
    return [100 * (now / was - 1) if was > 0 else None for was, now in zip(before, levels.tolist(), strict=True)]


def _reasons(
    strategy: Performance,
    figures: TradeFigures,
    luck: Bootstrap | None,
    costs: Costs,
    turnover: Turnover,
    returns: int,
    ruined: bool,
) -> dict[str, str]:
    """Why each undefined figure is undefined, in words for a trader."""
    out: dict[str, str] = {}

    def note(name: str, value: object, why: str) -> None:
        if value is None:
            out[name] = why

    used_up = "the account was used up"
    few = used_up if ruined else "there are fewer than two trading days"
    still = used_up if ruined else few if returns < 2 else "the account's value never moved from day to day"
    note("cagr_percent", strategy.cagr_percent, "the run is shorter than 90 days")
    note("volatility_percent", strategy.volatility_percent, few)
    note("sharpe", strategy.sharpe, still)
    note("sortino", strategy.sortino, "no day lost money" if returns >= 2 and not ruined else few)
    level = strategy.drawdown.depth_percent == 0
    note("calmar", strategy.calmar, "there was no drawdown" if level else "the run is shorter than 90 days")
    note("bootstrap", luck, used_up if ruined else f"they need {FEWEST_DAYS} trading days and an account that moves")
    if turnover.traded is not None:
        note("turnover_times_a_year", turnover.times_a_year, used_up if ruined else "the run has no length")
    none = "no position was closed"
    for name in ("hit_rate_percent", "expectancy", "average_bars_held", "best", "worst"):
        note(name, getattr(figures, name), none)
    note("profit_factor", figures.profit_factor, "no position lost money" if figures.positions else none)
    note("average_win", figures.average_win, "no position won" if figures.positions else none)
    note("average_loss", figures.average_loss, "no position lost money" if figures.positions else none)
    note("expectancy_r", figures.expectancy_r, "no closed position had a stop" if figures.positions else none)
    note("spread", costs.spread, "the bars' spreads are not at hand")
    note("turnover", turnover.traded, "the value of a lot cannot be told from the trades")
    return out
