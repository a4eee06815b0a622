from engine.instructions cimport ManageLine
from engine.state cimport Book, Desk

cdef void manage(Desk desk, Book book, Py_ssize_t i) noexcept
cdef bint _triggered(Desk desk, Book book, ManageLine line, Py_ssize_t k, Py_ssize_t i) noexcept
cdef double _distance(Desk desk, Book book, ManageLine line, Py_ssize_t i) noexcept
cdef double _stop_wanted(Desk desk, Book book, ManageLine line, double tightest, Py_ssize_t i) noexcept
cdef void _take(Desk desk, Book book, ManageLine line, Py_ssize_t i) noexcept
cdef void _move_stop(Desk desk, Book book, double stop, Py_ssize_t i) noexcept
cdef void _move_target(Desk desk, Book book, double target, Py_ssize_t i) noexcept
cdef void carry_out(Desk desk, Book book, Py_ssize_t i) noexcept
