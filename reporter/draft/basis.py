"""The basis: which rows, rules, data and settings a report rests on, and the trace of every verdict.  Never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reporter.case.source import SourceKind
from reporter.draft.basis_pack import pack_used, radiation, site_rows
from reporter.draft.compose import Mandatory
from reporter.draft.interface import Block, Column, Paragraph, Table, plain
from reporter.draft.speaker import Speaker
from reporter.response.interface import Assessment, LesionResult, Operand, Verdict

Line = tuple[str, str, str]
"""One verdict: what is stated, on which numbers, by which rule."""

_LIMITS: Final = frozenset({"pr_percent", "pd_percent", "pd_mm"})
"""Operands that are the same in every verdict: said once."""


def basis_part(speaker: Speaker) -> Mandatory:
    """What the draft says under basis; never empty."""
    blocks: list[Block] = [Paragraph(plain(" ".join(_sentences(speaker))))]
    if more := " ".join(radiation(speaker)):
        blocks.append(Paragraph(plain(more)))
    trace = tuple(dict.fromkeys(_trace(speaker))) if speaker.report.advice.in_scope else ()
    if trace:
        rules = sorted({rule for _, _, rule in trace})
        meanings = ((rule, speaker.phrases.first(f"rule.{rule}", "rule.other")) for rule in rules)
        blocks += (
            _table(speaker, ("statement", "numbers", "rule"), trace),
            _table(speaker, ("rule", "because"), meanings, intro=speaker.phrases.say("basis.rules_named")),
        )
    return Mandatory(heading=speaker.phrases.say("heading.basis"), blocks=tuple(blocks))


def _table(speaker: Speaker, columns: Sequence[str], rows: Iterable[Sequence[str]], intro: str = "") -> Table:
    return Table(
        columns=tuple(Column(name=name, header=speaker.phrases.say(f"basis.{name}")) for name in columns),
        rows=tuple(tuple(plain(cell) for cell in row) for row in rows),
        intro=plain(intro),
    )


def _sentences(speaker: Speaker) -> Iterator[str]:
    say, report = speaker.phrases.say, speaker.report
    parts = [*_input(speaker), *_rules(speaker), pack_used(speaker), _settings(speaker)]
    classified = any(a.time_point == speaker.case.reported.index for a in report.response.assessments)
    if classified and report.advice.in_scope:
        parts.append(say("basis.trace"))
    line = "; ".join(parts)
    yield f"{line[:1].upper()}{line[1:]}."
    rows = list(dict.fromkeys(row.row for row in report.advice.rows))
    if rows:
        yield say("basis.decision_rows", rows=", ".join(rows))
    pack = report.advice.pack
    yield say("basis.guideline", citation=pack.citation, link=pack.link, reviewed=speaker.phrases.dated(pack.reviewed))
    yield from site_rows(speaker)
    yield say("basis.made_with", tool=report.made_from.tool, template=report.made_from.template)
    if report.advice.in_scope:
        yield from limit_sentences(speaker)
    yield say("basis.no_image_analysis")


def limit_sentences(speaker: Speaker) -> Iterator[str]:
    """The limits of the criteria used, each once; which criterion they are of is said where they differ."""
    names: dict[tuple[Operand, ...], list[str]] = {}
    for criterion in speaker.report.response.criteria:
        if criterion.limits:
            names.setdefault(criterion.limits, []).append(criterion.name.partition(",")[0])
    for limits, criteria in names.items():
        values = {limit.name: limit.value for limit in limits}
        words = {
            "partial": speaker.numbers.threshold(-values["pr_percent"]),
            "progression": speaker.numbers.threshold(values["pd_percent"]),
            "criterion": speaker.phrases.all_of(criteria),
        }
        if "pd_mm" in values:
            words["least"] = speaker.numbers.mm(values["pd_mm"])
        path = "basis.limits" if "pd_mm" in values else "basis.limits_without_least"
        yield speaker.phrases.say(path if len(names) == 1 else f"{path}_of", **words)


def _input(speaker: Speaker) -> Iterator[str]:
    """`14 table rows`: what the measurements were read from, whatever the order of rows."""
    sources = [m.source for m in speaker.case.measurements]
    rows = sum(source.kind is SourceKind.TABLE for source in sources)
    if rows:
        yield speaker.phrases.say("basis.table_row" if rows == 1 else "basis.table_rows", rows=str(rows))
    reports = sorted({s.file for s in sources if s.kind is SourceKind.REPORT})
    if reports:
        yield speaker.phrases.say("basis.reports", files=", ".join(reports))


def _rules(speaker: Speaker) -> Iterator[str]:
    for criterion in speaker.report.response.criteria:
        yield speaker.phrases.say("basis.rules", criterion=criterion.id, version=criterion.version)


def _settings(speaker: Speaker) -> str:
    changed = speaker.report.made_from.settings_changed
    if not changed:
        return speaker.phrases.say("basis.default_settings")
    return speaker.phrases.say("basis.settings", settings=", ".join(f"{key} = {value}" for key, value in changed))


def _trace(speaker: Speaker) -> Iterator[Line]:
    """Every verdict at the reported time point, with rule and operands."""
    now = speaker.case.reported.index
    for assessment in speaker.report.response.assessments:
        if assessment.time_point == now:
            yield from _assessment(speaker, assessment)
    for breast in speaker.report.response.breasts:
        for progression in breast.progressions:
            where = [speaker.side(breast.side), speaker.modality(progression.modality), progression.lesion_id or ""]
            yield _line(speaker, where, progression.verdict)
        if breast.verdict:
            yield _line(speaker, [speaker.side(breast.side), speaker.phrases.say("basis.breast")], breast.verdict)


def _assessment(speaker: Speaker, assessment: Assessment) -> Iterator[Line]:
    several = len(speaker.report.response.criteria) > 1
    side = speaker.side(assessment.side) if assessment.side else ""
    place = [assessment.criterion if several else "", side, speaker.modality(assessment.modality)]
    for result in assessment.lesions:
        if result.verdict is not None:
            yield _line(speaker, [*place, _lesion(result)], result.verdict)
    by_site = any(result.verdict is not None for result in assessment.lesions)
    targets = None if by_site else assessment.target  # by site, each has had its own line
    for path, verdict in (("basis.target", targets), ("basis.non_target", assessment.non_target)):
        if verdict is not None:
            yield _line(speaker, [*place, speaker.phrases.say(path)], verdict)
    yield _line(speaker, [*place, speaker.phrases.say("basis.overall")], assessment.overall)


def _lesion(result: LesionResult) -> str:
    return result.point.lesion_id


def _line(speaker: Speaker, place: Iterable[str], verdict: Verdict) -> Line:
    """`left, MRI, L1: CR`, `now 0 mm, baseline 58 mm`, `site.cr`."""
    category = verdict.category if verdict.classified else "-"
    stated = f"{', '.join(part for part in place if part)}: {category}"
    decided = [i for i in verdict.lesion_ids if i not in place]
    if decided:
        stated = f"{stated} ({speaker.phrases.all_of(decided)})"
    numbers = [_operand(speaker, operand) for operand in verdict.operands if operand.name not in _LIMITS]
    return stated, ", ".join(numbers) or "-", verdict.rule


def _operand(speaker: Speaker, operand: Operand) -> str:
    name = speaker.phrases.first(f"operand.{operand.name}", "operand.other", name=operand.name)
    unit = "" if operand.unit == "1" else f" {operand.unit}"
    return f"{name} {speaker.numbers.number(operand.value)}{unit}"
