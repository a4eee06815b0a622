from engine.instructions cimport AddRule, EnterRule
from engine.state cimport Book, Desk, Order

cdef void decide(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void account_check(Desk desk, long long time) noexcept
cdef void _block(Desk desk, Book book, long long time) noexcept
cdef void remember(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void _note(Book book, Py_ssize_t which, Py_ssize_t i) noexcept
cdef void _exit(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void _cancel_dead(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void _enter(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void _place(Desk desk, Book book, EnterRule rule, Py_ssize_t i) noexcept
cdef bint _allowed(Desk desk, Book book, EnterRule rule, Py_ssize_t i) noexcept
cdef Py_ssize_t _slots(Desk desk, Book book) noexcept
cdef void _decline(Desk desk, Book book, Order order, EnterRule rule, int code, Py_ssize_t i, double a, double b) noexcept
cdef void _stand(Desk desk, Book book, Order order, EnterRule rule, Py_ssize_t i) noexcept
cdef double _at_most(Desk desk, Book book, int rule, double lots, Py_ssize_t i) noexcept
cdef void _count(Desk desk, Book book, EnterRule rule, Py_ssize_t i) noexcept
cdef bint _margin_fits(Desk desk, Book book, int side, double needed) noexcept
cdef double _open_risk(Desk desk, Book book) noexcept
cdef bint _risk_fits(Desk desk, Book book, double risk, Py_ssize_t i) noexcept
cdef void _add(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void _stand_addition(Desk desk, Book book, AddRule rule, Py_ssize_t i) noexcept
