"""Clauses of entries and additions: order, size, stop and target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from dsl import kinds, syntax
from dsl.builtins import MAX_WINDOW
from dsl.check.context import Context, Place, is_bare
from dsl.check.graph import BAD, Item, Numbering
from dsl.check.operators import unit_missing
from dsl.check.sides import offset
from dsl.plan import OrderPlan, SizePlan, StopPlan, TargetPlan

STOP_WAYS = ("{} pips", "1%", "2 * atr(14)")
TARGET_WAYS = ("{}R", "{} pips", "2%")
HIGH_RISK = 10
"""Per cent of equity at risk in one trade from which a reviewer is warned."""


@dataclass(frozen=True, slots=True)
class OrderDraft:
    price: Item | None
    """None for a market order; `BAD` when the price has an error."""
    finish: Callable[[Numbering], OrderPlan]


def _market(_: Numbering) -> OrderPlan:
    return OrderPlan("market")


def order(c: Context, e: syntax.Order | None, side: str, place: Place) -> OrderDraft:
    if e is None or e.type == "market":
        return OrderDraft(None, _market)
    wanted = "buy" if side == "long" else "sell"
    if e.side != wanted:
        c.say(
            "RW408",
            e.span,
            f"A {side} entry {wanted}s, but its order says `{e.side} {e.type}`.",
            f"Write `order {wanted} {e.type} at …`, or enter {'short' if side == 'long' else 'long'}.",
        )
    price = _price(c, e.price, place, f"order {e.side} {e.type}", _sign(e)) if e.price is not None else BAD
    if not price.bad and e.side == wanted and e.price is not None:
        _order_side(c, e, price, wanted)
    expiry = horizon(c, e.good_for, place, "good for") if e.good_for is not None else None
    cancel = c.truth(e.cancel_when, place) if e.cancel_when is not None else None
    if e.good_for is None and e.cancel_when is None and not c.partial:
        c.say(
            "RW407",
            e.span,
            f"The {e.type} order would wait for ever.",
            "Add `good for 8 bars` or `cancel when …`.",
        )
    return OrderDraft(
        price,
        lambda n: OrderPlan(e.type, n.of(price), n.maybe(expiry), e.cancel_others, n.maybe(cancel)),
    )


def _sign(e: syntax.Order) -> str:
    """On which side of the market this order lies."""
    return "+" if (e.side, e.type) in (("buy", "stop"), ("sell", "limit")) else "-"


def _order_side(c: Context, e: syntax.Order, price: Item, side: str) -> None:
    market = c.price("close", Place("", series=c.base), e.span)
    low, high, strict = offset(price, market)
    if c.basket or (low == -inf and high == inf):
        return
    at_or_below, at_or_above = high == 0, low == 0
    wrong = {
        ("buy", "stop"): at_or_below,
        ("buy", "limit"): at_or_above and strict,
        ("sell", "stop"): at_or_above,
        ("sell", "limit"): at_or_below and strict,
    }[side, e.type]
    if not wrong:
        return
    needed = "above" if _sign(e) == "+" else "below"
    other = "limit" if e.type == "stop" else "stop"
    c.say(
        "RW433",
        e.span,
        f"A {side} {e.type} order must lie {needed} the market, and {c.quote(e.price or e)} never does.",
        f"Put it {needed} the close, or use `{side} {other}`.",
    )


def horizon(c: Context, e: syntax.Expr, place: Place, clause: str) -> Item:
    """A count of bars or a length of time, fixed and above 0."""
    item = c.lower(e, place)
    if item.bad:
        return BAD
    if is_bare(item):
        return unit_missing(c, e, "bars", clause + " {}", ("{} bars", "{} hours"))
    if item.kind not in ("bars", "duration"):
        return c.say(
            "RW310",
            e.span,
            f"`{clause}` counts bars or time, and {c.quote(e)} is {kinds.PHRASES[item.kind]}.",
            f"Write `{clause} 8 bars` or `{clause} 2 hours`.",
        )
    if item.low <= 0 and item.constant:
        return c.say("RW421", e.span, f"`{clause}` must be above 0.", f"Write for example `{clause} 8 bars`.")
    if item.kind == "bars" and item.constant and item.high > MAX_WINDOW:
        return c.say(
            "RW422", e.span, f"`{clause}` is limited to {MAX_WINDOW:,} bars.", "Use hours or days for longer spans."
        )
    return item


def _price(c: Context, e: syntax.Expr, place: Place, clause: str, sign: str) -> Item:
    """A price; a distance or a number in its place is an error. `sign`: on which side of the close
    such a price usually lies."""
    item = c.quantity(e, place)
    if item.bad or item.kind == "price":
        return item
    words = c.quote(e).strip("`")
    if item.kind == "distance":
        where = f"Write `{clause.removesuffix(' at')} {words}`" if clause in ("stop at", "target at") else ""
        also = f"`{clause.removesuffix(' at')} at close {sign} {words}`"
        return c.say(
            "RW307",
            e.span,
            f"{c.quote(e)} is a distance, and `{clause.removesuffix(' at')} at` wants a price.",
            f"{where} for a distance, or {also} for a price." if where else f"Measure it from a price: {also}.",
        )
    return c.say(
        "RW307",
        e.span,
        f"{c.quote(e)} is {kinds.PHRASES[item.kind]}, and `{clause.removesuffix(' at')} at` wants a price.",
        f"Write a price, for example `{clause.removesuffix(' at')} at lowest(low, 20)`.",
    )


def distance(
    c: Context, e: syntax.Expr, place: Place, clause: str, ways: tuple[str, ...], *, percent: bool, signed: bool = False
) -> Item:
    """A distance above 0 (or of either sign), or a percentage where that is allowed."""
    item = c.settled(c.quantity(e, place))
    if item.bad:
        return BAD
    words = c.quote(e).strip("`")
    if item.kind == "ratio":
        if is_bare(item):
            return unit_missing(c, e, "distance", clause + " {}", ways)
        return c.say(
            "RW310",
            e.span,
            f"{c.quote(e)} is a plain number, and `{clause}` wants a distance.",
            f"Multiply it by a distance such as `atr(14)`, or write {_listed(clause, ways)}.",
        )
    if item.kind == "price":
        at = clause if clause.endswith(" to") else f"{clause} at"
        fix = f"Write `{at} {words}`." if clause in ("stop", "target") else f"Write {_listed(clause, ways)}."
        return c.say("RW306", e.span, f"{c.quote(e)} is a price, and `{clause}` wants a distance.", fix)
    if item.kind == "percent" and not percent:
        return c.say(
            "RW310",
            e.span,
            f"`{clause}` wants a distance, and {c.quote(e)} is a percentage.",
            f"Say per cent of what: `{clause} {words} of close`.",
        )
    if item.kind not in ("distance", "percent"):
        return c.say(
            "RW310",
            e.span,
            f"{c.quote(e)} is {kinds.PHRASES[item.kind]}, and `{clause}` wants a distance.",
            f"Write {_listed(clause, ways)}.",
        )
    if not signed and (
        item.high <= 0 or (item.constant and item.low < 0) or (item.constant and item.low == item.high == 0)
    ):
        return c.say(
            "RW421",
            e.span,
            f"`{clause} {words}` is not above 0; the direction follows from the side of the trade.",
            f"Write it without the sign: `{clause} 25 pips`."
            if words.startswith("-")
            else f"Write `{clause} 25 pips`.",
        )
    return item


def _listed(clause: str, ways: tuple[str, ...]) -> str:
    written = [f"`{clause} {way.format('3' if way == '{}R' else '25')}`" for way in ways]
    return f"{', '.join(written[:-1])} or {written[-1]}"


def stop(
    c: Context, e: syntax.Stop, side: str, price: Item | None, place: Place
) -> Callable[[Numbering], StopPlan] | None:
    """`price` is that of the resting order, None for a market order."""
    if e.type == "keep":
        return lambda n: StopPlan("keep")
    if e.type == "none":
        if not (e.because or "").strip():
            c.say("RW410", e.span, "`stop none` does not say why.", 'Write `stop none because "…"`.')
        return lambda n: StopPlan("none", because=e.because)
    if e.value is None:
        return None
    if e.type == "at":
        item = _price(c, e.value, place, "stop at", "-" if side == "long" else "+")
        if not item.bad:
            _exit_side(c, e.value, item, side, price, "stop")
    else:
        item = distance(c, e.value, place, "stop", STOP_WAYS, percent=True)
        if item.kind == "percent" and item.high >= 100 and side == "long":
            c.say("RW422", e.value.span, f"A stop {c.quote(e.value)} away is at a price of zero or below.", "Use less.")
    return lambda n: StopPlan(e.type, n.of(item))


def target(
    c: Context, e: syntax.Target | None, side: str, price: Item | None, place: Place
) -> Callable[[Numbering], TargetPlan]:
    if e is None or e.type == "none" or e.value is None:
        return lambda n: TargetPlan("none")
    if e.type == "at":
        item = _price(c, e.value, place, "target at", "+" if side == "long" else "-")
        if not item.bad:
            _exit_side(c, e.value, item, side, price, "target")
    else:
        item = distance(c, e.value, place, "target", TARGET_WAYS, percent=True)
    return lambda n: TargetPlan(e.type, n.of(item))


def _exit_side(c: Context, e: syntax.Expr, item: Item, side: str, price: Item | None, what: str) -> None:
    """Refuse a stop or target that lies on the wrong side of the entry whatever the market does."""
    if c.basket or (price is not None and price.bad):
        return
    entry = price if price is not None else c.price("close", Place("", series=c.base), e.span)
    low, high, _ = offset(item, entry)
    above = (side == "long") == (what == "target")
    if not (high == 0 if above else low == 0):
        return
    needed = "above" if above else "below"
    c.say(
        "RW431" if what == "stop" else "RW432",
        e.span,
        f"{c.quote(e)} never lies {needed} the entry, where the {what} of a {side} trade belongs.",
        f"Put it {needed} the entry, or write a distance: `{what} 2 * atr(14)`.",
    )


def size(c: Context, e: syntax.Size, place: Place, *, stopless: bool) -> Callable[[Numbering], SizePlan] | None:
    if stopless and e.type in ("risk", "volatility", "kelly"):
        c.say(
            "RW409",
            e.span,
            f"{c.quote(e)} is worked out from the stop, and this entry has none.",
            "Write `size 0.10 lots`, `size 2 units` or `size 20% of equity`, or give the entry a stop.",
        )
        return None
    value = _amount(c, e, place)
    cap: Item | None = None
    if e.type == "kelly":
        cap = _share(c, e.cap, place, "kelly", "at most", 100) if e.cap is not None else None
    if value.bad or (cap is not None and cap.bad):
        return None
    return lambda n: SizePlan(e.type, n.of(value), n.maybe(cap))


def _amount(c: Context, e: syntax.Size, place: Place) -> Item:
    if e.type == "risk":
        return _share(c, e.value, place, "risk", "risk", 100, money=True)
    if e.type == "notional":
        return _share(c, e.value, place, "size", "size", inf)
    if e.type == "volatility":
        return _share(c, e.value, place, "size volatility", "size volatility", inf)
    item = c.quantity(e.value, place)
    if item.bad:
        return BAD
    if e.type == "kelly":
        if item.kind != "ratio" or item.low <= 0 or item.high > 1:
            return c.say(
                "RW422",
                e.value.span,
                f"{c.quote(e.value)} is not a share of Kelly between 0 and 1.",
                "Write `half`, `quarter`, `full` or a number such as 0.3.",
            )
        return item
    if item.kind not in (e.type, "ratio"):
        return c.say(
            "RW310",
            e.value.span,
            f"{c.quote(e.value)} is {kinds.PHRASES[item.kind]}, not a number of {e.type}.",
            f"Write `size {'0.10' if e.type == 'lots' else '2'} {e.type}`.",
        )
    if item.high <= 0 or (item.constant and item.low <= 0):
        return c.say("RW421", e.value.span, "The size must be above 0.", f"Write `size 1 {e.type}`.")
    return item


def _share(
    c: Context, e: syntax.Expr, place: Place, clause: str, words: str, most: float, *, money: bool = False
) -> Item:
    """A percentage of equity (or an amount of money) above 0 and at most `most`."""
    item = c.quantity(e, place)
    if item.bad:
        return BAD
    if is_bare(item):
        ways = ("{}%", "{} USD") if money else ("{}%",)
        return unit_missing(c, e, "percent", words + " {}", ways)
    if item.kind != "percent" and not (money and item.kind == "money"):
        allowed = "a percentage or an amount of money" if money else "a percentage"
        return c.say(
            "RW310",
            e.span,
            f"{c.quote(e)} is {kinds.PHRASES[item.kind]}, and `{words}` wants {allowed}.",
            "Write for example `risk 1% of equity`." if clause == "risk" else "Write for example `20%`.",
        )
    if item.high <= 0 or (item.constant and item.low <= 0):
        return c.say("RW421", e.span, f"{c.quote(e)} must be above 0.", "Write for example `1%`.")
    if item.kind == "percent" and item.constant and item.high > most:
        return c.say(
            "RW422", e.span, f"{c.quote(e)} can be more than {most:g}%.", f"Stay at or below {most:g}%; 1% is usual."
        )
    if clause == "risk" and item.kind == "percent" and item.constant and item.high > HIGH_RISK:
        c.say(
            "RW424",
            e.span,
            f"{c.quote(e)} of equity can be lost in one trade{_at_most(item)}.",
            "Most traders risk 0.25% to 2%.",
        )
    return item


def _at_most(item: Item) -> str:
    return "" if item.op == "quantity" else f" (up to {item.high:g}%)"
