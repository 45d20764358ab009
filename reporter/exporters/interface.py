"""What a format promises: it is prepared once for a look, then lays out any number of drafts."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from reporter.draft.interface import Draft, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a template set wants its reports to look."""

    name: str
    """The template set, for messages."""
    house: bytes | None = None
    """The set's `house.docx`; formats without a page ignore it."""
    language: str = ""
    """BCP 47 tag of what is written in it; empty: as the house says."""


class Prepared(ABC):
    """A format that has its look."""

    @abstractmethod
    def export(self, report: Report, draft: Draft) -> bytes:
        """Lay out `draft`, the words of `report`; only a record looks at the report itself.

        The same report gives the same bytes, whatever the clock, locale or hash seed. Nothing is read or written.

        Raises:
            ReporterError: the format cannot hold the draft; the message says what to do about it.

        """


class Exporter(ABC):
    """A format."""

    name: ClassVar[str]
    """What `--format` calls it, e.g. `docx`."""
    suffix: ClassVar[str]
    """What the name of a file ends in, e.g. `.docx`."""

    @abstractmethod
    def prepare(self, look: Look) -> Prepared:
        """Read the look, once for all drafts of a run.

        Raises:
            ReporterError: the look is broken or unsafe; the message names the part.

        """
