"""The laws of classification, on many generated courses.

Sizes lie on the 0.1 mm grid and near the limits, because there is where a float, or a `<` for a `<=`, would misfile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.case.case import Case
from reporter.case.facts import Facts, Therapy
from reporter.case.length import Length, LengthUnit
from reporter.case.measurement import Measured, Measurement, Value
from reporter.case.vocabulary import TherapyKind
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.exact import EXACT, grown, shrunk
from reporter.response.interface import Assessment, Category, Criterion, Response, Thresholds
from reporter.response.tabulate import rows
from tests.response.timeline import timeline

pytestmark = pytest.mark.property
LIMITS = Thresholds()
CRITERIA: tuple[Criterion, ...] = (PerSite(), Recist11())
BETTER_FIRST = [Category.CR, Category.PR, Category.SD, Category.PD]
AWKWARD = [
    Decimal(x) for x in ("0.1", "4.9", "5", "7", "9.8", "9.9", "10", "14", "15", "27", "32.4", "49", "70", "100")
]

tenths = st.one_of(st.sampled_from(AWKWARD), st.integers(1, 2000).map(lambda n: Decimal(n) / 10))
found_sizes = st.one_of(tenths.map(str), st.sampled_from(["absent", "too_small", "ne"]))
modalities = st.sampled_from(["", "MR", "US"])


@st.composite
def courses(draw: st.DrawFn, *, complete: bool = False) -> str:
    """A patient: one to three masses, perhaps a node, two to four time points on one modality."""
    modality = draw(modalities)
    names = [f"L{i}" for i in range(draw(st.integers(1, 3)))] + draw(st.sampled_from([[], ["N1"]]))
    place = {n: draw(st.sampled_from(["left", "right"])) for n in names}
    lines = [" | ".join([f"day 0 {modality}", *(f"{n} target {place[n]} {draw(tenths)}" for n in names)])]
    for when in range(1, draw(st.integers(2, 4))):
        sizes = tenths.map(str) if complete else found_sizes
        lines.append(" | ".join([f"day {when * 20} {modality}", *(f"{n} {draw(sizes)}" for n in names)]))
    return "\n".join(lines)


def classified(case: Case) -> list[Assessment]:
    return [a for c in CRITERIA for a in c.assess(case)]


def overall(case: Case) -> list[Category]:
    return [a.overall.category for a in classified(case)]


def whole(case: Case) -> Response:
    return evaluate(case, CRITERIA, LIMITS)


@given(baseline=tenths, digits=st.integers(2, 40))
def test_a_limit_is_exact_to_the_last_digit(baseline: Decimal, digits: int) -> None:
    """Exactly at a limit falls as named; one unit of any last place beside it does not (decision d)."""
    unit = Decimal(1).scaleb(-digits)
    at_pr, at_pd = baseline * 7 / 10, baseline * 12 / 10
    assert shrunk(at_pr, baseline, LIMITS)
    assert not shrunk(EXACT.add(at_pr, unit), baseline, LIMITS)
    assert grown(at_pd, baseline, LIMITS) is (at_pd - baseline >= 5)
    assert not grown(EXACT.subtract(at_pd, unit), baseline, LIMITS)


@given(text=courses(complete=True), grow=tenths, which=st.integers(0, 3))
def test_larger_now_is_never_better(text: str, grow: Decimal, which: int) -> None:
    case = timeline(text)
    last = [m for m in case.measurements if m.study == case.studies[-1].key]
    chosen = last[which % len(last)]
    larger = _with(case, _resized(chosen, grow))
    for before, after in zip(overall(case), overall(larger), strict=True):
        if {before, after} <= set(BETTER_FIRST):
            assert BETTER_FIRST.index(after) >= BETTER_FIRST.index(before)


def _sized(value: Value, change: Callable[[Length], Length]) -> Measured:
    """The same axes, each of another size."""
    assert isinstance(value, Measured)
    axes = (value.long_axis, value.short_axis, value.third_axis)
    long_axis, short_axis, third_axis = (None if a is None else change(a) for a in axes)
    return Measured(long_axis=long_axis, short_axis=short_axis, third_axis=third_axis)


def _resized(row: Measurement, more: Decimal) -> Measurement:
    return replace(row, value=_sized(row.value, lambda size: Length(size.value + more)))


def _with(case: Case, row: Measurement) -> Case:
    rows = tuple(row if (m.lesion_id, m.study) == (row.lesion_id, row.study) else m for m in case.measurements)
    return replace(case, measurements=rows)


@given(text=courses(), which=st.integers(0, 3))
def test_a_dropped_row_is_never_better(text: str, which: int) -> None:
    """A missing row of the last time point is NE, or the PD that the rest proves; never CR, PR or SD."""
    case = timeline(text)
    last = [m for m in case.measurements if m.study == case.studies[-1].key]
    dropped = last[which % len(last)]
    less = replace(case, measurements=tuple(m for m in case.measurements if m is not dropped))
    side = case.lesion(dropped.lesion_id).side
    for assessment in classified(less):
        concerned = assessment.side in {None, side} and assessment.time_point == case.reported.index
        if concerned and any(r.point.lesion_id == dropped.lesion_id for r in assessment.lesions):
            assert assessment.overall.category in {Category.NE, Category.PD, Category.MIXED}


@given(text=courses(), coverage=st.sampled_from(["covered", "uncovered", ""]), size=tenths)
def test_a_new_lesion_never_improves(text: str, coverage: str, size: Decimal) -> None:
    more = timeline(f"{text} | Z left new {coverage} {size}")
    for before, after in zip(classified(timeline(text)), _same(classified(more), timeline(text)), strict=True):
        if before.overall.category in BETTER_FIRST and after.overall.category in BETTER_FIRST:
            order = BETTER_FIRST.index
            assert order(after.overall.category) >= order(before.overall.category)


def _same(found: list[Assessment], case: Case) -> list[Assessment]:
    """Those of the scopes that the other case has too."""
    scopes = {(a.criterion, a.side) for a in classified(case)}
    return [a for a in found if (a.criterion, a.side) in scopes]


@given(text=courses(), choose=st.lists(st.booleans(), min_size=20, max_size=20))
def test_units_change_nothing(text: str, choose: list[bool]) -> None:
    case = timeline(text)
    picks = iter(choose)
    mixed = replace(case, measurements=tuple(_in_cm(m) if next(picks, True) else m for m in case.measurements))
    assert rows(mixed, whole(mixed), per_lesion=True) == rows(case, whole(case), per_lesion=True)


def _in_cm(row: Measurement) -> Measurement:
    if not isinstance(row.value, Measured):
        return row
    return replace(row, value=_sized(row.value, lambda size: Length(size.value.scaleb(-1), LengthUnit.CM)))


@given(text=courses(), data=st.data())
def test_order_changes_nothing(text: str, data: st.DataObject) -> None:
    case = timeline(text)
    shuffled = replace(
        case,
        measurements=tuple(data.draw(st.permutations(case.measurements))),
        studies=tuple(data.draw(st.permutations(case.studies))),
    )
    assert whole(shuffled) == whole(case)


@given(text=courses())
def test_left_and_right_are_mirrored(text: str) -> None:
    """Every number, category and headline goes to the other side."""
    case = timeline(text)
    mirrored = replace(case, lesions=tuple(replace(x, side=x.side.other if x.side else None) for x in case.lesions))
    here, there = whole(case), whole(mirrored)
    for breast in here.breasts:
        other = there.breast(breast.side.other)
        assert other is not None
        assert (other.headline, other.category) == (breast.headline, breast.category)
        assert replace(other, side=breast.side, new_findings=(), total=None, totals=()) == replace(
            breast, new_findings=(), total=None, totals=()
        )


@given(text=courses(complete=True), factor=st.integers(2, 9))
def test_larger_patients_are_classified_alike_but_for_the_absolute_limits(text: str, factor: int) -> None:
    """Without the limits in mm, every size times a factor gives the same categories; the 5 mm of PD break it."""
    relative = Thresholds(pd_mm=Decimal(0), node_normal_mm=Decimal(0), reappearance_mm=Decimal(0))
    case = timeline(text)
    scaled = replace(case, measurements=tuple(_scaled(m, factor) for m in case.measurements))
    for criterion in (PerSite(relative), Recist11(relative)):
        assert [a.overall.category for a in criterion.assess(scaled)] == [
            a.overall.category for a in criterion.assess(case)
        ]


def _scaled(row: Measurement, factor: int) -> Measurement:
    return replace(row, value=_sized(row.value, lambda size: Length(size.value * factor)))


@given(then=tenths, now=tenths, factor=st.integers(2, 9))
def test_the_5_mm_of_progression_break_the_scale_exactly_there(then: Decimal, now: Decimal, factor: int) -> None:
    """One mass: its category differs in a larger patient where +20 % are less than 5 mm here and 5 mm there."""

    def category(size: Decimal, later: Decimal) -> Category:
        return overall(timeline(f"day 0 | L1 {size:f}\nday 9 | L1 {later:f}"))[-1]

    here, there = category(then, now), category(then * factor, now * factor)
    growth = now - then
    short_of_it = growth * 5 >= then and growth < 5 <= growth * factor
    assert (here, there) == ((Category.SD, Category.PD) if short_of_it else (here, here))


def test_the_5_mm_of_progression_break_the_scale() -> None:
    assert overall(timeline("day 0 | L1 20\nday 9 | L1 24"))[-1] is Category.SD
    assert overall(timeline("day 0 | L1 40\nday 9 | L1 48"))[-1] is Category.PD


@given(text=courses())
def test_the_same_rows_twice_change_nothing(text: str) -> None:
    case = timeline(text)
    twice = replace(case, measurements=tuple(m for row in case.measurements for m in (row, row)))
    assert whole(twice) == whole(case)


@pytest.mark.requirement("S12")
@given(text=courses(), sex=st.sampled_from(["M", "F", "O", "", None]))
def test_no_rule_reads_the_sex(text: str, sex: str | None) -> None:
    case = timeline(text)
    assert whole(replace(case, patient=replace(case.patient, sex=sex))) == whole(case)


@pytest.mark.requirement("S57")
@given(text=courses(), kinds=st.lists(st.sampled_from(list(TherapyKind)), unique=True))
def test_no_category_reads_the_kind_of_therapy(text: str, kinds: list[TherapyKind]) -> None:
    facts = Facts(therapy=Therapy(kinds=tuple(kinds), regimen="any"))
    assert whole(replace(timeline(text), facts=facts)) == whole(timeline(text, facts=Facts()))


@settings(max_examples=200)
@given(text=courses())
def test_a_category_never_contradicts_its_numbers(text: str) -> None:
    for a in classified(timeline(text)):
        if a.target is None or a.total is None or a.baseline_total is None or a.nadir_total is None:
            continue
        match a.target.category:
            case Category.PR if not a.held:
                assert a.total * 10 <= a.baseline_total * 7
            case Category.SD:
                assert a.total * 10 > a.baseline_total * 7
            case Category.PD if a.nadir_total > 0 and a.target.rule == "target.pd":
                assert a.total * 5 >= a.nadir_total * 6
                assert a.total - a.nadir_total >= 5


@settings(max_examples=200)
@given(text=courses(), other=courses())
def test_nothing_raises_and_every_target_is_told_once(text: str, other: str) -> None:
    for sheet in (text, other):
        found = whole(timeline(sheet))
        for a in found.assessments:
            ids = [r.point.lesion_id for r in a.lesions]
            assert len(ids) == len(set(ids))
        for breast in found.breasts:
            assert [s.lesion_id for s in breast.sites] == sorted(s.lesion_id for s in breast.sites)
