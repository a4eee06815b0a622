"""The syntax tree of a `.rules` file: what was written, with exact spans, before any meaning.

Every node carries the `span` of the text it came from; spans do not take part in equality, so that
`parse(format(tree)) == tree` can be stated. Numbers keep their decimal text. Lists of `and` / `or`
are flat. Parentheses are not kept: the formatter puts them back where the language asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dsl.diagnostics import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Base of every node."""

    span: Span = field(compare=False)


# --- expressions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number(Node):
    """`1.5`, `2 pips`, `1%`, `3R`, `0.10 lots`, `48 bars`, `100 USD`. `unit` is None when bare.

    Units are normalised to: pips, points, ticks, %, R, lots, units, bars, minutes, hours, days, or
    a three-letter currency. The digits are kept as written (`1.50`); only in `params` and as a weight
    of `score` can the text begin with a minus, elsewhere that is a `Negative`.
    """

    text: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A quoted string, without its quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A let, param, remember, built-in without arguments, or a position word made one word:

    `profit`, `bars_held`, `time_since_entry`, `entry_price`, `highest_since_entry`,
    `lowest_since_entry`, `last_trade_won`, `bars_since_exit`, `last_fill_price`, `equity`.
    """

    name: str


@dataclass(frozen=True, slots=True)
class ClockWindow(Node):
    """`00:00 to 07:00 London` as the window argument of a call. Times are `HH:MM`."""

    start: str
    end: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`ema(close, 50)`, `macd(12, 26, 9)`, `sentiment(EUR, 24 hours)`, `model("name")`.

    A quoted argument is always a `Text`, even where it names a symbol: `sentiment(".US500", 1 day)`.
    """

    name: str
    args: tuple[Expr | ClockWindow | Symbol, ...]


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    """A symbol or currency: `EUR`, `US500`, `EURUSD.m`, in `trade` also quoted: `"7203.T"`."""

    name: str


@dataclass(frozen=True, slots=True)
class Part(Node):
    """`macd(12, 26, 9).histogram`."""

    value: Expr
    part: str


@dataclass(frozen=True, slots=True)
class History(Node):
    """`x[n]`: x as it was n bars ago."""

    value: Expr
    offset: Expr


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`-x`."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left op right`, op one of `+ - * /`, or `of` for `3% of close`."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left op right`, op one of `< <= > >= = !=`. Comparisons do not chain."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`x between a and b`, both ends included."""

    value: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class Cross(Node):
    """`a crosses above b`; `direction` is `above`, `below` or `either` (`a crosses b`)."""

    direction: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Moving(Node):
    """`x rising for 3 bars` / `falling`: each of the last n changes has that sign.

    Here and in `Held` and `Followed`, `bars` is a Number in bars or the Name of a param (`for n bars`).
    """

    direction: str
    value: Expr
    bars: Expr


@dataclass(frozen=True, slots=True)
class Held(Node):
    """`(c) for 3 bars`: c true on this bar and the two before."""

    condition: Expr
    bars: Expr


@dataclass(frozen=True, slots=True)
class BarsSince(Node):
    """`bars since (c)`."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class ValueWhen(Node):
    """`value of x when (c)`: x on the last bar on which c was true."""

    value: Expr
    condition: Expr


@dataclass(frozen=True, slots=True)
class Followed(Node):
    """`(first) followed within n bars by (second)`. Chains to the left."""

    first: Expr
    bars: Expr
    second: Expr


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not c`."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class And(Node):
    """`a and b and …`, flat, at least two."""

    conditions: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """`a or b or …`, flat, at least two; also what `any of (…)` becomes after `unless`."""

    conditions: tuple[Expr, ...]
    listed: bool = False
    """True when written as `any of (a, b)`."""


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    """`at least k of (c1, c2, …)`."""

    k: Expr
    conditions: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Score(Node):
    """`score(2: c1, 1: c2)`: the sum of the weights of the true conditions, a ratio."""

    weights: tuple[Expr, ...]
    conditions: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class IfElse(Node):
    """`if c then a else b`."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Otherwise(Node):
    """`x otherwise y`: y where x is unknown."""

    value: Expr
    fallback: Expr


@dataclass(frozen=True, slots=True)
class On(Node):
    """`x on H4`, and `x of US500` / `x of US500 on D1` (one of the two may be None)."""

    value: Expr
    symbol: str | None
    timeframe: str | None


@dataclass(frozen=True, slots=True)
class SoFar(Node):
    """`open so far on D1` (high, low, close too): the bar in progress, from closed base bars."""

    field: str
    timeframe: str


@dataclass(frozen=True, slots=True)
class TimeBetween(Node):
    """`time between 08:00 and 11:00 London`."""

    start: str
    end: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class DayIs(Node):
    """`day is Friday`, `day is Monday or Tuesday`. `zone` None means the trading day's own."""

    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewsWithin(Node):
    """`high impact news for USD within 30 minutes`; target None is `for this symbol`."""

    impact: str
    target: str | None
    window: Number


