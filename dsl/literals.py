"""Numbers, units, times, timeframes, zones and weekdays that are written in another way."""

from __future__ import annotations

import re

from dsl.diagnostics import Span
from dsl.expected import UNIT_TERMINALS, one_of, spelled
from dsl.suggest import nearest
from dsl.trouble import Finding, Trouble, error
from dsl.words import KEYWORDS, SINGULAR, TIMEFRAME, TIMEFRAMES, UNITS, WEEKDAYS, ZONES, canonical_timeframe

_COMMA = re.compile(r"([0-9]+),([0-9]+)(?![0-9,])")


def _decimal_comma(trouble: Trouble) -> Finding | None:
    """`0,5%`: the part before the comma was read as a number of its own."""
    previous = trouble.previous
    if trouble.token.type != "COMMA" or previous is None or previous.type != "INT" or not trouble.adjacent:
        return None
    match = _COMMA.match(trouble.text, previous.span.start)
    if not match or (len(match[2]) == 3 and match[1].strip("0")):
        return None
    span = Span(*match.span())
    fix = f"Write `{match[1]}.{match[2]}`."
    return Finding(error("RW108", span, "Decimals take a point, not a comma.", "", fix), (), span.end)


def literal(trouble: Trouble) -> Finding | None:
    """A literal in another spelling, or a number without its unit."""
    for recognise in (_decimal_comma, _number, _time, _timeframe, _zone, _weekday, _unit):
        finding = recognise(trouble)
        if finding:
            return finding
    return None


_FORMS: tuple[tuple[str, str], ...] = (
    (r"0[0-9]+(?:\.[0-9]+)?(?![0-9:])", "A number does not begin with a needless 0."),
    (r"[0-9]{1,3}(?:[,_'][0-9]{3})+(?:\.[0-9]+)?(?![0-9])", "Digits are written without grouping."),
    (r"(?<!\.)\.[0-9]+", "A number has a digit before its point."),
    (r"[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+", "Numbers are written out, without a power of ten."),
    (r"[0-9]+\.(?![0-9a-z.])", "A number has a digit after its point."),
    (r"[0-9]{16,}(?:\.[0-9]+)?|[0-9]+\.[0-9]{16,}", "A number has at most 15 digits on each side of its point."),
)


def _number(trouble: Trouble) -> Finding | None:
    """`007`, `1,000`, `.5`, `1e5`, `10.`; the token may be the second half of the number."""
    text, start = trouble.text, trouble.start
    previous = trouble.previous
    starts = [start]
    if previous and trouble.adjacent and previous.type in ("INT", "DECIMAL", "DOT", "COMMA"):
        begin = start
        while begin and (text[begin - 1].isdigit() or text[begin - 1] in ".,_'"):
            begin -= 1
        starts.insert(0, begin)
    for begin in starts:
        for form, message in _FORMS:
            match = re.compile(form).match(text, begin)
            if not match or match.end() <= start or (begin < start and re.match(r"[0-9]+,[0-9]+$", match[0])):
                continue
            plain = _plain_number(match[0])
            right = plain or "1"
            span = Span(*match.span())
            fed = (begin == start or (previous and previous.type == "COMMA")) and trouble.takes(
                "DECIMAL" if "." in right else "INT"
            )
            feed = (("DECIMAL" if "." in right else "INT", right),) if fed else ()
            fix = f"Write `{plain}`." if plain else "No price, size or count needs more; write a smaller number."
            return Finding(error("RW108", span, message, "", fix), feed, match.end())
    return None


def _plain_number(text: str) -> str:
    """The number as the language writes it; empty when it has more digits than any number may have."""
    digits = re.sub(r"[,_']", "", text)
    if "e" in digits.lower():
        if not 1e-15 <= float(digits) < 1e15:
            return ""
        digits = f"{float(digits):.15f}".rstrip("0")
    whole, _, part = digits.partition(".")
    whole, part = whole.lstrip("0"), part[:15]
    if len(whole) > 15:
        return ""
    return (whole or "0") + (f".{part}" if part else "")


_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?(?:\s*([AaPp])\.?[Mm]\.?)?(?![0-9])")
_HOUR = re.compile(r"([0-9]{1,2})\s*([AaPp])\.?[Mm]\.?")
_DATE = re.compile(r"([0-9]{1,4})[-./]([0-9]{1,2})[-./]([0-9]{1,4})")


