"""The rows of the report's tables, as text ready to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.cautions import at_edge
from engine.events import BY_CODE, sentence
from engine.report.figures import tone
from engine.report.text import (
    NONE,
    decimals_of,
    minute,
    money,
    multiple,
    number,
    percent,
    plain,
    price,
    reason,
)

if TYPE_CHECKING:
    from data.instruments import Instrument
    from dsl.plan import Plan
    from engine.metrics import Group, Metrics
    from engine.result import BacktestResult, Trade


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
            tone(group.figures.net),
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
        tone=tone(trade.net),
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
        (
            "Spread",
            costs.spread,
            "an assumption, inside the fill prices" if stated else "from the data, inside the fill prices",
        ),
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
