"""What one strict walk found out about a plain file."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reporter.readers.container import Container, container
from reporter.readers.element_walk import Element

GROUP_LENGTH, MEDIA_CLASS, SYNTAX = 0x00020000, 0x00020002, 0x00020010
CHARACTER_SET, SOP_CLASS = 0x00080005, 0x00080016

Forms = tuple[tuple[int, bytes, bool], ...]
"""Of the wanted values of a file, in order of tags: tag, VR, and whether what is in a sequence has no VRs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """The file was read in pieces; places are those in the pieces, joined."""

    data: bytes
    """The pieces, joined."""
    windows: tuple[tuple[int, int], ...]
    """Offset in the file and length of each piece; no byte of the file stands in two of them."""
    edges: array[int]
    """Begin and end, begin and end of everything the walk depended on: headers, and the few values that decide."""
    forms: Forms
    spans: array[int]
    """Begin and end, begin and end of the wanted values, in order of tags."""
    whole: bool
    """Whether all wanted elements that are there are among the values; a long sequence is not."""
    implicit: bool
    """Whether there are elements without VR."""
    decided: Mapping[int, bytes]
    """The values that decide how the rest is read: of the file meta information, but for the UID of the object, and two
    of the data set."""
    pixels: bool
    fragments: int | None
    """Where in the file encapsulated pixels begin, which end it; None where there are none."""
    most_fragments: int
    """Pieces of them that are passed over here; with more the file is for the slow path to judge."""

    @property
    def values(self) -> list[bytes]:
        """The wanted values, in order of tags, each cut out anew."""
        spans = iter(self.spans)
        return [self.data[begin:end] for begin, end in zip(spans, spans, strict=True)]

    @property
    def media_class(self) -> str:
        """As the file meta information says."""
        return uid_of(self.decided, MEDIA_CLASS)

    @property
    def sop_class(self) -> str:
        """As the data set says."""
        return uid_of(self.decided, SOP_CLASS)

    @property
    def character_set(self) -> bytes:
        """(0008,0005) Specific Character Set; empty where there is none."""
        return self.decided.get(CHARACTER_SET, b"")


def uid_of(decided: Mapping[int, bytes], tag: int) -> str:
    """A UID among the values that decide, without its padding; empty where there is none."""
    return decided.get(tag, b"").rstrip(b"\0 ").decode("latin-1")


def container_of(forms: Forms, values: Iterable[bytes], *, pixels: bool) -> Container:
    """What `container.walk` finds in a file that was walked, or whose walk takes the same path, with its own values."""
    found = zip(forms, values, strict=True)
    return container({tag: Element(vr, value, implicit) for (tag, vr, implicit), value in found}, pixels=pixels)
