"""Words that other programs use, with the word of the language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dsl.builtins import BUILTINS
from dsl.diagnostics import Span
from dsl.expected import spelled
from dsl.trouble import Finding, Trouble, error, shorten


def foreign_forms(trouble: Trouble) -> Finding | None:
    """Ratios and comments as elsewhere, which single signs would explain wrongly."""
    return _ratio(trouble) or _comment(trouble)


def _comment(trouble: Trouble) -> Finding | None:
    """`// text`: the first stroke may have been read as a division."""
    text, start = trouble.text, trouble.start
    begin = start - 1 if text[start - 1 : start] == "/" else start
    if text[begin : begin + 2] != "//":
        return None
    end = start + len(trouble.rest)
    finding = error("RW106", Span(begin, begin + 2), "A comment begins with `#`.", "", "Write `#` instead of `//`.")
    return Finding(finding, (("INT", "1"),) if begin < start else (), end)


def foreign_words(trouble: Trouble) -> Finding | None:
    """A thing of the language under another name."""
    for recognise in (
        _times_indicator,
        _pair,
        _time_compared,
        _crosses_over,
        _exit_at_a_time,
        _bare_numbers,
        _break_even,
        _name_of_words,
        _ago,
        _foreign_words,
    ):
        finding = recognise(trouble)
        if finding:
            return finding
    return None


@dataclass(frozen=True, slots=True)
class Foreign:
    """A way of saying it elsewhere; `feed` are the terminals meant, `right` how they are written."""

    pattern: re.Pattern[str]
    right: str
    feed: tuple[str, ...]


def _foreign(pattern: str, right: str, feed: str = "") -> Foreign:
    return Foreign(re.compile(rf"(?:{pattern})(?![A-Za-z0-9_])", re.IGNORECASE), right, tuple(feed.split()))


_FOREIGN = (
    _foreign(r"trailing[ _-]?stop(?:[ _-]?loss)?|tsl", "trail stop by", "TRAIL STOP BY"),
    _foreign(r"stop[ _-]?loss|loss(?= +-?[0-9])|sl", "stop", "STOP"),
    _foreign(r"take[ _-]?profit|profit[ _-]?target|tp", "target", "TARGET"),
    _foreign(r"(?:buy|go long|long|enter|entry long) (?:when|if)", "enter long when", "ENTER LONG WHEN"),
    _foreign(r"(?:sell short|short|go short|sell|entry short) (?:when|if)", "enter short when", "ENTER SHORT WHEN"),
    _foreign(r"(?:close|sell|leave|exit)(?: position| trade| all)? (?:when|if)", "exit long when", "EXIT LONG WHEN"),
    _foreign(r"(?:buy|go long|open long|entry long)", "enter long", "ENTER LONG"),
    _foreign(r"(?:sell short|go short|open short|entry short|sell)", "enter short", "ENTER SHORT"),
    _foreign(r"buys?", "long", "LONG"),
    _foreign(r"sells?", "short", "SHORT"),
    _foreign(r"(?:close|sell)(?= half| [0-9])", "take", "TAKE"),
    _foreign(r"close(?: position| trade| all)?(?= at| after| once)", "leave", "LEAVE"),
    _foreign(r"if", "when", "WHEN"),
    _foreign(r"filter|condition|where|trigger", "when", "WHEN"),
    _foreign(r"cross(?:es|ed)?[ _]?(?:over|up)|cross(?:ed)? above|breaks above", "crosses above", "CROSSES ABOVE"),
    _foreign(r"cross(?:es|ed)?[ _]?(?:under|down)|cross(?:ed)? below|breaks below", "crosses below", "CROSSES BELOW"),
    _foreign(r"(?:is )?(?:greater|bigger|larger|higher|more) than or equal(?: to)?", ">=", "GE"),
    _foreign(r"(?:is )?(?:less|smaller|lower) than or equal(?: to)?", "<=", "LE"),
    _foreign(r"(?:is |goes )?(?:above|over|(?:greater|bigger|larger|higher|more) than)", ">", "MORETHAN"),
    _foreign(r"(?:is |goes )?(?:below|under|(?:less|smaller|lower) than)", "<", "LESSTHAN"),
    _foreign(r"(?:is not|does not equal|isnt|not equal(?: to)?)", "!=", "NE"),
    _foreign(r"(?:is )?equals?(?: to)?|is", "=", "EQUAL"),
    _foreign(r"(?:is )?(?:increasing|going up)(?: for)?", "rising for", "RISING FOR"),
    _foreign(r"(?:is )?(?:decreasing|going down)(?: for)?", "falling for", "FALLING FOR"),
    _foreign(r"plus", "+", "PLUS"),
    _foreign(r"minus", "-", "MINUS"),
    _foreign(r"(?:times|multiplied by)", "*", "STAR"),
    _foreign(r"(?:divided by|over)", "/", "SLASH"),
    _foreign(r"break[ _-]even|be|entry", "breakeven", "BREAKEVEN"),
    _foreign(r"(?:lot|position|trade)[ _]?size|lots|volume|quantity|qty|amount", "size", "SIZE"),
    _foreign(r"parameters?|inputs?|variables?|settings?", "params", "PARAMS"),
    _foreign(r"(?:var|set|define|const|def|float|int|double)(?= +[A-Za-z_]+ *:?=)", "let", "LET"),
    _foreign(r"(?:else ?if|elif|elsif)", "else if", "ELSE IF"),
    _foreign(r"named|name|as", "called", "CALLED"),
    _foreign(r"but not|except(?: when| if)?|and not when", "unless", "UNLESS"),
    _foreign(r"max(?:imum)? daily loss", "daily loss", "DAILY LOSS"),
    _foreign(r"max(?:imum)?(?: of)?|up to|no more than|not more than", "at most", "AT MOST"),
    _foreign(r"(?:once|one)(?= (?:per|a) day)", "1", "INT"),
    _foreign(r"(?:a|each|every|/) ?day", "per day", "PER DAY"),
    _foreign(r"all of", "a and b", ""),
    _foreign(r"(?:reverse|flip)", "reverses", "REVERSES"),
    _foreign(r"(?:ignore|none)", "ignored", "IGNORED"),
    _foreign(r"(?:until|to|\.\.|-)(?= *[0-9])", "to", "TO"),
    _foreign(r"half of (?:it|the position)|50 ?%", "half", "HALF"),
    _foreign(r"balance|capital|account|deposit", "equity", "EQUITY"),
    _foreign(r"title|system", "strategy", "STRATEGY"),
    _foreign(r"tests?|scenario", "example", "EXAMPLE"),
)  # fmt: skip

_ELSEWHERE = re.compile(r"(?:after|at|once|on)(?![A-Za-z0-9_])[^\r\n#]*")


def _exit_at_a_time(trouble: Trouble) -> Finding | None:
    """`exit after 3 bars`: what belongs under `manage`."""
    match = _ELSEWHERE.match(trouble.text, trouble.start)
    if not match or trouble.previous is None or trouble.previous.text != "exit":
        return None
    line = shorten(f"leave {match[0].rstrip()}")
    span = Span(trouble.previous.span.start, match.end())
    message = "An `exit` rule waits for a condition, not for a time or a profit."
    return Finding(error("RW124", span, message, "", f"Write `{line}` under `manage`."))


def _bare_numbers(trouble: Trouble) -> Finding | None:
    """`rsi 14`: an indicator whose number lacks its parentheses."""
    token, previous = trouble.token, trouble.previous
    if token.type not in ("INT", "DECIMAL") or previous is None or previous.type != "NAME" or trouble.first_on_line:
        return None
    if not trouble.takes("LPAR", token.type, "RPAR"):
        return None
    row = BUILTINS.get(previous.text)
    reads = bool(row and row.inputs and row.inputs[0].default is None)
    right = f"{previous.text}({'close, ' if reads else ''}{token.text})"
    span = Span(previous.span.start, token.span.end)
    finding = error("RW116", span, "The numbers of an indicator stand in parentheses.", "", f"Write `{right}`.")
    first = (("CLOSE", "close"), ("COMMA", ",")) if reads else ()
    return Finding(finding, (("LPAR", "("), *first, (token.type, token.text), ("RPAR", ")")), token.span.end)


def _times_indicator(trouble: Trouble) -> Finding | None:
    """`3 atr`: a multiple of an indicator without its sign, and perhaps without its number."""
    previous, word = trouble.previous, trouble.word
    row = BUILTINS.get(word)
    if previous is None or previous.type not in ("INT", "DECIMAL") or row is None or trouble.first_on_line:
        return None
    if not trouble.takes("STAR", "NAME") or len(row.numbers) > 1 or row.inputs:
        return None
    end = trouble.start + len(word)
    called = not row.numbers or trouble.text[end : end + 1] == "("
    right = f"{previous.text} * {word}{'' if called else '(14)'}"
    span = Span(previous.span.start, end)
    shown = trouble.text[span.start : span.end]
    finding = error("RW125", span, f"`*` is missing in `{shown}`.", "", f"Write `{right}`.")
    rest = () if called else (("LPAR", "("), ("INT", "14"), ("RPAR", ")"))
    return Finding(finding, (("STAR", "*"), ("NAME", word), *rest), end)


_RATIO = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*:\s*([0-9]+(?:\.[0-9]+)?)")


def _ratio(trouble: Trouble) -> Finding | None:
    """`target 3:1`: reward to risk, or the other way round."""
    previous = trouble.previous
    if not trouble.text.startswith(":", trouble.start) or previous is None or not trouble.takes("R"):
        return None
    match = _RATIO.match(trouble.text, previous.span.start)
    if not match or "1" not in match.groups():
        return None
    reward = match[2] if match[1] == "1" else match[1]
    span = Span(*match.span())
    why = "R is what the stop puts at risk, so that a multiple of it says the same."
    return Finding(
        error("RW121", span, f"`{match[0]}` is not how a target is written.", why, f"Write `{reward}R`."),
        (("R", "R"),),
        span.end,
    )


_PAIR = re.compile(r"/\s*([A-Z]{2,6})(?![A-Za-z0-9_])")


def _pair(trouble: Trouble) -> Finding | None:
    """`trade EUR/USD`: a symbol with a stroke."""
    previous = trouble.previous
    match = _PAIR.match(trouble.text, trouble.start)
    if not match or previous is None or not re.fullmatch(r"[A-Z]{2,6}", previous.text):
        return None
    span = Span(previous.span.start, match.end())
    fix = f'Write `{previous.text}{match[1]}`, or `"{previous.text}/{match[1]}"` if the broker spells it so.'
    return Finding(error("RW121", span, "A symbol is written without a stroke.", "", fix), (), span.end)


_SINCE = re.compile(r"(<=?|>=?|=)\s*([0-9]{2}:[0-9]{2})(\s+[A-Z][A-Za-z_]*(?:/[A-Za-z_]+)?)?")


def _time_compared(trouble: Trouble) -> Finding | None:
    """`time > 20:00 London`: a clock has no beginning, so a window says both ends."""
    previous = trouble.previous
    match = _SINCE.match(trouble.text, trouble.start)
    if not match or previous is None or previous.text != "time" or not trouble.takes("BETWEEN"):
        return None
    first, last = ("00:00", match[2]) if match[1].startswith("<") else (match[2], "00:00")
    zone = f" {match[3].strip()}" if match[3] else " London"
    span = Span(previous.span.start, match.end())
    why = "Times of day go round, so that a window needs both its ends."
    fix = f"Write `time between {first} and {last}{zone}`."
    finding = error("RW121", span, "A time of day is not compared.", why, fix)
    feed = (("BETWEEN", "between"), ("CLOCK", first), ("AND", "and"), ("CLOCK", last))
    return Finding(finding, feed, match.end(2))


_AGO = re.compile(r"([0-9]+)\s+(?:bars?|candles?|days?|periods?)\s+(?:ago|back|before)(?![A-Za-z0-9_])", re.IGNORECASE)


def _ago(trouble: Trouble) -> Finding | None:
    ago = _AGO.match(trouble.text, trouble.start)
    if not ago or not trouble.previous:
        return None
    fix = f"Write `{trouble.previous.text}[{ago[1]}]`."
    finding = error("RW121", Span(*ago.span()), f"`{ago[0]}` is not how the past is named.", "", fix)
    return Finding(finding, (), ago.end())


def _foreign_words(trouble: Trouble) -> Finding | None:
    text, start = trouble.text, trouble.start
    if not trouble.word and not text.startswith((".", "-"), start):
        return None
    if trouble.previous and trouble.previous.text in _SPLIT and not trouble.first_on_line:
        back = _split(trouble)
        if back:
            return back
    for foreign in _FOREIGN:
        match = foreign.pattern.match(text, start)
        if match and foreign.feed and match[0] != foreign.right and trouble.takes(*foreign.feed):
            feed = tuple((type_, spelled(type_)) for type_ in foreign.feed)
            return Finding(
                error(
                    "RW121",
                    Span(*match.span()),
                    f"`{match[0]}` is not a word for this.",
                    "Each thing has one name in the language, so that every strategy reads alike.",
                    f"Write `{foreign.right}`.",
                ),
                feed if foreign.feed != ("INT",) else (("INT", "1"),),
                match.end(),
            )
    return None


_SPLIT = frozenset({"stop", "take"})
_TAILS: tuple[tuple[str, re.Pattern[str], str, tuple[str, ...], bool], ...] = (
    ("stop", re.compile(r"[ -]*loss\b", re.IGNORECASE), "stop", (), False),
    ("take", re.compile(r"[ -]*profit\b", re.IGNORECASE), "target", ("TARGET",), True),
)
_CROSSES = re.compile(r"crosses\s+(over|up|upwards|under|down|downwards)\Z")
_NAMED = re.compile(r"(called|let|remember)\s+[a-z][a-z0-9_]*[ \t]*\Z")
_MORE_NAME = re.compile(r"-?[A-Za-z][A-Za-z0-9_]*(?:[ \t]+[A-Za-z][A-Za-z0-9_]*)*(?=[ \t]*(?:=|#|$))", re.MULTILINE)


def _name_of_words(trouble: Trouble) -> Finding | None:
    """`called breakout up`: a name of several words."""
    head = _NAMED.search(trouble.text, max(0, trouble.start - 80), trouble.start)
    tail = _MORE_NAME.match(trouble.text, trouble.start)
    if not head or not tail or not trouble.previous:
        return None
    words = [trouble.previous.text, *tail[0].strip("-").split()]
    span = Span(trouble.previous.span.start, tail.end())
    return Finding(
        error("RW122", span, "A name is one word.", "", f"Write `{'_'.join(words).lower()}`."), (), tail.end()
    )


def _break_even(trouble: Trouble) -> Finding | None:
    """`break even`, where `break` was taken for a name."""
    previous = trouble.previous
    if previous is None or previous.text != "break" or not trouble.word.startswith("even"):
        return None
    span = Span(previous.span.start, trouble.start + len(trouble.word))
    finding = error("RW121", span, "`break even` is one word here.", "", "Write `breakeven`.")
    return Finding(finding, (), span.end)


def _crosses_over(trouble: Trouble) -> Finding | None:
    """`crosses over x`, where `over` was taken for a name."""
    machine, previous = trouble.machine, trouble.previous
    if previous is None or previous.type != "NAME":
        return None
    match = _CROSSES.search(trouble.text, max(0, previous.span.start - 40), previous.span.end)
    height = next((i for i, v in enumerate(machine.values) if getattr(v, "span", None) == previous.span), None)
    if not match or height is None:
        return None
    type_ = "ABOVE" if match[1] in ("over", "up", "upwards") else "BELOW"
    machine.cut(height + 1)
    right = f"crosses {type_.lower()}"
    finding = error("RW121", Span(*match.span()), f"`{match[0]}` is not a word for this.", "", f"Write `{right}`.")
    return Finding(finding, ((type_, type_.lower()),), trouble.start)


def _split(trouble: Trouble) -> Finding | None:
    """Slips of two words whose first one is a word of the language: `stop loss`, `crosses over`."""
    previous = trouble.previous
    assert previous
    for first, tail, right, feed, again in _TAILS:
        match = tail.match(trouble.text, trouble.start)
        if not match or previous.text != first:
            continue
        span = Span(previous.span.start, match.end())
        if again:
            trouble.machine.cut(len(trouble.machine.states) - 1)
        if feed and not trouble.machine.accepts_all(feed):
            return None
        wrong = trouble.text[span.start : span.end]
        finding = error("RW121", span, f"`{wrong}` is not a word for this.", "", f"Write `{right}`.")
        return Finding(finding, tuple((type_, spelled(type_)) for type_ in feed), match.end())
    return None
