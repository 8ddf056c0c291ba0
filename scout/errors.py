"""Errors that a user sees: each says what happened, to what, and what to do about it.

Exit codes are those of the command line: 2 is wrong use or settings, 3 is 'something Scout needs is not
available now'. Nothing else may reach a user; a traceback is a defect.
"""

from typing import ClassVar


class ScoutError(Exception):
    """One sentence on what happened and one remedy.

    Args:
        what: the sentence, ending with a full stop, naming the subject.
        remedy: what the reader can do now, an imperative sentence.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}"


class UsageError(ScoutError):
    """The command cannot be carried out as it was given (exit code 2)."""


class SettingsError(ScoutError):
    """The settings are wrong or contradict each other (exit code 2)."""


class UnavailableError(ScoutError):
    """Something outside Scout could not be read or written now (exit code 3).

    Missing data is never 'absent': whoever catches this reports the outcome `unavailable` with the reason.
    """

    exit_code = 3


class StoreError(UnavailableError):
    """The warehouse, the ledger or the state folder cannot be used now (exit code 3)."""


class ConflictError(ScoutError):
    """Somebody else decided first; nothing was changed (exit code 1)."""

    exit_code = 1
