"""The built-ins and the diagnostic codes as text: for the terminal, and as the pages under `docs/`.

All of it is generated from `dsl.builtins` and `dsl.codes`, so that it cannot differ from the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import indent, wrap
from types import MappingProxyType

from dsl.builtins import BUILTINS, PRICE_FIELDS, Builtin, NumberArg
from dsl.codes import CODES
from dsl.diagnostics import Code
from dsl.english.values import FIELDS
from dsl.english.words import listed, number, plural
from dsl.kinds import PHRASES
from dsl.suggest import SYNONYMS
from dsl.suggest import nearest as closest

_WIDTH = 88

EXAMPLES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "bollinger": (20, 2),
        "correlation": (60,),
        "beta": (60,),
        "ichimoku": (9, 26, 52),
        "keltner": (20, 10, 2),
        "macd": (12, 26, 9),
        "parabolic_sar": (0.02, 0.2),
        "pivot_high": (5, 5),
        "pivot_low": (5, 5),
        "stoch": (14, 3, 3),
        "supertrend": (10, 3),
    }
)
"""Customary numbers where a call takes more than one window; others are shown with 14 or 20 bars."""

_INPUTS = MappingProxyType({"a": "close", "b": "close of US500"})


def builtin_names() -> list[str]:
    """Every built-in, in the order of the table."""
    return list(BUILTINS)


def nearest(name: str) -> str | None:
    """The built-in or price word that `name` most likely means, whatever its case, or None."""
    word = name.strip().lower().replace(" ", "_")
    known = builtin_names()
    if word in known:
        return word
    return SYNONYMS.get(word) or closest(word, known)


def signature(row: Builtin) -> str:
    """`ema(x, n)`, `rsi(x = close, n)`, `macd(x = close, fast, slow, signal)`, `vwap`."""
    inputs = [f"{i.name} = {i.default}" if i.default else i.name for i in row.inputs]
    arguments = ", ".join([*inputs, *(n.name for n in row.numbers)])
    return f"{row.name}({arguments})" if arguments else row.name


def example(row: Builtin) -> str:
    """A call as one would write it, with its first part: `macd(12, 26, 9).line`."""
    inputs = [_input_example(row, i.name) for i in row.inputs if not i.default]
    arguments = ", ".join([*inputs, *(number(n) for n in _numbers(row))])
    call = f"{row.name}({arguments})" if arguments else row.name
    return call if row.output else f"{call}.{next(iter(row.parts))}"


def _input_example(row: Builtin, name: str) -> str:
    if "price" not in row.inputs[0].kinds:
        return "volume"
    return {"highest": "high", "lowest": "low"}.get(row.name, _INPUTS.get(name, "close"))


def _numbers(row: Builtin) -> tuple[float, ...]:
    usual = 14 if row.group in ("oscillators", "range and trend") else 20
    return EXAMPLES.get(row.name, (usual,) * len(row.numbers))


def builtins_text() -> str:
    """All built-ins by group, one line each."""
    lines: list[str] = ["prices of the bar", f"  {', '.join(PRICE_FIELDS)}", ""]
    for group, rows in _groups():
        lines.append(group)
        width = max(len(signature(row)) for row in rows)
        lines += [f"  {signature(row):{width}}  {row.doc}" for row in rows]
        lines.append("")
    lines.append("rulewright builtins NAME shows one in full.")
    return "\n".join(lines)


def _groups() -> list[tuple[str, list[Builtin]]]:
    groups: dict[str, list[Builtin]] = {}
    for row in BUILTINS.values():
        groups.setdefault(row.group, []).append(row)
    return list(groups.items())


def builtin_text(name: str) -> str:
    """One built-in in full. `name` must be one of `builtin_names()`."""
    row = BUILTINS[name]
    lines = [signature(row), "", row.doc, ""]
    facts = list(_facts(row))
    width = max(len(label) for label, _ in facts)
    for label, text in facts:
        lead = f"{label:{width}}  "
        lines += wrap(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))
    return "\n".join(lines)


def _facts(row: Builtin) -> Iterator[tuple[str, str]]:
    for i in row.inputs:
        default = f" ({i.default} when left out)" if i.default else ""
        yield i.name, f"{_any_of(i.kinds)}{default}"
    for n in row.numbers:
        yield n.name, _number_range(n)
    if row.windows:
        yield "or", f"a clock window instead of {row.numbers[-1].name}, such as 00:00 to 07:00 London"
    if row.output:
        yield "gives", _kind(row, row.output) + _bounds(row)
    for part, kind in row.parts.items():
        yield f".{part}", _kind(row, kind) + (_bounds(row) if kind != "truth" else "")
    if row.reads:
        yield "reads", f"the bar's {listed(row.reads)}"
    yield "warm-up", _warm_up(row)
    yield "exactly", row.convention
    yield "source", row.source
    yield "example", example(row)


def _any_of(kinds: Iterable[str]) -> str:
    return listed([PHRASES[kind] for kind in kinds], "or")


def _number_range(n: NumberArg) -> str:
    what = "a whole number" if n.whole else "a number"
    return f"{what} from {number(n.low)} to {number(n.high)}, or a setting"


def _kind(row: Builtin, kind: str) -> str:
    if kind == "same":
        return f"the kind of {row.inputs[0].name}"
    if kind == "spread_of":
        return f"the kind of {row.inputs[0].name}; of a price, a distance"
    return PHRASES[kind]


def _bounds(row: Builtin) -> str:
    low, high = row.bounds
    if low is not None and high is not None:
        return f", from {number(low)} to {number(high)}"
    return "" if low is None else f", never below {number(low)}"


def _warm_up(row: Builtin) -> str:
    numbers = _numbers(row)
    first, settled = row.warm_up(*numbers)
    text = f"{example(row)} is first known at bar {number(first)}"
    if settled > first:
        text += f"; its start no longer shows (under 1e-9) after {plural(settled, 'bar')}"
    if row.unbounded:
        text += "; its value depends on where the history begins"
    return text


def builtins_page() -> str:
    """`docs/builtins.md`."""
    lines = [
        "# Built-ins",
        "",
        "Generated from `dsl/builtins.py`; `make golden` rewrites it. A call gives its inputs first, then its numbers.",
        "An input shown with `= close` may be left out. For kinds see [language.md](language.md#numbers-and-units).",
        "Recursive averages need some history before their start no longer shows; both figures are stated.",
        "",
        "## prices of the bar",
        "",
        "| name | what | kind |",
        "| --- | --- | --- |",
    ]
    lines += [f"| `{name}` | {FIELDS[name]} | {PHRASES[kind]} |" for name, kind in PRICE_FIELDS.items()]
    for group, rows in _groups():
        lines += ["", f"## {group}"]
        for row in rows:
            lines += ["", f"### {row.name}", "", f"`{signature(row)}`", "", row.doc, "", "| | |", "| --- | --- |"]
            lines += [f"| {label} | {_cell(label, text)} |" for label, text in _facts(row)]
    return "\n".join(lines) + "\n"


def _cell(label: str, text: str) -> str:
    return f"`{text}`" if label == "example" else text.replace("|", "\\|")


# --- codes ---------------------------------------------------------------------------------------


def errors_text() -> str:
    """All codes of the language, one line each."""
    return "\n".join(
        [*(f"{c.code}  {c.severity:7}  {c.title}" for c in CODES), "", "rulewright errors CODE shows one in full."]
    )


def error_text(code: str) -> str:
    """One code in full. `code` must be one of `dsl.codes.CODES`."""
    entry = next(c for c in CODES if c.code == code)
    lines = [f"{entry.code} ({entry.severity}): {entry.title}", "", *wrap(entry.why, _WIDTH)]
    for label, sample in (("Wrong", entry.wrong), ("Right", entry.right)):
        if sample:
            lines += ["", f"{label}:", "", indent(sample.strip("\n"), "  ")]
    return "\n".join(lines)


def errors_page(others: Iterable[tuple[str, str, str]] = ()) -> str:
    """`docs/errors.md`. `others`: code, title and what to do, of codes that do not come from rule text."""
    lines = [
        "# Codes",
        "",
        "Generated from `dsl/codes/` and the catalogues of the other packages; `make golden` rewrites it. A code never",
        "changes its meaning. An error stops compilation; a warning is shown and the Plan is still made.",
        "",
        "## In the text of a strategy",
    ]
    for entry in CODES:
        lines += _error_section(entry)
    rows = [f"| {code} | {title} | {what_to_do} |" for code, title, what_to_do in others]
    if rows:
        lines += ["", "## Prices, backtests and the command line", ""]
        lines += ["| code | what it says | what to do |", "| --- | --- | --- |", *rows]
    return "\n".join(lines) + "\n"


def _error_section(entry: Code) -> list[str]:
    lines = ["", f"### {entry.code}", "", f"**{entry.title}** ({entry.severity})", "", entry.why]
    for label, sample in (("Wrong", entry.wrong), ("Right", entry.right)):
        if sample:
            lines += ["", f"{label}:", "", f"```rules {label.lower()}", sample.strip("\n"), "```"]
    return lines
