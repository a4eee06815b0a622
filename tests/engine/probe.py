"""One expression of the language, evaluated: how the tests of columns are written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from data.bars import Bars, make_bars
from data.load import load_bars
from data.market import Market
from dsl.compile import compile_text
from dsl.plan import Plan
from engine.evaluate import evaluate

HOUR = 3_600_000_000_000
MONDAY = 1_483_920_000_000_000_000
"""2017-01-09 00:00 UTC."""

_TEXT = """
strategy "Probe" version 1
trade {trade}

edge
  exploits "Nothing."
  fails    "Always."

{params}
let probe = {expression}

enter long called only
  when {condition}
  size 1 lots
  stop 10 pips
  target none
"""


def plan_of(expression: str, trade: str = "EURUSD on H1", params: str = "") -> Plan:
    """A strategy whose one `let` is this expression."""
    for condition in ("probe", "probe > 0"):
        text = _TEXT.format(trade=trade, params=params, expression=expression, condition=condition)
        found = compile_text(text)
        if found.plan is not None:
            return found.plan
    raise AssertionError([f"{d.code} {d.message} {d.fix}" for d in found.diagnostics])


def probe(expression: str, market: Market, trade: str = "EURUSD on H1", params: str = "", **more: Any) -> Any:
    """The column of this expression on the first traded symbol, one element a bar."""
    plan = plan_of(expression, trade, params)
    node = plan.lets[0].node
    columns = evaluate(plan, market, wanted=[node], **more)[plan.trade.symbols[0]]
    column = columns.values[node]
    return np.full(len(columns.bars), column[0]) if len(column) == 1 else column


def bars(closes: Iterable[float], symbol: str = "EURUSD", timeframe: str = "H1", **columns: Any) -> Bars:
    """Bars by the hour from Monday 2017-01-09 00:00 UTC, open at the close before, unless said otherwise."""
    close = np.asarray(list(closes), dtype=np.float64)
    opened = columns.get("open", np.concatenate((close[:1], close[:-1])))
    step = columns.pop("step", HOUR)
    times = columns.pop("times", MONDAY + np.arange(len(close)) * step)
    made = {
        "open": opened,
        "high": np.maximum(opened, close),
        "low": np.minimum(opened, close),
        "close": close,
        "volume": np.full(len(close), 100.0),
        "spread": np.full(len(close), 0.0001),
    }
    made |= columns
    return make_bars(symbol, timeframe, ts_open=times, ts_close=times + step, **made, source="a test")


def market(closes: Iterable[float], **columns: Any) -> Market:
    """A market of EURUSD alone; see `bars`."""
    return Market([bars(closes, **columns)])


@cache
def eurusd(count: int = 1500) -> Market:
    """Real prices: the first bars of the embedded EURUSD H1 sample."""
    (sample,) = load_bars("samples/eurusd_h1.csv").bars
    return Market([sample.span(0, count)])


@cache
def us500(count: int = 1500) -> Market:
    """Real prices with real volumes: the embedded US500 D1 sample."""
    (sample,) = load_bars("samples/us500_d1.csv").bars
    return Market([sample.span(0, count)])


def same(found: Any, expected: Any, tolerance: float = 1e-9) -> None:
    """Unknown on the same bars, and equal to this relative tolerance elsewhere."""
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=1e-12)
