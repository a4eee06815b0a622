"""A made-up but coherent backtest: seeded prices, trades on them, and the account they give."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

import numpy as np

from data.bars import Bars
from data.market import Market
from dsl.plan import (
    DataNeeds,
    EdgeClaim,
    EnterRule,
    ExitRule,
    OrderPlan,
    ParamSpace,
    Plan,
    PlanNode,
    Series,
    SeriesNeed,
    SizePlan,
    StopPlan,
    TargetPlan,
    Universe,
)
from engine.result import Account, BacktestResult, Curve, DataUsed, Event, Trade, Trades

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONDAY = 1_483_315_200 * SECOND
"""2017-01-02 00:00 UTC."""


def fx_times(count: int, step: int, first: int = MONDAY) -> np.ndarray:
    """Opening times on a grid without the weekend (Friday 22:00 to Sunday 22:00 UTC)."""
    need = int(count * 1.5) + 7 * 24 * HOUR // step
    grid = first + np.arange(need, dtype=np.int64) * step
    hour_of_week = ((grid - MONDAY) // HOUR) % 168
    return grid[(hour_of_week < 118) | (hour_of_week >= 166)][:count]


def bars_from(symbol: str, closes: Sequence[float] | np.ndarray, step: int = HOUR, spread: float = 0.0, **more) -> Bars:
    """Bars that open where the one before closed and go nowhere else."""
    close = np.asarray(closes, dtype=np.float64)
    opened = np.concatenate((close[:1], close[:-1]))
    times = more.pop("times", MONDAY + np.arange(len(close), dtype=np.int64) * step)
    return Bars(
        symbol=symbol,
        timeframe=more.pop("timeframe", "H1"),
        ts_open=times,
        ts_close=times + step,
        open=opened,
        high=more.pop("high", np.maximum(opened, close)),
        low=more.pop("low", np.minimum(opened, close)),
        close=close,
        volume=np.full(len(close), 100.0),
        spread=np.full(len(close), spread),
        source=more.pop("source", "made-up prices"),
        sha256=hashlib.sha256(close.tobytes()).hexdigest(),
        **more,
    )


def random_bars(
    symbol: str = "EURUSD",
    count: int = 6_000,
    seed: int = 7,
    step: int = HOUR,
    price: float = 1.05,
    timeframe: str = "H1",
) -> Bars:
    """A seeded random walk with changing volatility, labelled synthetic."""
    rng = np.random.default_rng(seed)
    scale = 0.0011 * np.sqrt(step / HOUR) * np.exp(0.5 * np.sin(np.arange(count) / 400))
    close = price * np.exp(np.cumsum(rng.normal(0.04 * scale, scale)))
    wick = np.abs(rng.normal(0, 0.6, (2, count))) * scale * close
    opened = np.concatenate(([price], close[:-1]))
    times = fx_times(count, step)
    return bars_from(
        symbol,
        np.round(close, 5),
        step,
        spread=0.00008,
        times=times,
        timeframe=timeframe,
        high=np.round(np.maximum(opened, close) + wick[0], 5),
        low=np.round(np.minimum(opened, close) - wick[1], 5),
        source="seeded generator, 2017",
        synthetic=True,
    )


def trade(**changes) -> Trade:
    """One long EURUSD trade of 1 lot that makes 100 USD from a risk of 50."""
    base = Trade(
        position=1,
        symbol="EURUSD",
        side="long",
        rule="dip",
        entry_time=MONDAY + HOUR,
        entry_price=1.1000,
        exit_time=MONDAY + 3 * HOUR,
        exit_price=1.1010,
        exit_reason="target",
        lots=1.0,
        stop=1.0995,
        target=1.1010,
        risk=50.0,
        profit=100.0,
        commission=0.0,
        swap=0.0,
        ambiguous=False,
        bars_held=2,
        mae=0.0002,
        mfe=0.0010,
    )
    return replace(base, **changes)


def trades_from(rows: Sequence[Trade]) -> Trades:
    """Rows as columns, as the engine makes them."""
    symbols = tuple(dict.fromkeys(row.symbol for row in rows))
    rules = tuple(dict.fromkeys(row.rule for row in rows))
    reasons = tuple(dict.fromkeys(row.exit_reason for row in rows))
    codes = {"symbol": symbols.index, "rule": rules.index, "exit_reason": reasons.index}
    whole = {"position", "entry_time", "exit_time", "bars_held"}
    columns = {}
    for f in fields(Trade):
        values = [getattr(row, f.name) for row in rows]
        if f.name in codes:
            columns[f.name] = np.array([codes[f.name](v) for v in values], dtype=np.int32)
        elif f.name == "side":
            columns[f.name] = np.array([1 if v == "long" else -1 for v in values], dtype=np.int8)
        elif f.name == "ambiguous":
            columns[f.name] = np.array(values, dtype=np.uint8)
        elif f.name in whole:
            columns[f.name] = np.array(values, dtype=np.int64)
        else:
            columns[f.name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    return Trades(columns, symbols, rules, reasons)


def account_curve(rows: Sequence[Trade], bars: Mapping[str, Bars], cash: float, contract: float = 100_000) -> Curve:
    """Balance from realised results, equity with the floating result at the close."""
    time = np.unique(np.concatenate([b.ts_close for b in bars.values()]))
    balance = np.full(len(time), float(cash))
    floating = np.zeros(len(time))
    notional = np.zeros(len(time))
    for row in rows:
        series = bars[row.symbol]
        first = np.searchsorted(time, row.entry_time, side="right")
        last = np.searchsorted(time, row.exit_time, side="right")
        balance[last:] += row.net
        held = slice(first, last)
        at = np.clip(np.searchsorted(series.ts_close, time[held], side="right") - 1, 0, None)
        side = 1 if row.side == "long" else -1
        floating[held] += side * (series.close[at] - row.entry_price) * row.lots * contract
        notional[held] += series.close[at] * row.lots * contract
    equity = balance + floating
    return Curve(time, equity, balance, notional / np.where(equity > 0, equity, 1.0))


def result_from(
    rows: Sequence[Trade], bars: Mapping[str, Bars], plan: Plan, account: Account | None = None, **more
) -> BacktestResult:
    account = account or Account(commission_per_lot=3.5, slippage="points:0.4")
    curve = more.pop("curve", None) or account_curve(rows, bars, account.cash)
    return BacktestResult(
        plan_sha256="5eed" * 16,
        strategy=plan.name,
        version=plan.version,
        settings=more.pop("settings", {p.name: p.default for p in plan.params}),
        account=account,
        data=tuple(
            DataUsed(
                b.symbol,
                b.timeframe,
                b.source,
                b.sha256,
                len(b),
                int(b.ts_open[0]),
                int(b.ts_close[-1]),
                b.synthetic,
                b.spread_stated,
            )
            for b in bars.values()
        ),
        start=min(int(b.ts_open[0]) for b in bars.values()),
        end=int(curve.time[-1]),
        curve=curve,
        trades=trades_from(rows),
        events=more.pop("events", ()),
        counts=more.pop("counts", {"bars": len(curve.time), "ambiguous": sum(row.ambiguous for row in rows)}),
        **more,
    )


def random_trades(bars: Bars, count: int, seed: int = 11, first_position: int = 1) -> list[Trade]:
    """Trades with stop, target and honest exits, never overlapping; some closed in two parts."""
    rng = np.random.default_rng(seed)
    starts = np.sort(rng.choice(np.arange(60, len(bars) - 5), size=count, replace=False))
    rows: list[Trade] = []
    free = 0
    number = first_position
    for at in starts.tolist():
        if at < free:
            continue
        side = "long" if rng.random() < 0.6 else "short"
        sign = 1 if side == "long" else -1
        rule = {"long": ("breakout_up", "pullback"), "short": ("breakout_down", "fade")}[side][int(rng.random() < 0.4)]
        entry = float(bars.open[at] + (bars.spread[at] if sign > 0 else 0))
        distance = float(2 * np.mean(bars.high[at - 14 : at] - bars.low[at - 14 : at]))
        stop, target = round(entry - sign * distance, 5), round(entry + sign * 2.2 * distance, 5)
        until = min(at + 40, len(bars) - 1)
        reason, price, end = "exit:momentum_gone", float(bars.close[until]), until
        for i in range(at, until + 1):
            low_hit = bars.low[i] <= stop if sign > 0 else bars.high[i] >= stop
            high_hit = bars.high[i] >= target if sign > 0 else bars.low[i] <= target
            if low_hit or high_hit:
                reason, price, end = ("stop", stop, i) if low_hit else ("target", target, i)
                break
        if until == len(bars) - 1 and end == until:
            reason = "end"
        lots = round(100 / (distance * 100_000), 2)
        both = bool(end == at and reason == "stop")
        parts = [(lots, reason, price, end)]
        middle = (at + end) // 2
        if reason == "target" and middle > at and lots >= 0.02 and rng.random() < 0.3:
            half = round(lots / 2, 2)
            parts = [
                (half, "manage:24", float(bars.close[middle]), middle),
                (round(lots - half, 2), reason, price, end),
            ]
        for size, why, out, i in parts:
            rows.append(
                Trade(
                    position=number,
                    symbol=bars.symbol,
                    side=side,
                    rule=rule,
                    entry_time=int(bars.ts_open[at]),
                    entry_price=entry,
                    exit_time=int(bars.ts_open[i]),
                    exit_price=out,
                    exit_reason=why,
                    lots=size,
                    stop=stop,
                    target=target,
                    risk=round(distance * 100_000 * size, 2),
                    profit=round(sign * (out - entry) * 100_000 * size, 2),
                    commission=round(7 * size, 2),
                    swap=round(-0.3 * size * (i - at) / 6, 2),
                    ambiguous=both,
                    bars_held=i - at + 1,
                    mae=distance / 2,
                    mfe=distance,
                    slippage=round(0.4 * size, 2),
                )
            )
        number += 1
        free = end + 1
    return sorted(rows, key=lambda row: (row.exit_time, row.position))


def plan_of(
    name: str = "London breakout",
    symbols: tuple[str, ...] = ("EURUSD",),
    benchmark: str | None = "buy_and_hold",
    params: tuple[ParamSpace, ...] = (
        ParamSpace("lookback", 20, None, 10, 40, 5),
        ParamSpace("at_risk", 1, "%", 0.25, 2, 0.25),
    ),
    stop: str = "distance",
) -> Plan:
    """A Plan with one entry and one exit; its nodes are never evaluated here."""
    nodes = (
        PlanNode("quantity", "percent", attrs={"value": 1.0, "unit": "%"}),
        PlanNode("quantity", "distance", attrs={"value": 20.0, "unit": "pips"}),
        PlanNode("bar", "price", attrs={"field": "close"}),
        PlanNode("bar", "price", attrs={"field": "open"}),
        PlanNode("gt", "truth", (2, 3)),
        PlanNode("lt", "truth", (2, 3)),
    )
    return Plan(
        name=name,
        version=2,
        trade=Universe("each", symbols, "H1"),
        edge=EdgeClaim(
            "The first strong move after the London open tends to continue.",
            "Quiet summer ranges; hours around central-bank decisions.",
            benchmark,
        ),
        params=params,
        series=(Series("self", "H1"),),
        nodes=nodes,
        lets=(),
        remember=(),
        enter=(
            EnterRule(
                "breakout_up",
                "long",
                4,
                OrderPlan("market"),
                SizePlan("risk", 0) if stop != "none" else SizePlan("lots", 0),
                StopPlan(stop, 1 if stop != "none" else None, "tested" if stop == "none" else None),
                TargetPlan("none"),
            ),
        ),
        add=(),
        exit=(ExitRule("momentum_gone", None, 5),),
        opposite=None,
        manage=(),
        limits=(),
        checklist=(),
        needs=DataNeeds(series=(SeriesNeed("self", "H1", 20, 50),)),
    )


def usual(count: int = 6_000, trades: int = 260, seed: int = 7) -> tuple[BacktestResult, Plan, Market]:
    """The result most tests look at: a year of EURUSD and GBPUSD, some two hundred trades."""
    bars = {
        "EURUSD": random_bars("EURUSD", count, seed),
        "GBPUSD": random_bars("GBPUSD", count, seed + 1, price=1.23),
    }
    plan = plan_of(symbols=("EURUSD", "GBPUSD"))
    rows = random_trades(bars["EURUSD"], trades, seed)
    rows += random_trades(bars["GBPUSD"], trades // 2, seed + 1, first_position=1_000)
    rows.sort(key=lambda row: (row.exit_time, row.position))
    events = (Event(MONDAY + 5 * HOUR, "EURUSD", "size_below_minimum", "breakout_up", (0.004, 0.01)),)
    counts = {
        "bars": 2 * count,
        "orders": len(rows),
        "ambiguous": sum(row.ambiguous for row in rows),
        "size_below_minimum": 1,
    }
    return result_from(rows, bars, plan, events=events, counts=counts), plan, Market(bars.values())
