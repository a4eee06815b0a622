"""Expressions on other bars and other times: history, timeframes, symbols, clocks, news."""

from __future__ import annotations

from typing import Any

from dsl import syntax
from dsl.builtins import MAX_WINDOW
from dsl.check import clocks
from dsl.check.context import Context, Handler, LetName, Place
from dsl.check.graph import BAD, MOVES, REMEMBERED, STATE, Item
from dsl.check.numbers import fixed_number
from dsl.check.operators import market_only
from dsl.diagnostics import Span


def history(c: Context, e: syntax.History, place: Place) -> Item:
    value = c.settled(c.lower(e.value, place))
    steps = _steps(c, e.offset, place)
    if value.bad or steps.bad:
        return BAD
    if value.op == "remembered" and steps.op == "number":
        ago = value.attr("ago") + int(steps.low)
        return c.graph.make("remembered", value.kind, span=e.span, flags=REMEMBERED, name=value.attr("name"), ago=ago)
    if not market_only(c, e, (value,)):
        return BAD
    if value.op == "align":
        _longer_bars(c, e, value, place)
    if steps.op == "number" and steps.low == 0:
        return value
    if value.constant:
        return value
    return c.graph.make("history", value.kind, (value, steps), span=e.span, flags=value.flags)


def _longer_bars(c: Context, e: syntax.History, value: Item, place: Place) -> None:
    """Warn that a step back is one of the bars traded on, not of the longer ones."""
    timeframe = value.args[0].series[1]
    named = c.names.get(e.value.name) if isinstance(e.value, syntax.Name) else None
    written = named.value if isinstance(named, LetName) else e.value
    inner = c.quote(written.value).strip("`") if isinstance(written, syntax.On) else "x"
    steps = c.quote(e.offset).strip("`")
    c.say(
        "RW505",
        e.span,
        f"{c.quote(e)} goes back {steps} {'bar' if steps == '1' else 'bars'} of {place.series[1]}, not of {timeframe}.",
        f"For {timeframe} bars write `({inner}[{steps}]) on {timeframe}`.",
    )


def _steps(c: Context, e: syntax.Expr, place: Place) -> Item:
    if isinstance(e, syntax.Negative):
        return c.say(
            "RW506",
            e.span,
            f"`[{c.quote(e).strip('`')}]` would look into the future.",
            "Count bars back: `[1]` is the bar before this one.",
        )
    return fixed_number(c, e, place, 0, MAX_WINDOW, whole=True, role="the number of bars back")


def on(c: Context, e: syntax.On, place: Place) -> Item:
    symbol = e.symbol if e.symbol is not None else place.series[0]
    timeframe = e.timeframe if e.timeframe is not None else place.series[1]
    if not fits(c, timeframe, place.series[1], e.span):
        return BAD
    there = (symbol, timeframe)
    value = c.settled(c.lower(e.value, place.anywhere(there)))
    if value.bad:
        return BAD
    if value.flags & STATE:
        return c.say(
            "RW326",
            e.span,
            f"{c.quote(e)} asks for the bars of {timeframe}, but the position and remembered values have none there.",
            "Leave out `on` or `of` here, or apply it only to the prices inside.",
        )
    if there == place.series or value.constant:
        return value
    event: dict[str, Any] = {"event": True} if value.event else {}
    return c.graph.make("align", value.kind, (value,), span=e.span, series=place.series, flags=value.flags, **event)


def fits(c: Context, timeframe: str, base: str, span: Span) -> bool:
    """Whether bars of `timeframe` are made of whole bars of `base`."""
    if not clocks.readable(timeframe, base):
        return False
    length, unit = clocks.minutes(timeframe), clocks.minutes(base)
    if length == unit or (length > unit and (length % unit == 0 or timeframe == "MN1") and base != "MN1"):
        return True
    wrong = "is shorter than" if length < unit else "is not a multiple of"
    c.say(
        "RW508",
        span,
        f"`{timeframe}` {wrong} `{base}`, the bars it is read on.",
        f"Use {base} or a longer timeframe made of whole {base} bars.",
    )
    return False


def so_far(c: Context, e: syntax.SoFar, place: Place) -> Item:
    if not fits(c, e.timeframe, place.series[1], e.span):
        return BAD
    if e.timeframe == place.series[1]:
        return c.price(e.field, place, e.span)
    return c.graph.make(
        "so_far",
        "price",
        span=e.span,
        series=place.series,
        flags=MOVES,
        limits=(0, float("inf")),
        field=e.field,
        timeframe=e.timeframe,
    )


def time_between(c: Context, e: syntax.TimeBetween, place: Place) -> Item:
    zone = clocks.zone(c, e.zone, e.span, f"{e.start} and {e.end}")
    if zone is None or not clocks.valid(c, e, e.span):
        return BAD
    length = clocks.minutes(place.series[1])
    if length >= 1440 or length > clocks.length(e):
        return c.say(
            "RW601",
            e.span,
            f"{c.quote(e)} can never be true: a bar of {place.series[1]} does not fit into it.",
            "The whole bar must lie inside. Widen the window or trade a shorter timeframe.",
        )
    return c.graph.make(
        "time_between",
        "truth",
        span=e.span,
        series=place.series,
        flags=MOVES,
        start=e.start,
        end=e.end,
        zone=zone,
    )


def day_is(c: Context, e: syntax.DayIs, place: Place) -> Item:
    order = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    days = tuple(day for day in order if day in e.days)
    return c.graph.make("day_is", "truth", span=e.span, series=place.series, flags=MOVES, days=days)


def news_within(c: Context, e: syntax.NewsWithin, place: Place) -> Item:
    window = c.lower(e.window, place)
    if window.bad:
        return BAD
    if window.kind != "duration" or window.op != "quantity" or window.low <= 0:
        return c.say(
            "RW310",
            e.window.span,
            f"{c.quote(e.window)} is not a length of time.",
            "Write `within 30 minutes` or `within 2 hours`.",
        )
    return c.graph.make(
        "news",
        "truth",
        span=e.span,
        series=place.series,
        flags=MOVES,
        impact=e.impact,
        target=e.target or "self",
        minutes=window.low / 60,
    )


def time_until_news(c: Context, e: syntax.TimeUntilNews, place: Place) -> Item:
    return c.graph.make(
        "time_until_news",
        "duration",
        span=e.span,
        series=place.series,
        flags=MOVES,
        limits=(0, float("inf")),
        impact=e.impact,
        target=e.target or "self",
    )


def text(c: Context, e: syntax.Text, place: Place) -> Item:
    return c.say(
        "RW216",
        e.span,
        f"{c.quote(e)} is text; a value is wanted here.",
        'Quotes are for names: `model("night_flow")`.',
    )


HANDLERS: dict[type, Handler] = {
    syntax.History: history,
    syntax.On: on,
    syntax.SoFar: so_far,
    syntax.TimeBetween: time_between,
    syntax.DayIs: day_is,
    syntax.NewsWithin: news_within,
    syntax.TimeUntilNews: time_until_news,
    syntax.Text: text,
}
