"""`make bench`: speed and memory, measured in fresh processes beside a yardstick of the same run.

CPU milliseconds for evaluate, decide and the trade list: first call in a process, and the best of
five more. “TA-Lib” is the bare calls the strategy needs, “one pass” is summing the four price
columns, both in the same process. Whole processes are measured by the operating system's own
accounting of the finished child.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent.parent
SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
TARGETS_MS = {("A", "1M"): 12.0, ("B", "1M"): 20.0, ("C", "100k"): 100.0}


def child(*args: str) -> tuple[str, float, float, float]:
    """Run a command: its output, wall seconds, CPU seconds, peak memory in MB."""
    start = perf_counter()
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # as the command line sets it
    process = subprocess.Popen([sys.executable, *args], stdout=subprocess.PIPE, cwd=ROOT, text=True, env=environment)
    assert process.stdout
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(args)} failed with status {process.returncode}")
    scale = 1 / 1024 if sys.platform.startswith("linux") else 1 / 1024 / 1024
    return output, perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale


def engine_rows(folder: Path) -> list[str]:
    rows = []
    for name in SIZES:
        for strategy in "ABC":
            if strategy == "C" and name == "1M":
                continue
            output, *_ = child("-m", "tests.bench.engine_child", strategy, str(folder / f"{name}.parquet"))
            m = json.loads(output)
            target = TARGETS_MS.get((strategy, name))
            verdict = "" if target is None else f"{target:g} ms: {'hit' if m['first'] <= target else 'miss'}"
            rows.append(
                f"| {strategy} | {name} | {m['trades']} | {m['first']:.1f} | {m['warm']:.1f} | {m['talib']:.1f} "
                f"| {m['one_pass']:.1f} | {m['warm'] / m['talib']:.1f} | {verdict} |"
            )
    return rows


def process_rows(folder: Path) -> list[str]:
    rows = []
    for name in SIZES:
        for strategy, rules in (("A", "a_sma_reversal"), ("B", "b_rsi_bracket")):
            command = ("-m", "rulewright", "backtest", f"tests/bench/{rules}.rules")
            options = ("--data", str(folder / f"{name}.parquet"), "--cash", "1000000", "--json", "-")
            runs = [child(*command, *options) for _ in range(3)]
            wall, cpu, peak = (min(r[i] for r in runs) for i in (1, 2, 3))
            verdict = ""
            if name == "1M":
                verdict = f"1 s, 250 MB: {'hit' if wall <= 1 and peak <= 250 else 'miss'}"
            rows.append(f"| {strategy} | {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {verdict} |")
    return rows


def cold_start() -> str:
    walls = sorted(child("-m", "rulewright", "check", "rules/london_breakout.rules")[1] for _ in range(9))
    best, middle = walls[0] * 1e3, statistics.median(walls) * 1e3
    return f"`rulewright check` from a cold start: best {best:.0f} ms, median {middle:.0f} ms (target 250 ms)."


def compile_time() -> str:
    output, *_ = child("-m", "tests.bench.compile_child")
    m = json.loads(output)
    return (
        f"Compiling {m['lines']} lines: first {m['first']:.1f} ms, warm {m['warm']:.1f} ms CPU (target 10 ms), "
        f"after {m['load']:.0f} ms for loading the parser."
    )


def main() -> None:
    """Print everything as Markdown, ready for docs/performance.md."""
    from engine.compiled import all_compiled

    kernels = "compiled" if all_compiled() else "INTERPRETED"
    print(f"Python {platform.python_version()} on {platform.machine()}, kernels {kernels}.\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        child("-m", "tests.bench.make_prices", str(folder), *map(str, SIZES.values()))
        print("| strategy | bars | trades | first ms | warm ms | TA-Lib ms | one pass ms | warm / TA-Lib | target |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        print("\n".join(engine_rows(folder)), flush=True)
        print("\n| `backtest --json` | bars | wall s | CPU s | peak MB | target |")
        print("| --- | --- | --- | --- | --- | --- |")
        print("\n".join(process_rows(folder)), flush=True)
    print(f"\n{compile_time()}\n\n{cold_start()}")


if __name__ == "__main__":
    main()
