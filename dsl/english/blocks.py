"""The tree that an explanation is: headings, paragraphs and lists. Pages and terminals draw it.

Text is plain: no markup. `tone` is `danger` where a page must shout (no stop loss, averaging down).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from textwrap import wrap

WIDTH = 88

_wrap = partial(wrap, break_long_words=False, break_on_hyphens=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; `items` are the entries nested below it."""

    text: str
    items: tuple[Item, ...] = ()
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    blocks: tuple[Block, ...]


Block = Paragraph | Listing | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A whole explanation. A section never stands empty."""

    title: str
    sections: tuple[Section, ...]


def render_text(document: Document, width: int = WIDTH) -> str:
    """The document as plain text of at most `width` columns (a longer single word is not broken)."""
    lines = [*_wrap(document.title, width)]
    lines.append("=" * max(len(line) for line in lines))
    for section in document.sections:
        lines += ["", *_section(section, 0, width)]
    return "\n".join(lines) + "\n"


def _section(section: Section, depth: int, width: int) -> Iterator[str]:
    pad = "  " * depth
    yield from _wrap(section.heading, width, initial_indent=pad, subsequent_indent=pad)
    if depth == 0:
        yield "-" * min(len(section.heading), width)
    inner = pad if depth == 0 else pad + "  "
    for i, block in enumerate(section.blocks):
        match block:
            case Paragraph(text):
                yield from _wrap(text, width, initial_indent=inner, subsequent_indent=inner)
            case Listing(items, ordered):
                yield from _items(items, ordered, inner, width)
            case Section():
                if i:
                    yield ""
                yield from _section(block, depth + 1, width)


def _items(items: tuple[Item, ...], ordered: bool, pad: str, width: int) -> Iterator[str]:
    for i, item in enumerate(items, start=1):
        mark = f"{i}. " if ordered else "- "
        hang = pad + " " * len(mark)
        yield from _wrap(item.text, width, initial_indent=pad + mark, subsequent_indent=hang)
        yield from _items(item.items, False, hang, width)
