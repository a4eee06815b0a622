"""The generated sets that have names, and how their symbols move. Everything here is SYNTHETIC.

Seeds of the index were chosen so that it ends higher than it began, as the real one did; the others
were not chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Character:
    """How one symbol moves. `yearly` is its volatility and `drift` its growth, as ratios a year."""

    symbol: str
    start: float
    yearly: float
    drift: float = 0.0
    shared: float = 0.0
    """Correlation of its moves with the factor that all symbols of a set share, −1 to 1."""
    follows: str | None = None
    """An earlier symbol of the set that it is cointegrated with: it stays near a fixed ratio to it."""
    strays: float = 0.0
    """How far it strays from that ratio: standard deviation, as a ratio."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A set to generate: symbols, timeframe, first date, number of bars and seed."""

    name: str
    characters: tuple[Character, ...]
    timeframe: str
    start: str
    bars: int
    seed: int


_EUR = Character("EURUSD", 1.12, 0.08, shared=0.75)
_AUD = Character("AUDUSD", 0.72, 0.11, shared=0.65)
_NZD = Character("NZDUSD", 0.67, 0.11, follows="AUDUSD", strays=0.012)
_US500 = Character("US500", 1400.0, 0.17, drift=0.07)

SETS = {
    spec.name: spec
    for spec in (
        Spec(
            "fx_basket_h1",
            (
                _EUR,
                Character("GBPUSD", 1.34, 0.09, shared=0.65),
                Character("USDJPY", 114.5, 0.09, shared=-0.5),
                _AUD,
                Character("USDCHF", 0.92, 0.08, shared=-0.7),
                Character("USDCAD", 1.27, 0.07, shared=-0.6),
                _NZD,
            ),
            "H1",
            "2022-01-03",
            12_480,
            20_220,
        ),
        Spec("eurusd_m1", (_EUR,), "M1", "2022-01-03", 200_000, 1),
        Spec("eurusd_m15", (_EUR,), "M15", "2022-01-03", 49_920, 2),
        Spec("gold_m15", (Character("XAUUSD", 1820.0, 0.15, drift=0.03),), "M15", "2022-01-03", 47_840, 3),
        Spec("btc_h1", (Character("BTCUSD", 38_000.0, 0.6, drift=0.1),), "H1", "2022-01-03", 17_520, 4),
        Spec("pair_h1", (_AUD, _NZD), "H1", "2022-01-03", 12_480, 5),
        Spec("us500_d1", (_US500,), "D1", "2012-01-02", 2_600, 7),
        Spec("us500_h1", (replace(_US500, start=4700.0),), "H1", "2022-01-03", 11_960, 8),
    )
}
