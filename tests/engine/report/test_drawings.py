"""Axes, lines, histogram, heat and candles."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.instruments import load_instruments
from data.timeframes import DAY, HOUR, MINUTE
from engine.metrics import Month
from engine.report.candles import MOST_CANDLES, chart_of
from engine.report.heat import years_of
from engine.report.histogram import bins_of, histogram_svg
from engine.report.lines import DESK, PHONE, equity_svg, hover_points, thinned
from engine.report.scale import Scale, date_ticks, decimals, ticks
from tests.engine.made_up import MONDAY, bars_from, random_bars, random_trades, trade


def test_ticks_are_round_and_inside():
    assert ticks(0, 10, 5) == [0, 2, 4, 6, 8, 10]
    assert ticks(9_480, 11_020, 5) == [9_500, 10_000, 10_500, 11_000]
    assert decimals(ticks(1.05, 1.09, 4)) == 2
    assert decimals(ticks(0, 1, 4)) == 2
    assert decimals([0, 25, 50]) == 0


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(2, 12))
def test_ticks_are_few_and_in_range(low, width, about):
    found = ticks(low, low + width, about)
    slack = width * 1e-6 + abs(low) * 1e-12
    assert len(found) <= about + 2
    assert all(low - slack <= value <= low + width + slack for value in found)


@pytest.mark.parametrize(("days", "first"), [(3, "3 Jan"), (100, "Feb 2017"), (700, "Mar 2017"), (9_000, "2019")])
def test_dates_on_the_axis(days, first):
    start = MONDAY + 8 * HOUR
    found = date_ticks(start, start + days * DAY, 12)
    assert 1 <= len(found) <= 13
    assert found[0][1] == first
    assert all(start <= moment <= start + days * DAY for moment, _ in found)


def test_scale():
    assert Scale(0, 10, 100, 200)(5) == 150


@pytest.mark.parametrize("count", [1, 2, 100, 5_000, 100_000])
def test_a_thinned_line_keeps_its_ends_and_extremes(count):
    values = np.cumsum(np.random.default_rng(count).normal(size=count))
    time = np.arange(count) * MINUTE
    kept = thinned(time, values, 500)
    assert len(kept) <= 2_000
    assert {0, count - 1, int(values.argmin()), int(values.argmax())} <= set(kept.tolist())
    assert np.all(np.diff(kept) > 0)


@pytest.mark.parametrize("frame", [DESK, PHONE])
@pytest.mark.parametrize("equity", [np.array([10_000.0]), np.full(50, 10_000.0), np.linspace(10_000, -500, 3_000)])
def test_the_equity_drawing_stays_in_its_frame(frame, equity):
    time = MONDAY + np.arange(1, len(equity) + 1) * HOUR
    drawn = str(equity_svg(time, equity, equity[::-1], 10_000.0, frame, "<Equity>"))
    assert "nan" not in drawn
    assert "inf" not in drawn
    assert "&lt;Equity&gt;" in drawn
    for points in re.findall(r'points="([^"]+)"', drawn):
        for point in points.split():
            across, down = map(float, point.split(","))
            assert 0 <= across <= frame.width
            assert 0 <= down <= frame.equity_height + frame.fall_height + 80


def test_hover_points_are_bounded_and_end_at_the_end():
    time = MONDAY + np.arange(10_000) * HOUR
    found = hover_points(time, np.linspace(100, 90, 10_000), None, 100.0)
    assert len(found["time"]) == 1_500
    assert found["equity"][-1] == 90.0
    assert found["fall"][-1] == -10.0
    assert found["benchmark"] is None


@given(st.lists(st.floats(-1_000, 1_000), min_size=1, max_size=200))
def test_every_result_is_in_one_bin_and_gains_are_apart_from_losses(values):
    results = np.array(values)
    edges, counts, width = bins_of(results)
    assert counts.sum() == len(results)
    assert len(counts) <= 45
    assert 0.0 in edges
    assert counts[edges >= 0].sum() == (np.floor(results / width + 1e-9) >= 0).sum()
    assert "nan" not in str(histogram_svg(results, float(results.mean())))


def test_a_clean_loss_of_one_r_is_not_moved_by_rounding():
    edges, counts, _ = bins_of(np.array([-1.0000000000001, -1.0, -0.9999999999999]))
    assert counts[edges == -1.0] == 3


def test_months_compound_to_years():
    found = years_of([Month(2017, 11, 10.0, 1.0), Month(2017, 12, -5.0, 1.0), Month(2018, 1, 0.0, None)])
    assert [year.year for year in found] == [2017, 2018]
    assert found[0].total == pytest.approx(4.5)
    assert found[0].benchmark == pytest.approx(2.01)
    assert found[1].benchmark is None
    assert [cell.shade for cell in found[0].months[:10]] == ["none"] * 10


def test_months_are_shaded_by_size_and_one_wild_month_does_not_hide_the_others():
    returns = [0.0, 0.04, 1.0, -2.0, 3.0, -4.0, 2.0, 2.5, -1.5, 3.9, 50.0, 1.0]
    found = years_of([Month(2017, n, value, None) for n, value in enumerate(returns, start=1)])
    shades = [cell.shade for cell in found[0].months]
    assert shades[:6] == ["h0", "h0", "up2", "down3", "up4", "down4"]
    assert shades[10] == "up4"
    assert years_of([]) == ()


def decoded(packed):
    """The bars that the page's script reads out of the payload."""
    scale = 10 ** packed["digits"]
    time = close = 0
    out = []
    for step, o, h, low, c in zip(*(packed[name] for name in ("time", "open", "high", "low", "close")), strict=True):
        time += step
        opened = close + o
        close = opened + c
        out.append((time, opened, max(opened, close) + h, min(opened, close) - low, close))
    return [(t, *(value / scale for value in prices)) for t, *prices in out]


