"""Several mistakes in one run, each found once; and no text at all that breaks the parser."""

from __future__ import annotations

import importlib.util
import random
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dsl.format import format_text, format_tree
from dsl.parse import MAX_FINDINGS, Parsed, parse

RULES = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "rules").glob("*.rules")}
TEXTS = [RULES[name] for name in sorted(RULES)]
relaxed = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))

INJECTIONS: tuple[tuple[str, str], ...] = (
    (r"^(\s+)when ", r"\1wehn "),
    (r"^(\s+)when ", r"\1WHEN "),
    (r"^(\s+)stop ", r"\1stpo "),
    (r"^(\s+)stop ", r"\1stoploss "),
    (r"^(\s+)stop ", r"\1Stop "),
    (r"^(\s+)target ", r"\1tagret "),
    (r"^(\s+)target ", r"\1take profit "),
    (r"^(\s+)risk ", r"\1rsik "),
    (r"^(\s+when .*\w\))$", r"\1)"),
    (r"^(\s+stop .*\w)$", r"\1;"),
    (r"^(\s+when [^(]*[^(\s])$", r"\1 >"),
    (r"^(\s+when .*) > (?=[a-z0-9])", r"\1 == "),
    (r"^(\s+when .*) > (?=[a-z0-9])", r"\1 > > "),
    (r"^(\s+when .*) > (?=[a-z])", r"\1 "),
    (r"^(\s+when .*)\bclose\b", r"\1clоse"),
    (r"^(let .*)\bema\(", r"\1EMA("),
    (r"^(let .*)\)$", r"\1"),
    (r"^(let .* on) ([HD])(\d)$", r"\1 \3\2"),
    (r"^let (\w+\s*)= ", r"let \1"),
    (r"^let \w+ ", "let stop "),
    (r"^let ", "lte "),
    (r"^enter (long|short)", "enter lnog"),
    (r"^enter ", "entr "),
    (r"^exit ", "exti "),
    (r"^(\s+exploits \".*)\"$", r"\1"),
    (r"^(\s+\w+\s+= .*) to ", r"\1 too "),
    (r"^(\s+)at most", r"\1at mots"),
    (r"^(\s+)move stop to", r"\1move stop too"),
    (r"^(\s+)trail stop by", r"\1trail stop"),
    (r"^(\s+)leave ", r"\1laeve "),
    (r"^(\s+)expect ", r"\1expcet "),
    (r"^(\s+)given ", r"\1gven "),
    (r"^(strategy) \"(.*)\"", r"\1 \2"),
    (r"^(trade \w+), (?=\w)", r"\1 "),
    (r"^edge$", "egde"),
    (r"^params$", "parms"),
    (r"^manage$", "mange"),
    (r"^limits$", "limtis"),
    (r"^opposite entry", "oposite entry"),
)


def _inject(text: str, seed: int, count: int) -> tuple[str, set[int]]:
    """The text with mistakes in lines that begin a clause and do not touch; their line numbers."""
    chance = random.Random(seed)
    lines = text.split("\n")
    begins = [n for n, line in enumerate(lines) if line.strip() and not re.match(r"\s*(?:#|and |or )", line)]
    chance.shuffle(begins)
    wrong: set[int] = set()
    for place in begins:
        fits = [each for each in INJECTIONS if re.search(each[0], lines[place])]
        if fits and len(wrong) < count and not any(abs(place - other) < 2 for other in wrong):
            pattern, instead = chance.choice(fits)
            lines[place] = re.sub(pattern, instead, lines[place], count=1)
            wrong.add(place)
    return "\n".join(lines), wrong


@pytest.mark.parametrize("seed", range(150))
def test_every_injected_mistake_is_found_and_nothing_else(seed: int) -> None:
    text, wrong = _inject(TEXTS[seed % len(TEXTS)], seed, 5)
    found = parse(text).diagnostics
    assert {text.count("\n", 0, each.span.start) for each in found} == wrong, [each.message for each in found]
    assert len(found) == len(wrong)


def test_the_clauses_of_a_broken_head_are_still_read() -> None:
    found = parse("enter sideways !\n  when a >\n  stop 3 pips\n  target 3R 4R\n\nlet = 3\n").diagnostics
    assert [each.code for each in found] == ["RW126", "RW125", "RW126", "RW126"]


def test_a_mistake_does_not_hide_the_next_statement() -> None:
    found = parse("let a = (close\nlet b = )\nlet c = close close\nlet d = close\n").diagnostics
    assert [each.code for each in found] == ["RW117", "RW118", "RW126"]


def test_reading_stops_after_enough_mistakes() -> None:
    found = parse("let = 1\n" * 500).diagnostics
    assert len(found) == MAX_FINDINGS + 1
    assert found[-1].code == "RW127"


