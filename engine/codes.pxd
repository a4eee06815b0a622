# The numbers of codes.py, for C; a test compares the two files.

cdef enum:  # Where the value of an expression comes from.
    X_CONSTANT = 0
    X_COLUMN = 1
    X_PROGRAM = 2

cdef enum:  # Instructions of state programs: push a value.
    OP_CONSTANT = 0
    OP_NUMBER = 1
    OP_TRUTH = 2
    OP_R = 3
    OP_PROFIT = 4
    OP_PROFIT_PERCENT = 5
    OP_PROFIT_MONEY = 6
    OP_BARS_HELD = 7
    OP_TIME_SINCE_ENTRY = 8
    OP_ENTRY_PRICE = 9
    OP_HIGHEST = 10
    OP_LOWEST = 11
    OP_LAST_WON = 12
    OP_BARS_SINCE_EXIT = 13
    OP_LAST_FILL = 14
    OP_REMEMBERED = 15
    OP_REMEMBERED_TRUTH = 16
    OP_ADD = 17
    OP_SUB = 18
    OP_MUL = 19
    OP_DIV = 20
    OP_NEG = 21
    OP_ABS = 22
    OP_AVERAGE = 23
    OP_MIN = 24
    OP_MAX = 25
    OP_PERCENT_OF = 26
    OP_GT = 27
    OP_GE = 28
    OP_LT = 29
    OP_LE = 30
    OP_EQ = 31
    OP_NE = 32
    OP_BETWEEN = 33
    OP_NOT = 34
    OP_AND = 35
    OP_OR = 36
    OP_AT_LEAST = 37
    OP_SCORE = 38
    OP_IF = 39
    OP_IF_TRUTH = 40
    OP_OTHERWISE = 41
    OP_OTHERWISE_TRUTH = 42
    OP_CROSS_ABOVE = 43
    OP_CROSS_BELOW = 44
    OP_CROSSES = 45
    OP_RISING = 46
    OP_FALLING = 47
    OP_HELD = 48
    OP_COUNT = 49
    OP_BARS_SINCE = 50
    OP_VALUE_WHEN = 51
    OP_FOLLOWED = 52
    OP_HISTORY = 53
    OP_HISTORY_TRUTH = 54

cdef enum:  # Orders.
    ORDER_MARKET = 0
    ORDER_STOP = 1
    ORDER_LIMIT = 2

cdef enum:  # Stops and targets.
    LEVEL_NONE = 0
    LEVEL_AT = 1
    LEVEL_DISTANCE = 2
    LEVEL_KEEP = 3

cdef enum:  # Sizes.
    SIZE_RISK_PERCENT = 0
    SIZE_RISK_MONEY = 1
    SIZE_NOTIONAL = 2
    SIZE_LOTS = 3
    SIZE_UNITS = 4
    SIZE_VOLATILITY = 5
    SIZE_KELLY = 6

cdef enum:  # What an opposite entry does.
    OPPOSITE_REVERSES = 0
    OPPOSITE_CLOSES = 1
    OPPOSITE_IGNORED = 2

cdef enum:  # Actions of `manage`.
    DO_BREAKEVEN = 0
    DO_STOP_AT = 1
    DO_STOP_DISTANCE = 2
    DO_TARGET_AT = 3
    DO_TARGET_DISTANCE = 4
    DO_TRAIL = 5
    DO_TAKE = 6
    DO_LEAVE = 7

cdef enum:  # Triggers of `manage`.
    WHEN_ALWAYS = 0
    WHEN_PROFIT = 1
    WHEN_PROFIT_PERCENT = 2
    WHEN_PROFIT_MONEY = 3
    WHEN_AFTER_BARS = 4
    WHEN_AFTER_TIME = 5
    WHEN_CONDITION = 6
    WHEN_CLOCK = 7

cdef enum:  # After what a cooldown begins.
    AFTER_LOSS = 0
    AFTER_WIN = 1
    AFTER_EXIT = 2

cdef enum:  # Slippage.
    SLIP_NONE = 0
    SLIP_POINTS = 1
    SLIP_RANGE = 2

cdef enum:  # Why a position was closed; exit rules and `manage` lines are numbered from FIRST_RULE on.
    REASON_NONE = 0
    REASON_STOP = 1
    REASON_TARGET = 2
    REASON_REVERSE = 3
    REASON_OPPOSITE = 4
    REASON_DAILY_LOSS = 5
    REASON_STOP_OUT = 6
    REASON_DOUBLE_FILL = 7
    REASON_END = 8
    REASON_FIRST_RULE = 9

cdef enum:  # What happened or was declined; `engine.events` says it in words.
    EV_CONTRADICTORY = 0
    EV_SECOND_RULE = 1
    EV_ENTRY_BLOCKED = 2
    EV_EXIT_BLOCKED = 3
    EV_ADD_BLOCKED = 4
    EV_PRICE_UNKNOWN = 5
    EV_STOP_UNKNOWN = 6
    EV_TARGET_UNKNOWN = 7
    EV_SIZE_UNKNOWN = 8
    EV_SIZE_BELOW_MINIMUM = 9
    EV_STOP_WRONG_SIDE = 10
    EV_TARGET_WRONG_SIDE = 11
    EV_ORDER_WRONG_SIDE = 12
    EV_MARGIN = 13
    EV_RISK_ABOVE_PLAN = 14
    EV_AT_MOST_PER_DAY = 15
    EV_ENTRIES_PER_DAY = 16
    EV_OPEN_POSITIONS = 17
    EV_COOLDOWN = 18
    EV_TOTAL_RISK = 19
    EV_DAILY_LOSS = 20
    EV_DAILY_LOSS_BLOCKS = 21
    EV_DECISION_EXPIRED = 22
    EV_ORDER_PLACED = 23
    EV_ORDER_REPRICED = 24
    EV_ORDER_EXPIRED = 25
    EV_ORDER_CANCELLED = 26
    EV_ORDER_CANCELLED_BY_FILL = 27
    EV_DOUBLE_FILL = 28
    EV_STOP_OUT = 29
    EV_STOP_MOVED = 30
    EV_TARGET_MOVED = 31
    EV_TAKE_BELOW_MINIMUM = 32
    EV_ENTRY = 33
    EV_ADD = 34
    EV_EXIT = 35
    EV_TAKE = 36
    EV_SIZE_ABOVE_MAXIMUM = 37
