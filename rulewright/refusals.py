"""The last line of defence: whatever is raised becomes a code, a sentence and an exit status."""

from __future__ import annotations

import errno
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

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


def report(error: BaseException) -> int:
    """Print what `error` means to the user and return the exit status.

    Errors of this program carry `code` (RWnnn), `sentence` and perhaps `hint`. Anything else is a
    bug: its traceback goes to a file, never to the screen.
    """
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        note("Stopped. Nothing was changed.")
        return 130
    if isinstance(error, BrokenPipeError):
        _abandon_output()
        return 141
    if isinstance(error, MemoryError):
        note(f"{red('error RW999')}: there is not enough memory for this. Try fewer bars with --from and --to.")
        return REFUSED
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        note(f"{red('error RW904')}: the output cannot be written: {(error.strerror or str(error)).lower()}.")
        _abandon_output()
        return REFUSED
    if hasattr(error, "format_message"):  # the command line's own refusal: an unknown option, a missing value
        note(f"{red('error RW907')}: {error.format_message()}")
        note("  `rulewright --help` lists the commands, `rulewright COMMAND --help` their options.")
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


def _abandon_output() -> None:
    """Nobody reads our output any more; keep the interpreter from complaining of it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
