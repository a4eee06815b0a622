"""Typed loops over columns: each file is Cython in its pure-Python mode, the same bits either way.

Columns are float64 with NaN for unknown, or uint8 with 0 false, 1 unknown, 2 true. Results are
written to arrays the caller made. Import a file of this package only through `engine.compiled.load`.
A type checker knows nothing of Cython's types, so two kinds of finding are silenced in each file.
"""
