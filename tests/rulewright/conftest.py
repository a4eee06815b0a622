"""The command line, run in this process as a user would run it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rulewright.cli import main

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def rulewright(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """`rulewright("check", path)` → its exit status and what it printed."""

    def run(*args: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["rulewright", *map(str, args)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main()
        captured = capsys.readouterr()
        code = exit_.value.code
        status = code if isinstance(code, int) else int(code is not None)
        assert "Traceback" not in captured.err
        return Run(status, captured.out, captured.err)

    return run


@pytest.fixture
def rules() -> Path:
    """The folder of shipped strategies."""
    return ROOT / "rules"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A strategy with one mistake: a stop that says no unit."""
    text = (ROOT / "rules" / "two_step_setup.rules").read_text(encoding="utf-8")
    lines = [("  stop 25" if line.strip().startswith("stop ") else line) for line in text.splitlines()]
    path = tmp_path / "broken.rules"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
