"""`rulewright backtest`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

EURUSD = ("--data", "samples/eurusd_h1.csv")


@pytest.fixture
def breakout(rules: Path) -> Path:
    """A strategy on EURUSD H1."""
    return rules / "london_breakout.rules"


def test_it_says_what_came_of_it(rulewright: Callable, breakout: Path) -> None:
    run = rulewright("backtest", breakout, *EURUSD)
    assert run.status == 0
    assert "From 2 Jan 2017 to 29 Dec 2017 the strategy".replace(" ", "") in "".join(run.out.split())
    assert "Benchmark" in run.out


def test_without_data_it_uses_what_the_examples_name(rulewright: Callable, breakout: Path) -> None:
    assert rulewright("backtest", breakout).out == rulewright("backtest", breakout, *EURUSD).out


def test_report_figures_and_trades_are_written(rulewright: Callable, breakout: Path, tmp_path: Path) -> None:
    page, figures, trades = tmp_path / "r.html", tmp_path / "r.json", tmp_path / "t.csv"
    run = rulewright("backtest", breakout, *EURUSD, "--html", page, "--json", figures, "--trades", trades)
    assert run.status == 0
    assert page.read_text(encoding="utf-8").startswith("<!")
    document = json.loads(figures.read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO(trades.read_text(encoding="utf-8"))))
    assert document["strategy"]["name"] == "London breakout"
    assert len(rows) > 50


def test_the_same_run_writes_the_same_bytes(rulewright: Callable, breakout: Path, tmp_path: Path) -> None:
    def written(name: str) -> list[bytes]:
        targets = [tmp_path / f"{name}{suffix}" for suffix in (".html", ".json", ".csv")]
        options = zip(("--html", "--json", "--trades"), targets, strict=True)
        rulewright("backtest", breakout, *EURUSD, *(word for pair in options for word in pair))
        return [target.read_bytes() for target in targets]

    assert written("first") == written("second")


def test_json_on_the_screen_is_only_json(rulewright: Callable, breakout: Path) -> None:
    run = rulewright("backtest", breakout, *EURUSD, "--json", "-")
    assert json.loads(run.out)["schema"] == 1


def test_several_strategies_write_into_a_folder(rulewright: Callable, rules: Path, tmp_path: Path) -> None:
    files = (rules / "london_breakout.rules", rules / "session_fade.rules")
    assert rulewright("backtest", *files, "--json", tmp_path).status == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["london_breakout.json", "session_fade.json"]
    refused = rulewright("backtest", *files, "--json", tmp_path / "one.json")
    assert refused.status == 2
    assert "RW907" in refused.err


def test_a_setting_changes_the_run_and_stands_in_the_result(rulewright: Callable, breakout: Path) -> None:
    run = rulewright("backtest", breakout, *EURUSD, "--set", "at_risk=1%", "--set", "reward=2", "--json", "-")
    assert run.status == 0
    text = run.out
    assert text != rulewright("backtest", breakout, *EURUSD, "--json", "-").out
    settings = json.loads(text)["settings"]
    values = {s["name"]: s["value"] for s in settings} if isinstance(settings, list) else settings
    assert "2" in json.dumps(values["reward"])


def test_costs_make_it_worse(rulewright: Callable, breakout: Path) -> None:
    def end(*options: str) -> float:
        run = rulewright("backtest", breakout, *EURUSD, "--json", "-", *options)
        return float(json.loads(run.out)["figures"]["final"])

    plain = end()
    assert end("--commission", "7") < plain
    assert end("--slippage", "points:5") < plain
    assert end("--spread", "3") < plain


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--from", "2030-01-01"), "RW806"),
        (("--from", "2017-06-03", "--to", "2017-06-03"), "RW806"),
        (("--from", "2017-06-01", "--to", "2017-01-01"), "RW907"),
        (("--from", "soon"), "RW907"),
        (("--set", "reward"), "RW907"),
        (("--set", "reward=99"), "RW802"),
        (("--set", "luck=1"), "RW801"),
        (("--set", "at_risk=1 pips"), "RW803"),
        (("--cash", "0"), "RW807"),
        (("--cash", "nan"), "RW807"),
        (("--mode", "both"), "RW807"),
        (("--slippage", "some"), "RW807"),
        (("--commission", "-1"), "RW807"),
        (("--leverage", "0"), "RW807"),
        (("--currency", "dollars"), "RW807"),
        (("--currency", "XXX"), "RW723"),
        (("--html", "/nowhere/at/all.html"), "RW904"),
        (("--html", "-"), "RW907"),
        (("--data", "nothing.csv"), "RW726"),
        (("--data", "synthetic/nothing"), "RW7"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_done_is_refused_with_a_code(
    rulewright: Callable, breakout: Path, options: tuple[str, ...], code: str
) -> None:
    data = () if "--data" in options else EURUSD
    run = rulewright("backtest", breakout, *data, *options)
    assert run.status == 2
    assert code in run.err
    assert run.out == ""


def test_a_folder_is_not_overwritten_by_a_report(rulewright: Callable, breakout: Path, tmp_path: Path) -> None:
    run = rulewright("backtest", breakout, *EURUSD, "--html", tmp_path)
    assert run.status == 2
    assert "RW904" in run.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("time,open,high,low,close,volume,spread\n", "RW7"),
        ("", "RW7"),
        ("time,open,high,low\n2017-01-02 00:00,1,1,1\n", "RW7"),
        ("time,open,high,low,close\n2017-01-02 00:00,1.05,1.06,1.04,abc\n", "line 2"),
        ("time,open,high,low,close\n2017-01-02 00:00,1.05,1.04,1.06,1.05\n", "line 2"),
        (
            "time,open,high,low,close\n2017-01-02 01:00,1.05,1.06,1.04,1.05\n2017-01-02 00:00,1.05,1.06,1.04,1.05\n",
            "line 3",
        ),
        (
            "time,open,high,low,close\n2017-01-02 00:00,1.05,1.06,1.04,1.05\n2017-01-02 00:00,1.05,1.06,1.04,1.05\n",
            "line 3",
        ),
        ("time,open,high,low,close,volume,spread\n2017-01-02 00:00,1.05,1.06,1.04,1.05,1,-0.0001\n", "line 2"),
        ("time,open,high,low,close\n2017-01-02 00:00,1.05,1.06,nan,1.05\n", "line 2"),
    ],
    ids=["header only", "empty", "column missing", "not a number", "high below low", "backward", "twice", "ask", "nan"],
)
def test_bad_prices_are_refused_by_line(
    rulewright: Callable, breakout: Path, tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "EURUSD_H1.csv"
    path.write_text(content, encoding="utf-8")
    run = rulewright("backtest", breakout, "--data", path, "--timeframe", "H1", "--symbol", "EURUSD")
    assert run.status == 2
    assert "RW7" in run.err
    assert says in run.err
    assert path.read_text(encoding="utf-8") == content


def test_a_strategy_with_a_mistake_is_not_run(rulewright: Callable, broken: Path) -> None:
    run = rulewright("backtest", broken, *EURUSD)
    assert run.status == 1
    assert "not usable" in run.err
