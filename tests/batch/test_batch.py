"""A batch leaves one outcome for each case, the same that a draft of that patient gives, and nothing else."""

import io
import os
import re
import shutil
import time
import warnings
import zipfile
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from reporter import library
from reporter.cli.main import main
from tests.batch.exports import OLD, batch, patients, put, put_all, put_export, results, rows_of, study
from tests.readers.kit import csv_of, dicom, row

COUNTS = re.compile(r"(\d+) cases found: (\d+) reported, (\d+) quarantined, (\d+) pending")


def counts(said: str) -> tuple[int, ...]:
    """Found, reported, quarantined, pending."""
    found = COUNTS.search(said)
    assert found is not None
    numbers = tuple(map(int, found.groups()))
    assert numbers[0] == sum(numbers[1:])
    return numbers


def test_every_patient_gets_the_report_that_a_draft_gives(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 3)
    code, said = batch(export, tmp_path / "out", "-m", str(table))
    assert counts(said) == (3, 3, 0, 0)
    assert code == 0
    drafted = set()
    for patient in patients(3):
        out = tmp_path / f"{patient}.txt"
        assert main(["draft", str(export), "-m", str(table), "--patient", patient, "-o", str(out), "--quiet"]) == 0
        drafted.add(out.read_bytes())
    assert set(results(tmp_path / "out").values()) == drafted
    assert all(re.fullmatch(r"[0-9a-f]{24}\.draft\.txt", name) for name in results(tmp_path / "out"))


def test_the_samples_with_their_structured_reports(tmp_path: Path) -> None:
    export = tmp_path / "export"
    stories = library.sample_stories()
    for story in sorted(stories.iterdir()):
        if (story / "dicom").is_dir():
            shutil.copytree(story / "dicom", export / story.name)
    shutil.copytree(stories / "structured-reports" / "library", export / "structured-reports" / "library")
    out = tmp_path / "out"
    main(["batch", str(export), "-o", str(out), "--jobs", "2", "--quiet"])
    texts = {path.name: path.read_text() for path in out.glob("*.draft.txt")}
    assert (
        sum("Structured reports structured-reports/library/" in " ".join(text.split()) for text in texts.values()) == 1
    )
    assert len({path.name.split(".")[0] for path in out.glob("*.docx")}) == len(texts) > 4


def test_a_second_run_writes_nothing_and_a_new_study_redrafts_one(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 3)
    out = tmp_path / "out"
    batch(export, out, "-m", str(table))
    before = {path: path.stat().st_mtime_ns for path in out.iterdir() if path.is_file()}
    code, said = batch(export, out, "-m", str(table))
    assert (code, counts(said)) == (0, (3, 3, 0, 0))
    assert {path: path.stat().st_mtime_ns for path in out.iterdir() if path.is_file()} == before
    for name, data in study("P002", 3, "20260713").items():
        put(export / name, data)
    rows = [*rows_of(patients(3)), row(patient_id="P002", study_date="2026-07-13", long_axis="5")]
    put(table, csv_of(rows).encode())
    code, said = batch(export, out, "-m", str(table))
    assert counts(said) == (3, 3, 0, 0)
    new = {path for path in out.iterdir() if path.is_file()} - before.keys()
    assert len(new) == 1
    drafts = {path: changed for path, changed in before.items() if ".draft." in path.name}
    assert {path: path.stat().st_mtime_ns for path in drafts} == drafts


def test_a_run_with_nothing_to_do_compiles_no_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export, table = put_all(tmp_path, 2)
    batch(export, tmp_path / "out", "-m", str(table))
    (tmp_path / "out" / ".reporter" / "stamp").unlink()
    monkeypatch.setattr("reporter.pipeline.prepare_writer", lambda *_: pytest.fail("compiled"))
    code, said = batch(export, tmp_path / "out", "-m", str(table))
    assert (code, counts(said)) == (0, (2, 2, 0, 0))


def test_a_changed_size_gives_a_revision_beside_the_old_one(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 2)
    out = tmp_path / "out"
    batch(export, out, "-m", str(table))
    before = results(out)
    rows = rows_of(patients(2))
    put(table, csv_of([*rows[:-1], {**rows[-1], "long_axis": "33"}]).encode())
    batch(export, out, "-m", str(table))
    after = results(out)
    assert {name: after[name] for name in before} == before
    (new,) = after.keys() - before.keys()
    assert re.fullmatch(r"[0-9a-f]{24}-r2\.draft\.txt", new)


