"""Values as noun phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from dsl.builtins import BUILTINS
from dsl.english import indicators, words
from dsl.plan import PlanNode

if TYPE_CHECKING:
    from dsl.english.voice import Voice


class Level(IntEnum):
    """How loosely a phrase holds together; a looser one is put in brackets inside a tighter one."""

    ATOM = 0
    TRAILING = 1
    """Ends in words that could be heard as belonging to what follows (“one bar earlier”)."""
    PRODUCT = 2
    SUM = 3
    CHOICE = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    level: Level = Level.ATOM

    def within(self, loosest: Level) -> str:
        return self.text if self.level <= loosest else f"({self.text})"


FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "open": "the open",
        "high": "the high",
        "low": "the low",
        "close": "the close",
        "volume": "the volume",
        "spread": "the spread",
        "hl2": "the mid-price (high and low)",
        "hlc3": "the typical price (high, low and close)",
        "ohlc4": "the mean price (open, high, low and close)",
    }
)

_CALENDAR = MappingProxyType(
    {
        "trading_day_of_month": "the number of this trading day in its month",
        "trading_days_left_in_month": "the number of trading days left in the month",
    }
)

_POSITION = MappingProxyType(
    {
        "bars_held": "the number of bars held",
        "time_since_entry": "the time since entry",
        "equity": "the equity of the account",
        "entry_price": "the entry price",
        "highest_since_entry": "the highest price since entry",
        "lowest_since_entry": "the lowest price since entry",
    }
)

_PROFIT = MappingProxyType(
    {
        "percent": "the open profit in per cent of the entry price",
        "money": "the open profit in money",
    }
)

MEMORY = MappingProxyType(
    {
        "bars_since_exit": "the number of bars since the last exit",
        "last_fill_price": "the last fill price",
        "last_trade_won": "whether the last trade won",
    }
)


def phrase(voice: Voice, node: PlanNode) -> Phrase:
    """The node as a noun phrase. Every op of the Plan that can be a value is known."""
    return _SAY[node.op](voice, node)


def bars(voice: Voice, index: int) -> str:
    """A count as bars: “3 bars”, “20 bars [lookback]”."""
    return _counted(voice, index, lambda n: words.plural(n, "bar"), "{} bars")


def _counted(voice: Voice, index: int, known: Callable[[float], str], otherwise: str) -> str:
    node = voice.node(index)
    if node.op in ("number", "quantity"):
        return known(node["value"])
    if node.op == "param":
        return f"{known(default(voice, node['name']))} {words.bracket(node['name'])}"
    return otherwise.format(voice.value(index).within(Level.ATOM))


def default(voice: Voice, name: str) -> float:
    """The default of a setting."""
    return next(p.default for p in voice.plan.params if p.name == name)


def clock_range(node: PlanNode) -> str:
    return f"between {node['start']} and {node['end']} {words.zone(node['zone'])}"


def target(symbol: str) -> str:
    """Whom news is about."""
    return "this symbol" if symbol == "self" else symbol


def _param(voice: Voice, node: PlanNode) -> Phrase:
    space = next(p for p in voice.plan.params if p.name == node["name"])
    return Phrase(f"{words.quantity(space.default, space.unit)} {words.bracket(space.name)}")


_HOLE = re.compile(r"\{(\w+)([-#=]?)\}")


def from_template(voice: Voice, node: PlanNode, template: str, verb: str = "is") -> str:
    """Fill an indicator's template with the inputs and numbers of this call."""
    row = BUILTINS[node["name"]]
    split = len(node.args) - len(row.numbers)
    inputs = dict(zip((i.name for i in row.inputs), node.args[:split], strict=False))
    numbers = dict(zip((n.name for n in row.numbers), node.args[split:], strict=True))

    def fill(hole: re.Match[str]) -> str:
        name, form = hole[1], hole[2]
        if name == "is":
            return verb
        if name == "of_x":
            return "" if _is_close(voice, inputs.get("x")) else f" of {voice.value(inputs['x']).within(Level.ATOM)}"
        if name in inputs:
            said = voice.value(inputs[name])
            if form != "=":
                return said.within(Level.ATOM)
            bare = said.text.removeprefix("the ")
            return bare if voice.node(inputs[name]).op == "bar" else f"value of {said.within(Level.ATOM)}"
        if form == "-":
            return _counted(voice, numbers[name], lambda n: f"{words.number(n)}-bar", "{}-bar")
        if form == "#":
            return voice.value(numbers[name]).within(Level.ATOM)
        return bars(voice, numbers[name])

    return _HOLE.sub(fill, template)


