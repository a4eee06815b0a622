"""A look at the raw text before it is parsed: size, nesting, and characters that deceive the eye.

What can be read in spite of it goes on to the parser as a *shadow*: the same text, character by
character, with look-alikes replaced by what they look like, so that one wrong letter costs one
message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from dsl.diagnostics import Diagnostic, Severity, Span

MAX_LENGTH = 200_000
"""Characters in one file: some five thousand lines."""
MAX_DEPTH = 64
"""Levels of nesting in one expression, brackets and operators counted alike."""

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\uffff]"
)
"""Control and invisible characters: a reviewer cannot see them, so they may not be in the file."""

_QUOTES = "“”„‟«»″＂"
_SINGLE_QUOTES = "‘’‚"
_PIECES = re.compile(rf'"[^"\r\n]*"|#[^\r\n]*|[{_QUOTES}][^{_QUOTES}"\r\n]*[{_QUOTES}"]|[^\x00-\x7f]')
_BRACKETS = re.compile(r'"[^"\r\n]*"|#[^\r\n]*|[()\[\]]')

_SIGNS = {
    "≥": ">", "≤": "<", "≠": "=", "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-",
    "\u00a0": " ", "\u202f": " ", "\u3000": " ", "\u2003": " ", "\u2009": " ",
}  # fmt: skip
_MEANT = {"≥": ">=", "≤": "<=", "≠": "!="}
_LETTERS = dict(
    zip(
        "аеіоѕсрхуһјԛԝвАВЕІКМНОРСТХУЅЈαικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeioscpxyhjqwbABEIKMHOPCTXYSJaiknoptuxABEZHIKMNOPTYX",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Scan:
    """`shadow` is what to parse, as long as the text itself; None when there is no use in parsing."""

    shadow: str | None
    start: int
    diagnostics: tuple[Diagnostic, ...]


def _error(code: str, span: Span, message: str, why: str, fix: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, span, message, why, fix)


def scan(text: str) -> Scan:
    """Judge the raw text. Line ends of every kind and a byte order mark at the start are fine."""
    if len(text) > MAX_LENGTH:
        return Scan(None, 0, (_too_long(text),))
    start = 1 if text.startswith("\ufeff") else 0
    found: list[Diagnostic] = []
    shadow = text
    forbidden = [match.start() for match in _FORBIDDEN.finditer(text, start)]
    if forbidden:
        found.append(_forbidden(text, forbidden))
        if "\x00" in text or len(forbidden) * 20 > len(text):
            return Scan(None, start, tuple(found))
        shadow = text[:start] + _FORBIDDEN.sub(" ", text[start:])
    if not text.isascii():
        shadow, looks = _look_alikes(shadow)
        found.extend(looks)
    deep = _too_deep(shadow)
    if deep:
        return Scan(None, start, (*found, deep))
    return Scan(shadow, start, tuple(found))


def _too_long(text: str) -> Diagnostic:
    return _error(
        "RW101",
        Span(0, min(len(text), len(text.partition("\n")[0]) or 1)),
        f"This file has {len(text):,} characters; a strategy may have at most {MAX_LENGTH:,}.",
        "A rule book of that size cannot be reviewed, so it is most likely not a strategy at all.",
        "Check that this is the right file; divide a very large strategy into several.",
    )


def _forbidden(text: str, places: list[int]) -> Diagnostic:
    at = places[0]
    if "\x00" in text:
        return _error(
            "RW103",
            Span(at, at + 1),
            "This is not a text file: it holds bytes that no text editor shows.",
            "Only plain text can be read and reviewed.",
            "Save the strategy as plain text in UTF-8.",
        )
    more = f" (and {len(places) - 1:,} more like it)" if len(places) > 1 else ""
    return _error(
        "RW103",
        Span(at, at + 1),
        f"There is an invisible character here, U+{ord(text[at]):04X}{more}.",
        "What a reviewer cannot see must not be in a file that moves money.",
        "Delete it, or type the line again.",
    )


def _look_alikes(text: str) -> tuple[str, list[Diagnostic]]:
    """Replace characters from other alphabets outside quotes and comments; one finding for each."""
    places: dict[str, list[int]] = {}
    meant: dict[str, str] = {}

    def instead(match: re.Match[str]) -> str:
        piece = match[0]
        if piece[0] in '"#':
            return piece
        if piece[0] in _QUOTES and len(piece) > 1:
            places.setdefault("quotes", []).append(match.start())
            return f'"{piece[1:-1]}"'
        if piece in _SINGLE_QUOTES or piece in _QUOTES:
            places.setdefault("quotes", []).append(match.start())
            return '"'
        plain = _plain(piece)
        if plain is None:
            return piece
        places.setdefault(piece, []).append(match.start())
        meant[piece] = _MEANT.get(piece, plain)
        return plain

    shadow = _PIECES.sub(instead, text)
    return shadow, [_look_alike(key, meant.get(key, '"'), found) for key, found in places.items()]


def _plain(character: str) -> str | None:
    """The sign of the language that this one looks like."""
    plain = _SIGNS.get(character) or _LETTERS.get(character)
    if plain is None:
        folded = unicodedata.normalize("NFKD", character)
        plain = folded[0] if folded[0].isascii() and (len(folded) == 1 or unicodedata.combining(folded[1])) else None
    return plain


def _look_alike(character: str, meant: str, places: list[int]) -> Diagnostic:
    at = Span(places[0], places[0] + 1)
    more = f" (and {len(places) - 1:,} more)" if len(places) > 1 else ""
    if character == "quotes":
        return _error(
            "RW104",
            at,
            f"These are typographic quotes{more}; text stands in straight ones.",
            "Word processors and chats change quotes without asking.",
            'Write "…" with the straight quote of the keyboard.',
        )
    if meant == " ":
        return _error(
            "RW104",
            at,
            f"This space is not an ordinary one (U+{ord(character):04X}){more}.",
            "It comes along when text is copied from a web page or a document.",
            "Replace it by an ordinary space.",
        )
    name = unicodedata.name(character, "a character of another alphabet").lower()
    return _error(
        "RW104",
        at,
        f"`{character}` ({name}) only looks like a sign of the language{more}.",
        "Two words that look the same but differ would deceive a reviewer.",
        f"Type it anew on the keyboard as `{meant}`.",
    )


def _too_deep(text: str) -> Diagnostic | None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        sign = match[0]
        if sign in ("(", "["):
            depth += 1
            if depth > MAX_DEPTH:
                return too_deep(Span(match.start(), match.end()))
        elif sign in (")", "]") and depth:
            depth -= 1
    return None


def too_deep(span: Span) -> Diagnostic:
    """The finding for an expression that nests further than anybody can follow."""
    return _error(
        "RW102",
        span,
        f"This expression nests deeper than {MAX_DEPTH} levels.",
        "Nobody can review that, and reading it would need memory without end.",
        "Give its parts names of their own with `let`.",
    )


def brackets_after(text: str, position: int) -> Iterator[tuple[int, str]]:
    """Brackets outside quotes and comments from a place on, with their places."""
    for match in _BRACKETS.finditer(text, position):
        if match[0] in "()[]":
            yield match.start(), match[0]
