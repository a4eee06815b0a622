"""Figures of a backtest: pure functions over the columns of `engine.result`."""

from engine.metrics.bootstrap import DEFAULT_SEED, Bootstrap, Interval
from engine.metrics.costs import Costs, Turnover
from engine.metrics.measure import Benchmark, Exposure, Metrics, Month, measure
from engine.metrics.performance import Drawdown, Performance
from engine.metrics.positions import Group, TradeFigures

__all__ = [
    "DEFAULT_SEED",
    "Benchmark",
    "Bootstrap",
    "Costs",
    "Drawdown",
    "Exposure",
    "Group",
    "Interval",
    "Metrics",
    "Month",
    "Performance",
    "TradeFigures",
    "Turnover",
    "measure",
]
