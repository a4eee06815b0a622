"""How far luck alone could have moved the Sharpe ratio and the drawdown."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DEFAULT_SEED = 20_170_101
RESAMPLES = 1_000
LEVEL_PERCENT = 95.0
FEWEST_DAYS = 30
_CELLS = 1 << 19
"""Values handled at a time, so that memory stays small however long the history is."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Percentile intervals from resampled daily returns.

    `max_drawdown_percent` is measured at day ends. `sharpe_not_positive_percent`: share of the
    resamples whose Sharpe ratio is 0 or less.
    """

    sharpe: Interval
    max_drawdown_percent: Interval
    sharpe_not_positive_percent: float
    level_percent: float
    resamples: int
    mean_block_days: int
    seed: int


def stationary_indexes(count: int, rows: int, block: int, generator: np.random.Generator) -> Ints:
    """Indexes of `rows` stationary-bootstrap resamples of a series of `count` values.

    Each row is made of blocks of consecutive indexes with geometric length, mean `block`, starting
    anywhere and wrapping from the end to the beginning. Indexes are below `2 * count`: read them
    from the series written twice. Shape (rows, count).
    """
    begins = generator.random((rows, count)) < 1.0 / block
    begins[:, 0] = True
    places = np.flatnonzero(begins)
    starts = (generator.random(len(places)) * count).astype(np.int64)
    # Inside a row a block never outruns the row, so start + step stays below 2 * count.
    shift = np.repeat(starts - places, np.diff(places, append=rows * count))
    return (shift + np.arange(rows * count, dtype=np.int64)).reshape(rows, count)


def bootstrap(returns: Floats, per_year: int, seed: int = DEFAULT_SEED, resamples: int = RESAMPLES) -> Bootstrap | None:
    """95 % percentile intervals of the Sharpe ratio and the maximum drawdown.

    Stationary bootstrap of daily returns: blocks keep the dependence between neighbouring days,
    their mean length is the cube root of the number of days. None under 30 days or when the returns do
    not vary. A resample whose returns do not vary counts as a Sharpe ratio of 0.
    Source: Politis and Romano, The Stationary Bootstrap, Journal of the American Statistical
    Association 89 (1994); block length of order n^(1/3): Hall, Horowitz and Jing, Biometrika (1995).
    """
    count = len(returns)
    if count < FEWEST_DAYS or np.ptp(returns) <= 1e-12:
        return None
    block = max(1, round(count ** (1 / 3)))
    generator = np.random.Generator(np.random.PCG64(seed))
    twice = np.concatenate((returns, returns))
    rows = max(1, _CELLS // count)
    sharpes, falls = [], []
    for done in range(0, resamples, rows):
        sample = twice[stationary_indexes(count, min(rows, resamples - done), block, generator)]
        mean = sample.mean(axis=1)
        square = np.einsum("ij,ij->i", sample, sample) / count
        variance = np.maximum(square - mean * mean, 0.0) * count / (count - 1)
        varies = variance > 1e-14 * square
        sharpes.append(np.where(varies, mean / np.sqrt(np.where(varies, variance, 1.0)), 0.0))
        sample += 1.0
        np.maximum(sample, 0.0, out=sample)
        level = np.cumprod(sample, axis=1, out=sample)
        high = np.maximum(np.maximum.accumulate(level, axis=1), 1.0)
        falls.append(1.0 - np.min(level / high, axis=1))
    ratios = np.concatenate(sharpes) * sqrt(per_year)
    depths = 100 * np.concatenate(falls)
    tail = (100 - LEVEL_PERCENT) / 2
    return Bootstrap(
        sharpe=_percentiles(ratios, tail),
        max_drawdown_percent=_percentiles(depths, tail),
        sharpe_not_positive_percent=100 * float(np.mean(ratios <= 0)),
        level_percent=LEVEL_PERCENT,
        resamples=resamples,
        mean_block_days=block,
        seed=seed,
    )


def _percentiles(values: Floats, tail: float) -> Interval:
    low, high = np.percentile(values, [tail, 100 - tail])
    return Interval(float(low), float(high))
