"""What a backtest returns: columns first, objects only when somebody reads them.

All times are UTC nanoseconds; money is in account currency; prices in quote currency.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Account:
    """The simulated account and its costs. Rates and percentages are in per cent."""

    cash: float = 10_000.0
    currency: str = "USD"
    mode: str = "netting"
    """`netting` or `hedging`, as MT5 names them."""
    leverage: float | None = None
    """Caps the instruments' own leverage."""
    commission_per_lot: float = 0.0
    """Money per lot and side."""
    slippage: str = "none"
    """`none`, `points:N` (always against us on market and stop fills) or `atr:F` (F × true range)."""
    stop_out_percent: float = 50.0
    """Equity / margin at which the broker closes, largest loss first."""
    swap: bool = True
    day_start: str = "17:00 America/New_York"
    """Start of the day for daily limits."""


@dataclass(frozen=True, slots=True)
class Trade:
    """One closed part of a position: an entry fill matched with an exit fill, first in first out."""

    position: int
    symbol: str
    side: str
    rule: str
    entry_time: int
    entry_price: float
    exit_time: int
    exit_price: float
    exit_reason: str
    """`stop`, `target`, `exit:<rule>`, `manage:<line number>`, `reverse`, `daily_loss`, `stop_out`, `end`."""
    lots: float
    stop: float | None
    """Stop at entry, None when NO STOP LOSS."""
    target: float | None
    risk: float
    """Money lost at the first stop, for these lots; 0 without a stop."""
    profit: float
    """Price difference in money, before costs."""
    commission: float
    swap: float
    """Signed: positive is earned."""
    ambiguous: bool
    bars_held: int
    mae: float
    """Largest adverse move from entry while open, in price."""
    mfe: float
    slippage: float = 0.0
    """Money that slippage cost on entry and exit; already inside the prices, hence inside `profit`."""

    @property
    def net(self) -> float:
        return self.profit + self.swap - self.commission

    @property
    def r(self) -> float | None:
        """Net result in multiples of the risk at entry."""
        return self.net / self.risk if self.risk > 0 else None


@dataclass(frozen=True, slots=True)
class Event:
    """Something the engine did or declined to do, with its stable code and figures."""

    time: int
    symbol: str
    code: str
    rule: str
    values: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Trades:
    """Trades as columns, in the order of their exits; `rows()` makes objects.

    One column for each field of `Trade`, in its order; `slippage` may be absent when there was none.
    """

    columns: dict[str, NDArray[np.generic]]
    symbols: tuple[str, ...]
    rules: tuple[str, ...]
    reasons: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.columns["entry_time"])

    def rows(self) -> Iterator[Trade]:
        """Codes in the `symbol`, `rule` and `exit_reason` columns become names, NaN becomes None."""
        c = {name: column.tolist() for name, column in self.columns.items()}
        for i in range(len(self)):
            yield Trade(
                position=c["position"][i],
                symbol=self.symbols[c["symbol"][i]],
                side="long" if c["side"][i] > 0 else "short",
                rule=self.rules[c["rule"][i]],
                entry_time=c["entry_time"][i],
                entry_price=c["entry_price"][i],
                exit_time=c["exit_time"][i],
                exit_price=c["exit_price"][i],
                exit_reason=self.reasons[c["exit_reason"][i]],
                lots=c["lots"][i],
                stop=None if isnan(c["stop"][i]) else c["stop"][i],
                target=None if isnan(c["target"][i]) else c["target"][i],
                risk=c["risk"][i],
                profit=c["profit"][i],
                commission=c["commission"][i],
                swap=c["swap"][i],
                ambiguous=bool(c["ambiguous"][i]),
                bars_held=c["bars_held"][i],
                mae=c["mae"][i],
                mfe=c["mfe"][i],
                slippage=c["slippage"][i] if "slippage" in c else 0.0,
            )


@dataclass(frozen=True, eq=False)
class Curve:
    """Account figures at the close of every base bar of the run (all symbols merged, by time)."""

    time: Ints
    """`ts_close` of the bar."""
    equity: Floats
    """Cash plus floating result at the closing side's price."""
    balance: Floats
    """Cash: start + realised results − costs."""
    exposure: Floats
    """Sum of absolute notional over equity."""


@dataclass(frozen=True, eq=False)
class BacktestResult:
    """Everything a report needs; nothing here reads a clock or a file."""

    plan_sha256: str
    strategy: str
    version: int
    settings: dict[str, float]
    """Parameter values used, all of them."""
    account: Account
    data: tuple[DataUsed, ...]
    start: int
    end: int
    curve: Curve
    trades: Trades
    events: tuple[Event, ...]
    counts: dict[str, int] = field(default_factory=dict)
    """Events by code, `ambiguous`, `orders`, `bars`, `decisions` …"""
    compiled: bool = True


@dataclass(frozen=True, slots=True)
class DataUsed:
    symbol: str
    timeframe: str
    source: str
    sha256: str
    bars: int
    first: int
    last: int
    synthetic: bool
    spread_stated: bool
