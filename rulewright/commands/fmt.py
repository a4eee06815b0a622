"""`rulewright fmt [--check]`."""

from __future__ import annotations

from pathlib import Path

from dsl.format import format_text
from dsl.render import render_text
from rulewright.console import note, out
from rulewright.files import read_rules, write_text
from rulewright.refusals import FOUND


def run(files: list[Path], check: bool) -> int:
    """Format in place, or only report. A file with syntax errors is left as it is."""
    status = 0
    for path in files:
        text = read_rules(path)
        formatted = format_text(text)
        if formatted.diagnostics:
            note(render_text(text, formatted.diagnostics, str(path)))
            note(f"{path} is left as it is: it has to be read before it can be laid out.")
            status = FOUND
        elif formatted.text != text:
            if check:
                out(f"{path} is not in layout. `rulewright fmt {path}` mends it.")
                status = FOUND
            else:
                write_text(path, formatted.text)
                out(f"{path} laid out.")
        elif not check:
            out(f"{path} was in layout already.")
    return status
