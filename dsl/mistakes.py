"""One mistake, one message: what is wrong at a token, in the words of a trader."""

from __future__ import annotations

from dsl.diagnostics import Span
from dsl.expected import describe, one_of, spelled
from dsl.foreign import foreign_forms
from dsl.grouping import grouping
from dsl.machine import Token
from dsl.recover import is_between, statement_height
from dsl.slips import slip
from dsl.suggest import distance, nearest
from dsl.trouble import LINE_WORDS, OPERATORS, STARTERS, Finding, Trouble, error, shorten
from dsl.words import RESERVED, STATEMENTS


def recognise(trouble: Trouble) -> Finding:
    """What is wrong here, from the specific to the general."""
    for recogniser in _RECOGNISERS:
        finding = recogniser(trouble)
        if finding:
            return finding
    return _unexpected(trouble)


_BRACKETS = frozenset({"LPAR", "LSQB", "RPAR", "RSQB"})


def _one_too_many(trouble: Trouble) -> Finding | None:
    """A sign without which all would be well: `a > > b`, `limits .`"""
    token, following = trouble.token, trouble.following
    marks = trouble.machine.tables.marks.values()
    if token.type not in marks or token.type in _BRACKETS or token.type == "COLON" or following is None:
        return None
    if trouble.adjacent and trouble.previous and trouble.previous.text in ("<", ">", "=", "!"):
        return None
    if not trouble.machine.accepts(following.type) or (
        token.type == "COMMA" and token.span.end == following.span.start
    ):
        return None
    if (token.type == "MINUS" and "NAME" in trouble.expected) or following.span.start == token.span.end:
        return None
    return Finding(
        error("RW118", token.span, f"`{token.text}` is one too many here.", "", "Remove it, or add what is missing."),
        (),
        token.span.end,
    )


_JOINTS = frozenset({"AND", "OR", "OTHERWISE", "THEN", "ELSE", "COMMA", "RPAR", "RSQB", "FOR", "ON", "CROSSES"})


def _nothing_between(trouble: Trouble) -> Finding | None:
    """`close > and …`: a value is missing before a word that joins."""
    previous, machine = trouble.previous, trouble.machine
    if trouble.token.type not in _JOINTS or previous is None or previous.type in ("COMMA", "LPAR", "LSQB"):
        return None
    if not machine.accepts_all(("NAME", trouble.token.type)):
        return None
    what = describe(trouble.expected)
    message = f"Something is missing between `{shorten(previous.text, 20)}` and `{trouble.token.text}`."
    return Finding(
        error("RW125", trouble.gap, message, "", f"Here can stand {what}."), (("NAME", "missing"),), trouble.start
    )


def _grouped(trouble: Trouble) -> Finding | None:
    """Signs that a grouping mistake explains better than any slip."""
    if trouble.token.type in ("LSQB", "AND", "OR", "FOLLOWED", "ON", "OF", "LESSTHAN", "LE", "MORETHAN", "GE", "EQUAL"):
        if trouble.adjacent and trouble.previous and trouble.previous.text in ("<", ">", "=", "!"):
            return None
        return grouping(trouble)
    return None


def _statement(trouble: Trouble) -> tuple[str, Token | None]:
    """The keyword of the statement at hand."""
    machine = trouble.machine
    height = statement_height(machine)
    first = machine.values[height - 1] if len(machine.values) >= height else None
    return (first.text, first) if isinstance(first, Token) else ("", None)


def _misplaced(trouble: Trouble) -> Finding | None:
    """A clause that its statement does not have, or that stands outside of any."""
    token, machine = trouble.token, trouble.machine
    if token.type == "KEEP" and trouble.previous and trouble.previous.type == "STOP":
        fix = 'Give this entry a stop of its own, or write `stop none because "…"`.'
        return Finding(error("RW124", token.span, "`stop keep` is for `add`, where a stop exists already.", "", fix))
    word = token.text
    if word not in LINE_WORDS or word in STATEMENTS or not trouble.first_on_line:
        return None
    if not machine.accepts("$END") or any(machine.accepts(name) for name in (token.type,)):
        return None
    keyword, _ = _statement(trouble)
    shown = "at most" if word == "at" else word
    homes = [name for name, lines in STATEMENTS.items() if any(line.split()[0] == word for line in lines)]
    home = one_of(f"`{name}`" for name in homes)
    if keyword and STATEMENTS.get(keyword):
        fix = f"`{keyword}` takes {one_of(f'`{line}`' for line in STATEMENTS[keyword])}; `{shown}` belongs to {home}."
        return Finding(error("RW124", token.span, f"`{shown}` is no part of `{keyword}`.", "", fix))
    return Finding(
        error("RW124", token.span, f"`{shown}` stands outside of any rule.", "", f"Put it under {home}."),
    )


_NEVER_VALUES = (
    {"NEWS", "IMPACT"} | OPERATORS | STARTERS | {"THEN", "ELSE", "ABOVE", "BELOW", "BY", "TO", "WITHIN", "CALLED"}
)


_MEANT = {"price": "close", "symbol": "close", "loss": "profit", "market": "close", "trade": "last trade won"}
"""What is probably meant by a word of the language that stands where a value should."""


def _reserved(trouble: Trouble) -> Finding | None:
    """A word of the language used as a name."""
    token, previous = trouble.token, trouble.previous
    if token.text not in RESERVED or not trouble.takes("NAME") or previous is None:
        return None
    naming = previous.type in ("LET", "REMEMBER", "CALLED", "BASKET")
    if not naming and "param" in trouble.machine.tables.states[trouble.machine.state]:
        naming = trouble.rest[len(token.text) :].lstrip().startswith("=")
    if not naming and (trouble.first_on_line or token.text in LINE_WORDS or token.type in _NEVER_VALUES):
        return None
    message = f"`{token.text}` is a word of the language and cannot be a name."
    if not naming and token.text in _MEANT:
        fix = f"Write `{_MEANT[token.text]}`."
        return Finding(error("RW122", token.span, message, "", fix), (("NAME", "close"),), token.span.end)
    fix = f"Choose another name, for example `my_{token.text}`."
    return Finding(error("RW122", token.span, message, "", fix), (("NAME", f"my_{token.text}"),), token.span.end)


