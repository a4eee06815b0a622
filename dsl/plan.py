"""The Plan: the whole meaning of a strategy as typed values, with one canonical JSON text.

The engine executes stored Plan JSON and never recompiled text; reviewers approve its SHA-256.
Comments and layout of the source do not change it, any change of meaning does. Examples are not
part of it: they prove a Plan, they do not change what it does.

Expressions are one list of nodes, each referring only to nodes before it; equal expressions are one
node. Fields of nodes: `OPS` lists them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any

PLAN_FORMAT = 1
LANGUAGE_VERSION = 1

type_kinds = (
    "price",  # of a symbol, in its quote currency
    "distance",  # a difference of prices
    "ratio",  # a number without a unit
    "percent",  # in per cent: 2 % is 2.0
    "money",  # in account currency, or in the currency the quantity names
    "lots",
    "units",
    "bars",
    "duration",  # seconds
    "truth",  # three-valued
)

OPS: Mapping[str, str] = MappingProxyType(
    {
        # leaves
        "number": "value: a bare number (kind ratio, or the kind it was read as)",
        "quantity": "value, unit: pips points ticks % R lots units bars minutes hours days or a currency",
        "param": "name: value from the settings, default from the Plan's params, in its `unit`",
        "bar": "field: open high low close volume spread hl2 hlc3 ohlc4 of the node's series",
        "builtin": "name, part?, version; args: series inputs first, then numbers",
        "window": "name (highest lowest first last), start, end (HH:MM), zone; args: [x]",
        "so_far": "field, timeframe: the bar in progress on that timeframe from closed base bars",
        "time_between": "start, end, zone",
        "day_is": "days: Monday … Sunday of the trading day",
        "calendar": "name: trading_day_of_month, trading_days_left_in_month",
        "news": "impact, target (currency or 'self'), minutes: such news within ± minutes",
        "time_until_news": "impact, target; kind duration",
        "sentiment": "target, hours",
        "model": "name",
        "macro": "name",
        "position": "word: profit bars_held time_since_entry entry_price highest_since_entry "
        "lowest_since_entry; profit's kind tells its measure: distance, percent or money",
        "memory": "word: last_trade_won bars_since_exit last_fill_price",
        "remembered": "name, ago (bars back, 0 = now)",
        # arithmetic
        "add": "a + b",
        "sub": "a - b",
        "mul": "a * b",
        "div": "a / b, unknown when b is 0",
        "neg": "-a",
        "abs": "|a|",
        "average": "the mean of all args",
        "min": "the smallest of all args",
        "max": "the largest of all args",
        "percent_of": "args [percent, x]: percent / 100 * x",
        # truth
        "gt": "a > b and not equal within the tie rule",
        "ge": "a >= b",
        "lt": "a < b",
        "le": "a <= b",
        "eq": "a = b within the tie rule",
        "ne": "a != b",
        "between": "args [x, low, high], ends included",
        "cross_above": "a > b now and a <= b on the bar before",
        "cross_below": "a < b now and a >= b on the bar before",
        "crosses": "either",
        "rising": "args [x, n]: each of the last n changes is up",
        "falling": "args [x, n]",
        "held": "args [c, n]: c true for n bars, this one included",
        "count": "args [c, n]: on how many of the last n bars c was true (kind bars)",
        "bars_since": "args [c]: bars since c was last true, 0 now (kind bars)",
        "value_when": "args [x, c]: x when c was last true",
        "followed": "args [first, second, n]: second now, first on one of the n bars before",
        "not": "not c",
        "and": "all args",
        "or": "any arg",
        "at_least": "args [k, c1, c2, …]",
        "score": "weights: numbers; args: the conditions; unknown if any undecided (kind ratio)",
        # choice
        "if": "args [c, a, b]; unknown when c is",
        "otherwise": "args [x, y]: y where x is unknown",
        # other bars
        "history": "args [x, n]: x as it was n bars of its series ago",
        "align": "args [x of another series]: the last value of x known at this bar's close; "
        "event: true when x is an event (true only on the bar on which its own bar closes)",
        "rank": "args [x]: rank among the traded symbols, 1 = highest, ties by symbol name",
    }
)


def _canonical_number(value: float) -> float | int:
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(value)


@dataclass(frozen=True, slots=True)
class PlanNode:
    """One expression node. `series` indexes `Plan.series`; 0 is the strategy's own bars.

    `scope` is `market` (a whole column) or `state` (depends on position, memory or remembered
    values, or on R, and is evaluated inside `decide`). `attrs` are the fields `OPS` names.
    """

    op: str
    kind: str
    args: tuple[int, ...] = ()
    series: int = 0
    scope: str = "market"
    attrs: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.attrs[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.attrs.get(name, default)


@dataclass(frozen=True, slots=True)
class Series:
    """Bars that an expression reads: `symbol` is `self` (each traded symbol) or a named one."""

    symbol: str
    timeframe: str


@dataclass(frozen=True, slots=True)
class Leg:
    symbol: str
    side: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Universe:
    """What is traded: `each` symbol on its own, or a `basket` whose legs go together."""

    type: str
    symbols: tuple[str, ...]
    timeframe: str
    name: str | None = None
    legs: tuple[Leg, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgeClaim:
    exploits: str
    fails: str
    benchmark: str | None = None


@dataclass(frozen=True, slots=True)
class ParamSpace:
    """A parameter: default and range in `unit` (None = bare number); fixed when `low` is None."""

    name: str
    default: float
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True)
class NamedNode:
    name: str
    node: int


@dataclass(frozen=True, slots=True)
class RememberUpdate:
    value: int
    when: int


@dataclass(frozen=True, slots=True)
class RememberedState:
    """Persistent state, updated once a bar after fills and before `manage`; last true line wins."""

    name: str
    initial: int
    updates: tuple[RememberUpdate, ...]


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """`type` market, stop or limit. Expiry in bars or seconds (a node), or `cancel_when`, or both."""

    type: str
    price: int | None = None
    good_for: int | None = None
    """Node of kind bars or duration."""
    cancel_others: bool = False
    cancel_when: int | None = None


@dataclass(frozen=True, slots=True)
class SizePlan:
    """`type`: risk (node of kind percent or money), notional (percent), lots, units,
    volatility (percent a year), kelly (ratio: the fraction; `cap` percent)."""

    type: str
    value: int
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class StopPlan:
    """`type`: `at` (price), `distance` (distance, or percent of the entry price), `none`, `keep`."""

    type: str
    value: int | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """`type`: `at` (price), `distance` (distance, or percent of the entry price), `none`."""

    type: str
    value: int | None = None


@dataclass(frozen=True, slots=True)
class EnterRule:
    name: str
    side: str
    when: int
    order: OrderPlan
    size: SizePlan
    stop: StopPlan
    target: TargetPlan
    unless: int | None = None
    at_most_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class AddRule:
    name: str
    side: str
    when: int
    size: SizePlan
    stop: StopPlan
    at_most_times: int
    unless: int | None = None
    averaging_down: bool = False
    """True unless the compiler can prove that it adds only in profit."""


@dataclass(frozen=True, slots=True)
class ExitRule:
    name: str
    side: str | None
    when: int
    unless: int | None = None


@dataclass(frozen=True, slots=True)
class TriggerPlan:
    """`type`: always, profit (value: distance, percent or money), after (bars or duration),
    when (truth), clock (`clock` HH:MM, IANA `zone`, `days`)."""

    type: str
    value: int | None = None
    clock: str | None = None
    zone: str | None = None
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ManageRule:
    """`action`: breakeven, stop_at (price), stop_distance (from entry, in direction of profit),
    target_at, target_distance, trail (value distance, `step`), take (`percent` of the initial
    volume), leave."""

    action: str
    trigger: TriggerPlan
    value: int | None = None
    step: int | None = None
    percent: float | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class LimitRule:
    """`type`: daily_loss (percent or money node; `leave_everything`), open_positions,
    entries_per_day, cooldown (bars or duration; `after` loss, win or exit; `per_symbol`),
    total_risk (percent)."""

    type: str
    value: int
    leave_everything: bool = False
    after: str | None = None
    per_symbol: bool = False


@dataclass(frozen=True, slots=True)
class SeriesNeed:
    """History a strategy needs of one series, at the parameter values that need most.

    `first_valid` bars make every value known; after `settled` bars recursive averages are within
    1e-9 of their limit. `unbounded`: the value depends on where history starts.
    """

    symbol: str
    timeframe: str
    first_valid: int
    settled: int
    unbounded: bool = False


@dataclass(frozen=True, slots=True)
class DataNeeds:
    series: tuple[SeriesNeed, ...] = ()
    calendar: tuple[str, ...] = ()
    """Currencies (or `self`) whose scheduled news is read."""
    sentiment: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    macro: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """See the module. Made by `dsl.compile.compile_text`, or read back with `Plan.from_json`."""

    name: str
    version: int
    trade: Universe
    edge: EdgeClaim
    params: tuple[ParamSpace, ...]
    series: tuple[Series, ...]
    nodes: tuple[PlanNode, ...]
    lets: tuple[NamedNode, ...]
    remember: tuple[RememberedState, ...]
    enter: tuple[EnterRule, ...]
    add: tuple[AddRule, ...]
    exit: tuple[ExitRule, ...]
    opposite: str | None
    manage: tuple[ManageRule, ...]
    limits: tuple[LimitRule, ...]
    checklist: tuple[str, ...]
    needs: DataNeeds
    language_version: int = LANGUAGE_VERSION
    format: int = PLAN_FORMAT

    def to_json(self) -> str:
        """The canonical JSON: sorted keys, no blanks, shortest numbers, absent fields left out."""
        return json.dumps(_encode(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def to_pretty_json(self) -> str:
        """The same content, indented for golden files and reviewers."""
        return json.dumps(_encode(self), sort_keys=True, indent=1, ensure_ascii=False) + "\n"

    @cached_property
    def sha256(self) -> str:
        """The identity of the Plan: SHA-256 of the canonical JSON in UTF-8, in hex."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @staticmethod
    def from_json(text: str) -> Plan:
        """Read stored Plan JSON. Raises `PlanFormatError` when it is not one of this format."""
        try:
            raw = json.loads(text)
            if raw.get("format") != PLAN_FORMAT:
                raise PlanFormatError(f"This Plan has format {raw.get('format')!r}; this program reads {PLAN_FORMAT}.")
            plan = _decode(Plan, raw)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise PlanFormatError(f"This is not a stored Plan: {error}") from error
        assert isinstance(plan, Plan)
        return plan


