"""Mistakes of grouping: where parentheses are missing, or one more than needed stands.

The language has no precedence to remember between `and` and `or`, `on` and `-`, or in a chain of
comparisons. Where two readings are possible both are shown, and reading goes on with one of them.
"""

from __future__ import annotations

import re
from typing import Any

from dsl import syntax as t
from dsl.diagnostics import Span
from dsl.machine import Token
from dsl.scan import brackets_after
from dsl.trouble import LINE_WORDS, OPERATORS, Finding, Trouble, error, shorten

_RELATIONS = frozenset({"LESSTHAN", "LE", "MORETHAN", "GE", "EQUAL", "NE"})
_SIGNS = frozenset({"PLUS", "MINUS", "STAR", "SLASH"})
_REACH = re.compile(r"(?:on|of)\s+[A-Za-z0-9_.]+(?:\s+on\s+[A-Z0-9]+)?")
_OTHER_READING = "Two people can read it in two ways, and they trade differently."


def grouping(trouble: Trouble) -> Finding | None:
    """The first grouping mistake that explains the token, with reading set right."""
    for recognise in (
        _history_after_timeframe,
        _chained_comparison,
        _on_beside_arithmetic,
        _mixed_logic,
        _followed_beside_logic,
        _missing_bracket,
        _surplus,
        _needs_parentheses,
    ):
        finding = recognise(trouble)
        if finding:
            return finding
    return None


def _resume(trouble: Trouble, diagnostic: Any) -> Finding:
    return Finding(diagnostic, (), trouble.start)


def _wrap(trouble: Trouble, symbol: str) -> Any:
    """Put what stands open last, read as `symbol`, in parentheses; None when that does not help."""
    machine = trouble.machine
    closed = machine.close(symbol)
    if closed is None:
        return None
    height, value = closed
    states, values = machine.states[:], machine.values[:]
    machine.cut(height)
    if machine.put("group", value) and machine.accepts(trouble.token.type):
        return value
    machine.states, machine.values = states, values
    return None


def _history_after_timeframe(trouble: Trouble) -> Finding | None:
    closed = trouble.machine.close("operand") if trouble.token.type == "LSQB" else None
    if closed is None or not isinstance(closed[1], t.On):
        return None
    on = closed[1]
    end = _closing(trouble, trouble.start)
    index = trouble.text[trouble.start : end]
    tail = " ".join(trouble.text[on.value.span.end : on.span.end].split())
    span = Span(on.span.start, end)
    return Finding(
        error(
            "RW114",
            span,
            f"`{shorten(trouble.text[span.start : span.end])}` does not say which bars are counted back.",
            "Bars of another timeframe and bars of the strategy are different steps.",
            f"Write `({trouble.shown(on.value)}{index}) {tail}` to count bars of {on.timeframe or 'that symbol'}.",
        ),
        (),
        end,
    )


def _closing(trouble: Trouble, start: int) -> int:
    """The end of the bracket that opens at `start`, or of its line."""
    depth = 0
    for place, sign in brackets_after(trouble.text, start):
        depth += 1 if sign in "([" else -1
        if depth == 0:
            return place + 1
    return start + 1


def _chained_comparison(trouble: Trouble) -> Finding | None:
    machine, type_ = trouble.machine, trouble.token.type
    if type_ not in _RELATIONS:
        return None
    closed = machine.close("test")
    if closed is None or not isinstance(closed[1], t.Compare):
        return None
    height, first = closed
    middle = first.right
    states, values = machine.states[:], machine.values[:]
    machine.cut(height)
    machine.put("test", first)
    goes_on = machine.feed(Token("AND", "and", trouble.token.span, guessed=True)) and machine.put("operand", middle)
    if not goes_on:
        machine.states, machine.values = states, values
    left, shared = trouble.shown(first), trouble.shown(middle)
    between = ""
    if first.op in ("<", "<=") and trouble.token.text in ("<", "<="):
        between = f"`{shared} between {trouble.shown(first.left)} and …`, or "
    diagnostic = error(
        "RW115",
        Span(first.span.start, trouble.token.span.end),
        f"A comparison cannot go on: `{left} {trouble.token.text} …`.",
        "Each comparison has two sides, so that it is plain what is compared.",
        f"Write {between}`{left} and {shared} {trouble.token.text} …`.",
    )
    return _resume(trouble, diagnostic) if goes_on else Finding(diagnostic)


