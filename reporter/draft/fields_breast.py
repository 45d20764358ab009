"""What a template sees of one breast: what its impression says, from headline to BI-RADS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporter.case.length import Length
from reporter.case.vocabulary import QUADRANTS, Side
from reporter.draft.fields_findings import (
    CalcificationsView,
    DiscordanceView,
    NewFindingView,
    ProgressionView,
    RegrowthView,
    SumView,
    calcifications_view,
    discordance_views,
    new_finding_view,
    progression_view,
    regrowth_view,
    sum_views,
)
from reporter.draft.fields_patient import yes_no
from reporter.draft.fields_sites import MarkerView, SiteView, marker_view, site_view
from reporter.draft.speaker import MAMMOGRAPHY, Speaker
from reporter.draft.view import View, says
from reporter.response.interface import (
    BreastResponse,
    Category,
    Headline,
    MarkerState,
    NewFindingClass,
    Progression,
    ProgressionKind,
    Regrowth,
    State,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreastView(View):
    """The answer for one breast."""

    side: str = says("The side", example="left")
    headline: str = says("What line 1 of its impression says, a word such as complete or mixed", example="partial")
    category_words: str = says("Its response of record in words", example="partial response")
    urgent: bool = says("Whether it is progression, or growth by that rule without a baseline")
    sites: tuple[SiteView, ...] = says("Its sites of disease; benign ones apart")
    benign: tuple[SiteView, ...] = says("Sites stated benign: listed, never counted")
    all_sites: tuple[SiteView, ...] = says("Sites of disease, then benign ones")
    lead: SiteView | None = says("The site that the headline is about: the worst one; none without sites")
    several: bool = says("Whether it has several sites of disease")
    record: str = says("The one modality of record; empty where it was found site by site or not at all", example="MRI")
    distribution: str = says("single, multifocal, multicentric or border", example="multicentric")
    progressions: tuple[ProgressionView, ...] = says("Reasons for progression other than a new lesion")
    news: tuple[NewFindingView, ...] = says("New lesions that are progression")
    unsettled: tuple[NewFindingView, ...] = says("New findings that are not classified yet")
    new_cancers: tuple[NewFindingView, ...] = says("Proven new cancers of this side, the other one being under therapy")
    new_benign: tuple[NewFindingView, ...] = says("New findings stated benign")
    all_new: tuple[NewFindingView, ...] = says("All findings first seen after baseline, whatever they are")
    regrowths: tuple[RegrowthView, ...] = says("Growth since the smallest that is no progression")
    discordances: tuple[DiscordanceView, ...] = says("Modalities, or examination and imaging, that disagree")
    markers: tuple[MarkerView, ...] = says("Markers of its sites")
    markers_seen: str = says("The markers that are seen now, by name", example="coil and wing")
    all_in_place: bool = says("Whether every site's marker is seen and said not to be displaced")
    bed_confirmed: bool = says("Whether every site's own marker is seen and not displaced")
    residual: str = says(
        "The largest residual on any imaging; empty where nothing is measurable", unit="mm", example="19 mm"
    )
    residual_site: str = says("The site of the largest residual", example="B")
    residual_on: str = says("The modality of the largest residual", example="US")
    span: str = says("Span of all disease as entered now; empty where not stated", unit="mm", example="74 mm")
    span_to_new: bool = says("Whether a new lesion is part of that span")
    calcifications: tuple[CalcificationsView, ...] = says("Its calcifications")
    no_calcifications_now: bool = says("Whether calcifications are stated none now")
    no_calcifications_before: bool = says("Whether calcifications were stated none at baseline")
    sums: tuple[SumView, ...] = says("Sums of its sites and nodes, on every modality")
    total: SumView | None = says("The sum on the modality of record; none site by site")
    larger_elsewhere: str = says(
        "Sites without a comparable size whose size on another modality is larger; empty without"
    )
    modalities_now: str = says(
        "Imaging that looked at this breast now, joined by and", example="MRI, US and mammography"
    )
    one_modality: str = says("That modality where only one looked now; else empty", example="US")
    mammography: str = says("Mammography or DBT by name where it was made now and is not of record; else empty")
    distortion: bool = says("Whether it shows distortion at a site")
    hidden: tuple[str, ...] = says(
        "Sites that do not respond or are not evaluable beside one that responds", example="B"
    )
    node_marker: str = says("The marker seen in a biopsy-proven node of this side; empty without", example="ribbon")
    unconfirmed: tuple[SiteView, ...] = says("Sites whose bed is not confirmed by their own marker")
    flags: tuple[str, ...] = says(
        "The radiologist's flags for this breast: indeterminate, near_complete, residual_large"
    )
    flagged_sites: tuple[str, ...] = says("Sites that the radiologist calls indeterminate one by one", example="B")
    restate: bool = says("Whether the radiologist wants the earlier complete response restated")
    palpable: str = says("Palpable now: yes, no, or empty where not stated")
    was_palpable: str = says("Palpable at baseline: yes, no, or empty where not stated")
    birads: str = says("BI-RADS of this breast as entered; empty without", example="6")
    lead_birads: str = says(
        "BI-RADS of its known sites as entered, where another finding drives it; else empty", example="6"
    )


def breast_views(speaker: Speaker) -> tuple[BreastView, ...]:
    """Every breast with an answer; urgent ones first."""
    breasts = sorted(speaker.report.response.breasts, key=lambda breast: -_urgency(speaker, breast.side))
    return tuple(_breast(speaker, breast) for breast in breasts)


def _urgency(speaker: Speaker, side: Side) -> int:
    """How urgently anything of this side is told: what cannot wait stands first."""
    return max((row.urgency.rank for row in speaker.report.advice.rows if row.side is side), default=0)


def _breast(speaker: Speaker, breast: BreastResponse) -> BreastView:
    case, mm = speaker.case, speaker.numbers.mm
    counted = [s for s in breast.sites if not s.benign]
    markers = {m.lesion_id: m for m in breast.markers}
    sites = tuple(site_view(speaker, s, counted, markers.get(s.lesion_id)) for s in counted)
    benign = tuple(site_view(speaker, s, breast.sites, markers.get(s.lesion_id)) for s in breast.sites if s.benign)
    entry = speaker.fact(case.facts.radiologist, breast.side, case.reported)
    clinical = speaker.fact(case.facts.clinical, breast.side, case.reported)
    before = speaker.fact(case.facts.clinical, breast.side, case.baseline)
    negatives = speaker.fact(case.facts.negatives, breast.side, case.reported)
    first = speaker.fact(case.facts.negatives, breast.side, case.baseline)
    news = {c: [n for n in breast.new_findings if n.classified is c] for c in NewFindingClass}
    new_views = {c: tuple(new_finding_view(speaker, n) for n in found) for c, found in news.items()}
    here = [s for s in sites if s.marker]
    birads = (entry.birads or "") if entry else ""
    return BreastView(
        side=speaker.side(breast.side),
        headline=str(breast.headline),
        category_words=speaker.phrases.say(f"category.{breast.category}"),
        urgent=breast.headline is Headline.PROGRESSIVE or bool(breast.progressions),
        sites=sites,
        benign=benign,
        all_sites=(*sites, *benign),
        lead=_lead(sites, breast),
        several=len(sites) > 1,
        record=speaker.modality(breast.record_modality) if breast.record_modality else "",
        distribution=str(breast.distribution),
        progressions=tuple(progression_view(speaker, breast, p) for p in _without_new(breast.progressions)),
        news=new_views[NewFindingClass.PROGRESSION],
        unsettled=new_views[NewFindingClass.UNSETTLED],
        new_cancers=new_views[NewFindingClass.NEW_CANCER],
        new_benign=new_views[NewFindingClass.BENIGN],
        all_new=tuple(view for views in new_views.values() for view in views),
        regrowths=tuple(regrowth_view(speaker, r) for r in _short_of_progression(breast)),
        discordances=discordance_views(speaker, breast),
        markers=tuple(s.marker for s in here if s.marker),
        markers_seen=speaker.phrases.all_of([s.marker.name for s in here if s.marker and s.marker.seen_on]),
        all_in_place=bool(here) and all(s.marker and s.marker.in_place for s in sites),
        bed_confirmed=bool(counted) and all(_confirmed(breast, s.lesion_id) for s in counted),
        residual=_residual(speaker, breast),
        residual_site=breast.residual.lesion_id if breast.residual else "",
        residual_on=speaker.exactly(breast.residual.modality) if breast.residual else "",
        span=mm(breast.span) if breast.span else "",
        span_to_new=bool(news[NewFindingClass.PROGRESSION] or news[NewFindingClass.UNSETTLED]),
        calcifications=tuple(calcifications_view(speaker, c) for c in breast.calcifications),
        no_calcifications_now=_none_stated(negatives.calcifications if negatives else None),
        no_calcifications_before=_none_stated(first.calcifications if first else None),
        sums=sum_views(speaker, breast),
        total=next((s for s in sum_views(speaker, breast) if s.of_record), None),
        larger_elsewhere=speaker.phrases.all_of(breast.larger_elsewhere),
        modalities_now=speaker.phrases.all_of(speaker.modalities(breast.modalities_now)),
        one_modality=_only(speaker.modalities(breast.modalities_now)),
        mammography=_mammography(speaker, breast),
        distortion=any(m.distortion for s in counted for m in speaker.rows(s.lesion_id, case.reported)),
        hidden=tuple(s.id for s in sites if s.category in {Category.SD, Category.PD, Category.NE}),
        node_marker=_node_marker(speaker, breast.side),
        unconfirmed=tuple(s for s in sites if not _confirmed(breast, s.id)),
        flags=tuple(_flags(speaker, breast.side)),
        flagged_sites=tuple(s.id for s in sites if "indeterminate" in s.flags),
        restate=bool(entry and entry.restate),
        palpable=yes_no(clinical.palpable if clinical else None),
        was_palpable=yes_no(before.palpable if before else None),
        birads=birads,
        lead_birads=_lead_birads(sites, [n for views in new_views.values() for n in views], birads),
    )


def _short_of_progression(breast: BreastResponse) -> list[Regrowth]:
    """Growth that is not told as progression already."""
    told = {(p.lesion_id, p.modality) for p in breast.progressions}
    return [r for r in breast.regrowths if (r.lesion_id, r.modality) not in told]


def _without_new(progressions: Sequence[Progression]) -> list[Progression]:
    return [p for p in progressions if p.kind is not ProgressionKind.NEW_LESION]


_WORST = (Category.PD, Category.SD, Category.NE, Category.NON_CR_NON_PD, Category.PR, Category.CR)


def _lead(sites: Sequence[SiteView], breast: BreastResponse) -> SiteView | None:
    """The site that decides: the worst category, of several the one with the largest residual, else the first."""
    order = [str(category) for category in _WORST]

    def rank(site: SiteView) -> tuple[int, bool, str]:
        place = order.index(site.category) if site.category in order else len(order)
        return place, breast.residual is None or site.id != breast.residual.lesion_id, site.id

    return min(sites, key=rank, default=None)


def _confirmed(breast: BreastResponse, lesion_id: str) -> bool:
    return any(m.lesion_id == lesion_id and m.state is MarkerState.SEEN for m in breast.markers)


def _residual(speaker: Speaker, breast: BreastResponse) -> str:
    """The largest residual; one that is too small to measure says what it is counted as."""
    residual = breast.residual
    if residual is None:
        return ""
    points = [r.point for s in breast.sites for r in s.results if s.lesion_id == residual.lesion_id]
    small = [p for p in points if p.modality is residual.modality and p.state is State.TOO_SMALL]
    return speaker.size(small[0]) if small else speaker.numbers.mm(residual.size)


def _mammography(speaker: Speaker, breast: BreastResponse) -> str:
    made = MAMMOGRAPHY & set(breast.modalities_now)
    return speaker.mammography if made and breast.record_modality not in MAMMOGRAPHY else ""


def _node_marker(speaker: Speaker, side: Side) -> str:
    axilla = speaker.report.response.axilla(side)
    seen = [n.marker for n in axilla.nodes if n.proven and n.marker.seen_on] if axilla else []
    return speaker.phrases.all_of([marker_view(speaker, marker).name for marker in seen])


def _none_stated(text: str | None) -> bool:
    return (text or "").strip().casefold() in {"none", "no", "absent"}


def _only(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ""


def _flags(speaker: Speaker, side: Side) -> Iterator[str]:
    date = speaker.case.reported.date
    entries = [e for e in speaker.case.facts.radiologist if e.side is side and e.date == date]
    for name in ("indeterminate", "near_complete", "residual_large"):
        if any(getattr(entry, name) for entry in entries):
            yield name


def _lead_birads(sites: Sequence[SiteView], news: Sequence[NewFindingView], birads: str) -> str:
    """The category of the known sites where a new finding's own one is that of the breast."""
    if not birads or not any(n.birads == birads for n in news):
        return ""
    return next((s.birads for s in sites if s.birads and s.birads != birads), "")


def same_quadrant(speaker: Speaker, one: str, other: str) -> bool | None:
    """Whether two lesions lie in one quadrant; None where a border or a missing place leaves it open."""
    places = {speaker.case.lesion(one).location, speaker.case.lesion(other).location}
    if not all(place in QUADRANTS for place in places):
        return None
    return len(places) == 1


__all__ = ["BreastView", "Length", "breast_views", "same_quadrant"]
