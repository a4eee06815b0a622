"""How brokers spell symbols: `.US500`, `EURUSD.m`, `EURUSDm`, `FX:EURUSD`, `EUR/USD.pro`.

A name is looked up as it stands, then without the decoration that brokers put before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_VENUE = re.compile(r"^[A-Z0-9_]{2,12}:", re.IGNORECASE)
_FRONT = re.compile(r"^[.#_@!\-]+")
_SEPARATED = re.compile(r"[.#_\-!+^@][A-Z0-9]{0,6}[.#_\-!+^@]?$", re.IGNORECASE)
_BARE = ("micro", "mini", "cash", "spot", "prime", "pro", "ecn", "raw", "stp", "std", "vip", "sb", *"mcixzkrbent")


def candidates(symbol: str, names: Iterable[tuple[str, str]]) -> Sequence[str]:
    """Symbols of the instruments that `symbol` may name; `names` are (symbol, name or alias).

    Names that match as written come alone; only when none does are broker decorations taken off.
    """
    known = tuple(names)
    for spellings in ({symbol}, {symbol.upper()}, _plain(symbol)):
        found = {target for target, name in known if name in spellings or name.upper() in spellings}
        if found:
            return sorted(found)
    return []


def _plain(symbol: str) -> set[str]:
    """Upper-case spellings left when venue, front marks and at most two suffixes are taken off."""
    fronts = {symbol.upper()}
    fronts |= {_VENUE.sub("", s) for s in fronts}
    fronts |= {_FRONT.sub("", s) for s in fronts}
    spellings = set(fronts)
    for _ in range(2):
        spellings |= {_SEPARATED.sub("", s) for s in spellings}
        spellings |= {s[: -len(e)] for s in spellings for e in _BARE if s.endswith(e.upper()) and len(s) > len(e) + 3}
    return spellings - {""}
