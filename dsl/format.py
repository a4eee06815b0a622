"""The one canonical layout of a `.rules` file.

Decisions: digits stay as written (`0.10 lots`, `1.50%`), the unit's place and number are made
uniform (`1 pip`, `25 pips`, `2%`, `3R`); lines end with a line feed and no byte order mark is
written; a comment on its own line stays above the clause that followed it, a comment beside a clause
stays beside it. A file with mistakes of syntax is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from dsl.diagnostics import Diagnostic
from dsl.layout import INDENT, Block, Layout, Line
from dsl.parse import parse
from dsl.syntax import Comment, Strategy

_CODELESS = re.compile(r'"[^"\r\n]*"|#[^\r\n]*')


@dataclass(frozen=True, slots=True)
class Formatted:
    """The text in canonical layout, or the text as it was where `diagnostics` say why."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()


def format_text(text: str) -> Formatted:
    """Lay a file out anew, comments included. Laying out the result changes nothing more."""
    parsed = parse(text)
    if parsed.diagnostics or parsed.tree is None:
        return Formatted(text, parsed.diagnostics)
    tree = parsed.tree
    blocks = list(Layout(_CODELESS.sub(lambda match: " " * len(match[0]), text)).blocks(tree))
    rest = _place(text, tree.comments, blocks)
    return Formatted(_written(blocks, rest))


def format_tree(tree: Strategy) -> str:
    """The text of a tree, without comments."""
    return _written(list(Layout("").blocks(tree)), [])


def _place(text: str, comments: tuple[Comment, ...], blocks: list[Block]) -> list[str]:
    """Give every comment to a line; those after everything are returned."""
    lines = sorted((line for block in blocks for line in block), key=lambda line: line.start)
    starts = [line.start for line in lines]
    last_of = {id(line): block[-1] for block in blocks for line in block}
    rest: list[str] = []
    for comment in comments:
        line_start = text.rfind("\n", 0, comment.span.start) + 1
        line_start = max(line_start, text.rfind("\r", line_start, comment.span.start) + 1)
        before = text[line_start : comment.span.start].lstrip("\ufeff")
        following = bisect_left(starts, comment.span.start)
        previous = lines[following - 1] if following else None
        shown = comment.text.rstrip()
        if before.strip() and previous:
            previous.beside.append(shown)
        elif previous and comment.span.start < previous.end:
            previous.above.append(shown)
        elif previous and before and (following == len(lines) or not lines[following].text.startswith(INDENT)):
            last_of[id(previous)].below.append(shown)
        elif following < len(lines):
            lines[following].above.append(shown)
        else:
            rest.append(shown)
    return rest


def _written(blocks: list[Block], rest: list[str]) -> str:
    shown = ["\n".join(out for line in block for out in _shown(line)) for block in blocks]
    if rest:
        shown.append("\n".join(rest))
    return "\n\n".join(shown) + "\n" if shown else ""


def _shown(line: Line) -> list[str]:
    indent = INDENT if line.text.startswith(INDENT) else ""
    *first, last = ["", *line.beside]
    above = [*line.above, *(each for each in first if each)]
    return [
        *(indent + each for each in above),
        f"{line.text}  {last}" if last else line.text,
        *(INDENT + each for each in line.below),
    ]
