from engine.instructions cimport Expression
from engine.state cimport Book, Desk

cdef bint equal(double a, double b) noexcept
cdef bint above(double a, double b) noexcept
cdef double number(Desk desk, Book book, Expression e, Py_ssize_t i) noexcept
cdef int truth(Desk desk, Book book, Expression e, Py_ssize_t i) noexcept
cdef double value_at(Desk desk, Book book, Expression e, Py_ssize_t i, Py_ssize_t back) noexcept
cdef double _run(Desk desk, Book book, Expression e, Py_ssize_t i, Py_ssize_t back) noexcept
cdef double _compare(int op, double a, double b) noexcept
cdef double _position_word(Book book, int op, Py_ssize_t j) noexcept
cdef double _memory_word(Book book, int op, Py_ssize_t j) noexcept
cdef double _remembered(Book book, int which, Py_ssize_t ago, Py_ssize_t i) noexcept
cdef double _looking_back(Desk desk, Book book, int op, int a, int b, int c, Py_ssize_t i, Py_ssize_t back) noexcept
cdef double _cross(Desk desk, Book book, int op, Expression a, Expression b, Py_ssize_t i, Py_ssize_t back) noexcept
