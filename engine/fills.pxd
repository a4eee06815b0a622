from engine.instructions cimport ManageLine
from engine.state cimport Book, Desk, Market, Order

cdef void fill_bar(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void open_bar(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void follow_bar(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void refresh(Desk desk, Book book) noexcept
cdef bint touched(Book book, double high, double low, double spread) noexcept
cdef void walk(Desk desk, Book book, Py_ssize_t i, double opened, double high, double low, double close, double spread) noexcept
cdef void cancel(Desk desk, Book book, Order order, int code, long long time) noexcept
cdef bint pending(Book book) noexcept
cdef void close_all(Desk desk, Book book, Py_ssize_t i, double price, int reason) noexcept
cdef double _slip(Desk desk, Market market, Py_ssize_t i) noexcept
cdef double _worse(Market market, int side, double price, double slipped) noexcept
cdef double _stop_out(Desk desk, Book book, double rate) noexcept
cdef bint _largest_loss(Desk desk, Book book) noexcept
cdef void _expire(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void _at_open(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void _add(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void _in_bar(Desk desk, Book book, Py_ssize_t i) noexcept
cdef Py_ssize_t _finer(Market market, Py_ssize_t i) noexcept
cdef void _cancel_doomed(Desk desk, Book book, Py_ssize_t i) noexcept
cdef int _crowd(Book book, double high, double low, double spread) noexcept
cdef bint _reaches(Book book, double level, int direction, double at, double end) noexcept
cdef int _nearest(Desk desk, Book book, Py_ssize_t i, double at, double end, double low, double high, double spread) noexcept
cdef void _happen(Desk desk, Book book, int what, Py_ssize_t i, double at, double spread) noexcept
cdef void _enter(Desk desk, Book book, Order order, Py_ssize_t i, double bid, double spread, double price, bint limit) noexcept
cdef void _double_fill(Desk desk, Book book, Order order, Py_ssize_t i, double bid, double spread, double price, double slipped) noexcept
cdef bint _fits_margin(Desk desk, double lots, double price, double worth, double leverage) noexcept
cdef void _cancel_others(Desk desk, Book book, Order order, Py_ssize_t i, double bid, double spread) noexcept
cdef void _freeze(Desk desk, Book book, Py_ssize_t decided) noexcept
cdef void uncount(Desk desk, Book book, Order order) noexcept
cdef void cancel_forbidden(Desk desk, Book book, int code, double figure, long long time) noexcept
cdef bint _closes_only(Desk desk, Book book, Order order) noexcept
cdef bint cooling(Desk desk, Book book, Py_ssize_t i) noexcept
cdef bint used_up(Desk desk, long long time) noexcept
cdef void _begin_cooldown(Desk desk, Book book, Py_ssize_t i) noexcept
cdef bint _forbidden(Desk desk, Book book, Order order, Py_ssize_t i) noexcept
cdef bint _by_risk(int size) noexcept
cdef void _refuse(Desk desk, Book book, Order order) noexcept
cdef void _count(Desk desk, Book book, Order order, Py_ssize_t i) noexcept
