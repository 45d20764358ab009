"""What every criterion promises, ours or a plug-in's: pure, complete in time, quiet on odd cases, every rule worded.

`Unidimensional` below is a plug-in as CONTRIBUTING tells to write one.  To hold your own to the contract, name it in
an entry point of the group `reporter.criteria` and run this file.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast

import pytest

from reporter import library
from reporter.case.case import Case
from reporter.case.study import Series
from reporter.case.vocabulary import Modality, Side
from reporter.draft.phrases import load_phrases
from reporter.plugins import CRITERIA, load, names
from reporter.response.course import Chart, Track, chart
from reporter.response.evaluate import classifies, evaluate
from reporter.response.interface import (
    Assessment,
    Category,
    Criterion,
    NewLesions,
    Operand,
    Thresholds,
    Verdict,
)
from reporter.response.tabulate import COLUMNS, rows
from tests.response.timeline import timeline

PHRASES: Final = load_phrases(library.phrases("en"), "en")
ROOT: Final = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Unidimensional:
    """A plug-in: the longest lesion of a side alone, halved or not.

    1.  The baseline has no category.
    2.  While there is no size now or at baseline, NE.
    3.  At most half of the longest at baseline is PR; anything else is SD.
    """

    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def id(self) -> str:
        return "longest"

    @property
    def name(self) -> str:
        return "longest lesion"

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        known = chart(case, Thresholds())
        keys = dict.fromkeys((t.lesion.side, t.modality) for t in known.tracks)
        return tuple(
            longest(known, side, modality, time_point)
            for side, modality in keys
            for time_point in range(known.origin, len(known.time_points))
            if known.done(time_point, modality, side)
        )


def longest(known: Chart, side: Side | None, modality: Modality | None, time_point: int) -> Assessment:
    tracks = known.on(modality, [side])
    before, now = largest(tracks, known.baseline), largest(tracks, time_point)
    return Assessment(
        criterion="longest",
        side=side,
        modality=modality,
        time_point=time_point,
        lesions=(),
        total=now,
        baseline_total=before,
        nadir_total=None,
        nadir_time_point=None,
        target=None,
        non_target=None,
        new_lesion=NewLesions.NO,
        overall=halved(before, now, at_baseline=time_point == known.baseline),
    )


def largest(tracks: tuple[Track, ...], time_point: int | None) -> Decimal | None:
    sizes = [] if time_point is None else [s for t in tracks if (s := t.size_at(time_point)) is not None]
    return max(sizes, default=None)


def halved(before: Decimal | None, now: Decimal | None, *, at_baseline: bool) -> Verdict:
    if at_baseline:
        return Verdict(category=Category.BASELINE, rule="longest.baseline")
    if before is None or now is None:
        return Verdict(category=Category.NE, rule="longest.missing")
    operands = (Operand(name="now", value=now, unit="mm"), Operand(name="baseline", value=before, unit="mm"))
    category = Category.PR if 2 * now <= before else Category.SD
    return Verdict(category=category, rule=f"longest.{category.lower()}", operands=operands)


PLUG_IN_PHRASES: Final = {"longest.baseline", "longest.missing", "longest.pr", "longest.sd"}
"""What the plug-in says in words of its own."""

Factory = Callable[..., Criterion]
FACTORIES: Final[dict[str, Factory]] = {
    **{name: cast("Factory", load(CRITERIA, name)) for name in names(CRITERIA)},
    "longest": Unidimensional,
}

COURSES: Final = {
    "one mass": "day 0 MR | L1 40x30 vol:20\nday 20 MR | L1 20x15 vol:4\nday 40 MR | L1 absent",
    "both sides": (
        "day 0 MR | L1 left 40x30 vol:20 | R1 right 20x20 vol:5 | N1 left 18x16\n"
        "day 20 MR | L1 20x10 vol:3 | R1 30x30 vol:9 | N1 12x9"
    ),
    "two modalities": (
        "day 0 MR | L1 40x30 | X skin present\nday 0 US | L1 35x20\n"
        "day 20 US | L1 30x20\n+day 22 MR | L1 20x20 | X ne\nday 40 MR | L1 25x25 | X progressed"
    ),
    "mammography": "day 0 MG | L1 30x20\nday 0 DBT | L1 28x20\nday 20 MG | L1 10x10\nday 20 DBT | L1 12x8",
    "back again": "day 0 | L1 30x20 vol:9\nday 20 | L1 absent\nday 40 | L1 8x8 vol:1\nday 60 | L1 40x40 vol:30",
    "back below its size": "day 0 | L1 30\nday 20 | L1 absent\nday 40 | L1 6\nday 60 | L1 4",
    "node between the limits": "day 0 | N1 20x14 | N2 12x9 | L1 20\nday 20 | N1 9x7 | N2 14x11 | L1 12",
    "thin node": "day 0 | N1 present cortex:2 hilum:preserved | L1 20\nday 20 | N1 11 | L1 5",
    "new lesion": "day 0 MR | L1 30x20\nday 20 MR | L1 10x10 | Z new covered 8x8\nday 40 MR | L1 10x10",
    "equivocal new lesion": "day 0 MR | L1 30x20\nday 20 MR | L1 10x10 | Z equivocal 8x8",
    "undeclared new lesion": "day 0 US | L1 30x20\nday 20 US | L1 absent | Z 8x8",
    "new cancer": "day 0 MR | L1 left 30x20\nday 20 MR | L1 10x10 | R1 right new malignant covered 8x8",
    "merged": "day 0 | L1 30x20 vol:9 | L2 20x10 vol:2\nday 20 | L1 35x30 vol:8 | L2 merged>L1",
    "split": "day 0 | L1 30x20\nday 20 | L1 10x8 | L1b from>L1 8x8\nday 40 | L1 10x8",
    "too small": "day 0 | L1 30x20 vol:9\nday 20 | L1 4x4\nday 40 | L1 too_small\nday 60 | L1 9x9",
    "grown from little": "day 0 | L1 6x6 | L2 60\nday 20 | L1 8x8 | L2 50\nday 40 | L1 too_small | L2 60",
    "no side": "day 0 | L1 noside 30x20 vol:9\nday 20 | L1 10x10 vol:1",
    "no kind": "day 0 | L1 nokind 30x20\nday 20 | L1 10x10",
    "benign": "day 0 | L1 benign 30x20\nday 20 | L1 10x10",
    "uncounted beside gone": "day 0 | L1 30x20 | L2 uncounted 20x10\nday 20 | L1 absent | L2 20x10",
    "not measured at all": "day 0 MR\nday 20 MR",
    "only non-targets": (
        "day 0 | X skin present | Y skin present\nday 20 | X absent | Y present\nday 40 | X absent | Y absent"
    ),
    "row missing": "day 0 | L1 30x20 vol:9 | L2 20x10 vol:2\nday 20 | L1 15x10 vol:2\nday 40 | L2 20x20 vol:4",
    "not evaluable": "day 0 | L1 ne\nday 20 | L1 20x10 vol:3\nday 40 | L1 not_imaged",
    "one diameter": "day 0 | L1 30x20\nday 20 | L1 15 | N1 9",
    "volume alone": "day 0 MR | L1 volume_only vol:9\nday 20 MR | L1 volume_only vol:3",
    "other modality at baseline": "day 0 MG | L1 30x20\nday 20 US | L1 10x10",
    "calcifications": "day 0 MG | C1 calcification 30 extent:30\nday 20 MG | C1 calcification 20 extent:20",
    "long decimals": "day 0 | L1 30.0000000000000000001x20\nday 20 | L1 21.00000000000000000007x10",
    "uptake": (
        "day 0 PT | L1 present suv:9.2 | N1 present suv:4\nday 20 PT | L1 present suv:3 | N1 present suv:5\n"
        "day 40 PT | L1 absent | N1 ne\nday 60 PT | L1 present suv:8 | Z new covered present suv:9"
    ),
    "other organ": "day 0 CT | L1 30x20 | H1 organ:liver 20x20\nday 20 CT | L1 10x10 | H1 25x25",
}


def made(text: str, *, baseline: bool = True) -> Case:
    return timeline(text, baseline=baseline)


@pytest.fixture(params=sorted(FACTORIES))
def factory(request: pytest.FixtureRequest) -> Factory:
    return FACTORIES[request.param]


each_course = pytest.mark.parametrize("text", COURSES.values(), ids=COURSES)


def verdicts(assessment: Assessment) -> list[Verdict]:
    own = [result.verdict for result in assessment.lesions]
    return [v for v in (assessment.target, assessment.non_target, assessment.overall, *own) if v is not None]


def test_every_criterion_of_this_project_is_under_the_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(FACTORIES) >= set(project["entry-points"]["reporter.criteria"])


def test_an_id_is_the_name_of_its_entry_point(factory: Factory) -> None:
    criterion = factory()
    assert FACTORIES[criterion.id] is factory
    assert criterion.name.strip() == criterion.name
    assert criterion.name


@each_course
def test_the_order_of_a_case_changes_nothing(factory: Factory, text: str) -> None:
    case = made(text)
    shuffle = random.Random(text).sample  # ruff: ignore[suspicious-non-cryptographic-random-usage] - a fixed order
    for _ in range(3):
        other = replace(
            case,
            measurements=tuple(shuffle(case.measurements, len(case.measurements))),
            studies=tuple(shuffle(case.studies, len(case.studies))),
            lesions=tuple(shuffle(case.lesions, len(case.lesions))),
        )
        assert factory().assess(other) == factory().assess(case)


@each_course
def test_left_and_right_are_mirrored(factory: Factory, text: str) -> None:
    case = made(text)
    here = [mirrored_assessment(a) for a in factory().assess(case)]
    there = factory().assess(mirrored(case))
    assert sorted(map(place, here)) == sorted(map(place, there))
    assert sorted(here, key=place) == sorted(there, key=place)


def mirrored(case: Case) -> Case:
    return replace(
        case,
        lesions=tuple(replace(x, side=x.side.other if x.side else None) for x in case.lesions),
        studies=tuple(replace(s, series=tuple(map(mirrored_series, s.series))) for s in case.studies),
    )


def mirrored_series(series: Series) -> Series:
    return replace(series, sides=tuple(side.other for side in series.sides))


def mirrored_assessment(assessment: Assessment) -> Assessment:
    return replace(assessment, side=assessment.side.other if assessment.side else None)


def place(assessment: Assessment) -> tuple[str, str, int]:
    return assessment.side or "", assessment.modality or "", assessment.time_point


@each_course
@pytest.mark.parametrize("baseline", [True, False])
def test_one_assessment_a_scope_modality_and_time_point(factory: Factory, text: str, baseline: bool) -> None:
    found = factory().assess(made(text, baseline=baseline))
    assert len({place(a) for a in found}) == len(found)
    assert {a.criterion for a in found} <= {factory().id}


@each_course
def test_time_runs_forward_from_the_baseline(factory: Factory, text: str) -> None:
    by_scope: dict[tuple[str, str], list[int]] = {}
    for assessment in factory().assess(made(text)):
        by_scope.setdefault(place(assessment)[:2], []).append(assessment.time_point)
    assert all(points == sorted(points) for points in by_scope.values())


@each_course
def test_the_baseline_has_no_category_and_nothing_else_is_baseline(factory: Factory, text: str) -> None:
    for assessment in factory().assess(made(text)):
        at_baseline = assessment.time_point == 0
        assert (assessment.overall.category is Category.BASELINE) is at_baseline
        assert assessment.new_lesion is NewLesions.NO or not at_baseline


@each_course
def test_without_a_baseline_there_is_no_response(factory: Factory, text: str) -> None:
    found = factory().assess(made(text, baseline=False))
    assert {a.overall.category for a in found} <= {Category.NE}


@each_course
def test_what_lies_after_the_reported_time_point_changes_nothing(factory: Factory, text: str) -> None:
    case = made(text)
    for reported in range(len(case.timeline.time_points)):
        early = replace(case, timeline=replace(case.timeline, reported=reported))
        found = factory().assess(early)
        assert all(a.time_point <= reported for a in found)
        late = "\n".join([*text.splitlines(), "day 900 MR | L1 99x99 vol:99" if case.lesions else "day 900 MR"])
        longer = timeline(late, reported=reported)
        known = {s.key for s in case.studies}
        assert {s.key for s in longer.studies} > known
        assert [(place(a), a.overall, a.total, a.amounts) for a in factory().assess(longer)] == [
            (place(a), a.overall, a.total, a.amounts) for a in found
        ]


@each_course
@pytest.mark.parametrize("baseline", [True, False])
def test_every_rule_has_its_sentence_and_every_doubt_too(factory: Factory, text: str, baseline: bool) -> None:
    for assessment in factory().assess(made(text, baseline=baseline)):
        rules = {v.rule for v in verdicts(assessment)}
        assert {r for r in rules if f"rule.{r}" not in PHRASES} - PLUG_IN_PHRASES == set()
        assert [i.code for i in assessment.issues if not worded(i.code)] == []


def worded(code: str) -> bool:
    return any(path == f"issue.{code}" or path.startswith(f"issue.{code}.") for path in PHRASES.by_path)


@each_course
def test_a_category_that_is_not_one_has_a_rule_and_no_operand_without_unit(factory: Factory, text: str) -> None:
    for assessment in factory().assess(made(text)):
        for verdict in verdicts(assessment):
            assert verdict.rule
            assert all(o.unit in {"mm", "mm2", "ml", "SUV", "%", "d", "1"} for o in verdict.operands)
            assert all(o.value.is_finite() for o in verdict.operands)


@each_course
def test_beside_per_site_it_changes_no_answer(factory: Factory, text: str) -> None:
    """What a criterion says beside the first is told beside it: the breasts are answered as before."""
    case, first = made(text), FACTORIES["per-site"]()
    alone, beside = (evaluate(case, criteria, Thresholds()) for criteria in ([first], [first, factory()]))
    assert beside.breasts == alone.breasts
    assert beside.axillae == alone.axillae
    table = rows(case, beside, per_lesion=True)
    assert all(set(row) == set(COLUMNS) for row in table)


@each_course
def test_it_may_be_asked_first(factory: Factory, text: str) -> None:
    criterion = factory()
    used = evaluate(made(text), [criterion, FACTORIES["per-site"]()], Thresholds()).criteria
    assert next(c.id for c in used if c.feeds_decisions) == (criterion.id if classifies(criterion) else "per-site")


NUMBERS: Final = [f.name for f in fields(Thresholds) if isinstance(getattr(Thresholds(), f.name), Decimal)]


@pytest.mark.parametrize("limit", [*NUMBERS, "hold_response"])
@pytest.mark.parametrize("factor", [Decimal(10) / 4, Decimal(1) / 5])
def test_a_limit_that_changes_an_assessment_changes_the_name(factory: Factory, limit: str, factor: Decimal) -> None:
    """Nothing is called by a published name that was not computed by the published limits."""
    value = getattr(Thresholds(), limit)
    moved = not value if isinstance(value, bool) else value * factor
    changed = factory(thresholds=replace(Thresholds(), **cast("Any", {limit: moved})))
    differing = [text for text in COURSES.values() if said(changed, text) != said(factory(), text)]
    assert not differing or changed.name != factory().name


def said(criterion: Criterion, text: str) -> list[tuple[Verdict, Verdict | None, NewLesions]]:
    return [(without_limits(a.overall), a.non_target, a.new_lesion) for a in criterion.assess(made(text))]


def without_limits(verdict: Verdict) -> Verdict:
    return replace(verdict, operands=())
