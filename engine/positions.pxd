from engine.state cimport Book, Desk, Lot

cdef void open_lot(Desk desk, Book book, int side, int rule, double lots, double price, double stop, double target, double slipped, Py_ssize_t i, double bid, double ask) noexcept
cdef void close_lots(Desk desk, Book book, double lots, double price, int reason, bint ambiguous, double slipped, Py_ssize_t i) noexcept
cdef void lived(Book book, double low, double high) noexcept
cdef void see(Book book, double bid_low, double bid_high, double spread) noexcept
cdef void _settle(Desk desk, Book book, Py_ssize_t i) noexcept
cdef void _average(Book book) noexcept
cdef void write_trade(Desk desk, Book book, Lot lot, int side, double lots, double price, double profit, double commission, double swap, double slipped, int reason, bint ambiguous, Py_ssize_t i) noexcept