def _is_close(voice: Voice, index: int | None) -> bool:
    return index is None or (voice.node(index).op == "bar" and voice.node(index)["field"] == "close")


def _builtin(voice: Voice, node: PlanNode) -> Phrase:
    return Phrase(from_template(voice, node, indicators.VALUES[node["name"], node.get("part")]))


def _window(voice: Voice, node: PlanNode) -> Phrase:
    of = voice.node(node.args[0])
    said = voice.value(node.args[0])
    what = said.text.removeprefix("the ") if of.op == "bar" else f"value of {said.within(Level.ATOM)}"
    return Phrase(f"the {node['name']} {what} {clock_range(node)}", Level.TRAILING)


def _so_far(_: Voice, node: PlanNode) -> Phrase:
    bar = f"the {words.timeframe(node['timeframe'])} bar in progress"
    so_far = "" if node["field"] == "open" else " so far"
    return Phrase(f"{FIELDS[node['field']]}{so_far} of {bar}", Level.TRAILING)


def _position(_: Voice, node: PlanNode) -> Phrase:
    if node["word"] == "profit":
        return Phrase(_PROFIT.get(node.kind, "the open profit"))
    return Phrase(_POSITION[node["word"]])


def _remembered(_: Voice, node: PlanNode) -> Phrase:
    name = f"the remembered {words.quoted(node['name'])}"
    if not node["ago"]:
        return Phrase(name)
    ago = "one bar" if node["ago"] == 1 else words.plural(node["ago"], "bar")
    return Phrase(f"{name} {ago} earlier", Level.TRAILING)


def earlier(voice: Voice, index: int) -> str:
    """“one bar earlier”, “3 bars earlier”."""
    count = voice.node(index)
    single = count.op in ("number", "quantity") and count["value"] == 1
    return f"{'one bar' if single else bars(voice, index)} earlier"


def _history(voice: Voice, node: PlanNode) -> Phrase:
    what, ago = node.args
    link = "" if voice.node(what).op == "bar" else " as of"
    return Phrase(f"{voice.value(what).within(Level.ATOM)}{link} {earlier(voice, ago)}", Level.TRAILING)


def _binary(word: str, level: Level, right: Level) -> Callable[[Voice, PlanNode], Phrase]:
    """Sums and products associate to the left, as they are read."""

    def say(voice: Voice, node: PlanNode) -> Phrase:
        a, b = (voice.value(i) for i in node.args)
        return Phrase(f"{a.within(level)} {word} {b.within(right)}", level)

    return say


def _negative(voice: Voice, node: PlanNode) -> Phrase:
    return Phrase(f"minus {voice.value(node.args[0]).within(Level.TRAILING)}", Level.PRODUCT)


def _of_all(one: str, two: str) -> Callable[[Voice, PlanNode], Phrase]:
    def say(voice: Voice, node: PlanNode) -> Phrase:
        parts = [voice.value(i).within(Level.TRAILING) for i in node.args]
        return Phrase(f"{two if len(parts) == 2 else one} of {words.listed(parts)}", Level.PRODUCT)

    return say


def _percent_of(voice: Voice, node: PlanNode) -> Phrase:
    share, whole = (voice.value(i) for i in node.args)
    return Phrase(f"{share.within(Level.ATOM)} of {whole.within(Level.TRAILING)}", Level.PRODUCT)


def _count(voice: Voice, node: PlanNode) -> Phrase:
    condition, window = node.args
    text = f"the number of bars, out of the last {bars(voice, window)}, on which {voice.clause(condition, past=True)}"
    return Phrase(text, Level.CHOICE)