def latest(out: Path) -> set[bytes]:
    """The newest draft of each case."""
    newest: dict[str, bytes] = {}
    for path in sorted(out.glob("*.draft.*"), key=lambda path: path.stat().st_mtime_ns):
        newest[re.sub(r"-r\d+\.", ".", path.name)] = path.read_bytes()
    return set(newest.values())


def test_a_draft_names_the_files_and_the_places_that_are_given(tmp_path: Path) -> None:
    """As a new folder says, but that a row put in drafts nobody else anew."""
    export, out, bad = tmp_path / "export", tmp_path / "out", {"long_axis": "abc"}
    put_export(export, patients(3))
    rows = rows_of(patients(3))
    sound, doubted = csv_of(rows[:4]).encode(), csv_of([*rows[:5], {**rows[5], **bad}]).encode()
    below = csv_of([*rows[:4], {**rows[0], "lesion_id": "L2"}, rows[4], {**rows[5], **bad}]).encode()
    facts = [b"P001,2026-01-10\n", b"P002,2026-01-11\n"]
    head = b"patient_id,therapy.start\n"
    given: list[tuple[str, bytes, str, list[bytes], int]] = [
        ("t.csv", sound, "f.csv", facts, 6),
        ("u.csv", sound, "f.csv", facts, 4),
        ("u.csv", sound, "g.csv", facts, 4),
        ("u.csv", sound, "g.csv", facts[::-1], 0),
        ("u.csv", sound, "g.csv", [b"P003,2026-01-12\n", *facts], 2),
        ("u.csv", doubted, "g.csv", [b"P003,2026-01-12\n", *facts], 2),
        ("u.csv", below, "g.csv", [b"P003,2026-01-12\n", *facts], 4),
    ]
    for step, (table, cells, name, lines, drafted) in enumerate(given):
        put(tmp_path / table, cells)
        put(tmp_path / name, head + b"".join(lines))
        before = results(out) if out.exists() else {}
        apart = ["-m", str(tmp_path / table), "-f", str(tmp_path / name), "--format", "json"]
        batch(export, out, *apart)
        batch(export, tmp_path / f"anew{step}", *apart)
        assert latest(out) == latest(tmp_path / f"anew{step}"), step
        assert len(results(out)) - len(before) == drafted, step


_OTHER_DAY = {"study_date": "2026-02-02"}
ROW_DOUBTS = {
    "read": {"long_axis": "abc"},
    "two sizes": {"long_axis": "77"},
    "no study": _OTHER_DAY,
    "no measurement": {**_OTHER_DAY, "long_axis": ""},
    "no patient": {"patient_id": ""},
}
"""Ways in which one more row of a patient is doubted, on reading it or on putting the case together."""


@pytest.mark.parametrize("doubt", ROW_DOUBTS)
def test_a_doubt_follows_the_row_that_it_names(doubt: str, tmp_path: Path) -> None:
    """One that is put in above drafts the case of the doubt anew, and nobody else's."""
    export, table = put_all(tmp_path, 3)
    rows = rows_of(patients(3))
    doubted = {**rows[5], **ROW_DOUBTS[doubt]}
    put(table, csv_of([*rows, doubted]).encode())
    batch(export, tmp_path / "out", "-m", str(table))
    before = results(tmp_path / "out")
    put(table, csv_of([{**rows[0], "lesion_id": "L2"}, *rows, doubted]).encode())
    for out in ("out", "anew"):
        batch(export, tmp_path / out, "-m", str(table))
    now, anew = results(tmp_path / "out"), results(tmp_path / "anew")
    assert set(anew.values()) <= set(now.values())
    assert len(anew.items() - before.items()) == (3 if doubt == "no patient" else 2)
    assert "(table.csv, row 9)" in " ".join(data.decode() for data in anew.values())


def test_a_doubt_about_facts_follows_their_row(tmp_path: Path) -> None:
    """Dates that cannot be true together are told by the row of the patient."""
    export, table = put_all(tmp_path, 2)
    head, wrong = b"patient_id,therapy.start,therapy.end\n", b"P002,2026-03-01,2026-02-01\n"
    facts = tmp_path / "facts.csv"
    for number, lines in enumerate((wrong, b"P001,2026-01-10,2026-06-01\n" + wrong), 2):
        put(facts, head + lines)
        batch(export, tmp_path / "out", "-m", str(table), "-f", str(facts))
        (page,) = (data.decode() for name, data in results(tmp_path / "out").items() if "quarantined" in name)
        assert f"(facts.csv, row {number}" in page


