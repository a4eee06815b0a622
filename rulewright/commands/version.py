"""`rulewright --version`."""

from __future__ import annotations

import platform

from dsl.plan import LANGUAGE_VERSION, PLAN_FORMAT
from engine.compiled import all_compiled, status
from rulewright import __version__


def version_text() -> str:
    """Versions that decide what a result means, and whether the kernels run compiled."""
    formats = f"language {LANGUAGE_VERSION}, Plan format {PLAN_FORMAT}"
    lines = [f"Rulewright {__version__} ({formats}), Python {platform.python_version()}"]
    if all_compiled():
        lines.append("Kernels: compiled.")
    else:
        lines += [f"Kernel {name}: {state}." for name, state in status().items()]
    return "\n".join(lines)
