"""The report of a backtest: headline figures for a terminal, one self-contained page for a browser."""
