"""Calls of built-ins: arguments against the table, named parts, clock windows, whole numbers."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from dsl import kinds, syntax
from dsl.builtins import BUILTINS, Builtin
from dsl.check import clocks
from dsl.check.context import Context, Handler, Place
from dsl.check.graph import BAD, MOVES, Item
from dsl.check.numbers import fixed_number
from dsl.check.operators import market_only
from dsl.check.special import SPECIAL
from dsl.suggest import SYNONYMS, nearest

Arg = syntax.Node


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
            f"{c.quote(e)} has several values: {listed(row.parts)}.",
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
    fix = f"Did you mean `.{guess}`?" if guess else f"Its parts are {listed(row.parts)}."
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
    guess = SYNONYMS.get(e.name) or nearest(e.name, [*BUILTINS, *SPECIAL])
    fix = f"Did you mean `{guess}`?" if guess else "`rulewright builtins` lists all that can be called."
    return c.say("RW201", e.span, f"There is no built-in called `{e.name}`.", fix)


def signature(row: Builtin) -> str:
    """How a call of this built-in is written, for messages."""
    inputs = [i.name for i in row.inputs]
    names = [*inputs, *(n.name for n in row.numbers)]
    return f"{row.name}({', '.join(names)})" if names else row.name


def example_call(row: Builtin, given: tuple[str, ...] = ()) -> str:
    """A call that works as it stands, for messages; `given` are its first numbers as they were written."""
    args = ["close" for i in row.inputs if i.default is None]
    typical = {"n": "14", "k": "2" if not any(n.name == "d" for n in row.numbers) else "14"}
    defaults = {"fast": "12", "slow": "26", "signal": "9", "smooth": "3", "d": "3", "m": "14", "left": "3",
                "right": "3", "conversion": "9", "base": "26", "span": "52", "step": "0.02", "max": "0.2"}  # fmt: skip
    numbers = [typical.get(n.name) or defaults.get(n.name, f"{n.low:g}") for n in row.numbers]
    args += [*given[: len(numbers)], *numbers[len(given) :]]
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
        f"`{row.name}` takes {len(names)} {plural}, {listed(names)}{optional}; {some}.",
        f"Write for example `{example_call(row, tuple(a.text for a in args if isinstance(a, syntax.Number)))}`.",
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
    if clocks.minutes(item.series[1]) > clocks.length(window):
        return c.say(
            "RW510",
            window.span,
            f"No bar of {item.series[1]} fits into {c.quote(window)}, so `{row.name}` would never be known.",
            "Widen the window or trade a shorter timeframe.",
        )
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
        f"Clock windows are for {listed(able)}; give `{row.name}` a number of bars.",
    )


def listed(names: Iterable[str]) -> str:
    """Names in back-quotes as a list in words."""
    words = [f"`{n}`" for n in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


HANDLERS: dict[type, Handler] = {syntax.Call: call, syntax.Part: part}