@pytest.mark.hostile
def test_a_file_in_the_place_of_another_of_its_size_and_time_redrafts_its_case(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 2)
    assert batch(export, tmp_path / "out", "-m", str(table))[0] == 0
    before = results(tmp_path / "out")
    (path,) = export.rglob("P001-2-1.dcm")
    put(path, path.read_bytes().replace(b"NAME^P001", b"NAME^P00X"))
    assert batch(export, tmp_path / "out", "-m", str(table))[0] == 3  # two names of one patient
    (new,) = results(tmp_path / "out").items() - before.items()
    assert re.fullmatch(r"[0-9a-f]{24}-r2\.draft\.txt", new[0])


@pytest.mark.hostile
def test_a_file_of_a_day_to_come_redrafts_its_case_elsewhere_than_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There nothing but its time tells that it is another; a scanner's clock may be years ahead."""
    monkeypatch.setattr("reporter.readers.same_file.is_local", lambda _root: False)
    export, out, ahead = tmp_path / "export", tmp_path / "out", time.time_ns() + 10**18
    put_export(export, patients(1))
    files = sorted(export.rglob("*.dcm"))
    for place, name in enumerate((b"NAME^P001", b"NAME^P002", b"NAME^P003")):
        for path in files:
            put(path, path.read_bytes().replace(b"NAME^P00%d" % max(place, 1), name), ahead + place)
        assert batch(export, out, "--format", "json")[0] == 0
        assert f"P00{place + 1}" in max(out.glob("*.draft.json"), key=lambda path: path.stat().st_mtime_ns).read_text()
    before = results(out)
    assert len(list(out.glob("*.draft.json"))) == 3
    assert "0 pending" in batch(export, out, "--format", "json")[1]
    assert results(out) == before


def test_an_export_that_was_copied_to_its_place_again_leaves_all_drafts_as_they_are(tmp_path: Path) -> None:
    """The files are others, their bytes are not: there is nothing to put beside a draft, not even an edited one."""
    export, table = put_all(tmp_path, 2)
    out = tmp_path / "out"
    batch(export, out, "-m", str(table))
    first, *_ = sorted(results(out))
    (out / first).write_bytes(b"edited")
    before = results(out)
    export.rename(tmp_path / "aside")
    shutil.copytree(tmp_path / "aside", export)
    code, said = batch(export, out, "-m", str(table))
    assert (code, counts(said)) == (0, (2, 2, 0, 0))
    assert "8 files, 8 of them new or changed" in said
    assert results(out) == before


def test_every_time_point_has_its_report(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 2)
    _, said = batch(export, tmp_path / "out", "-m", str(table), "--every-time-point")
    assert counts(said) == (4, 4, 0, 0)
    assert len(results(tmp_path / "out")) == 4


def test_patients_of_the_table_alone_are_cases_too(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 1)
    put(table, csv_of(rows_of(patients(4))).encode())
    code, said = batch(export, tmp_path / "out", "-m", str(table))
    assert (code, counts(said)) == (0, (4, 4, 0, 0))


def test_facts_of_every_patient_are_joined(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 2)
    facts = tmp_path / "facts.csv"
    put(facts, b"patient_id,therapy.start,therapy.regimen\nP001,2026-01-10,\nP002,2026-01-11,AC-T\nP009,2026-01-11,\n")
    _, said = batch(export, tmp_path / "out", "-m", str(table), "-f", str(facts))
    texts = results(tmp_path / "out").values()
    assert sum(b"AC-T" in text for text in texts) == 1
    assert "facts of 1 patients" in said


# -- conflicts ------------------------------------------------------------------------------------------------

