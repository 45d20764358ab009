"""What a template set makes of the sample stories, and everything that is wrong with it before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Final

from reporter import library
from reporter.case.case import Case
from reporter.draft.fields import Fields
from reporter.draft.lint import lint
from reporter.draft.manifest import Option, OptionType, OptionValue
from reporter.draft.sets import LoadedSet, load_set
from reporter.errors import ReporterError, SetupError
from reporter.exporters.house import house_faults
from reporter.guard import guarded
from reporter.pipeline import Kit, export, prepare, report_on
from reporter.plugins import EXPORTERS, names
from reporter.publish import replace_file
from reporter.readers.assemble import assemble
from reporter.readers.gather import Inputs, gather
from reporter.settings import Settings

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Preview of {name}</title>
<style>body{{font-family:sans-serif;margin:1em}}iframe{{width:100%;height:80vh;border:1px solid #999}}</style></head>
<body><h1>Preview of {name}: synthetic sample stories</h1>
<ul>{links}</ul>
{frames}
</body></html>
"""
_POLL: Final = 0.5
"""Seconds between two looks at a folder that is watched."""


@cache
def stories() -> dict[str, Case]:
    """The synthetic sample stories, read once."""
    usual = Settings()
    cases = {}
    for table in sorted(library.sample_stories().glob("*/measurements.csv")):
        folder = table.parent
        inputs = Inputs(paths=(folder / "dicom",), table=table, facts=folder / "facts.toml")
        readings = gather(inputs, usual.limits)
        cases[folder.name] = assemble(readings, windows=usual.windows, labels=usual.labels)
    return cases


def faults(name: str, settings: Settings) -> tuple[SetupError, ...]:
    """Everything that is wrong with a template set: what it says of itself, its templates, its house document.

    Where its files are in order, every story is drafted with it too, with each option as it may be set.
    """
    try:
        chain = library.find_template(name, settings.site_folder)
        loaded = load_set(chain)
        found = (*guarded(partial(lint, loaded, Fields), file=loaded.name), *_language(loaded), *_house(chain))
        return found or tuple(_of_stories(name, settings, loaded))
    except SetupError as fault:
        return (fault,)


def _language(loaded: LoadedSet) -> Iterator[SetupError]:
    try:
        library.phrases(loaded.language)
    except SetupError as fault:
        file, message = f"{loaded.name}/template.toml", f"there are no phrases of the language '{loaded.language}'"
        yield SetupError(message, file=file, field="language", hint=fault.hint, code="TPL_MANIFEST")


def _house(chain: tuple[library.Found, ...]) -> tuple[SetupError, ...]:
    owner = next((found for found in chain if found.has(library.HOUSE)), chain[0])
    file = f"{owner.name}/{library.HOUSE}"
    if not owner.has(library.HOUSE):
        hint = "copy one from a shipped set"
        return (SetupError("the template set has no house.docx", file=owner.name, hint=hint, code="TPL_BROKEN"),)
    return guarded(partial(house_faults, owner.read(library.HOUSE), file), file=file)


def _of_stories(name: str, settings: Settings, loaded: LoadedSet) -> Iterator[SetupError]:
    """What goes wrong while stories are drafted, each mistake once."""
    told = set()
    for options in _choices(loaded):
        with closing(_with_options(prepare(settings, template=name, formats=("docx",)), options)) as kit:
            for fault in _of_kit(kit):
                if str(fault) not in told:
                    told.add(str(fault))
                    yield fault
                if fault.code == "TPL_LIMIT":
                    return  # every other story would take as long


def _of_kit(kit: Kit) -> Iterator[SetupError]:
    for case in stories().values():
        report = report_on(case, (), kit)
        try:
            export(report, kit.writer.draft(report), kit)
        except SetupError as fault:
            yield fault


def _choices(loaded: LoadedSet) -> Iterator[dict[str, OptionValue]]:
    """All options as they are by default, then one after the other as else it may be."""
    yield {}
    for option in loaded.options.values():
        yield from ({option.name: value} for value in _values(option) if value != option.default)


def _values(option: Option) -> tuple[OptionValue, ...]:
    return {OptionType.YES_NO: (True, False), OptionType.CHOICE: option.choices}.get(option.type, (option.default,))


def _with_options(kit: Kit, options: dict[str, OptionValue]) -> Kit:
    return replace(kit, writer=replace(kit.writer, options={**kit.writer.options, **options}))


def preview(name: str, settings: Settings, output: Path) -> tuple[Path, ...]:
    """Draft every story as text and Word, and as one page where there is an exporter of pages; give the files.

    Raises:
        SetupError: the set cannot be used, or the folder cannot be written to.

    """
    page = "html" in names(EXPORTERS)
    made: dict[str, bytes] = {}
    pages: dict[str, str] = {}
    with closing(prepare(settings, template=name, formats=("txt", "docx", *(("html",) if page else ())))) as kit:
        for story, case in stories().items():
            report = report_on(case, (), kit)
            for suffix, content in export(report, kit.writer.draft(report), kit).items():
                if suffix == ".html":
                    pages[story] = content.decode()
                else:
                    made[f"{story}.draft{suffix}"] = content
    if pages:
        made["preview.html"] = _page(kit.writer.renderer.set_name, pages).encode()
    return tuple(_write(output / file, content) for file, content in sorted(made.items()))


def _write(path: Path, content: bytes) -> Path:
    replace_file(path, (content,))
    return path


def _page(name: str, pages: dict[str, str]) -> str:
    """All stories on one page, each in a frame of its own, nothing from outside."""
    links = "".join(f'<li><a href="#{escape(story)}">{escape(story)}</a></li>' for story in pages)
    frames = "\n".join(
        f'<h2 id="{escape(story)}">{escape(story)}</h2><iframe title="{escape(story)}" sandbox srcdoc="{escape(page)}">'
        "</iframe>"
        for story, page in pages.items()
    )
    return _PAGE.format(name=escape(name), links=links, frames=frames)


def watch(name: str, settings: Settings) -> Iterator[None]:
    """Yield at once, and again whenever a file of the set or of those it extends has changed."""
    before: object = None
    while True:
        now = _state(name, settings)
        if now != before:
            before = now
            yield
        time.sleep(_POLL)


def _state(name: str, settings: Settings) -> object:
    """Names, sizes and times of a set's files."""
    try:
        chain = library.find_template(name, settings.site_folder)
    except ReporterError as error:
        return str(error)
    files = [path for found in chain for path in sorted(found.folder.iterdir()) if path.is_file()]
    return [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
