"""Clinical facts: TOML, JSON and CSV into the case's own values, and every mistake with its place."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from reporter.case.facts import Clinical, Facts, Radiologist
from reporter.case.issue import Issue
from reporter.case.length import Length, LengthUnit
from reporter.case.vocabulary import ClinicalNode, Indication, LevelState, Location, Side, TherapyKind, TherapyStatus
from reporter.readers.facts import FactsReader
from reporter.readers.files import MemoryFile
from reporter.readers.parts import FactsRecord
from tests.readers.kit import LIMITS, codes

WHOLE = """
indication = "response"
menopausal = "post"
suspicion_distant = false
mri_possible = "no: pacemaker"
[patient]
name = "SAMPLE^ONE"
birth_date = 1971-02-03
sex = "F"
[diagnosis]
side = "left"
confirmed = "yes"
histology = "invasive lobular carcinoma"
grade = 3
[therapy]
intent = "neoadjuvant"
kinds = ["chemotherapy", "immunotherapy"]
start = 2026-02-02
end = "2026-06-29"
status = "completed"
cycles_planned = 8
[[clinical]]
date = 2026-01-10
palpable = true
size = 6
unit = "cm"
[[clinical]]
palpable = "no"
exam_agrees = true
[axilla]
clinical_node = "cN+"
abnormal_nodes = 2
[axilla.levels]
axilla_1 = "abnormal"
internal_mammary = "not_imaged"
[breast]
density = "c"
background_enhancement = "mild"
[negatives]
skin = "normal"
[radiologist]
side = "right"
birads = 1
[surgery]
planned = "not yet decided"
"""


def record(text: str, name: str = "facts.toml") -> FactsRecord:
    (part,) = FactsReader().extract(MemoryFile(name, text.encode()), LIMITS).parts
    assert isinstance(part, FactsRecord)
    return part


def facts(text: str, name: str = "facts.toml") -> Facts:
    found = record(text, name)
    assert not found.issues
    return found.facts


def mistakes(text: str, name: str = "facts.toml") -> list[Issue]:
    return list(FactsReader().extract(MemoryFile(name, text.encode()), LIMITS).issues)


def test_every_section_is_read() -> None:
    found = facts(WHOLE)
    assert found.indication is Indication.RESPONSE
    assert found.menopausal == "postmenopausal"
    assert found.suspicion_distant is False
    assert (found.mri_possible, found.mri_obstacle) == (False, "pacemaker")
    assert found.diagnosis[0].side is Side.LEFT
    assert found.diagnosis[0].lobular
    assert found.therapy.kinds == (TherapyKind.CHEMOTHERAPY, TherapyKind.IMMUNOTHERAPY)
    assert (found.therapy.start, found.therapy.end) == (dt.date(2026, 2, 2), dt.date(2026, 6, 29))
    assert found.therapy.status is TherapyStatus.COMPLETED
    assert found.clinical == (
        Clinical(date=dt.date(2026, 1, 10), palpable=True, size=Length(Decimal(6), LengthUnit.CM)),
        Clinical(palpable=False, exam_agrees=True),
    )
    assert found.axilla[0].clinical_node is ClinicalNode.POSITIVE
    assert found.axilla[0].levels == {
        Location.AXILLA_1: LevelState.ABNORMAL,
        Location.INTERNAL_MAMMARY: LevelState.NOT_IMAGED,
    }
    assert found.radiologist == (Radiologist(side=Side.RIGHT, birads="1"),)
    assert found.surgery.planned == "not yet decided"


def test_the_patient_is_told_apart() -> None:
    found = record(WHOLE)
    assert (found.name, found.birth_date, found.sex) == ("SAMPLE^ONE", dt.date(1971, 2, 3), "F")


def test_every_value_has_its_place() -> None:
    sources = facts(WHOLE).sources
    assert str(sources["therapy.start"]) == "facts.toml, therapy.start"
    assert str(sources["clinical[1].palpable"]) == "facts.toml, clinical[1].palpable"
    assert str(sources["axilla[0].abnormal_nodes"]) == "facts.toml, axilla[0].abnormal_nodes"


def test_absent_is_not_false() -> None:
    assert facts("") == Facts()


def test_json_gives_the_same() -> None:
    therapy = '"therapy": {"start": "2026-02-02", "kinds": "endocrine"}'
    text = '{"menopausal": "peri", ' + therapy + ', "clinical": [{"palpable": "yes"}]}'
    found = facts(text, "facts.json")
    assert found.menopausal == "perimenopausal"
    assert found.therapy.kinds == (TherapyKind.ENDOCRINE,)
    assert found.clinical == (Clinical(palpable=True),)


@pytest.mark.parametrize(
    "text",
    ['size = "60 mm"', 'size = 60\nunit = "mm"', 'size = { value = 60, unit = "mm" }', 'size = 6.0\nunit = "cm"'],
)
def test_lengths_carry_their_unit(text: str) -> None:
    (entry,) = facts(f"[clinical]\n{text}\n").clinical
    assert entry.size == Length(Decimal(60))


@pytest.mark.parametrize(
    "text", ["size = 60", 'size = "60"', 'size = -1\nunit = "mm"', 'size = "60 inch"', "size = true"]
)
def test_a_length_without_unit_is_none(text: str) -> None:
    (issue,) = mistakes(f"[clinical]\n{text}\n")
    assert (issue.code, str(issue.source)) == ("FACTS_VALUE", "facts.toml, clinical.size")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[therapy]\nstart = 2026-02-30x\n", None),
        ('[therapy]\nstart = "2026-02-30"\n', "therapy.start"),
        ('[therapy]\nstart = "02.02.2026"\n', "therapy.start"),
        ("[therapy]\nstart = 2026-02-02T10:00:00\n", "therapy.start"),
        ('[therapy]\nkinds = ["surgery"]\n', "therapy.kinds[0]"),
        ('[therapy]\nstatus = "done"\n', "therapy.status"),
        ("[therapy]\ncycles_planned = 1.5\n", "therapy.cycles_planned"),
        ('[[clinical]]\npalpable = true\n[[clinical]]\npalpable = "maybe"\n', "clinical[1].palpable"),
        ("[clinical]\npalpable = 1\n", "clinical.palpable"),
        ("[clinical]\nside = 'both'\n", "clinical.side"),
        ('[axilla.levels]\naxilla_4 = "normal"\n', "axilla.levels"),
        ('[breast]\ndensity = "e"\n', "breast.density"),
        ('[radiologist]\nbirads = "7"\n', "radiologist.birads"),
        ("[diagnosis]\ngrade = 4\n", "diagnosis.grade"),
        ('menopausal = "unknown"\n', "menopausal"),
        ('mri_possible = "perhaps"\n', "mri_possible"),
        ("therapy = 5\n", "therapy"),
        ("clinical = 5\n", "clinical"),
    ],
)
def test_a_value_that_is_none_is_named_with_its_key_path(text: str, place: str | None) -> None:
    (issue,) = mistakes(text)
    if place is None:
        assert issue.code == "FACTS_SYNTAX"
        return
    assert (issue.code, str(issue.source)) == ("FACTS_VALUE", f"facts.toml, {place}")
    assert issue.operands["expected"]


@pytest.mark.parametrize(
    ("text", "key", "nearest", "place"),
    [
        ("[therapy]\nstrat = 2026-02-02\n", "strat", "start", "therapy.strat"),
        ('menopause = "post"\n', "menopause", "menopausal", "menopause"),
        ("[[clinical]]\npalpabel = true\n", "palpabel", "palpable", "clinical[0].palpabel"),
        ("[clincal]\npalpable = true\n", "clincal", "clinical", "clincal"),
        ("[axilla]\nxyzzy = 1\n", "xyzzy", "", "axilla.xyzzy"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_one(text: str, key: str, nearest: str, place: str) -> None:
    (issue,) = mistakes(text)
    assert issue.code == ("FACTS_MISSPELT_KEY" if nearest else "FACTS_KEY")
    assert (issue.operands["key"], issue.operands["nearest"]) == (key, nearest)
    assert str(issue.source) == f"facts.toml, {place}"


def test_all_mistakes_are_told_at_once_without_their_values() -> None:
    found = mistakes('[patient]\nname = ["SECRET"]\n[therapy]\nstart = "SECRET"\nstatus = "SECRET"\n')
    assert codes(found) == ["FACTS_VALUE"] * 3
    assert "SECRET" not in repr([(i.operands, str(i.source)) for i in found])


@pytest.mark.parametrize(
    "text",
    [
        "[therapy]\nstart = 2026-02-02\nend = 2026-02-01\n",
        "[therapy]\nstart = 2026-02-02\n[surgery]\ndate = 2026-02-01\n",
        "[therapy]\nend = 2026-02-02\n[surgery]\ndate = 2026-02-01\n",
    ],
)
def test_reversed_dates_are_refused(text: str) -> None:
    assert codes(mistakes(text)) == ["FACTS_DATES"]


def test_a_batch_gives_its_facts_as_a_table() -> None:
    text = (
        "patient_id,therapy.start,therapy.kinds,clinical.palpable.left,clinical.palpable.right,clinical.size.left,"
        "clinical.unit.left,axilla.levels.axilla_1,mri_possible,patient.name\n"
        "P1,2026-02-02,chemotherapy;targeted,yes,no,30,mm,normal,no: claustrophobia,A^B\n"
        "P2,,,,,,,,,\n"
    )
    parts = FactsReader().extract(MemoryFile("facts.csv", text.encode()), LIMITS).parts
    first, second = (part for part in parts if isinstance(part, FactsRecord))
    assert (first.patient_id, second.patient_id) == ("P1", "P2")
    assert first.facts.therapy.kinds == (TherapyKind.CHEMOTHERAPY, TherapyKind.TARGETED)
    assert first.facts.clinical == (
        Clinical(side=Side.LEFT, palpable=True, size=Length(Decimal(30))),
        Clinical(side=Side.RIGHT, palpable=False),
    )
    assert first.facts.axilla[0].levels == {Location.AXILLA_1: LevelState.NORMAL}
    assert first.facts.mri_obstacle == "claustrophobia"
    assert first.name == "A^B"
    assert second.facts == Facts()
    assert str(first.facts.sources["therapy.start"]) == "facts.csv, row 2, therapy.start"


def test_a_bad_cell_of_a_batch_is_named_by_row_and_column() -> None:
    text = "patient_id,clinical.palpable.left\nP1,yes\nP2,maybe\n"
    (issue,) = mistakes(text, "facts.csv")
    assert str(issue.source) == "facts.csv, row 3, clinical.palpable.left"
