"""Every built-in against values from a source other than its own code, on real prices.

The sources: TA-Lib, pandas, NumPy over explicit windows, and the published recipe written out
plainly. Where TA-Lib seeds a recursion in another way than the table states, the comparison is made
after the seed has died out, and the stated seed is compared with the recipe written out.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import talib
from numpy.lib.stride_tricks import sliding_window_view

from dsl.builtins import BUILTINS
from tests.engine.probe import HOUR, MONDAY, eurusd, market, plan_of, probe, same, us500

Prices = SimpleNamespace


def prices(market: Any, symbol: str, timeframe: str) -> Prices:
    b = market.bars(symbol, timeframe)
    return SimpleNamespace(o=b.open, h=b.high, l=b.low, c=b.close, v=b.volume, t=b.ts_open)


EURUSD = prices(eurusd(), "EURUSD", "H1")
US500 = prices(us500(), "US500", "D1")


def over(x: Any, n: int, function: Callable[[Any], Any]) -> Any:
    """A function of each window of n values, unknown before the first."""
    return np.concatenate((np.full(n - 1, np.nan), function(sliding_window_view(x, n))))


def smoothed(x: Any, n: int, alpha: float) -> Any:
    """The recursion from the mean of the first n known values, by pandas."""
    first = int(np.flatnonzero(~np.isnan(x))[0])
    seeded = np.array(x, dtype=float)
    seeded[: first + n - 1] = np.nan
    seeded[first + n - 1] = x[first : first + n].mean()
    return pd.Series(seeded).ewm(alpha=alpha, adjust=False).mean().where(~np.isnan(seeded)).to_numpy()


def ema(x: Any, n: int) -> Any:
    return smoothed(x, n, 2 / (n + 1))


def rma(x: Any, n: int) -> Any:
    return smoothed(x, n, 1 / n)


def true_range(p: Prices) -> Any:
    out = talib.TRANGE(p.h, p.l, p.c)
    out[0] = p.h[0] - p.l[0]
    return out


def change(x: Any) -> Any:
    return np.concatenate(([np.nan], np.diff(x)))


def directional(p: Prices, n: int) -> tuple[Any, Any]:
    """Wilder's recipe on whole points, in which moves that tie do so exactly."""
    high, low, close = (np.round(x * 1e5) for x in (p.h, p.l, p.c))
    up, down = change(high), -change(low)
    plus = np.where((up > down) & (up > 0), up, 0.0)
    minus = np.where((down > up) & (down > 0), down, 0.0)
    plus[0] = minus[0] = np.nan
    spread = rma(talib.TRANGE(high, low, close), n)
    return 100 * rma(plus, n) / spread, 100 * rma(minus, n) / spread


def adx(p: Prices, n: int) -> Any:
    plus, minus = directional(p, n)
    return rma(100 * np.abs(plus - minus) / (plus + minus), n)


def rank_of_last(w: Any) -> Any:
    return 100 * (w[:, :-1] < w[:, -1:] * (1 - 1e-9)).sum(axis=1) / (w.shape[1] - 1)


def slope(w: Any) -> Any:
    i = np.arange(w.shape[1]) - (w.shape[1] - 1) / 2
    return ((w - w.mean(axis=1, keepdims=True)) * i).sum(axis=1) / (i * i).sum()


def related(a: Any, b: Any, n: int) -> tuple[Any, Any]:
    u, v = (sliding_window_view(x, n) for x in (a, b))
    u, v = (w - w.mean(axis=1, keepdims=True) for w in (u, v))
    lead = np.full(n - 1, np.nan)
    both = (u * v).sum(axis=1)
    correlation = both / np.sqrt((u * u).sum(axis=1) * (v * v).sum(axis=1))
    return np.concatenate((lead, correlation)), np.concatenate((lead, both / (v * v).sum(axis=1)))


def stochastic(p: Prices, k: int, smooth: int) -> Any:
    low = talib.MIN(p.l, k)
    return talib.SMA(100 * (p.c - low) / (talib.MAX(p.h, k) - low), smooth)


def supertrend(p: Prices, n: int, k: float) -> tuple[Any, Any]:
    """The recipe as traders publish it: final bands, then the line that the close respects."""
    spread, middle = k * rma(true_range(p), n), (p.h + p.l) / 2
    line, rising = np.full(len(p.c), np.nan), np.full(len(p.c), np.nan)
    upper = lower = np.nan
    for i in range(n - 1, len(p.c)):
        basic_upper, basic_lower = middle[i] + spread[i], middle[i] - spread[i]
        if i == n - 1:
            upper, lower, trend_up = basic_upper, basic_lower, False
        else:
            upper = basic_upper if basic_upper < upper or p.c[i - 1] > upper else upper
            lower = basic_lower if basic_lower > lower or p.c[i - 1] < lower else lower
            trend_up = not p.c[i] < lower if trend_up else p.c[i] > upper
        line[i], rising[i] = (lower, 1.0) if trend_up else (upper, 0.0)
    return line, rising


