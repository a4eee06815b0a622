"""`rulewright new` and `rulewright fmt`: files are made and laid out, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


def test_a_new_strategy_is_right_and_in_layout(rulewright: Callable, tmp_path: Path) -> None:
    made = rulewright("new", "first_try", "--folder", tmp_path)
    path = tmp_path / "first_try.rules"
    assert made.status == 0
    assert str(path) in made.out
    assert rulewright("check", path).status == 0
    assert rulewright("fmt", "--check", path).status == 0


def test_new_does_not_overwrite(rulewright: Callable, tmp_path: Path) -> None:
    path = tmp_path / "mine.rules"
    path.write_text("my work", encoding="utf-8")
    run = rulewright("new", "mine", "--folder", tmp_path)
    assert run.status == 2
    assert "RW905" in run.err
    assert path.read_text(encoding="utf-8") == "my work"


@pytest.mark.parametrize("name", ["../escape", "1st", "a b", "con", "LPT1", "", "x" * 80, "a/b"])
def test_names_that_cannot_be_files_are_refused(rulewright: Callable, tmp_path: Path, name: str) -> None:
    run = rulewright("new", name, "--folder", tmp_path)
    assert run.status == 2
    assert "RW906" in run.err
    assert list(tmp_path.iterdir()) == []


def test_new_says_when_the_folder_is_not_there(rulewright: Callable, tmp_path: Path) -> None:
    run = rulewright("new", "one", "--folder", tmp_path / "nowhere")
    assert run.status == 2
    assert "RW904" in run.err


def test_fmt_lays_out_and_keeps_the_plan(rulewright: Callable, rules: Path, tmp_path: Path) -> None:
    source = (rules / "london_breakout.rules").read_text(encoding="utf-8")
    path = tmp_path / "messy.rules"
    path.write_text(source.replace("\n  ", "\n      ").replace(" = ", "="), encoding="utf-8")
    before = rulewright("check", path).out.split("Plan ")[1]
    assert rulewright("fmt", "--check", path).status == 1
    assert rulewright("fmt", path).status == 0
    assert rulewright("fmt", "--check", path).status == 0
    assert rulewright("check", path).out.split("Plan ")[1] == before


def test_fmt_leaves_what_it_cannot_read(rulewright: Callable, tmp_path: Path) -> None:
    path = tmp_path / "odd.rules"
    path.write_text('strategy "x" version 1\nenter sideways\n', encoding="utf-8")
    run = rulewright("fmt", path)
    assert run.status == 1
    assert "left as it is" in run.err
    assert path.read_text(encoding="utf-8") == 'strategy "x" version 1\nenter sideways\n'
