"""A worksheet holds what is known and asks the rest; fed back it settles what was answered, and nothing else."""

import csv
import io
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from pydicom.dataset import Dataset

from reporter.cli.main import main
from tests.readers import sr_documents as sr
from tests.stories.story import STORIES, Story, squeeze

DOCUMENTS: Final = Path(__file__).parents[1] / "readers" / "data" / "sr"
FACTS: Final = '[therapy]\nstart = 2026-01-20\nstatus = "ongoing"\n'
TABLED: Final = [story for story in STORIES if story.table.exists()]
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Desk:
    """What a radiologist has before them: studies, facts, and a place for forms and drafts."""

    folder: Path
    studies: tuple[str, ...]
    capture: pytest.CaptureFixture[str]

    @property
    def reading(self) -> list[str]:
        return [*self.studies, "-f", str(self.folder / "facts.toml")]

    def form(self, name: str = "form.csv", *more: str) -> tuple[int, Path]:
        path = self.folder / name
        return main(["worksheet", *self.reading, *more, "-o", str(path)]), path

    def draft(self, *more: str) -> tuple[int, str]:
        self.capture.readouterr()
        code = main(["draft", *self.reading, *more])
        return code, self.capture.readouterr().out

    def said(self) -> str:
        return self.capture.readouterr().err


def desk_of(folder: Path, documents: str, capture: pytest.CaptureFixture[str]) -> Desk:
    (folder / "facts.toml").write_text(FACTS, encoding="utf-8")
    return Desk(folder, tuple(str(path) for path in sorted(DOCUMENTS.glob(f"{documents}_*.dcm"))), capture)


@pytest.fixture
def no_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return desk_of(tmp_path, "viewer_no_site", capsys)


@pytest.fixture
def coded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return desk_of(tmp_path, "viewer_coded", capsys)


def read(path: Path) -> Rows:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def fill(path: Path, lesion_id: str, **cells: str) -> Path:
    """Answer in the last row of a lesion, as a person would."""
    rows = read(path)
    last = [row for row in rows if row["lesion_id"] == lesion_id][-1]
    assert not any(last[column] for column in cells), "only empty cells are filled in"
    last.update(cells)
    return write(path.with_name(f"filled-{path.name}"), rows)


# -- the side that no document names ---------------------------------------------------------------------------


def test_a_missing_side_is_printed_not_classified_and_a_cell(no_site: Desk) -> None:
    code, draft = no_site.draft()
    assert code == 3
    assert "32" in draft
    assert "20" in draft
    assert "partial response" not in draft.casefold().replace("partial response at", "")
    code, path = no_site.form()
    assert code == 3
    rows = read(path)
    assert [(row["study_date"], row["long_axis"], row["unit"], row["side"]) for row in rows] == [
        ("2026-01-05", "32", "mm", ""),
        ("2026-03-30", "20", "mm", ""),
    ]
    assert "[[? side: The side of T1 is not stated" in rows[1]["note"]
    assert not rows[0]["note"], "a question stands once"


def test_a_side_filled_in_and_fed_back_completes_the_draft(no_site: Desk) -> None:
    _, path = no_site.form()
    code, draft = no_site.draft("-m", str(fill(path, "T1", side="right")))
    assert code == 0
    assert "Right breast: PARTIAL RESPONSE" in draft
    assert "-37.5 %" in draft
    assert "left" not in draft.casefold().replace("left out", "")
    assert "[[?" not in draft


def test_all_that_will_be_asked_is_asked_at_once(no_site: Desk) -> None:
    _, path = no_site.form()
    answers = {"side": "left", "biopsy_result": "malignant", "clip": "yes", "clip_seen": "yes"}
    code, draft = no_site.draft("-m", str(fill(path, "T1", **answers)))
    assert code == 0
    assert "biopsied, malignant, marked" in squeeze(draft)
    assert "T1 biopsied" not in draft


def test_questions_about_facts_are_said_with_their_key(no_site: Desk) -> None:
    no_site.form()
    assert "for the facts file: suspicion_distant: Is distant spread suspected?" in no_site.said()


def test_a_kind_that_label_and_code_contradict_is_asked_and_settled(coded: Desk) -> None:
    code, path = coded.form()
    assert code == 3
    nodes = [row for row in read(path) if row["lesion_id"].startswith("N1")]
    assert [row["kind"] for row in nodes] == ["", ""]
    assert [row["side"] for row in nodes] == ["left", "left"]
    code, draft = coded.draft("-m", str(fill(path, nodes[0]["lesion_id"], kind="node")))
    assert code == 0
    assert "9.6 -> 6.2 mm" in draft


