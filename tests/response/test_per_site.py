"""`per-site`: each site, the sum beside them, and what the side is called, rule by rule and told whole."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.interface import Category, NewLesions, Thresholds
from tests.response.answers import breast, per_site, told, words
from tests.response.timeline import timeline

LIMITS = "pr_percent 30 %, pd_percent 20 %, pd_mm 5 mm"


def test_a_flow_sheet_told_whole() -> None:
    found = per_site("""
        day 0 | L1 40 | L2 20 | X skin present
        day 5 | L1 20 | L2 14 | X present
        day 9 | L1 absent | L2 19 | X absent
    """)
    assert [told(a.overall) for a in found] == [
        "BASELINE overall.baseline",
        "PR overall.pr L1 L2",
        "MIXED overall.mixed L2",
    ]
    assert [told(a.target) for a in found] == [
        f"BASELINE target.baseline L1 L2 (now 60 mm, baseline 60 mm, {LIMITS})",
        f"PR target.pr L1 L2 (now 34 mm, baseline 60 mm, nadir 60 mm, {LIMITS})",
        f"PR target.pr L1 L2 (now 19 mm, baseline 60 mm, nadir 34 mm, {LIMITS})",
    ]
    assert [told(a.non_target) for a in found] == [
        "BASELINE non_target.baseline X",
        "NON-CR/NON-PD non_target.persists X",
        "CR non_target.cr X",
    ]
    assert [told(r.verdict) for r in found[-1].lesions] == [
        f"CR site.cr L1 (now 0 mm, baseline 40 mm, nadir 20 mm, {LIMITS})",
        f"PD site.pd L2 (now 19 mm, baseline 20 mm, nadir 14 mm, {LIMITS})",
        "CR non_target.cr X",
    ]
    assert [(a.criterion, a.side, a.time_point, a.nadir_time_point) for a in found] == [
        ("per-site", Side.LEFT, 0, None),
        ("per-site", Side.LEFT, 1, 0),
        ("per-site", Side.LEFT, 2, 1),
    ]
    assert [(a.new_lesion, a.held, a.plain) for a in found] == [(NewLesions.NO, False, None)] * 3


@pytest.mark.parametrize(
    ("now", "overall"),
    [
        pytest.param("A 24 | B 24 | C 24", "PD overall.target_pd", id="the sum alone: 60 to 72 mm, none by 5 mm"),
        pytest.param("A 25 | B 20 | C 20", "PD overall.site_pd A", id="one site"),
        pytest.param("A 20 | B 20 | C 10", "MIXED overall.mixed A B", id="stable beside a response"),
        pytest.param("A 18 | B 30 | C 10", "MIXED overall.mixed A B", id="stable and progressive beside a response"),
        pytest.param("A 18 | B 30 | C ne", "PD overall.site_pd B", id="progressive beside one without a value"),
        pytest.param("A 20 | B ne | C 20", "NE overall.target_ne B", id="stable beside one without a value"),
        pytest.param("A 10 | B ne | C absent", "NE overall.target_ne B", id="responding beside one without a value"),
        pytest.param("A 20 | B 21 | C 19", "SD overall.sd A B C", id="stable"),
        pytest.param("A 10 | B absent | C absent", "PR overall.pr A", id="partial beside complete: partial"),
        pytest.param("A absent | B absent | C absent", "CR overall.cr A B C", id="complete"),
    ],
)
def test_what_a_side_is_called_by_its_sites(now: str, overall: str) -> None:
    """Decisions k and n: who decided is named, the category of the sum never hides a site."""
    assert told(per_site(f"day 0 | A 20 | B 20 | C 20\nday 9 | {now}")[-1].overall) == overall


@pytest.mark.parametrize(
    ("now", "overall"),
    [
        ("X progressed", "PD overall.non_target_pd X"),
        ("X present | Z new covered 8", "PD overall.new_lesion Z"),
        ("X progressed | Z new covered 8", "PD overall.non_target_pd X"),
        ("X ne", "PR overall.pr L1"),
    ],
)
def test_what_decides_beside_the_sites_is_named(now: str, overall: str) -> None:
    assert told(per_site(f"day 0 | L1 20 | X skin present\nday 9 | L1 10 | {now}")[-1].overall) == overall


def test_a_new_cancer_of_the_other_side_is_named_among_new_findings() -> None:
    text = "day 0 | L1 20\nday 9 | L1 10 | Y right new 6 | Z right new covered malignant 8"
    assert told(per_site(text, Side.RIGHT)[-1].overall) == "NED overall.new_cancer Z"


def test_without_a_side_or_a_baseline_nothing_is_evaluable() -> None:
    assert told(PerSite().assess(timeline("day 0 | L1 noside 20\nday 9 | L1 10"))[-1].overall) == (
        "NE overall.side_unknown"
    )
    assert told(per_site("day 0 | L1 20\nday 9 | L1 10", baseline=False)[-1].overall) == "NE overall.no_baseline"


def test_no_disease_at_baseline_on_the_modality_and_none_now() -> None:
    text = "day 0 MR | L1 30\nday 0 US | L1 absent\nday 9 US | L1 {}"
    assert told(per_site(text.format("absent"), modality=Modality.US)[-1].overall) == "NED overall.ned"
    seen = per_site(text.format("8"), modality=Modality.US)[-1]
    assert told(seen.overall) == "NE overall.no_baseline_on_modality L1"


def test_a_lesion_without_a_baseline_on_the_modality_is_so_from_the_first_time_point_after_it() -> None:
    found = per_site("day 0 MR | L1 30\nday 0 US | L1 absent\nday 9 US | L1 8", modality=Modality.US)
    assert [[told(r.verdict) for r in a.lesions] for a in found] == [["nothing"], ["NE site.no_baseline_on_modality"]]


def test_sides_and_modalities_by_themselves() -> None:
    found = PerSite().assess(
        timeline("day 0 MR | R1 right 20 | L1 20 | Q noside 9\nday 0 US | R1 19\nday 9 MR | R1 19 | L1 10 | Q 9")
    )
    assert [(a.side, a.modality, a.time_point, a.overall.category) for a in found] == [
        (Side.LEFT, Modality.MR, 0, Category.BASELINE),
        (Side.LEFT, Modality.MR, 1, Category.PR),
        (Side.RIGHT, Modality.US, 0, Category.BASELINE),
        (Side.RIGHT, Modality.MR, 0, Category.BASELINE),
        (Side.RIGHT, Modality.MR, 1, Category.SD),
        (None, Modality.MR, 0, Category.BASELINE),
        (None, Modality.MR, 1, Category.NE),
    ]


def test_lesions_stand_in_order_of_their_part() -> None:
    found = per_site("day 0 | A skin present | Z 20 | B 20\nday 9 | A present | Z 20 | B 9 | C new 5")
    assert [[r.point.lesion_id for r in a.lesions] for a in found] == [["B", "Z", "A"], ["B", "Z", "A", "C"]]


def test_a_lesion_of_another_organ_is_listed_and_not_counted() -> None:
    found = per_site("day 0 CT | L1 20 | H1 organ:liver 20\nday 9 CT | L1 absent | H1 40", modality=Modality.CT)
    assert [(r.point.lesion_id, r.counted) for r in found[-1].lesions] == [("H1", False), ("L1", True)]
    assert (found[-1].overall.category, found[-1].baseline_total) == (Category.CR, Decimal(20))


def test_a_node_belongs_to_its_breast_whatever_its_organ_is_called() -> None:
    last = per_site("day 0 | L1 20 | N1 organ:lymph_node 16\nday 9 | L1 10 | N1 8")[-1]
    assert (last.total, last.baseline_total) == (Decimal(18), Decimal(36))


def test_a_lesion_in_doubt_leaves_no_complete_response_whatever_its_organ() -> None:
    text = "day 0 | L1 20 | Q uncounted organ:liver 10\nday 9 | L1 absent | Q {}"
    assert told(per_site(text.format("10"))[-1].overall) == "NE overall.uncounted_lesion Q"
    assert told(per_site(text.format("absent"))[-1].overall) == "CR overall.cr L1"


# --- coming back (decision b) --------------------------------------------------------------------------------------


def test_a_site_that_had_gone_and_has_no_value_now_is_not_evaluable() -> None:
    assert words(per_site("day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 ne")) == "BASELINE CR NE"


def test_a_site_that_comes_back_in_a_fragment_is_measured_there() -> None:
    text = "day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 absent | L1b from>L1 {}"
    assert told(per_site(text.format("5"))[-1].target).startswith("PR target.pr L1")
    assert [a.overall.category for a in per_site(text.format("5"))][-1] is Category.PD
    assert [a.overall.category for a in per_site(text.format("4.9"))][-1] is Category.PR
    assert [a.overall.category for a in per_site(text.format("too_small"))][-1] is Category.PR


def test_only_what_is_measured_of_a_site_that_comes_back_counts_towards_pd() -> None:
    """Decision b: from a measured 5 mm on; 3 mm beside a fragment too small to measure is regrowth, to be confirmed."""
    text = "day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 {} | L1b from>L1 {}"
    assert words(per_site(text.format("3", "too_small"))) == "BASELINE CR PR"
    assert words(per_site(text.format("3", "2"))) == "BASELINE CR PD"
    assert words(per_site(text.format("5", "too_small"))) == "BASELINE CR PD"


def test_a_node_that_merged_into_a_mass_is_judged_with_the_mass() -> None:
    text = """
        day 0 | L1 30 | N1 16
        day 3 | L1 20 | N1 merged>L1
        day 5 | L1 absent | N1 absent
        day 9 | L1 6 | N1 absent
    """
    assert told(per_site(text)[-1].overall) == "PD overall.site_pd L1 N1"


def test_a_node_without_a_value_at_baseline_was_never_known_to_be_pathological() -> None:
    last = per_site("day 0 | L1 20 | N1 ne\nday 5 | L1 10 | N1 8\nday 9 | L1 10 | N1 12")[-1]
    assert (last.overall.category, last.new_lesion) == (Category.NE, NewLesions.NO)


def test_a_site_without_a_value_at_baseline_that_had_gone_is_told_when_it_is_there_again() -> None:
    text = "day 0 | L1 20 | L2 ne\nday 5 | L1 10 | L2 absent\nday 9 | L1 10 | L2 6"
    (told_of,) = [r for r in breast(text).regrowths if r.lesion_id == "L2"]
    assert (told_of.smallest, told_of.now, told_of.to_confirm) == (Decimal(0), Decimal(6), True)


def test_a_node_that_was_never_gone_has_not_come_back() -> None:
    found = per_site("day 0 | N1 20\nday 5 | N1 10\nday 9 | N1 12")
    assert [a.new_lesion for a in found] == [NewLesions.NO] * 3


@pytest.mark.parametrize(
    ("now", "told_of"), [("absent", False), ("0.1", True), ("1", True), ("4.9", True), ("5", False)]
)
def test_regrowth_to_be_confirmed_begins_above_0_and_ends_where_pd_begins(now: str, told_of: bool) -> None:
    assert breast(f"day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 {now}").sites[0].regrowth_to_confirm is told_of


def test_a_node_that_is_back_takes_nothing_from_a_new_lesion_that_is_progression() -> None:
    text = "day 0 | L1 20 | N1 16\nday 5 | L1 10 | N1 8\nday 9 | L1 10 | N1 11{}"
    assert per_site(text.format(""))[-1].new_lesion is NewLesions.EQUIVOCAL
    assert per_site(text.format(" | Z new covered 8"))[-1].new_lesion is NewLesions.YES


def test_regrowth_of_a_mass_to_be_confirmed_is_no_new_lesion() -> None:
    assert per_site("day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 4.9")[-1].new_lesion is NewLesions.NO


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        ("absent", "4.9", "PR site.pr L1 (now 4.9 mm, baseline 20 mm, nadir 0 mm, since_return 20 mm, {})"),
        ("absent", "0.1", "PR site.pr L1 (now 0.1 mm, baseline 20 mm, nadir 0 mm, since_return 20 mm, {})"),
        ("absent", "5", "PD site.pd_returned L1 (now 5 mm, baseline 20 mm, nadir 0 mm, {})"),
        ("absent", "absent", "CR site.cr L1 (now 0 mm, baseline 20 mm, nadir 0 mm, {})"),
        ("1", "4", "PR site.pr L1 (now 4 mm, baseline 20 mm, nadir 1 mm, {})"),
    ],
)
def test_the_numbers_of_a_site_that_comes_back(then: str, now: str, verdict: str) -> None:
    """Of a smallest of 0 no share can be told: below PD, growth is judged against baseline, and that is told."""
    found = per_site(f"day 0 | L1 20\nday 5 | L1 {then}\nday 9 | L1 {now}")[-1]
    assert told(found.lesions[0].verdict) == verdict.format(LIMITS)


# --- held responses (decision a) -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sites", "category", "held"),
    [
        pytest.param("L1 71 | L2 20", Category.PR, True, id="one site held, the other below its limit by itself"),
        pytest.param("L1 60 | L2 20", Category.PR, False, id="none held"),
        pytest.param("L1 71 | L2 ne", Category.NE, False, id="a held site does not make an unevaluable side held"),
    ],
)
def test_a_side_is_held_where_it_is_partial_by_a_site_that_is_held(sites: str, category: Category, held: bool) -> None:
    last = per_site(f"day 0 | L1 100 | L2 100\nday 5 | L1 60 | L2 50\nday 9 | {sites}")[-1]
    assert (last.overall.category, last.held) == (category, held)
    assert last.plain is (Category.SD if held else None)


def test_a_sum_may_be_held_beside_sites_that_differ() -> None:
    last = per_site("day 0 | L1 100 | L2 50\nday 5 | L1 60 | L2 45\nday 9 | L1 70 | L2 50")[-1]
    assert told(last.target).startswith("PR target.pr_held L1 L2 (now 120 mm, baseline 150 mm, nadir 105 mm")
    assert (last.overall.category, last.held, last.plain) == (Category.MIXED, True, Category.SD)


# --- new findings (decision p) -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "new"),
    [
        ("new covered", NewLesions.YES),
        ("new", NewLesions.EQUIVOCAL),
        ("", NewLesions.EQUIVOCAL),
        ("new covered benign", NewLesions.NO),
        ("new covered uncounted", NewLesions.NO),
    ],
)
def test_what_a_new_finding_is_to_the_criterion(said: str, new: NewLesions) -> None:
    found = per_site(f"day 0 | L1 20\nday 9 | L1 10 | Z {said} 8")
    assert [a.new_lesion for a in found] == [NewLesions.NO, new]


def test_a_known_lesion_is_no_finding() -> None:
    assert per_site("day 0 | L1 20 | X skin present\nday 9 | L1 10 | X present")[-1].new_lesion is NewLesions.NO


def test_a_new_lesion_stated_absent_on_a_modality_is_none_there() -> None:
    """Without a row it stays; what a modality calls gone, or never saw, is not its finding."""
    text = """
        day 0 MR | L1 30
        day 0 US | L1 30
        day 5 MR | L1 30 | Z new covered 8
        day 5 US | L1 30 | Z {}
        day 9 MR | L1 30 | Z 8
        day 9 US | L1 30 {}
    """
    for then, now in (("8", "| Z absent"), ("absent", "")):
        found = per_site(text.format(then, now), modality=Modality.US)
        assert (found[-1].overall.category, found[-1].new_lesion) == (Category.SD, NewLesions.NO)
    assert words(per_site(text.format("8", ""), modality=Modality.US)) == "BASELINE PD PD"


@pytest.mark.parametrize(("now", "new"), [("9.9", NewLesions.NO), ("10", NewLesions.EQUIVOCAL)])
def test_a_node_of_normal_size_that_reaches_10_mm_is_equivocal(now: str, new: NewLesions) -> None:
    """2.4: it may not be disease; no automatic PD."""
    last = per_site(f"day 0 | L1 20 | N1 8\nday 9 | L1 10 | N1 {now}")[-1]
    assert (last.overall.category, last.new_lesion) == (Category.PR, new)


@pytest.mark.parametrize(
    ("limits", "words_of"),
    [
        (Thresholds(reappearance_mm=Decimal(3)), ", modified: a site is back from 3 mm"),
        (Thresholds(pd_mm=Decimal(3)), ", modified: PD at least 3 mm"),
        (Thresholds(), ""),
    ],
)
def test_its_name_says_what_a_site_changed(limits: Thresholds, words_of: str) -> None:
    assert PerSite(limits).name == f"per-site, an adaptation of RECIST 1.1{words_of}"
