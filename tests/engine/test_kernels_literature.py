"""Values printed elsewhere, copied by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluate.pieces import ema, mean, rma
from tests.engine.probe import market, probe

STOCKCHARTS_RSI = [
    44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
    46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521,
    45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
]  # fmt: skip
"""Closes of QQQQ from 2009-12-14 on, as in the RSI worksheet of the StockCharts ChartSchool."""


def test_rsi_of_the_stockcharts_worksheet() -> None:
    printed = [
        70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38,
        54.71, 50.42, 39.99, 41.46, 41.87, 45.46, 37.30, 33.08, 37.77,
    ]  # fmt: skip
    found = probe("rsi(14)", market(STOCKCHARTS_RSI))
    assert np.isnan(found[:14]).all()
    assert found[14:] == pytest.approx(printed, abs=0.006)


def test_moving_averages_of_the_stockcharts_worksheet() -> None:
    """Ten-day averages of Intel, closes to the cent, from the moving-average page of the ChartSchool."""
    closes = np.array([
        22.27, 22.19, 22.08, 22.17, 22.18, 22.13, 22.23, 22.43, 22.24, 22.29, 22.15, 22.39, 22.38, 22.61, 23.36,
        24.05, 23.75, 23.83, 23.95, 23.63, 23.82, 23.87, 23.65, 23.19, 23.10, 23.33, 22.68, 23.10, 22.40, 22.17,
    ])  # fmt: skip
    simple = [22.22, 22.21, 22.23, 22.26, 22.31, 22.42, 22.61, 22.77, 22.91, 23.08, 23.21]
    exponential = [22.22, 22.21, 22.24, 22.27, 22.33, 22.52, 22.80, 22.97, 23.13, 23.28, 23.34]
    assert mean(closes, 10)[9:20] == pytest.approx(simple, abs=0.01)
    assert ema(closes, 10)[9:20] == pytest.approx(exponential, abs=0.01)


def test_a_first_true_range_is_high_less_low_and_the_average_is_wilders() -> None:
    """Worked by hand: ranges 2, 3, 2, 4, 1; ATR(3) = 7/3, then (7/3·2 + 4)/3 and so on."""
    prices = market(
        [10.0, 12.0, 11.0, 14.0, 14.0],
        open=[10.0, 11.0, 12.0, 13.0, 14.0],
        high=[11.0, 13.0, 12.0, 15.0, 14.5],
        low=[9.0, 11.0, 10.0, 12.0, 13.5],
    )
    assert probe("true_range", prices).tolist() == [2.0, 3.0, 2.0, 4.0, 1.0]
    third = 7 / 3
    fourth = (third * 2 + 4) / 3
    assert probe("atr(3)", prices)[2:] == pytest.approx([third, fourth, (fourth * 2 + 1) / 3])


def test_wilders_average_of_whole_numbers() -> None:
    """By hand: mean(4, 8) = 6, then 6 + (10 − 6)/2 = 8, then 8 + (2 − 8)/2 = 5."""
    assert rma(np.array([4.0, 8.0, 10.0, 2.0]), 2)[1:].tolist() == [6.0, 8.0, 5.0]
