"""What a compiled kernel was made from, in one hash: written by the build, compared at import."""

from __future__ import annotations

import hashlib
from pathlib import Path


def source_hash(root: Path, name: str) -> str:
    """SHA-256 of the source of kernel module `name` below `root`.

    A module with a `.pxd` is linked with the others that have one, so all of those count as well.
    """
    source = root / (name.replace(".", "/") + ".py")
    digest = hashlib.sha256(source.read_bytes())
    if source.with_suffix(".pxd").exists():
        for declared in sorted(source.parent.glob("*.pxd")):
            digest.update(declared.read_bytes())
    return digest.hexdigest()
