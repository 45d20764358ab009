"""Which modality's response counts, and the headline made of it (decisions l, n, q)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.case.facts import Breast, Facts, Radiologist
from reporter.case.study import Technique
from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.evaluate import evaluate
from reporter.response.interface import Category, Distribution, Headline, ProgressionKind, Thresholds
from tests.response.answers import breast, codes, respond
from tests.response.timeline import day, timeline


@pytest.mark.requirement("S34")
@pytest.mark.parametrize(
    ("modalities", "record"),
    [
        ("MR CEM US MG", Modality.MR),
        ("CEM US MG", Modality.CEM),
        ("US MG", Modality.US),
        ("MG PT", Modality.MG),
        ("DBT EXAM", Modality.DBT),
    ],
)
def test_the_order_of_size_of_record(modalities: str, record: Modality) -> None:
    lines = [f"day {d} {m} | L1 {size}" for d, size in ((0, 30), (9, 20)) for m in modalities.split()]
    answer = breast("\n".join(lines))
    assert (answer.record_modality, answer.category) == (record, Category.PR)
    assert answer.total is not None
    assert answer.total.modality is record


@pytest.mark.parametrize("modality", ["PT", "EXAM", "CT"])
@pytest.mark.requirement("S35")
def test_what_never_gives_a_size_of_record(modality: str) -> None:
    answer = breast(f"day 0 {modality} | L1 30\nday 9 {modality} | L1 20")
    assert (answer.headline, answer.category, answer.total) == (Headline.NOT_EVALUABLE, Category.NE, None)
    assert answer.sites[0].record is None
    assert len(answer.sites[0].results) == 1


def test_the_order_is_a_setting() -> None:
    limits = Thresholds(size_order=(Modality.US, Modality.MR))
    text = "day 0 MR | L1 30\nday 0 US | L1 30\nday 9 MR | L1 20\nday 9 US | L1 28"
    found = respond(text, limits=limits).breasts[0]
    assert (found.record_modality, found.category) == (Modality.US, Category.SD)
    assert [a.modality for a in found.totals] == [Modality.US, Modality.MR]


def test_an_unnamed_modality_stands_alone() -> None:
    answer = breast("day 0 | L1 30\nday 9 | L1 20")
    assert (answer.record_modality, answer.site_by_site, answer.category) == (None, False, Category.PR)
    assert answer.total is not None


def test_the_first_modality_that_measured_every_site_and_has_a_value_for_each_now() -> None:
    text = """
    day 0 MR | A 30
    day 0 US | A 28 | B 20
    day 9 MR | A 29
    day 9 US | A 15 | B 10
    """
    answer = breast(text)
    assert (answer.record_modality, answer.category) == (Modality.US, Category.PR)


def test_absent_at_baseline_is_not_measured() -> None:
    text = "day 0 MR | A 30 | B absent\nday 0 US | A 28 | B 20\nday 9 MR | A 29 | B absent\nday 9 US | A 15 | B 10"
    assert breast(text).record_modality is Modality.US


def test_site_by_site_where_none_measured_all_of_them() -> None:
    text = "day 0 MR | A 30\nday 0 US | B 20\nday 9 MR | A 29\nday 9 US | B 10"
    answer = breast(text)
    assert (answer.site_by_site, answer.record_modality, answer.total) == (True, None, None)
    assert [(s.lesion_id, s.category) for s in answer.sites] == [("A", Category.SD), ("B", Category.PR)]
    assert answer.headline is Headline.MIXED


def test_a_site_without_one_is_not_evaluable_and_never_compared_across_modalities() -> None:
    text = "day 0 MR | A 30\nday 0 US | B 20\nday 9 US | A 10 | B 10"
    answer = breast(text)
    assert [(s.lesion_id, s.category) for s in answer.sites] == [("A", Category.NE), ("B", Category.PR)]
    assert (answer.headline, answer.category) == (Headline.NOT_EVALUABLE, Category.NE)


def test_nodes_do_not_decide_the_modality_of_a_breast() -> None:
    text = "day 0 MR | L1 30\nday 0 US | L1 30 | N1 16\nday 9 MR | L1 20\nday 9 US | L1 20 | N1 12"
    assert breast(text).record_modality is Modality.MR


@pytest.mark.parametrize("how", ["header", "facts"])
def test_an_mri_without_contrast_is_no_size_of_record(how: str) -> None:
    facts = Facts(breast=tuple(Breast(side=Side.LEFT, date=day(d), mri_contrast=False) for d in (0, 9)))
    text = "day 0 MR | L1 30\nday 0 US | L1 28\nday 9 MR | L1 10\nday 9 US | L1 20"
    answer = breast(text, contrast=False) if how == "header" else breast(text, facts=facts)
    assert (answer.record_modality, answer.category) == (Modality.US, Category.SD)


def test_an_mri_without_contrast_is_not_compared_with_one_with_contrast() -> None:
    facts = Facts(breast=(Breast(side=Side.LEFT, date=day(9), mri_contrast=False),))
    answer = breast("day 0 MR | L1 30\nday 9 MR | L1 10", facts=facts)
    assert answer.headline is Headline.NOT_EVALUABLE
    assert answer.sites[0].results[0].point.reason == "MR_NO_CONTRAST"


def test_where_nothing_says_whether_mri_had_contrast_it_is_asked_once() -> None:
    text = "day 0 MR | A 30 | B 20\nday 9 MR | A 10 | B 10"
    assert codes(respond(text, contrast=None)).count("MR_CONTRAST_NOT_STATED") == 1
    assert "MR_CONTRAST_NOT_STATED" not in codes(respond(text))
    assert breast(text, contrast=None).record_modality is Modality.MR
    said = Facts(breast=tuple(Breast(side=Side.LEFT, date=day(d), mri_contrast=True) for d in (0, 9)))
    assert "MR_CONTRAST_NOT_STATED" not in codes(respond(text, contrast=None, facts=said))


@pytest.mark.parametrize("still", ["too_small", "present", "3"])
def test_a_complete_response_does_not_stand_while_another_modality_sees_the_site(still: str) -> None:
    for before in ("day 0 US | L1 28\n", ""):
        answer = breast(f"day 0 MR | L1 31\n{before}day 9 MR | L1 absent\nday 9 US | L1 {still}")
        assert (answer.headline, answer.category) == (Headline.NOT_COMPLETE, Category.CR)


@pytest.mark.parametrize("modality", ["PT", "EXAM"])
def test_pet_and_examination_do_not_contradict_a_complete_response_on_imaging(modality: str) -> None:
    answer = breast(f"day 0 MR | L1 31\nday 9 MR | L1 absent\nday 9 {modality} | L1 10")
    assert (answer.headline, answer.sites[0].still_measured) == (Headline.COMPLETE, ())


def test_calcifications_that_persist_do_not_contradict_it_either() -> None:
    text = "day 0 MR | L1 31\nday 0 MG | K calcification 40\nday 9 MR | L1 absent\nday 9 MG | K 38"
    answer = breast(text)
    assert (answer.headline, len(answer.sites), len(answer.calcifications)) == (Headline.COMPLETE, 1, 1)


@pytest.mark.parametrize(
    ("sites", "headline", "category"),
    [
        ("0 0", Headline.COMPLETE, Category.CR),
        ("0 10", Headline.PARTIAL, Category.PR),
        ("10 20", Headline.MIXED, Category.MIXED),
        ("0 20", Headline.MIXED, Category.MIXED),
        ("0 30", Headline.MIXED, Category.MIXED),
        ("20 20", Headline.STABLE, Category.SD),
        ("20 30", Headline.PROGRESSIVE, Category.PD),
        ("ne 10", Headline.NOT_EVALUABLE, Category.NE),
        ("ne 20", Headline.STABLE, Category.NE),
        ("ne 30", Headline.PROGRESSIVE, Category.PD),
        ("ne 0", Headline.NOT_EVALUABLE, Category.NE),
    ],
)
@pytest.mark.requirement("S62")
def test_sites_that_differ(sites: str, headline: Headline, category: Category) -> None:
    one, other = sites.split()
    answer = breast(f"day 0 | A 20 | B 20\nday 9 | A {one} | B {other}")
    assert (answer.headline, answer.category) == (headline, category)


@pytest.mark.parametrize(
    ("skin", "site", "headline", "category"),
    [
        ("present", "absent", Headline.PARTIAL, Category.PR),
        ("ne", "absent", Headline.PARTIAL, Category.PR),
        ("absent", "absent", Headline.COMPLETE, Category.CR),
        ("progressed", "10", Headline.PROGRESSIVE, Category.PD),
        ("present", "20", Headline.STABLE, Category.SD),
    ],
)
def test_a_non_target_beside_a_site(skin: str, site: str, headline: Headline, category: Category) -> None:
    answer = breast(f"day 0 | A 20 | S skin present\nday 9 | A {site} | S {skin}")
    assert (answer.headline, answer.category) == (headline, category)


@pytest.mark.parametrize(
    ("now", "headline"),
    [("present", Headline.PERSISTENT), ("absent", Headline.COMPLETE), ("progressed", Headline.PROGRESSIVE)],
)
def test_inflammatory_disease_alone_is_judged_without_size(now: str, headline: Headline) -> None:
    assert breast(f"day 0 | S skin present\nday 9 | S {now}").headline is headline


def test_a_benign_site_is_listed_and_never_counted() -> None:
    answer = breast("day 0 | L1 30 | F benign 12\nday 9 | L1 absent | F 30")
    assert answer.headline is Headline.COMPLETE
    assert [(s.lesion_id, s.benign) for s in answer.sites] == [("F", True), ("L1", False)]
    assert answer.residual is None
    assert answer.total is not None
    assert answer.total.total == 0


def test_only_benign_sites_are_no_disease() -> None:
    assert breast("day 0 | F benign 12\nday 9 | F 30").headline is Headline.NO_DISEASE


@pytest.mark.parametrize(("state", "headline"), [("10", Headline.NOT_EVALUABLE), ("absent", Headline.COMPLETE)])
def test_while_a_measured_lesion_is_in_doubt_no_complete_response_stands(state: str, headline: Headline) -> None:
    for doubt in ("nokind", "noside", "uncounted"):
        answer = breast(f"day 0 | L1 30 | Q {doubt} 12\nday 9 | L1 absent | Q {state}")
        assert answer.headline is headline


def test_a_lesion_in_doubt_alone_is_not_evaluable() -> None:
    assert breast("day 0 | Q nokind 12\nday 9 | Q 10").headline is Headline.NOT_EVALUABLE


def flags(*, indeterminate: bool | None = None, near_complete: bool | None = None) -> Facts:
    said = Radiologist(side=Side.LEFT, date=day(9), indeterminate=indeterminate, near_complete=near_complete)
    return Facts(radiologist=(said,))


@pytest.mark.parametrize(
    ("now", "headline"),
    [
        ("14", Headline.INDETERMINATE),
        ("absent", Headline.INDETERMINATE),
        ("26", Headline.STABLE),
        ("40", Headline.PROGRESSIVE),
        ("ne", Headline.NOT_EVALUABLE),
    ],
)
def test_indeterminate_never_hides_stable_or_progressive_and_needs_a_look(now: str, headline: Headline) -> None:
    answer = breast(f"day 0 | L1 27\nday 9 | L1 {now}", facts=flags(indeterminate=True))
    assert answer.headline is headline


@pytest.mark.parametrize(
    ("now", "headline"),
    [
        ("3", Headline.NEAR_COMPLETE),
        ("absent", Headline.NEAR_COMPLETE),
        ("26", Headline.STABLE),
        ("ne", Headline.NOT_EVALUABLE),
    ],
)
def test_near_complete_keeps_its_arithmetic_category(now: str, headline: Headline) -> None:
    answer = breast(f"day 0 | L1 27\nday 9 | L1 {now}", facts=flags(near_complete=True))
    assert answer.headline is headline


def test_a_flag_of_one_lesion_is_a_flag_of_its_breast_and_of_no_other_day() -> None:
    own = Facts(radiologist=(Radiologist(side=Side.LEFT, date=day(9), lesion_id="L1", near_complete=True),))
    text = "day 0 | L1 27\nday 9 | L1 3"
    assert breast(text, facts=own).headline is Headline.NEAR_COMPLETE
    earlier = Facts(radiologist=(Radiologist(side=Side.LEFT, date=day(0), near_complete=True),))
    assert breast(text, facts=earlier).headline is Headline.PARTIAL


def test_progression_of_the_sum_alone_is_progression() -> None:
    answer = breast("day 0 | A 20 | B 20\nday 9 | A 24.5 | B 24.5")
    assert (answer.headline, [p.kind for p in answer.progressions]) == (Headline.PROGRESSIVE, [ProgressionKind.SUM])
    assert answer.progressions[0].of_record


def test_progression_of_a_node_is_told_beside_the_breast() -> None:
    answer = breast("day 0 | L1 30 | N1 16\nday 9 | L1 12 | N1 22")
    assert [(p.kind, p.lesion_id) for p in answer.progressions] == [(ProgressionKind.NODE, "N1")]
    assert answer.headline is Headline.PARTIAL


def test_growth_on_one_modality_of_a_site_that_responds_on_the_record_beside_another_site() -> None:
    text = """
    day 0 MR | A 30 | B 30
    day 0 US | A 30 | B 30
    day 9 MR | A 15 | B 15
    day 9 US | A 40 | B 15
    """
    answer = breast(text)
    assert (answer.headline, answer.category) == (Headline.MIXED, Category.PR)


def test_a_site_with_no_row_at_all_is_not_evaluable() -> None:
    answer = breast("day 0 | L1 30 | L2 malignant\nday 9 | L1 absent")
    assert (answer.headline, answer.category) == (Headline.NOT_EVALUABLE, Category.NE)


def test_growth_short_of_progression_is_told_from_5_mm_on() -> None:
    grown = breast("day 0 | L1 50 | N1 16\nday 9 | L1 55 | N1 16").regrowths
    assert [(r.lesion_id, r.smallest, r.now) for r in grown] == [
        ("L1", Decimal(50), Decimal(55)),
        (None, Decimal(66), Decimal(71)),
    ]
    assert breast("day 0 | L1 50\nday 9 | L1 54.9").regrowths == ()


def test_the_verdict_of_a_breast_names_what_decided() -> None:
    new = breast("day 0 | L1 20\nday 9 | L1 20 | Z new covered 8").verdict
    assert new is not None
    assert (new.rule, new.lesion_ids) == ("breast.new_lesion", ("Z",))
    one = breast("day 0 | A 20 | B 20\nday 9 | A 20 | B 30").verdict
    assert one is not None
    assert (one.rule, one.lesion_ids, len(one.operands)) == ("breast.pd", ("B",), 6)


def test_the_readers_word_of_progression_counts_without_a_baseline_on_that_modality() -> None:
    answer = breast("day 0 MR | L1 30\nday 9 US | L1 progressed")
    assert (answer.headline, answer.category) == (Headline.PROGRESSIVE, Category.NE)
    assert [(p.kind, p.lesion_id) for p in answer.progressions] == [(ProgressionKind.NON_TARGET, "L1")]


def test_a_target_called_unequivocally_progressive_is_pd() -> None:
    answer = breast("day 0 | L1 30\nday 9 | L1 progressed")
    assert (answer.headline, answer.category) == (Headline.PROGRESSIVE, Category.PD)


def test_the_sum_is_held_where_a_site_is() -> None:
    total = breast("day 0 | A 100 | B 100\nday 5 | A 69 | B 80\nday 9 | A 75 | B 69").total
    assert total is not None
    assert total.target is not None
    assert (total.overall.category, total.target.category, total.held) == (Category.PR, Category.SD, True)


def test_totals_are_those_of_imaging_now() -> None:
    text = "day 0 MR | L1 30\nday 0 US | L1 30\nday 0 PT | L1 30\nday 9 US | L1 20\nday 9 PT | L1 20"
    assert [(a.modality, a.time_point) for a in breast(text).totals] == [(Modality.US, 1)]


def test_skin_and_nodes_are_no_sites_of_a_distribution() -> None:
    text = "day 0 | L1 UOQ 20 | S skin LIQ present\nday 9 | L1 10 | S present | N9 new covered 12 | Z new covered LIQ 8"
    assert breast(text).distribution is Distribution.MULTICENTRIC
    assert breast(text.replace("| Z new covered LIQ 8", "")).distribution is Distribution.SINGLE


def test_whose_progression_is_of_record() -> None:
    text = "day 0 MR | S skin present\nday 0 US | S present\nday 9 MR | S present\nday 9 US | S progressed"
    assert [(p.modality, p.of_record) for p in breast(text).progressions] == [(Modality.US, False)]


def test_a_verdict_of_several_sites_alike_names_no_numbers() -> None:
    found = breast("day 0 | A 20 | B 20\nday 9 | A 10 | B 10").verdict
    assert found is not None
    assert (found.rule, found.lesion_ids, found.operands) == ("breast.pr", ("A", "B"), ())


def test_a_contrast_agent_in_the_header_says_that_contrast_was_given() -> None:
    case = timeline("day 0 MR | L1 30\nday 9 MR | L1 20", contrast=None)
    with_agent = tuple(
        replace(s, series=tuple(replace(x, technique=Technique(contrast_agent="gadobutrol")) for x in s.series))
        for s in case.studies
    )
    found = evaluate(replace(case, studies=with_agent), [PerSite()], Thresholds())
    assert "MR_CONTRAST_NOT_STATED" not in codes(found)


def test_a_node_in_doubt_takes_nothing_from_the_breast() -> None:
    assert breast("day 0 | L1 30 | N1 uncounted 16\nday 9 | L1 absent | N1 16").headline is Headline.COMPLETE


def test_regrowth_to_be_confirmed_is_of_the_site_that_came_back_alone() -> None:
    answer = breast("day 0 | A 20 | B 20\nday 5 | A absent | B 12\nday 9 | A 3 | B 12")
    assert [(s.lesion_id, s.regrowth_to_confirm) for s in answer.sites] == [("A", True), ("B", False)]


@pytest.mark.parametrize("now", ["nounit", "contradicts"])
@pytest.mark.parametrize("before", ["day 0 MR | L1 30\n", ""])
def test_while_a_value_of_another_modality_cannot_be_used_no_complete_response_stands(now: str, before: str) -> None:
    answer = breast(f"{before}day 0 US | L1 28\nday 9 MR | L1 {now}\nday 9 US | L1 absent")
    assert (answer.headline, answer.category) == (Headline.NOT_EVALUABLE, Category.NE)
    assert (answer.record_modality, answer.total) == (None, None)
    (site,) = answer.sites
    assert (site.category, site.record) == (Category.NE, None)
    assert [p.modality for p in site.unusable] == [Modality.MR]


def test_a_value_that_cannot_be_used_takes_nothing_from_other_answers() -> None:
    text = "day 0 MR | L1 30\nday 0 US | L1 28\nday 9 {} | L1 {}\nday 9 US | L1 {}"
    assert breast(text.format("MR", "nounit", "12")).headline is Headline.PARTIAL
    assert breast(text.format("MR", "nounit", "28")).headline is Headline.STABLE
    assert breast(text.format("MR", "ne", "absent")).headline is Headline.COMPLETE
    for apart in ("PT", "EXAM"):
        assert breast(text.format(apart, "nounit", "absent")).headline is Headline.COMPLETE
    second = "\n+day 10 MR | L1 {}"
    assert breast(text.format("MR", "nounit", "absent") + second.format("absent")).headline is Headline.COMPLETE
    assert breast(text.format("MR", "nounit", "absent") + second.format("4")).headline is Headline.PARTIAL
    still = text.format("MR", "nounit", "absent") + "\nday 9 MG | L1 8"
    assert breast(still).headline is Headline.NOT_COMPLETE


def test_of_several_sites_the_one_with_a_value_that_cannot_be_used_is_not_evaluable() -> None:
    before = "day 0 MR | A 30 | B 20 | Q benign 9\nday 0 US | A 30 | B 20\n"
    answer = breast(before + "day 9 MR | A nounit | B absent | Q absent\nday 9 US | A absent | B absent")
    assert [(s.lesion_id, s.category) for s in answer.sites if not s.benign] == [
        ("A", Category.NE),
        ("B", Category.CR),
    ]
    assert (answer.headline, answer.category) == (Headline.NOT_EVALUABLE, Category.NE)
    benign = breast(before + "day 9 MR | A absent | B absent | Q nounit\nday 9 US | A absent | B absent")
    assert benign.headline is Headline.COMPLETE


def test_a_finding_first_named_now_whose_value_cannot_be_used_lets_no_complete_response_stand() -> None:
    assert breast("day 0 US | A 30\nday 9 US | A absent | X nounit").headline is Headline.NOT_EVALUABLE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day 0 US | A 30 | N1 14\nday 9 US | A 15 | N1 22", ("N1", 14, 22)),  # a node non-target by default
        ("day 0 MR | A 30 | B non_target 6\nday 9 MR | A 10 | B 30", ("B", 6, 30)),
        ("day 0 MR | A 30 | B non_target 9\nday 9 MR | A 10 | B 6\nday 18 MR | A 10 | B 11", ("B", 6, 11)),
        ("day 0 MR | A 30 | B non_target 6\nday 9 MR | A 10 | B absent\nday 18 MR | A 10 | B 5", ("B", 0, 5)),
    ],
)
def test_growth_of_what_is_no_target_is_told_from_5_mm_on_and_asked(text: str, expected: tuple[str, int, int]) -> None:
    (grown,) = breast(text).regrowths
    lesion, smallest, now = expected
    assert (grown.lesion_id, grown.smallest, grown.now) == (lesion, Decimal(smallest), Decimal(now))
    assert grown.non_target
    asked = [i for i in respond(text).issues if i.code == "NON_TARGET_GROWTH"]
    assert [(i.lesion_id, i.side, i.column) for i in asked] == [(lesion, Side.LEFT, "status")]


@pytest.mark.parametrize(
    "text",
    [
        "day 0 MR | A 30 | B non_target 6\nday 9 MR | A 10 | B 10.9",
        "day 0 MR | A 30 | B non_target 6\nday 9 MR | A 10 | B progressed",
        "day 0 MR | A 30 | B non_target 6\nday 0 US | B 6\nday 9 MR | A 10 | B progressed\nday 9 US | B 30",
        "day 0 MR | A 30 | B non_target benign 6\nday 9 MR | A 10 | B 30",
    ],
)
def test_small_growth_progression_and_benign_are_no_growth_of_a_non_target(text: str) -> None:
    assert breast(text).regrowths == ()
    assert "NON_TARGET_GROWTH" not in codes(respond(text))


# --- what may be of record, modality by modality ---------------------------------------------------------------------


@pytest.mark.parametrize("order", [(Modality.PT, Modality.EXAM, Modality.MR), (Modality.MR,)])
def test_pet_and_examination_are_never_of_record_whatever_the_order_says(order: tuple[Modality, ...]) -> None:
    """Decision l."""
    text = "day 0 PT | A 30\n+day 0 EXAM | A 30\n+day 0 MR | A 30\nday 9 PT | A 9\n+day 9 EXAM | A 9\n+day 9 MR | A 25"
    found = respond(text, limits=Thresholds(size_order=order)).breasts[0]
    assert (found.record_modality, found.category) == (Modality.MR, Category.SD)


def test_a_modality_that_the_order_does_not_name_is_never_of_record() -> None:
    text = "day 0 MR | A 30\n+day 0 US | A 30\nday 9 MR | A 25\n+day 9 US | A 9"
    found = respond(text, limits=Thresholds(size_order=(Modality.US,))).breasts[0]
    assert (found.record_modality, found.category) == (Modality.US, Category.PR)


def test_mammography_and_tomosynthesis_have_one_place_in_the_order() -> None:
    limits = Thresholds(size_order=(Modality.DBT, Modality.US, Modality.MG))
    text = "day 0 MG | A 30\n+day 0 US | A 30\nday 9 MG | A 25\n+day 9 US | A 9"
    assert respond(text, limits=limits).breasts[0].record_modality is Modality.MG


US_FIRST = Thresholds(size_order=(Modality.US, Modality.MR))


@pytest.mark.parametrize("before", ["too_small", "present", "absent", "ne", "not_imaged"])
def test_only_a_modality_that_measured_the_site_at_baseline_is_of_record(before: str) -> None:
    text = f"day 0 US | A {before}\n+day 0 MR | A 30\nday 9 US | A 9\n+day 9 MR | A 25"
    found = respond(text, limits=US_FIRST).breasts[0]
    assert (found.record_modality, found.category) == (Modality.MR, Category.SD)


def test_the_word_of_progression_where_nothing_was_measured_is_told_and_not_of_record() -> None:
    text = "day 0 US | A target ne\n+day 0 MR | A 30\nday 9 US | A progressed\n+day 9 MR | A 9"
    found = respond(text, limits=US_FIRST).breasts[0]
    assert (found.record_modality, found.category, found.headline) == (Modality.MR, Category.PR, Headline.PROGRESSIVE)


@pytest.mark.parametrize("now", ["ne", "not_imaged", "present"])
def test_only_a_modality_with_a_value_now_is_of_record(now: str) -> None:
    text = f"day 0 US | A 30\n+day 0 MR | A 30\nday 9 US | A {now}\n+day 9 MR | A 25"
    assert respond(text, limits=US_FIRST).breasts[0].record_modality is Modality.MR


def test_disease_without_a_size_follows_its_own_first_modality_beside_a_mass() -> None:
    text = """
    day 0 MR | S skin present
    day 0 US | S present | A 30
    day 9 MR | S present
    day 9 US | S absent | A absent
    """
    found = breast(text)
    assert (found.record_modality, found.site_by_site) == (Modality.US, False)
    by_id = {s.lesion_id: s.record for s in found.sites}
    assert {i: None if r is None else r.point.modality for i, r in by_id.items()} == {
        "A": Modality.US,
        "S": Modality.MR,
    }
    assert found.category is Category.PR


def test_disease_without_a_size_alone_has_no_modality_of_record_for_the_breast() -> None:
    found = breast("day 0 MR | S skin present\nday 9 MR | S present")
    assert (found.record_modality, found.site_by_site, found.total) == (None, False, None)
    assert found.sites[0].record is not None


@pytest.mark.parametrize(
    ("still", "sees"),
    [
        ("4", True),
        ("too_small", True),
        ("present", True),
        ("equivocal", True),
        ("equivocal 4", True),
        ("progressed", True),
        ("absent", False),
        ("ne", False),
        ("not_imaged", False),
    ],
)
def test_another_modality_that_sees_the_site_is_named_beside_a_complete_response(still: str, sees: bool) -> None:
    """Decision l: CR does not stand while any other imaging modality measures the site now."""
    (site,) = breast(f"day 0 MR | A 30\n+day 0 US | A 30\nday 9 MR | A absent\n+day 9 US | A {still}").sites
    assert site.category is Category.CR
    assert [p.modality for p in site.still_measured] == [Modality.US] * sees


def test_where_sites_are_answered_one_by_one_no_sum_stands_for_them() -> None:
    """Decision l: where no modality measured every site, site by site, each by its own, and no sum."""
    found = breast("day 0 MR | L1 30\nday 0 | L2 20\nday 9 MR | L1 12\nday 9 | L2 8")
    assert (found.site_by_site, found.record_modality, found.total) == (True, None, None)
