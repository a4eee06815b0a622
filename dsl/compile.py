"""The front door of the language: text in, Plan or diagnostics out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsl.diagnostics import Diagnostic, Severity, Span, by_position
from dsl.plan import Plan
from dsl.syntax import Strategy

if TYPE_CHECKING:
    from dsl.check.hours import Instruments


@dataclass(frozen=True, slots=True)
class Compilation:
    """The outcome of one compilation.

    `plan` is None when any diagnostic is an error. `tree` is None only when nothing could be read.
    `sources`: node of the Plan → where it was first written.
    """

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    tree: Strategy | None
    sources: Mapping[int, Span] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)


def compile_text(text: str, *, instruments: Instruments | None = None) -> Compilation:
    """Compile the text of one `.rules` file. Never raises for any text.

    `instruments` (by symbol, see `dsl.check.hours.InstrumentFacts`) allows checks against trading
    hours; without it they are left out.
    """
    from dsl.check import check
    from dsl.parse import parse

    parsed = parse(text)
    if parsed.tree is None:
        return Compilation(None, tuple(by_position(list(parsed.diagnostics))), None)
    broken = any(d.severity is Severity.ERROR for d in parsed.diagnostics)
    checked = check(parsed.tree, text, partial=broken, instruments=instruments)
    meant = [d for d in checked.diagnostics if not any(_touch(d.span, p.span) for p in parsed.diagnostics)]
    found = by_position([*parsed.diagnostics, *meant])
    return Compilation(checked.plan, tuple(found), parsed.tree, checked.sources)


def _touch(a: Span, b: Span) -> bool:
    """Whether two places share a character or meet: one cause is then told once, by the parser."""
    return a.start <= b.end and b.start <= a.end
