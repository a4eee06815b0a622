"""Arrow arrays to NumPy and back by their buffers: Arrow's own conversion imports pandas, which costs a second."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# Arrow's own allocator keeps what was freed, for each thread: 40 MB after a million bars.
pa.set_memory_pool(pa.system_memory_pool())


def to_numpy(array: Any) -> NDArray[Any]:
    """A copy of a primitive Arrow array (chunked or not); null becomes NaN, truth becomes bool."""
    if isinstance(array, pa.ChunkedArray):
        return np.concatenate([to_numpy(chunk) for chunk in array.chunks]) if array.num_chunks else np.empty(0)
    if pa.types.is_boolean(array.type):
        return view(array.cast(pa.uint8())).astype(np.bool_)
    if array.null_count:
        array = pc.fill_null(array.cast(pa.float64()), float("nan"))
    return view(array).copy()


def view(array: Any) -> NDArray[Any]:
    """The values of a primitive Arrow array without nulls, in its own memory."""
    dtype = np.dtype(str(array.type).replace("double", "float64"))
    buffer = array.buffers()[1]
    if buffer is None or len(array) == 0:
        return np.empty(0, dtype=dtype)
    return np.frombuffer(buffer, dtype=dtype, count=len(array), offset=array.offset * dtype.itemsize)


def from_numpy(column: NDArray[Any]) -> Any:
    """An Arrow array over the memory of a contiguous column."""
    kind = pa.int64() if column.dtype == np.int64 else pa.float64()
    return pa.Array.from_buffers(kind, len(column), [None, pa.py_buffer(column)])
