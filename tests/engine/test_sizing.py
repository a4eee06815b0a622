"""How many lots: risk, fixed sizes, notional, volatility, Kelly, and how they are rounded."""

from __future__ import annotations

import numpy as np
import pytest

from engine.events import sentence
from engine.result import Account
from tests.engine.trading import DAY, FREE, HOUR, MONDAY, Row, bars, codes, quiet, traded, trades

RULES = """
enter long called up
  when volume = 1
  {size}
  stop 25 pips
"""

BUY: Row = (1.1, 1.1, 1.1, 1.1, 1)


def lots(size: str, rows: list[Row] | None = None, account: Account = FREE, **options: object) -> float:
    (trade,) = trades(RULES.format(size=size), rows or [BUY, *quiet(1.1, 2)], account, **options)
    return trade.lots


def test_risk_is_lost_at_the_stop() -> None:
    assert lots("risk 1% of equity") == 0.40  # 100 USD over 25 pips of 10 USD a lot
    assert lots("risk 130 USD") == 0.52


def test_risk_counts_what_the_open_position_has_made() -> None:
    rules = RULES.format(size="risk 1% of equity") + RULES.format(size="risk 1% of equity").replace(
        "long called up", "short called down"
    ).replace("= 1", "= 2")
    rows = [BUY, *quiet(1.1), (1.1100, 1.1100, 1.1100, 1.1100, 2), *quiet(1.1100)]
    found = trades(rules + "opposite entry reverses", rows)
    assert [t.lots for t in found] == [0.40, 0.41]  # 10,400 equity: 104 USD over 25 pips


def test_risk_of_a_stop_at_a_price_is_measured_from_the_ask() -> None:
    rules = RULES.format(size="risk 1% of equity").replace("25 pips", "at low - 23 pips")
    (trade,) = trades(rules, [BUY, *quiet(1.1, 2)], spread=0.0002)
    assert trade.lots == 0.40


def test_fixed_sizes() -> None:
    assert lots("size 0.35 lots") == 0.35
    assert lots("size 12000 units") == 0.12


def test_notional_is_a_share_of_the_equity_at_the_price() -> None:
    assert lots("size 220% of equity") == 0.20  # 22,000 USD / 1.1 = 20,000 EUR


def test_lots_are_rounded_down_but_not_for_the_last_bit() -> None:
    assert lots("size 0.359 lots") == 0.35
    assert lots("risk 0.29% of equity", [BUY, *quiet(1.1, 2)]) == 0.11
    assert lots("risk 0.75% of equity") == 0.30


def test_below_the_smallest_lot_there_is_no_trade() -> None:
    found = traded(RULES.format(size="risk 0.02% of equity"), [BUY, *quiet(1.1)])
    (event,) = found.events
    assert (event.code, event.values) == ("size_below_minimum", (pytest.approx(0.008), 0.01))


def test_risk_in_another_currency_is_converted_at_the_decision() -> None:
    rows: list[Row] = [(110.0, 110.0, 110.0, 110.0, 1), *quiet(110.0, 2)]
    # 100 USD; 25 pips of USDJPY are 25,000 JPY a lot, 227.27 USD at 110
    assert lots("risk 1% of equity", rows, symbols="USDJPY") == 0.44


def test_an_amount_in_another_currency_is_refused() -> None:
    from engine.errors import NotSupported

    with pytest.raises(NotSupported, match="EUR"):
        lots("risk 100 EUR")


def test_volatility_target_uses_the_last_sixty_complete_days() -> None:
    rng = np.random.default_rng(5)
    closes = 1.1 * np.exp(np.cumsum(rng.normal(0.0, 0.005, 70)))
    rows: list[Row] = [(c, c, c, c, 1.0 if k == 65 else 0.0) for k, c in enumerate(closes)]
    begin = MONDAY - 63 * DAY - 2 * HOUR  # winter: the trading day starts at 22:00 UTC
    times = [begin + k * DAY for k in range(100) if k % 7 < 5][:70]
    (trade,) = trades(
        RULES.format(size="size volatility 10%").replace("25 pips", "2500 pips"),
        [bars(rows, timeframe="D1", times=times, step=DAY)],
        timeframe="D1",
    )
    returns = np.diff(np.log(closes[:66]))[-60:]  # the close of the decision completes its day
    share = 0.10 / (np.std(returns, ddof=1) * np.sqrt(252))
    assert trade.lots == pytest.approx(np.floor(share * 10_000 / closes[65] / 1000) / 100)


def test_volatility_is_unknown_before_there_are_sixty_returns() -> None:
    found = traded(RULES.format(size="size volatility 10%"), [BUY, *quiet(1.1)])
    assert codes(found) == ["size_unknown"]


def test_a_large_size_keeps_its_last_step() -> None:
    account = Account(cash=1_000_000.0, swap=False)
    rules = RULES.format(size="risk 500 USD").replace("25 pips", "20 points")
    for price in (1.1, 1.00004, 1.00015, 1.2995, 1.29984):
        row: Row = (price, price, price, price, 1)
        (trade,) = trades(rules.replace("20 points", "at low - 20 points"), [row, *quiet(price, 2)], account)
        assert trade.lots == 25.0
    (trade,) = trades(rules, [BUY, *quiet(1.1, 2)], account)
    assert trade.lots == 25.0


def test_an_order_is_cut_to_the_largest_size() -> None:
    found = traded(RULES.format(size="size 120 lots"), [BUY, *quiet(1.1, 2)], Account(cash=1e7, swap=False))
    assert [t.lots for t in found.trades.rows()] == [100.0]
    (event,) = found.events
    assert (event.code, event.values) == ("size_above_maximum", (120.0, 100.0))
    assert sentence(event) == "“up” asked for 120.0000 lots and got the largest size, 100."


KELLY = """
enter long called base
  when volume = 1
  size 0.10 lots
  stop 20 pips
  target 20 pips
enter long called by_results
  when volume = 2
  size kelly half, at most 2%
  stop 20 pips
  target 20 pips
"""


def results(winners: int, losers: int) -> list[Row]:
    """Trades of +1R and −1R, one after the other in a fixed mix, then a Kelly entry."""
    rows: list[Row] = []
    order = [
        k * winners // (winners + losers) != (k + 1) * winners // (winners + losers) for k in range(winners + losers)
    ]
    for won in order:
        rows += [BUY, (1.1, 1.1020, 1.1, 1.1) if won else (1.1, 1.1, 1.0980, 1.1)]
    return [*rows, (1.1, 1.1, 1.1, 1.1, 2), *quiet(1.1, 2)]


def test_kelly_is_unknown_under_thirty_results() -> None:
    assert codes(traded(KELLY, results(20, 9)))[-1] == "size_unknown"


def test_kelly_is_half_of_mean_over_variance_of_r() -> None:
    made = trades(KELLY, results(16, 14))
    r = np.array([1.0] * 16 + [-1.0] * 14)
    share = 0.5 * r.mean() / r.var(ddof=1)
    equity = 10_000 + 20 * 2
    assert share > 0.02
    assert made[-1].lots == pytest.approx(np.floor(0.02 * equity / 200 * 100) / 100)  # capped
    capped = KELLY.replace("at most 2%", "at most 20%")
    made = trades(capped, results(16, 14))
    assert made[-1].lots == pytest.approx(np.floor(min(share, 0.2) * equity / 200 * 100) / 100)


def test_kelly_without_an_edge_does_not_trade() -> None:
    assert codes(traded(KELLY, results(15, 20)))[-1] == "size_below_minimum"
