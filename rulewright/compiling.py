"""Compile a file for a command that needs a Plan, showing what the compiler has to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rulewright.console import note, use_colour
from rulewright.files import read_rules

if TYPE_CHECKING:
    from data.instruments import Instrument, Instruments
    from dsl.compile import Compilation


class KnownInstruments(Mapping[str, "Instrument"]):
    """The instruments, read from disk only when a strategy makes the compiler ask for one."""

    @cached_property
    def _loaded(self) -> Instruments:
        from data.instruments import load_instruments

        return load_instruments()

    def __getitem__(self, symbol: str) -> Instrument:
        return self._loaded[symbol]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)


def compile_rules(text: str) -> Compilation:
    """Compile with everything this installation knows of instruments."""
    from dsl.compile import compile_text

    return compile_text(text, instruments=KnownInstruments())


def compile_file(path: Path) -> Compilation:
    """Read and compile `path`; errors and warnings go to standard error as text."""
    text = read_rules(path)
    compilation = compile_rules(text)
    if compilation.diagnostics:
        from dsl.render import render_text

        note(render_text(text, compilation.diagnostics, str(path), colour=use_colour()))
    return compilation
