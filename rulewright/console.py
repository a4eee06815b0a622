"""Printing for people: results on standard output, everything else on standard error."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from typing import TextIO


def use_colour() -> bool:
    """Colour only on a terminal, and never when `NO_COLOR` is set."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def out(text: str = "") -> None:
    """A line of the result."""
    _print(text, sys.stdout)


def note(text: str = "") -> None:
    """A line about the work: progress, warnings, errors."""
    _print(text, sys.stderr)


def _print(text: str, stream: TextIO) -> None:
    """Text from files may hold anything: control characters never reach the terminal, and where it
    cannot show a sign, the nearest one it has is shown."""
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    print(text, file=stream)


_CONTROL = re.compile(
    "\x1b(?!\\[(?:0|1|2|31|32|33)m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff]"
)
"""All but line ends, tabs and the colours of this module."""

_PLAIN = str.maketrans({"−": "-", "–": "-", "—": "-", "\xa0": " ", "“": '"', "”": '"', "’": "'", "…": "...", "·": "-"})


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """`text` broken at 88 columns; `first` and `rest` begin the lines."""
    return textwrap.fill(text, 88, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if use_colour() else text


def red(text: str) -> str:
    return f"\x1b[31m{text}\x1b[0m" if use_colour() else text


def green(text: str) -> str:
    return f"\x1b[32m{text}\x1b[0m" if use_colour() else text
