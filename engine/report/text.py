"""Figures as people read them: units shown, minus signs that are minus signs, a dash for unknown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from math import floor, log10

NONE = "–"
_SPACE = "\u00a0"
_MINUS = "\u2212"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(value: float | None, digits: int = 2, *, signed: bool = False) -> str:
    """Fixed decimals with thousands separators; what rounds to zero has no sign."""
    if value is None:
        return NONE
    text = f"{abs(value):,.{digits}f}"
    if not text.strip("0.,"):
        return text
    return (_MINUS if value < 0 else "+" if signed else "") + text


def percent(value: float | None, digits: int = 1, *, signed: bool = False) -> str:
    return NONE if value is None else number(value, digits, signed=signed) + _SPACE + "%"


def money(value: float | None, currency: str, *, signed: bool = False) -> str:
    """Cents below 100,000, whole units above."""
    if value is None:
        return NONE
    return number(value, 2 if abs(value) < 100_000 else 0, signed=signed) + _SPACE + currency


def multiple(value: float | None, digits: int = 2, *, signed: bool = True) -> str:
    """A result in R."""
    return NONE if value is None else number(value, digits, signed=signed) + _SPACE + "R"


def price(value: float | None, digits: int) -> str:
    return NONE if value is None else f"{value:.{digits}f}"


def plain(value: float) -> str:
    """The shortest text of a setting: 0.25, 20."""
    return f"{value:.10g}"


def count(value: int, one: str, many: str | None = None) -> str:
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def utc(time: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time // 1_000)


def day(time: int) -> str:
    moment = utc(time)
    return f"{moment.day}{_SPACE}{_MONTHS[moment.month - 1]}{_SPACE}{moment.year}"


def minute(time: int) -> str:
    return f"{utc(time):%Y-%m-%d %H:%M}"


def iso(time: int) -> str:
    """ISO 8601 in UTC to the second; a fraction only where there is one."""
    moment = utc(time)
    fraction = f".{time % 1_000_000_000:09d}".rstrip("0") if time % 1_000_000_000 else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def month_name(month: int) -> str:
    return _MONTHS[month - 1]


def span(days: float) -> str:
    """A length of time in the unit in which one would say it."""
    if days >= 2 * 365.25:
        return f"{days / 365.25:.1f} years"
    if days >= 91:
        return f"{days / 30.4375:.0f} months"
    if days >= 2:
        return f"{days:.0f} days"
    return f"{days * 24:.0f} hours"


def decimals_of(value: float) -> int:
    """Decimals of a price of unknown instrument: five significant digits, at least two."""
    return 2 if value <= 0 else min(8, max(2, 4 - floor(log10(value))))


_REASONS = {
    "stop": "stop",
    "target": "target",
    "reverse": "reversed by the opposite entry",
    "daily_loss": "daily loss limit",
    "stop_out": "stop-out for lack of margin",
    "end": "end of the data",
}


def reason(code: str) -> str:
    """An exit reason of the engine in words."""
    if code in _REASONS:
        return _REASONS[code]
    kind, _, name = code.partition(":")
    if kind == "exit" and name:
        return f"exit rule {name}"
    return f"manage line {name}" if kind == "manage" and name else code


_UNSHOWABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """Text from outside without what no page can show or what would turn the text around it.

    Controls, lone surrogates and marks that override the direction of writing become U+FFFD; tabs
    become spaces.
    """
    return _UNSHOWABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\t", " "))
