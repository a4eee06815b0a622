"""Instruments: what one lot, one tick and one night of a symbol are worth."""

from __future__ import annotations

from dataclasses import dataclass


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

    @property
    def tick_value(self) -> float:
        """Profit of one lot for one tick, in the quote currency."""
        return self.tick_size * self.contract_size
