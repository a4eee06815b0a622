"""`manage` and `limits`: what happens to open positions, and where trading stops."""

from __future__ import annotations

from collections.abc import Callable

from dsl import kinds, syntax
from dsl.check import clauses, clocks
from dsl.check.context import Context, Place, is_bare
from dsl.check.graph import BAD, Item, Numbering
from dsl.check.operators import unit_missing
from dsl.check.rules import Sides
from dsl.plan import LimitRule, ManageRule, TriggerPlan

_WORDS = {"stop_to": "move stop to", "target_to": "move target to", "trail": "trail stop by"}


def manage(c: Context, e: syntax.Manage, sides: Sides) -> Callable[[Numbering], ManageRule] | None:
    place = Place("`manage`", position=True, memory=True, r=sides.r(e.side), series=c.base)
    if e.side is not None and not sides.has(e.side) and sides.has(None) and not c.partial:
        c.say(
            "RW414",
            e.span,
            f"There is no {e.side} position to manage: nothing enters {e.side}.",
            f"Add an `enter {e.side}` rule, or take this line out.",
        )
    trigger = _trigger(c, e, place)
    action, value, step, percent = e.action, None, None, None
    if e.action in ("stop_to", "target_to"):
        if e.value is None:
            action = "breakeven"
        else:
            value = _level(c, e.action, e.value, place)
            what = e.action.removesuffix("_to")
            action = f"{what}_at" if value.kind == "price" else f"{what}_distance"
    elif e.action == "trail":
        if e.value is not None:
            value = clauses.distance(c, e.value, place, "trail stop by", ("{} pips", "2 * atr(14)"), percent=False)
        if e.step is not None:
            step = clauses.distance(c, e.step, place, "step", ("{} pips", "0.5 * atr(14)"), percent=False)
    elif e.action == "take":
        percent = _share(c, e)
    if trigger is None:
        return None
    made = trigger
    return lambda n: ManageRule(action, made(n), n.maybe(value), n.maybe(step), percent, e.side)


def _level(c: Context, action: str, e: syntax.Expr, place: Place) -> Item:
    """Where a stop or target is moved: a price, or a distance from the entry towards profit."""
    item = c.settled(c.lower(e, place))
    if item.kind == "price" or item.bad:
        return item
    ways = ("1R", "{} pips") if action == "stop_to" else ("3R", "{} pips", "2%")
    return clauses.distance(c, e, place, _WORDS[action], ways, percent=action == "target_to", signed=True)


def _share(c: Context, e: syntax.Manage) -> float | None:
    if not isinstance(e.value, syntax.Number):
        return None
    percent = float(e.value.text)
    if e.value.unit == "%" and 0 < percent < 100:
        return percent
    c.say(
        "RW422",
        e.value.span,
        f"{c.quote(e.value)} cannot be taken from a position.",
        "Take more than 0% and less than 100%; to close all of it write `leave`.",
    )
    return None


def _trigger(c: Context, e: syntax.Manage, place: Place) -> Callable[[Numbering], TriggerPlan] | None:
    t = e.trigger
    if t.type == "always":
        if e.action in ("leave", "take"):
            c.say(
                "RW417",
                e.span,
                f"{c.quote(e)} has no moment: it would act at the close of the very first bar.",
                "Add `after 48 bars`, `once profit reaches 2R`, `when …` or `at 16:30 New_York`.",
            )
            return None
        return lambda n: TriggerPlan("always")
    if t.type == "clock":
        zone = clocks.zone(c, t.zone, t.span, t.clock or "")
        if zone is None:
            return None
        days = tuple(day for day in clocks.WEEKDAYS if day in t.days)
        _inside_hours(c, t, zone, days)
        return lambda n: TriggerPlan("clock", clock=t.clock, zone=zone, days=days)
    if t.value is None:
        return None
    if t.type == "after":
        item = clauses.horizon(c, t.value, place, "after")
    elif t.type == "when":
        item = c.truth(t.value, place)
    else:
        item = _profit(c, t.value, place)
    return None if item.bad else lambda n: TriggerPlan(t.type, n.of(item))


