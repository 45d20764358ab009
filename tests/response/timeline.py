"""A compact notation of lesion timelines, so that a test reads like the flow sheet of a patient.

One line is one study: `day 0 MR | L1 left mass 42 | N1 node 12`.  `+day 3 US | ...` belongs to the time point of the
line before; `day 0 end US` carries a label that is only printed, `day 0 MG/right` a study whose images name a side,
`day 0 CT/3` one whose header gives slices of 3 mm.  A line without a modality is the unnamed modality.
Day 0 is the baseline; a timeline that begins later than day 0 has none.

Of a lesion the first mention says what it is (side, kind, role; by default left, a mass, or a node where its name
begins with N), every mention what was found: a number in mm (`2.5cm` in centimetres; of a node the short axis),
`40x30x20` the axes in order, or absent, too_small, present, progressed, equivocal (a number may stand beside it), ne,
not_imaged, volume_only, nounit (a number without a unit), contradicts (a size beside a word that denies it),
merged>L1.  More words: benign malignant pending nobiopsy; covered uncovered; clip noclip seen unseen;
uncounted; noside nokind; from>L1 (split); a quadrant or node level; key:value for cortex hilum type clock slice extent
change span vol suv organ displaced skin muscle nipple index short.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from reporter.case.case import Case
from reporter.case.facts import Facts, Therapy
from reporter.case.length import Length, LengthUnit
from reporter.case.lesion import Lesion
from reporter.case.measurement import (
    Absent,
    Equivocal,
    Measured,
    Measurement,
    Merged,
    NotEvaluable,
    NotImaged,
    Present,
    TooSmall,
    UnequivocalProgression,
    Value,
    Volume,
)
from reporter.case.source import Source, SourceKind
from reporter.case.study import Patient, Series, Study, Technique
from reporter.case.timepoint import BaselineBasis, Timeline, TimePoint
from reporter.case.vocabulary import (
    BiopsyResult,
    ExtentChange,
    Hilum,
    Kind,
    Location,
    Modality,
    Phase,
    Role,
    Side,
    TherapyStatus,
)

START = dt.date(2026, 1, 1)
STATES: dict[str, Value] = {
    "absent": Absent(),
    "too_small": TooSmall(),
    "present": Present(),
    "progressed": UnequivocalProgression(),
    "not_imaged": NotImaged(),
    "ne": NotEvaluable(reason="motion"),
    "nounit": NotEvaluable(reason="MEAS_UNIT", given=("long_axis 10",)),
    "contradicts": NotEvaluable(reason="MEAS_STATUS", given=("long_axis 12 mm",)),
    "volume_only": NotEvaluable(reason="MEAS_VOLUME_ONLY"),
}
BIOPSIES = {
    "benign": BiopsyResult.BENIGN,
    "malignant": BiopsyResult.MALIGNANT,
    "pending": BiopsyResult.PENDING,
    "nobiopsy": BiopsyResult.NONE,
}
LESION_WORDS: dict[str, dict[str, Any]] = {
    **{s.value: {"side": s} for s in Side},
    **{k.value: {"kind": k} for k in Kind},
    **{r.value: {"role": r} for r in Role},
    **{x.value: {"location": x} for x in Location},
    **{word: {"biopsy_result": b} for word, b in BIOPSIES.items()},
    "covered": {"covered_before": True},
    "uncovered": {"covered_before": False},
    "clip": {"clip": True},
    "noclip": {"clip": False},
    "uncounted": {"counted": False},
    "noside": {"side": None, "counted": False},
    "nokind": {"kind": None, "counted": False},
}
ROW_WORDS: dict[str, dict[str, Any]] = {"seen": {"clip_seen": True}, "unseen": {"clip_seen": False}}
ROW_LENGTHS = {
    "cortex": "cortex",
    "slice": "slice_thickness",
    "extent": "extent",
    "span": "span",
    "displaced": "clip_displaced",
    "skin": "skin_distance",
    "muscle": "muscle_distance",
    "nipple": "nipple_distance",
    "index": "index_distance",
}


def day(number: int) -> dt.date:
    """The date of a day of the timeline."""
    return START + dt.timedelta(days=number)


def length(text: str) -> Length:
    """A length as written: mm, or cm where it says so."""
    if text.endswith("cm"):
        return Length(Decimal(text.removesuffix("cm")), LengthUnit.CM)
    return Length(Decimal(text))


@dataclass
class Sheet:
    """The timeline while it is read."""

    lesions: dict[str, Lesion] = field(default_factory=dict)
    studies: list[Study] = field(default_factory=list)
    rows: list[Measurement] = field(default_factory=list)
    time_points: list[tuple[int, list[str], str | None]] = field(default_factory=list)


def timeline(
    text: str,
    *,
    facts: Facts | None = None,
    status: TherapyStatus | None = TherapyStatus.COMPLETED,
    reported: int | None = None,
    baseline: bool = True,
    contrast: bool | None = True,
) -> Case:
    """The case that a timeline describes; `baseline` False: therapy begun before its first study."""
    sheet = Sheet()
    for number, line in enumerate(x for x in text.splitlines() if x.strip()):
        _study(sheet, line.strip(), number, contrast=contrast)
    points = tuple(
        TimePoint(
            index=i, phase=_phase(i, len(sheet.time_points), baseline), date=day(d), studies=tuple(k), label=label
        )
        for i, (d, k, label) in enumerate(sheet.time_points)
    )
    given = facts or Facts()
    if given.therapy == Therapy():
        given = replace(given, therapy=Therapy(status=status))
    return Case(
        patient=Patient(id="P1"),
        studies=tuple(sorted(sheet.studies, key=lambda s: (s.date, s.key))),
        lesions=tuple(sorted(sheet.lesions.values(), key=lambda x: x.id)),
        measurements=tuple(sheet.rows),
        timeline=Timeline(
            time_points=points,
            basis=BaselineBasis.THERAPY_DATES if baseline else BaselineBasis.NONE,
            reported=len(points) - 1 if reported is None else reported,
        ),
        facts=given,
    )


def _phase(index: int, count: int, baseline: bool) -> Phase:
    if index == 0 and baseline:
        return Phase.BASELINE
    return Phase.END if index == count - 1 else Phase.DURING


def _study(sheet: Sheet, line: str, number: int, *, contrast: bool | None) -> None:
    head, *cells = (part.strip() for part in line.split("|"))
    words = head.split()
    if words[0] not in {"day", "+day"}:
        message = f"a line of a timeline begins with day or +day: {line}"
        raise ValueError(message)
    when, key = int(words[1]), f"{int(words[1]):04d}.{number:02d}"
    names = {m.value for m in Modality}
    series = tuple(_series(w, key, contrast) for w in words[2:] if w.split("/")[0] in names)
    modality = series[0].modality if series else None
    label = next((w for w in words[2:] if w.split("/")[0] not in names), None)
    sheet.studies.append(Study(key=key, uid=None, date=day(when), modalities=(modality,), series=series))
    joined = words[0] == "+day" or (bool(sheet.time_points) and sheet.time_points[-1][0] == when)
    if joined:
        sheet.time_points[-1][1].append(key)
    else:
        sheet.time_points.append((when, [key], label))
    for place, cell in enumerate(cells):
        _row(sheet, cell.split(), key, modality, f"row {number}.{place}")


def _series(word: str, key: str, contrast: bool | None) -> Series:
    name, *extra = word.split("/")
    modality = Modality(name)
    sides = tuple(Side(w) for w in extra if not w[0].isdigit())
    slices = next((length(w) for w in extra if w[0].isdigit()), None)
    technique = Technique(contrast=contrast if modality is Modality.MR else None, slice_thickness=slices)
    return Series(uid=f"{key}.1", modality=modality, technique=technique, sides=sides)


def _row(sheet: Sheet, words: list[str], study: str, modality: Modality | None, place: str) -> None:
    name, *rest = words
    kind = Kind.NODE if name.startswith("N") else Kind.MASS
    lesion = sheet.lesions.get(name) or Lesion(id=name, kind=kind, organ="breast", side=Side.LEFT)
    said: dict[str, Any] = {}
    found: list[str] = []
    for word in rest:
        if word in LESION_WORDS:
            lesion = replace(lesion, **LESION_WORDS[word])
        elif word in ROW_WORDS:
            said |= ROW_WORDS[word]
        elif ":" in word:
            lesion, extra = _keyed(lesion, word)
            said |= extra
        elif word.startswith("from>"):
            said["split_from"] = word.removeprefix("from>")
        else:
            found.append(word)
    sheet.lesions[name] = lesion
    short = said.pop("short", None)
    if found or short is not None:
        value = _value(found, lesion, short)
        source = Source(SourceKind.TABLE, "timeline", place)
        sheet.rows.append(
            Measurement(lesion_id=name, study=study, modality=modality, value=value, source=source, **said)
        )


def _keyed(lesion: Lesion, word: str) -> tuple[Lesion, dict[str, Any]]:
    key, value = word.split(":")
    if key in ROW_LENGTHS:
        return lesion, {ROW_LENGTHS[key]: length(value)}
    match key:
        case "clock":
            return replace(lesion, clock=int(value)), {}
        case "organ":
            return replace(lesion, organ=value), {}
        case "hilum":
            return lesion, {"hilum": Hilum(value)}
        case "type":
            return lesion, {"cortex_type": int(value)}
        case "change":
            return lesion, {"extent_change": ExtentChange(value)}
        case "vol":
            return lesion, {"volume": Volume(value=Decimal(value), unit="ml")}
        case "suv":
            return lesion, {"suv": Decimal(value)}
        case "short":
            return lesion, {"short": length(value)}
        case _:
            message = f"unknown word of a timeline: {word}"
            raise ValueError(message)


def _value(found: list[str], lesion: Lesion, short: Length | None) -> Value:
    if found and found[0] in STATES:
        return STATES[found[0]]
    if found and found[0].startswith("merged>"):
        return Merged(into=found[0].removeprefix("merged>"))
    if found and found[0] == "equivocal":
        return Equivocal(size=_size(found[1], lesion, short) if len(found) > 1 else None)
    return _size(found[0], lesion, short) if found else Measured(short_axis=short)


def _size(text: str, lesion: Lesion, short: Length | None) -> Measured:
    axes = [length(t) for t in text.split("x")]
    if lesion.kind is Kind.NODE and len(axes) == 1:
        return Measured(short_axis=axes[0])
    padded = [*axes, None, None]
    return Measured(long_axis=padded[0], short_axis=padded[1] or short, third_axis=padded[2])
