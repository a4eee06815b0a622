"""The whole Plan as a document, conclusion first."""

from __future__ import annotations

from dsl.english import clauses, management, rules, words
from dsl.english.blocks import Block, Document, Item, Listing, Paragraph, Section
from dsl.english.order_of_events import order_of_events
from dsl.english.voice import Voice
from dsl.plan import EnterRule, ParamSpace, Plan, RememberedState

_BENCHMARKS = {"buy_and_hold": "buying and holding", "none": "doing nothing"}
_AGAINST = {
    "reverses": "An entry against the open position closes it and opens the new one (a reversal).",
    "closes": "An entry against the open position closes it and opens nothing.",
    "ignored": "An entry against the open position is ignored.",
}


def sentences(plan: Plan) -> Document:
    """Everything the Plan does, as headings, paragraphs and lists, in the order of reading."""
    voice = Voice(plan)
    parts = (
        ("In short", _summary(voice)),
        ("Why it should make money", _edge(plan)),
        ("Settings", _settings(plan)),
        ("Definitions", _definitions(voice)),
        ("Entries", _entries(voice)),
        ("Additions", tuple(rules.addition(voice, rule) for rule in plan.add)),
        ("Exits", tuple(rules.leaving(voice, rule) for rule in plan.exit)),
        ("Managing the open position", _management(voice)),
        ("Limits", _list(tuple(management.limit(voice, rule) for rule in plan.limits))),
        ("Checklist before each trade", _list(tuple(Item(question) for question in plan.checklist))),
        ("What to know", _to_know(plan)),
        ("What it needs", _needs(plan)),
        ("What happens at each bar", order_of_events(plan)),
    )
    title = f"{plan.name}, version {plan.version}"
    return Document(title, tuple(Section(heading, blocks) for heading, blocks in parts if blocks))


def _list(items: tuple[Item, ...]) -> tuple[Block, ...]:
    return (Listing(items),) if items else ()


def _summary(voice: Voice) -> tuple[Block, ...]:
    plan = voice.plan
    blocks: list[Block] = [Paragraph(_traded(plan))]
    bare = [rule for rule in plan.enter if rule.stop.type == "none"]
    if bare:
        names = words.listed([words.quoted(rule.name) for rule in bare])
        blocks.append(Paragraph(f"NO STOP LOSS: {names} {_trades(bare)} without a stop.", "danger"))
    if plan.enter and len(bare) < len(plan.enter):
        which = "Every other entry" if bare else "Every entry"
        blocks.append(Paragraph(f"{which} has a stop loss.{_common_risk(voice)}"))
    for rule in plan.add:
        if rule.averaging_down:
            name = words.quoted(rule.name)
            blocks.append(Paragraph(f"AVERAGING DOWN: {name} may add to a position that is losing.", "danger"))
    return tuple(blocks)


def _trades(bare: list[EnterRule]) -> str:
    return "trades" if len(bare) == 1 else "trade"


def _traded(plan: Plan) -> str:
    trade = plan.trade
    bars = f"{words.timeframe(trade.timeframe)} bars"
    if trade.type == "basket":
        legs = words.listed([f"{leg.side} {words.number(leg.ratio)} {leg.symbol}" for leg in trade.legs])
        return (
            f"Trades the basket {words.quoted(trade.name or '')} on {bars}: {legs}. The legs go together; "
            "if one cannot be filled, the others are closed."
        )
    sides = {rule.side for rule in plan.enter}
    verb = "Buys and sells short" if len(sides) == 2 else "Only sells short" if sides == {"short"} else "Only buys"
    each = ", each on its own" if len(trade.symbols) > 1 else ""
    return f"{verb} {words.listed(trade.symbols)} on {bars}{each}."


def _common_risk(voice: Voice) -> str:
    sizes = {rule.size for rule in voice.plan.enter}
    if len(sizes) != 1:
        return ""
    (size,) = sizes
    if size.type != "risk":
        return ""
    value = voice.value(size.value).text
    of_equity = " of equity" if voice.node(size.value).kind == "percent" else ""
    return f" Each entry risks {value}{of_equity}."


def _edge(plan: Plan) -> tuple[Block, ...]:
    lines = [Item(f"Claim: {plan.edge.exploits}"), Item(f"When it fails: {plan.edge.fails}")]
    if plan.edge.benchmark:
        name = _BENCHMARKS[plan.edge.benchmark]
        lines.append(Item(f"It is measured against {name}."))
    return _list(tuple(lines))


def _settings(plan: Plan) -> tuple[Block, ...]:
    if not plan.params:
        return ()
    how = "A name in square brackets marks a setting; the figure before it is its default."
    return (Paragraph(how), Listing(tuple(Item(_setting(p)) for p in plan.params)))


def _setting(p: ParamSpace) -> str:
    text = f"{words.spoken(p.name)}: {words.quantity(p.default, p.unit)}"
    if p.low is None or p.high is None:
        return f"{text}, fixed"
    step = "" if p.step is None else f" in steps of {words.quantity(p.step, p.unit)}"
    return f"{text}, from {words.quantity(p.low, p.unit)} to {words.quantity(p.high, p.unit)}{step}"


