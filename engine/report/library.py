"""The charting library, read out of its pinned package and checked before it goes into a page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "litecharts"
FILE = "js/lightweight-charts.js"
SHA256 = "756b0ba9f58930226d6b8b9d47ad310448ab85d799ea1f7c2c02304777c10b52"


@dataclass(frozen=True, slots=True)
class Library:
    """`script` is None when the chart cannot be drawn; `problem` then says why, for people."""

    script: str | None
    problem: str = ""


def chart_library() -> Library:
    """Lightweight Charts 5.1.0, or why it is not at hand. The package is found, not imported."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return Library(None, f"the package {PACKAGE} is not installed")
    try:
        content = (Path(spec.origin).parent / FILE).read_bytes()
    except OSError:
        return Library(None, f"the package {PACKAGE} lacks its script")
    if hashlib.sha256(content).hexdigest() != SHA256:
        return Library(None, f"the script in the package {PACKAGE} is not the one this program was tested with")
    return Library(content.decode())
