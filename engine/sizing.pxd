from engine.instructions cimport Expression
from engine.state cimport Book, Desk, Market

cdef double lots_for(Desk desk, Book book, int size, Expression value, Expression cap, Py_ssize_t i, double price, double distance) noexcept
cdef double round_lots(Market market, double lots) noexcept
cdef double near_lots(Market market, double lots) noexcept
cdef double kelly(Desk desk) noexcept
cdef double tick_up(Market market, double price) noexcept
cdef double tick_down(Market market, double price) noexcept
cdef double tick_near(Market market, double price) noexcept
