"""A delimited text file as columns of strings, with the line number of every row."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from data.arrow import to_numpy
from data.checks import bad_rows
from data.errors import SHOWN, DataError, Problem, reason_of

_MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
NUMBER = r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$"


@dataclass(frozen=True)
class Table:
    """Columns of one file as they are written. `facts` are its leading `# name: value` lines."""

    name: str
    facts: Mapping[str, str]
    header: tuple[str, ...]
    """Column names as written, without blanks around them."""
    text: Mapping[str, Any]
    """Arrow string arrays by lower-case column name."""
    content: bytes = field(repr=False)
    start: int
    """Where the rows begin in `content`, behind facts and header."""

    def __len__(self) -> int:
        return len(next(iter(self.text.values())))

    @cached_property
    def _lines(self) -> list[int]:
        return _row_lines(self.content, self.start)

    def line_of(self, row: int) -> int | None:
        """Line in the file, from 1, of a row counted from 0; None when the file has no lines."""
        return self._lines[row] if self.content else None

    def strings(self, column: str) -> Any:
        """A column by its name in any case. Raises `DataError` RW704 when the file has none."""
        try:
            return self.text[column.lower()]
        except KeyError:
            has = ", ".join(self.header)
            raise DataError(
                "RW704", f"{self.name} has no column “{column}”; it has {has}.", "Add it, or state another --layout."
            ) from None

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A column as float64. Raises `DataError` RW705 or RW706 naming the lines that are not numbers."""
        strings = self.strings(column)
        try:
            return to_numpy(pc.cast(strings, pa.float64()))
        except pa.ArrowInvalid:
            pass
        good = to_numpy(pc.match_substring_regex(strings, NUMBER))
        rows = np.flatnonzero(~good)
        problems = [self._not_a_number(column, int(row), strings[int(row)].as_py()) for row in rows[:SHOWN]]
        if not problems:
            return to_numpy(pc.cast(pc.utf8_trim_whitespace(strings), pa.float64()))
        commas = "Decimals are written with a point here. " if any("," in p.text for p in problems) else ""
        raise bad_rows(self.name, problems, len(rows), commas + "Correct or remove these rows.")

    def _not_a_number(self, column: str, row: int, value: str) -> Problem:
        if value.strip().lower() in ("", "null", "none", "n/a", "na", "nan"):
            shown = f"“{value.strip()}”" if value.strip() else "empty"
            return Problem("RW706", row, f"{column} is {shown}: there is no price", self.line_of(row))
        return Problem("RW705", row, f"{column} is “{value}”, not a number", self.line_of(row))


def read_table(path: Path, name: str) -> Table:
    """Read a CSV file (`,`, `;` or tab; UTF-8 or UTF-16; gzipped or not) without interpreting it.

    Raises `DataError`: RW703 when it has no rows, RW704 when rows have the wrong number of fields,
    RW726 when it is not there, RW728 when it is no table of text.
    """
    content = _content(path, name)
    facts: dict[str, str] = {}
    start = 0
    header = ""
    while start < len(content):
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        line = content[start:end].decode().strip()
        start = end + 1
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            facts[key.strip().lower()] = value.strip()
        elif line:
            header = line
            break
    if not header:
        raise DataError("RW703", f"{name} is empty.")
    delimiter = max(",;\t", key=header.count)
    columns = tuple(part.strip().strip('"').strip() for part in header.split(delimiter))
    if len(columns) == 1:
        shown = header if len(header) <= 60 else header[:57] + "…"
        text = f"{name} is not a price file: it begins with “{shown}”, which names no columns."
        raise DataError("RW728", text, "Give a CSV file whose first line names its columns.")
    if not content[start : start + 1_000_000].strip():
        raise DataError("RW703", f"{name} has a header but no bars.")
    names = [column.lower() for column in columns]
    if len(set(names)) != len(names):
        twice = next(column for column in columns if names.count(column.lower()) > 1)
        raise DataError("RW704", f"{name} has the column “{twice}” twice.", "Remove one of the two.")
    return Table(name, facts, columns, _split(content, start, names, delimiter, name), content, start)


def _content(path: Path, name: str) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError("RW726", f"{name} is not there.", "Check the path.") from None
    except OSError as error:
        text = f"{name} cannot be read: {reason_of(error)}."
        raise DataError("RW726", text, "Check the path and its permissions.") from None
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error):
            text = f"{name} is a gzip file that is damaged or cut off."
            raise DataError("RW728", text, "Download or copy it again.") from None
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", errors="replace").encode()
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in content or not _is_text(content):
        raise DataError("RW728", f"{name} is not a text file.", "Give a CSV file, or a Parquet file named .parquet.")
    if _MARKUP.match(content):
        raise DataError(
            "RW728",
            f"{name} is a web page, not a price file.",
            "The site probably answered with an error: download it again, and open it in an editor to see.",
        )
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _is_text(content: bytes) -> bool:
    if content.isascii():
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _row_lines(content: bytes, start: int) -> list[int]:
    """Numbers, from 1, of the lines that hold rows."""
    before = content.count(b"\n", 0, start)
    return [n for n, line in enumerate(content[start:].split(b"\n"), before + 1) if line.strip()]


def _split(content: bytes, start: int, names: list[str], delimiter: str, name: str) -> dict[str, Any]:
    wrong: list[tuple[int, int]] = []

    def remember(row: Any) -> str:
        if row.text.strip():
            wrong.append((int(row.number), int(row.actual_columns)))
        return "skip"

    try:
        table = pacsv.read_csv(
            pa.BufferReader(pa.py_buffer(content).slice(start)),
            read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=1 << 24),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, invalid_row_handler=remember),
            convert_options=pacsv.ConvertOptions(
                column_types={column: pa.string() for column in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise DataError("RW728", f"{name} cannot be read as rows: {reason_of(error)}.") from None
    if wrong:
        before = content.count(b"\n", 0, start)
        lines = [n for n, line in enumerate(content[start:].split(b"\n"), before + 1) if line]
        problems = [
            Problem("RW704", number - 1, f"{fields} fields where the header has {len(names)}", lines[number - 1])
            for number, fields in wrong[:SHOWN]
        ]
        raise bad_rows(name, problems, len(wrong), "Correct or remove these rows.")
    return {column: table.column(column).combine_chunks() for column in names}