def _time(trouble: Trouble) -> Finding | None:
    text, start = trouble.text, trouble.start
    if trouble.takes("DATE"):
        match = _DATE.match(text, start)
        fix = "Write year, month and day as `2017-03-15`."
        span = Span(start, match.end() if match else trouble.word_span.end)
        if match:
            finding = error("RW109", span, f"`{match[0]}` is not a date.", "", fix)
            return Finding(finding, (("DATE", "2000-01-01"),), match.end())
    clock = _CLOCK.match(text, start)
    if not clock and trouble.takes("CLOCK"):
        clock = _HOUR.match(text, start)
    if not clock or not (trouble.takes("CLOCK") or ":" in clock[0]) or "." in clock[0].split(":")[0].rstrip("."):
        return None
    hour = int(clock[1])
    minute = int(clock[2]) if clock[2].isdigit() else 0
    half_day = clock[clock.lastindex or 0].lower()
    if half_day in ("a", "p"):
        hour = hour % 12 + (12 if half_day == "p" else 0)
    span = Span(*clock.span())
    if hour > 23 or minute > 59:
        fix = "Hours run from 00 to 23, minutes from 00 to 59."
        right = "00:00"
    else:
        right = f"{hour:02}:{minute:02}"
        if right == clock[0]:
            return None
        fix = f"Write `{right}`."
    feed = (("CLOCK", right),) if trouble.takes("CLOCK") else None
    return Finding(error("RW109", span, f"`{clock[0]}` is not a time of day.", "", fix), feed, span.end)


_FRAME = re.compile(r"([0-9]+)\s*-?(m|min|minutes?|h|hours?|d|days?|w|weeks?|mn|months?)?\b", re.IGNORECASE)
_FRAME_WORDS = {
    "daily": "D1", "day": "D1", "d": "D1", "weekly": "W1", "week": "W1", "w": "W1", "monthly": "MN1", "month": "MN1",
    "hourly": "H1", "hour": "H1", "h": "H1", "minute": "M1", "m": "M1",
}  # fmt: skip


def _timeframe(trouble: Trouble) -> Finding | None:
    if not trouble.takes("TIMEFRAME"):
        return None
    text, start = trouble.text, trouble.start
    word = trouble.word
    if word in KEYWORDS and word not in _FRAME_WORDS:
        return None
    right, end = "", start + len(word)
    if TIMEFRAME.fullmatch(word.upper()):
        right = canonical_timeframe(word.upper())
    elif word.lower() in _FRAME_WORDS:
        right = _FRAME_WORDS[word.lower()]
    else:
        match = _FRAME.match(text, start)
        if match:
            letter = (match[2] or "m")[0].upper() if (match[2] or "").lower() not in ("mn", "month", "months") else "MN"
            guess = letter + match[1]
            guess = canonical_timeframe(guess)
            right, end = guess if TIMEFRAME.fullmatch(guess) else "", match.end()
    if not word and not right:
        return None
    wrong = text[start:end]
    if not right and not trouble.first_on_line and word:
        fix = f"Write one such as {one_of(f'`{name}`' for name in TIMEFRAMES[2:7])}."
        return Finding(
            error("RW110", Span(start, end), f"`{wrong}` is not a timeframe.", "", fix), (("TIMEFRAME", "D1"),), end
        )
    if not right:
        return None
    return Finding(
        error("RW110", Span(start, end), f"`{wrong}` is not how a timeframe is written.", "", f"Write `{right}`."),
        (("TIMEFRAME", right),),
        end,
    )


_ZONE = re.compile(r"[A-Za-z][A-Za-z_]*(?:/[A-Za-z_+\-0-9]+)*")
_ZONES = {
    "gmt": "UTC", "z": "UTC", "utc": "UTC", "est": "New_York", "edt": "New_York", "et": "New_York", "ny": "New_York",
    "newyork": "New_York", "nyc": "New_York", "new": "New_York", "us": "New_York", "bst": "London", "uk": "London",
    "cet": "Frankfurt", "cest": "Frankfurt", "berlin": "Frankfurt", "jst": "Tokyo", "aest": "Sydney",
    "broker": "server", "mt5": "server", "eastern": "New_York",
}  # fmt: skip


