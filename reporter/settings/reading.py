"""Reads a settings file into the values of each layer; refuses a wrong edit with file, key and reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from reporter.advice.interface import Policy, PolicyEntry, Urgency
from reporter.case.setting import Told, settings_of
from reporter.errors import SetupError
from reporter.plugins import CRITERIA, names
from reporter.settings.checks import contradictions
from reporter.settings.values import OTHER_TABLES, TABLES, Keys, Settings

Parameters = TypeVar("Parameters")


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
    _refuse_unknown(tables, (*TABLES, *OTHER_TABLES), file, "")
    report = {key: value for key, value in _table(tables.get("report", {}), file, "report").items() if key != "options"}
    tables, options = {**tables, "report": report}, _table(tables.get("report", {}), file, "report").get("options", {})
    settings = Settings(
        **{name: _filled(kind(), tables.get(name, {}), file, name) for name, kind in TABLES.items()},
        options=_table(options, file, "report.options"),
        policy=_policy(tables.get("escalation", {}), file),
        site_folder=_folder(tables.get("library", {}), path),
        criteria=_criteria(tables.get("criteria", {}), file),
    )
    for key, reason, hint in contradictions(settings):
        raise SetupError(reason, file=file, field=key, hint=hint, code="SET_VALUE")
    return replace(settings, changed=_changed(settings))


def _filled(defaults: Parameters, table: object, file: str, name: str) -> Parameters:
    """The default value with the keys of a table put in its place."""
    values = _table(table, file, name)
    kind = type(defaults)
    known, hints = settings_of(kind), get_type_hints(kind)
    _refuse_unknown(values, tuple(known), file, name)
    given = {key: _value(hints[key], value, file, f"{name}.{key}", known[key]) for key, value in values.items()}
    return replace(defaults, **given)  # type: ignore[type-var]  # every table's type is a dataclass


def _value(
    hint: Any,  # ruff: ignore[any-type] - a type hint is anything
    value: object,
    file: str,
    key: str,
    told: Told | None = None,
) -> object:
    if hint in {int, Decimal}:
        _check_number(value, file, key, told)
    try:
        return TypeAdapter(hint).validate_python(_as_tuple(value), strict=_is_plain(hint))
    except ValidationError as error:
        reason = error.errors(include_input=False, include_url=False, include_context=False)[0]["msg"]
        raise SetupError(f"this value cannot stand here ({reason})", file=file, field=key, code="SET_VALUE") from None


def _as_tuple(value: object) -> object:
    """TOML gives lists; the values hold tuples."""
    return tuple(value) if isinstance(value, list) else value


def _is_plain(hint: object) -> bool:
    """Whether a type takes TOML's own values, with nothing turned into another type."""
    item = get_args(hint)[0] if get_origin(hint) is tuple else hint
    return item in {bool, str, int} and hint is not int


def _check_number(value: object, file: str, key: str, told: Told | None) -> None:
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        raise SetupError("must be a number above 0", file=file, field=key, code="SET_VALUE")
    number = Decimal(value)
    if not number.is_finite() or number <= 0:
        raise SetupError("must be a number above 0", file=file, field=key, code="SET_VALUE")
    most = None if told is None else told.at_most
    if most is not None and number > most:
        raise SetupError(f"must be at most {most}", file=file, field=key, code="SET_VALUE")


def _policy(table: object, file: str) -> Policy:
    values = dict(_table(table, file, "escalation"))
    urgencies = tuple(one for one in Urgency if one is not Urgency.NONE)
    _refuse_unknown(values, (*urgencies, "distant_urgency"), file, "escalation")
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


def _criteria(table: object, file: str) -> Mapping[str, Mapping[str, object]]:
    """The tables of criteria; the keys in each are for that criterion to judge."""
    values = _table(table, file, "criteria")
    if values:
        _refuse_unknown(values, names(CRITERIA), file, "criteria")
    return {name: _table(own, file, f"criteria.{name}") for name, own in values.items()}


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
    return tuple(sorted(_differences(settings)))


def _differences(settings: Settings) -> Iterator[tuple[str, str]]:
    """Every key whose value is not the default, with its value."""
    usual = Settings()
    for table in TABLES:
        yield from _different(table, getattr(settings, table), getattr(usual, table))
    yield from _different("escalation", settings.policy, usual.policy)
    for urgency, entry in settings.policy.contacts.items():
        yield from _different(f"escalation.{urgency}", entry, PolicyEntry())
    if settings.site_folder is not None:
        yield "library.folder", settings.site_folder.name
    yield from _options("report.options", settings.options)
    for criterion, own in settings.criteria.items():
        yield from ((f"criteria.{criterion}.{name}", _shown(value)) for name, value in own.items())


def _options(table: str, options: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is chosen of a template set, and of sets by name."""
    for name, value in options.items():
        if isinstance(value, Mapping):
            yield from _options(f"{table}.{name}", value)
        else:
            yield f"{table}.{name}", _shown(value)


def _different(table: str, given: object, usual: object) -> Iterator[tuple[str, str]]:
    for name in settings_of(type(given)):
        value = getattr(given, name)
        if value != getattr(usual, name):
            yield f"{table}.{name}", _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
