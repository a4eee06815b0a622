"""Settings are checked against the strategy's own parameters, and refused in a sentence."""

from __future__ import annotations

import pytest

from engine.errors import SettingError
from engine.evaluate import resolve_settings
from tests.engine.probe import eurusd, plan_of, probe

PARAMS = """
params
  lookback = 20 from 10 to 40 step 5
  gap      = 5 pips from 1 pips to 20 pips step 1 pips
  share    = 1% from 0.25% to 2% step 0.25%
  fixed    = 14
"""
PLAN = plan_of("close > sma(close, lookback) + gap + atr(fixed) and roc(5) > share", params=PARAMS)


def test_defaults() -> None:
    assert resolve_settings(PLAN, {}) == {"lookback": 20, "gap": 5, "share": 1, "fixed": 14}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ({"lookback": 35}, 35),
        ({"lookback": "35"}, 35),
        ({"gap": "7 pips"}, 7),
        ({"gap": "1 pip"}, 1),
        ({"share": "0.25%"}, 0.25),
        ({"share": 1.75}, 1.75),
        ({"fixed": 14}, 14),
    ],
)
def test_settings_in_their_own_unit(setting: dict[str, float | str], value: float) -> None:
    assert resolve_settings(PLAN, setting)[next(iter(setting))] == value


@pytest.mark.parametrize(
    ("setting", "code", "said"),
    [
        ({"lokback": 20}, "RW801", "no parameter called `lokback`"),
        ({"lookback": 45}, "RW802", "it goes from 10 to 40"),
        ({"lookback": 22}, "RW802", "in steps of 5"),
        ({"gap": 50}, "RW802", "it goes from 1 pips to 20 pips"),
        ({"fixed": 15}, "RW802", "fixed at 14"),
        ({"gap": "5"}, "RW803", "cannot be `5`"),
        ({"share": "1 pips"}, "RW803", "cannot be `1 pips`"),
        ({"lookback": "many"}, "RW803", "cannot be `many`"),
        ({"lookback": float("nan")}, "RW803", "cannot be nan"),
    ],
)
def test_refusals(setting: dict[str, float | str], code: str, said: str) -> None:
    with pytest.raises(SettingError, match=said) as refused:
        resolve_settings(PLAN, setting)
    assert refused.value.code == code


def test_a_misspelt_name_is_recognised() -> None:
    with pytest.raises(SettingError) as refused:
        resolve_settings(PLAN, {"lokback": 20})
    assert refused.value.hint == "Did you mean `lookback`?"


def test_a_setting_changes_what_is_computed() -> None:
    one = probe("sma(close, lookback) + gap", eurusd(), params=PARAMS, settings={"lookback": 10, "gap": 2})
    other = probe("sma(close, 10) + 2 pips", eurusd())
    assert one[9:].tolist() == other[9:].tolist()