def _zone(trouble: Trouble) -> Finding | None:
    if not (trouble.takes("ZONE") and trouble.word and not trouble.first_on_line):
        return None
    if trouble.previous is None or trouble.previous.type != "CLOCK":
        return None
    match = _ZONE.match(trouble.text, trouble.start)
    if not match:
        return None
    wrong, end = match[0], match.end()
    if trouble.takes("WEEKDAYS") or trouble.token.type not in ("NAME", "SYMBOL", "CURRENCY", "?", "TIMEFRAME"):
        return None
    right = _ZONES.get(wrong.lower().replace("_", "")) or nearest(wrong, ZONES)
    if right == "New_York" and wrong.lower() == "new":
        match = re.compile(r"new[ _]york", re.IGNORECASE).match(trouble.text, trouble.start)
        end = match.end() if match else end
    fix = f"Write `{right}`." if right else f"Write one of {', '.join(ZONES)}, or an IANA name such as `Europe/Paris`."
    return Finding(
        error(
            "RW111",
            Span(trouble.start, end),
            f"`{trouble.text[trouble.start : end]}` is not a time zone of the language.",
            "Abbreviations such as EST do not say whether summer time applies.",
            fix,
        ),
        (("ZONE", right or "UTC"),),
        end,
    )


def _weekday(trouble: Trouble) -> Finding | None:
    if not (trouble.takes("WEEKDAYS") and len(trouble.word) > 1):
        return None
    wrong = trouble.word
    right = next((day for day in WEEKDAYS if day.lower().startswith(wrong.lower().rstrip("s")[:3])), None)
    if right is None or trouble.first_on_line:
        return None
    end = trouble.start + len(wrong)
    finding = error("RW109", Span(trouble.start, end), f"`{wrong}` is not a weekday.", "", f"Write `{right}`.")
    return Finding(finding, (("WEEKDAYS", right),), end)


_UNIT_WORDS = {
    "candle": "bars", "candles": "bars", "period": "bars", "periods": "bars", "min": "minutes", "mins": "minutes",
    "m": "minutes", "h": "hours", "hr": "hours", "hrs": "hours", "d": "days", "percent": "%", "pct": "%", "per": "%",
    "p": "pips", "pts": "points", "pt": "points", "pipettes": "points", "r": "R", "rr": "R", "dollar": "USD",
    "dollars": "USD", "euro": "EUR", "euros": "EUR", "contracts": "lots", "contract": "lots", "shares": "units",
    "seconds": "minutes", "sec": "minutes", "weeks": "days", "week": "days",
}  # fmt: skip


def _unit(trouble: Trouble) -> Finding | None:
    """A number that lacks its unit, or has one that is not known."""
    previous = trouble.previous
    if previous is None or previous.type not in ("INT", "DECIMAL"):
        return None
    expected = trouble.expected
    units = expected & UNIT_TERMINALS
    if not units:
        return None
    word, text = trouble.word, trouble.text
    known = {("%" if name == "PERCENT" else spelled(name)): name for name in units if name != "CURRENCY"}
    if word and not trouble.first_on_line and trouble.token.type in ("NAME", "SYMBOL", "?", "CURRENCY"):
        meant = _unit_meant(word, known)
        if meant in UNITS:
            meant = UNITS[meant] if previous.text != "1" else SINGULAR.get(UNITS[meant], meant)
        end = trouble.start + len(word)
        if meant or len(units) == len(expected):
            name = known.get(meant, "CURRENCY" if meant else min(units))
            wrong = text[previous.span.start : end]
            right = f"{previous.text}{meant if meant in ('%', 'R') else f' {meant}'}" if meant else ""
            fix = f"Write `{right}`." if right else f"Write {_choice(units)} after the number."
            return Finding(
                error("RW119", Span(trouble.start, end), f"`{word}` is not a unit: `{wrong}`.", "", fix),
                ((name, spelled(name)),),
                end,
            )
    if len(units) < len(expected):
        return None
    span = previous.span
    return Finding(
        error(
            "RW119",
            span,
            f"{previous.text} what? A unit is missing.",
            "A number without a unit leaves its meaning to chance.",
            f"Write {_choice(units, previous.text)}.",
        ),
        ((min(units), spelled(min(units))),),
        trouble.start,
    )


def _unit_meant(word: str, known: dict[str, str]) -> str:
    """The unit behind a word from elsewhere or a misspelt one; empty when there is none."""
    meant = _UNIT_WORDS.get(word.lower(), "")
    if meant in known or (len(meant) == 3 and meant.isupper()):
        return meant
    return nearest(word, sorted(known)) or ""


def _choice(units: frozenset[str], number: str = "") -> str:
    present = {UNITS.get(spelled(name), spelled(name)) for name in units if name != "CURRENCY"}
    names = [name for name in dict.fromkeys(UNITS.values()) if name in present]
    if number == "1":
        names = [SINGULAR.get(name, name) for name in names]
    shown = [f"`{number}{'' if name in ('%', 'R') else ' ' if number else ''}{name}`" for name in names]
    if "CURRENCY" in units:
        shown.append(f"`{number} USD`" if number else "a currency such as `USD`")
    return one_of(shown)
