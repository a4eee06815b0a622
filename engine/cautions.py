"""What a reader must know before believing a backtest: values, most serious first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data.timeframes import parse_timeframe
from engine.events import BY_CODE, sentence
from engine.metrics.days import trading_days
from engine.metrics.positions import positions_of
from engine.report.text import money, number

if TYPE_CHECKING:
    from data.bars import Bars
    from data.market import Market
    from dsl.plan import ParamSpace, Plan
    from engine.metrics import Metrics
    from engine.result import BacktestResult

FEW_POSITIONS = 30
MODEST_POSITIONS = 100
SHORT_YEARS = 1.0
AMBIGUOUS_PERCENT = 1.0


@dataclass(frozen=True, slots=True)
class Caution:
    """`code` is stable; `serious` ones put the result itself in doubt; `text` is for people."""

    code: str
    serious: bool
    text: str


def cautions(result: BacktestResult, metrics: Metrics, plan: Plan, market: Market) -> tuple[Caution, ...]:
    """All cautions that apply. `market`: what the run was made from."""
    bars = {symbol: market.bars(symbol, plan.trade.timeframe) for symbol in plan.trade.symbols}
    found = [
        *_data(result, bars),
        *_protection(result, plan),
        *_sample(result, metrics),
        *_fills(result, metrics),
        *_params(result, plan),
        *_unsettled(result, plan, bars),
    ]
    return tuple(sorted(found, key=lambda caution: not caution.serious))


def _data(result: BacktestResult, bars: Mapping[str, Bars]) -> Iterator[Caution]:
    synthetic = _names(used.symbol for used in result.data if used.synthetic)
    if synthetic:
        yield Caution(
            "synthetic_data", True, f"SYNTHETIC prices for {synthetic}: they come from a generator, not from a market."
        )
    stated = _names(used.symbol for used in result.data if used.spread_stated)
    if stated:
        yield Caution(
            "stated_spread",
            False,
            f"The spread of {stated} is an assumption, not part of the data. Real spreads vary, most around news.",
        )
    account = result.account
    free = account.commission_per_lot == 0 and account.slippage == "none"
    if free and bars and all(not series.spread.any() for series in bars.values()):
        yield Caution(
            "no_costs", True, "No costs at all: no spread, no commission, no slippage. Real trading has them."
        )
    elif account.slippage == "none":
        yield Caution("no_slippage", False, "No slippage: every market and stop order is filled at the price it asked.")


def _protection(result: BacktestResult, plan: Plan) -> Iterator[Caution]:
    bare = _names(rule.name for rule in plan.enter if rule.stop.type == "none")
    if bare:
        yield Caution("no_stop_loss", True, f"NO STOP LOSS on {bare}: one bad move can cost more than any trade here.")
    down = _names(rule.name for rule in plan.add if rule.averaging_down)
    if down:
        yield Caution("averaging_down", True, f"AVERAGING DOWN: {down} may add to a position that is losing.")
    reasons = result.trades.reasons
    if "stop_out" in reasons and reasons.index("stop_out") in result.trades.columns["exit_reason"]:
        yield Caution("stop_out", True, "The broker closed positions for lack of margin (stop-out).")
    if len(result.curve.equity) and result.curve.equity.min() <= 0:
        yield Caution("ruin", True, "The account was used up. Figures after that point mean nothing.")


def _sample(result: BacktestResult, metrics: Metrics) -> Iterator[Caution]:
    count = metrics.trades.positions
    if count == 0:
        yield Caution(
            "no_trades",
            True,
            f"No position was opened and closed in this time, so nothing was tested.{_why_not(result)}",
        )
    elif count < FEW_POSITIONS:
        yield Caution(
            "few_trades",
            True,
            f"Only {count} closed {'position' if count == 1 else 'positions'}: under {FEW_POSITIONS}, luck and skill "
            "cannot be told apart.",
        )
    if metrics.years < SHORT_YEARS:
        yield Caution(
            "short_history",
            False,
            f"The run covers {metrics.years * 12:.1f} months: annual figures are stretched from less than a year.",
        )
    luck = metrics.bootstrap
    if luck and count and luck.sharpe.low <= 0 < luck.sharpe.high:
        yield Caution(
            "sharpe_not_certain",
            False,
            f"The Sharpe ratio is uncertain: redrawing the days of this run gives anything from "
            f"{number(luck.sharpe.low)} to {number(luck.sharpe.high)} in {luck.level_percent:g} of 100 cases. Luck, "
            "good or bad, can explain it.",
        )
    yield from _one_trade(result, metrics)
    opened = metrics.open_at_end
    if opened.positions:
        one = opened.positions == 1
        net = money(opened.net, result.account.currency, signed=True)
        yield Caution(
            "open_at_end",
            False,
            f"{opened.positions} {'position was' if one else 'positions were'} still open when the data ended and "
            f"{'was' if one else 'were'} closed at the last price ({net}); "
            f"{'it is' if one else 'they are'} in the equity but not in the trade figures.",
        )


def _why_not(result: BacktestResult) -> str:
    """The reason for which most entries were declined, as a sentence to follow another."""
    last = {event.code: event for event in result.events if event.code in BY_CODE and BY_CODE[event.code].declined}
    if not last:
        return ""
    code = max(sorted(last), key=lambda code: result.counts.get(code, 1))
    return f" What stood in the way most often ({result.counts.get(code, 1):,} times): {sentence(last[code])}"


def _one_trade(result: BacktestResult, metrics: Metrics) -> Iterator[Caution]:
    """A profit that rests on few positions: it vanishes without the best twentieth of them."""
    net = metrics.trades.net
    positions = positions_of(result.trades)
    results = np.sort(positions.net[~positions.open_at_end])
    best = max(1, len(results) // 20)
    if len(results) >= 5 and net > 0 and net - float(results[-best:].sum()) <= 0:
        what = "its best position" if best == 1 else f"its {best} best positions"
        yield Caution(
            "few_winners", False, f"Without {what} out of {len(results)}, the strategy would have made nothing."
        )


def _fills(result: BacktestResult, metrics: Metrics) -> Iterator[Caution]:
    share = metrics.ambiguous_percent
    if share:
        yield Caution(
            "ambiguous_bars",
            share >= AMBIGUOUS_PERCENT * 5,
            f"{share:.1f} % of the positions had stop and target inside one bar; the stop is taken to have come "
            "first. Finer bars would settle them.",
        )


def _params(result: BacktestResult, plan: Plan) -> Iterator[Caution]:
    for space in plan.params:
        edge = at_edge(space, result.settings.get(space.name, space.default))
        if edge:
            yield Caution(
                "parameter_at_edge",
                False,
                f"{space.name} is at the {edge} of its range: if that was found by searching, the best value may lie "
                "outside.",
            )


def at_edge(space: ParamSpace, value: float) -> str:
    """`low end` or `high end` where the value is at (or past) an end of its range, else empty."""
    if space.low is None or space.high is None or space.low == space.high:
        return ""
    slack = 1e-9 * (space.high - space.low)
    if value <= space.low + slack:
        return "low end"
    return "high end" if value >= space.high - slack else ""


def _unsettled(result: BacktestResult, plan: Plan, bars: Mapping[str, Bars]) -> Iterator[Caution]:
    """Positions entered before recursive averages were within 1e-9 of their limit."""
    early = 0
    entries = np.asarray(result.trades.columns["entry_time"], dtype=np.int64)
    codes = np.asarray(result.trades.columns["symbol"], dtype=np.int64)
    numbers = np.asarray(result.trades.columns["position"], dtype=np.int64)
    for code, symbol in enumerate(result.trades.symbols):
        series = bars.get(symbol)
        if series is None:
            continue
        settled = max(
            (
                _settled_at(series, need.timeframe, need.settled, result.account.day_start)
                for need in plan.needs.series
                if need.symbol in ("self", symbol)
            ),
            default=0,
        )
        early += len(np.unique(numbers[(codes == code) & (entries < settled)]))
    if early:
        yield Caution(
            "unsettled_averages",
            False,
            f"{early} {'position was' if early == 1 else 'positions were'} entered before all averages had settled to "
            "nine digits: with more history before the start they may differ a little.",
        )


def _settled_at(series: Bars, timeframe: str, count: int, day_start: str) -> int:
    """When `count` bars of `timeframe`, built from `series`, have closed; the end of the data if never."""
    never = int(series.ts_close[-1]) + 1
    frame = parse_timeframe(timeframe)
    if timeframe == series.timeframe:
        closes = series.ts_close
    elif frame.fixed is not None:
        closes = (np.unique(series.ts_open // frame.fixed) + 1) * frame.fixed
    else:
        each = frame.count * {"D": 1, "W": 5, "MN": 21}[frame.unit]
        closes = series.ts_close[trading_days(series.ts_close, day_start).last][each - 1 :: each]
    if count <= 0:
        return 0
    return int(closes[count - 1]) if count <= len(closes) else never


def _names(values: Iterator[str]) -> str:
    found = list(dict.fromkeys(values))
    return ", ".join(found[:4]) + (f" and {len(found) - 4} more" if len(found) > 4 else "")
