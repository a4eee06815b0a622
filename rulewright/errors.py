"""What can go wrong between the shell and the program: RW9xx, each with a sentence and a way out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CliCode:
    """Catalogue entry for `rulewright errors CODE`."""

    code: str
    title: str
    what_to_do: str


CODES = (
    CliCode("RW901", "A file or folder is not there.", "Check the path; `ls` shows what is in a folder."),
    CliCode("RW902", "A file cannot be read.", "Check its permissions, and that it is a file and not a folder."),
    CliCode("RW903", "A rules file is not text.", "Save it as UTF-8 text. Word processors do not; code editors do."),
    CliCode("RW904", "A file cannot be written.", "Check that the folder exists, and its permissions and free space."),
    CliCode("RW905", "A file is there already.", "Choose another name; Rulewright does not overwrite what you wrote."),
    CliCode("RW906", "A name cannot be used for a strategy.", "Use letters, digits and `_`, starting with a letter."),
    CliCode("RW907", "An option's value cannot be understood.", "The message shows the form that is expected."),
    CliCode("RW908", "The strategy has no examples.", "Add an `example` block; `rulewright new NAME` shows one."),
    CliCode("RW909", "Nothing says which prices to use.", "Name them with --data, or in an `example` of the strategy."),
    CliCode("RW910", "There is no entry of that name.", "`rulewright builtins` and `rulewright errors` list all."),
    CliCode("RW999", "Rulewright itself failed.", "Nothing was lost. Report it with the file the message names."),
)


class CliError(Exception):
    """A request that cannot be carried out. `code` is in `CODES`; the text is for the user."""

    def __init__(self, code: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint
