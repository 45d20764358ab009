"""An outcome travels between processes and through the journal unchanged."""

import datetime as dt
import pickle  # ruff: ignore[suspicious-pickle-import] - how processes talk
from decimal import Decimal

import pytest

from reporter.advice.interface import RoleTold, Urgency
from reporter.batch.outcome import (
    BestSeen,
    Doubt,
    FileLeft,
    Outcome,
    ResponseSeen,
    SideSeen,
    SizeSeen,
    Status,
    StudySeen,
    StudyUse,
    TimePointSeen,
    WrittenFile,
    from_json,
    to_json,
)
from reporter.case.issue import Outcome as Severity
from reporter.case.vocabulary import Modality, Phase, Role, Side
from reporter.response.interface import Category, Confirmed, Headline, Measure, NewLesions, NodeCourse, State

SIZE = SizeSeen(
    lesion_id="L1",
    role=Role.TARGET,
    measure=Measure.LONG_AXIS,
    state=State.MEASURED,
    study="1.2",
    value=Decimal("14.0"),
    given="1.4",
    given_unit="cm",
)
RESPONSE = ResponseSeen(
    criterion="per-site",
    side=Side.LEFT,
    modality=Modality.MR,
    time_point=1,
    total=Decimal("14.0"),
    baseline_total=Decimal(28),
    nadir_total=Decimal(0),
    unit="mm",
    target=Category.PR,
    non_target=None,
    new_lesion=NewLesions.NO,
    overall=Category.PR,
    lesions=(SIZE,),
)
WHOLE = Outcome(
    case="a" * 24,
    patient="b" * 24,
    status=Status.REPORTED,
    exit=3,
    reported_on=dt.date(2026, 7, 13),
    files=(WrittenFile(name="x.draft.txt", sha256="0" * 64),),
    sides=(
        SideSeen(
            side=Side.LEFT,
            headline=Headline.PARTIAL,
            category=Category.PR,
            sites=(("L1", Category.PR),),
            unsettled=("L4",),
            abnormal_nodes=(("N1", NodeCourse.PERSISTENTLY_ABNORMAL),),
        ),
    ),
    urgency=Urgency.PROMPT,
    told=(RoleTold.SURGEON,),
    doubts=(Doubt(code="LES_LOST", outcome=Severity.PROBLEM, text="L2 has no value"),),
    time_points=(TimePointSeen(index=0, date=dt.date(2026, 1, 1), phase=Phase.BASELINE),),
    responses=(RESPONSE,),
    best=(
        BestSeen(
            criterion="per-site",
            side=Side.LEFT,
            modality=Modality.MR,
            category=Category.PR,
            confirmed=Confirmed.NOT_REQUIRED,
            date=dt.date(2026, 7, 13),
        ),
    ),
    studies=(StudySeen(key="1.2", date=dt.date(2026, 1, 1), modalities=(Modality.MR, None), use=StudyUse.REPORTED),),
    files_left=(FileLeft(name="x", refused=True, code="DCM_EMPTY"),),
)


def test_an_outcome_comes_back_from_json_and_from_another_process() -> None:
    assert from_json(to_json(WHOLE)) == WHOLE
    assert pickle.loads(pickle.dumps(WHOLE)) == WHOLE  # ruff: ignore[suspicious-pickle-usage] - as above
    assert str(from_json(to_json(WHOLE)).responses[0].total) == "14.0"


def test_what_is_no_outcome_is_told() -> None:
    with pytest.raises(ValueError, match="Outcome"):
        from_json(b'{"case": "x"}')


def test_changes_are_exact_and_none_against_nothing() -> None:
    assert RESPONSE.from_baseline == Decimal(-50)
    assert RESPONSE.from_nadir is None


def test_doubts_are_counted_by_kind() -> None:
    assert (WHOLE.problems, WHOLE.questions) == (1, 0)
