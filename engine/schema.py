"""`backtest --json` and `--trades`: the stable output for programs. `docs/backtest-json.md` describes it.

Fields are added, never renamed or given another meaning, within one `schema` number. Bytes are
deterministic: sorted keys, ten significant digits (so that the last bits of another processor do
not show), only finite numbers, null for what is undefined.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.report.text import iso, visible

if TYPE_CHECKING:
    from dsl.plan import Plan
    from engine.cautions import Caution
    from engine.metrics import Drawdown, Group, Metrics, Performance, TradeFigures
    from engine.result import BacktestResult

SCHEMA = 1


def to_json(
    result: BacktestResult,
    metrics: Metrics,
    plan: Plan,
    cautions: Sequence[Caution],
    *,
    engine_version: str,
) -> str:
    """The result as JSON text ending in a newline."""
    return json.dumps(as_document(result, metrics, plan, cautions, engine_version), sort_keys=True, indent=1,
                      ensure_ascii=False, allow_nan=False) + "\n"  # fmt: skip


def as_document(
    result: BacktestResult, metrics: Metrics, plan: Plan, cautions: Sequence[Caution], engine_version: str
) -> dict[str, Any]:
    """The same as plain values."""
    account = result.account
    document = {
        "schema": SCHEMA,
        "engine": {"version": engine_version, "compiled": result.compiled},
        "strategy": {"name": result.strategy, "version": result.version},
        "plan_sha256": result.plan_sha256,
        "period": {
            "start": iso(result.start),
            "end": iso(result.end),
            "bars": len(result.curve.time),
            "years": metrics.years,
            "trading_days": metrics.trading_days,
            "days_per_year": metrics.days_per_year,
        },
        "data": [
            {
                "symbol": used.symbol,
                "timeframe": used.timeframe,
                "source": used.source,
                "sha256": used.sha256,
                "bars": used.bars,
                "first": iso(used.first),
                "last": iso(used.last),
                "synthetic": used.synthetic,
                "spread_stated": used.spread_stated,
            }
            for used in result.data
        ],
        "settings": [
            {
                "name": space.name,
                "value": result.settings.get(space.name, space.default),
                "unit": space.unit,
                "default": space.default,
                "low": space.low,
                "high": space.high,
                "step": space.step,
            }
            for space in plan.params
        ],
        "account": {
            "cash": account.cash,
            "currency": account.currency,
            "mode": account.mode,
            "leverage": account.leverage,
            "commission_per_lot": account.commission_per_lot,
            "slippage": account.slippage,
            "stop_out_percent": account.stop_out_percent,
            "swap": account.swap,
            "day_start": account.day_start,
        },
        "figures": _performance(metrics.strategy),
        "cash": _performance(metrics.cash),
        "benchmark": None
        if metrics.benchmark is None
        else {
            "name": metrics.benchmark.name,
            "title": metrics.benchmark.title,
            "note": metrics.benchmark.note,
            "figures": _performance(metrics.benchmark.performance),
        },
        "bootstrap": _bootstrap(metrics),
        "trades": _trades(metrics.trades) | {"ambiguous_percent": metrics.ambiguous_percent},
        "open_at_end": _trades(metrics.open_at_end),
        "exposure": {
            "time_in_market_percent": metrics.exposure.time_in_market_percent,
            "mean": metrics.exposure.mean,
            "most": metrics.exposure.most,
        },
        "turnover": {"traded": metrics.turnover.traded, "times_a_year": metrics.turnover.times_a_year},
        "costs": {
            "commission": metrics.costs.commission,
            "swap": metrics.costs.swap,
            "slippage": metrics.costs.slippage,
            "spread": metrics.costs.spread,
            "total": metrics.costs.total,
        },
        "by_rule": _groups(metrics.by_rule),
        "by_symbol": _groups(metrics.by_symbol),
        "by_side": _groups(metrics.by_side),
        "by_hour": _groups(metrics.by_hour),
        "by_weekday": _groups(metrics.by_weekday),
        "by_exit": _groups(metrics.by_exit),
        "months": [
            {
                "month": f"{month.year:04d}-{month.month:02d}",
                "return_percent": month.return_percent,
                "benchmark_percent": month.benchmark_percent,
            }
            for month in metrics.months
        ],
        "warnings": [{"code": c.code, "serious": c.serious, "text": c.text} for c in cautions],
        "undefined": dict(metrics.undefined),
        "events": dict(result.counts),
    }
    clean = _clean(document)
    assert isinstance(clean, dict)
    return clean


def _performance(figures: Performance) -> dict[str, Any]:
    return {
        "final": figures.final,
        "return_percent": figures.return_percent,
        "cagr_percent": figures.cagr_percent,
        "volatility_percent": figures.volatility_percent,
        "sharpe": figures.sharpe,
        "sortino": figures.sortino,
        "calmar": figures.calmar,
        "drawdown": _drawdown(figures.drawdown),
    }


def _drawdown(fall: Drawdown) -> dict[str, Any]:
    return {
        "depth_percent": fall.depth_percent,
        "start": None if fall.start is None else iso(fall.start),
        "bottom": None if fall.bottom is None else iso(fall.bottom),
        "recovered": None if fall.recovered is None else iso(fall.recovered),
        "bars": fall.bars,
        "days": fall.days,
        "recovery_days": fall.recovery_days,
        "longest_days": fall.longest_days,
    }


def _bootstrap(metrics: Metrics) -> dict[str, Any] | None:
    found = metrics.bootstrap
    if found is None:
        return None
    return {
        "sharpe": {"low": found.sharpe.low, "high": found.sharpe.high},
        "max_drawdown_percent": {"low": found.max_drawdown_percent.low, "high": found.max_drawdown_percent.high},
        "sharpe_not_positive_percent": found.sharpe_not_positive_percent,
        "level_percent": found.level_percent,
        "resamples": found.resamples,
        "mean_block_days": found.mean_block_days,
        "seed": found.seed,
    }


def _trades(figures: TradeFigures) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in figures.__dataclass_fields__}


def _groups(groups: Sequence[Group]) -> list[dict[str, Any]]:
    return [{"name": group.name} | _trades(group.figures) for group in groups]


def _clean(value: Any) -> Any:
    """Ten significant digits, text that every JSON reader takes."""
    if isinstance(value, dict):
        return {visible(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, float):
        return float(f"{value:.10g}") + 0.0
    return value


TRADE_COLUMNS = (
    "position", "symbol", "side", "rule", "entry_time", "entry_price", "exit_time", "exit_price", "exit_reason",
    "lots", "stop", "target", "risk", "profit", "commission", "swap", "slippage", "net", "r", "ambiguous",
    "bars_held", "mae", "mfe",
)  # fmt: skip


def trades_csv(result: BacktestResult) -> str:
    """All trades, one line each, in the order of their exits, with `\\n` line ends.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TRADE_COLUMNS)
    for trade in result.trades.rows():
        writer.writerow([_cell(name, getattr(trade, name)) for name in TRADE_COLUMNS])
    return out.getvalue()


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_time"):
        return iso(value)
    if isinstance(value, str):
        text = visible(value)
        return "'" + text if text[:1] in ("=", "+", "-", "@") else text
    return str(value) if isinstance(value, int) else f"{value + 0.0:.10g}"
