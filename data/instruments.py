"""Instruments: what one lot, one tick and one night of a symbol are worth.

The shipped ones are in `instruments.toml`; a file of the same form adds others, or replaces a
shipped one of the same symbol with a broker's own figures.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import Any

from data.aliases import candidates
from data.errors import DataError, reason_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Session:
    """Trading hours of one weekday in the instrument's zone; `close` may be `24:00`."""

    day: str
    open: str
    close: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """Contract facts of one symbol, in the terms MT5 uses."""

    symbol: str
    name: str
    asset_class: str
    """fx, metal, index, crypto, stock."""
    digits: int
    point: float
    """Smallest digit of the quote, 10 ** -digits."""
    pip: float
    """What traders call a pip: 10 points for 3- and 5-digit quotes, else as listed."""
    tick_size: float
    contract_size: float
    """Units of the base in one lot."""
    base_currency: str
    quote_currency: str
    """Currency of prices and of profit."""
    margin_currency: str
    lot_min: float
    lot_step: float
    lot_max: float
    leverage: float
    """Notional / margin."""
    swap_mode: str
    """`points` or `percent` a year of notional, per lot and night."""
    swap_long: float
    swap_short: float
    swap_triple_day: str
    """Weekday on which three nights are charged."""
    stops_level: float
    """Smallest distance of stop and target from the market, in points."""
    typical_spread: float
    """In pips; used only where a spread must be stated and the user states none."""
    day_boundary: str
    """Start of the trading day, HH:MM in `zone`."""
    zone: str
    sessions: tuple[Session, ...]
    aliases: tuple[str, ...]
    since: str = ""
    """Date of the first real quote (YYYY-MM-DD); empty when nobody has said."""
    plausible: tuple[float, float] = (0.0, inf)
    """Wide bounds of any price it has had, to notice scaled files."""

    @property
    def tick_value(self) -> float:
        """Profit of one lot for one tick, in the quote currency."""
        return self.tick_size * self.contract_size


