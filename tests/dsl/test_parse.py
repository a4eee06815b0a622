"""Every construct of the language: what it is read as, and what is refused in its place."""

from __future__ import annotations

import pytest

from dsl import syntax as t
from dsl.codes.syntax import CODES
from dsl.diagnostics import Code, Severity, Span
from dsl.format import format_tree
from dsl.parse import MAX_FINDINGS, parse
from dsl.syntax import Strategy
from dsl.unparse import expression

AT = Span(0, 0)


def read(text: str) -> Strategy:
    parsed = parse(text)
    assert parsed.diagnostics == ()
    assert parsed.tree is not None
    return parsed.tree


def codes(text: str) -> list[str]:
    return [d.code for d in parse(text).diagnostics]


def value_of(text: str) -> t.Expr:
    (let,) = read(f"let x = {text}").statements
    assert isinstance(let, t.Let)
    return let.value


def name(word: str) -> t.Name:
    return t.Name(word, span=AT)


def number(text: str, unit: str | None = None) -> t.Number:
    return t.Number(text, unit, span=AT)


A, B, C = name("a"), name("b"), name("c")

EXPRESSIONS: tuple[tuple[str, t.Expr], ...] = (
    ("1.50", number("1.50")),
    ("1 pip", number("1", "pips")),
    ("2pips", number("2", "pips")),
    ("5 ticks", number("5", "ticks")),
    ("1%", number("1", "%")),
    ("3R", number("3", "R")),
    ("0.10 lots", number("0.10", "lots")),
    ("4 hours", number("4", "hours")),
    ("100 USD", number("100", "USD")),
    ("bars held", name("bars_held")),
    ("time since entry", name("time_since_entry")),
    ("entry price", name("entry_price")),
    ("highest since entry", name("highest_since_entry")),
    ("last trade won", name("last_trade_won")),
    ("bars since exit", name("bars_since_exit")),
    ("last fill price", name("last_fill_price")),
    ("equity", name("equity")),
    ("position", name("position")),
    ("rsi()", t.Call("rsi", (), span=AT)),
    ('model("m")', t.Call("model", (t.Text("m", span=AT),), span=AT)),
    (
        "sentiment(EUR, 24 hours)",
        t.Call("sentiment", (t.Symbol("EUR", span=AT), number("24", "hours")), span=AT),
    ),
    (
        "highest(high, 00:00 to 07:00 London)",
        t.Call("highest", (name("high"), t.ClockWindow("00:00", "07:00", "London", span=AT)), span=AT),
    ),
    (
        "first(open, 09:30 to 10:00 America/New_York)",
        t.Call("first", (name("open"), t.ClockWindow("09:30", "10:00", "America/New_York", span=AT)), span=AT),
    ),
    (
        "macd(1, 2, 3).signal",
        t.Part(t.Call("macd", (number("1"), number("2"), number("3")), span=AT), "signal", span=AT),
    ),
    ("heikin_ashi.close[1]", t.History(t.Part(name("heikin_ashi"), "close", span=AT), number("1"), span=AT)),
    ("supertrend(10, 3).rising", t.Part(t.Call("supertrend", (number("10"), number("3")), span=AT), "rising", span=AT)),
    ("-a", t.Negative(A, span=AT)),
    ("a - b - c", t.Arithmetic("-", t.Arithmetic("-", A, B, span=AT), C, span=AT)),
    ("a + b * c", t.Arithmetic("+", A, t.Arithmetic("*", B, C, span=AT), span=AT)),
    ("2% of close", t.Arithmetic("of", number("2", "%"), name("close"), span=AT)),
    ("a >= b", t.Compare(">=", A, B, span=AT)),
    ("a = b", t.Compare("=", A, B, span=AT)),
    ("a != b", t.Compare("!=", A, B, span=AT)),
    ("a between b and c", t.Between(A, B, C, span=AT)),
    ("a between b and c and a", t.And((t.Between(A, B, C, span=AT), A), span=AT)),
    ("a crosses above b", t.Cross("above", A, B, span=AT)),
    ("a crosses b", t.Cross("either", A, B, span=AT)),
    ("a rising for 3 bars", t.Moving("rising", A, number("3", "bars"), span=AT)),
    ("a falling for n bars", t.Moving("falling", A, name("n"), span=AT)),
    ("(a > b) for 1 bar", t.Held(t.Compare(">", A, B, span=AT), number("1", "bars"), span=AT)),
    ("bars since (a)", t.BarsSince(A, span=AT)),
    ("value of a when (b)", t.ValueWhen(A, B, span=AT)),
    ("(a) followed within 3 bars by (b)", t.Followed(A, number("3", "bars"), B, span=AT)),
    (
        "a followed within 3 bars by b followed within n bars by c",
        t.Followed(t.Followed(A, number("3", "bars"), B, span=AT), name("n"), C, span=AT),
    ),
    ("not a", t.Not(A, span=AT)),
    ("a and b and c", t.And((A, B, C), span=AT)),
    ("(a and b) and c", t.And((A, B, C), span=AT)),
    ("a or b", t.Or((A, B), span=AT)),
    ("(a and b) or c", t.Or((t.And((A, B), span=AT), C), span=AT)),
    ("any of (a, b)", t.Or((A, B), listed=True, span=AT)),
    ("at least 2 of (a, b, c)", t.AtLeast(number("2"), (A, B, C), span=AT)),
    ("at least k of (a, b)", t.AtLeast(name("k"), (A, B), span=AT)),
    (
        "score(2: a, -1: b) >= 2",
        t.Compare(">=", t.Score((number("2"), number("-1")), (A, B), span=AT), number("2"), span=AT),
    ),
    ("if a then b else c", t.IfElse(A, B, C, span=AT)),
    ("if a then b else if b then c else a", t.IfElse(A, B, t.IfElse(B, C, A, span=AT), span=AT)),
    ("a otherwise b", t.Otherwise(A, B, span=AT)),
    ("a on H48", t.On(A, None, "H48", span=AT)),
    ("(a[1]) on H4", t.On(t.History(A, number("1"), span=AT), None, "H4", span=AT)),
    ("a of US500", t.On(A, "US500", None, span=AT)),
    ("a of .US500 on D1", t.On(A, ".US500", "D1", span=AT)),
    ('a of "7203.T" on MN1', t.On(A, "7203.T", "MN1", span=AT)),
    ("open so far on D1", t.SoFar("open", "D1", span=AT)),
    ("time between 22:00 and 02:00 server", t.TimeBetween("22:00", "02:00", "server", span=AT)),
    ("time between 08:00 and 11:00", t.TimeBetween("08:00", "11:00", None, span=AT)),
    ("day is Friday", t.DayIs(("Friday",), span=AT)),
    ("day is Monday or Tuesday", t.DayIs(("Monday", "Tuesday"), span=AT)),
    ("day is Monday or a", t.Or((t.DayIs(("Monday",), span=AT), A), span=AT)),
    ("day is Monday, Tuesday or Friday", t.DayIs(("Monday", "Tuesday", "Friday"), span=AT)),
    ("high impact news for USD within 30 minutes", t.NewsWithin("high", "USD", number("30", "minutes"), span=AT)),
    ("low impact news for this symbol within 1 day", t.NewsWithin("low", None, number("1", "days"), span=AT)),
    ("time until medium impact news for EUR", t.TimeUntilNews("medium", "EUR", span=AT)),
    ("high > low", t.Compare(">", name("high"), name("low"), span=AT)),
)


