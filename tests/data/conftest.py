"""Times and small sets of bars, as tests write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from data.bars import Bars, make_bars
from data.timeframes import parse_timeframe

NS = 1_000_000_000


def instant(text: str) -> int:
    """`2017-03-15 09:00` in UTC as nanoseconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * NS


def written(ts: int) -> str:
    return datetime.fromtimestamp(int(ts) // NS, UTC).strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def at() -> Callable[[str], int]:
    return instant


@pytest.fixture
def show() -> Callable[[int], str]:
    return written


@pytest.fixture
def steady() -> Callable[..., Bars]:
    """Bars at the times given, whose closes count up from 1.0001 by a point's tenth."""

    def make(symbol: str, timeframe: str, times: list[str] | np.ndarray, **columns: object) -> Bars:
        opened = np.array([instant(t) for t in times], dtype=np.int64) if isinstance(times, list) else times
        span = parse_timeframe(timeframe).fixed
        assert span is not None
        close = np.round(1.0 + 0.0001 * np.arange(1, len(opened) + 1), 4)
        values: dict[str, object] = {
            "ts_open": opened,
            "ts_close": opened + span,
            "open": np.round(close - 0.0001, 4),
            "high": np.round(close + 0.0002, 4),
            "low": np.round(close - 0.0002, 4),
            "close": close,
            "volume": np.arange(1.0, len(opened) + 1),
            "spread": np.round(0.00001 * np.arange(1, len(opened) + 1), 5),
            "source": "test",
        }
        return make_bars(symbol, timeframe, **(values | columns))  # type: ignore[arg-type]  # columns by name

    return make