def _bars_since(voice: Voice, node: PlanNode) -> Phrase:
    text = f"the number of bars since the last one on which {voice.clause(node.args[0], past=True)}"
    return Phrase(text, Level.CHOICE)


def _value_when(voice: Voice, node: PlanNode) -> Phrase:
    value, condition = node.args
    text = f"{voice.value(value).within(Level.TRAILING)} on the last bar on which {voice.clause(condition, past=True)}"
    return Phrase(text, Level.CHOICE)


def points(weight: float) -> str:
    return words.plural(weight, "point")


def _score(voice: Voice, node: PlanNode) -> Phrase:
    parts = [f"{points(w)} if {voice.clause(c)}" for w, c in zip(node["weights"], node.args, strict=True)]
    return Phrase(f"the score ({'; '.join(parts)})")


def _if(voice: Voice, node: PlanNode) -> Phrase:
    condition, then, otherwise = node.args
    a, b = (voice.value(i).within(Level.SUM) for i in (then, otherwise))
    return Phrase(f"{a} if {voice.clause(condition)}, else {b}", Level.CHOICE)


def _otherwise(voice: Voice, node: PlanNode) -> Phrase:
    a, b = (voice.value(i).within(Level.SUM) for i in node.args)
    return Phrase(f"{a}, or {b} while that is not known", Level.CHOICE)


def series_name(voice: Voice, index: int) -> str:
    """“daily bars”, “hourly bars of US500”."""
    series = voice.plan.series[index]
    symbol = "" if series.symbol == "self" else f" of {series.symbol}"
    return f"{words.timeframe(series.timeframe)} bars{symbol}"


def _align(voice: Voice, node: PlanNode) -> Phrase:
    inner = node.args[0]
    said = voice.value(inner).within(Level.ATOM)
    return Phrase(f"{said} on {series_name(voice, voice.node(inner).series)}", Level.TRAILING)


def _rank(voice: Voice, node: PlanNode) -> Phrase:
    return Phrase(f"the rank of {voice.value(node.args[0]).within(Level.ATOM)} among the traded symbols")


_SAY: Mapping[str, Callable[[Voice, PlanNode], Phrase]] = MappingProxyType(
    {
        "number": lambda _, n: Phrase(words.number(n["value"])),
        "quantity": lambda _, n: Phrase(words.quantity(n["value"], n["unit"])),
        "param": _param,
        "bar": lambda _, n: Phrase(FIELDS[n["field"]]),
        "builtin": _builtin,
        "window": _window,
        "so_far": _so_far,
        "calendar": lambda _, n: Phrase(_CALENDAR[n["name"]]),
        "time_until_news": lambda _, n: Phrase(
            f"the time until the next {n['impact']}-impact news for {target(n['target'])}"
        ),
        "sentiment": lambda _, n: Phrase(
            f"the news sentiment for {target(n['target'])} over the last {words.plural(n['hours'], 'hour')}"
        ),
        "model": lambda _, n: Phrase(f"the score of the model “{n['name']}”"),
        "macro": lambda _, n: Phrase(f"the figure {n['name']} as it was published by then"),
        "position": _position,
        "memory": lambda _, n: Phrase(MEMORY[n["word"]]),
        "remembered": _remembered,
        "add": _binary("plus", Level.SUM, Level.PRODUCT),
        "sub": _binary("minus", Level.SUM, Level.PRODUCT),
        "mul": _binary("times", Level.PRODUCT, Level.TRAILING),
        "div": _binary("divided by", Level.PRODUCT, Level.TRAILING),
        "neg": _negative,
        "abs": lambda v, n: Phrase(f"the absolute value of {v.value(n.args[0]).within(Level.ATOM)}"),
        "average": _of_all("the mean", "the mean"),
        "min": _of_all("the smallest", "the smaller"),
        "max": _of_all("the largest", "the larger"),
        "percent_of": _percent_of,
        "count": _count,
        "bars_since": _bars_since,
        "value_when": _value_when,
        "score": _score,
        "if": _if,
        "otherwise": _otherwise,
        "history": _history,
        "align": _align,
        "rank": _rank,
    }
)

VALUE_OPS = frozenset(_SAY)
