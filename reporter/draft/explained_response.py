"""What it means: criteria, every verdict at every time point, the modality of record, and the answer for each side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal

from reporter.case.vocabulary import Modality
from reporter.draft.basis import limit_sentences
from reporter.draft.distances import distance_lines
from reporter.draft.explained_input import value_of
from reporter.draft.explanation import Entry, data_of, fields_of
from reporter.draft.fields_axilla import axilla_views
from reporter.draft.speaker import Speaker
from reporter.response.answer import BreastResponse, Headline, NodeResponse, SiteResponse
from reporter.response.assessment import Assessment, Change, LesionResult, Operand, State, Verdict
from reporter.response.course import Chart
from reporter.response.of_record import ranked, usable


def criterion_entries(speaker: Speaker) -> Iterator[Entry]:
    """The criteria that were computed, and every limit of their rules."""
    response = speaker.report.response
    for used in response.criteria:
        words = "explain.criterion_feeds" if used.feeds_decisions else "explain.criterion"
        text = speaker.phrases.say(words, criterion=used.id, name=used.name, version=used.version)
        yield Entry(text=text, data=fields_of(used))
    limits = response.thresholds
    yield Entry(
        text=" ".join(limit_sentences(speaker)) or speaker.phrases.say("word.not_stated"),
        data={"limit": "category", "value": data_of((limits.pr_percent, limits.pd_percent, limits.pd_mm))},
    )
    for name in (f.name for f in fields(response.thresholds)):
        value = getattr(response.thresholds, name)
        text = f"{name.replace('_', ' ')}: {value_of(speaker.numbers, value)}"
        yield Entry(text=text, data={"limit": name, "value": data_of(value)})


# -- assessments --------------------------------------------------------------------------------------------------


def assessment_entries(speaker: Speaker) -> Iterator[Entry]:
    """Every assessment: each criterion, side, modality and time point, its sums and all its verdicts."""
    for found in speaker.report.response.assessments:
        point = speaker.case.timeline.time_points[found.time_point]
        place = [found.criterion, *([speaker.side(found.side)] if found.side else []), speaker.modality(found.modality)]
        text = f"{', '.join([*place, speaker.written(point.date)])}: {verdict_text(speaker, found.overall)}"
        data = {**fields_of(found, "issues"), "date": str(point.date)}
        yield Entry(text=text, details=tuple(_details(speaker, found)), data=data)


def _details(speaker: Speaker, found: Assessment) -> Iterator[str]:
    say = speaker.phrases.say
    now, unit = (found.total, "mm") if found.amounts is None else (found.amounts.now, found.amounts.unit)
    if now is not None:
        path = "explain.hottest" if unit == "SUV" else "explain.sum"
        sums = [f"{say(path)} {_amount(speaker, now, unit)}"]
        sums += _changes(speaker, found.from_baseline, found.from_nadir, unit)
        yield ", ".join(sums)
    for result in found.lesions:
        yield _lesion(speaker, result)
    for path, verdict in (("basis.target", found.target), ("basis.non_target", found.non_target)):
        if verdict is not None:
            yield f"{say(path)}: {verdict_text(speaker, verdict)}"
    yield say(f"explain.new_lesion.{found.new_lesion}")
    if found.time_point == speaker.case.reported.index:
        yield from distance_lines(speaker, found)
    if found.held and found.plain is not None:
        yield say("explain.held", category=speaker.phrases.say(f"category.{found.plain}"))
    for issue in found.issues:
        yield say(
            "explain.doubt_of" if issue.lesion_id else "explain.doubt", code=issue.code, lesion=issue.lesion_id or ""
        )


def _lesion(speaker: Speaker, result: LesionResult) -> str:
    """`L1 (target, long axis): 14 mm, from baseline 46 mm -69.6 %, ...: PR, ...`."""
    followed = result.measure.replace("_", " ")
    name = f"{result.point.lesion_id} ({speaker.phrases.say(f'role.{result.role}')}, {followed})"
    parts = [point_text(speaker, result), *_followed(speaker, result)]
    if not result.counted:
        parts.append(speaker.phrases.say("explain.not_in_sum"))
    verdict = [verdict_text(speaker, result.verdict)] if result.verdict is not None else []
    return "; ".join([f"{name}: {', '.join(parts)}", *verdict])


def _followed(speaker: Speaker, result: LesionResult) -> list[str]:
    """What is followed of a lesion, where that is not its size, and the changes of it."""
    amounts = result.amounts
    if amounts is None:
        return _changes(speaker, result.from_baseline, result.from_nadir)
    if amounts.now is None or result.point.state is State.MERGED:
        return []
    changes = _changes(speaker, amounts.from_baseline, amounts.from_nadir, amounts.unit)
    return [_amount(speaker, amounts.now, amounts.unit), *changes]


def _amount(speaker: Speaker, value: Decimal, unit: str) -> str:
    return f"{speaker.numbers.number(value)} {unit}"


def point_text(speaker: Speaker, result: LesionResult) -> str:
    """What a result rests on: its size, or why there is none; the value that counts in its place is said too."""
    point = result.point
    words = speaker.size(point)
    counted = point.state in {State.TOO_SMALL, State.ABSENT, State.MERGED} and point.size is not None
    return f"{words} = {speaker.numbers.mm(point.size)}" if counted and point.size is not None else words


def _changes(speaker: Speaker, from_baseline: Change | None, from_nadir: Change | None, unit: str = "mm") -> list[str]:
    told = []
    for path, change in (("explain.from_baseline", from_baseline), ("explain.from_smallest", from_nadir)):
        if change is not None:
            percent = speaker.numbers.percent(change) or speaker.phrases.say("table.against_zero")
            then, moved = _amount(speaker, change.then, unit), _amount(speaker, change.difference, unit)
            difference = f"+{moved}" if change.difference > 0 else moved
            told.append(speaker.phrases.say(path, then=then, percent=percent, difference=difference))
    return told


def verdict_text(speaker: Speaker, verdict: Verdict) -> str:
    """`PR (partial response): why (rule; every operand)`."""
    rule = speaker.phrases.first(f"rule.{verdict.rule}", "rule.other")
    operands = ", ".join(_operand(speaker, operand) for operand in verdict.operands)
    detail = "; ".join(part for part in (verdict.rule, operands) if part)
    lesions = f" {speaker.phrases.all_of(verdict.lesion_ids)}" if verdict.lesion_ids else ""
    if not verdict.classified:
        return f"{rule}{lesions} ({detail})"
    category = speaker.phrases.say(f"category.{verdict.category}")
    return f"{verdict.category} ({category}){lesions}, {rule} ({detail})"


def _operand(speaker: Speaker, operand: Operand) -> str:
    own = operand.name.replace("_", " ")
    name = speaker.phrases.first(f"operand.{operand.name}", "operand.other", name=own)
    unit = "" if operand.unit == "1" else f" {operand.unit}"
    return f"{name} {speaker.numbers.number(operand.value)}{unit}"


# -- the response of record ---------------------------------------------------------------------------------------


def record_entries(speaker: Speaker, known: Chart) -> Iterator[Entry]:
    """For each breast the modalities in their order, and which of them could be of record for its sites."""
    for breast in speaker.report.response.breasts:
        if breast.headline is Headline.NOT_CLASSIFIED:
            continue
        say, side = speaker.phrases.say, speaker.side(breast.side)
        chosen = _chosen(speaker, breast)
        deciding = [site for site in breast.sites if not site.benign]
        tried = tuple(_tried(speaker, known, deciding))
        order = speaker.phrases.all_of([speaker.exactly(m) for m in known.thresholds.size_order])
        text = say("explain.record", side=side, chosen=chosen, order=order)
        data = {
            "side": str(breast.side),
            "modality": data_of(breast.record_modality),
            "site_by_site": breast.site_by_site,
            "sites": {site.lesion_id: _record_of(site) for site in deciding},
        }
        yield Entry(text=text, details=tried, data=data, sources=("(l)",))


def _chosen(speaker: Speaker, breast: BreastResponse) -> str:
    if breast.site_by_site:
        return speaker.phrases.say("explain.site_by_site")
    if breast.record_modality is None and not any(site.record for site in breast.sites):
        return speaker.phrases.say("explain.no_record")
    return speaker.modality(breast.record_modality)


def _record_of(site: SiteResponse) -> object:
    return None if site.record is None else data_of(site.record.point.modality)


def _tried(speaker: Speaker, known: Chart, sites: Sequence[SiteResponse]) -> Iterator[str]:
    """Each modality that looked, in order: what it has of each site, at baseline and now."""
    looked = ranked(known, (r.point.modality for s in sites for r in s.results), known.thresholds.size_order)
    for modality in looked:
        parts = [part for site in sites for part in _of_site(speaker, known, site, modality)]
        yield f"{speaker.modality(modality)}: {'; '.join(parts)}"


def _of_site(speaker: Speaker, known: Chart, site: SiteResponse, modality: Modality | None) -> Iterator[str]:
    say = speaker.phrases.say
    found = next((r for r in site.results if r.point.modality is modality), None)
    if found is None:
        yield f"{site.lesion_id} {say('explain.tried.never')}"
        return
    by_size = any(r.role == "target" for r in site.results)
    usual = usable(known, known.thresholds.size_order, found, by_size=by_size)
    before = say("word.not_stated") if found.baseline is None else speaker.numbers.mm(found.baseline)
    verdict = say("explain.tried.usable" if usual else "explain.tried.unusable")
    now = point_text(speaker, found)
    record = f", {say('explain.tried.of_record')}" if site.record is found else ""
    yield say("explain.tried.site", lesion=site.lesion_id, before=before, now=now, verdict=verdict) + record


# -- the answers --------------------------------------------------------------------------------------------------


def answer_entries(speaker: Speaker) -> Iterator[Entry]:
    """What is answered for each breast and axilla, with everything that was found beside the category."""
    for breast in speaker.report.response.breasts:
        yield _breast(speaker, breast)
    views = {view.side: view for view in axilla_views(speaker)}
    for axilla in speaker.report.response.axillae:
        side = speaker.side(axilla.side)
        path = "explain.axilla" if axilla.assessed else "explain.axilla_not_assessed"
        told = [f"{name} {value}" for name, value in _counts(axilla.abnormal_baseline, axilla.abnormal_now)]
        normal = [speaker.phrases.say("explain.nodes_normal")] if side in views and views[side].normal_now else []
        nodes = [_node(speaker, node) for node in axilla.nodes]
        details = (*([", ".join(told)] if told else []), *normal, *nodes)
        yield Entry(text=speaker.phrases.say(path, side=side), details=details, data=fields_of(axilla))


def _counts(baseline: int | None, now: int | None) -> Iterator[tuple[str, str]]:
    for name, value in (("abnormal nodes at baseline", baseline), ("abnormal nodes now", now)):
        if value is not None:
            yield name, str(value)


def _breast(speaker: Speaker, breast: BreastResponse) -> Entry:
    verdict = [verdict_text(speaker, breast.verdict)] if breast.verdict is not None else []
    details = [*verdict, *_sites(speaker, breast), *_totals(speaker, breast), *_beside(speaker, breast)]
    return Entry(text=_answer(speaker, breast), details=tuple(details), data=fields_of(breast, "total", "totals"))


def _answer(speaker: Speaker, breast: BreastResponse) -> str:
    say, side = speaker.phrases.say, speaker.side(breast.side)
    if breast.headline is Headline.NOT_CLASSIFIED:
        return say("explain.breast_not_classified", side=side)
    headline, category = breast.headline.replace("_", " "), say(f"category.{breast.category}")
    return say("explain.breast", side=side, code=str(breast.category), category=category, headline=headline)


def _sites(speaker: Speaker, breast: BreastResponse) -> Iterator[str]:
    if breast.headline is Headline.NOT_CLASSIFIED:
        return
    for site in breast.sites:
        words = [f"{site.category} ({speaker.phrases.say(f'category.{site.category}')})"]
        words += [speaker.phrases.say(f"explain.site.{flag}") for flag in _flags(site)]
        yield f"{site.lesion_id}: {', '.join(words)}"


def _flags(site: SiteResponse) -> list[str]:
    named = ("benign", "held", "regrowth_to_confirm", "contradicting_flag")
    return [name for name in named if getattr(site, name)] + (["still_measured"] if site.still_measured else [])


def _totals(speaker: Speaker, breast: BreastResponse) -> Iterator[str]:
    """The sums on each modality: of all sites and nodes, and of the breast sites alone where both are said."""
    for total in breast.totals:
        if total.total is not None:
            sites = " + ".join(r.point.lesion_id for r in total.lesions if r.in_sum)
            changes = _changes(speaker, total.from_baseline, total.from_nadir)
            now = speaker.numbers.mm(total.total)
            yield ", ".join([f"{speaker.modality(total.modality)}: {sites} = {now}", *changes])


def _beside(speaker: Speaker, breast: BreastResponse) -> Iterator[str]:
    """Everything else that was found, field by field."""
    told = ("progressions", "regrowths", "discordances", "new_findings", "markers", "calcifications")
    for name in told:
        for found in getattr(breast, name):
            yield f"{name.replace('_', ' ')}: {described(speaker, found)}"
    if breast.residual is not None:
        yield f"largest residual: {described(speaker, breast.residual)}"
    if breast.span is not None:
        yield f"span: {speaker.numbers.mm(breast.span)}"
    yield f"distribution: {breast.distribution}"
    if breast.larger_elsewhere:
        yield f"larger on another modality: {speaker.phrases.all_of(breast.larger_elsewhere)}"


def _node(speaker: Speaker, node: NodeResponse) -> str:
    say = speaker.phrases.say
    course = say(f"node_course.{node.course}")
    record = "" if node.record is None else f", {point_text(speaker, node.record)} ({speaker.on(node.record.point)})"
    appearance = f"baseline {node.appearance_baseline}, now {node.appearance_now}".replace("_", " ")
    told = f"{node.lesion_id}: {course} ({appearance})"
    apart = "".join(f"; discordance: {described(speaker, found)}" for found in node.discordances)
    if not speaker.report.advice.in_scope:
        return f"{told}{record}{apart}"
    return f"{told}; {node.category} ({say(f'category.{node.category}')}){record}{apart}"


def described(speaker: Speaker, found: object) -> str:
    """A finding in words, field by field; points by modality and size, what is not said left out."""
    if not is_dataclass(found):
        return value_of(speaker.numbers, found)
    parts = []
    for name in (f.name for f in fields(found)):
        value = getattr(found, name)
        if value is None or value is False or value == ():
            continue
        parts.append(f"{name.replace('_', ' ')} {_described(speaker, name, value)}")
    return ", ".join(parts)


def _described(speaker: Speaker, name: str, value: object) -> str:
    if isinstance(value, Verdict):
        return verdict_text(speaker, value)
    if name in {"points", "still_measured"} and isinstance(value, tuple):
        return " and ".join(f"{speaker.size(point)} on {speaker.on(point)}" for point in value)
    if name == "covering_studies" and isinstance(value, tuple):
        return speaker.phrases.all_of([speaker.written(speaker.case.date_of(str(key))) for key in value])
    if name == "seen_on" and isinstance(value, tuple):
        return speaker.phrases.all_of([speaker.exactly(modality) for modality in value])
    if name.endswith("modality") and (value is None or isinstance(value, Modality)):
        return speaker.modality(value)
    if name in {"first_seen", "smallest_time_point"} and isinstance(value, int):
        return speaker.written(speaker.case.timeline.time_points[value].date)
    if name in {"baseline", "nadir", "now", "smallest"} and not isinstance(value, tuple):
        return f"{value_of(speaker.numbers, value)} mm".replace(" mm mm", " mm")
    return value_of(speaker.numbers, value)
