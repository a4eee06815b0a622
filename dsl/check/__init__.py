"""From syntax tree to Plan: names, kinds, obligations and logic are checked while it is lowered.

One pass over the tree makes items (typed, shared expressions) and drafts of the rules; if nothing
was wrong the drafts are finished into the Plan, with nodes numbered in the order of first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsl import syntax
from dsl.check import bars, calls, clocks, conditions, declare, examples, manage, names, needs, operators, rules
from dsl.check.context import Context, Handler, LetName
from dsl.check.graph import Graph, Numbering
from dsl.diagnostics import Diagnostic, Span
from dsl.plan import NamedNode, Plan

if TYPE_CHECKING:
    from dsl.check.hours import Instruments

_HANDLERS: Mapping[type, Handler] = {
    **operators.HANDLERS,
    **conditions.HANDLERS,
    **calls.HANDLERS,
    **bars.HANDLERS,
    **names.HANDLERS,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome. `plan` is None when anything is an error; `sources` maps its nodes to the text."""

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[int, Span] = field(default_factory=dict)


def check(
    tree: syntax.Strategy, text: str, *, partial: bool = False, instruments: Instruments | None = None
) -> Checked:
    """The Plan of a tree, or what is wrong with it.

    `text` is what the tree was read from, for the author's words in messages. `partial`: parts of
    it could not be read, so nothing is said of what seems to be missing, and no Plan is made.
    `instruments` by symbol: for checks against trading hours.
    """
    trade = declare.universe(tree)
    base = ("self", trade.timeframe if trade and clocks.readable(trade.timeframe) else "H1")
    c = Context(
        text,
        _HANDLERS,
        base,
        symbols=trade.symbols if trade else (),
        basket=trade is not None and trade.type == "basket",
        partial=partial,
        instruments=instruments or {},
        later={s.name: s.span for s in tree.statements if isinstance(s, (syntax.Param, syntax.Let, syntax.Remember))},
        graph=Graph(base),
    )
    name, version = declare.header(c, tree)
    declare.check_universe(c, tree)
    edge = declare.edge(c, tree)
    statements = tree.statements

    params = [declare.param(c, s) for s in statements if isinstance(s, syntax.Param)]
    remembered = []
    for s in statements:
        if isinstance(s, syntax.Let):
            declare.let(c, s)
        elif isinstance(s, syntax.Remember):
            remembered.append(declare.remember(c, s))

    sides = rules.sides_of(tree)
    if not sides.has(None) and not partial:
        c.say(
            "RW223",
            declare.start_of(tree),
            "The strategy never enters a trade.",
            "Add an `enter long` or `enter short` rule.",
        )
    called = rules.names(c, tree)
    enter = [rules.enter(c, s, called[id(s)]) for s in statements if isinstance(s, syntax.Enter)]
    add = [rules.add(c, s, called[id(s)], sides) for s in statements if isinstance(s, syntax.Add)]
    leave = [rules.exit_(c, s, called[id(s)], sides) for s in statements if isinstance(s, syntax.Exit)]
    opposite = rules.opposite(c, tree, sides)
    rules.can_exit(c, tree, sides, opposite)
    managed = [manage.manage(c, s, sides) for s in statements if isinstance(s, syntax.Manage)]
    limits = manage.limits(c, [s for s in statements if isinstance(s, syntax.Limit)])
    questions = _checklist(c, tree)
    shown = [s for s in statements if isinstance(s, syntax.Example)]
    if trade is not None:
        by_name = rules.by_name(tree, called)
        for s in shown:
            examples.check(c, s, trade, by_name)
    if not partial:
        declare.unused(c, tree)

    if trade is None or partial or c.failed:
        return Checked(None, tuple(c.diagnostics))

    n = Numbering(base)
    finished_remember = tuple([draft(n) for draft in remembered if draft])
    finished_enter = tuple([draft(n) for draft in enter if draft])
    finished_add = tuple([draft(n) for draft in add if draft])
    finished_exit = tuple([draft(n) for draft in leave if draft])
    finished_manage = tuple([draft(n) for draft in managed if draft])
    finished_limits = tuple([draft(n) for draft in limits])
    for s in shown:
        examples.sources(c, s, trade, n)
    if c.failed:
        return Checked(None, tuple(c.diagnostics))
    plan = Plan(
        name=name,
        version=version,
        trade=trade,
        edge=edge,
        params=tuple([param for param in params if param]),
        series=n.series(),
        nodes=n.nodes(),
        lets=_lets(c, n),
        remember=finished_remember,
        enter=finished_enter,
        add=finished_add,
        exit=finished_exit,
        opposite=opposite,
        manage=finished_manage,
        limits=finished_limits,
        checklist=questions,
        needs=needs.of(n.items, base),
    )
    return Checked(plan, tuple(c.diagnostics), n.sources())


def _lets(c: Context, n: Numbering) -> tuple[NamedNode, ...]:
    """Names of used expressions: of the one on the strategy's own bars where that is used, else of
    the first other."""
    found = []
    for named in c.names.values():
        if isinstance(named, LetName):
            used = [item for item in named.items.values() if n.knows(item)]
            if used:
                found.append(NamedNode(named.name, n.of(used[0])))
    return tuple(found)


def _checklist(c: Context, tree: syntax.Strategy) -> tuple[str, ...]:
    found = []
    for s in tree.statements:
        if isinstance(s, syntax.Checklist):
            for item in s.items:
                if item.value.strip():
                    found.append(item.value)
                else:
                    c.say("RW227", item.span, "A question of the checklist is empty.", "Write it out or take it out.")
    return tuple(found)
