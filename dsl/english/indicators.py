"""What each builtin is called in a sentence.

In a template `{x}`, `{a}`, `{b}` are the inputs; a number `n` is said as `{n}` (“20 bars”), `{n-}`
(“20-bar”, before a noun) or `{n#}` (“20”). `of_x` stands for “ of …” and is empty for the close,
which is what a trader assumes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_BANDS = "Bollinger band{of_x} ({n}, {k#} deviations)"
_KELTNER = "Keltner line (average of {n}, {k#} times the average true range of {m})"
_MACD = "{of_x} ({fast#}, {slow#}, {signal#})"
_ICHIMOKU = "({conversion#}, {base#}, {span#})"

VALUES: Mapping[tuple[str, str | None], str] = MappingProxyType(
    {
        ("sma", None): "the {n-} simple average of {x}",
        ("ema", None): "the {n-} exponential average of {x}",
        ("rma", None): "the {n-} Wilder average of {x}",
        ("wma", None): "the {n-} weighted average of {x}",
        ("hma", None): "the {n-} Hull average of {x}",
        ("dema", None): "the {n-} double exponential average of {x}",
        ("tema", None): "the {n-} triple exponential average of {x}",
        ("vwma", None): "the {n-} volume-weighted average of {x}",
        ("highest", None): "the highest {x=} of the last {n}",
        ("lowest", None): "the lowest {x=} of the last {n}",
        ("first", None): "the first {x=} of the last {n}",
        ("last", None): "the last {x=} of the last {n}",
        ("sum", None): "the {n-} sum of {x}",
        ("mean", None): "the {n-} mean of {x}",
        ("median", None): "the {n-} median of {x}",
        ("stdev", None): "the {n-} standard deviation of {x}",
        ("zscore", None): "the {n-} z-score of {x}",
        ("percent_rank", None): "the percentage rank of {x} against the {n} before it",
        ("roc", None): "the {n-} rate of change of {x}",
        ("linreg_slope", None): "the {n-} regression slope of {x}",
        ("correlation", None): "the {n-} correlation of {a} with {b}",
        ("beta", None): "the {n-} beta of {a} to {b}",
        ("rsi", None): "the RSI{of_x} of {n}",
        ("stoch", "k"): "the stochastic %K ({k#}, {smooth#}, {d#})",
        ("stoch", "d"): "the stochastic %D ({k#}, {smooth#}, {d#})",
        ("macd", "line"): "the MACD line" + _MACD,
        ("macd", "signal"): "the MACD signal line" + _MACD,
        ("macd", "histogram"): "the MACD histogram" + _MACD,
        ("cci", None): "the CCI of {n}",
        ("mfi", None): "the money flow index of {n}",
        ("obv", None): "the on-balance volume",
        ("true_range", None): "the true range",
        ("atr", None): "the average true range of {n}",
        ("adx", None): "the ADX of {n}",
        ("dmi", "plus"): "the +DI of {n}",
        ("dmi", "minus"): "the −DI of {n}",
        ("bollinger", "upper"): "the upper " + _BANDS,
        ("bollinger", "middle"): "the middle " + _BANDS,
        ("bollinger", "lower"): "the lower " + _BANDS,
        ("bollinger", "width"): "the relative width of the Bollinger bands{of_x} ({n}, {k#} deviations)",
        ("bollinger", "position"): "the place of {x} within its Bollinger bands, 0 at the lower and 1 at the upper "
        "({n}, {k#} deviations)",
        ("keltner", "upper"): "the upper " + _KELTNER,
        ("keltner", "middle"): "the middle " + _KELTNER,
        ("keltner", "lower"): "the lower " + _KELTNER,
        ("donchian", "upper"): "the upper Donchian line of {n}",
        ("donchian", "middle"): "the middle Donchian line of {n}",
        ("donchian", "lower"): "the lower Donchian line of {n}",
        ("supertrend", "line"): "the supertrend line ({n}, {k#} times the average true range)",
        ("parabolic_sar", None): "the parabolic SAR (step {step#}, maximum {max#})",
        ("ichimoku", "conversion"): "the Ichimoku conversion line " + _ICHIMOKU,
        ("ichimoku", "base"): "the Ichimoku base line " + _ICHIMOKU,
        ("ichimoku", "span_a"): "the Ichimoku span A at this bar " + _ICHIMOKU,
        ("ichimoku", "span_b"): "the Ichimoku span B at this bar " + _ICHIMOKU,
        ("vwap", None): "the volume-weighted average price of the trading day",
        ("pivot_high", None): "the last pivot high (above {left#} bars before it and {right#} after it)",
        ("pivot_low", None): "the last pivot low (below {left#} bars before it and {right#} after it)",
        ("heikin_ashi", "open"): "the Heikin-Ashi open",
        ("heikin_ashi", "high"): "the Heikin-Ashi high",
        ("heikin_ashi", "low"): "the Heikin-Ashi low",
        ("heikin_ashi", "close"): "the Heikin-Ashi close",
    }
)

TRUTHS: Mapping[tuple[str, str | None], str] = MappingProxyType(
    {
        ("supertrend", "rising"): "the supertrend ({n}, {k#} times the average true range) {is} rising",
        ("bullish_engulfing", None): "the bar {is} a bullish engulfing bar",
        ("bearish_engulfing", None): "the bar {is} a bearish engulfing bar",
        ("inside_bar", None): "the bar {is} an inside bar",
        ("outside_bar", None): "the bar {is} an outside bar",
        ("doji", None): "the bar {is} a doji",
        ("hammer", None): "the bar {is} a hammer",
        ("shooting_star", None): "the bar {is} a shooting star",
    }
)
