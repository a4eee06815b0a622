"""Laws of decisions and accounts, on random bars and random small strategies."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.bars import Bars
from dsl.compile import compile_text
from dsl.plan import Plan
from engine.result import Account, Trade
from engine.simulate import Simulation
from tests.engine.trading import DAY, HEAD, HOUR, MONDAY, Run, bars, interpreted, same

LAWS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

ORDERS = ["", "  order buy stop at close + {a} pips, good for {n} bars\n"]
ORDERS += ["  order buy limit at close - {a} pips, good for {n} hours, cancel others when filled\n"]
ORDERS += ["  order buy stop at high + {a} pips, cancel when volume = 6\n"]
SIZES = ["size 0.10 lots", "risk 1% of equity", "size 50% of equity", "risk 100 USD"]
STOPS = ["stop {b} pips", "stop at lowest(low, 3) - {b} pips", "stop 2 * atr(3)", "stop 1%"]
TARGETS = ["", "  target {c} pips\n", "  target 2R\n", "  target at close + 60 pips\n"]
EXTRAS = ["", "  at most 1 per day\n", "  unless volume[1] = 3\n"]
EXITS = ["", "exit long called out when volume = 3\n", "exit called tired when bars held > {n}\n"]
EXITS += ["exit called paid when profit > {c} pips and volume != 4\n"]
MANAGE = [
    "  move stop to breakeven once profit reaches 0.5R\n",
    "  trail stop by {b} pips step 3 pips\n",
    "  trail stop by 1.5 * atr(3) once profit reaches 10 pips\n",
    "  take half once profit reaches {a} pips\n",
    "  take 30% when volume = 5\n",
    "  move target to {c} pips after 2 bars\n",
    "  move stop to lowest(low, 2) - 8 pips\n",
    "  leave after {n} bars\n",
    "  leave after 7 hours\n",
    "  leave at 15:30 New_York\n",
]
ADDS = ["", "add to long called more\n  when volume = 4\n  at most 2 times\n  size 0.05 lots\n  stop {b} pips\n"]
LIMITS = [
    "  daily loss 1%, leave everything\n",
    "  daily loss 50 USD\n",
    "  at most 2 entries per day\n",
    "  cooldown 2 bars after loss\n",
    "  total risk 3%\n",
]
REMEMBER = ["", "remember level = 0\n  becomes high when volume = 5\n  becomes low when volume = 6\n"]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A random strategy of one or two entries, in the language."""
    numbers = {"a": draw(st.integers(1, 12)), "b": draw(st.integers(5, 30)), "c": draw(st.integers(8, 40))}
    numbers["n"] = draw(st.integers(2, 8))
    memory = draw(st.sampled_from(REMEMBER))
    text = memory
    sides = draw(st.sampled_from(["long", "short", "both"]))
    for side, signal in (("long", 1), ("short", 2)):
        if sides not in (side, "both"):
            continue
        when = f"volume = {signal}"
        if memory and draw(st.booleans()):
            when += " and close > level - 1"
        entry = f"enter {side} called {side}_rule\n  when {when}\n"
        entry += draw(st.sampled_from(EXTRAS[2:])) if draw(st.integers(0, 4)) == 0 else ""
        entry += draw(st.sampled_from(ORDERS))
        entry += f"  {draw(st.sampled_from(SIZES))}\n  {draw(st.sampled_from(STOPS))}\n"
        entry += draw(st.sampled_from(TARGETS))
        entry += draw(st.sampled_from(EXTRAS[:2]))
        text += _mirrored(entry) if side == "short" else entry
    if sides == "both":
        text += f"opposite entry {draw(st.sampled_from(['reverses', 'closes', 'ignored']))}\n"
    leave = draw(st.sampled_from(EXITS))
    text += leave if sides != "short" else leave.replace("exit long", "exit short")
    if sides != "short":
        text += draw(st.sampled_from(ADDS))
    lines = draw(st.lists(st.sampled_from(MANAGE), max_size=3, unique=True))
    if lines:
        text += "manage\n" + "".join(_for_side(line, sides) for line in lines)
    caps = draw(st.lists(st.sampled_from(LIMITS), max_size=2, unique_by=lambda line: line.split()[0:2].__str__()))
    text += "limits\n" + "".join(caps) if caps else ""
    return text.format(**numbers)


