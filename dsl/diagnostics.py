"""What the compiler has to say about a text: values, never exceptions.

A diagnostic names what is wrong, where, why it matters to a trader and how to mend it. Diagnostics
are collected and shown together; rendering them is the work of `dsl.render`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`error` stops compilation; `warning` is shown and the Plan is still made."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of character offsets `[start, end)` into the text of one file."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is stable (`RW301`) and explained by `rulewright errors CODE`."""

    code: str
    severity: Severity
    span: Span
    message: str
    """What is wrong, one sentence, naming the trader's own words."""
    why: str = ""
    """Why it matters, one sentence."""
    fix: str = ""
    """How to mend it, with the text to write where that is known."""


@dataclass(frozen=True, slots=True)
class Code:
    """The catalogue entry behind a diagnostic code.

    `wrong` and `right` are whole `.rules` texts (for language codes) that a test compiles: the
    first must give this code, the second must compile without it. For codes that do not come from
    rule text they are free-form samples for the reader.
    """

    code: str
    severity: Severity
    title: str
    why: str
    wrong: str = ""
    right: str = ""


def by_position(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics in the order in which a reader meets them in the text."""
    return sorted(diagnostics, key=lambda d: (d.span.start, d.span.end, d.code))
