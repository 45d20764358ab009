"""The part that each lesion plays on each modality, and what belongs together: roles, fragments, mergers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.case.case import Case
from reporter.case.facts import Breast, Diagnosis, Facts, Radiologist
from reporter.case.study import Technique
from reporter.case.vocabulary import Modality, Phase, Role, Side
from reporter.response.course import chart
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.interface import Category, Headline, NewFindingClass, NewLesions, State, Thresholds
from reporter.response.new_lesions import new_finding
from reporter.response.roles import Standing, part_of
from tests.response.answers import axilla, breast, codes, mm, per_site, recist, respond, words
from tests.response.timeline import day, timeline

COUNTED, ELSEWHERE, NORMAL_NODE = Standing.COUNTED, Standing.ELSEWHERE, Standing.NORMAL_NODE
TARGET, NON_TARGET, NEW = Role.TARGET, Role.NON_TARGET, Role.NEW
FINE = "cortex:3 hilum:preserved"


def part(text: str, lesion_id: str, modality: Modality | None = Modality.US) -> tuple[Role, Standing]:
    """Role and standing on one modality."""
    known = chart(timeline(text), Thresholds())
    (track,) = (t for t in known.of(lesion_id) if t.modality is modality)
    found = part_of(known, track)
    return found.role, found.standing


@pytest.mark.parametrize(
    ("said", "role", "standing"),
    [
        ("A 20", TARGET, COUNTED),
        ("A non_target 20", NON_TARGET, COUNTED),
        ("A target too_small", TARGET, COUNTED),
        ("A too_small", NON_TARGET, COUNTED),
        ("A present", NON_TARGET, COUNTED),
        ("A equivocal 8", TARGET, COUNTED),
        ("A equivocal", NON_TARGET, COUNTED),
        ("A ne", TARGET, COUNTED),
        ("A absent", NEW, COUNTED),
        ("A skin 20", NON_TARGET, COUNTED),
        ("A skin target 20", NON_TARGET, COUNTED),
        ("A calcification 20", NON_TARGET, Standing.CALCIFICATION),
        ("A calcification target 20", NON_TARGET, Standing.CALCIFICATION),
        ("A benign 20", TARGET, Standing.BENIGN),
        ("A benign non_target 20", NON_TARGET, Standing.BENIGN),
        ("A benign skin 20", NON_TARGET, Standing.BENIGN),
        ("A merged>L", TARGET, ELSEWHERE),
        ("A nokind 20", TARGET, Standing.UNSETTLED),
        ("A noside 20", TARGET, Standing.UNSETTLED),
        ("A uncounted benign 20", TARGET, Standing.UNSETTLED),
    ],
)
def test_the_part_of_a_lesion_by_what_is_said_of_it_at_baseline(said: str, role: Role, standing: Standing) -> None:
    assert part(f"day 0 US | {said}\nday 9 US | A 10", "A") == (role, standing)


@pytest.mark.parametrize(
    ("said", "role", "standing"),
    [
        ("15", TARGET, COUNTED),
        ("14.9", NON_TARGET, COUNTED),
        ("10", NON_TARGET, COUNTED),
        ("9.9", NON_TARGET, NORMAL_NODE),
        ("target 9.9", TARGET, COUNTED),
        ("non_target 16", NON_TARGET, COUNTED),
        ("too_small", NON_TARGET, NORMAL_NODE),
        ("present", NON_TARGET, COUNTED),
        (f"present {FINE}", NON_TARGET, NORMAL_NODE),
        ("present cortex:3.1 hilum:preserved", NON_TARGET, COUNTED),
        ("present cortex:3 hilum:effaced", NON_TARGET, COUNTED),
        ("present cortex:3", NON_TARGET, COUNTED),
        ("present hilum:preserved", NON_TARGET, COUNTED),
        ("ne", TARGET, COUNTED),
        ("absent", NON_TARGET, NORMAL_NODE),
        ("not_imaged", NON_TARGET, NORMAL_NODE),
    ],
)
def test_the_part_of_a_node_by_its_short_axis_or_else_by_its_look(said: str, role: Role, standing: Standing) -> None:
    """2.1: a target from 15 mm, pathological from 10 mm, below that normal."""
    assert part(f"day 0 US | N1 {said}\nday 9 US | N1 10", "N1") == (role, standing)


@pytest.mark.parametrize(
    ("elsewhere", "here", "role", "standing"),
    [
        ("A 20", "", TARGET, ELSEWHERE),
        ("A 20", "A absent", TARGET, ELSEWHERE),
        ("A 20", "A not_imaged", TARGET, ELSEWHERE),
        ("A 20", "A ne", TARGET, COUNTED),
        ("A target 20", "A absent", TARGET, ELSEWHERE),
        ("A target 20", "", TARGET, ELSEWHERE),
        ("A non_target 20", "", NON_TARGET, ELSEWHERE),
        ("A skin present", "", NON_TARGET, ELSEWHERE),
        ("A skin target present", "", NON_TARGET, ELSEWHERE),
        ("B 20", "A target not_imaged", TARGET, COUNTED),
        ("B 20", "A non_target not_imaged", NON_TARGET, COUNTED),
        ("B 20", "A not_imaged", NEW, COUNTED),
        ("N1 16", "", None, None),
    ],
)
def test_without_a_size_here_at_baseline_a_lesion_known_elsewhere_is_not_counted_here(
    elsewhere: str, here: str, role: Role | None, standing: Standing | None
) -> None:
    """A role given to a lesion that nothing was said of at baseline keeps it in the criterion."""
    text = f"day 0 MR | {elsewhere}\n+day 0 US | {here}".rstrip(" |\n") + "\nday 9 US | A 10"
    expected = (NEW, COUNTED) if role is None else (role, standing)
    assert part(text, "A") == expected


@pytest.mark.parametrize(
    ("said", "standing"), [("N1 16", ELSEWHERE), ("N1 target 16", ELSEWHERE), ("A 20", NORMAL_NODE)]
)
def test_a_node_first_seen_here_later_is_normal_unless_known_elsewhere(said: str, standing: Standing) -> None:
    assert part(f"day 0 MR | {said}\nday 9 US | N1 12", "N1")[1] is standing


@pytest.mark.parametrize(
    ("said", "role", "standing"),
    [
        ("new 8", NEW, COUNTED),
        ("8", NEW, COUNTED),
        ("new calcification 8", NEW, COUNTED),
        ("calcification 8", NON_TARGET, Standing.CALCIFICATION),
        ("new benign 8", NEW, Standing.BENIGN),
        ("benign 8", NEW, Standing.BENIGN),
        ("new nokind 8", NEW, Standing.UNSETTLED),
        ("target 8", TARGET, COUNTED),
        ("non_target 8", NON_TARGET, COUNTED),
        ("from>L1 8", TARGET, Standing.FRAGMENT),
        ("ne", TARGET, ELSEWHERE),
        ("from>Q 8", NEW, COUNTED),
    ],
)
def test_the_part_of_a_lesion_first_seen_after_baseline(said: str, role: Role, standing: Standing) -> None:
    assert part(f"day 0 US | L1 20\nday 9 US | L1 10 | Z {said}", "Z") == (role, standing)


def test_declared_new_a_lesion_is_new_without_a_baseline_and_known_with_one() -> None:
    assert part("day 0 US | Z new 8\nday 9 US | Z 8", "Z") == (TARGET, COUNTED)
    known = chart(timeline("day 5 US | Z new 8\nday 9 US | Z 8", baseline=False), Thresholds())
    assert part_of(known, known.tracks[0]).role is NEW


def test_a_lesion_known_at_baseline_is_no_fragment() -> None:
    assert part("day 0 US | L1 20 | F 10\nday 9 US | L1 10 | F from>L1 8", "F") == (TARGET, COUNTED)


def before_baseline(text: str) -> Case:
    """The case with its second time point as baseline, the first before it."""
    case = timeline(text)
    first, second, *later = case.timeline.time_points
    points = (replace(first, phase=Phase.UNKNOWN), replace(second, phase=Phase.BASELINE), *later)
    return replace(case, timeline=replace(case.timeline, time_points=points))


@pytest.mark.parametrize(
    ("first", "second", "third", "found"),
    [("Z 8", "Z absent", "Z 8", []), ("Z absent", "Z absent", "Z 8", ["Z"]), ("N1 12", "N1 8", "N1 8", [])],
)
def test_what_was_seen_before_the_baseline_is_not_new(first: str, second: str, third: str, found: list[str]) -> None:
    case = before_baseline(f"day 0 | A 20 | {first}\nday 5 | A 20 | {second}\nday 9 | A 20 | {third}")
    (answer,) = evaluate(case, [], Thresholds()).breasts
    assert [f.lesion_id for f in answer.new_findings] == found


def test_a_node_large_before_the_baseline_and_normal_there_is_enlarged_from_when_it_grew_again() -> None:
    case = before_baseline("day 0 | A 20 | N1 12\nday 5 | A 20 | N1 8\nday 9 | A 20 | N1 12")
    found = new_finding(chart(case, Thresholds()), case.lesion("N1"), 2)
    assert found is not None
    assert found.first_seen == 2


def test_looked_for_by_one_modality_a_lesion_called_target_is_new() -> None:
    text = "day 0 MR | L1 20 | Z target absent\n+day 0 US | L1 20\nday 9 US | L1 10 | Z 8"
    assert part(text, "Z")[0] is NEW


# --- fragments and mergers -------------------------------------------------------------------------------------------


def test_any_row_may_say_that_a_lesion_split_from_another() -> None:
    text = "day 0 | A 30\nday 5 | A 12 | F 7\nday 9 | A 12 | F from>A 7"
    assert words(per_site(text)) == "BASELINE PR PR"
    assert breast(text).new_findings == ()


def test_split_on_one_modality_a_lesion_is_new_on_none() -> None:
    text = "day 0 MR | A 30\n+day 0 US | A 30\nday 9 MR | A 12 | F from>A 7\n+day 9 US | A 12 | F 7"
    assert breast(text).new_findings == ()


@pytest.mark.parametrize("now", ["A progressed | F from>A 7", "A 12 | F from>A progressed"])
def test_the_word_of_progression_of_a_target_or_its_fragment_is_progression(now: str) -> None:
    assert words(per_site(f"day 0 | A 30\nday 9 | {now}")) == "BASELINE PD"


@pytest.mark.parametrize(
    ("now", "gone"),
    [
        ("A absent | F from>A absent", True),
        ("A absent | F from>A 3", False),
        ("A 3 | F from>A absent", False),
        ("A absent | F from>A ne", False),
    ],
)
def test_a_lesion_is_gone_with_all_its_fragments(now: str, gone: bool) -> None:
    text = f"day 0 | A 30\nday 5 | A 10 | F from>A 7\nday 9 | {now}"
    assert (per_site(text)[-1].overall.category is Category.CR) is gone


def test_a_fragment_is_added_to_the_lesion_that_it_came_from_alone() -> None:
    found = per_site("day 0 | A 30 | B 20\nday 9 | A 12 | B 20 | F from>A 7")[-1].lesions
    sizes = {r.point.lesion_id: r.point.size and r.point.size.mm for r in found}
    assert sizes == {"A": 19, "B": 20, "F": 7}


def test_a_fragment_that_was_never_there_changes_nothing() -> None:
    assert words(per_site("day 0 | A 30\nday 9 | A 12 | F from>A absent")) == "BASELINE PR"


@pytest.mark.parametrize("now", ["A progressed | B 20", "A 20 | B progressed", "A progressed | B ne"])
def test_the_word_of_progression_of_one_target_is_progression_of_the_sum(now: str) -> None:
    assert words(recist(f"day 0 | A 20 | B 20\nday 9 | {now}")) == "BASELINE PD"


def test_what_merged_into_a_lesion_that_persists_is_not_gone_beside_a_node_of_normal_size() -> None:
    text = """
    day 0 | A 20 | N1 16 | X non_target present
    day 5 | A absent | N1 3 | X present
    day 9 | A merged>X | N1 9.9 | X present
    """
    target = per_site(text)[-1].target
    assert target is not None
    assert target.category is not Category.CR


def test_the_smallest_size_of_a_lesion_may_be_nothing() -> None:
    found = per_site("day 0 | A 30\nday 5 | A absent\nday 9 | A 3")[-1].lesions[0]
    assert found.nadir is not None
    assert (found.nadir.mm == 0, found.nadir_time_point) == (True, 1)


def test_fragments_on_other_days_of_one_time_point_are_one_size_a_day() -> None:
    """An earlier value after baseline stays in the nadir: the sum after each day, fragments added."""
    last = per_site("day 0 | A 30\nday 9 | A 8\n+day 10 | A 8 | F from>A 4\n+day 11 | A 8 | F 9")[-1]
    assert (last.total, last.nadir_total) == mm(17, 12)
    assert last.nadir_time_point == 1


def test_mergers_one_after_the_other_are_one_site_with_the_measured_lesion_first() -> None:
    text = "day 0 | A 10 | B 10 | C 10\nday 5 | A merged>B | B 16 | C 10\nday 9 | A merged>B | B merged>C | C 40"
    site = per_site(text)[-1].lesions[0].verdict
    assert site is not None
    assert (site.lesion_ids, site.category) == (("C", "A", "B"), Category.PD)


def test_merged_at_an_earlier_time_point_lesions_stay_one_site() -> None:
    text = "day 0 | A 10 | B 20\nday 5 | A merged>B | B 25\nday 9 | A 4 | B 20"
    verdicts = {r.verdict.lesion_ids for r in per_site(text)[-1].lesions if r.verdict is not None}
    assert verdicts == {("B", "A")}


def test_a_baseline_of_nothing_known_begins_nothing_anew() -> None:
    """2.3: what came back has grown against its baseline, or against the smallest since."""
    text = "day 0 | A ne | B 20\nday 5 | A absent | B 20\nday 9 | A 8 | B 20"
    assert words(per_site(text)) == "BASELINE NE NE"


# --- new findings ----------------------------------------------------------------------------------------------------

PROGRESSION, UNSETTLED = NewFindingClass.PROGRESSION, NewFindingClass.UNSETTLED
PROVEN_THERE = Facts(diagnosis=(Diagnosis(side=Side.RIGHT, confirmed=True),))
DENIED_THERE = Facts(diagnosis=(Diagnosis(side=Side.RIGHT, confirmed=False),))
SOMEWHERE = Facts(diagnosis=(Diagnosis(side=None, confirmed=True),))


@pytest.mark.parametrize(
    ("known", "facts", "classified"),
    [
        ("L1 34", Facts(), UNSETTLED),
        ("L1 34", PROVEN_THERE, PROGRESSION),
        ("L1 34", DENIED_THERE, UNSETTLED),
        ("L1 34", SOMEWHERE, UNSETTLED),
        ("L1 34 | R1 right 20", Facts(), PROGRESSION),
        ("L1 34 | R1 right ne", Facts(), PROGRESSION),
        ("L1 34 | R1 right absent", Facts(), UNSETTLED),
        ("L1 34 | R1 right calcification 20", Facts(), UNSETTLED),
        ("L1 34 | N1 right 8", Facts(), UNSETTLED),
        ("L1 34 | N1 right 16", Facts(), PROGRESSION),
        ("L1 benign 34", Facts(), PROGRESSION),
    ],
)
def test_the_other_breast_is_the_one_without_known_disease_beside_one_with_it(
    known: str, facts: Facts, classified: NewFindingClass
) -> None:
    """Decision p: contralateral, it is never PD without biopsy."""
    later = " | ".join(f"{w.split()[0]} 9" for w in known.split(" | "))
    text = f"day 0 US | {known}\nday 9 US | {later} | Z right new covered 8"
    found = {f.lesion_id: f.classified for f in breast(text, Side.RIGHT, facts=facts).new_findings}
    assert found["Z"] is classified


def test_a_lesion_first_given_later_does_not_make_its_side_diseased() -> None:
    text = "day 0 US | L1 34\nday 9 US | L1 20 | R1 right target 9 | Z right new covered 8"
    assert {f.lesion_id: f.classified for f in breast(text, Side.RIGHT).new_findings} == {"Z": UNSETTLED}


def test_nor_does_one_declared_new_where_there_is_no_baseline() -> None:
    text = "day 5 US | L1 34 | R1 right new 9\nday 9 US | L1 20 | R1 9 | Z right new covered 8"
    found = breast(text, Side.RIGHT, baseline=False).new_findings
    assert {f.lesion_id: f.classified for f in found} == {"R1": UNSETTLED, "Z": UNSETTLED}


def test_of_the_whole_patient_a_new_lesion_without_a_side_is_one() -> None:
    assert words(recist("day 0 | L1 34\nday 9 | L1 10 | Z noside new 8")) == "BASELINE PD"


@pytest.mark.parametrize(
    ("before", "now", "covering"),
    [
        ("US | L1 30", "US | Z new 8", 1),
        ("US | L1 30", "MR | Z new 8", 0),
        ("MG | L1 30", "MG | Z new 8", 1),
        ("MR | L1 30", "MG | Z new 8", 1),
        ("DBT | L1 30", "DBT | Z new 8", 1),
        ("MR | L1 30", "DBT | Z new 8", 1),
        ("CEM | L1 30", "CEM | Z new 8", 1),
        ("US | L1 30", "DBT | Z new 8", 0),
        ("MG | L1 30", "US | Z new 8\n+day 9 MG | Z absent", 0),
        ("MG | L1 30", "US | Z new 8\n+day 9 MG | Z 8", 1),
        ("MG | L1 30", "US | Z new 8\n+day 9 MG | Z ne", 0),
        ("PT | L1 30", "PT | Z new 8", 1),
        (" | L1 30", " | Z new 8", 1),
        ("US | L1 30", " | Z new 8", 0),
    ],
)
def test_only_a_modality_that_shows_the_finding_now_tells_what_would_have_shown_it_before(
    before: str, now: str, covering: int
) -> None:
    (found,) = breast(f"day 0 {before}\nday 9 {now}").new_findings
    assert len(found.covering_studies) == covering


def test_one_modality_of_several_of_a_study_covers_the_area() -> None:
    case = timeline("day 0 US | L1 30\nday 9 US | L1 20 | Z new 8")
    both = replace(case.studies[0], modalities=(Modality.US, Modality.MG))
    (answer,) = evaluate(replace(case, studies=(both, case.studies[1])), [], Thresholds()).breasts
    assert answer.new_findings[0].covering_studies == ("0000.00",)


def test_every_earlier_study_that_covers_the_area_is_named_and_none_of_now() -> None:
    text = "day 0 US | L1 30\nday 5 MR | L1 20\n+day 5 MG | L1 20\nday 9 US | L1 20 | Z new 8"
    assert breast(text).new_findings[0].covering_studies == ("0000.00", "0005.01")


@pytest.mark.parametrize(
    ("first", "second", "third", "unequivocal"),
    [
        ("8", "8", "8", True),
        ("equivocal 8", "8", "", True),
        ("8", "equivocal 8", "", False),
        ("8", "", "", True),
        ("equivocal 8", "", "8", True),
        ("8", "8", "equivocal 8", False),
        ("8", "8", "too_small", False),
        ("8", "ne", "ne", True),
        ("progressed", "", "", True),
    ],
)
def test_a_new_lesion_is_unequivocal_by_the_last_word_of_it(
    first: str, second: str, third: str, unequivocal: bool
) -> None:
    """2.4: an equivocal finding stays so until a later study."""
    rows = [f" | Z new {said}" if said else "" for said in (first, second, third)]
    text = "\n".join(["day 0 | L1 30", *(f"day {i + 3} | L1 20{row}" for i, row in enumerate(rows))])
    (found,) = breast(text).new_findings
    assert found.unequivocal is unequivocal
    assert (found.first_seen, found.declared) == (1, True)


def test_a_node_that_reaches_10_mm_on_one_modality_is_a_new_finding_from_then() -> None:
    text = (
        "day 0 US | L1 20\n+day 0 MR | L1 20\nday 5 US | L1 9 | N1 8\nday 9 US | L1 9 | N1 12\n+day 9 MR | L1 9 | N1 9"
    )
    (found,) = breast(text).new_findings
    assert (found.lesion_id, found.first_seen, found.classified) == ("N1", 2, UNSETTLED)


@pytest.mark.parametrize(
    ("rows", "distance"),
    [
        ("day 9 US | Z new 8 index:12", "12 mm"),
        ("day 9 US | Z new 8 index:12\n+day 9 MR | Z 8 index:14", "12 mm"),
        ("day 9 US | Z new 8\n+day 9 MR | Z 8 index:14", "14 mm"),
        ("day 9 US | Z new 8\n+day 9 EXAM | Z 8 index:5", None),
        ("day 9 US | Z new 8", None),
    ],
)
def test_the_distance_from_the_index_cancer_is_as_imaging_gives_it(rows: str, distance: str | None) -> None:
    (found,) = breast(f"day 0 US | L1 20\n{rows}").new_findings
    assert (None if found.index_distance is None else str(found.index_distance)) == distance


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("new covered 8", NewLesions.YES),
        ("new uncovered 8", NewLesions.EQUIVOCAL),
        ("new benign 8", NewLesions.NO),
        ("right new covered malignant 8", NewLesions.NO),
    ],
)
def test_whether_there_are_new_lesions_in_one_word(said: str, word: NewLesions) -> None:
    assert per_site(f"day 0 | L1 20\nday 9 | L1 10 | Z {said}")[-1].new_lesion is word


# --- sites -----------------------------------------------------------------------------------------------------------


def test_a_node_first_seen_on_another_modality_is_listed_on_each_that_has_a_row_of_it() -> None:
    text = "day 0 US | L1 20\nday 5 MR | L1 10 | N9 new covered absent\nday 9 US | L1 9 | N9 12"
    (node,) = axilla(text).nodes
    assert [(r.point.modality, r.point.state) for r in node.results] == [
        (Modality.US, State.MEASURED),
        (Modality.MR, State.NOT_DONE),
    ]


def test_at_baseline_a_site_has_no_category_yet() -> None:
    found = breast("day 0 MR | A 20 | B present | C skin ne\n+day 0 PT | D 9")
    assert [s.category for s in found.sites] == [Category.BASELINE] * 4
    assert found.headline is Headline.BASELINE


@pytest.mark.parametrize(("course", "held"), [("100 60 71", True), ("100 60 65", False), ("100 80 90", False)])
def test_a_site_is_held_where_its_response_is(course: str, held: bool) -> None:
    text = "\n".join(f"day {9 * i} | A {size} | S skin present" for i, size in enumerate(course.split()))
    by_id = {s.lesion_id: s for s in breast(text).sites}
    assert (by_id["A"].held, by_id["S"].held) == (held, False)
    assert not by_id["S"].regrowth_to_confirm


def test_a_response_elsewhere_is_not_hidden_by_a_value_that_cannot_be_used() -> None:
    text = "day 0 MR | A 30 | B 30\n+day 0 US | A 30 | B 30\nday 9 MR | A nounit | B 10\n+day 9 US | A 12 | B 10"
    found = breast(text)
    assert (found.headline, [s.category for s in found.sites]) == (Headline.PARTIAL, [Category.PR, Category.PR])


def test_pet_that_sees_a_site_makes_no_value_of_imaging_usable() -> None:
    text = "day 0 MR | A 30\n+day 0 US | A 30\nday 9 MR | A nounit\n+day 9 US | A absent\n+day 9 PT | A 12"
    found = breast(text)
    assert (found.headline, found.site_by_site) == (Headline.NOT_EVALUABLE, True)
    assert [p.modality for p in found.sites[0].unusable] == [Modality.MR]


def test_the_points_of_a_site_stand_by_modality_in_the_order_of_size_of_record_then_by_time() -> None:
    text = "day 0 US | A 30 | B 9\n+day 0 MR | A 32\nday 9 US | A 20 | B 9"
    by_id = {s.lesion_id: [(p.modality, p.time_point, p.state) for p in s.series] for s in breast(text).sites}
    assert by_id == {
        "A": [
            (Modality.MR, 0, State.MEASURED),
            (Modality.MR, 1, State.NOT_DONE),
            (Modality.US, 0, State.MEASURED),
            (Modality.US, 1, State.MEASURED),
        ],
        "B": [(Modality.US, 0, State.MEASURED), (Modality.US, 1, State.MEASURED)],
    }


# --- the headline ----------------------------------------------------------------------------------------------------


def test_a_site_measured_on_one_modality_and_only_seen_on_another_follows_its_size() -> None:
    text = "day 0 MR | A 30 | B 30\n+day 0 US | A present\nday 9 MR | A 15 | B 30\n+day 9 US | A present"
    assert breast(text).headline is Headline.MIXED


@pytest.mark.parametrize(
    ("now", "headline"),
    [
        ("A 15 | B 30 | S present", Headline.MIXED),
        ("A 15 | B 30 | S present | Z new covered 8", Headline.PROGRESSIVE),
        ("A 15 | B 30 | S progressed", Headline.PROGRESSIVE),
    ],
)
def test_progression_beside_the_sites_is_told_before_a_mixed_response(now: str, headline: Headline) -> None:
    assert breast(f"day 0 | A 30 | B 30 | S skin present\nday 9 | {now}").headline is headline


def test_one_site_of_several_that_is_held_or_still_measured_makes_the_headline() -> None:
    held = "day 0 | A 100 | B 100\nday 5 | A 60 | B 60\nday 9 | A 71 | B 60"
    assert breast(held).headline is Headline.PARTIAL_HELD
    still = "day 0 MR | A 30 | B 30\nday 9 MR | A absent | B absent\n+day 9 US | A absent | B 4"
    assert breast(still).headline is Headline.NOT_COMPLETE


def test_near_complete_of_disease_that_has_no_size_hides_nothing() -> None:
    flag = Radiologist(side=Side.LEFT, date=day(9), near_complete=True)
    text = "day 0 | S skin present\nday 9 | S present"
    assert breast(text, facts=Facts(radiologist=(flag,))).headline is Headline.PERSISTENT


def test_a_breast_without_disease_stays_so_whatever_the_patient_as_a_whole_does() -> None:
    text = "day 0 MR | B benign 9 | R right 30\nday 9 MR | B 9 | R 15"
    left, right = respond(text, Recist11()).breasts
    assert (left.headline, right.headline) == (Headline.NO_DISEASE, Headline.PARTIAL)


# --- contrast --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "facts", "given"),
    [
        ((None, None), None, None),
        ((None, True), None, True),
        ((False, True), None, True),
        ((False, None), None, False),
        ((False, None), True, True),
        ((None, None), True, True),
        ((True, True), False, False),
        ((None, None), False, False),
    ],
)
def test_contrast_by_the_facts_and_the_headers_of_every_series(
    headers: tuple[bool | None, bool | None], facts: bool | None, given: bool | None
) -> None:
    case = timeline("day 0 US | A 30\n+day 0 MR | A 30\nday 9 US | A 20\n+day 9 MR | A 10")
    studies = tuple(
        replace(s, series=tuple(replace(s.series[0], technique=Technique(contrast=contrast)) for contrast in headers))
        if s.modalities == (Modality.MR,)
        else s
        for s in case.studies
    )
    said = tuple(Breast(side=Side.LEFT, date=day(d), mri_contrast=facts) for d in (0, 9))
    found = evaluate(replace(case, studies=studies, facts=replace(case.facts, breast=said)), [], Thresholds())
    assert ("MR_CONTRAST_NOT_STATED" in codes(found)) is (given is None)
    assert found.breasts[0].record_modality is (Modality.US if given is False else Modality.MR)


def test_contrast_of_another_modality_of_the_study_says_nothing_of_its_mri() -> None:
    case = timeline("day 0 MR | A 30\nday 9 MR | A 10", contrast=None)
    studies = tuple(
        replace(s, series=(*s.series, replace(s.series[0], modality=Modality.CT, technique=Technique(contrast=True))))
        for s in case.studies
    )
    found = evaluate(replace(case, studies=studies), [], Thresholds())
    assert "MR_CONTRAST_NOT_STATED" in codes(found)
