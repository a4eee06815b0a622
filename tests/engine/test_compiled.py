"""Kernels run compiled only from the very source that lies beside them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import numpy as np
import pytest

from engine import compiled

SOURCE = '''
"""A kernel."""
import cython

@cython.cfunc
def _twice(x: cython.double) -> cython.double:
    return 2 * x

def double(x: cython.double[::1], out: cython.double[::1]) -> None:
    for i in range(len(x)):
        out[i] = _twice(x[i])
'''


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The source of a kernel module `kit.kernel` in a folder of its own."""
    (tmp_path / "kit").mkdir()
    source = tmp_path / "kit" / "kernel.py"
    source.write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(compiled, "ROOT", tmp_path)
    monkeypatch.setattr(compiled, "RECORD", tmp_path / "compiled.json")
    monkeypatch.setattr(compiled, "LISTED", tmp_path / "kernel_modules.json")
    monkeypatch.delenv("RULEWRIGHT_INTERPRETED", raising=False)
    compiled.LISTED.write_text('["kit.kernel"]', encoding="utf-8")
    _forget()
    yield source
    _forget()


def _forget() -> None:
    for cached in (compiled.state, compiled._own_state, compiled._recorded, compiled._listed):
        cached.cache_clear()


def _pretend_it_was_built(source: Path) -> None:
    source.with_suffix(EXTENSION_SUFFIXES[0]).write_bytes(b"")
    record = {"kit.kernel": hashlib.sha256(source.read_bytes()).hexdigest()}
    compiled.RECORD.write_text(json.dumps(record), encoding="utf-8")


def test_without_an_extension_the_source_runs(kernel: Path) -> None:
    assert compiled.status() == {"kit.kernel": "interpreted: it was not compiled here"}
    out = np.empty(3)
    compiled.load_source("kit.kernel", "kit_kernel_source").double(np.array([1.0, 2.0, np.nan]), out)
    assert out.tolist()[:2] == [2.0, 4.0]


def test_an_extension_of_this_very_source_is_used(kernel: Path) -> None:
    _pretend_it_was_built(kernel)
    assert compiled.state("kit.kernel") == "compiled"
    assert compiled.all_compiled()


def test_an_edited_source_beside_a_stale_extension_is_noticed(kernel: Path) -> None:
    _pretend_it_was_built(kernel)
    kernel.write_text(SOURCE + "\n# edited\n", encoding="utf-8")
    assert "changed after it was compiled" in compiled.state("kit.kernel")
    assert not compiled.all_compiled()


def test_linked_modules_run_in_one_form(kernel: Path) -> None:
    """They call each other at C speed, which an interpreted one cannot answer."""
    _pretend_it_was_built(kernel)
    compiled.LISTED.write_text('["kit.kernel", "kit.other"]', encoding="utf-8")
    (kernel.parent / "other.py").write_text(SOURCE, encoding="utf-8")
    assert compiled.state("kit.kernel") == "compiled"
    for name in ("kernel", "other"):
        (kernel.parent / f"{name}.pxd").write_text("", encoding="utf-8")
    _forget()
    assert compiled.state("kit.kernel") == "interpreted: so is kit.other, which it is linked with"


@pytest.mark.parametrize("wish", ["", "1"])
def test_a_plain_import_gets_the_right_form(wish: str) -> None:
    script = (
        "from engine import compiled; import engine.kernels.windows as w;"
        "print(w.__file__.endswith('.py') == (compiled.state(w.__name__) != compiled.COMPILED), compiled.status())"
    )
    environment = {**os.environ, "RULEWRIGHT_INTERPRETED": wish}
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.startswith("True")
    assert ("RULEWRIGHT_INTERPRETED" in run.stdout) == (wish == "1")


def test_an_extension_without_a_record_is_not_trusted(kernel: Path) -> None:
    kernel.with_suffix(EXTENSION_SUFFIXES[0]).write_bytes(b"")
    assert compiled.state("kit.kernel") != "compiled"


def test_an_installation_without_sources_runs_its_extensions(kernel: Path) -> None:
    _pretend_it_was_built(kernel)
    kernel.unlink()
    assert compiled.state("kit.kernel") == "compiled"


def test_the_environment_can_ask_for_the_interpreted_form(kernel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pretend_it_was_built(kernel)
    monkeypatch.setenv("RULEWRIGHT_INTERPRETED", "1")
    assert compiled.state("kit.kernel") == "interpreted: RULEWRIGHT_INTERPRETED is set"
