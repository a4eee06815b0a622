"""The result in one sentence and a handful of figures, for the end of a run and the top of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.timeframes import DAY
from engine.cautions import FEW_POSITIONS, MODEST_POSITIONS
from engine.report.text import count, day, money, multiple, number, percent, span

if TYPE_CHECKING:
    from engine.metrics import Metrics
    from engine.result import BacktestResult


def verdict(metrics: Metrics, result: BacktestResult) -> str:
    """What happened, against what, at what cost in drawdown, and whether that is enough to go by."""
    made = metrics.strategy.return_percent
    currency = result.account.currency
    first, last = period(metrics, result)
    when = f"From {day(first)} to {day(last)}"
    closed = metrics.trades.positions
    opened = metrics.open_at_end.positions
    if closed + opened == 0:
        return f"{when} the strategy did not trade, so nothing was tested.{_meanwhile(metrics)}"
    gain = money(abs(metrics.strategy.final - result.account.cash), currency)
    what = "came out even" if abs(made) < 0.05 else f"{'made' if made > 0 else 'lost'} {percent(abs(made))} ({gain})"
    fall = metrics.strategy.drawdown
    worst = f" Its worst drawdown was {percent(fall.depth_percent)}"
    if fall.depth_percent > 0:
        worst += f" and {_recovery(fall.recovered, fall.days)}"
    return f"{when} the strategy {what}{_against(metrics)}.{worst}. {_enough(metrics)}"


def period(metrics: Metrics, result: BacktestResult) -> tuple[int, int]:
    """First and last trading day of the run, as midnights; they are not always the UTC dates."""
    labels = metrics.days.label
    if len(labels) == 0:
        return result.start, result.end
    return int(labels[0]) * DAY, min(int(labels[-1]) * DAY, result.end)


def _recovery(recovered: int | None, days: float) -> str:
    if recovered is None:
        return f"had not recovered after {span(days)}, when the data ended"
    return f"took {span(days)} from high to new high"


def _against(metrics: Metrics) -> str:
    benchmark = metrics.benchmark
    if benchmark is None:
        return ", against 0 % for doing nothing"
    return f", against {percent(benchmark.performance.return_percent, signed=True)} for {benchmark.title}"


def _meanwhile(metrics: Metrics) -> str:
    benchmark = metrics.benchmark
    if benchmark is None:
        return ""
    held = benchmark.performance.return_percent
    title = benchmark.title[:1].upper() + benchmark.title[1:]
    return f" {title} would have {'made' if held >= 0 else 'lost'} {percent(abs(held))}."


def _enough(metrics: Metrics) -> str:
    closed = metrics.trades.positions
    if closed == 0:
        return "It closed no position by its own rules, so there is nothing to judge."
    have = count(closed, "closed position")
    if closed < FEW_POSITIONS:
        return f"{have} {'is' if closed == 1 else 'are'} too few to tell skill from luck."
    if closed < MODEST_POSITIONS:
        return f"{have} are a modest sample: read the averages with care."
    luck = metrics.bootstrap
    if luck is None:
        return f"{have} are enough to look at averages."
    if luck.sharpe.low > 0:
        return f"{have} are enough to look at averages, and luck alone hardly explains the gain."
    if luck.sharpe.high < 0:
        return f"{have} are enough to look at averages, and bad luck alone hardly explains the loss."
    return f"{have} are enough to look at averages, but the result could still be luck."


def headline(metrics: Metrics, result: BacktestResult) -> list[tuple[str, str]]:
    """Labels and values for the end of a run on a terminal."""
    currency = result.account.currency
    own, trades = metrics.strategy, metrics.trades
    gain = money(own.final - result.account.cash, currency, signed=True)
    rows = [("Return", f"{percent(own.return_percent, signed=True)} ({gain})")]
    if metrics.benchmark:
        held = percent(metrics.benchmark.performance.return_percent, signed=True)
        rows.append(("Benchmark", f"{held}, {metrics.benchmark.title}"))
    else:
        rows.append(("Benchmark", "0 %, doing nothing"))
    if own.cagr_percent is not None:
        rows.append(("A year", percent(own.cagr_percent, signed=True)))
    rows.append(("Worst drawdown", percent(own.drawdown.depth_percent)))
    sharpe = number(own.sharpe)
    if metrics.bootstrap and own.sharpe is not None:
        low, high = metrics.bootstrap.sharpe.low, metrics.bootstrap.sharpe.high
        sharpe += f" ({number(low)} to {number(high)} when its days are redrawn)"
    rows.append(("Sharpe ratio", sharpe))
    positions = f"{trades.positions:,} closed"
    if metrics.open_at_end.positions:
        positions += f", {metrics.open_at_end.positions:,} open at the end"
    rows.append(("Positions", positions))
    if trades.positions:
        rows.append(("Won", percent(trades.hit_rate_percent)))
        rows.append(("Profit factor", number(trades.profit_factor)))
        each = money(trades.expectancy, currency, signed=True)
        rows.append(
            ("Expectancy", f"{each} a position" + (f", {multiple(trades.expectancy_r)}" if trades.expectancy_r else ""))
        )
    cost = metrics.costs.total
    if cost is not None:
        rows.append(("Costs", money(cost, currency)))
    return rows
