"""What can go wrong, each named for what the user can do about it.

A message is one sentence a radiologist understands: which file, which field, what is wrong, what to do. Readers
and exporters translate every exception of a library into one of these; the library's own text never goes into the
message, because it may hold patient data.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a command tells the shell; STOPPED outranks NEEDS_REVIEW, which outranks REFUSED."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NEEDS_REVIEW = 3
    STOPPED = 4


class ReporterError(Exception):
    """Base of every error that `reporter` raises on purpose.

    `message` says what is wrong, without a full stop. `file` is the name as the user gave it; `field` is an attribute,
    a row and column or a key path; `hint` says what to do; `code` is the stable name of the finding
    (`STU_PATIENT_CONFLICT`). `str(error)` puts them into one sentence.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.REFUSED

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        field: str | None = None,
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.field = field
        self.hint = hint
        self.code = code

    def __str__(self) -> str:
        """Return the whole sentence: where, what, what to do."""
        where = ", ".join(part for part in (self.file, self.field) if part)
        what = "; ".join(part.rstrip(".") for part in (self.message, self.hint) if part)
        return f"{where}: {what}." if where else f"{what}."


class InputRefused(ReporterError):
    """No draft can be made from this case: correct the input or leave the named study out."""


class FileRefused(InputRefused):
    """One file cannot be used: replace it, repair it or leave it out; the case may stand without it."""


class UsageError(ReporterError):
    """The command was put wrongly: change the command line."""

    exit_code = ExitCode.USAGE


class SetupError(ReporterError):
    """The installation cannot start: correct the settings, the template set, the pack or the output folder."""

    exit_code = ExitCode.USAGE


class Interrupted(ReporterError):
    """The work stopped before its end (a signal, a full disk): give the same command again to finish the rest."""

    exit_code = ExitCode.STOPPED
