"""Texts and codes of a structured report as they can be shown, in the document's character sets."""

from __future__ import annotations

from dataclasses import dataclass, field

from reporter.case.code import Code
from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source
from reporter.readers import values
from reporter.readers.content_fields import CODE_MEANING, CODE_VALUE, CODING_SCHEME, CONCEPT_NAME
from reporter.readers.content_tree import ContentItem
from reporter.readers.interface import Limits, refusal
from reporter.readers.report_codes import concept

_SHOWN = 64
_PADDING = b"\0 "


@dataclass(slots=True)
class Words:
    """Decodes the texts of one document and keeps what is doubtful about them, each doubt once."""

    source: Source
    """The document as a whole."""
    terms: tuple[str, ...]
    """(0008,0005) Specific Character Set."""
    limits: Limits
    issues: dict[str, Issue] = field(default_factory=dict)
    _known: dict[bytes, str] = field(default_factory=dict)
    """Texts so far: the same names and codes come again and again."""

    def text(self, raw: bytes, item: ContentItem | None = None) -> str:
        """A text of an item, or of the document, as it can be shown, trimmed; line breaks become blanks.

        Raises:
            Refusal: it is longer than any text may be (LIM_STRING).

        """
        raw = raw.strip(_PADDING)
        if not raw:
            return ""
        shown = self._known.get(raw)
        if shown is None:
            shown = self._known[raw] = self._shown(raw, item)
        return shown

    def _shown(self, raw: bytes, item: ContentItem | None) -> str:
        text, trusted = values.decoded(raw, self.terms)
        if len(text) > self.limits.string:
            raise refusal("LIM_STRING", self._place(item), limit=self.limits.string)
        if not trusted:
            self._doubt("DCM_CHARSET", item)
        shown = values.cleaned(" ".join(text.split()))
        if "\ufffd" in shown and "\ufffd" not in text:
            self._doubt("TXT_CONTROL", item)
        return shown

    def _place(self, item: ContentItem | None) -> Source:
        return self.source if item is None else Source(self.source.kind, self.source.file, item.shown)

    def _doubt(self, code: str, item: ContentItem | None) -> None:
        self.issues.setdefault(code, Issue(code=code, outcome=Outcome.NOTE, source=self._place(item)))

    def code(self, item: ContentItem, tag: int) -> Code | None:
        """The code of an item with its meaning; None where there is not exactly one."""
        fields = item.fields.code(tag)
        named = None if fields is None else fields.coded()
        if fields is None or named is None:
            return None
        value, scheme = named
        return Code(value, scheme, self.text(fields.values.get(CODE_MEANING, b"")) or value)

    def name(self, item: ContentItem) -> str:
        """What an item is called: the meaning of its concept name, else its code, else nothing."""
        fields = item.fields.code(CONCEPT_NAME)
        if fields is None:
            return ""
        meaning = self.text(fields.values.get(CODE_MEANING, b""))
        if not meaning:
            value, _ = concept(fields.ascii(CODE_VALUE), fields.ascii(CODING_SCHEME))
            meaning = values.cleaned(value)
        return meaning[:_SHOWN]