BAD: dict[str, tuple[str, dict[str, bytes]]] = {
    "row 29": (
        "STU_PATIENT_CONFLICT",
        {"x.dcm": dicom(PatientID="P1"), "y.dcm": dicom(PatientID="P2", SOPInstanceUID="1.2.9")},
    ),
    "row 31": (
        "STU_ISSUER",
        {
            "x.dcm": dicom(PatientID="P1", IssuerOfPatientID="A"),
            "y.dcm": dicom(PatientID="P1", IssuerOfPatientID="B", SOPInstanceUID="1.2.9"),
        },
    ),
    "row 33": ("DCM_VM", {"x.dcm": dicom(PatientID=["P1", "P2"])}),
    "row 34": ("STU_NO_PATIENT", {"x.dcm": dicom(PatientID="")}),
    "row 34, missing": ("STU_NO_PATIENT", {"x.dcm": dicom(PatientID=None)}),
    "row 37": ("DUP_CONFLICT", {"x.dcm": dicom(PatientID="P1"), "y.dcm": dicom(PatientID="P1", StudyDescription="x")}),
    "row 37, two patients": (
        "DUP_CONFLICT",
        {
            "x.dcm": dicom(PatientID="P1"),
            "y.dcm": dicom(PatientID="P2", StudyInstanceUID="1.2.8", SeriesInstanceUID="1.2.8.1"),
        },
    ),
    "row 39": ("STU_NO_DATE", {"x.dcm": dicom(PatientID="P1", StudyDate="")}),
    "row 40": ("STU_BAD_DATE", {"x.dcm": dicom(PatientID="P1", StudyDate="20240230")}),
    "row 4": (
        "DCM_TRUNCATED",
        {"bad/x.dcm": dicom(PatientID="P1"), "bad/y.dcm": dicom(PatientID="P1", SOPInstanceUID="1.2.9")[:-1]},
    ),
    "one object without a patient": (
        "STU_NO_PATIENT",
        {
            "x.dcm": dicom(PatientID="P1"),
            "y.dcm": dicom(PatientID=None, SOPInstanceUID="1.2.9"),
        },
    ),
}


@pytest.mark.hostile
@pytest.mark.parametrize("bad", BAD)
def test_what_conflicts_is_quarantined_with_its_reason_and_the_rest_goes_on(bad: str, tmp_path: Path) -> None:
    reason, files = BAD[bad]
    export, out = tmp_path / "export", tmp_path / "out"
    put_export(export, ["GOOD"])
    for name, data in files.items():
        put(export / name, data)
    code, said = batch(export, out, "-m", str(_table(tmp_path)))
    found, reported, quarantined, pending = counts(said)
    assert (reported, pending, code) == (1, 0, 3)
    assert quarantined == found - 1 > 0
    pages = [text.decode() for name, text in results(out).items() if name.endswith(".quarantined.txt")]
    assert len(pages) == quarantined
    assert all(reason in page for page in pages)
    assert reason in said


def _table(folder: Path) -> Path:
    put(folder / "table.csv", csv_of(rows_of(["GOOD"])).encode())
    return folder / "table.csv"


@pytest.mark.hostile
def test_a_row_about_the_study_of_another_patient_is_refused(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 2)
    uid = re.search(rb"1\.2\.3\.[0-9]+\.1", study("P001", 1, "20260108")["P001-1-1.dcm"])
    assert uid is not None
    rows = [*rows_of(patients(2)), row(patient_id="P002", study_date="", study_uid=uid.group().decode())]
    put(table, csv_of(rows).encode())
    _, said = batch(export, tmp_path / "out", "-m", str(table))
    assert counts(said) == (2, 1, 1, 0)
    assert "STU_PATIENT_CONFLICT" in said


@pytest.mark.hostile
def test_what_is_settled_leaves_quarantine(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 1)
    put(export / "y.dcm", dicom(PatientID="P001", IssuerOfPatientID="A", SOPInstanceUID="1.2.9"))
    put(export / "z.dcm", dicom(PatientID="P001", IssuerOfPatientID="B", SOPInstanceUID="1.2.10"))
    code, said = batch(export, tmp_path / "out", "-m", str(table))
    assert (code, counts(said)) == (1, (1, 0, 1, 0))
    (export / "y.dcm").unlink()
    (export / "z.dcm").unlink()
    code, said = batch(export, tmp_path / "out", "-m", str(table))
    assert (code, counts(said)) == (0, (1, 1, 0, 0))
    assert [name.partition(".")[2] for name in results(tmp_path / "out")] == ["draft.txt"]


