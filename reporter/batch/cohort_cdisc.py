"""The cohort as rows named after the CDISC study data tabulation model: tumours (TU), results (TR), response (RS).

Variables as in the SDTM implementation guide 3.4, domains TU, TR and RS.  Variable and test names (TUMIDENT, LDIAM,
SAXIS, SUMDIAM, TRGRESP, NTRGRESP, OVRLRESP) are those in use; other terms of controlled terminology (methods,
TUMSTATE, PCBSD, ACNSD, PCNSD, BESTRESP) are from general knowledge and to be verified before a submission: this is an
export to start from, no submission data set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from reporter.batch.cohort import Cohort, change_text
from reporter.batch.cohort_sheets import Row, Sheet
from reporter.batch.outcome import BestSeen, LesionSeen, Outcome, ResponseSeen, SizeSeen, TimePointSeen
from reporter.case.vocabulary import Kind, Modality, Role, Side
from reporter.response.interface import Category, Measure, State
from reporter.response.tabulate import number

_SHARED: Final = ("STUDYID", "DOMAIN", "USUBJID")
_WHEN: Final = ("VISITNUM", "VISIT")
TU_COLUMNS: Final = (
    *_SHARED,
    *("TUSEQ", "TULNKID", "TUTESTCD", "TUTEST", "TUORRES", "TUSTRESC", "TULOC", "TULAT", "TUMETHOD"),
    *(*_WHEN, "TUDTC"),
)
TR_COLUMNS: Final = (
    *_SHARED,
    *("TRSEQ", "TRGRPID", "TRLNKID", "TRLNKGRP", "TRTESTCD", "TRTEST", "TRCAT", "TRORRES", "TRORRESU"),
    *("TRSTRESC", "TRSTRESN", "TRSTRESU", "TRSTAT", "TRREASND", "TRLAT", "TRMETHOD", *_WHEN, "TRDTC"),
)
RS_COLUMNS: Final = (
    *_SHARED,
    *("RSSEQ", "RSLNKGRP", "RSTESTCD", "RSTEST", "RSCAT", "RSORRES", "RSSTRESC", "RSLAT", "RSMETHOD"),
    *(*_WHEN, "RSDTC"),
)

_METHODS: Final[Mapping[Modality | None, str]] = {
    Modality.US: "ULTRASOUND",
    Modality.MG: "MAMMOGRAPHY",
    Modality.DBT: "DIGITAL BREAST TOMOSYNTHESIS",
    Modality.CEM: "CONTRAST ENHANCED MAMMOGRAPHY",
    Modality.MR: "MRI",
    Modality.CT: "CT SCAN",
    Modality.PT: "PET SCAN",
    Modality.EXAM: "PHYSICAL EXAMINATION",
    None: "",
}
_GROUPS: Final = {Role.TARGET: "TARGET", Role.NON_TARGET: "NON-TARGET", Role.NEW: "NEW"}
_TESTS: Final[Mapping[Measure, tuple[str, str]]] = {
    Measure.LONG_AXIS: ("LDIAM", "Longest Diameter"),
    Measure.SHORT_AXIS: ("SAXIS", "Short Axis"),
}
_STATES: Final[Mapping[State, str]] = {
    State.ABSENT: "ABSENT",
    State.PRESENT: "PRESENT",
    State.TOO_SMALL: "PRESENT",
    State.MEASURED: "PRESENT",
    State.PROGRESSED: "UNEQUIVOCAL PROGRESSION",
    State.EQUIVOCAL: "EQUIVOCAL",
}
_REASONS: Final[Mapping[State, str]] = {
    State.NOT_EVALUABLE: "NOT EVALUABLE",
    State.NOT_IMAGED: "NOT IMAGED",
    State.NO_ROW: "NOT RECORDED",
    State.MERGED: "MERGED WITH ANOTHER LESION",
}
_RESPONSES: Final = (
    ("TRGRESP", "Target Response"),
    ("NTRGRESP", "Non-target Response"),
    ("OVRLRESP", "Overall Response"),
)

Rows = Callable[[Outcome], Iterable[Row]]


def cdisc_sheets(cohort: Cohort, study_id: str = "") -> tuple[Sheet, ...]:
    """TU, TR and RS; USUBJID is the patient ID as given, STUDYID the study named, empty without one."""
    return (
        Sheet(
            name="tu",
            columns=TU_COLUMNS,
            numeric=frozenset({"TUSEQ", "VISITNUM"}),
            rows_of=partial(_rows, cohort, "TU", _tumours, study_id),
        ),
        Sheet(
            name="tr",
            columns=TR_COLUMNS,
            numeric=frozenset({"TRSEQ", "VISITNUM", "TRSTRESN"}),
            rows_of=partial(_rows, cohort, "TR", _results, study_id),
        ),
        Sheet(
            name="rs",
            columns=RS_COLUMNS,
            numeric=frozenset({"RSSEQ", "VISITNUM"}),
            rows_of=partial(_rows, cohort, "RS", _responses, study_id),
        ),
    )


def _rows(cohort: Cohort, domain: str, make: Rows, study_id: str, outcome: Outcome) -> Iterator[Row]:
    shared = {"STUDYID": study_id, "DOMAIN": domain, "USUBJID": outcome.patient_id}
    for place, row in enumerate(make(outcome) if cohort.is_latest(outcome) else (), 1):
        yield {**shared, f"{domain}SEQ": str(place), **row}


def _visit(point: TimePointSeen) -> Row:
    return {"VISITNUM": str(point.index + 1), "VISIT": (point.label or point.phase.value).upper()}


def _side(side: Side | None) -> str:
    return side.value.upper() if side else ""


def _by_index(outcome: Outcome) -> dict[int, TimePointSeen]:
    return {point.index: point for point in outcome.time_points}


def _dates(outcome: Outcome) -> dict[str, str]:
    return {study.key: study.date.isoformat() for study in outcome.studies if study.date is not None}


# -- TU: what was identified ------------------------------------------------------------------------------------------


def _tumours(outcome: Outcome) -> Iterator[Row]:
    points, dates, first = _by_index(outcome), _dates(outcome), _first_seen(outcome)
    for lesion in outcome.lesions:
        response, size = first.get(lesion.id, (None, None))
        role = size.role if size else lesion.role
        group = _GROUPS[role] if role else ""
        yield {
            "TULNKID": lesion.id,
            "TUTESTCD": "TUMIDENT",
            "TUTEST": "Tumor Identification",
            "TUORRES": group,
            "TUSTRESC": group,
            "TULOC": _place(lesion),
            "TULAT": _side(lesion.side),
            "TUMETHOD": _METHODS[response.modality] if response else "",
            **(_visit(points[response.time_point]) if response else {}),
            "TUDTC": dates.get((size.study if size else None) or "", ""),
        }


def _first_seen(outcome: Outcome) -> dict[str, tuple[ResponseSeen, SizeSeen]]:
    """Lesion -> where it was first seen, by the criterion that feeds the decisions, which stands first."""
    found: dict[str, tuple[ResponseSeen, SizeSeen]] = {}
    feeding = next((r.criterion for r in outcome.responses if r.of_record), None) or next(
        (r.criterion for r in outcome.responses), ""
    )
    for response in sorted(outcome.responses, key=_in_time):
        for size in response.lesions if response.criterion == feeding else ():
            if size.state in _STATES and size.state is not State.ABSENT:
                found.setdefault(size.lesion_id, (response, size))
    return found


def _in_time(response: ResponseSeen) -> tuple[int, str, str]:
    return response.time_point, _side(response.side), _METHODS[response.modality]


def _place(lesion: LesionSeen) -> str:
    return "LYMPH NODE" if lesion.kind is Kind.NODE else lesion.organ.upper()


# -- TR: what was measured --------------------------------------------------------------------------------------------


def _results(outcome: Outcome) -> Iterator[Row]:
    points, dates = _by_index(outcome), _dates(outcome)
    said: set[tuple[int, str, str, str]] = set()
    for response in sorted(outcome.responses, key=_in_time):
        when = _visit(points[response.time_point])
        for size in response.lesions:
            key = (response.time_point, size.lesion_id, _METHODS[response.modality], size.measure.value)
            if key in said or size.measure not in _TESTS or size.state is State.NOT_DONE:
                continue
            said.add(key)
            shared = {"TRLNKID": size.lesion_id, "TRGRPID": _GROUPS[size.role], "TRLAT": _side(_side_of(outcome, size))}
            date = {"TRDTC": dates.get(size.study or "", "")}
            yield {**shared, **_result(size), "TRMETHOD": _METHODS[response.modality], **when, **date}
        if response.unit == "mm":
            yield from ({**row, **when} for row in _sums(response, points[response.time_point]))


def _side_of(outcome: Outcome, size: SizeSeen) -> Side | None:
    return next((lesion.side for lesion in outcome.lesions if lesion.id == size.lesion_id), None)


def _result(size: SizeSeen) -> Row:
    """A size; a state where the lesion is followed without one; or why there is none."""
    if size.state in _REASONS:
        return {**_test(size), "TRSTAT": "NOT DONE", "TRREASND": _REASONS[size.state]}
    if size.role is Role.TARGET or size.state is State.MEASURED:
        return {**_test(size), **_number(size)}
    code, name = ("LNSTATE", "Lymph Node State") if size.measure is Measure.SHORT_AXIS else ("TUMSTATE", "Tumor State")
    state = _STATES[size.state]
    return {"TRTESTCD": code, "TRTEST": name, "TRORRES": state, "TRSTRESC": state}


def _test(size: SizeSeen) -> Row:
    code, name = _TESTS[size.measure]
    return {"TRTESTCD": code, "TRTEST": name}


def _number(size: SizeSeen) -> Row:
    """What enters the sum, in mm; as the original result its words where it was no number."""
    words = {State.TOO_SMALL: "TOO SMALL TO MEASURE", State.ABSENT: "ABSENT", State.PRESENT: "PRESENT"}.get(size.state)
    given = size.given or number(size.value)
    return {
        "TRORRES": words or given,
        "TRORRESU": "" if words or not given else (size.given_unit or size.unit),
        **_standard(number(size.value), size.unit),
    }


def _standard(text: str, unit: str) -> Row:
    return {"TRSTRESC": text, "TRSTRESN": text, "TRSTRESU": unit if text else ""}


def _sums(response: ResponseSeen, point: TimePointSeen) -> Iterator[Row]:
    shared = {
        "TRGRPID": "TARGET",
        "TRLNKGRP": _group(response),
        "TRCAT": response.criterion.upper(),
        "TRLAT": _side(response.side),
        "TRMETHOD": _METHODS[response.modality],
        "TRDTC": point.date.isoformat(),
    }
    now, nadir = response.total, response.nadir_total
    difference = None if now is None or nadir is None else now - nadir
    for code, name, text, unit in (
        ("SUMDIAM", "Sum of Diameter", number(response.total), "mm"),
        ("PCBSD", "Percent Change From Baseline in Sum of Diameter", _against_baseline(response), "%"),
        ("ACNSD", "Absolute Change From Nadir in Sum of Diameter", number(difference), "mm"),
        ("PCNSD", "Percent Change From Nadir in Sum of Diameter", _against_nadir(response), "%"),
    ):
        if text:
            result = {"TRORRES": text, "TRORRESU": unit, **_standard(text, unit)}
            yield {**shared, "TRTESTCD": code, "TRTEST": name, **result}


def _against_baseline(response: ResponseSeen) -> str:
    return "" if response.overall is Category.BASELINE else change_text(response.total, response.baseline_total)


def _against_nadir(response: ResponseSeen) -> str:
    return change_text(response.total, response.nadir_total)


def _group(response: ResponseSeen) -> str:
    """What joins sums and responses of one assessment."""
    parts = (f"A{response.time_point + 1}", response.criterion, response.side or "", response.modality or "")
    return "-".join(part for part in parts if part).upper()


# -- RS: response -----------------------------------------------------------------------------------------------------


def _responses(outcome: Outcome) -> Iterator[Row]:
    points = _by_index(outcome)
    for response in sorted(outcome.responses, key=_in_time):
        if not response.classified or response.overall is Category.BASELINE:
            continue
        point = points[response.time_point]
        found = (response.target, response.non_target, response.overall)
        for (code, name), category in zip(_RESPONSES, found, strict=True):
            if category is not None:
                yield {
                    "RSLNKGRP": _group(response),
                    "RSTESTCD": code,
                    "RSTEST": name,
                    "RSCAT": _criterion(response.criterion),
                    "RSORRES": category.value,
                    "RSSTRESC": category.value,
                    "RSLAT": _side(response.side),
                    "RSMETHOD": _METHODS[response.modality],
                    **_visit(point),
                    "RSDTC": point.date.isoformat(),
                }
    yield from map(_best, outcome.best)


def _best(best: BestSeen) -> Row:
    """Of the whole course, so of no visit; dated where the responses that decided it began."""
    return {
        "RSTESTCD": "BESTRESP",
        "RSTEST": "Best Response",
        "RSCAT": _criterion(best.criterion),
        "RSORRES": best.category.value,
        "RSSTRESC": best.category.value,
        "RSLAT": _side(best.side),
        "RSMETHOD": _METHODS[best.modality],
        "RSDTC": best.date.isoformat() if best.date else "",
    }


def _criterion(name: str) -> str:
    return {"recist-1.1": "RECIST 1.1", "per-site": "RECIST 1.1 ADAPTED PER SITE"}.get(name, name.upper())
