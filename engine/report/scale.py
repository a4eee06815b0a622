"""Axes: round tick values and dates, and the mapping of data to a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil, floor, log10

from engine.report.text import month_name, utc

SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps `low … high` of the data to `start … end` of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, about: int) -> list[float]:
    """Round values (1, 2, 2.5, 5 times a power of ten) from within the range, `about` of them."""
    raw = (high - low) / max(1, about)
    if raw <= 0:
        return [low]
    power = 10.0 ** floor(log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    first = ceil(low / step - 1e-9)
    return [k * step for k in range(first, floor(high / step + 1e-9) + 1)]


def decimals(values: list[float]) -> int:
    """Decimals needed to tell neighbouring ticks apart."""
    if len(values) < 2:
        return 0
    step = values[1] - values[0]
    return max(0, min(6, ceil(-log10(step) - 1e-9))) + (1 if f"{step:.1e}".startswith("2.5") and step < 10 else 0)


def date_ticks(start: int, end: int, about: int) -> list[tuple[int, str]]:
    """Moments and labels at the starts of years, quarters, months or days, `about` of them at most."""
    days = (end - start) / (86_400 * SECOND)
    months = days / 30.4375
    if months >= 2:
        steps = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600)
        return _month_ticks(start, end, next(s for s in steps if months / s <= about or s == 600))
    step = max(1, ceil(days / about))
    first = -(-start // (86_400 * SECOND))
    out = []
    for day in range(first, end // (86_400 * SECOND) + 1, step):
        moment = utc(day * 86_400 * SECOND)
        out.append((day * 86_400 * SECOND, f"{moment.day} {month_name(moment.month)}"))
    return out


def _month_ticks(start: int, end: int, step: int) -> list[tuple[int, str]]:
    first = utc(start)
    index = first.year * 12 + first.month - 1
    index = -(-index // step) * step
    out: list[tuple[int, str]] = []
    while True:
        year, month = divmod(index, 12)
        moment = int(datetime(year, month + 1, 1, tzinfo=UTC).timestamp()) * SECOND
        if moment > end:
            return out
        if moment >= start:
            label = str(year) if step >= 12 or month == 0 else month_name(month + 1)
            out.append((moment, label if out or label == str(year) else f"{label} {year}"))
        index += step
