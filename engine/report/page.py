"""The report: one HTML file that works offline, from any folder, for ten years.

Nothing is fetched: style, script and data are inside, and a content security policy made of their
hashes lets nothing else run. Whatever came from outside is text and stays text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from engine.report import figures, tables
from engine.report.candles import Chart, chart_of
from engine.report.headline import period, verdict
from engine.report.heat import years_of
from engine.report.histogram import histogram_svg
from engine.report.library import Library, chart_library
from engine.report.lines import DESK, PHONE, equity_svg, hover_points
from engine.report.text import day, minute, month_name, number, percent, reason, span, visible

if TYPE_CHECKING:
    from data.market import Market
    from dsl.english.blocks import Document
    from dsl.plan import Plan
    from engine.cautions import Caution
    from engine.metrics import Metrics
    from engine.result import BacktestResult, Trade

ASSETS = Path(__file__).parent / "assets"
LISTED_TRADES = 1_000
"""Trades in the list of the page, the latest ones; all of them go into the CSV."""


def render(
    result: BacktestResult,
    metrics: Metrics,
    plan: Plan,
    english: Document,
    cautions: Sequence[Caution],
    market: Market,
    *,
    command: str,
    versions: Mapping[str, str],
) -> str:
    """The page as text, to be written in UTF-8. Same input, same bytes.

    `english`: the Plan as sentences. `market`: what the run was made from, for the candlestick chart.
    `command`: what repeats the run. `versions`: what it was made with, by name, and whether it ran compiled.
    """
    library = chart_library()
    listed = _latest(result)
    instruments = {symbol: market.instrument(symbol) for symbol in {*plan.trade.symbols, *result.trades.symbols}}
    bars = {symbol: market.bars(symbol, plan.trade.timeframe) for symbol in plan.trade.symbols}
    chart = Chart({}, frozenset(), 0, 0)
    if library.script:
        chart = chart_of(listed, bars, instruments, result.start, result.end)
    data = {"chart": chart.payload, "currency": result.account.currency, "hover": _hover(result, metrics)}
    style = _asset("report.css")
    scripts = [text for text in (library.script, _asset("report.js")) if text]
    page: str = (
        _environment()
        .get_template("report.html")
        .render(
            policy=_policy(style, scripts),
            style=Markup(style),
            scripts=[Markup(script) for script in scripts],
            data=_json_in_page(data),
            library=library,
            chart=chart,
            result=result,
            metrics=metrics,
            plan=plan,
            english=english,
            cautions=cautions,
            command=command,
            versions=versions,
            verdict=verdict(metrics, result),
            period=period(metrics, result),
            synthetic=sorted({used.symbol for used in result.data if used.synthetic}),
            stated=sorted({used.symbol for used in result.data if used.spread_stated}),
            bare=any(rule.stop.type == "none" for rule in plan.enter),
            trades=[tables.trade_row(at, row, at in chart.charted, instruments) for at, row in reversed(listed)],
            **_drawings(result, metrics),
            **_tables(result, metrics, plan),
        )
    )
    return page


def _latest(result: BacktestResult) -> list[tuple[int, Trade]]:
    """The latest trades with their numbers, counted from 1."""
    trades = result.trades
    first = max(0, len(trades) - LISTED_TRADES)
    kept = type(trades)(
        {name: column[first:] for name, column in trades.columns.items()}, trades.symbols, trades.rules, trades.reasons
    )
    return list(enumerate(kept.rows(), start=first + 1))


def _drawings(result: BacktestResult, metrics: Metrics) -> dict[str, Any]:
    curve, cash = result.curve, result.account.cash
    held = metrics.benchmark.equity if metrics.benchmark else None
    drawn = len(curve.time) > 0
    title = "Equity from {} to {}".format(*map(day, period(metrics, result)))
    return {
        "equity": [equity_svg(curve.time, curve.equity, held, cash, f, title) for f in (DESK, PHONE)] if drawn else [],
        "histogram": histogram_svg(metrics.r_values, metrics.trades.expectancy_r) if len(metrics.r_values) else None,
    }


def _hover(result: BacktestResult, metrics: Metrics) -> dict[str, Any]:
    held = metrics.benchmark.equity if metrics.benchmark else None
    return hover_points(result.curve.time, result.curve.equity, held, result.account.cash)


def _tables(result: BacktestResult, metrics: Metrics, plan: Plan) -> dict[str, Any]:
    rows = tables.group_rows
    return {
        "facts": figures.facts(metrics, result),
        "compared": figures.compared(metrics, result),
        "missing": figures.missing(metrics.undefined),
        "figures": figures.trade_figures(metrics, result),
        "costs": tables.cost_rows(metrics, result),
        "settings": tables.setting_rows(plan, result.settings),
        "declined": tables.declined_rows(result),
        "years": years_of(metrics.months),
        "breakdowns": [
            ("By entry rule", "Rule", rows(metrics.by_rule)),
            ("By symbol", "Symbol", rows(metrics.by_symbol)),
            ("By side", "Side", rows(metrics.by_side)),
            ("By reason of the exit", "Exit", rows(metrics.by_exit, reason)),
            ("By weekday of the entry", "Weekday", rows(metrics.by_weekday)),
            ("By hour of the entry, UTC", "Hour", rows(metrics.by_hour)),
        ],
        "counts": sorted((code, amount) for code, amount in result.counts.items()),
    }


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    environment.filters |= {
        "breakable": breakable,
        "day": day,
        "minute": minute,
        "number": number,
        "percent": percent,
        "month_name": month_name,
        "span": span,
    }
    return environment


def breakable(name: str) -> Markup:
    """A name that may be broken after its underscores, where a column is narrow."""
    return Markup("_<wbr>").join(visible(name).split("_"))


@lru_cache(maxsize=8)
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _policy(style: str, scripts: Sequence[str]) -> str:
    """A content security policy that allows exactly these texts and no request at all."""
    allowed = " ".join(_source(script) for script in scripts)
    return f"default-src 'none'; style-src {_source(style)}; script-src {allowed}; base-uri 'none'; form-action 'none'"


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json_in_page(value: Any) -> Markup:
    """JSON that cannot end its element: every `<`, `>` and `&`, and all that is not ASCII, is escaped."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


__all__ = ["LISTED_TRADES", "Library", "render"]