class Instruments(Mapping[str, Instrument]):
    """Instruments by symbol, found by any alias or broker spelling."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._by_symbol = {i.symbol: i for i in instruments}
        names = [(i.symbol, name) for i in self._by_symbol.values() for name in (i.symbol, *i.aliases)]
        self._names: tuple[tuple[str, str], ...] = tuple(names)
        self._found: dict[str, Instrument] = {}

    def __getitem__(self, symbol: str) -> Instrument:
        return self._by_symbol[symbol]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_symbol)

    def __len__(self) -> int:
        return len(self._by_symbol)

    def find(self, symbol: str) -> Instrument:
        """The one instrument that `symbol` names, as itself, an alias or a broker's spelling of one.

        Raises `DataError` RW701 when there is none and RW702, naming the candidates, when there are
        several.
        """
        if symbol in self._by_symbol:
            return self._by_symbol[symbol]
        if symbol not in self._found:
            self._found[symbol] = self._resolve(symbol)
        return self._found[symbol]

    def _resolve(self, symbol: str) -> Instrument:
        found = candidates(symbol, self._names)
        if len(found) == 1:
            return self._by_symbol[found[0]]
        if found:
            listed = ", ".join(found)
            raise DataError("RW702", f"“{symbol}” could mean {listed}.", f"Write one of {listed}.")
        near = self._nearest(symbol)
        hint = f"Did you mean {near}?" if near else f"Known: {', '.join(self)}."
        raise DataError(
            "RW701", f"There is no instrument “{symbol}”.", hint + " Others can be described in a TOML file."
        )

    def _nearest(self, symbol: str) -> str | None:
        from difflib import get_close_matches

        by_name = {name.upper(): target for target, name in self._names}
        close = get_close_matches(symbol.upper(), by_name, n=1, cutoff=0.7)
        return by_name[close[0]] if close else None


@lru_cache(maxsize=16)
def load_instruments(*extra: Path) -> Instruments:
    """The shipped instruments, with those of `extra` TOML files added or put in their place.

    Raises `DataError` RW726 when a file is not there and RW727 when an entry cannot be used.
    """
    loaded: dict[str, Instrument] = {}
    for path in (Path(__file__).with_name("instruments.toml"), *extra):
        loaded.update((i.symbol, i) for i in _read(path))
    return Instruments(loaded.values())


def find(symbol: str) -> Instrument:
    """The shipped instrument that `symbol` names; see `Instruments.find`."""
    return load_instruments().find(symbol)


def _read(path: Path) -> list[Instrument]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError("RW726", f"The instrument file {path} is not there.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError("RW727", f"The instrument file {path} cannot be read: {reason_of(error)}.") from None
    defaults = raw.pop("defaults", {})
    return [_instrument(path, symbol, entry, defaults) for symbol, entry in raw.items()]


def _instrument(path: Path, symbol: str, entry: Any, defaults: Mapping[str, Any]) -> Instrument:
    def refuse(what: str) -> DataError:
        return DataError("RW727", f"{path.name}, [{symbol}]: {what}")

    if not isinstance(entry, dict):
        raise refuse("this is not a table of facts.")
    if "class" in entry and entry["class"] not in defaults:
        raise refuse(f"there is no [defaults.{entry['class']}].")
    facts: dict[str, Any] = {"symbol": symbol, **defaults.get(entry.get("class", ""), {}), **entry}
    facts.pop("class", None)
    digits = facts.get("digits", 0)
    if not isinstance(digits, int) or not 0 <= digits <= 10:
        raise refuse("`digits` must be a whole number from 0 to 10.")
    point = facts.setdefault("point", float(f"1e-{digits}"))
    if digits in (3, 5):
        facts.setdefault("pip", float(f"1e-{digits - 1}"))
    facts.setdefault("tick_size", point)
    facts.setdefault("margin_currency", facts.get("base_currency"))
    facts.setdefault("aliases", [])
    known = {f.name: f.type for f in fields(Instrument)}
    if unknown := sorted(facts.keys() - known.keys()):
        raise refuse(f"`{unknown[0]}` is not a fact of an instrument; there are {', '.join(known)}.")
    if absent := [name for name in known if name not in facts and name not in ("since", "plausible")]:
        raise refuse(f"`{absent[0]}` is missing.")
    for name, kind in known.items():
        if name not in facts:
            continue
        if kind == "float":
            if not isinstance(facts[name], (int, float)) or isinstance(facts[name], bool):
                raise refuse(f"`{name}` must be a number.")
            facts[name] = float(facts[name])
        elif kind == "str" and not isinstance(facts[name], str):
            raise refuse(f"`{name}` must be text in quotes.")
    for name in ("point", "pip", "tick_size", "contract_size", "lot_min", "lot_step", "lot_max", "leverage"):
        if not facts[name] > 0:
            raise refuse(f"`{name}` must be above zero.")
    try:
        facts["sessions"] = _sessions(facts["sessions"])
        facts["aliases"] = tuple(str(alias) for alias in facts["aliases"])
        facts["plausible"] = tuple(float(bound) for bound in facts.get("plausible", (0.0, inf)))
        _check_clocks(facts["day_boundary"], facts["zone"])
    except (KeyError, TypeError, ValueError, DataError) as error:
        raise refuse(str(error).rstrip(".") + ".") from None
    return Instrument(**facts)


def _sessions(raw: Iterable[Mapping[str, Any]]) -> tuple[Session, ...]:
    from data.clocks import clock_minutes

    out: list[Session] = []
    for item in raw:
        if clock_minutes(item["open"]) >= clock_minutes(item["close"]):
            raise ValueError(f"a session from {item['open']} to {item['close']} has no length")
        for day in item["days"]:
            if day not in WEEKDAYS:
                raise ValueError(f"“{day}” is not a weekday")
            out.append(Session(day, item["open"], item["close"]))
    if not out:
        raise ValueError("`sessions` must not be empty")
    return tuple(sorted(out, key=lambda s: (WEEKDAYS.index(s.day), s.open)))


def _check_clocks(boundary: str, zone: str) -> None:
    from data.clocks import clock_minutes, resolve_zone

    clock_minutes(boundary)
    resolve_zone(zone)
