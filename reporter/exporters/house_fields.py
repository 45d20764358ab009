"""Header and footer of a house document: `{{ patient.name }}` is plain substitution, never template code."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from docx.oxml.ns import qn
from lxml import etree

from reporter.draft.inert import clean
from reporter.errors import SetupError
from reporter.exporters.house_parts import broken

_FIELD: Final = re.compile(r"\{\{\s*([A-Za-z_.]+)\s*\}\}")
_MARK: Final = "\ufdd0"  # stands on either side of a field's name; `clean` lets no value hold it

_DOT: Final = " \N{MIDDLE DOT} "


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPart:
    """A header or footer: fixed XML and the names of the fields between."""

    name: str
    segments: tuple[str, ...]
    """XML, field, XML, field … XML."""

    @property
    def fields(self) -> frozenset[str]:
        """The fields it prints."""
        return frozenset(self.segments[1::2])

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The part with its values; one that is empty, and alone between dots, goes with one of them."""
        pieces = list(self.segments)
        for place in range(1, len(pieces), 2):
            pieces[place] = escape(clean(values[pieces[place]]).replace("\n", " "))
            before, after = pieces[place - 1], pieces[place + 1]
            if pieces[place] or not before.endswith((_DOT, ">")) or not after.startswith((_DOT, "<")):
                continue
            if before.endswith(_DOT):
                pieces[place - 1] = before.removesuffix(_DOT)
            else:
                pieces[place + 1] = after.removeprefix(_DOT)
        return "".join(pieces).encode()


def field_part(name: str, content: bytes, known: Collection[str], file: str) -> FieldPart:
    """Read a header or footer; Word splits a field over runs as it likes, so they are joined first.

    Raises:
        SetupError: a field that does not exist; names the nearest one.

    """
    root = _parse(name, content, file)
    for paragraph in root.iter(qn("w:p")):
        _join_fields(paragraph, known, file, name)
    xml = etree.tostring(root, encoding="unicode")
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return FieldPart(name=name, segments=tuple((declaration + xml).split(_MARK)))


def _parse(name: str, content: bytes, file: str) -> etree._Element:
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError:
        raise broken(file, name, "the part is no XML") from None


def _join_fields(paragraph: etree._Element, known: Collection[str], file: str, name: str) -> None:
    texts = [text for text in paragraph.iter(qn("w:t")) if next(text.iterancestors(qn("w:p"))) is paragraph]
    joined = "".join(text.text or "" for text in texts)
    for match in reversed(list(_FIELD.finditer(joined))):
        if match[1] not in known:
            raise _unknown(match[1], known, file, name)
        if any(hides(run) for run in _runs(texts, match.start(), match.end())):
            message, hint = f"{{{{ {match[1]} }}}} stands in hidden text", "take 'Hidden' off its font in Word"
            raise SetupError(message, file=file, field=name, hint=hint, code="TPL_MANDATORY")
        _replace(texts, match.start(), match.end(), f"{_MARK}{match[1]}{_MARK}")
    rest = "".join(text.text or "" for text in texts)
    if "{{" in rest or "}}" in rest or "{%" in rest:
        message = "a header or footer holds fields such as {{ patient.name }} and no template code"
        raise SetupError(message, file=file, field=name, code="TPL_SYNTAX")


def hides(element: etree._Element) -> bool:
    """Whether a style or a run sets its text as hidden."""
    return any(mark.get(qn("w:val"), "1") not in {"0", "false", "off"} for mark in element.iter(qn("w:vanish")))


def _runs(texts: list[etree._Element], start: int, end: int) -> Iterator[etree._Element]:
    """The runs over which letters are spread."""
    at = 0
    for text in texts:
        before, at = at, at + len(text.text or "")
        if before < end and start < at:
            yield from text.iterancestors(qn("w:r"))


def _replace(texts: list[etree._Element], start: int, end: int, mark: str) -> None:
    """Put `mark` where the field begins and take its letters out of every run they are in."""
    at = 0
    for text in texts:
        letters = text.text or ""
        low, high = max(start - at, 0), min(end - at, len(letters))
        at += len(letters)
        if low < high:
            text.text = letters[:low] + mark + letters[high:]
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            mark = ""


def _unknown(field: str, known: Collection[str], file: str, name: str) -> SetupError:
    near = difflib.get_close_matches(field, known, n=1)
    hint = f"did you mean {{{{ {near[0]} }}}}?" if near else f"there are: {', '.join(sorted(known))}"
    return SetupError(f"there is no field {{{{ {field} }}}}", file=file, field=name, hint=hint, code="TPL_UNDEFINED")
