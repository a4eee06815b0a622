"""The nearest known name to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "ma": "sma",
        "moving_average": "sma",
        "avg": "average",
        "smma": "rma",
        "wilder": "rma",
        "bb": "bollinger",
        "bbands": "bollinger",
        "stochastic": "stoch",
        "psar": "parabolic_sar",
        "sar": "parabolic_sar",
        "std": "stdev",
        "stddev": "stdev",
        "tr": "true_range",
        "hh": "highest",
        "ll": "lowest",
        "pivothigh": "pivot_high",
        "pivotlow": "pivot_low",
        "engulfing": "bullish_engulfing",
        "slope": "linreg_slope",
        "momentum": "roc",
    }
)
"""What other programs call a built-in."""


def distance(a: str, b: str, cap: int) -> int:
    """Edits (insert, delete, replace, swap of neighbours) from `a` to `b`; `cap + 1` when more."""
    if abs(len(a) - len(b)) > cap:
        return cap + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > cap:
            return cap + 1
    return row[-1]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name closest to `word`, or None when none is close; ties go to the first."""
    cap = 1 if len(word) < 4 else 2 if len(word) < 8 else 3
    best, fewest = None, cap + 1
    for name in known:
        edits = distance(word.lower(), name.lower(), cap)
        if edits < fewest:
            best, fewest = name, edits
    return best
