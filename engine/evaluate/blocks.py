"""Expressions that look back over a known number of bars, evaluated stretch by stretch.

Averages that only a crossing reads need not exist as whole columns: a stretch of bars fits into the
processor's cache, a million of them do not, and memory that a process has not touched before costs
more than the arithmetic. The values keep their bits: a window's stretch begins where one of its
blocks does (see `engine.kernels.windows`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from dsl.builtins import BUILTINS
from dsl.plan import PlanNode
from engine.columns import Column, Floats
from engine.evaluate.frame import Frame
from engine.evaluate.history import CROSSINGS
from engine.evaluate.pointwise import POINTWISE

STRETCH = 32_768
"""Bars evaluated at a time: a quarter of a megabyte for each expression."""

_ONE_WINDOW = frozenset({
    "sma", "mean", "wma", "vwma", "stdev", "zscore", "bollinger", "sum", "highest", "lowest", "donchian",
    "first", "last", "roc", "linreg_slope", "correlation", "beta",
})  # fmt: skip
"""Built-ins that are windows of one length, their first number."""
_BAR_BEFORE = frozenset({"true_range", *(name for name, row in BUILTINS.items() if row.group == "candle shapes")})
_COUNTED = frozenset({"rising", "falling", "held", "count", "followed", "history"})
"""Operations whose last argument is the number of bars they look back over."""

Family = tuple[int, ...]
Compute = Callable[[Family, tuple[Column, ...], Frame], dict[int, Column]]


def looks_back_finitely(node: PlanNode) -> bool:
    """Whether a stretch of this node can be made from a stretch of its arguments."""
    if node.op == "builtin":
        return node["name"] in _ONE_WINDOW or node["name"] in _BAR_BEFORE
    return node.op in POINTWISE or node.op in CROSSINGS or node.op in _COUNTED


def _reach(node: PlanNode, length: Callable[[int], int]) -> tuple[int, int]:
    """Bars looked back over, and the length of the blocks that a stretch must begin with."""
    if node.op == "builtin" and node["name"] in _ONE_WINDOW:
        n = length(node.args[len(BUILTINS[node["name"]].inputs)])
        return n, n
    if node.op in _COUNTED:
        return length(node.args[-1]), 1
    return 0 if node.op in POINTWISE else 1, 1


class Stretch(Frame):
    """Some consecutive bars of a frame, for built-ins that read prices."""

    __slots__ = ("_first", "_stop", "_whole")

    def __init__(self, whole: Frame, first: int, stop: int) -> None:
        super().__init__(whole.bars, whole.instrument)
        self._whole, self._first, self._stop = whole, first, stop

    def __len__(self) -> int:
        return self._stop - self._first

    def price(self, name: str) -> Floats:
        return self._whole.price(name)[self._first : self._stop]


@dataclass(frozen=True, slots=True)
class Group:
    """Families of nodes, arguments before users, that are evaluated together; `kept` are read outside."""

    families: tuple[Family, ...]
    kept: frozenset[int]


def evaluate_group(
    group: Group,
    nodes: tuple[PlanNode, ...],
    frame: Frame,
    given: Mapping[int, Column],
    constant: Mapping[int, Column],
    compute: Compute,
) -> dict[int, Column]:
    """The kept columns of a group. `given` are whole columns of its other arguments."""
    lengths = {index: round(float(column[0])) for index, column in constant.items()}
    reach = {family: _reach(nodes[family[0]], lengths.__getitem__) for family in group.families}
    kept: dict[int, Column] = {}
    for start in range(0, len(frame), STRETCH):
        stop = min(start + STRETCH, len(frame))
        begins = _begins(group, nodes, reach, start)
        made: dict[int, tuple[int, Column]] = {}
        for family in group.families:
            begin = begins[family]
            args = []
            for arg in nodes[family[0]].args:
                if arg in constant:
                    args.append(constant[arg])
                elif arg in made:
                    first, column = made[arg]
                    args.append(column[begin - first :])
                else:
                    args.append(given[arg][begin:stop])
            for member, column in compute(family, tuple(args), Stretch(frame, begin, stop)).items():
                made[member] = begin, column
                if member in group.kept:
                    if member not in kept:
                        kept[member] = np.empty(len(frame), column.dtype)
                    kept[member][start:stop] = column[start - begin :]
    return kept


def _begins(
    group: Group, nodes: tuple[PlanNode, ...], reach: Mapping[Family, tuple[int, int]], start: int
) -> dict[Family, int]:
    """Where the stretch of each family begins, so that all who read it from `start` on are served."""
    needed = {member: start for family in group.families for member in family}
    begins: dict[Family, int] = {}
    for family in reversed(group.families):
        back, block = reach[family]
        begin = max(0, min(needed[member] for member in family) - back) // block * block
        begins[family] = begin
        for arg in nodes[family[0]].args:
            if arg in needed:
                needed[arg] = min(needed[arg], begin)
    return begins


def groups_of(
    nodes: tuple[PlanNode, ...], order: Iterable[int], families: Mapping[int, Family], wanted: frozenset[int]
) -> tuple[tuple[int, ...], dict[int, Group]]:
    """A new order of evaluation, and for the nodes that are evaluated in a group, their group.

    Nodes are put into stages, so that no group depends on itself by way of a node outside: within a
    stage first those that need whole columns, then groups of those that look back finitely.
    """
    indexes = tuple(order)
    finite = {index for index in indexes if looks_back_finitely(nodes[index])}
    stage: dict[int, int] = {}
    for index in indexes:
        behind = [stage[arg] + (arg in finite and index not in finite) for arg in nodes[index].args if arg in stage]
        stage[index] = max(behind, default=0)
    root = {index: index for index in indexes}

    def find(index: int) -> int:
        while root[index] != index:
            index = root[index]
        return index

    read_outside = set(wanted)
    for index in indexes:
        for other in families[index]:
            root[find(other)] = find(index)
        for arg in nodes[index].args:
            if arg in finite and index in finite and stage[arg] == stage[index]:
                root[find(arg)] = find(index)
            else:
                read_outside.add(arg)
    members: dict[int, list[int]] = {}
    for index in sorted(finite):
        members.setdefault(find(index), []).append(index)
    groups: dict[int, Group] = {}
    for each in members.values():
        if read_outside.issuperset(each):
            continue
        ordered = tuple(dict.fromkeys(families[index] for index in each))
        group = Group(ordered, frozenset(each) & read_outside)
        groups |= dict.fromkeys(each, group)
    return tuple(sorted(indexes, key=lambda index: (stage[index], index in finite, index))), groups