def _mirrored(entry: str) -> str:
    """The same entry for a short."""
    swaps = [("buy ", "sell "), ("close + ", "close @ "), ("close - ", "close + "), ("close @ ", "close - ")]
    swaps += [("high + ", "low - "), ("lowest(low, 3) - ", "highest(high, 3) + ")]
    for a, b in swaps:
        entry = entry.replace(a, b)
    return entry


def _for_side(line: str, sides: str) -> str:
    return line.replace("lowest(low, 2) - 8", "highest(high, 2) + 8") if sides == "short" else line


@st.composite
def prices(draw: st.DrawFn, most: int = 90, symbol: str = "EURUSD") -> Bars:
    """A random walk in points with gaps, wicks and signals, over a weekend now and then."""
    seed = draw(st.integers(0, 2**32 - 1))
    count = draw(st.integers(5, most))
    wild = draw(st.sampled_from([5, 60, 200]))
    rng = np.random.default_rng(seed)
    close = 110_000 + np.cumsum(rng.integers(-wild, wild + 1, count))
    opened = np.concatenate(([110_000], close[:-1])) + np.where(
        rng.random(count) < 0.15, rng.integers(-3 * wild, 3 * wild + 1, count), 0
    )
    high = np.maximum(opened, close) + rng.integers(0, wild, count)
    low = np.minimum(opened, close) - rng.integers(0, wild, count)
    signal = np.where(rng.random(count) < 0.45, rng.integers(1, 7, count), 0)
    hours = np.cumsum(np.where(rng.random(count) < 0.06, rng.integers(2, 5, count), 1))
    times = MONDAY + 3 * DAY + hours * HOUR
    friday = MONDAY + 4 * DAY + 22 * HOUR
    times = np.where(times >= friday, times + 48 * HOUR, times)
    spread = draw(st.sampled_from([0.0, 0.00008, 0.0002]))
    rows = np.column_stack((opened / 1e5, high / 1e5, low / 1e5, close / 1e5, signal))
    return bars(rows.tolist(), symbol, spread=spread, times=times.tolist())


accounts = st.builds(
    Account,
    cash=st.sampled_from([3_000.0, 10_000.0, 1_000_000.0]),
    mode=st.sampled_from(["netting", "hedging"]),
    leverage=st.sampled_from([None, None, 10.0]),
    commission_per_lot=st.sampled_from([0.0, 3.5]),
    swap=st.booleans(),
)


slipping = st.builds(replace, accounts, slippage=st.sampled_from(["none", "points:3", "atr:0.1"]))


@lru_cache(maxsize=2048)
def plan_of(text: str, symbols: str = "EURUSD") -> Plan | None:
    """The Plan, or None where the language refuses the strategy (never ends, can never act, …)."""
    return compile_text(HEAD.format(symbols=symbols, timeframe="H1") + text).plan


def made(text: str, given_bars: list[Bars], account: Account, symbols: str = "EURUSD") -> Run | None:
    plan = plan_of(text, symbols)
    return None if plan is None else Run(plan, given_bars, account)


def rows_of(found: Simulation) -> list[Trade]:
    return list(found.trades.rows())


@LAWS
@given(rules(), prices(), slipping)
def test_jumping_is_bar_by_bar_is_interpreted(text: str, given_bars: Bars, account: Account) -> None:
    run = made(text, [given_bars], account)
    if run is not None:
        found = run.jumping()
        same(found, run.stepping())
        same(found, interpreted(run.jumping))


@LAWS
@given(rules(), prices(50), prices(50, "GBPUSD"), slipping)
def test_so_it_is_with_two_symbols(text: str, eur: Bars, gbp: Bars, account: Account) -> None:
    run = made(text, [eur, gbp], account, "EURUSD, GBPUSD")
    if run is not None:
        found = run.jumping()
        same(found, run.stepping())
        same(found, interpreted(run.jumping))
        money_is_conserved(found, [eur, gbp], account)


@LAWS
@given(rules(), prices(), slipping)
def test_equity_is_cash_and_trades_and_what_is_open_less_costs_at_every_bar(
    text: str, given_bars: Bars, account: Account
) -> None:
    run = made(text, [given_bars], account)
    if run is not None:
        money_is_conserved(run.jumping(), [given_bars], account)


