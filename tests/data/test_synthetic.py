"""Generated prices: the same bytes for the same seed, and a market that looks like one."""

from __future__ import annotations

import numpy as np
import pytest

from data.bars import COLUMNS
from data.errors import DataError
from data.findings import findings
from data.instruments import find
from data.synthetic import generate
from data.synthetic_sets import SETS, Character, Spec
from data.timeframes import HOUR


def changes(name: str, **more: int) -> dict[str, np.ndarray]:
    return {b.symbol: np.diff(b.close) / b.close[:-1] for b in generate(name, **more)}


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_labelled_clean_and_within_hours(name: str) -> None:
    for bars in generate(name, bars=3_000):
        assert bars.synthetic
        assert bars.source.startswith(f"SYNTHETIC {name}")
        assert f"seed {SETS[name].seed}" in bars.source
        assert len(bars) == 3_000
        assert (bars.spread > 0).all()
        assert (bars.high >= bars.low).all()
        assert {w.code for w in findings(bars, find(bars.symbol))} <= {"RW759"}
        ticks = bars.close / find(bars.symbol).tick_size
        assert np.allclose(ticks, np.rint(ticks), atol=1e-6)


def test_the_seed_decides_everything() -> None:
    first, again, other = (generate("pair_h1", seed=s, bars=500) for s in (1, 1, 2))
    assert [b.sha256 for b in first] == [b.sha256 for b in again]
    assert [b.sha256 for b in first] != [b.sha256 for b in other]


PINNED = {
    "btc_h1": "ae073d9cee0d97fb",
    "eurusd_m1": "43199d72c094db48",
    "pair_h1": "d67cd79467297ee5",
    "us500_d1": "7996c97686e94e14",
}


def test_the_bytes_are_pinned() -> None:
    """On every machine and version of NumPy. A change here changes every synthetic proof."""
    assert {name: generate(name, bars=1_000)[-1].sha256[:16] for name in PINNED} == PINNED


@pytest.mark.parametrize("name", ["pair_h1", "gold_m15", "us500_d1"])
def test_fewer_bars_are_the_beginning_of_more(name: str) -> None:
    for short, long in zip(generate(name, bars=300), generate(name, bars=900), strict=True):
        for column in COLUMNS:
            assert np.array_equal(getattr(short, column), getattr(long, column)[:300]), column


def test_majors_move_together_as_the_dollar_does() -> None:
    moves = changes("fx_basket_h1")
    assert len(moves) == 7
    pair = {(a, b): float(np.corrcoef(moves[a], moves[b])[0, 1]) for a in moves for b in moves}
    assert pair["EURUSD", "GBPUSD"] > 0.2
    assert pair["EURUSD", "USDCHF"] < -0.2
    assert pair["EURUSD", "USDJPY"] < -0.1
    assert pair["AUDUSD", "NZDUSD"] > 0.8


def test_the_pair_is_cointegrated() -> None:
    """The ratio stays within a few per cent while each leg wanders, and returns to its mean often."""
    aussie, kiwi = generate("pair_h1")
    ratio = kiwi.close / aussie.close
    wander = aussie.close.max() / aussie.close.min() - 1
    assert ratio.max() / ratio.min() - 1 < 0.12 < wander
    assert (np.diff(np.sign(ratio - ratio.mean())) != 0).sum() > 100


@pytest.mark.parametrize(
    ("name", "low", "high"), [("fx_basket_h1", 0.05, 0.13), ("btc_h1", 0.4, 0.8), ("us500_d1", 0.12, 0.24)]
)
def test_a_year_is_about_as_volatile_as_stated(name: str, low: float, high: float) -> None:
    bars = generate(name)[0]
    years = (bars.ts_close[-1] - bars.ts_open[0]) / (365.25 * 24 * HOUR)
    yearly = changes(name)[bars.symbol].std() * np.sqrt(len(bars) / years)
    assert low < yearly < high


def test_spreads_widen_when_the_new_york_day_ends() -> None:
    bars = generate("eurusd_m15", bars=10_000)[0]
    from data.zones import clock_of

    hour = clock_of(bars.ts_open, "New_York")[1] // 60
    assert bars.spread[hour == 17].mean() > 2 * bars.spread[hour == 10].mean()
    reach = (bars.high - bars.low) / bars.close
    assert reach[hour == 9].mean() > 1.5 * reach[hour == 17].mean()


def test_weeks_begin_with_a_gap_and_bitcoin_never_closes() -> None:
    bars = generate("eurusd_m15", bars=10_000)[0]
    weekend = np.flatnonzero(np.diff(bars.ts_open) > 24 * HOUR)
    assert (bars.open[weekend + 1] != bars.close[weekend]).mean() > 0.8
    inside = np.setdiff1d(np.arange(len(bars) - 1), weekend)
    assert (bars.open[inside + 1] == bars.close[inside]).all()
    coin = generate("btc_h1", bars=1_000)[0]
    assert (np.diff(coin.ts_open) == HOUR).all()


def test_a_specification_of_ones_own() -> None:
    spec = Spec(
        "mine",
        (Character("XAUUSD", 2_000.0, 0.2), Character("BTCUSD", 50_000.0, 0.5, shared=0.5)),
        "H4",
        "2024-01-01",
        200,
        9,
    )
    gold, coin = generate(spec)
    assert (gold.symbol, coin.symbol, gold.timeframe, len(coin)) == ("XAUUSD", "BTCUSD", "H4", 200)


@pytest.mark.parametrize(("name", "bars", "code"), [("no_such", None, "RW726"), ("pair_h1", 0, "RW703")])
def test_what_cannot_be_generated(name: str, bars: int | None, code: str) -> None:
    with pytest.raises(DataError) as refused:
        generate(name, bars=bars)
    assert refused.value.code == code
