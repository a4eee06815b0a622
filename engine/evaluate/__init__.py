"""Plan × bars → columns: every market expression a Plan needs, evaluated over whole columns.

Pure: the same Plan, bars and settings give the same bits. No value depends on a bar after its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np

from data.bars import Bars
from data.instruments import Instrument
from dsl.builtins import BUILTINS
from dsl.plan import Plan, PlanNode
from engine.columns import Column, Columns
from engine.errors import EngineError, NotSupported
from engine.evaluate.align import align, rank
from engine.evaluate.blocks import Group, evaluate_group
from engine.evaluate.builtins import FUNCTIONS, Call
from engine.evaluate.cache import ColumnCache
from engine.evaluate.frame import Frame, forget_room, give_back, lend, whole
from engine.evaluate.history import CROSSINGS, HISTORY, crossings
from engine.evaluate.pointwise import IN_PLACE, POINTWISE
from engine.evaluate.schedule import Schedule, market_roots, schedule
from engine.evaluate.settings import resolve_settings
from engine.evaluate.sources import SOURCED, Sources, refuse
from engine.evaluate.time import CLOCK

__all__ = ["ColumnCache", "Sources", "evaluate", "market_roots", "resolve_settings", "values_at"]


class Market(Protocol):
    """Where bars and contract facts come from; `data.market.Market` is one."""

    def bars(self, symbol: str, timeframe: str) -> Bars: ...
    def instrument(self, symbol: str) -> Instrument: ...


def evaluate(
    plan: Plan,
    market: Market,
    settings: Mapping[str, float | str] | None = None,
    *,
    wanted: Iterable[int] | None = None,
    cache: ColumnCache | None = None,
    sources: Sources | None = None,
) -> dict[str, Columns]:
    """The wanted nodes of `plan` on the base bars of each traded symbol.

    `wanted` are indexes of market nodes, by default `market_roots(plan)`; one that lives on other
    bars is given as it is known at the close of each base bar. `settings` are as for
    `resolve_settings`. A `cache` shares columns with other runs. Raises `SettingError`,
    `MissingSource`, `NotSupported`, and what the market raises for bars it does not have.
    """
    values = resolve_settings(plan, settings or {})
    if plan.trade.type == "basket":
        raise NotSupported(f"“{plan.name}” trades a basket whose legs go together.")
    needed = market_roots(plan) if wanted is None else tuple(wanted)
    run = _Run(_schedule(plan, needed, cache), market, values, cache, sources)
    return run.columns()


def values_at(
    plan: Plan,
    market: Market,
    symbol: str,
    time: int,
    settings: Mapping[str, float | str] | None = None,
    *,
    sources: Sources | None = None,
) -> dict[int, float | bool | None]:
    """Every market node at the close of the base bar of `symbol` that `time` (UTC ns) falls into.

    None is unknown. Raises `EngineError` RW808 when there is no such bar, else as `evaluate`.
    """
    wanted = [index for index, node in enumerate(plan.nodes) if node.scope == "market"]
    columns = evaluate(plan, market, settings, wanted=wanted, sources=sources)
    if symbol not in columns:
        raise EngineError("RW808", f"“{plan.name}” does not trade {symbol}.", f"It trades {', '.join(columns)}.")
    found = columns[symbol]
    bar = int(np.searchsorted(found.bars.ts_open, time, side="right")) - 1
    if bar < 0 or time >= found.bars.ts_close[bar]:
        raise EngineError("RW808", f"There is no {symbol} {plan.trade.timeframe} bar at that time.")
    return {index: found.at(index, bar) for index in wanted}


def _schedule(plan: Plan, wanted: tuple[int, ...], cache: ColumnCache | None) -> Schedule:
    if cache is None:
        return schedule(plan, wanted)
    key = ("schedule", id(plan), wanted)
    if key not in cache.shared:
        cache.shared[key] = schedule(plan, wanted)
    made: Schedule = cache.shared[key]
    return made


class _Run:
    """One evaluation: all symbols node by node, so that a rank sees the others."""

    def __init__(
        self,
        plan: Schedule,
        market: Market,
        settings: Mapping[str, float],
        cache: ColumnCache | None,
        sources: Sources | None,
    ) -> None:
        self._schedule = plan
        self._plan = plan.plan
        self._nodes = plan.plan.nodes
        self._market = market
        self._settings = settings
        self._units = {param.name: param.unit for param in plan.plan.params}
        self._cache = cache
        self._sources = sources
        self._frames: dict[tuple[int, str], Frame] = {}
        self._constants: dict[tuple[int, str], Column] = {}
        self._columns: dict[tuple[int, str], Column] = {}
        self._numbers: dict[tuple[int, str], int] = {}

    def columns(self) -> dict[str, Columns]:
        if self._sources is None:
            refuse(self._nodes[index] for index in self._schedule.order)
        if self._cache is not None:
            self._cache.begin()
        try:
            self._compute_all()
        finally:
            forget_room()
        return {symbol: self._result(symbol) for symbol in self._plan.trade.symbols}

    def _compute_all(self) -> None:
        uses = dict(self._schedule.uses)
        grouped: set[tuple[int, str]] = set()
        for index in self._schedule.order:
            node = self._nodes[index]
            own = self._plan.series[node.series].symbol
            for symbol in self._plan.trade.symbols if own == "self" else (own,):
                if (index, symbol) not in self._columns:
                    if node.op in IN_PLACE and self._cache is None and index not in self._schedule.groups:
                        self._lend(node, symbol, uses)
                    self._compute(index, symbol, grouped)
            for arg in set(node.args):
                if arg in uses:
                    uses[arg] -= 1
                    if uses[arg] == 0:
                        self._forget(arg)

    def _result(self, symbol: str) -> Columns:
        base = self._frame(0, symbol)
        values = {}
        for index in self._schedule.wanted:
            column = self._value(index, symbol)
            if index not in self._schedule.constant:
                home = self._frame(self._nodes[index].series, symbol)
                column = align(column, home, base, event=False)
            values[index] = column
        return Columns(base.bars, values)

    def _lend(self, node: PlanNode, symbol: str, uses: Mapping[int, int]) -> None:
        """Room for a node from an argument that nothing reads after it."""
        for arg in node.args:
            if uses.get(arg) == 1 and (arg, symbol) in self._columns and len(set(node.args)) == len(node.args):
                lend(self._columns, (arg, symbol))
                return

    def _forget(self, index: int) -> None:
        for symbol in (*self._plan.trade.symbols, self._plan.series[self._nodes[index].series].symbol):
            column = self._columns.pop((index, symbol), None)
            if column is not None:
                give_back(column)

    def _frame(self, series: int, symbol: str) -> Frame:
        symbol = self._home(series, symbol)
        frame = self._frames.get((series, symbol))
        if frame is None:
            frame = Frame(
                self._market.bars(symbol, self._plan.series[series].timeframe), self._market.instrument(symbol)
            )
            if self._cache is not None:
                frame = self._cache.shared.setdefault(frame.identity, frame)
            self._frames[series, symbol] = frame
        return frame

    def _home(self, series: int, symbol: str) -> str:
        """The symbol whose bars a series stands for, seen from `symbol`."""
        own = self._plan.series[series].symbol
        return symbol if own == "self" else own

    def _value(self, index: int, symbol: str) -> Column:
        if index in self._schedule.constant:
            return self._constant(index, symbol)
        return self._columns[index, self._home(self._nodes[index].series, symbol)]

    def _constant(self, index: int, symbol: str) -> Column:
        """A literal means what it means for the symbol of the bars it is used with: a pip, a tick."""
        found = self._constants.get((index, symbol))
        if found is None:
            node = self._nodes[index]
            if node.op == "number":
                found = np.array([float(node["value"])])
            elif node.op == "quantity":
                found = np.array([self._amount(node["value"], node["unit"], symbol)])
            elif node.op == "param":
                found = np.array([self._amount(self._settings[node["name"]], self._units[node["name"]], symbol)])
            else:
                found = POINTWISE[node.op](node, tuple(self._constant(arg, symbol) for arg in node.args), 1)
            self._constants[index, symbol] = found
        return found

    def _amount(self, value: float, unit: str | None, symbol: str) -> float:
        """A quantity in the engine's units: prices, seconds, and plain numbers for everything else."""
        if unit in ("pips", "points", "ticks"):
            instrument = self._market.instrument(symbol)
            return value * {"pips": instrument.pip, "points": instrument.point, "ticks": instrument.tick_size}[unit]
        return value * _SECONDS.get(unit or "", 1.0)

    def _compute(self, index: int, symbol: str, grouped: set[tuple[int, str]]) -> None:
        """The column of a node and of those that are made together with it."""
        family = self._schedule.families[index]
        group = self._schedule.groups.get(index)
        if self._cache is None and group is not None:
            if (group.families[0][0], symbol) not in grouped:
                grouped.add((group.families[0][0], symbol))
                self._evaluate_group(group, symbol)
            return
        if self._cache is None:
            for member, column in self._made(family, symbol).items():
                self._columns[member, symbol] = column
            return
        keys = {member: self._number(member, symbol) for member in family}
        cached = {member: self._cache.get(key) for member, key in keys.items()}
        if any(column is None for column in cached.values()):
            made = self._made(family, symbol)
            for member, column in made.items():
                if member in self._schedule.shared:
                    self._cache.put(keys[member], column)
            cached = dict(made)
        for member, found in cached.items():
            if found is not None:
                self._columns[member, symbol] = found

    def _evaluate_group(self, group: Group, symbol: str) -> None:
        members = {member for family in group.families for member in family}
        read = {arg for member in members for arg in self._nodes[member].args} - members
        constant = {arg: self._constant(arg, symbol) for arg in read & self._schedule.constant}
        given = {arg: self._value(arg, symbol) for arg in read - self._schedule.constant}
        frame = self._frame(self._nodes[group.families[0][0]].series, symbol)

        def compute(family: tuple[int, ...], args: tuple[Column, ...], stretch: Frame) -> dict[int, Column]:
            return self._of_args(family, args, stretch, symbol)

        kept = evaluate_group(group, self._nodes, frame, given, constant, compute)
        self._columns.update({(member, symbol): column for member, column in kept.items()})

    def _number(self, index: int, symbol: str) -> int:
        """The number by which the cache knows this expression on the bars of this symbol."""
        assert self._cache is not None
        known = self._numbers.get((index, symbol))
        if known is not None:
            return known
        node = self._nodes[index]
        others = self._plan.trade.symbols if node.op == "rank" else (symbol,)
        expression = (
            self._schedule.shapes[index],
            self._frame(node.series, symbol).identity,
            tuple([self._argument_key(arg, other) for arg in node.args for other in others]),
        )
        number = self._numbers[index, symbol] = self._cache.number_of(expression)
        return number

    def _argument_key(self, index: int, symbol: str) -> Any:
        if index in self._schedule.constant:
            return "=", float(self._constant(index, symbol)[0])
        return self._number(index, self._home(self._nodes[index].series, symbol))

    def _made(self, family: tuple[int, ...], symbol: str) -> dict[int, Column]:
        node = self._nodes[family[0]]
        args = tuple([self._value(arg, symbol) for arg in node.args])
        return self._of_args(family, args, self._frame(node.series, symbol), symbol)

    def _of_args(
        self, family: tuple[int, ...], args: tuple[Column, ...], frame: Frame, symbol: str
    ) -> dict[int, Column]:
        node = self._nodes[family[0]]
        if node.op in CROSSINGS:
            made = crossings(tuple(self._nodes[member].op for member in family), args, len(frame))
            return {member: made[self._nodes[member].op] for member in family}
        if node.op == "builtin":
            return self._builtin(family, args, frame)
        return {family[0]: self._single(node, args, frame, symbol)}

    def _single(self, node: PlanNode, args: tuple[Column, ...], frame: Frame, symbol: str) -> Column:
        if node.op == "bar":
            return frame.price(node["field"])
        if node.op in POINTWISE:
            return POINTWISE[node.op](node, args, len(frame))
        if node.op in HISTORY:
            return HISTORY[node.op](node, args, len(frame))
        if node.op in CLOCK:
            return CLOCK[node.op](node, args, frame)
        if node.op == "align":
            source = self._frame(self._nodes[node.args[0]].series, symbol)
            return align(args[0], source, frame, event=bool(node.get("event")))
        if node.op == "rank":
            others = [other for other in self._plan.trade.symbols if other != symbol]
            columns = [(self._frame(node.series, other), self._value(node.args[0], other)) for other in others]
            return rank(args[0], frame, columns)
        if node.op in SOURCED and self._sources is not None:
            return self._sources.column(node, frame.bars, frame.instrument)
        raise AssertionError(f"{node.op} is not evaluated over columns")

    def _builtin(self, family: tuple[int, ...], args: tuple[Column, ...], frame: Frame) -> dict[int, Column]:
        node = self._nodes[family[0]]
        row = BUILTINS[node["name"]]
        if node["version"] != row.version:
            raise NotSupported(
                f"This Plan was made with version {node['version']} of `{row.name}`; this program has {row.version}."
            )
        inputs = tuple([whole(arg, len(frame)) for arg in args[: len(row.inputs)]])
        parts = {member: self._nodes[member].get("part") for member in family}
        amounts = tuple([float(arg[0]) for arg in args[len(row.inputs) :]])
        made = FUNCTIONS[row.name](Call(frame, inputs, amounts, frozenset(parts.values())))  # type: ignore[arg-type]  # inputs of built-ins are numbers
        return {member: made[part] for member, part in parts.items()}


_SECONDS = {"minutes": 60.0, "hours": 3600.0, "days": 86_400.0}