def session_vwap(p: Prices) -> Any:
    times = pd.DatetimeIndex(pd.to_datetime(p.t, utc=True)).tz_convert("America/New_York")
    days = (times + pd.Timedelta(hours=7)).date
    price = pd.Series((p.h + p.l + p.c) / 3)
    found = (price * p.v).groupby(days).cumsum() / pd.Series(p.v).groupby(days).cumsum()
    return found.to_numpy()


def pivot(x: Any, left: int, right: int) -> Any:
    out, last = np.full(len(x), np.nan), np.nan
    for i in range(left + right, len(x)):
        j = i - right
        if all(x[j] > v for v in (*x[j - left : j], *x[j + 1 : i + 1])):
            last = x[j]
        out[i] = last
    return out


def heikin_ashi(p: Prices) -> dict[str, Any]:
    close = (p.o + p.h + p.l + p.c) / 4
    opened = [(p.o[0] + p.c[0]) / 2]
    for i in range(1, len(close)):
        opened.append((opened[-1] + close[i - 1]) / 2)
    first = np.array(opened)
    high, low = np.maximum.reduce([p.h, first, close]), np.minimum.reduce([p.l, first, close])
    return {"open": first, "high": high, "low": low, "close": close}


def shape(p: Prices, name: str) -> Any:
    """The definitions of the table, on whole points."""
    o, h, low, c = (np.round(x * 1e5) for x in (p.o, p.h, p.l, p.c))
    body, upper, lower = np.abs(c - o), h - np.maximum(o, c), np.minimum(o, c) - low
    bo, bh, bl, bc = (np.concatenate(([np.nan], x[:-1])) for x in (o, h, low, c))
    found = {
        "bullish_engulfing": (bo > bc) & (c > o) & (o <= bc) & (c >= bo),
        "bearish_engulfing": (bo < bc) & (c < o) & (o >= bc) & (c <= bo),
        "inside_bar": (h < bh) & (low > bl),
        "outside_bar": (h > bh) & (low < bl),
        "doji": (10 * body <= h - low) & (h > low),
        "hammer": (body > 0) & (lower >= 2 * body) & (upper <= body),
        "shooting_star": (body > 0) & (upper >= 2 * body) & (lower <= body),
    }[name].astype(float)
    if BUILTINS[name].first_valid() == 2:
        found[0] = np.nan
    return found


def ichimoku(p: Prices) -> dict[str, Any]:
    high, low = pd.Series(p.h), pd.Series(p.l)
    middle = {n: (high.rolling(n).max() + low.rolling(n).min()) / 2 for n in (9, 26, 52)}
    return {
        "conversion": middle[9],
        "base": middle[26],
        "span_a": ((middle[9] + middle[26]) / 2).shift(26),
        "span_b": middle[52].shift(26),
    }


def macd(p: Prices) -> dict[str, Any]:
    line = talib.EMA(p.c, 12) - talib.EMA(p.c, 26)
    signal = ema(line, 9)
    return {"line": line, "signal": signal, "histogram": line - signal}


def bollinger(p: Prices) -> dict[str, Any]:
    middle, deviation = over(p.c, 20, lambda w: w.mean(axis=1)), over(p.c, 20, lambda w: w.std(axis=1))
    upper, lower = middle + 2 * deviation, middle - 2 * deviation
    position = (p.c - lower) / (upper - lower)
    return {
        "upper": upper, "middle": middle, "lower": lower,
        "width": (upper - lower) / middle, "position": position,
    }  # fmt: skip


Reference = Callable[[Prices], Any]

