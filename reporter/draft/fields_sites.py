"""What a template sees of the sites of a breast, their markers and their distances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import MAMMOGRAPHY, NEVER_OF_RECORD, BiopsyResult, Kind, Modality, Role
from reporter.draft.fields_patient import marker_word
from reporter.draft.fields_sizes import SizeView, site_table, size_view
from reporter.draft.speaker import LOOKED, Speaker
from reporter.draft.tables import Rows
from reporter.draft.view import View, group, says
from reporter.response.interface import Change, LesionResult, Marker, MarkerState, SiteResponse, State


@group
class MarkerView(View):
    """The biopsy marker of one site or node, now."""

    name: str = says("Its shape as given, or the word for a marker", example="coil")
    state: str = says("seen, displaced, not_seen, never_placed or not_stated", example="seen")
    placed: bool = says("Whether one was placed, seen now or not")
    seen_on: str = says("The modalities that see it; empty where none does", example="US, DBT and MRI")
    displaced_by: str = says("How far it lies from the bed; empty where not stated or 0", unit="mm", example="12 mm")
    in_place: bool = says("Whether it is said to lie where it was placed")
    skin: str = says("Distance from the skin; empty where not stated", unit="mm", example="16 mm")
    muscle: str = says("Distance from the pectoral muscle; empty where not stated", unit="mm", example="9 mm")
    nipple: str = says("Distance from the nipple; empty where not stated", unit="mm", example="45 mm")


@group
class SiteView(View):
    """One site of disease in a breast, or a listed benign one."""

    id: str = says("The lesion's id as given", example="L1")
    noun: str = says("What it is", example="mass")
    is_mass: bool = says("Whether it is a mass, as most sites are")
    name: str = says("What and where, with its id where there are several", example="mass at 2 o'clock")
    at: str = says("Where, in a word or two", example="2 o'clock")
    at_quadrant: str = says("Where, with the quadrant", example="2 o'clock (UOQ)")
    by_clock: bool = says("Whether the place is given by the hour")
    where: str = says("Where, with the distance from the nipple", example="2 o'clock, 6 cm from nipple")
    line: str = says("The line above its table", example="left 2 o'clock (UOQ), middle depth (biopsied, malignant)")
    category: str = says("Its response of record, a word such as PR", example="PR")
    category_words: str = says("Its response of record in words", example="partial response")
    benign: bool = says("Whether it is stated benign: listed, never counted")
    held: bool = says("Whether a partial response is held above the threshold")
    to_confirm: bool = says("Whether it came back below what is progression")
    record: SizeView | None = says("Its size on the modality of record; none where it has no such modality")
    sizes: tuple[SizeView, ...] = says("Its sizes on every modality that ever looked, in the order of size of record")
    imaging: tuple[SizeView, ...] = says("The same without examination and PET")
    others: tuple[SizeView, ...] = says("Imaging modalities beside the one of record with baseline and now")
    still: tuple[SizeView, ...] = says("Imaging modalities that measure it now although the record sees nothing")
    baselines: tuple[SizeView, ...] = says("Its sizes on the imaging modalities that saw it at baseline")
    nows: tuple[SizeView, ...] = says("Its sizes on the imaging modalities that looked now with a result")
    compared_on: str = says(
        "Imaging with a size at baseline and now that is not of record, joined by and; else empty", example="CT"
    )
    unseen_before: bool = says("Whether it was looked for at baseline and not seen on any imaging modality")
    gone_before: str = says("Modalities that did not see it at baseline, joined by and", example="MRI and US")
    lost: str = says("Why no modality has a value of it now; empty where one has", example="no value given")
    unusable: str = says(
        "Imaging whose value now cannot be used, and why, where the rest no longer sees it; else empty",
        example="MRI (not evaluable, no unit that is a length)",
    )
    followed: str = says(
        "What its response is by, where that is no length, with its change from baseline; else empty",
        unit="mm2",
        example="750 -> 352 mm2",
    )
    not_accepted: str = says("Modalities now whose sizes the criterion does not accept; else empty", example="US")
    unused: str = says(
        "Its sizes now where only examination or PET gave one; else empty", unit="mm", example="PET 12 mm"
    )
    unused_on: str = says("The modalities of those sizes, joined by and", example="PET")
    gone_on: str = says("Modalities that no longer see it, joined by or", example="MRI, US or DBT")
    complete_on: str = says("Modalities on which it is gone, one by one", example="on MRI and on US")
    us_beside_mammography: str = says(
        "US size now where mammography measures too and US is above the remark; else empty", example="18 mm", unit="mm"
    )
    distances: str = says("Distances now; empty where none is stated", example="45 mm from nipple, 14 mm from skin")
    marker: MarkerView | None = says("Its biopsy marker; none where nothing is known of one")
    receptors: str = says("Receptors of its own biopsy, quoted; empty where not stated", example='"ER+ HER2-"')
    biopsy: str = says("Result of its own biopsy: malignant, benign, pending, none, or empty", example="malignant")
    birads: str = says("Its own BI-RADS category as entered; empty where not stated", example="6")
    flags: tuple[str, ...] = says("The radiologist's flags for it", example="indeterminate")
    remarks: tuple[str, ...] = says("Notes, volumes and uptake as given now, in words", example="MRI volume 4.2 ml")
    table: Rows = says("It on each modality through time; columns modality, t0, t1 and so on, change")


@group
class BedSiteView(View):
    """What may carry a marker: a site, or calcifications with a bed of their own."""

    id: str = says("The lesion's id as given", example="L1")
    at: str = says("Where, in a word or two", example="2 o'clock")
    benign: bool = says("Whether it is stated benign: its marker is not that of the cancer")
    marker: MarkerView = says("Its biopsy marker")


def site_view(
    speaker: Speaker, site: SiteResponse, siblings: Sequence[SiteResponse], marker: Marker | None
) -> SiteView:
    """One site now."""
    lesion, sizes = speaker.case.lesion(site.lesion_id), _local_sizes(speaker, site)
    beside, unseen = _sizes_beside(speaker, site), unseen_before(speaker, site)
    felt = [s for s in beside if s.in_sight]
    return SiteView.made(
        id=lambda: lesion.id,
        noun=lambda: speaker.noun(lesion),
        is_mass=lambda: lesion.kind is Kind.MASS,
        name=lambda: speaker.site_name(lesion, siblings),
        at=lambda: speaker.hour(lesion),
        at_quadrant=lambda: speaker.hour_and_quadrant(lesion),
        by_clock=lambda: lesion.clock is not None,
        where=lambda: speaker.where(lesion),
        line=lambda: _line(speaker, lesion),
        category=lambda: str(site.category),
        category_words=lambda: speaker.phrases.say(f"category.{site.category}"),
        benign=lambda: site.benign,
        held=lambda: site.held,
        to_confirm=lambda: site.regrowth_to_confirm,
        record=lambda: next((s for s in sizes if s.of_record), None),
        sizes=lambda: (*sizes, *beside),
        imaging=lambda: sizes,
        others=lambda: tuple(s for s in sizes if not s.of_record and s.compared and (s.measured or s.gone)),
        still=lambda: tuple(s for s in sizes if not s.of_record and s.in_sight),
        baselines=lambda: tuple(s for s in sizes or beside if s.baseline),
        nows=lambda: tuple(s for s in sizes or beside if s.in_sight or s.gone),
        compared_on=lambda: _compared_on(speaker, site),
        unseen_before=lambda: bool(unseen) and len(unseen) == len([s for s in sizes if s.baseline]),
        gone_before=lambda: speaker.phrases.all_of(unseen),
        lost=lambda: "" if looked_now(site) or not sizes else _lost(sizes),
        unusable=lambda: _unusable(speaker, site, sizes),
        followed=lambda: _followed(speaker, site),
        not_accepted=lambda: _not_accepted(speaker, site),
        unused=lambda: "" if looked_now(site) else speaker.phrases.all_of([f"{s.modality} {s.now_axes}" for s in felt]),
        unused_on=lambda: speaker.phrases.any_of([s.modality for s in felt]),
        gone_on=lambda: speaker.phrases.any_of([s.by for s in sizes if s.gone]),
        complete_on=lambda: _complete_on(speaker, [s for s in sizes if s.gone and s.compared]),
        us_beside_mammography=lambda: _us_beside_mammography(speaker, site),
        distances=lambda: distances(speaker, lesion.id),
        marker=lambda: marker_view(speaker, marker) if marker and marker_expected(speaker, marker) else None,
        receptors=lambda: speaker.quoted(lesion.receptors) if lesion.receptors else "",
        biopsy=lambda: str(lesion.biopsy_result or ""),
        birads=lambda: str(speaker.latest(lesion.id, "birads", speaker.case.reported) or ""),
        flags=lambda: tuple(_flags(speaker, lesion)),
        remarks=lambda: tuple(remarks(speaker, lesion)),
        table=lambda: site_table(speaker, _shown(site), site),
    )


def _compared_on(speaker: Speaker, site: SiteResponse) -> str:
    """Modalities with a size then and now that never give the size of record of a breast, such as CT (decision l)."""
    order = {*speaker.report.response.thresholds.size_order, *MAMMOGRAPHY}
    found = [r.point.modality for r in site.results if r.from_baseline and r.point.state is State.MEASURED]
    other = [modality for modality in found if modality not in order | NEVER_OF_RECORD]
    return speaker.phrases.all_of(speaker.modalities(other)) if site.record is None else ""


def _local_sizes(speaker: Speaker, site: SiteResponse) -> tuple[SizeView, ...]:
    """Its sizes on the modalities that give a local size."""
    local = [r for r in site.results if r.point.modality not in NEVER_OF_RECORD]
    return tuple(
        size_view(speaker, r, site.series, of_record=r is site.record, fragments=site.fragments) for r in local
    )


def _sizes_beside(speaker: Speaker, site: SiteResponse) -> tuple[SizeView, ...]:
    """Its sizes on the modalities that give no local size."""
    extra = [r for r in site.results if r.point.modality in NEVER_OF_RECORD]
    return tuple(size_view(speaker, r, site.series, of_record=False, fragments=site.fragments) for r in extra)


def _us_beside_mammography(speaker: Speaker, site: SiteResponse) -> str:
    """The residual on US, where it is large enough to be the more exact one beside mammography (S4)."""
    points = {r.point.modality: r.point for r in site.results if r.point.state is State.MEASURED}
    us = points.get(Modality.US)
    if us is None or us.size is None or not points.keys() & MAMMOGRAPHY:
        return ""
    return speaker.followed(us) if us.size.mm > speaker.report.response.thresholds.us_remark_mm else ""


def _lost(sizes: Sequence[SizeView]) -> str:
    """Why there is no value now: what each modality that was used says."""
    reasons = [f"{s.modality}: {s.now_axes}" for s in sizes if s.state != str(State.NOT_DONE)] or [s.now for s in sizes]
    return ", ".join(dict.fromkeys(reasons))


def _unusable(speaker: Speaker, site: SiteResponse, sizes: Sequence[SizeView]) -> str:
    names = set(speaker.modalities([p.modality for p in site.unusable]))
    return speaker.phrases.all_of([f"{s.modality} ({s.now})" for s in sizes if s.modality in names])


def _followed(speaker: Speaker, site: SiteResponse) -> str:
    """`750 -> 352 mm2, -53.1 %`, where the criterion that gives the category follows no length."""
    verdict = site.record.verdict if site.record is not None else None
    sizes = {o.name: o for o in verdict.operands if o.unit not in {"mm", "%"}} if verdict is not None else {}
    if not {"baseline", "now"} <= sizes.keys():
        return ""
    then, now = sizes["baseline"], sizes["now"]
    percent = speaker.numbers.percent(Change(now=now.value, then=then.value))
    words = f"{speaker.numbers.number(then.value)} -> {speaker.numbers.number(now.value)} {now.unit}"
    return f"{words}, {percent}" if percent else words


def _not_accepted(speaker: Speaker, site: SiteResponse) -> str:
    refused = [r for r in site.results if r.verdict is not None and r.verdict.rule.endswith("modality_not_accepted")]
    return speaker.phrases.all_of(speaker.modalities([r.point.modality for r in refused if r.point.size is not None]))


def _shown(site: SiteResponse) -> list[LesionResult]:
    """The modalities that ever looked; one that never did has no row."""
    looked = {p.modality for p in (*site.series, *site.fragments) if p.study is not None}
    return [r for r in site.results if r.point.modality in looked] or list(site.results)


def _complete_on(speaker: Speaker, gone: Sequence[SizeView]) -> str:
    """`on MRI and on US`; mammography, which may not show a mass in dense tissue, only where it stands alone."""
    names = [s.modality for s in gone]
    shown = [name for name in names if name != speaker.mammography] or names
    return speaker.phrases.all_of([speaker.phrases.say("word.on", modality=name) for name in shown])


def _line(speaker: Speaker, lesion: Lesion) -> str:
    say = speaker.phrases.say
    place = speaker.where(lesion, quadrant=True)
    side = speaker.side(lesion.side)
    parts = [f"{side} {place}" if place else say("word.breast_of", side=side)]
    if lesion.depth:
        parts.append(say(f"depth.{lesion.depth}"))
    return f"{', '.join(parts)} ({', '.join(_state(speaker, lesion))})"


def _state(speaker: Speaker, lesion: Lesion) -> Iterator[str]:
    """What is known of it for good: kind where it is no mass, role, biopsy, marker."""
    say = speaker.phrases.say
    if lesion.kind is not Kind.MASS:
        yield speaker.noun(lesion)
    if lesion.role in {Role.NON_TARGET, Role.NEW}:
        yield say(f"role.{lesion.role}")
    yield say(f"biopsy.{lesion.biopsy_result or 'unstated'}")
    if lesion.biopsy_result is not BiopsyResult.NONE or lesion.clip is not None:
        yield say(f"clip.{'unstated' if lesion.clip is None else 'yes' if lesion.clip else 'no'}")


def distances(speaker: Speaker, lesion_id: str) -> str:
    """`45 mm from nipple, 14 mm from skin, 9 mm from pectoral muscle`, as measured now."""
    say, parts = speaker.phrases.say, []
    for name in ("nipple", "skin", "muscle"):
        value = speaker.latest(lesion_id, f"{name}_distance", speaker.case.reported)
        if isinstance(value, Length):
            parts.append(say(f"distance.{name}", distance=speaker.numbers.mm(value)))
    return ", ".join(parts)


def unseen_before(speaker: Speaker, site: SiteResponse) -> list[str]:
    """Imaging modalities that looked for a site at baseline and did not see it, by name."""
    baseline = speaker.case.baseline
    first = [p for p in site.series if baseline is not None and p.time_point == baseline.index]
    gone = [p.modality for p in first if p.state is State.ABSENT and p.modality not in NEVER_OF_RECORD]
    return list(speaker.modalities(gone))


def marker_expected(speaker: Speaker, marker: Marker) -> bool:
    """Whether something is to be said of a marker: a skin change is not expected to have one."""
    return marker.state is not MarkerState.NOT_STATED or speaker.case.lesion(marker.lesion_id).kind is not Kind.SKIN


def bed_site_view(speaker: Speaker, marker: Marker) -> BedSiteView:
    """A site, or an area of calcifications, by its marker."""
    lesion = speaker.case.lesion(marker.lesion_id)
    return BedSiteView(
        id=lesion.id,
        at=speaker.hour(lesion),
        benign=lesion.biopsy_result is BiopsyResult.BENIGN,
        marker=marker_view(speaker, marker),
    )


def _flags(speaker: Speaker, lesion: Lesion) -> Iterator[str]:
    """Flags on the lesion itself; those on its breast are the breast's."""
    date = speaker.case.reported.date
    entries = [e for e in speaker.case.facts.radiologist if e.lesion_id == lesion.id and e.date == date]
    for name in ("indeterminate", "near_complete", "residual_large"):
        if any(getattr(entry, name) for entry in entries):
            yield name


