"""The codes of the checker, RW200 to RW699, joined from their families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dsl.codes.kinds import KINDS
from dsl.codes.logic import LOGIC
from dsl.codes.names import NAMES
from dsl.codes.rules import RULES
from dsl.codes.times import TIMES
from dsl.diagnostics import Code

MEANING: Mapping[str, Code] = MappingProxyType({c.code: c for c in (*NAMES, *KINDS, *RULES, *TIMES, *LOGIC)})
