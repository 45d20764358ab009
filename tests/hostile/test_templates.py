"""Bad template sets and house documents, rows 85 to 91: each refused with its message, or told without harm.

`bad_sets` holds a folder a case; `messages.toml` what `template check` says of each, word for word.  A set that is
drafted with all the same still says what no draft may lack.
"""

import io
import random
import shutil
import struct
import time
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from reporter.cli.main import main
from reporter.preview import faults
from reporter.settings import Settings
from tests.stories.told_story import FOLDER as TOLD
from tests.template_sets import ROOT, write_set

pytestmark = [pytest.mark.hostile, pytest.mark.long]

FOLDER: Final = Path(__file__).parent / "bad_sets"
MESSAGES: Final[Mapping[str, list[str]]] = tomllib.loads((FOLDER / "messages.toml").read_text("utf-8"))
SETS: Final = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
HOUSE: Final = (ROOT / "nac-response" / "house.docx").read_bytes()
STORY: Final = TOLD / "B5-new-lesion-after"
USUAL: Final = "# T\n\n{{ escalation_block }}\n\n{{ basis_block }}\n"


def copied(name: str, folder: Path) -> Path:
    made = shutil.copytree(FOLDER / name, folder / name)
    (made / "house.docx").write_bytes(HOUSE)
    return made


def test_every_bad_set_has_its_messages_and_they_are_many() -> None:
    assert sorted(MESSAGES) == SETS
    assert len(SETS) >= 40


@pytest.mark.parametrize("name", SETS)
def test_a_bad_set_is_told_word_for_word(name: str, tmp_path: Path) -> None:
    begun = time.monotonic()
    found = [str(fault) for fault in faults(str(copied(name, tmp_path)), Settings())]
    assert found == MESSAGES[name]
    assert all(message.startswith(name) for message in found)
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize("name", SETS)
def test_a_bad_set_makes_no_report_or_one_that_lacks_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = ["-m", str(STORY / "measurements.csv"), "-f", str(STORY / "facts.toml")]
    code = main(["draft", *inputs, "-t", str(copied(name, tmp_path)), "--format", "txt", "-o", str(tmp_path / "out")])
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "fault of the program" not in err
    if code == 2:
        assert err.startswith("refused: ")
        assert not (tmp_path / "out").exists()
    else:
        assert code in {0, 3}
        text = (tmp_path / "out" / "report.draft.txt").read_text("utf-8")
        assert text.startswith("DRAFT - NOT FOR CLINICAL USE")
        assert "IMMEDIATE: medical oncologist and surgeon" in " ".join(text.split())
        assert "No image was analysed" in " ".join(text.split())


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()


def unpacked() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(HOUSE)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(part: str, old: str, new: str) -> bytes:
    parts = unpacked()
    assert old.encode() in parts[part], f"{old} is not in {part}"
    return packed(parts | {part: parts[part].replace(old.encode(), new.encode())})


def added(name: str, content: bytes) -> bytes:
    return packed(unpacked() | {name: content})


def rewritten(old: str, new: str) -> bytes:
    """The house with a word of all its parts, and in their names, written otherwise."""
    return packed({
        name.replace(old, new): content.replace(old.encode(), new.encode()) for name, content in unpacked().items()
    })


def header_with(xml: str) -> Callable[[], bytes]:
    return lambda: changed("word/header1.xml", "</w:hdr>", f"{xml}</w:hdr>")


def settings_with(xml: str) -> Callable[[], bytes]:
    return lambda: changed("word/settings.xml", "<w:zoom", f"{xml}<w:zoom")


def style_with(name: str, xml: str) -> Callable[[], bytes]:
    return lambda: changed("word/styles.xml", f'<w:name w:val="{name}"/>', f'<w:name w:val="{name}"/>{xml}')


