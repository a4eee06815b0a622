"""Readers of price files, one file a layout; see `data.load` for the door."""
