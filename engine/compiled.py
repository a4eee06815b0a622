"""Which typed kernels run compiled, and the guard against an extension older than its source.

Every kernel module is one ordinary Python file that gives the same bits compiled and interpreted.
A build records the hash of the source each extension was made from in `compiled.json`; where the
file beside it differs, the source itself is run, slower, because an edited kernel beside a stale
extension would otherwise change nothing and nobody would notice.

Modules with a `.pxd` file beside them call each other at C speed, so they run in one form: as soon
as one of them must be interpreted, all are.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache, wraps
from importlib.abc import MetaPathFinder
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from engine.kernel_hash import source_hash

ROOT = Path(__file__).parent.parent
LISTED = Path(__file__).with_name("kernel_modules.json")
RECORD = Path(__file__).with_name("compiled.json")

COMPILED = "compiled"


def load(name: str) -> ModuleType:
    """The kernel module `name` (`engine.kernels.windows`), compiled where that is right to use."""
    return importlib.import_module(name)


def load_source(name: str, as_name: str) -> ModuleType:
    """Run the source of kernel module `name`, interpreted, as a new module called `as_name`."""
    spec = importlib.util.spec_from_loader(as_name, _Interpreted(as_name, str(_source(name))))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def state(name: str) -> str:
    """`compiled`, or why the module runs interpreted."""
    own = _own_state(name)
    if own == COMPILED and _linked(name):
        for other in _listed():
            if other != name and _linked(other) and _own_state(other) != COMPILED:
                return f"interpreted: so is {other}, which it is linked with"
    return own


def status() -> dict[str, str]:
    """`state` of every kernel module, by name."""
    return {name: state(name) for name in _listed()}


def all_compiled() -> bool:
    """True when no kernel runs interpreted."""
    return all(value == COMPILED for value in status().values())


@cache
def _own_state(name: str) -> str:
    source = _source(name)
    if os.environ.get("RULEWRIGHT_INTERPRETED") == "1":
        return "interpreted: RULEWRIGHT_INTERPRETED is set"
    if not any(source.with_suffix(suffix).exists() for suffix in EXTENSION_SUFFIXES):
        return "interpreted: it was not compiled here"
    if not source.exists():
        return COMPILED
    if _recorded().get(name) != source_hash(ROOT, name):
        return "interpreted: its source changed after it was compiled; run `make build`"
    return COMPILED


def _source(name: str) -> Path:
    return ROOT / (name.replace(".", "/") + ".py")


def _linked(name: str) -> bool:
    return _source(name).with_suffix(".pxd").exists()


@cache
def _listed() -> tuple[str, ...]:
    if not LISTED.exists():
        return tuple(sorted(_recorded()))
    return tuple(json.loads(LISTED.read_text(encoding="utf-8")))


@cache
def _recorded() -> dict[str, str]:
    try:
        recorded: dict[str, str] = json.loads(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return recorded


class _Interpreted(SourceFileLoader):
    """Runs a kernel's source. Functions of a kernel that stands alone take arrays as they do when
    compiled; inside they see memoryviews, whose elements are plain Python numbers: faster than
    array scalars and free of their warnings."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if Path(self.path).with_suffix(".pxd").exists():
            return
        for key, value in list(vars(module).items()):
            if isinstance(value, FunctionType) and value.__module__ == module.__name__ and not key.startswith("_"):
                setattr(module, key, _over_memoryviews(value))


def _over_memoryviews(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any) -> Any:
        return function(*[memoryview(arg) if hasattr(arg, "__array_interface__") else arg for arg in args])

    return call


class _Finder(MetaPathFinder):
    """Makes every import of a kernel get the form that `state` says, not the one found first."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith("engine.") or fullname not in _listed() or state(fullname) == COMPILED:
            return None
        source = str(_source(fullname))
        return importlib.util.spec_from_file_location(fullname, source, loader=_Interpreted(fullname, source))


sys.meta_path.insert(0, _Finder())
