"""What the engine did or declined to do: one vocabulary for backtest, paper and live.

Every code has a sentence. `{rule}` and `{symbol}` are those of the event, `{0}`, `{1}`, `{2}` its
figures in the order in which `figures` names them.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine import codes
from engine.result import Event


@dataclass(frozen=True, slots=True)
class EventCode:
    """A code, its figures and its sentence. `declined`: something wanted was not done."""

    code: str
    sentence: str
    figures: tuple[str, ...] = ()
    declined: bool = False


def _no(code: str, sentence: str, *figures: str) -> EventCode:
    return EventCode(code, sentence, figures, declined=True)


def _did(code: str, sentence: str, *figures: str) -> EventCode:
    return EventCode(code, sentence, figures)


CATALOGUE: dict[int, EventCode] = {
    codes.EV_CONTRADICTORY: _no("contradictory", "{rule} did not act: long and short were both true on one bar."),
    codes.EV_SECOND_RULE: _no("second_rule", "{rule} was true as well; the first rule of its side acted."),
    codes.EV_ENTRY_BLOCKED: _no(
        "entry_blocked_unless", "{rule} did not enter: its `unless` was true, or could not be known."
    ),
    codes.EV_EXIT_BLOCKED: _no(
        "exit_blocked_unless", "{rule} did not leave: its `unless` was true, or could not be known."
    ),
    codes.EV_ADD_BLOCKED: _no(
        "add_blocked_unless", "{rule} did not add: its `unless` was true, or could not be known."
    ),
    codes.EV_PRICE_UNKNOWN: _no("price_unknown", "{rule} placed no order: its price is unknown."),
    codes.EV_STOP_UNKNOWN: _no("stop_unknown", "{rule} placed no order: its stop is unknown."),
    codes.EV_TARGET_UNKNOWN: _no("target_unknown", "{rule} placed no order: its target is unknown."),
    codes.EV_SIZE_UNKNOWN: _no("size_unknown", "{rule} placed no order: its size is unknown."),
    codes.EV_SIZE_BELOW_MINIMUM: _no(
        "size_below_minimum",
        "{rule} placed no order: {0:.4f} lots is below the smallest size of {1:g}.",
        "lots",
        "smallest lots",
    ),
    codes.EV_SIZE_ABOVE_MAXIMUM: _did(
        "size_above_maximum",
        "{rule} asked for {0:.4f} lots and got the largest size, {1:g}.",
        "lots",
        "largest lots",
    ),
    codes.EV_STOP_WRONG_SIDE: _no(
        "stop_wrong_side",
        "{rule} did not enter at {0:g}: its stop at {1:g} is not on the losing side, or too near.",
        "price",
        "stop",
    ),
    codes.EV_TARGET_WRONG_SIDE: _no(
        "target_wrong_side",
        "{rule} did not enter at {0:g}: its target at {1:g} is not on the winning side, or too near.",
        "price",
        "target",
    ),
    codes.EV_ORDER_WRONG_SIDE: _no(
        "order_wrong_side",
        "{rule} placed no order: {0:g} is on the wrong side of the market at {1:g}, or too near.",
        "order price",
        "market",
    ),
    codes.EV_MARGIN: _no(
        "margin", "{rule} did not enter: the free margin does not carry {0:g} lots at {1:g}.", "lots", "price"
    ),
    codes.EV_RISK_ABOVE_PLAN: _no(
        "risk_above_plan",
        "{rule} did not enter: the stop would be {0:g} away at the price there is, planned were {1:g}.",
        "real distance",
        "planned distance",
    ),
    codes.EV_AT_MOST_PER_DAY: _no("at_most_per_day", "{rule} did not act: it has acted {0:.0f} times today.", "most"),
    codes.EV_ENTRIES_PER_DAY: _no(
        "entries_per_day", "{rule} did not enter: there were {0:.0f} entries today.", "entries"
    ),
    codes.EV_OPEN_POSITIONS: _no(
        "open_positions", "{rule} did not enter: {0:.0f} other positions are open.", "positions"
    ),
    codes.EV_COOLDOWN: _no("cooldown", "{rule} did not enter: a cooldown is running."),
    codes.EV_TOTAL_RISK: _no(
        "total_risk", "{rule} did not act: with its risk of {0:.2f} the limit on all risk would be passed.", "risk"
    ),
    codes.EV_DAILY_LOSS: _did(
        "daily_loss",
        "The daily loss of {0:.2f} reached its limit of {1:.2f}: no entry until the next day.",
        "loss",
        "limit",
    ),
    codes.EV_DAILY_LOSS_BLOCKS: _no("daily_loss_blocks", "{rule} did not act: the daily loss was reached."),
    codes.EV_DECISION_EXPIRED: _no(
        "decision_expired", "{rule} did not enter: the next price came more than one bar after its decision."
    ),
    codes.EV_ORDER_PLACED: _did(
        "order_placed", "{rule} placed an order at {0:g}, stop {1:g}, for {2:g} lots.", "price", "stop", "lots"
    ),
    codes.EV_ORDER_REPRICED: _did(
        "order_repriced", "{rule} moved its order to {0:g} from {1:g}, for {2:g} lots.", "price", "before", "lots"
    ),
    codes.EV_ORDER_EXPIRED: _did("order_expired", "The order of {rule} at {0:g} expired.", "price"),
    codes.EV_ORDER_CANCELLED: _did("order_cancelled", "The order of {rule} at {0:g} was cancelled.", "price"),
    codes.EV_ORDER_CANCELLED_BY_FILL: _did(
        "order_cancelled_by_fill", "The order of {rule} at {0:g} was cancelled because another was filled.", "price"
    ),
    codes.EV_DOUBLE_FILL: _did(
        "double_fill",
        "{rule} was filled at {0:g} at the same instant as another order and closed at once at {1:g}, {2:g} lots.",
        "price",
        "closed at",
        "lots",
    ),
    codes.EV_STOP_OUT: _did(
        "stop_out",
        "The broker closed the position at {0:g}: the margin of {1:.2f} was no longer covered.",
        "price",
        "margin",
    ),
    codes.EV_STOP_MOVED: _did("stop_moved", "The stop moved to {0:g} from {1:g}.", "stop", "before"),
    codes.EV_TARGET_MOVED: _did("target_moved", "The target moved to {0:g} from {1:g}.", "target", "before"),
    codes.EV_TAKE_BELOW_MINIMUM: _no(
        "take_below_minimum",
        "Nothing was taken: {0:g} lots is below the smallest size of {1:g}.",
        "lots",
        "smallest lots",
    ),
    codes.EV_ENTRY: _did("entry", "{rule} entered at {0:g}, stop {1:g}, {2:g} lots.", "price", "stop", "lots"),
    codes.EV_ADD: _did("add", "{rule} added at {0:g}, stop {1:g}, {2:g} lots.", "price", "stop", "lots"),
    codes.EV_EXIT: _did("exit", "The position was closed at {0:g}, {1:g} lots.", "price", "lots"),
    codes.EV_TAKE: _did("take", "{1:g} lots were closed at {0:g}.", "price", "lots"),
}
"""By the numbers of `engine.codes`. Entries and exits of a backtest stand in its trade list."""

BY_CODE = {entry.code: entry for entry in CATALOGUE.values()}


def sentence(event: Event) -> str:
    """The event in words, with `none` for a figure that is unknown."""
    entry = BY_CODE[event.code]
    figures = [value if value == value else None for value in event.values]
    figures += [None] * (len(entry.figures) - len(figures))
    return entry.sentence.format(*[_Figure(x) for x in figures], rule=f"“{event.rule}”", symbol=event.symbol)


class _Figure:
    def __init__(self, value: float | None) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        return "none" if self._value is None else format(self._value, spec)
