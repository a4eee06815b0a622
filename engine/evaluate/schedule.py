"""In which order the expressions of a Plan are evaluated, and how long each column is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dsl.plan import Plan, PlanNode
from engine.evaluate.blocks import Group, groups_of
from engine.evaluate.history import CROSSINGS
from engine.evaluate.pointwise import POINTWISE

LITERALS = ("number", "quantity", "param")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The part of a Plan that the wanted nodes rest on.

    `constant` nodes have the same value on every bar. `order` are the others, arguments before
    users; `uses` counts for each how often its column is read. `families` are the nodes that one
    computation makes together: parts of one built-in, crossings of one pair of columns. Those
    `shared` do not depend on every parameter, so that other settings have the same columns.
    `groups` are evaluated stretch by stretch where nothing is shared.
    """

    plan: Plan
    wanted: tuple[int, ...]
    constant: frozenset[int]
    order: tuple[int, ...]
    uses: dict[int, int]
    families: dict[int, tuple[int, ...]]
    shared: frozenset[int]
    groups: dict[int, Group]
    shapes: dict[int, Any]
    """What a node is, apart from its arguments and its bars, as a hashable value."""


def schedule(plan: Plan, wanted: Iterable[int]) -> Schedule:
    wanted = tuple(dict.fromkeys(wanted))
    nodes = plan.nodes
    reached: set[int] = set()
    waiting = list(wanted)
    while waiting:
        index = waiting.pop()
        if index not in reached:
            reached.add(index)
            waiting.extend(nodes[index].args)
    constant: set[int] = set()
    order: list[int] = []
    for index in sorted(reached):
        node = nodes[index]
        if node.op in LITERALS or (node.op in POINTWISE and constant.issuperset(node.args)):
            constant.add(index)
        else:
            order.append(index)
    uses = Counter(arg for index in order for arg in set(nodes[index].args) if arg not in constant)
    uses.update(index for index in wanted if index not in constant)
    alike: dict[Any, list[int]] = {}
    for index in order:
        alike.setdefault(_family(index, nodes[index]), []).append(index)
    families = {index: tuple(family) for family in alike.values() for index in family}
    shapes = {index: _shape(nodes[index]) for index in order}
    staged, groups = groups_of(nodes, order, families, frozenset(wanted))
    return Schedule(plan, wanted, frozenset(constant), staged, dict(uses), families, _shared(plan), groups, shapes)


def _shared(plan: Plan) -> frozenset[int]:
    ranged = {param.name for param in plan.params if param.low is not None}
    moved: list[frozenset[str]] = []
    for node in plan.nodes:
        own = frozenset([node["name"]]) if node.op == "param" else frozenset()
        moved.append(own.union(*[moved[arg] for arg in node.args]))
    return frozenset(index for index, names in enumerate(moved) if not ranged or not names >= ranged)


def _family(index: int, node: PlanNode) -> Any:
    if node.op == "builtin" and node.get("part") is not None:
        return node["name"], node.args, node.series
    if node.op in CROSSINGS:
        return "crossings", node.args, node.series
    return index


def _shape(node: PlanNode) -> Any:
    return node.op, node.kind == "truth", tuple(sorted(node.attrs.items()))


def market_roots(plan: Plan) -> tuple[int, ...]:
    """The market nodes that rules, limits, remembered values and state nodes read directly."""
    roots: dict[int, None] = {}
    seen: set[int] = set()
    waiting = list(_references(plan))
    while waiting:
        index = waiting.pop()
        if index in seen:
            continue
        seen.add(index)
        if plan.nodes[index].scope == "market":
            roots[index] = None
        else:
            waiting.extend(plan.nodes[index].args)
    return tuple(sorted(roots))


def _references(plan: Plan) -> Iterator[int]:
    """Every node index that stands in a statement of the Plan."""
    found: list[int | None] = []
    for enter in plan.enter:
        found += [enter.when, enter.unless, enter.order.price, enter.order.good_for, enter.order.cancel_when]
        found += [enter.size.value, enter.size.cap, enter.stop.value, enter.target.value]
    for add in plan.add:
        found += [add.when, add.unless, add.size.value, add.size.cap, add.stop.value]
    for leave in plan.exit:
        found += [leave.when, leave.unless]
    for rule in plan.manage:
        found += [rule.value, rule.step, rule.trigger.value]
    found += [limit.value for limit in plan.limits]
    for state in plan.remember:
        found.append(state.initial)
        for update in state.updates:
            found += [update.value, update.when]
    return (index for index in found if index is not None)
