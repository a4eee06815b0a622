from engine.instructions cimport Expression, ManageLine
from engine.state cimport Book, Desk

cdef Py_ssize_t next_decision(Desk desk, Book book, Py_ssize_t i) noexcept
cdef Py_ssize_t _watch(Book book, Expression e, Py_ssize_t start) noexcept
cdef Py_ssize_t _watch_line(Desk desk, Book book, ManageLine line, Py_ssize_t k, Py_ssize_t start) noexcept
cdef Py_ssize_t _quiet_until(Desk desk, Book book, Py_ssize_t start, Py_ssize_t bound) noexcept
cdef void _one(Desk desk) noexcept
cdef Py_ssize_t _quiet_bids(Book book, Py_ssize_t j, Py_ssize_t bound) noexcept
cdef Py_ssize_t _quiet_asks(Book book, Py_ssize_t j, Py_ssize_t bound) noexcept
cdef Py_ssize_t _quiet_quotes(Book book, Py_ssize_t j, Py_ssize_t bound) noexcept
cdef long long _next_time(Desk desk, bint jump) noexcept
cdef void _finish(Desk desk) noexcept
