"""The questions of a whole case, in order: each fact that a route lacks, and what puts a case in scope, once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.advice.interface import Timing
from reporter.case.facts import Axilla, Diagnosis, Facts, Therapy
from reporter.case.issue import Outcome
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, ClinicalNode, Kind, Side, TherapyStatus
from reporter.response.interface import Category
from tests.advice.factory import ANSWERED, START, Scene, breast, scene
from tests.advice.test_scenario import measured_node

LEFT, RIGHT = Side.LEFT, Side.RIGHT
BOTH = (breast(), breast(side=RIGHT))
UNPROVEN = tuple(Lesion(id=side.value, kind=Kind.MASS, organ="breast", side=side) for side in (LEFT, RIGHT))
NOT_POSITIVE = Axilla(side=LEFT, clinical_node=ClinicalNode.NEGATIVE, known_positive=False, previously_imaged=False)


def asked(made: Scene) -> list[tuple[str, Side | None, str | None]]:
    issues = made.advise().issues
    assert {issue.outcome for issue in issues} <= {Outcome.QUESTION}
    return [(issue.code, issue.side, issue.column) for issue in issues]


def test_of_the_patient_once_of_each_side_apart() -> None:
    """Nothing is stated: where the therapy stands settles both questions of both breasts."""
    assert asked(scene(Timing.UNSTATED, *BOTH, facts=Facts(), therapy=Therapy(), lesions=UNPROVEN)) == [
        ("THERAPY_STATUS_NOT_STATED", None, "therapy.status"),
        ("DISTANT_NOT_STATED", None, "suspicion_distant"),
        ("INTENT_NOT_STATED", None, "therapy.intent"),
        ("DIAGNOSIS_NOT_STATED", LEFT, "diagnosis.confirmed"),
        ("DIAGNOSIS_NOT_STATED", RIGHT, "diagnosis.confirmed"),
    ]


def test_of_the_axilla_of_each_side() -> None:
    facts = replace(ANSWERED, diagnosis=tuple(Diagnosis(side=side, confirmed=True) for side in (LEFT, RIGHT)))
    missing = [
        ("AXILLA_IMAGED_NOT_STATED", "axilla.previously_imaged"),
        ("CLINICAL_NODE_NOT_STATED", "axilla.clinical_node"),
    ]
    assert asked(scene(Timing.AFTER, *BOTH, facts=facts)) == [
        (code, side, fact) for side in (LEFT, RIGHT) for code, fact in missing
    ]


def test_of_the_axilla_before_therapy() -> None:
    assert asked(scene(Timing.BEFORE, breast(Category.BASELINE))) == [
        ("AXILLA_SUSPICIOUS_NOT_STATED", LEFT, "axilla.imaging_suspicious"),
        ("CLINICAL_NODE_NOT_STATED", LEFT, "axilla.clinical_node"),
    ]


def test_of_an_imaged_axilla_whether_it_was_positive() -> None:
    facts = replace(ANSWERED, axilla=(Axilla(side=LEFT, previously_imaged=True),))
    assert asked(scene(Timing.AFTER, facts=facts)) == [
        ("NODE_KNOWN_POSITIVE_NOT_STATED", LEFT, "axilla.known_positive")
    ]


def test_of_an_axilla_that_facts_and_measurements_tell_differently() -> None:
    made = measured_node(scene(Timing.AFTER, facts=replace(ANSWERED, axilla=(NOT_POSITIVE,))))
    assert asked(made) == [("AXILLA_CONTRADICTED", LEFT, "axilla.previously_imaged")]


def test_of_an_axilla_stated_not_to_be_positive_beside_a_proven_node() -> None:
    facts = replace(ANSWERED, axilla=(replace(NOT_POSITIVE, previously_imaged=True),))
    made = measured_node(scene(Timing.AFTER, facts=facts), biopsy=BiopsyResult.MALIGNANT)
    assert asked(made) == [("AXILLA_PROOF_CONTRADICTED", LEFT, "axilla.known_positive")]


def test_a_complete_case_is_asked_nothing() -> None:
    assert asked(scene(Timing.AFTER, facts=replace(ANSWERED, axilla=(NOT_POSITIVE,)))) == []


@pytest.mark.requirement("S1")
@pytest.mark.requirement("S13")
@pytest.mark.parametrize(
    ("confirmed", "biopsy", "open_"),
    [
        ((True,), None, False),
        ((True, None), None, False),
        ((None,), None, True),
        ((), None, True),
        ((None,), BiopsyResult.PENDING, True),
        ((None,), BiopsyResult.MALIGNANT, False),
    ],
)
def test_a_diagnosis_is_asked_unless_stated_or_proven(
    confirmed: tuple[bool | None, ...], biopsy: BiopsyResult | None, open_: bool
) -> None:
    entries = tuple(Diagnosis(side=LEFT, confirmed=one) for one in confirmed)
    lesions = [Lesion(id="L1", kind=Kind.MASS, organ="breast", side=LEFT, biopsy_result=biopsy)]
    facts = replace(ANSWERED, axilla=(NOT_POSITIVE,), diagnosis=entries)
    expected = [("DIAGNOSIS_NOT_STATED", LEFT, "diagnosis.confirmed")]
    assert asked(scene(Timing.AFTER, facts=facts, lesions=lesions)) == expected * open_


def test_of_a_breast_without_cancer_no_diagnosis_is_asked() -> None:
    free = (Diagnosis(side=LEFT, confirmed=True), Diagnosis(side=RIGHT, confirmed=False))
    facts = replace(ANSWERED, axilla=(NOT_POSITIVE,), diagnosis=free)
    assert asked(scene(Timing.AFTER, *BOTH, facts=facts, lesions=UNPROVEN)) == []


@pytest.mark.requirement("S1")
@pytest.mark.parametrize("intent", [None, "curative"])
def test_intent_is_asked_unless_stated(intent: str | None) -> None:
    facts = replace(ANSWERED, axilla=(NOT_POSITIVE,))
    made = scene(Timing.AFTER, facts=facts, therapy=Therapy(status=TherapyStatus.COMPLETED, intent=intent))
    assert asked(made) == [("INTENT_NOT_STATED", None, "therapy.intent")]


def test_intent_is_asked_where_no_breast_is_known_to_have_cancer_too() -> None:
    """No route leads anywhere then, and none leads out of scope."""
    silent = replace(ANSWERED, diagnosis=())
    nothing = replace(breast(Category.NED, markers=()), sites=())
    made = scene(Timing.AFTER, nothing, facts=silent, therapy=Therapy(status=TherapyStatus.COMPLETED))
    assert made.advise().routes == ()
    assert asked(made) == [("INTENT_NOT_STATED", None, "therapy.intent")]


def test_out_of_scope_nothing_is_asked() -> None:
    """Not even for a proof, nor of what contradicts itself."""
    here = Therapy(intent="neoadjuvant", status=TherapyStatus.NOT_STARTED, start=START)
    made = scene(Timing.AFTER, *BOTH, facts=Facts(), therapy=here, lesions=UNPROVEN)
    assert {"DIAGNOSIS_NOT_STATED", "THERAPY_STATUS_CONTRADICTED"} <= {code for code, _, _ in asked(made)}
    outside = replace(here, intent="palliative")
    assert asked(scene(Timing.AFTER, *BOTH, facts=Facts(), therapy=outside, lesions=UNPROVEN)) == []
