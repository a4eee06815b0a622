# C layout of the classes in instructions.py.

cdef class Expression:
    cdef public int mode, index, length, gate
    cdef public bint truth, percent, of_r

cdef class EnterRule:
    cdef public int number, side, order, size, stop, target, at_most
    cdef public bint cancel_others, good_in_bars
    cdef public Expression when, unless, price, good_for, cancel_when
    cdef public Expression size_value, size_cap, stop_value, target_value

cdef class AddRule:
    cdef public int number, side, size, stop, at_most
    cdef public Expression when, unless, size_value, size_cap, stop_value

cdef class ExitRule:
    cdef public int number, side
    cdef public Expression when, unless

cdef class ManageLine:
    cdef public int number, side, action, trigger, clock
    cdef public double percent
    cdef public Expression value, step, condition

cdef class Remembered:
    cdef public Expression initial
    cdef public list values, conditions
    cdef public bint truth

cdef class Cooldown:
    cdef public int after
    cdef public bint per_symbol, in_bars
    cdef public Expression value

cdef class Program:
    cdef public list expressions, enter, add, exit, manage, remember, cooldowns
    cdef public int opposite, open_positions, entries_per_day, stack, first_line
    cdef public Expression daily_loss, total_risk
    cdef public bint daily_loss_percent, leave_everything
    cdef object instructions
    cdef Py_ssize_t enters, adds, exits, lines, states, pauses
    cdef bint daily
    cdef int *code