@pytest.mark.parametrize(("text", "node"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_an_expression_is_read_as_it_is_said(text: str, node: t.Expr) -> None:
    assert value_of(text) == node


def enter(**clauses: object) -> t.Enter:
    fields = dict.fromkeys(("name", "when", "unless", "order", "size", "stop", "target", "at_most_per_day"))
    return t.Enter("long", **{**fields, **clauses}, span=AT)  # type: ignore[arg-type]  # built from keywords


def size(kind: str, value: t.Expr, cap: t.Expr | None = None) -> t.Enter:
    return enter(size=t.Size(kind, value, cap, span=AT))


def manage(text: str) -> tuple[object, ...]:
    return read(f"manage\n  {text}").statements


ALWAYS = t.Trigger("always", span=AT)
STATEMENTS: tuple[tuple[str, tuple[object, ...]], ...] = (
    ('strategy "x" version 2', (t.Header("x", "2", span=AT),)),
    (
        'trade EURUSD, EURUSD.m, "x#" on H1',
        (t.Trade(tuple(t.Symbol(s, span=AT) for s in ("EURUSD", "EURUSD.m", "x#")), "H1", span=AT),),
    ),
    (
        "trade basket pair of buy 1 AUDUSD, sell 1.1 NZDUSD on H1",
        (
            t.TradeBasket(
                "pair", (t.Leg("buy", "1", "AUDUSD", span=AT), t.Leg("sell", "1.1", "NZDUSD", span=AT)), "H1", span=AT
            ),
        ),
    ),
    ('edge fails "y" exploits "x" benchmark none', (t.Edge("x", "y", "none", span=AT),)),
    ("edge", (t.Edge(None, None, None, span=AT),)),
    (
        "params n = 20 from 10 to 40 step 5 z = -2 pips",
        (
            t.Param("n", number("20"), number("10"), number("40"), number("5"), span=AT),
            t.Param("z", number("-2", "pips"), None, None, None, span=AT),
        ),
    ),
    ("let x = a", (t.Let("x", A, span=AT),)),
    (
        "remember x = 0 becomes a when b becomes b when (c)",
        (t.Remember("x", number("0"), (t.Becomes(A, B, span=AT), t.Becomes(B, C, span=AT)), span=AT),),
    ),
    ("enter long", (enter(),)),
    ("enter long called n when a unless any of (b, c)", (enter(name="n", when=A, unless=t.Or((B, C), True, span=AT)),)),
    ("enter long order market", (enter(order=t.Order("market", span=AT)),)),
    (
        "enter long order buy stop at a, good for 8 bars, cancel when b, cancel others when filled",
        (enter(order=t.Order("stop", "buy", A, number("8", "bars"), True, B, span=AT)),),
    ),
    (
        "enter long order sell limit at a, good for n",
        (enter(order=t.Order("limit", "sell", A, name("n"), span=AT)),),
    ),
    ("enter long risk 1% of equity", (size("risk", number("1", "%")),)),
    ("enter long risk n of equity", (size("risk", name("n")),)),
    ("enter long risk 100 USD", (size("risk", number("100", "USD")),)),
    (
        "enter long risk (if a then 1% else 2%) of equity",
        (size("risk", t.IfElse(A, number("1", "%"), number("2", "%"), span=AT)),),
    ),
    ("enter long size 20% of equity", (size("notional", number("20", "%")),)),
    ("enter long size 0.10 lots", (size("lots", number("0.10", "lots")),)),
    ("enter long size n lots", (size("lots", name("n")),)),
    ("enter long size 2 units", (size("units", number("2", "units")),)),
    ("enter long size volatility 10%", (size("volatility", number("10", "%")),)),
    ("enter long size kelly half, at most 2%", (size("kelly", number("0.5"), number("2", "%")),)),
    ("enter long stop at a", (enter(stop=t.Stop("at", A, span=AT)),)),
    ("enter long stop 25 pips", (enter(stop=t.Stop("distance", number("25", "pips"), span=AT)),)),
    ('enter long stop none because "x"', (enter(stop=t.Stop("none", None, "x", span=AT)),)),
    ("enter long target 3R", (enter(target=t.Target("distance", number("3", "R"), span=AT)),)),
    ("enter long target at a", (enter(target=t.Target("at", A, span=AT)),)),
    ("enter long target none", (enter(target=t.Target("none", span=AT)),)),
    ("enter long at most 1 per day", (enter(at_most_per_day=number("1")),)),
    (
        "add to long called u when a at most 3 times stop keep",
        (t.Add("long", "u", A, None, None, t.Stop("keep", span=AT), number("3"), span=AT),),
    ),
    ("opposite entry reverses", (t.Opposite("reverses", span=AT),)),
    ("exit when a", (t.Exit(None, None, A, None, span=AT),)),
    ("exit both called n when a", (t.Exit(None, "n", A, None, span=AT),)),
    ("exit short unless a", (t.Exit("short", None, None, A, span=AT),)),
    ("limits total risk 5%", (t.Limit("total_risk", number("5", "%"), span=AT),)),
    (
        "limits daily loss 2%, leave everything at most 2 open positions at most n entries per day",
        (
            t.Limit("daily_loss", number("2", "%"), leave_everything=True, span=AT),
            t.Limit("open_positions", number("2"), span=AT),
            t.Limit("entries_per_day", name("n"), span=AT),
        ),
    ),
    (
        "limits cooldown 4 bars after loss on that symbol cooldown 2 hours after exit",
        (
            t.Limit("cooldown", number("4", "bars"), after="loss", per_symbol=True, span=AT),
            t.Limit("cooldown", number("2", "hours"), after="exit", span=AT),
        ),
    ),
    ('checklist "a" "b"', (t.Checklist((t.Text("a", span=AT), t.Text("b", span=AT)), span=AT),)),
    (
        (
            'example "x" given EURUSD H1 from "f" expect no entry on EURUSD at 2017-03-15 10:00 UTC '
            "expect exit called n at 2017-03-16 11:00"
        ),
        (
            t.Example(
                "x",
                (t.Given("EURUSD", "H1", "f", span=AT),),
                (
                    t.Expect("no_entry", None, "EURUSD", "2017-03-15 10:00", "UTC", span=AT),
                    t.Expect("exit", "n", None, "2017-03-16 11:00", None, span=AT),
                ),
                span=AT,
            ),
        ),
    ),
)


@pytest.mark.parametrize(("text", "nodes"), STATEMENTS, ids=[text for text, _ in STATEMENTS])
def test_a_statement_is_read_as_it_is_said(text: str, nodes: tuple[object, ...]) -> None:
    assert read(text).statements == nodes


MANAGE: tuple[tuple[str, t.Manage], ...] = (
    ("leave", t.Manage("leave", ALWAYS, span=AT)),
    (
        "move stop to breakeven once profit reaches 1R",
        t.Manage("stop_to", t.Trigger("profit", number("1", "R"), span=AT), span=AT),
    ),
    ("move stop to a when b", t.Manage("stop_to", t.Trigger("when", B, span=AT), A, span=AT)),
    ("move target to 1%", t.Manage("target_to", ALWAYS, number("1", "%"), span=AT)),
    ("trail stop by a step b", t.Manage("trail", ALWAYS, A, B, span=AT)),
    ("take half", t.Manage("take", ALWAYS, number("50", "%"), span=AT)),
    (
        "take 30% after 4 hours",
        t.Manage("take", t.Trigger("after", number("4", "hours"), span=AT), number("30", "%"), span=AT),
    ),
    (
        "leave at 16:30 New_York on Friday",
        t.Manage("leave", t.Trigger("clock", None, "16:30", "New_York", ("Friday",), span=AT), span=AT),
    ),
)


@pytest.mark.parametrize(("text", "node"), MANAGE, ids=[text for text, _ in MANAGE])
def test_a_line_of_manage_is_read_as_it_is_said(text: str, node: t.Manage) -> None:
    assert manage(text) == (node,)


def test_manage_for_one_side() -> None:
    (line,) = read("manage short\n  leave").statements
    assert isinstance(line, t.Manage)
    assert line.side == "short"


REFUSED = (
    ("let x = a and b or c", ["RW112"]),
    ("let x = a or b and c", ["RW112"]),
    ("let x = a and b followed within 3 bars by c", ["RW113"]),
    ("let x = a followed within 3 bars by b or c", ["RW113"]),
    ("let x = a on H4[1]", ["RW114"]),
    ("let x = a of US500[1]", ["RW114"]),
    ("let x = a < b < c", ["RW115"]),
    ("let x = a = b = c", ["RW115"]),
    ("let x = a - b on H4", ["RW116"]),
    ("let x = a on H4 - b", ["RW116"]),
    ("let x = -a on H4", ["RW116"]),
    ("let x = not (a) for 3 bars", ["RW116"]),
    ("let x = bars since (a)[1]", ["RW116"]),
    ("let x = if a then b else c otherwise 0", ["RW116"]),
    ("let x = (a", ["RW117"]),
    ("let x = a[1", ["RW117"]),
    ("let x = a)", ["RW118"]),
    ("let x = ema(a, )", ["RW118"]),
    ("let x = a > > b", ["RW118"]),
    ("let x = 007", ["RW108"]),
    ("let x = 1,000.5", ["RW108"]),
    ("let x = 1e5", ["RW108"]),
    ("let x = 1234567890123456", ["RW108"]),
    ("let x = a == b", ["RW106"]),
    ("let x = a <> b", ["RW106"]),
    ("let x = a || b", ["RW106"]),
    ("let x = !a", ["RW106"]),
    ("let x := a", ["RW106"]),
    ("let x = a > $100", ["RW106"]),
    ("let x = a ^ 2", ["RW106"]),
    ("let x = 'a'", ["RW104"]),
    ("let x = сlose", ["RW104"]),
    ("let x = a ≥ b", ["RW104"]),
    ("let x = a\u00a0> b", ["RW104"]),
    ("let x = a # a \u202e b", ["RW103"]),
    ("let x = \ud800", ["RW103"]),
    ("a\x00b", ["RW103"]),
    ("let Fast = a", ["RW107"]),
    ("LET x = a", ["RW107"]),
    ("trade eurusd on H1", ["RW107"]),
    ("trade EURUSD on h1", ["RW110"]),
    ("let x = a on 4H", ["RW110"]),
    ("let x = a on daily", ["RW110"]),
    ("let x = time between 8:00 and 11:00 UTC", ["RW109"]),
    ("let x = time between 08:00 and 24:30 UTC", ["RW109"]),
    ("let x = time between 8 am and 11:00 UTC", ["RW109"]),
    ("let x = day is friday", ["RW109"]),
    ("let x = time between 08:00 and 11:00 Lndon", ["RW111"]),
    ("let x = a crosses over b", ["RW121"]),
    ("let x = a crossed below b", ["RW121"]),
    ("let x = a is above b", ["RW121"]),
    ("let x = close 3 bars ago", ["RW121"]),
    ("buy when a", ["RW121"]),
    ("enter long stoploss 3 pips", ["RW121"]),
    ("enter long stop loss 3 pips", ["RW121"]),
    ("enter long when a take profit 3R", ["RW121"]),
    ("manage move stop to break even", ["RW121"]),
    ("enter long called my breakout\n  when a", ["RW122"]),
    ("let when = a", ["RW122"]),
    (f"let {'x' * 61} = a", ["RW122"]),
    ("params step = 3", ["RW122"]),
    ("enter long when a when b", ["RW123"]),
    ("enter long unless a unless b", ["RW123"]),
    ("enter long order buy stop at a, good for 3 bars, good for 4 bars", ["RW123"]),
    ("edge fails \"a\" fails \"b\"", ["RW123"]),
    ("when a", ["RW124"]),
    ("enter long\n  when a\n  exploits \"x\"", ["RW124"]),
    ("exit long\n  when a\n  target 3R", ["RW124"]),
    ("enter long\n  when a\n  stop keep", ["RW124"]),
    ("enter when a", ["RW126"]),
    ("enter long risk 1%", ["RW125"]),
    ("enter long stop none", ["RW125"]),
    ("trade EURUSD GBPUSD on H1", ["RW125"]),
    ("manage leave 16:30 UTC", ["RW125"]),
    ("let x = if a then b", ["RW125"]),
    ("enter long good for 3", ["RW126"]),
    ("enter long order buy stop at a, good for 3", ["RW119"]),
    ("enter long order buy stop at a, good for 3 candles", ["RW119"]),
    ("enter long size 3", ["RW119"]),
    ("enter long risk 1 of equity", ["RW119"]),
    ("limits total risk 5", ["RW119"]),
    ("let x = a rising for 3", ["RW119"]),
    ("strategy London version 1", ["RW105"]),
    ("strategy \"London version 1", ["RW105"]),
    ("example \"x\" given EURUSD H1 from \"f\" expect long at 2017-02-30 10:00 UTC", ["RW109"]),
    ("example \"x\" given EURUSD H1 from \"f\" expect long at 15.3.2017 10:00 UTC", ["RW109"]),
    ("import pandas", ["RW126"]),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REFUSED, ids=[ascii(text)[:60] for text, _ in REFUSED])
def test_what_is_refused_has_one_code(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


SAMPLES = [code for code in CODES if code.wrong]


@pytest.mark.parametrize("code", SAMPLES, ids=lambda code: code.code)
def test_the_wrong_sample_gives_its_code_and_the_right_one_is_read(code: Code) -> None:
    found = codes(code.wrong)
    if code.code == "RW127":
        assert len(found) == MAX_FINDINGS + 1
        assert found[-1] == "RW127"
    else:
        assert found == [code.code]
    assert codes(code.right) == []
    assert code.severity is Severity.ERROR


def test_a_file_that_is_too_long_is_refused_as_a_whole() -> None:
    parsed = parse("let x = close\n" * 20_000)
    assert [d.code for d in parsed.diagnostics] == ["RW101"]
    assert parsed.tree is None


@pytest.mark.parametrize("code", SAMPLES, ids=lambda code: code.code)
def test_a_finding_says_what_is_wrong_why_it_matters_and_how_to_mend_it(code: Code) -> None:
    for found in parse(code.wrong).diagnostics:
        assert found.message.endswith((".", "?"))
        assert found.why.endswith(".")
        assert found.fix.endswith((".", "?"))


def test_both_readings_are_shown() -> None:
    (found,) = parse("let x = a > 1 and b > 2 or c > 3").diagnostics
    assert found.fix == "Write `(a > 1 and b > 2) or c > 3` or `a > 1 and (b > 2 or c > 3)`."
    (found,) = parse("let x = a and (b) followed within 3 bars by (c)").diagnostics
    assert found.fix == "Write `a and ((b) followed within …)` or `(a and (b)) followed within …`."
    (found,) = parse("let x = a - b on H4").diagnostics
    assert found.fix == "Write `(a - b) on H4` or `a - (b on H4)`."


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("let x = a on H4[1]", "Write `(a[1]) on H4` to count bars of H4."),
        ("let x = a < b <= c", "Write `b between a and …`, or `a < b and b <= …`."),
        ("enter long stoploss 3 pips", "Write `stop`."),
        ("buy when a", "Write `enter long when`."),
        ("entr long", "Did you mean `enter`?"),
        ("limits cooldown 4 after loss", "Write `4 bars`, `4 minutes`, `4 hours` or `4 days`."),
        ("let x = spread < 1 pipz", "Write `1 pip`."),
        ("let x = time between 08:00 and 11:00 est", "Write `New_York`."),
        ("let x = a on 60m", "Write `H1`."),
        ("let x = rsi 14 > 30", "Write `rsi(14)`."),
        ("let x = price > 3", "Write `close`."),
        ("let fast ema = a", "Write `fast_ema`."),
        ("let x = close 3 bars ago", "Write `close[3]`."),
        ("params\n  fast: 10", "Write `=`."),
        ('strategy "x"', "Here can follow `version 1`."),
        ("trade EURUSD GBPUSD on H1", "Write `EURUSD, GBPUSD`."),
        ("enter long\n  risk 1% equity", "Write `1% of equity`."),
        ("enter long\n  risk 1 percent of equity", "Write `1%`."),
        ("exit after 3 bars", "Write `leave after 3 bars` under `manage`."),
        ("manage\n  close half", "Write `take`."),
        ("limits\n  max daily loss 2%", "Write `daily loss`."),
        ("limits\n  daily loss 2% leave everything", "Write `2%, leave`."),
        ("opposite entry reverse", "Write `reverses`."),
        ("enter long\n  stop none\n  target 3R", 'Here can follow `because "…"`.'),
        ("enter long\n  at most once per day", "Write `1`."),
    ],
)
def test_the_text_to_write_is_given(text: str, fix: str) -> None:
    (found, *_) = parse(text).diagnostics
    assert found.fix == fix


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("let x = a &&  b", "&&"),
        ("enter long\n  wehn a", "wehn"),
        ("trade EURUSD on 4h", "4h"),
        ("let x = (a > b\nlet y = c", "b"),
        ("let x = a < b < c", "a < b <"),
        ("let x = ema(close, 1,000.0)", "1,000.0"),
        ("enter long\n  when a\n  when b", "when"),
    ],
)
def test_the_span_is_exact(text: str, part: str) -> None:
    (found,) = parse(text).diagnostics
    assert text[found.span.start : found.span.end] == part