def _misspelt(trouble: Trouble) -> Finding | None:
    """A word that is nearly one that could stand here."""
    word = trouble.word
    if len(word) < 2 or trouble.token.type in ("STRING", "INT", "DECIMAL"):
        return None
    known = {spelled(name): name for name in trouble.expected if name.isalpha() or "_" in name}
    meant = nearest(word, sorted(known)) if len(word) < 30 else None
    if meant is None or len(meant) < 2 or (word in RESERVED and trouble.first_on_line):
        return None
    if len(word) < 5 and distance(word, meant, 2) > 1:
        return None
    if word in RESERVED and len(known) > 3:
        return None
    end = trouble.start + len(word)
    return Finding(
        error("RW120", Span(trouble.start, end), f"`{word}` is not known here.", "", f"Did you mean `{meant}`?"),
        ((known[meant], meant),),
        end,
    )


def _taken_for_name(trouble: Trouble) -> Finding | None:
    """`n = 5 frm 3`: the misspelt word was read as the name of a next param."""
    previous, machine = trouble.previous, trouble.machine
    if (
        previous is None
        or previous.type != "NAME"
        or trouble.expected != {"EQUAL"}
        or machine.values[-1] is not previous
    ):
        return None
    before = Trouble(trouble.text, previous, None, machine, trouble.clause)
    if before.first_on_line:
        return None
    machine.undo()
    finding = _misspelt(before)
    if finding is None:
        machine.feed(previous)
    return finding


def _left_out(trouble: Trouble) -> Finding | None:
    """One small word or sign is missing: `trade EURUSD GBPUSD`, `size 20% equity`, `leave 16:30`."""
    if trouble.at_end or (trouble.first_on_line and trouble.token.text in LINE_WORDS) or trouble.previous is None:
        return None
    types = {trouble.token.type, trouble.machine.tables.words.get(trouble.token.text, trouble.token.type)}
    fits = [
        name
        for name in trouble.expected
        if name.lower() not in STATEMENTS and any(trouble.machine.accepts_all((name, type_)) for type_ in types)
    ]
    if len(fits) != 1 or fits[0] in trouble.machine.tables.patterns or fits[0] in ("LPAR", "LSQB", "DOT"):
        return None
    missing = spelled(fits[0])
    space = "" if missing == "," else " "
    right = trouble.text[trouble.word_span.start : trouble.word_span.end]
    left = trouble.text[: trouble.previous.span.end].split()[-1]
    shown = f"{shorten(left, 20)}{space}{missing} {shorten(right, 20)}"
    return Finding(
        error("RW125", trouble.gap, f"`{missing}` is missing here.", "", f"Write `{shown}`."),
        ((fits[0], missing),),
        trouble.start,
    )


def _unfinished(trouble: Trouble) -> Finding | None:
    """The next clause begins, or the text ends, before this one is complete."""
    token, previous, machine = trouble.token, trouble.previous, trouble.machine
    begins = token.text in LINE_WORDS and (trouble.first_on_line or token.text in STATEMENTS)
    if previous is None or not (trouble.at_end or begins):
        return None
    keyword = trouble.clause.text if trouble.clause else previous.text
    what = _what(trouble)
    height = len(machine.states)
    if is_between(machine, height) and not trouble.at_end:
        return None
    return Finding(
        error(
            "RW125",
            trouble.gap,
            f"`{shorten(keyword)}` is not finished: after `{shorten(previous.text)}` something is missing.",
            "",
            f"Here can follow {what}.",
        ),
        None,
        token.span.start,
    )


def _unexpected(trouble: Trouble) -> Finding:
    token, previous = trouble.token, trouble.previous
    what = _what(trouble)
    if trouble.at_end:
        shown = "The file ends too early."
        span = trouble.gap
    else:
        span = trouble.word_span
        sign = shorten(trouble.text[span.start : span.end]) or token.text
        shown = f"`{sign}` cannot stand here."
    if statement_height(trouble.machine) == len(trouble.machine.states) and not _statement(trouble)[0]:
        words = ", ".join(f"`{name}`" for name in STATEMENTS)
        return Finding(error("RW126", span, shown, "", f"Every statement begins with one of {words}."))
    after = f"After `{shorten(previous.text)}` can follow" if previous else "Here can stand"
    return Finding(error("RW126", span, shown, "", f"{after} {what}."))


def _what(trouble: Trouble) -> str:
    """What could stand here; a single possibility is written out as far as it is the only one."""
    expected = trouble.expected
    chain: list[str] = []
    states = trouble.machine.states
    while len(expected) == 1 and len(chain) < 5:
        (name,) = expected
        shown = {"STRING": '"…"', "INT": "1"}.get(name) or spelled(name)
        if name not in ("STRING", "INT") and shown not in trouble.machine.tables.words:
            break
        chain.append(shown)
        states = trouble.machine.after(states, name)
        expected = trouble.machine.expected(states)
    return f"`{' '.join(chain)}`" if chain else describe(trouble.expected)


_RECOGNISERS = (
    foreign_forms,
    _one_too_many,
    _nothing_between,
    _grouped,
    slip,
    _misplaced,
    _reserved,
    _misspelt,
    _taken_for_name,
    grouping,
    _left_out,
    _unfinished,
)
"""In the order of trial: what explains a token exactly before what merely fits."""
