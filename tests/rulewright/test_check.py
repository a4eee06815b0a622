"""`rulewright check`: right, not usable, and whether the prices are there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path


def test_every_shipped_strategy_is_right(rulewright: Callable, rules: Path) -> None:
    run = rulewright("check", *sorted(rules.glob("*.rules")))
    assert run.status == 0
    assert run.out.count(": right") == len(list(rules.glob("*.rules")))
    assert run.err == ""


def test_a_mistake_is_shown_with_its_line_and_ends_with_status_1(rulewright: Callable, broken: Path) -> None:
    run = rulewright("check", broken)
    assert run.status == 1
    assert "RW3" in run.err or "RW4" in run.err
    assert "25" in run.err
    assert "not usable" in run.out


def test_json_names_file_plan_and_findings(rulewright: Callable, rules: Path, broken: Path) -> None:
    run = rulewright("check", "--json", rules / "london_breakout.rules", broken)
    good, bad = json.loads(run.out)
    assert len(good["plan_sha256"]) == 64
    assert good["diagnostics"] == []
    assert bad["plan_sha256"] is None
    assert bad["diagnostics"][0]["severity"] == "error"


def test_with_prices_it_says_that_all_is_there(rulewright: Callable, rules: Path) -> None:
    run = rulewright("check", rules / "london_breakout.rules", "--data", "samples/eurusd_h1.csv")
    assert run.status == 0
    assert "there: EURUSD H1" in run.out
    assert "missing" not in run.out


def test_with_other_prices_it_names_what_is_missing(rulewright: Callable, rules: Path) -> None:
    run = rulewright("check", rules / "london_breakout.rules", "--data", "samples/us500_d1.csv")
    assert run.status == 1
    assert "EURUSD" in run.out


def test_a_file_that_is_not_there(rulewright: Callable, tmp_path: Path) -> None:
    run = rulewright("check", tmp_path / "nothing.rules")
    assert run.status == 2
    assert "RW901" in run.err


def test_a_folder_instead_of_a_file(rulewright: Callable, tmp_path: Path) -> None:
    run = rulewright("check", tmp_path)
    assert run.status == 2
    assert "RW902" in run.err


def test_a_file_that_is_not_text(rulewright: Callable, tmp_path: Path) -> None:
    path = tmp_path / "picture.rules"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    run = rulewright("check", path)
    assert run.status == 2
    assert "RW903" in run.err


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(
    rulewright: Callable, rules: Path, tmp_path: Path
) -> None:
    text = (rules / "london_breakout.rules").read_text(encoding="utf-8")
    path = tmp_path / "windows.rules"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    plain, windows = rulewright("check", rules / "london_breakout.rules"), rulewright("check", path)
    assert windows.status == 0
    assert windows.out.split("Plan ")[1] == plain.out.split("Plan ")[1]
