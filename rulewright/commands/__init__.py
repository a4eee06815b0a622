"""One module a command; each gives `run(…) -> exit status` and prints through `rulewright.console`."""
