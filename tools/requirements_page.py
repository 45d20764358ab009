"""The page on requirements: each statement of the sources, what keeps it, and the tests that show it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from reporter.advice.pack import Pack
from reporter.advice.pack_files import Statement
from reporter.pipeline import pack_of
from reporter.settings import Settings

ROOT: Final = Path(__file__).parent.parent
MADE: Final = "<!-- Made by `make pages` from sources.toml of the guideline pack and the marks of the tests. -->"
Marks = Mapping[str, tuple[str, ...]]
"""Requirement -> tests (`tests/x.py::Class::test`), sorted."""


def marks(folder: Path = ROOT / "tests") -> Marks:
    """The tests marked with each requirement, wherever the mark stands."""
    found = defaultdict[str, set[str]](set)
    for path in sorted(folder.rglob("test_*.py")):
        name = path.relative_to(folder.parent).as_posix()
        for requirement, test in _marked(ast.parse(path.read_text("utf-8")), ""):
            found[requirement].add(f"{name}::{test}")
    return {requirement: tuple(sorted(tests)) for requirement, tests in sorted(found.items())}


def _marked(parent: ast.Module | ast.ClassDef, inside: str) -> Iterator[tuple[str, str]]:
    for node in parent.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            name = f"{inside}{node.name}"
            yield from ((requirement, name) for place in node.decorator_list for requirement in _named(place))
            if isinstance(node, ast.ClassDef):
                yield from _marked(node, f"{name}::")


def _named(decorator: ast.expr) -> Iterator[str]:
    """The requirements that a decorator names, also within the parameters of a parametrised test."""
    for node in ast.walk(decorator):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
            yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))


def page() -> str:
    """The whole page, as Markdown."""
    pack, found = pack_of(Settings()), marks()
    sources = "\n".join(
        f"- **{one.id}**: {one.publisher}; reviewed {one.reviewed.isoformat()}" for one in pack.sources.source
    )
    head = "| | says | is seen by | kept by | tests |\n| --- | --- | --- | --- | --- |\n"
    rows = "\n".join(_row(pack, one, found.get(one.id, ())) for one in pack.sources.statement)
    return f"""# Requirements

{MADE}

Every statement of the two sources that the rules rest on, in the project's own words; what keeps it; and the tests
that show it, by their mark `@pytest.mark.requirement("S22")`. `pytest -m requirement` runs them all.

{sources}

{head}{rows}
"""


def _row(pack: Pack, one: Statement, tests: tuple[str, ...]) -> str:
    cells = (f"{one.id} ({one.source})", one.says, one.check, "<br>".join(_keepers(pack, one)), _tests(tests))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _keepers(pack: Pack, one: Statement) -> Iterator[str]:
    """Rows and remarks of the decision table that rest on it, then files."""
    decision = pack.decision
    rows = [row.id for row in decision.row if one.id in row.sources]
    if rows:
        yield f"row{'s' if len(rows) > 1 else ''} {', '.join(rows)}"
    remarks = [remark.id for remark in decision.remark if one.id in remark.sources]
    if remarks:
        yield f"remark {', '.join(remarks)}"
    for file in one.where:
        path = file if file.startswith("sample_dicom") else f"reporter/{file}"
        yield f"[{path.removeprefix('reporter/')}](../{path})"


def _tests(tests: tuple[str, ...]) -> str:
    by_file = defaultdict[str, list[str]](list)
    for test in tests:
        file, _, name = test.partition("::")
        by_file[file].append(name.rpartition("::")[2].removeprefix("test_"))
    return "<br>".join(
        f"[{file.removeprefix('tests/')}](../{file}): {', '.join(dict.fromkeys(names))}"
        for file, names in sorted(by_file.items())
    )
