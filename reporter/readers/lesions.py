"""Lesions are put together from their rows, and each row becomes a measurement; contradictions are never resolved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace

from reporter.case.issue import Issue, Outcome
from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.measurement import Measured, Measurement, Merged, NotEvaluable
from reporter.case.study import Study
from reporter.case.vocabulary import Kind, Modality
from reporter.readers.identity import Doubts, refused
from reporter.readers.joining import JoinedRow, check_side
from reporter.readers.sizes import value_of

_FIXED = ("kind", "side", "organ", "role", "location", "clock", "depth", "covered_before")
"""What does not change through time; two different words are a contradiction."""
_IDENTITY = frozenset({"kind", "side", "organ", "role"})
"""A contradiction in one of these keeps the lesion from being counted."""
_LATEST = ("biopsy_result", "biopsy_date", "receptors", "clip_shape")
"""What a later row may say anew."""
_ORGANS: Mapping[Kind, str] = {Kind.NODE: "lymph node"}
_RANKS: Mapping[Modality | None, int] = {modality: rank for rank, modality in enumerate((*Modality, None))}


def lesions_of(rows: Sequence[JoinedRow], studies: Mapping[str, Study], doubts: Doubts) -> tuple[Lesion, ...]:
    """The lesions of rows in order of time, by id."""
    grouped: dict[str, list[JoinedRow]] = defaultdict(list)
    for item in sorted(rows, key=lambda i: (studies[i.study].date, i.study, i.row.modality or "", i.row.source.order)):
        grouped[item.row.lesion_id].append(item)
    return tuple(_lesion(lesion_id, grouped[lesion_id], doubts) for lesion_id in sorted(grouped))


def _lesion(lesion_id: str, rows: Sequence[JoinedRow], doubts: Doubts) -> Lesion:
    said: dict[str, object] = {}
    counted = True
    for name in _FIXED:
        values = {_word(v): item for item in reversed(rows) if (v := getattr(item.row.lesion, name)) is not None}
        if len(values) > 1:
            _conflict(lesion_id, name, values, doubts)
            counted = counted and name not in _IDENTITY
        said[name] = getattr(next(iter(values.values())).row.lesion, name) if len(values) == 1 else None
    for name in _LATEST:
        given = [v for item in rows if (v := getattr(item.row.lesion, name)) is not None]
        said[name] = given[-1] if given else None
    said["clip"] = _clip(lesion_id, rows, doubts)
    counted = counted and said["kind"] is not None and said["side"] is not None
    _missing(lesion_id, said, rows, doubts)
    kind = said["kind"]
    organ = said.pop("organ") or (_ORGANS.get(kind, "breast") if isinstance(kind, Kind) else "breast")
    return Lesion(id=lesion_id, organ=organ, counted=counted, **said)  # type: ignore[arg-type]  # by name, as read


def _word(value: object) -> object:
    """A word as it is compared: `Liver` and `liver` are one organ."""
    return value.casefold() if type(value) is str else value


def _conflict(lesion_id: str, name: str, values: Mapping[object, JoinedRow], doubts: Doubts) -> None:
    """Two rows that give one lesion different words; `values` hold the first row of each."""
    first, other = sorted(values.items(), key=lambda pair: pair[1].row.source.order)[:2]
    doubts.add(
        "LES_CONFLICT",
        Outcome.PROBLEM,
        other[1].row.source,
        lesion_id=lesion_id,
        column=name,
        operands={
            "column": name,
            "given": _shown(other[0]),
            "other": _shown(first[0]),
            "other_place": first[1].row.source.place,
        },
    )


def _shown(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _clip(lesion_id: str, rows: Sequence[JoinedRow], doubts: Doubts) -> bool | None:
    """Whether a marker was ever placed: a later yes is news, a later no after a yes a contradiction."""
    given = [item for item in rows if item.row.lesion.clip is not None]
    placed = next((i for i, item in enumerate(given) if item.row.lesion.clip), None)
    if placed is None:
        return False if given else None
    denied = next((item for item in given[placed:] if item.row.lesion.clip is False), None)
    if denied is not None:
        _conflict(lesion_id, "clip", {True: given[placed], False: denied}, doubts)
        return None
    return True


def _missing(lesion_id: str, said: Mapping[str, object], rows: Sequence[JoinedRow], doubts: Doubts) -> None:
    """A lesion without kind or side is printed and not counted; neither is guessed."""
    contradicted = {i.column for i in doubts.issues if i.code == "LES_CONFLICT" and i.lesion_id == lesion_id}
    contradicted |= {issue.column for item in rows for issue in item.row.issues if issue.outcome is Outcome.PROBLEM}
    for name, code in (("kind", "LES_KIND"), ("side", "LAT_MISSING")):
        if said[name] is None and name not in contradicted:
            source = rows[0].row.source
            doubts.add(code, Outcome.PROBLEM, source, lesion_id=lesion_id, column=name)


# -- measurements ---------------------------------------------------------------------------------------------


def measurements_of(
    rows: Sequence[JoinedRow], lesions: Mapping[str, Lesion], studies: Mapping[str, Study], doubts: Doubts
) -> tuple[Measurement, ...]:
    """One measurement for each lesion, study and modality, by study date and key, lesion and modality."""
    found: dict[tuple[str, str, Modality | None], Measurement] = {}
    for item in sorted(rows, key=lambda i: i.row.source.order):
        lesion = lesions[item.row.lesion_id]
        measurement = _measurement(item, lesion, doubts)
        if lesion.side is not None:
            check_side(item, lesion.side, studies[item.study], doubts)
        key = (lesion.id, item.study, item.row.modality)
        found[key] = _together(found[key], measurement, doubts) if key in found else measurement
    ordered = sorted(
        found.values(), key=lambda m: (studies[m.study].date, m.study, m.lesion_id, _RANKS[m.modality], m.source.order)
    )
    settled = [_settled(m, lesions, doubts) for m in ordered]
    _check_units(settled, doubts)
    return tuple(settled)


def _measurement(item: JoinedRow, lesion: Lesion, doubts: Doubts) -> Measurement:
    value, code, outcome = value_of(item.row, lesion.kind)
    if code is not None:
        doubts.add(
            code,
            outcome,
            item.row.source,
            lesion_id=lesion.id,
            side=lesion.side,
            study=item.study,
            operands={"given": ", ".join(item.row.sizes.given), "status": item.row.sizes.status or ""},
        )
    return replace(item.row.said, study=item.study, value=value)


def _together(first: Measurement, second: Measurement, doubts: Doubts) -> Measurement:
    """Two rows for one lesion on one study: the same is noted, what differs refuses the case."""
    merged: dict[str, object] = {}
    for name in (f.name for f in fields(Measurement) if f.name not in {"source", "study", "lesion_id", "modality"}):
        one, other = getattr(first, name), getattr(second, name)
        if one is not None and other is not None and one != other:
            operands = {"other_place": first.source.place, "column": "size" if name == "value" else name}
            issue = refused("LES_DUP_CONFLICT", second.source, first.study, **operands)
            doubts.issues.append(replace(issue, lesion_id=first.lesion_id))
            return first
        merged[name] = other if one is None else one
    operands = {"other_place": first.source.place}
    doubts.add("LES_DUP", Outcome.NOTE, second.source, lesion_id=first.lesion_id, study=first.study, operands=operands)
    return replace(first, **merged)  # type: ignore[arg-type]  # by name, from the same class


def _settled(measurement: Measurement, lesions: Mapping[str, Lesion], doubts: Doubts) -> Measurement:
    """Merging and splitting name another lesion of the case, or the row cannot be used."""
    value = measurement.value
    into = value.into if isinstance(value, Merged) else None
    for named, column in ((into, "merged_into"), (measurement.split_from, "split_from")):
        if named is not None and (named not in lesions or named == measurement.lesion_id):
            doubts.add(
                "LES_SPLIT",
                Outcome.PROBLEM,
                measurement.source,
                lesion_id=measurement.lesion_id,
                study=measurement.study,
                column=column,
                operands={"column": column, "other": named},
            )
            if column == "merged_into":
                measurement = replace(measurement, value=NotEvaluable(reason="LES_SPLIT"))
    return measurement


def _check_units(measurements: Iterable[Measurement], doubts: Doubts) -> None:
    """A change by about ten with a change of unit is asked about (decision w); a large fall alone is not."""
    last: dict[tuple[str, Modality | None], tuple[Measurement, Length]] = {}
    for measurement in measurements:
        size = _size(measurement)
        if size is None:
            continue
        key = (measurement.lesion_id, measurement.modality)
        if key in last and _suspicious(last[key][1], size):
            before, then = last[key]
            doubts.add(
                "MEAS_UNIT_SUSPECT",
                Outcome.QUESTION,
                measurement.source,
                lesion_id=measurement.lesion_id,
                study=measurement.study,
                column="unit",
                operands={
                    "now": f"{size.value:f} {size.unit}",
                    "then": f"{then.value:f} {then.unit}",
                    "other_place": before.source.place,
                },
            )
        last[key] = (measurement, size)


def _size(measurement: Measurement) -> Length | None:
    value = measurement.value
    return (value.long_axis or value.short_axis) if isinstance(value, Measured) else None


def _suspicious(one: Length, other: Length) -> bool:
    small, large = sorted((one.mm, other.mm))
    return one.unit is not other.unit and 8 * small <= large <= 12 * small + small / 2


def span_conflicts(
    measurements: Sequence[Measurement],
    lesions: Mapping[str, Lesion],
    time_points: Iterable[tuple[str, ...]],
    doubts: Doubts,
) -> tuple[Measurement, ...]:
    """One breast has one span at a time point; of two different ones none is used."""
    conflicting: set[int] = set()
    for studies in time_points:
        by_side: dict[object, list[tuple[int, Measurement]]] = defaultdict(list)
        for index, m in enumerate(measurements):
            if m.span is not None and m.study in studies and lesions[m.lesion_id].side is not None:
                by_side[lesions[m.lesion_id].side].append((index, m))
        for given in by_side.values():
            if len({m.span for _, m in given}) > 1:
                conflicting.update(index for index, _ in given)
                doubts.issues.append(_span_issue([m for _, m in given], lesions))
    return tuple(replace(m, span=None) if i in conflicting else m for i, m in enumerate(measurements))


def _span_issue(given: Sequence[Measurement], lesions: Mapping[str, Lesion]) -> Issue:
    first = given[0]
    other = next(m for m in given if m.span != first.span)
    return Issue(
        code="SPAN_CONFLICT",
        outcome=Outcome.PROBLEM,
        source=other.source,
        side=lesions[other.lesion_id].side,
        study=other.study,
        column="span",
        operands={"given": str(other.span), "other": str(first.span), "other_place": first.source.place},
    )
