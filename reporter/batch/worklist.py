"""The worklist: whom to tell first, and what to look at.

Most urgent first: immediate, prompt, tumour board, before the next cycle, before the operation.  Then the cases that
have no draft, for nobody knows what they hold; then those of which nobody needs to be told; last what a later report
of the same patient has taken the place of.  Within each, the more open problems the earlier.
"""

from __future__ import annotations

import re
from typing import Final

from reporter.advice.interface import RoleTold
from reporter.batch.cohort import Cohort, Standing, standing
from reporter.batch.cohort_sheets import Row, Sheet
from reporter.batch.outcome import Outcome, SideSeen, Status
from reporter.case.issue import Outcome as Severity
from reporter.draft.phrases import Phrases
from reporter.response.interface import Headline

COLUMNS: Final = (
    *("urgency", "status", "patient_id", "reported_on", "tell", "direct_contact", "headline"),
    *("problems", "questions", "open_points", "draft", "superseded", "case"),
)
_POINTS: Final = 5
"""Open points told in words; the ledger has all."""
_DRAFT: Final = re.compile(r".*?(?:-r(?P<revision>\d+))?\.draft(?P<suffix>\.\w+)", re.ASCII)
_SUFFIXES: Final = (".docx", ".txt", ".json")
"""Which of a case's results a reader opens first."""

Key = tuple[bool, int, int]
"""What the worklist is sorted by; what is equal in it stands in the order of the tables."""


def worklist_sheet(cohort: Cohort, phrases: Phrases) -> Sheet:
    """Every case; in order when it is sorted by `key_of`."""
    return Sheet(
        name="worklist",
        columns=COLUMNS,
        numeric=frozenset({"problems", "questions"}),
        rows_of=lambda outcome: (_row(outcome, phrases, superseded=cohort.is_superseded(outcome)),),
    )


def key_of(outcome: Outcome, cohort: Cohort) -> Key:
    """The smaller, the earlier in the worklist."""
    superseded = cohort.is_superseded(outcome)
    return superseded, -_urgency(outcome), -outcome.problems


def _urgency(outcome: Outcome) -> int:
    """Twice the rank of its urgency; between none and the lowest where there is no draft."""
    return outcome.urgency.rank * 2 if outcome.status is Status.REPORTED else 1


def _row(outcome: Outcome, phrases: Phrases, *, superseded: bool) -> Row:
    reported = outcome.status is Status.REPORTED
    points = [d.text for d in outcome.doubts if d.outcome in {Severity.REFUSED, Severity.PROBLEM}]
    more = [f"and {len(points) - _POINTS} more"] if len(points) > _POINTS else []
    return {
        "urgency": outcome.urgency.value if reported else "",
        "status": outcome.status.value,
        "patient_id": outcome.patient_id,
        "reported_on": outcome.reported_on.isoformat() if outcome.reported_on else "",
        "tell": phrases.all_of([_role(role, phrases) for role in outcome.told]),
        "direct_contact": "yes" if outcome.direct_contact else "no",
        "headline": " · ".join(headline(side, phrases) for side in outcome.sides),
        "problems": str(outcome.problems),
        "questions": str(outcome.questions),
        "open_points": " | ".join([*points[:_POINTS], *more]) or ";".join(outcome.reasons),
        "draft": draft_of(outcome),
        "superseded": "yes" if superseded else "no",
        "case": outcome.case,
    }


def _role(role: RoleTold, phrases: Phrases) -> str:
    """Whom to tell, without who sits in the meeting: they stand beside it."""
    return phrases.say(f"role.told.{role}").partition(" (")[0]


def draft_of(outcome: Outcome) -> str:
    """The name of the draft to open: the newest revision, Word before text; empty without one."""
    drafts = [match for file in outcome.files if (match := _DRAFT.fullmatch(file.name))]
    return max(drafts, key=_openness)[0] if drafts else ""


def _openness(draft: re.Match[str]) -> tuple[int, int]:
    """Its revision, then how readily it is opened."""
    readily = -_SUFFIXES.index(draft["suffix"]) if draft["suffix"] in _SUFFIXES else -len(_SUFFIXES)
    return int(draft["revision"] or 1), readily


def headline(side: SideSeen, phrases: Phrases) -> str:
    """What the report says of a breast, with its sites where they are several, and what else forbids to call it gone.

    `left: mixed response (L1 CR, L2 SD); node N1 persistently abnormal`.
    """
    text = phrases.first(f"headline.{side.headline}", f"category.{side.category}")
    if side.headline is Headline.COMPLETE and standing(side) is Standing.UNSETTLED:
        text = phrases.say("headline.complete_breast_only")
    if len(side.sites) > 1:
        text += f" ({', '.join(f'{site} {category}' for site, category in side.sites)})"
    parts = [f"{phrases.say(f'side.{side.side}')}: {text}"]
    parts += [f"{phrases.say('kind.node')} {n} {phrases.say(f'node_course.{c}')}" for n, c in side.abnormal_nodes]
    parts += [phrases.say("headline.unsettled_finding", lesion=lesion) for lesion in side.unsettled]
    return "; ".join(parts)