def _definitions(voice: Voice) -> tuple[Block, ...]:
    items = [_definition(voice, let.name, let.node) for let in voice.plan.lets]
    items += [_remembered(voice, state) for state in voice.plan.remember]
    if any(node.op == "quantity" and node["unit"] == "R" for node in voice.plan.nodes) or any(
        p.unit == "R" for p in voice.plan.params
    ):
        items.append(Item("R is the distance from the entry price to the first stop."))
    if any(node.op == "window" for node in voice.plan.nodes):
        items.append(Item("A range by the clock is known when it is over, and holds until the next one begins."))
    if any(node.op == "rank" for node in voice.plan.nodes):
        items.append(Item("Rank 1 is the highest. Equal values are ranked by symbol name; unknown ones are left out."))
    return _list(tuple(items))


def _definition(voice: Voice, name: str, index: int) -> Item:
    quoted = words.quoted(name)
    known = voice.names.get(index)
    if known not in (None, name):
        return Item(f"{quoted} is the same as {words.quoted(known or '')}.")
    if voice.node(index).kind != "truth":
        return Item(f"{quoted} is {voice.definition(index).text}.")
    tree = clauses.as_item(clauses.outline(voice, index, named=False))
    return Item(words.sentence(f"{quoted} is true when {tree.text}"), tree.items)


def _remembered(voice: Voice, state: RememberedState) -> Item:
    updates = []
    for update in state.updates:
        text, items = clauses.items(voice, update.when)
        updates.append(Item(words.sentence(f"it becomes {voice.say(update.value)} when {text}"), items))
    updates.append(Item("When several lines are true the last one wins; when none is known to be true it stays."))
    start = voice.say(state.initial)
    return Item(f"{words.quoted(state.name)} is remembered from bar to bar. It starts as {start}.", tuple(updates))


def _entries(voice: Voice) -> tuple[Block, ...]:
    plan = voice.plan
    blocks: list[Block] = [rules.entry(voice, rule) for rule in plan.enter]
    together: list[Item] = []
    for side, verb in (("long", "buy"), ("short", "sell")):
        if sum(rule.side == side for rule in plan.enter) > 1:
            together.append(Item(f"When several {verb} rules fire on one bar, the first of them above acts."))
    if {rule.side for rule in plan.enter} == {"long", "short"}:
        together.append(Item(_both_sides(plan)))
    if plan.opposite:
        together.append(Item(_AGAINST[plan.opposite]))
    together.append(Item("An entry in the direction already held is not placed."))
    blocks.append(Section("When rules meet", (Listing(tuple(together)),)))
    return tuple(blocks)


def _both_sides(plan: Plan) -> str:
    if all(rule.order.type == "market" for rule in plan.enter):
        return "When buy and sell rules fire on the same bar, neither acts."
    if len({rule.side for rule in plan.enter if rule.order.type == "market"}) == 2:
        return (
            "When buy and sell rules fire on the same bar and both order at market, neither acts; a resting order is "
            "placed beside the other."
        )
    return "Buy and sell rules may fire on the same bar: both orders are placed."


def _management(voice: Voice) -> tuple[Block, ...]:
    if not voice.plan.manage:
        return ()
    lead = (
        "Checked at each bar's close, in this order. A stop only ever moves closer to the market; when several "
        "lines move it, the closest wins. For the target the last line that applies wins."
    )
    if any(rule.trigger.type == "clock" for rule in voice.plan.manage):
        lead += " A time of day means the first close at or after it, or the last close of the session."
    return (
        Paragraph(lead),
        Listing(tuple(management.managed(voice, rule) for rule in voice.plan.manage), ordered=True),
    )


def _to_know(plan: Plan) -> tuple[Block, ...]:
    closed: set[str] = set()
    for rule in plan.manage:
        trigger = rule.trigger
        if rule.action == "leave" and trigger.type == "clock" and (not trigger.days or "Friday" in trigger.days):
            closed |= {rule.side} if rule.side else {"long", "short"}
    if {rule.side for rule in plan.enter} <= closed:
        return ()
    return _list(
        (
            Item(
                "It can hold positions over a weekend: no line closes them all on Friday. Where the market is shut, "
                "it may open beyond the stop, and the loss is then larger than planned."
            ),
        )
    )


def _needs(plan: Plan) -> tuple[Block, ...]:
    needs = plan.needs
    items = []
    for need in needs.series:
        symbol = words.listed(plan.trade.symbols) if need.symbol == "self" else need.symbol
        text = f"{symbol}, {words.timeframe(need.timeframe)} bars: every value is known after "
        text += words.plural(need.first_valid, "bar")
        if need.settled > need.first_valid:
            text += f"; smoothed averages no longer feel their start after {words.plural(need.settled, 'bar')}"
        items.append(Item(text + "."))
        if need.unbounded:
            items.append(
                Item("Some values depend on where the history begins, so its first bar is kept with the Plan.")
            )
    if needs.calendar:
        whose = ["the traded symbols" if c == "self" else c for c in needs.calendar]
        items.append(Item(f"An economic calendar for {words.listed(whose)}."))
    for what, names in (
        ("News sentiment for", needs.sentiment),
        ("Recorded scores of the model", needs.models),
        ("The published figures", needs.macro),
    ):
        if names:
            items.append(Item(f"{what} {words.listed(names)}."))
    return _list(tuple(items))
