"""The rows of the report's tables, as text ready to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.cautions import at_edge
from engine.events import BY_CODE, sentence
from engine.report.text import (
    NONE,
    count,
    day,
    decimals_of,
    minute,
    money,
    multiple,
    number,
    percent,
    plain,
    price,
    reason,
    span,
)

if TYPE_CHECKING:
    from data.instruments import Instrument
    from dsl.plan import Plan
    from engine.metrics import Drawdown, Group, Metrics, Performance
    from engine.result import BacktestResult, Trade


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure at the top of the page. `tone`: gain, loss or empty."""

    label: str
    value: str
    note: str
    tone: str = ""


def _tone(value: float | None) -> str:
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
        Fact("Return", percent(own.return_percent, signed=True), gain + yearly, _tone(own.return_percent)),
        Fact(
            "Benchmark",
            percent(held.performance.return_percent if held else 0.0, signed=True),
            held.title if held else "doing nothing",
            _tone(held.performance.return_percent) if held else "",
        ),
        Fact("Worst drawdown", percent(own.drawdown.depth_percent), depth),
        Fact("Sharpe ratio", number(own.sharpe), sharpe),
        Fact("Closed positions", f"{trades.positions:,}", won),
        Fact(
            "Expectancy",
            multiple(trades.expectancy_r) if in_r else money(trades.expectancy, currency, signed=True),
            average if in_r else "a position" if trades.positions else "no position was closed",
            _tone(trades.expectancy),
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


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A line of a breakdown. `bar` is the net result as a share (-1 … 1) of the largest in the table."""

    name: str
    positions: str
    won: str
    factor: str
    in_r: str
    net: str
    tone: str
    bar: float


def group_rows(groups: Sequence[Group], name: Callable[[str], str] = str) -> list[GroupRow]:
    most = max((abs(group.figures.net) for group in groups), default=0.0) or 1.0
    return [
        GroupRow(
            name(group.name),
            f"{group.figures.positions:,}",
            percent(group.figures.hit_rate_percent, 0),
            number(group.figures.profit_factor),
            multiple(group.figures.expectancy_r),
            number(group.figures.net, signed=True),
            _tone(group.figures.net),
            group.figures.net / most,
        )
        for group in groups
    ]


@dataclass(frozen=True, slots=True)
class TradeRow:
    number: int
    charted: bool
    entry_time: str
    exit_time: str
    symbol: str
    side: str
    rule: str
    entry: str
    exit: str
    stop: str
    target: str
    reason: str
    lots: str
    net: str
    in_r: str
    tone: str
    bars: str
    ambiguous: bool


def trade_row(at: int, trade: Trade, charted: bool, instruments: Mapping[str, Instrument]) -> TradeRow:
    instrument = instruments.get(trade.symbol)
    digits = instrument.digits if instrument else decimals_of(trade.entry_price)
    return TradeRow(
        number=at,
        charted=charted,
        entry_time=minute(trade.entry_time),
        exit_time=minute(trade.exit_time),
        symbol=trade.symbol,
        side=trade.side,
        rule=trade.rule,
        entry=price(trade.entry_price, digits),
        exit=price(trade.exit_price, digits),
        stop="none" if trade.stop is None else price(trade.stop, digits),
        target=price(trade.target, digits),
        reason=reason(trade.exit_reason),
        lots=plain(trade.lots),
        net=number(trade.net, 2, signed=True),
        in_r=number(trade.r, 2, signed=True),
        tone=_tone(trade.net),
        bars=f"{trade.bars_held:,}",
        ambiguous=trade.ambiguous,
    )


@dataclass(frozen=True, slots=True)
class DeclinedRow:
    """Something wanted and not done: how often, and the last time in words."""

    times: str
    last: str
    symbol: str
    sentence: str


def declined_rows(result: BacktestResult) -> list[DeclinedRow]:
    """Most frequent first. Codes without an event of their own are in the counts only."""
    last = {event.code: event for event in result.events if event.code in BY_CODE and BY_CODE[event.code].declined}
    often = sorted(last, key=lambda code: (-result.counts.get(code, 1), code))
    return [
        DeclinedRow(f"{result.counts.get(code, 1):,}", minute(last[code].time), last[code].symbol, sentence(last[code]))
        for code in often
    ]


@dataclass(frozen=True, slots=True)
class CostRow:
    label: str
    amount: str
    share: str
    each: str
    how: str


def cost_rows(metrics: Metrics, result: BacktestResult) -> list[CostRow]:
    account, costs = result.account, metrics.costs
    currency, cash = account.currency, account.cash
    positions = metrics.trades.positions + metrics.open_at_end.positions
    stated = any(used.spread_stated for used in result.data)
    kind, _, size = account.slippage.partition(":")
    slips = f"{size} {kind}" if kind == "points" else f"{size} of the true range" if kind == "atr" else kind
    items = [
        ("Spread", costs.spread, "stated by the user" if stated else "from the data, inside the fill prices"),
        ("Commission", costs.commission, f"{money(account.commission_per_lot, currency)} per lot and side"),
        ("Slippage", costs.slippage, f"{slips}, inside the fill prices" if slips != "none" else "none"),
        ("Swap", -costs.swap, "overnight interest; negative is earned" if account.swap else "switched off"),
        ("Total", costs.total, ""),
    ]
    return [
        CostRow(
            label,
            money(value, currency),
            NONE if value is None else percent(100 * value / cash, 2),
            NONE if value is None or not positions else money(value / positions, currency),
            how,
        )
        for label, value, how in items
    ]


@dataclass(frozen=True, slots=True)
class SettingRow:
    """`place` is where the value lies in its range, 0 … 1; None for a fixed setting."""

    name: str
    value: str
    default: str
    range: str
    place: float | None
    edge: str


def setting_rows(plan: Plan, settings: Mapping[str, float]) -> list[SettingRow]:
    rows = []
    for space in plan.params:
        value = settings.get(space.name, space.default)
        unit = "" if space.unit is None else f"\u00a0{space.unit}"
        bounded = space.low is not None and space.high is not None
        reach, place = "fixed", None
        if space.low is not None and space.high is not None:
            step = f", step {plain(space.step)}" if space.step is not None else ""
            reach = f"{plain(space.low)} to {plain(space.high)}{unit}{step}"
            place = (
                min(1.0, max(0.0, (value - space.low) / (space.high - space.low))) if space.high > space.low else None
            )
        rows.append(
            SettingRow(
                space.name,
                plain(value) + unit,
                plain(space.default) + unit,
                reach,
                place if bounded else None,
                at_edge(space, value),
            )
        )
    return rows
