"""An account as a user describes it, checked before anything is computed."""

from __future__ import annotations

import math
import re
from typing import Any

from engine.errors import EngineError
from engine.result import Account


def account_of(**options: Any) -> Account:
    """An `Account`; raises `EngineError` RW807 naming the option and what is possible."""
    account = Account(**options)
    _require(math.isfinite(account.cash) and account.cash > 0, f"--cash {account.cash:g}", "an amount above 0")
    _require(
        re.fullmatch(r"[A-Z]{3}", account.currency) is not None,
        f"--currency {account.currency}",
        "three capital letters, such as USD or EUR",
    )
    _require(account.mode in ("netting", "hedging"), f"--mode {account.mode}", "netting or hedging")
    _require(
        account.leverage is None or (math.isfinite(account.leverage) and account.leverage >= 1),
        f"--leverage {account.leverage}",
        "1 or more",
    )
    _require(
        math.isfinite(account.commission_per_lot) and account.commission_per_lot >= 0,
        f"--commission {account.commission_per_lot:g}",
        "0 or more, per lot and side",
    )
    number = r"\d+(\.\d+)?"
    _require(
        re.fullmatch(rf"none|points:{number}|atr:{number}", account.slippage) is not None,
        f"--slippage {account.slippage}",
        "none, points:N such as points:3, or atr:F such as atr:0.1",
    )
    return account


def _require(right: bool, what: str, possible: str) -> None:
    if not right:
        raise EngineError("RW807", f"{what} cannot be used.", f"Possible: {possible}.")
