"""What a template sees of imaging: what is asked for, and what was made, each with rating, dose and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reporter.advice.interface import ImagingStudy
from reporter.case.vocabulary import Modality
from reporter.draft.speaker import MAMMOGRAPHY, Speaker
from reporter.draft.view import View, says

_VERIFIED = frozenset({"seen", "site"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingView(View):
    """One procedure that is asked for."""

    name: str = says("The procedure, with the side where both breasts have an answer", example="US axilla")
    purpose: str = says("Why, in words; empty without", example="for true extent")
    purpose_id: str = says("Why, a word such as true_extent; empty without", example="true_extent")
    rating: str = says("The guideline's rating; says so where the pack has none", example="Usually Appropriate")
    dose: str = says("Range of the radiation dose as the pack gives it", unit="mSv", example="0.1-1 mSv")
    source: str = says("The row of the guideline", example="ACR topic 235, 2022, variant 2")
    verified: bool = says("Whether the row was verified against the guideline")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneView(View):
    """Imaging of the breast that was made at this time point and that one row of the guideline speaks of."""

    studies: str = says("Each with its dose", example="US (0 mSv) and mammography/DBT (0.1-1 mSv)")
    several: bool = says("Whether it is more than one study")
    rating: str = says("The rating they share", example="Usually Appropriate")
    source: str = says("The row of the guideline", example="ACR topic 235, 2022, variant 2")
    verified: bool = says("Whether the rows were verified against the guideline")


def _source(speaker: Speaker, study: ImagingStudy) -> str:
    pack = speaker.report.advice.pack
    if study.variant is None:
        return speaker.phrases.say("imaging.no_row", topic=pack.topic)
    return speaker.phrases.say("imaging.row", topic=pack.topic, edition=study.edition, variant=str(study.variant))


def wanted(speaker: Speaker, study: ImagingStudy) -> ImagingView:
    """One procedure that is asked for."""
    say = speaker.phrases.say
    sides = speaker.report.response.breasts
    name = say("imaging.mammography_or_dbt") if study.modality in MAMMOGRAPHY else study.procedure
    if study.side is not None and len(sides) > 1:
        name = say("imaging.of_side", procedure=name, side=speaker.side(study.side))
    return ImagingView(
        name=name,
        purpose=say(f"purpose.{study.purpose}") if f"purpose.{study.purpose}" in speaker.phrases else "",
        purpose_id=study.purpose,
        rating=say(f"rating.{study.rating or 'none'}"),
        dose=study.dose,
        source=_source(speaker, study),
        verified=study.status in _VERIFIED,
    )


def _breast_done(speaker: Speaker) -> list[ImagingStudy]:
    """Studies of the breast made now, one of each modality and row."""
    found: dict[tuple[object, ...], ImagingStudy] = {}
    for study in speaker.report.advice.imaging:
        if study.done and study.modality is not None and not _is_axilla(study):
            found.setdefault((study.procedure, study.variant), study)
    return list(found.values())


def _is_axilla(study: ImagingStudy) -> bool:
    return "axilla" in study.procedure.casefold()


def done_names(speaker: Speaker) -> list[str]:
    """The modalities of the breast that were used now, in the order of size of record."""
    order = (Modality.MR, Modality.CEM, Modality.US, Modality.DBT, Modality.MG)
    made = {study.modality for study in _breast_done(speaker)}
    return list(speaker.modalities(m for m in order if m in made))


def done(speaker: Speaker) -> Iterator[DoneView]:
    """What was made, by rating and row, each with its dose."""
    groups: dict[tuple[object, ...], list[ImagingStudy]] = {}
    for study in _breast_done(speaker):
        groups.setdefault((study.rating, study.variant, study.edition, study.status in _VERIFIED), []).append(study)
    for studies in groups.values():
        names = list(dict.fromkeys(_dosed(speaker, study) for study in studies))
        yield DoneView(
            studies=speaker.phrases.all_of(names),
            several=len(names) > 1,
            rating=speaker.phrases.say(f"rating.{studies[0].rating or 'none'}"),
            source=_source(speaker, studies[0]),
            verified=studies[0].status in _VERIFIED,
        )


def _dosed(speaker: Speaker, study: ImagingStudy) -> str:
    name = speaker.modality(study.modality)
    if study.modality is Modality.MR:
        name = speaker.phrases.say("imaging.contrast_mri")
    return f"{name} ({study.dose})"


def all_made(studies: Iterable[ImagingStudy]) -> bool:
    """Whether US, mammography or DBT, and contrast MRI of the breast were all made now."""
    made = {study.modality for study in studies if study.done and not _is_axilla(study)}
    return {Modality.US, Modality.MR} <= made and bool(made & MAMMOGRAPHY)
