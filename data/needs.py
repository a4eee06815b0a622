"""What a strategy reads, against what is at hand: every missing source, in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from data.bars import Bars
from data.checks import show_time
from data.errors import DataError
from data.market import Market


class SeriesNeed(Protocol):
    """Bars of one series, and how many of them before every value is known and settled."""

    @property
    def symbol(self) -> str: ...
    @property
    def timeframe(self) -> str: ...
    @property
    def first_valid(self) -> int: ...
    @property
    def settled(self) -> int: ...


class Needs(Protocol):
    """What `dsl.plan.DataNeeds` holds; only its shape matters here."""

    @property
    def series(self) -> Sequence[SeriesNeed]: ...
    @property
    def calendar(self) -> Sequence[str]: ...
    @property
    def sentiment(self) -> Sequence[str]: ...
    @property
    def models(self) -> Sequence[str]: ...
    @property
    def macro(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Missing:
    """One need that is not met. `stops`: nothing can be tested without it; else results are partial.

    `kind` is bars, history, calendar, sentiment, model or macro; `code` the data code, if one fits.
    """

    kind: str
    name: str
    sentence: str
    hint: str
    stops: bool = True
    code: str = "RW721"


@dataclass(frozen=True, slots=True)
class Satisfied:
    """One need that is met, and by what."""

    kind: str
    name: str
    sentence: str


def check_needs(
    needs: Needs, symbols: Collection[str], market: Market, installed: Mapping[str, Collection[str]] | None = None
) -> tuple[tuple[Satisfied, ...], tuple[Missing, ...]]:
    """What is there and what is missing for a strategy that trades `symbols`, in the needs' order.

    A series of symbol `self` is needed of each traded symbol. `installed` names the other sources
    at hand by kind: calendar and sentiment (currencies), model, macro (names).
    """
    met: list[Satisfied] = []
    lacking: list[Missing] = []
    for need in needs.series:
        for symbol in symbols if need.symbol == "self" else (need.symbol,):
            found = _series(need, symbol, market)
            (met if isinstance(found, Satisfied) else lacking).append(found)  # type: ignore[arg-type]  # one list each
    others = (
        ("calendar", needs.calendar, "scheduled news"),
        ("sentiment", needs.sentiment, "news sentiment"),
        ("model", needs.models, "the model"),
        ("macro", needs.macro, "the macro series"),
    )
    for kind, names, what in others:
        at_hand = (installed or {}).get(kind, ())
        for name in names:
            if name in at_hand:
                met.append(Satisfied(kind, name, f"{what} {_of(kind, name)} is installed."))
            else:
                lacking.append(
                    Missing(kind, name, f"The strategy reads {what} {_of(kind, name)}, and there is none.", _HOW[kind])
                )
    return tuple(met), tuple(lacking)


def missing(
    needs: Needs, symbols: Collection[str], market: Market, installed: Mapping[str, Collection[str]] | None = None
) -> tuple[Missing, ...]:
    """Only what is missing; see `check_needs`."""
    return check_needs(needs, symbols, market, installed)[1]


_HOW = {
    "calendar": "Take the news condition out, or install a calendar.",
    "sentiment": "Take the condition out, or record news sentiment first.",
    "model": "Take the condition out, or train and register the model.",
    "macro": "Take the condition out, or install the series with its publication dates.",
}


def _of(kind: str, name: str) -> str:
    if kind in ("model", "macro"):
        return f"“{name}”"
    return "for the traded symbols" if name == "self" else f"for {name}"


def _series(need: SeriesNeed, symbol: str, market: Market) -> Satisfied | Missing:
    name = f"{symbol} {need.timeframe}"
    try:
        bars = market.bars(symbol, need.timeframe)
    except DataError as error:
        return Missing("bars", name, error.sentence, error.hint, code=error.code)
    if len(bars) < need.first_valid:
        return Missing(
            "history",
            name,
            f"{name}: {_count(bars)}, and {need.first_valid:,} are needed before every value is known.",
            "Add older bars.",
            code="RW725",
        )
    if len(bars) < need.settled:
        return Missing(
            "history",
            name,
            f"{name}: {_count(bars)}, and averages settle only after {need.settled:,}.",
            "Add older bars; until then values depend on where history starts.",
            stops=False,
            code="RW725",
        )
    span = f"{show_time(int(bars.ts_open[0]))} to {show_time(int(bars.ts_close[-1]))}"
    return Satisfied("bars", name, f"{name}: {_count(bars)}, {span} UTC, {need.settled:,} of them to settle.")


def _count(bars: Bars) -> str:
    return f"{len(bars):,} bar{'s' if len(bars) != 1 else ''}"
