# C layout of the classes in state.py.
from engine.instructions cimport EnterRule, Program

cdef extern from * nogil:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define rw_prefetch(address) __builtin_prefetch(address)
    #else
    #define rw_prefetch(address) ((void)0)
    #endif
    """
    void rw_prefetch(const void *address)

cdef class Column:
    cdef public Py_ssize_t size
    cdef object array
    cdef object raw
    cdef Py_ssize_t following
    cdef double *number
    cdef unsigned char *truth
    cdef Py_ssize_t next_true(self, Py_ssize_t start) noexcept

cdef class Strikes:
    cdef object array
    cdef Py_ssize_t size
    cdef long long *bars
    cdef Py_ssize_t next_at(self, Py_ssize_t start) noexcept

cdef class Market:
    cdef public list clocks
    cdef public str symbol
    cdef public Py_ssize_t first, end, days, fine_size
    cdef public double pip, point, inverse_tick, tick, contract, lot_min, lot_max, lot_step, leverage, stops_level, rate_high
    cdef public bint has_swap
    cdef public long long bar
    cdef public object open_time
    cdef list arrays
    cdef Py_ssize_t rate_step
    cdef long long *ts_open
    cdef long long *ts_close
    cdef double *open
    cdef double *high
    cdef double *low
    cdef double *close
    cdef double *spread
    cdef double *rate
    cdef long long *day_starts
    cdef double *swap_long
    cdef double *swap_short
    cdef double *volatility
    cdef Py_ssize_t day_hint
    cdef double inverse_step
    cdef long long *fine_time
    cdef double *fine_open
    cdef double *fine_high
    cdef double *fine_low
    cdef double *fine_close
    cdef double *fine_spread
    cdef double money(self, Py_ssize_t i) noexcept
    cdef double worth(self, Py_ssize_t i) noexcept
    cdef void fetch(self, Py_ssize_t i) noexcept
    cdef bint stale(self, Py_ssize_t i) except -1
    cdef Py_ssize_t day_of(self, long long time) noexcept
    cdef Py_ssize_t bar_at(self, long long time) noexcept
    cdef Py_ssize_t closed_at(self, long long time) noexcept
    cdef Py_ssize_t fine_at(self, long long time) noexcept

cdef class Lot:
    cdef public double price, volume, stop, target, risk, slippage, swap, margin, high, low
    cdef public int rule
    cdef public Py_ssize_t bar

cdef class Order:
    cdef public EnterRule rule
    cdef public bint active, doomed
    cdef public int side, type, number, stop_kind, target_kind
    cdef public double price, lots, stop, distance, planned, target
    cdef public Py_ssize_t decided, expires
    cdef public long long expires_at

cdef class Book:
    cdef public int number
    cdef public Market market
    cdef public list columns, lots, orders, changes, intents
    cdef object arrays
    cdef double *constants
    cdef public Py_ssize_t now, cursor
    # position
    cdef public int side, lot_first, lot_count, position
    cdef public double volume, initial, average, stop, target, r, net, risk, bound
    cdef public Lot extra
    cdef public bint opening, masked, wants_take
    cdef double reach, wanted_stop, wanted_target
    cdef public double high, low
    cdef public Py_ssize_t entered
    cdef public long long entered_at
    cdef double *thresholds
    cdef int *reached
    cdef int *adds
    # what the last decision asked for at the next open
    cdef public int close_reason
    cdef public Order entry
    cdef public Order addition
    cdef double *takes
    cdef public bint taking
    # memory
    cdef public int last_won
    cdef public Py_ssize_t exited
    cdef public double last_fill
    cdef double *remembered
    cdef long long *cooled
    cdef long long *fired_day
    cdef int *fired
    # bid and ask at which something on the broker's side is triggered
    cdef bint touchy
    cdef double bid_high, bid_low, ask_high, ask_low
    cdef public int resting
    cdef public double swapped
    cdef long long night
    cdef public double r_planned
    cdef public bint started
    cdef void forget_position(self) noexcept

cdef class Desk:
    cdef public Program program
    cdef public list books
    cdef public Book only
    cdef public double cash, start, commission, slippage, stop_out
    cdef public int slip
    cdef public bint hedging, record
    cdef public Py_ssize_t changes, positions, numbered, orders, entries, ambiguous
    # days of the account
    cdef public Py_ssize_t days
    cdef long long *day_starts
    cdef public Py_ssize_t day, entries_day
    cdef public int entries_today
    cdef public double day_equity, last_equity
    cdef public bint blocked
    # results in R of closed positions, for Kelly
    cdef double *results
    cdef public int result_count
    cdef object arrays
    cdef double *stack
    cdef int top
    # what came of it; `failure` is an error of Python that C code could not raise
    cdef public object failure
    cdef public Py_ssize_t trades, trade_room, events, event_room
    cdef object trade_numbers, trade_codes, event_numbers, event_codes, event_times
    cdef double *trade_number
    cdef int *trade_code
    cdef double *event_number
    cdef int *event_code
    cdef long long *event_time
    cpdef double equity(self) noexcept
    cdef double floating(self, Book book, double bid, double ask) noexcept
    cdef double margin(self) noexcept
    cdef double free_margin(self) noexcept
    cdef Py_ssize_t account_day(self, long long time) noexcept
    cdef void log(self, long long time, Book book, int code, int rule, double a, double b, double c) noexcept
    cdef Py_ssize_t new_trade(self) noexcept

cdef Py_ssize_t after(long long *times, Py_ssize_t size, long long time) noexcept
cdef void accrue(Book book, Py_ssize_t i) noexcept