@dataclass(frozen=True, slots=True)
class TimeUntilNews(Node):
    """`time until high impact news for USD`, a duration."""

    impact: str
    target: str | None


Expr = (
    Number
    | Text
    | Name
    | Call
    | Part
    | History
    | Negative
    | Arithmetic
    | Compare
    | Between
    | Cross
    | Moving
    | Held
    | BarsSince
    | ValueWhen
    | Followed
    | Not
    | And
    | Or
    | AtLeast
    | Score
    | IfElse
    | Otherwise
    | On
    | SoFar
    | TimeBetween
    | DayIs
    | NewsWithin
    | TimeUntilNews
)


# --- statements ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Header(Node):
    """`strategy "London breakout" version 2`."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Trade(Node):
    """`trade EURUSD, GBPUSD on H1`."""

    symbols: tuple[Symbol, ...]
    timeframe: str


@dataclass(frozen=True, slots=True)
class Leg(Node):
    """`buy 1 AUDUSD` inside a basket; `ratio` is decimal text."""

    side: str
    ratio: str
    symbol: str


@dataclass(frozen=True, slots=True)
class TradeBasket(Node):
    """`trade basket spread of buy 1 AUDUSD, sell 1.1 NZDUSD on H1`."""

    name: str
    legs: tuple[Leg, ...]
    timeframe: str


@dataclass(frozen=True, slots=True)
class Edge(Node):
    """Why it should make money and when it will not. Any part may be missing (then diagnosed)."""

    exploits: str | None
    fails: str | None
    benchmark: str | None


@dataclass(frozen=True, slots=True)
class Param(Node):
    """`lookback = 20 from 10 to 40 step 5`."""

    name: str
    default: Number
    low: Number | None
    high: Number | None
    step: Number | None


@dataclass(frozen=True, slots=True)
class Let(Node):
    """`let trend = ema(close, 50) on D1`."""

    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Becomes(Node):
    """`becomes high when (high > level)` under `remember`."""

    value: Expr
    condition: Expr


@dataclass(frozen=True, slots=True)
class Remember(Node):
    """`remember level = 0` with its `becomes` lines in file order."""

    name: str
    initial: Expr
    updates: tuple[Becomes, ...]


@dataclass(frozen=True, slots=True)
class Order(Node):
    """`order buy stop at X, good for 8 bars, cancel others when filled, cancel when C`.

    `type` is `market`, `stop` or `limit`; `side` is `buy`/`sell` (None for market).
    """

    type: str
    side: str | None = None
    price: Expr | None = None
    good_for: Number | Name | None = None
    cancel_others: bool = False
    cancel_when: Expr | None = None


@dataclass(frozen=True, slots=True)
class Size(Node):
    """`risk 1% of equity`, `size 20% of equity`, `size 0.10 lots`, `size volatility 10%`, …

    `type`: `risk`, `notional`, `lots`, `units`, `volatility`, `kelly`. For lots and units `value`
    is the Number with that unit (or an expression of that kind); for kelly it is the fraction
    (`half` is 0.5, `quarter` 0.25, `full` 1) and `cap` the cap. A value that is not a literal is the
    Name of a param or an expression in parentheses: `risk at_risk of equity`, `size n lots`,
    `risk (if last trade won then 1% else 0.5%) of equity`.
    """

    type: str
    value: Expr
    cap: Expr | None = None


@dataclass(frozen=True, slots=True)
class Stop(Node):
    """`type`: `at` (a price), `distance`, `none` (with `because`), `keep` (only under `add`)."""

    type: str
    value: Expr | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Target(Node):
    """`type`: `at` (a price), `distance` (also R and %), `none`."""

    type: str
    value: Expr | None = None


@dataclass(frozen=True, slots=True)
class Enter(Node):
    """`enter long called breakout_up` and its clauses.

    A clause that is missing is None; the checker says what is obligatory. `when` clauses repeated
    in one rule are a diagnostic of the parser; `unless` likewise.
    """

    side: str
    name: str | None
    when: Expr | None
    unless: Expr | None
    order: Order | None
    size: Size | None
    stop: Stop | None
    target: Target | None
    at_most_per_day: Number | None


@dataclass(frozen=True, slots=True)
class Add(Node):
    """`add to long called unit`: `at most 3 times`, `stop` for the whole position or `keep`."""

    side: str
    name: str | None
    when: Expr | None
    unless: Expr | None
    size: Size | None
    stop: Stop | None
    at_most_times: Number | None


@dataclass(frozen=True, slots=True)
class Opposite(Node):
    """`opposite entry reverses | closes | ignored`."""

    action: str


@dataclass(frozen=True, slots=True)
class Exit(Node):
    """`exit long called momentum_gone`, `when`, `unless`. `side` None means both."""

    side: str | None
    name: str | None
    when: Expr | None
    unless: Expr | None


@dataclass(frozen=True, slots=True)
class Trigger(Node):
    """When a `manage` line acts.

    `type`: `always`, `profit` (value: distance/percent/money), `after` (value: bars or duration),
    `when` (value: truth), `clock` (clock, zone, days).
    """

    type: str
    value: Expr | None = None
    clock: str | None = None
    zone: str | None = None
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manage(Node):
    """One line of `manage`.

    `action`: `stop_to` (value; None means breakeven), `target_to` (value), `trail` (value, step),
    `take` (value is the percentage of the initial volume as Number with unit %; half is 50 %),
    `leave`. `side` restricts the line to one side (`manage long`), None means both.
    """

    action: str
    trigger: Trigger
    value: Expr | None = None
    step: Expr | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Limit(Node):
    """One line of `limits`.

    `type`: `daily_loss` (value % or money, leave_everything), `open_positions` (value),
    `entries_per_day` (value), `cooldown` (value bars or duration; after `loss`, `win` or `exit`;
    `per_symbol`), `total_risk` (value %: the combined risk at the stops of all open positions).
    """

    type: str
    value: Number | Name
    leave_everything: bool = False
    after: str | None = None
    per_symbol: bool = False


@dataclass(frozen=True, slots=True)
class Checklist(Node):
    """Questions for a human or the model to doubt a trade with."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Given(Node):
    """`given EURUSD H1 from "samples/eurusd_h1.csv"`."""

    symbol: str
    timeframe: str
    source: str


@dataclass(frozen=True, slots=True)
class Expect(Node):
    """`expect long called breakout_up on EURUSD at 2017-03-15 10:00 UTC`.

    `what`: `long`, `short`, `exit`, `no_entry`. The time labels the bar on whose close it happens
    (its opening time).
    """

    what: str
    rule: str | None
    symbol: str | None
    time: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class Example(Node):
    """`example "…"` with its `given` and `expect` lines."""

    title: str
    given: tuple[Given, ...]
    expect: tuple[Expect, ...]


Statement = (
    Header
    | Trade
    | TradeBasket
    | Edge
    | Param
    | Let
    | Remember
    | Enter
    | Add
    | Opposite
    | Exit
    | Manage
    | Limit
    | Checklist
    | Example
)


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """`# …` to the end of the line; the text is kept whole, with its `#`."""

    text: str


@dataclass(frozen=True, slots=True)
class Strategy(Node):
    """A whole file: its statements in the order they were written."""

    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...] = field(default=(), compare=False)
