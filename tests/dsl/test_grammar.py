"""The grammar is sound, agrees with the word lists, and its compiled tables are kept safely."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsl import grammar
from dsl.grammar import GRAMMAR, Tables, compile_grammar, load
from dsl.parse import parse
from dsl.words import KEYWORDS, STATEMENTS, TIMEFRAME, UNITS, WEEKDAYS, ZONES

TABLES = load()
ROOT = Path(__file__).parents[2]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache directory of its own, and tables that are not remembered."""
    place = tmp_path / "cache"
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(place))
    load.cache_clear()
    yield place
    load.cache_clear()


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts compilations, and makes them cheap."""
    calls: list[int] = []

    def counted(strict: bool = False) -> Tables:
        calls.append(1)
        return TABLES

    monkeypatch.setattr(grammar, "compile_grammar", counted)
    return calls


def test_the_grammar_is_free_of_conflicts() -> None:
    assert len(compile_grammar(strict=True).states) == len(TABLES.states)


def test_the_text_stays_usable_for_constrained_decoders() -> None:
    text = re.sub(r"^//.*$", "", GRAMMAR.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not re.search(r"\(\?|\\b|%declare|%override|%extend|\{[a-z_]+[,}]|^\w+\.-?\d+:", text, re.MULTILINE)


def test_the_word_lists_are_those_of_the_grammar() -> None:
    assert {word for word in load().words if word.islower()} == KEYWORDS
    assert {word for word in load().words if not word.islower()} == {"R"}


def test_units_statements_and_terminals_agree_with_the_grammar() -> None:
    tables = load()
    assert {unit for unit in UNITS if unit not in ("%", "R")} <= set(tables.words)
    assert {word.split()[0] for lines in STATEMENTS.values() for word in lines} | set(STATEMENTS) <= set(tables.words)
    weekdays = re.compile(tables.patterns["WEEKDAYS"])
    assert all(weekdays.fullmatch(day) for day in WEEKDAYS)
    zone = re.compile(tables.patterns["ZONE"])
    assert all(zone.fullmatch(name) for name in [*ZONES, *ZONES.values()] if name != "server")
    timeframe = re.compile(tables.patterns["TIMEFRAME"])
    for name in ("M1", "M20", "H48", "D1", "W1", "MN1", "H0", "D2", "X1"):
        assert bool(timeframe.fullmatch(name)) == bool(TIMEFRAME.fullmatch(name))


def test_tables_are_kept_and_read_again(cache: Path, compiled: list[int]) -> None:
    first = load()
    load.cache_clear()
    assert load() == first
    assert len(compiled) == 1
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b"[]", b'{"states":[]}', b"null", b"[" * 5000])
def test_a_damaged_cache_is_replaced(cache: Path, compiled: list[int], damage: bytes) -> None:
    first = load()
    (file,) = cache.iterdir()
    file.write_bytes(damage)
    load.cache_clear()
    assert load() == first
    assert len(compiled) == 2
    assert json.loads(file.read_bytes())["start"] == first.start


def test_a_cache_cut_short_is_replaced(cache: Path, compiled: list[int]) -> None:
    load()
    (file,) = cache.iterdir()
    file.write_bytes(file.read_bytes()[:-100])
    load.cache_clear()
    load()
    assert len(compiled) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are those of POSIX")
@pytest.mark.parametrize("part", ["folder", "file"])
def test_a_cache_that_others_can_write_is_not_trusted(cache: Path, compiled: list[int], part: str) -> None:
    load()
    (file,) = cache.iterdir()
    raw = json.loads(file.read_bytes())
    raw["words"]["long"], raw["words"]["short"] = raw["words"]["short"], raw["words"]["long"]
    file.write_text(json.dumps(raw))
    (cache if part == "folder" else file).chmod(0o777)
    load.cache_clear()
    assert load().words["long"] == "LONG"
    assert len(compiled) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are those of POSIX")
def test_a_cache_of_somebody_else_is_not_trusted(
    cache: Path, compiled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    load()
    load.cache_clear()
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    load()
    assert len(compiled) == 2


def test_a_place_that_cannot_be_made_costs_nothing_but_time(
    tmp_path: Path, compiled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "file" / "below"))
    load.cache_clear()
    assert load().states
    load.cache_clear()


def test_no_home_directory_is_no_trouble(compiled: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RULEWRIGHT_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    load.cache_clear()
    assert load().states
    load.cache_clear()


def test_the_cache_has_another_name_for_another_grammar(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = grammar._cache_file()
    monkeypatch.setattr(grammar, "KEYWORDS", frozenset({"other"}))
    assert before != grammar._cache_file()


def test_a_warm_start_imports_nothing_heavy(cache: Path) -> None:
    load()
    code = (
        "import sys; from dsl.parse import parse; assert not parse('let a = close').diagnostics; "
        "print([m for m in ('lark', 'numpy', 'pandas', 'typer', 'rich', 'pydantic') if m in sys.modules])"
    )
    environment = {**os.environ, "RULEWRIGHT_CACHE": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "text",
    [
        "enterlong when a",
        "let a = closeon H4",
        "enter long stopat low",
        "let a = 3x",
        "letx = 3",
    ],
)
def test_words_end_where_words_end(text: str) -> None:
    assert parse(text).diagnostics
