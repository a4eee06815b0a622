"""How one Plan speaks: its nodes as noun phrases (values) and clauses (conditions)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dsl.english import clauses, values, words
from dsl.plan import Plan, PlanNode

_LEAVES = frozenset({"number", "quantity", "param", "bar"})


@dataclass(frozen=True)
class Voice:
    """Says nodes of `plan` by their index; a node equal to a `let` is said by the let's name."""

    plan: Plan

    @cached_property
    def names(self) -> dict[int, str]:
        """Node index → name of its first `let`. Plain prices and numbers speak for themselves."""
        names: dict[int, str] = {}
        for let in self.plan.lets:
            if self.plan.nodes[let.node].op not in _LEAVES:
                names.setdefault(let.node, let.name)
        return names

    def node(self, index: int) -> PlanNode:
        return self.plan.nodes[index]

    def value(self, index: int) -> values.Phrase:
        """The node as a noun phrase: “the close”, “2 times the average true range of 14 bars”."""
        if index in self.names:
            return values.Phrase(words.quoted(self.names[index]))
        return self.definition(index)

    def definition(self, index: int) -> values.Phrase:
        """As `value`, without replacing this very node by its name."""
        return values.phrase(self, self.node(index))

    def clause(self, index: int, past: bool = False) -> str:
        """The condition in one line: “the close is above “trend””."""
        if index in self.names:
            return f"{words.quoted(self.names[index])} {'was' if past else 'is'} true"
        return clauses.clause(self, index, past)

    def say(self, index: int) -> str:
        """Value or condition, in one line."""
        return self.clause(index) if self.node(index).kind == "truth" else self.value(index).text
