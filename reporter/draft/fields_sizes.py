"""What a template sees of sizes: one lesion on one modality now, and its table through time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from reporter.case.measurement import Measurement
from reporter.case.vocabulary import MAMMOGRAPHY, NEVER_OF_RECORD, Kind, Modality
from reporter.draft.speaker import IN_SIGHT, LOOKED, Speaker
from reporter.draft.tables import Rows, Value
from reporter.draft.view import View, group, says
from reporter.response.interface import Change, LesionPoint, LesionResult, SiteResponse, State

_BASELINE: Final = "baseline"
_NOW: Final = "now"


@group
class SizeView(View):
    """One lesion on one modality at the reported time point, against its own past on that modality."""

    modality: str = says("The modality", example="MRI")
    by: str = says("The modality by its own name, mammography and DBT apart", example="DBT")
    state: str = says("What is known of it now, a word of `describe fields`", example="measured")
    in_sight: bool = says("Whether it is seen now")
    gone: bool = says("Whether it was looked for and is not seen")
    measured: bool = says("Whether it has a size now")
    compared: bool = says("Whether both baseline and now have a value")
    of_record: bool = says("Whether this modality gives the response of record")
    now: str = says("The axis followed, now; words where there is no size", unit="mm", example="10 mm")
    now_axes: str = says("All axes now; words where there is no size", unit="mm", example="36 x 30 x 28 mm")
    now_date: str = says("Date of the study it is from", example="2026-07-15")
    baseline: str = says("The axis followed, at baseline; empty without one", unit="mm", example="58 mm")
    baseline_axes: str = says("All axes at baseline; empty without one", unit="mm", example="58 x 46 x 44 mm")
    baseline_measured: bool = says("Whether it had a size at baseline, not only words")
    shows: str = says("What the modality shows now, with its verb", unit="mm", example="measures 6 x 5 x 4 mm")
    baseline_date: str = says("Date of its baseline study; empty without one", example="2026-01-22")
    course: str = says("Baseline, smallest in between, now", unit="mm", example="52 -> 21 -> 30 mm")
    course_axes: str = says("Baseline and now, all axes", unit="mm", example="41 x 33 x 30 -> 36 x 30 x 28 mm")
    change: str = says("Change from baseline; empty against 0 or without both", unit="%", example="-68.8 %")
    change_mm: str = says("Change from baseline in millimetres; empty without both", unit="mm", example="-22 mm")
    smallest: str = says(
        "Smallest before now, baseline included; empty where none is known", unit="mm", example="21 mm"
    )
    smallest_date: str = says("Date of the smallest before now; empty where none is known", example="2026-04-20")
    smallest_so_far: str = says("Smallest of all, now included", unit="mm", example="36 mm")
    smallest_when: str = says("When that was: now, at baseline, or the date", example="the present size")
    growth: str = says(
        "Growth since the smallest in percent; empty where it has not grown", unit="%", example="+42.9 %"
    )
    growth_mm: str = says("Growth since the smallest; empty where it has not grown", unit="mm", example="+9 mm")
    short_of_partial: bool = says("Whether it shrank, but by less than a partial response takes")
    category: str = says("Its own category on this modality, a word such as PR; empty where it has none", example="PR")
    category_words: str = says("Its own category in words", example="partial response")
    studied_between: bool = says("Whether this modality looked at it between baseline and now")
    note: str = says("The reader's note of it now, quoted; empty without one", example='"thin rim"')


def size_view(
    speaker: Speaker,
    result: LesionResult,
    series: Sequence[LesionPoint],
    *,
    of_record: bool,
    fragments: Sequence[LesionPoint] = (),
) -> SizeView:
    """One lesion on one modality now."""
    numbers, point = speaker.numbers, result.point
    base = speaker.baseline_point(result, series)
    category = result.verdict.category if result.verdict else ""
    known_base = base is not None and base.state in LOOKED
    return SizeView.made(
        modality=lambda: speaker.modality(point.modality),
        by=lambda: speaker.on(point),
        state=lambda: str(point.state),
        in_sight=lambda: point.state in IN_SIGHT,
        gone=lambda: point.state is State.ABSENT,
        measured=lambda: point.state is State.MEASURED,
        compared=lambda: result.from_baseline is not None,
        of_record=lambda: of_record,
        now=lambda: speaker.size(point, axes=False),
        now_axes=lambda: _now_axes(speaker, point, fragments),
        now_date=lambda: speaker.written(speaker.day(point)),
        baseline=lambda: speaker.size(base, axes=False) if base and known_base else "",
        baseline_axes=lambda: speaker.size(base) if base and known_base else "",
        baseline_measured=lambda: base is not None and base.state is State.MEASURED,
        shows=lambda: _shows(speaker, point),
        baseline_date=lambda: speaker.written(speaker.day(base) if base and known_base else None),
        course=lambda: _course(speaker, result, base),
        course_axes=lambda: _course_axes(speaker, result, base),
        change=lambda: with_parts(speaker, result, base, _percent(speaker, result.from_baseline)),
        change_mm=lambda: numbers.signed_mm(result.from_baseline.difference) if result.from_baseline else "",
        smallest=lambda: numbers.mm(result.nadir) if result.nadir is not None else "",
        smallest_date=lambda: _date_of_smallest(speaker, result, series),
        smallest_so_far=lambda: _smallest_so_far(speaker, result),
        smallest_when=lambda: _smallest_when(speaker, result, series),
        growth=lambda: _percent(speaker, _growth(result)),
        growth_mm=lambda: numbers.signed_mm(growth.difference) if (growth := _growth(result)) else "",
        short_of_partial=lambda: _short_of_partial(speaker, result),
        category=lambda: str(category),
        category_words=lambda: speaker.phrases.say(f"category.{category}") if category else "",
        studied_between=lambda: any(_between(speaker, p) for p in series if p.modality is point.modality),
        note=lambda: note_of(speaker, point),
    )


def _now_axes(speaker: Speaker, point: LesionPoint, fragments: Sequence[LesionPoint]) -> str:
    """Its axes now; where it or a part of it has no size, so that nothing can be added, the parts one by one."""
    parts = [f for f in _beside(point, fragments) if f.state not in {State.ABSENT, State.MERGED}]
    if not parts or all(p.size is not None for p in (point, *parts)):
        return speaker.size(point)
    return f"{speaker.size(point)} ({'; '.join(f'{f.lesion_id} {speaker.size(f)}' for f in parts)})"


def note_of(speaker: Speaker, point: LesionPoint) -> str:
    """The reader's note on a point, quoted."""
    notes = [
        m.note for m in speaker.rows(point.lesion_id) if m.study == point.study and _same(m.modality, point.modality)
    ]
    return "; ".join(speaker.quoted(note) for note in notes if note)


