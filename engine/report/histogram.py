"""The distribution of results in R as inline SVG."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from engine.report.scale import Scale, ticks
from engine.report.text import multiple, number

Floats = NDArray[np.float64]

_WIDTH, _HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 12, 22, 40


def bins_of(values: Floats) -> tuple[Floats, NDArray[np.int64], float]:
    """Left edges, counts and width of the bins; 0 is an edge, what lies beyond the ends is put into them.

    Bins are 0.25 R wide, 0.5 R when the middle 98 % of the results span more than 10 R, and so on.
    """
    low, high = (float(v) for v in np.percentile(values, [1, 99])) if len(values) else (-1.0, 1.0)
    low, high = min(low, -1.0), max(high, 1.0)
    width = 0.25
    while (high - low) / width > 40:
        width *= 2
    first, last = int(np.floor(low / width)), int(np.floor(high / width)) + 1
    places = np.clip(np.floor(values / width + 1e-9).astype(np.int64), first, last - 1) - first
    edges = np.arange(first, last, dtype=np.float64) * width
    return edges, np.bincount(places, minlength=last - first).astype(np.int64), width


def histogram_svg(values: Floats, mean: float | None) -> Markup:
    """Bars of counts; losses and gains differ in colour and in side."""
    edges, counts, width = bins_of(values)
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    x = Scale(float(edges[0]), float(edges[-1] + width), _LEFT, right)
    y = Scale(0.0, float(max(counts.max(), 1)) * 1.05, bottom, _TOP)
    title = f"Results of {len(values)} positions in R, from {multiple(_least(values))} to {multiple(_most(values))}"
    out = [f'<svg class="chart histogram" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"><title>{escape(title)}</title>']
    for value in ticks(0, y.high, 4):
        if value != int(value):
            continue
        at = y(value)
        out.append(f'<line class="grid" x1="{_LEFT}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}"/>')
        out.append(f'<text class="tick" x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{int(value):,}</text>')
    for i, (edge, amount) in enumerate(zip(edges.tolist(), counts.tolist(), strict=True)):
        if not amount:
            continue
        name = f"{number(edge)} to {number(edge + width)} R"
        if i == 0 and _least(values) < edge:
            name = f"below {number(edge + width)} R"
        elif i == len(counts) - 1 and _most(values) >= edge + width:
            name = f"{number(edge)} R and more"
        wide = x(edge + width) - x(edge)
        out.append(
            f'<rect class="{"loss" if edge < 0 else "gain"}" x="{x(edge) + 0.5:.1f}" y="{y(amount):.1f}" '
            f'width="{max(wide - 1, 0.5):.1f}" height="{bottom - y(amount):.1f}"><title>{escape(name)}: '
            f"{amount:,}</title></rect>"
        )
    out += [
        f'<line class="axis" x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>',
        f'<text class="label" x="{(_LEFT + right) / 2}" y="{bottom + 34}" text-anchor="middle">Result in R</text>',
    ]
    out += [
        f'<text class="tick" x="{x(value):.1f}" y="{bottom + 16}" text-anchor="middle">{number(value, 1)}</text>'
        for value in ticks(x.low, x.high, 10)
    ]
    if mean is not None and x.low <= mean <= x.high:
        at = x(mean)
        anchor = "start" if at < (_LEFT + right) / 2 else "end"
        shift = 5 if anchor == "start" else -5
        out.append(
            f'<line class="mean" x1="{at:.1f}" y1="{_TOP - 8}" x2="{at:.1f}" y2="{bottom}"/>'
            f'<text class="label" x="{at + shift:.1f}" y="{_TOP - 6}" text-anchor="{anchor}">mean '
            f"{multiple(mean)}</text>"
        )
    out.append("</svg>")
    return Markup("".join(out))


def _least(values: Floats) -> float:
    return float(values.min()) if len(values) else 0.0


def _most(values: Floats) -> float:
    return float(values.max()) if len(values) else 0.0
