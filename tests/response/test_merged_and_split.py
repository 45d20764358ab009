"""Lesions that merge or split: sums stay whole, nothing is called gone by bookkeeping (2.4)."""

import pytest

from reporter.case.vocabulary import Modality
from reporter.response.interface import Category, Headline, State
from tests.response.answers import axilla, breast, codes, mm, per_site, recist, respond, words


def test_a_merged_lesion_contributes_nothing_and_is_not_gone() -> None:
    text = "day 0 | A 20 | B 15\nday 9 | A 30 | B merged>A"
    last = per_site(text)[-1]
    assert (last.total, last.baseline_total, last.overall.category) == (*mm(30, 35), Category.SD)
    head, merged = last.lesions
    assert head.baseline is not None
    assert head.baseline.mm == 35
    assert (merged.point.state, merged.from_baseline, merged.from_nadir) == (State.MERGED, None, None)
    assert [r.verdict.category for r in last.lesions if r.verdict] == [Category.SD, Category.SD]
    assert words(recist(text)) == "BASELINE SD"


def test_both_are_gone_once_the_merged_lesion_is() -> None:
    assert words(per_site("day 0 | A 20 | B 15\nday 5 | A 30 | B merged>A\nday 9 | A absent | B merged>A")) == (
        "BASELINE SD CR"
    )


def test_a_chain_of_mergers_is_one_site() -> None:
    last = per_site("day 0 | A 20 | B 15 | C 10\nday 9 | A 40 | B merged>A | C merged>B")[-1]
    assert [r.verdict.lesion_ids for r in last.lesions if r.verdict] == [("A", "B", "C")] * 3
    assert last.overall.category is Category.SD


def test_merged_into_what_is_not_measured_in_its_place_is_not_evaluable() -> None:
    for other in ("", " | X present"):
        text = f"day 0 | A 20{other}\nday 9 | A merged>X{other}"
        assert words(per_site(text)) == "BASELINE NE"


def test_merged_into_a_lesion_without_a_value_is_not_evaluable() -> None:
    assert words(per_site("day 0 | A 20 | B 15\nday 9 | A ne | B merged>A")) == "BASELINE NE"


def test_growth_of_merged_lesions_is_judged_on_both_together() -> None:
    assert words(per_site("day 0 | A 20 | B 15\nday 5 | A 12 | B 8\nday 9 | A 25 | B merged>A")) == "BASELINE PR PD"
    assert words(per_site("day 0 | A 20 | B 15\nday 5 | A 12 | B 8\nday 9 | A 23 | B merged>A")) == "BASELINE PR PR"


def test_lesions_that_merge_later_are_sites_of_their_own_until_then() -> None:
    before, after = per_site("day 0 | A 20 | B 15\nday 5 | A 12 | B 18\nday 9 | A 25 | B merged>A")[1:]
    assert [r.verdict.lesion_ids for r in before.lesions if r.verdict] == [("A",), ("B",)]
    assert [r.verdict.lesion_ids for r in after.lesions if r.verdict] == [("A", "B")] * 2


def test_fragments_add_up_and_are_not_new() -> None:
    text = "day 0 | A 30\nday 9 | A 12 | F from>A 7 | G from>A 5"
    last = per_site(text)[-1]
    assert (last.total, last.overall.category, last.new_lesion) == (*mm(24), Category.SD, "no")
    assert [(r.point.lesion_id, r.counted) for r in last.lesions] == [("A", True), ("F", False), ("G", False)]
    assert last.lesions[0].point.size is not None
    assert last.lesions[0].point.size.mm == 24
    assert breast(text).new_findings == ()
    assert [s.lesion_id for s in breast(text).sites] == ["A"]


def test_a_lesion_measured_in_its_fragments_alone_needs_no_row_of_its_own() -> None:
    text = "day 0 | A 30\nday 9 | F from>A 7 | G from>A 5"
    last = per_site(text)[-1]
    assert (last.total, last.overall.category) == (*mm(12), Category.PR)
    assert codes(last) == []


def test_a_fragment_without_a_row_later_is_not_evaluable() -> None:
    text = "day 0 | A 30\nday 5 | A 12 | F from>A 7\nday 9 | A 12"
    assert words(per_site(text)) == "BASELINE PR NE"


def test_a_fragment_appears_only_from_when_it_is_seen() -> None:
    found = per_site("day 0 | A 30\nday 5 | A 20\nday 9 | A 12 | F from>A 7")
    assert [len(a.lesions) for a in found] == [1, 1, 2]
    assert found[-1].nadir_total == 20


