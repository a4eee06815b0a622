"""The front door: command line and wiring. No logic of its own."""

__version__ = "0.1.0"
