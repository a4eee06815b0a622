"""SYNTHETIC prices from a seed: for tests, benchmarks and proofs that no embedded price can give.

Regimes (trend, range, volatile), gaps after closed hours, volatility and spread by hour of the
New York day, several symbols that share one factor, and cointegrated pairs. The numbers come from
PCG64's raw stream, which NumPy keeps stable, and from there on only from integer arithmetic and
the four operations and rounding of IEEE 754: no logarithm or exponential whose last bit depends on
the machine. The same seed therefore gives the same bytes everywhere, and fewer bars give the
beginning of more.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from data.bars import Bars, make_bars
from data.errors import DataError
from data.instruments import Instrument, find
from data.sessions import day_end, day_start, in_session, next_trading_day, session_time, trading_day
from data.synthetic_sets import SETS, Character, Spec
from data.timeframes import DAY, HOUR, parse_timeframe
from data.zones import clock_of

Floats = NDArray[np.float64]
Times = NDArray[np.int64]


_HOURS = {
    profile: np.array([int(tenths) / 10 for tenths in row.split()])
    for profile, row in {
        "fx": "8 9 12 15 14 11 10 12 17 16 16 13 10 9 9 8 6 5 6 8 9 8 7 7",
        "day": "5 5 6 8 8 8 8 9 14 20 18 13 10 11 13 17 8 5 5 5 5 5 5 5",
        "round": "9 9 9 10 10 10 10 10 12 13 13 12 11 11 11 10 10 9 9 10 10 9 9 9",
    }.items()
}
"""Tenths of the mean volatility by hour of the New York clock, from 0 to 23."""
_PROFILE = {"fx": "fx", "metal": "day", "index": "day", "stock": "day", "crypto": "round"}
_WIDE = {17: 4.0, 18: 1.6, 16: 1.5}
"""Multiples of the typical spread by New York hour: the end and the beginning of the trading day."""

_TREND, _RANGE, _VOLATILE = 0.07, 0.75, 1.7
_RANGE_LAG = 16
_CALM = 0.82
"""Takes back what regimes and hours add, so that a year comes out near `yearly`."""
_STRAY_LAG = 48
_UNIFORM = 1 / 65_536
_NORMAL = sqrt(3.0) / 65_536
"""Scales the sum of four 16-bit uniforms, less its mean, to a standard deviation of one."""


def generate(name: str | Spec, *, seed: int | None = None, bars: int | None = None) -> tuple[Bars, ...]:
    """The bars of a named set (`SETS`) or of a specification, one for each symbol.

    `seed` and `bars` replace those of the set. Raises `DataError` RW726 for an unknown name.
    """
    if isinstance(name, Spec):
        spec = name
    elif name in SETS:
        spec = SETS[name]
    else:
        listed = ", ".join(f"synthetic/{known}" for known in SETS)
        raise DataError("RW726", f"There is no generated set “{name}”.", f"Sets: {listed}.")
    spec = replace(spec, seed=spec.seed if seed is None else seed, bars=spec.bars if bars is None else bars)
    if spec.bars < 1:
        raise DataError("RW703", f"A generated set of {spec.bars} bars has none.")
    return tuple(_generate(spec))


def _generate(spec: Spec) -> list[Bars]:
    made: list[Bars] = []
    closes: dict[str, Floats] = {}
    shared = _normal(_raw(spec, 0, "shared", spec.bars + _RANGE_LAG))
    grids: dict[object, tuple[Times, Times]] = {}
    for index, character in enumerate(spec.characters, 1):
        instrument = find(character.symbol)
        hours = (instrument.zone, instrument.day_boundary, instrument.sessions)
        if hours not in grids:
            grids[hours] = _grid(spec, instrument)
        bars, closes[character.symbol] = _symbol(spec, index, character, instrument, *grids[hours], shared, closes)
        made.append(bars)
    return made


def _raw(spec: Spec, index: int, purpose: str, count: int) -> NDArray[np.uint64]:
    """A stream of its own for each symbol and purpose, so that lengths do not shift one another."""
    seeds = np.random.SeedSequence([spec.seed, index, int.from_bytes(purpose.encode(), "little")])
    return np.asarray(np.random.PCG64(seeds).random_raw(count))


def _sixteen(raw: NDArray[np.uint64], part: int) -> Times:
    """The `part`-th 16 bits (0 to 3) of each number."""
    return ((raw >> np.uint64(16 * part)) & np.uint64(0xFFFF)).astype(np.int64)


def _steps(raw: NDArray[np.uint64]) -> Times:
    """Whole numbers around zero: four 16-bit uniforms summed, nearly normal, never beyond 3.5 deviations."""
    return _sixteen(raw, 0) + _sixteen(raw, 1) + _sixteen(raw, 2) + _sixteen(raw, 3) - 131_070


def _normal(raw: NDArray[np.uint64]) -> Floats:
    return np.asarray(_steps(raw) * _NORMAL, dtype=np.float64)


def _grid(spec: Spec, instrument: Instrument) -> tuple[Times, Times]:
    """Openings and closings of the bars, from the first trading day on."""
    frame = parse_timeframe(spec.timeframe)
    first = int(np.datetime64(spec.start, "D").astype(np.int64))
    if frame.fixed is None:
        days = np.unique(next_trading_day(np.arange(first, first + 2 * spec.bars + 7, dtype=np.int64), instrument))
        days = days[: spec.bars]
        return day_start(days, instrument), day_end(days, instrument)
    begin = int(day_start(np.array([first], dtype=np.int64), instrument)[0])
    begin -= begin % frame.fixed
    week = np.diff(session_time(np.array([begin, begin + 7 * DAY], dtype=np.int64), instrument))[0]
    weeks = spec.bars * frame.fixed // int(week) + 2
    opened = np.arange(begin, begin + weeks * 7 * DAY, frame.fixed, dtype=np.int64)
    opened = opened[in_session(opened, instrument)][: spec.bars]
    return opened, opened + frame.fixed


def _symbol(
    spec: Spec,
    index: int,
    character: Character,
    instrument: Instrument,
    opened: Times,
    closed: Times,
    shared: Floats,
    closes: dict[str, Floats],
) -> tuple[Bars, Floats]:
    count = len(opened)
    hour = clock_of(opened, "America/New_York")[1] // 60
    busy = _HOURS[_PROFILE[instrument.asset_class]][hour] if spec.timeframe != "D1" else np.ones(count)
    a_year = _bars_a_year(spec, instrument)
    usual = _CALM * character.yearly / sqrt(a_year)
    volatility = usual * busy
    gap = np.concatenate(([False], opened[1:] - closed[:-1] >= 2 * HOUR))
    own = _normal(_raw(spec, index, "moves", count + _RANGE_LAG))
    noise = character.shared * shared[: count + _RANGE_LAG] + sqrt(1 - character.shared**2) * own
    moves, excited = _regimes(spec, index, noise)
    jumps = np.where(gap, 2.0 * volatility * _normal(_raw(spec, index, "gaps", count)), 0.0)
    if character.follows is None:
        returns = np.clip(volatility * moves + character.drift / a_year, -0.2, 0.2)
        close = character.start * np.multiply.accumulate((1 + jumps) * (1 + returns))
    else:
        leader = closes[character.follows]
        stray = _stray(_raw(spec, index, "stray", count + 2 * _STRAY_LAG)) * character.strays
        ratio = character.start / next(c.start for c in spec.characters if c.symbol == character.follows)
        close = leader * ratio * (1 + stray)
    bars = _dress(spec, index, instrument, opened, closed, close, jumps, gap, usual, busy * excited, hour)
    return bars, close


def _bars_a_year(spec: Spec, instrument: Instrument) -> float:
    frame = parse_timeframe(spec.timeframe)
    day = 20 * DAY
    if frame.fixed is None:
        days = trading_day(np.arange(day, day + 28 * DAY, DAY, dtype=np.int64), instrument)
        return len(np.unique(days)) * 13.0
    month = np.diff(session_time(np.array([day, day + 28 * DAY], dtype=np.int64), instrument))[0]
    return int(month) * 13.0 / frame.fixed


def _regimes(spec: Spec, index: int, noise: Floats) -> tuple[Floats, Floats]:
    """Moves in units of the bar's volatility, and how excited the market is, from stretches of
    150 to 661 bars: rising, falling, ranging (two of six) or volatile, or plain."""
    count = len(noise) - _RANGE_LAG
    raw = _raw(spec, index, "regimes", count // 150 + 1)
    lengths = 150 + _sixteen(raw, 0) % 512
    kind = np.repeat(_sixteen(raw, 1) % 6, lengths)[:count]
    now, before = noise[_RANGE_LAG:], noise[:count]
    drift = np.array([_TREND, -_TREND, 0.0, 0.0, 0.0, 0.0])[kind]
    pulled = np.array([0.0, 0.0, _RANGE, _RANGE, 0.0, 0.0])[kind]
    excited = np.array([1.0, 1.0, 0.8, 0.8, _VOLATILE, 0.9])[kind]
    return excited * (now - pulled * before) + drift, excited


def _stray(raw: NDArray[np.uint64]) -> Floats:
    """A stationary series with unit deviation: a moving mean of a moving mean, in whole numbers."""
    count = len(raw) - 2 * _STRAY_LAG
    sums = _steps(raw)
    for _ in range(2):
        total = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sums)))
        sums = total[_STRAY_LAG:] - total[:-_STRAY_LAG]
    # The sum has triangular weights 1 … L … 1, whose squares add up to L (2 L² + 1) / 3.
    deviation = sqrt(_STRAY_LAG * (2 * _STRAY_LAG**2 + 1) / 3)
    return np.asarray(sums[:count] * (_NORMAL / deviation), dtype=np.float64)


def _dress(
    spec: Spec,
    index: int,
    instrument: Instrument,
    opened: Times,
    closed: Times,
    close: Floats,
    jumps: Floats,
    gap: NDArray[np.bool_],
    usual: float,
    busy: Floats,
    hour: NDArray[np.int32],
) -> Bars:
    """Open, high, low, volume and spread around the closes, on the grid of ticks."""
    scale = float(10**instrument.digits)
    step = round(instrument.tick_size * scale)
    raw = _raw(spec, index, "bars", len(close))
    up, down, traded, wide = (_sixteen(raw, part) * _UNIFORM for part in range(4))
    ticks = np.maximum(np.rint(close * scale / step), 1.0)
    begin = np.empty_like(ticks)
    begin[0] = ticks[0]
    begin[1:] = np.where(gap[1:], np.rint(close[:-1] * (1 + jumps[1:]) * scale / step), ticks[:-1])
    begin = np.maximum(begin, 1.0)
    reach = usual * busy * close * scale / step
    high = np.maximum(begin, ticks) + np.rint(1.1 * reach * up * up)
    low = np.maximum(np.minimum(begin, ticks) - np.rint(1.1 * reach * down * down), 1.0)
    usual = instrument.typical_spread * instrument.pip * scale
    widened = np.array([_WIDE.get(h, 1.0) for h in range(24)])[hour] if spec.timeframe != "D1" else 1.0
    spread = np.maximum(np.rint(usual * widened * (0.8 + 0.4 * wide)), 1.0)
    return make_bars(
        instrument.symbol,
        spec.timeframe,
        ts_open=opened,
        ts_close=closed,
        open=begin * step / scale,
        high=high * step / scale,
        low=low * step / scale,
        close=ticks * step / scale,
        volume=np.rint(1 + 500 * busy * (0.5 + traded)),
        spread=spread / scale,
        source=f"SYNTHETIC {spec.name}, {instrument.symbol} {spec.timeframe}, seed {spec.seed}, "
        f"{len(close):,} bars from {spec.start}",
        synthetic=True,
    )
