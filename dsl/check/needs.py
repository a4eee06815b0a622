"""What a Plan needs of the outside: bars before the first decision, calendars, models, figures.

Each item is given, for every series it reads, the number of bars that make it known and the number
after which it no longer depends on where history starts. Needs add up through nesting: a mean of 20
over a mean of 50 needs 69 bars; read once a base bar over n base bars, a longer timeframe needs as
many more of its own bars as those n span.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from dsl.builtins import BUILTINS, MAX_WINDOW
from dsl.check.clocks import minutes
from dsl.check.graph import Item
from dsl.plan import DataNeeds, SeriesNeed

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Need:
    first_valid: int
    settled: int
    unbounded: bool = False

    def both(self, other: Need) -> Need:
        return Need(
            max(self.first_valid, other.first_valid),
            max(self.settled, other.settled),
            self.unbounded or other.unbounded,
        )

    def longer(self, first_valid: int, settled: int) -> Need:
        return Need(self.first_valid + first_valid, self.settled + settled, self.unbounded)


Needs = dict[Key, Need]


def of(items: Sequence[Item], base: Key) -> DataNeeds:
    """The needs of a whole strategy, from its items in the order of their numbers."""
    found: dict[int, Needs] = {}
    total: Needs = {base: Need(1, 1)}
    calendar: dict[str, None] = {}
    sentiment: dict[str, None] = {}
    models: dict[str, None] = {}
    macro: dict[str, None] = {}
    for item in items:
        needs = _of(item, [found[id(arg)] for arg in item.args], base)
        found[id(item)] = needs
        for key, need in needs.items():
            total[key] = total[key].both(need) if key in total else need
        if item.op in ("news", "time_until_news"):
            calendar[item.attr("target")] = None
        elif item.op == "sentiment":
            sentiment[item.attr("target")] = None
        elif item.op == "model":
            models[item.attr("name")] = None
        elif item.op == "macro":
            macro[item.attr("name")] = None
    return DataNeeds(
        tuple([SeriesNeed(*key, n.first_valid, n.settled, n.unbounded) for key, n in total.items()]),
        tuple(calendar),
        tuple(sentiment),
        tuple(models),
        tuple(macro),
    )


def _of(item: Item, args: list[Needs], base: Key) -> Needs:
    needs: Needs = {}
    for arg in args:
        for key, need in arg.items():
            needs[key] = needs[key].both(need) if key in needs else need
    here = item.series
    match item.op:
        case "bar" | "time_between" | "day_is" | "calendar" | "news" | "time_until_news" | "sentiment":
            return {here: Need(1, 1)}
        case "model" | "macro":
            return {here: Need(1, 1)}
        case "so_far":
            return {here: _days_of_bars(here, minutes(item.attr("timeframe")))}
        case "remembered":
            return {base: Need(1, 1, unbounded=True)}
        case "builtin":
            return _builtin(item, needs)
        case "window":
            day = _days_of_bars(here, 2 * 1440)
            return _longer(needs, here, day.first_valid - 1, day.settled - 1)
        case "history":
            steps = int(item.args[1].high)
            return _longer(needs, here, steps, steps)
        case "cross_above" | "cross_below" | "crosses":
            return _longer(needs, here, 1, 1)
        case "rising" | "falling":
            steps = int(item.args[1].high)
            return _longer(needs, here, steps, steps)
        case "held" | "count":
            steps = int(item.args[1].high) - 1
            return _longer(needs, here, steps, steps)
        case "followed":
            steps = int(item.args[2].high)
            return _longer(needs, here, steps, steps)
        case "bars_since" | "value_when":
            return _longer(needs, here, 0, MAX_WINDOW)
        case "align":
            return {**needs, here: needs[here].both(Need(1, 1)) if here in needs else Need(1, 1)}
    return needs


def _builtin(item: Item, needs: Needs) -> Needs:
    row = BUILTINS[item.attr("name")]
    numbers = [arg.high for arg in item.args[len(row.inputs) :]]
    first, settled = row.warm_up(*numbers)
    if row.daily:
        day = _days_of_bars(item.series, 2 * 1440)
        first, settled = max(first, day.first_valid), max(settled, day.settled)
    here = item.series
    longer = _longer(needs, here, first - 1, settled - 1)
    own = Need(first, settled, row.unbounded)
    longer[here] = longer[here].both(own) if here in longer else own
    return longer


def _longer(needs: Needs, here: Key, first: int, settled: int) -> Needs:
    """The needs when values are wanted over this many more bars of the series they live on."""
    out: Needs = {}
    for key, need in needs.items():
        if key == here:
            out[key] = need.longer(first, settled)
        else:
            share = minutes(here[1]) / minutes(key[1])
            out[key] = need.longer(ceil(first * share), ceil(settled * share))
    return out


def _days_of_bars(series: Key, length: int) -> Need:
    """As many bars as fit into this many minutes."""
    bars = max(1, ceil(length / minutes(series[1])))
    return Need(bars, bars)