ON_EURUSD: dict[str, Reference] = {
    "sma(close, 20)": lambda p: talib.SMA(p.c, 20),
    "mean(close, 20)": lambda p: talib.SMA(p.c, 20),
    "ema(close, 20)": lambda p: talib.EMA(p.c, 20),
    "rma(close, 14)": lambda p: rma(p.c, 14),
    "wma(close, 20)": lambda p: talib.WMA(p.c, 20),
    "hma(close, 21)": lambda p: talib.WMA(2 * talib.WMA(p.c, 10) - talib.WMA(p.c, 21), 4),
    "dema(close, 10)": lambda p: talib.DEMA(p.c, 10),
    "tema(close, 10)": lambda p: talib.TEMA(p.c, 10),
    "highest(high, 20)": lambda p: talib.MAX(p.h, 20),
    "lowest(low, 20)": lambda p: talib.MIN(p.l, 20),
    "first(close, 5)": lambda p: np.concatenate((np.full(4, np.nan), p.c[:-4])),
    "last(close, 5)": lambda p: p.c,
    "sum(close - open, 8)": lambda p: over(p.c - p.o, 8, lambda w: w.sum(axis=1)),
    "median(close, 7)": lambda p: over(p.c, 7, lambda w: np.median(w, axis=1)),
    "median(close, 8)": lambda p: over(p.c, 8, lambda w: np.median(w, axis=1)),
    "stdev(close, 20)": lambda p: over(p.c, 20, lambda w: w.std(axis=1)),
    "zscore(close, 20)": lambda p: over(p.c, 20, lambda w: (w[:, -1] - w.mean(axis=1)) / w.std(axis=1)),
    "percent_rank(close, 50)": lambda p: over(p.c, 51, rank_of_last),
    "roc(10)": lambda p: talib.ROC(p.c, 10),
    "linreg_slope(close, 20)": lambda p: over(p.c, 20, slope),
    "correlation(close, high - low, 30)": lambda p: related(p.c, p.h - p.l, 30)[0],
    "beta(close, high, 30)": lambda p: related(p.c, p.h, 30)[1],
    "rsi(14)": lambda p: talib.RSI(p.c, 14),
    "rsi(2)": lambda p: talib.RSI(p.c, 2),
    "stoch(14, 3, 3).k": lambda p: stochastic(p, 14, 3),
    "stoch(14, 3, 3).d": lambda p: talib.SMA(stochastic(p, 14, 3), 3),
    **{f"macd(12, 26, 9).{part}": lambda p, part=part: macd(p)[part] for part in ("line", "signal", "histogram")},
    "cci(20)": lambda p: talib.CCI(p.h, p.l, p.c, 20),
    "true_range": true_range,
    "atr(14)": lambda p: rma(true_range(p), 14),
    "adx(14)": lambda p: adx(p, 14),
    "dmi(14).plus": lambda p: directional(p, 14)[0],
    "dmi(14).minus": lambda p: directional(p, 14)[1],
    **{
        f"bollinger(20, 2).{part}": lambda p, part=part: bollinger(p)[part]
        for part in ("upper", "middle", "lower", "width", "position")
    },
    "keltner(20, 10, 1.5).upper": lambda p: talib.EMA(p.c, 20) + 1.5 * rma(true_range(p), 10),
    "keltner(20, 10, 1.5).middle": lambda p: talib.EMA(p.c, 20),
    "keltner(20, 10, 1.5).lower": lambda p: talib.EMA(p.c, 20) - 1.5 * rma(true_range(p), 10),
    "donchian(20).upper": lambda p: talib.MAX(p.h, 20),
    "donchian(20).middle": lambda p: (talib.MAX(p.h, 20) + talib.MIN(p.l, 20)) / 2,
    "donchian(20).lower": lambda p: talib.MIN(p.l, 20),
    "supertrend(10, 3).line": lambda p: supertrend(p, 10, 3)[0],
    "supertrend(10, 3).rising": lambda p: supertrend(p, 10, 3)[1],
    "supertrend(7, 1).rising": lambda p: supertrend(p, 7, 1)[1],
    "parabolic_sar(0.02, 0.2)": lambda p: talib.SAR(p.h, p.l, 0.02, 0.2),
    **{
        f"ichimoku(9, 26, 52).{part}": lambda p, part=part: ichimoku(p)[part]
        for part in ("conversion", "base", "span_a", "span_b")
    },
    "vwap": session_vwap,
    "pivot_high(3, 2)": lambda p: pivot(p.h, 3, 2),
    "pivot_low(2, 4)": lambda p: -pivot(-p.l, 2, 4),
    **{f"heikin_ashi.{part}": lambda p, part=part: heikin_ashi(p)[part] for part in ("open", "high", "low", "close")},
    **{name: lambda p, name=name: shape(p, name) for name, row in BUILTINS.items() if row.group == "candle shapes"},
}  # fmt: skip