def _inside_hours(c: Context, t: syntax.Trigger, zone: str, days: tuple[str, ...]) -> None:
    """Refuse a time at which one of the traded symbols never trades."""
    known = [c.instruments[symbol] for symbol in c.symbols if symbol in c.instruments]
    if not known or zone == "server":
        return
    from dsl.check.hours import never_open

    for facts in known:
        closed = never_open(facts, t.clock or "", zone, days)
        if closed is not None:
            c.say(
                "RW509",
                t.span,
                f"{facts.symbol} never trades at {t.clock} {zone} on {closed}.",
                "Choose a time inside its trading hours.",
            )
            return


def _profit(c: Context, e: syntax.Expr, place: Place) -> Item:
    item = c.settled(c.quantity(e, place))
    if item.bad:
        return BAD
    if is_bare(item):
        return unit_missing(c, e, kinds.PROFIT, "once profit reaches {}")
    if item.kind in kinds.PROFIT_MEASURES:
        return item
    return c.say(
        "RW310",
        e.span,
        f"{c.quote(e)} is {kinds.PHRASES[item.kind]}; profit is measured in R, pips, % or money.",
        "Write for example `once profit reaches 2R`.",
    )


_LIMIT_NAMES = {
    "daily_loss": "daily loss",
    "open_positions": "open positions",
    "entries_per_day": "entries per day",
    "cooldown": "cooldown",
    "total_risk": "total risk",
}


def limits(c: Context, lines: list[syntax.Limit]) -> list[Callable[[Numbering], LimitRule]]:
    place = Place("`limits`", series=c.base)
    seen: set[tuple[str, str | None, bool]] = set()
    made: list[Callable[[Numbering], LimitRule]] = []
    for e in lines:
        key = (e.type, e.after, e.per_symbol)
        if key in seen:
            c.say(
                "RW425",
                e.span,
                f"The limit on {_LIMIT_NAMES[e.type]} is stated a second time.",
                "Keep the one you mean.",
            )
        seen.add(key)
        draft = _limit(c, e, _limit_value(c, e, place))
        if draft is not None:
            made.append(draft)
    return made


def _limit(c: Context, e: syntax.Limit, value: Item) -> Callable[[Numbering], LimitRule] | None:
    if value.bad:
        return None
    return lambda n: LimitRule(e.type, n.of(value), e.leave_everything, e.after, e.per_symbol)


def _limit_value(c: Context, e: syntax.Limit, place: Place) -> Item:
    if e.type == "cooldown":
        return clauses.horizon(c, e.value, place, "cooldown")
    name = _LIMIT_NAMES[e.type]
    item = c.quantity(e.value, place)
    if item.bad:
        return BAD
    if e.type in ("open_positions", "entries_per_day"):
        named = c.names.get(e.value.name) if isinstance(e.value, syntax.Name) else None
        whole = item.kind == "ratio" and item.low >= 1 and item.low.is_integer() and getattr(named, "whole", True)
        if whole:
            return item
        words = name if e.type == "open_positions" else name.replace("entries", "entry", 1)
        return c.say(
            "RW423",
            e.value.span,
            f"{c.quote(e.value)} is not a whole number from 1 up.",
            f"Write for example `at most 2 {'open positions' if e.type == 'open_positions' else 'entries per day'}`.",
            why=f"A limit on {words} counts whole things.",
        )
    if is_bare(item):
        return unit_missing(c, e.value, "percent", name + " {}", ("{}%",))
    money = e.type == "daily_loss" and item.kind == "money"
    if item.kind != "percent" and not money:
        return c.say(
            "RW310",
            e.value.span,
            f"{c.quote(e.value)} is {kinds.PHRASES[item.kind]}; {name} is a percentage"
            f"{' or an amount of money' if e.type == 'daily_loss' else ''}.",
            f"Write for example `{name} 2%`.",
        )
    if item.low <= 0:
        return c.say("RW421", e.value.span, f"{c.quote(e.value)} must be above 0.", f"Write for example `{name} 2%`.")
    if item.kind == "percent" and item.high > 100:
        return c.say(
            "RW422", e.value.span, f"{c.quote(e.value)} can be more than 100%.", f"Write for example `{name} 2%`."
        )
    return item
