"""What a template sees of imaging: what is asked for, and what was made, each with rating, dose and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reporter.advice.interface import ImagingStudy, Technique
from reporter.advice.vocabulary import Purpose
from reporter.case.vocabulary import MAMMOGRAPHY, Modality, Side
from reporter.draft.speaker import Speaker
from reporter.draft.view import View, group, says

_VERIFIED = frozenset({"seen", "site"})


@group
class ImagingView(View):
    """One procedure that is asked for."""

    name: str = says("The procedure, with the side where both breasts have an answer", example="US axilla")
    instead: bool = says("Whether it stands for the one before it: another way to sample the same node")
    purpose: str = says("Why, in words; empty without", example="for true extent")
    purpose_id: str = says("Why, a word such as true_extent; empty without", example="true_extent")
    rating: str = says("The guideline's rating; says so where the pack has none", example="Usually Appropriate")
    dose: str = says("Range of the radiation dose as the pack gives it", unit="mSv", example="0.1-1 mSv")
    source: str = says("The row of the guideline", example="ACR topic 235, 2022, variant 2")
    verified: bool = says("Whether the row was verified against the guideline")
    level: str = says("Relative radiation level of the guideline, for adults; empty without", example="RR")
    technique: str = says(
        "How it is made so that it can be compared, as the pack notes it; empty without",
        example="prone, breast coil; compare with the baseline MRI [to verify]",
    )


@group
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
    path = "imaging.site_row" if study.status == "site" else "imaging.row"
    return speaker.phrases.say(path, topic=pack.topic, edition=study.edition, variant=str(study.variant))


def wanted_name(speaker: Speaker, study: ImagingStudy) -> str:
    """A procedure that is asked for, with the side where both breasts have an answer."""
    say = speaker.phrases.say
    name = (
        say("imaging.mammography_or_dbt") if study.modality in MAMMOGRAPHY else speaker.phrases.named(study.procedure)
    )
    if study.side is not None and len(speaker.report.response.breasts) > 1:
        return say("imaging.of_side", procedure=name, side=speaker.side(study.side))
    return name


def _wanted(speaker: Speaker, study: ImagingStudy, *, instead: bool) -> ImagingView:
    say = speaker.phrases.say
    return ImagingView(
        name=wanted_name(speaker, study),
        instead=instead,
        purpose=say(f"purpose.{study.purpose}") if f"purpose.{study.purpose}" in speaker.phrases else "",
        purpose_id=study.purpose,
        rating=say(f"rating.{study.rating or 'none'}"),
        dose=speaker.phrases.named(study.dose),
        source=_source(speaker, study),
        verified=study.status in _VERIFIED,
        level=study.level,
        technique=_technique(speaker, study.technique),
    )


def _technique(speaker: Speaker, note: Technique | None) -> str:
    if note is None:
        return ""
    text = speaker.phrases.named(note.text)
    return text if note.verified else speaker.phrases.say("imaging.to_verify", text=text)


def once_each(studies: Iterable[ImagingView]) -> Iterator[ImagingView]:
    """Each study once; one that is asked for on both sides has its technique told with the first."""
    told: set[str] = set()
    for study in dict.fromkeys(studies):
        yield replace(study, technique="") if study.technique in told else study
        if study.technique:
            told.add(study.technique)


def asked(speaker: Speaker) -> Iterator[ImagingView]:
    """Every procedure that is asked for; of two ways to sample nodes of a side the second says that it is instead."""
    sampled: set[Side | None] = set()
    for study in speaker.report.advice.imaging:
        if study.wanted:
            sampling = study.purpose == Purpose.NODE_SAMPLING
            yield _wanted(speaker, study, instead=sampling and study.side in sampled)
            sampled |= {study.side} if sampling else set()


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
    """The modalities of the breast that were used now, in the order of size of record; the guideline rates no CEM."""
    order = (Modality.MR, Modality.CEM, Modality.US, Modality.DBT, Modality.MG)
    made = {study.modality for study in _breast_done(speaker)}
    made |= {Modality.CEM} & {m for breast in speaker.report.response.breasts for m in breast.modalities_now}
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
    return f"{name} ({speaker.phrases.named(study.dose)})"


def all_made(studies: Iterable[ImagingStudy]) -> bool:
    """Whether US, mammography or DBT, and contrast MRI were all made now, of each breast."""
    made: dict[Side | None, set[Modality | None]] = {}
    for study in studies:
        if not _is_axilla(study):
            made.setdefault(study.side, set()).update({study.modality} if study.done else ())
    return bool(made) and all({Modality.US, Modality.MR} <= of and bool(of & MAMMOGRAPHY) for of in made.values())