ON_US500: dict[str, Reference] = {
    "vwma(close, 20)": lambda p: over(p.c * p.v, 20, lambda w: w.sum(axis=1)) / over(p.v, 20, lambda w: w.sum(axis=1)),
    "mfi(14)": lambda p: talib.MFI(p.h, p.l, p.c, p.v, 14),
    "obv": lambda p: talib.OBV(p.c, p.v) - p.v[0],
}


def numeric(column: Any) -> Any:
    """Truths as 0, 1 and NaN."""
    if column.dtype == np.uint8:
        return np.where(column == 1, np.nan, column / 2)
    return column


@pytest.mark.parametrize("expression", ON_EURUSD)
def test_on_real_prices(expression: str) -> None:
    same(numeric(probe(expression, eurusd())), ON_EURUSD[expression](EURUSD))


@pytest.mark.parametrize("expression", ON_US500)
def test_on_real_volumes(expression: str) -> None:
    same(probe(expression, us500(), "US500 on D1"), ON_US500[expression](US500))


@pytest.mark.parametrize(
    ("expression", "reference"),
    [
        ("atr(14)", lambda p: talib.ATR(p.h, p.l, p.c, 14)),
        ("adx(14)", lambda p: talib.ADX(*(np.round(x * 1e5) for x in (p.h, p.l, p.c)), 14)),
        ("dmi(14).plus", lambda p: talib.PLUS_DI(*(np.round(x * 1e5) for x in (p.h, p.l, p.c)), 14)),
        ("dmi(14).minus", lambda p: talib.MINUS_DI(*(np.round(x * 1e5) for x in (p.h, p.l, p.c)), 14)),
        ("macd(12, 26, 9).signal", lambda p: talib.MACD(p.c, 12, 26, 9)[1]),
    ],
)
def test_like_ta_lib_once_its_other_seed_has_died_out(expression: str, reference: Reference) -> None:
    np.testing.assert_allclose(probe(expression, eurusd())[900:], reference(EURUSD)[900:], rtol=1e-9, atol=1e-15)


def test_every_part_of_every_builtin_has_a_reference() -> None:
    written = {expression.replace(" ", "").split("(")[0].split(".")[0] for expression in (*ON_EURUSD, *ON_US500)}
    assert written == set(BUILTINS)
    for name, row in BUILTINS.items():
        parts = {e.rsplit(".", 1)[1] for e in ON_EURUSD if e.startswith(f"{name}(") and e.endswith(tuple(row.parts))}
        if row.parts and row.numbers:
            assert parts == set(row.parts), name


NOT_AT_ONCE = ("pivot_high", "pivot_low")
"""Their first value comes with the first pivot, which is later than the bars it takes to see one."""


@pytest.mark.parametrize("name", [name for name, row in BUILTINS.items() if not row.daily])
def test_the_first_known_bar_is_the_one_the_table_states(name: str) -> None:
    row = BUILTINS[name]
    latest: dict[int, int] = {}
    for expression in (e for e in (*ON_EURUSD, *ON_US500) if e.split("(")[0].split(".")[0] == name):
        market, trade = (us500(), "US500 on D1") if expression in ON_US500 else (eurusd(), "EURUSD on H1")
        plan = plan_of(expression, trade)
        node = plan.nodes[plan.lets[0].node]
        amounts = [plan.nodes[arg]["value"] for arg in node.args[len(row.inputs) :]]
        known = int(np.argmin(np.isnan(numeric(probe(expression, market, trade))))) + 1
        stated = row.warm_up(*amounts)[0]
        latest[stated] = max(latest.get(stated, 0), known)
    for stated, known in latest.items():
        assert known >= stated if name in NOT_AT_ONCE else known == stated


def test_a_pivot_is_known_as_soon_as_the_table_states() -> None:
    highs = [1.0, 2.0, 3.0, 2.0, 2.0, 2.0, 2.0]
    found = probe("pivot_high(2, 3)", market(highs, open=highs))
    stated = BUILTINS["pivot_high"].warm_up(2, 3)[0]
    assert np.isnan(found[: stated - 1]).all()
    assert found[stated - 1] == 3


@pytest.mark.parametrize(("first_hour", "known"), [(22, 0), (23, 23)])
def test_vwap_needs_a_whole_trading_day(first_hour: int, known: int) -> None:
    """17:00 New York is 22:00 UTC in winter; with an earlier start the day is not known from its beginning."""
    times = MONDAY + 86_400_000_000_000 + (first_hour + np.arange(40)) * HOUR
    found = probe("vwap", market(1.1 + 0.001 * np.arange(40), times=times))
    assert int(np.argmin(np.isnan(found))) == known
