"""Equity and drawdown as inline SVG: no script needed, sharp at any size, honest when thinned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from engine.metrics.performance import drawdown_curve
from engine.report.scale import Scale, date_ticks, decimals, ticks
from engine.report.text import number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOVER_POINTS = 1_500


def thinned(time: Ints | Floats, values: Floats, buckets: int) -> Ints:
    """Indexes that keep the look of a long line: first, lowest, highest and last of each slice of time.

    Nothing is averaged, so every extreme that is drawn was there. All indexes when they are few.
    """
    count = len(time)
    if count <= 4 * buckets:
        return np.arange(count, dtype=np.int64)
    edges = np.linspace(float(time[0]), float(time[-1]), buckets + 1)[1:-1]
    cuts = np.unique(np.concatenate(([0], np.searchsorted(time, edges), [count])))
    kept = []
    for low, high in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        part = values[low:high]
        kept += [low, low + int(part.argmin()), low + int(part.argmax()), high - 1]
    return np.unique(np.array(kept, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Frame:
    """Size of the drawing in pixels. Two are made, for a desk and for a phone."""

    name: str
    width: int
    equity_height: int
    fall_height: int
    left: int
    right: int
    date_labels: int


DESK = Frame("desk", 1040, 300, 110, 64, 12, 12)
PHONE = Frame("phone", 380, 220, 80, 52, 8, 5)
_TOP, _GAP, _BOTTOM = 12, 26, 26


def equity_svg(time: Ints, equity: Floats, benchmark: Floats | None, cash: float, frame: Frame, title: str) -> Markup:
    """Equity with benchmark and starting cash above, fall from the highest equity so far below.

    `title` is read out to those who do not see the drawing.
    """
    seconds = (time - time[0]) / 1e9
    x = Scale(0.0, max(float(seconds[-1]), 1.0), frame.left, frame.width - frame.right)
    lines = [equity] if benchmark is None else [equity, benchmark]
    low = min(cash, *(float(line.min()) for line in lines))
    high = max(cash, *(float(line.max()) for line in lines))
    margin = (high - low) * 0.05 or max(1.0, abs(high) * 0.01)
    y = Scale(low - margin, high + margin, _TOP + frame.equity_height, _TOP)
    fall = 100 * drawdown_curve(equity, cash)[0]
    deepest = float(fall.min())
    fall_top = _TOP + frame.equity_height + _GAP
    z = Scale(min(deepest * 1.08, -1.0), 0.0, fall_top + frame.fall_height, fall_top)
    height = fall_top + frame.fall_height + _BOTTOM
    right = frame.width - frame.right
    edges = f'data-left="{frame.left}" data-right="{right}" data-top="{_TOP}" data-bottom="{height - _BOTTOM}"'
    out = [
        f'<svg class="chart {frame.name}" viewBox="0 0 {frame.width} {height}" role="img" {edges}>',
        f"<title>{escape(title)}</title>",
    ]
    out += _values_axis(ticks(y.low, y.high, 5 if frame is DESK else 4), y, frame.left, right, "")
    out += _values_axis(ticks(z.low, z.high, 3), z, frame.left, right, " %")
    bottom = height - _BOTTOM
    for moment, label in date_ticks(int(time[0]), int(time[-1]), frame.date_labels):
        at = x((moment - int(time[0])) / 1e9)
        out.append(f'<line class="grid" x1="{at:.1f}" y1="{_TOP}" x2="{at:.1f}" y2="{bottom}"/>')
        anchor = "end" if at > right - 16 else "start" if at < frame.left + 16 else "middle"
        out.append(f'<text class="tick" x="{at:.1f}" y="{bottom + 17}" text-anchor="{anchor}">{label}</text>')
    out.append(f'<line class="start" x1="{frame.left}" y1="{y(cash):.1f}" x2="{right}" y2="{y(cash):.1f}"/>')
    buckets = right - frame.left
    if benchmark is not None:
        out.append(f'<polyline class="benchmark" points="{_points(seconds, benchmark, x, y, buckets)}"/>')
    out.append(f'<polyline class="strategy" points="{_points(seconds, equity, x, y, buckets)}"/>')
    area = _points(seconds, fall, x, z, buckets)
    out.append(
        f'<polygon class="fall" points="{frame.left},{z(0):.1f} {area} {right},{z(0):.1f}"/>'
        f'<polyline class="fall-line" points="{area}"/>'
    )
    out.append(f'<text class="label" x="{frame.left}" y="{fall_top - 8}">Below the highest equity so far</text></svg>')
    return Markup("".join(out))


def _values_axis(values: list[float], y: Scale, left: int, right: int, unit: str) -> list[str]:
    digits = decimals(values)
    out = []
    for value in values:
        at = y(value)
        out.append(f'<line class="grid" x1="{left}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}"/>')
        out.append(
            f'<text class="tick" x="{left - 7}" y="{at + 4:.1f}" text-anchor="end">{number(value, digits)}{unit}</text>'
        )
    return out


def _points(seconds: Floats, values: Floats, x: Scale, y: Scale, buckets: int) -> str:
    kept = thinned(seconds, values, buckets)
    across = x.start + (seconds[kept] - x.low) / (x.high - x.low) * (x.end - x.start)
    down = y.start + (values[kept] - y.low) / (y.high - y.low) * (y.end - y.start)
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across.tolist(), down.tolist(), strict=True))


def hover_points(time: Ints, equity: Floats, benchmark: Floats | None, cash: float) -> dict[str, list[float] | None]:
    """What the reader sees when pointing at the drawing: the last value of each of many slices of time."""
    count = len(time)
    at = np.unique(np.linspace(0, count - 1, min(count, HOVER_POINTS)).astype(np.int64)) if count else np.arange(0)
    fall = 100 * drawdown_curve(equity, cash)[0]
    return {
        "time": (time[at] // 1_000_000_000).tolist(),
        "equity": np.round(equity[at], 2).tolist(),
        "fall": np.round(fall[at], 2).tolist(),
        "benchmark": None if benchmark is None else np.round(benchmark[at], 2).tolist(),
    }