def money_is_conserved(found: Simulation, given_bars: list[Bars], account: Account) -> None:
    """The curve against sums over the trade list, one bar at a time."""
    raw = {name: np.asarray(column).tolist() for name, column in found.raw.items()}
    curve = found.curve
    for at, time in enumerate(curve.time.tolist()):
        balance = equity = account.cash
        for k in range(len(raw["lots"])):
            data = given_bars[raw["symbol"][k]]
            now = int(np.searchsorted(data.ts_close, time, side="right")) - 1
            if now < raw["entry_bar"][k]:
                continue
            side, lots = raw["side"][k], raw["lots"][k]
            if now >= raw["exit_bar"][k]:
                balance += raw["profit"][k] + raw["swap"][k] - raw["commission"][k]
                equity += raw["profit"][k] + raw["swap"][k] - raw["commission"][k]
                continue
            price = data.close[now] if side > 0 else data.close[now] + data.spread[now]
            paid = 0.0
            priced = found.priced[raw["symbol"][k]]
            if priced.swaps is not None:
                days = np.searchsorted(priced.days, data.ts_open[[raw["entry_bar"][k], now]], side="right") - 1
                reached = priced.swaps[0 if side > 0 else 1]
                paid = lots * (reached[days[1]] - reached[days[0]])
            cost = raw["commission"][k] / 2
            balance -= cost
            equity += side * (price - raw["entry_price"][k]) * lots * 100_000 + paid - cost
        assert curve.balance[at] == pytest.approx(balance, abs=1e-6)
        assert curve.equity[at] == pytest.approx(equity, abs=1e-6)


@LAWS
@given(rules(), prices(), accounts)
def test_what_the_account_knew_at_a_close_is_what_the_curve_says(text: str, given_bars: Bars, account: Account) -> None:
    run = made(text, [given_bars], account)
    if run is None:
        return
    stepper = run.prepared().step_by_step(run.columns, run.settings)
    known = []
    while stepper.step() is not None:
        known.append(stepper.desk.equity())
    curve = stepper.finish().curve
    assert curve.equity[:-1].tolist() == pytest.approx(known[:-1], abs=1e-6)


@LAWS
@given(rules(), prices(), slipping, st.data())
def test_nothing_before_a_cut_depends_on_what_comes_after_it(
    text: str, given_bars: Bars, account: Account, data: Any
) -> None:
    run = made(text, [given_bars], account)
    if run is None:
        return
    cut = data.draw(st.integers(1, len(given_bars)))
    part = Run(run.plan, [given_bars.span(0, cut)], account).jumping()
    whole = run.jumping()
    instant = int(given_bars.ts_close[cut - 1])
    events = [repr(event) for event in whole.events]
    assert [repr(event) for event in part.events] == events[: len(part.events)]
    assert len(part.events) >= sum(event.time < instant for event in whole.events)
    closed = [t for t in rows_of(part) if t.exit_reason != "end"]
    assert [repr(t) for t in closed] == [repr(t) for t in rows_of(whole)][: len(closed)]
    if cut > 1:
        assert part.curve.equity[:-1].tolist() == pytest.approx(whole.curve.equity[: cut - 1].tolist(), abs=1e-6)


@LAWS
@given(rules(), prices(), accounts)
def test_stops_only_tighten(text: str, given_bars: Bars, account: Account) -> None:
    run = made(text, [given_bars], account)
    if run is None:
        return
    stepper = run.prepared().step_by_step(run.columns, run.settings)
    book = stepper.desk.books[0]
    position, stop = -1, float("nan")
    while stepper.step() is not None:
        if book.side != 0 and book.position == position:
            assert book.side * (book.stop - stop) >= 0
        position, stop = (book.position, book.stop) if book.side != 0 else (-1, float("nan"))


@LAWS
@given(rules(), prices(), accounts)
def test_fills_lie_within_their_bar_and_volumes_are_closed_oldest_first(
    text: str, given_bars: Bars, account: Account
) -> None:
    run = made(text, [given_bars], account)
    if run is None:
        return
    found = run.jumping()
    tick = 1.1e-5
    open_lots: dict[int, list[float]] = {}
    for k, trade in enumerate(rows_of(found)):
        long = trade.side == "long"
        for buys, bar, price in (
            (long, found.raw["entry_bar"][k], trade.entry_price),
            (not long, found.raw["exit_bar"][k], trade.exit_price),
        ):
            offset = given_bars.spread[bar] if buys else 0.0
            assert given_bars.low[bar] + offset - tick <= price <= given_bars.high[bar] + offset + tick
        assert trade.lots > 0
        assert trade.lots * 100 == pytest.approx(round(trade.lots * 100))
        assert trade.mae >= 0
        assert trade.mfe >= 0
        entries = open_lots.setdefault(trade.position, [])
        entries.append(trade.entry_time)
        assert entries == sorted(entries)
    assert found.counts["entries"] >= len(open_lots)
