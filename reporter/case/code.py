"""Coded concepts as DICOM writes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A coded concept (PS3.3 section 8.8); two codes are equal when value and scheme are, whatever the meaning says."""

    value: str
    scheme: str
    meaning: str

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Code):
            return NotImplemented
        return (self.value, self.scheme) == (other.value, other.scheme)

    def __hash__(self) -> int:
        return hash((self.value, self.scheme))
