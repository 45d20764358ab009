"""The page on templates, followed by somebody who has nothing else; the page on fields, which the model prints."""

import io
import re
import shlex
import shutil
from pathlib import Path
from typing import Final

import pytest
from docx import Document

from reporter.cli.main import main
from reporter.draft.fields import Fields
from reporter.draft.filters import FILTERS, FilterDoc
from reporter.draft.view import FieldDoc, describe
from tests.draft.cases import block_lines
from tests.draft.rendering import rendered
from tests.exporters.word_reading import Seen, blocks, parts
from tests.stories.told_story import FOLDER
from tests.template_sets import GERMAN, SHIPPED

DOCS: Final = Path(__file__).parents[1] / "docs"
STEP: Final = re.compile(
    r"<!-- write (?P<file>\S+) -->\n```\w+\n(?P<text>.*?)```|```console\n(?P<commands>.*?)```"
    r"|(?P<letterhead>## 6\. Letterhead)",
    re.DOTALL,
)
STORY: Final = FOLDER / "B5-new-lesion-after"
LOGO: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)  # fmt: skip


def give_a_letterhead(house: Path) -> None:
    """What a radiologist does in Word: a name, a logo, another font."""
    document = Document(str(house))
    header = document.sections[0].header
    header.paragraphs[0].add_run("Breast Centre Example").add_picture(io.BytesIO(LOGO))
    document.styles["Normal"].font.name = "Georgia"
    document.save(str(house))


def run(command: str) -> None:
    name, *arguments = shlex.split(command)
    if name == "mkdir":
        Path(arguments[-1]).mkdir(parents=True)
    elif name == "mv":
        shutil.move(arguments[0], arguments[1])
    else:
        assert name == "reporter"
        assert main(arguments) == 0


def test_the_page_leads_to_a_report_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("measurements.csv", "facts.toml"):
        shutil.copy(STORY / name, name)
    commands = 0
    for step in STEP.finditer((DOCS / "templates.md").read_text("utf-8")):
        if step["letterhead"]:
            give_a_letterhead(Path("ours/house.docx"))
        elif step["file"]:
            Path(step["file"]).write_text(step["text"], "utf-8")
        else:
            for line in step["commands"].splitlines():
                assert line.startswith("$ ")
                run(line.removeprefix("$ "))
                commands += 1
    assert commands >= 6
    assert "no mistake" in capsys.readouterr().err
    first, second = Path("out/report.draft.docx").read_bytes(), Path("out/report-r2.draft.docx").read_bytes()
    for made, greeting in ((first, "Dear colleagues,"), (second, "Dear colleague,")):
        seen = [block for block in blocks(made) if isinstance(block, Seen)]
        heads = [block.text for block in seen if block.style == "Heading 2"]
        assert heads[:3] == ["Impression", "What we suggest for discussion", "Who has to know"]
        assert heads[-1] == "Basis"
        assert seen[1].text == "Breast centre: response to systemic therapy (left breast and axilla)"
        assert seen[2].text.startswith(greeting)
        assert b"Breast Centre Example" in parts(made)["word/header1.xml"]
        assert LOGO in parts(made).values()
        assert b"Georgia" in parts(made)["word/styles.xml"]


def test_the_page_on_fields_is_what_the_model_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """To renew it: `reporter describe fields > docs/fields.md`."""
    assert main(["describe", "fields"]) == 0
    assert capsys.readouterr().out == (DOCS / "fields.md").read_text("utf-8")


@pytest.mark.parametrize("doc", list(describe(Fields)), ids=lambda doc: doc.path)
def test_no_field_lacks_type_meaning_or_example(doc: FieldDoc) -> None:
    assert doc.type
    assert doc.meaning
    assert doc.example or doc.group
    if doc.example.endswith((" mm", " %")) and "," not in doc.example:
        assert doc.unit


@pytest.mark.parametrize("doc", FILTERS, ids=lambda doc: doc.name)
def test_the_example_of_a_filter_gives_what_the_page_says(doc: FilterDoc) -> None:
    if doc.gives:
        (block,) = rendered(doc.example)
        assert block_lines(block) == [doc.gives]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_set_is_described_with_files_and_options(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "template", name]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"# {name}\n")
    assert "  impression.md.j2" in out
    assert ("recommendation (yes or no; default false)" in out) is (name not in {"nac-response", GERMAN})


def test_describe_template_needs_a_set_that_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "template"]) == 2
    assert main(["describe", "template", "breif"]) == 2
    assert "did you mean 'brief'" in capsys.readouterr().err