def _rows_of(speaker: Speaker, point: LesionPoint) -> list[Measurement]:
    rows = speaker.rows(point.lesion_id)
    return [row for row in rows if row.study == point.study and _same(row.modality, point.modality)]


def _same(one: Modality | None, other: Modality | None) -> bool:
    return one is other or {one, other} == MAMMOGRAPHY


def _percent(speaker: Speaker, change: Change | None) -> str:
    at_baseline = speaker.case.baseline == speaker.case.reported
    return (speaker.numbers.percent(change) or "") if change and not at_baseline else ""


def _growth(result: LesionResult) -> Change | None:
    change = result.from_nadir
    return change if change and change.difference > 0 else None


def _short_of_partial(speaker: Speaker, result: LesionResult) -> bool:
    change = result.from_baseline
    if change is None or change.difference >= 0:
        return False
    return -change.difference * 100 < speaker.report.response.thresholds.pr_percent * change.then


def _smallest_so_far(speaker: Speaker, result: LesionResult) -> str:
    sizes = [size for size in (result.nadir, result.point.size) if size is not None]
    return speaker.numbers.mm(min(sizes)) if sizes else ""


def _smallest_when(speaker: Speaker, result: LesionResult, series: Sequence[LesionPoint]) -> str:
    """When it was smallest, the last time of several: a size that is named twice is a riddle."""
    say, now, before = speaker.phrases.say, result.point.size, result.nadir
    if before is None or (now is not None and now.mm <= before.mm):
        return say("smallest.now")
    baseline = speaker.case.baseline
    if baseline is not None and result.nadir_time_point == baseline.index:
        return say("smallest.baseline")
    date = _date_of_smallest(speaker, result, series)
    return say("smallest.date", date=date) if date else ""


def _shows(speaker: Speaker, point: LesionPoint) -> str:
    """`measures 6 x 5 x 4 mm`, `shows it, not measured`: what follows the name of a modality."""
    return speaker.phrases.first(f"shows.{point.state}", "shows.other", size=speaker.size(point))


def _date_of_smallest(speaker: Speaker, result: LesionResult, series: Sequence[LesionPoint]) -> str:
    if result.nadir_day is not None:
        return speaker.written(result.nadir_day)
    at = [p for p in series if p.modality is result.point.modality and p.time_point == result.nadir_time_point]
    return speaker.written(speaker.day(at[0]) if at else None)


