"""From Plan to program, the vocabulary of events, and what a live engine reads: intents."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dsl.plan import Leg, Universe
from engine import codes as numbers
from engine.errors import EngineError, NotSupported
from engine.events import BY_CODE, CATALOGUE, sentence
from engine.program import compile_plan
from engine.result import Account, Event
from engine.simulate import Intent, simulate
from engine.state import TRADE_CODES, TRADE_NUMBERS
from engine.vocabulary import FIXED_REASONS
from tests.engine.trading import FREE, HOUR, MONDAY, Row, Run, bars, plan_of, quiet, trades

RULES = """
params
  room = 20 pips from 10 pips to 40 pips step 10 pips
  reward = 2R from 1R to 3R step 1R
  wait = 3 from 2 to 5 step 1

enter long called up
  when volume = 1
  size 0.10 lots
  stop room
  target reward

manage
  leave when close > entry price and bars held >= wait
"""

BUY: Row = (1.1, 1.1, 1.1, 1.1, 1)


def test_the_numbers_for_c_are_those_of_python() -> None:
    text = Path(numbers.__file__).with_suffix(".pxd").read_text(encoding="utf-8")
    declared = {name: int(value) for name, value in re.findall(r"^    (\w+) = (\d+)$", text, re.MULTILINE)}
    assert declared == {name: value for name, value in vars(numbers).items() if name.isupper()}


def test_every_event_code_has_a_sentence_and_every_reason_a_name() -> None:
    events = {name: value for name, value in vars(numbers).items() if name.startswith("EV_")}
    assert set(events.values()) == set(CATALOGUE)
    assert len(BY_CODE) == len(CATALOGUE)
    for entry in CATALOGUE.values():
        text = sentence(Event(0, "EURUSD", entry.code, "up", (1.5,) * len(entry.figures)))
        assert text[0].isupper() or text[0] in "“1"
        assert text.endswith(".")
        assert "{" not in text
        assert sentence(Event(0, "EURUSD", entry.code, "up")).endswith(".")
    reasons = [name for name in vars(numbers) if name.startswith("REASON_") and name != "REASON_FIRST_RULE"]
    assert len(FIXED_REASONS) == len(reasons) == numbers.REASON_FIRST_RULE


def test_a_trade_row_has_as_many_places_as_names() -> None:
    source = Path(numbers.__file__).with_name("positions.py").read_text(encoding="utf-8")
    written = re.findall(r"numbers\[number(?: \+ (\d+))?\] =", source)
    assert len(written) == len(TRADE_NUMBERS) == int(re.findall(r"= (\d+) \* n", source)[0])
    written = re.findall(r"row\[code(?: \+ (\d+))?\] =", source)
    assert len(written) == len(TRADE_CODES) == int(re.findall(r"= (\d+) \* n", source)[1])


def test_parameters_are_read_in_their_own_units() -> None:
    rows = [BUY, *quiet(1.1), (1.1, 1.1079, 1.1, 1.1), *quiet(1.1, 2)]
    (trade,) = trades(RULES, rows)
    assert (trade.stop, trade.target, trade.exit_reason) == (1.0980, 1.1040, "target")
    (trade,) = trades(RULES, rows, settings={"room": 40.0})
    assert (trade.stop, trade.target, trade.exit_reason) == (1.0960, 1.1080, "end")
    (trade,) = trades(RULES, rows, settings={"reward": 1.0})
    assert trade.target == 1.1020


def test_a_prepared_run_follows_the_settings_of_each_run() -> None:
    rows = [BUY, *quiet(1.1), *quiet(1.1005, 6)]
    plan = plan_of(RULES)
    first = Run(plan, [bars(rows)], FREE, settings={"wait": 2.0})
    second = Run(plan, [bars(rows)], FREE, settings={"wait": 5.0})
    prepared = first.prepared()
    for run, held in ((first, 2), (second, 5), (first, 2)):
        (trade,) = prepared.run(run.columns, run.settings).trades.rows()
        assert trade.bars_held == held


def test_the_program_is_kept_where_only_columns_read_the_parameters() -> None:
    plan = plan_of(
        RULES.replace("bars held >= wait", "sma(close, wait) > 0").replace("reward", "2R").replace("2R =", "x =")
    )
    assert compile_plan(plan, {"room": 20.0, "x": 2.0, "wait": 3.0}).params == {"room"}


def test_a_basket_is_refused() -> None:
    plan = plan_of(RULES)
    legs = (Leg("EURUSD", "buy", 1.0), Leg("GBPUSD", "sell", 1.0))
    basket = replace(plan, trade=Universe("basket", ("EURUSD", "GBPUSD"), "H1", "pair", legs))
    with pytest.raises(NotSupported, match="basket") as refused:
        compile_plan(basket, {"room": 20.0, "reward": 2.0, "wait": 3.0})
    assert refused.value.code == "RW805"


def test_an_account_option_that_makes_no_sense_is_refused() -> None:
    run = Run(plan_of(RULES), [bars([BUY, *quiet(1.1)])], Account(slippage="some"))
    with pytest.raises(EngineError, match="some") as refused:
        run.jumping()
    assert refused.value.code == "RW807"


def test_simulate_is_prepare_and_run() -> None:
    run = Run(plan_of(RULES), [bars([BUY, *quiet(1.1, 3)])])
    found = simulate(run.plan, run.columns, run._instruments, run._rates, FREE, run.settings)
    assert [repr(t) for t in found.trades.rows()] == [repr(t) for t in run.jumping().trades.rows()]


INTENTS = """
enter long called up
  when volume = 1
  size 0.10 lots
  stop 20 pips
  target 2R

