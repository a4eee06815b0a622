"""The typed modules of `decide` as one whole.

They call each other at C speed and share the layout of their classes; `engine.compiled` sees to it
that either all of them run compiled or none does. The order of `MODULES` is that of their imports.
"""

from __future__ import annotations

import sys
from functools import cache
from types import ModuleType, SimpleNamespace

from engine.compiled import load, load_source

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
    """Everything public in the typed modules, in the form they run in."""
    return _gathered([load(name) for name in MODULES])


def interpreted() -> SimpleNamespace:
    """The same from the sources, whatever is compiled; the modules in use stay as they are."""
    kernel()
    kept = {name: sys.modules[name] for name in MODULES}
    try:
        for name in MODULES:
            sys.modules[name] = load_source(name, name)
        return _gathered([sys.modules[name] for name in MODULES])
    finally:
        sys.modules.update(kept)


def _gathered(modules: list[ModuleType]) -> SimpleNamespace:
    names: dict[str, object] = {}
    for module in modules:
        names |= {key: value for key, value in vars(module).items() if not key.startswith("_")}
    return SimpleNamespace(**names)
