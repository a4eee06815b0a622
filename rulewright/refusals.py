"""The last line of defence: whatever is raised becomes a code, a sentence and an exit status."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import traceback

from rulewright.console import note, red

FOUND = 1
"""Exit status: the command worked and found something wrong with what it was given to judge."""
REFUSED = 2
"""Exit status: the command could not do what it was asked."""


def report(error: BaseException) -> int:
    """Print what `error` means to the user and return the exit status.

    Errors of this program carry `code` (RWnnn), `sentence` and perhaps `hint`. Anything else is a
    bug: its traceback goes to a file, never to the screen.
    """
    if isinstance(error, KeyboardInterrupt):
        note("Stopped. Nothing was changed.")
        return 130
    if isinstance(error, BrokenPipeError):
        # the reader of our output has gone; keep the interpreter from complaining at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    if isinstance(error, MemoryError):
        note(f"{red('error RW999')}: there is not enough memory for this. Try fewer bars with --from and --to.")
        return REFUSED
    code = getattr(error, "code", None)
    if isinstance(code, str) and re.fullmatch(r"RW\d{3}", code):
        note(f"{red('error ' + code)}: {getattr(error, 'sentence', error)}")
        hint = getattr(error, "hint", "")
        if hint:
            note(f"  {hint}")
        return REFUSED
    handle, path = tempfile.mkstemp(prefix="rulewright-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
    note(f"{red('error RW999')}: Rulewright itself failed; this is our mistake, not yours. Nothing was lost.")
    note(f"  Please report it together with the file {path}.")
    return REFUSED