def _on_beside_arithmetic(trouble: Trouble) -> Finding | None:
    """`a - b on H4`, `a on H4 - b`."""
    machine, token = trouble.machine, trouble.token
    values = machine.values
    if token.type in ("ON", "OF") and len(values) > 1:
        sign = values[-2]
        if not (isinstance(sign, Token) and sign.type in _SIGNS):
            return None
        last = trouble.shown(values[-1])
        whole = _wrap(trouble, "sum")
        if whole is None:
            return None
        reach = _REACH.match(trouble.rest)
        tail = reach[0] if reach else f"{token.text} …"
        whole_text = trouble.shown(whole)
        span = Span(whole.span.start, token.span.end)
        head = whole_text.removesuffix(last)
        return _resume(
            trouble,
            error(
                "RW116",
                span,
                f"`{token.text}` after `{whole_text}` can mean the whole or only the last part.",
                _OTHER_READING,
                f"Write `({whole_text}) {tail}` or `{head}({last} {tail})`.",
            ),
        )
    closed = machine.close("operand") if token.type in _SIGNS else None
    if closed and isinstance(closed[1], (t.On, t.SoFar)):
        on = _wrap(trouble, "operand")
        if on is not None:
            return _resume(
                trouble,
                error(
                    "RW116",
                    Span(on.span.start, token.span.end),
                    f"`{trouble.shown(on)}` needs parentheses before one calculates with it.",
                    "Without them the reader cannot see how far `on` reaches.",
                    f"Write `({trouble.shown(on)}) {token.text} …`.",
                ),
            )
    return None


def _mixed_logic(trouble: Trouble) -> Finding | None:
    """`a and b or c`: shown as `(a and b) or c` and `a and (b or c)`."""
    token = trouble.token
    if token.type not in ("AND", "OR"):
        return None
    whole = _wrap(trouble, "logic")
    if whole is None:
        return None
    last = whole.second if isinstance(whole, t.Followed) else getattr(whole, "conditions", (None,))[-1]
    if last is None:
        return None
    text = trouble.text
    rest = _operand_text(trouble)
    whole_text, last_text = shorten(text[whole.span.start : whole.span.end], 60), trouble.shown(last)
    head = shorten(text[whole.span.start : last.span.start], 60)
    code = "RW113" if isinstance(whole, t.Followed) else "RW112"
    return _resume(
        trouble,
        error(
            code,
            Span(whole.span.start, token.span.end),
            f"`{_joined_by(whole)}` and `{token.text}` side by side need parentheses.",
            _OTHER_READING,
            f"Write `({whole_text}) {token.text} {rest}` or `{head} ({last_text} {token.text} {rest})`.",
        ),
    )


def _joined_by(node: Any) -> str:
    return "and" if isinstance(node, t.And) else "or" if isinstance(node, t.Or) else "followed within"


def _operand_text(trouble: Trouble) -> str:
    """The words after `and`, `or`, up to where the next one begins or the line ends."""
    words = trouble.rest.split()[1:]
    taken: list[str] = []
    for word in words:
        if word in ("and", "or", "unless", "followed") or (taken and word in LINE_WORDS):
            break
        taken.append(word)
    text = " ".join(taken)
    while text.count(")") > text.count("(") and text.endswith(")"):
        text = text[:-1]
    return shorten(text) or "…"


def _followed_beside_logic(trouble: Trouble) -> Finding | None:
    """`x and (a) followed within 3 bars by (b)`."""
    machine = trouble.machine
    if trouble.token.type != "FOLLOWED":
        return None
    closed = machine.close("logic")
    if closed is None:
        return None
    whole = closed[1]
    if not isinstance(whole, (t.And, t.Or)) or whole.conditions[-1].span.end != whole.span.end:
        return None
    last = whole.conditions[-1]
    head = trouble.text[whole.span.start : last.span.start].rstrip()
    states, values = machine.states[:], machine.values[:]
    if not machine.values or machine.values[-1] is not last:
        finished = machine.close("simple")
        if finished is None or finished[1].span != last.span:
            return None
        machine.cut(finished[0])
    else:
        machine.cut(len(machine.states) - 1)
    opened = machine.feed(Token("LPAR", "(", last.span, guessed=True)) and machine.put("simple", last)
    if not (opened and machine.accepts("FOLLOWED")):
        machine.states, machine.values = states, values
        return None
    whole_text = shorten(trouble.text[whole.span.start : whole.span.end], 60)
    return _resume(
        trouble,
        error(
            "RW113",
            Span(whole.span.start, trouble.token.span.end),
            f"`{_joined_by(whole)}` beside `followed within` needs parentheses.",
            _OTHER_READING,
            f"Write `{shorten(head, 60)} ({trouble.shown(last)} followed within …)` "
            f"or `({whole_text}) followed within …`.",
        ),
    )


