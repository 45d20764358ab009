"""A run with nothing to do sees so without any work, and says what a run says that looks at everything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reporter import library
from reporter.cli import batch_run
from reporter.errors import ExitCode, Interrupted
from tests.batch.exports import OLD, batch, patients, put, put_all, results, rows_of, study
from tests.readers.kit import csv_of, dicom

FACTS = b"patient_id,therapy.start\nP001,2026-01-10\nP002,2026-01-11\n"


@dataclass
class Department:
    """An export with its table and facts, a site's settings, set and pack, and runs on them."""

    folder: Path
    works: list[int] = field(default_factory=list)
    """One entry for each run that looked at everything."""

    @property
    def export(self) -> Path:
        return self.folder / "export"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def state(self) -> Path:
        return self.out / ".reporter"

    @property
    def image(self) -> Path:
        return next(self.export.rglob("P001-2-1.dcm"))

    def run(self, *arguments: str, out: Path | None = None) -> tuple[int, str]:
        given = {"-m": "table.csv", "-f": "facts.csv", "--settings": "reporter.toml", "-t": "./own"}
        named = [word for option, name in given.items() for word in (option, str(self.folder / name))]
        return batch(self.export, out or self.out, *named, *arguments)

    def works_again(self, *arguments: str, out: Path | None = None) -> bool:
        before = len(self.works)
        self.run(*arguments, out=out)
        return len(self.works) > before


