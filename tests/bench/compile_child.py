"""Times the compiler on a long strategy in a process of its own. Prints JSON."""

from __future__ import annotations

import json
from time import process_time

LINES = 100


def long_strategy() -> str:
    """A strategy of 100 lines, denser than the shipped ones (11 words, numbers and signs a line to their 5)."""
    head = [
        'strategy "Bench: a long strategy" version 1',
        "trade EURUSD on H1",
        "edge",
        '  exploits "Nothing: this strategy measures the compiler."',
        '  fails    "Everywhere."',
    ]
    tail = [
        "enter long called up",
        "  when at least 3 of (c1, c2, c3, c4, c5)",
        "   and close > a1 on D1",
        "  risk 1% of equity",
        "  stop 2 * atr(14)",
        "  target 3R",
        "exit long called down",
        "  when rsi(14) crosses below 45",
        "manage",
        "  move stop to breakeven once profit reaches 1R",
        "  trail stop by 2 * atr(14) step 5 pips once profit reaches 2R",
    ]
    room = LINES - len(head) - len(tail)
    lets = []
    for i in range(1, room // 2 + 1):
        lets.append(f"let a{i} = ema(close, {10 + i}) + {i} * atr({5 + i})")
        lets.append(f"let c{i} = close crosses above a{i}")
    tail[1] = f"  when at least 3 of ({', '.join(f'c{i}' for i in range(1, room // 2 + 1))})"
    text = "\n".join(head + lets + tail + [""] * (room % 2))
    return text + "\n"


def main() -> None:
    start = process_time()
    from dsl.compile import compile_text

    compile_text('strategy "warm" version 1\n')
    load = (process_time() - start) * 1e3
    text = long_strategy()
    times = []
    for _ in range(20):
        start = process_time()
        compilation = compile_text(text)
        times.append((process_time() - start) * 1e3)
        assert not [d for d in compilation.diagnostics if d.severity == "error"], compilation.diagnostics
    print(json.dumps({"lines": text.count("\n"), "load": load, "first": times[0], "warm": min(times)}))


if __name__ == "__main__":
    main()
