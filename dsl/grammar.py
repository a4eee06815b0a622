"""The parser tables: compiled from `grammar.lark` by Lark, and kept for the next start.

Compiling takes a third of a second, importing Lark a twentieth, so the finished tables are stored
in the user's cache directory under a name that changes with the grammar, the word lists and the
version of Lark. They are JSON, never pickle, and they are read only from a directory and a file
that nobody else can write. Any trouble with the cache is silent: the tables are compiled anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dsl.words import KEYWORDS, RESERVED

GRAMMAR = Path(__file__).with_name("grammar.lark")

_ORDER = (
    "DATE", "CLOCK", "DECIMAL", "INT", "STRING", "WEEKDAYS", "TIMEFRAME", "CURRENCY", "ZONE", "SYMBOL", "NAME",
)  # fmt: skip
"""What is tried first where several terminals could begin."""
_BOUNDED = frozenset({"NAME", "SYMBOL", "TIMEFRAME", "CURRENCY", "ZONE", "WEEKDAYS", "DATE", "CLOCK"})


@dataclass(frozen=True, slots=True)
class Rule:
    """`origin` becomes `size` symbols. `call` names the builder's method.

    `spread`: some symbols are helper rules whose children count as the rule's own. `helper`: the
    rule is such a helper. `single`: with one child the rule is that child.
    """

    origin: str
    size: int
    call: str
    spread: bool
    helper: bool
    single: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the parser needs.

    `states[s][symbol]` is the state to go to, or `~r` to reduce by rule r. `patterns`: terminal →
    regular expression, in the order of trial. `words`: keyword → terminal. `marks`: operator or
    punctuation → terminal.
    """

    states: tuple[dict[str, int], ...]
    rules: tuple[Rule, ...]
    start: int
    end: int
    patterns: dict[str, str]
    words: dict[str, str]
    marks: dict[str, str]
    skip: str


def compile_grammar(strict: bool = False) -> Tables:
    """Compile the grammar text with Lark. `strict` makes every conflict an error (for tests)."""
    from lark import Lark
    from lark.lexer import Lexer, PatternRE

    class NoLexer(Lexer):  # type: ignore[misc]  # Lark is untyped
        """Only the tables are wanted."""

        def __init__(self, _conf: Any) -> None:
            pass

        def lex(self, _lexer_state: Any, _parser_state: Any) -> Any:
            return iter(())

    def edit(terminal: Any) -> None:
        if terminal.name in _BOUNDED:
            terminal.pattern = PatternRE(f"(?:{terminal.pattern.value})(?![A-Za-z0-9_])")
        elif terminal.name in ("INT", "DECIMAL"):
            terminal.pattern = PatternRE(f"(?:{terminal.pattern.value})(?![0-9])")
            terminal.priority = int(terminal.name == "DECIMAL")

    parser = Lark(
        GRAMMAR.read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual" if strict else NoLexer,
        strict=strict,
        keep_all_tokens=True,
        maybe_placeholders=False,
        edit_terminals=edit,
    )
    return _tables(parser)


def _tables(parser: Any) -> Tables:
    table = parser.parser.parser._parse_table
    rules = {rule: number for number, rule in enumerate(parser.rules)}
    numbers = {state: number for number, state in enumerate(table.states)}
    states: list[dict[str, int]] = []
    for actions in table.states.values():
        row: dict[str, int] = {}
        for symbol, (action, target) in actions.items():
            row[str(symbol)] = ~rules[target] if action.name == "Reduce" else numbers[target]
        states.append(row)
    terminals = {terminal.name: terminal.pattern for terminal in parser.terminals}
    ignored = [terminals.pop(name).to_regexp() for name in parser.ignore_tokens]
    fixed = {name: pattern.value for name, pattern in terminals.items() if pattern.type == "str"}
    letters = {value: name for name, value in fixed.items() if value.isidentifier()}
    patterns = {name: terminals[name].to_regexp() for name in _ORDER}
    assert len(patterns) + len(fixed) == len(terminals)
    return Tables(
        states=tuple(states),
        rules=tuple(
            Rule(
                str(rule.origin.name),
                len(rule.expansion),
                str(rule.alias or rule.origin.name),
                any(not s.is_term and s.name.startswith("_") for s in rule.expansion),
                rule.origin.name.startswith("_"),
                bool(rule.options.expand1) and not rule.alias,
            )
            for rule in parser.rules
        ),
        start=numbers[table.start_states["start"]],
        end=numbers[table.end_states["start"]],
        patterns=patterns,
        words=letters,
        marks={value: name for name, value in fixed.items() if value not in letters},
        skip=f"(?:{'|'.join(ignored)})*",
    )


@cache
def load() -> Tables:
    """The tables, from the cache if it can be trusted."""
    place = _cache_file()
    tables = _read(place) if place else None
    if tables is None:
        tables = compile_grammar()
        if place:
            _write(place, tables)
    return tables


def _cache_file() -> Path | None:
    """Where the tables are kept; None when no place is known."""
    lark = find_spec("lark")
    try:
        # Lark's own first file holds its version; reading that is far cheaper than package metadata.
        parts = [GRAMMAR.read_bytes(), Path(__file__).read_bytes(), Path((lark and lark.origin) or "").read_bytes()]
    except OSError:
        return None
    key = hashlib.sha256(repr((sorted(KEYWORDS), sorted(RESERVED))).encode())
    for part in parts:
        key.update(hashlib.sha256(part).digest())
    home = os.environ.get("RULEWRIGHT_CACHE")
    if home:
        folder = Path(home)
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
        if not base:
            user = os.path.expanduser("~")  # noqa: PTH111  # Path.home() raises where there is none
            if not os.path.isabs(user):  # noqa: PTH117
                return None
            base = os.path.join(user, ".cache")  # noqa: PTH118
        folder = Path(base) / "rulewright"
    return folder / f"grammar-{key.hexdigest()[:32]}.json"


def _is_private(status: os.stat_result) -> bool:
    """Ours, and writable by nobody else. Windows keeps profiles private by its own means."""
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _read(place: Path) -> Tables | None:
    try:
        if not _is_private(os.lstat(place.parent)):
            return None
        with place.open("rb") as file:
            if not _is_private(os.fstat(file.fileno())):
                return None
            raw = json.load(file)
        raw["states"] = tuple(raw["states"])
        raw["rules"] = tuple(Rule(*rule) for rule in raw["rules"])
        tables = Tables(**raw)
        re.compile(tables.skip)
        if not (tables.states and tables.rules and tables.patterns and tables.words and tables.marks):
            return None
        return tables
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, MemoryError):
        return None


def _write(place: Path, tables: Tables) -> None:
    import tempfile

    raw = asdict(tables)
    raw["rules"] = [list(asdict(rule).values()) for rule in tables.rules]
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(os.lstat(place.parent)):
            return
        handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".grammar-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(raw, file, separators=(",", ":"))
            Path(temporary).replace(place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError:
        return