def test_what_claims_to_have_split_from_an_unknown_lesion_is_new() -> None:
    assert codes(per_site("day 0 | A 30\nday 9 | A 12 | F from>Q 7")[-1]) == ["LES_NEW"]


def test_a_lesion_known_at_baseline_is_no_fragment() -> None:
    assert per_site("day 0 | A 30 | F 10\nday 9 | A 12 | F from>A 7")[-1].baseline_total == 40


@pytest.mark.parametrize(
    ("now", "state", "size", "axes"),
    [
        pytest.param("A absent | F from>A 9x7x6", State.MEASURED, 9, [9, 7, 6], id="one is left"),
        pytest.param("F from>A 9x7x6", State.MEASURED, 9, [9, 7, 6], id="one without a row of the parent"),
        pytest.param("A absent | F from>A 9x7 | G from>A 4", State.MEASURED, 13, [], id="two are left"),
        pytest.param("A 12x8 | F from>A 9x7", State.MEASURED, 21, [], id="of a sum no axes can be told"),
        pytest.param("A absent | F from>A too_small", State.TOO_SMALL, 5, [], id="one too small"),
        pytest.param("A absent | F from>A too_small | G from>A too_small", State.TOO_SMALL, 10, [], id="two too small"),
        pytest.param("A too_small | F from>A 9", State.MEASURED, 14, [], id="one of them measured"),
        pytest.param("A absent | F from>A present", State.PRESENT, None, [], id="one is seen"),
        pytest.param("A absent | F from>A 9 | G from>A present", State.PRESENT, None, [], id="no complete sum"),
        pytest.param("A 12x8 | F from>A present", State.MEASURED, 12, [12, 8], id="its own beside one without size"),
        pytest.param("A ne | F from>A 9", State.NOT_EVALUABLE, None, [], id="its own word stands"),
        pytest.param("A absent | F from>A absent", State.ABSENT, 0, [], id="all are gone"),
    ],
)
def test_a_lesion_is_what_is_left_of_it(now: str, state: State, size: int | None, axes: list[int]) -> None:
    point = per_site(f"day 0 | A 40\nday 5 | A 15 | F from>A 10\nday 9 | {now}")[-1].lesions[0].point
    assert (point.lesion_id, point.state, [int(a.mm) for a in point.axes]) == ("A", state, axes)
    assert (None if point.size is None else point.size.mm) == size


def test_a_lesion_gone_with_its_fragments_is_gone_without_a_row_of_its_own() -> None:
    last = per_site("day 0 | A 40\nday 5 | F from>A 10\nday 9 | F from>A absent")[-1]
    assert (last.lesions[0].point.state, last.overall.category) == (State.ABSENT, Category.CR)


@pytest.mark.requirement("S63")
def test_the_largest_residual_may_be_a_fragment() -> None:
    found = breast("day 0 US | A 40 | B 20\nday 9 US | A absent | F from>A 9 | B 6").residual
    assert found is not None
    assert (found.lesion_id, int(found.size.mm)) == ("A", 9)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param("day 0 MR | A 30\n+day 0 US | A 30\nday 9 MR | A absent\n+day 9 US | A absent | F from>A 12"),
        pytest.param("day 0 MR | A 30\n+day 0 US | A 30\nday 9 MR | A absent\n+day 9 US | F from>A 12"),
        pytest.param("day 0 US | A 30\nday 9 US | A absent\n+day 9 MR | A absent | F from>A 12"),
        pytest.param("day 0 US | A 30\nday 9 US | A absent\n+day 9 MR | F from>A 12"),
    ],
)
def test_no_complete_response_stands_while_a_modality_measures_a_fragment(now: str) -> None:
    found = breast(now)
    assert found.headline is Headline.NOT_COMPLETE
    assert [(p.lesion_id, p.state) for p in found.sites[0].still_measured] == [("A", State.MEASURED)]
    assert "absent" in [d.kind for d in found.discordances]
    assert found.residual is not None


@pytest.mark.parametrize("left", ["7", "too_small", "present"])
def test_a_non_target_persists_in_its_fragment(left: str) -> None:
    found = breast(f"day 0 | A non_target present\nday 9 | A absent | F from>A {left}")
    assert (found.headline, found.category) == (Headline.PERSISTENT, Category.NON_CR_NON_PD)


@pytest.mark.parametrize("own", ["", " | A absent"])
def test_a_fragment_that_is_added_to_nothing_keeps_a_complete_response_away(own: str) -> None:
    before = "day 0 US | A 30 | B 20\n+day 0 MR | A absent | B 20" if own else "day 0 US | A 30\n+day 0 MR | B 20"
    text = f"{before}\nday 9 MR{own} | B absent | F from>A 12"
    assert words(per_site(text, modality=Modality.MR)) == "BASELINE NE"
    assert words(recist(text, modality=Modality.MR)) == "BASELINE NE"


