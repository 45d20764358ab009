"""One doubt as a sentence: what is wrong, where to look, and what would settle it."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.length import Length
from reporter.case.vocabulary import Modality, Side
from reporter.draft.phrases import Phrases

_DAYS: Final = frozenset(["date", "first_date", "second_date", "study_date", "other_date", "start", "end", "operation"])
"""Operands that are days, as ISO 8601, or words where there is none; what is quoted from the input is none of them."""

_MODALITIES: Final = frozenset(Modality)
_SIDES: Final = frozenset(Side)


def sentence(issue: Issue, phrases: Phrases, **known: str) -> str:
    """The sentence of an issue; `known` are words for what it names beside its operands, such as its study.

    A phrase may differ by the kind of source (`LAT_CONFLICT_report`) or by outcome (`LES_LOST.problem`).  A code
    without a phrase is printed as it is, never left out.
    """
    words: dict[str, str] = defaultdict(lambda: phrases.say("word.not_stated"))
    for name, value in issue.operands.items():
        words[name] = _word(name, value, phrases)
    words["code"] = issue.code
    if issue.lesion_id:
        words["lesion"] = issue.lesion_id
    if issue.side:
        words["side"] = phrases.say(f"side.{issue.side}")
    if issue.column:
        words["column"] = issue.column
    words |= known
    path = f"issue.{issue.code}"
    paths = [f"{path}.{issue.outcome}", path, "issue.other"]
    if issue.source is not None:
        paths.insert(0, f"{path}_{issue.source.kind}")
    if issue.operands.get("more") == 0:
        paths.insert(0, f"{path}_alone")
    text = phrases.filled(paths, words)
    if issue.outcome is Outcome.QUESTION and issue.column:
        text = phrases.say("word.settle", text=text, column=issue.column)
    if issue.source is not None:
        text = phrases.say("word.see", text=text, where=str(issue.source))
    return text


def _word(name: str, value: Operand, phrases: Phrases) -> str:
    if isinstance(value, Length):
        return f"{value.mm:f} mm".replace(".", phrases.decimal_mark)
    if name == "modality" and value in _MODALITIES:
        return phrases.say(f"modality.{value}")
    if name in {"side", "other_side"} and value in _SIDES:
        return phrases.say(f"side.{value}")
    return phrases.dated(str(value)) if name in _DAYS else str(value)
