"""Signs, quotes and capital letters as in another program, with what to write instead."""

from __future__ import annotations

import re

from dsl.diagnostics import Span
from dsl.foreign import foreign_words
from dsl.literals import literal
from dsl.trouble import Finding, Trouble, error
from dsl.words import ORDER_SIDES


def slip(trouble: Trouble) -> Finding | None:
    """The first known slip that explains the token."""
    for recognise in (_sign, _quote, literal, foreign_words, _capitals):
        finding = recognise(trouble)
        if finding:
            return finding
    return None


_SIGNS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("&&", "and", (("AND", "and"),)),
    ("||", "or", (("OR", "or"),)),
    ("&", "and", (("AND", "and"),)),
    ("|", "or", (("OR", "or"),)),
    (":=", "=", (("EQUAL", "="),)),
    ("**", "", ()),
    ("^", "", ()),
    ("!", "not", (("NOT", "not"),)),
    (";", "", ()),
    (":", "", ()),
    ("{", "", ()),
    ("}", "", ()),
)
_DOUBLED = {"==": "=", "===": "=", "<>": "!=", "=>": ">=", "=<": "<=", "!==": "!=", "~=": "!="}
_MONEY = re.compile(r"([$€£¥])\s*([0-9]+(?:\.[0-9]+)?)")
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}


def _sign(trouble: Trouble) -> Finding | None:
    text, start = trouble.text, trouble.start
    before = trouble.previous.text if trouble.previous and trouble.adjacent else ""
    for begin, end in ((start - 1, start + 2), (start - 1, start + 1), (start, start + 2)):
        pair = text[max(begin, 0) : end]
        if pair in _DOUBLED and (begin == start or before):
            fix = f"Write `{_DOUBLED[pair]}`."
            return Finding(
                error("RW106", Span(begin, end), f"`{pair}` is not a sign of the language.", "", fix), (), end
            )
    money = _MONEY.match(text, start)
    if money:
        currency = _CURRENCIES[money[1]]
        types = (("DECIMAL" if "." in money[2] else "INT", money[2]), ("CURRENCY", currency))
        return Finding(
            error(
                "RW106",
                Span(*money.span()),
                f"`{money[0]}` needs the currency as a word.",
                "A dollar sign does not say which dollar.",
                f"Write `{money[2]} {currency}`.",
            ),
            types,
            money.end(),
        )
    for sign, word, feed in _SIGNS:
        if not text.startswith(sign, start):
            continue
        span = Span(start, start + len(sign))
        if sign == ":" and trouble.takes("EQUAL"):
            word, feed = "=", (("EQUAL", "="),)
        if word:
            finding = error("RW106", span, f"`{sign}` is not a sign of the language.", "", f"Write `{word}`.")
            return Finding(finding, feed if trouble.takes(*(t for t, _ in feed)) else None, span.end)
        if sign in ("^", "**"):
            fix = "Write the product: `x * x` for the square of x."
            return Finding(error("RW106", span, "There is no sign for powers.", "", fix))
        fix = "Remove it; every line begins with its own keyword, so nothing has to be closed."
        return Finding(error("RW106", span, f"`{sign}` is not needed here.", "", fix), (), span.end)
    return None


_SINGLE = re.compile(r"'([^'\r\n]*)'")
_VERSION = re.compile(r"\s+version\s+[0-9]+\s*$", re.MULTILINE)
_OPEN = re.compile(r'"[^\r\n]*')
_AFTER_TEXT = frozenset({"exploits", "fails", "because", "strategy", "example", "checklist", "from"})


def _quote(trouble: Trouble) -> Finding | None:
    text, start = trouble.text, trouble.start
    single = _SINGLE.match(text, start)
    if single:
        quoted = f'"{single[1]}"'
        return Finding(
            error("RW104", Span(*single.span()), "Text stands in double quotes.", "", f"Write `{quoted}`."),
            (("STRING", quoted),) if trouble.takes("STRING") else None,
            single.end(),
        )
    open_ = _OPEN.match(text, start)
    if open_ and trouble.token.type != "STRING":
        version = _VERSION.search(text, start, open_.end())
        return Finding(
            error(
                "RW105",
                Span(start, open_.end()),
                "This text has no closing quote.",
                "Text ends on the line on which it begins.",
                'Add `"` where the text ends.',
            ),
            (("STRING", '""'),) if trouble.takes("STRING") else None,
            version.start() if version else open_.end(),
        )
    previous = trouble.previous
    if previous and previous.text in _AFTER_TEXT and trouble.takes("STRING") and not trouble.first_on_line:
        words = trouble.rest.split(" version ")[0].split(" #")[0].rstrip().rstrip('"')
        if trouble.token.type != "STRING" and words and not trouble.at_end:
            end = start + len(words)
            return Finding(
                error(
                    "RW105",
                    Span(start, end),
                    f"After `{previous.text}` comes text in quotes.",
                    "The quotes show where the text begins and ends.",
                    f'Write `{previous.text} "{words if len(words) < 40 else "…"}"`.',
                ),
                (("STRING", '""'),),
                end + (text.startswith('"', end)),
            )
    return None


MAX_NAME = 60
"""Letters in a name; the grammar says the same."""


def _capitals(trouble: Trouble) -> Finding | None:
    """A keyword or a name with capital letters, or a symbol without them."""
    word = trouble.word
    if not word:
        return None
    end = trouble.start + len(word)
    if len(word) > MAX_NAME:
        finding = error("RW122", Span(trouble.start, end), f"A name has at most {MAX_NAME} letters.", "", "Shorten it.")
        return Finding(finding, (("NAME", "long"),) if trouble.takes("NAME") else None, end)
    small = word.lower()
    tables = trouble.machine.tables
    if small != word:
        keyword = tables.words.get(small)
        if keyword and trouble.takes(keyword):
            finding = error(
                "RW107", Span(trouble.start, end), f"`{word}` is written in small letters.", "", f"Write `{small}`."
            )
            return Finding(finding, ((keyword, small),), end)
        if not keyword and trouble.takes("NAME"):
            name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower().strip("_")
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                return None
            finding = error(
                "RW107",
                Span(trouble.start, end),
                f"`{word}`: names are written in small letters.",
                "Capital letters stand for symbols, timeframes, weekdays and zones.",
                f"Write `{name}`.",
            )
            return Finding(finding, (("NAME", name),), end)
    elif trouble.takes("SYMBOL") and not trouble.takes("NAME") and trouble.token.type == "NAME":
        if small in ORDER_SIDES:
            return None
        finding = error(
            "RW107",
            Span(trouble.start, end),
            f"`{word}`: symbols are written in capital letters.",
            "",
            f'Write `{word.upper()}`, or `"{word}"` if the broker spells it so.',
        )
        return Finding(finding, (("SYMBOL", word.upper()),), end)
    return None
