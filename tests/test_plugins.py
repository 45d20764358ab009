"""Plug-ins of other distributions: found by name, never in place of ours, and used."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import SimpleNamespace

import pytest

from reporter import plugins
from reporter.cli.main import main
from reporter.errors import SetupError, UsageError
from reporter.plugins import CRITERIA, EXPORTERS, READERS, load, names, other_readers
from reporter.readers.interface import InputFile, Limits, Reading


class NoteReader:
    """Takes files that end in .note and finds nothing in them."""

    name = "note"
    seen: list[str] = []  # ruff: ignore[mutable-class-default] - what the test looks at

    def identify(self, file: InputFile) -> bool:
        return file.name.endswith(".note")

    def extract(self, file: InputFile, limits: Limits) -> Reading:
        del limits
        self.seen.append(file.name)
        return Reading()


def foreign(group: str, name: str, value: str) -> EntryPoint:
    point = EntryPoint(name=name, value=value, group=group)
    vars(point)["dist"] = SimpleNamespace(name="another", metadata={"Name": "another"})
    return point


def forget() -> None:
    for cached in (names, load, other_readers, plugins._found):
        cached.cache_clear()


@pytest.fixture
def _with_foreign(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def found(*, group: str) -> list[EntryPoint]:
        extra = {
            READERS: [foreign(READERS, "note", f"{__name__}:NoteReader")],
            CRITERIA: [foreign(CRITERIA, "per-site", "elsewhere:Other"), foreign(CRITERIA, "lost", "elsewhere:Lost")],
        }
        return [*extra.get(group, []), *entry_points(group=group)]

    forget()
    monkeypatch.setattr(plugins, "entry_points", found)
    yield
    forget()


def test_ours_are_there() -> None:
    assert {"per-site", "recist-1.1"} <= set(names(CRITERIA))
    assert names(EXPORTERS) == ("docx", "html", "json", "pdf", "txt")
    assert other_readers() == ()


def test_an_unknown_name_names_the_known() -> None:
    with pytest.raises(UsageError, match="choose one of docx, html, json, pdf, txt"):
        load(EXPORTERS, "rtf")


@pytest.mark.usefixtures("_with_foreign")
def test_another_distribution_does_not_replace_ours() -> None:
    assert getattr(load(CRITERIA, "per-site"), "__name__", "") == "PerSite"


@pytest.mark.usefixtures("_with_foreign")
def test_a_plug_in_that_cannot_be_loaded_is_named_with_its_origin() -> None:
    with pytest.raises(SetupError, match="lost of another cannot be loaded"):
        load(CRITERIA, "lost")


@pytest.mark.usefixtures("_with_foreign")
def test_a_reader_of_another_distribution_is_asked(tmp_path: Path) -> None:
    NoteReader.seen.clear()
    (tmp_path / "a.note").write_text("nothing")
    main(["draft", str(tmp_path)])
    assert NoteReader.seen == ["a.note"]
