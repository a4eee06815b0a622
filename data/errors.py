"""What is wrong with data, said as a person would: RW7xx.

`DataError` stops (what was asked cannot be done); a `DataWarning` is a value that travels with the
bars. Both have a stable code whose catalogue entry says why it matters and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 8
"""Problems spelled out in one message; the rest is counted."""


@dataclass(frozen=True, slots=True)
class DataCode:
    """Catalogue entry for `rulewright errors CODE`."""

    code: str
    title: str
    why: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect of one row. `row` counts bars from 0; `line` is the line in the file, if there is one."""

    code: str
    row: int
    text: str
    line: int | None = None

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line is not None else f"bar {self.row}: {self.text}"


@dataclass(frozen=True, slots=True)
class DataWarning:
    """A defect that does not stop: shown to the user, and kept with the result."""

    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.sentence} ({self.code})"


class DataError(Exception):
    """Data that cannot be used as asked. `code` is in `CODES`; the texts are for the user.

    `hint` says what to do or which option answers the question; `problems` are the bad rows, at
    most `SHOWN` of them, of `count` in all.
    """

    def __init__(
        self, code: str, sentence: str, hint: str = "", *, problems: Sequence[Problem] = (), count: int | None = None
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint
        self.problems = tuple(problems[:SHOWN])
        self.count = len(problems) if count is None else count


def reason_of(error: BaseException) -> str:
    """What an error of the system or a library says, as the end of a sentence: no number, first line, no full stop."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    first = (said.strip().splitlines() or ["no reason is given"])[0].rstrip(". ")
    return first[:1].lower() + first[1:]


CODES = (
    DataCode(
        "RW701",
        "A symbol is not known.",
        "Without contract facts (lot, tick, currency, hours) no result in money means anything.",
        "Check the spelling, or describe the instrument in a TOML file of your own.",
    ),
    DataCode(
        "RW702",
        "A symbol could mean several instruments.",
        "Trading the wrong instrument is worse than trading none.",
        "Write the instrument's own symbol; the message names the candidates.",
    ),
    DataCode(
        "RW703",
        "A file has no bars.",
        "A backtest without prices would show a strategy that never loses.",
        "Export the file again; check the range of dates.",
    ),
    DataCode(
        "RW704",
        "A column is missing.",
        "Open, high, low, close and a time are the least a bar needs.",
        "Add the column, or state the layout with --layout.",
    ),
    DataCode(
        "RW705",
        "A value is not a number.",
        "A guessed price would trade.",
        "Correct or remove the row. Decimals are written with a point, thousands without a separator.",
    ),
    DataCode(
        "RW706",
        "A price is missing or not finite.",
        "An indicator that meets such a value is unknown from there on.",
        "Remove the row: a missing bar is a gap, which is handled; a bar without a price is not.",
    ),
    DataCode(
        "RW707",
        "A price is zero or negative.",
        "Some exports write a missing price as zero; it would look like a crash.",
        "Remove the row.",
    ),
    DataCode(
        "RW708",
        "Two bars have the same time.",
        "Only one of them can be the bar that was seen; often the last one was still forming.",
        "Keep one of the rows.",
    ),
    DataCode(
        "RW709",
        "Times run backward.",
        "Rows out of order make a strategy see the future.",
        "Sort the file by time, oldest first; if parts were joined, check for an overlap.",
    ),
    DataCode(
        "RW710",
        "High, low, open and close contradict each other.",
        "Fills inside the bar are decided by its high and low.",
        "Correct or remove the row. Float noise up to a hundredth of a point is tolerated.",
    ),
    DataCode(
        "RW711",
        "The ask is below the bid.",
        "A negative spread pays the trader for trading.",
        "Correct the spread column, or leave it out and state one with --spread.",
    ),
    DataCode(
        "RW712",
        "Bars of several timeframes are in one file.",
        "An average over 20 bars would mean hours in one part and days in another.",
        "Export one timeframe a file.",
    ),
    DataCode(
        "RW713",
        "A time is not on the timeframe's grid.",
        "A bar that starts in the middle of another was usually still forming when the file was written.",
        "Remove the row, or state the right --timeframe or --zone.",
    ),
    DataCode(
        "RW714",
        "The layout of a file is not clear.",
        "The same numbers mean different times or sides in different layouts.",
        "State it with --layout.",
    ),
    DataCode(
        "RW715",
        "The order of day and month is not clear.",
        "3.4. and 4.3. are a month apart.",
        "State it with the layout, such as --layout stooq/day-first or stooq/month-first.",
    ),
    DataCode(
        "RW716",
        "The time zone of a file is not known.",
        "One hour wrong moves every session, day and news filter.",
        "State it with --zone, such as --zone Europe/Athens, --zone UTC+2 or --zone New_York+7 (most MT5 brokers).",
    ),
    DataCode(
        "RW717",
        "The symbol of a file is not known.",
        "The file does not say what its prices are prices of.",
        "State it with --symbol.",
    ),
    DataCode(
        "RW718",
        "The timeframe of a file is not clear.",
        "It is read from the distance of the bars, and too few or uneven distances leave it open.",
        "State it with --timeframe.",
    ),
    DataCode(
        "RW719",
        "A time cannot be read.",
        "A bar without a time cannot be placed.",
        "Correct the row; write times as 2017-03-15T09:00:00Z.",
    ),
    DataCode(
        "RW720",
        "Times of several formats are in one column.",
        "Files joined from two sources often change their format, and with it day and month or the zone.",
        "Export again from one source, or convert the column to one format.",
    ),
    DataCode(
        "RW721",
        "There are no bars of a symbol.",
        "The strategy reads a symbol that no data file holds.",
        "Add the file with --data.",
    ),
    DataCode(
        "RW722",
        "A timeframe cannot be built from the bars at hand.",
        "Higher bars are built from lower ones whose edges fall on theirs; lower ones cannot be invented.",
        "Give bars of that timeframe, or finer ones.",
    ),
    DataCode(
        "RW723",
        "A currency cannot be converted.",
        "Money is never converted at a guessed rate, nor at 1.0.",
        "Add bars of the currency pair with --data, or use another account currency.",
    ),
    DataCode(
        "RW724",
        "A timeframe is not one.",
        "",
        "Write M1, M15, H1, H4, D1, W1 or MN1; other multiples such as M10, H48 or D2 work too.",
    ),
    DataCode(
        "RW725",
        "There are no bars in the time asked for.",
        "",
        "Widen the range, or add data; the message says which times there are.",
    ),
    DataCode(
        "RW726",
        "A data file, sample or generated set is not there.",
        "",
        "Check the path. Names that start with samples/ or synthetic/ come with Rulewright; the message lists them.",
    ),
    DataCode(
        "RW727",
        "An instrument file cannot be used.",
        "A wrong contract size or tick makes every result in money wrong.",
        "Correct the entry that the message names.",
    ),
    DataCode(
        "RW728",
        "A file is not the kind of file it seems to be.",
        "",
        "Give a CSV file (it may be gzipped) or a Parquet file.",
    ),
    DataCode(
        "RW729",
        "A time zone is not known.",
        "",
        "Write an IANA name such as Europe/London, a short name (London, New_York, Tokyo, Frankfurt), UTC, "
        "UTC+2 or New_York+7.",
    ),
    DataCode(
        "RW730",
        "A Parquet file that Rulewright wrote is damaged or of another version.",
        "The columns do not give the hash that was stored with them, or are not those of this version.",
        "Make it again from its source.",
    ),
    DataCode(
        "RW731",
        "Prices are far from any this instrument has had.",
        "Some files multiply prices by 100, 10,000 or 100,000; pips and money would be off by that factor.",
        "Divide the prices, or state the right --symbol.",
    ),
    DataCode(
        "RW732",
        "A stated spread cannot be used.",
        "It must be a number from 0 and at most fifty times the instrument's usual one: more is most likely in points.",
        "Write it in pips, such as --spread 1.2.",
    ),
    DataCode(
        "RW733",
        "Bars of one symbol and timeframe were given twice.",
        "Which of them is right cannot be guessed.",
        "Give one file for each symbol and timeframe.",
    ),
    DataCode(
        "RW734",
        "A spread is wider than any broker quotes.",
        "A bar's spread is above a tenth of its price, or the usual one of the file above fifty times the "
        "instrument's typical one: the column is most likely in points or pips.",
        "Write ask − bid as a price, such as 0.00008; or leave the column out and state --spread in pips.",
    ),
    DataCode(
        "RW751",
        "The spread is zero on some bars.",
        "Trading looks free there; brokers record a spread of 0 when they did not record it.",
        "State a spread with --spread, or use data that records it.",
    ),
    DataCode(
        "RW752",
        "Prices have more digits than the instrument quotes.",
        "Float noise: the file went through a program that computed with it.",
        "Nothing needs to be done: what is below a millionth of the price is rounded away.",
    ),
    DataCode(
        "RW753",
        "Bars are older than the instrument.",
        "Such prices were reconstructed later from other series; nobody could trade them.",
        "Start later, with --from.",
    ),
    DataCode(
        "RW754",
        "Daily bars lie on days without trading.",
        "Short Sunday bars distort every daily average and range; or the dates were shifted by a conversion to UTC.",
        "Use bars whose day ends at 17:00 New York, or build days from hourly bars.",
    ),
    DataCode(
        "RW755",
        "The file has exactly as many rows as a program's limit.",
        "Terminals and spreadsheets cut files at such limits: older bars are probably missing.",
        "Export in parts, or raise the limit (in MT5: Tools, Options, Charts, Max bars in chart).",
    ),
    DataCode(
        "RW756",
        "Bars are missing while the market was open.",
        "Gaps are never filled; entries and exits that would have happened there are not tested.",
        "Compare with another source; holidays are normal.",
    ),
    DataCode(
        "RW757",
        "Bars lie outside the instrument's trading hours.",
        "Closed hours filled with the last close, or times in the wrong zone.",
        "State the right --zone, or remove bars that were filled in.",
    ),
    DataCode(
        "RW758",
        "Many bars do not move at all.",
        "Open, high, low and close are equal and volume is nil: the source filled silence with the last close.",
        "Use data with real trades, or a longer timeframe.",
    ),
    DataCode(
        "RW759",
        "A bar moves extremely far.",
        "Such moves have been real (sterling in October 2016): they stay in the data, and are worth a look.",
        "Compare the named bars with another source; remove one only if it is wrong.",
    ),
    DataCode(
        "RW760",
        "Volume is missing or zero on moving bars.",
        "Builtins that read volume are unknown or wrong there.",
        "Do not use volume with this file, or use data that records it.",
    ),
    DataCode(
        "RW761",
        "The file's clock does not agree with the market's week.",
        "Trading weeks start at another hour in part of the file: its daylight-saving rule is not the stated one, "
        "or it changed.",
        "State another --zone; the message names one that fits if there is one.",
    ),
    DataCode(
        "RW762",
        "The days of this file are not the instrument's trading days.",
        "Daily highs, lows and closes belong to other hours than 17:00 to 17:00 New York.",
        "Build days from hourly bars, or accept the difference.",
    ),
    DataCode(
        "RW763",
        "Adjusted closes differ from the raw ones.",
        "Raw prices are used; dividends and splits are therefore price moves in a backtest.",
        "Use a series that is adjusted in all four prices if splits occurred.",
    ),
    DataCode(
        "RW764",
        "The spread is an assumption.",
        "The file has no spread; costs in the results are as good as this figure.",
        "State your broker's own with --spread.",
    ),
    DataCode(
        "RW765",
        "Prices are taken as bid prices.",
        "The file does not say whether they are bid or ask.",
        "If they are ask prices, state --layout dukascopy-ask.",
    ),
    DataCode(
        "RW766",
        "Times carry several UTC offsets.",
        "Each was converted with its own offset; check that a change is a daylight-saving change.",
        "Nothing needs to be done if the offsets follow daylight saving.",
    ),
    DataCode(
        "RW767",
        "Opens repeat the close before.",
        "The source did not record the open: overnight gaps are missing, and fills at the open look too good.",
        "Use data with real opens, or start later with --from.",
    ),
    DataCode(
        "RW768",
        "Columns of a file were not read.",
        "They have a name that means nothing here; what they hold counts for nothing in a backtest.",
        "Nothing, if that is meant; else rename them: time, open, high, low, close, volume, spread or ask.",
    ),
)
