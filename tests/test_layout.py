"""Who may import whom. The table of `CONTRIBUTING.md`, enforced."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("dsl", "data", "engine", "llm", "web", "rulewright")
MAY_IMPORT = {
    "dsl": set(),
    "data": set(),
    "engine": {"dsl", "data"},
    "llm": {"dsl", "data", "engine.api"},
    "web": {"dsl", "data", "llm", "engine.api"},
    "rulewright": set(OURS),
}


def imports_of(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("package", OURS)
def test_a_package_imports_only_what_its_row_names(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    for source in sorted((ROOT / package).rglob("*.py")):
        for name in imports_of(source):
            if name.split(".")[0] in OURS:
                assert any(name == a or name.startswith(a + ".") for a in allowed), f"{source} imports {name}"


def test_relative_imports_are_not_used() -> None:
    for package in OURS:
        for source in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
                assert not (isinstance(node, ast.ImportFrom) and node.level), source


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("rulewright.cli", "numpy pandas talib pyarrow jinja2 rich lark pydantic"),
        ("dsl.compile", "numpy pandas talib pyarrow jinja2 rich pydantic"),
        ("engine.backtest", "pandas talib polars"),
    ],
)
def test_starting_a_command_loads_nothing_it_does_not_use(module: str, forbidden: str) -> None:
    script = f"import {module}, sys; print(*sorted(set('{forbidden}'.split()) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.split() == []


def test_no_init_file_below_tests() -> None:
    """One there would shadow the package of the same name."""
    assert not list((ROOT / "tests").rglob("__init__.py"))