def remarks(speaker: Speaker, lesion: Lesion) -> Iterator[str]:
    """Notes and recorded extras of a lesion at the reported time point."""
    say, number = speaker.phrases.say, speaker.numbers.number
    for row in speaker.rows(lesion.id, speaker.case.reported):
        modality = speaker.exactly(row.modality)
        if row.volume is not None:
            yield say("finding.volume", modality=modality, value=number(row.volume.value), unit=row.volume.unit)
        if row.suv is not None:
            yield say("finding.suv", modality=modality, value=number(row.suv))
        if row.split_from:
            yield say("finding.split", modality=modality, lesion=row.split_from)
        if row.note:
            yield say("finding.note", modality=modality, note=speaker.quoted(row.note))


def marker_view(speaker: Speaker, marker: Marker) -> MarkerView:
    """The marker of one lesion now."""
    lesion, mm = speaker.case.lesion(marker.lesion_id), speaker.numbers.mm
    displaced = marker.state is MarkerState.DISPLACED and marker.displaced_by is not None
    return MarkerView.made(
        name=lambda: marker.shape or marker_word(speaker, lesion),
        state=lambda: str(marker.state),
        placed=lambda: lesion.clip is True,
        seen_on=lambda: speaker.phrases.all_of([speaker.exactly(m) for m in Modality if m in marker.seen_on]),
        displaced_by=lambda: mm(marker.displaced_by) if displaced and marker.displaced_by else "",
        in_place=lambda: marker.state is MarkerState.SEEN and marker.displacement_stated,
        skin=lambda: mm(marker.skin_distance) if marker.skin_distance else "",
        muscle=lambda: mm(marker.muscle_distance) if marker.muscle_distance else "",
        nipple=lambda: mm(marker.nipple_distance) if marker.nipple_distance else "",
    )


def looked_now(site: SiteResponse) -> bool:
    """Whether any imaging modality looked at it now with a result."""
    return any(r.point.state in LOOKED and r.point.modality not in NEVER_OF_RECORD for r in site.results)
