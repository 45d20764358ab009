"""DICOM structured reports: the header of the document and the measurement groups in its content tree.

Read are Basic Text, Enhanced, Comprehensive, Comprehensive 3D and Extensible SR (PS3.4 annex O); other reports (dose,
CAD, procedure log) hold no measurements of a reader and are listed.  The container is walked to its exact end first, so
that the content tree is read from bytes that are whole; nothing of a file that is refused is used.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar

from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source, SourceKind
from reporter.readers import values
from reporter.readers.container import Container, walk
from reporter.readers.content_fields import VALUE_TYPE, Fields
from reporter.readers.content_plain import plain_items
from reporter.readers.content_tree import ContentTree, content_tree
from reporter.readers.element_layout import SHORTEST_HEADER, walked
from reporter.readers.element_walk import CONTENT_SEQUENCE, Element
from reporter.readers.file_pieces import DEEPEST, Odd
from reporter.readers.files import whole
from reporter.readers.header import HeaderReader, header_of
from reporter.readers.interface import InputFile, Limits, Reading, Refusal, refusal
from reporter.readers.objects import REPORT_CLASSES, REPORT_PREFIX, maybe_report, says_report
from reporter.readers.parts import ImageHeader
from reporter.readers.report_groups import report_of
from reporter.readers.report_parts import Report, ReportHeader
from reporter.readers.report_words import Words
from reporter.readers.tags import TAGS, WANTED
from reporter.readers.walked_file import Walked, container_of

READ_CLASSES = frozenset(REPORT_PREFIX + number for number in ("11", "22", "33", "34", "35"))
"""The SOP classes whose content is read."""
_CONTENT_DATE, _CONTENT_TIME = 0x00080023, 0x00080033
_COMPLETION, _VERIFICATION = 0x0040A491, 0x0040A493
_CHARACTER_SET = TAGS["SpecificCharacterSet"]
_WANTED = WANTED | {_CONTENT_DATE, _CONTENT_TIME, _COMPLETION, _VERIFICATION, VALUE_TYPE, CONTENT_SEQUENCE}
_PASSED = frozenset({CONTENT_SEQUENCE})
_PADDING = b"\0 "


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredReportReader:
    """Reads structured reports, whatever program wrote them."""

    accept_bare: bool = False
    """Read data sets without preamble and prefix too."""
    require_verified: bool = False
    """Refuse documents that nobody has verified, or that are not complete."""
    name: ClassVar[str] = "report"

    def identify(self, file: InputFile) -> bool:
        """A DICOM object whose file meta information names an SR class, or whose first elements the modality SR."""
        return maybe_report(file.head)

    def extract(self, file: InputFile, limits: Limits) -> Reading:
        """Header and report; for an object that only refers to a report, its header alone."""
        if file.size > limits.text_bytes and not says_report(file.head):
            return HeaderReader(accept_bare=self.accept_bare).extract(file, limits)
        found = None
        try:
            data = whole(file, limits.text_bytes)
            found, content = self._walked(data, file.name, limits)
            return self._reading(file.name, found, content, limits)
        except Refusal as refused:
            patient = refused.patient_id if found is None else _ascii(found, TAGS["PatientID"])
            return Reading(issues=(refused.issue,), patient_id=patient or None)
        except (RecursionError, MemoryError, ArithmeticError, LookupError, AttributeError, TypeError, ValueError):
            return Reading(issues=(_unreadable(file.name),), patient_id=_patient(found))

    def _walked(self, data: bytes, file: str, limits: Limits) -> tuple[Container, Sequence[Fields] | None]:
        """What is wanted of a whole file, and the items of its content where that is plain."""
        with suppress(Odd):
            return _plain(data, limits)
        with suppress(Odd):
            found = walked(data, len(data), _nothing_further, _WANTED, limits)
            return _contained(found), None
        return walk(io.BytesIO(data), len(data), file, _WANTED, limits, bare=self.accept_bare), None

    def _reading(self, file: str, found: Container, content: Sequence[Fields] | None, limits: Limits) -> Reading:
        header, doubts = header_of(file, found, limits)
        if header.sop_class not in READ_CLASSES:
            doubts = (*doubts, *_not_read(header, found))
            return Reading(parts=(header,), issues=doubts, sha256=found.sha256, patient_id=header.patient_id)
        document = _document(header, found)
        words = Words(Source(SourceKind.REPORT, file, "document"), _terms(found), limits)
        report = report_of(_tree(file, found, content, limits), document, words, limits)
        issues = (*doubts, *words.issues.values(), *self._about(report))
        about = tuple(issue for issue in issues if issue.code == "SR_UNVERIFIED" and issue.outcome is Outcome.REFUSED)
        if about:
            header = replace(header, issues=(*header.issues, *about))
            issues = tuple(issue for issue in issues if issue not in about)
        return Reading(
            parts=(header, report),
            issues=issues,
            sha256=found.sha256,
            patient_id=header.patient_id,
        )

    def _about(self, report: Report) -> tuple[Issue, ...]:
        """What is to be said of the document as a whole."""
        header, issues = report.header, []
        if not header.final:
            outcome = Outcome.REFUSED if self.require_verified else Outcome.NOTE
            operands = {
                "verification": header.verification or "not stated",
                "completion": header.completion or "not stated",
            }
            issues.append(_issue("SR_UNVERIFIED", outcome, header, **operands))
        if report.unused:
            shown = report.unused[0].what
            issues.append(_issue("SR_OUTSIDE", Outcome.NOTE, header, what=shown, more=len(report.unused) - 1))
        if not report.groups:
            issues.append(_issue("SR_NO_GROUPS", Outcome.NOTE, header))
        return tuple(issues)


def _plain(data: bytes, limits: Limits) -> tuple[Container, Sequence[Fields]]:
    """A plain file with its content taken apart, which the walk passes over.

    Raises:
        Odd: the file or its content is not plain, or may have more elements than are allowed.

    """
    if len(data) > SHORTEST_HEADER * min(limits.elements, limits.items):
        raise Odd("nested too deep or too long")
    found = walked(data, len(data), _nothing_further, _WANTED, limits, _PASSED)
    contained = _contained(found)
    content = contained.elements.get(CONTENT_SEQUENCE)
    if content is None or content.vr != b"SQ":
        raise Odd("no content with VRs")
    return contained, plain_items(content.value, min(limits.depth, DEEPEST))


def _contained(found: Walked) -> Container:
    """What was found in a file that was walked as a whole, the end of its pixels included.  Raises Odd for others."""
    if not found.whole or found.fragments is not None:
        raise Odd("not whole")
    return container_of(found.forms, found.values, pixels=found.pixels)


def _nothing_further(_length: int, _offset: int) -> bytes:
    """The whole file is at hand already."""
    return b""


def _issue(code: str, outcome: Outcome, header: ReportHeader, **operands: str | int) -> Issue:
    source = Source(SourceKind.REPORT, header.file, "document")
    return Issue(code=code, outcome=outcome, source=source, study=header.study_uid, operands=operands)


def _unreadable(file: str) -> Issue:
    return Issue(code="SR_BROKEN", outcome=Outcome.REFUSED, source=Source(SourceKind.REPORT, file, "document"))


def _patient(found: Container | None) -> str | None:
    return (_ascii(found, TAGS["PatientID"]) or None) if found else None


def _not_read(header: ImageHeader, found: Container) -> tuple[Issue, ...]:
    """A content tree under the name of another class is refused; another kind of report is only listed.

    Raises:
        Refusal: the object is a report by its modality or its content, but not by its SOP class (SR_CLASS).

    """
    source = Source(SourceKind.REPORT, header.file, "(0008,0016) SOPClassUID")
    if header.sop_class in REPORT_CLASSES:
        return (Issue(code="SR_KIND", outcome=Outcome.NOTE, source=source, study=header.study_uid),)
    if header.modality_given == "SR" or (CONTENT_SEQUENCE in found.elements and header.modality is not None):
        raise refusal("SR_CLASS", source)
    return ()


def _tree(file: str, found: Container, content: Sequence[Fields] | None, limits: Limits) -> ContentTree:
    value_type = found.elements.get(VALUE_TYPE)
    root = Fields(values={VALUE_TYPE: value_type.value} if value_type else {})
    if root.ascii(VALUE_TYPE) != "CONTAINER":
        raise refusal("SR_ROOT", Source(SourceKind.REPORT, file, "(0040,A040) ValueType"))
    return content_tree(file, root, found.elements.get(CONTENT_SEQUENCE), limits, content)


def _document(header: ImageHeader, found: Container) -> ReportHeader:
    return ReportHeader(
        file=header.file,
        patient_id=header.patient_id,
        patient_key=header.patient_key,
        study_uid=header.study_uid,
        study_date=header.study_date,
        instance_uid=header.instance_uid,
        written=_written(_ascii(found, _CONTENT_DATE), _ascii(found, _CONTENT_TIME)),
        verification=values.cleaned(_ascii(found, _VERIFICATION)),
        completion=values.cleaned(_ascii(found, _COMPLETION)),
    )


def _written(date: str, time: str) -> dt.datetime | None:
    day, hour = values.da(date), values.tm(time)
    return None if day is None else dt.datetime.combine(day, hour or dt.time())


def _raw(element: Element | None) -> bytes:
    return element.value.strip(_PADDING) if element else b""


def _ascii(found: Container, tag: int) -> str:
    return _raw(found.elements.get(tag)).decode("ascii", "replace")


def _terms(found: Container) -> tuple[str, ...]:
    given = _ascii(found, _CHARACTER_SET)
    return tuple(term.strip() for term in given.split("\\")) if given else ()
