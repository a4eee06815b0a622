"""Which typed kernels run compiled, and the guard against an extension older than its source.

Every kernel module is one ordinary Python file that gives the same bits compiled and interpreted.
A build records the hash of the source each extension was made from in `compiled.json`; where the
file beside it differs, the source itself is run, slower, because an edited kernel beside a stale
extension would otherwise change nothing and nobody would notice. Import kernels only through
`load`.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable
from functools import cache, wraps
from importlib.machinery import EXTENSION_SUFFIXES, SourceFileLoader
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent
LISTED = Path(__file__).with_name("kernel_modules.json")
RECORD = Path(__file__).with_name("compiled.json")

COMPILED = "compiled"


@cache
def load(name: str) -> ModuleType:
    """The kernel module `name` (`engine.kernels.windows`), compiled where that is right to use."""
    if state(name) == COMPILED:
        return importlib.import_module(name)
    package, _, short = name.rpartition(".")
    module = load_source(name, name)
    sys.modules[name] = module
    setattr(importlib.import_module(package), short, module)
    return module


def load_source(name: str, as_name: str) -> ModuleType:
    """Run the source of kernel module `name`, interpreted, as a new module called `as_name`.

    Its functions take arrays as they do when compiled; inside they see memoryviews, whose elements
    are plain Python numbers: faster than array scalars and free of their warnings.
    """
    loader = SourceFileLoader(as_name, str(_source(name)))
    spec = importlib.util.spec_from_loader(as_name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    for key, value in list(vars(module).items()):
        if isinstance(value, FunctionType) and value.__module__ == as_name and not key.startswith("_"):
            setattr(module, key, _over_memoryviews(value))
    return module


@cache
def state(name: str) -> str:
    """`compiled`, or why the module runs interpreted."""
    source = _source(name)
    if os.environ.get("RULEWRIGHT_INTERPRETED") == "1":
        return "interpreted: RULEWRIGHT_INTERPRETED is set"
    if not any(source.with_suffix(suffix).exists() for suffix in EXTENSION_SUFFIXES):
        return "interpreted: it was not compiled here"
    if not source.exists():
        return COMPILED
    if _recorded().get(name) != hashlib.sha256(source.read_bytes()).hexdigest():
        return "interpreted: its source changed after it was compiled; run `make build`"
    return COMPILED


def status() -> dict[str, str]:
    """`state` of every kernel module, by name."""
    names: list[str] = json.loads(LISTED.read_text(encoding="utf-8")) if LISTED.exists() else sorted(_recorded())
    return {name: state(name) for name in names}


def all_compiled() -> bool:
    """True when no kernel runs interpreted."""
    return all(value == COMPILED for value in status().values())


def _source(name: str) -> Path:
    return ROOT / (name.replace(".", "/") + ".py")


@cache
def _recorded() -> dict[str, str]:
    try:
        recorded: dict[str, str] = json.loads(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return recorded


def _over_memoryviews(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any) -> Any:
        return function(*[memoryview(arg) if hasattr(arg, "__array_interface__") else arg for arg in args])

    return call
