"""Calls of built-ins: arguments against the table, named parts, clock windows, whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from dsl import kinds, syntax
from dsl.builtins import BUILTINS, MAX_WINDOW, Builtin, NumberArg
from dsl.check import clocks
from dsl.check.context import BrokenName, Context, Handler, ParamName, Place
from dsl.check.graph import BAD, MOVES, Item
from dsl.check.operators import market_only
from dsl.check.suggest import nearest
from dsl.diagnostics import Span

Arg = syntax.Node

RANGE = NumberArg("n", 1, MAX_WINDOW)


def fixed_number(
    c: Context, e: syntax.Node, place: Place, low: float, high: float, *, whole: bool, role: str = "the length"
) -> Item:
    """A literal or parameter whose every possible value lies in range; anything else is an error."""
    kind = "whole number" if whole else "number"
    if isinstance(e, syntax.Number) and (e.unit is None or (whole and e.unit == "bars")):
        value = float(e.text)
        if whole and not value.is_integer():
            return c.say("RW213", e.span, f"{c.quote(e)} is not a whole number; {role} counts whole bars.", "")
        if not low <= value <= high:
            return _out_of_range(c, e.span, c.quote(e), low, high)
        return c.number(value, "ratio", e.span)
    named = c.names.get(e.name) if isinstance(e, syntax.Name) else None
    if isinstance(named, BrokenName):
        return BAD
    if isinstance(named, ParamName) and isinstance(e, syntax.Name):
        named.used = True
        if named.kind != "ratio" and not (whole and named.kind == "bars"):
            return c.say(
                "RW213",
                e.span,
                f"`{e.name}` is {kinds.PHRASES[named.kind]}; {role} is a plain {kind}.",
                f"Give the parameter a plain {kind}: `{e.name} = 20 from 10 to 40 step 5`.",
            )
        if whole and not named.whole:
            return c.say(
                "RW213",
                e.span,
                f"`{e.name}` can be a fraction; {role} counts whole bars.",
                "Use whole numbers for its value, range and step.",
            )
        if not (low <= named.low and named.high <= high):
            span_of = f"`{e.name}` goes from {named.low:g} to {named.high:g}"
            return _out_of_range(c, e.span, span_of, low, high)
        return c.graph.make("param", "ratio", span=e.span, limits=(named.low, named.high), name=e.name)
    if isinstance(e, syntax.Negative) and isinstance(e.value, syntax.Number) and e.value.unit is None:
        return _out_of_range(c, e.span, c.quote(e), low, high)
    if isinstance(e, syntax.Name) and e.name not in c.names:
        found = c.lower(e, place)
        if found.bad:
            return BAD
    return c.say(
        "RW213",
        e.span,
        f"{c.quote(e)} is not a fixed {kind}; {role} must be known before the first bar.",
        f"Write a {kind} or the name of a parameter.",
    )


def _out_of_range(c: Context, span: Span, words: str, low: float, high: float) -> Item:
    allowed = f"between {low:g} and {high:g}" if high < inf else f"{low:g} or more"
    verb = "," if " goes from " in words else " is out of range:"
    return c.say("RW214", span, f"{words}{verb} it must lie {allowed}.", f"Choose a number {allowed}.")


def whole_number(c: Context, e: syntax.Node, place: Place, low: float, high: float) -> Item:
    return fixed_number(c, e, place, low, high, whole=True, role="the number of bars")


def call(c: Context, e: syntax.Call, place: Place) -> Item:
    special = SPECIAL.get(e.name)
    if special is not None:
        return special(c, e, place)
    row = BUILTINS.get(e.name)
    if row is None:
        return _unknown(c, e)
    if row.output is None:
        return c.say(
            "RW211",
            e.span,
            f"{c.quote(e)} has several values: {_listed(row.parts)}.",
            f"Say which one: `{c.quote(e).strip('`')}.{next(iter(row.parts))}`.",
        )
    return builtin(c, row, e.args, e, place, None)


def part(c: Context, e: syntax.Part, place: Place) -> Item:
    inner = e.value
    if isinstance(inner, (syntax.Call, syntax.Name)):
        row = BUILTINS.get(inner.name)
        if row is not None and inner.name not in c.names:
            args = inner.args if isinstance(inner, syntax.Call) else ()
            if e.part not in row.parts:
                return _wrong_part(c, e, row)
            return builtin(c, row, args, e, place, e.part)
        if isinstance(inner, syntax.Call) and row is None and inner.name not in SPECIAL:
            return _unknown(c, inner)
    item = c.lower(inner, place)
    if item.bad:
        return BAD
    return c.say(
        "RW212", e.span, f"{c.quote(inner)} is one value; it has no part `{e.part}`.", f"Write {c.quote(inner)} alone."
    )


def _wrong_part(c: Context, e: syntax.Part, row: Builtin) -> Item:
    if not row.parts:
        return c.say(
            "RW212",
            e.span,
            f"`{row.name}` is one value; it has no part `{e.part}`.",
            f"Write {c.quote(e.value)} alone.",
        )
    guess = nearest(e.part, row.parts)
    fix = f"Did you mean `.{guess}`?" if guess else f"Its parts are {_listed(row.parts)}."
    return c.say("RW212", e.span, f"`{row.name}` has no part `{e.part}`.", fix)


def _unknown(c: Context, e: syntax.Call) -> Item:
    if e.name in c.names:
        c.names[e.name].used = True
        return c.say(
            "RW210",
            e.span,
            f"`{e.name}` is a name of yours and takes no arguments.",
            f"Write `{e.name}` alone.",
        )
    guess = nearest(e.name, [*BUILTINS, *SPECIAL])
    fix = f"Did you mean `{guess}`?" if guess else "`rulewright builtins` lists all that can be called."
    return c.say("RW201", e.span, f"There is no built-in called `{e.name}`.", fix)


def signature(row: Builtin) -> str:
    """How a call of this built-in is written, for messages."""
    inputs = [i.name for i in row.inputs]
    names = [*inputs, *(n.name for n in row.numbers)]
    return f"{row.name}({', '.join(names)})" if names else row.name


def example_call(row: Builtin) -> str:
    """A call that works as it stands, for messages."""
    args = ["close" for i in row.inputs if i.default is None]
    typical = {"n": "14", "k": "2" if not any(n.name == "d" for n in row.numbers) else "14"}
    defaults = {"fast": "12", "slow": "26", "signal": "9", "smooth": "3", "d": "3", "m": "14", "left": "3",
                "right": "3", "conversion": "9", "base": "26", "span": "52", "step": "0.02", "max": "0.2"}  # fmt: skip
    args += [typical.get(n.name) or defaults.get(n.name, f"{n.low:g}") for n in row.numbers]
    return f"{row.name}({', '.join(args)})" if args else row.name


def builtin(
    c: Context, row: Builtin, args: tuple[Arg, ...], e: syntax.Node, place: Place, part_name: str | None
) -> Item:
    """The node of a call whose arguments fit the table."""
    if args and isinstance(args[-1], syntax.ClockWindow):
        return _clock_window(c, row, args, e, place)
    wanted, numbers = len(row.inputs) + len(row.numbers), len(row.numbers)
    defaults = bool(row.inputs) and all(i.default for i in row.inputs)
    if len(args) == wanted:
        inputs = [_input(c, row, i, arg, place) for i, arg in zip(range(len(row.inputs)), args, strict=False)]
    elif defaults and len(args) == numbers:
        inputs = [c.price(i.default or "close", place, e.span) for i in row.inputs]
    else:
        return _wrong_count(c, row, args, e, defaults)
    settings = [
        fixed_number(c, arg, place, n.low, n.high, whole=n.whole, role=f"the `{n.name}` of `{row.name}`")
        for n, arg in zip(row.numbers, args[len(args) - numbers :] if numbers else (), strict=True)
    ]
    if any(x.bad for x in (*inputs, *settings)) or not market_only(c, e, tuple(inputs)):
        return BAD
    output = row.parts[part_name] if part_name else row.output or "ratio"
    first = inputs[0].kind if inputs else "ratio"
    kind = output
    if output == "same":
        kind = first
    elif output == "spread_of":
        kind = "distance" if first == "price" else first
    low, high = row.bounds
    limits = (-inf if low is None else low, inf if high is None else high)
    if output == "same" and inputs and limits == (-inf, inf):
        limits = (inputs[0].low, inputs[0].high) if row.group == "windows" or row.name in _WITHIN else limits
    elif kind == "price" and not c.basket:
        limits = (0, inf)
    attrs: dict[str, object] = {"name": row.name, "version": row.version}
    if part_name:
        attrs["part"] = part_name
    return c.graph.make(
        "builtin",
        kind,
        (*inputs, *settings),
        span=e.span,
        series=place.series,
        flags=MOVES,
        limits=limits,
        **attrs,
    )


_WITHIN = frozenset({"sma", "ema", "rma", "wma", "vwma"})
"""Averages that never leave the range of what they average; hma, dema and tema overshoot."""


def _input(c: Context, row: Builtin, index: int, arg: Arg, place: Place) -> Item:
    spec = row.inputs[index]
    if isinstance(arg, syntax.ClockWindow):
        return _misplaced_window(c, row, arg)
    item = c.settled(c.quantity(arg, place))
    if item.bad:
        return BAD
    if item.constant:
        return c.say(
            "RW216",
            arg.span,
            f"{c.quote(arg)} never changes; `{row.name}` works on values that move from bar to bar.",
            f"Write `{example_call(row)}`.",
        )
    if item.kind not in spec.kinds:
        allowed = " or ".join(kinds.PHRASES[k] for k in spec.kinds)
        hint = "For the mean of prices write `mean(close, 20)`." if row.name == "sum" else f"It takes {allowed}."
        return c.say(
            "RW309", arg.span, f"{c.quote(arg)} is {kinds.PHRASES[item.kind]}, which `{row.name}` does not take.", hint
        )
    return item


def _wrong_count(c: Context, row: Builtin, args: tuple[Arg, ...], e: syntax.Node, defaults: bool) -> Item:
    names = [*(i.name for i in row.inputs), *(n.name for n in row.numbers)]
    if not names:
        return c.say("RW210", e.span, f"`{row.name}` takes nothing in parentheses.", f"Write `{row.name}`.")
    some = f"{len(args)} {'was' if len(args) == 1 else 'were'} given" if args else "none was given"
    plural = "value" if len(names) == 1 else "values"
    optional = " (the first may be left out: it is then the close)" if defaults else ""
    return c.say(
        "RW210",
        e.span,
        f"`{row.name}` takes {len(names)} {plural}, {_listed(names)}{optional}; {some}.",
        f"Write for example `{example_call(row)}`.",
    )


def _clock_window(c: Context, row: Builtin, args: tuple[Arg, ...], e: syntax.Node, place: Place) -> Item:
    window = args[-1]
    assert isinstance(window, syntax.ClockWindow)
    if not row.windows:
        return _misplaced_window(c, row, window)
    if len(args) != 2:
        return c.say(
            "RW210",
            e.span,
            f"`{row.name}` takes what is measured and then the clock window; {len(args)} values were given.",
            f"Write for example `{row.name}(high, 08:00 to 12:00 London)`.",
        )
    zone = clocks.zone(c, window.zone, window.span, f"{window.start} to {window.end}")
    item = _input(c, row, 0, args[0], place)
    if zone is None or item.bad or not market_only(c, e, (item,)) or not clocks.valid(c, window, window.span):
        return BAD
    return c.graph.make(
        "window",
        item.kind,
        (item,),
        span=e.span,
        name=row.name,
        start=window.start,
        end=window.end,
        zone=zone,
    )


def _misplaced_window(c: Context, row: Builtin, window: syntax.ClockWindow) -> Item:
    able = [name for name, other in BUILTINS.items() if other.windows]
    return c.say(
        "RW215",
        window.span,
        f"`{row.name}` cannot work on a clock window such as {c.quote(window)}.",
        f"Clock windows are for {_listed(able)}; give `{row.name}` a number of bars.",
    )


def _listed(names: object) -> str:
    words = [f"`{n}`" for n in names]  # type: ignore[attr-defined]  # any iterable of names
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# --- calls that are operations of their own ------------------------------------------------------


def _arity(c: Context, e: syntax.Call, low: int, high: float, sample: str) -> bool:
    if low <= len(e.args) <= high:
        return True
    wanted = f"{low}" if low == high else f"at least {low}"
    given = "none was given" if not e.args else f"{len(e.args)} given"
    word = "value" if wanted == "1" else "values"
    c.say("RW210", e.span, f"`{e.name}` takes {wanted} {word}; {given}.", f"Write for example `{sample}`.")
    return False


def _abs(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 1, 1, "abs(close - open)"):
        return BAD
    item = c.quantity(e.args[0], place)
    return item if item.bad else c.graph.make("abs", item.kind, (item,), span=e.span)


def _of_many(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 2, inf, f"{e.name}(open, close)"):
        return BAD
    items = [c.settled(c.quantity(arg, place)) for arg in e.args]
    if any(item.bad for item in items):
        return BAD
    lead = next((item for item in items if item.kind != "ratio"), items[0])
    for index, (node, item) in enumerate(zip(e.args, items, strict=True)):
        if item.is_zero() and lead.kind != "ratio":
            items[index] = item = c.as_kind(item, lead.kind)
        if item.kind != lead.kind:
            first = e.args[items.index(lead)]
            return c.say(
                "RW303",
                node.span,
                f"{c.quote(node)} is {kinds.PHRASES[item.kind]} and {c.quote(first)} is {kinds.PHRASES[lead.kind]}: "
                f"`{e.name}` takes values of one kind.",
                "Use only prices, only distances, or only plain numbers.",
            )
    return c.graph.make(e.name, lead.kind, tuple(items), span=e.span)


def _count(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 2, 2, "count(close > open, 20)"):
        return BAD
    condition, bars = c.truth(e.args[0], place), whole_number(c, e.args[1], place, 1, MAX_WINDOW)
    if condition.bad or bars.bad or not market_only(c, e, (condition,)):
        return BAD
    return c.graph.make("count", "bars", (condition, bars), span=e.span)


def _rank(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 1, 1, "rank(roc(close, 20))"):
        return BAD
    item = c.settled(c.quantity(e.args[0], place))
    if item.bad or not market_only(c, e, (item,)):
        return BAD
    if len(c.symbols) < 2 or c.basket:
        return c.say(
            "RW512",
            e.span,
            f"{c.quote(e)} ranks the traded symbols, and this strategy trades only one.",
            "List the symbols to rank: `trade EURUSD, GBPUSD, AUDUSD on H1`.",
        )
    if place.series[0] != "self":
        return c.say(
            "RW512",
            e.span,
            f"{c.quote(e)} ranks the traded symbols; it cannot be asked of `{place.series[0]}`.",
            "Rank first, without `of`.",
        )
    return c.graph.make("rank", "ratio", (item,), span=e.span, limits=(1, len(c.symbols)))


def _named_source(c: Context, e: syntax.Call, place: Place) -> Item:
    sample = 'model("night_flow")' if e.name == "model" else 'macro("CPIAUCSL")'
    if not _arity(c, e, 1, 1, sample):
        return BAD
    name = e.args[0]
    if not isinstance(name, syntax.Text) or not name.value.strip():
        return c.say(
            "RW216",
            name.span,
            f"`{e.name}` is called with a name in quotes, not with {c.quote(name)}.",
            f"Write `{sample}`.",
        )
    return c.graph.make(e.name, "ratio", span=e.span, series=place.series, flags=MOVES, name=name.value)


def _sentiment(c: Context, e: syntax.Call, place: Place) -> Item:
    if not _arity(c, e, 2, 2, "sentiment(EUR, 24 hours)"):
        return BAD
    target, window = e.args
    if not isinstance(target, syntax.Symbol):
        return c.say(
            "RW216",
            target.span,
            f"{c.quote(target)} is not a currency or symbol.",
            "Write for example `sentiment(EUR, 24 hours)`.",
        )
    hours = c.lower(window, place)
    if hours.bad:
        return BAD
    if hours.op != "quantity" or hours.kind != "duration" or hours.low <= 0:
        return c.say(
            "RW216",
            window.span,
            f"{c.quote(window)} is not a length of time.",
            f"Write for example `sentiment({target.name}, 24 hours)`.",
        )
    return c.graph.make(
        "sentiment",
        "ratio",
        span=e.span,
        series=place.series,
        flags=MOVES,
        limits=(-1, 1),
        target=target.name,
        hours=hours.low / 3600,
    )


SPECIAL: dict[str, Callable[[Context, syntax.Call, Place], Item]] = {
    "abs": _abs,
    "average": _of_many,
    "min": _of_many,
    "max": _of_many,
    "count": _count,
    "rank": _rank,
    "model": _named_source,
    "macro": _named_source,
    "sentiment": _sentiment,
}
"""Calls that are operations of the Plan rather than rows of the table."""

HANDLERS: dict[type, Handler] = {syntax.Call: call, syntax.Part: part}