def _between(speaker: Speaker, point: LesionPoint) -> bool:
    baseline = speaker.case.baseline
    after = -1 if baseline is None else baseline.index
    return after < point.time_point < speaker.case.reported.index and point.state in LOOKED


def _course(speaker: Speaker, result: LesionResult, base: LesionPoint | None) -> str:
    """Sizes in millimetres while there are any; words for the rest."""
    numbers, point = speaker.numbers, result.point
    if base is None or base.time_point == point.time_point:
        return speaker.size(point, axes=False)
    values = [_together(speaker, result, base)] if base.state in LOOKED else []
    still_gone = point.state is State.ABSENT and not result.nadir
    if (
        result.nadir is not None
        and not still_gone
        and result.nadir_time_point not in {None, base.time_point, point.time_point}
    ):
        values.append(numbers.bare(result.nadir))
    if point.state is State.MEASURED and point.size is not None and all(_is_number(v) for v in values):
        return numbers.course([*values, numbers.bare(point.size)])
    sized = [f"{v} mm" if _is_number(v) else v for v in values]
    return _arrow(speaker, [*sized, speaker.size(point, axes=False)])


def _arrow(speaker: Speaker, words: Sequence[str]) -> str:
    """From then to now; the same words twice are said once."""
    if len(set(words)) == 1 and not _is_number(words[0]):
        return speaker.phrases.say("table.then_and_now", what=words[0])
    return " -> ".join(words)


def _together(speaker: Speaker, result: LesionResult, base: LesionPoint) -> str:
    """The baseline that the change is against: of a merged lesion, together with those that went into it."""
    if base.state is State.MEASURED and result.baseline is not None:
        return speaker.numbers.bare(result.baseline)
    return _bare(speaker, base)


def parts_of(speaker: Speaker, lesion_id: str) -> list[str]:
    """Lesions that are measured together with this one: merged into it, or split from it."""
    return sorted({*speaker.merged.get(lesion_id, ()), *fragments_of(speaker, lesion_id)})


def fragments_of(speaker: Speaker, lesion_id: str) -> Sequence[str]:
    """Lesions that split from this one, whose sizes are added to its own."""
    return speaker.split.get(lesion_id, ())


def with_parts(speaker: Speaker, result: LesionResult, base: LesionPoint | None, percent: str) -> str:
    """A change, saying with which other lesions it was measured together."""
    parts = parts_of(speaker, result.point.lesion_id)
    if not percent or not parts or base is None:
        return percent
    return speaker.phrases.say("table.together", change=percent, lesions=speaker.phrases.all_of(parts))


def _bare(speaker: Speaker, point: LesionPoint) -> str:
    if point.state is State.MEASURED and point.size is not None:
        return speaker.numbers.bare(point.size)
    return speaker.size(point, axes=False)


def _is_number(text: str) -> bool:
    return text[:1].isdigit()


def _course_axes(speaker: Speaker, result: LesionResult, base: LesionPoint | None) -> str:
    numbers, point = speaker.numbers, result.point
    if base is None or base.state not in LOOKED or base.time_point == point.time_point:
        return speaker.size(point)
    if parts_of(speaker, point.lesion_id):
        return _course(speaker, result, base)
    if point.axes and base.axes and State.MEASURED == point.state == base.state:
        return numbers.course([numbers.axes(base.axes), numbers.axes(point.axes)])
    return _arrow(speaker, [speaker.size(base), speaker.size(point)])


def size_at(speaker: Speaker, result: LesionResult, point: LesionPoint, *, axes: bool = True) -> str:
    """What a point shows; where an earlier study of its time point holds the smallest, both with their days."""
    before = _smaller_before(speaker, result, point)
    shown = (point,) if before is None else (before, point)
    sizes = [speaker.size(p, axes=axes) for p in shown]
    days = [speaker.written(speaker.day(p)) for p in shown]
    return sizes[0] if before is None else ", ".join(f"{s} ({d})" for s, d in zip(sizes, days, strict=True))


