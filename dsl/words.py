"""The words of the language: one table for grammar, messages, formatter, editor and docs.

Pure data. The grammar text repeats the words as terminals; a test demands that both agree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

SIDES = ("long", "short")
ORDER_SIDES = ("buy", "sell")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

TIMEFRAMES = ("M1", "M5", "M15", "M30", "H1", "H4", "D1", "W1", "MN1")
"""The usual ones; `TIMEFRAME` accepts every multiple of minutes and hours (M20, H48)."""

TIMEFRAME = re.compile(r"MN1|M[1-9][0-9]{0,4}|H[1-9][0-9]{0,3}|D1|W1")


def canonical_timeframe(name: str) -> str:
    """The one name of a timeframe: whole hours are named in hours (`M60` is `H1`)."""
    minutes = int(name[1:]) if name[:1] == "M" and name[1:].isdigit() else 0
    return f"H{minutes // 60}" if minutes and minutes % 60 == 0 else name


ZONES: Mapping[str, str] = MappingProxyType(
    {
        "London": "Europe/London",
        "New_York": "America/New_York",
        "Tokyo": "Asia/Tokyo",
        "Frankfurt": "Europe/Berlin",
        "Sydney": "Australia/Sydney",
        "UTC": "UTC",
        "server": "server",
    }
)
"""Short name → IANA name; `server` stays the broker's own clock. IANA names stand for themselves."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "pip": "pips",
        "pips": "pips",
        "point": "points",
        "points": "points",
        "tick": "ticks",
        "ticks": "ticks",
        "%": "%",
        "R": "R",
        "lot": "lots",
        "lots": "lots",
        "unit": "units",
        "units": "units",
        "bar": "bars",
        "bars": "bars",
        "minute": "minutes",
        "minutes": "minutes",
        "hour": "hours",
        "hours": "hours",
        "day": "days",
        "days": "days",
    }
)
"""Spelling → the one form the tree holds. A currency is any three capital letters."""

SINGULAR: Mapping[str, str] = MappingProxyType(
    {unit: spelling for spelling, unit in UNITS.items() if spelling != unit and unit.endswith("s")}
)
"""The form written after exactly 1."""

DURATIONS = ("minutes", "hours", "days")

IMPACTS = ("high", "medium", "low")

STATEMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "strategy": (),
        "trade": (),
        "edge": ("exploits", "fails", "benchmark"),
        "params": (),
        "let": (),
        "remember": ("becomes",),
        "enter": ("when", "unless", "order", "risk", "size", "stop", "target", "at most"),
        "add": ("when", "unless", "risk", "size", "stop", "at most"),
        "opposite": (),
        "exit": ("when", "unless"),
        "manage": ("move", "trail", "take", "leave"),
        "limits": ("daily loss", "at most", "cooldown", "total risk"),
        "checklist": (),
        "example": ("given", "expect"),
    }
)
"""Each statement begins with its keyword; its lines begin with one of the clause keywords."""

POSITION_WORDS = (
    "profit",
    "bars held",
    "time since entry",
    "entry price",
    "highest since entry",
    "lowest since entry",
    "equity",
)
MEMORY_WORDS = ("last trade won", "bars since exit", "last fill price")

NAME_WORDS = frozenset(
    {
        "open", "high", "low", "close", "highest", "lowest", "last", "medium",
        "entries", "full", "half", "position", "positions", "quarter", "volatility",
    }
)  # fmt: skip
"""Words with a part in the syntax that are names everywhere else: prices, built-ins and the like."""

RESERVED = frozenset(
    {
        "above", "add", "after", "and", "any", "at", "bar", "bars", "basket", "because", "becomes", "below",
        "benchmark", "between", "both", "breakeven", "buy", "buy_and_hold", "by", "called", "cancel", "checklist",
        "closes", "cooldown", "crosses", "daily", "day", "days", "edge", "else", "enter", "entry", "equity",
        "everything", "example", "exit", "expect", "exploits", "fails", "falling", "far", "fill", "filled",
        "followed", "for", "from", "given", "good", "held", "hour", "hours", "if", "ignored", "impact", "is",
        "keep", "kelly", "least", "leave", "let", "limit", "limits", "long", "loss", "lot", "lots", "manage",
        "market", "minute", "minutes", "most", "move", "news", "no", "none", "not", "of", "on", "once", "opposite",
        "or", "order", "others", "otherwise", "params", "per", "pip", "pips", "point", "points", "price", "profit",
        "reaches", "remember", "reverses", "rising", "risk", "score", "sell", "server", "short", "since", "size",
        "so", "step", "stop", "strategy", "symbol", "take", "target", "that", "then", "this", "tick", "ticks",
        "time", "times", "to", "total", "trade", "trail", "unit", "units", "unless", "until", "value", "version",
        "when", "win", "within", "won",
    }
)  # fmt: skip
"""Words that cannot name anything of the author's."""

KEYWORDS = RESERVED | NAME_WORDS
