"""The catalogue of diagnostic codes: what each means, why it matters, a wrong and a right text."""

from __future__ import annotations

from dsl.codes.meaning import MEANING
from dsl.codes.syntax import CODES as SYNTAX
from dsl.diagnostics import Code

CODES: tuple[Code, ...] = tuple(sorted((*SYNTAX, *MEANING.values()), key=lambda c: c.code))
"""Every code that the text of a strategy can give, in the order of their numbers."""
