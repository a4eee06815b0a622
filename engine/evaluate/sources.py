"""The one place through which news, sentiment, model scores and macro data reach expressions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from dsl.plan import PlanNode
from engine.columns import Column
from engine.errors import MissingSource

if TYPE_CHECKING:
    from data.bars import Bars
    from data.instruments import Instrument

SOURCED = ("news", "time_until_news", "sentiment", "model", "macro")
"""Operations whose values are recorded outside the market."""


class Sources(Protocol):
    """Recorded, timestamped data from outside the market."""

    def column(self, node: PlanNode, bars: Bars, instrument: Instrument) -> Column:
        """The value of `node` at the close of each bar, from what was known by then.

        Raises `MissingSource` when this source was not given.
        """
        ...


def refuse(nodes: Iterable[PlanNode]) -> None:
    """Raises `MissingSource` for the sources that these nodes read, when there are none."""
    missing = sorted({_named(node) for node in nodes if node.op in SOURCED})
    if missing:
        raise MissingSource(
            f"This strategy reads {' and '.join(missing)}, and no such source is installed.",
            "`rulewright check --data` lists what a strategy needs.",
        )


def _named(node: PlanNode) -> str:
    if node.op == "model":
        return f"the model “{node['name']}”"
    if node.op == "macro":
        return f"the macro series {node['name']}"
    if node.op == "sentiment":
        return f"the news sentiment of {node['target']}"
    return "the economic calendar"
