"""What the documentation says of the filters of a template: meaning, and an example that a test renders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterDoc:
    """One filter."""

    name: str
    meaning: str
    example: str
    """As a template writes it."""
    gives: str
    """What is printed then; empty for a table."""


_LESIONS: Final = '[{"id": "A", "side": "left"}, {"id": "B", "side": "right"}]'

FILTERS: Final = (
    FilterDoc(
        name="capitalize",
        meaning="The first letter large, all others as they are",
        example='{{ "left MRI" | capitalize }}',
        gives="Left MRI",
    ),
    FilterDoc(name="count", meaning="The same as length", example="{{ [7, 8] | count }}", gives="2"),
    FilterDoc(name="first", meaning="The first of several", example='{{ ["US", "MRI"] | first }}', gives="US"),
    FilterDoc(
        name="join",
        meaning="Several texts as one, with something between them",
        example='{{ ["US", "MRI"] | join("; ") }}',
        gives="US; MRI",
    ),
    FilterDoc(name="last", meaning="The last of several", example='{{ ["US", "MRI"] | last }}', gives="MRI"),
    FilterDoc(name="length", meaning="How many there are", example="{{ [7, 8] | length }}", gives="2"),
    FilterDoc(
        name="map",
        meaning="One field of each",
        example=f'{{{{ {_LESIONS} | map(attribute="id") | join(", ") }}}}',
        gives="A, B",
    ),
    FilterDoc(
        name="rejectattr",
        meaning="Those of which a field is not so",
        example=f'{{{{ {_LESIONS} | rejectattr("side", "equalto", "left") | map(attribute="id") | join(", ") }}}}',
        gives="B",
    ),
    FilterDoc(
        name="selectattr",
        meaning="Those of which a field is so",
        example=f'{{{{ {_LESIONS} | selectattr("side", "equalto", "left") | map(attribute="id") | join(", ") }}}}',
        gives="A",
    ),
    FilterDoc(
        name="table",
        meaning='Rows as a table of the named columns, or of all; other words above a column: site="Lesion"',
        example='{{ trend | table("site", "response", site="Lesion") }}',
        gives="",
    ),
    FilterDoc(name="trim", meaning="Without blanks at either end", example='{{ " US " | trim }}', gives="US"),
    FilterDoc(name="upper", meaning="In capitals", example='{{ "stable" | upper }}', gives="STABLE"),
)
