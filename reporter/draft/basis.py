"""The basis: which rows, rules, data and settings a report rests on, and the trace of every verdict.  Never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from reporter.case.source import SourceKind
from reporter.draft.compose import Mandatory
from reporter.draft.interface import Block, Column, Paragraph, Table, plain
from reporter.draft.speaker import Speaker
from reporter.response.interface import NUMBERS_ONLY, Assessment, LesionResult, Operand, Verdict

Line = tuple[str, ...]
"""One verdict: what is stated, why, on which numbers, by which rule."""

_COLUMNS: Final = ("statement", "because", "numbers", "rule")
_LIMITS: Final = frozenset({"pr_percent", "pd_percent", "pd_mm"})
"""Operands that are the same in every verdict: said once."""


def basis_part(speaker: Speaker) -> Mandatory:
    """What the draft says under basis; never empty."""
    blocks: list[Block] = [Paragraph(plain(" ".join(_sentences(speaker))))]
    trace = tuple(dict.fromkeys(_trace(speaker)))
    if trace:
        columns = tuple(Column(name=name, header=speaker.phrases.say(f"basis.{name}")) for name in _COLUMNS)
        blocks.append(Table(columns=columns, rows=tuple(tuple(plain(cell) for cell in line) for line in trace)))
    return Mandatory(heading=speaker.phrases.say("heading.basis"), blocks=tuple(blocks))


def _sentences(speaker: Speaker) -> Iterator[str]:
    say, report = speaker.phrases.say, speaker.report
    parts = [*_input(speaker), *_rules(speaker), say("basis.pack", pack=report.advice.pack.id), _settings(speaker)]
    if any(a.time_point == speaker.case.reported.index for a in report.response.assessments):
        parts.append(say("basis.trace"))
    line = "; ".join(parts)
    yield f"{line[:1].upper()}{line[1:]}."
    rows = list(dict.fromkeys(row.row for row in report.advice.rows))
    if rows:
        yield say("basis.decision_rows", rows=", ".join(rows))
    pack = report.advice.pack
    yield say("basis.guideline", citation=pack.citation, link=pack.link, reviewed=pack.reviewed)
    yield say("basis.made_with", tool=report.made_from.tool, template=report.made_from.template)
    limits = report.response.thresholds
    yield say(
        "basis.limits",
        partial=speaker.numbers.threshold(-limits.pr_percent),
        progression=speaker.numbers.threshold(limits.pd_percent),
        least=speaker.numbers.mm(limits.pd_mm),
    )
    yield say("basis.no_image_analysis")


def _input(speaker: Speaker) -> Iterator[str]:
    """`14 table rows`: what the measurements were read from, whatever the order of rows."""
    sources = [m.source for m in speaker.case.measurements]
    rows = sum(source.kind is SourceKind.TABLE for source in sources)
    if rows:
        yield speaker.phrases.say("basis.table_rows", rows=str(rows))
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
    """`left, MRI, L1: CR`, why, `now 0 mm, baseline 58 mm`, `site.cr`."""
    category = "-" if verdict.rule == NUMBERS_ONLY else verdict.category
    stated = f"{', '.join(part for part in place if part)}: {category}"
    decided = [i for i in verdict.lesion_ids if i not in place]
    if decided:
        stated = f"{stated} ({speaker.phrases.all_of(decided)})"
    numbers = [_operand(speaker, operand) for operand in verdict.operands if operand.name not in _LIMITS]
    return (
        stated,
        speaker.phrases.first(f"rule.{verdict.rule}", "rule.other"),
        ", ".join(numbers) or "-",
        verdict.rule,
    )


def _operand(speaker: Speaker, operand: Operand) -> str:
    name = speaker.phrases.first(f"operand.{operand.name}", "operand.other", name=operand.name)
    unit = "" if operand.unit == "1" else f" {operand.unit}"
    return f"{name} {speaker.numbers.number(operand.value)}{unit}"
