"""Times one bench strategy in a process of its own, so that “first” means first. Prints JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from data.load import load_bars
from data.market import Market
from dsl.compile import compile_text
from engine.backtest import Runner
from engine.result import Account

HERE = Path(__file__).parent
ACCOUNT = Account(cash=1_000_000.0)
WARM_RUNS = 5


def timed(work: Callable[[], object]) -> float:
    """CPU milliseconds of one call."""
    start = process_time()
    work()
    return (process_time() - start) * 1e3


def sweep_pairs() -> list[dict[str, float]]:
    """200 pairs of averages: 20 fast ones by 10 slow ones."""
    return [{"fast": float(fast), "slow": float(slow)} for fast in range(5, 25) for slow in range(50, 150, 10)]


def main(strategy: str, prices: str) -> None:
    market = Market(load_bars(prices).bars)
    rules = {"A": "a_sma_reversal", "B": "b_rsi_bracket", "C": "a_sma_reversal"}[strategy]
    compilation = compile_text((HERE / f"{rules}.rules").read_text(encoding="utf-8"))
    assert compilation.plan, compilation.diagnostics
    runner = Runner(compilation.plan, market, ACCOUNT)
    trades = 0

    def work() -> None:
        nonlocal trades
        runs = runner.sweep(sweep_pairs()) if strategy == "C" else [runner.run()]
        trades = sum(len(simulation.trades) for simulation in runs)

    first = timed(work)
    warm = sorted(timed(work) for _ in range(WARM_RUNS))

    bars = market.bars("EURUSD", "M1")
    once = sorted(timed(lambda: [c.sum() for c in (bars.open, bars.high, bars.low, bars.close)]) for _ in range(5))

    import talib

    calls: dict[str, Callable[[], object]] = {
        "A": lambda: (talib.SMA(bars.close, 20), talib.SMA(bars.close, 50)),
        "B": lambda: (talib.RSI(bars.close, 14), talib.ATR(bars.high, bars.low, bars.close, 14)),
        "C": lambda: [
            talib.SMA(bars.close, n)
            for n in sorted({int(p["fast"]) for p in sweep_pairs()} | {int(p["slow"]) for p in sweep_pairs()})
        ],
    }
    bare = sorted(timed(calls[strategy]) for _ in range(5))
    print(
        json.dumps(
            {
                "bars": len(bars),
                "trades": trades,
                "first": first,
                "warm": warm[0],
                "warm_median": warm[len(warm) // 2],
                "talib": bare[0],
                "one_pass": once[0],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