@pytest.fixture
def department(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Department:
    """A run is done, and left nothing to do."""
    made = Department(tmp_path)
    put_all(tmp_path, 2)
    put(tmp_path / "facts.csv", FACTS)
    put(tmp_path / "reporter.toml", b'[report]\ndepartment = "Radiology"\n[library]\nfolder = "site"\n')
    put(
        tmp_path / "own" / "template.toml",
        b'name = "own"\nversion = "1"\nlanguage = "en"\ndescription = "x"\nextends = "nac-response"\n',
    )
    (tmp_path / "site" / "templates").mkdir(parents=True)
    draft_all = batch_run.draft_all

    def counted(*arguments: object) -> ExitCode:
        made.works.append(len(made.works))
        return draft_all(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(batch_run, "draft_all", counted)
    code, said = made.run()
    assert (code, made.works) == (0, [0]), said
    return made


def test_a_run_with_nothing_to_do_does_nothing_and_says_the_same(department: Department) -> None:
    before = {path: path.stat().st_mtime_ns for path in department.out.rglob("*") if path.name != "lock"}
    code, said = department.run()
    assert department.works == [0]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    (department.state / "stamp").unlink()
    assert department.run() == (code, said)
    assert department.works == [0, 1]
    assert "8 files, 0 of them new or changed; 2 patients\n2 cases found: 2 reported" in said
    assert department.run("--quiet") == (code, "")
    assert department.works == [0, 1]


def test_the_words_of_what_needs_review_are_said_again(department: Department) -> None:
    put(department.export / "empty.dcm", b"")
    put(department.export / "letter.txt", b"letter")
    for name, issuer in (("y", "A"), ("z", "B")):
        uid = f"1.2.9.{ord(name)}"
        put(department.export / f"{name}.dcm", dicom(PatientID="P3", IssuerOfPatientID=issuer, SOPInstanceUID=uid))
    department.run()
    code, said = department.run()
    assert department.works == [0, 1]
    assert code == ExitCode.NEEDS_REVIEW
    for words in ("STU_ISSUER", "refused: empty.dcm: DCM_EMPTY", "no DICOM objects and belong to no case: 1"):
        assert words in said
    quiet = [line for line in said.splitlines() if line.startswith(("quarantined", "refused"))]
    assert department.run("--quiet") == (code, "\n".join([*quiet, ""]))
    (department.state / "stamp").unlink()
    assert department.run() == (code, said)


def test_an_edited_draft_stays_and_is_no_work(department: Department) -> None:
    first, *_ = results(department.out)
    (department.out / first).write_bytes(b"edited")
    assert not department.works_again()
    assert results(department.out)[first] == b"edited"


def _as_old(change: Callable[[Path], object]) -> Callable[[Department], object]:
    """Change an image, and give it its time back."""

    def changed(department: Department) -> None:
        change(department.image)
        os.utime(department.image, ns=(OLD, OLD))

    return changed


def _copied(path: Path) -> None:
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def _same_size(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"NAME^P001", b"NAME^P00X"))


def _another_row(department: Department) -> None:
    rows = rows_of(patients(2))
    put(department.folder / "table.csv", csv_of([*rows[:-1], {**rows[-1], "long_axis": "33"}]).encode())


def _flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _new_study(department: Department) -> None:
    for name, data in study("P002", 3, "20260713").items():
        put(department.export / name, data)


CHANGES: dict[str, Callable[[Department], object]] = {
    "time of a file": lambda d: os.utime(d.image, ns=(OLD + 1, OLD + 1)),
    "size of a file": _as_old(lambda path: path.write_bytes(path.read_bytes() + b"\0\0")),
    "bytes of a file": _as_old(_same_size),
    "a file copied to its place": _as_old(_copied),
    "a file removed": lambda d: d.image.unlink(),
    "a file renamed": lambda d: d.image.rename(d.image.with_name("x.dcm")),
    "a link in its place": lambda d: _linked(d.image, d.folder / "x"),
    "a new study": _new_study,
    "a row": _another_row,
    "no table": lambda d: (d.folder / "table.csv").unlink(),
    "facts": lambda d: put(d.folder / "facts.csv", FACTS.replace(b"-10", b"-12")),
    "settings": lambda d: put(d.folder / "reporter.toml", b'[library]\nfolder = "site"\n'),
    "a text of the set": lambda d: put(d.folder / "own" / "x.md.j2", b""),
    "the version of the set": lambda d: _flip_version(d.folder / "own" / "template.toml"),
    "another set of the name that is extended": lambda d: _shadowed(d.folder / "site" / "templates"),
    "a draft deleted": lambda d: (d.out / next(iter(results(d.out)))).unlink(),
    "the page deleted": lambda d: (d.out / "summary.html").unlink(),
    "the stamp deleted": lambda d: (d.state / "stamp").unlink(),
    "the stamp emptied": lambda d: (d.state / "stamp").write_bytes(b""),
    "a bit of the stamp": lambda d: _flipped(d.state / "stamp"),
    "the journal": lambda d: os.utime(d.state / "journal.sqlite"),
    "the journal deleted": lambda d: (d.state / "journal.sqlite").unlink(),
    "the index": lambda d: _flipped(d.state / "index.sqlite"),
}


def _linked(path: Path, place: Path) -> None:
    path.rename(place)
    path.symlink_to(place)


def _flip_version(path: Path) -> None:
    put(path, path.read_bytes().replace(b'version = "1"', b'version = "2"'))


def _shadowed(templates: Path) -> None:
    shutil.copytree(library.find_template("nac-response")[0].folder, templates / "nac-response")


@pytest.mark.long
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_has_changed_is_looked_at(change: str, department: Department) -> None:
    CHANGES[change](department)
    assert department.works_again()


@pytest.mark.long
def test_another_command_is_looked_at(department: Department) -> None:
    for arguments in (
        ["--format", "json"],
        ["--every-time-point"],
        ["--criteria", "recist-1.1"],
        ["--require-verified"],
    ):
        assert department.works_again(*arguments), arguments
        assert not department.works_again(*arguments), arguments
    assert department.works_again()
    assert department.works_again(out=department.folder / "elsewhere")
    assert not department.works_again(out=department.folder / "elsewhere")
    assert department.works_again("--state", str(department.state), out=department.folder / "third")


def test_another_version_of_the_program_is_looked_at(department: Department, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reporter.batch.stamp.__version__", "9")
    assert department.works_again()


@pytest.mark.hostile
def test_what_is_not_done_leaves_no_stamp(department: Department, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> tuple[str, ...]:
        raise Interrupted("the disk is full")

    _another_row(department)
    with monkeypatch.context() as patched:
        patched.setattr("reporter.batch.writing.published", full)
        assert department.run()[0] == ExitCode.STOPPED
    assert not (department.state / "stamp").exists()
    assert department.works_again()
    assert not department.works_again()


@pytest.mark.hostile
def test_what_could_not_be_read_or_may_change_unseen_leaves_no_stamp(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens, image = os.open, department.image

    def failing(path: str | bytes | Path, *arguments: int) -> int:
        if os.fsdecode(path) == str(image):
            raise OSError
        return opens(path, *arguments)

    os.utime(image, ns=(OLD + 1, OLD + 1))
    with monkeypatch.context() as patched:
        patched.setattr(os, "open", failing)
        assert "FS_READ" in department.run()[1]
    assert not (department.state / "stamp").exists()
    image.write_bytes(image.read_bytes())  # just now: it may change again without a new time of change
    assert department.works_again()
    assert not (department.state / "stamp").exists()


@pytest.mark.hostile
def test_a_template_that_changes_during_a_run_leaves_no_stamp(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked = batch_run._worked

    def then_changed(*arguments: object) -> Interrupted | None:
        ended = worked(*arguments)  # type: ignore[arg-type]
        _flip_version(department.folder / "own" / "template.toml")
        return ended

    _another_row(department)
    with monkeypatch.context() as patched:
        patched.setattr(batch_run, "_worked", then_changed)
        department.run()
    assert department.works_again()


@pytest.mark.hostile
def test_a_folder_that_cannot_be_written_or_that_another_run_holds_is_refused_all_the_same(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reporter.batch.lock import locked

    with locked(department.state / "lock"):
        code, said = department.run()
    assert code == ExitCode.USAGE
    assert "another run works in this folder" in said
    writes = os.fsync

    def read_only(_descriptor: int) -> None:
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr(os, "fsync", read_only)
    assert department.run()[0] == ExitCode.USAGE
    monkeypatch.setattr(os, "fsync", writes)
    assert not department.works_again()
