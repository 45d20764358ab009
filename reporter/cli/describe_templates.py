"""What `describe fields` and `describe template` print: Markdown made from where each thing stands in the code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reporter import library
from reporter.draft.fields import Fields
from reporter.draft.filters import FILTERS
from reporter.draft.manifest import OptionValue
from reporter.draft.sets import load_set
from reporter.draft.view import FieldDoc, View, describe

_HEAD = """\
# Fields and filters of a template

Printed by `reporter describe fields`; a test holds this page against it.

A template names a field as `{{ patient.id }}`. A group marked *list* is looped over
(`{% for breast in breasts %}` … `{{ breast.side }}` … `{% endfor %}`); a group marked *or none* is asked for first
(`{% if site.record %}`). What is not known is an empty text, never a 0. *yes or no* is for `{% if %}` and is never
printed. A *table* is placed with the table filter: `{{ site.table | table() }}`.

Beside the fields there are `{{ escalation_block }}` and `{{ basis_block }}`, which the program fills, and `option.NAME`
for each option that the set declares.

"""


def fields_page() -> str:
    """Every field with type, unit, meaning and example, and every filter."""
    return _HEAD + "\n".join(_groups()) + "\n" + "\n".join(_filters()) + "\n"


def _groups() -> Iterator[str]:
    """Each group once, by the first place it stands in."""
    seen: set[type[View]] = set()
    waiting: list[tuple[str, type[View]]] = [("", Fields)]
    while waiting:
        path, view = waiting.pop(0)
        if view in seen:
            continue
        seen.add(view)
        yield f"## {path or 'Everything'}\n"
        if view.__doc__:
            yield f"{view.__doc__.splitlines()[0]}\n"
        yield "| Field | Type | Unit | Meaning | Example |"
        yield "|---|---|---|---|---|"
        for doc in describe(view):
            if "." not in doc.path:
                yield _row(doc)
                if doc.group is not None:
                    waiting.append((f"{path}.{doc.path}".lstrip(".").replace("[]", "[ ]"), doc.group))
        yield ""


def _row(doc: FieldDoc) -> str:
    cells = (f"`{doc.path.removesuffix('[]')}`", doc.type, doc.unit, doc.meaning, doc.example)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _filters() -> Iterator[str]:
    yield "## Filters\n"
    yield "| Filter | Meaning | Example | Gives |"
    yield "|---|---|---|---|"
    for one in FILTERS:
        cells = (f"`{one.name}`", one.meaning, f"`{one.example}`", one.gives or "the table")
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def template_page(name: str, site: Path | None) -> str:
    """A template set: what it is, where it lies, its files, its options.

    Raises:
        SetupError: there is no such set.

    """
    chain = library.find_template(name, site)
    loaded = load_set(chain)
    manifest = loaded.manifests[0]
    lines = [
        f"# {loaded.name}",
        "",
        manifest.description,
        "",
        f"version {loaded.version}, language {loaded.language}, {chain[0].origin}, in {chain[0].folder}",
    ]
    if len(chain) > 1:
        lines.append(f"extends {', then '.join(f'{found.name} ({found.folder})' for found in chain[1:])}")
    lines += ["", "Files:"]
    owner = {file: found.name for found in reversed(chain) for file in found.texts if file.endswith(".j2")}
    lines += [f"  {file}{'' if of == loaded.name else f' (of {of})'}" for file, of in sorted(owner.items())]
    lines += ["", "Options, set in reporter.toml under [report.options]:"]
    for option in loaded.options.values():
        choices = f": {', '.join(option.choices)}" if option.choices else ""
        lines.append(
            f"  {option.name} ({option.type}{choices}; default {_written(option.default)}): {option.explanation}"
        )
    return "\n".join([*lines, *([] if loaded.options else ["  none"])]) + "\n"


def _written(value: OptionValue) -> str:
    """As TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
