"""What one part of a house document may hold, read as Word reads it: by elements and their namespaces, not by letters.

A letterhead is text, styles and pictures.  What loads, runs or asks for anything outside the document is refused, under
whatever prefix, character reference or encoding it stands.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from reporter.errors import SetupError
from reporter.exporters.picture_size import pixels

MAX_PIXELS: Final = 64_000_000
"""A page of A4 at 600 dots per inch has half as many."""

_XML: Final = frozenset({"xml", "rels"})
_PICTURES: Final = frozenset({
    *("png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib", "tif", "tiff", "webp"),
    *("emf", "wmf", "emz", "wmz", "wdp", "svg"),
})
_FONTS: Final = frozenset({"odttf"})
_ACTIVE_PARTS: Final = re.compile(
    r"vbaproject|activex|oleobject|/embeddings/|/afchunk|\.bin$|attachedtemplate", re.IGNORECASE
)
_ACTIVE_TYPES: Final = re.compile(r"macroEnabled|vbaProject|oleObject|activeX", re.IGNORECASE)
_ACTIVE_RELATIONS: Final = frozenset({
    *("afchunk", "activexcontrolbinary", "attachedtoolbars", "control", "keymapcustomizations", "oleobject", "package"),
    *("subdocument", "vbaproject", "wordvbadata"),
})
_ASKING_RELATIONS: Final = frozenset({
    *("attachedtemplate", "frame", "mailmergeheadersource", "mailmergesource", "recipientdata", "transform"),
})
_ACTIVE: Final = frozenset({"OLEObject", "altChunk", "control", "object", "script", "subDoc", "webVideoPr"})
_ASKING: Final = frozenset({"attachedTemplate", "mailMerge", "saveThroughXslt"})
_KNOWN: Final = re.compile(
    r"wordprocessingml|schemas-microsoft-com|schemas\.microsoft\.com/office|www\.w3\.org/2000/svg", re.IGNORECASE
)
_DRAWN: Final = ("urn:schemas-microsoft-com:", "http://www.w3.org/2000/svg")
_OUTSIDE: Final = re.compile(r"\s*(?:(?!data:)[a-z][a-z0-9+.-]*:|//|\\)", re.IGNORECASE)
_FIELDS: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})


def broken(name: str, part: str, what: str) -> SetupError:
    """A house document that cannot be used."""
    return SetupError(
        what, file=name, field=part, hint="open it in Word, save it as .docx and try again", code="TPL_BROKEN"
    )


def _unsafe(name: str, part: str, what: str) -> SetupError:
    return SetupError(
        what, file=name, field=part, hint="remove it in Word and save the document as .docx", code="TPL_EXTERNAL"
    )


def check_part(name: str, part: str, content: bytes) -> None:
    """Look into a part.

    Raises:
        SetupError: it is no part of a letterhead, or holds more than one may.

    """
    suffix = part.rpartition(".")[2].lower()
    if part.lower().startswith("_xmlsignatures/"):
        raise _unsafe(name, part, "the house document is signed, and no report can keep a signature")
    if _ACTIVE_PARTS.search(part):
        raise _active(name, part)
    if suffix in _PICTURES and pixels(content) > MAX_PIXELS:
        what = "the picture has more dots than any letterhead needs"
        hint = f"at most {MAX_PIXELS // 1_000_000} million: make it smaller"
        raise SetupError(what, file=name, field=part, hint=hint, code="TPL_LIMIT")
    if suffix in _XML or suffix == "svg":
        _check_xml(name, part, _read(name, part, content))
    elif suffix not in _PICTURES | _FONTS:
        raise _unsafe(name, part, "the part is of a kind that no letterhead needs")


def _active(name: str, part: str) -> SetupError:
    return _unsafe(name, part, "the house document carries a macro or an embedded object")


def _outside(name: str, part: str) -> SetupError:
    return _unsafe(name, part, "the house document points to something outside itself (a link, a picture, a template)")


def _read(name: str, part: str, content: bytes) -> etree._Element:
    """The root of a part in UTF-8, without a document type."""
    strange = broken(name, part, "the part is not in the form that Word writes")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        raise strange
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        raise strange from None
    encoding = etree.ElementTree(root).docinfo.encoding
    if (encoding or "UTF-8").upper() not in {"UTF-8", "US-ASCII"}:
        raise strange
    return root


def _check_xml(name: str, part: str, root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        tag = etree.QName(element)
        if tag.localname == "Relationship":
            _check_relation(name, part, element)
        elif _ACTIVE_TYPES.search(element.get("ContentType", "")):
            raise _active(name, part)
        elif tag.namespace and _KNOWN.search(tag.namespace):
            _check_element(name, part, element, tag)
    _check_names(name, part, root)
    for code in _field_codes(root):
        words = code.split()
        if words and words[0].upper() not in _FIELDS:
            raise _unsafe(name, part, "the house document has a field code other than PAGE and NUMPAGES")


def _check_relation(name: str, part: str, relation: etree._Element) -> None:
    kind = relation.get("Type", "").rpartition("/")[2].lower()
    within = relation.get("TargetMode", "Internal").strip().lower() == "internal"
    if kind == "hyperlink":
        what = "the house document has a link, such as a web or e-mail address that Word made one"
        hint = "click it in Word with the right button, then Remove Hyperlink"
        raise SetupError(what, file=name, field=part, hint=hint, code="TPL_EXTERNAL")
    if kind in _ASKING_RELATIONS or not within or _OUTSIDE.match(relation.get("Target", "")):
        raise _outside(name, part)
    if kind in _ACTIVE_RELATIONS:
        raise _active(name, part)


def _check_element(name: str, part: str, element: etree._Element, tag: etree.QName) -> None:
    if tag.localname in _ACTIVE:
        raise _active(name, part)
    loads = str(tag.namespace).startswith(_DRAWN) and any(
        etree.QName(key).localname in {"src", "href"} and _OUTSIDE.match(str(value)) for key, value in element.items()
    )
    if tag.localname in _ASKING or loads:
        raise _outside(name, part)


def _check_names(name: str, part: str, root: etree._Element) -> None:
    """Each relation has a name of its own."""
    names = [child.get("Id") for child in root if child.get("Id") and etree.QName(child).localname == "Relationship"]
    if len(set(names)) < len(names):
        raise broken(name, part, "two relations have one name")


def _field_codes(root: etree._Element) -> Iterator[str]:
    """Every field's code, put together from the runs that Word spread it over."""
    begun: list[str] = []
    for element in root.iter(etree.Element):
        match etree.QName(element).localname:
            case "fldSimple":
                yield next((str(v) for key, v in element.items() if etree.QName(key).localname == "instr"), "")
            case "fldChar":
                kind = next((v for key, v in element.items() if etree.QName(key).localname == "fldCharType"), "")
                if kind == "begin":
                    begun.append("")
                elif kind == "separate" and begun:
                    yield begun[-1]
                    begun[-1] = ""
                elif begun:
                    yield begun.pop()
            case "instrText" | "delInstrText":
                text = "".join(str(piece) for piece in element.itertext())
                if begun:
                    begun[-1] += text
                else:
                    yield text
            case _:
                pass
    yield from begun
