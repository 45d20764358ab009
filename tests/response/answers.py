"""Short ways from a timeline to what a test asks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypedDict, Unpack

from reporter.case.facts import Facts
from reporter.case.vocabulary import Modality, Side, TherapyStatus
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.who import Who
from reporter.response.evaluate import evaluate
from reporter.response.interface import (
    Assessment,
    AxillaResponse,
    BreastResponse,
    Criterion,
    Response,
    Thresholds,
    Verdict,
)
from tests.response.timeline import timeline


class Said(TypedDict, total=False):
    """What a timeline is told beside its lines."""

    facts: Facts
    status: TherapyStatus | None
    reported: int
    baseline: bool
    contrast: bool | None


def respond(text: str, *criteria: Criterion, limits: Thresholds | None = None, **said: Unpack[Said]) -> Response:
    """The whole response; `per-site` where no criterion is named."""
    limits = limits or Thresholds()
    return evaluate(timeline(text, **said), criteria or [PerSite(limits)], limits)


def breast(text: str, side: Side = Side.LEFT, **said: Unpack[Said]) -> BreastResponse:
    """The answer for one breast."""
    found = respond(text, **said).breast(side)
    assert found is not None
    return found


def axilla(text: str, side: Side = Side.LEFT, **said: Unpack[Said]) -> AxillaResponse:
    """The answer for one axilla."""
    found = respond(text, **said).axilla(side)
    assert found is not None
    return found


def per_site(
    text: str,
    side: Side = Side.LEFT,
    modality: Modality | None = None,
    limits: Thresholds | None = None,
    **said: Unpack[Said],
) -> list[Assessment]:
    """The assessments of one side on one modality (the unnamed one), by time."""
    found = PerSite(limits or Thresholds()).assess(timeline(text, **said))
    return [a for a in found if a.side is side and a.modality is modality]


def recist(
    text: str, modality: Modality | None = None, limits: Thresholds | None = None, **said: Unpack[Said]
) -> list[Assessment]:
    """The strict assessments of the patient on one modality (the unnamed one), by time."""
    found = Recist11(limits or Thresholds()).assess(timeline(text, **said))
    return [a for a in found if a.modality is modality]


def who(text: str, options: Mapping[str, object] | None = None, **said: Unpack[Said]) -> list[Assessment]:
    """The assessments of the patient by products of two diameters, by modality and time; `options` of the site."""
    return list(Who(options=options or {}).assess(timeline(text, **said)))


def mm(*sizes: str | int) -> tuple[Decimal, ...]:
    """Sizes to compare with."""
    return tuple(Decimal(size) for size in sizes)


def words(assessments: Sequence[Assessment]) -> str:
    """The overall categories in order of time, as one reads them."""
    return " ".join(a.overall.category for a in assessments)


def codes(found: Response | Assessment) -> list[str]:
    """The codes of the doubts, in order."""
    return [i.code for i in found.issues]


def told(verdict: Verdict | None) -> str:
    """A verdict in one line: category, rule, the lesions that decided, then every number that was looked at."""
    if verdict is None:
        return "nothing"
    numbers = ", ".join(f"{o.name} {o.value:f} {o.unit}" for o in verdict.operands)
    return " ".join(filter(None, [verdict.category, verdict.rule, *verdict.lesion_ids, numbers and f"({numbers})"]))
