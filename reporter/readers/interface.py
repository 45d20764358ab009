"""What a reader promises: it says whether a file is its own, then gives what stands in it and what is doubtful there.

A reader knows no case: it does not compare files, choose patients or put studies in order; `assemble` does.  It never
raises for what a file holds: a file that cannot be used is a reading without parts and with a refused issue.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, Protocol

from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.setting import setting
from reporter.case.source import Source, SourceKind
from reporter.errors import InputRefused
from reporter.readers.parts import FactsRecord, ImageHeader, Row
from reporter.readers.report_parts import Report

MIB = 1024 * 1024
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is read before a file or a case is refused as hostile; each is a setting.  Sizes are in bytes."""

    file_bytes: int = setting(4 * GIB, "One DICOM file, of which only headers are read", unit="bytes")
    text_bytes: int = setting(32 * MIB, "A structured report, a table, facts", unit="bytes")
    inflated_bytes: int = setting(64 * MIB, "A deflated data set, inflated", unit="bytes")
    zip_bytes: int = setting(64 * GIB, "All entries of a ZIP file, inflated; they are streamed", unit="bytes")
    zip_entries: int = setting(1_000_000, "Entries of a ZIP file")
    zip_ratio: int = setting(100, "Inflated over stored size of one entry of a ZIP file above 1 MiB")
    elements: int = setting(
        100_000, "Elements of one file; those of single frames are counted apart, up to twenty times as many"
    )
    items: int = setting(
        50_000, "Sequence items of one file; those of single frames are counted apart, up to twenty times as many"
    )
    depth: int = setting(64, "Sequences within sequences")
    sr_items: int = setting(50_000, "Content items of a structured report")
    files_per_study: int = setting(20_000, "Files of one study")
    lesions: int = setting(200, "Lesions of one patient")
    time_points: int = setting(50, "Time points of one patient")
    string: int = setting(4_096, "Characters of one value or cell")
    case_seconds: int = setting(60, "Of drafting one case in a batch; it is then stopped", unit="seconds")
    case_bytes: int = setting(GIB, "Memory of a process that drafts cases in a batch", unit="bytes")


class InputFile(Protocol):
    """One regular file among INPUT, on disk, in a ZIP or from stdin."""

    @property
    def name(self) -> str:
        """Relative to INPUT, with `/`; what messages and sources print."""

    @property
    def size(self) -> int:
        """Length in bytes."""

    @property
    def head(self) -> bytes:
        """Up to 4,096 bytes from its beginning."""

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Its bytes from the beginning; closing it tells whether the file changed meanwhile.

        Raises:
            Refusal: it cannot be read (FS_READ), or changed while it was read (FS_CHANGED).

        """


Part = ImageHeader | Row | FactsRecord | Report
"""What a file gives to a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one file gave."""

    parts: tuple[Part, ...] = ()
    issues: tuple[Issue, ...] = ()
    sha256: str = ""
    """Of the bytes that were read; pixels are left alone."""
    patient_id: str | None = None
    """Of a file that is refused, as far as it was read; tells whose case it belongs to."""

    @property
    def refused(self) -> bool:
        """Whether the file cannot be used."""
        return any(issue.outcome is Outcome.REFUSED for issue in self.issues)


class Reader(Protocol):
    """A kind of file."""

    name: ClassVar[str]
    """What the file is called in lists: image, report, table, facts."""

    def identify(self, file: InputFile) -> bool:
        """Whether the file is of this kind, by its name and first bytes; true also for a broken one of this kind."""

    def extract(self, file: InputFile, limits: Limits) -> Reading:
        """What stands in it, with a source for every value; doubts are issues, never exceptions."""


class Refusal(Exception):
    """Raised inside a reader where a file can be read no further; its one issue becomes the reading."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue
        self.patient_id: str | None = None
        """Whose file it is, as far as it was read."""


def refusal(code: str, source: Source, **operands: Operand) -> Refusal:
    """The end of a file, with its code, place and operands."""
    return Refusal(Issue(code=code, outcome=Outcome.REFUSED, source=source, operands=operands))


def refusal_at(code: str, kind: SourceKind, file: str, place: str, **operands: Operand) -> Refusal:
    """`refusal` with the source in parts."""
    return refusal(code, Source(kind, file, place), **operands)


class CaseRefused(InputRefused):
    """No draft can be made of this case; `issues` says why, every reason at once."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        first = issues[0]
        more = f" and {len(issues) - 1} more" if len(issues) > 1 else ""
        super().__init__(
            f"no draft can be made ({first.code}{more})",
            file=first.source.file if first.source else None,
            field=first.source.place if first.source else None,
            code=first.code,
        )
        self.issues = issues
