"""`python -m rulewright` is the same as the `rulewright` command."""

from rulewright.cli import main

main()
