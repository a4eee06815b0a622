"""Refusals of the engine: RW8xx. What cannot be done is said before anything is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineCode:
    """Catalogue entry for `rulewright errors CODE`."""

    code: str
    title: str
    what_to_do: str


CODES = (
    EngineCode("RW801", "A setting names no parameter.", "Use a name from the strategy's `params`."),
    EngineCode("RW802", "A setting is outside its range.", "Keep it between `from` and `to`, on a step."),
    EngineCode("RW803", "A setting has the wrong unit.", "Write it as the strategy does, such as 1% or 20."),
    EngineCode("RW804", "A source that the strategy needs is missing.", "`rulewright check --data` lists them."),
    EngineCode("RW805", "The engine does not do this part of the language yet.", "The message names the part."),
    EngineCode("RW806", "There are no bars in the time asked for.", "Widen --from and --to, or name other prices."),
    EngineCode("RW807", "An account option cannot be used.", "The message shows what is possible."),
    EngineCode("RW808", "A time is not that of any bar.", "Name the opening time of a bar within the data, in UTC."),
)


class EngineError(Exception):
    """A run that cannot be done as asked. `code` is in `CODES`; the text is for the user."""

    def __init__(self, code: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint


class SettingError(EngineError):
    """A `--set` value that the strategy's parameter space does not allow."""


class MissingSource(EngineError):  # noqa: N818 - a fact about the installation, not a failure of the program
    """A calendar, model or other recorded source that a strategy reads and nobody has given."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__("RW804", sentence, hint)


class NotSupported(EngineError):  # noqa: N818 - as above
    """A construct that the language has and this engine refuses to run."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__("RW805", sentence, hint)
