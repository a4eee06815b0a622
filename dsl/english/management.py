"""Lines of `manage` and `limits`, each as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsl.english import clauses, values, words
from dsl.english.blocks import Item
from dsl.english.values import Level
from dsl.plan import LimitRule, ManageRule, TriggerPlan

if TYPE_CHECKING:
    from dsl.english.voice import Voice

_SHARES = {50.0: "half", 25.0: "a quarter", 75.0: "three quarters"}


def managed(voice: Voice, rule: ManageRule) -> Item:
    """One line of `manage`: when, then what happens to stop, target or volume."""
    only = f"Only for {rule.side} positions: " if rule.side else ""
    done = _action(voice, rule)
    trigger = rule.trigger
    if trigger.type == "when" and trigger.value is not None:
        text, items = clauses.items(voice, trigger.value)
        return Item(words.sentence(f"{only}{done} when {text}" if only else f"{done} when {text}"), items)
    return Item(words.sentence(f"{only}{_trigger(voice, trigger)}, {done}"))


def _trigger(voice: Voice, trigger: TriggerPlan) -> str:
    if trigger.type == "clock":
        days = f"on {words.listed(trigger.days)}" if trigger.days else "every day"
        return f"{days} at {trigger.clock} {words.zone(trigger.zone or 'UTC')}"
    if trigger.value is None:
        return "at every bar's close"
    if trigger.type == "profit":
        return f"once the profit reaches {voice.value(trigger.value).within(Level.SUM)}"
    return f"after {_span(voice, trigger.value)}"


def _span(voice: Voice, index: int) -> str:
    """A count of bars or a length of time."""
    node = voice.node(index)
    return values.bars(voice, index) if node.kind == "bars" and node.op == "param" else voice.value(index).text


def _action(voice: Voice, rule: ManageRule) -> str:
    value = "" if rule.value is None else voice.value(rule.value).within(Level.SUM)
    match rule.action:
        case "breakeven":
            return "the stop moves to breakeven, the entry price"
        case "stop_at":
            return f"the stop moves to {value}"
        case "stop_distance":
            return f"the stop moves to {value} beyond the entry price, in the direction of profit"
        case "target_at":
            return f"the target moves to {value}"
        case "target_distance":
            return f"the target moves to {value} beyond the entry price, in the direction of profit"
        case "trail":
            step = "" if rule.step is None else f", in steps of {voice.value(rule.step).within(Level.SUM)}"
            return f"the stop follows the best price since the fill at a distance of {value}{step}"
        case "take":
            share = rule.percent or 0.0
            return f"{_SHARES.get(share, f'{words.number(share)}%')} of the first volume is closed (once)"
        case _:
            return "the whole position is closed"


def limit(voice: Voice, rule: LimitRule) -> Item:
    """One line of `limits`."""
    node = voice.node(rule.value)
    value = voice.value(rule.value).text
    match rule.type:
        case "daily_loss":
            loss = f"{value} of equity" if node.kind == "percent" else value
            closing = "everything is closed and there is no new entry" if rule.leave_everything else "no new entry"
            return Item(f"Once a day has lost {loss}, open trades included: {closing} until the next day.")
        case "open_positions":
            return Item(f"At most {_of(voice, rule.value, 'position')} open at a time.")
        case "entries_per_day":
            return Item(f"At most {_of(voice, rule.value, 'entry', 'entries')} per day.")
        case "cooldown":
            where = "on that symbol" if rule.per_symbol else "on any symbol"
            after = words.closed_trade(rule.after or "exit")
            return Item(f"After {after}, no new entry {where} for {_span(voice, rule.value)}.")
        case _:
            return Item(f"What all open positions together would lose at their stops stays within {value} of equity.")


def _of(voice: Voice, index: int, one: str, many: str | None = None) -> str:
    node = voice.node(index)
    if node.op in ("number", "quantity"):
        return words.plural(node["value"], one, many)
    return f"{voice.value(index).text} {many or one + 's'}"
