"""`reporter describe criteria`: each way to classify response, ours and those of other distributions."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, cast

from reporter.case.setting import settings_of
from reporter.cli.describe_settings import own_settings
from reporter.cli.page import Section
from reporter.errors import UsageError
from reporter.plugins import CRITERIA, load, names, origin
from reporter.response.evaluate import classifies
from reporter.response.interface import Criterion, Thresholds
from reporter.settings import Settings

_INTRODUCTION: Final = """\
Criteria are chosen with --criteria ID, or in [report] criteria of the settings. The first that has categories feeds the
advice, the others stand beside it. Another distribution adds its own by an entry point in reporter.criteria.
"""
_COLUMNS: Final = ("setting", "limit", "unit", "meaning")


def criteria_page(settings: Settings, only: Sequence[str]) -> list[Section]:
    """Each criterion with its rules, its limits here, and where it comes from; or those named."""
    for name in only:
        if name not in names(CRITERIA):
            raise UsageError(f"there is no criterion {name}", hint=f"choose of {', '.join(names(CRITERIA))}")
    chosen = [name for name in names(CRITERIA) if not only or name in only]
    return [
        Section(heading="Criteria", depth=1, paragraphs=(_INTRODUCTION,)),
        *(_criterion(name, settings) for name in chosen),
    ]


def _criterion(name: str, settings: Settings) -> Section:
    factory = cast("Callable[..., Criterion]", load(CRITERIA, name))
    made = factory(thresholds=settings.thresholds, **_options(name, settings))
    distribution, version = origin(CRITERIA, name)
    feeds = "gives categories" if classifies(made) else "gives numbers, no categories"
    rules = f"Rules version {getattr(made, 'version', '1')}, {feeds}. From {distribution} {version}."
    return Section(
        heading=name,
        paragraphs=(f"Printed as: {made.name}. {rules}", *_rules(factory)),
        columns=_COLUMNS,
        rows=[*_limits(factory, settings.thresholds), *_own(name, settings)],
    )


def _options(name: str, settings: Settings) -> dict[str, object]:
    given = settings.criteria.get(name)
    return {} if given is None else {"options": given}


def _rules(factory: Callable[..., Criterion]) -> Iterator[str]:
    """What its module says of the rules and their source, paragraph by paragraph."""
    text = inspect.getdoc(sys.modules[factory.__module__]) or inspect.getdoc(factory) or "Its rules are not described."
    for paragraph in re.split(r"\n\n|\n(?=\d+\. )", text):
        yield " ".join(paragraph.split()).replace("`", "")


def _limits(factory: Callable[..., Criterion], here: Thresholds) -> Iterator[tuple[str, ...]]:
    """The thresholds on which its printed name depends: those that it decides by."""
    name = factory(thresholds=here).name
    for key, told in settings_of(Thresholds).items():
        value = getattr(here, key)
        changed: dict[str, Any] = {key: _another(value)}
        if factory(thresholds=replace(here, **changed)).name != name:
            yield f"thresholds.{key}", _written(value), told.unit, told.means


def _another(value: object) -> object:
    """A value that differs, of a number or of a yes or no; other kinds stand in no name."""
    if isinstance(value, bool):
        return not value
    return value / 2 if isinstance(value, Decimal) else value


def _own(name: str, settings: Settings) -> Iterator[tuple[str, ...]]:
    kind = own_settings(name)
    if kind is not None:
        given, usual = settings.criteria.get(name, {}), kind()
        for key, told in settings_of(kind).items():
            yield f"criteria.{name}.{key}", _written(given.get(key, getattr(usual, key))), told.unit, told.means


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
