"""Trial tables made from the rules, with everything in them that the rules speak of; the same seed, the same table."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

COLUMNS = (
    "patient_id", "study_date", "timepoint", "modality", "lesion_id", "kind", "side", "role", "status", "merged_into",
    "split_from", "long_axis", "short_axis", "unit", "biopsy_result", "covered_before",
)  # fmt: skip
UNDECLARED_NODES = (("", 60, 99), ("", 100, 100), ("", 149, 149), ("", 150, 150))
"""Nodes without a role, about the limits of a normal one and of a target: role, least and most tenths of a mm."""
SPOILED = 0.02  # the share of sizes that cannot be used
SEEN_AGAIN = 0.9  # the share of rows that another modality has too
FIRST_DAY = date(2021, 3, 1)
BETWEEN_VISITS = 60  # days
STEPS = ("0", "0.3", "0.5", "0.69", "0.7", "0.7", "0.71", "0.8", "0.9", "1", "1.1", "1.19", "1.2", "1.2", "1.21", "1.5")

Row = dict[str, str]


def dice(seed: int) -> Random:
    """Chance that falls alike at every run."""
    return Random(seed)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - tables of tests


@dataclass
class LesionCourse:
    """One lesion on its way through the visits."""

    name: str
    kind: str
    side: str
    role: str
    baseline: Decimal
    declared: bool = True
    modality: str = "MR"
    size: Decimal = Decimal(0)
    merged_into: str = ""
    fragments: list[str] = field(default_factory=list)


def text_of(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def lesion_level_table(chance: Random, patients: int, modalities: tuple[str, ...] = ("MR",)) -> str:
    """Patients with one to four lesions and two to five visits; labels and units differ between patients."""
    rows: list[Row] = []
    for number in range(patients):
        rows += _patient(chance, f"P{number:03}", chance.choice(modalities))
    return text_of(rows)


def table_of_several_modalities(chance: Random, patients: int) -> str:
    """The same lesions followed on two or three modalities, each with a course of its own; some not seen on all."""
    rows: list[Row] = []
    for number in range(patients):
        first, *more = chance.sample(("MR", "CT", "US", "MG", "DBT", "CEM", "", "PT", "EXAM"), chance.choice((2, 2, 3)))
        found = _patient(chance, f"S{number:03}", first)
        for modality in more:
            found += [row for row in _again(chance, found, first, modality) if chance.random() < SEEN_AGAIN]
        rows += found
    return text_of(rows)


def _again(chance: Random, rows: list[Row], first: str, modality: str) -> list[Row]:
    """The rows of known lesions on another modality, their sizes a little or much different."""
    found = []
    for row in rows:
        plain = row.get("role") in {"target", "non_target"} and row.get("status") != "merged"
        if row["modality"] == first and plain:
            factor = Decimal(chance.choice(STEPS))
            sizes = {axis: f"{Decimal(row[axis]) * factor:f}" for axis in ("long_axis", "short_axis") if row.get(axis)}
            found.append({**row, **sizes, "modality": modality})
    return found


def _patient(chance: Random, patient: str, modality: str) -> list[Row]:
    lesions = [_lesion(chance, place, modality) for place in range(chance.choice((1, 1, 2, 2, 3, 4)))]
    labelled = chance.random() < 0.5
    visits = chance.choice((2, 3, 3, 4, 4, 5))
    rows: list[Row] = []
    for visit in range(visits):
        day = FIRST_DAY + timedelta(days=visit * BETWEEN_VISITS)
        word = "baseline" if visit == 0 else "end" if visit == visits - 1 else "during"
        heading = {"patient_id": patient, "timepoint": word if labelled else "", "study_date": day.isoformat()}
        rows += [{**heading, **cells} for cells in _visit(chance, lesions, visit)]
        if visit and chance.random() < 0.1:  # a second look within the time point, of some lesions
            later = {**heading, "study_date": (day + timedelta(days=7)).isoformat()}
            some = [lesion for lesion in lesions if not lesion.merged_into and chance.random() < 0.5]
            rows += [{**later, **_second_look(chance, lesion)} for lesion in some]
    chance.shuffle(rows)
    return rows


def _lesion(chance: Random, place: int, modality: str) -> LesionCourse:
    kind = chance.choice(("mass", "mass", "mass", "non_mass", "node", "node", "skin"))
    role, least, most = {
        "node": chance.choice((
            ("target", 150, 300),
            ("target", 150, 300),
            ("non_target", 100, 149),
            *UNDECLARED_NODES,
        )),
        "skin": ("non_target", 20, 80),
    }.get(kind, chance.choice((("target", 100, 800), ("target", 100, 800), ("non_target", 50, 300))))
    size = Decimal(chance.randint(least, most)) / 10
    declared = bool(role) and (role == "non_target" or chance.random() < 0.7)
    side = "left" if chance.random() < 0.9 else "right"
    return LesionCourse(f"L{place}", kind, side, role, size, declared or kind == "mass", modality, size)


def _visit(chance: Random, lesions: list[LesionCourse], visit: int) -> list[Row]:
    rows = []
    for lesion in list(lesions):
        if visit:
            rows += _follow_up(chance, lesion, lesions)
        else:
            rows.append(_skin(lesion, "present") if lesion.kind == "skin" else _measured(chance, lesion))
    if visit and chance.random() < 0.08:
        rows.append(_new_lesion(chance, lesions, visit))
    return rows


def _follow_up(chance: Random, lesion: LesionCourse, lesions: list[LesionCourse]) -> list[Row]:
    """What is said of a lesion at a later visit: mostly a size, now and then one of everything else."""
    if lesion.merged_into:
        return [{**_heading(lesion), "status": "merged", "merged_into": lesion.merged_into}]
    if lesion.kind == "skin":
        word = chance.choice(("present", "present", "absent", "unequivocal_progression", "not_evaluable"))
        return [_skin(lesion, word)]
    happens = chance.random()
    if happens < 0.04:
        return []
    if happens < 0.08:
        return [{**_heading(lesion), "status": chance.choice(("not_evaluable", "not_imaged"))}]
    if happens < 0.12:
        lesion.size = Decimal(5)
        return [{**_heading(lesion), "status": "too_small"}]
    if happens < 0.15 and lesion.role == "non_target":
        return [{**_measured(chance, lesion), "status": "unequivocal_progression"}]
    if happens < 0.17 and _merge(chance, lesion, lesions):
        return [{**_heading(lesion), "status": "merged", "merged_into": lesion.merged_into}]
    lesion.size = _next_size(chance, lesion)
    rows = [_spoiled(chance, _measured(chance, lesion)) if chance.random() < SPOILED else _measured(chance, lesion)]
    if happens > 0.97 and lesion.role == "target" and lesion.kind == "mass" and not lesion.fragments:
        lesion.fragments.append(f"{lesion.name}b")
    rows += [_fragment(chance, lesion, name) for name in lesion.fragments if chance.random() < 0.95]
    return rows


def _next_size(chance: Random, lesion: LesionCourse) -> Decimal:
    """Often just at, above or below a threshold, against the baseline or the size before; sometimes gone or back."""
    happens = chance.random()
    if happens < 0.12:
        return Decimal(0)
    if lesion.size == 0 or happens < 0.2:
        return Decimal(chance.choice(("0", "3", "4.9", "5", "6", "9.9", "10", "12")))
    if happens < 0.3:
        return lesion.size + Decimal(chance.choice(("4.9", "5", "5.1", "-5")) if lesion.size >= 6 else "5")
    reference = chance.choice((lesion.baseline, lesion.size))
    return min((reference * Decimal(chance.choice(STEPS))).quantize(Decimal("0.01")), Decimal(480))


def _heading(lesion: LesionCourse) -> Row:
    return {
        "modality": lesion.modality, "lesion_id": lesion.name, "kind": lesion.kind, "side": lesion.side,
        "role": lesion.role if lesion.declared else "",
    }  # fmt: skip


def _second_look(chance: Random, lesion: LesionCourse) -> Row:
    """A size again, a size that cannot be used, or seen without a number."""
    happens = chance.random()
    if happens < 0.2 and lesion.kind != "skin":
        return {**_heading(lesion), "status": "present"}
    again = _measured(chance, lesion)
    return again if happens < 0.7 else _spoiled(chance, {**again, "status": "", "long_axis": "12", "unit": "mm"})


def _skin(lesion: LesionCourse, word: str) -> Row:
    return {**_heading(lesion), "status": word}


def _measured(chance: Random, lesion: LesionCourse) -> Row:
    """A size, in millimetres or centimetres; nothing left is said by a word or by a nought."""
    if lesion.kind == "skin":
        return _skin(lesion, "present")
    if lesion.size == 0 and chance.random() < 0.7:
        return {**_heading(lesion), "status": "absent"}
    unit = chance.choice(("mm", "mm", "cm"))
    size = lesion.size if unit == "mm" else lesion.size / 10
    size = size.normalize()
    words = {"status": chance.choice(("measured", "")), "unit": unit}
    if lesion.kind == "node":
        longer = size if chance.random() < 0.2 else size * 2
        return {**_heading(lesion), **words, "short_axis": f"{size:f}", "long_axis": f"{longer:f}"}
    return {**_heading(lesion), **words, "long_axis": f"{size:f}"}


def _spoiled(chance: Random, row: Row) -> Row:
    """A row as hurried readers and foreign exports write it; none of them is a value."""
    if row.get("status") == "absent" or not row.get("unit"):
        return row
    return chance.choice((
        {**row, "unit": ""},
        {**row, "long_axis": "900", "unit": "mm", "short_axis": row.get("short_axis", "")},
        {**row, "long_axis": "7", "short_axis": "8", "unit": "mm"},
        {**row, "status": "merged", "merged_into": "", "long_axis": "", "short_axis": "", "unit": ""},
    ))


def _merge(chance: Random, lesion: LesionCourse, lesions: list[LesionCourse]) -> bool:
    others = [
        other for other in lesions
        if other is not lesion and not other.merged_into and other.role == lesion.role == "target"
        and other.kind == lesion.kind == "mass" and other.side == lesion.side and not lesion.fragments
    ]  # fmt: skip
    if not others or any(one.merged_into == lesion.name for one in lesions):
        return False
    lesion.merged_into = chance.choice(others).name
    return True


def _fragment(chance: Random, lesion: LesionCourse, name: str) -> Row:
    size = Decimal(chance.randint(0, 200)) / 10
    part = LesionCourse(name, lesion.kind, lesion.side, "", size, modality=lesion.modality, size=size)
    return {**_measured(chance, part), "split_from": lesion.name}


def _new_lesion(chance: Random, lesions: list[LesionCourse], visit: int) -> Row:
    first = lesions[0]
    side = first.side if chance.random() < 0.8 else "right" if first.side == "left" else "left"
    size = Decimal(chance.randint(40, 200)) / 10
    new = LesionCourse(f"N{visit}", "mass", side, "new", size, modality=first.modality, size=size)
    words = {"biopsy_result": chance.choice(("", "", "malignant", "benign", "pending"))}
    words["covered_before"] = chance.choice(("", "yes", "yes", "no"))
    row = {**_measured(chance, new), **words}
    happens = chance.random()
    if happens < 0.25:
        return {**row, "status": "equivocal"}
    return {**row, "role": ""} if happens < 0.4 else row


def trial_in_centimetres(chance: Random, patients: int = 384) -> str:
    """The longest diameter by MRI of one mass each, in centimetres, at four visits; some visits without a value."""
    rows: list[Row] = []
    for number in range(patients):
        baseline = Decimal(chance.randint(20, 140)) / 10
        size = baseline
        for visit, word in enumerate(("baseline", "during", "during", "end")):
            if visit:
                factor = Decimal(chance.choice((*STEPS, "0.8", "0.6", "0.5", "0.4")))
                size = (chance.choice((baseline, size, size)) * factor).quantize(Decimal("0.1"))
            row = {
                "patient_id": f"T{number:04}", "timepoint": word, "modality": "MR", "lesion_id": "L1", "kind": "mass",
                "side": chance.choice(("left",)), "role": "target", "unit": "cm", "long_axis": f"{size}",
                "study_date": (FIRST_DAY + timedelta(days=visit * BETWEEN_VISITS)).isoformat(),
            }  # fmt: skip
            if visit and chance.random() < 0.05:
                row["long_axis"], row["status"] = "", chance.choice(("not_imaged", "not_evaluable"))
            if visit == 0 or chance.random() > 0.03:
                rows.append(row)
    return text_of(rows)
