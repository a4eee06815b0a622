"""Names of timeframes."""

from __future__ import annotations

import pytest

from data.errors import DataError
from data.timeframes import DAY, HOUR, MINUTE, from_nanoseconds, parse_timeframe


@pytest.mark.parametrize(
    ("name", "shown", "fixed"),
    [
        ("M1", "M1", MINUTE),
        ("m15", "M15", 15 * MINUTE),
        ("M60", "H1", HOUR),
        ("M240", "H4", 4 * HOUR),
        ("H48", "H48", 48 * HOUR),
        ("H24", "H24", DAY),
        ("D1", "D1", None),
        ("D2", "D2", None),
        ("W1", "W1", None),
        ("MN1", "MN1", None),
    ],
)
def test_names(name: str, shown: str, fixed: int | None) -> None:
    assert (parse_timeframe(name).name, parse_timeframe(name).fixed) == (shown, fixed)


@pytest.mark.parametrize("name", ["", "H", "H0", "4H", "W2", "MN2", "T5", "H01", "M99999", "D1 "[:2] + "x"])
def test_what_is_no_timeframe(name: str) -> None:
    with pytest.raises(DataError) as refused:
        parse_timeframe(name)
    assert refused.value.code == "RW724"


def test_from_a_distance() -> None:
    assert from_nanoseconds(15 * MINUTE) == parse_timeframe("M15")
    assert from_nanoseconds(4 * HOUR) == parse_timeframe("H4")
    assert from_nanoseconds(DAY) == parse_timeframe("D1")
    assert from_nanoseconds(90 * 1_000_000_000) is None
    assert from_nanoseconds(0) is None
