"""Conditions: as one clause, and as an outline whose nested logic becomes bullet lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from dsl.english import indicators, values, words
from dsl.english.blocks import Item
from dsl.english.values import Level
from dsl.plan import PlanNode

if TYPE_CHECKING:
    from dsl.english.voice import Voice

RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        "gt": "above",
        "ge": "at or above",
        "lt": "below",
        "le": "at or below",
        "eq": "equal to",
        "ne": "different from",
    }
)

CROSSINGS: Mapping[str, str] = MappingProxyType(
    {
        "cross_above": "above",
        "cross_below": "below",
        "crosses": "(upwards or downwards)",
    }
)

DIRECTIONS: Mapping[str, str] = MappingProxyType({"rising": "risen", "falling": "fallen"})

_JOINED = frozenset({"and", "or", "at_least"})


def clause(voice: Voice, index: int, past: bool = False, negated: bool = False) -> str:
    """The condition in one line, present or past, also as its denial."""
    node = voice.node(index)
    return _SAY[node.op](voice, node, _Mood(past, negated))


@dataclass(frozen=True, slots=True)
class _Mood:
    past: bool = False
    negated: bool = False

    @property
    def be(self) -> str:
        return ("was" if self.past else "is") + self._not

    @property
    def have(self) -> str:
        return ("had" if self.past else "has") + self._not

    def verb(self, plain: str, present: str, past: str) -> str:
        """`crosses`, `crossed`, `does not cross`, `did not cross`."""
        if self.negated:
            return f"{'did' if self.past else 'does'} not {plain}"
        return past if self.past else present

    @property
    def _not(self) -> str:
        return " not" if self.negated else ""

    def deny(self, text: str) -> str:
        """The denial of a clause that has no verb of its own to deny."""
        return f"it {self.be} so that {text}" if self.negated else text


def _compare(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    a, b = (voice.value(i).within(Level.SUM) for i in node.args)
    return f"{a} {mood.be} {RELATIONS[node.op]} {b}"


def _between(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    x, low, high = (voice.value(i).within(Level.SUM) for i in node.args)
    return f"{x} {mood.be} between {low} and {high}"


def _cross(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    a, b = (voice.value(i).within(Level.SUM) for i in node.args)
    verb = mood.verb("cross", "crosses", "crossed")
    return f"{a} {verb} {b} {CROSSINGS[node.op]}" if node.op == "crosses" else f"{a} {verb} {CROSSINGS[node.op]} {b}"


def _moving(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    said = voice.value(node.args[0]).within(Level.SUM)
    return f"{said} {mood.have} {DIRECTIONS[node.op]} on {each_of_the_last(voice, node.args[1])}"


def each_of_the_last(voice: Voice, window: int) -> str:
    """“each of the last 3 bars”, “this bar”."""
    count = voice.node(window)
    if count.op in ("number", "quantity") and count["value"] == 1:
        return "this bar"
    return f"each of the last {values.bars(voice, window)}"


def _held(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    condition, window = node.args
    return mood.deny(f"on {each_of_the_last(voice, window)}, {voice.clause(condition, past=True)}")


def _followed(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    first, second, window = node.args
    before = f"{grouped(voice, first, past=True)} on one of the {values.bars(voice, window)} before"
    return mood.deny(f"{before}, and now {grouped(voice, second)}")


def grouped(voice: Voice, index: int, past: bool = False) -> str:
    """A clause that stands inside another one: joined conditions get brackets."""
    said = voice.clause(index, past)
    joined = voice.node(index).op in _JOINED and index not in voice.names
    return f"({said})" if joined else said


def _not(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    inner = node.args[0]
    if inner in voice.names:
        be = _Mood(mood.past, not mood.negated).be
        return f"{words.quoted(voice.names[inner])} {be} true"
    return clause(voice, inner, mood.past, not mood.negated)


def _joined(word: str) -> Callable[[Voice, PlanNode, _Mood], str]:
    def say(voice: Voice, node: PlanNode, mood: _Mood) -> str:
        parts = f" {word} ".join(grouped(voice, i, mood.past) for i in node.args)
        return mood.deny(f"({parts})" if mood.negated else parts)

    return say


def _at_least(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    wanted, *conditions = node.args
    parts = "; ".join(voice.clause(i, mood.past) for i in conditions)
    return mood.deny(f"at least {voice.value(wanted).within(Level.ATOM)} of ({parts})")


def _time_between(_: Voice, node: PlanNode, mood: _Mood) -> str:
    return f"the bar {mood.verb('lie', 'lies', 'lay')} {values.clock_range(node)}"


def _day_is(_: Voice, node: PlanNode, mood: _Mood) -> str:
    return f"the trading day {mood.be} {words.listed(node['days'], 'or')}"


def _news(_: Voice, node: PlanNode, mood: _Mood) -> str:
    window = words.plural(node["minutes"], "minute")
    return (
        f"there {mood.be} {node['impact']}-impact news for {values.target(node['target'])} "
        f"within {window} before or after"
    )


def _builtin(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    template = indicators.TRUTHS[node["name"], node.get("part")]
    return values.from_template(voice, node, template, verb=mood.be)


def _history(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    condition, ago = node.args
    return mood.deny(f"{values.earlier(voice, ago)}, {grouped(voice, condition, past=True)}")


def _align(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    inner = node.args[0]
    series = voice.node(inner).series
    text = f"on {values.series_name(voice, series)}, {grouped(voice, inner, mood.past)}"
    if node.get("event"):
        timeframe = words.timeframe(voice.plan.series[series].timeframe)
        text += f" (only at the close of that {timeframe} bar)"
    return mood.deny(text)


def _value_when(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    value, condition = (grouped(voice, i, past=True) for i in node.args)
    return mood.deny(f"{value} on the last bar on which {condition}")


def _if(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    condition, then, otherwise = (grouped(voice, i, mood.past) for i in node.args)
    return mood.deny(f"({then} if {condition}, else {otherwise})")


def _otherwise(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    first, fallback = (grouped(voice, i, mood.past) for i in node.args)
    return mood.deny(f"({first}, or {fallback} while that is not known)")


def _remembered(voice: Voice, node: PlanNode, mood: _Mood) -> str:
    return f"{values.phrase(voice, node).text} {mood.be} true"


_SAY: Mapping[str, Callable[[Voice, PlanNode, _Mood], str]] = MappingProxyType(
    {
        **dict.fromkeys(RELATIONS, _compare),
        **dict.fromkeys(CROSSINGS, _cross),
        **dict.fromkeys(DIRECTIONS, _moving),
        "between": _between,
        "held": _held,
        "followed": _followed,
        "not": _not,
        "and": _joined("and"),
        "or": _joined("or"),
        "at_least": _at_least,
        "time_between": _time_between,
        "day_is": _day_is,
        "news": _news,
        "builtin": _builtin,
        "memory": lambda _, n, m: f"the last trade {m.verb('win', 'won', 'won')}",
        "remembered": _remembered,
        "value_when": _value_when,
        "history": _history,
        "align": _align,
        "if": _if,
        "otherwise": _otherwise,
    }
)

TRUTH_OPS = frozenset(_SAY)


# --- outlines ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outline:
    """A condition taken apart: `text` introduces `parts`, or says the whole when there are none.

    `node` is what the text is about; None where a line only gives the order of its parts.
    """

    text: str
    node: int | None
    parts: tuple[Outline, ...] = ()


def outline(voice: Voice, index: int, named: bool = True) -> Outline:
    """Nested logic as a tree; `named` False takes a `let` itself apart, for its definition."""
    node = voice.node(index)
    if (named and index in voice.names) or node.op not in _TAKE_APART:
        text = voice.clause(index) if named else clause(voice, index)
        return Outline(text, index)
    return _TAKE_APART[node.op](voice, index, node)


def _group(heading: str) -> Callable[[Voice, int, PlanNode], Outline]:
    def say(voice: Voice, index: int, node: PlanNode) -> Outline:
        return Outline(heading, index, tuple(outline(voice, i) for i in node.args))

    return say


def _votes(voice: Voice, index: int, node: PlanNode) -> Outline:
    wanted, *conditions = node.args
    heading = f"at least {voice.value(wanted).within(Level.ATOM)} of:"
    return Outline(heading, index, tuple(outline(voice, i) for i in conditions))


def _denied(voice: Voice, index: int, node: PlanNode) -> Outline:
    inner = node.args[0]
    kind = voice.node(inner).op
    if inner in voice.names or kind not in _TAKE_APART:
        return Outline(clause(voice, index), index)
    if kind == "or":
        return Outline("none of:", index, tuple(outline(voice, i) for i in voice.node(inner).args))
    return Outline("not this:", index, (outline(voice, inner),))


def _lasting(voice: Voice, index: int, node: PlanNode) -> Outline:
    condition, window = node.args
    inner = outline(voice, condition)
    if not inner.parts:
        return Outline(clause(voice, index), index)
    return Outline(f"on {each_of_the_last(voice, window)}:", index, (_unmeasured(inner),))


def _sequence(voice: Voice, index: int, node: PlanNode) -> Outline:
    steps: list[tuple[int, int]] = []
    first = index
    while voice.node(first).op == "followed" and (first == index or first not in voice.names):
        first, second, window = voice.node(first).args
        steps.insert(0, (second, window))
    parts = [_step(voice, "first, on an earlier bar", first)]
    for i, (condition, window) in enumerate(steps):
        now = " and on this bar" if i == len(steps) - 1 else ""
        parts.append(_step(voice, f"then, at most {values.bars(voice, window)} later{now}", condition))
    return Outline("in this order:", index, tuple(parts))


def _step(voice: Voice, lead: str, index: int) -> Outline:
    inner = outline(voice, index)
    if inner.parts:
        return Outline(f"{lead}:", None, (_unmeasured(inner),))
    return Outline(f"{lead}: {inner.text}", None)


def _unmeasured(tree: Outline) -> Outline:
    """The same lines without their nodes: they are about other bars than this one."""
    return Outline(tree.text, None, tuple(_unmeasured(part) for part in tree.parts))


def _on_other_bars(voice: Voice, index: int, node: PlanNode) -> Outline:
    inner = outline(voice, node.args[0])
    if not inner.parts or node.get("event"):
        return Outline(clause(voice, index), index)
    return Outline(f"on {values.series_name(voice, voice.node(node.args[0]).series)}:", index, (_unmeasured(inner),))


def _points(voice: Voice, index: int, node: PlanNode) -> Outline:
    """A comparison with a score shows the score's parts below it."""
    left = voice.node(node.args[0])
    if left.op != "score" or node.args[0] in voice.names:
        return Outline(clause(voice, index), index)
    limit = voice.value(node.args[1]).within(Level.SUM)
    parts = tuple(
        Outline(f"{values.points(w)} if {voice.clause(c)}", c) for w, c in zip(left["weights"], left.args, strict=True)
    )
    return Outline(f"the sum of these points is {RELATIONS[node.op]} {limit}:", index, parts)


_TAKE_APART: Mapping[str, Callable[[Voice, int, PlanNode], Outline]] = MappingProxyType(
    {
        "and": _group("all of:"),
        "or": _group("any of:"),
        "at_least": _votes,
        "not": _denied,
        "held": _lasting,
        "followed": _sequence,
        "align": _on_other_bars,
        **dict.fromkeys(RELATIONS, _points),
    }
)


def as_item(tree: Outline) -> Item:
    """An outline as a list entry."""
    return Item(tree.text, tuple(as_item(part) for part in tree.parts))


def items(voice: Voice, index: int) -> tuple[str, tuple[Item, ...]]:
    """How a sentence ends in a condition: its words, or a lead such as “all of:” and its list."""
    tree = as_item(outline(voice, index))
    return tree.text, tree.items
