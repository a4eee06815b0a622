"""What a strategy needs against what is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from data.bars import Bars
from data.market import Market
from data.needs import check_needs, missing
from data.synthetic import generate


@dataclass(frozen=True)
class Series:
    symbol: str
    timeframe: str
    first_valid: int = 10
    settled: int = 20
    unbounded: bool = False


@dataclass(frozen=True)
class Needs:
    series: tuple[Series, ...] = ()
    calendar: tuple[str, ...] = ()
    sentiment: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    macro: tuple[str, ...] = ()


@pytest.fixture
def market() -> Market:
    return Market(generate("pair_h1", bars=300))


def test_nothing_is_missing_when_all_is_there(market: Market) -> None:
    needs = Needs((Series("self", "H1"), Series("AUDUSD", "H4")))
    met, lacking = check_needs(needs, ["AUDUSD", "NZDUSD"], market)
    assert [m.name for m in met] == ["AUDUSD H1", "NZDUSD H1", "AUDUSD H4"]
    assert "300 bars" in met[0].sentence
    assert lacking == ()


@pytest.mark.parametrize(
    ("needs", "kind", "code", "says"),
    [
        (Needs((Series("EURUSD", "H1"),)), "bars", "RW721", "There are no bars of EURUSD"),
        (Needs((Series("self", "M15"),)), "bars", "RW722", "cannot be built"),
        (Needs((Series("self", "D1", first_valid=200),)), "history", "RW725", "200 are needed"),
        (Needs(calendar=("USD",)), "calendar", "RW721", "scheduled news for USD"),
        (Needs(sentiment=("self",)), "sentiment", "RW721", "for the traded symbols"),
        (Needs(models=("trend",)), "model", "RW721", "the model “trend”"),
        (Needs(macro=("CPIAUCSL",)), "macro", "RW721", "“CPIAUCSL”"),
    ],
)
def test_what_is_missing_is_named(needs: Needs, kind: str, code: str, says: str, market: Market) -> None:
    (gap,) = missing(needs, ["AUDUSD"], market)
    assert (gap.kind, gap.code, gap.stops) == (kind, code, True)
    assert says in gap.sentence
    assert gap.hint


def test_short_history_is_told_but_does_not_stop(market: Market) -> None:
    (gap,) = missing(Needs((Series("self", "H1", settled=400),)), ["AUDUSD"], market)
    assert not gap.stops
    assert "settle only after 400" in gap.sentence


def test_installed_sources_are_met(market: Market) -> None:
    needs = Needs(calendar=("USD",), models=("trend",))
    met, lacking = check_needs(needs, ["AUDUSD"], market, {"calendar": {"USD"}, "model": {"trend"}})
    assert [m.kind for m in met] == ["calendar", "model"]
    assert lacking == ()


def test_the_plans_own_needs_fit() -> None:
    from dsl.plan import DataNeeds, SeriesNeed

    bars: tuple[Bars, ...] = generate("eurusd_m15", bars=500)
    needs = DataNeeds(series=(SeriesNeed("self", "M15", 5, 9),))
    assert missing(needs, ["EURUSD"], Market(bars)) == ()
    assert np.all(bars[0].spread > 0)
