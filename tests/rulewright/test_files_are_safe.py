"""No command costs a user a file, and hostile text does not reach the terminal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DATA = ("--data", "samples/eurusd_h1.csv")


@pytest.fixture
def mine(rules: Path, tmp_path: Path) -> Path:
    """A strategy of the user's own."""
    path = tmp_path / "mine.rules"
    path.write_bytes((rules / "london_breakout.rules").read_bytes())
    return path


def test_an_output_never_replaces_a_strategy(rulewright: Callable, mine: Path) -> None:
    before = mine.read_bytes()
    run = rulewright("backtest", mine, *DATA, "--json", mine)
    assert run.status == 2
    assert "RW905" in run.err
    assert mine.read_bytes() == before


def test_an_output_never_replaces_the_prices(rulewright: Callable, mine: Path, tmp_path: Path) -> None:
    prices = tmp_path / "eurusd_h1.csv"
    prices.write_bytes((ROOT / "data" / "samples" / "eurusd_h1.csv").read_bytes())
    before = prices.read_bytes()
    run = rulewright("backtest", mine, "--data", prices, "--trades", prices)
    assert run.status == 2
    assert prices.read_bytes() == before


def test_two_outputs_need_two_files(rulewright: Callable, mine: Path, tmp_path: Path) -> None:
    run = rulewright("backtest", mine, *DATA, "--json", tmp_path / "o", "--trades", tmp_path / "o")
    assert run.status == 2
    assert not (tmp_path / "o").exists()


def test_strategies_of_one_name_are_not_written_over_each_other(
    rulewright: Callable, mine: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "mine.rules"
    other.parent.mkdir()
    other.write_bytes(mine.read_bytes())
    run = rulewright("backtest", mine, other, *DATA, "--json", tmp_path)
    assert run.status == 2
    assert "RW907" in run.err


def test_a_link_is_followed_and_stays_a_link(rulewright: Callable, mine: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.rules"
    link.symlink_to(mine)
    mine.write_text(mine.read_text(encoding="utf-8").replace("  when ", "     when "), encoding="utf-8")
    assert rulewright("fmt", link).status == 0
    assert link.is_symlink()
    assert rulewright("fmt", "--check", mine).status == 0


def test_what_is_no_ordinary_file_is_left_alone(rulewright: Callable, mine: Path) -> None:
    run = rulewright("backtest", mine, *DATA, "--json", "/dev/null")
    assert run.status == 2
    assert "RW904" in run.err
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("options", [("--json", "-", "--trades", "-"), ("--json", "-", "twice")])
def test_only_one_output_goes_to_the_screen(rulewright: Callable, mine: Path, options: tuple[str, ...]) -> None:
    words = [mine if word == "twice" else word for word in options]
    run = rulewright("backtest", mine, *words, *DATA)
    assert run.status == 2
    assert run.out == ""


@pytest.mark.parametrize(
    "words",
    [("--cash", "abc"), ("--nonsense",), ("--set", "reward=2", "--set", "reward=3"), ("--zone", "Mars")],
)
def test_options_that_mean_nothing_are_refused_with_a_code(
    rulewright: Callable, mine: Path, words: tuple[str, ...]
) -> None:
    run = rulewright("backtest", mine, *words)
    assert run.status == 2
    assert "RW907" in run.err


@pytest.mark.parametrize("words", [("--set", "reward=2"), ("--on", "GBPUSD"), ("--plan", "--at", "2017-03-15 07:00")])
def test_explain_does_not_ignore_options(rulewright: Callable, mine: Path, words: tuple[str, ...]) -> None:
    assert rulewright("explain", mine, *words).status == 2


def test_control_characters_do_not_reach_the_terminal(rulewright: Callable, tmp_path: Path) -> None:
    run = rulewright("check", tmp_path / "no\x1b]0;owned\x07file.rules")
    assert run.status == 2
    assert "\x1b" not in run.err
    assert "\x07" not in run.err


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    program = f"'{sys.executable}' -m rulewright"
    return subprocess.run(
        ["/bin/sh", "-c", command.replace("rulewright", program)],
        capture_output=True,
        cwd=ROOT,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix shell's redirections")
def test_a_closed_output_is_no_reason_to_fail_badly() -> None:
    run = shell("rulewright errors >&-")
    assert b"Traceback" not in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_the_output_is_said() -> None:
    run = shell("rulewright errors > /dev/full")
    assert run.returncode == 2
    assert b"RW904" in run.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix shell's pipes")
def test_a_reader_that_goes_away_is_no_error() -> None:
    run = shell("rulewright errors | head -1")
    assert run.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix shell")
def test_a_terminal_without_these_signs_still_shows_a_loss() -> None:
    run = shell("rulewright backtest rules/london_breakout.rules", PYTHONIOENCODING="ascii")
    assert b"-6." in run.stdout or b"lost" in run.stdout
    assert b"?6" not in run.stdout
