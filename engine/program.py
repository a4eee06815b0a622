"""From a Plan to the program that `decide` runs.

Market expressions stay columns and constants are folded; what depends on the position, on memory, on
remembered values or on R becomes postfix code. A part of the language that cannot be run is refused
here, before anything is traded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.instruments import Instrument
from dsl.plan import AddRule as AddPlan
from dsl.plan import EnterRule as EnterPlan
from dsl.plan import ExitRule as ExitPlan
from dsl.plan import LimitRule, ManageRule, Plan, PlanNode, SizePlan, StopPlan, TargetPlan
from engine import codes
from engine.errors import NotSupported
from engine.folding import FOLDED, Folder
from engine.kernel import kernel
from engine.vocabulary import (
    ACTIONS,
    ARITHMETIC,
    COMPARISONS,
    COOLDOWNS,
    FIXED_REASONS,
    LEVELS,
    LOOKING_BACK,
    MANY,
    MEMORY,
    OPPOSITES,
    ORDERS,
    POSITION,
    PROFITS,
    SIDES,
    UNARY,
)


@dataclass(frozen=True, eq=False)
class Compiled:
    """A program and what has to be given to it for each symbol.

    `columns` are the market nodes it reads, in the order of their numbers in the program; `clocks`
    the clock triggers as (HH:MM, zone, days); `params` those whose values are in the program itself.
    """

    program: Any
    columns: tuple[int, ...]
    clocks: tuple[tuple[str, str, tuple[str, ...]], ...]
    params: frozenset[str]
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    settings: Mapping[str, float]
    _constants: tuple[tuple[str, Any], ...]
    _plan: Plan

    def constants(self, instrument: Instrument, currency: str) -> Any:
        """The constants for one symbol: pips and the like depend on it. `currency` of the account."""
        folder = Folder(self._plan, self.settings, instrument, currency)
        values = [folder.node(what) if sort == "node" else folder.raw(what) for sort, what in self._constants]
        return np.array(values or [0.0])


def compile_plan(plan: Plan, settings: Mapping[str, float]) -> Compiled:
    """Make the program of a Plan at these parameter values. Raises `NotSupported` RW805."""
    if plan.trade.type == "basket":
        raise NotSupported(f"“{plan.name}” trades a basket whose legs go together.")
    return _Writer(plan, settings).write()


class _Writer:
    """Writes the program of one Plan; expressions that are equal share their columns and constants."""

    def __init__(self, plan: Plan, settings: Mapping[str, float]) -> None:
        self._plan = plan
        self._settings = settings
        self._k = kernel()
        self._columns: dict[int, int] = {}
        self._constants: dict[tuple[str, Any], int] = {}
        self._code: list[int] = []
        self._expressions: list[Any] = []
        self._clocks: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self._params: set[str] = set()
        self._states = {state.name: k for k, state in enumerate(plan.remember)}
        self._constant_nodes = self._find_constants()

    def _find_constants(self) -> frozenset[int]:
        found: set[int] = set()
        for index, node in enumerate(self._plan.nodes):
            if node.op in FOLDED and node.scope == "market" and node.kind != "truth" and found.issuperset(node.args):
                found.add(index)
        return frozenset(found)

    def write(self) -> Compiled:
        plan = self._plan
        enter = [self._enter(k, rule) for k, rule in enumerate(plan.enter)]
        add = [self._add(len(plan.enter) + k, rule) for k, rule in enumerate(plan.add)]
        first_exit = len(plan.enter) + len(plan.add)
        leave = [self._exit(first_exit + k, rule) for k, rule in enumerate(plan.exit)]
        manage = [self._manage(k, line) for k, line in enumerate(plan.manage)]
        remember = [
            self._k.Remembered(
                self._expression(state.initial),
                [self._expression(update.value) for update in state.updates],
                [self._expression(update.when) for update in state.updates],
                plan.nodes[state.initial].kind == "truth",
            )
            for state in plan.remember
        ]
        limits = self._limits()
        code = np.array(self._code or [0, 0, 0, 0], dtype=np.int32)
        program = self._k.Program(
            code,
            expressions=self._expressions,
            enter=enter,
            add=add,
            exit=leave,
            manage=manage,
            remember=remember,
            first_line=first_exit + len(leave),
            opposite=OPPOSITES[plan.opposite],
            stack=len(self._code) // 4 + 8,
            **limits,
        )
        lines = tuple(f"manage:{k + 1}" for k in range(len(manage)))
        exits = tuple(f"exit:{rule.name}" for rule in plan.exit)
        names = (*(r.name for r in plan.enter), *(r.name for r in plan.add), *(r.name for r in plan.exit), *lines)
        return Compiled(
            program,
            tuple(self._columns),
            tuple(self._clocks),
            frozenset(self._params),
            names,
            (*FIXED_REASONS, *exits, *lines),
            self._settings,
            tuple(self._constants),
            plan,
        )

    # rules

    def _enter(self, number: int, rule: EnterPlan) -> Any:
        order = rule.order
        good_for = self._maybe(order.good_for)
        return self._k.EnterRule(
            number=number,
            side=SIDES[rule.side],
            order=ORDERS[order.type],
            at_most=rule.at_most_per_day or 0,
            cancel_others=order.cancel_others,
            when=self._expression(rule.when),
            unless=self._maybe(rule.unless),
            price=self._maybe(order.price),
            good_for=good_for,
            good_in_bars=order.good_for is not None and self._plan.nodes[order.good_for].kind != "duration",
            cancel_when=self._maybe(order.cancel_when),
            **self._size(rule.size),
            **self._level("stop", rule.stop),
            **self._level("target", rule.target),
        )

    def _add(self, number: int, rule: AddPlan) -> Any:
        return self._k.AddRule(
            number=number,
            side=SIDES[rule.side],
            at_most=rule.at_most_times,
            when=self._expression(rule.when),
            unless=self._maybe(rule.unless),
            **self._size(rule.size),
            **self._level("stop", rule.stop),
        )

    def _exit(self, number: int, rule: ExitPlan) -> Any:
        return self._k.ExitRule(
            number=number,
            side=SIDES[rule.side],
            when=self._expression(rule.when),
            unless=self._maybe(rule.unless),
        )

    def _size(self, size: SizePlan) -> dict[str, Any]:
        kind = self._plan.nodes[size.value].kind
        sort = {
            "risk": codes.SIZE_RISK_MONEY if kind == "money" else codes.SIZE_RISK_PERCENT,
            "notional": codes.SIZE_NOTIONAL,
            "lots": codes.SIZE_LOTS,
            "units": codes.SIZE_UNITS,
            "volatility": codes.SIZE_VOLATILITY,
            "kelly": codes.SIZE_KELLY,
        }[size.type]
        return {"size": sort, "size_value": self._expression(size.value), "size_cap": self._maybe(size.cap)}

    def _level(self, what: str, level: StopPlan | TargetPlan) -> dict[str, Any]:
        return {what: LEVELS[level.type], f"{what}_value": self._maybe(level.value)}

    def _manage(self, number: int, line: ManageRule) -> Any:
        trigger = line.trigger
        kind = self._plan.nodes[trigger.value].kind if trigger.value is not None else ""
        sort = {
            "always": codes.WHEN_ALWAYS,
            "profit": {"percent": codes.WHEN_PROFIT_PERCENT, "money": codes.WHEN_PROFIT_MONEY}.get(
                kind, codes.WHEN_PROFIT
            ),
            "after": codes.WHEN_AFTER_TIME if kind == "duration" else codes.WHEN_AFTER_BARS,
            "when": codes.WHEN_CONDITION,
            "clock": codes.WHEN_CLOCK,
        }[trigger.type]
        clock = -1
        if trigger.type == "clock":
            assert trigger.clock is not None
            assert trigger.zone is not None
            clock = self._clocks.setdefault((trigger.clock, trigger.zone, trigger.days), len(self._clocks))
        return self._k.ManageLine(
            number=number,
            side=SIDES[line.side],
            action=ACTIONS[line.action],
            trigger=sort,
            clock=clock,
            percent=float(line.percent or 0.0),
            value=self._maybe(line.value),
            step=self._maybe(line.step),
            condition=self._maybe(trigger.value),
        )

    def _limits(self) -> dict[str, Any]:
        found: dict[str, Any] = {"cooldowns": []}
        for limit in self._plan.limits:
            kind = self._plan.nodes[limit.value].kind
            if limit.type == "daily_loss":
                found["daily_loss"] = self._expression(limit.value)
                found["daily_loss_percent"] = kind == "percent"
                found["leave_everything"] = limit.leave_everything
            elif limit.type == "total_risk":
                found["total_risk"] = self._expression(limit.value)
            elif limit.type == "cooldown":
                found["cooldowns"].append(self._cooldown(limit, kind))
            else:
                found[limit.type] = self._whole(limit.value)
        return found

    def _cooldown(self, limit: LimitRule, kind: str) -> Any:
        return self._k.Cooldown(
            COOLDOWNS[limit.after or "exit"], limit.per_symbol, kind != "duration", self._expression(limit.value)
        )

    # expressions

    def _maybe(self, index: int | None) -> Any:
        return None if index is None else self._expression(index)

    def _expression(self, index: int, shifted: bool = False) -> Any:
        node = self._plan.nodes[index]
        truth, percent = node.kind == "truth", node.kind == "percent"
        if index in self._constant_nodes:
            return self._k.Expression(codes.X_CONSTANT, self._constant("node", index), truth=truth, percent=percent)
        if node.scope == "market":
            return self._k.Expression(codes.X_COLUMN, self._column(index), truth=truth, percent=percent)
        body = self._body(index, shifted)
        start = len(self._code) // 4
        for instruction in body:
            self._code.extend(instruction)
        of_r = any(instruction[0] == codes.OP_R for instruction in body)
        return self._k.Expression(
            codes.X_PROGRAM, start, len(body), gate=self._gate(node), truth=truth, percent=percent, of_r=of_r
        )

    def _gate(self, node: PlanNode) -> int:
        """A market condition without which this one cannot be true."""
        needed = node.args if node.op == "and" else node.args[1:2] if node.op == "followed" else ()
        for arg in needed:
            if self._plan.nodes[arg].scope == "market" and self._plan.nodes[arg].kind == "truth":
                return self._column(arg)
        return -1

    def _column(self, index: int) -> int:
        return self._columns.setdefault(index, len(self._columns))

    def _constant(self, sort: str, what: Any) -> int:
        waiting = [what] if sort == "node" else []
        if sort == "raw" and isinstance(what, str):
            self._params.add(what)
        while waiting:
            node = self._plan.nodes[waiting.pop()]
            waiting.extend(node.args)
            if node.op == "param":
                self._params.add(node["name"])
        return self._constants.setdefault((sort, what), len(self._constants))

    def _whole(self, index: int) -> int:
        """A count that is part of the program: a literal or a parameter."""
        if index not in self._constant_nodes:
            raise NotSupported("A number of bars that changes while a position is open cannot be used.")
        self._constant("node", index)
        return round(Folder(self._plan, self._settings, None, "").node(index))

    def _sub(self, index: int) -> int:
        """Number of an expression that is evaluated on earlier bars."""
        self._expressions.append(self._expression(index, shifted=True))
        return len(self._expressions) - 1

    def _body(self, index: int, shifted: bool) -> list[tuple[int, int, int, int]]:
        """Postfix instructions that leave the value of a node on the stack."""
        node = self._plan.nodes[index]
        truth = node.kind == "truth"
        if index in self._constant_nodes:
            return [(codes.OP_CONSTANT, self._constant("node", index), 0, 0)]
        if node.scope == "market":
            return [(codes.OP_TRUTH if truth else codes.OP_NUMBER, self._column(index), 0, 0)]
        if node.op in LOOKING_BACK:
            return [self._looking_back(node)]
        leaf = self._leaf(node, shifted)
        if leaf is not None:
            return [leaf]
        body: list[tuple[int, int, int, int]] = []
        for arg in node.args:
            body += self._body(arg, shifted)
        return [*body, self._operation(node)]

    def _leaf(self, node: PlanNode, shifted: bool) -> tuple[int, int, int, int] | None:
        if node.op == "quantity":
            return codes.OP_R, self._constant("raw", float(node["value"])), 0, 0
        if node.op == "param":
            return codes.OP_R, self._constant("raw", node["name"]), 0, 0
        if node.op == "position":
            word = node["word"]
            if shifted and word in ("highest_since_entry", "lowest_since_entry"):
                raise NotSupported(f"`{word.replace('_', ' ')}` as it was on an earlier bar cannot be used.")
            return (PROFITS[node.kind] if word == "profit" else POSITION[word]), 0, 0, 0
        if node.op == "memory":
            if shifted:
                raise NotSupported(f"`{node['word'].replace('_', ' ')}` as it was on an earlier bar cannot be used.")
            return MEMORY[node["word"]], 0, 0, 0
        if node.op == "remembered":
            op = codes.OP_REMEMBERED_TRUTH if node.kind == "truth" else codes.OP_REMEMBERED
            return op, self._states[node["name"]], int(node.get("ago", 0)), 0
        return None

    def _operation(self, node: PlanNode) -> tuple[int, int, int, int]:
        op = node.op
        for table in (ARITHMETIC, UNARY, COMPARISONS):
            if op in table:
                return table[op], 0, 0, 0
        if op in MANY:
            return MANY[op], len(node.args), 0, 0
        if op == "at_least":
            return codes.OP_AT_LEAST, len(node.args) - 1, 0, 0
        if op == "score":
            first = len(self._constants)
            for k, weight in enumerate(node["weights"]):
                self._constants[("raw", (first, k, float(weight)))] = first + k
            return codes.OP_SCORE, len(node.args), first, 0
        if op == "if":
            return (codes.OP_IF_TRUTH if node.kind == "truth" else codes.OP_IF), 0, 0, 0
        if op == "otherwise":
            return (codes.OP_OTHERWISE_TRUTH if node.kind == "truth" else codes.OP_OTHERWISE), 0, 0, 0
        raise NotSupported(f"`{op.replace('_', ' ')}` of a value that depends on the open position cannot be used.")

    def _looking_back(self, node: PlanNode) -> tuple[int, int, int, int]:
        op = LOOKING_BACK[node.op]
        first = self._sub(node.args[0])
        if node.op in ("cross_above", "cross_below", "crosses", "value_when"):
            return op, first, self._sub(node.args[1]), 0
        if node.op == "bars_since":
            return op, first, 0, 0
        if node.op == "followed":
            return op, first, self._sub(node.args[1]), self._whole(node.args[2])
        if node.op == "history" and node.kind == "truth":
            op = codes.OP_HISTORY_TRUTH
        return op, first, 0, self._whole(node.args[1])