# -- what else structured reports leave open ------------------------------------------------------------------------


def written(desk_folder: Path, capture: pytest.CaptureFixture[str], *documents: Dataset) -> Desk:
    """A desk with structured reports made for the test."""
    (desk_folder / "facts.toml").write_text(FACTS, encoding="utf-8")
    studies = desk_folder / "studies"
    studies.mkdir()
    for number, document in enumerate(documents):
        (studies / f"{number}.dcm").write_bytes(sr.encoded(document))
    return Desk(desk_folder, (str(studies),), capture)


FOLLOW_UP: Final = {
    "StudyInstanceUID": "1.2.3.5",
    "SOPInstanceUID": "1.2.3.5.1",
    "StudyDate": "20260330",
    "ContentDate": "20260331",
}


def test_a_modality_that_no_image_tells_is_a_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = (sr.lesion("T1", sr.length(sr.LONG, "30")), sr.lesion("T1", sr.length(sr.LONG, "15")))
    desk = written(tmp_path, capsys, sr.document(sizes[0]), sr.document(sizes[1], **FOLLOW_UP))
    _, path = desk.form()
    rows = read(path)
    assert [row["modality"] for row in rows] == ["", ""]
    assert all("[[? modality: " in row["note"] for row in rows)
    before = desk.draft()
    assert desk.draft("-m", str(path)) == before
    answered = write(path.with_name("filled.csv"), [{**row, "modality": "US"} for row in rows])
    code, draft = desk.draft("-m", str(answered))
    assert code == 0
    assert "unnamed" not in draft
    assert "US 30 -> 15 mm (-50 %)" in squeeze(draft)
    assert "modality was" not in draft


def test_a_size_without_a_unit_is_asked_and_the_answer_settles_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), sr.image("1.2.9")))
    unitless = sr.document(sr.lesion("T1", sr.length(sr.LONG, "15", ("1", "UCUM", "no units"))), **FOLLOW_UP)
    unitless.ContentSequence[-1].ContentSequence[0].ContentSequence.append(sr.image("1.2.8"))
    desk = written(tmp_path, capsys, baseline, unitless)
    before = desk.draft()
    assert before[0] == 3
    _, path = desk.form()
    now = read(path)[-1]
    assert (now["long_axis"], now["unit"], now["status"]) == ("", "", "")
    assert "[[? long_axis: " in now["note"]
    assert "[[? unit: " in now["note"]
    assert desk.draft("-m", str(path)) == before
    code, draft = desk.draft("-m", str(fill(path, "T1", long_axis="15", unit="mm")))
    assert code == 0
    assert "30 -> 15 mm (-50 %)" in squeeze(draft)
    assert "Left out: studies" not in draft or "15" in draft


def test_a_size_that_was_changed_goes_before_the_document_and_both_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = [sr.lesion("T1", sr.length(sr.LONG, size), sr.image("1.2.9")) for size in ("30", "15")]
    desk = written(tmp_path, capsys, sr.document(groups[0]), sr.document(groups[1], **FOLLOW_UP))
    _, path = desk.form()
    rows = read(path)
    rows[-1]["long_axis"] = "12"
    code, draft = desk.draft("-m", str(write(path.with_name("filled.csv"), rows)))
    assert code == 0
    assert "30 -> 12 mm (-60 %)" in squeeze(draft)
    assert "the table counts" in squeeze(draft)


