"""Hypothesis strategies for whole valid programs, built from the node types of the syntax tree.

`programs()` gives a `Strategy` that the grammar can write; meaning is not looked at: kinds and names
need not fit. Load the module from its file to use it elsewhere.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from dsl import syntax as t
from dsl.diagnostics import Span
from dsl.words import DURATIONS, IMPACTS, RESERVED, TIMEFRAMES, WEEKDAYS, ZONES

_AT = Span(0, 0)
_PRICES = ("open", "high", "low", "close", "hl2", "volume", "spread", "vwap")
_CALLS = ("sma", "ema", "rsi", "highest", "lowest", "last", "average", "abs", "count", "rank", "atr")
_PARTS = ("upper", "lower", "rising", "signal", "histogram", "k", "close", "position", "value")
_POSITION = ("profit", "equity", "bars_held", "time_since_entry", "entry_price", "highest_since_entry",
             "lowest_since_entry", "last_trade_won", "bars_since_exit", "last_fill_price")  # fmt: skip

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda word: word not in RESERVED and word not in ("highest", "lowest", "last")
)
free_names = names.filter(lambda word: word not in ("half", "full", "quarter", "volatility"))
digits = st.one_of(
    st.integers(0, 5000).map(str), st.decimals(0, 100, places=2).map(str), st.sampled_from(["1", "0.10", "1.50"])
)
whole = st.integers(0, 500).map(str)
texts = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Cn"), exclude_characters='"'), max_size=20
).filter(lambda text: max(text, default=" ") < "\ufff9" or max(text) > "\uffff")
symbols = st.sampled_from(["EURUSD", "GBPUSD", "US500", ".US500", "EURUSD.m", "US_500", "7203.T", "XAUUSD#", "eurusd"])
timeframes = st.sampled_from([*TIMEFRAMES, "H48", "M20"])
clocks = st.times().map(lambda moment: f"{moment:%H:%M}")
zones = st.one_of(st.none(), st.sampled_from([*ZONES, "Europe/Paris", "America/Argentina/Buenos_Aires"]))
days = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True).map(tuple)
units = st.sampled_from(["pips", "points", "ticks", "R", "lots", "units", "bars", *DURATIONS, "USD", "EUR"])
sides = st.sampled_from(["long", "short"])


def make(kind: Any, *fields: Any, **named: Any) -> st.SearchStrategy[Any]:
    """A node of this kind from strategies (or plain values) for its fields."""
    parts = [each if isinstance(each, st.SearchStrategy) else st.just(each) for each in fields]
    keyed = {key: each if isinstance(each, st.SearchStrategy) else st.just(each) for key, each in named.items()}
    return st.builds(kind, *parts, **keyed, span=st.just(_AT))


def number(unit: Any = None, text: Any = digits) -> st.SearchStrategy[Any]:
    return make(t.Number, text, unit)


percent = number("%")
quantities = st.one_of(number(), number(units), percent)
signed = st.one_of(
    quantities, make(t.Number, digits.map(lambda text: "-" + text), st.sampled_from([None, "pips", "%"]))
)
windows = st.one_of(number("bars", whole), make(t.Name, free_names))
durations = number(st.sampled_from(DURATIONS))
horizons = st.one_of(windows, durations)
counts = st.one_of(number(None, whole), make(t.Name, free_names))
leaves = st.one_of(quantities, make(t.Name, st.sampled_from([*_PRICES, *_POSITION])), make(t.Name, names))
news_targets = st.one_of(st.none(), symbols)
flat_truths = st.one_of(
    make(t.TimeBetween, clocks, clocks, zones),
    make(t.DayIs, days),
    make(t.NewsWithin, st.sampled_from(IMPACTS), news_targets, durations),
    make(t.SoFar, st.sampled_from(["open", "high", "low", "close"]), timeframes),
    make(t.TimeUntilNews, st.sampled_from(IMPACTS), news_targets),
)


def _flat(kind: Any, members: tuple[Any, ...]) -> tuple[Any, ...]:
    """Members as the parser leaves them: the same joint does not nest in itself."""
    flat: list[Any] = []
    for member in members:
        flat += member.conditions if type(member) is kind and not getattr(member, "listed", False) else [member]
    return tuple(flat)


def _joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    many = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        make(t.And, many.map(lambda members: _flat(t.And, members))),
        make(t.Or, many.map(lambda members: _flat(t.Or, members))),
        make(t.Or, many, listed=True),
        make(t.AtLeast, counts, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.lists(st.tuples(st.one_of(signed, make(t.Name, free_names)), inner), min_size=1, max_size=3).flatmap(
            lambda pairs: make(t.Score, tuple(w for w, _ in pairs), tuple(c for _, c in pairs))
        ),
    )


def _on(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        make(t.On, inner, None, timeframes),
        make(t.On, inner, symbols, st.one_of(st.none(), timeframes)),
    )


def _extended(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    arguments = st.one_of(
        inner,
        make(t.ClockWindow, clocks, clocks, zones),
        make(t.Symbol, symbols.filter(lambda name: name[0] in ".EGU")),
        make(t.Text, texts),
    )
    return st.one_of(
        make(t.Call, st.sampled_from(_CALLS), st.lists(arguments, max_size=3).map(tuple)),
        make(t.Part, inner, st.sampled_from(_PARTS)),
        make(t.History, inner, inner),
        make(t.Negative, inner),
        make(t.Arithmetic, st.sampled_from("+-*/"), inner, inner),
        make(t.Arithmetic, "of", percent, inner),
        make(t.Compare, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), inner, inner),
        make(t.Between, inner, inner, inner),
        make(t.Cross, st.sampled_from(["above", "below", "either"]), inner, inner),
        make(t.Moving, st.sampled_from(["rising", "falling"]), inner, windows),
        make(t.Held, inner, windows),
        make(t.BarsSince, inner),
        make(t.ValueWhen, inner, inner),
        make(t.Followed, inner, windows, inner),
        make(t.Not, inner),
        make(t.IfElse, inner, inner, inner),
        make(t.Otherwise, inner, inner),
        _on(inner),
        _joined(inner),
    )


expressions: st.SearchStrategy[Any] = st.recursive(st.one_of(leaves, flat_truths), _extended, max_leaves=8)
maybe = st.one_of(st.none(), expressions)
maybe_name = st.one_of(st.none(), names)

sizes = st.one_of(
    make(t.Size, "risk", st.one_of(percent, make(t.Name, free_names), number(st.sampled_from(["USD", "EUR"])))),
    make(t.Size, "notional", st.one_of(percent, make(t.Name, free_names))),
    make(t.Size, "lots", st.one_of(number("lots"), make(t.Name, free_names))),
    make(t.Size, "units", st.one_of(number("units"), make(t.Name, free_names))),
    make(t.Size, "volatility", st.one_of(percent, make(t.Name, free_names))),
    make(t.Size, "kelly", number(), percent),
    make(t.Size, "risk", make(t.IfElse, expressions, percent, percent)),
)
orders = st.one_of(
    make(t.Order, "market"),
    make(
        t.Order,
        st.sampled_from(["stop", "limit"]),
        st.sampled_from(["buy", "sell"]),
        expressions,
        st.one_of(st.none(), horizons),
        st.booleans(),
        maybe,
    ),
)
stops = st.one_of(
    make(t.Stop, st.sampled_from(["at", "distance"]), expressions), make(t.Stop, "none", None, texts)
)  # fmt: skip
targets = st.one_of(make(t.Target, st.sampled_from(["at", "distance"]), expressions), make(t.Target, "none"))
triggers = st.one_of(
    make(t.Trigger, "always"),
    make(t.Trigger, st.sampled_from(["profit", "after", "when"]), expressions),
    make(t.Trigger, "clock", None, clocks, zones, st.one_of(st.just(()), days)),
)
manages = st.one_of(
    make(t.Manage, "stop_to", triggers, maybe, None, st.one_of(st.none(), sides)),
    make(t.Manage, "target_to", triggers, expressions, None, st.one_of(st.none(), sides)),
    make(t.Manage, "trail", triggers, expressions, maybe),
    make(t.Manage, "take", triggers, percent),
    make(t.Manage, "leave", triggers),
)
_allowances = st.one_of(percent, number("USD"), make(t.Name, free_names))
limits = st.one_of(
    make(t.Limit, "daily_loss", _allowances, st.booleans()),
    make(t.Limit, "open_positions", counts),
    make(t.Limit, "entries_per_day", counts),
    make(t.Limit, "cooldown", horizons, False, st.sampled_from(["loss", "win", "exit"]), st.booleans()),
    make(t.Limit, "total_risk", _allowances),
)


@st.composite
def params(draw: Any) -> t.Param:
    """A param with no range, a range, or a range and a step."""
    filled = draw(st.integers(0, 3).filter(lambda n: n != 1))
    given = [draw(signed) if place < filled else None for place in range(3)]
    return t.Param(draw(names), draw(signed), *given, span=_AT)


moments = st.datetimes().map(lambda moment: moment.isoformat(" ", "minutes"))
counted = st.one_of(st.none(), number(None, whole))
statements = st.one_of(
    params(),
    make(t.Let, names, expressions),
    make(t.Remember, names, expressions,
         st.lists(make(t.Becomes, expressions, expressions), min_size=1, max_size=2).map(tuple)),
    make(t.Enter, sides, maybe_name, maybe, maybe, st.one_of(st.none(), orders), st.one_of(st.none(), sizes),
         st.one_of(st.none(), stops), st.one_of(st.none(), targets), counted),
    make(t.Add, sides, maybe_name, maybe, maybe, st.one_of(st.none(), sizes),
         st.one_of(st.none(), stops, make(t.Stop, "keep")), counted),
    make(t.Exit, st.one_of(st.none(), sides), maybe_name, maybe, maybe),
    make(t.Opposite, st.sampled_from(["reverses", "closes", "ignored"])),
    manages,
    limits,
    make(t.Checklist, st.lists(make(t.Text, texts), min_size=1, max_size=3).map(tuple)),
    make(t.Example, texts, st.lists(make(t.Given, symbols, timeframes, texts), min_size=1, max_size=2).map(tuple),
         st.lists(make(t.Expect, st.sampled_from(["long", "short", "exit", "no_entry"]), maybe_name,
                       st.one_of(st.none(), symbols), moments,
                       zones), min_size=1, max_size=2).map(tuple)),
)  # fmt: skip
titles = st.one_of(
    make(t.Trade, st.lists(make(t.Symbol, symbols), min_size=1, max_size=3).map(tuple), timeframes),
    make(t.TradeBasket, names, st.lists(make(t.Leg, st.sampled_from(["buy", "sell"]), digits, symbols), min_size=1,
                                        max_size=3).map(tuple), timeframes),
)  # fmt: skip
edges = make(
    t.Edge,
    st.one_of(st.none(), texts),
    st.one_of(st.none(), texts),
    st.sampled_from([None, "buy_and_hold", "none"]),
)


@st.composite
def programs(draw: Any) -> t.Strategy:
    """A whole file that the grammar accepts."""
    head = make(t.Header, texts, whole)
    body = draw(st.lists(statements, max_size=5))
    return t.Strategy((draw(head), draw(titles), draw(edges), *body), span=_AT)
