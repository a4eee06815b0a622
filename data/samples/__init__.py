"""Embedded prices and fixings; `README.md` in this folder says where they come from."""
