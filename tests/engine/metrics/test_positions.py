"""Figures of trades, worked by hand."""

import numpy as np
import pytest

from data.market import Market
from engine.metrics.benchmarks import NoBenchmarkError, buy_and_hold
from engine.metrics.costs import costs_of, money_per_price, turnover_of
from engine.metrics.positions import by_hour, by_side, by_weekday, figures_of, grouped, positions_of
from tests.engine.made_up import DAY, HOUR, MONDAY, bars_from, trade, trades_from


def test_a_position_closed_in_parts_is_one_position():
    rows = [
        trade(position=7, lots=0.5, risk=25.0, profit=50.0, exit_reason="manage:3", exit_time=MONDAY + 2 * HOUR),
        trade(position=7, lots=0.5, risk=25.0, profit=-10.0, exit_reason="stop", exit_time=MONDAY + 9 * HOUR),
    ]
    merged = positions_of(trades_from(rows))
    assert len(merged) == 1
    assert merged.net.tolist() == [40.0]
    assert merged.r.tolist() == [0.8]
    assert merged.exit_time.tolist() == [MONDAY + 9 * HOUR]
    found = figures_of(merged)
    assert (found.positions, found.wins, found.hit_rate_percent) == (1, 1, 100.0)


def test_figures_by_hand():
    rows = [
        trade(position=n, profit=profit, commission=1.0, swap=-0.5, exit_time=MONDAY + n * HOUR, bars_held=n)
        for n, profit in enumerate([101.5, -48.5, -48.5, 1.5, 201.5], start=1)
    ]
    found = figures_of(positions_of(trades_from(rows)))
    assert (found.positions, found.wins, found.losses) == (5, 2, 2)
    assert found.net == pytest.approx(200.0)
    assert found.hit_rate_percent == 40.0
    assert found.profit_factor == pytest.approx(3.0)
    assert found.expectancy == pytest.approx(40.0)
    assert found.expectancy_r == pytest.approx(0.8)
    assert found.average_win == pytest.approx(150.0)
    assert found.average_loss == pytest.approx(-50.0)
    assert (found.best, found.worst) == (pytest.approx(200.0), pytest.approx(-50.0))
    assert found.average_bars_held == 3.0
    assert found.longest_losing_run == 2


def test_without_positions_everything_is_undefined():
    found = figures_of(positions_of(trades_from([])))
    assert (found.positions, found.net, found.longest_losing_run) == (0, 0.0, 0)
    assert found.hit_rate_percent is found.profit_factor is found.expectancy is found.best is None


def test_only_losses():
    rows = [trade(position=n, profit=-50.0) for n in (1, 2, 3)]
    found = figures_of(positions_of(trades_from(rows)))
    assert (found.hit_rate_percent, found.profit_factor, found.average_win) == (0.0, 0.0, None)
    assert found.longest_losing_run == 3


def test_a_position_without_a_stop_has_no_r():
    rows = [trade(position=1, stop=None, risk=0.0), trade(position=2, risk=50.0)]
    found = figures_of(positions_of(trades_from(rows)))
    assert found.expectancy_r == pytest.approx(2.0)


def test_what_the_end_of_the_data_closed_is_marked():
    rows = [
        trade(position=1),
        trade(position=2, exit_reason="manage:3", exit_time=MONDAY + 4 * HOUR),
        trade(position=2, exit_reason="end", exit_time=MONDAY + 5 * HOUR),
    ]
    assert positions_of(trades_from(rows)).open_at_end.tolist() == [False, True]


def test_rule_symbol_and_side_are_those_of_the_first_entry():
    rows = [
        trade(position=1, rule="unit", entry_time=MONDAY + 5 * HOUR, exit_time=MONDAY + 6 * HOUR),
        trade(position=1, rule="dip", entry_time=MONDAY + HOUR, exit_time=MONDAY + 6 * HOUR),
    ]
    columns = trades_from(rows)
    merged = positions_of(columns)
    assert [columns.rules[code] for code in merged.rule] == ["dip"]


def test_groups_add_up_to_the_whole():
    rows = [
        trade(
            position=n,
            profit=10.0 * n - 45,
            side="long" if n % 3 else "short",
            rule="ab"[n % 2],
            entry_time=MONDAY + n * 13 * HOUR,
            exit_time=MONDAY + n * 14 * HOUR,
        )
        for n in range(1, 10)
    ]
    columns = trades_from(rows)
    merged = positions_of(columns)
    whole = figures_of(merged).net
    for table in (
        grouped(merged, merged.rule, columns.rules),
        by_side(merged),
        by_hour(merged),
        by_weekday(merged, "17:00 America/New_York", True),
    ):
        assert sum(group.figures.net for group in table) == pytest.approx(whole)
        assert sum(group.figures.positions for group in table) == 9
    assert by_hour(merged)[0].name == "02:00"


def test_an_entry_after_the_new_york_close_counts_for_the_next_weekday():
    rows = [trade(entry_time=MONDAY + 23 * HOUR, exit_time=MONDAY + 2 * DAY)]
    assert [g.name for g in by_weekday(positions_of(trades_from(rows)), "17:00 America/New_York", True)] == ["Tuesday"]


