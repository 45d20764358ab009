"""Structured reports with something wrong in them: missing, doubled, nested, wrong units, codes, values and types."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from copy import deepcopy

from pydicom import config, dcmread
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.readers import sr_documents as sr

VALUE_TYPES = ("NUM", "TEXT", "CODE", "UIDREF", "CONTAINER", "IMAGE", "SCOORD", "DATETIME", "PNAME", "XXX", "")
UNITS = (
    ("1", "UCUM"),
    ("{pixels}", "UCUM"),
    ("MM", "UCUM"),
    ("mm", "SCT"),
    ("cm", "UCUM"),
    ("[in_i]", "UCUM"),
    ("", ""),
)
NUMBERS = ("0", "-1", "1e3", "NaN", "12345678901234567890", "14\\15", "4,2", "", "1000", "0.5", "21.0", "٢١")
CONCEPTS = (sr.LONG, sr.SHORT, sr.LENGTH, sr.AREA, sr.VOLUME, sr.COMMENT, sr.SITE, sr.GROUP, sr.LATERALITY, sr.MASS)
SIDES = (sr.LEFT, sr.RIGHT, sr.LEFT_BREAST, sr.RIGHT_BREAST, sr.BREAST, sr.NODE)
TEXTS = ("T1", "N1 right axilla", "", "x" * 5000, "\x1b[31m", "Cornerstone3DTools@^0.1.0:Length", "腫瘤")

Mutation = Callable[[Dataset, random.Random], None]


def items(dataset: Dataset) -> list[Dataset]:
    """The document and all content items below it."""
    found, waiting = [], [dataset]
    while waiting:
        item = waiting.pop(0)
        found.append(item)
        waiting.extend(item.get("ContentSequence", []))
    return found


def parents(dataset: Dataset) -> list[Dataset]:
    """The items that hold others."""
    return [item for item in items(dataset) if item.get("ContentSequence")]


def nested(dataset: Dataset) -> Iterator[tuple[Dataset, DataElement]]:
    """Every element of every item, those of its codes and values too."""
    for element in dataset:
        yield dataset, element
        if element.VR == "SQ" and element.keyword != "ContentSequence":
            for below in element.value:
                yield from nested(below)


def put(dataset: Dataset, keyword: str, vr: str, value: object) -> None:
    """Set an attribute to whatever it should not be."""
    from pydicom.datadict import tag_for_keyword

    tag = tag_for_keyword(keyword)
    assert tag is not None
    dataset[tag] = DataElement(tag, vr, value, validation_mode=config.IGNORE)


def remove_item(document: Dataset, chance: random.Random) -> None:
    parent = chance.choice(parents(document))
    parent.ContentSequence.pop(chance.randrange(len(parent.ContentSequence)))


def remove_element(document: Dataset, chance: random.Random) -> None:
    holder, element = chance.choice(list(nested(chance.choice(items(document)))))
    if element.keyword not in {"SOPClassUID", "SOPInstanceUID"}:
        del holder[element.tag]


def double_item(document: Dataset, chance: random.Random) -> None:
    parent = chance.choice(parents(document))
    parent.ContentSequence.append(deepcopy(chance.choice(list(parent.ContentSequence))))


def double_inside(document: Dataset, chance: random.Random) -> None:
    """Two codes, two units or two values where there may be one."""
    found = [e for item in items(document) for _, e in nested(item) if e.VR == "SQ" and e.keyword != "ContentSequence"]
    sequence = chance.choice([element for element in found if element.value]).value
    sequence.append(deepcopy(sequence[0]))


def nest_item(document: Dataset, chance: random.Random) -> None:
    parent, other = chance.choice(parents(document)), chance.choice(items(document))
    moved = deepcopy(chance.choice(list(parent.ContentSequence)))
    other.ContentSequence = Sequence([*other.get("ContentSequence", []), moved])


def nest_deeply(document: Dataset, chance: random.Random) -> None:
    parent = chance.choice(parents(document))
    inner = deepcopy(chance.choice(list(parent.ContentSequence)))
    for _ in range(chance.choice((3, 30, 70))):
        inner = sr.item("CONTAINER", sr.MEASUREMENTS, inner)
    parent.ContentSequence.append(inner)


def move_item(document: Dataset, chance: random.Random) -> None:
    parent, other = chance.choice(parents(document)), chance.choice(parents(document))
    moved = parent.ContentSequence.pop(chance.randrange(len(parent.ContentSequence)))
    if other not in items(moved):
        other.ContentSequence.insert(0, moved)


def measured_values(document: Dataset) -> list[Dataset]:
    return [value for item in items(document) for value in item.get("MeasuredValueSequence", [])]


def wrong_unit(document: Dataset, chance: random.Random) -> None:
    value, scheme = chance.choice(UNITS)
    for measured in measured_values(document)[: chance.randrange(3)]:
        unit = Dataset()
        put(unit, "CodeValue", "SH", value)
        put(unit, "CodingSchemeDesignator", "SH", scheme)
        put(unit, "CodeMeaning", "LO", "mm")
        measured.MeasurementUnitsCodeSequence = Sequence([unit])


def wrong_number(document: Dataset, chance: random.Random) -> None:
    found = measured_values(document)
    if found:
        put(chance.choice(found), "NumericValue", "LT", chance.choice(NUMBERS))


def second_number(document: Dataset, chance: random.Random) -> None:
    found = measured_values(document)
    if found:
        chance.choice(found).FloatingPointValue = chance.choice((0.0, 20.0, 32.0, 42.0, float("nan"), float("inf")))


def wrong_value_type(document: Dataset, chance: random.Random) -> None:
    put(chance.choice(items(document)), "ValueType", "CS", chance.choice(VALUE_TYPES))


def wrong_representation(document: Dataset, chance: random.Random) -> None:
    """An element whose value is of another kind: text for bytes, a sequence for a text."""
    holder, element = chance.choice(list(nested(chance.choice(items(document)))))
    if element.keyword in {"SOPClassUID", "SOPInstanceUID", "ContentSequence"}:
        return
    vr, value = chance.choice((("UT", "42"), ("OB", b"\1\2\3\4"), ("SQ", Sequence([Dataset()])), ("US", 7)))
    holder[element.tag] = DataElement(element.tag, vr, value)


def wrong_concept(document: Dataset, chance: random.Random) -> None:
    item = chance.choice(items(document)[1:] or [document])
    item.ConceptNameCodeSequence = Sequence([sr.code_item(chance.choice(CONCEPTS))])


def wrong_code(document: Dataset, chance: random.Random) -> None:
    found = [item for item in items(document) if "ConceptCodeSequence" in item]
    if found:
        chance.choice(found).ConceptCodeSequence = Sequence([sr.code_item(chance.choice(SIDES))])


def wrong_text(document: Dataset, chance: random.Random) -> None:
    found = [item for item in items(document) if item.get("ValueType") == "TEXT"]
    if found:
        put(chance.choice(found), "TextValue", "UT", chance.choice(TEXTS))


def reference(document: Dataset, chance: random.Random) -> None:
    made = Dataset()
    made.RelationshipType = "INFERRED FROM"
    made.ReferencedContentItemIdentifier = [1, *(chance.randrange(1, 7) for _ in range(chance.randrange(4)))]
    chance.choice(parents(document)).ContentSequence.append(made)


MUTATIONS: tuple[Mutation, ...] = (
    remove_item,
    remove_element,
    double_item,
    double_inside,
    nest_item,
    nest_deeply,
    move_item,
    wrong_unit,
    wrong_number,
    second_number,
    wrong_value_type,
    wrong_representation,
    wrong_concept,
    wrong_code,
    wrong_text,
    reference,
)


def mutated(document: bytes, chance: random.Random) -> tuple[Dataset, list[str]]:
    """A document with one to three things wrong, and their names."""
    made, names = dcmread(io.BytesIO(document)), []
    for mutation in chance.choices(MUTATIONS, k=chance.randrange(1, 4)):
        if parents(made):
            mutation(made, chance)
            names.append(mutation.__name__)
    return made, names
