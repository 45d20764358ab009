"""The router, row by row, and where the therapy stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reporter.advice.engine import advise
from reporter.advice.interface import Question, Route, Timing
from reporter.advice.pack import load_pack
from reporter.advice.scenario import timing_of
from reporter.case.facts import Axilla, Diagnosis, Facts, Therapy
from reporter.case.lesion import Lesion
from reporter.case.measurement import Absent, Measured, Measurement, NotImaged, Value
from reporter.case.source import Source, SourceKind
from reporter.case.study import Patient
from reporter.case.timepoint import BaselineBasis
from reporter.case.vocabulary import BiopsyResult, ClinicalNode, Indication, Kind, Modality, Phase, Side, TherapyStatus
from reporter.response.interface import Category
from tests.advice.factory import (
    ANSWERED,
    BASELINE_DAY,
    END,
    START,
    Scene,
    breast,
    new_finding,
    pack_texts,
    scene,
    site,
    with_axilla,
)

NEGATIVE, POSITIVE = ClinicalNode.NEGATIVE, ClinicalNode.POSITIVE


def route(made: Scene, question: Question, name: str = "acr-235-2022") -> Route:
    return next(r for r in made.advise(name).routes if r.question is question)


def questions_of(made: Scene) -> set[str]:
    return {issue.code for issue in made.advise().issues}


class TestBreast:
    @pytest.mark.parametrize(
        ("timing", "variant"),
        [
            (Timing.BEFORE, 1),
            (Timing.DURING, 2),
            (Timing.AFTER, 2),
            (Timing.END_LABELLED, 2),
            (Timing.UNSTATED, None),
        ],
    )
    @pytest.mark.requirement("S15")
    @pytest.mark.requirement("S16")
    def test_variant(self, timing: Timing, variant: int | None) -> None:
        assert route(scene(timing), Question.BREAST).variant == variant

    def test_status_not_stated_cites_none_and_asks(self) -> None:
        found = route(scene(Timing.UNSTATED), Question.BREAST)
        assert found.missing == ("therapy.status",)
        assert "THERAPY_STATUS_NOT_STATED" in questions_of(scene(Timing.UNSTATED))

    def test_both_questions_are_raised_for_every_breast_with_cancer(self) -> None:
        made = scene(Timing.AFTER, breast(), breast(side=Side.RIGHT))
        assert [(r.question, r.side) for r in made.advise().routes] == [
            (Question.BREAST, Side.LEFT),
            (Question.AXILLA, Side.LEFT),
            (Question.BREAST, Side.RIGHT),
            (Question.AXILLA, Side.RIGHT),
        ]

    def test_a_breast_with_a_new_finding_alone_is_not_known_to_have_cancer(self) -> None:
        other = replace(breast(Category.NED, side=Side.RIGHT, new_findings=[new_finding(side=Side.RIGHT)]), sites=())
        assert {r.side for r in scene(Timing.AFTER, breast(), other).advise().routes} == {Side.LEFT}

    def test_a_breast_with_a_benign_site_alone_has_none(self) -> None:
        other = breast(Category.NED, site("C", benign=True), side=Side.RIGHT)
        assert {r.side for r in scene(Timing.AFTER, breast(), other).advise().routes} == {Side.LEFT}

    def test_a_breast_stated_free_has_none(self) -> None:
        free = (Diagnosis(side=Side.LEFT, confirmed=True), Diagnosis(side=Side.RIGHT, confirmed=False))
        lesion = Lesion(id="R1", kind=Kind.MASS, organ="breast", side=Side.RIGHT)
        other = breast(Category.PR, site("R1"), side=Side.RIGHT)
        made = scene(Timing.AFTER, breast(), other, facts=replace(ANSWERED, diagnosis=free), lesions=[lesion])
        assert {r.side for r in made.advise().routes} == {Side.LEFT}

    @pytest.mark.requirement("S12")
    def test_sex_never_changes_the_route(self) -> None:
        made = scene(Timing.AFTER)
        answers = [
            replace(made, case=replace(made.case, patient=Patient(id="SYN-0001", sex=sex))).advise()
            for sex in ("M", "F", "O", "", None)
        ]
        assert all(advice == answers[0] for advice in answers)


class TestAxillaBefore:
    @pytest.mark.parametrize(
        ("stated", "variant", "missing"),
        [
            (Axilla(clinical_node=NEGATIVE, imaging_suspicious=False), 3, ()),
            (Axilla(clinical_node=POSITIVE, imaging_suspicious=False), 4, ()),
            (Axilla(imaging_suspicious=True), 8, ()),
            (Axilla(clinical_node=NEGATIVE, imaging_suspicious=True), 8, ()),
            (Axilla(clinical_node=POSITIVE, imaging_suspicious=True), 8, ()),
            (Axilla(clinical_node=NEGATIVE), None, ("axilla.imaging_suspicious",)),
            (Axilla(imaging_suspicious=False), None, ("axilla.clinical_node",)),
            (Axilla(), None, ("axilla.imaging_suspicious", "axilla.clinical_node")),
        ],
    )
    def test_variant(self, stated: Axilla, variant: int | None, missing: tuple[str, ...]) -> None:
        found = route(scene(Timing.BEFORE, breast(Category.BASELINE), facts=with_axilla(stated)), Question.AXILLA)
        assert (found.variant, found.missing) == (variant, missing)

    def test_suspicious_nodes_are_to_be_sampled(self) -> None:
        facts = with_axilla(Axilla(imaging_suspicious=True))
        advice = scene(Timing.BEFORE, breast(Category.BASELINE), facts=facts).advise()
        wanted = [s for s in advice.imaging if s.wanted]
        assert [(s.procedure, s.variant, s.status) for s in wanted] == [
            ("US-guided core biopsy axillary node", 8, "unverified"),
            ("US-guided fine-needle aspiration axillary node", 8, "unverified"),
        ]


class TestAxillaCompleted:
    @pytest.mark.parametrize(
        ("stated", "variant", "neighbour", "missing"),
        [
            (Axilla(clinical_node=NEGATIVE, previously_imaged=False), 5, None, ()),
            (Axilla(known_positive=True, previously_imaged=True), 7, None, ()),
            (Axilla(clinical_node=POSITIVE, known_positive=True, previously_imaged=True), 7, None, ()),
            (Axilla(clinical_node=NEGATIVE, known_positive=True, previously_imaged=True), 7, None, ()),
            (Axilla(clinical_node=POSITIVE, previously_imaged=False), None, "acr-286", ()),
            (Axilla(known_positive=True, previously_imaged=False), None, "acr-286", ()),
            (Axilla(clinical_node=NEGATIVE, known_positive=False, previously_imaged=True), None, "acr-286", ()),
            (Axilla(clinical_node=POSITIVE, known_positive=False, previously_imaged=True), None, "acr-286", ()),
            (Axilla(known_positive=False, previously_imaged=True), None, "acr-286", ()),
            (Axilla(clinical_node=NEGATIVE, previously_imaged=True), None, None, ("axilla.known_positive",)),
            (Axilla(clinical_node=POSITIVE, previously_imaged=True), None, None, ("axilla.known_positive",)),
            (Axilla(previously_imaged=False), None, None, ("axilla.clinical_node",)),
            (Axilla(clinical_node=NEGATIVE), None, None, ("axilla.previously_imaged",)),
            (Axilla(known_positive=True), None, None, ("axilla.previously_imaged",)),
            (Axilla(), None, None, ("axilla.previously_imaged", "axilla.clinical_node")),
        ],
    )
    def test_variant(
        self, stated: Axilla, variant: int | None, neighbour: str | None, missing: tuple[str, ...]
    ) -> None:
        found = route(scene(Timing.AFTER, facts=with_axilla(stated)), Question.AXILLA)
        assert (found.variant, found.neighbour, found.missing) == (variant, neighbour, missing)

    def test_every_missing_fact_is_asked(self) -> None:
        assert questions_of(scene(Timing.AFTER, facts=with_axilla(Axilla()))) == {
            "AXILLA_IMAGED_NOT_STATED",
            "CLINICAL_NODE_NOT_STATED",
        }

    def test_facts_of_an_earlier_date_stand_but_for_having_been_imaged_by_then(self) -> None:
        early = Axilla(side=Side.LEFT, date=BASELINE_DAY, clinical_node=NEGATIVE, previously_imaged=False)
        found = route(scene(Timing.AFTER, facts=replace(ANSWERED, axilla=(early,))), Question.AXILLA)
        assert found.missing == ("axilla.previously_imaged",)
        now = Axilla(side=Side.LEFT, previously_imaged=False)
        found = route(scene(Timing.AFTER, facts=replace(ANSWERED, axilla=(early, now))), Question.AXILLA)
        assert found.variant == 5


def measured_node(
    made: Scene,
    *,
    biopsy: BiopsyResult | None = None,
    study: str = "then",
    modality: Modality | None = Modality.US,
    value: Value | None = None,
) -> Scene:
    source = Source(SourceKind.TABLE, "table.csv", "row 2")
    row = Measurement(lesion_id="N1", study=study, modality=modality, value=value or Measured(), source=source)
    lesion = Lesion(id="N1", kind=Kind.NODE, organ="lymph node", side=Side.LEFT, biopsy_result=biopsy)
    case = replace(made.case, measurements=(row,), lesions=(*made.case.lesions, lesion))
    return replace(made, case=case)


class TestAxillaMeasuredBefore:
    """A node measured on an earlier study was imaged before; a proven one was positive then."""

    def test_speaks_for_the_axilla(self) -> None:
        made = measured_node(scene(Timing.AFTER), biopsy=BiopsyResult.MALIGNANT)
        assert route(made, Question.AXILLA).variant == 7

    @pytest.mark.parametrize("modality", [Modality.MG, Modality.DBT, Modality.US, Modality.MR, None])
    def test_on_whatever_modality_of_variant_7(self, modality: Modality | None) -> None:
        made = measured_node(scene(Timing.AFTER), biopsy=BiopsyResult.MALIGNANT, modality=modality)
        assert route(made, Question.AXILLA).variant == 7

    def test_does_not_make_it_positive_by_itself(self) -> None:
        made = measured_node(scene(Timing.AFTER))
        assert route(made, Question.AXILLA).missing == ("axilla.known_positive",)

    @pytest.mark.parametrize(
        ("study", "modality", "value"),
        [
            ("now", Modality.US, None),
            ("then", Modality.EXAM, None),
            ("then", Modality.PT, None),
            ("then", Modality.US, NotImaged()),
            ("then", Modality.US, Absent()),
        ],
        ids=["only now", "by hand", "PET", "not imaged", "no node there"],
    )
    def test_only_by_earlier_imaging(self, study: str, modality: Modality, value: Value | None) -> None:
        made = measured_node(scene(Timing.AFTER), study=study, modality=modality, value=value)
        assert "axilla.previously_imaged" in route(made, Question.AXILLA).missing

    @pytest.mark.parametrize(
        ("imaged", "positive", "biopsy", "reason"),
        [
            (False, None, None, "axilla.contradicted"),
            (False, False, BiopsyResult.MALIGNANT, "axilla.contradicted"),
            (True, False, BiopsyResult.MALIGNANT, "axilla.contradicted_by_biopsy"),
            (None, False, BiopsyResult.MALIGNANT, "axilla.contradicted_by_biopsy"),
            (True, False, BiopsyResult.PENDING, "axilla.completed.negative_imaged"),
            (None, True, BiopsyResult.MALIGNANT, "axilla.completed.positive_imaged"),
        ],
    )
    def test_a_contradiction_cites_nothing_and_asks(
        self, imaged: bool | None, positive: bool | None, biopsy: BiopsyResult | None, reason: str
    ) -> None:
        stated = Axilla(clinical_node=NEGATIVE, previously_imaged=imaged, known_positive=positive)
        made = measured_node(scene(Timing.AFTER, facts=with_axilla(stated)), biopsy=biopsy)
        found = route(made, Question.AXILLA)
        assert found.reason == reason
        contradicted = reason.startswith("axilla.contradicted")
        assert (found.variant, found.neighbour) == (None, None) or not contradicted
        assert bool(questions_of(made) & {"AXILLA_CONTRADICTED", "AXILLA_PROOF_CONTRADICTED"}) is contradicted


class TestAxillaOtherwise:
    COMPLETE = Axilla(clinical_node=NEGATIVE, known_positive=False, previously_imaged=False, imaging_suspicious=False)

    @pytest.mark.parametrize("timing", [Timing.DURING, Timing.END_LABELLED])
    def test_mid_treatment_is_not_covered(self, timing: Timing) -> None:
        found = route(scene(timing, facts=with_axilla(self.COMPLETE)), Question.AXILLA)
        assert (found.variant, found.neighbour, found.missing) == (None, "acr-286", ())

    def test_status_not_stated(self) -> None:
        found = route(scene(Timing.UNSTATED, facts=with_axilla(self.COMPLETE)), Question.AXILLA)
        assert (found.variant, found.neighbour, found.missing) == (None, None, ("therapy.status",))

    def test_no_neighbour_is_named_while_a_fact_is_missing_even_where_a_pack_has_one(self) -> None:
        texts = pack_texts("acr-235-2022")
        texts["neighbours.toml"] = texts["neighbours.toml"].replace('"axilla.during"', '"axilla.not_stated"')
        made = scene(Timing.UNSTATED, facts=with_axilla(self.COMPLETE))
        (found,) = (
            r for r in advise(made.case, made.response, load_pack(texts)).routes if r.question is Question.AXILLA
        )
        assert (found.neighbour, found.missing) == (None, ("therapy.status",))

    def test_labelled_end_without_a_status(self) -> None:
        made = scene(Timing.END_LABELLED, facts=with_axilla(self.COMPLETE), therapy=Therapy(intent="neoadjuvant"))
        assert route(made, Question.AXILLA).missing == ("therapy.status",)
        assert route(made, Question.BREAST).variant == 2


class TestScope:
    """Every stated reason why the topic does not apply (row A1): no variant, and nothing else is asked."""

    MINOR = Patient(id="SYN-0001", birth_date=dt.date(2010, 1, 1))

    @pytest.mark.parametrize(
        ("facts", "intent", "patient", "reasons"),
        [
            (ANSWERED, "neoadjuvant", None, []),
            (ANSWERED, "neoadjuvant", MINOR, ["out_of_scope.minor"]),
            (
                replace(ANSWERED, diagnosis=(Diagnosis(confirmed=False),)),
                "neoadjuvant",
                None,
                ["out_of_scope.no_cancer"],
            ),
            (replace(ANSWERED, indication=Indication.SCREENING), "neoadjuvant", None, ["out_of_scope.screening"]),
            (ANSWERED, "adjuvant", None, ["out_of_scope.not_neoadjuvant"]),
            (
                replace(ANSWERED, indication=Indication.SCREENING, suspicion_distant=True),
                "adjuvant",
                MINOR,
                ["out_of_scope.minor", "out_of_scope.screening", "out_of_scope.not_neoadjuvant"],
            ),
        ],
    )
    @pytest.mark.requirement("S13")
    @pytest.mark.requirement("S19")
    def test_each_reason(self, facts: Facts, intent: str, patient: Patient | None, reasons: list[str]) -> None:
        therapy = Therapy(intent=intent, status=TherapyStatus.COMPLETED)
        lesions = [Lesion(id="L1", kind=Kind.MASS, organ="breast", side=Side.LEFT)]
        made = scene(Timing.AFTER, facts=facts, therapy=therapy, lesions=lesions)
        case = made.case if patient is None else replace(made.case, patient=patient)
        advice = replace(made, case=case).advise()
        outside = [found for found in advice.routes if found.reason.startswith("out_of_scope")]
        assert [found.reason for found in outside] == reasons
        assert {(found.question, found.side, found.variant) for found in outside} <= {(Question.BREAST, None, None)}
        assert advice.in_scope is (not reasons)
        assert len(outside) == len(advice.routes) or not reasons


class TestDistant:
    @pytest.mark.parametrize("timing", list(Timing))
    @pytest.mark.requirement("S10")
    def test_suspected_in_any_phase(self, timing: Timing) -> None:
        assert route(scene(timing, facts=replace(ANSWERED, suspicion_distant=True)), Question.DISTANT).variant == 6

    def test_not_suspected_raises_no_question(self) -> None:
        assert all(r.question is not Question.DISTANT for r in scene().advise().routes)

    def test_not_stated_is_asked(self) -> None:
        made = scene(facts=replace(ANSWERED, suspicion_distant=None))
        found = route(made, Question.DISTANT)
        assert (found.variant, found.missing) == (None, ("suspicion_distant",))
        assert found.reason == "distant.not_stated"
        assert "DISTANT_NOT_STATED" in questions_of(made)


class TestScopeQuestions:
    @pytest.mark.requirement("S1")
    def test_intent_and_diagnosis_are_asked_where_not_stated(self) -> None:
        lesion = Lesion(id="L1", kind=Kind.MASS, organ="breast", side=Side.LEFT)
        made = scene(
            facts=replace(ANSWERED, diagnosis=()), therapy=Therapy(status=TherapyStatus.COMPLETED), lesions=[lesion]
        )
        assert {"INTENT_NOT_STATED", "DIAGNOSIS_NOT_STATED"} <= questions_of(made)

    @pytest.mark.requirement("S13")
    def test_a_malignant_biopsy_answers_for_the_diagnosis(self) -> None:
        assert "DIAGNOSIS_NOT_STATED" not in questions_of(scene(facts=replace(ANSWERED, diagnosis=())))

    def test_nothing_is_asked_out_of_scope(self) -> None:
        made = scene(therapy=Therapy(intent="adjuvant"), facts=Facts())
        assert made.advise().issues == ()

    def test_each_question_once(self) -> None:
        both = (breast(), breast(side=Side.RIGHT))
        codes = [i.code for i in scene(Timing.UNSTATED, *both, facts=Facts()).advise().issues]
        assert codes.count("THERAPY_STATUS_NOT_STATED") == 1


class TestTiming:
    ONGOING = Therapy(start=START, status=TherapyStatus.ONGOING)
    COMPLETED = Therapy(start=START, end=END)

    @pytest.mark.parametrize(
        ("phase", "basis", "therapy", "expected"),
        [
            (Phase.BASELINE, BaselineBasis.LABEL, Therapy(), Timing.BEFORE),
            (Phase.BASELINE, BaselineBasis.LABEL, ONGOING, Timing.BEFORE),
            (Phase.BASELINE, BaselineBasis.SINGLE, Therapy(), Timing.UNSTATED),
            (Phase.BASELINE, BaselineBasis.SINGLE, Therapy(status=TherapyStatus.NOT_STARTED), Timing.BEFORE),
            (Phase.BASELINE, BaselineBasis.SINGLE, Therapy(status=TherapyStatus.COMPLETED), Timing.AFTER),
            (Phase.DURING, BaselineBasis.THERAPY_DATES, ONGOING, Timing.DURING),
            (Phase.DURING, BaselineBasis.LABEL, Therapy(), Timing.DURING),
            (Phase.DURING, BaselineBasis.LABEL, COMPLETED, Timing.DURING),
            (Phase.END, BaselineBasis.THERAPY_DATES, COMPLETED, Timing.AFTER),
            (Phase.END, BaselineBasis.LABEL, ONGOING, Timing.END_LABELLED),
            (Phase.END, BaselineBasis.LABEL, Therapy(), Timing.END_LABELLED),
            (Phase.UNKNOWN, BaselineBasis.EARLIEST_TAKEN, Therapy(), Timing.UNSTATED),
            (Phase.UNKNOWN, BaselineBasis.LABEL, Therapy(status=TherapyStatus.ONGOING), Timing.DURING),
            (Phase.UNKNOWN, BaselineBasis.LABEL, Therapy(status=TherapyStatus.COMPLETED), Timing.AFTER),
            (Phase.UNKNOWN, BaselineBasis.LABEL, Therapy(status=TherapyStatus.NOT_STARTED), Timing.BEFORE),
        ],
    )
    def test_by_phase_then_by_status(
        self, phase: Phase, basis: BaselineBasis, therapy: Therapy, expected: Timing
    ) -> None:
        case = scene(Timing.AFTER, therapy=therapy).case
        points = tuple(replace(p, phase=phase if p.index == 1 else p.phase) for p in case.timeline.time_points)
        case = replace(case, timeline=replace(case.timeline, time_points=points, basis=basis))
        assert timing_of(case) is expected

    def test_the_day_of_the_last_study_counts(self) -> None:
        """The last dose is on the day before the last study of the time point."""
        therapy = Therapy(intent="neoadjuvant", start=START, end=dt.date(2026, 7, 12))
        assert timing_of(scene(Timing.AFTER, therapy=therapy).case) is Timing.AFTER


class TestEdition2017:
    """Five variants: one axilla before therapy, one after it, none for a suspicious or known positive one."""

    @pytest.mark.parametrize(
        ("timing", "stated", "variant"),
        [
            (Timing.BEFORE, Axilla(clinical_node=NEGATIVE, imaging_suspicious=False), 3),
            (Timing.BEFORE, Axilla(clinical_node=POSITIVE, imaging_suspicious=False), 3),
            (Timing.BEFORE, Axilla(imaging_suspicious=True), None),
            (Timing.AFTER, Axilla(clinical_node=NEGATIVE, previously_imaged=False), 4),
            (Timing.AFTER, Axilla(clinical_node=POSITIVE, previously_imaged=False), 4),
            (Timing.AFTER, Axilla(known_positive=True, previously_imaged=True), None),
        ],
    )
    def test_axilla(self, timing: Timing, stated: Axilla, variant: int | None) -> None:
        category = Category.BASELINE if timing is Timing.BEFORE else Category.PR
        made = scene(timing, breast(category), facts=with_axilla(stated))
        found = route(made, Question.AXILLA, "acr-235-2017")
        assert found.variant == variant
        assert found.neighbour == (None if variant else "acr-286")

    def test_distant(self) -> None:
        made = scene(facts=replace(ANSWERED, suspicion_distant=True))
        assert route(made, Question.DISTANT, "acr-235-2017").variant == 5
