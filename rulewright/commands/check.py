"""`rulewright check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rulewright.compiling import compile_rules
from rulewright.console import green, note, out, red, use_colour
from rulewright.files import read_rules
from rulewright.prices import PriceSource
from rulewright.refusals import FOUND


def run(files: list[Path], source: PriceSource, as_json: bool) -> int:
    """Compile each file, show every finding; with prices, name what the strategy misses."""
    status = 0
    reports: list[dict[str, Any]] = []
    for path in files:
        text = read_rules(path)
        compilation = compile_rules(text)
        plan = compilation.plan
        if plan is None:
            status = FOUND
        if as_json:
            from dsl.render import to_records

            reports.append(
                {
                    "file": str(path),
                    "plan_sha256": plan.sha256 if plan else None,
                    "diagnostics": to_records(text, compilation.diagnostics),
                }
            )
        else:
            if compilation.diagnostics:
                from dsl.render import render_text

                note(render_text(text, compilation.diagnostics, str(path), colour=use_colour()))
            out(_verdict(path, plan.sha256 if plan else None, len(compilation.diagnostics)))
        if plan and source.paths:
            from data.needs import check_needs

            met, gaps = check_needs(plan.needs, plan.trade.symbols, source.market())
            if as_json:
                reports[-1]["sources"] = [
                    *({"kind": s.kind, "name": s.name, "there": True, "sentence": s.sentence} for s in met),
                    *({"kind": g.kind, "name": g.name, "there": not g.stops, "sentence": g.sentence} for g in gaps),
                ]
            else:
                for there in met:
                    out(f"  there: {there.sentence}")
                for line in dict.fromkeys(f"{g.sentence} {g.hint}".rstrip() for g in gaps if not g.stops):
                    out(f"  there, but short: {line}")
                for line in dict.fromkeys(f"{g.sentence} {g.hint}".rstrip() for g in gaps if g.stops):
                    out(f"  {red('missing')}: {line}")
            if any(gap.stops for gap in gaps):
                status = FOUND
    if as_json:
        out(json.dumps(reports, indent=1, sort_keys=True, ensure_ascii=False))
    return status


def _verdict(path: Path, sha256: str | None, findings: int) -> str:
    if sha256 is None:
        return f"{path}: {red('not usable')}, {findings} {'finding' if findings == 1 else 'findings'} above."
    warnings = f" with {findings} {'warning' if findings == 1 else 'warnings'}" if findings else ""
    return f"{path}: {green('right')}{warnings}. Plan {sha256[:12]}."
