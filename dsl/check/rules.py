"""The rules: entries, additions, exits, and what each of them owes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dsl import syntax
from dsl.check import clauses, logic
from dsl.check.context import Context, Place
from dsl.check.graph import BAD, MOVES, POSITION, Item, Numbering
from dsl.diagnostics import Span
from dsl.plan import AddRule, EnterRule, ExitRule

SIDES = ("long", "short")
_OTHER = {"long": "short", "short": "long"}


@dataclass(slots=True)
class Sides:
    """What the file says of each side, read before the rules so that they can refer to each other."""

    entries: dict[str, list[syntax.Enter]] = field(default_factory=lambda: {side: [] for side in SIDES})

    def has(self, side: str | None) -> bool:
        return any(self.entries[s] for s in ([side] if side else SIDES))

    def r(self, side: str | None) -> str:
        """Whether 1R means something for an open position of this side (or of any)."""
        rules = [rule for s in ([side] if side else SIDES) for rule in self.entries[s]]
        return "no stop" if any(rule.stop is not None and rule.stop.type == "none" for rule in rules) else "yes"


def sides_of(tree: syntax.Strategy) -> Sides:
    sides = Sides()
    for s in tree.statements:
        if isinstance(s, syntax.Enter):
            sides.entries[s.side].append(s)
    return sides


Rule = syntax.Enter | syntax.Add | syntax.Exit


def names(c: Context, tree: syntax.Strategy) -> dict[int, str]:
    """id of a rule's node → its name; rules without one are counted by sort and side."""
    rules = [s for s in tree.statements if isinstance(s, (syntax.Enter, syntax.Add, syntax.Exit))]
    taken: dict[str, Span] = {}
    for rule in rules:
        if rule.name is None:
            continue
        if rule.name in taken:
            c.say(
                "RW206",
                head_span(c, rule),
                f"Two rules are called `{rule.name}`.",
                "Give each its own name, so that the log can tell them apart.",
            )
        taken.setdefault(rule.name, rule.span)
    count: Counter[str] = Counter()
    found: dict[int, str] = {}
    for rule in rules:
        name = rule.name
        if name is None:
            stem = _stem(rule)
            while True:
                count[stem] += 1
                name = f"{stem}_{count[stem]}"
                if name not in taken:
                    break
        found[id(rule)] = name
    return found


def _stem(rule: Rule) -> str:
    side = rule.side or "any"
    return {syntax.Enter: side, syntax.Add: f"add_{side}", syntax.Exit: f"exit_{side}"}[type(rule)]


def _conditions(c: Context, e: Rule, place: Place, what: str) -> tuple[Item, Item | None]:
    """`when` and `unless` of a rule, and whether they leave it any chance to fire."""
    if e.when is None:
        if not c.partial:
            c.say(
                "RW403",
                head_span(c, e),
                f"{what} has no `when`.",
                "Add `when …` with the condition under which it acts.",
            )
        when = BAD
    else:
        when = c.truth(e.when, place)
    unless = c.truth(e.unless, place) if e.unless is not None else None
    if e.unless is None or unless is None or when.bad or unless.bad:
        return when, unless
    if logic.never((when, True), (unless, False)):
        inside = e.unless.span
        c.diagnostics[:] = [
            d for d in c.diagnostics if d.code != "RW602" or not inside.start <= d.span.start < inside.end
        ]
        c.say(
            "RW601",
            e.unless.span,
            f"{what} can never act: whenever its `when` is true, {c.quote(e.unless)} is true as well.",
            "Change one of the two conditions.",
        )
    return when, unless


def head_span(c: Context, e: syntax.Node) -> Span:
    """The first line of a statement."""
    text = c.text[e.span.start : e.span.end]
    line = text.split("\n", 1)[0].rstrip()
    return Span(e.span.start, e.span.start + len(line))


