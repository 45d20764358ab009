"""The elements of a header as the index of an export keeps them, so that a file need not be opened again."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from itertools import starmap
from typing import NamedTuple

from reporter.readers.container import heads_of
from reporter.readers.element_walk import Element
from reporter.readers.tags import TAGS

_HEAD = struct.Struct("<I2s?I")
_COUNT = struct.Struct("<H")
_INSTANCE = TAGS["SOPInstanceUID"]


class KeptHeader(NamedTuple):
    """What the index keeps of one object."""

    elements: bytes
    """The wanted elements, the value of the SOP Instance UID left out; files of a series often have the same."""
    instance_uid: str
    """Followed, in the file, by nothing but zero bytes."""


def kept_heads(forms: Iterable[tuple[int, bytes, bool, int]]) -> bytes:
    """What is kept begins with tag, VR, kind and length of each element; the values follow but for that of the UID."""
    heads = list(starmap(_HEAD.pack, forms))
    return b"".join((_COUNT.pack(len(heads)), *heads))


def kept_elements(header: KeptHeader) -> dict[int, Element]:
    """The elements that were kept, by tag, in the order of the file."""
    (count,) = _COUNT.unpack_from(header.elements)
    begin, elements = _COUNT.size + count * _HEAD.size, {}
    for tag, vr, implicit, length in _HEAD.iter_unpack(header.elements[_COUNT.size : begin]):
        if tag == _INSTANCE:
            value = header.instance_uid.encode("ascii").ljust(length, b"\0")
        else:
            value = header.elements[begin : begin + length]
            begin += length
        elements[tag] = Element(vr.rstrip(b"\0"), value, implicit)
    return elements


class Digests:
    """The digests of files that differ in their own UID alone."""

    def __init__(self, elements: Mapping[int, Element]) -> None:
        """Take what they have in common from one of them."""
        begun = [element.value for tag, element in elements.items() if tag < _INSTANCE]
        self._begun = hashlib.sha256(b"".join((heads_of(elements), *begun)))
        self._length = len(elements[_INSTANCE].value)
        self._rest = b"".join([element.value for tag, element in elements.items() if tag > _INSTANCE])

    def of(self, instance_uid: str) -> str:
        """The digest of the file with this UID."""
        digest = self._begun.copy()
        digest.update(instance_uid.encode("ascii").ljust(self._length, b"\0"))
        digest.update(self._rest)
        return digest.hexdigest()
