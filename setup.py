"""Compiles the typed kernels; everything else is in pyproject.toml.

The kernels are ordinary Python files in Cython's pure-Python mode. Where there is no compiler the
build goes on without them and the same files run interpreted, slower. What was compiled, and from
which source, is written to `engine/compiled.json`, so that an edited file beside a stale extension
is noticed at import.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))

from engine.kernel_hash import source_hash  # noqa: E402 - the build may run in another folder

KERNELS = json.loads((ROOT / "engine" / "kernel_modules.json").read_text(encoding="utf-8"))


class BuildKernels(build_ext):
    """Builds each kernel, then records the hashes of the sources that were compiled."""

    def run(self) -> None:
        super().run()
        built = {}
        for extension in self.extensions:
            output = Path(self.get_ext_fullpath(extension.name))
            if output.exists():
                built[extension.name] = source_hash(ROOT, extension.name)
        target = ROOT / "engine" if self.inplace else Path(self.build_lib) / "engine"
        target.mkdir(parents=True, exist_ok=True)
        text = json.dumps(built, indent=1, sort_keys=True) + "\n"
        (target / "compiled.json").write_text(text, encoding="utf-8")


flags = ["/O2", "/fp:precise"] if sys.platform == "win32" else ["-O3", "-ffp-contract=off"]
setup(
    ext_modules=[
        Extension(
            name,
            [name.replace(".", "/") + ".py"],
            depends=sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("engine/*.pxd")),
            extra_compile_args=flags,
            optional=True,
        )
        for name in KERNELS
    ],
    cmdclass={"build_ext": BuildKernels},
    options={"build_ext": {"parallel": os.cpu_count() or 1}},
)