enter short called down
  when volume = 2
  order sell stop at low - 10 pips, good for 2 bars
  size 0.10 lots
  stop at high + 5 pips

opposite entry reverses

add to long called more
  when volume = 4
  at most 1 times
  size 0.05 lots
  stop keep

exit long called out
  when volume = 3

manage
  take half when volume = 5
  move stop to breakeven when volume = 5
  move target to 90 pips when volume = 5
"""


def test_each_step_gives_what_was_decided_at_its_close() -> None:
    rows = [(1.1, 1.1, 1.1, 1.1, signal) for signal in (1, 0, 4, 0, 2, 0, 3, 0)]
    rows[4] = (1.1010, 1.1010, 1.1010, 1.1010, 2)
    rows[5] = (1.1010, 1.1010, 1.1010, 1.1010, 5)
    rows[6] = (1.1010, 1.1010, 1.1010, 1.1010, 3)
    rows[7] = (1.1010, 1.1010, 1.1010, 1.1010, 0)
    stepper = Run(plan_of(INTENTS), [bars(rows)]).prepared().step_by_step(Run(plan_of(INTENTS), [bars(rows)]).columns)
    decided: dict[int, list[Intent]] = {}
    while (step := stepper.step()) is not None:
        decided[(step[0] - MONDAY) // HOUR] = list(step[1])
    (enter,) = decided[1]
    assert (enter.kind, enter.symbol, enter.rule, enter.side, enter.lots) == ("enter", "EURUSD", "up", "long", 0.10)
    assert (enter.price, enter.stop) == (1.1, pytest.approx(1.0980))
    assert (enter.distance, enter.target) == (pytest.approx(0.0020), pytest.approx(1.1040))
    assert [(i.kind, i.rule, i.lots, i.stop) for i in decided[3]] == [("add", "more", 0.05, 1.0980)]
    (order,) = decided[5]
    assert (order.kind, order.rule, order.side, order.price, order.stop) == ("order", "down", "short", 1.1, 1.1015)
    assert [(i.kind, i.rule) for i in decided[6]] == [("take", "manage:1"), ("stop", ""), ("target", "")]
    assert [i.stop for i in decided[6]][1] == 1.1
    assert [i.target for i in decided[6]][2] == 1.1090
    assert [(i.kind, i.rule) for i in decided[7]] == [("close", "exit:out")]
    assert decided[2] == decided[4] == decided[8] == []
