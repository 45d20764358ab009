"""Where a condition stops: one row a limit, told by the decision or source that sets it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reporter.advice.conditions import CONDITIONS
from reporter.advice.conditions.bed import beds
from reporter.advice.conditions.breast import near_complete_against
from reporter.advice.context import Context
from reporter.advice.interface import Timing
from reporter.advice.lesions import SELECTORS
from reporter.advice.scenario import timing_of
from reporter.case.facts import Axilla, Breast, Diagnosis, Radiologist, Therapy
from reporter.case.length import mm
from reporter.case.lesion import Lesion
from reporter.case.measurement import Absent, Measured, Measurement, Value
from reporter.case.source import Source, SourceKind
from reporter.case.vocabulary import BiopsyResult, Kind, LevelState, Location, Modality, Side
from reporter.response.interface import (
    Calcifications,
    Category,
    Headline,
    MarkerState,
    NewFindingClass,
    NodeCourse,
    Progression,
    ProgressionKind,
    Regrowth,
    Verdict,
)
from tests.advice.factory import (
    ANSWERED,
    BASELINE_DAY,
    Scene,
    axilla,
    breast,
    day_of,
    flagged,
    marker,
    new_finding,
    node,
    point,
    scene,
    site,
)

US = (Modality.US,)
BEFORE, AFTER = Timing.BEFORE, Timing.AFTER
REGROWN = Regrowth(
    lesion_id="L1", modality=Modality.MR, baseline=mm(100).mm, smallest=mm(60).mm, smallest_time_point=0, now=mm(71).mm
)
NEAR = flagged(Radiologist(near_complete=True))


def holds(name: str, made: Scene, side: Side | None = Side.LEFT) -> bool:
    return CONDITIONS[name](Context(case=made.case, response=made.response, timing=timing_of(made.case), side=side))


def selects(name: str, made: Scene) -> tuple[str, ...]:
    return SELECTORS[name](Context(case=made.case, response=made.response, timing=timing_of(made.case), side=Side.LEFT))


def grown(modality: Modality, lesion_id: str | None = "L1") -> Progression:
    verdict = Verdict(category=Category.PD, rule="test")
    return Progression(kind=ProgressionKind.SITE, modality=modality, lesion_id=lesion_id, verdict=verdict)


BASELINE_REPORTS = {
    "progressive": breast(Category.PD),
    "stable": breast(Category.SD),
    "complete": breast(Category.CR),
    "partial": breast(Category.PR),
    "persistent": breast(Category.NON_CR_NON_PD),
    "indeterminate": breast(headline=Headline.INDETERMINATE),
    "not_evaluable": breast(Category.NE),
    "a_site_not_evaluable": breast(Category.NE),
    "regrowth": replace(breast(), regrowths=(REGROWN,)),
    "new_finding_unsettled": breast(new_findings=[new_finding()]),
    "new_finding_unproven": breast(new_findings=[new_finding()]),
    "new_cancer": breast(new_findings=[new_finding(NewFindingClass.NEW_CANCER)]),
}


@pytest.mark.requirement("S16")
@pytest.mark.parametrize("name", list(BASELINE_REPORTS))
def test_a_baseline_report_has_no_response(name: str) -> None:
    """Row A2: before the start of therapy nothing is classified, whatever the response holds."""
    assert holds(name, scene(AFTER, BASELINE_REPORTS[name]))
    assert not holds(name, scene(BEFORE, BASELINE_REPORTS[name]))


@pytest.mark.parametrize(
    ("category", "headline", "near"),
    [
        (Category.CR, None, True),
        (Category.PR, None, True),
        (Category.SD, None, False),
        (Category.PD, None, False),
        (Category.NE, None, False),
        (Category.PR, Headline.NEAR_COMPLETE, True),
        (Category.NE, Headline.NEAR_COMPLETE, True),
    ],
)
def test_near_complete_needs_a_responding_breast(category: Category, headline: Headline | None, near: bool) -> None:
    """Decision q: it keeps its arithmetic category, and a flag never hides SD or PD."""
    assert holds("near_complete", scene(AFTER, breast(category, headline=headline), facts=NEAR)) is near
    assert not holds("near_complete", scene(BEFORE, breast(category), facts=NEAR))


@pytest.mark.parametrize(
    ("headline", "measured", "complete"),
    [
        (Headline.COMPLETE, (), True),
        (Headline.NEAR_COMPLETE, (), False),
        (Headline.NOT_COMPLETE, (), False),
        (Headline.COMPLETE, ("A",), False),
        (Headline.COMPLETE, ("A", "B"), False),
    ],
)
def test_complete_on_every_modality_that_looked(headline: Headline, measured: tuple[str, ...], complete: bool) -> None:
    """Decision l: one site that another modality still measures is enough against it; then row B3."""
    sites = [
        replace(site(i, Category.CR), still_measured=(point(i, Modality.US, 6),) if i in measured else ()) for i in "AB"
    ]
    made = scene(AFTER, breast(Category.CR, *sites, headline=headline))
    assert holds("complete", made) is complete
    assert holds("partial", made) is not complete


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ((), True),
        ((grown(Modality.MR),), False),
        ((grown(Modality.US),), True),
        ((grown(Modality.MR, "L2"),), True),
        ((grown(Modality.US, "L2"), grown(Modality.MR)), False),
    ],
)
def test_growth_told_as_progression_is_no_regrowth_besides(told: tuple[Progression, ...], found: bool) -> None:
    """Row C10: growth since the smallest that is not PD, by lesion and modality."""
    made = scene(AFTER, replace(breast(), regrowths=(REGROWN,), progressions=told))
    assert holds("regrowth", made) is found
    assert selects("regrown_lesions", made) == (("L1",) if found else ())


def test_growth_that_is_not_pd_is_told_without_a_baseline_too() -> None:
    """Row A5 tells only growth that meets the rule; C10 is about every other."""
    grown_since = replace(breast(), regrowths=(REGROWN,))
    assert holds("regrowth", scene(AFTER, grown_since))
    assert holds("regrowth", scene(AFTER, grown_since, baseline=None))
    assert not holds("regrowth", scene(AFTER, grown_since), None)


@pytest.mark.requirement("S46")
@pytest.mark.parametrize(
    ("baseline_on", "one"),
    [
        ((), False),
        ((Modality.US,), True),
        ((Modality.MG, Modality.DBT), True),
        ((Modality.US, Modality.PT, Modality.EXAM), True),
        ((Modality.US, Modality.MG), False),
        ((Modality.US, Modality.MG, Modality.MR), False),
    ],
)
def test_a_site_that_one_imaging_modality_showed_at_baseline(baseline_on: tuple[Modality, ...], one: bool) -> None:
    """Row C1."""
    made = scene(AFTER, breast(Category.PR, site("A", baseline_on=baseline_on), site("B")))
    assert selects("sites_of_one_modality", made) == ("A",) * one
    assert holds("one_modality_at_baseline", made) is one


@pytest.mark.requirement("S62")
@pytest.mark.parametrize(
    ("other", "receptors", "headline", "asked"),
    [
        (Category.SD, None, None, True),
        (Category.PD, None, None, True),
        (Category.SD, "ER 90 %", None, False),
        (Category.PD, "ER 90 %", None, False),
        (Category.CR, None, None, False),
        (Category.NE, None, None, False),
        (Category.SD, None, Headline.STABLE, False),
    ],
)
def test_biology_of_a_site_that_does_not_respond(
    other: Category, receptors: str | None, headline: Headline | None, asked: bool
) -> None:
    """Decision n: asked only where sites are mixed, and of the unresponsive site, not of the responding one."""
    category = Category.SD if headline else Category.MIXED
    lesions = [
        Lesion(id="A", kind=Kind.MASS, organ="breast", side=Side.LEFT),
        Lesion(id="B", kind=Kind.MASS, organ="breast", side=Side.LEFT, receptors=receptors),
        Lesion(id="C", kind=Kind.MASS, organ="breast", side=Side.LEFT, receptors="HER2 3+"),
    ]
    sites = (site("A"), site("B", other), site("C", other))
    made = scene(AFTER, breast(category, *sites, headline=headline), lesions=lesions)
    assert holds("biology_not_known", made) is asked
    unknown = scene(AFTER, breast(category, site("A"), site("Z", other), headline=headline), lesions=lesions)
    assert not holds("biology_not_known", unknown), "nothing is said of a lesion that the case does not have"


@pytest.mark.parametrize(
    ("headline", "biopsies", "unsettled", "unproven"),
    [
        (Headline.KNOWN_SITE_GONE, [], True, True),
        (Headline.PARTIAL, [], False, False),
        (Headline.PARTIAL, [None], True, True),
        (Headline.PARTIAL, [BiopsyResult.MALIGNANT], True, False),
        (Headline.PARTIAL, [BiopsyResult.MALIGNANT, BiopsyResult.NONE], True, True),
        (Headline.KNOWN_SITE_GONE, [BiopsyResult.PENDING], True, False),
    ],
)
def test_a_new_finding_is_unsettled_until_its_biopsy(
    headline: Headline, biopsies: list[BiopsyResult | None], unsettled: bool, unproven: bool
) -> None:
    """Decision p, row B9."""
    found = [new_finding(lesion_id=f"Z{i}", biopsy=one) for i, one in enumerate(biopsies)]
    made = scene(AFTER, breast(Category.CR, headline=headline, new_findings=found))
    assert holds("new_finding_unsettled", made) is unsettled
    assert holds("new_finding_unproven", made) is unproven


@pytest.mark.requirement("S58")
def test_the_axilla_of_a_breast_without_a_word_of_it_is_not_assessed() -> None:
    """Row C4; the patient as a whole has no axilla."""
    made = scene(AFTER, breast(), axillae=[])
    assert holds("axilla_not_assessed", made)
    assert not holds("axilla_not_assessed", made, None)
    assert not holds("axilla_not_assessed", made, Side.RIGHT)
    assert not holds("axilla_not_assessed", scene(AFTER, breast(), axillae=[axilla()]))
    assert holds("axilla_not_assessed", scene(AFTER, breast(), axillae=[axilla(assessed=False)]))


@pytest.mark.requirement("S33")
@pytest.mark.parametrize(
    ("kinds", "histologies", "found"),
    [
        ((Kind.MASS, Kind.NON_MASS), (), True),
        ((Kind.MASS, Kind.MASS), (), False),
        ((Kind.MASS,), ("invasive lobular carcinoma", "invasive ductal carcinoma"), True),
        ((Kind.MASS,), ("invasive ductal carcinoma",), False),
    ],
)
def test_one_lobular_or_non_mass_lesion_among_others(
    kinds: tuple[Kind, ...], histologies: tuple[str, ...], found: bool
) -> None:
    lesions = [Lesion(id=f"L{i}", kind=kind, organ="breast", side=Side.LEFT) for i, kind in enumerate(kinds)]
    diagnoses = tuple(Diagnosis(side=Side.LEFT, confirmed=True, histology=words) for words in histologies)
    made = scene(AFTER, breast(), lesions=lesions, facts=replace(ANSWERED, diagnosis=diagnoses))
    assert holds("lobular_or_non_mass", made) is found


@pytest.mark.requirement("S59")
@pytest.mark.parametrize(
    ("density", "side", "dense"),
    [("c", Side.LEFT, True), (" D ", Side.LEFT, True), ("b", Side.LEFT, False), ("d", Side.RIGHT, False)],
)
def test_density_is_that_of_the_side(density: str, side: Side, dense: bool) -> None:
    facts = replace(ANSWERED, breast=(Breast(side=side, density=density),))
    assert holds("dense", scene(AFTER, facts=facts)) is dense


def row(lesion_id: str, value: Value, study: str = "then") -> Measurement:
    return Measurement(
        lesion_id=lesion_id, study=study, modality=Modality.MG, value=value, source=Source(SourceKind.TABLE, "t", "1")
    )


SEEN, GONE = Measured(long_axis=mm(20)), Absent()


@pytest.mark.requirement("S31")
@pytest.mark.parametrize(
    ("extent", "kind", "rows", "found"),
    [
        pytest.param(12, Kind.MASS, (), True, id="an extent at baseline"),
        pytest.param(1, Kind.MASS, (), True, id="a small one"),
        pytest.param(0, Kind.CALCIFICATION, (row("K", SEEN),), False, id="an extent of nothing"),
        pytest.param(None, Kind.CALCIFICATION, (row("K", SEEN),), True, id="a row that shows them"),
        pytest.param(None, Kind.CALCIFICATION, (row("K", GONE), row("K", SEEN)), True, id="one row of two"),
        pytest.param(None, Kind.CALCIFICATION, (row("K", GONE),), False, id="a row that does not"),
        pytest.param(None, Kind.CALCIFICATION, (row("K", SEEN, "now"),), False, id="a row of now"),
        pytest.param(None, Kind.CALCIFICATION, (), False, id="no row"),
        pytest.param(None, Kind.MASS, (row("K", SEEN),), False, id="a mass by its size"),
        pytest.param(None, None, (row("K", SEEN),), False, id="no such lesion"),
    ],
)
def test_calcifications_that_were_there_at_baseline(
    extent: int | None, kind: Kind | None, rows: tuple[Measurement, ...], found: bool
) -> None:
    """Row C3: calcifications at baseline, no mammography now."""
    entry = Calcifications(
        lesion_id="K", baseline=None if extent is None else mm(extent), now=None, change=None, assessed_now=False
    )
    lesions = [] if kind is None else [Lesion(id="K", kind=kind, organ="breast", side=Side.LEFT)]
    made = scene(AFTER, replace(breast(modalities=US), calcifications=(entry,)), lesions=lesions, now=US)
    made = replace(made, case=replace(made.case, measurements=rows))
    assert holds("calcifications_unassessed", made) is found
    alone = scene(
        AFTER, replace(breast(modalities=US), calcifications=(entry,)), lesions=lesions, now=US, baseline=None
    )
    assert holds("calcifications_unassessed", alone) is bool(extent), "without a baseline no row shows them"


def test_calcifications_stand_in_order_and_mammography_settles_them() -> None:
    entries = tuple(
        Calcifications(lesion_id=i, baseline=mm(9), now=None, change=None, assessed_now=i == "C") for i in "BAC"
    )
    made = scene(AFTER, replace(breast(modalities=US), calcifications=entries), now=US)
    assert selects("calcification_lesions", made) == ("A", "B")
    done = scene(AFTER, replace(breast(modalities=US), calcifications=entries), now=(Modality.MG,))
    assert not holds("calcifications_unassessed", done)


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        (None, None, set()),
        (None, 1, {"node_abnormal", "node_unexpected"}),
        (1, None, set()),
        (0, 1, {"node_abnormal", "node_unexpected"}),
        (1, 1, {"node_abnormal"}),
        (2, 1, {"node_abnormal"}),
        (2, 0, set()),
        (0, 0, set()),
        (1, 2, {"node_abnormal", "node_unexpected"}),
    ],
)
def test_numbers_of_abnormal_nodes(then: int | None, now: int | None, expected: set[str]) -> None:
    """Clinical ground 2.10: more than before is newly abnormal, as many or fewer persistently."""
    made = scene(AFTER, axillae=[axilla(then=then, now=now)])
    assert {name for name in ("node_abnormal", "node_unexpected") if holds(name, made)} == expected


LEVELS = [
    (LevelState.NORMAL, LevelState.ABNORMAL, True, True),
    (LevelState.ABNORMAL, LevelState.ABNORMAL, True, False),
    (LevelState.NOT_IMAGED, LevelState.ABNORMAL, True, True),
    (None, LevelState.ABNORMAL, True, True),
    (LevelState.ABNORMAL, LevelState.NORMAL, False, False),
    (LevelState.NORMAL, LevelState.NOT_IMAGED, False, False),
]


@pytest.mark.parametrize(("then", "now", "abnormal", "unexpected"), LEVELS)
def test_levels_of_the_axilla(then: LevelState | None, now: LevelState, abnormal: bool, unexpected: bool) -> None:
    """A level is told by its own state at baseline; with a listed abnormal node, by the node alone."""
    entries = [Axilla(side=Side.LEFT, date=day_of(AFTER), levels={Location.AXILLA_1: now})]
    if then is not None:
        entries.append(Axilla(side=Side.LEFT, date=BASELINE_DAY, levels={Location.AXILLA_1: then}))
    facts = replace(ANSWERED, axilla=tuple(entries))
    made = scene(AFTER, axillae=[axilla()], facts=facts)
    assert (holds("node_abnormal", made), holds("node_unexpected", made)) == (abnormal, unexpected)
    listed = scene(AFTER, axillae=[axilla(Side.LEFT, node(NodeCourse.PERSISTENTLY_ABNORMAL))], facts=facts)
    assert not holds("node_unexpected", listed)


@pytest.mark.parametrize(
    ("name", "category", "headline", "of_site"),
    [
        pytest.param("progressive", Category.PR, Headline.PROGRESSIVE, Category.PR, id="PD in line 1"),
        pytest.param("progressive", Category.PD, Headline.MIXED, Category.PR, id="PD of record"),
        pytest.param("progressive", Category.NE, Headline.NOT_EVALUABLE, Category.PD, id="PD of a site"),
        pytest.param("stable", Category.PR, Headline.STABLE, Category.PR, id="SD in line 1"),
        pytest.param("stable", Category.SD, Headline.INDETERMINATE, Category.NE, id="SD of record"),
        pytest.param("stable", Category.NE, Headline.NOT_EVALUABLE, Category.SD, id="SD of a site"),
        pytest.param("mixed", Category.NE, Headline.MIXED, Category.NE, id="mixed in line 1"),
        pytest.param("mixed", Category.MIXED, Headline.PROGRESSIVE, Category.PR, id="mixed of record"),
        pytest.param("not_evaluable", Category.NED, Headline.NOT_EVALUABLE, Category.CR, id="NE in line 1"),
        pytest.param("not_evaluable", Category.NE, Headline.STABLE, Category.SD, id="NE of record"),
        pytest.param("partial", Category.NE, Headline.PARTIAL, Category.NE, id="PR in line 1"),
        pytest.param("partial", Category.NE, Headline.PARTIAL_HELD, Category.NE, id="a held PR in line 1"),
        pytest.param("partial", Category.NE, Headline.NOT_COMPLETE, Category.CR, id="not complete in line 1"),
        pytest.param("partial", Category.PR, Headline.INDETERMINATE, Category.NE, id="PR of record"),
        pytest.param("persistent", Category.NE, Headline.PERSISTENT, Category.NE, id="persistent in line 1"),
        pytest.param("persistent", Category.NON_CR_NON_PD, Headline.INDETERMINATE, Category.NE, id="persistent"),
    ],
)
def test_what_line_1_or_the_record_says_alone(
    name: str, category: Category, headline: Headline, of_site: Category
) -> None:
    """Line 1 tells first what is urgent on any modality; the category of record may be another one (decisions l, n)."""
    assert holds(name, scene(AFTER, breast(category, site(category=of_site), headline=headline)))
    assert not holds(name, scene(AFTER, breast(Category.CR)))


def test_a_new_lesion_that_is_progression_is_enough() -> None:
    """Decision p."""
    found = [new_finding(NewFindingClass.PROGRESSION), new_finding(NewFindingClass.UNSETTLED, "L8")]
    assert holds("progressive", scene(AFTER, breast(new_findings=found)))
    assert not holds("progressive", scene(AFTER, breast(new_findings=found[1:])))


def test_progression_of_a_node_alone_is_progression() -> None:
    """Decision table: PD of a node is B5 for its side."""
    grown_node = node(category=Category.PD)
    assert holds("progressive", scene(AFTER, breast(), axillae=[axilla(Side.LEFT, node(lesion_id="N0"), grown_node)]))
    assert not holds("progressive", scene(AFTER, breast(), axillae=[axilla(Side.LEFT, node())]))


@pytest.mark.parametrize(("without", "found"), [((), False), ((False,), False), ((True,), True), ((False, True), True)])
def test_growth_between_the_studies_at_hand(without: tuple[bool, ...], found: bool) -> None:
    """Row A5: told where there is no baseline, never of a case that has one."""
    told = tuple(replace(grown(Modality.US, f"L{i}"), without_baseline=one) for i, one in enumerate(without))
    assert holds("growth_without_baseline", scene(AFTER, replace(breast(), progressions=told))) is found


@pytest.mark.requirement("S61")
@pytest.mark.parametrize(("kinds", "several"), [("MM", True), ("M", False), ("MS", False), ("MMS", True)])
def test_several_sites_are_more_than_one_that_is_no_skin(kinds: str, several: bool) -> None:
    kind = {"M": Kind.MASS, "S": Kind.SKIN}
    lesions = [Lesion(id=f"L{i}", kind=kind[one], organ="breast", side=Side.LEFT) for i, one in enumerate(kinds)]
    made = scene(AFTER, breast(Category.PR, *(site(f"L{i}") for i in range(len(kinds)))), lesions=lesions)
    assert holds("several_sites", made) is several


@pytest.mark.parametrize(
    ("born", "under"),
    [("2008-07-14", True), ("2008-07-13", False), ("1972-01-01", False), (None, False)],
)
def test_the_topic_is_about_adults_on_the_reported_day(born: str | None, under: bool) -> None:
    """Router 1.1: younger than 18, where known; the eighteenth birthday is the first day of an adult."""
    made = scene(AFTER)
    patient = replace(made.case.patient, birth_date=None if born is None else dt.date.fromisoformat(born))
    made = replace(made, case=replace(made.case, patient=patient))
    assert holds("under_age", made) is under


@pytest.mark.requirement("S1")
@pytest.mark.parametrize(
    ("intent", "other"),
    [
        ("neoadjuvant", False),
        (" Neo-Adjuvant ", False),
        ("NEOADJUVANT", False),
        (None, False),
        ("neoadjuvant chemotherapy", False),
        ("curative", False),
        ("adjuvant", True),
        ("palliative", True),
    ],
)
def test_another_intent_is_one_that_is_stated(intent: str | None, other: bool) -> None:
    assert holds("not_neoadjuvant_stated", scene(AFTER, therapy=Therapy(intent=intent))) is other


def test_the_patient_is_no_breast_with_cancer() -> None:
    """Whatever is stated without a side."""
    stated = replace(ANSWERED, diagnosis=(Diagnosis(confirmed=True),))
    assert not holds("breast_with_cancer", scene(AFTER, facts=stated), None)


@pytest.mark.parametrize(
    ("state", "clip", "placed"),
    [
        (MarkerState.SEEN, None, True),
        (MarkerState.DISPLACED, None, True),
        (MarkerState.NOT_SEEN, None, True),
        (MarkerState.NOT_STATED, True, True),
        (MarkerState.NOT_STATED, False, False),
        (MarkerState.NOT_STATED, None, False),
        (MarkerState.NEVER_PLACED, False, False),
    ],
)
def test_a_marker_was_placed_by_its_state_or_by_the_word_that_it_was(
    state: MarkerState, clip: bool | None, placed: bool
) -> None:
    """Row D1."""
    lesions = [Lesion(id="L1", kind=Kind.MASS, organ="breast", side=Side.LEFT, clip=clip)]
    made = scene(AFTER, breast(markers=[marker(state=state)]), lesions=lesions)
    assert holds("a_marker_placed", made) is placed
    assert selects("markers_of_every_site", made) == ("L1",) * placed


def test_the_marker_of_a_lesion_that_the_case_does_not_have_was_not_placed() -> None:
    made = scene(AFTER, breast(markers=[marker(state=MarkerState.NOT_STATED)]), lesions=[])
    assert not holds("a_marker_placed", made)


@pytest.mark.parametrize(
    ("proven", "state", "placed"),
    [(True, MarkerState.SEEN, True), (False, MarkerState.SEEN, False), (True, MarkerState.NOT_SEEN, False)],
)
def test_the_marker_of_a_proven_node_is_placed_where_it_is_seen(proven: bool, state: MarkerState, placed: bool) -> None:
    """Row D1; of one alone among the nodes."""
    nodes = (node(lesion_id="N0"), node(proven=proven, marker_state=state))
    made = scene(AFTER, breast(markers=[]), axillae=[axilla(Side.LEFT, *nodes)])
    assert holds("a_marker_placed", made) is placed


@pytest.mark.parametrize(("now", "shrinking"), [("29.9", True), ("30", False), ("30.1", False)])
def test_a_lesion_shrinks_by_the_least_that_is_measured(now: str, shrinking: bool) -> None:
    """Row C9: mark now, before it vanishes."""
    result = site(then=30).results[0]
    smaller = replace(result, point=replace(result.point, size=mm(now)))
    one = replace(site(category=Category.SD), record=smaller)
    made = scene(Timing.DURING, breast(Category.SD, one, markers=[marker(state=MarkerState.NEVER_PLACED)]))
    assert holds("unmarked_shrinking", made) is shrinking


@pytest.mark.parametrize(
    ("proven", "course", "counts"),
    [
        (True, NodeCourse.NORMAL, True),
        (False, NodeCourse.RESOLVED, True),
        (False, NodeCourse.PERSISTENTLY_ABNORMAL, True),
        (False, NodeCourse.NORMAL, False),
        (False, NodeCourse.NEWLY_ABNORMAL, False),
    ],
)
def test_a_node_that_was_never_abnormal_needs_no_marker(proven: bool, course: NodeCourse, counts: bool) -> None:
    """Row C9."""
    one = node(course, proven=proven, marker_state=MarkerState.NEVER_PLACED, then=16, now=9)
    made = scene(Timing.DURING, breast(), axillae=[axilla(Side.LEFT, one)])
    assert holds("unmarked_shrinking", made) is counts


@pytest.mark.requirement("S37")
@pytest.mark.parametrize(
    ("kind", "state", "unconfirmed"),
    [
        (Kind.MASS, MarkerState.SEEN, False),
        (Kind.MASS, MarkerState.DISPLACED, True),
        (Kind.MASS, MarkerState.NOT_SEEN, True),
        (Kind.MASS, MarkerState.NEVER_PLACED, True),
        (Kind.MASS, MarkerState.NOT_STATED, True),
        (Kind.SKIN, MarkerState.NOT_STATED, False),
        (None, MarkerState.NOT_STATED, True),
    ],
)
def test_a_bed_is_confirmed_by_its_own_marker_in_its_place(
    kind: Kind | None, state: MarkerState, unconfirmed: bool
) -> None:
    """Rows B1 and B2; skin has no bed."""
    lesions = [] if kind is None else [Lesion(id="L1", kind=kind, organ="breast", side=Side.LEFT)]
    known = breast(Category.CR, markers=[marker(state=state)])
    made = scene(AFTER, known, lesions=lesions)
    assert holds("bed_unconfirmed", made) is unconfirmed


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        pytest.param(Radiologist(near_complete=True), ("L2", "L3"), id="the breast"),
        pytest.param(Radiologist(near_complete=False), (), id="denied of the breast"),
        pytest.param(Radiologist(indeterminate=True), (), id="another flag of the breast"),
        pytest.param(Radiologist(lesion_id="L2", near_complete=True), ("L2",), id="a stable site"),
        pytest.param(Radiologist(lesion_id="L3", near_complete=True), ("L3",), id="a progressive site"),
        pytest.param(Radiologist(lesion_id="L2", near_complete=False), (), id="denied of a site"),
        pytest.param(Radiologist(lesion_id="L2", indeterminate=True), (), id="another flag of a site"),
        pytest.param(Radiologist(lesion_id="L1", near_complete=True), (), id="a responding site"),
    ],
)
def test_near_complete_speaks_against_what_is_stable_or_progressive(
    flags: Radiologist, expected: tuple[str, ...]
) -> None:
    """The flag never hides them (decision q)."""
    three = (site("L1"), site("L2", Category.SD), site("L3", Category.PD))
    made = scene(AFTER, breast(Category.PD, *three), facts=flagged(flags))
    context = Context(case=made.case, response=made.response, timing=AFTER, side=Side.LEFT)
    assert near_complete_against(context) == expected


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(BiopsyResult.BENIGN, ("L1",), id="stated benign"),
        pytest.param(BiopsyResult.MALIGNANT, ("L1", "K1"), id="proven malignant"),
        pytest.param(None, ("L1", "K1"), id="not stated"),
    ],
)
def test_marked_calcifications_have_a_bed_unless_they_are_benign(
    result: BiopsyResult | None, expected: tuple[str, ...]
) -> None:
    area = Lesion(id="K1", kind=Kind.CALCIFICATION, organ="breast", side=Side.LEFT, biopsy_result=result)
    mass = Lesion(id="L1", kind=Kind.MASS, organ="breast", side=Side.LEFT)
    made = scene(AFTER, breast(Category.CR, markers=[marker("L1"), marker("K1")]), lesions=[mass, area])
    assert beds(Context(case=made.case, response=made.response, timing=AFTER, side=Side.LEFT)) == expected


@pytest.mark.requirement("S10")
@pytest.mark.parametrize(("now", "made"), [((Modality.US, Modality.PT), True), ((Modality.US,), False)])
def test_pet_ct_that_was_made(now: tuple[Modality, ...], made: bool) -> None:
    assert holds("pet_ct_made", scene(AFTER, now=now)) is made


@pytest.mark.requirement("S35")
@pytest.mark.parametrize(("modality", "looked"), [(Modality.US, True), (Modality.PT, False), (Modality.EXAM, False)])
def test_a_flagged_site_that_local_imaging_did_not_look_at_is_not_indeterminate(
    modality: Modality, looked: bool
) -> None:
    """Decision q: a missing row is not evaluable, never indeterminate."""
    flags = (Radiologist(side=Side.LEFT, date=day_of(AFTER), indeterminate=True),)
    one = site(results_on=(modality,))
    made = scene(AFTER, breast(Category.PR, one), facts=replace(ANSWERED, radiologist=flags))
    assert holds("indeterminate", made) is looked
