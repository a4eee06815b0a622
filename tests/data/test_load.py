"""Names of prices: real paths first, then what comes with Rulewright, and nothing outside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data.errors import DataError
from data.instruments import load_instruments
from data.load import load_bars, sample_names
from data.synthetic_sets import SETS


def refusal(name: str | Path, **stated: object) -> DataError:
    with pytest.raises(DataError) as refused:
        load_bars(name, **stated)  # type: ignore[arg-type]  # options by name
    return refused.value


def test_samples_work_in_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert sample_names() == ("samples/eurusd_h1.csv", "samples/us500_d1.csv")
    for name in sample_names():
        (bars,) = load_bars(name).bars
        assert bars.spread_stated
        assert not bars.synthetic
        assert bars.source.startswith(name)


def test_a_file_of_that_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samples").mkdir()
    text = "# symbol: GBPUSD\n# timeframe: H1\ntime,open,high,low,close\n2017-03-15T08:00:00Z,1.2,1.2,1.2,1.2\n"
    (tmp_path / "samples" / "eurusd_h1.csv").write_text(text, encoding="utf-8")
    assert load_bars("samples/eurusd_h1.csv").bars[0].symbol == "GBPUSD"


@pytest.mark.parametrize(
    "name",
    [
        "samples/../instruments.toml",
        "samples/../../pyproject.toml",
        "samples/",
        "samples/no.csv",
        "samples/x/../eurusd_h1.csv",
    ],
)
def test_samples_never_leave_their_folder(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    error = refusal(name)
    assert error.code == "RW726"
    assert "samples/eurusd_h1.csv" in error.hint


def test_what_is_not_there_or_no_price_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.csv").code == "RW726"
    assert refusal(tmp_path).code == "RW726"
    (tmp_path / "prices.xlsx").write_bytes(b"PK")
    assert refusal(tmp_path / "prices.xlsx").code == "RW728"


def test_generated_sets_by_name() -> None:
    assert [b.symbol for b in load_bars("synthetic/pair_h1").bars] == ["AUDUSD", "NZDUSD"]
    (only,) = load_bars("synthetic/pair_h1", symbol="NZDUSD").bars
    assert only.synthetic
    error = refusal("synthetic/nothing")
    assert error.code == "RW726"
    assert all(f"synthetic/{name}" in error.hint for name in SETS)
    assert refusal("synthetic/pair_h1", symbol="EURUSD").code == "RW721"


def test_a_generated_set_with_a_stated_spread() -> None:
    (bars,) = load_bars("synthetic/gold_m15", spread=3).bars
    assert np.allclose(bars.spread, 0.3)
    assert bars.synthetic
    assert bars.spread_stated


def test_instruments_of_ones_own_are_used(tmp_path: Path) -> None:
    shipped = Path("data/instruments.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(shipped[: shipped.index("[GBPUSD]")].replace("[EURUSD]", "[EURUSD_TEST]"), encoding="utf-8")
    path = tmp_path / "prices.csv"
    text = "# symbol: EURUSD_TEST\n# timeframe: H1\ntime,open,high,low,close\n2017-03-15T08:00:00Z,1.2,1.2,1.2,1.2\n"
    path.write_text(text, encoding="utf-8")
    assert load_bars(path, instruments=load_instruments(mine)).bars[0].symbol == "EURUSD_TEST"
