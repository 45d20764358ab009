"""The whole tool on one screen: a Case and a Kit give a Report, a Report gives a Draft, a Draft its files.

A Kit is prepared once for any number of cases: settings, criteria, guideline pack, compiled template set, exporters.
Nothing here decides, words or lays out; it says who does, in which order.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from reporter import __version__, library
from reporter.advice.engine import advise
from reporter.advice.interface import Advice
from reporter.advice.pack import Pack, load_pack, shares
from reporter.case.case import Case
from reporter.case.issue import Issue
from reporter.draft.environment import TemplateSet
from reporter.draft.interface import Draft, InputFile, MadeFrom, Report
from reporter.draft.phrases import load_phrases
from reporter.draft.writer import Letterhead, Writer
from reporter.draft.writer import prepare as prepare_writer
from reporter.errors import SetupError, UsageError
from reporter.exporters.interface import Exporter, Look, Prepared
from reporter.plugins import CRITERIA, EXPORTERS, load
from reporter.response.evaluate import classifies, evaluate
from reporter.response.interface import Criterion, Response
from reporter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """All that is prepared before the first case is read."""

    settings: Settings
    criteria: tuple[Criterion, ...]
    """The first that has categories feeds the decision table."""
    pack: Pack
    template: str
    """Name of the template set and a fingerprint of its texts."""
    writer: Writer
    formats: Mapping[str, Prepared]
    """Suffix -> exporter."""


def prepare(
    settings: Settings,
    *,
    template: str | None = None,
    criteria: Sequence[str] | None = None,
    formats: Iterable[str] = ("docx", "txt", "json"),
) -> Kit:
    """Load and check everything that is not the case.

    Raises:
        SetupError: a pack, template set or plug-in is missing or broken.
        UsageError: no criterion or format has the name given, or no criterion named has categories.

    """
    found = library.find_template(template or settings.report.template, settings.library)
    exporters = [cast("type[Exporter]", load(EXPORTERS, name))() for name in formats]
    look = Look(name=found.name, house=found.read("house.docx") if any(e.name == "docx" for e in exporters) else None)
    letterhead = Letterhead(department=settings.report.department, institution=settings.report.institution)
    sources = {name: text for name, text in found.texts.items() if name.endswith(".j2")}
    phrases = load_phrases(library.phrases("en"), "phrases, en")
    chosen = criteria_of(settings, criteria)
    if not any(classifies(criterion) for criterion in chosen):
        hint = "name one that has categories before it, such as per-site"
        raise UsageError(f"{', '.join(c.id for c in chosen)} gives numbers, no response category", hint=hint)
    return Kit(
        settings=settings,
        criteria=chosen,
        pack=_pack(settings),
        template=f"{found.name} {_fingerprint(found.texts)}",
        writer=prepare_writer(TemplateSet(name=found.name, sources=sources), phrases, letterhead),
        formats={exporter.suffix: exporter.prepare(look) for exporter in exporters},
    )


def report_on(case: Case, inputs: Iterable[InputFile], kit: Kit) -> Report:
    """What the case means and what to do next."""
    response = evaluate(case, kit.criteria, kit.settings.thresholds)
    advice = advise(case, response, kit.pack, kit.settings.policy)
    made_from = MadeFrom(
        tool=f"reporter {__version__}",
        inputs=tuple(sorted(inputs, key=lambda file: (file.kind, file.name))),
        template=kit.template,
        settings_changed=kit.settings.changed,
    )
    return Report(case=case, response=response, advice=advice, made_from=made_from)


def export(report: Report, draft: Draft, kit: Kit) -> dict[str, bytes]:
    """The draft in every format of the kit, by suffix."""
    return {suffix: prepared.export(report, draft) for suffix, prepared in kit.formats.items()}


def issues_of(report: Report) -> tuple[Issue, ...]:
    """All doubts of a report, the worst first."""
    return issues_in(report.case, report.response, report.advice)


def issues_in(*parts: Case | Response | Advice) -> tuple[Issue, ...]:
    """The doubts of what has been made so far, the worst first."""
    return tuple(sorted((issue for part in parts for issue in part.issues), key=lambda issue: issue.order))


def criteria_of(settings: Settings, names: Sequence[str] | None = None) -> tuple[Criterion, ...]:
    """The criteria named, else those of the settings.

    Raises:
        UsageError: no criterion has the name given.
        SetupError: the settings do not suit a criterion.

    """
    return tuple(_criterion(name, settings) for name in dict.fromkeys(names or settings.report.criteria))


def _criterion(name: str, settings: Settings) -> Criterion:
    factory = cast("Callable[..., Criterion]", load(CRITERIA, name))
    options = settings.criteria.get(name)
    if options is None:
        return factory(thresholds=settings.thresholds)
    try:
        return factory(thresholds=settings.thresholds, options=options)
    except TypeError:
        raise SetupError("this criterion takes no settings of its own", field=f"criteria.{name}") from None


def _pack(settings: Settings) -> Pack:
    found = library.find_pack(settings.report.pack, settings.library)
    shared = shares(found.texts)
    texts = found.texts if shared is None else {**library.find_pack(shared, settings.library).texts, **found.texts}
    return load_pack(texts)


def _fingerprint(texts: Mapping[str, str]) -> str:
    """Twelve hex digits that change with any text of a set."""
    joined = "\0".join(f"{name}\0{text}" for name, text in sorted(texts.items()))
    return hashlib.sha256(joined.encode()).hexdigest()[:12]
