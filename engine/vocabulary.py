"""The words of a Plan and the numbers of `engine.codes` that the program has for them."""

from __future__ import annotations

from engine import codes

SIDES = {"long": 1, "short": -1, None: 0}
ORDERS = {"market": codes.ORDER_MARKET, "stop": codes.ORDER_STOP, "limit": codes.ORDER_LIMIT}
LEVELS = {
    "none": codes.LEVEL_NONE,
    "at": codes.LEVEL_AT,
    "distance": codes.LEVEL_DISTANCE,
    "keep": codes.LEVEL_KEEP,
}
OPPOSITES = {
    "reverses": codes.OPPOSITE_REVERSES,
    "closes": codes.OPPOSITE_CLOSES,
    "ignored": codes.OPPOSITE_IGNORED,
    None: codes.OPPOSITE_IGNORED,
}
ACTIONS = {
    "breakeven": codes.DO_BREAKEVEN,
    "stop_at": codes.DO_STOP_AT,
    "stop_distance": codes.DO_STOP_DISTANCE,
    "target_at": codes.DO_TARGET_AT,
    "target_distance": codes.DO_TARGET_DISTANCE,
    "trail": codes.DO_TRAIL,
    "take": codes.DO_TAKE,
    "leave": codes.DO_LEAVE,
}
COOLDOWNS = {"loss": codes.AFTER_LOSS, "win": codes.AFTER_WIN, "exit": codes.AFTER_EXIT}

ARITHMETIC = {
    "add": codes.OP_ADD,
    "sub": codes.OP_SUB,
    "mul": codes.OP_MUL,
    "div": codes.OP_DIV,
    "percent_of": codes.OP_PERCENT_OF,
}
UNARY = {"neg": codes.OP_NEG, "abs": codes.OP_ABS, "not": codes.OP_NOT}
COMPARISONS = {
    "gt": codes.OP_GT,
    "ge": codes.OP_GE,
    "lt": codes.OP_LT,
    "le": codes.OP_LE,
    "eq": codes.OP_EQ,
    "ne": codes.OP_NE,
    "between": codes.OP_BETWEEN,
}
MANY = {
    "average": codes.OP_AVERAGE,
    "min": codes.OP_MIN,
    "max": codes.OP_MAX,
    "and": codes.OP_AND,
    "or": codes.OP_OR,
}
LOOKING_BACK = {
    "cross_above": codes.OP_CROSS_ABOVE,
    "cross_below": codes.OP_CROSS_BELOW,
    "crosses": codes.OP_CROSSES,
    "rising": codes.OP_RISING,
    "falling": codes.OP_FALLING,
    "held": codes.OP_HELD,
    "count": codes.OP_COUNT,
    "bars_since": codes.OP_BARS_SINCE,
    "value_when": codes.OP_VALUE_WHEN,
    "followed": codes.OP_FOLLOWED,
    "history": codes.OP_HISTORY,
}
POSITION = {
    "bars_held": codes.OP_BARS_HELD,
    "time_since_entry": codes.OP_TIME_SINCE_ENTRY,
    "entry_price": codes.OP_ENTRY_PRICE,
    "highest_since_entry": codes.OP_HIGHEST,
    "lowest_since_entry": codes.OP_LOWEST,
}
PROFITS = {
    "distance": codes.OP_PROFIT,
    "percent": codes.OP_PROFIT_PERCENT,
    "money": codes.OP_PROFIT_MONEY,
}
MEMORY = {
    "last_trade_won": codes.OP_LAST_WON,
    "bars_since_exit": codes.OP_BARS_SINCE_EXIT,
    "last_fill_price": codes.OP_LAST_FILL,
}

FIXED_REASONS = (
    "",
    "stop",
    "target",
    "reverse",
    "opposite",
    "daily_loss",
    "stop_out",
    "double_fill",
    "end",
)
"""Names of the reasons below `REASON_FIRST_RULE`, by their numbers."""