def _smaller_before(speaker: Speaker, result: LesionResult, point: LesionPoint) -> LesionPoint | None:
    """The smallest size, of an earlier study than the one that counts at its time point.

    Of lesions measured together the smallest is a sum, which no study of one of them holds.
    """
    earlier, counted = result.nadir_day, speaker.day(point)
    if result.nadir is None or point.size == result.nadir or earlier is None or counted is None or earlier >= counted:
        return None
    if point.time_point != result.nadir_time_point or parts_of(speaker, point.lesion_id):
        return None
    rows = [r for r in speaker.rows(point.lesion_id) if speaker.case.date_of(r.study) == earlier]
    here = next((r for r in reversed(rows) if _same(r.modality, point.modality)), None)
    if here is None:
        return None
    state = State(here.value.status) if here.value.status in {State.ABSENT, State.TOO_SMALL} else State.MEASURED
    return replace(point, study=here.study, state=state, size=result.nadir, axes=())


def left_in(point: LesionPoint, fragments: Sequence[LesionPoint]) -> Sequence[LesionPoint]:
    """Of a lesion that is not seen itself the parts it split into, where and when they are: it is not gone."""
    if point.state in IN_SIGHT:
        return ()
    return [f for f in _beside(point, fragments) if f.state in IN_SIGHT]


def _beside(point: LesionPoint, fragments: Sequence[LesionPoint]) -> Sequence[LesionPoint]:
    return [f for f in fragments if f.modality is point.modality and f.time_point == point.time_point]


def site_table(speaker: Speaker, results: Sequence[LesionResult], site: SiteResponse) -> Rows:
    """A lesion on each modality through time: baseline, each date, now, and the change from baseline."""
    return Rows(columns=speaker.columns, rows=tuple(_row(speaker, result, site) for result in results))


def _row(speaker: Speaker, result: LesionResult, site: SiteResponse) -> dict[str, Value | tuple[()]]:
    modality, series = result.point.modality, site.series
    by_index = {p.time_point: p for p in series if p.modality is modality}
    row: dict[str, Value | tuple[()]] = {"modality": speaker.phrases.first(*_row_names(speaker, modality))}
    for point in speaker.time_points:
        here = by_index.get(point.index)
        row[f"t{point.index}"] = (
            _cell(speaker, here, site.fragments, result) if here else speaker.phrases.say("state.not_done.any")
        )
    row["change"] = _change_cell(speaker, result, series, result is site.record)
    return row


def _row_names(speaker: Speaker, modality: Modality | None) -> tuple[str, str]:
    if modality in MAMMOGRAPHY and speaker.mammography == speaker.phrases.say("modality.MG_DBT"):
        return "table.MG_DBT", "modality.MG_DBT"
    return f"table.{modality or 'unnamed'}", f"modality.{modality or 'unnamed'}"


def _cell(speaker: Speaker, point: LesionPoint, fragments: Sequence[LesionPoint], result: LesionResult) -> str:
    rows = _rows_of(speaker, point)
    extra = [speaker.phrases.say("finding.distortion")] if any(m.distortion for m in rows) else []
    parts = [f"{f.lesion_id} {speaker.size(f)}" for f in left_in(point, fragments)]
    return "; ".join([size_at(speaker, result, point), *parts, *extra])


def _change_cell(speaker: Speaker, result: LesionResult, series: Sequence[LesionPoint], record: bool) -> str:
    say, point, change = speaker.phrases.say, result.point, result.from_baseline
    words = _change_words(speaker, result, series, change)
    shown = (
        record
        and result.from_baseline is not None
        and point.state in LOOKED - {State.MERGED}
        and speaker.report.advice.in_scope
    )
    return say("table.of_record", change=words) if shown else words


_UNMEASURED = {True: "not_measured", False: "no_baseline"}
"""Why a lesion that is seen has no change: seen at baseline too, and not measured; or not seen there by it."""


def _change_words(speaker: Speaker, result: LesionResult, series: Sequence[LesionPoint], change: Change | None) -> str:
    say, point = speaker.phrases.say, result.point
    kind = speaker.case.lesion(point.lesion_id).kind or Kind.OTHER
    if point.modality in NEVER_OF_RECORD:
        return say("table.not_compared")
    if point.state is State.MERGED:
        return say("table.merged")
    if point.state is State.NOT_DONE:
        return say("table.not_compared")
    if change is None:
        base = speaker.baseline_point(result, series)
        known = base is not None and base.state in LOOKED
        return say(f"table.{'not_comparable' if point.state not in IN_SIGHT else _UNMEASURED[known]}")
    if point.state is State.ABSENT and point.modality in MAMMOGRAPHY:
        return speaker.phrases.first(f"table.gone.{kind}", "table.gone.other")
    percent = speaker.numbers.percent(change)
    base = speaker.baseline_point(result, series)
    return with_parts(speaker, result, base, percent) if percent else say("table.against_zero")
