"""Dukascopy's historical data, from its website or from JForex.

    Gmt time,Open,High,Low,Close,Volume          01.02.2017 00:00:00.000
    Local time,Open,High,Low,Close,Volume        01.02.2017 01:00:00.000 GMT+0100
    Time (UTC),Open,High,Low,Close,Volume        2017.02.01 00:00:00
    Etc/UTC,Open,High,Low,Close,Volume

The zone stands in the header or in each time. A file holds bid or ask prices, and only its name
says which; ask prices become bids by taking off the spread that is stated.
"""

from __future__ import annotations

import re

from data.clocks import resolve_zone
from data.errors import DataError, DataWarning
from data.sources.rows import Layout, Rows, optional, prices
from data.sources.table import Table
from data.sources.times import read_times

_HEADER = re.compile(r"(gmt|local) time|time \((?P<zone>[^)]+)\)|(?P<iana>[a-z]+/[a-z_/]+)|time", re.IGNORECASE)


def _matches(table: Table) -> bool:
    match = _HEADER.fullmatch(table.header[0])
    named = match is not None and (table.header[0].lower() != "time" or _side(table.name) is not None)
    return named and tuple(c.lower() for c in table.header[1:5]) == ("open", "high", "low", "close")


def _matches_ask(table: Table) -> bool:
    return _matches(table) and _side(table.name) == "ask"


def _matches_bid(table: Table) -> bool:
    return _matches(table) and _side(table.name) != "ask"


def _side(name: str) -> str | None:
    words = re.split(r"[^a-z]+", re.split(r"[/\\]", name.lower())[-1])
    return "ask" if "ask" in words else "bid" if "bid" in words else None


def _zone(header: str) -> str | None:
    match = _HEADER.fullmatch(header)
    if match is None or header.lower() in ("local time", "time"):
        return None
    return match["zone"] or match["iana"] or "UTC"


def _reader(side: str) -> Layout:
    def read(table: Table, order: str | None) -> Rows:
        zone = _zone(table.header[0])
        if zone is not None:
            resolve_zone(zone)
        warnings = []
        if side == "bid" and _side(table.name) is None:
            warnings.append(DataWarning("RW765", f"{table.name}: prices are taken as bid prices."))
        if side == "bid" and _side(table.name) == "ask":
            raise DataError(
                "RW714", f"{table.name} is called ASK.", "State --layout dukascopy-ask, or rename the file."
            )
        return Rows(
            read_times(table.name, table.strings(table.header[0]), table.line_of, order),
            **prices(table),
            volume=optional(table, "volume"),
            zone=zone,
            side=side,
            warnings=tuple(warnings),
        )

    if side == "ask":
        return Layout("dukascopy-ask", "ask prices of Dukascopy", _matches_ask, read)
    return Layout("dukascopy", "bid prices of Dukascopy", _matches_bid, read)


LAYOUT = _reader("bid")
ASK = _reader("ask")
