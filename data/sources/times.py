"""Written times as numbers: shapes are recognised once, then whole columns are read digit by digit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.arrow import to_numpy
from data.checks import bad_rows
from data.errors import SHOWN, DataError, Problem
from data.timeframes import DAY, HOUR, MINUTE
from data.zones import SECOND

Times = NDArray[np.int64]

_TIME = r"(?:[ T;]+(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?)?"
_ZONE = r"(?P<z> ?Z| ?UTC| ?GMT)?(?: ?(?:GMT|UTC)?(?P<sign>[+-])(?P<zh>\d{2}):?(?P<zm>\d{2}))?"
_SHAPES = (
    ("year-first", re.compile(r"(?P<y>\d{4})[-./](?P<mo>\d{1,2})[-./](?P<d>\d{1,2})" + _TIME + _ZONE)),
    ("day-month", re.compile(r"(?P<p>\d{1,2})[-./](?P<q>\d{1,2})[-./](?P<y>\d{4})" + _TIME + _ZONE)),
    (
        "compact",
        re.compile(
            r"(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})(?:[ T;]?(?P<h>\d{2}):?(?P<mi>\d{2})(?::?(?P<s>\d{2}))?)?" + _ZONE
        ),
    ),
    ("epoch", re.compile(r"(?P<e>\d{10})(?P<ef>\d{3})?")),
)
_MOST_SHAPES = 64
_CHUNK = 1 << 17

ORDERS = ("day-first", "month-first")


@dataclass(frozen=True, eq=False)
class Written:
    """Times as a file writes them: wall clock in ns as if it were UTC.

    `offset` is wall clock − UTC (ns) where every time carries one, None where none does. `dated`:
    there are dates only.
    """

    wall: Times
    offset: Times | None
    dated: bool


@dataclass(frozen=True)
class _Shape:
    """The form of one written time: what each character position holds."""

    family: tuple[str, bool, bool]
    """Kind, whether it has a time of day, whether it names its offset."""
    fields: dict[str, tuple[int, int]]
    sign: int
    """Position of the offset's sign, -1 without one."""
    literals: tuple[tuple[int, int], ...]
    digits: tuple[int, ...]


def read_times(name: str, strings: Any, line_of: Callable[[int], int | None], order: str | None) -> Written:
    """Read a column of written times; `order` is day-first or month-first where it was stated.

    Raises `DataError`: RW719 for times that are none, RW720 for a mixture of formats, RW715 when
    day and month cannot be told apart.
    """
    strings = pc.utf8_trim_whitespace(strings)
    lengths = to_numpy(pc.binary_length(strings)).astype(np.int64)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    buffers = strings.buffers()
    data = np.frombuffer(buffers[2], dtype=np.uint8) if buffers[2] is not None else np.zeros(0, dtype=np.uint8)
    base = int(np.frombuffer(buffers[1], dtype=np.int32)[strings.offset])
    parts: dict[str, Times] = {}
    shape_of = np.full(len(lengths), -1, dtype=np.int16)
    shapes: list[_Shape] = []
    left = np.arange(len(lengths))
    unreadable: list[int] = []
    while len(left) and len(shapes) < _MOST_SHAPES and len(unreadable) <= SHOWN:
        first = int(left[0])
        text = bytes(data[base + starts[first] : base + ends[first]]).decode(errors="replace")
        shape = _shape(text)
        if shape is None:
            unreadable.append(first)
            left = left[1:]
            continue
        same = left[lengths[left] == len(text)]
        taken = _take(data[base:], starts, same, len(text), shape, parts, len(lengths))
        shape_of[taken] = len(shapes)
        shapes.append(shape)
        left = left[shape_of[left] < 0]
        left = left[~np.isin(left, unreadable)]
    if unreadable or len(left):
        rows = sorted({*unreadable, *left[: SHOWN - len(unreadable)].tolist()})
        problems = [Problem("RW719", r, f"“{strings[r].as_py()}” is not a time", line_of(r)) for r in rows]
        raise bad_rows(name, problems, max(len(problems), len(left) + len(unreadable)), "Write 2017-03-15T09:00:00Z.")
    families = {shape.family for shape in shapes}
    if len(families) > 1:
        _refuse_mixture(name, strings, shape_of, shapes, line_of)
    return _assemble(name, strings, parts, next(iter(families)), order, line_of)


def _shape(text: str) -> _Shape | None:
    for kind, pattern in _SHAPES:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        fields = {field: match.span(field) for field, value in match.groupdict().items() if value is not None}
        named = bool(fields.keys() & {"z", "sign"})
        sign = fields.pop("sign", (-1, -1))[0]
        fields.pop("z", None)
        digits = tuple(i for span in fields.values() for i in range(*span))
        free = {*digits, sign}
        literals = tuple((i, ord(c)) for i, c in enumerate(text) if i not in free)
        return _Shape((kind, "h" in fields or kind == "epoch", named), fields, sign, literals, digits)
    return None


