"""The whole tool on one screen: a Case and a Kit give a Report, a Report gives a Draft, a Draft its files.

A Kit is prepared once for any number of cases: settings, criteria, guideline pack, compiled template set, exporters.
Nothing here decides, words or lays out; it says who does, in which order.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Final, cast

from reporter import __version__, library
from reporter.advice.engine import advise
from reporter.advice.interface import Advice
from reporter.advice.pack import Pack, load_pack, shares
from reporter.case.case import Case
from reporter.case.issue import Issue
from reporter.draft.interface import Draft, InputFile, MadeFrom, Report
from reporter.draft.manifest import OptionValue, options_for
from reporter.draft.phrases import Phrases, load_phrases
from reporter.draft.sets import LoadedSet, load_set
from reporter.draft.writer import Letterhead, Writer, composed
from reporter.draft.writer import prepare as prepare_writer
from reporter.errors import SetupError, UsageError
from reporter.exporters.interface import Exporter, Look, Prepared
from reporter.guard import Worker
from reporter.plugins import CRITERIA, EXPORTERS, load
from reporter.response.evaluate import classifies, evaluate
from reporter.response.interface import Criterion, Response
from reporter.settings import Settings

_SETTINGS: Final = "reporter.toml"
"""How messages name the settings file, which is no longer at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """All that is prepared before the first case is read."""

    settings: Settings
    criteria: tuple[Criterion, ...]
    """The first that has categories feeds the decision table."""
    pack: Pack
    template: str
    """Name and version of the template set, and a fingerprint of its texts and its house document."""
    writer: Writer
    formats: Mapping[str, Prepared]
    """Suffix -> exporter."""

    def close(self) -> None:
        """End the process in which a site's own templates run; the next draft begins another.

        A kit that is only dropped ends it too, but Python loses a Ctrl-C that comes while it clears away.
        """
        if isinstance(self.writer.elsewhere, Worker):
            self.writer.elsewhere.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a kit is to be made of, loaded and checked; its templates are not compiled yet."""

    criteria: tuple[Criterion, ...]
    pack: Pack
    template: str
    formats: tuple[str, ...]
    """Suffixes."""
    kit: Callable[[], Kit]
    """Raises SetupError where a template cannot be compiled."""


def prepare(
    settings: Settings,
    *,
    template: str | None = None,
    criteria: Sequence[str] | None = None,
    formats: Iterable[str] = ("docx", "txt", "json"),
) -> Kit:
    """Load, check and compile everything that is not the case.

    Raises:
        SetupError: a pack, template set or plug-in is missing or broken.
        UsageError: no criterion or format has the name given, or no criterion named has categories.

    """
    return choose(settings, template=template, criteria=criteria, formats=formats).kit()


def choose(
    settings: Settings, *, template: str | None, criteria: Sequence[str] | None, formats: Iterable[str]
) -> Chosen:
    """Load and check everything that is not the case; raises what `prepare` raises."""
    exporters = [cast("type[Exporter]", load(EXPORTERS, name))() for name in formats]
    chain = library.find_template(template or settings.report.template, settings.site_folder)
    loaded, house = usable(load_set(chain)), library.house_of(chain)
    chosen = criteria_of(settings, criteria)
    if not any(classifies(criterion) for criterion in chosen):
        hint = "name one that has categories before it, such as per-site"
        raise UsageError(f"{', '.join(c.id for c in chosen)} gives numbers, no response category", hint=hint)
    pack, name = pack_of(settings), f"{loaded.name} {loaded.version} {_fingerprint(loaded, house)}"
    phrases = phrases_in(loaded.language)
    options = options_of(loaded, settings, template)

    def kit() -> Kit:
        look = Look(name=chain[0].name, house=house, language=loaded.language)
        letterhead = Letterhead(department=settings.report.department, institution=settings.report.institution)
        return Kit(
            settings=settings,
            criteria=chosen,
            pack=pack,
            template=name,
            writer=_guarded(prepare_writer(loaded.template, phrases, letterhead, options), chain),
            formats={exporter.suffix: exporter.prepare(look) for exporter in exporters},
        )

    suffixes = tuple(exporter.suffix for exporter in exporters)
    return Chosen(criteria=chosen, pack=pack, template=name, formats=suffixes, kit=kit)


@cache
def phrases_in(language: str) -> Phrases:
    """The shipped phrases of a language, read once.

    Raises:
        SetupError: no phrases are shipped for it.

    """
    return load_phrases(library.phrases(language), f"phrases, {language}")


def folders_of(settings: Settings, template: str | None) -> tuple[Path, ...]:
    """The folders that a kit is made from: those of the template set and of the guideline pack.

    Raises:
        SetupError: one of them is not there.

    """
    packs = [library.find_pack(settings.report.pack, settings.site_folder)]
    while (lender := shares(packs[-1].texts)) is not None:
        packs.append(library.find_pack(lender, settings.site_folder))
    chain = library.find_template(template or settings.report.template, settings.site_folder)
    return tuple(found.folder for found in (*chain, *packs))


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


def pack_of(settings: Settings, name: str | None = None) -> Pack:
    """The guideline pack named, else that of the settings, with the files that others lend it.

    Raises:
        SetupError: there is no such pack, it is broken, or packs lend to each other in a circle.

    """
    found = library.find_pack(name or settings.report.pack, settings.site_folder)
    return load_pack(_with_lent(found, settings, ()), None if "pack.toml" in found.texts else found.name)


def _with_lent(found: library.Found, settings: Settings, borrowers: tuple[str, ...]) -> Mapping[str, str]:
    """The texts of a pack, and those that it lacks from the pack that it shares or extends."""
    lender = shares(found.texts)
    if lender is None:
        return found.texts
    if lender in {*borrowers, found.name}:
        raise SetupError(
            "this pack completes itself", file=lender, hint="name its folder otherwise", code="PACK_BROKEN"
        )
    lent = _with_lent(library.find_pack(lender, settings.site_folder), settings, (*borrowers, found.name))
    if "site.toml" in lent and "site.toml" in found.texts:
        hint = "extend the shipped pack, and put the rows of both together"
        raise SetupError(f"{lender} has rows of the site already", file=found.name, hint=hint, code="PACK_BROKEN")
    return {**lent, **found.texts}


def usable(loaded: LoadedSet) -> LoadedSet:
    """The set, if nothing is wrong with what it says of itself.

    Raises:
        SetupError: the first mistake; `template check` tells all.

    """
    for mistake in loaded.mistakes:
        raise mistake
    return loaded


def options_of(loaded: LoadedSet, settings: Settings, named: str | None = None) -> dict[str, OptionValue]:
    """The options of a set: those of `[report.options.SET]`, else of `[report.options]` where it is the site's own set.

    Raises:
        SetupError: an option that the set does not have, or a value that it cannot have.

    """
    given, key = settings.options, "report.options"
    tables = {name: value for name, value in given.items() if isinstance(value, Mapping)}
    plain = {name: value for name, value in given.items() if name not in tables}
    sites_own = named in {None, settings.report.template}
    found = options_for(loaded.options, plain if sites_own else {}, file=_SETTINGS, key=key)
    own = tables.get(loaded.name, {})
    return found | {
        name: value
        for name, value in options_for(loaded.options, own, file=_SETTINGS, key=f"{key}.{loaded.name}").items()
        if name in own
    }


def _guarded(writer: Writer, chain: Sequence[library.Found]) -> Writer:
    """A writer that works in a process of its own, where a site wrote any of its templates."""
    if all(found.origin == "shipped" for found in chain):
        return writer
    return replace(writer, elsewhere=Worker(partial(composed, writer.renderer), file=chain[0].name))


def _fingerprint(loaded: LoadedSet, house: bytes | None) -> str:
    """Twelve hex digits that change with any text of a set and with its house document."""
    return hashlib.sha256(loaded.texts_fingerprint.encode() + (house or b"")).hexdigest()[:12]
