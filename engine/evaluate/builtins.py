"""The built-in functions of `dsl.builtins`, made of kernels.

Each takes a `Call` and gives its parts by name; a built-in without parts gives one, named None.
Where several parts share their work it is done once.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.evaluate.of_bars import OF_BARS
from engine.evaluate.of_inputs import OF_INPUTS
from engine.evaluate.pieces import Call, Function

__all__ = ["FUNCTIONS", "Call"]

FUNCTIONS: Mapping[str, Function] = MappingProxyType({**OF_INPUTS, **OF_BARS})
"""Every row of the table of built-ins, by name."""
