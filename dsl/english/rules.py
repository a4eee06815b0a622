"""Rules that open, enlarge and leave a position, each as one section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsl.english import clauses, values, words
from dsl.english.blocks import Block, Item, Listing, Paragraph, Section
from dsl.english.values import Level
from dsl.plan import AddRule, EnterRule, ExitRule, OrderPlan, SizePlan, StopPlan, TargetPlan

if TYPE_CHECKING:
    from dsl.english.voice import Voice

_ENTERS = {"long": "Buy", "short": "Sell short"}
_ORDER_SIDES = {"long": "buy", "short": "sell"}
_LOSING = {"long": "below", "short": "above"}
_WINNING = {"long": "above", "short": "below"}
_KELLY = {0.25: "a quarter of the Kelly fraction", 0.5: "half of the Kelly fraction", 1.0: "the full Kelly fraction"}
_KELLY_SAMPLE = 100
_KELLY_LEAST = 30


def entry(voice: Voice, rule: EnterRule) -> Section:
    """When, unless, order, size, stop and target of one entry."""
    details = [
        order(voice, rule.order, rule.side),
        size(voice, rule.size, "a position of the basket" if voice.plan.trade.type == "basket" else "a position"),
        stop(voice, rule.stop, rule.side),
        target(voice, rule.target, rule.side),
    ]
    if rule.at_most_per_day is not None:
        details.append(Item(f"How often: at most {words.plural(rule.at_most_per_day, 'entry', 'entries')} per day."))
    return Section(
        f"{_ENTERS[rule.side]}: {words.quoted(rule.name)}",
        (
            *_conditions(voice, "At the close of the signal bar, when", rule.when, rule.unless),
            Paragraph("Then:"),
            Listing(tuple(details)),
        ),
    )


def _conditions(voice: Voice, lead: str, when: int, unless: int | None) -> tuple[Block, ...]:
    blocks: list[Block] = [*_condition(voice, lead, when)]
    if unless is not None:
        blocks += _condition(voice, "But not when", unless)
    return tuple(blocks)


def _condition(voice: Voice, lead: str, index: int) -> tuple[Block, ...]:
    text, items = clauses.items(voice, index)
    if not items:
        return (Paragraph(words.sentence(f"{lead} {text}")),)
    return (Paragraph(words.sentence(f"{lead} {text}")), Listing(items))


def order(voice: Voice, plan: OrderPlan, side: str) -> Item:
    """How the order is placed and how long it waits."""
    if plan.type == "market" or plan.price is None:
        paid = {"long": "bought at the ask", "short": "sold at the bid"}[side]
        return Item(f"Order: at market, {paid}, at the open of the next bar.")
    price = voice.value(plan.price).within(Level.SUM)
    waits: list[Item] = []
    if plan.good_for is not None:
        kind = voice.node(plan.good_for).kind
        waits.append(
            Item(
                f"It is good for {voice.value(plan.good_for).text}."
                if kind == "duration"
                else f"It is good for {_next(values.bars(voice, plan.good_for))}."
            )
        )
    if plan.cancel_when is not None:
        text, items = clauses.items(voice, plan.cancel_when)
        waits.append(Item(words.sentence(f"It is cancelled at the close of a bar when {text}"), items))
    if plan.cancel_others:
        waits.append(Item("When it fills, the strategy's other resting orders on that symbol are cancelled."))
    waits.append(Item("When the rule fires again, this order gets the new price, stop, target and expiry."))
    return Item(f"Order: a resting {_ORDER_SIDES[side]} {plan.type} order at {price}.", tuple(waits))


def _next(bars: str) -> str:
    return "the next bar" if bars == "1 bar" else f"the next {bars}"


def size(voice: Voice, plan: SizePlan, subject: str = "a position") -> Item:
    """How large the order is, and what the figure means."""
    value = voice.value(plan.value).within(Level.SUM)
    of_equity = f"{value} of equity" if voice.node(plan.value).kind == "percent" else value
    match plan.type:
        case "risk":
            text = f"{subject} that loses {of_equity} if the stop is hit, costs aside."
        case "notional":
            text = f"{subject} worth {of_equity}."
        case "lots" | "units":
            text = f"{value}, whatever the distance to the stop."
        case "volatility":
            text = f"{subject} whose ups and downs would be {of_equity} a year."
        case _:
            fraction = voice.node(plan.value)
            known = _KELLY.get(fraction["value"]) if fraction.op in ("number", "quantity") else None
            cap = "" if plan.cap is None else f", at most {voice.value(plan.cap).text} of equity at risk"
            text = (
                f"{known or f'{value} of the Kelly fraction'} measured on the last {_KELLY_SAMPLE} closed trades of "
                f"this Plan{cap}. No trade while fewer than {_KELLY_LEAST} are closed."
            )
    return Item(f"Size: {text}")


def stop(voice: Voice, plan: StopPlan, side: str) -> Item:
    """The protective stop of an entry; its absence is shouted."""
    if plan.type == "none" or plan.value is None:
        return Item(f"NO STOP LOSS. Reason given: “{plan.because}”", tone="danger")
    if plan.type == "at":
        text = f"at {voice.value(plan.value).within(Level.SUM)}"
    else:
        text = f"{_away(voice, plan.value)} {_LOSING[side]} the fill price"
    return Item(f"Stop loss: {text}.")


def target(voice: Voice, plan: TargetPlan, side: str) -> Item:
    if plan.type == "none" or plan.value is None:
        return Item("Target: none.")
    if plan.type == "at":
        return Item(f"Target: at {voice.value(plan.value).within(Level.SUM)}.")
    return Item(f"Target: {_away(voice, plan.value)} {_WINNING[side]} the fill price.")


def _away(voice: Voice, index: int) -> str:
    """A distance as it stands before “below the fill price”; a longer phrase is set off by a comma."""
    said = voice.value(index).within(Level.SUM)
    short = index in voice.names or voice.node(index).op in ("quantity", "param")
    return said if short else f"{said},"


def addition(voice: Voice, rule: AddRule) -> Section:
    """A rule that enlarges an open position. Averaging down is announced first."""
    blocks: list[Block] = []
    if rule.averaging_down:
        blocks.append(Paragraph("AVERAGING DOWN: this rule may add to a position that is losing.", "danger"))
    side = {"long": "bought", "short": "sold"}[rule.side]
    blocks += _conditions(
        voice, f"At the close of a bar with a {rule.side} position open, when", rule.when, rule.unless
    )
    details = [
        Item(f"Order: at market, {side} at the open of the next bar."),
        size(voice, rule.size, "an addition"),
        _new_stop(voice, rule.stop, rule.side),
        Item(f"How often: at most {words.plural(rule.at_most_times, 'time')} per position."),
    ]
    blocks += [Paragraph("Then:"), Listing(tuple(details))]
    return Section(f"Add to a {rule.side} position: {words.quoted(rule.name)}", tuple(blocks))


def _new_stop(voice: Voice, plan: StopPlan, side: str) -> Item:
    if plan.type == "keep":
        return Item("Stop: the position's stop stays where it is, now for the larger position.")
    said = stop(voice, plan, side)
    if plan.type == "none":
        return said
    return Item(said.text.replace("Stop loss:", "Stop for the whole position:").replace("the fill", "the new fill"))


def leaving(voice: Voice, rule: ExitRule) -> Section:
    """A rule that closes the whole position."""
    what = f"{rule.side} position" if rule.side else "position"
    lead = f"Closes the whole {what} when, at the close of a bar,"
    blocks = _conditions(voice, lead, rule.when, rule.unless)
    return Section(f"Leave the {what}: {words.quoted(rule.name)}", blocks)
