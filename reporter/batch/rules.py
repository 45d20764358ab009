"""The fingerprint of what all cases of a run are made with: program, template, guideline, criteria, options."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from reporter import __version__
from reporter.batch.work import Rules
from reporter.pipeline import Chosen, Kit


def rules_fingerprint(rules: Rules, kit: Kit | Chosen) -> str:
    """Changes with whatever may change a report beside its own inputs."""
    said = (
        __version__,
        kit.template,
        repr(kit.pack),
        [(type(criterion).__qualname__, repr(criterion)) for criterion in kit.criteria],
        sorted(kit.formats),
        rules.settings.changed,
        repr(sorted(rules.settings.criteria.items())),
        repr(rules.settings.report),
        repr(rules.settings.policy),
        repr(replace(rules.inputs, paths=(), table=None, facts=None, columns=None, lesion_map=None)),
        repr(sorted(rules.lesion_map.items())),
        rules.every_time_point,
    )
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()