def enter(c: Context, e: syntax.Enter, name: str) -> Callable[[Numbering], EnterRule] | None:
    what = f"The entry `{name}`" if e.name else f"This {e.side} entry"
    before = Place("an `enter` rule", memory=True, series=c.base)
    head = head_span(c, e)
    when, unless = _conditions(c, e, before, what)
    order = clauses.order(c, e.order, e.side, Place("an order", memory=True, series=c.base))
    stopless = e.stop is not None and e.stop.type == "none"
    size = None
    if e.size is None:
        _missing(c, "RW402", head, f"{what} does not say how much to trade.", "Add `risk 1% of equity`.")
    else:
        size = clauses.size(c, e.size, Place("a size", memory=True, series=c.base), stopless=stopless)
    stop = None
    if e.stop is None or e.stop.type == "keep":
        _missing(
            c,
            "RW401",
            head,
            f"{what} has no stop.",
            'Add `stop 2 * atr(14)` or `stop at lowest(low, 20)`; if there must be none, `stop none because "…"`.',
        )
    else:
        stop = clauses.stop(c, e.stop, e.side, order.price, Place("a stop", memory=True, series=c.base))
    in_r = "no stop" if stopless else "yes"
    target = clauses.target(c, e.target, e.side, order.price, Place("a target", memory=True, r=in_r, series=c.base))
    per_day = _times(c, e.at_most_per_day, "at most {} per day")
    if when.bad or size is None or stop is None:
        return None
    made_size, made_stop = size, stop

    def finish(n: Numbering) -> EnterRule:
        return EnterRule(
            name,
            e.side,
            n.of(when),
            order.finish(n),
            made_size(n),
            made_stop(n),
            target(n),
            n.maybe(unless),
            per_day,
        )

    return finish


def _missing(c: Context, code: str, span: Span, message: str, fix: str) -> None:
    if not c.partial:
        c.say(code, span, message, fix)


def _times(c: Context, e: syntax.Number | None, form: str) -> int | None:
    if e is None:
        return None
    if not e.text.isdigit() or int(e.text) < 1:
        c.say(
            "RW423", e.span, f"`{form.format(e.text)}` is not a whole number from 1 up.", f"Write `{form.format(1)}`."
        )
        return None
    return int(e.text)


def add(c: Context, e: syntax.Add, name: str, sides: Sides) -> Callable[[Numbering], AddRule] | None:
    what = f"The addition `{name}`" if e.name else f"This addition to a {e.side} position"
    in_r = sides.r(e.side)
    place = Place("an `add` rule", position=True, memory=True, r=in_r, series=c.base)
    head = head_span(c, e)
    _no_entry(c, sides, e.side, "add to", head)
    when, unless = _conditions(c, e, place, what)
    stopless = in_r == "no stop" and (e.stop is None or e.stop.type in ("keep", "none"))
    size = None
    if e.size is None:
        _missing(c, "RW402", head, f"{what} does not say how much to add.", "Add `risk 1% of equity`.")
    else:
        size = clauses.size(c, e.size, place, stopless=stopless)
    stop = None
    if e.stop is None:
        _missing(
            c,
            "RW401",
            head,
            f"{what} does not say where the stop of the whole position goes.",
            "Add `stop 2 * atr(14)` or `stop keep`.",
        )
    else:
        stop = clauses.stop(c, e.stop, e.side, None, place)
    times = _times(c, e.at_most_times, "at most {} times")
    if e.at_most_times is None:
        _missing(c, "RW413", head, f"{what} does not say how often it may act.", "Add `at most 3 times`.")
    if when.bad or size is None or stop is None or times is None:
        return None
    made_size, made_stop = size, stop

    def finish(n: Numbering) -> AddRule:
        return AddRule(
            name,
            e.side,
            n.of(when),
            made_size(n),
            made_stop(n),
            times,
            n.maybe(unless),
            not only_in_profit(when),
        )

    return finish


