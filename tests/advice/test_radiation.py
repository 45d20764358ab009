"""Radiation: the range of each recommended study, and a tally of ranges over the studies of a patient (S53)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.advice.interface import Exposure, Radiation, Timing
from reporter.advice.radiation import radiation
from reporter.case.study import Series, Study
from reporter.case.vocabulary import Modality
from reporter.response.interface import Headline
from tests.advice.factory import AFTER_DAY, BASELINE_DAY, breast, pack, scene, study_of

PACK = pack()


def tally(*studies: tuple[Modality | None, ...]) -> Radiation:
    made = tuple(
        Study(key=f"s{n}", uid=None, date=BASELINE_DAY, modalities=modalities) for n, modalities in enumerate(studies)
    )
    return radiation(replace(scene().case, studies=made), PACK)


@pytest.mark.requirement("S53")
def test_ranges_are_added_as_ranges() -> None:
    found = tally((Modality.US,), (Modality.MG,), (Modality.MR,), (Modality.MG,), (Modality.PT,))
    assert found.exposures == (
        Exposure(modalities=(Modality.US,), studies=1, level="O", dose="0 mSv"),
        Exposure(modalities=(Modality.MG,), studies=2, level="RR", dose="0.1-1 mSv"),
        Exposure(modalities=(Modality.MR,), studies=1, level="O", dose="0 mSv"),
        Exposure(modalities=(Modality.PT,), studies=1, level="RRRR", dose="10-30 mSv"),
    )
    assert (found.least, found.most) == (Decimal("10.2"), Decimal(32))


def test_mammography_with_tomosynthesis_is_one_examination() -> None:
    found = tally((Modality.MG, Modality.DBT))
    assert [(one.modalities, one.studies) for one in found.exposures] == [((Modality.MG, Modality.DBT), 1)]
    assert (found.least, found.most) == (Decimal("0.1"), Decimal(1))


def test_pet_with_its_ct_is_one_examination() -> None:
    assert [one.dose for one in tally((Modality.CT, Modality.PT)).exposures] == ["10-30 mSv"]


@pytest.mark.parametrize(
    ("modality", "level", "dose"),
    [
        (Modality.US, "O", "0 mSv"),
        (Modality.MR, "O", "0 mSv"),
        (Modality.MG, "RR", "0.1-1 mSv"),
        (Modality.DBT, "RR", "0.1-1 mSv"),
        (Modality.PT, "RRRR", "10-30 mSv"),
        (Modality.CT, None, None),
        (Modality.CEM, None, None),
    ],
)
def test_each_by_itself(modality: Modality, level: str | None, dose: str | None) -> None:
    """A CT by itself has no level: which part of the body it showed is not known."""
    assert tally((modality,)).exposures == (Exposure(modalities=(modality,), studies=1, level=level, dose=dose),)


def test_examinations_stand_in_the_order_of_the_modalities() -> None:
    found = tally((Modality.PT,), (Modality.MR, Modality.US), (Modality.MG,)).exposures
    kinds = [one.modalities[0] for one in found]
    assert kinds == [one for one in Modality if one in kinds]
    assert len(kinds) == 4


@pytest.mark.parametrize("modality", [Modality.CT, Modality.CEM])
def test_what_the_pack_gives_no_level_for_has_no_range(modality: Modality) -> None:
    found = tally((modality,), (Modality.MG,))
    assert {one.modalities: one.dose for one in found.exposures}[modality,] is None
    assert (found.least, found.most) == (Decimal("0.1"), Decimal(1))


def test_an_examination_by_hand_and_an_unnamed_modality_are_no_exposure() -> None:
    assert tally((Modality.EXAM,), (None,)) == Radiation()


@pytest.mark.requirement("S53")
def test_organ_doses_are_listed_by_study_and_never_added_up() -> None:
    dosed = Series(uid="1", modality=Modality.MG, organ_doses=(Decimal("1.4"), Decimal("1.5")))
    later = Series(uid="2", modality=Modality.MG, organ_doses=(Decimal("1.3"),))
    studies = (
        Study(key="b", uid="b", date=AFTER_DAY, modalities=(Modality.MG,), series=(later,)),
        Study(key="a", uid="a", date=BASELINE_DAY, modalities=(Modality.MG,), series=(dosed,)),
        Study(key="c", uid="c", date=BASELINE_DAY, modalities=(Modality.US,)),
    )
    found = radiation(replace(scene().case, studies=studies), PACK).organ_doses
    assert [(one.study, one.date, one.values) for one in found] == [
        ("a", BASELINE_DAY, (Decimal("1.4"), Decimal("1.5"))),
        ("b", AFTER_DAY, (Decimal("1.3"),)),
    ]


@pytest.mark.property
@given(st.lists(st.sampled_from([*Modality]), max_size=12))
def test_the_order_of_studies_changes_nothing_and_more_never_gives_less(modalities: list[Modality]) -> None:
    found = tally(*((one,) for one in modalities))
    assert tally(*((one,) for one in reversed(modalities))) == found
    assert found.least <= found.most
    more = tally(*((one,) for one in modalities), (Modality.MG,))
    assert (more.least, more.most) == (found.least + Decimal("0.1"), found.most + 1)


class TestTechnique:
    """A recommended study carries how it is made, and what to compare where something is there to compare."""

    @pytest.mark.requirement("S52")
    def test_compares_only_with_what_the_baseline_has(self) -> None:
        now = (Modality.US, Modality.MG)
        unclear = breast(headline=Headline.INDETERMINATE, modalities=now)
        with_mri = scene(Timing.AFTER, unclear, now=now).advise()
        without = scene(Timing.AFTER, unclear, now=now, baseline=now).advise()
        name = "MRI breast without and with IV contrast"
        told, silent = study_of(with_mri, name).technique, study_of(without, name).technique
        assert told is not None
        assert silent is not None
        assert "compare with the baseline MRI" in told.text
        assert "compare" not in silent.text
        assert not told.verified

    @pytest.mark.parametrize("name", ["acr-235-2022", "acr-235-2017"])
    def test_every_procedure_that_can_be_asked_for_has_a_note(self, name: str) -> None:
        found = pack(name)
        assert [p.key for p in found.file.procedure if found.technique_of(p.key) is None] == []