class PlanFormatError(ValueError):
    """Stored Plan JSON cannot be read: it is damaged, or of another format. Compile it anew."""


def _encode(value: Any) -> Any:
    if isinstance(value, PlanNode):
        out = {k: _encode(v) for k, v in value.attrs.items() if v is not None}
        out["op"] = value.op
        out["kind"] = value.kind
        if value.args:
            out["args"] = list(value.args)
        if value.series:
            out["series"] = value.series
        if value.scope != "market":
            out["scope"] = value.scope
        return out
    if hasattr(value, "__dataclass_fields__"):
        encoded = {f.name: _encode(getattr(value, f.name)) for f in fields(value)}
        return {k: v for k, v in encoded.items() if v is not None and v is not False and v != []}
    if isinstance(value, (tuple, list)):
        return [_encode(v) for v in value]
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return _canonical_number(value)
    return value


def _decode(cls: Any, raw: Any) -> Any:
    if cls is PlanNode:
        known = {"op", "kind", "args", "series", "scope"}
        attrs = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items() if k not in known}
        if raw["op"] not in OPS:
            raise ValueError(f"unknown operation {raw['op']!r}")
        return PlanNode(
            raw["op"], raw["kind"], tuple(raw.get("args", ())), raw.get("series", 0), raw.get("scope", "market"), attrs
        )
    values: dict[str, Any] = {}
    for f in fields(cls):
        if f.name not in raw:
            if str(f.type).startswith("tuple"):
                values[f.name] = ()
            elif "None" in str(f.type):
                values[f.name] = None
            continue
        values[f.name] = _decode_field(str(f.type), raw[f.name])
    return cls(**values)


_CLASSES: dict[str, Any] = {}


def _decode_field(annotation: str, raw: Any) -> Any:
    if not _CLASSES:
        _CLASSES.update({k: v for k, v in globals().items() if hasattr(v, "__dataclass_fields__")})
    base = annotation.removesuffix(" | None")
    if base.startswith("tuple["):
        inner = base[len("tuple[") :].removesuffix(", ...]")
        return tuple(_decode_field(inner, item) for item in raw)
    if base in _CLASSES:
        return _decode(_CLASSES[base], raw)
    if base == "float":
        return float(raw)
    return raw
