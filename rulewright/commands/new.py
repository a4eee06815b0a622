"""`rulewright new NAME`."""

from __future__ import annotations

import re
from pathlib import Path

from dsl.templates import new_strategy
from rulewright.console import out
from rulewright.errors import CliError
from rulewright.files import check_writable, write_text

_RESERVED_ON_WINDOWS = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")


def run(name: str, folder: Path) -> int:
    """Write `folder/NAME.rules`; never over a file that is there."""
    name = name.removesuffix(".rules")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", name) or _RESERVED_ON_WINDOWS.match(name):
        raise CliError(
            "RW906",
            f"'{name}' cannot be used as the name of a strategy.",
            "Use letters, digits and _, starting with a letter, such as london_breakout.",
        )
    path = folder / f"{name}.rules"
    if path.exists():
        raise CliError("RW905", f"{path} is there already and stays as it is.", "Choose another name.")
    check_writable(path)
    write_text(path, new_strategy(name))
    out(f"Wrote {path}.")
    out(f"Next: rulewright check {path} · rulewright explain {path} · rulewright test {path}")
    return 0
