"""Validation of bars: each defect is named by its row, good bars pass and have a stable identity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from data.bars import COLUMNS, Bars, make_bars
from data.errors import SHOWN, DataError

Steady = Callable[..., Bars]
HOURS = [f"2017-03-15 {h:02}:00" for h in range(10)]


def columns_of(bars: Bars) -> dict[str, Any]:
    return {name: getattr(bars, name).copy() for name in COLUMNS}


def refusal(columns: dict[str, Any], **more: Any) -> DataError:
    with pytest.raises(DataError) as refused:
        make_bars("EURUSD", "H1", **columns, source="prices.csv", **more)
    return refused.value


@pytest.mark.parametrize(
    ("column", "value", "code", "says"),
    [
        ("open", np.nan, "RW706", "open is nan"),
        ("high", np.inf, "RW706", "high is inf"),
        ("close", -np.inf, "RW706", "close is -inf"),
        ("spread", np.nan, "RW706", "spread is nan"),
        ("low", 0.0, "RW707", "low is 0: a price is above zero"),
        ("open", -1.0, "RW707", "open is -1"),
        ("high", 1.0, "RW710", "high 1 is below low 1.0002"),
        ("open", 1.2, "RW710", "open 1.2 is above high 1.0006"),
        ("close", 1.0001, "RW710", "close 1.0001 is below low 1.0002"),
        ("spread", -0.0001, "RW711", "the ask is below the bid"),
        ("volume", np.inf, "RW706", "volume is inf"),
        ("volume", -1.0, "RW705", "volume is -1"),
    ],
)
def test_a_bad_value_is_named_with_its_row(column: str, value: float, code: str, says: str, steady: Steady) -> None:
    columns = columns_of(steady("EURUSD", "H1", HOURS))
    columns[column][3] = value
    error = refusal(columns)
    assert error.code == code
    assert error.problems[0].row == 3
    assert says in error.problems[0].text
    assert "bar 3" in error.sentence


def test_a_repeated_time_is_refused(steady: Steady) -> None:
    columns = columns_of(steady("EURUSD", "H1", HOURS))
    for name in ("ts_open", "ts_close"):
        columns[name][9] = columns[name][8]
    error = refusal(columns)
    assert error.code == "RW708"
    assert "2017-03-15 08:00 is there already" in error.sentence


def test_a_time_that_runs_backward_is_refused(steady: Steady) -> None:
    columns = columns_of(steady("EURUSD", "H1", HOURS))
    for name in ("ts_open", "ts_close"):
        columns[name][4], columns[name][5] = columns[name][5], columns[name][4]
    error = refusal(columns)
    assert error.code == "RW709"
    assert error.problems[0].row == 5


def test_bars_that_overlap_or_have_no_length_are_refused(steady: Steady) -> None:
    columns = columns_of(steady("EURUSD", "H1", HOURS))
    columns["ts_close"][2] += 1
    assert refusal(columns).code == "RW712"
    columns["ts_close"][2] = columns["ts_open"][2]
    assert refusal(columns).code == "RW713"


def test_lines_are_named_where_there_are_lines(steady: Steady) -> None:
    columns = columns_of(steady("EURUSD", "H1", HOURS))
    columns["low"][[2, 6]] = 0
    error = refusal(columns, line_of=lambda row: row + 2)
    assert [(p.row, p.line) for p in error.problems] == [(2, 4), (6, 8)]
    assert "line 4: low is 0" in error.sentence


def test_many_problems_are_counted_and_few_are_shown(steady: Steady) -> None:
    columns = columns_of(steady("EURUSD", "H1", HOURS))
    columns["low"][:] = 0
    error = refusal(columns)
    assert error.count == 10
    assert len(error.problems) == SHOWN
    assert "10 bad rows" in error.sentence
    assert "and 2 more" in error.sentence


def test_no_bars_are_refused() -> None:
    assert refusal({name: [] for name in COLUMNS}).code == "RW703"


def test_columns_of_different_lengths_are_a_mistake_of_the_program(steady: Steady) -> None:
    columns = columns_of(steady("EURUSD", "H1", HOURS))
    columns["close"] = columns["close"][:-1]
    with pytest.raises(ValueError, match="lengths"):
        make_bars("EURUSD", "H1", **columns, source="x")


def test_unknown_volume_is_allowed(steady: Steady) -> None:
    columns = columns_of(steady("EURUSD", "H1", HOURS))
    columns["volume"] = None
    assert np.isnan(make_bars("EURUSD", "H1", **columns, source="x").volume).all()


def test_the_hash_is_of_the_numbers_the_symbol_and_the_timeframe(steady: Steady) -> None:
    bars = steady("EURUSD", "H1", HOURS)
    columns = columns_of(bars)
    assert make_bars("EURUSD", "H1", **columns, source="elsewhere").sha256 == bars.sha256
    assert make_bars("GBPUSD", "H1", **columns, source="test").sha256 != bars.sha256
    columns["volume"][0] += 1
    assert make_bars("EURUSD", "H1", **columns, source="test").sha256 != bars.sha256


def test_the_hash_does_not_depend_on_how_it_was_computed(steady: Steady, monkeypatch: pytest.MonkeyPatch) -> None:
    bars = steady("EURUSD", "H1", HOURS)
    monkeypatch.setattr("data.bars._HASHED_IN_TURN", 0)
    assert steady("EURUSD", "H1", HOURS).sha256 == bars.sha256


def test_the_hash_is_pinned(steady: Steady) -> None:
    """A change of this value changes the identity of all data in every ledger."""
    bars = steady("EURUSD", "H1", HOURS[:2])
    assert bars.sha256 == "d59582f7dc9427130f1b3543b7f36f5e4601dd7381cfa9fb9e21d258f164e934"


def test_a_part_of_bars_is_bars(steady: Steady) -> None:
    bars = steady("EURUSD", "H1", HOURS)
    part = bars.span(2, 5)
    assert len(part) == 3
    assert part.sha256 == steady("EURUSD", "H1", HOURS).span(0, 5).span(2, 5).sha256 != bars.sha256
    assert bars.span(0, 10) is bars
    assert len(bars.until(int(bars.ts_close[3]))) == 4
    assert len(bars.until(int(bars.ts_close[3]) - 1)) == 3
