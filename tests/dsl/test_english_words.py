"""Numbers, units and lists as a person says them."""

from __future__ import annotations

import pytest

from dsl.english import Document, Item, Listing, Paragraph, Section, render_text, words


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (2, "pips", "2 pips"),
        (1, "pips", "1 pip"),
        (0.1, "lots", "0.1 lots"),
        (1, "bars", "1 bar"),
        (1.5, "hours", "1.5 hours"),
        (0.25, "%", "0.25%"),
        (3, "R", "3R"),
        (-2, None, "-2"),
        (5000, "USD", "5,000 USD"),
    ],
)
def test_a_quantity_keeps_its_unit_in_the_right_number(value: float, unit: str | None, said: str) -> None:
    assert words.quantity(value, unit) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")],
)
def test_a_list_ends_in_and(parts: tuple[str, ...], said: str) -> None:
    assert words.listed(parts) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("M1", "1-minute"),
        ("M15", "15-minute"),
        ("H1", "hourly"),
        ("H4", "4-hour"),
        ("H48", "48-hour"),
        ("D1", "daily"),
        ("W1", "weekly"),
        ("MN1", "monthly"),
    ],
)
def test_timeframes_are_said_as_before_bars(name: str, said: str) -> None:
    assert words.timeframe(name) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/London", "London time"),
        ("America/New_York", "New York time"),
        ("Europe/Berlin", "Frankfurt time"),
        ("America/Sao_Paulo", "Sao Paulo time"),
        ("server", "server time"),
        ("UTC", "UTC"),
    ],
)
def test_zones_are_said_by_their_city(zone: str, said: str) -> None:
    assert words.zone(zone) == said


def test_text_is_wrapped_and_lists_are_indented_below_their_entry() -> None:
    document = Document(
        "Title",
        (
            Section(
                "Part",
                (
                    Paragraph("one two three four"),
                    Listing((Item("alpha beta", (Item("below"),)), Item("gamma"))),
                    Section("Inner", (Listing((Item("first"), Item("second")), ordered=True),)),
                ),
            ),
        ),
    )
    assert render_text(document, width=14) == (
        "Title\n=====\n\nPart\n----\none two three\nfour\n- alpha beta\n  - below\n- gamma\n\n"
        "  Inner\n    1. first\n    2. second\n"
    )