def test_candles_survive_packing():
    bars = random_bars(count=300)
    chart = chart_of([], {"EURUSD": bars}, load_instruments(), int(bars.ts_close[0]), int(bars.ts_close[-1]))
    found = decoded(chart.payload["symbols"]["EURUSD"])
    assert [row[0] for row in found] == (bars.ts_open // 1_000_000_000).tolist()
    for place, column in enumerate((bars.open, bars.high, bars.low, bars.close), start=1):
        assert [row[place] for row in found] == pytest.approx(column.tolist(), abs=1e-9)
    assert (chart.shown, chart.total) == (300, 300)


def test_only_bars_of_the_run_and_a_few_before_it_are_drawn():
    bars = random_bars(count=1_000)
    chart = chart_of([], {"EURUSD": bars}, {}, int(bars.ts_close[500]), int(bars.ts_close[699]))
    assert (chart.shown, chart.total) == (260, 260)


def test_many_bars_are_bounded_and_the_latest_trades_served_first():
    bars = random_bars(count=100_000, step=MINUTE, timeframe="M1")
    listed = list(enumerate(random_trades(bars, 2_000), start=1))
    chart = chart_of(listed, {"EURUSD": bars}, load_instruments(), int(bars.ts_close[0]), int(bars.ts_close[-1]))
    assert chart.shown <= MOST_CANDLES
    assert chart.total == 100_000
    assert max(chart.charted) == len(listed)
    assert chart.charted == frozenset(range(min(chart.charted), len(listed) + 1))
    packed = chart.payload["symbols"]["EURUSD"]
    times = {row[0] for row in decoded(packed)}
    assert all(row["from"] in times and row["to"] in times for row in chart.payload["trades"])
    assert packed["gaps"]


def test_without_trades_the_latest_bars_are_drawn():
    bars = random_bars(count=MOST_CANDLES + 1, step=MINUTE, timeframe="M1")
    chart = chart_of([], {"EURUSD": bars}, {}, int(bars.ts_close[0]), int(bars.ts_close[-1]))
    assert chart.shown == 2_000
    assert decoded(chart.payload["symbols"]["EURUSD"])[-1][0] == bars.ts_open[-1] // 1_000_000_000


def test_a_trade_held_for_very_long_shows_its_beginning_and_its_end():
    bars = random_bars(count=90_000, step=MINUTE, timeframe="M1")
    held = trade(entry_time=int(bars.ts_open[100]), exit_time=int(bars.ts_open[89_000]))
    chart = chart_of([(1, held)], {"EURUSD": bars}, {}, int(bars.ts_close[0]), int(bars.ts_close[-1]))
    assert chart.charted == {1}
    assert chart.shown < 3_000
    assert len(chart.payload["symbols"]["EURUSD"]["gaps"]) == 1


def test_a_price_of_an_unknown_instrument_keeps_five_digits():
    bars = bars_from("EURUSD", np.full(5, 1.23456))
    chart = chart_of([], {"EURUSD": bars}, {}, int(bars.ts_close[0]), int(bars.ts_close[-1]))
    assert chart.payload["symbols"]["EURUSD"]["digits"] == 4
