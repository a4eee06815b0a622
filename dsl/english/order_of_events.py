"""What happens at one bar, in its exact order, for the parts this Plan has."""

from __future__ import annotations

from dsl.english.blocks import Block, Item, Listing, Paragraph
from dsl.plan import Plan


def order_of_events(plan: Plan) -> tuple[Block, ...]:
    """The steps of one bar, as an ordered list, and the rule about what is not known."""
    steps = [_during(plan)]
    steps.append("The bar closes. All values are computed from closed bars only.")
    if any(node.op == "align" for node in plan.nodes):
        steps[-1] += " Of other timeframes and symbols, the last bar that has closed counts."
    if plan.remember:
        steps.append("Remembered values are brought up to date.")
    if plan.manage:
        steps.append("The lines that manage the position are read; what they move holds from the next bar on.")
    if plan.exit:
        rest = " A full exit cancels what managing would still have done." if plan.manage else ""
        steps.append(f"The exit rules are read.{rest}")
    what = "The entry rules and additions are read." if plan.add else "The entry rules are read."
    steps.append(f"{what} The size is fixed now, from this close.")
    steps.append("The next bar opens. Market orders fill there: buys at the ask, sells at the bid.")
    unknown = (
        "What is not known (too little history, a gap, missing data) never opens a trade: “when” needs a definite "
        "yes, and anything but a definite no to “unless” blocks. Without a known price, stop, target or size there "
        "is no order, and no entry whose stop would not lie on the losing side of the fill price."
    )
    return (Listing(tuple(Item(step) for step in steps), ordered=True), Paragraph(unknown))


def _during(plan: Plan) -> str:
    held = "stops and targets"
    if any(rule.order.type != "market" for rule in plan.enter):
        held = "resting orders, stops and targets"
    return (
        f"While the bar trades, only {held} act. In a backtest a bar that holds both the stop and the target "
        "counts as stopped, unless finer prices show otherwise; a level already passed at the open fills at the open."
    )
