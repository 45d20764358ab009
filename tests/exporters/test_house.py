"""House documents: what a department may change, and what is refused before it reaches a report."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.draft.interface import Draft, Page
from reporter.errors import SetupError
from reporter.exporters.house import STYLES
from reporter.exporters.house_check import MAX_PARTS, MAX_UNZIPPED, MAX_ZIPPED
from reporter.exporters.interface import Look
from reporter.exporters.word import WordExporter
from tests.exporters.exporting import HOUSE, NO_REPORT, parts_text
from tests.exporters.figures import clock, trend
from tests.exporters.model_report import COMPLETE_RESPONSE
from tests.exporters.word_reading import blocks, parts
from tests.gates import convert_to_pdf, run, word_faults
from tests.template_sets import ROOT
from tools.build_house import FORMS, house

SHIPPED: Final = HOUSE.read_bytes()
Parts = Mapping[str, bytes]


def packed(content: Parts) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in content.items():
            package.writestr(name, part)
    return written.getvalue()


def changed(part: str, old: str, new: str) -> bytes:
    """The shipped house with one part changed."""
    content = parts(SHIPPED)
    assert old.encode() in content[part], f"{old} is not in {part}"
    return packed(content | {part: content[part].replace(old.encode(), new.encode())})


def added(name: str, content: bytes) -> bytes:
    return packed(parts(SHIPPED) | {name: content})


def report(house_document: bytes, draft: Draft = COMPLETE_RESPONSE) -> bytes:
    return WordExporter().prepare(Look(name="set", house=house_document)).export(NO_REPORT, draft)


def refusal(house_document: bytes) -> SetupError:
    with pytest.raises(SetupError) as refused:
        report(house_document)
    return refused.value


@pytest.mark.parametrize("name", FORMS)
def test_a_shipped_house_is_what_its_program_makes(name: str) -> None:
    assert parts(house(FORMS[name])) == parts((ROOT / name / "house.docx").read_bytes())


@pytest.mark.tools
def test_the_shipped_house_is_valid_small_and_bare(tmp_path: Path) -> None:
    file = tmp_path / "house.docx"
    file.write_bytes(SHIPPED)
    assert word_faults(file) == []
    assert len(SHIPPED) < 12_000
    assert not [name for name in parts(SHIPPED) if re.search(r"theme|thumbnail|stylesWithEffects|customXml", name)]


def test_a_format_with_a_look_needs_a_house() -> None:
    with pytest.raises(SetupError, match=r"no house\.docx"):
        WordExporter().prepare(Look(name="set"))


# What a department may do


def test_a_field_that_word_split_over_runs_is_filled() -> None:
    end, begin = "</w:t></w:r>", "<w:r><w:rPr><w:i/></w:rPr><w:t>"
    split = f"{{{end}{begin}{{ patient.{end}{begin}id{end}{begin} }}}} and {{{{patient.id}}}}"
    (header,) = parts_text(report(changed("word/header1.xml", "{{ patient.line }}", split)), "word/header1.xml")
    assert "SYN-0001 and SYN-0001" in header


def test_own_letterhead_paper_and_styles_are_taken_over() -> None:
    own = changed("word/header1.xml", "{{ department.name }}", "St. Example &amp; Sons")
    assert parts_text(report(own), "word/header1.xml")[0].startswith("St. Example & Sons")
    letter = changed("word/document.xml", 'w:w="11906"', 'w:w="12240"')
    assert b'w:w="12240"' in parts(report(letter))["word/document.xml"]
    font = changed("word/styles.xml", 'w:ascii="Calibri"', 'w:ascii="Arial"')
    assert b'w:ascii="Arial"' in parts(report(font))["word/styles.xml"]


def test_a_logo_stays_as_it_is() -> None:
    document = Document(io.BytesIO(SHIPPED))
    picture = io.BytesIO(bytes.fromhex(
        "89504e470d0a1a0a0000000d494844520000000100000001080600000"
        "01f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    ))  # fmt: skip
    document.sections[0].header.paragraphs[0].add_run().add_picture(picture)
    saved = io.BytesIO()
    document.save(saved)
    made = parts(report(saved.getvalue()))
    assert made["word/media/image1.png"] == picture.getvalue()
    assert b"image1.png" in made["word/_rels/header1.xml.rels"]


def test_styles_are_found_by_name_whatever_their_ids() -> None:
    content = dict(parts(SHIPPED))
    for name in ("word/styles.xml", "word/document.xml", "word/numbering.xml"):
        content[name] = content[name].replace(b'"Heading2"', b'"berschrift2"').replace(b'"ReportTable"', b'"T1"')
    assert blocks(report(packed(content))) == blocks(report(SHIPPED))


@pytest.mark.parametrize("style_id", ["Table&amp;Text", "Table&quot;Text", "Table&lt;Text"])
def test_a_style_may_have_any_id(style_id: str) -> None:
    content = {name: part.replace(b'"TableText"', f'"{style_id}"'.encode()) for name, part in parts(SHIPPED).items()}
    assert blocks(report(packed(content))) == blocks(report(SHIPPED))


def test_page_settings_may_stand_under_another_prefix() -> None:
    other = re.sub(rb"([</ :])w([:=])", rb"\1word\2", parts(SHIPPED)["word/document.xml"])
    made = report(packed(parts(SHIPPED) | {"word/document.xml": other}))
    assert parts(made)["word/document.xml"] == parts(report(SHIPPED))["word/document.xml"]


def test_page_settings_that_word_added_later_are_left_out() -> None:
    later = '<x:footnoteColumns xmlns:x="http://schemas.microsoft.com/office/word/2012/wordml" x:val="2"/><w:pgSz'
    made = report(changed("word/document.xml", "<w:pgSz", later))
    assert parts(made)["word/document.xml"] == parts(report(SHIPPED))["word/document.xml"]


@pytest.mark.hostile
def test_styles_without_a_size_that_go_in_a_circle_are_told() -> None:
    """Whoever looks for the size of their letters would go round for ever."""
    styles = parts(SHIPPED)["word/styles.xml"].replace(b"<w:sz ", b"<w:szCs ")
    name = b'<w:name w:val="Table Text"/>'
    circle = styles.replace(name, name + b'<w:basedOn w:val="TableHeader"/>')
    assert "'Table Header' is based on itself" in str(refusal(packed(parts(SHIPPED) | {"word/styles.xml": circle})))


@pytest.mark.services
@pytest.mark.tools
def test_a_house_saved_by_libreoffice_still_works(tmp_path: Path) -> None:
    source, profile = tmp_path / "house.docx", tmp_path / "profile"
    source.write_bytes(SHIPPED)
    convert_to_pdf(source, tmp_path, profile)
    (tmp_path / "saved").mkdir()
    option = f"-env:UserInstallation={profile.as_uri()}"
    run("soffice", option, "--headless", "--convert-to", "docx", "--outdir", tmp_path / "saved", source)
    made = report((tmp_path / "saved" / "house.docx").read_bytes())
    assert blocks(made) == blocks(report(SHIPPED))
    file = tmp_path / "report.docx"
    file.write_bytes(made)
    faults = [fault for fault in word_faults(file) if "/word/document.xml" in fault]
    assert faults == []


def test_the_main_part_may_have_another_name() -> None:
    content = {
        name.replace("document.xml", "document2.xml"): part.replace(b"document.xml", b"document2.xml")
        for name, part in parts(SHIPPED).items()
    }
    made = report(packed(content))
    assert "word/document.xml" not in parts(made)
    assert blocks(made) == blocks(report(SHIPPED))


def test_figures_take_the_letters_of_the_house_and_follow_its_main_part() -> None:
    content = {
        name.replace("document.xml", "document2.xml"): part.replace(b"document.xml", b"document2.xml").replace(
            b'w:ascii="Calibri"', b'w:ascii="Arial"'
        )
        for name, part in parts(SHIPPED).items()
    }
    made = parts(report(packed(content), Draft(page=Page(title="t"), blocks=(trend(), clock()))))
    assert b'typeface="Arial"' in made["word/charts/report1.xml"]
    assert b"charts/report1.xml" in made["word/_rels/document2.xml.rels"]
    assert b"wpg:wgp" in made["word/document2.xml"]


@pytest.mark.services
@pytest.mark.tools
def test_figures_in_a_house_saved_by_libreoffice_add_no_fault(tmp_path: Path) -> None:
    source, profile = tmp_path / "house.docx", tmp_path / "profile"
    source.write_bytes(SHIPPED)
    (tmp_path / "saved").mkdir()
    option = f"-env:UserInstallation={profile.as_uri()}"
    run("soffice", option, "--headless", "--convert-to", "docx", "--outdir", tmp_path / "saved", source)
    saved = (tmp_path / "saved" / "house.docx").read_bytes()
    faults = []
    for name, blocks_of in (("bare", ()), ("figures", (trend(), clock()))):
        file = tmp_path / f"{name}.docx"
        file.write_bytes(report(saved, Draft(page=Page(title="t"), blocks=blocks_of)))
        faults.append(word_faults(file))
    assert faults[1] == faults[0]


def test_no_text_of_the_house_document_itself_reaches_a_report() -> None:
    with_note = changed("word/document.xml", "List Bullet</w:t>", "remember to call Dr. X</w:t>")
    assert b"remember" not in b"".join(parts(report(with_note)).values())


def test_values_in_the_header_are_text_and_no_fields() -> None:
    page = Page(
        title="t", patient_name="{{ patient.id }}", patient_id='"&<w:p/>', patient_line="\ufdd0patient.id\ufdd0"
    )
    header, footer = parts_text(report(SHIPPED, Draft(page=page, blocks=())), "word/header1.xml", "word/footer1.xml")
    assert "{{ patient.id }}\ufffdpatient.id\ufffd" in header
    assert '"&<w:p/>' in footer


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [
        ("NAME^A", "A1", "DRAFT · NAME^A · A1"),
        ("", "A1", "DRAFT · A1"),
        ("NAME^A", "", "DRAFT · NAME^A"),
        ("", "", "DRAFT"),
    ],
)
def test_what_is_not_known_leaves_no_dot(name: str, number: str, said: str) -> None:
    page = Page(title="t", patient_name=name, patient_id=number, footer="DRAFT")
    (footer,) = parts_text(report(SHIPPED, Draft(page=page, blocks=())), "word/footer1.xml")
    assert footer.partition("Page")[0].strip() == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{ patient.name }} · {{ patient.line }}", "A1"),
        ("{{ patient.line }} · {{ patient.name }} · {{ patient.line }}", "A1 · A1"),
        ("Name: {{ patient.name }} · {{ patient.line }}", "Name:  · A1"),
        ("{{ patient.line }} {{ patient.name }} · {{ patient.line }}", "A1  · A1"),
        ("{{ patient.line }} · {{ patient.name }}clinic", "A1 · clinic"),
    ],
)
def test_a_dot_goes_only_with_what_is_alone_between_dots(written: str, said: str) -> None:
    own = changed("word/header1.xml", "{{ patient.line }}", written)
    (header,) = parts_text(report(own, Draft(page=Page(title="t", patient_line="A1"), blocks=())), "word/header1.xml")
    assert header.endswith(f"Breast Imaging{said}")


@pytest.mark.parametrize(
    ("language", "marked"), [("", "en-GB"), ("en", "en-GB"), ("en-US", "en-GB"), ("de", "de"), ("de-AT", "de-AT")]
)
def test_the_text_is_marked_as_of_its_language(language: str, marked: str) -> None:
    look = Look(name="test", house=SHIPPED, language=language)
    made = WordExporter().prepare(look).export(NO_REPORT, Draft(page=Page(title="t"), blocks=()))
    assert f'<w:lang w:val="{marked}" ' in parts(made)["word/styles.xml"].decode()


# What is refused, and with which words


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        pytest.param(lambda: b"", "TPL_BROKEN", "no whole .docx", id="85 empty"),
        pytest.param(lambda: b"%PDF-1.7", "TPL_BROKEN", "no whole .docx", id="85 something else"),
        pytest.param(lambda: SHIPPED[:-100], "TPL_BROKEN", "no whole .docx", id="85 truncated"),
        pytest.param(
            lambda: packed({n: c for n, c in parts(SHIPPED).items() if n != "word/document.xml"}),
            "TPL_BROKEN",
            "cannot be read",
            id="85 part missing",
        ),
        pytest.param(
            lambda: packed({n: c for n, c in parts(SHIPPED).items() if n != "word/styles.xml"}),
            "TPL_BROKEN",
            "cannot be read",
            id="85 linked part missing",
        ),
        pytest.param(lambda: changed("word/header1.xml", "</w:hdr>", ""), "TPL_BROKEN", "", id="85 broken XML"),
        pytest.param(
            lambda: changed("word/styles.xml", '"Table Text"', '"Tabletext"'),
            "TPL_STYLE",
            "no style 'Table Text', which is for cells of tables",
            id="style missing",
        ),
        pytest.param(
            lambda: changed("word/styles.xml", '<w:numPr><w:numId w:val="1"/></w:numPr>', ""),
            "TPL_STYLE",
            "has no numbering",
            id="style without numbering",
        ),
        pytest.param(
            lambda: changed("word/header1.xml", "{{ patient.line }}", "{{ patient.nmae }}"),
            "TPL_UNDEFINED",
            "did you mean {{ patient.name }}?",
            id="misspelt field",
        ),
        pytest.param(
            lambda: changed("word/header1.xml", "{{ patient.line }}", "{{ zzz }}"),
            "TPL_UNDEFINED",
            "there are: department.institution",
            id="unknown field",
        ),
        pytest.param(
            lambda: changed("word/header1.xml", "{{ patient.line }}", "{{ patient['id'] }}"),
            "TPL_SYNTAX",
            "no template code",
            id="86 code in the header",
        ),
        pytest.param(
            lambda: changed("word/header1.xml", "{{ patient.line }}", "{% for x in y %}"),
            "TPL_SYNTAX",
            "no template code",
            id="86 tag in the header",
        ),
        pytest.param(
            lambda: changed("word/footer1.xml", "{{ report.footer }}", "Final"),
            "TPL_MANDATORY",
            "every page of a draft",
            id="91 draft notice removed",
        ),
        pytest.param(
            lambda: changed("word/document.xml", "<w:pgSz", "<w:titlePg/><w:pgSz"),
            "TPL_MANDATORY",
            "the first page",
            id="91 first page without notice",
        ),
        pytest.param(
            lambda: changed("word/settings.xml", "<w:zoom", "<w:evenAndOddHeaders/><w:zoom"),
            "TPL_MANDATORY",
            "the even page",
            id="91 even pages without notice",
        ),
        pytest.param(
            lambda: changed(
                "word/_rels/document.xml.rels",
                "</Relationships>",
                '<Relationship Id="x" Type="attachedTemplate" Target="http://a.test/t.dotm" TargetMode="External"/>'
                "</Relationships>",
            ),
            "TPL_EXTERNAL",
            "outside itself",
            id="89 attached template",
        ),
        pytest.param(
            lambda: changed(
                "word/_rels/document.xml.rels",
                "</Relationships>",
                '<Relationship Id="x" Type="i" Target="file:///etc/passwd" TargetMode = \'external\'/></Relationships>',
            ),
            "TPL_EXTERNAL",
            "outside itself",
            id="89 external picture",
        ),
        pytest.param(
            lambda: changed("word/footer1.xml", " PAGE ", " DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "),
            "TPL_EXTERNAL",
            "field code",
            id="89 DDE",
        ),
        pytest.param(
            lambda: changed("word/footer1.xml", " PAGE ", " INCLUDEPICTURE http://example.test/x "),
            "TPL_EXTERNAL",
            "field code",
            id="89 included picture",
        ),
        pytest.param(
            lambda: changed(
                "word/header1.xml",
                "{{ patient.line }}</w:t>",
                "{{ patient.line }}</w:t><w:instrText>INCLUDETEXT x</w:instrText>",
            ),
            "TPL_EXTERNAL",
            "field code",
            id="89 instruction",
        ),
        pytest.param(lambda: added("word/vbaProject.bin", b"x"), "TPL_EXTERNAL", "macro", id="89 macro"),
        pytest.param(
            lambda: added("word/embeddings/oleObject1.bin", b"x"), "TPL_EXTERNAL", "embedded object", id="89 OLE"
        ),
        pytest.param(
            lambda: added("word/activeX/activeX1.xml", b"<x/>"), "TPL_EXTERNAL", "embedded object", id="89 ActiveX"
        ),
        pytest.param(
            lambda: changed("[Content_Types].xml", "document.main+xml", "document.macroEnabled.main+xml"),
            "TPL_EXTERNAL",
            "macro",
            id="89 docm",
        ),
        pytest.param(
            lambda: added("word/x.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
            "TPL_BROKEN",
            "form that Word writes",
            id="entities",
        ),
        pytest.param(
            lambda: added("word/x.xml", b"\xff\xfe<\x00x\x00"),
            "TPL_BROKEN",
            "form that Word writes",
            id="another encoding",
        ),
        pytest.param(
            lambda: added("word/../../evil.xml", b"<x/>"),
            "TPL_BROKEN",
            "a name that no .docx",
            id="path out of the package",
        ),
        pytest.param(lambda: added("/etc/evil.xml", b"<x/>"), "TPL_BROKEN", "a name that no .docx", id="absolute path"),
        pytest.param(lambda: b"PK" + b"x" * MAX_ZIPPED, "TPL_LIMIT", "larger than any letterhead", id="88 large file"),
        pytest.param(
            lambda: added("word/media/x.png", bytes(MAX_UNZIPPED + 1)),
            "TPL_LIMIT",
            "larger than any letterhead",
            id="88 unrelated large part",
        ),
        pytest.param(
            lambda: added("word/media/x.png", bytes(20 * 2**20)),
            "TPL_LIMIT",
            "larger than any letterhead",
            id="88 bomb",
        ),
        pytest.param(
            lambda: packed(parts(SHIPPED) | {f"word/media/{n}.png": b"" for n in range(MAX_PARTS)}),
            "TPL_LIMIT",
            "larger than any letterhead",
            id="88 many parts",
        ),
    ],
)
def test_a_bad_house_is_refused_in_words(make: Callable[[], bytes], code: str, words: str) -> None:
    refused = refusal(make())
    assert refused.code == code
    assert words in str(refused)
    assert refused.file == "set/house.docx"


@pytest.mark.hostile
@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_needed_and_missed_by_name(style: str) -> None:
    stored = {"Heading 1": "heading 1", "Heading 2": "heading 2", "Heading 3": "heading 3"}.get(style, style)
    assert f"no style '{style}'" in str(refusal(changed("word/styles.xml", f'"{stored}"', '"Other"')))


@pytest.mark.hostile
def test_a_part_that_is_there_twice_is_refused() -> None:
    written = io.BytesIO(SHIPPED)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(written, "a") as package:
        package.writestr("word/document.xml", b"<x/>")
    assert refusal(written.getvalue()).code == "TPL_BROKEN"


@pytest.mark.hostile
@settings(deadline=None, max_examples=150)
@given(st.integers(min_value=0, max_value=len(SHIPPED) - 1), st.integers(min_value=1, max_value=255))
def test_a_flipped_byte_is_refused_or_changes_no_word(place: int, flip: int) -> None:
    flipped = bytearray(SHIPPED)
    flipped[place] ^= flip
    try:
        made = report(bytes(flipped))
    except SetupError:
        return
    assert blocks(made) == blocks(report(SHIPPED))


@pytest.mark.hostile
@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(parts(SHIPPED))), st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_a_damaged_part_is_refused_or_written_out_whole(part: str, place: int, bit: int) -> None:
    damaged = bytearray(parts(SHIPPED)[part])
    damaged[place % len(damaged)] ^= 1 << bit
    try:
        made = report(packed(parts(SHIPPED) | {part: bytes(damaged)}))
    except SetupError:
        return
    assert parts(made)["word/document.xml"]


@pytest.mark.hostile
@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=0, max_value=len(SHIPPED) - 1))
def test_a_truncated_house_is_refused(length: int) -> None:
    assert refusal(SHIPPED[:length]).code == "TPL_BROKEN"
