"""What the command says on stderr and how it ends: no cell content, closed streams, dates after today."""

import datetime as dt
import pickle  # ruff: ignore[suspicious-pickle-import] - only our own bytes
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source, SourceKind
from reporter.cli.main import main
from reporter.cli.talk import sentences
from reporter.errors import ReporterError
from reporter.readers.interface import CaseRefused
from tests.draft.cases import COLUMNS, row, table

BEFORE, NOW = row("2026-01-08", "US", "L1", "30"), row("2026-07-13", "US", "L1", "15")
THERAPY = '[therapy]\nintent = "neoadjuvant"\nstart = 2026-02-02\nend = 2026-06-29\n'


def drafted(folder: Path, *rows: dict[str, str], facts: str = THERAPY, verb: str = "draft") -> int:
    measurements, known = folder / "m.csv", folder / "f.toml"
    measurements.write_text(table(*rows), encoding="utf-8")
    known.write_text(facts, encoding="utf-8")
    written = ["-o", str(folder / "out"), "--format", "txt"] if verb == "draft" else []
    return main([verb, "-m", str(measurements), "-f", str(known), *written])


@given(
    marker=st.from_regex(r"Zq[a-z]{6} [A-Z][a-z]{7}", fullmatch=True),
    column=st.sampled_from([c for c in COLUMNS if c != "patient_id"]),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_stands_in_a_cell_never_reaches_stderr_or_a_file_name(
    marker: str, column: str, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("said")
    named = [{**one, "patient_id": marker, column: marker} for one in (BEFORE, NOW)]
    facts = THERAPY + f'[patient]\nname = "{marker}"\n[[diagnosis]]\nside = "left"\nhistology = "{marker}"\n'
    capsys.readouterr()
    drafted(folder, *named, {**NOW, "patient_id": marker, "study_date": "2026-07-14", "long_axis": marker}, facts=facts)
    said = capsys.readouterr().err
    assert not any(part in said for part in marker.split())
    assert not any(part in str(path) for path in folder.rglob("*") for part in marker.split())


def test_a_bad_cell_is_told_by_row_and_column_without_its_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drafted(tmp_path, BEFORE, {**NOW, "long_axis": "Schmidt"}) == 3
    said = capsys.readouterr().err
    assert '"***" in the column long_axis is no number; L1 is not evaluable there.' in said
    assert "m.csv, row 3, long_axis" in said
    assert "Schmidt" not in said
    assert "Schmidt" in (tmp_path / "out" / "report.draft.txt").read_text(encoding="utf-8")


def test_a_lesion_with_the_name_of_a_person_is_not_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = {**BEFORE, "lesion_id": "Anna Schmidt", "clock": "7"}
    drafted(tmp_path, BEFORE, lost, NOW)
    said = capsys.readouterr().err
    assert "*** has no value on US" in said
    assert "Schmidt" not in said


@pytest.mark.parametrize("verb", ["draft", "explain"])
def test_a_study_dated_after_today_is_a_problem_told_on_stderr_alone(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("reporter.cli.talk.today", lambda: dt.date(2026, 7, 12))
    assert drafted(tmp_path, BEFORE, NOW, verb=verb) == 3
    told = capsys.readouterr()
    assert "problem: The study of 2026-07-13 is dated after today" in told.err
    assert "2026-01-08 is dated after today" not in told.err
    assert "after today" not in told.out
    monkeypatch.setattr("reporter.cli.talk.today", lambda: dt.date(2026, 7, 13))
    assert drafted(tmp_path, BEFORE, NOW, verb=verb) == 0


def closed(tmp_path: Path, streams: str, *more: str) -> "subprocess.CompletedProcess[str]":
    measurements, known = tmp_path / "m.csv", tmp_path / "f.toml"
    measurements.write_text(table(BEFORE, NOW), encoding="utf-8")
    known.write_text(THERAPY, encoding="utf-8")
    command = [sys.executable, "-m", "reporter", "draft", "-m", str(measurements), "-f", str(known), *more]
    line = f'exec "$@" {streams}'
    return subprocess.run(["sh", "-c", line, "sh", *command], capture_output=True, text=True, check=False)


def test_a_closed_standard_output_is_no_fault_of_the_program(tmp_path: Path) -> None:
    ran = closed(tmp_path, ">&-")
    assert ran.returncode == 4
    assert ran.stderr == "reporter: standard output cannot be written, it is closed; name a file or folder with -o\n"


def test_a_closed_standard_output_does_not_matter_where_nothing_is_printed(tmp_path: Path) -> None:
    ran = closed(tmp_path, ">&-", "-o", str(tmp_path / "out"))
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out" / "report.draft.docx").exists()


def test_talk_goes_nowhere_where_standard_error_is_closed(tmp_path: Path) -> None:
    ran = closed(tmp_path, "2>&-", "--verbose")
    assert ran.returncode == 0
    assert ran.stdout.startswith("DRAFT")
    assert "question:" not in ran.stdout


def children(kind: type[ReporterError]) -> Iterator[type[ReporterError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from children(child)


ISSUE = Issue(code="LES_DUP_CONFLICT", outcome=Outcome.REFUSED, source=Source(SourceKind.TABLE, "m.csv", "row 2"))


@pytest.mark.parametrize("kind", sorted(set(children(ReporterError)), key=str))
def test_an_error_travels_between_processes(kind: type[ReporterError]) -> None:
    error = kind.__new__(kind)
    ReporterError.__init__(error, "what is wrong", file="a.csv", field="row 2", hint="do this", code="A_CODE")
    back = pickle.loads(pickle.dumps(error))  # ruff: ignore[suspicious-pickle-usage] - our own bytes
    assert type(back) is kind
    assert (str(back), back.__dict__, back.args) == (str(error), error.__dict__, error.args)


def test_a_refused_case_travels_with_its_reasons() -> None:
    refused = CaseRefused((ISSUE, ISSUE))
    back = pickle.loads(pickle.dumps(refused))  # ruff: ignore[suspicious-pickle-usage] - our own bytes
    assert back.issues == refused.issues
    assert sentences(back) == sentences(refused)


def test_the_demo_may_end_with_something_to_review() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^\t\$\(BIN\)/reporter demo \|\| test \$\$\? -eq 3", makefile, re.MULTILINE)