# -- a worksheet in which nothing was answered ------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("story", TABLED, ids=lambda story: story.name)
def test_unanswered_it_changes_nothing(
    story: Story, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copyfile(story.facts_file, tmp_path / "facts.toml")
    desk = Desk(tmp_path, (str(story.dicom),), capsys)
    _, path = desk.form(f"measurements.{suffix}", "-m", str(story.table))
    assert desk.draft("-m", str(path)) == desk.draft("-m", str(story.table))


@pytest.mark.parametrize("documents", ["viewer_coded", "library_mr"])
def test_unanswered_beside_structured_reports_it_changes_nothing(
    documents: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desk_of(tmp_path, documents, capsys)
    before = desk.draft()
    for name in ("form.csv", "form.xlsx"):
        _, path = desk.form(name)
        assert desk.draft("-m", str(path)) == before, name


def test_the_worksheet_of_a_worksheet_is_the_same(coded: Desk) -> None:
    _, first = coded.form("first/form.csv")
    _, second = coded.form("second/form.csv", "-m", str(first))
    assert first.read_bytes() == second.read_bytes()


def test_the_same_case_gives_the_same_bytes(coded: Desk) -> None:
    for name in ("form.csv", "form.xlsx"):
        made = [coded.form(f"{folder}/{name}")[1].read_bytes() for folder in ("one", "two")]
        assert made[0] == made[1], name


# -- a lesion that is lost ----------------------------------------------------------------------------------------


@pytest.fixture
def lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Desk, Path]:
    """The partial response without the rows of its mass at the end."""
    story = next(story for story in STORIES if story.name == "partial-response")
    shutil.copyfile(story.facts_file, tmp_path / "facts.toml")
    rows = [row for row in story.rows if not (row["study_date"] > "2026-07" and row["lesion_id"] == "L1")]
    assert len(rows) < len(story.rows)
    return Desk(tmp_path, (str(story.dicom),), capsys), write(tmp_path / "measurements.csv", rows)


def test_a_lost_lesion_gets_a_row_with_an_empty_status(lost: tuple[Desk, Path]) -> None:
    desk, table = lost
    code, path = desk.form("form.csv", "-m", str(table))
    assert code == 3
    added = [row for row in read(path) if "[[? added row]]" in row["note"]]
    assert {(row["lesion_id"], row["modality"], row["side"], row["status"]) for row in added} == {
        ("L1", "US", "right", ""),
        ("L1", "DBT", "right", ""),
        ("L1", "MR", "right", ""),
    }
    assert all("[[? status: L1 has no value on" in row["note"] for row in added)


def test_an_added_row_that_nobody_answers_is_no_measurement(lost: tuple[Desk, Path]) -> None:
    desk, table = lost
    before = desk.draft("-m", str(table))
    _, path = desk.form("again/measurements.csv", "-m", str(table))
    assert desk.draft("-m", str(path)) == before
    assert before[0] == 3


def test_an_added_row_answered_is_a_measurement(lost: tuple[Desk, Path]) -> None:
    desk, table = lost
    _, path = desk.form("form.csv", "-m", str(table))
    rows = read(path)
    for row in rows:
        if "[[? added row]]" in row["note"]:
            row["status"] = "absent"
    code, draft = desk.draft("-m", str(write(desk.folder / "filled.csv", rows)))
    assert code == 0
    assert "Right breast: COMPLETE RESPONSE ON IMAGING" in squeeze(draft)


# -- what stands in the table stays -------------------------------------------------------------------------------


@pytest.fixture
def doubtful(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Desk, Path]:
    """A table with a word that is none, a number without unit, a note of the reader's and a formula."""
    (tmp_path / "facts.toml").write_text(FACTS, encoding="utf-8")
    path = tmp_path / "measurements.csv"
    path.write_text(
        "study_date,modality,lesion_id,kind,side,long_axis,unit,quality,biopsy_result,clip,note\n"
        "2026-01-05,MR,L1,mass,left,32.50,mm,,malignant,no,\n"
        "2026-03-30,MR,L1,mass,left,n/a,mm,=HYPERLINK(1),malignant,no,seen well\n"
        "2026-01-05,MR,L2,mass,left,12,,+poor,benign,no,@home\n",
        encoding="utf-8",
    )
    return Desk(tmp_path, (str(DOCUMENTS / "library_mr_baseline.dcm"),), capsys), path


def test_a_cell_to_be_corrected_stays_with_the_reason_after_the_note(doubtful: tuple[Desk, Path]) -> None:
    desk, table = doubtful
    code, path = desk.form("form.csv", "-m", str(table))
    assert code == 3
    now = next(row for row in read(path) if (row["study_date"], row["lesion_id"]) == ("2026-03-30", "L1"))
    assert now["long_axis"] == "n/a"
    assert now["note"].startswith("seen well [[? ")
    assert '[[? long_axis: "n/a" in the column' in now["note"]
    without = next(row for row in read(path) if row["lesion_id"] == "L2")
    assert (without["long_axis"], without["unit"]) == ("12", "")
    assert "[[? unit: " in without["note"]


@pytest.mark.hostile
def test_no_text_of_it_is_a_formula_and_none_comes_back_changed(doubtful: tuple[Desk, Path]) -> None:
    """Hostile input 82."""
    desk, table = doubtful
    _, path = desk.form("form.csv", "-m", str(table))
    given = path.read_text("utf-8-sig")
    assert "'=HYPERLINK(1)" in given
    assert "'@home" in given
    assert not any(cell[:1] in "=+-@" for row in read(path) for cell in row.values() if cell)
    _, workbook = desk.form("form.xlsx", "-m", str(table))
    cells = [cell for row in openpyxl.load_workbook(workbook).worksheets[0].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    guarded = next(cell for cell in cells if cell.value == "=HYPERLINK(1)")
    assert guarded.quotePrefix
    before, said = desk.draft("-m", str(table))
    for form in (path, workbook):
        code, draft = desk.draft("-m", str(form))
        assert (code, placeless(draft)) == (before, placeless(said))


def placeless(draft: str) -> str:
    """A draft without the file and row that a doubt points to."""
    return re.sub(r"\((measurements|form)\.[a-z]+, (row|file)( \d+)?", "(table", squeeze(draft))


def test_whose_rows_they_are_is_asked_never_filled_in(doubtful: tuple[Desk, Path]) -> None:
    """Rows that name no patient and meet no study: nothing shows that they are of this patient."""
    desk, table = doubtful
    rows = [{**row, "study_date": row["study_date"].replace("2026-01-05", "2026-01-07")} for row in read(table)]
    stray = write(desk.folder / "stray.csv", rows)
    assert "names no patient" in squeeze(desk.draft("-m", str(stray))[1])
    _, path = desk.form("form.csv", "-m", str(stray))
    own = [row for row in read(path) if row["lesion_id"] in {"L1", "L2"}]
    assert all(not row["patient_id"] and "[[? patient_id: " in row["note"] for row in own)
    assert "names no patient" in squeeze(desk.draft("-m", str(path))[1])
    named = [{**row, "patient_id": "SYN-0001"} for row in read(path)]
    assert "names no patient" not in squeeze(desk.draft("-m", str(write(path, named)))[1])


# -- the workbook -------------------------------------------------------------------------------------------------


def test_the_workbook_offers_the_words_and_says_why_it_asks(coded: Desk) -> None:
    _, path = coded.form("form.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Measurements", "Facts to give"]
    sheet = book["Measurements"]
    columns = {str(cell.value): cell.column_letter for cell in sheet[1]}
    offered = {str(v.sqref).split(":")[0][:-1]: v.formula1 for v in sheet.data_validations.dataValidation}
    assert offered[columns["side"]] == '"left,right"'
    assert offered[columns["clip"]] == '"yes,no"'
    asked = sheet[f"{columns['kind']}4"]
    assert asked.value is None
    assert asked.comment is not None
    assert "speaks of a lymph node" in asked.comment.text
    keys = [cell.value for cell in book["Facts to give"]["A"]]
    assert {"key", "suspicion_distant", "therapy.intent"} <= set(keys)


def test_a_workbook_filled_in_goes_back_in_as_it_is(no_site: Desk) -> None:
    _, path = no_site.form("form.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Measurements"]
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    sheet.cell(3, columns["side"]).value = "left"
    book.save(path)
    code, draft = no_site.draft("-m", str(path))
    assert code == 0
    assert "Left breast: PARTIAL RESPONSE" in draft


# -- the command --------------------------------------------------------------------------------------------------


def test_a_form_is_csv_or_xlsx(no_site: Desk) -> None:
    code, path = no_site.form("form.docx")
    assert code == 2
    assert not path.exists()
    assert ".csv or .xlsx" in no_site.said()


def test_an_earlier_time_point_is_asked_about_and_no_row_is_lost(coded: Desk) -> None:
    _, path = coded.form("form.csv", "--at", "2026-01-06")
    rows = read(path)
    assert {row["study_date"] for row in rows} == {"2026-01-05", "2026-03-30"}
    assert all(not row["note"] for row in rows if row["study_date"] == "2026-03-30")


def test_a_form_of_another_patient_is_refused(coded: Desk) -> None:
    _, path = coded.form()
    rows = read(path)
    assert {row["patient_id"] for row in rows} == {"SYN-0001"}
    code, _ = coded.draft("-m", str(write(path, [{**row, "patient_id": "SYN-0002"} for row in rows])))
    assert code == 1


def test_a_table_alone_has_a_worksheet(tmp_path: Path) -> None:
    story = next(story for story in STORIES if story.name == "stable-full-course")
    table = write(tmp_path / "m.csv", [{"patient_id": "SYN-9", **row} for row in story.rows])
    code = main(["worksheet", "-m", str(table), "-f", str(story.facts_file), "-o", str(tmp_path / "form.csv")])
    assert code in {0, 3}
    assert len(read(tmp_path / "form.csv")) >= len(story.rows)