def only_in_profit(when: Item) -> bool:
    """Whether the condition demands a profit of at least 0, so that nothing is averaged down."""
    waiting, seen = [when], set[int]()
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if item.op == "and":
            waiting.extend(item.args)
            continue
        if item.op not in ("gt", "ge", "lt", "le", "between") or not item.flags & POSITION:
            continue
        left, right = item.args[:2]
        if item.op in ("lt", "le"):
            left, right = right, left
        if (
            left.op == "position"
            and left.attr("word") == "profit"
            and not right.flags & (MOVES | POSITION)
            and right.low >= 0
        ):
            return True
    return False


def exit_(c: Context, e: syntax.Exit, name: str, sides: Sides) -> Callable[[Numbering], ExitRule] | None:
    what = f"The exit `{name}`" if e.name else "This exit"
    _no_entry(c, sides, e.side, "leave", head_span(c, e))
    place = Place("an `exit` rule", position=True, memory=True, r=sides.r(e.side), series=c.base)
    when, unless = _conditions(c, e, place, what)
    if when.bad:
        return None
    return lambda n: ExitRule(name, e.side, n.of(when), n.maybe(unless))


def _no_entry(c: Context, sides: Sides, side: str | None, verb: str, span: Span) -> None:
    if c.partial or side is None or sides.has(side) or not sides.has(None):
        return
    c.say(
        "RW414",
        span,
        f"There is no {side} position to {verb}: nothing enters {side}.",
        f"Add an `enter {side}` rule, or take this one out.",
    )


def opposite(c: Context, tree: syntax.Strategy, sides: Sides) -> str | None:
    found = [s for s in tree.statements if isinstance(s, syntax.Opposite)]
    for extra in found[1:]:
        c.say("RW222", extra.span, "What an opposite entry does is stated a second time.", "Keep one of the two.")
    both = all(sides.entries[side] for side in SIDES)
    if found:
        if not both and not c.partial:
            c.say(
                "RW415",
                found[0].span,
                f"{c.quote(found[0])} has no effect: the strategy enters one side only.",
                "Take the line out.",
            )
            return None
        return found[0].action
    if both and not c.partial:
        second = sorted((sides.entries[side][0] for side in SIDES), key=lambda e: e.span)[1]
        c.say(
            "RW406",
            head_span(c, second),
            "Nothing says what a signal against an open position does.",
            "Add `opposite entry reverses`, `opposite entry closes` or `opposite entry ignored`.",
        )
    return None


def can_exit(
    c: Context,
    tree: syntax.Strategy,
    sides: Sides,
    action: str | None,
) -> None:
    """Refuse an entry whose position nothing could ever end."""
    if c.partial:
        return
    statements: Sequence[syntax.Statement] = tree.statements
    for side in SIDES:
        leaves = any(
            isinstance(s, (syntax.Exit, syntax.Manage)) and s.side in (None, side) and _ends(s) for s in statements
        )
        turned = action in ("reverses", "closes") and bool(sides.entries[_OTHER[side]])
        if leaves or turned:
            continue
        for e in sides.entries[side]:
            stopless = e.stop is not None and e.stop.type == "none"
            aimless = e.target is None or e.target.type == "none"
            if stopless and aimless:
                c.say(
                    "RW412",
                    head_span(c, e),
                    f"A position of this {side} entry could never end: no stop, no target, no exit.",
                    f"Add an `exit {side}` rule, a target, or `manage` with `leave after 48 bars`.",
                )


def _ends(s: syntax.Statement) -> bool:
    return isinstance(s, syntax.Exit) or (isinstance(s, syntax.Manage) and s.action != "take")


def by_name(tree: syntax.Strategy, called: dict[int, str]) -> dict[str, tuple[str, str | None]]:
    """Name of a rule → its sort (enter, add, exit) and side."""
    sorts = {syntax.Enter: "enter", syntax.Add: "add", syntax.Exit: "exit"}
    return {
        called[id(s)]: (sorts[type(s)], s.side)
        for s in tree.statements
        if isinstance(s, (syntax.Enter, syntax.Add, syntax.Exit))
    }
