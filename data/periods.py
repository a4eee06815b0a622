"""The periods of a timeframe: which one a time falls into, when each begins and ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.instruments import Instrument
from data.sessions import (
    day_end,
    day_start,
    month_span,
    months_of,
    next_trading_day,
    previous_trading_day,
    trading_day,
)
from data.timeframes import Timeframe

Times = NDArray[np.int64]


def period_of(ts: Times, timeframe: Timeframe, instrument: Instrument) -> Times:
    """Number of the period each UTC instant falls into; later periods have larger numbers."""
    if timeframe.fixed is not None:
        return ts // timeframe.fixed
    return period_of_day(trading_day(ts, instrument), timeframe)


def period_of_day(days: Times, timeframe: Timeframe) -> Times:
    """Number of the day, week or month period of each trading day."""
    if timeframe.unit == "D":
        return days // timeframe.count
    if timeframe.unit == "W":
        return (days + 3) // 7
    return months_of(days)


def period_span(periods: Times, timeframe: Timeframe, instrument: Instrument) -> tuple[Times, Times]:
    """When each period begins and ends (UTC ns).

    Weeks, months and groups of days begin with their first trading day and end with their last one
    by weekday, so that a week of currencies ends on Friday at 17:00 New York.
    """
    if timeframe.fixed is not None:
        return periods * timeframe.fixed, (periods + 1) * timeframe.fixed
    if timeframe.unit == "D":
        first, last = periods * timeframe.count, (periods + 1) * timeframe.count - 1
    elif timeframe.unit == "W":
        first, last = periods * 7 - 3, periods * 7 + 3
    else:
        first, last = month_span(periods)
    first = next_trading_day(first, instrument)
    last = previous_trading_day(last, instrument)
    return day_start(first, instrument), day_end(last, instrument)
