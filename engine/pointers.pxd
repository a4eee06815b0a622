cdef double* doubles(object array) noexcept
cdef long long* longs(object array) noexcept
cdef int* ints(object array) noexcept
cdef unsigned char* truths(object array) noexcept
