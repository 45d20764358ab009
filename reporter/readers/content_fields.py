"""The elements of a content item of a structured report that are read (PS3.3 C.17.3), as their bytes stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reporter.readers.report_codes import Concept, concept

CODE_VALUE, CODING_SCHEME, CODE_MEANING = 0x00080100, 0x00080102, 0x00080104
LONG_CODE_VALUE, URN_CODE_VALUE = 0x00080119, 0x00080120
REFERENCED_CLASS, REFERENCED_INSTANCE, REFERENCED_SOP = 0x00081150, 0x00081155, 0x00081199
UNITS = 0x004008EA
RELATIONSHIP, VALUE_TYPE, CONCEPT_NAME = 0x0040A010, 0x0040A040, 0x0040A043
UID, PERSON_NAME, TEXT = 0x0040A124, 0x0040A123, 0x0040A160
FLOATING_POINT, RATIONAL_NUMERATOR, RATIONAL_DENOMINATOR = 0x0040A161, 0x0040A162, 0x0040A163
CONCEPT_CODE, MEASURED_VALUE, NUMERIC_QUALIFIER, NUMERIC = 0x0040A168, 0x0040A300, 0x0040A301, 0x0040A30A
TEMPLATE, TEMPLATE_ID = 0x0040A504, 0x0040DB00
CONTENT = 0x0040A730
REFERENCED_ITEM = 0x0040DB73

SEQUENCES = frozenset({
    UNITS,
    CONCEPT_NAME,
    CONCEPT_CODE,
    MEASURED_VALUE,
    NUMERIC_QUALIFIER,
    REFERENCED_SOP,
    TEMPLATE,
    CONTENT,
})
KEPT = SEQUENCES | {
    *(CODE_VALUE, CODING_SCHEME, CODE_MEANING, LONG_CODE_VALUE, URN_CODE_VALUE),
    *(REFERENCED_CLASS, REFERENCED_INSTANCE, RELATIONSHIP, VALUE_TYPE, UID, PERSON_NAME, TEXT),
    *(FLOATING_POINT, RATIONAL_NUMERATOR, RATIONAL_DENOMINATOR, NUMERIC, TEMPLATE_ID, REFERENCED_ITEM),
}
_PADDING = b"\0 "


@dataclass(slots=True, eq=False)
class Fields:
    """The wanted elements of one sequence item: values as bytes, sequences as their items."""

    values: dict[int, bytes] = field(default_factory=dict)
    sequences: dict[int, Sequence[Fields]] = field(default_factory=dict)
    known: tuple[Concept | None] | None = None
    """Of the item of a code sequence: its code, once it was asked for."""

    def ascii(self, tag: int) -> str:
        """A code string, number or UID as text; empty where it is absent."""
        return self.values.get(tag, b"").strip(_PADDING).decode("ascii", "replace")

    def items(self, tag: int) -> Sequence[Fields]:
        """The items of a sequence; none of an absent one."""
        return self.sequences.get(tag, ())

    def code(self, tag: int) -> Fields | None:
        """The one item of a code sequence; None where it is absent, empty, or there are two."""
        items = self.sequences.get(tag, ())
        return items[0] if len(items) == 1 else None

    def concept(self, tag: int) -> Concept | None:
        """The code of a code sequence as it is compared; None where there is not exactly one with value and scheme."""
        items = self.sequences.get(tag, ())
        return items[0].coded() if len(items) == 1 else None

    def coded(self) -> Concept | None:
        """Of the item of a code sequence: its code as it is compared; None without value and scheme."""
        if self.known is None:
            self.known = (_own_concept(self),)
        return self.known[0]


def _own_concept(item: Fields) -> Concept | None:
    value = item.ascii(CODE_VALUE) or item.ascii(LONG_CODE_VALUE) or item.ascii(URN_CODE_VALUE)
    scheme = item.ascii(CODING_SCHEME)
    return concept(value, scheme) if value and (scheme or URN_CODE_VALUE in item.values) else None