def test_money_of_a_price_move_is_read_off_the_trades():
    rows = [
        trade(position=1, lots=2.0, profit=200.0),
        trade(position=2, lots=0.5, entry_price=1.1, exit_price=1.1, profit=0.0),
        trade(position=3, symbol="USDJPY", lots=1.0, entry_price=110.0, exit_price=110.0, profit=0.0),
    ]
    assert money_per_price(trades_from(rows)) == pytest.approx([200_000, 50_000, np.nan], nan_ok=True, rel=1e-6)


def test_turnover_counts_both_sides():
    columns = trades_from([trade()])
    found = turnover_of(columns, 10_000.0, 0.5)
    assert found.traded == pytest.approx(100_000 * (1.1000 + 1.1010))
    assert found.times_a_year == pytest.approx(100_000 * 2.2010 / 10_000 / 0.5)
    flat = trades_from([trade(exit_price=1.1, profit=0.0)])
    assert turnover_of(flat, 10_000.0, 0.5).traded is None
    assert turnover_of(trades_from([]), 10_000.0, 0.5).traded == 0.0


def test_a_long_pays_the_spread_where_it_enters_a_short_where_it_exits():
    bars = bars_from("EURUSD", np.full(10, 1.1))
    spread = np.arange(10) * 0.0001
    bars = type(bars)(**{name: getattr(bars, name) for name in bars.__dataclass_fields__} | {"spread": spread})
    both = [
        trade(position=1, entry_time=MONDAY + HOUR, exit_time=MONDAY + 3 * HOUR),
        trade(position=2, side="short", entry_time=MONDAY + HOUR, exit_time=MONDAY + 3 * HOUR, profit=-100.0),
    ]
    found = costs_of(trades_from(both), "H1", Market([bars]))
    assert found.spread == pytest.approx(100_000 * (0.0001 + 0.0003))
    assert costs_of(trades_from(both), "H1", Market([])).spread is None
    assert costs_of(trades_from(both), "H1", Market([])).total is None


def test_costs_add_up():
    bars = bars_from("EURUSD", np.full(10, 1.1), spread=0.0001)
    found = costs_of(trades_from([trade(commission=7.0, swap=-2.0, slippage=1.5)]), "H1", Market([bars]))
    assert (found.commission, found.swap, found.slippage) == (7.0, -2.0, 1.5)
    assert found.spread == pytest.approx(10.0)
    assert found.total == pytest.approx(20.5)


def held(bars, symbols, cash=1_000.0, currency="USD", start=MONDAY):
    """The account at the closes of the first symbol's bars."""
    return buy_and_hold(bars[0].ts_close, start, cash, currency, symbols, "H1", Market(bars))


def test_buy_and_hold_pays_the_spread_once():
    bars = bars_from("EURUSD", [1.0, 1.0, 1.1, 1.2], spread=0.01)
    assert held([bars], ["EURUSD"]) == pytest.approx(1_000 * np.array([1.0, 1.0, 1.1, 1.2]) / 1.01)


def test_buy_and_hold_starts_at_the_first_open_of_the_run():
    bars = bars_from("EURUSD", [1.0, 1.0, 2.0, 3.0])
    start = int(bars.ts_close[1])
    assert held([bars], ["EURUSD"], start=start) == pytest.approx([1_000.0, 1_000.0, 2_000.0, 3_000.0])


def test_a_dollar_account_holding_usdjpy_earns_yen_and_converts_them():
    bars = bars_from("USDJPY", [100.0, 100.0, 110.0])
    assert held([bars], ["USDJPY"])[-1] == pytest.approx(1_000 + 1_000 * 10 / 110)


def test_a_third_currency_is_converted_with_its_own_prices():
    yen = bars_from("USDJPY", [100.0, 100.0, 110.0])
    euro = bars_from("EURUSD", [1.0, 1.0, 1.25])
    assert held([euro, yen], ["EURUSD"], currency="EUR")[-1] == pytest.approx(1_000 + 1_000 * 0.25 / 1.25)
    made = 1_000 * (110 - 100) / 100 * (100 / 110) * (1.0 / 1.25)
    assert held([yen, euro], ["USDJPY"], currency="EUR")[-1] == pytest.approx(1_000 + made)


def test_equal_weights_of_symbols_with_different_bars():
    first = bars_from("EURUSD", [1.0, 1.0, 2.0, 2.0])
    later = bars_from("GBPUSD", [1.0, 2.0], times=MONDAY + np.array([2, 3]) * HOUR)
    found = held([first, later], ["EURUSD", "GBPUSD"], cash=200.0)
    assert found == pytest.approx([200.0, 200.0, 300.0, 400.0])


def test_a_benchmark_without_its_data_says_what_is_missing():
    bars = bars_from("EURUSD", [1.0, 1.0])
    with pytest.raises(NoBenchmarkError, match="no bars of GBPUSD"):
        held([bars], ["GBPUSD"])
    with pytest.raises(NoBenchmarkError, match="no bars in the period"):
        held([bars], ["EURUSD"], start=int(bars.ts_close[-1]))
