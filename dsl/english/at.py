"""Why each rule fired or did not at one bar, with the values that decided it.

Pure: the values of the nodes come from the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan

from dsl.english import clauses, words
from dsl.english.blocks import Block, Document, Item, Listing, Paragraph, Section, render_text
from dsl.english.clauses import Outline
from dsl.english.values import Level
from dsl.english.voice import Voice
from dsl.plan import Plan

Values = Mapping[int, float | bool | None]
"""Node index → its value at the bar. None or NaN is unknown; an absent node was not computed."""

_ENTERS = {"long": "Buy", "short": "Sell short"}
_SPOKEN_FOR = frozenset({"number", "quantity", "param"})
_UNKNOWN = "not known yet"
_NOT_COMPUTED = "depends on the open position"


def explain_at(plan: Plan, values: Values, when: str) -> str:
    """For each rule whether it fired at the bar `when`, and the truth of every condition with its values."""
    return render_text(findings(plan, values, when))


def findings(plan: Plan, values: Values, when: str) -> Document:
    """As `explain_at`, as a document for pages."""
    scene = _Scene(Voice(plan), values)
    sections = [
        Section(f"{_ENTERS[r.side]}: {words.quoted(r.name)}", _rule(scene, r.when, r.unless)) for r in plan.enter
    ]
    sections += [
        Section(f"Add to a {r.side} position: {words.quoted(r.name)}", _rule(scene, r.when, r.unless)) for r in plan.add
    ]
    sections += [
        Section(f"Leave the {r.side or 'open'} position: {words.quoted(r.name)}", _rule(scene, r.when, r.unless))
        for r in plan.exit
    ]
    note = (
        "A rule that fired asks for an order, and an exit needs something to close. Whether an order followed also "
        "depends on the open position and the limits."
    )
    sections.append(Section("Note", (Paragraph(note),)))
    return Document(f"{plan.name}, version {plan.version}, at the close of the bar of {when}", tuple(sections))


@dataclass(frozen=True)
class _Scene:
    voice: Voice
    values: Values

    def known(self, index: int) -> float | None:
        value = self.values.get(index)
        return None if value is None or isnan(value) else float(value)

    def truth(self, index: int) -> bool | None:
        value = self.known(index)
        return None if value is None else bool(value)

    def computed(self, index: int) -> bool:
        """Whether a value was to be had at all: what hangs on the position is only known inside a run."""
        return index in self.values or self.voice.node(index).scope == "market"

    def unknown(self, index: int) -> str:
        return _UNKNOWN if self.computed(index) else _NOT_COMPUTED

    def verdict(self, index: int) -> str:
        truth = self.truth(index)
        return self.unknown(index) if truth is None else "true" if truth else "false"


def _rule(scene: _Scene, when: int, unless: int | None) -> tuple[Block, ...]:
    verdict = _verdict(scene, when, unless)
    blocks: list[Block] = [Paragraph(verdict), Listing(_conditions(scene, when))]
    if unless is not None:
        blocks += [Paragraph("Not when:"), Listing(_conditions(scene, unless))]
    return tuple(blocks)


def _verdict(scene: _Scene, when: int, unless: int | None) -> str:
    asked = scene.truth(when)
    blocked = False if unless is None else scene.truth(unless)
    if asked is None and not scene.computed(when):
        return "Whether it fired depends on the open position."
    if asked and blocked is False:
        return "It fired."
    if asked is None:
        return "It did not fire: what it asks for is not known at this bar."
    if not asked:
        return "It did not fire: what it asks for was not true."
    if blocked is None:
        return "It did not fire: “not when” could not be ruled out, which blocks."
    return "It did not fire: “not when” was true, which blocks."


def _conditions(scene: _Scene, index: int) -> tuple[Item, ...]:
    """The parts of a joined condition, or the one condition."""
    tree = clauses.outline(scene.voice, index)
    if scene.voice.node(index).op == "and" and tree.parts:
        return tuple(_item(scene, part) for part in tree.parts)
    return (_item(scene, tree),)


def _item(scene: _Scene, tree: Outline) -> Item:
    if tree.node is None:
        return Item(tree.text, tuple(_item(scene, part) for part in tree.parts))
    verdict = scene.verdict(tree.node)
    if tree.parts:
        return Item(f"{tree.text} {verdict}", tuple(_item(scene, part) for part in tree.parts))
    if tree.node in scene.voice.names and scene.voice.node(tree.node).kind == "truth":
        return Item(f"{words.quoted(scene.voice.names[tree.node])}: {verdict}", (_defined(scene, tree.node),))
    return Item(f"{_measured(scene, tree.node)}: {verdict}")


def _defined(scene: _Scene, index: int) -> Item:
    """A definition below its own name; the verdict stands above it already."""
    inner = clauses.outline(scene.voice, index, named=False)
    if not inner.parts:
        return Item(_measured(scene, index))
    return Item(inner.text, tuple(_item(scene, part) for part in inner.parts))


def _measured(scene: _Scene, index: int) -> str:
    """The condition with the values in it."""
    voice, node = scene.voice, scene.voice.node(index)
    if node.op in clauses.RELATIONS and scene.truth(index) is not None:
        left, right = node.args
        said = f"{voice.value(left).text} was {_shown(scene, left)}"
        return f"{said}, {clauses.RELATIONS[node.op]} {_with_value(scene, right)}"
    text = clauses.clause(voice, index)
    figures = [f"{voice.value(i).text} was {_shown(scene, i)}" for i in _figures(voice, index) if scene.computed(i)]
    return f"{text} ({'; '.join(figures)})" if figures else text


def _with_value(scene: _Scene, index: int) -> str:
    said = scene.voice.value(index).within(Level.SUM)
    if scene.voice.node(index).op in _SPOKEN_FOR:
        return said
    return f"{said} ({_shown(scene, index)})"


def _figures(voice: Voice, index: int) -> Iterator[int]:
    """The values on the strategy's own bars that a condition names itself, without its constants."""
    for i in dict.fromkeys(voice.node(index).args):
        node = voice.node(i)
        if node.kind != "truth" and node.op not in _SPOKEN_FOR and node.series == voice.node(index).series:
            yield i


def _shown(scene: _Scene, index: int) -> str:
    value = scene.known(index)
    if value is None:
        return scene.unknown(index)
    return show(value, scene.voice.node(index).kind)


def show(value: float, kind: str) -> str:
    """A value with its unit, in the digits that a person reads."""
    match kind:
        case "price":
            return _decimal(value, 7)
        case "percent":
            return f"{value:.4g}%"
        case "money":
            return f"{value:,.2f}"
        case "bars":
            return words.plural(round(value), "bar")
        case "duration":
            return _duration(value)
        case _:
            return _decimal(value, 4)


def _decimal(value: float, digits: int) -> str:
    """`digits` that count, never as a power of ten: a spread is 0.00008 and not 8e-05."""
    text = f"{value:,.{digits}g}"
    if "e" not in text:
        return text
    return f"{value:,.0f}" if abs(value) >= 1 else f"{value:.12f}".rstrip("0").rstrip(".")


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    spans = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    return words.listed([words.plural(n, unit) for n, unit in spans if n]) or "0 minutes"
