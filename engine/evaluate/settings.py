"""Parameter values of one run: defaults, or what the user set, checked against the strategy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from math import isfinite

from dsl.plan import ParamSpace, Plan
from engine.errors import SettingError

_WRITTEN = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*(\S.*?)?\s*")
_SINGULAR = {"pip": "pips", "point": "points", "tick": "ticks", "lot": "lots", "unit": "units", "bar": "bars"}
_SINGULAR |= {"minute": "minutes", "hour": "hours", "day": "days"}


def resolve_settings(plan: Plan, settings: Mapping[str, float | str]) -> dict[str, float]:
    """The value of every parameter of `plan`, each in its own unit.

    A setting is a number in the parameter's unit, or text as the strategy writes it: `1%`, `20`.
    Raises `SettingError`: RW801 no such parameter, RW802 outside its range or off its steps, RW803
    not a number or not in its unit.
    """
    params = {param.name: param for param in plan.params}
    for name in settings:
        if name not in params:
            near = get_close_matches(name, params, n=1)
            known = ", ".join(f"`{p}`" for p in params) or "none"
            hint = f"Did you mean `{near[0]}`?" if near else f"The parameters of this strategy: {known}."
            raise SettingError("RW801", f"`{plan.name}` has no parameter called `{name}`.", hint)
    return {name: _checked(p, settings[name]) if name in settings else p.default for name, p in params.items()}


def _checked(param: ParamSpace, setting: float | str) -> float:
    value = _number(param, setting)
    if not isfinite(value):
        raise SettingError("RW803", f"`{param.name}` cannot be {setting}.", f"Write a number: `{_shown(param)}`.")
    tolerance = 1e-9 * max(1.0, abs(value))
    if param.low is None or param.high is None:
        if abs(value - param.default) > tolerance:
            raise SettingError(
                "RW802",
                f"`{param.name}` is fixed at {_shown(param)}.",
                "Give it a range in the strategy, `from … to … step …`, to make it a setting.",
            )
        return param.default
    if not param.low - tolerance <= value <= param.high + tolerance:
        raise SettingError(
            "RW802",
            f"`{param.name}` cannot be {_shown(param, value)}: "
            f"it goes from {_shown(param, param.low)} to {_shown(param, param.high)}.",
        )
    if param.step:
        steps = round((value - param.low) / param.step)
        nearest = min(param.low + steps * param.step, param.high)
        if abs(value - nearest) > tolerance and abs(value - param.default) > tolerance:
            raise SettingError(
                "RW802",
                f"`{param.name}` cannot be {_shown(param, value)}: it goes in steps of {_shown(param, param.step)}.",
                f"The nearest value is {_shown(param, nearest)}.",
            )
    return value


def _number(param: ParamSpace, setting: float | str) -> float:
    if not isinstance(setting, str):
        return float(setting)
    written = _WRITTEN.fullmatch(setting)
    unit = written[2] if written else None
    if not written or _SINGULAR.get(unit or "", unit) != param.unit:
        raise SettingError("RW803", f"`{param.name}` cannot be `{setting}`.", f"Write it like `{_shown(param)}`.")
    return float(written[1])


def _shown(param: ParamSpace, value: float | None = None) -> str:
    number = f"{param.default if value is None else value:.10g}"
    return number if param.unit is None else f"{number}{'' if param.unit == '%' else ' '}{param.unit}"
