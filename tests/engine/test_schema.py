"""`backtest --json` and `--trades`: stable, documented, finite, the same each time."""

import csv
import io
import json
import re
from dataclasses import replace
from math import isfinite
from pathlib import Path

import pytest

from data.market import Market
from engine.cautions import cautions
from engine.metrics import measure
from engine.schema import TRADE_COLUMNS, to_json, trades_csv
from tests.engine.made_up import bars_from, plan_of, result_from, trade, usual

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "backtest-json.md").read_text(encoding="utf-8")
BY_NAME = {"undefined", "events"}
"""Objects whose names are data."""


def json_of(result, plan, market) -> str:
    metrics = measure(result, plan, market)
    return to_json(result, metrics, plan, cautions(result, metrics, plan, market), engine_version="0.1.0")


def edge(rows, **plan):
    bars = {"EURUSD": bars_from("EURUSD", [1.1] * 3_000, spread=0.0001)}
    made = plan_of(**plan)
    return json.loads(json_of(result_from(rows, bars, made), made, Market(bars.values())))


@pytest.fixture(scope="module")
def usual_json() -> str:
    return json_of(*usual(1_500, 40))


def paths_of(value, path="") -> set[str]:
    """Dotted paths of all fields; lists are `[]`, names that are data are `*`."""
    if isinstance(value, dict):
        found = set()
        for name, inner in value.items():
            step = "*" if path in BY_NAME else name
            here = f"{path}.{step}" if path else step
            found |= {here} | paths_of(inner, here)
        return found
    if isinstance(value, list):
        return set().union(*(paths_of(inner, f"{path}[]") for inner in value)) if value else set()
    return set()


def numbers(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, int | float):
        yield value


def test_the_json_is_as_it_was(golden, usual_json):
    golden(ROOT / "tests" / "golden" / "report" / "usual.json", usual_json)


def test_the_trades_are_as_they_were(golden):
    golden(ROOT / "tests" / "golden" / "report" / "usual.csv", trades_csv(usual(1_500, 40)[0]))


def test_same_input_same_bytes(usual_json):
    assert json_of(*usual(1_500, 40)) == usual_json


def documented() -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", PAGE, re.M))


def expanded(names: set[str]) -> set[str]:
    """`figures.*` style references: a table that describes an object used in several places."""
    shared = {
        "PERFORMANCE": ("figures", "cash", "benchmark.figures"),
        "POSITIONS": ("trades", "open_at_end", "by_rule[]", "by_symbol[]", "by_side[]", "by_hour[]", "by_weekday[]",
                      "by_exit[]"),
    }  # fmt: skip
    out = set()
    for name in names:
        head, _, rest = name.partition(".")
        out |= {f"{place}.{rest}" for place in shared[head]} if head in shared else {name}
    return out


def test_every_field_is_documented_and_every_documented_field_exists(usual_json):
    found = paths_of(json.loads(usual_json)) | paths_of(edge([]))
    described = expanded(documented()) - set(TRADE_COLUMNS)
    assert found - described == set(), "not documented"
    assert described - found == set(), "documented, but not there"


def test_every_column_of_the_trades_is_documented():
    assert set(TRADE_COLUMNS) <= documented()


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [trade()],
        [trade(exit_reason="end")],
        [trade(position=n, profit=-20.0) for n in range(1, 40)],
        [trade(stop=None, target=None, risk=0.0)],
        [trade(profit=-20_000.0)],
    ],
    ids=["none", "one", "open", "losses", "no stop", "ruin"],
)
def test_numbers_are_finite_whatever_happened(rows):
    assert all(isfinite(number) for number in numbers(edge(rows)))


def test_what_is_undefined_is_null_and_explained():
    found = edge([])
    assert found["trades"]["hit_rate_percent"] is None
    assert found["undefined"]["hit_rate_percent"] == "no position was closed"
    assert found["bootstrap"] is None


def test_times_are_utc_and_keys_sorted(usual_json):
    found = json.loads(usual_json)
    assert found["period"]["start"].endswith("Z")
    assert list(found) == sorted(found)
    assert usual_json.endswith("}\n")


def test_hostile_text_is_valid_json():
    evil = 'x"\\\u2028\ud800\x00</script>'
    found = edge([trade(rule=evil)], name=evil)
    assert found["strategy"]["name"] == 'x"\\\ufffd\ufffd\ufffd</script>'
    assert found["by_rule"][0]["name"] == found["strategy"]["name"]


def test_trades_can_be_read_back():
    result = usual(1_500, 40)[0]
    rows = list(csv.DictReader(io.StringIO(trades_csv(result))))
    assert tuple(rows[0]) == TRADE_COLUMNS
    assert len(rows) == len(result.trades)
    for row, kept in zip(rows, result.trades.rows(), strict=True):
        assert float(row["net"]) == pytest.approx(kept.net)
        assert float(row["entry_price"]) == pytest.approx(kept.entry_price, rel=1e-9)
        assert row["side"] == kept.side


def test_what_a_trade_does_not_have_is_empty():
    bars = {"EURUSD": bars_from("EURUSD", [1.1] * 10)}
    plan = plan_of()
    result = result_from([trade(stop=None, target=None, risk=0.0, ambiguous=True)], bars, plan)
    row = next(csv.DictReader(io.StringIO(trades_csv(result))))
    assert (row["stop"], row["target"], row["r"], row["ambiguous"]) == ("", "", "", "yes")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_spreadsheet_does_not_run_text(text):
    bars = {"EURUSD": bars_from("EURUSD", [1.1] * 10)}
    plan = plan_of()
    result = replace(result_from([trade(rule=text)], bars, plan))
    assert next(csv.DictReader(io.StringIO(trades_csv(result))))["rule"] == "'" + text
