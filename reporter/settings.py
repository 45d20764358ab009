"""A site's choices (`reporter.toml`), as the parameter values that each layer owns.

Nothing is required.  Every table of the file fills one frozen value (`[thresholds]` -> `Thresholds`, `[windows]` ->
`Windows`), so that a key, its default and its meaning stand in one place; a wrong edit is refused with file, key and
reason.  Never a setting: inclusive exact comparison, its direction, units, and that imaging claims no pathologic
complete response.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from reporter.advice.interface import Policy, PolicyEntry, Urgency
from reporter.case.timepoint import Labels, Windows
from reporter.errors import SetupError
from reporter.readers.interface import Limits
from reporter.response.interface import Thresholds

Parameters = TypeVar("Parameters")
Keys = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportChoices:
    """What a report is made with, unless the command line says otherwise."""

    template: str = "nac-response"
    """Name of a template set in the library."""
    pack: str = "acr-235-2022"
    """Name of a guideline pack in the library."""
    criteria: tuple[str, ...] = ("per-site",)
    """The first feeds the decision table; the others stand beside it."""
    department: str = "Breast Imaging"
    """Printed in the letterhead."""
    institution: str = ""
    """Printed in the letterhead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, and what differs from the default."""

    report: ReportChoices = field(default_factory=ReportChoices)
    thresholds: Thresholds = field(default_factory=Thresholds)
    windows: Windows = field(default_factory=Windows)
    labels: Labels = field(default_factory=Labels)
    limits: Limits = field(default_factory=Limits)
    policy: Policy = field(default_factory=Policy)
    library: Path | None = None
    """A site's folder of template sets and packs."""
    criteria: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """`[criteria.ID]` of criteria from plug-ins, which validate their own."""
    changed: Keys = ()
    """Key and value of whatever differs from the default, by key."""


_TABLES: Final[Mapping[str, type]] = {
    "report": ReportChoices,
    "thresholds": Thresholds,
    "windows": Windows,
    "labels": Labels,
    "limits": Limits,
}
_OTHER_TABLES: Final = ("escalation", "library", "criteria")


def read_settings(path: Path | None) -> Settings:
    """Read a settings file; the defaults without one.

    Raises:
        SetupError: the file cannot be read, is no TOML, or sets what does not exist or may not be.

    """
    if path is None:
        return Settings()
    try:
        tables = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except OSError:
        raise SetupError("the settings cannot be read", file=str(path), code="SET_READ") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        raise SetupError("the settings are no valid TOML in UTF-8", file=str(path), code="SET_TOML") from None
    return _settings(tables, path)


def _settings(tables: Mapping[str, Any], path: Path) -> Settings:
    file = path.name
    _refuse_unknown(tables, (*_TABLES, *_OTHER_TABLES), file, "")
    settings = Settings(
        **{name: _filled(kind(), tables.get(name, {}), file, name) for name, kind in _TABLES.items()},
        policy=_policy(tables.get("escalation", {}), file),
        library=_folder(tables.get("library", {}), path),
        criteria=_table(tables.get("criteria", {}), file, "criteria"),
    )
    return replace(settings, changed=_changed(settings))


def _filled(defaults: Parameters, table: object, file: str, name: str) -> Parameters:
    """The default value with the keys of a table put in its place."""
    values = _table(table, file, name)
    hints = get_type_hints(type(defaults))
    _refuse_unknown(values, tuple(hints), file, name)
    given = {key: _value(hints[key], value, file, f"{name}.{key}") for key, value in values.items()}
    return replace(defaults, **given)  # type: ignore[type-var]  # every table's type is a dataclass


def _value(hint: Any, value: object, file: str, key: str) -> object:  # ruff: ignore[any-type] - a type hint is anything
    numeric = hint in {int, Decimal}
    if numeric and (isinstance(value, bool | str) or not _positive(value)):
        raise SetupError("must be a number above 0", file=file, field=key, code="SET_VALUE")
    try:
        return TypeAdapter(hint).validate_python(value, strict=hint in {bool, str})
    except ValidationError as error:
        reason = error.errors(include_input=False, include_url=False, include_context=False)[0]["msg"]
        raise SetupError(f"this value cannot stand here ({reason})", file=file, field=key, code="SET_VALUE") from None


def _positive(value: object) -> bool:
    return isinstance(value, int | Decimal) and Decimal(value).is_finite() and value > 0


def _policy(table: object, file: str) -> Policy:
    values = dict(_table(table, file, "escalation"))
    _refuse_unknown(values, (*Urgency, "distant_urgency"), file, "escalation")
    distant = values.pop("distant_urgency", Policy().distant_urgency)
    return Policy(
        distant_urgency=Urgency(str(_value(Urgency, distant, file, "escalation.distant_urgency"))),
        contacts={
            Urgency(name): _filled(PolicyEntry(), entry, file, f"escalation.{name}")
            for name, entry in sorted(values.items())
        },
    )


def _folder(table: object, path: Path) -> Path | None:
    values = _table(table, path.name, "library")
    _refuse_unknown(values, ("folder",), path.name, "library")
    folder = values.get("folder")
    if folder is not None and not isinstance(folder, str):
        raise SetupError("must be the path of a folder", file=path.name, field="library.folder", code="SET_VALUE")
    return path.parent / folder if folder else None


def _table(value: object, file: str, key: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise SetupError("must be a table", file=file, field=key, hint=f"write [{key}]", code="SET_VALUE")
    return value


def _refuse_unknown(given: Mapping[str, object], known: tuple[str, ...], file: str, table: str) -> None:
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}" if near else f"known here: {', '.join(sorted(known))}"
            raise SetupError(
                "unknown setting", file=file, field=f"{table}.{key}".lstrip("."), hint=hint, code="SET_KEY"
            )


def _changed(settings: Settings) -> Keys:
    return tuple(sorted(_differences("", settings, Settings())))


def _differences(prefix: str, given: object, default: object) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for one in fields(given):  # type: ignore[arg-type]  # called with dataclasses only
        value, usual = getattr(given, one.name), getattr(default, one.name)
        if is_dataclass(value):
            found += _differences(f"{prefix}{one.name}.", value, usual)
        elif value != usual and one.name != "changed":
            found.append((f"{prefix}{one.name}", _shown(value)))
    return found


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(str(key) for key in value)
    return str(value)
