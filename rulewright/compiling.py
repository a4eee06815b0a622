"""Compile a file for a command that needs a Plan, showing what the compiler has to say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rulewright.console import note, use_colour
from rulewright.files import read_rules

if TYPE_CHECKING:
    from dsl.compile import Compilation


def compile_file(path: Path) -> Compilation:
    """Read and compile `path`; errors and warnings go to standard error as text."""
    from dsl.compile import compile_text

    text = read_rules(path)
    compilation = compile_text(text)
    if compilation.diagnostics:
        from dsl.render import render_text

        note(render_text(text, compilation.diagnostics, str(path), colour=use_colour()))
    return compilation