def _is_sound(text: str) -> Parsed:
    """What must hold for every text."""
    parsed = parse(text)
    for found in parsed.diagnostics:
        assert 0 <= found.span.start <= found.span.end <= len(text)
        assert found.code.startswith("RW1")
        assert found.message
        assert found.why
        assert found.fix
        assert not re.search(r"Token\(|Piece|object at", found.message + found.fix)
    assert len(parsed.diagnostics) <= MAX_FINDINGS + 1
    if not parsed.diagnostics:
        assert parsed.tree is not None
        formatted = format_text(text).text
        assert parse(formatted).tree == parsed.tree
        assert format_text(formatted).text == formatted
    return parsed


PIECES = [
    *sorted({piece for text in TEXTS for piece in re.findall(r"\w+|[^\w\s]", text)}),
    *(
        "&&",
        "==",
        '"',
        "(",
        ")",
        "[",
        "#",
        "\n",
        "0",
        "007",
        "1e5",
        "25:00",
        "H4",
        "а",
        "“",
        "\x00",
        "\ud800",
        "on H4[1]",
    ),
    *("not", "and", "or", "if", "then", "else", "otherwise", "followed within 3 bars by", "any of (", "score(2: "),
]


@relaxed
@given(st.text())
@example("enter long\nwhen \U0010ffff")
@example("trade EURUSD on")
@example("enter long when time between 08:00 and 11:00 _x")
@example("==")
def test_no_text_breaks_the_parser(text: str) -> None:
    _is_sound(text)


@relaxed
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_no_jumble_of_words_breaks_the_parser(text: str) -> None:
    _is_sound(text)


@st.composite
def mutated(draw: Any) -> str:
    """A shipped strategy with some cuts and foreign pieces."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        place, length = draw(st.integers(0, len(text))), draw(st.integers(0, 12))
        instead = draw(st.one_of(st.just(""), st.sampled_from(PIECES), st.characters()))
        text = text[:place] + instead + text[place + length :]
    return text


@relaxed
@given(mutated())
def test_no_mutation_of_a_strategy_breaks_the_parser(text: str) -> None:
    _is_sound(text)


def _programs() -> Any:
    spec = importlib.util.spec_from_file_location("programs_to_mutate", Path(__file__).with_name("programs.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.programs()


@relaxed
@given(_programs(), st.integers(0, 1000), st.sampled_from(PIECES))
def test_no_mutation_of_a_generated_program_breaks_the_parser(tree: Any, place: int, piece: str) -> None:
    text = format_tree(tree)
    place %= len(text)
    _is_sound(text[:place] + piece + text[place + len(piece) // 2 :])


LONG = 190_000
HOSTILE = {
    "5 MB": "a" * 5_000_000,
    "5 MB of strategy": "let x = a\n" * 500_000,
    "bytes": "".join(chr(n % 256) for n in range(LONG)),
    "nul": "let a = b\x00",
    "half a character": "let a = \ud800",
    "quotes": '"' * LONG,
    "typographic quotes": "“" * LONG,
    "Cyrillic": "а" * LONG,
    "signs": "<" * LONG,
    "semicolons": ";" * LONG,
    "words": "foo bar " * 20_000,
    "misspelt heads": "entre lnog\n" * 15_000,
    "misspelt clauses": "enter long\n" + "stpo 2 pips\n" * 15_000,
    "open brackets": "let a = " + "(" * 150_000,
    "10,000 brackets": "let a = " + "(" * 10_000 + "b" + ")" * 10_000,
    "10,000 calls": "let a = " + "f(" * 10_000 + ")" * 10_000,
    "10,000 indexes": "let a = b" + "[c" * 10_000 + "]" * 10_000,
    "10,000 ifs": "let a = " + "if b then c else " * 10_000 + "d",
    "10,000 nots": "let a = " + "not " * 10_000 + "b",
    "a long sum": "let a = " + "b + " * 45_000 + "b",
    "a long history": "let a = b" + "[1]" * 60_000,
    "a long part": "let a = b" + ".c" * 90_000,
    "a long choice": "let a = " + "b otherwise " * 15_000 + "b",
    "a long sequence": "let a = (b)" + " followed within 3 bars by (b)" * 6_000,
    "a long mixture": "let a = " + "b and c or " * 17_000 + "d",
    "a long number": "let a = " + "1" * LONG,
    "a long name": f"let {'a' * LONG} = b",
    "commas": "trade " + "A," * 90_000,
    "clauses again and again": "enter long\n" + "when a\n" * 25_000,
    "dates": "example 2017-01-01 " * 9_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_get_a_clear_answer_soon(kind: str) -> None:
    start = time.process_time()
    parsed = _is_sound(HOSTILE[kind])
    assert time.process_time() - start < 2
    assert parsed.diagnostics


@pytest.mark.parametrize(
    "text", ["let a = b and c " + "and d " * 9_000, "\n" * LONG, "#" * LONG, "let a = b\r\n" * 9_000]
)
def test_long_but_plain_texts_are_read(text: str) -> None:
    assert parse(text).diagnostics == ()


@pytest.mark.parametrize("kind", ["10,000 brackets", "10,000 ifs", "a long sum", "a long history", "a long part"])
def test_depth_has_a_code_of_its_own(kind: str) -> None:
    assert [each.code for each in parse(HOSTILE[kind]).diagnostics] == ["RW102"]
