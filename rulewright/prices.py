"""Which prices a command works on: from its options, or from what the strategy's examples name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rulewright.console import note
from rulewright.errors import CliError

if TYPE_CHECKING:
    from data.errors import DataWarning
    from data.load import Loaded
    from data.market import Market
    from dsl.syntax import Given, Strategy


@dataclass(frozen=True, eq=False)
class Prices:
    """What was loaded, and what is odd about it."""

    market: Market
    warnings: tuple[DataWarning, ...]


@dataclass(frozen=True, slots=True)
class PriceSource:
    """The price options of a command, as given."""

    paths: tuple[str, ...] = ()
    symbol: str | None = None
    timeframe: str | None = None
    zone: str | None = None
    layout: str | None = None
    spread: float | None = None

    def market(self, tree: Strategy | None = None) -> Market:
        """Load the prices, showing what is odd about them; else as `load`."""
        prices = self.load(tree)
        for warning in prices.warnings:
            note(f"warning {warning.code}: {warning.sentence}")
        return prices.market

    def load(self, tree: Strategy | None = None) -> Prices:
        """Load the prices.

        Without --data, those that the examples of `tree` name. Raises `CliError` when nothing
        names any, and whatever the readers refuse.
        """
        from data.market import Market

        loaded: list[Loaded] = []
        if self.paths:
            loaded += [self._load(path, self.symbol, self.timeframe) for path in _files(self.paths)]
        else:
            given = examples_given(tree)
            if not given:
                raise CliError(
                    "RW909",
                    "Nothing says which prices to use.",
                    "Name them with --data FILE, or let an `example` of the strategy name them with `given`.",
                )
            loaded += [self._load(item.source, item.symbol, item.timeframe) for item in given]
        return Prices(
            Market([bars for each in loaded for bars in each.bars]), tuple(w for each in loaded for w in each.warnings)
        )

    def _load(self, path: str, symbol: str | None, timeframe: str | None) -> Loaded:
        from data.load import load_bars

        return load_bars(
            path, symbol=symbol, timeframe=timeframe, zone=self.zone, layout=self.layout, spread=self.spread
        )


def examples_given(tree: Strategy | None) -> list[Given]:
    """The `given` lines of all examples, each source once."""
    from dsl.syntax import Example

    seen: dict[tuple[str, str, str], Given] = {}
    for statement in tree.statements if tree else ():
        if isinstance(statement, Example):
            for given in statement.given:
                seen.setdefault((given.symbol, given.timeframe, given.source), given)
    return list(seen.values())


def _files(paths: Sequence[str]) -> list[str]:
    found: list[str] = []
    for path in paths:
        folder = Path(path)
        if folder.is_dir():
            inside = sorted(str(p) for p in folder.iterdir() if p.suffix.lower() in {".csv", ".parquet", ".txt"})
            if not inside:
                raise CliError("RW901", f"The folder {path} holds no prices (.csv, .txt or .parquet).")
            found += inside
        else:
            found.append(path)
    return found
