"""Sizes that stand without a category: by PET, by examination, and of a case in which nothing is classified."""

import pytest

from reporter.case.facts import Diagnosis, Facts
from reporter.case.vocabulary import Indication, Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.who import Who
from reporter.response.interface import Category, Criterion
from tests.response.answers import codes, respond
from tests.response.timeline import timeline


@pytest.mark.parametrize("modality", ["PT", "EXAM"])
@pytest.mark.parametrize("criterion", [PerSite, Who])
@pytest.mark.parametrize("now", ["15x10", "30x20", "50x40", "absent"])
def test_pet_and_examination_are_recorded_without_a_category(
    criterion: type[Criterion], modality: str, now: str
) -> None:
    """PET and physical examination never (decision l)."""
    last = criterion().assess(timeline(f"day 0 {modality} | L1 30x20\nday 9 {modality} | L1 {now}"))[-1]
    assert not last.classified
    assert last.target is not None
    assert not last.target.classified
    assert last.from_baseline is not None
    assert [r.verdict for r in last.lesions] == [None]


def test_strict_recist_does_not_accept_them() -> None:
    last = Recist11().assess(timeline("day 0 EXAM | L1 30\nday 9 EXAM | L1 15"))[-1]
    assert (last.overall.category.value, codes(last)) == ("NE", ["CRIT_MODALITY"])


def test_what_is_recorded_has_no_best_response_and_disagrees_with_nothing() -> None:
    text = "day 0 MR | L1 30x20\n+day 0 EXAM | L1 30x20\nday 9 MR | L1 10x5\n+day 9 EXAM | L1 50x40"
    found = respond(text, PerSite(), Who())
    assert {b.modality for b in found.best_overall} == {Modality.MR}
    assert found.disagreements == ()


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(Facts(indication=Indication.SCREENING), id="screening"),
        pytest.param(Facts(diagnosis=(Diagnosis(side=Side.LEFT, confirmed=False),)), id="no cancer"),
    ],
)
@pytest.mark.parametrize("criterion", [PerSite, Recist11, Who])
def test_without_cancer_nothing_is_classified(criterion: type[Criterion], facts: Facts) -> None:
    """Row A1: nothing classified, and that is said."""
    found = respond("day 0 MR | L1 30x20\nday 9 MR | L1 10x5", criterion(), facts=facts)
    last = found.assessments[-1]
    assert not last.classified
    assert last.from_baseline is not None
    assert "NOT_CLASSIFIED" in codes(last)
    assert (found.best_overall, found.patient) == ((), None)


def test_a_malignant_biopsy_is_classified_whatever_the_facts_say() -> None:
    facts = Facts(diagnosis=(Diagnosis(side=Side.LEFT, confirmed=False),))
    found = respond("day 0 MR | L1 malignant 30\nday 9 MR | L1 10", facts=facts)
    assert found.assessments[-1].overall.category.value == "PR"


def test_not_stated_is_classified() -> None:
    found = respond("day 0 MR | L1 30\nday 9 MR | L1 10", facts=Facts(indication=Indication.RESPONSE))
    assert found.assessments[-1].classified


def test_what_has_no_category_says_by_its_rule_why() -> None:
    recorded = PerSite().assess(timeline("day 0 EXAM | L1 30\nday 9 EXAM | L1 15"))[-1]
    screened = respond("day 0 US | L1 30\nday 9 US | L1 15", PerSite(), facts=Facts(indication=Indication.SCREENING))
    assert recorded.overall.rule == "overall.recorded"
    assert [a.overall.rule for a in screened.assessments][1:] == ["overall.not_classified"]


def test_a_recorded_response_is_not_held_and_has_only_the_parts_that_it_has() -> None:
    """What was a held response by its sizes is none by examination; no non-target, no verdict of one."""
    held = PerSite().assess(timeline("day 0 MR | L1 100\nday 5 MR | L1 60\nday 9 MR | L1 71"))[-1]
    recorded = PerSite().assess(timeline("day 0 EXAM | L1 100\nday 5 EXAM | L1 60\nday 9 EXAM | L1 71"))[-1]
    assert (held.held, held.plain) == (True, Category.SD)
    assert (recorded.held, recorded.plain) == (False, None)
    assert recorded.non_target is None
    skin = PerSite().assess(timeline("day 0 EXAM | S skin present\nday 9 EXAM | S present"))[-1]
    assert (skin.target, skin.non_target) == (None, skin.overall)
