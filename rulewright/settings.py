"""Values typed on the command line: parameters, days and instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rulewright.errors import CliError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def setting_texts(written: Sequence[str]) -> dict[str, str]:
    """`lookback=30`, `at_risk=1%` → name and value as text; the engine checks unit and range."""
    values: dict[str, str] = {}
    for text in written:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise CliError("RW907", f"--set {text} is not of the form name=value.", "Write it like --set lookback=30.")
        if name in values:
            raise CliError("RW907", f"--set {name} is given twice.", "Give it once.")
        values[name] = value
    return values


def instant(text: str, option: str) -> int:
    """`2017-03-15 10:00` in UTC → nanoseconds."""
    plain = text.strip().removesuffix("UTC").removesuffix("Z").strip()
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"):
        try:
            return _nanoseconds(datetime.strptime(plain, form).replace(tzinfo=UTC))
        except ValueError:
            continue
    raise CliError("RW907", f"{option} {text} is not a time.", f"Write {option} '2017-03-15 10:00', in UTC.")


def day_span(start: str | None, end: str | None) -> tuple[int | None, int | None]:
    """The first instant of `--from` and the first after `--to`, in UTC nanoseconds."""
    first = _nanoseconds(_day(start, "--from")) if start else None
    last = _nanoseconds(_day(end, "--to") + timedelta(days=1)) if end else None
    if first is not None and last is not None and first >= last:
        raise CliError("RW907", f"--from {start} is after --to {end}.", "Swap them.")
    return first, last


def _day(text: str, option: str) -> datetime:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise CliError("RW907", f"{option} {text} is not a day.", f"Write {option} 2017-03-15.") from None


def _nanoseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000