@pytest.mark.hostile
def test_a_limit_in_the_settings_holds_for_files_that_were_seen_before(tmp_path: Path) -> None:
    export, out, settings = tmp_path / "export", tmp_path / "out", tmp_path / "reporter.toml"
    put_export(tmp_path / "inside", patients(1))
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "inside"))
    put(export / "packed.zip", packed.read_bytes())
    for entries, expected in (("1", (1, (0, 0, 0, 0))), ("100", (0, (1, 1, 0, 0))), ("1", (1, (0, 0, 0, 0)))):
        settings.write_text(f"[limits]\nzip_entries = {entries}\n", "utf-8")
        code, said = batch(export, out, "--settings", str(settings))
        assert (code, counts(said)) == expected
        assert ("LIM_ZIP" in said) is (entries == "1")


@pytest.mark.hostile
def test_the_page_of_a_case_follows_the_file_that_is_refused(tmp_path: Path) -> None:
    """It is cut short at another place now; the reason is the same."""
    export, out = tmp_path / "export", tmp_path / "out"
    put_export(export, patients(1))
    (last,) = export.rglob("P001-2-2.dcm")
    whole, pages = last.read_bytes(), []
    for length in (len(whole) - 3, 300):
        put(last, whole[:length])
        assert batch(export, out)[0] == 1
        (page,) = results(out).values()
        pages.append(page.decode())
    assert all("DCM_TRUNCATED" in page for page in pages)
    assert pages[0] != pages[1]
    assert batch(export, tmp_path / "anew")[0] == 1
    assert [page.decode() for page in results(tmp_path / "anew").values()] == pages[1:]


@pytest.mark.hostile
def test_files_of_nobody_are_listed_or_refused(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 2)
    put(export / "letter.txt", b"letter")
    put(export / "empty.dcm", b"")
    code, said = batch(export, tmp_path / "out", "-m", str(table))
    assert code == 3
    assert "files that are no DICOM objects and belong to no case: 1" in said
    assert "refused: empty.dcm: DCM_EMPTY" in said


@pytest.mark.hostile
def test_an_export_without_a_case_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "export" / "letter.txt", b"letter")
    code, said = batch(tmp_path / "export", tmp_path / "out")
    assert (code, counts(said)) == (1, (0, 0, 0, 0))


def test_an_export_in_a_zip(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 2)
    batch(export, tmp_path / "plain", "-m", str(table))
    shutil.make_archive(str(tmp_path / "packed"), "zip", export)
    code, said = batch(tmp_path / "packed.zip", tmp_path / "out", "-m", str(table))
    assert (code, counts(said)) == (0, (2, 2, 0, 0))
    assert _told(tmp_path / "out", "packed.zip/") == _told(tmp_path / "plain")
    (tmp_path / "tree" / "deep").mkdir(parents=True)
    shutil.move(tmp_path / "packed.zip", tmp_path / "tree" / "deep" / "packed.zip")
    batch(tmp_path / "tree", tmp_path / "again", "-m", str(table))
    assert _told(tmp_path / "again", "deep/packed.zip/") == _told(tmp_path / "plain")


@pytest.mark.hostile
@pytest.mark.parametrize("place", [b"\xe4\xb8/x.zip", b"\xe4\xb8x.zip", b"a\nb.zip", "M\u0308/x.zip".encode()])
def test_a_zip_in_a_place_whose_name_cannot_be_printed(place: bytes, tmp_path: Path) -> None:
    """A file of which the index kept no header is read from its archive by its name there."""
    export, table = put_all(tmp_path, 1)
    shutil.make_archive(str(tmp_path / "packed"), "zip", export)
    where = tmp_path / "tree" / os.fsdecode(place)
    where.parent.mkdir(parents=True)
    shutil.copy(tmp_path / "packed.zip", where)  # changed just now: the index does not vouch for it
    code, said = batch(tmp_path / "tree", tmp_path / "out", "-m", str(table))
    assert (code, counts(said)) == (0, (1, 1, 0, 0)), said


@pytest.mark.hostile
@pytest.mark.parametrize(
    "names", [(b"a\n.dcm", b"a\t.dcm"), (b"a\xff.dcm", b"a\xfe.dcm"), (b"a\xff.dcm", b"a\xef\xbf\xbd.dcm")]
)
def test_files_whose_names_print_alike_are_told_apart(names: tuple[bytes, bytes], tmp_path: Path) -> None:
    export, out = tmp_path / "export", tmp_path / "out"
    for number, name in enumerate(names):
        put(export / os.fsdecode(name), dicom(PatientID="P1", StudyDescription=str(number)))
        put(export / os.fsdecode(name + b".txt"), b"letter")
    for command in (["batch", "-o", str(out), "--jobs", "1"], ["draft", "-o", str(tmp_path / "x.txt")]):
        said = io.StringIO()
        with redirect_stderr(said):
            assert main([command[0], str(export), *command[1:], "--format", "txt"]) == 1
        assert "other content" in said.getvalue()
        assert "do not add up" not in said.getvalue()


