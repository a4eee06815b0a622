"""What stands before the rules: strategy, symbols, edge, parameters, names and remembered values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import TypeVar

from dsl import kinds, syntax
from dsl.builtins import BUILTINS, PRICE_FIELDS
from dsl.check.context import BrokenName, Context, LetName, ParamName, Place, RememberName
from dsl.check.graph import Item, Numbering
from dsl.check.names import CALENDAR_WORDS, LET, MEMORY_WORDS, POSITION_WORDS
from dsl.check.operators import unit_missing
from dsl.check.special import SPECIAL
from dsl.diagnostics import Span
from dsl.plan import EdgeClaim, Leg, ParamSpace, RememberedState, RememberUpdate, Universe

T = TypeVar("T", bound=syntax.Node)

Draft = Callable[[Numbering], T]

MAX_PARAM_STEPS = 1_000_000


def only(c: Context, tree: syntax.Strategy, cls: type[T], what: str, sample: str, code: str) -> T | None:
    """The one statement of its sort; says when it is missing or stands twice."""
    found = [s for s in tree.statements if isinstance(s, cls)]
    for extra in found[1:]:
        c.say("RW222", extra.span, f"{what} is stated a second time.", "Keep one of the two.")
    if found:
        return found[0]
    if not c.partial and sample:
        c.say(code, start_of(tree), f"{what} is missing.", f"Write `{sample}`.")
    return None


def start_of(tree: syntax.Strategy) -> Span:
    """Where a finding about the file as a whole is shown: its first statement's first character."""
    first = tree.statements[0].span.start if tree.statements else 0
    return Span(first, first)


def header(c: Context, tree: syntax.Strategy) -> tuple[str, int]:
    found = only(c, tree, syntax.Header, "The line that names the strategy", 'strategy "My idea" version 1', "RW220")
    if found is None:
        return "", 1
    if not found.name.strip():
        c.say("RW220", found.span, "The strategy has an empty name.", 'Write `strategy "My idea" version 1`.')
    if not found.version.isdigit() or int(found.version) < 1:
        c.say("RW220", found.span, f"Version {found.version} is not a whole number from 1 up.", "Write `version 1`.")
        return found.name, 1
    return found.name, int(found.version)


def universe(tree: syntax.Strategy) -> Universe | None:
    """What is traded, as far as it can be read; `check_universe` says what is wrong with it."""
    for s in tree.statements:
        if isinstance(s, syntax.Trade):
            return Universe("each", tuple([symbol.name for symbol in s.symbols]), s.timeframe)
        if isinstance(s, syntax.TradeBasket):
            legs = tuple([Leg(leg.symbol, leg.side, float(leg.ratio)) for leg in s.legs])
            return Universe("basket", tuple([leg.symbol for leg in legs]), s.timeframe, s.name, legs)
    return None


def check_universe(c: Context, tree: syntax.Strategy) -> None:
    found = [s for s in tree.statements if isinstance(s, (syntax.Trade, syntax.TradeBasket))]
    if not found:
        if not c.partial:
            c.say(
                "RW221",
                start_of(tree),
                "Nothing says which symbols are traded.",
                "Write `trade EURUSD on H1`.",
            )
        return
    for extra in found[1:]:
        c.say("RW222", extra.span, "What is traded is stated a second time.", "List all symbols on one `trade` line.")
    first = found[0]
    parts: Sequence[syntax.Symbol | syntax.Leg] = first.symbols if isinstance(first, syntax.Trade) else first.legs
    seen: set[str] = set()
    for part in parts:
        name = part.name if isinstance(part, syntax.Symbol) else part.symbol
        if name in seen:
            c.say("RW226", part.span, f"{name} is listed twice.", "Name each symbol once.")
        seen.add(name)
        if isinstance(part, syntax.Leg) and float(part.ratio) <= 0:
            c.say("RW421", part.span, f"{c.quote(part)}: the share of a leg must be above 0.", "Write `buy 1 AUDUSD`.")
    if isinstance(first, syntax.TradeBasket) and len(first.legs) < 2:
        c.say("RW221", first.span, "A basket has at least two legs.", "Write `trade EURUSD on H1` for one symbol.")


