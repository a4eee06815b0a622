"""The figures of the report, as text ready to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.report.text import NONE, count, day, money, multiple, number, percent, span

if TYPE_CHECKING:
    from engine.metrics import Drawdown, Metrics, Performance
    from engine.result import BacktestResult


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure at the top of the page. `tone`: gain, loss or empty."""

    label: str
    value: str
    note: str
    tone: str = ""


def tone(value: float | None) -> str:
    """The CSS class of a result: gain, loss or none."""
    return "" if not value else "gain" if value > 0 else "loss"


def facts(metrics: Metrics, result: BacktestResult) -> list[Fact]:
    own, trades, currency = metrics.strategy, metrics.trades, result.account.currency
    gain = money(own.final - result.account.cash, currency, signed=True)
    yearly = f", {percent(own.cagr_percent, signed=True)} a year" if own.cagr_percent is not None else ""
    held = metrics.benchmark
    luck = metrics.bootstrap
    depth = "from high to low"
    sharpe = metrics.undefined.get("sharpe", "a year, riskless rate 0")
    if luck:
        low, high = luck.max_drawdown_percent.low, luck.max_drawdown_percent.high
        depth = f"by luck {percent(low, 0)} to {percent(high, 0)}"
        if own.sharpe is not None:
            sharpe = f"by luck {number(luck.sharpe.low)} to {number(luck.sharpe.high)}"
    won = f"{percent(trades.hit_rate_percent, 0)} won" if trades.positions else "none closed"
    if metrics.open_at_end.positions:
        won += f", {metrics.open_at_end.positions:,} open at the end"
    average = f"{money(trades.expectancy, currency, signed=True)} a position" if trades.positions else NONE
    in_r = trades.expectancy_r is not None
    costs = metrics.costs.total
    share = percent(100 * costs / result.account.cash) + " of the starting cash" if costs is not None else ""
    return [
        Fact("Return", percent(own.return_percent, signed=True), gain + yearly, tone(own.return_percent)),
        Fact(
            "Benchmark",
            percent(held.performance.return_percent if held else 0.0, signed=True),
            held.title if held else "doing nothing",
            tone(held.performance.return_percent) if held else "",
        ),
        Fact("Worst drawdown", percent(own.drawdown.depth_percent), depth),
        Fact("Sharpe ratio", number(own.sharpe), sharpe),
        Fact("Closed positions", f"{trades.positions:,}", won),
        Fact(
            "Expectancy",
            multiple(trades.expectancy_r) if in_r else money(trades.expectancy, currency, signed=True),
            average if in_r else "a position" if trades.positions else "no position was closed",
            tone(trades.expectancy),
        ),
        Fact("Profit factor", number(trades.profit_factor), metrics.undefined.get("profit_factor", "won / lost money")),
        Fact("Costs", money(costs, currency), share or "the spread is not known"),
    ]


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of the strategy beside the benchmark and the idle account."""

    label: str
    strategy: str
    benchmark: str | None
    cash: str


def compared(metrics: Metrics, result: BacktestResult) -> list[Compared]:
    currency = result.account.currency
    luck = metrics.bootstrap
    rows: list[tuple[str, Callable[[Performance], str]]] = [
        (f"At the end, {currency}", lambda p: number(p.final)),
        ("Return", lambda p: percent(p.return_percent, 2, signed=True)),
        ("Return a year (CAGR)", lambda p: percent(p.cagr_percent, 2, signed=True)),
        ("Volatility a year", lambda p: percent(p.volatility_percent, 2)),
        ("Sharpe ratio", lambda p: number(p.sharpe)),
        ("Sortino ratio", lambda p: number(p.sortino)),
        ("Calmar ratio", lambda p: number(p.calmar)),
        ("Worst drawdown", lambda p: percent(p.drawdown.depth_percent, 2)),
        ("… began", lambda p: NONE if p.drawdown.start is None else day(p.drawdown.start)),
        ("… was deepest", lambda p: NONE if p.drawdown.bottom is None else day(p.drawdown.bottom)),
        ("… was made good", lambda p: _recovered(p.drawdown)),
        ("… lasted", lambda p: span(p.drawdown.days) if p.drawdown.bars else NONE),
        ("… in bars", lambda p: f"{p.drawdown.bars:,}" if p.drawdown.bars else NONE),
        ("Longest time below a high", lambda p: span(p.drawdown.longest_days) if p.drawdown.longest_days else NONE),
    ]
    held = metrics.benchmark.performance if metrics.benchmark else None
    out = [Compared(label, f(metrics.strategy), f(held) if held else None, f(metrics.cash)) for label, f in rows]
    if luck:
        blank = None if held is None else ""
        level = f"{luck.level_percent:g} %"
        out.insert(
            5,
            Compared(f"… {level} interval", f"{number(luck.sharpe.low)} to {number(luck.sharpe.high)}", blank, ""),
        )
        at = next(i for i, row in enumerate(out) if row.label == "Worst drawdown") + 1
        low, high = luck.max_drawdown_percent.low, luck.max_drawdown_percent.high
        out.insert(at, Compared(f"… {level} interval", f"{percent(low)} to {percent(high)}", blank, ""))
    return out


def _recovered(fall: Drawdown) -> str:
    if fall.start is None:
        return NONE
    return "not by the end" if fall.recovered is None else day(fall.recovered)


def trade_figures(metrics: Metrics, result: BacktestResult) -> list[tuple[str, str]]:
    t, currency = metrics.trades, result.account.currency
    exposure, turnover = metrics.exposure, metrics.turnover
    rows = [
        ("Closed positions", f"{t.positions:,}"),
        ("Won / lost", f"{t.wins:,} / {t.losses:,}"),
        ("Hit rate", percent(t.hit_rate_percent)),
        ("Profit factor", number(t.profit_factor)),
        ("Expectancy", money(t.expectancy, currency, signed=True)),
        ("Expectancy in R", multiple(t.expectancy_r)),
        ("Average win", money(t.average_win, currency, signed=True)),
        ("Average loss", money(t.average_loss, currency, signed=True)),
        ("Best", money(t.best, currency, signed=True)),
        ("Worst", money(t.worst, currency, signed=True)),
        ("Longest losing run", count(t.longest_losing_run, "position")),
        ("Average time held", NONE if t.average_bars_held is None else f"{number(t.average_bars_held, 1)} bars"),
        ("Time in the market", percent(exposure.time_in_market_percent)),
        ("Exposure, mean", _times(exposure.mean)),
        ("Exposure, most", _times(exposure.most)),
        ("Bought and sold", money(turnover.traded, currency)),
        ("Turnover a year", _times(turnover.times_a_year, 0)),
        ("Ambiguous", percent(metrics.ambiguous_percent)),
    ]
    if metrics.open_at_end.positions:
        opened = metrics.open_at_end
        rows.append(("Open at the end", f"{opened.positions:,} ({money(opened.net, currency, signed=True)})"))
    return rows


_NAMES = {
    "cagr_percent": "return a year",
    "volatility_percent": "volatility",
    "sharpe": "Sharpe ratio",
    "sortino": "Sortino ratio",
    "calmar": "Calmar ratio",
    "bootstrap": "intervals",
    "hit_rate_percent": "hit rate",
    "profit_factor": "profit factor",
    "expectancy_r": "expectancy in R",
    "average_win": "average win",
    "average_loss": "average loss",
    "average_bars_held": "average time held",
    "turnover_times_a_year": "turnover a year",
}


def missing(undefined: Mapping[str, str]) -> list[str]:
    """Sentences that say which figures do not exist and why, one for each reason."""
    reasons: dict[str, list[str]] = {}
    for name, why in undefined.items():
        reasons.setdefault(why, []).append(_NAMES.get(name, name))
    sentences = []
    for why, names in reasons.items():
        listed = ", ".join(names)
        sentences.append(f"{listed[:1].upper()}{listed[1:]}: {why.rstrip('.')}.")
    return sentences


def _times(value: float | None, digits: int = 2) -> str:
    return NONE if value is None else f"{number(value, digits)} × equity"
