"""The spread of a file: possible ones pass, ones in the wrong unit are refused by line, asks give it too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from data.errors import DataError
from data.load import load_bars

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(spreads: list[object], column: str = "spread", symbol: str = "EURUSD", price: float = 1.06) -> Path:
        rows = [
            f"2017-03-15T{hour:02}:00:00Z,{price},{price * 1.01:.5f},{price * 0.99:.5f},{price},{spread}\n"
            for hour, spread in enumerate(spreads)
        ]
        path = tmp_path / "prices.csv"
        head = f"# symbol: {symbol}\n# timeframe: H1\ntime,open,high,low,close,{column}\n"
        path.write_text(head + "".join(rows), encoding="utf-8")
        return path

    return put


def refusal(path: Path | str, **stated: object) -> DataError:
    with pytest.raises(DataError) as refused:
        load_bars(path, **stated)  # type: ignore[arg-type]  # options by name
    return refused.value


@pytest.mark.parametrize(
    ("symbol", "price", "spread"),
    [
        ("EURUSD", 1.06, 8),
        ("EURUSD", 1.06, 0.5),
        ("EURUSD", 1.06, 0.01),
        ("USDJPY", 113.0, 8),
        ("USDJPY", 113.0, 0.9),
        ("XAUUSD", 1204.0, 25),
        ("US500", 2375.0, 50),
    ],
)
def test_a_column_in_points_or_pips_is_refused_by_line(write: Write, symbol: str, price: float, spread: float) -> None:
    error = refusal(write([spread] * 6, symbol=symbol, price=price))
    assert error.code == "RW734"
    assert error.count == 6
    assert error.problems[0].line == 4
    assert f"spread {spread}" in error.sentence
    assert "points or pips" in error.hint


def test_one_absurd_spread_among_good_ones(write: Write) -> None:
    error = refusal(write([0.0001] * 5 + [8]))
    assert [problem.line for problem in error.problems] == [9]


def test_the_spreads_of_a_crisis_pass(write: Write) -> None:
    """A few bars at hundreds of pips do not make the column one of points."""
    (bars,) = load_bars(write([0.0001] * 6 + [0.05, 0.03, 0.012])).bars
    assert bars.spread.max() == pytest.approx(0.05)


@pytest.mark.parametrize("name", ["samples/eurusd_h1.csv", "synthetic/pair_h1"])
def test_a_stated_spread_has_a_bound_in_typical_ones(name: str) -> None:
    error = refusal(name, spread=500)
    assert error.code == "RW732"
    assert "500 pips" in error.sentence
    assert "points" in error.hint
    assert load_bars(name, spread=20).bars[0].spread[0] == pytest.approx(0.002)


def test_an_ask_at_the_close_gives_the_spread(write: Write) -> None:
    (bars,) = load_bars(write([1.0601, 1.0602], "ask")).bars
    assert np.allclose(bars.spread, [0.0001, 0.0002], rtol=1e-9)
    assert not bars.spread_stated
    error = refusal(write([1.0601, 1.0599], "ask"))
    assert error.code == "RW711"
    assert "line 5" in error.sentence


def test_columns_that_are_not_read_are_named(write: Write) -> None:
    loaded = load_bars(write(["0.0001,5,x"], "spread,Ask,note"))
    (warning,) = [w for w in loaded.warnings if w.code == "RW768"]
    assert "columns were not read: “Ask”, “note”" in warning.sentence
    assert "RW768" not in [w.code for w in load_bars(write([0.0001])).warnings]
