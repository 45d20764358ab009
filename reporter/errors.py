"""What can go wrong, each named for what the user can do about it.

A message is one sentence a radiologist understands: which file, which field, what is wrong, what to do. Readers
and exporters translate every exception of a library into one of these; the library's own text never goes into the
message, because it may hold patient data.
"""

import re
from enum import IntEnum
from typing import ClassVar, Final

_NOT_FOR_A_TERMINAL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls and marks that reorder text: a message quotes what others wrote, such as the name of a file."""


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

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whatever a child asks for when it is made."""
        return _as_it_was, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        """Return the whole sentence: where, what, what to do."""
        where = ", ".join(part for part in (self.file, self.field) if part)
        what = "; ".join(part.rstrip(".") for part in (self.message, self.hint) if part)
        end = "" if what.endswith("?") else "."
        return _NOT_FOR_A_TERMINAL.sub("\ufffd", f"{where}: {what}{end}" if where else f"{what}{end}")


def _as_it_was(kind: type[ReporterError], args: tuple[object, ...], state: dict[str, object]) -> ReporterError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


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
