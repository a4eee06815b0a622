"""What holds for every expression: the future changes nothing, and the distant past hardly anything."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.bars import COLUMNS, hash_of
from data.load import load_bars
from data.market import Market
from dsl.builtins import BUILTINS
from dsl.plan import OPS
from engine.evaluate import blocks, evaluate
from engine.evaluate.schedule import schedule
from engine.evaluate.sources import SOURCED
from tests.engine.probe import eurusd, plan_of, probe
from tests.engine.test_builtins_reference import ON_EURUSD, ON_US500

STATE = {"position", "memory", "remembered"}

EXPRESSIONS = (
    *ON_EURUSD,
    *ON_US500,
    "close + 2 pips - 5 points",
    "close * 1.5 / 2",
    "(high - low) / (close - open)",
    "abs(close - open)",
    "-(close - open)",
    "average(open, close, high)",
    "min(open, close)",
    "max(open, close)",
    "1% of close",
    "hl2 > hlc3 and ohlc4 < close",
    "close >= open or volume <= 1000",
    "close != open",
    "close = open",
    "close between low and open",
    "close crosses above sma(close, 20)",
    "close crosses below sma(close, 20)",
    "close crosses ema(close, 9)",
    "close rising for 3 bars",
    "close falling for 2 bars",
    "(close > open) for 3 bars",
    "count(close > open, 10)",
    "bars since (close crosses above sma(close, 50))",
    "value of close when (rsi(14) < 30)",
    "(close > open) followed within 3 bars by (close < open)",
    "not (close > open)",
    "at least 2 of (close > open, rsi(14) > 50, close > sma(close, 20))",
    "score(2: close > open, 1: rsi(14) > 50)",
    "if close > open then high else low",
    "(if rsi(14) > 50 then high else low) otherwise close",
    "rsi(14) otherwise 50",
    "close[5]",
    "spread",
    "highest(high, 00:00 to 07:00 London)",
    "lowest(low, 22:00 to 03:00 New_York)",
    "first(open, 08:00 to 12:00 London)",
    "last(close, 08:00 to 12:00 London)",
    "time between 08:00 and 11:00 London",
    "time between 20:00 and 03:00 New_York",
    "open so far on D1",
    "high so far on D1",
    "low so far on H4",
    "close so far on W1",
    "day is Friday",
    "trading_day_of_month",
    "trading_days_left_in_month",
    "ema(close, 10) on H4",
    "(close crosses above sma(close, 5)) on H4",
    "(rsi(3) > 50) on D1",
    "close of GBPUSD",
    "ema(close, 5) of USDJPY on H4",
    "(close crosses above sma(close, 5)) of GBPUSD on H4",
    "rank(roc(20))",
    "rank(close) = 1",
)
NESTED = (
    "sma(highest(high, 7) - lowest(low, 5), 12) > 2 * sma(high - low, 30)",
    "sma(close, 20)[3] crosses above wma(sma(close, 9), 11)",
    "count(close > sma(close, 10), 25) > count(close > open, 7)",
    "(close > sma(close, 5)) for 4 bars and ((high > high[1]) followed within 6 bars by (low < low[2]))",
    "ema(sma(close, 8) - sma(close, 21), 5) > sma(close, 8) - sma(close, 21)",
    "zscore(close - sma(close, 30), 40) > 1 and correlation(sma(close, 3), sma(open, 4), 17) > 0.5",
    "if bollinger(20, 2).upper > donchian(15).upper then sma(close, 4) else last(close, 3)",
    "(sma(close, 6) crosses below sma(close, 13)) on H4",
    "rank(sma(close, 6) - sma(close, 13))",
    "2 * atr(14) > (3 * atr(14) + rsi(14) * 1 pips) - 2 pips",
    "(ema(close, 5) - ema(close, 8)) / (ema(close, 5) - ema(close, 13))",
    "last(ema(close, 5), 3) + 1 pips - ema(close, 5)",
)
TRADE = "EURUSD, GBPUSD, USDJPY on H1"


@cache
def basket(count: int = 900) -> Market:
    """The beginning of a SYNTHETIC set: three pairs."""
    return Market([each.span(0, count) for each in load_bars("synthetic/fx_basket_h1").bars[:3]])


@cache
def whole(expression: str) -> Any:
    return probe(expression, basket(), TRADE)


def test_every_operation_is_under_these_laws() -> None:
    plans = [plan_of(expression, TRADE) for expression in EXPRESSIONS]
    used = {node.op for plan in plans for node in plan.nodes}
    assert used >= set(OPS) - STATE - set(SOURCED) - {"param"}
    named = {node["name"] for plan in plans for node in plan.nodes if node.op == "builtin"}
    assert named == set(BUILTINS)


@pytest.mark.parametrize("expression", EXPRESSIONS)
@given(known=st.integers(260, 899))
@settings(max_examples=4, deadline=None, derandomize=True)
def test_nothing_depends_on_bars_after_the_decision(expression: str, known: int) -> None:
    """Cut the market anywhere: every value before the cut keeps its bits."""
    times = basket().bars("EURUSD", "H1").ts_close
    short = probe(expression, basket().truncated(int(times[known - 1])), TRADE)
    assert len(short) == known
    np.testing.assert_array_equal(short, whole(expression)[:known])


WINDOWED = [
    expression
    for expression in ON_EURUSD
    for row in [BUILTINS[expression.split("(")[0].split(".")[0]]]
    if row.settled is None and not row.unbounded and not row.daily
]


@pytest.mark.parametrize("expression", WINDOWED)
@given(dropped=st.integers(1, 700))
@settings(max_examples=4, deadline=None, derandomize=True)
def test_windows_do_not_remember_what_lies_before_them(expression: str, dropped: int) -> None:
    """History that starts later gives the same values, to 1e-12 of their size."""
    late = probe(expression, eurusd(1500).slice(int(eurusd().bars("EURUSD", "H1").ts_open[dropped])))
    early = probe(expression, eurusd(1500))[dropped:]
    known = ~np.isnan(late) if late.dtype == np.float64 else late != 1
    size = np.nanmax(np.abs(early)) if late.dtype == np.float64 else 1
    np.testing.assert_allclose(late[known], early[known], rtol=1e-12, atol=1e-12 * size)


@pytest.mark.parametrize("stretch", [50, 333])
def test_stretches_keep_every_bit(stretch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is evaluated stretch by stretch equals what is evaluated whole, wherever they are cut."""
    monkeypatch.setattr(blocks, "STRETCH", stretch)
    grouped = 0
    for expression in (*EXPRESSIONS, *NESTED):
        plan = plan_of(expression, TRADE)
        everything = [i for i, node in enumerate(plan.nodes) if node.scope == "market"]
        node = plan.lets[0].node
        grouped += bool(schedule(plan, [node]).groups)
        assert not schedule(plan, everything).groups
        by_stretch = evaluate(plan, basket(), wanted=[node])["EURUSD"].values[node]
        np.testing.assert_array_equal(by_stretch, evaluate(plan, basket(), wanted=everything)["EURUSD"].values[node])
    assert grouped > 20


def test_prices_are_left_as_they_were() -> None:
    """Room that is used again is never that of the bars."""
    prices = basket().bars("EURUSD", "H1")
    before = prices.sha256
    for expression in (*EXPRESSIONS, *NESTED):
        probe(expression, basket(), TRADE)
    columns = {name: getattr(prices, name) for name in COLUMNS}
    assert hash_of("EURUSD", "H1", columns) == before


def test_columns_do_not_depend_on_what_else_is_wanted() -> None:
    plan = plan_of("bollinger(20, 2).upper > bollinger(20, 2).lower and close crosses above sma(close, 20)")
    market_nodes = [i for i, node in enumerate(plan.nodes) if node.scope == "market"]
    together = evaluate(plan, eurusd(), wanted=market_nodes)["EURUSD"].values
    for index in market_nodes:
        alone = evaluate(plan, eurusd(), wanted=[index])["EURUSD"].values[index]
        np.testing.assert_array_equal(alone, together[index])
