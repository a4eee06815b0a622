"""The file that `rulewright new NAME` writes: a complete small strategy with comments to learn from."""

from __future__ import annotations

_START = """\
# One file is one strategy. Lines that begin with # are comments.
# rulewright check · explain · test · backtest all take this file's name.
strategy "{title}" version 1
trade EURUSD on H1

# Why it should make money, and when it will not. Write this first.
edge
  exploits "Say which habit of other traders pays for this."
  fails    "Say in which market it loses."
  benchmark buy_and_hold

# Numbers to try: default, then the range in which they may be changed.
params
  lookback = 20 from 10 to 40 step 5
  at_risk  = 1% from 0.25% to 2% step 0.25%

# A name for something used below. “on H4” reads the last closed 4-hour bar.
let trend = ema(close, 50) on H4

# When it buys. Every number has a unit; an entry needs a size and a stop.
enter long called breakout
  when close > highest(high, lookback)[1]
   and close > trend
   and time between 07:00 and 18:00 London
  risk   at_risk of equity
  stop   2 * atr(14)
  target 3R
  at most 1 per day

# What happens while the position is open, in this order, at each bar's close.
manage
  move stop to breakeven once profit reaches 1R
  leave at 16:00 New_York on Friday

limits
  daily loss 2%, leave everything

# A proof: on this bar of real prices the strategy must do this. The time is the bar's opening time.
example "buys a new high inside the trend"
  given EURUSD H1 from "samples/eurusd_h1.csv"
  expect long called breakout at 2017-01-12 08:00 UTC
"""


def new_strategy(name: str) -> str:
    """A strategy called `name` that compiles without a finding. Underscores become spaces in its title."""
    title = name.replace("_", " ").strip()
    return _START.format(title=title[:1].upper() + title[1:])