def edge(c: Context, tree: syntax.Strategy) -> EdgeClaim:
    found = only(
        c,
        tree,
        syntax.Edge,
        "The `edge`, why this should make money and when it will not,",
        'edge exploits "…" fails "…"',
        "RW404",
    )
    if found is None:
        return EdgeClaim("", "")
    for name, sample in (
        ("exploits", 'exploits "Trends last longer than most people hold on."'),
        ("fails", 'fails "Sideways months."'),
    ):
        value = getattr(found, name)
        if value is None and not c.partial:
            c.say("RW405", found.span, f"The edge does not say what it {name}.".replace("it fails", "makes it fail"),
                  f"Add the line `{sample}`.")  # fmt: skip
        elif value is not None and not value.strip():
            c.say("RW405", found.span, f"`{name}` says nothing.", f"Write it out: `{sample}`.")
    return EdgeClaim(found.exploits or "", found.fails or "", found.benchmark)


def _taken(c: Context, name: str, span: Span) -> bool:
    """Whether the name means something already; says so."""
    own = c.names.get(name)
    if own is not None:
        c.say("RW202", span, f"`{name}` is already the name of something else above.", "Choose another name.")
        return True
    meanings = (
        (PRICE_FIELDS, "a price of the bar"),
        (BUILTINS, "a built-in"),
        (SPECIAL, "a built-in"),
        (POSITION_WORDS, "a word about the position"),
        (MEMORY_WORDS, "a word about earlier trades"),
        (CALENDAR_WORDS, "a built-in"),
    )
    for table, meaning in meanings:
        if name in table:
            c.say(
                "RW202",
                span,
                f"`{name}` already means {meaning}.",
                f"Choose another name, for example `my_{name}`.",
            )
            return True
    return False


def param(c: Context, e: syntax.Param) -> ParamSpace | None:
    """Enter a parameter; None when its range makes no sense (the name is then silently known)."""
    if _taken(c, e.name, e.span):
        return None
    c.names[e.name] = BrokenName(e.name, e.span)
    unit = e.default.unit
    for number in (e.low, e.high, e.step):
        if number is not None and number.unit != unit:
            wanted = f"`{number.text} {unit}`".replace(" %", "%").replace(" R`", "R`") if unit else f"`{number.text}`"
            c.say(
                "RW224",
                number.span,
                f"{c.quote(number)} has another unit than the default {c.quote(e.default)}.",
                f"Write {wanted}.",
            )
            return None
    default = float(e.default.text)
    low = float(e.low.text) if e.low else None
    high = float(e.high.text) if e.high else None
    step = float(e.step.text) if e.step else None
    if low is not None and high is not None:
        if low > high:
            c.say(
                "RW224",
                e.span,
                f"`{e.name}` goes from {low:g} to {high:g}, which is backwards.",
                f"Write `from {high:g} to {low:g}`.",
            )
            return None
        if not low <= default <= high:
            c.say(
                "RW224",
                e.default.span,
                f"The default {c.quote(e.default)} lies outside its own range, {low:g} to {high:g}.",
                "Widen the range or change the default.",
            )
            return None
    if step is not None and low is not None and high is not None:
        if step <= 0:
            c.say("RW224", e.span, f"The step of `{e.name}` must be above 0.", "Write for example `step 5`.")
            return None
        if not _on_grid(default, low, step):
            c.say(
                "RW225",
                e.default.span,
                f"The default {c.quote(e.default)} is not one of the steps from {low:g} by {step:g}.",
                "Choose a default, start or step so that the default is one of them.",
            )
        if (high - low) / step > MAX_PARAM_STEPS:
            c.say(
                "RW224",
                e.span,
                f"`{e.name}` has more than a million steps.",
                "Make the step larger.",
            )
            return None
    whole = all(x is None or x.is_integer() for x in (default, low, step))
    c.names[e.name] = ParamName(
        e.name,
        e.span,
        kinds.of_unit(unit),
        unit,
        default,
        default if low is None else low,
        default if high is None else high,
        whole,
    )
    return ParamSpace(e.name, default, unit, low, high, step)


