"""Writes the bench's generated prices: EURUSD M1 of the asked lengths, as Parquet."""

from __future__ import annotations

import sys
from pathlib import Path

from data.store import write_parquet
from data.synthetic import generate

NAMES = {10_000: "10k", 100_000: "100k", 1_000_000: "1M"}


def main(folder: str, *sizes: str) -> None:
    for size in sizes:
        (bars,) = generate("eurusd_m1", seed=7, bars=int(size))
        write_parquet(bars, Path(folder) / f"{NAMES[int(size)]}.parquet")


if __name__ == "__main__":
    main(*sys.argv[1:])
