"""What headers say that the index of an export kept: read once for all files that differ in their own UID alone."""

from __future__ import annotations

from typing import NamedTuple

from reporter.case.issue import Issue
from reporter.readers.container import Container, container
from reporter.readers.header import reading_of
from reporter.readers.interface import Limits, Reading
from reporter.readers.kept_header import Digests, KeptHeader, kept_elements
from reporter.readers.parts import ImageHeader, of_file
from reporter.readers.tags import TAGS
from reporter.readers.values import ui

_INSTANCE = TAGS["SOPInstanceUID"]


class _Said(NamedTuple):
    """What files say that differ in their own UID alone."""

    header: ImageHeader
    """Of one of them."""
    issues: tuple[Issue, ...]
    """The doubts about that one."""


class _Alike(NamedTuple):
    """What files have in common whose own UIDs are of one length, too."""

    said: _Said
    digests: Digests


class KeptReader:
    """Reads the headers of one case."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._alike: dict[bytes, _Alike] = {}
        """By the elements that the index kept."""
        self._said: dict[object, _Said] = {}
        """By these elements one by one, without the UID."""

    def read(self, file: str, kept: KeptHeader) -> Reading:
        """What the reader of headers gave when the index saw the file of this name."""
        if ui(kept.instance_uid) is None:  # it is refused, whatever the others say
            found = container(kept_elements(kept), pixels=True)  # an image without pixels is never kept
            return reading_of(file, lambda: found, self._limits)
        known = self._alike.get(kept.elements)
        if known is not None:
            return _like(known, file, kept)
        elements = kept_elements(kept)
        own, digests = tuple([pair for pair in elements.items() if pair[0] != _INSTANCE]), Digests(elements)
        if (said := self._said.get(own)) is not None:
            alike = self._alike[kept.elements] = _Alike(said, digests)
            return _like(alike, file, kept)
        found = Container(elements=elements, pixels=True, sha256=digests.of(kept.instance_uid))
        reading = reading_of(file, lambda: found, self._limits)
        if reading.parts and isinstance(part := reading.parts[0], ImageHeader):
            said = self._said[own] = _Said(part, reading.issues)
            self._alike[kept.elements] = _Alike(said, digests)
        return reading


def _like(known: _Alike, file: str, kept: KeptHeader) -> Reading:
    """The reading of a file that says what another one says, but for its own UID."""
    header, issues = known.said
    return Reading(
        parts=(header.of_another(file, kept.instance_uid),),
        issues=of_file(issues, file),
        sha256=known.digests.of(kept.instance_uid),
        patient_id=header.patient_id,
    )
