# cython: language_level=3
"""The program that `decide` runs: rules and expressions as small typed objects.

`engine.program` makes them from a Plan; nothing here knows about bars. The fields have their C types
in `instructions.pxd`; the numbers in them are those of `engine.codes`. A field that is None is a
clause that the strategy does not have.
"""

from __future__ import annotations

from typing import Any

import cython

if cython.compiled:
    from cython.cimports.engine.pointers import ints
else:
    from engine.pointers import ints


@cython.cclass
class Expression:
    """One value: a constant, a column, or instructions of the state program.

    `index` is that of the constant, the column or the first instruction, `length` counts the
    instructions. `gate` is a truth column without which a condition cannot be true, or −1.
    `truth` tells conditions from numbers, `percent` a distance stated in per cent of a price, `of_r`
    a number that depends on R.
    """

    def __init__(
        self,
        mode: int,
        index: int,
        length: int = 0,
        gate: int = -1,
        truth: bool = False,
        percent: bool = False,
        of_r: bool = False,
    ) -> None:
        self.mode = mode
        self.index = index
        self.length = length
        self.gate = gate
        self.truth = truth
        self.percent = percent
        self.of_r = of_r


@cython.cclass
class EnterRule:
    """One `enter` rule. `number` names it in trades and events; `at_most` 0 is no limit a day."""

    def __init__(self, **fields: Any) -> None:
        self.number = self.side = self.order = self.size = self.stop = self.target = self.at_most = 0
        self.cancel_others = self.good_in_bars = False
        self.when: Expression | None = None
        self.unless: Expression | None = None
        self.price: Expression | None = None
        self.good_for: Expression | None = None
        self.cancel_when: Expression | None = None
        self.size_value: Expression | None = None
        self.size_cap: Expression | None = None
        self.stop_value: Expression | None = None
        self.target_value: Expression | None = None
        _fill(self, fields)


@cython.cclass
class AddRule:
    """One `add` rule."""

    def __init__(self, **fields: Any) -> None:
        self.number = self.side = self.size = self.stop = self.at_most = 0
        self.when: Expression | None = None
        self.unless: Expression | None = None
        self.size_value: Expression | None = None
        self.size_cap: Expression | None = None
        self.stop_value: Expression | None = None
        _fill(self, fields)


@cython.cclass
class ExitRule:
    """One `exit` rule; `side` 0 is both."""

    def __init__(self, **fields: Any) -> None:
        self.number = self.side = 0
        self.when: Expression | None = None
        self.unless: Expression | None = None
        _fill(self, fields)


@cython.cclass
class ManageLine:
    """One line of `manage`; `number` counts from 0, `clock` is the number of its times in `Market`.

    `condition` is the value of the trigger: a threshold of profit, a count of bars, seconds or a
    truth.
    """

    def __init__(self, **fields: Any) -> None:
        self.number = self.side = self.action = self.trigger = 0
        self.clock = -1
        self.percent = 0.0
        self.value: Expression | None = None
        self.step: Expression | None = None
        self.condition: Expression | None = None
        _fill(self, fields)


@cython.cclass
class Remembered:
    """One `remember`: its lines as parallel lists, in the order of the file."""

    def __init__(
        self, initial: Expression, values: list[Expression], conditions: list[Expression], truth: bool
    ) -> None:
        self.initial = initial
        self.values = values
        self.conditions = conditions
        self.truth = truth


@cython.cclass
class Cooldown:
    """One `cooldown` limit; `value` is in bars or seconds."""

    def __init__(self, after: int, per_symbol: bool, in_bars: bool, value: Expression) -> None:
        self.after = after
        self.per_symbol = per_symbol
        self.in_bars = in_bars
        self.value = value


@cython.cclass
class Program:
    """A whole strategy. Limits that are 0 or None are not set.

    `code` holds four numbers an instruction. Rules are numbered enter, add, exit, then the lines of
    `manage` from `first_line` on. The lengths of the lists are kept beside them for speed.
    """

    def __init__(self, code: Any, **fields: Any) -> None:
        self.expressions: list[Expression] = []
        self.enter: list[EnterRule] = []
        self.add: list[AddRule] = []
        self.exit: list[ExitRule] = []
        self.manage: list[ManageLine] = []
        self.remember: list[Remembered] = []
        self.cooldowns: list[Cooldown] = []
        self.opposite = self.open_positions = self.entries_per_day = self.stack = self.first_line = 0
        self.daily_loss: Expression | None = None
        self.total_risk: Expression | None = None
        self.daily_loss_percent = self.leave_everything = False
        self.instructions = code
        self.code = ints(code)
        _fill(self, fields)
        self.enters = len(self.enter)
        self.adds = len(self.add)
        self.exits = len(self.exit)
        self.lines = len(self.manage)
        self.states = len(self.remember)
        self.pauses = len(self.cooldowns)
        self.daily = self.daily_loss is not None


def _fill(target: Any, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(target, name, value)
