"""The account: swap, margin, stop-out, netting and hedging, and the curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.instruments import load_instruments
from engine.result import Account
from tests.engine.trading import DAY, FREE, HOUR, MONDAY, Row, bars, codes, quiet, traded, trades

LONG = """
enter long called up
  when volume = 1
  size 1 lots
  stop none because "A test of costs."
  target 5000 pips
"""

SHORT = LONG.replace("long called up", "short called down").replace("= 1", "= 2")

BUY: Row = (1.1, 1.1, 1.1, 1.1, 1)
SELL: Row = (1.1, 1.1, 1.1, 1.1, 2)
SWAP = Account(cash=100_000.0)
EVENING = MONDAY + 20 * HOUR
"""The bar after the next opens at 22:00 UTC, 17:00 in New York."""


def test_a_night_is_charged_when_the_trading_day_of_the_instrument_ends() -> None:
    (trade,) = trades(LONG, [bars([BUY, *quiet(1.1, 2)], start=EVENING)], SWAP)
    assert trade.swap == pytest.approx(-7.0)  # −7 points of 1 USD
    (trade,) = trades(SHORT, [bars([SELL, *quiet(1.1, 2)], start=EVENING)], SWAP)
    assert trade.swap == pytest.approx(2.5)
    (trade,) = trades(LONG, [bars([BUY, *quiet(1.1)], start=EVENING)], SWAP)
    assert trade.swap == 0.0


def test_wednesday_counts_three_nights_and_a_week_seven() -> None:
    wednesday = EVENING + 2 * DAY
    (trade,) = trades(LONG, [bars([BUY, *quiet(1.1, 2)], start=wednesday)], SWAP)
    assert trade.swap == pytest.approx(-21.0)
    week = bars([BUY, *quiet(1.1, 168)], start=EVENING)
    (trade,) = trades(LONG, [week], SWAP)
    assert trade.swap == pytest.approx(-49.0)


def test_a_position_opened_after_the_boundary_pays_nothing_for_that_night() -> None:
    (trade,) = trades(LONG, [bars([*quiet(1.1), BUY, *quiet(1.1)], start=EVENING)], SWAP)
    assert trade.swap == 0.0


def test_yearly_swap_is_a_share_of_the_notional_by_360_days() -> None:
    index = load_instruments().find("US500")
    rows: list[Row] = [(5000.0, 5000.0, 5000.0, 5000.0, 1), *[(5000.0, 5000.0, 5000.0, 5000.0)] * 2]
    (trade,) = trades(LONG, [bars(rows, "US500", start=EVENING)], replace(SWAP, cash=1e6), symbols="US500")
    expected = 5000.0 * index.contract_size * index.swap_long / 100 / 360
    assert trade.swap == pytest.approx(expected)


def test_equity_bears_the_swap_while_the_position_is_open() -> None:
    found = traded(LONG, [bars([BUY, *quiet(1.1, 3)], start=EVENING)], SWAP)
    assert found.curve.equity.tolist() == pytest.approx([100_000, 100_000, 99_993, 99_993])
    assert found.curve.balance.tolist() == pytest.approx([100_000, 100_000, 100_000, 99_993])


def test_the_curve_is_cash_and_what_is_open_at_the_closing_price() -> None:
    rows = [BUY, (1.1, 1.1010, 1.1, 1.1010), (1.1010, 1.1010, 1.1, 1.1005), (1.1005, 1.1005, 1.1, 1.1)]
    found = traded(LONG, rows, replace(FREE, cash=100_000.0), spread=0.0001)
    assert found.curve.time.tolist() == [MONDAY + k * HOUR for k in range(1, 5)]
    assert found.curve.equity.tolist() == pytest.approx([100_000, 100_090, 100_040, 99_990])
    assert found.curve.balance.tolist() == pytest.approx([100_000, 100_000, 100_000, 99_990])
    assert found.curve.exposure.tolist() == pytest.approx([0, 1.1010e5 / 100_090, 1.1005e5 / 100_040, 0])


def test_a_short_is_worth_what_the_ask_makes_it() -> None:
    found = traded(SHORT, [SELL, *quiet(1.1, 2)], replace(FREE, cash=100_000.0), spread=0.0002)
    assert found.curve.equity.tolist() == pytest.approx([100_000, 99_980, 99_980])


def test_without_the_margin_there_is_no_trade() -> None:
    # 1 lot at 1.1 is 110,000 USD: 3,666.67 at 1:30
    assert len(traded(LONG, [BUY, *quiet(1.1, 2)], replace(FREE, cash=3_670.0)).trades) == 1
    found = traded(LONG, [BUY, *quiet(1.1, 2)], replace(FREE, cash=3_660.0))
    assert (len(found.trades), codes(found)) == (0, ["margin"])


def test_the_account_may_cap_the_leverage() -> None:
    found = traded(LONG, [BUY, *quiet(1.1, 2)], replace(FREE, cash=50_000.0, leverage=2))
    assert codes(found) == ["margin"]


def test_a_resting_order_needs_its_margin_when_it_fills() -> None:
    rules = LONG + SHORT.replace("size 1 lots", "order sell stop at close - 10 pips, good for 5 bars\n  size 1 lots")
    rules += "opposite entry reverses"
    rows = [SELL, *quiet(1.1), (1.1, 1.1, 1.0980, 1.0980), *quiet(1.0980)]
    assert len(traded(rules, rows, replace(FREE, cash=3_680.0)).trades) == 1


def test_a_netting_account_reverses_with_the_margin_of_one_position_and_a_hedging_one_needs_both() -> None:
    rules = LONG + SHORT + "opposite entry reverses"
    rows = [BUY, *quiet(1.1), SELL, *quiet(1.1, 2)]
    account = replace(FREE, cash=4_000.0)
    assert [t.side for t in trades(rules, rows, account)] == ["long", "short"]
    found = traded(rules, rows, replace(account, mode="hedging"))
    assert ([t.side for t in found.trades.rows()], codes(found)) == (["long"], ["margin"])
    rich = traded(rules, rows, replace(account, cash=8_000.0, mode="hedging"))
    assert [t.side for t in rich.trades.rows()] == ["long", "short"]


def test_stop_out_at_the_price_where_equity_is_half_the_margin() -> None:
    # margin 3,666.67, stop-out at 1,833.33: 4,000 − 2,166.67 are 216.67 pips, 1.078333 → the bid tick below
    rows = [BUY, *quiet(1.1), (1.1, 1.1, 1.0700, 1.0750), *quiet(1.0750)]
    found = traded(LONG, rows, replace(FREE, cash=4_000.0))
    (trade,) = found.trades.rows()
    assert (trade.exit_price, trade.exit_reason) == (1.07833, "stop_out")
    assert codes(found) == ["stop_out"]


def test_a_gap_beyond_the_stop_out_fills_at_the_open() -> None:
    rows = [BUY, *quiet(1.1), (1.0600, 1.0600, 1.0600, 1.0600), *quiet(1.0600)]
    (trade,) = trades(LONG, rows, replace(FREE, cash=4_000.0))
    assert (trade.exit_price, trade.exit_reason) == (1.0600, "stop_out")
    short = [SELL, *quiet(1.1), (1.1300, 1.1400, 1.1300, 1.1300), *quiet(1.13)]
    (trade,) = trades(SHORT, short, replace(FREE, cash=4_000.0), spread=0.0001)
    assert (trade.exit_price, trade.exit_reason) == (pytest.approx(1.1301), "stop_out")


def test_a_stop_before_the_stop_out_is_taken() -> None:
    rules = LONG.replace('stop none because "A test of costs."', "stop 200 pips")
    rows = [BUY, *quiet(1.1), (1.1, 1.1, 1.0700, 1.0750), *quiet(1.0750)]
    (trade,) = trades(rules, rows, replace(FREE, cash=4_000.0))
    assert (trade.exit_price, trade.exit_reason) == (1.0800, "stop")


def test_stop_out_counts_the_swap_that_was_charged() -> None:
    # without swap the bid 1.0785 would not be enough; 21 USD of Wednesday's swap make it so
    rows = [BUY, *quiet(1.1), (1.1, 1.1, 1.1, 1.1), (1.1, 1.1, 1.0785, 1.0790), *quiet(1.0790)]
    start = EVENING + 2 * DAY - HOUR
    account = replace(FREE, cash=4_000.0)
    assert trades(LONG, [bars(rows, start=start)], account)[0].exit_reason == "end"
    charged = trades(LONG, [bars(rows, start=start)], replace(account, swap=True))
    assert charged[0].exit_reason == "stop_out"


def test_the_largest_loss_is_closed_first() -> None:
    given = [
        bars([BUY, *quiet(1.1), (1.1, 1.1, 1.0890, 1.0890), (1.0890, 1.0890, 1.0885, 1.0885), *quiet(1.0885)]),
        bars(
            [BUY, *quiet(1.1), (1.1, 1.1, 1.0810, 1.0810), (1.0810, 1.0810, 1.0780, 1.0780), *quiet(1.0780)], "GBPUSD"
        ),
    ]
    found = traded(LONG, given, replace(FREE, cash=7_500.0, stop_out_percent=60.0), symbols="EURUSD, GBPUSD")
    assert [(t.symbol, t.exit_reason) for t in found.trades.rows()] == [("GBPUSD", "stop_out"), ("EURUSD", "end")]


def test_several_symbols_share_one_account_and_one_time() -> None:
    rules = LONG.replace("size 1 lots", "size 0.10 lots")
    eur = bars([BUY, *quiet(1.1), *quiet(1.1010, 2)])
    gbp = bars([*quiet(1.3), (1.3, 1.3, 1.3, 1.3, 1), *quiet(1.3), *quiet(1.3020)], "GBPUSD")
    found = traded(rules, [eur, gbp], symbols="EURUSD, GBPUSD")
    assert [(t.symbol, t.net) for t in found.trades.rows()] == [
        ("EURUSD", pytest.approx(10.0)),
        ("GBPUSD", pytest.approx(20.0)),
    ]
    assert found.curve.equity.tolist() == pytest.approx([10_000, 10_000, 10_010, 10_030])


def test_symbols_with_gaps_keep_their_last_price() -> None:
    rules = LONG.replace("size 1 lots", "size 0.10 lots")
    eur = bars([BUY, *quiet(1.1), *quiet(1.1010)], times=[MONDAY, MONDAY + HOUR, MONDAY + 3 * HOUR])
    gbp = bars(quiet(1.3, 4), "GBPUSD")
    found = traded(rules, [eur, gbp], symbols="EURUSD, GBPUSD")
    assert found.curve.time.tolist() == [MONDAY + k * HOUR for k in range(1, 5)]
    assert found.curve.equity.tolist() == pytest.approx([10_000, 10_000, 10_000, 10_010])


def test_memory_and_positions_are_those_of_each_symbol() -> None:
    rules = LONG.replace("size 1 lots", "size 0.10 lots") + "exit long called out when bars held >= 2\n"
    given = [bars([BUY, *quiet(1.1, 5)]), bars([*quiet(1.3, 2), (1.3, 1.3, 1.3, 1.3, 1), *quiet(1.3, 3)], "GBPUSD")]
    found = trades(rules, given, symbols="EURUSD, GBPUSD")
    assert [(t.symbol, (t.exit_time - t.entry_time) // HOUR) for t in found] == [("EURUSD", 2), ("GBPUSD", 2)]
    assert len({t.position for t in found}) == 2


def test_a_cooldown_on_that_symbol_leaves_the_others_free() -> None:
    rules = LONG.replace("size 1 lots", "size 0.10 lots").replace(
        'stop none because "A test of costs."', "stop 10 pips"
    )
    lose: Row = (1.1, 1.1, 1.0980, 1.1, 1)
    given = [bars([BUY, lose, *quiet(1.1, 2)]), bars([*quiet(1.3), (1.3, 1.3, 1.3, 1.3, 1), *quiet(1.3, 2)], "GBPUSD")]
    own = traded(rules + "limits\n  cooldown 5 bars after loss on that symbol", given, symbols="EURUSD, GBPUSD")
    assert [t.symbol for t in own.trades.rows()] == ["EURUSD", "GBPUSD"]
    every = traded(rules + "limits\n  cooldown 5 bars after loss", given, symbols="EURUSD, GBPUSD")
    assert [t.symbol for t in every.trades.rows()] == ["EURUSD"]


def test_the_curve_never_needs_the_trade_list_to_be_read_first() -> None:
    found = traded(LONG, [BUY, *quiet(1.1, 3)], replace(FREE, cash=100_000.0))
    assert np.array_equal(found.curve.time, np.unique(found.curve.time))


def test_a_fill_is_worth_what_the_rate_known_at_it_says() -> None:
    rules = LONG.replace("size 1 lots", "size 0.10 lots")
    rules = rules[: rules.index("  stop")] + "  stop 200 pips\n  target 200 pips\n"
    # 2 yen on 10,000 at the 100 of the close before, not at the 110 of the close to come
    rows = [(100, 100, 100, 100, 1), *quiet(100), (100, 110, 100, 110), *quiet(110)]
    (trade,) = trades(rules, [bars(rows, "USDJPY")], symbols="USDJPY")
    assert (trade.exit_price, trade.exit_reason) == (102.0, "target")
    assert trade.profit == pytest.approx(200.0)
    # what is open at the end is closed at the last close, by its rate
    rows = [(100, 100, 100, 100, 1), *quiet(100), (100, 101, 100, 101)]
    (trade,) = trades(rules, [bars(rows, "USDJPY")], symbols="USDJPY")
    assert trade.profit == pytest.approx(10_000 / 101)


@pytest.mark.parametrize("symbols", ["EURUSD, GBPUSD", "GBPUSD, EURUSD"])
def test_an_open_is_judged_before_what_happens_inside_the_bars_of_other_symbols(symbols: str) -> None:
    rules = LONG[: LONG.index("  stop")] + "  stop 300 pips\n"
    # GBPUSD needs 4,333 of the 4,833 that are free at its open; EURUSD loses 1,000 later in that bar
    eur = bars([BUY, *quiet(1.1, 2), (1.1, 1.1, 1.09, 1.09), *quiet(1.09)])
    gbp = bars([*quiet(1.3, 2), (1.3, 1.3, 1.3, 1.3, 1), *quiet(1.3, 2)], "GBPUSD")
    found = trades(rules, [eur, gbp], replace(FREE, cash=8_500.0), symbols=symbols)
    assert sorted(t.symbol for t in found) == ["EURUSD", "GBPUSD"]