def test_spans_of_nodes_are_exact_and_hold_their_parentheses() -> None:
    text = "enter long\n  when (a + b) * 2 > c # why\n  stop at low"
    (rule,) = read(text).statements
    assert isinstance(rule, t.Enter)
    assert isinstance(rule.when, t.Compare)
    assert rule.stop is not None

    def shown(node: t.Node) -> str:
        return text[node.span.start : node.span.end]

    assert shown(rule) == text
    assert shown(rule.when) == "(a + b) * 2 > c"
    assert shown(rule.when.left) == "(a + b) * 2"
    assert shown(rule.stop) == "stop at low"
    assert [shown(comment) for comment in read(text).comments] == ["# why"]


@pytest.mark.parametrize(
    "text",
    ["let a = b\r\nlet c = d\r\n", "\ufefflet a = b\nlet c = d", "let a = b let c = d", "let\ta = b\rlet\fc\n=\nd"],
)
def test_layout_and_line_ends_carry_no_meaning(text: str) -> None:
    assert read(text) == read("let a = b\nlet c = d\n")


def test_a_number_sign_inside_quotes_is_no_comment() -> None:
    tree = read('checklist "is # fine?" # but this is one')
    assert [comment.text for comment in tree.comments] == ["# but this is one"]


def test_an_empty_file_is_an_empty_tree() -> None:
    assert read("").statements == ()
    assert read("# only words").statements == ()


def test_a_deep_but_allowed_expression_is_read_and_written() -> None:
    text = "(" * 60 + "a" + " + b)" * 60
    assert expression(value_of(text)) == "a" + " + b" * 60


def test_what_could_be_read_is_in_the_tree() -> None:
    parsed = parse("let a = b\nlet = 3\nenter lnog\n  when a >\n  stop 3 pips\nlet d = e\n")
    assert parsed.tree is not None
    assert [type(each).__name__ for each in parsed.tree.statements] == ["Let", "Enter", "Let"]
    assert format_tree(parsed.tree).startswith("let a = b\n")
