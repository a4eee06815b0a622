"""`rulewright builtins [NAME]` and `rulewright errors [CODE]`."""

from __future__ import annotations

from rulewright.console import out
from rulewright.errors import CODES as CLI_CODES
from rulewright.errors import CliError


def show_builtins(name: str | None) -> int:
    """The table of built-ins, or one of them in full."""
    from dsl.reference import builtin_names, builtin_text, builtins_text, nearest

    if name is None:
        out(builtins_text())
        return 0
    if name not in builtin_names():
        near = nearest(name)
        raise CliError("RW910", f"There is no built-in '{name}'.", f"Did you mean {near}?" if near else "")
    out(builtin_text(name))
    return 0


def show_errors(code: str | None) -> int:
    """The catalogue of codes, or one of them in full."""
    from dsl.codes import CODES as LANGUAGE_CODES
    from dsl.reference import error_text, errors_text

    others = _other_codes()
    if code is None:
        out(errors_text())
        out("\nPrices, backtests and the command line:")
        for other, (title, what_to_do) in others.items():
            out(f"  {other}  {title} {what_to_do}")
        return 0
    code = code.upper()
    if code in {c.code for c in LANGUAGE_CODES}:
        out(error_text(code))
    elif code in others:
        title, what_to_do = others[code]
        out(f"{code}: {title}\n\nWhat to do: {what_to_do}")
    else:
        raise CliError(
            "RW910", f"There is no code '{code}'.", _nearest(code, [c.code for c in LANGUAGE_CODES] + list(others))
        )
    return 0


def _other_codes() -> dict[str, tuple[str, str]]:
    """Codes of data, engine and command line: code → title, what to do."""
    from data.errors import CODES as DATA_CODES
    from engine.errors import CODES as ENGINE_CODES

    return {c.code: (c.title, c.what_to_do) for c in (*DATA_CODES, *ENGINE_CODES, *CLI_CODES)}


def _nearest(word: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=3)
    return f"Did you mean {' or '.join(close)}?" if close else ""
