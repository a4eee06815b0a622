"""Numbers, units, names and lists in English."""

from __future__ import annotations

from collections.abc import Sequence

from dsl.words import SINGULAR, ZONES

_IRREGULAR = {"loss": "losing", "win": "winning"}
_PLAIN_TIMEFRAMES = {"H1": "hourly", "D1": "daily", "W1": "weekly", "MN1": "monthly"}
_MEASURES = {"M": "minute", "H": "hour", "D": "day", "W": "week", "MN": "month"}


def number(value: float) -> str:
    """`1`, `0.25`, `-2`, `5,000`."""
    return f"{value:,.10g}"


def plural(count: float, one: str, many: str | None = None) -> str:
    """`1 bar`, `2 bars`, `0.1 lots`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def quantity(value: float, unit: str | None) -> str:
    """`2 pips`, `1 bar`, `1%`, `3R`, `100 USD`; a bare number has no unit."""
    if unit is None:
        return number(value)
    if unit in ("%", "R"):
        return f"{number(value)}{unit}"
    if unit in SINGULAR:
        return plural(value, SINGULAR[unit])
    return f"{number(value)} {unit}"


def spoken(name: str) -> str:
    """A name as it is read aloud: underscores are spaces."""
    return name.replace("_", " ")


def quoted(name: str) -> str:
    return f"“{spoken(name)}”"


def bracket(name: str) -> str:
    """How a setting is marked behind its value."""
    return f"[{spoken(name)}]"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def sentence(text: str) -> str:
    """With a capital letter, and a full stop unless it ends in punctuation."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", ":", "!", "?", ".”", "?”", "!”")) else text + "."


def timeframe(name: str) -> str:
    """`hourly`, `4-hour`, `daily`, `15-minute`, as it stands before `bars`."""
    if name in _PLAIN_TIMEFRAMES:
        return _PLAIN_TIMEFRAMES[name]
    letters = name.rstrip("0123456789")
    return f"{name[len(letters) :]}-{_MEASURES[letters]}"


def zone(name: str) -> str:
    """`London time` for `Europe/London`; the short name where the language has one."""
    if name == "UTC":
        return "UTC"
    short = next((short for short, iana in ZONES.items() if iana == name), name.rsplit("/", 1)[-1])
    return spoken(short) + " time"


def closed_trade(outcome: str) -> str:
    """`a losing trade`, `a winning trade`, `an exit`, for cooldowns."""
    return f"a {_IRREGULAR[outcome]} trade" if outcome in _IRREGULAR else "an exit"