def _missing_bracket(trouble: Trouble) -> Finding | None:
    """A closing bracket that is missed at the next clause, at the end, or at a sign that cannot come inside."""
    machine, token = trouble.machine, trouble.token
    opened = [v for v in machine.values if isinstance(v, Token) and v.type in ("LPAR", "LSQB")]
    if not opened:
        return None
    feed: list[tuple[str, str]] = []
    for bracket in reversed(opened):
        feed.append(("RPAR", ")") if bracket.type == "LPAR" else ("RSQB", "]"))
        if machine.accepts_all((*(type_ for type_, _ in feed), token.type)):
            break
    else:
        return None
    if all(bracket.guessed for bracket in opened[-len(feed) :]):
        for type_, sign in feed:
            machine.feed(Token(type_, sign, trouble.gap, guessed=True))
        return Finding(error("", trouble.gap, ""), (), trouble.start)
    written = next(bracket for bracket in opened[-len(feed) :] if not bracket.guessed)
    sign = ")" if written.type == "LPAR" else "]"
    line = trouble.text.count("\n", 0, written.span.start) + 1
    for type_, text in feed:
        machine.feed(Token(type_, text, trouble.gap, guessed=True))
    return _resume(
        trouble,
        error(
            "RW117",
            trouble.gap,
            f"A closing `{sign}` is missing here.",
            f"The `{written.text}` in line {line} is still open.",
            f"Add `{sign}` after `{shorten(trouble.previous.text) if trouble.previous else ''}`.",
        ),
    )


def _surplus(trouble: Trouble) -> Finding | None:
    """A bracket that closes nothing, or a comma with nothing after it."""
    machine, token = trouble.machine, trouble.token
    previous = machine.values[-1] if machine.values else None
    if isinstance(previous, Token) and previous.type == "COMMA" and not previous.guessed:
        states, values = machine.states[:], machine.values[:]
        machine.cut(len(machine.states) - 1)
        if machine.accepts(token.type):
            return _resume(
                trouble,
                error(
                    "RW118", previous.span, "Nothing follows this comma.", "", "Remove it, or add what should follow."
                ),
            )
        machine.states, machine.values = states, values
    if token.type not in ("RPAR", "RSQB"):
        return None
    wanted = "LPAR" if token.type == "RPAR" else "LSQB"
    if any(isinstance(v, Token) and v.type == wanted for v in machine.values):
        return None
    goes_on = trouble.following is not None and machine.accepts(trouble.following.type)
    return Finding(
        error("RW118", token.span, f"No bracket is open that this `{token.text}` could close.", "", "Remove it."),
        () if goes_on else None,
        token.span.end,
    )


_SMALL_TO_LARGE = ("primary", "factor", "term", "sum", "operand", "test", "condition", "logic", "expr")


def _needs_parentheses(trouble: Trouble) -> Finding | None:
    """Anything else that would be right in parentheses: `not (c) for 3 bars`, `bars since (c)[1]`."""
    if trouble.token.type not in OPERATORS - {"LPAR"}:
        return None
    for symbol in _SMALL_TO_LARGE:
        value = _wrap(trouble, symbol)
        if value is not None:
            shown = trouble.shown(value)
            return _resume(
                trouble,
                error(
                    "RW116",
                    Span(value.span.start, trouble.token.span.end),
                    f"`{trouble.token.text}` after `{shown}` needs parentheses.",
                    _OTHER_READING,
                    f"Write `({shown}) {trouble.token.text} …`.",
                ),
            )
    return None
