"""The door to price data: a path, `samples/NAME` or `synthetic/NAME` becomes validated bars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from data.bars import Bars
from data.errors import DataError, DataWarning
from data.instruments import Instruments, load_instruments

SAMPLES = Path(__file__).with_name("samples")
_KINDS = (".csv", ".gz", ".txt", ".tsv")


@dataclass(frozen=True, eq=False)
class Loaded:
    """Bars of one name, and what is odd about them."""

    bars: tuple[Bars, ...]
    warnings: tuple[DataWarning, ...] = ()


def load_bars(
    name: str | Path,
    *,
    symbol: str | None = None,
    timeframe: str | None = None,
    zone: str | None = None,
    layout: str | None = None,
    spread: float | None = None,
    instruments: Instruments | None = None,
) -> Loaded:
    """Bars from a CSV or Parquet file, an embedded sample or a generated set.

    `samples/eurusd_h1.csv` and `synthetic/fx_basket_h1` come with Rulewright and work in any folder;
    a file of that path in the current folder comes first. `symbol`, `timeframe`, `zone` and `layout`
    answer what a file does not say; `spread` (pips) replaces its spread. Raises `DataError`.
    """
    known = instruments or load_instruments()
    text = str(name).replace("\\", "/")
    path = Path(name)
    if not path.exists():
        if text.startswith("synthetic/"):
            return _stating(_generated(text.removeprefix("synthetic/")), symbol, spread, known)
        if text.startswith("samples/"):
            path = _sample(text)
    if path.is_dir():
        raise DataError("RW726", f"{text} is a folder.", "Name a file in it.")
    stored = path.suffix.lower() in (".parquet", ".pq")
    if stored:
        from data.store import is_ours, read_parquet

    if stored and is_ours(path):
        bars = read_parquet(path, text)
        known.find(bars.symbol)
        return _stating((bars,), symbol, spread, known)
    if not stored and path.suffix.lower() not in _KINDS and path.exists():
        raise DataError("RW728", f"{text} is not a file of prices.", "Give a .csv or .parquet file.")
    from data.sources.assemble import Stated, bars_of, dates_of
    from data.sources.parquet import read_foreign
    from data.sources.table import read_table

    table = read_foreign(path, text) if stored else read_table(path, text)
    read, warnings = bars_of(table, path.name, Stated(symbol, timeframe, zone, layout, spread), known)
    return Loaded((replace(read, source=f"{text}, {dates_of(read)}"),), warnings)


def _stating(bars: tuple[Bars, ...], symbol: str | None, spread: float | None, known: Instruments) -> Loaded:
    """Apply to ready-made bars what was stated: one symbol of them, another spread."""
    if symbol is not None:
        wanted = known.find(symbol).symbol
        chosen = tuple(b for b in bars if b.symbol == wanted)
        if not chosen:
            has = ", ".join(b.symbol for b in bars)
            raise DataError("RW721", f"There are no bars of {wanted} there; there are {has}.", "Leave --symbol out.")
        bars = chosen
    if spread is not None:
        bars = tuple(with_spread(b, spread, known) for b in bars)
    return Loaded(bars)


def with_spread(bars: Bars, pips: float, instruments: Instruments) -> Bars:
    """The same bars with a stated spread. Raises `DataError` RW732 when it is not possible."""
    import numpy as np

    from data.bars import COLUMNS, make_bars
    from data.sources.spread import check_spread

    columns = {name: getattr(bars, name) for name in COLUMNS}
    instrument = instruments.find(bars.symbol)
    columns["spread"] = np.full(len(bars), check_spread(pips, instrument) * instrument.pip)
    return make_bars(
        bars.symbol, bars.timeframe, **columns, source=bars.source, synthetic=bars.synthetic, spread_stated=True
    )


def sample_names() -> tuple[str, ...]:
    """The embedded price files, as `load_bars` takes them."""
    return tuple(f"samples/{path.name}" for path in sorted(SAMPLES.glob("*.csv")))


def _sample(text: str) -> Path:
    parts = PurePosixPath(text).parts
    path = SAMPLES.joinpath(*parts[1:])
    if ".." in parts or len(parts) != 2 or not path.is_file():
        raise DataError("RW726", f"There is no sample “{text}”.", f"Samples: {', '.join(sample_names())}.")
    return path


def _generated(name: str) -> tuple[Bars, ...]:
    from data.synthetic import generate

    return generate(name)
