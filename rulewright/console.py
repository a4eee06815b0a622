"""Printing for people: results on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
import textwrap


def use_colour() -> bool:
    """Colour only on a terminal, and never when `NO_COLOR` is set."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def out(text: str = "") -> None:
    """A line of the result."""
    _print(text, sys.stdout)


def note(text: str = "") -> None:
    """A line about the work: progress, warnings, errors."""
    _print(text, sys.stderr)


def _print(text: str, stream: object) -> None:
    try:
        print(text, file=stream)  # type: ignore[call-overload]  # sys.stdout may be any text stream
    except UnicodeEncodeError:  # a terminal that is not UTF-8
        print(text.encode("ascii", "replace").decode(), file=stream)  # type: ignore[call-overload]  # as above


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """`text` broken at 88 columns; `first` and `rest` begin the lines."""
    return textwrap.fill(text, 88, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if use_colour() else text


def red(text: str) -> str:
    return f"\x1b[31m{text}\x1b[0m" if use_colour() else text


def green(text: str) -> str:
    return f"\x1b[32m{text}\x1b[0m" if use_colour() else text
