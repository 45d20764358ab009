"""What a template sees of one breast: what its impression says, from headline to BI-RADS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reporter.advice.conditions.axilla import node_abnormal
from reporter.advice.conditions.bed import unconfirmed_beds
from reporter.advice.conditions.breast import indeterminate_sites, near_complete_against
from reporter.advice.interface import Urgency
from reporter.advice.nodes import abnormal_nodes
from reporter.case.facts import Clinical, Radiologist
from reporter.case.timepoint import TimePoint
from reporter.case.vocabulary import MAMMOGRAPHY, NEVER_OF_RECORD, Modality, Side
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
from reporter.draft.fields_sites import (
    BedSiteView,
    SiteView,
    bed_site_view,
    marker_expected,
    marker_view,
    site_view,
)
from reporter.draft.fields_sizes import fragments_of
from reporter.draft.speaker import LOOKED, Speaker
from reporter.draft.view import View, group, says
from reporter.response.interface import (
    BreastResponse,
    Category,
    Headline,
    NewFindingClass,
    Progression,
    ProgressionKind,
    Regrowth,
    State,
)

# Entries that state nothing, for a side and a time point without one.
_NO_FLAGS = Radiologist()
_NO_EXAMINATION = Clinical()


@group
class NewView(View):
    """What was first seen after baseline in one breast."""

    progression: tuple[NewFindingView, ...] = says("New lesions that are progression")
    unsettled: tuple[NewFindingView, ...] = says("New findings that are not classified yet")
    cancers: tuple[NewFindingView, ...] = says("Proven new cancers of this side, the other one being under therapy")
    benign: tuple[NewFindingView, ...] = says("New findings stated benign")
    all: tuple[NewFindingView, ...] = says("All of them")


@group
class BedView(View):
    """The tumour bed of one breast, by its markers."""

    marked: tuple[BedSiteView, ...] = says("What has a marker or should have one; benign sites that carry one last")
    number: int = says("How many of them are not benign", example="2")
    seen: str = says("The markers that are seen now, by name; not those of benign sites", example="coil and wing")
    in_place: bool = says("Whether every marker that is not of a benign site is seen and said not to be displaced")
    confirmed: bool = says("Whether every bed is confirmed by its own marker, seen and not displaced")
    unconfirmed: tuple[BedSiteView, ...] = says("Those whose bed is not confirmed by their own marker")
    node_marker: str = says("The marker seen in a biopsy-proven node of this side; empty without", example="ribbon")


@group
class ExtentView(View):
    """How much disease is left in one breast."""

    residual: str = says("The largest residual on any imaging; empty without one", unit="mm", example="19 mm")
    site: str = says("The site of the largest residual", example="B")
    on: str = says("The modality of the largest residual", example="US")
    span: str = says("Span of all disease as entered now; empty where not stated", unit="mm", example="74 mm")


@group
class BreastView(View):
    """The answer for one breast."""

    side: str = says("The side", example="left")
    headline: str = says("What line 1 of its impression says, a word such as complete or mixed", example="partial")
    category_words: str = says("Its response of record in words", example="partial response")
    urgent: bool = says("Whether it is progression, or growth by that rule without a baseline")
    immediate: bool = says("Whether its response is told immediately: it stands first in the impression")
    abnormal_nodes: str = says(
        "Abnormal nodes of its side, beside which no response is complete; empty without", example="abnormal node N1"
    )
    disputed_nodes: str = says("Nodes of its side on which modalities disagree; empty without", example="node N1")
    sites: tuple[SiteView, ...] = says("Its sites of disease; benign ones apart")
    benign: tuple[SiteView, ...] = says("Sites stated benign: listed, never counted")
    all_sites: tuple[SiteView, ...] = says("Sites of disease, then benign ones")
    lead: SiteView | None = says("The site that the headline is about: the worst one; none without sites")
    several: bool = says("Whether it has several sites of disease")
    hidden: tuple[str, ...] = says("Sites that do not respond, or are not evaluable", example="B")
    record: str = says("The one modality of record; empty where it was found site by site or not at all", example="MRI")
    distribution: str = says("single, multifocal, multicentric or border", example="multicentric")
    progressions: tuple[ProgressionView, ...] = says("Reasons for progression other than a new lesion")
    new: NewView = says("What was first seen after baseline")
    regrowths: tuple[RegrowthView, ...] = says("Growth since the smallest that is no progression")
    discordances: tuple[DiscordanceView, ...] = says("Modalities, or examination and imaging, that disagree")
    bed: BedView = says("The tumour bed, by its markers")
    extent: ExtentView = says("How much disease is left")
    calcifications: tuple[CalcificationsView, ...] = says("Its calcifications")
    no_calcifications_now: bool = says("Whether calcifications are stated none now")
    no_calcifications_before: bool = says("Whether calcifications were stated none at baseline")
    sums: tuple[SumView, ...] = says("Sums of its sites and nodes, on every modality")
    total: SumView | None = says("The sum on the modality of record; none site by site")
    larger_elsewhere: str = says("Sites not comparable, but larger now on another modality; else empty", example="B")
    modalities_now: str = says("Imaging that looked at this breast now, joined by and", example="MRI and US")
    one_modality: str = says("That modality where only one looked now; else empty", example="US")
    failed_now: str = says("Imaging made now that could evaluate no site, joined by and; else empty", example="MRI")
    mammography: str = says("Mammography or DBT by name where made now and not of record; else empty", example="DBT")
    distortion: bool = says("Whether it shows distortion at a site")
    flags: tuple[str, ...] = says("The radiologist's flags, as indeterminate, near_complete", example="residual_large")
    indeterminate: bool = says("Whether the radiologist calls it, or a site of it that was looked at, indeterminate")
    near_complete_against: str = says(
        "Sites called near-complete that by size are stable or progressive; else empty", example="L1"
    )
    flagged_sites: tuple[str, ...] = says("Sites that the radiologist calls indeterminate one by one", example="B")
    restate: bool = says("Whether the radiologist wants the earlier complete response restated")
    skin_before: str = says("Its skin at baseline as stated; empty where it is not", example="thickened, 6 mm")
    skin_now: str = says("Its skin now as stated; empty where it is not", example="thickened, 4 mm")
    palpable: str = says("Palpable now: yes, no, or empty where not stated", example="no")
    was_palpable: str = says("Palpable at baseline: yes, no, or empty where not stated", example="yes")
    birads: str = says("BI-RADS of this breast as entered; empty without", example="6")
    lead_birads: str = says("BI-RADS of its known sites, where a new finding drives it; else empty", example="6")


def breast_views(speaker: Speaker) -> tuple[BreastView, ...]:
    """Every breast with an answer; urgent ones first."""
    return tuple(_breast(speaker, breast) for breast in speaker.ordered_breasts)


def _breast(speaker: Speaker, breast: BreastResponse) -> BreastView:
    case, phrases = speaker.case, speaker.phrases
    sites, benign = (_sites(speaker, breast, benign=benign) for benign in (False, True))
    entry = speaker.fact(case.facts.radiologist, breast.side, case.reported) or _NO_FLAGS
    sums = sum_views(speaker, breast)
    return BreastView.made(
        side=lambda: speaker.side(breast.side),
        headline=lambda: str(breast.headline),
        category_words=lambda: phrases.say(f"category.{breast.category}"),
        urgent=lambda: breast.headline is Headline.PROGRESSIVE or bool(breast.progressions),
        sites=lambda: sites,
        benign=lambda: benign,
        all_sites=lambda: (*sites, *benign),
        immediate=lambda: _immediate(speaker, breast.side),
        abnormal_nodes=lambda: _abnormal_nodes(speaker, breast.side),
        disputed_nodes=lambda: _disputed_nodes(speaker, breast.side),
        lead=lambda: _lead(sites, breast),
        several=lambda: len(sites) > 1,
        hidden=lambda: tuple(s.id for s in sites if s.category in {Category.SD, Category.PD, Category.NE}),
        record=lambda: speaker.modality(breast.record_modality) if breast.record_modality else "",
        distribution=lambda: str(breast.distribution),
        progressions=lambda: tuple(progression_view(speaker, breast, p) for p in _without_new(breast.progressions)),
        new=lambda: _new(speaker, breast),
        regrowths=lambda: tuple(regrowth_view(speaker, breast, r) for r in _short_of_progression(breast)),
        discordances=lambda: discordance_views(speaker, breast),
        bed=lambda: _bed(speaker, breast),
        extent=lambda: _extent(speaker, breast),
        calcifications=lambda: tuple(calcifications_view(speaker, c) for c in breast.calcifications),
        no_calcifications_now=lambda: _no_calcifications(speaker, breast.side, case.reported),
        no_calcifications_before=lambda: _no_calcifications(speaker, breast.side, case.baseline),
        sums=lambda: sums,
        total=lambda: next((s for s in sums if s.of_record), None),
        larger_elsewhere=lambda: phrases.all_of(breast.larger_elsewhere),
        modalities_now=lambda: phrases.all_of(speaker.modalities(breast.modalities_now)),
        one_modality=lambda: _only(speaker.modalities([m for m in breast.modalities_now if m not in _failed(breast)])),
        failed_now=lambda: phrases.all_of(speaker.modalities(_failed(breast))),
        mammography=lambda: _mammography(speaker, breast),
        distortion=lambda: any(m.distortion for s in sites for m in speaker.rows(s.id, case.reported)),
        flags=lambda: tuple(_flags(speaker, breast.side)),
        indeterminate=lambda: bool(indeterminate_sites(speaker.context(breast.side))),
        near_complete_against=lambda: phrases.all_of(near_complete_against(speaker.context(breast.side))),
        flagged_sites=lambda: tuple(s.id for s in sites if "indeterminate" in s.flags),
        restate=lambda: bool(entry.restate),
        skin_before=lambda: "" if case.baseline == case.reported else _skin(speaker, breast.side, case.baseline),
        skin_now=lambda: _skin(speaker, breast.side, case.reported),
        palpable=lambda: _palpable(speaker, breast.side, case.reported),
        was_palpable=lambda: _palpable(speaker, breast.side, case.baseline),
        birads=lambda: entry.birads or "",
        lead_birads=lambda: _lead_birads(sites, _new(speaker, breast).all, entry.birads or ""),
    )


def _palpable(speaker: Speaker, side: Side, time_point: TimePoint | None) -> str:
    """`yes` or `no`, as examined at a time point; empty where nothing is stated."""
    found = speaker.fact(speaker.case.facts.clinical, side, time_point) or _NO_EXAMINATION
    return yes_no(found.palpable)


def _sites(speaker: Speaker, breast: BreastResponse, *, benign: bool) -> tuple[SiteView, ...]:
    markers = {m.lesion_id: m for m in breast.markers}
    known = [s for s in breast.sites if speaker.case.lesion(s.lesion_id).counted]
    counted = [s for s in known if not s.benign]
    return tuple(
        site_view(speaker, s, known if benign else counted, markers.get(s.lesion_id))
        for s in known
        if s.benign is benign
    )


def _new(speaker: Speaker, breast: BreastResponse) -> NewView:
    views = {n.lesion_id: new_finding_view(speaker, n) for n in breast.new_findings}

    def of(kind: NewFindingClass) -> tuple[NewFindingView, ...]:
        return tuple(views[n.lesion_id] for n in breast.new_findings if n.classified is kind)

    progression, unsettled = of(NewFindingClass.PROGRESSION), of(NewFindingClass.UNSETTLED)
    cancers, benign = of(NewFindingClass.NEW_CANCER), of(NewFindingClass.BENIGN)
    every = (*progression, *unsettled, *cancers, *benign, *of(NewFindingClass.NOT_CLASSIFIED))
    return NewView(progression=progression, unsettled=unsettled, cancers=cancers, benign=benign, all=every)


def _bed(speaker: Speaker, breast: BreastResponse) -> BedView:
    marked = tuple(bed_site_view(speaker, m) for m in breast.markers if marker_expected(speaker, m))
    own = [site for site in marked if not site.benign]
    open_beds = set(unconfirmed_beds(speaker.context(breast.side)))
    return BedView.made(
        marked=lambda: marked,
        number=lambda: len(own),
        seen=lambda: speaker.phrases.all_of([site.marker.name for site in own if site.marker.seen_on]),
        in_place=lambda: bool(own) and all(site.marker.in_place for site in own),
        confirmed=lambda: bool(own) and not open_beds,
        unconfirmed=lambda: tuple(site for site in own if site.id in open_beds),
        node_marker=lambda: _node_marker(speaker, breast.side),
    )


def _immediate(speaker: Speaker, side: Side) -> bool:
    rows = [row for row in speaker.report.advice.rows if row.side is side and row.row.startswith("B")]
    return any(row.urgency is Urgency.IMMEDIATE for row in rows)


def _abnormal_nodes(speaker: Speaker, side: Side) -> str:
    """What makes the axilla abnormal: the nodes described, else their number or a level (decision s)."""
    context, say = speaker.context(side), speaker.phrases.say
    if not node_abnormal(context):
        return ""
    named = [node.lesion_id for node in abnormal_nodes(context)]
    path = {0: "abnormal_nodes", 1: "abnormal_node_named"}.get(len(named), "abnormal_nodes_named")
    return say(f"response.{path}", lesions=speaker.phrases.all_of(named))


def _disputed_nodes(speaker: Speaker, side: Side) -> str:
    found = [node.lesion_id for node in speaker.context(side).nodes if node.discordances]
    return speaker.phrases.all_of([f"{speaker.noun(speaker.case.lesion(i))} {i}" for i in found])


def _extent(speaker: Speaker, breast: BreastResponse) -> ExtentView:
    residual = breast.residual
    return ExtentView.made(
        residual=lambda: _residual(speaker, breast),
        site=lambda: residual.lesion_id if residual else "",
        on=lambda: speaker.exactly(residual.modality) if residual else "",
        span=lambda: speaker.numbers.mm(breast.span) if breast.span else "",
    )


def _no_calcifications(speaker: Speaker, side: Side, when: TimePoint | None) -> bool:
    """Whether calcifications are stated none at a time point."""
    entry = speaker.fact(speaker.case.facts.negatives, side, when)
    stated = (entry.calcifications or "") if entry else ""
    return stated.strip().casefold() in {"none", "no", "absent", "keine", "nein"}


def _skin(speaker: Speaker, side: Side, when: TimePoint | None) -> str:
    entry = speaker.fact(speaker.case.facts.negatives, side, when)
    return (entry.skin or "") if entry else ""


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


def _residual(speaker: Speaker, breast: BreastResponse) -> str:
    """The largest residual; one too small to measure says what it is counted as, a split one whose parts are in it."""
    residual = breast.residual
    if residual is None:
        return ""
    points = [r.point for s in breast.sites for r in s.results if s.lesion_id == residual.lesion_id]
    small = [p for p in points if p.modality is residual.modality and p.state is State.TOO_SMALL]
    if small:
        return speaker.size(small[0])
    size, pieces = speaker.numbers.mm(residual.size), fragments_of(speaker, residual.lesion_id)
    return speaker.phrases.say("table.added", size=size, lesions=speaker.phrases.all_of(pieces)) if pieces else size


def _mammography(speaker: Speaker, breast: BreastResponse) -> str:
    made = MAMMOGRAPHY & set(breast.modalities_now)
    return speaker.mammography if made and breast.record_modality not in MAMMOGRAPHY else ""


def _node_marker(speaker: Speaker, side: Side) -> str:
    axilla = speaker.report.response.axilla(side)
    seen = [n.marker for n in axilla.nodes if n.proven and n.marker.seen_on] if axilla else []
    return speaker.phrases.all_of([marker_view(speaker, marker).name for marker in seen])


def _failed(breast: BreastResponse) -> list[Modality | None]:
    """Imaging now that was made for the sites of disease and could evaluate none of them."""
    points = [r.point for s in breast.sites if not s.benign for r in s.results]
    told = {p.modality for p in points if p.state in LOOKED}
    failing = [p.modality for p in points if p.state is State.NOT_EVALUABLE]
    return [m for m in dict.fromkeys(failing) if m not in told and m not in NEVER_OF_RECORD]


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
