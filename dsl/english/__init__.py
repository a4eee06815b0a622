"""The Plan in plain English, and why it did or did not act on a bar."""

from dsl.english.at import explain_at
from dsl.english.blocks import Document, Item, Listing, Paragraph, Section, render_text
from dsl.english.document import sentences
from dsl.plan import Plan

__all__ = ["Document", "Item", "Listing", "Paragraph", "Section", "explain", "explain_at", "render_text", "sentences"]


def explain(plan: Plan) -> str:
    """The whole Plan as text for a reader who does not program."""
    return render_text(sentences(plan))