def picture(wide: int, high: int) -> bytes:
    """The beginning of a PNG, which says how large it is."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">2I5B", wide, high, 8, 0, 0, 0, 0)


def without(name: str) -> bytes:
    return packed({part: content for part, content in unpacked().items() if part != name})


def instruction(code: str) -> Callable[[], bytes]:
    return lambda: changed("word/footer1.xml", "PAGE", code)


def relation(
    part: str, kind: str, target: str = "http://example.invalid/x", mode: str = "External", name: str = "rId99"
) -> Callable[[], bytes]:
    link = (
        f'<Relationship Id="{name}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="{mode}"/></Relationships>'
    )
    return lambda: changed(part, "</Relationships>", link)


_SAVE: Final = "open it in Word, save it as .docx and try again."
_REMOVE: Final = "remove it in Word and save the document as .docx."
_ADD: Final = "add it in Word, or copy it from a shipped one."
_NO_STYLE: Final = "the house document has no style"
_EVERY_PAGE: Final = "{{ report.footer }} in its header or footer; every page of a draft says that it is one."
_OUTSIDE: Final = "the house document points to something outside itself (a link, a picture, a template)"
_ACTIVE: Final = "the house document carries a macro or an embedded object"
_CODE: Final = "the house document has a field code other than PAGE and NUMPAGES"
_LARGE: Final = "larger than any letterhead needs; at most 10 MiB, 500 parts: make its pictures smaller."
_WHOLE: Final = f"the house document is no whole .docx file; {_SAVE}"
_RELS: Final = "word/_rels/document.xml.rels"
_HEADER, _FOOTER, _STYLES = "word/header1.xml", "word/footer1.xml", "word/styles.xml"
_FORM: Final = f"the part is not in the form that Word writes; {_SAVE}"
_KIND: Final = f"the part is of a kind that no letterhead needs; {_REMOVE}"
_NAME: Final = f"the part has a name that no .docx file has; {_SAVE}"
_PACKED: Final = f"the part is packed as in no .docx file; {_SAVE}"
_ROOM: Final = f"the page leaves too little or too much room between its margins; {_SAVE}"
_DOTS: Final = "the picture has more dots than any letterhead needs; at most 64 million: make it smaller."
_LINK: Final = (
    "the house document has a link, such as a web or e-mail address that Word made one;"
    " click it in Word with the right button, then Remove Hyperlink."
)
_HIDDEN: Final = "take 'Hidden' off its font in Word."
_CIRCLE: Final = "is based on itself, by way of others or not; base it on Normal in Word."
_WML: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKED: Final = (
    f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="x" '
    f'Type="{_OFFICE}/image" Target="http://example.invalid/x" TargetMode="External"/></Relationships>'
)

HOUSES: Final[list[tuple[str, Callable[[], bytes], str]]] = [
    ("empty", lambda: b"", f": {_WHOLE}"),
    ("a text", lambda: b"Dear colleagues", f": {_WHOLE}"),
    ("cut short", lambda: HOUSE[: len(HOUSE) // 2], f": {_WHOLE}"),
    ("a bit flipped", lambda: HOUSE[:900] + bytes([HOUSE[900] ^ 1]) + HOUSE[901:], f": {_WHOLE}"),
    ("no types", lambda: without("[Content_Types].xml"), f", [Content_Types].xml: the part is missing; {_SAVE}"),
    ("no document", lambda: without("word/document.xml"), f": the house document cannot be read; {_SAVE}"),
    ("no styles", lambda: without("word/styles.xml"), f": the house document cannot be read; {_SAVE}"),
    (
        "a style renamed",
        lambda: changed("word/styles.xml", 'w:val="Draft Notice"', 'w:val="Our Notice"'),
        f", word/styles.xml: {_NO_STYLE} 'Draft Notice', which is for the notice that it is a draft; {_ADD}",
    ),
    (
        "a table style renamed",
        lambda: changed("word/styles.xml", 'w:val="Report Table"', 'w:val="Our Table"'),
        f", word/styles.xml: {_NO_STYLE} 'Report Table', which is for tables; {_ADD}",
    ),
    ("an attached template", relation(_RELS, "attachedTemplate"), f", {_RELS}: {_OUTSIDE}; {_REMOVE}"),
    ("a picture from elsewhere", relation(_RELS, "image"), f", {_RELS}: {_OUTSIDE}; {_REMOVE}"),
    (
        "a link",
        relation(_RELS, "hyperlink", "mailto:a@example.invalid"),
        f", {_RELS}: {_LINK}",
    ),
    ("a frame", relation(_RELS, "frame"), f", {_RELS}: {_OUTSIDE}; {_REMOVE}"),
    ("a macro", lambda: added("word/vbaProject.bin", b"x"), f", word/vbaProject.bin: {_ACTIVE}; {_REMOVE}"),
    (
        "an embedded object",
        lambda: added("word/embeddings/oleObject1.bin", b"x"),
        f", word/embeddings/oleObject1.bin: {_ACTIVE}; {_REMOVE}",
    ),
    ("an ActiveX control", lambda: added("word/activeX/a.xml", b"<a/>"), f", word/activeX/a.xml: {_ACTIVE}; {_REMOVE}"),
    (
        "a document with macros",
        lambda: changed("[Content_Types].xml", "document.main+xml", "document.macroEnabled.main+xml"),
        f", [Content_Types].xml: {_ACTIVE}; {_REMOVE}",
    ),
    (
        "INCLUDEPICTURE",
        instruction("INCLUDEPICTURE &quot;http://example.invalid/x&quot;"),
        f", word/footer1.xml: {_CODE}; {_REMOVE}",
    ),
    ("INCLUDETEXT", instruction("INCLUDETEXT /etc/passwd"), f", word/footer1.xml: {_CODE}; {_REMOVE}"),
    ("DDE", instruction("DDE cmd"), f", word/footer1.xml: {_CODE}; {_REMOVE}"),
    ("DDEAUTO", instruction("DDEAUTO cmd"), f", word/footer1.xml: {_CODE}; {_REMOVE}"),
    ("MERGEFIELD", instruction("MERGEFIELD name"), f", word/footer1.xml: {_CODE}; {_REMOVE}"),
    (
        "an entity",
        lambda: added("word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        f", word/x.xml: the part is not in the form that Word writes; {_SAVE}",
    ),
    ("a bomb", lambda: added("word/media/x.bmp", b"\0" * 30_000_000), f": the house document is {_LARGE}"),
    (
        "very many parts",
        lambda: packed(unpacked() | {f"word/media/{n}.png": b"" for n in range(500)}),
        f": the house document is {_LARGE}",
    ),
    ("too large", lambda: HOUSE + b"\0" * (10 * 2**20), ": house.docx is too large."),
    (
        "a path above",
        lambda: added("../x.xml", b"<a/>"),
        f", ../x.xml: the part has a name that no .docx file has; {_SAVE}",
    ),
    (
        "an unknown field",
        lambda: changed("word/header1.xml", "{{ patient.line }}", "{{ patient.lines }}"),
        ", word/header1.xml: there is no field {{ patient.lines }}; did you mean {{ patient.line }}?",
    ),
    (
        "template code in the header",
        lambda: changed("word/header1.xml", "{{ patient.line }}", "{% if patient.line %}"),
        ", word/header1.xml: a header or footer holds fields such as {{ patient.name }} and no template code.",
    ),
    (
        "a footer that says nothing",
        lambda: changed("word/footer1.xml", "{{ report.footer }}", "our clinic"),
        f": the default page has no {_EVERY_PAGE}",
    ),
    (
        "a first page that says nothing",
        lambda: changed("word/document.xml", "<w:pgSz", "<w:titlePg/><w:pgSz"),
        f": the first page has no {_EVERY_PAGE}",
    ),
    # what stands there under other letters
    ("External by a reference", relation(_RELS, "image", mode="&#69;xternal"), f", {_RELS}: {_OUTSIDE}; {_REMOVE}"),
    ("an address within", relation(_RELS, "image", mode="Internal"), f", {_RELS}: {_OUTSIDE}; {_REMOVE}"),
    (
        "another computer",
        relation(_RELS, "image", "\\\\server\\x.png", "Internal"),
        f", {_RELS}: {_OUTSIDE}; {_REMOVE}",
    ),
    (
        "relations in capitals",
        lambda: added("word/_rels/footer1.xml.RELS", _LINKED.encode()),
        f", word/_rels/footer1.xml.RELS: {_OUTSIDE}; {_REMOVE}",
    ),
    (
        "two relations of one name",
        relation(_RELS, "image", "styles.xml", "Internal", "rId1"),
        f", {_RELS}: two relations have one name; {_SAVE}",
    ),
    (
        "a code under another prefix",
        header_with(f'<q:p xmlns:q="{_WML}"><q:r><q:instrText>DDE cmd</q:instrText></q:r></q:p>'),
        f", {_HEADER}: {_CODE}; {_REMOVE}",
    ),
    (
        "a simple field under another prefix",
        header_with(f'<q:p xmlns:q="{_WML}"><q:fldSimple q:instr="DDE cmd"/></q:p>'),
        f", {_HEADER}: {_CODE}; {_REMOVE}",
    ),
    ("a code by a reference", instruction("&#68;DE cmd"), f", {_FOOTER}: {_CODE}; {_REMOVE}"),
    (
        "a code behind a remark",
        header_with("<w:p><w:r><w:instrText><!-- PAGE -->DDE cmd</w:instrText></w:r></w:p>"),
        f", {_HEADER}: {_CODE}; {_REMOVE}",
    ),
    (
        "a code in CDATA",
        header_with("<w:p><w:r><w:instrText><![CDATA[DDE cmd]]></w:instrText></w:r></w:p>"),
        f", {_HEADER}: {_CODE}; {_REMOVE}",
    ),
    (
        "a code over two runs",
        header_with(
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
            '<w:r><w:instrText>REF x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        ),
        f", {_HEADER}: {_CODE}; {_REMOVE}",
    ),
    (
        "macros by a reference",
        lambda: changed("[Content_Types].xml", "document.main+xml", "document.&#109;acroEnabled.main+xml"),
        f", [Content_Types].xml: {_ACTIVE}; {_REMOVE}",
    ),
    ("a header under another name", lambda: rewritten("header1.xml", "header1.dat"), f", word/header1.dat: {_KIND}"),
    # what is active
    (
        "an object under another name",
        relation(_RELS, "oleObject", "x.xml", "Internal"),
        f", {_RELS}: {_ACTIVE}; {_REMOVE}",
    ),
    ("a page of HTML", relation(_RELS, "aFChunk", "x.xml", "Internal"), f", {_RELS}: {_ACTIVE}; {_REMOVE}"),
    (
        "a place for HTML",
        header_with(f'<w:altChunk xmlns:r="{_OFFICE}" r:id="x"/>'),
        f", {_HEADER}: {_ACTIVE}; {_REMOVE}",
    ),
    (
        "a control",
        header_with('<w:p><w:r><w:object><w:control w:name="x"/></w:object></w:r></w:p>'),
        f", {_HEADER}: {_ACTIVE}; {_REMOVE}",
    ),
    (
        "a film",
        header_with(
            '<w:p><w:r><v:webVideoPr xmlns:v="http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing"'
            ' embeddedHtml="&lt;iframe&gt;"/></w:r></w:p>'
        ),
        f", {_HEADER}: {_ACTIVE}; {_REMOVE}",
    ),
    (
        "a picture with a script",
        lambda: added("word/media/x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>'),
        f", word/media/x.svg: {_ACTIVE}; {_REMOVE}",
    ),
    ("a program", lambda: added("word/media/x.exe", b"MZ"), f", word/media/x.exe: {_KIND}"),
    # what asks for something outside
    (
        "a drawing from elsewhere",
        header_with(
            '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
            '<v:imagedata src="http://example.invalid/x.png"/></v:shape></w:pict></w:r></w:p>'
        ),
        f", {_HEADER}: {_OUTSIDE}; {_REMOVE}",
    ),
    (
        "a picture that loads another",
        lambda: added(
            "word/media/x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://example.invalid"/></svg>'
        ),
        f", word/media/x.svg: {_OUTSIDE}; {_REMOVE}",
    ),
    (
        "a mail merge",
        settings_with('<w:mailMerge><w:connectString w:val="DSN=x"/></w:mailMerge>'),
        f", word/settings.xml: {_OUTSIDE}; {_REMOVE}",
    ),
    (
        "a style sheet on saving",
        settings_with(f'<w:saveThroughXslt xmlns:r="{_OFFICE}" r:id="x"/>'),
        f", word/settings.xml: {_OUTSIDE}; {_REMOVE}",
    ),
    # what is not as Word writes it
    (
        "an entity in UTF-16",
        lambda: added("word/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16-le")),
        f", word/x.xml: {_FORM}",
    ),
    (
        "an entity in UTF-7",
        lambda: added("word/x.xml", b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a><a/>'),
        f", word/x.xml: {_FORM}",
    ),
    (
        "another encoding",
        lambda: added("word/x.xml", b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>'),
        f", word/x.xml: {_FORM}",
    ),
    ("no XML", lambda: added("word/x.xml", b"Dear colleagues"), f", word/x.xml: {_FORM}"),
    ("elements without end", header_with("<w:p>" * 5000 + "</w:p>" * 5000), f", {_HEADER}: {_FORM}"),
    (
        "a text part without end",
        lambda: added("word/x.xml", b"<a>" + random.Random(1).randbytes(6 * 2**20).hex().encode() + b"</a>"),  # ruff: ignore[suspicious-non-cryptographic-random-usage] - letters that do not deflate
        f": the house document is {_LARGE}",
    ),
    ("a name in other letters", lambda: added("word/Document.xml", b"<a/>"), f", word/document.xml: {_NAME}"),
    ("a name of controls", lambda: added("word/x\x1b.xml", b"<a/>"), f", word/x\ufffd.xml: {_NAME}"),
    ("packed otherwise", lambda: packed(unpacked(), zipfile.ZIP_LZMA), f", [Content_Types].xml: {_PACKED}"),
    (
        "a signature",
        lambda: added("_xmlsignatures/sig1.xml", b"<Signature/>"),
        f", _xmlsignatures/sig1.xml: the house document is signed, and no report can keep a signature; {_REMOVE}",
    ),
    ("a picture too large", lambda: added("word/media/x.png", picture(60_000, 60_000)), f", word/media/x.png: {_DOTS}"),
    # what would make a report that cannot be read
    (
        "a style based on itself",
        style_with("Note", '<w:basedOn w:val="Note"/>'),
        f", {_STYLES}: the style 'Note' {_CIRCLE}",
    ),
    (
        "a hidden notice",
        style_with("Draft Notice", "<w:rPr><w:vanish/></w:rPr>"),
        f", {_STYLES}: the style 'Draft Notice' hides its text, which is the notice that it is a draft; {_HIDDEN}",
    ),
    (
        "a page without width",
        lambda: changed("word/document.xml", 'w:w="11906"', 'w:w="0"'),
        f", word/document.xml: {_ROOM}",
    ),
    (
        "an endless page",
        lambda: changed("word/document.xml", 'w:w="11906"', 'w:w="99999999"'),
        f", word/document.xml: {_ROOM}",
    ),
]


@pytest.mark.parametrize(("house", "told"), [(h, t) for _, h, t in HOUSES], ids=[name for name, _, _ in HOUSES])
def test_a_bad_house_is_told_with_its_part(house: Callable[[], bytes], told: str, tmp_path: Path) -> None:
    made = write_set(tmp_path / "ours", {"report.md.j2": USUAL, "house.docx": house()})
    found = [str(fault) for fault in faults(str(made), Settings())]
    prefix = "ours" if "too large" in told else "ours/house.docx"
    assert found == [f"{prefix}{told}"]


def test_a_hidden_footer_says_nothing(tmp_path: Path) -> None:
    parts = unpacked()
    parts["word/footer1.xml"] = parts["word/footer1.xml"].replace(b"<w:b/>", b"<w:b/><w:vanish/>", 1)
    made = write_set(tmp_path / "ours", {"report.md.j2": USUAL, "house.docx": packed(parts)})
    assert [str(fault) for fault in faults(str(made), Settings())] == [
        f"ours/house.docx, word/footer1.xml: {{{{ report.footer }}}} stands in hidden text; {_HIDDEN}",
        f"ours/house.docx: the default page has no {_EVERY_PAGE}",
    ]


def test_all_that_is_wrong_with_a_house_is_told_at_once(tmp_path: Path) -> None:
    parts = unpacked()
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b'"Note"', b'"Nota"').replace(b'"Table Gap"', b'"Gap"')
    parts["word/header1.xml"] = parts["word/header1.xml"].replace(b"patient.line", b"patient.lines")
    made = write_set(tmp_path / "ours", {"report.md.j2": "{{ typo }}" + USUAL, "house.docx": packed(parts)})
    found = "\n".join(str(fault) for fault in faults(str(made), Settings()))
    for told in ("no field 'typo'", "no style 'Note'", "no style 'Table Gap'", "no field {{ patient.lines }}"):
        assert told in found


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{ 1 }}" * 21_000, id="values"),
        pytest.param("{% if true %}x{% endif %}" * 7_000, id="conditions"),
        pytest.param(
            "".join(f"{{% macro m{n}() %}}x{{% endmacro %}}{{{{ m{n}() }}}}" for n in range(4_000)), id="macros"
        ),
    ],
)
def test_a_template_without_end_is_told_before_it_is_compiled(template: str, tmp_path: Path) -> None:
    """Python would take minutes to compile it."""
    made = write_set(tmp_path / "ours", {"report.md.j2": f"# T\n{template}{USUAL}"})
    assert [str(fault) for fault in faults(str(made), Settings())] == [
        "ours/report.md.j2, line 2: the template is larger than any report needs."
    ]


def test_a_set_without_a_house_is_told(tmp_path: Path) -> None:
    made = write_set(tmp_path / "ours", {"report.md.j2": USUAL}, house=False)
    assert [str(fault) for fault in faults(str(made), Settings())] == [
        "ours: the template set has no house.docx; copy one from a shipped set."
    ]