@pytest.mark.hostile
@pytest.mark.parametrize("changed", [OLD, None], ids=["long ago", "just now"])
def test_entries_of_a_zip_with_one_name_are_all_read(changed: int | None, tmp_path: Path) -> None:
    files = [data for patient in ("A", "B") for data in study(patient, 1, "20260108").values()]
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # of the library, about the name that is there twice
        for data in (*files, files[0][:-1]):
            archive.writestr("1.dcm", data)
    put(tmp_path / "in" / "x.zip", stream.getvalue(), changed or time.time_ns())
    _, said = batch(tmp_path / "in", tmp_path / "out")
    assert counts(said) == (2, 1, 1, 0)
    assert "(x.zip/1.dcm (5), byte" in said
    assert "do not add up" not in said


@pytest.mark.hostile
def test_a_zip_within_a_zip_is_told_of(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 2)
    inner, outer = io.BytesIO(), io.BytesIO()
    for stream, name, data in ((inner, "1.dcm", dicom(PatientID="UNTOLD")), (outer, "in.zip", b"")):
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(name, data or inner.getvalue())
    put(export / "x.zip", outer.getvalue())
    code, said = batch(export, tmp_path / "out", "-m", str(table))
    assert (code, counts(said)) == (3, (2, 2, 0, 0))
    assert "refused: x.zip/in.zip: ZIP_NESTED" in said


def _told(out: Path, prefix: str = "") -> dict[str, str]:
    """Drafts without their lines, and without what goes before the names of files."""
    return {name: " ".join(data.decode().replace(prefix, "").split()) for name, data in results(out).items()}


MARKS = {"PatientID": "MARKID", "PatientName": "MARKNAME", "StudyDescription": "MARKDESC", "AccessionNumber": "MARKACC"}


@pytest.mark.hostile
def test_no_patient_data_is_said_or_journalled(tmp_path: Path) -> None:
    export, out = tmp_path / "export", tmp_path / "out"
    put(export / "x.dcm", dicom(**MARKS))
    put(export / "y.dcm", dicom(**{**MARKS, "PatientID": "MARKOTHER", "SOPInstanceUID": "1.2.9"}))
    put(export / "z.dcm", dicom(**{**MARKS, "StudyInstanceUID": "1.2.7", "SOPInstanceUID": "1.2.7.1"}))
    _, said = batch(export, out, "--verbose")
    journal = b"".join(path.read_bytes() for path in (out / ".reporter").glob("journal*"))
    assert "MARK" not in said
    assert b"MARK" not in journal
    assert not any("MARK" in path.name for path in out.iterdir())
    pages = [path for path in out.glob("*.quarantined.txt") if b"MARKOTHER" in path.read_bytes()]
    assert pages
    assert all(path.stat().st_mode & 0o077 == 0 for path in pages)


@pytest.mark.hostile
def test_a_patient_that_is_gone_leaves_quarantine_unless_somebody_wrote_on_the_page(tmp_path: Path) -> None:
    export, out = tmp_path / "export", tmp_path / "out"
    put_export(export, ["GOOD"])
    for name, patient in (("x", "P1"), ("y", "P2")):
        put(export / f"{name}.dcm", dicom(PatientID=patient, SOPInstanceUID=f"1.2.9.{ord(name)}"))
    table = _table(tmp_path)
    batch(export, out, "-m", str(table))
    pages = {path: path.read_text() for path in out.glob("*.quarantined.txt")}
    (theirs,) = (path for path, text in pages.items() if "Patient ID: P2" in text)
    assert len(pages) == 2
    (export / "y.dcm").unlink()
    assert batch(export, out, "-m", str(table))[0] == 0
    assert list(out.glob("*.quarantined.txt")) == []
    put(export / "y.dcm", dicom(PatientID="P2", SOPInstanceUID="1.2.9.9"))
    batch(export, out, "-m", str(table))
    theirs.write_text("asked the ward")
    (export / "y.dcm").unlink()
    assert batch(export, out, "-m", str(table))[0] == 0
    assert list(out.glob("*.quarantined.txt")) == [theirs]