def _take(
    data: NDArray[np.uint8],
    starts: Times,
    rows: Times,
    width: int,
    shape: _Shape,
    parts: dict[str, Times],
    count: int,
) -> Times:
    """Read the rows that have this shape into `parts`; returns which they were."""
    for field in (*shape.fields, *(("sign",) if shape.sign >= 0 else ())):
        parts.setdefault(field, np.zeros(count, dtype=np.int64))
    taken = []
    for low in range(0, len(rows), _CHUNK):
        chunk = rows[low : low + _CHUNK]
        cells = data[starts[chunk][:, None] + np.arange(width)]
        fits = np.ones(len(chunk), dtype=np.bool_)
        for position, literal in shape.literals:
            fits &= cells[:, position] == literal
        for position in shape.digits:
            fits &= (cells[:, position] >= 48) & (cells[:, position] <= 57)
        if shape.sign >= 0:
            fits &= (cells[:, shape.sign] == 43) | (cells[:, shape.sign] == 45)
        chunk, cells = chunk[fits], cells[fits]
        for field, (begin, end) in shape.fields.items():
            value = np.zeros(len(chunk), dtype=np.int64)
            for position in range(begin, end):
                value = value * 10 + (cells[:, position] - 48)
            parts[field][chunk] = value * 10 ** (9 - (end - begin)) if field == "f" else value
        if shape.sign >= 0:
            parts["sign"][chunk] = np.where(cells[:, shape.sign] == 45, -1, 1)
        taken.append(chunk)
    return np.concatenate(taken)


def _assemble(
    name: str,
    strings: Any,
    parts: dict[str, Times],
    family: tuple[str, bool, bool],
    order: str | None,
    line_of: Callable[[int], int | None],
) -> Written:
    kind, timed, named = family
    count = len(strings)
    if kind == "epoch":
        wall = parts["e"] * SECOND + parts.get("ef", np.zeros(count, dtype=np.int64)) * 1_000_000
        return Written(wall, np.zeros(count, dtype=np.int64), dated=False)
    if kind == "day-month":
        separator = strings[0].as_py().lstrip("0123456789")[0]
        parts["d"], parts["mo"] = _day_and_month(name, parts["p"], parts["q"], separator, order)
    year, month, day = parts["y"], parts["mo"], parts["d"]
    zero = np.zeros(count, dtype=np.int64)
    hour, minute, second = (parts.get(f, zero) for f in ("h", "mi", "s"))
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - first
    wrong = (month < 1) | (month > 12) | (day < 1) | (day > length) | (minute > 59) | (second > 59) | (hour > 23)
    wrong |= (year < 1900) | (year > 2199)
    if wrong.any():
        rows = np.flatnonzero(wrong)
        shown = [int(row) for row in rows[:SHOWN]]
        problems = [Problem("RW719", r, f"“{strings[r].as_py()}” is not a date and time", line_of(r)) for r in shown]
        raise bad_rows(name, problems, len(rows))
    wall = (first + day - 1) * DAY + hour * HOUR + minute * MINUTE + second * SECOND + parts.get("f", zero)
    offset = None
    if named:
        offset = parts.get("sign", zero) * (parts.get("zh", zero) * HOUR + parts.get("zm", zero) * MINUTE)
    return Written(wall, offset, dated=not timed)


def _day_and_month(name: str, p: Times, q: Times, separator: str, order: str | None) -> tuple[Times, Times]:
    """Which of the two numbers is the day: as stated, else as the numbers or the separator tell."""
    if order is None:
        day_first, month_first = bool((p > 12).any()), bool((q > 12).any())
        if day_first and month_first:
            raise DataError(
                "RW720",
                f"{name} writes some dates with the day first and some with the month first.",
                "Convert the column to one format.",
            )
        if separator == "." or day_first:
            order = "day-first"
        elif month_first:
            order = "month-first"
        else:
            raise DataError(
                "RW715",
                f"{name}: is {int(p[0]):02}{separator}{int(q[0]):02} day and month, or month and day?",
                "State it with --layout NAME/day-first or --layout NAME/month-first.",
            )
    return (p, q) if order == "day-first" else (q, p)


def _refuse_mixture(
    name: str, strings: Any, shape_of: NDArray[np.int16], shapes: list[_Shape], line_of: Callable[[int], int | None]
) -> None:
    families = [shape.family for shape in shapes]
    usual = families[int(shape_of[0])]
    other = np.flatnonzero(np.array([family != usual for family in families])[shape_of])
    problems = [
        Problem("RW720", r, f"“{strings[r].as_py()}” is written otherwise than “{strings[0].as_py()}”", line_of(r))
        for r in other[:SHOWN].tolist()
    ]
    raise bad_rows(name, problems, len(other), "Convert the column to one format.")
