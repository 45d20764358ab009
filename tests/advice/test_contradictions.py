"""What cannot both be right is asked, with what was stated and where; what agrees is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from reporter.advice.context import Context
from reporter.advice.contradictions import contradictions, malignant
from reporter.advice.interface import Timing
from reporter.case.case import LeftOut
from reporter.case.facts import (
    Axilla,
    Breast,
    Clinical,
    Diagnosis,
    Entry,
    Negatives,
    Radiologist,
    Therapy,
)
from reporter.case.issue import Issue, Outcome
from reporter.case.length import cm, mm
from reporter.case.lesion import Lesion
from reporter.case.measurement import Absent, Measured, Measurement, Value
from reporter.case.source import Source, SourceKind
from reporter.case.vocabulary import BiopsyResult, Kind, LevelState, Location, Modality, Side, TherapyStatus
from reporter.response.interface import Category, Headline, NodeAppearance, NodeCourse, NodeResponse
from tests.advice.factory import (
    AFTER_DAY,
    ANSWERED,
    BASELINE_DAY,
    END,
    START,
    Scene,
    axilla,
    breast,
    node,
    scene,
)

LEFT, RIGHT = Side.LEFT, Side.RIGHT
AFTER = Timing.AFTER
ABNORMAL, NORMAL = LevelState.ABNORMAL, LevelState.NORMAL
LEVEL_1, LEVEL_2 = Location.AXILLA_1, Location.AXILLA_2


def asked(made: Scene) -> list[Issue]:
    """All that is asked of a case, in order."""
    patient = Context(case=made.case, response=made.response, timing=AFTER)
    sides = tuple(replace(patient, side=side) for side in made.case.sides)
    return list(contradictions(patient, sides))


def of_code(made: Scene, code: str) -> list[Issue]:
    return [issue for issue in asked(made) if issue.code == code]


@pytest.mark.parametrize("category", [Category.SD, Category.PD])
def test_near_complete_is_asked_about_only_where_there_is_a_response(category: Category) -> None:
    """Not of a baseline report, and not of a case out of scope: neither has a category that could stand against it."""
    flags = (Radiologist(side=LEFT, date=AFTER_DAY, near_complete=True),)
    made = scene(AFTER, breast(category), facts=replace(ANSWERED, radiologist=flags))
    (issue,) = of_code(made, "NEAR_COMPLETE_CONTRADICTED")
    assert (issue.side, issue.column, issue.operands) == (LEFT, "radiologist.near_complete", {"lesions": "L1"})
    before = Context(case=made.case, response=made.response, timing=Timing.BEFORE)
    sides = tuple(replace(before, side=side) for side in made.case.sides)
    assert "NEAR_COMPLETE_CONTRADICTED" not in {issue.code for issue in contradictions(before, sides)}
    for headline in (Headline.BASELINE, Headline.NOT_CLASSIFIED):
        none = scene(AFTER, breast(category, headline=headline), facts=replace(ANSWERED, radiologist=flags))
        assert of_code(none, "NEAR_COMPLETE_CONTRADICTED") == []


def question(code: str, side: Side | None, column: str, **operands: object) -> Issue:
    return Issue(code=code, outcome=Outcome.QUESTION, side=side, column=column, operands=operands)  # type: ignore[arg-type]


def mass(lesion_id: str, result: BiopsyResult | None, *, side: Side = LEFT, kind: Kind = Kind.MASS) -> Lesion:
    return Lesion(id=lesion_id, kind=kind, organ="breast", side=side, biopsy_result=result)


def test_a_case_that_agrees_with_itself_is_not_asked() -> None:
    assert asked(scene(AFTER)) == []
    assert asked(scene(AFTER, axillae=[axilla(LEFT, node(NodeCourse.PERSISTENTLY_ABNORMAL))])) == []


class TestDiagnosis:
    """Stated not to be proven, beside a biopsy that proves it."""

    @pytest.mark.parametrize(
        ("result", "confirmed", "contradicted"),
        [
            (BiopsyResult.MALIGNANT, False, True),
            (BiopsyResult.MALIGNANT, True, False),
            (BiopsyResult.MALIGNANT, None, False),
            (BiopsyResult.BENIGN, False, False),
            (BiopsyResult.PENDING, False, False),
            (None, False, False),
        ],
    )
    def test_against_a_biopsy(self, result: BiopsyResult | None, confirmed: bool | None, contradicted: bool) -> None:
        facts = replace(ANSWERED, diagnosis=(Diagnosis(side=LEFT, confirmed=confirmed),))
        made = scene(AFTER, facts=facts, lesions=[mass("L1", result)])
        expected = question("DIAGNOSIS_CONTRADICTED", LEFT, "diagnosis.confirmed", lesions="L1")
        assert asked(made) == [expected] * contradicted

    def test_every_proven_lesion_of_that_side_is_named_a_node_too(self) -> None:
        lesions = [
            mass("N1", BiopsyResult.MALIGNANT, kind=Kind.NODE),
            mass("A", BiopsyResult.MALIGNANT),
            mass("B", BiopsyResult.BENIGN),
            mass("R", BiopsyResult.MALIGNANT, side=RIGHT),
        ]
        facts = replace(ANSWERED, diagnosis=(Diagnosis(side=LEFT, confirmed=False),))
        made = scene(AFTER, facts=facts, lesions=lesions)
        assert [lesion.id for lesion in malignant(made.case, LEFT)] == ["A", "N1"]
        assert [issue.operands for issue in asked(made)] == [{"lesions": "A, N1"}]

    def test_one_entry_of_several_is_enough(self) -> None:
        """At whatever date, of the breast or of one of its lesions."""
        entries = (Diagnosis(side=LEFT, confirmed=True), Diagnosis(side=LEFT, lesion_id="L1", confirmed=False))
        made = scene(AFTER, facts=replace(ANSWERED, diagnosis=entries))
        assert [issue.code for issue in asked(made)] == ["DIAGNOSIS_CONTRADICTED"]


def abnormal(lesion_id: str, location: Location | None = LEVEL_1) -> NodeResponse:
    return replace(node(NodeCourse.PERSISTENTLY_ABNORMAL, lesion_id), location=location)


def beside(entries: Iterable[Axilla], *nodes: NodeResponse) -> Scene:
    """Nodes of the left axilla beside what is stated of it."""
    return scene(AFTER, axillae=[axilla(LEFT, *nodes)], facts=replace(ANSWERED, axilla=tuple(entries)))


class TestNodes:
    """Nodes described as abnormal, beside a number or a level that says otherwise."""

    @pytest.mark.parametrize(("stated", "contradicted"), [(0, True), (1, True), (2, False), (3, False), (None, False)])
    def test_fewer_abnormal_nodes_are_stated_than_are_described(self, stated: int | None, contradicted: bool) -> None:
        """More may be stated: not every node is followed one by one."""
        made = beside([Axilla(side=LEFT, abnormal_nodes=stated)], abnormal("N2"), node(lesion_id="N3"), abnormal("N1"))
        expected = question(
            "NODES_COUNT_CONTRADICTED",
            LEFT,
            "axilla.abnormal_nodes",
            date=str(AFTER_DAY),
            lesions="N1, N2",
            count=stated,
        )
        assert asked(made) == [expected] * contradicted

    def test_no_node_described_as_abnormal_contradicts_nothing(self) -> None:
        entry = Axilla(side=LEFT, abnormal_nodes=0, levels={LEVEL_1: NORMAL})
        assert asked(beside([entry], node(lesion_id="N1"))) == []

    @pytest.mark.parametrize(
        ("location", "levels", "contradicted"),
        [
            (LEVEL_1, {LEVEL_1: NORMAL}, True),
            (LEVEL_1, {LEVEL_1: NORMAL, LEVEL_2: ABNORMAL}, True),
            (LEVEL_1, {LEVEL_1: ABNORMAL}, False),
            (LEVEL_1, {LEVEL_1: LevelState.NOT_IMAGED}, False),
            (LEVEL_1, {LEVEL_2: NORMAL}, False),
            (None, {LEVEL_1: NORMAL, LEVEL_2: NORMAL}, True),
            (None, {LEVEL_1: NORMAL, LEVEL_2: LevelState.NOT_IMAGED}, True),
            (None, {LEVEL_1: NORMAL, LEVEL_2: ABNORMAL}, False),
            (None, {LEVEL_1: LevelState.NOT_IMAGED}, False),
            (None, {}, False),
        ],
    )
    def test_a_level_is_stated_normal(
        self, location: Location | None, levels: dict[Location, LevelState], contradicted: bool
    ) -> None:
        """Of a node without a level: where all stated levels are normal, it can be in none of them."""
        made = beside([Axilla(side=LEFT, levels=levels)], abnormal("N1", location))
        expected = question("NODES_LEVEL_CONTRADICTED", LEFT, "axilla.levels", date=str(AFTER_DAY), lesions="N1")
        assert asked(made) == [expected] * contradicted

    def test_the_node_of_another_level_is_not_named(self) -> None:
        made = beside([Axilla(side=LEFT, levels={LEVEL_1: NORMAL})], abnormal("N1"), abnormal("N2", LEVEL_2))
        assert [issue.operands["lesions"] for issue in asked(made)] == ["N1"]

    def test_a_number_and_a_level_are_asked_apart(self) -> None:
        made = beside([Axilla(side=LEFT, abnormal_nodes=0, levels={LEVEL_1: NORMAL})], abnormal("N1"))
        assert [issue.code for issue in asked(made)] == ["NODES_COUNT_CONTRADICTED", "NODES_LEVEL_CONTRADICTED"]

    @pytest.mark.parametrize("then", list(NodeAppearance))
    def test_at_baseline_by_how_it_looked_then(self, then: NodeAppearance) -> None:
        resolved = replace(node(NodeCourse.RESOLVED, "N1"), appearance_baseline=then)
        made = beside([Axilla(side=LEFT, date=BASELINE_DAY, abnormal_nodes=0)], resolved)
        days = [issue.operands["date"] for issue in asked(made)]
        assert days == [str(BASELINE_DAY)] * (then is NodeAppearance.ABNORMAL)

    def test_baseline_and_now_in_that_order(self) -> None:
        both = [Axilla(side=LEFT, date=day, abnormal_nodes=0) for day in (AFTER_DAY, BASELINE_DAY)]
        persistent = replace(abnormal("N1"), appearance_baseline=NodeAppearance.ABNORMAL)
        days = [issue.operands["date"] for issue in asked(beside(both, persistent))]
        assert days == [str(BASELINE_DAY), str(AFTER_DAY)]

    def test_a_baseline_report_is_asked_once(self) -> None:
        seen = replace(abnormal("N1"), appearance_baseline=NodeAppearance.ABNORMAL)
        facts = replace(ANSWERED, axilla=(Axilla(side=LEFT, abnormal_nodes=0),))
        made = scene(Timing.BEFORE, breast(Category.BASELINE), axillae=[axilla(LEFT, seen)], facts=facts)
        assert [issue.operands["date"] for issue in asked(made)] == [str(BASELINE_DAY)]

    def test_without_a_baseline_only_now_is_asked(self) -> None:
        facts = replace(ANSWERED, axilla=(Axilla(side=LEFT, abnormal_nodes=0),))
        seen = replace(abnormal("N1"), appearance_baseline=NodeAppearance.ABNORMAL)
        made = scene(AFTER, axillae=[axilla(LEFT, seen)], facts=facts, baseline=None)
        assert [issue.operands["date"] for issue in asked(made)] == [str(AFTER_DAY)]

    def test_of_the_other_side_nothing_is_said(self) -> None:
        assert asked(beside([Axilla(side=RIGHT, abnormal_nodes=0)], abnormal("N1"))) == []


class TestStatusAgainstDates:
    """The status of therapy as stated, against its dates, on the day of the last study (decision m)."""

    @pytest.mark.parametrize(
        ("status", "start", "end", "contradicted"),
        [
            (TherapyStatus.NOT_STARTED, START, END, True),
            (TherapyStatus.NOT_STARTED, START, None, True),
            (TherapyStatus.NOT_STARTED, AFTER_DAY - dt.timedelta(days=1), None, True),
            (TherapyStatus.NOT_STARTED, AFTER_DAY, None, False),
            (TherapyStatus.NOT_STARTED, None, None, False),
            (TherapyStatus.NOT_STARTED, None, END, False),
            (TherapyStatus.ONGOING, START, END, True),
            (TherapyStatus.ONGOING, None, END, True),
            (TherapyStatus.ONGOING, START, AFTER_DAY, False),
            (TherapyStatus.ONGOING, START, None, False),
            (TherapyStatus.ONGOING, AFTER_DAY, None, True),
            (TherapyStatus.COMPLETED, START, END, False),
            (TherapyStatus.COMPLETED, START, None, False),
            (TherapyStatus.COMPLETED, START, AFTER_DAY, True),
            (TherapyStatus.COMPLETED, None, None, False),
            (None, START, END, False),
            (None, None, None, False),
        ],
    )
    def test_status(
        self, status: TherapyStatus | None, start: dt.date | None, end: dt.date | None, contradicted: bool
    ) -> None:
        made = scene(AFTER, therapy=Therapy(intent="neoadjuvant", status=status, start=start, end=end))
        expected = question(
            "THERAPY_STATUS_CONTRADICTED",
            None,
            "therapy.status",
            status=str(status),
            date=str(AFTER_DAY),
            start=str(start or "-"),
            end=str(end or "-"),
        )
        assert asked(made) == [expected] * contradicted

    @pytest.mark.parametrize(
        ("status", "code", "contradicted"),
        [
            (TherapyStatus.COMPLETED, "TP_LATER", False),
            (TherapyStatus.COMPLETED, "DUPLICATE", True),
            (TherapyStatus.NOT_STARTED, "TP_LATER", True),
        ],
    )
    def test_a_status_speaks_of_the_latest_time_point(
        self, status: TherapyStatus, code: str, contradicted: bool
    ) -> None:
        """An earlier one that is reported has a status of its own; not started is told of every time point."""
        therapy = Therapy(intent="neoadjuvant", status=status, start=START, end=AFTER_DAY)
        made = scene(AFTER, therapy=therapy)
        left = (LeftOut(what="later", code=code), LeftOut(what="scout", code="NO_MODALITY"))
        made = replace(made, case=replace(made.case, left_out=left))
        assert bool(of_code(made, "THERAPY_STATUS_CONTRADICTED")) is contradicted


def two_studies(therapy: Therapy) -> Scene:
    """The reported time point has a second study, two days after the first."""
    made = scene(AFTER, therapy=therapy)
    last = replace(made.case.studies[-1], key="later", date=AFTER_DAY + dt.timedelta(days=2))
    first, now = made.case.timeline.time_points
    timeline = replace(made.case.timeline, time_points=(first, replace(now, studies=("now", "later"))))
    return replace(made, case=replace(made.case, studies=(*made.case.studies, last), timeline=timeline))


def test_the_status_is_that_on_the_day_of_the_last_study() -> None:
    """The last dose lay between the two."""
    agrees = Therapy(intent="neoadjuvant", status=TherapyStatus.COMPLETED, start=START, end=AFTER_DAY)
    assert asked(two_studies(agrees)) == []
    differs = replace(agrees, status=TherapyStatus.ONGOING)
    found = asked(two_studies(differs))
    assert [issue.operands["date"] for issue in found] == [str(AFTER_DAY + dt.timedelta(days=2))]


def row(study: str, value: Value, lesion_id: str = "L1", modality: Modality | None = Modality.US) -> Measurement:
    source = Source(SourceKind.TABLE, "table.csv", "row 2")
    return Measurement(lesion_id=lesion_id, study=study, modality=modality, value=value, source=source)


def long(size: object) -> Measured:
    return Measured(long_axis=mm(str(size)))


def untreated(*rows: Measurement, lesions: Iterable[Lesion] | None = None, therapy: Therapy | None = None) -> Scene:
    """Therapy stated not to have started, beside measurements of then and now."""
    plain = Therapy(intent="neoadjuvant", status=TherapyStatus.NOT_STARTED)
    made = scene(AFTER, therapy=therapy or plain, lesions=lesions)
    return replace(made, case=replace(made.case, measurements=rows))


class TestChangeWithoutTherapy:
    """Therapy stated not to have started, beside sizes that changed as only a response or progression would."""

    @pytest.mark.parametrize(
        ("then", "now", "changed"),
        [
            ("30", "21", True),
            ("30", "21.05", False),
            ("1", "0.7", True),
            ("30", "36", True),
            ("30", "35.95", False),
            ("20", "25", True),
            ("20", "24.9", False),
            ("24", "29", True),
            ("24", "28.9", False),
            ("0", "5", True),
            ("0", "0", False),
            ("30", "30", False),
        ],
    )
    def test_by_the_limits_of_the_categories(self, then: str, now: str, changed: bool) -> None:
        """Decision d: -30 %; +20 % with at least 5 mm, both inclusive and exact."""
        expected = question(
            "THERAPY_NOT_STARTED_CHANGE",
            None,
            "therapy.status",
            lesion="L1",
            then=mm(then),
            now=mm(now),
            first_date=str(BASELINE_DAY),
            second_date=str(AFTER_DAY),
        )
        assert asked(untreated(row("then", long(then)), row("now", long(now)))) == [expected] * changed

    def test_a_centimetre_is_ten_millimetres(self) -> None:
        assert asked(untreated(row("then", long(30)), row("now", Measured(long_axis=cm("3.1"))))) == []

    def test_of_several_sizes_the_first_and_the_last(self) -> None:
        made = untreated(row("then", long(30)), row("mid", long(18)), row("now", long(29)))
        middle = replace(made.case.studies[0], key="mid", date=BASELINE_DAY + dt.timedelta(days=60))
        made = replace(made, case=replace(made.case, studies=(made.case.studies[0], middle, made.case.studies[1])))
        assert asked(made) == []

    def test_within_one_modality_only(self) -> None:
        """The unnamed one is one of its own."""
        assert asked(untreated(row("then", long(30)), row("now", long(15), modality=Modality.MR))) == []
        assert asked(untreated(row("then", long(30)), row("now", long(15), modality=None))) == []
        unnamed = untreated(row("then", long(30), modality=None), row("now", long(15), modality=None))
        assert len(asked(unnamed)) == 1

    @pytest.mark.parametrize("modality", [Modality.PT, Modality.EXAM])
    def test_never_by_pet_or_examination(self, modality: Modality) -> None:
        """Decision l: neither is ever the size of a site."""
        assert asked(untreated(row("then", long(30), modality=modality), row("now", long(15), modality=modality))) == []

    def test_sizes_of_one_day_are_no_change(self) -> None:
        assert asked(untreated(row("now", long(30)), row("now", long(15)))) == []

    def test_of_a_node_the_short_axis(self) -> None:
        nodes = [mass("N1", None, kind=Kind.NODE)]
        values = [Measured(long_axis=mm(40), short_axis=mm(16)), Measured(long_axis=mm(20), short_axis=mm(15))]
        assert asked(untreated(row("then", values[0], "N1"), row("now", values[1], "N1"), lesions=nodes)) == []
        shrunk = replace(values[1], short_axis=mm(8))
        found = asked(untreated(row("then", values[0], "N1"), row("now", shrunk, "N1"), lesions=nodes))
        assert [(i.operands["lesion"], i.operands["then"], i.operands["now"]) for i in found] == [("N1", mm(16), mm(8))]

    @pytest.mark.parametrize("value", [Absent(), Measured(short_axis=mm(5))])
    def test_without_a_size_nothing_is_compared(self, value: Value) -> None:
        assert asked(untreated(row("then", long(30)), row("now", value))) == []

    def test_lesion_by_lesion(self) -> None:
        rows = [row("then", long(30), i) for i in ("A", "B")] + [row("now", long(30), "A"), row("now", long(12), "B")]
        found = asked(untreated(*rows, lesions=[mass("A", None), mass("B", None)]))
        assert [issue.operands["lesion"] for issue in found] == ["B"]

    @pytest.mark.parametrize("status", [TherapyStatus.ONGOING, TherapyStatus.COMPLETED, None])
    def test_only_where_therapy_is_stated_not_to_have_started(self, status: TherapyStatus | None) -> None:
        therapy = Therapy(intent="neoadjuvant", status=status)
        assert asked(untreated(row("then", long(30)), row("now", long(15)), therapy=therapy)) == []

    def test_where_the_dates_differ_that_alone_is_asked(self) -> None:
        therapy = Therapy(intent="neoadjuvant", status=TherapyStatus.NOT_STARTED, start=START)
        found = asked(untreated(row("then", long(30)), row("now", long(15)), therapy=therapy))
        assert [issue.code for issue in found] == ["THERAPY_STATUS_CONTRADICTED"]


NEXT_DAY = AFTER_DAY + dt.timedelta(days=2)
"""Of the same time point."""


def two(entry: Entry, other: Entry, name: str, **common: object) -> Scene:
    """Two entries of one list, given for two days of the reported time point."""
    placed: dict[str, Any] = {"side": LEFT, "date": AFTER_DAY, **common}
    entries = (replace(entry, **placed), replace(other, **placed, given_date=NEXT_DAY))
    listed: dict[str, Any] = {name: entries}
    return scene(AFTER, facts=replace(ANSWERED, **listed))


class TestTwoDates:
    """Entries of one time point, given for different days, that say different things."""

    @pytest.mark.parametrize(
        ("name", "key", "entry", "other"),
        [
            ("diagnosis", "grade", Diagnosis(grade=2), Diagnosis(grade=3)),
            ("clinical", "palpable", Clinical(palpable=False), Clinical(palpable=True)),
            ("axilla", "abnormal_nodes", Axilla(abnormal_nodes=0), Axilla(abnormal_nodes=1)),
            ("axilla", "levels", Axilla(levels={LEVEL_1: NORMAL}), Axilla(levels={LEVEL_1: ABNORMAL})),
            ("breast", "density", Breast(density="b"), Breast(density="c")),
            ("negatives", "skin", Negatives(skin="normal"), Negatives(skin="thickened")),
            ("radiologist", "birads", Radiologist(birads="6"), Radiologist(birads="4A")),
        ],
    )
    def test_of_every_kind(self, name: str, key: str, entry: Entry, other: Entry) -> None:
        path = f"{name}.{key}"
        days = {"first_date": str(AFTER_DAY), "second_date": str(NEXT_DAY)}
        assert asked(two(entry, other, name)) == [question("FACTS_TWO_DATES", LEFT, path, key=path, **days)]
        assert asked(two(other, entry, name)) == asked(two(entry, other, name))

    @pytest.mark.parametrize(
        ("entry", "other"),
        [
            (Clinical(palpable=True), Clinical(palpable=True)),
            (Clinical(palpable=True), Clinical()),
            (Clinical(palpable=True), Clinical(worsening=True)),
            (Clinical(), Clinical()),
        ],
    )
    def test_what_agrees_or_stands_alone_is_not_asked(self, entry: Entry, other: Entry) -> None:
        assert asked(two(entry, other, "clinical")) == []

    def test_an_empty_table_of_levels_says_nothing(self) -> None:
        assert asked(two(Axilla(levels={LEVEL_1: NORMAL}), Axilla(), "axilla")) == []

    def test_a_lesion_and_its_breast_may_differ(self) -> None:
        entries = (
            Radiologist(side=LEFT, date=AFTER_DAY, near_complete=True, lesion_id="L1"),
            Radiologist(side=LEFT, date=AFTER_DAY, given_date=NEXT_DAY, near_complete=False),
        )
        assert asked(scene(AFTER, facts=replace(ANSWERED, radiologist=entries))) == []

    def test_two_time_points_and_two_sides_may_differ(self) -> None:
        entries = (
            Clinical(side=LEFT, date=BASELINE_DAY, palpable=True),
            Clinical(side=LEFT, date=AFTER_DAY, palpable=False),
            Clinical(side=RIGHT, date=AFTER_DAY, given_date=NEXT_DAY, palpable=True),
        )
        assert asked(scene(AFTER, facts=replace(ANSWERED, clinical=entries))) == []

    def test_of_no_time_point_nothing_is_compared(self) -> None:
        entries = (
            Diagnosis(side=LEFT, given_date=BASELINE_DAY, grade=2, confirmed=True),
            Diagnosis(side=LEFT, given_date=AFTER_DAY, grade=3),
        )
        assert asked(scene(AFTER, facts=replace(ANSWERED, diagnosis=entries))) == []

    def test_a_yes_against_a_no(self) -> None:
        """False is a word, not its absence."""
        assert len(asked(two(Clinical(worsening=False), Clinical(worsening=True), "clinical"))) == 1

    def test_of_three_days_the_first_and_the_last_are_named(self) -> None:
        days = [NEXT_DAY, AFTER_DAY, AFTER_DAY + dt.timedelta(days=1)]
        entries = tuple(Clinical(side=LEFT, date=AFTER_DAY, given_date=day, palpable=day == AFTER_DAY) for day in days)
        found = asked(scene(AFTER, facts=replace(ANSWERED, clinical=entries)))
        assert [(i.operands["first_date"], i.operands["second_date"]) for i in found] == [
            (str(AFTER_DAY), str(NEXT_DAY))
        ]


def test_of_the_patient_first_then_side_by_side() -> None:
    entries = (Diagnosis(side=LEFT, confirmed=False), Diagnosis(side=RIGHT, confirmed=False))
    days = (
        Clinical(side=LEFT, date=AFTER_DAY, palpable=False),
        Clinical(side=LEFT, date=AFTER_DAY, given_date=NEXT_DAY, palpable=True),
    )
    made = scene(
        AFTER,
        breast(),
        axillae=[axilla(LEFT, abnormal("N1"))],
        lesions=[mass("L1", BiopsyResult.MALIGNANT), mass("R1", BiopsyResult.MALIGNANT, side=RIGHT)],
        facts=replace(ANSWERED, diagnosis=entries, clinical=days, axilla=(Axilla(side=LEFT, abnormal_nodes=0),)),
        therapy=Therapy(intent="neoadjuvant", start=START, status=TherapyStatus.NOT_STARTED),
    )
    assert [(issue.code, issue.side) for issue in asked(made)] == [
        ("THERAPY_STATUS_CONTRADICTED", None),
        ("FACTS_TWO_DATES", LEFT),
        ("DIAGNOSIS_CONTRADICTED", LEFT),
        ("NODES_COUNT_CONTRADICTED", LEFT),
        ("DIAGNOSIS_CONTRADICTED", RIGHT),
    ]


@pytest.mark.parametrize("flag", ["near_complete", "indeterminate", "residual_large", "restate"])
def test_what_only_therapy_brings_about_is_asked_about_before_it(flag: str) -> None:
    flags = (Radiologist(side=LEFT, date=AFTER_DAY, **{flag: True}),)  # type: ignore[arg-type]
    clinical = (Clinical(side=LEFT, date=AFTER_DAY, worsening=True),)
    facts = replace(ANSWERED, radiologist=flags, clinical=clinical)
    made = scene(AFTER, breast(), facts=facts)
    for timing, expected in ((Timing.BEFORE, True), (AFTER, False), (Timing.UNSTATED, False)):
        patient = Context(case=made.case, response=made.response, timing=timing)
        sides = tuple(replace(patient, side=side) for side in made.case.sides)
        found = [i for i in contradictions(patient, sides) if i.code.endswith("_BEFORE_THERAPY")]
        assert found == (
            [
                question("WORSENING_BEFORE_THERAPY", LEFT, "clinical.worsening"),
                question("FLAGS_BEFORE_THERAPY", LEFT, f"radiologist.{flag}", key=flag),
            ]
            if expected
            else []
        )


def test_several_flags_before_therapy_are_one_question() -> None:
    flags = (Radiologist(side=LEFT, date=AFTER_DAY, restate=True, indeterminate=True, near_complete=False),)
    made = scene(AFTER, breast(), facts=replace(ANSWERED, radiologist=flags))
    patient = Context(case=made.case, response=made.response, timing=Timing.BEFORE)
    (issue,) = contradictions(patient, (replace(patient, side=LEFT),))
    assert issue == question("FLAGS_BEFORE_THERAPY", LEFT, "radiologist.indeterminate", key="indeterminate, restate")


@pytest.mark.parametrize(
    ("said", "looks", "asked_about"),
    [
        ((False,), NodeAppearance.ABNORMAL, True),
        ((False,), NodeAppearance.NORMAL, False),
        ((True,), NodeAppearance.ABNORMAL, False),
        ((None,), NodeAppearance.ABNORMAL, False),
        ((False, True), NodeAppearance.ABNORMAL, False),
    ],
)
def test_nodes_said_not_to_be_suspicious_before_therapy(
    said: tuple[bool | None, ...], looks: NodeAppearance, asked_about: bool
) -> None:
    entries = tuple(
        Axilla(side=LEFT, date=day, imaging_suspicious=one)
        for one, day in zip(said, (AFTER_DAY, BASELINE_DAY), strict=False)
    )
    nodes = [replace(node(NodeCourse.RESOLVED, i), appearance_baseline=looks) for i in ("N2", "N1")]
    made = scene(AFTER, breast(), axillae=[axilla(LEFT, *nodes)], facts=replace(ANSWERED, axilla=entries))
    before = Context(case=made.case, response=made.response, timing=Timing.BEFORE, side=LEFT)
    found = [i for i in contradictions(before, (before,)) if i.code == "NODE_SUSPICION_CONTRADICTED"]
    expected = question("NODE_SUSPICION_CONTRADICTED", LEFT, "axilla.imaging_suspicious", lesions="N1, N2")
    assert found == ([expected] if asked_about else [])
    assert of_code(made, "NODE_SUSPICION_CONTRADICTED") == [], "after therapy it decides nothing"


def test_a_benign_node_that_looks_abnormal_is_not_suspicious() -> None:
    entry = Axilla(side=LEFT, date=AFTER_DAY, imaging_suspicious=False)
    one = replace(node(NodeCourse.NORMAL), appearance_baseline=NodeAppearance.ABNORMAL)
    lesion = Lesion(id="N1", kind=Kind.NODE, organ="axilla", side=LEFT, biopsy_result=BiopsyResult.BENIGN)
    made = scene(
        AFTER, breast(), axillae=[axilla(LEFT, one)], lesions=[lesion], facts=replace(ANSWERED, axilla=(entry,))
    )
    before = Context(case=made.case, response=made.response, timing=Timing.BEFORE, side=LEFT)
    assert "NODE_SUSPICION_CONTRADICTED" not in {issue.code for issue in contradictions(before, (before,))}


@pytest.mark.parametrize(
    ("possible", "now", "asked_about"),
    [(False, (Modality.MR,), True), (False, (Modality.US,), False), (True, (Modality.MR,), False)],
)
def test_mri_said_not_to_be_possible_that_was_made(
    possible: bool, now: tuple[Modality, ...], asked_about: bool
) -> None:
    made = scene(AFTER, breast(modalities=now), now=now, facts=replace(ANSWERED, mri_possible=possible))
    expected = question("MRI_POSSIBLE_CONTRADICTED", LEFT, "mri_possible")
    assert of_code(made, "MRI_POSSIBLE_CONTRADICTED") == ([expected] if asked_about else [])
