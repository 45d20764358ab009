"""The imaging list: what the routed variants rate usually appropriate, what is done, and what rows ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reporter.advice.context import Context
from reporter.advice.interface import ImagingStudy, Question, Rating, Route, Technique, Timing
from reporter.advice.pack import Pack, PackRow, Procedure, Variant
from reporter.advice.rows import Fired, holds
from reporter.advice.studies import procedure_done, wanted
from reporter.advice.vocabulary import ProcedureKey, Purpose
from reporter.case.vocabulary import MAMMOGRAPHY, Modality, Side

_QUESTIONS = {
    ProcedureKey.US_BREAST: Question.BREAST,
    ProcedureKey.MAMMOGRAPHY: Question.BREAST,
    ProcedureKey.DBT: Question.BREAST,
    ProcedureKey.MRI_CONTRAST: Question.BREAST,
    ProcedureKey.US_AXILLA: Question.AXILLA,
    ProcedureKey.NODE_CORE_BIOPSY: Question.AXILLA,
    ProcedureKey.NODE_FNA: Question.AXILLA,
    ProcedureKey.PET_CT: Question.DISTANT,
    ProcedureKey.CT_CHEST_ABDOMEN_PELVIS: Question.DISTANT,
    ProcedureKey.BONE_SCAN: Question.DISTANT,
}
"""Which question a procedure answers here: breast MRI is rated by the variant of the breast, never by the axilla's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A procedure that rows ask for, on one side."""

    key: ProcedureKey
    context: Context
    rows: tuple[str, ...]
    purpose: Purpose
    """Of the first row that asks."""


def imaging(
    fired: tuple[Fired, ...], routes: tuple[Route, ...], contexts: tuple[Context, ...], pack: Pack
) -> tuple[ImagingStudy, ...]:
    """Studies of every routed variant, then those that rows ask for and no routed variant rates; US first (S27)."""
    wishes = tuple(sorted(_wishes(fired, contexts), key=lambda wish: pack.place(wish.key)))
    of_side = {context.side: context for context in contexts}
    rated = [one for route in routes for one in _of_route(route, of_side[route.side], wishes, pack)]
    met = {(wish.key, wish.context.side) for _, wish in rated if wish is not None}
    others = [_unrated(wish, pack) for wish in wishes if (wish.key, wish.context.side) not in met]
    return _in_order((*(study for study, _ in rated), *others))


_STAGING = (Modality.PT, Modality.CT)
"""The order in which staging is named: PET/CT, or CT and then the bone scan with it (row C7)."""


def _in_order(studies: Iterable[ImagingStudy]) -> tuple[ImagingStudy, ...]:
    """What completes the comparison with the baseline first (row B8), then US (S27); staging last, as row C7 says."""
    local: list[ImagingStudy] = []
    staging: list[ImagingStudy] = []
    for study in studies:
        (staging if study.purpose == Purpose.STAGING else local).append(study)
    return (*sorted(local, key=_comparison_first), *sorted(staging, key=_place_in_staging))


def _comparison_first(study: ImagingStudy) -> tuple[bool, bool]:
    return study.purpose != Purpose.BASELINE_MODALITY, study.modality is not Modality.US


def _place_in_staging(study: ImagingStudy) -> int:
    return _STAGING.index(study.modality) if study.modality in _STAGING else len(_STAGING)


def _wishes(fired: tuple[Fired, ...], contexts: tuple[Context, ...]) -> tuple[Wish, ...]:
    found: dict[tuple[Side | None, ProcedureKey], Wish] = {}
    for one in fired:
        for image in one.text.images:
            sides = (c for c in contexts if c.side is not None) if image.each_side else (one.context,)
            for context in (c for c in sides if holds(image, c)):
                for key in wanted(context, image.want):
                    _add(found, Wish(key=key, context=context, rows=(one.row.id,), purpose=image.purpose))
    return tuple(found.values())


def _add(found: dict[tuple[Side | None, ProcedureKey], Wish], wish: Wish) -> None:
    place = (wish.context.side, wish.key)
    first = found.get(place)
    found[place] = wish if first is None else replace(first, rows=tuple(dict.fromkeys((*first.rows, *wish.rows))))


def _of_route(
    route: Route, context: Context, wishes: tuple[Wish, ...], pack: Pack
) -> Iterator[tuple[ImagingStudy, Wish | None]]:
    """Of a routed variant every procedure that is usually appropriate or asked for, with the wish that it meets."""
    variant = pack.variant(route.variant)
    if variant is None:
        return
    of_side = [wish for wish in wishes if wish.context.side is route.side]
    for row in variant.rows:
        known = [p for p in pack.procedures_named(row.procedure) if _QUESTIONS[p.key] is route.question]
        keys = [p.key for p in known]
        wish = next((w for w in of_side if w.key in keys), None)
        if wish is not None or row.rating is Rating.USUALLY_APPROPRIATE:
            yield _rated(row, variant, known, wish, context=context, pack=pack), wish


def _rated(
    row: PackRow, variant: Variant, known: list[Procedure], wish: Wish | None, *, context: Context, pack: Pack
) -> ImagingStudy:
    return ImagingStudy(
        procedure=row.procedure,
        modality=known[0].modality if known else None,
        rating=row.rating,
        level=row.level,
        dose=row.dose,
        status=row.status,
        variant=variant.number,
        edition=pack.file.edition,
        done=any(procedure_done(context, one.key) for one in known),
        wanted=wish is not None,
        rows=() if wish is None else wish.rows,
        purpose="" if wish is None else wish.purpose,
        side=context.side,
        technique=None if wish is None else _technique(wish, pack),
    )


def _unrated(wish: Wish, pack: Pack) -> ImagingStudy:
    """A study that no routed variant rates: no rating, no variant; its radiation level is the procedure's."""
    procedure = pack.procedure(wish.key)
    row = pack.any_row(procedure.name)
    return ImagingStudy(
        procedure=procedure.name,
        modality=procedure.modality,
        rating=None,
        level="" if row is None else row.level,
        dose="" if row is None else row.dose,
        status="unverified" if row is None else row.status,
        variant=None,
        edition=pack.file.edition,
        done=False,
        wanted=True,
        rows=wish.rows,
        purpose=wish.purpose,
        side=wish.context.side,
        technique=_technique(wish, pack),
    )


def _technique(wish: Wish, pack: Pack) -> Technique | None:
    note = pack.technique_of(wish.key)
    if note is None:
        return None
    started = wish.context.timing is not Timing.BEFORE
    text = note.text(comparable=_made_at_baseline(wish, pack), started=started)
    return Technique(text=text, source=note.source, verified=note.status != "to verify")


def _made_at_baseline(wish: Wish, pack: Pack) -> bool:
    """Whether the baseline, an earlier time point, has such a study to compare with; of the axilla, a node on it."""
    case, context = wish.context.case, wish.context
    baseline, modality = case.baseline, pack.procedure(wish.key).modality
    if baseline is None or modality is None or baseline.index == case.reported.index:
        return False
    if wish.key is ProcedureKey.US_AXILLA:
        points = (point for node in context.nodes for point in node.series)
        return any(p.time_point == baseline.index and p.modality is modality for p in points)
    group = MAMMOGRAPHY if modality in MAMMOGRAPHY else {modality}
    return not context.modalities_at_baseline.isdisjoint(group)