def test_a_fragment_on_a_modality_that_saw_nothing_at_baseline_is_no_absence_of_disease() -> None:
    text = "day 0 US | A 30\n+day 0 MR | A absent\nday 9 MR | A absent | F from>A 12"
    assert words(per_site(text, modality=Modality.MR)) == "BASELINE NE"


def test_a_node_is_not_normal_by_being_gone_while_a_part_of_it_is_left() -> None:
    text = "day 0 US | N1 20\nday 9 US | N1 absent"
    assert axilla(text).nodes[0].appearance_now == "normal"
    assert axilla(f"{text} | N2 from>N1 12").nodes[0].appearance_now == "not_stated"


FINE, BAD, DIM = "cortex:2 hilum:preserved", "cortex:5 hilum:absent", "cortex:2 hilum:effaced"


@pytest.mark.parametrize(
    ("now", "looks"),
    [
        pytest.param(f"N1 absent | N2 from>N1 6 {FINE}", "normal", id="all that is left looks normal"),
        pytest.param(f"N2 from>N1 6 {FINE}", "normal", id="without a row of its own"),
        pytest.param(f"N1 absent | N2 from>N1 12 {BAD}", "abnormal", id="all that is left is abnormal"),
        pytest.param(f"N1 absent | N2 from>N1 6 {FINE} | N3 from>N1 9 {BAD}", "abnormal", id="one of two is"),
        pytest.param(f"N1 absent | N2 from>N1 6 {FINE} | N3 from>N1 9 {DIM}", "indeterminate", id="effaced hilum"),
        pytest.param(f"N1 absent | N2 from>N1 6 {FINE} | N3 from>N1 9", "not_stated", id="one is not described"),
        pytest.param(f"N1 absent | N2 from>N1 6 {FINE} | N3 from>N1 absent", "normal", id="one is gone"),
        pytest.param(f"N1 8 | N2 from>N1 6 {FINE}", "not_stated", id="its own look is not known"),
        pytest.param(f"N1 8 | N2 from>N1 6 {BAD}", "abnormal", id="a part is abnormal"),
        pytest.param(f"N1 8 {FINE} | N2 from>N1 6 {BAD}", "normal", id="its own description stands"),
    ],
)
def test_a_node_that_split_looks_like_the_worst_of_what_is_left(now: str, looks: str) -> None:
    assert axilla(f"day 0 US | N1 20 {BAD}\nday 9 US | {now}").nodes[0].appearance_now == looks


@pytest.mark.requirement("S30")
@pytest.mark.parametrize(
    ("then", "now", "course", "proven"),
    [
        ("N1 malignant 20", f"N2 from>N1 6 {FINE}", "resolved", True),
        ("N1 malignant 20", f"N2 from>N1 12 {BAD}", "persistently_abnormal", True),
        ("N1 malignant 20", f"N2 benign from>N1 12 {BAD}", "persistently_abnormal", False),
        (f"N1 20 {BAD}", f"N2 from>N1 12 {BAD}", "persistently_abnormal", False),
        (f"N1 8 {FINE}", f"N2 from>N1 12 {BAD}", "newly_abnormal", False),
        ("N1 malignant 20", f"N9 from>N1 absent | N2 from>N9 12 {BAD}", "persistently_abnormal", True),
    ],
)
def test_a_part_of_a_node_looked_at_baseline_as_that_node_did(then: str, now: str, course: str, proven: bool) -> None:
    found = next(n for n in axilla(f"day 0 US | {then}\nday 9 US | N1 absent | {now}").nodes if n.lesion_id == "N2")
    assert (found.course, found.proven) == (course, proven)


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        pytest.param(f"N1 absent | N2 from>N1 12 {BAD}", ["N1"], id="once, of the node that was there"),
        pytest.param(f"N1 8 {FINE} | N2 from>N1 12 {BAD}", ["N2"], id="of the part where that is normal now"),
        pytest.param(f"N1 8 | N2 from>N3 9 {BAD} | N3 from>N2 9 {BAD}", ["N2", "N3"], id="parts of each other"),
    ],
)
def test_how_a_node_that_split_looked_is_asked_once(now: str, asked: list[str]) -> None:
    issues = respond(f"day 0 US | N1 20\nday 9 US | {now}").issues
    assert [i.lesion_id for i in issues if i.code == "NODE_BASELINE_APPEARANCE"] == asked
