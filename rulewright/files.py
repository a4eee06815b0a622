"""Reading and writing the user's files: whole or not at all, with an error that says what to do."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rulewright.errors import CliError


def read_rules(path: Path) -> str:
    """The text of a `.rules` file. Raises `CliError` when it is missing, unreadable or not UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise CliError("RW901", f"There is no file {path}.", _nearby(path)) from None
    except OSError as error:
        raise CliError("RW902", f"{path} cannot be read: {_reason(error)}.") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CliError(
            "RW903", f"{path} is not UTF-8 text (byte {error.start + 1} is not a character).", "Save it as UTF-8."
        ) from None


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` whole or not at all: a full disk leaves the old file as it was.

    A link is followed: what it points to is written.
    """
    check_writable(path)
    path = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise CliError("RW904", f"{path} cannot be written: {_reason(error)}.") from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CliError("RW904", f"{path} cannot be written: {_reason(error)}.") from None


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, if they are not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CliError("RW904", f"The folder {folder} cannot be made: {_reason(error)}.") from None


def check_writable(path: Path) -> None:
    """Refuse before long work what could not be written after it."""
    folder = path.parent
    if not path.name or path.is_dir():
        raise CliError("RW904", f"'{path}' is a folder; name a file in it.")
    if path.exists() and not path.is_file():
        raise CliError(
            "RW904", f"{path} is not an ordinary file and stays as it is.", "Name a file, or - for the screen."
        )
    if not folder.is_dir():
        raise CliError("RW904", f"{path} cannot be written: there is no folder {folder}.")
    target = path if path.exists() else folder
    if not os.access(target, os.W_OK):
        raise CliError("RW904", f"{path} cannot be written: permission denied.")


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _nearby(path: Path) -> str:
    try:
        names = sorted(p.name for p in path.parent.glob("*.rules"))[:8]
    except OSError:
        return ""
    return f"Rules files in that folder: {', '.join(names)}." if names else ""
