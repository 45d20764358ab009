"""What a site can choose, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reporter.advice.interface import Policy
from reporter.case.setting import setting
from reporter.case.timepoint import Labels, Windows
from reporter.readers.interface import Limits
from reporter.response.interface import Thresholds

Keys = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportChoices:
    """What a report is made with, unless the command line says otherwise."""

    template: str = setting("nac-response", "Template set of the report: a name in the library")
    pack: str = setting("acr-235-2022", "Guideline pack of the advice: a name in the library", example='"acr-235-2017"')
    criteria: tuple[str, ...] = setting(
        ("per-site",),
        "Response criteria; the first that has categories feeds the advice, the others stand beside it",
        example='["per-site", "recist-1.1"]',
    )
    department: str = setting(
        "", "Printed in the letterhead; empty: breast imaging, in the language of the template set"
    )
    institution: str = setting("", "Printed in the letterhead", example='"University Hospital"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, and what differs from the default."""

    report: ReportChoices = field(default_factory=ReportChoices)
    thresholds: Thresholds = field(default_factory=Thresholds)
    windows: Windows = field(default_factory=Windows)
    labels: Labels = field(default_factory=Labels)
    limits: Limits = field(default_factory=Limits)
    policy: Policy = field(default_factory=Policy)
    site_folder: Path | None = None
    """A site's folder of template sets and packs."""
    criteria: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """`[criteria.ID]`: what a criterion has of its own, and validates."""
    options: Mapping[str, object] = field(default_factory=dict)
    """`[report.options]`: what the template set lets a site choose; a table in it is for the set of that name."""
    changed: Keys = ()
    """Key and value of whatever differs from the default, by key."""


TABLES: Final[Mapping[str, type]] = {
    "report": ReportChoices,
    "thresholds": Thresholds,
    "windows": Windows,
    "labels": Labels,
    "limits": Limits,
}
"""Tables of the file that fill one value each."""
OTHER_TABLES: Final = ("escalation", "library", "criteria")
