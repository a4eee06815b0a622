"""The typed modules of `decide` as one whole: all compiled, or all interpreted.

They call each other at C speed and share the layout of their classes, so that a compiled one cannot
work with the source of another. The order of `MODULES` is that of their imports.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from types import ModuleType, SimpleNamespace

from engine.compiled import COMPILED, load_source, state

MODULES = (
    "engine.pointers",
    "engine.instructions",
    "engine.state",
    "engine.expressions",
    "engine.sizing",
    "engine.positions",
    "engine.fills",
    "engine.manage",
    "engine.decide",
    "engine.stepping",
)


@cache
def kernel() -> SimpleNamespace:
    """Everything public in the typed modules, compiled where all of them are current."""
    if all(state(name) == COMPILED for name in MODULES):
        return _gathered([importlib.import_module(name) for name in MODULES])
    for name in MODULES:
        sys.modules[name] = load_source(name, name)
        setattr(importlib.import_module("engine"), name.rpartition(".")[2], sys.modules[name])
    return _gathered([sys.modules[name] for name in MODULES])


def interpreted() -> SimpleNamespace:
    """The same from the sources, whatever is compiled; the modules in use stay as they are."""
    kept = {name: sys.modules.get(name) for name in MODULES}
    try:
        for name in MODULES:
            sys.modules[name] = load_source(name, name)
        return _gathered([sys.modules[name] for name in MODULES])
    finally:
        for name, module in kept.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def _gathered(modules: list[ModuleType]) -> SimpleNamespace:
    names: dict[str, object] = {}
    for module in modules:
        names |= {key: value for key, value in vars(module).items() if not key.startswith("_")}
    return SimpleNamespace(**names)