def _on_grid(value: float, low: float, step: float) -> bool:
    steps = (value - low) / step
    return abs(steps - round(steps)) < 1e-9 * max(1.0, abs(steps))


def let(c: Context, e: syntax.Let) -> None:
    """Enter a name and check its expression on the strategy's own bars."""
    if _taken(c, e.name, e.span):
        return
    item = c.lower(e.value, LET.anywhere(c.base))
    if item.bad:
        c.names[e.name] = BrokenName(e.name, e.span)
    else:
        c.names[e.name] = LetName(e.name, e.value, e.span, {c.base: item})


def remember(c: Context, e: syntax.Remember) -> Callable[[Numbering], RememberedState] | None:
    """Enter a remembered value; its kind is that of the first line that states one."""
    if _taken(c, e.name, e.span):
        return None
    before = len(c.diagnostics)
    c.names[e.name] = BrokenName(e.name, e.span)
    place = Place("`remember`", memory=True, series=c.base)
    initial = c.lower(e.initial, place)
    if initial.bad:
        return None
    if not initial.constant:
        c.say(
            "RW231",
            e.initial.span,
            f"{c.quote(e.initial)} changes from bar to bar; a remembered value starts from a fixed one.",
            "Start from 0 or another number, and let a `becomes` line set it.",
        )
        return None
    kind = initial.kind
    if initial.is_zero():
        kind = "ratio"
        for update in e.updates:
            if e.name not in set(_names_in(update.value)):
                value = c.settled(c.lower(update.value, place))
                if value.bad:
                    return None
                kind = value.kind
                break
        initial = c.as_kind(initial, kind)
    if kind == "truth":
        c.say(
            "RW305",
            e.span,
            f"`{e.name}` would remember a condition; remember a number instead.",
            "Write `becomes 1 when …` and `becomes 0 when …`, and compare with 1.",
        )
        return None
    named = RememberName(e.name, e.span, kind)
    c.names[e.name] = named
    updates: list[tuple[Item, Item]] = []
    for update in e.updates:
        value, condition = c.settled(c.quantity(update.value, place)), c.truth(update.condition, place)
        if value.bad or condition.bad:
            continue
        if value.is_zero():
            value = c.as_kind(value, kind)
        if value.kind == "ratio" != kind and kind != "price":
            unit_missing(c, update.value, kind)
        elif value.kind != kind:
            c.say(
                "RW303",
                update.value.span,
                f"{c.quote(update.value)} is {kinds.PHRASES[value.kind]}, but `{e.name}` holds {kinds.PHRASES[kind]}.",
                "Let every line give the same kind of value.",
            )
        updates.append((value, condition))
    named.used = False
    if len(c.diagnostics) > before and len(updates) < len(e.updates):
        return None
    return lambda n: RememberedState(
        e.name, n.of(initial), tuple([RememberUpdate(n.of(value), n.of(condition)) for value, condition in updates])
    )


def _names_in(node: syntax.Node) -> Iterator[str]:
    waiting: list[object] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, syntax.Name):
            yield each.name
        elif isinstance(each, syntax.Node):
            waiting.extend(getattr(each, f.name) for f in fields(each))
        elif isinstance(each, tuple):
            waiting.extend(each)


def unused(c: Context, tree: syntax.Strategy) -> None:
    """Warn of names that nothing reads. An expression with an error may not have been read to its
    end, so that after errors a name counts as used wherever it is mentioned."""
    what = {LetName: "let", ParamName: "parameter", RememberName: "remembered value"}
    idle = [named for named in c.names.values() if not named.used]
    if idle and c.diagnostics:
        mentioned = set(_names_in(tree))
        idle = [named for named in idle if named.name not in mentioned]
    for named in idle:
        if not isinstance(named, BrokenName):
            c.say(
                "RW204",
                named.span,
                f"The {what[type(named)]} `{named.name}` is never used.",
                "Use it or take the line out.",
            )
