"""The table of monthly returns, shaded in blue and orange so that the colour-blind see it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.metrics import Month

STEPS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """`shade` is a CSS class: `h0`, or `up1 … up4`, `down1 … down4` by size."""

    value: float | None
    shade: str


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    months: tuple[Cell, ...]
    """Twelve; empty before the start and after the end."""
    total: float | None
    benchmark: float | None


def years_of(months: Sequence[Month]) -> tuple[Year, ...]:
    """Rows of the table; a year's total compounds its months.

    The darkest shade begins at the size that nine of ten months stay below, so that one wild month
    does not make all others look alike.
    """
    sizes = sorted(abs(m.return_percent) for m in months if m.return_percent is not None)
    most = sizes[int(0.9 * (len(sizes) - 1))] if sizes else 0.0
    out = []
    for year in sorted({month.year for month in months}):
        mine = {month.month: month for month in months if month.year == year}
        cells = tuple(
            Cell(mine[n].return_percent, _shade(mine[n].return_percent, most)) if n in mine else Cell(None, "none")
            for n in range(1, 13)
        )
        total = _compound([m.return_percent for m in mine.values()])
        out.append(Year(year, cells, total, _compound([m.benchmark_percent for m in mine.values()])))
    return tuple(out)


def _shade(value: float | None, most: float) -> str:
    if value is None or abs(value) < 0.05:
        return "h0"
    level = min(STEPS, 1 + int(abs(value) / max(most, 0.05) * STEPS))
    return f"{'up' if value > 0 else 'down'}{level}"


def _compound(values: Sequence[float | None]) -> float | None:
    growth = 1.0
    for value in values:
        if value is None:
            return None
        growth *= 1 + value / 100
    return 100 * (growth - 1)
