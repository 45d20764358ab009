"""The table of `classify --per-lesion` a second time, sharing no code with the package.

Slow and obvious on purpose: every sum is made again for every time point.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from tests.second_opinion.courses import Course, Lesion, lesions_of, snapshots
from tests.second_opinion.reading import TimePoint, family, family_name, rows_of, time_points
from tests.second_opinion.rules import Verdict, non_target_response, row_issues, sums, there_before
from tests.second_opinion.sites import merged_into, per_site
from tests.second_opinion.strict import recist


def classify(text: str, criterion: str) -> list[dict[str, str]]:
    """The rows of `classify --format csv --per-lesion` for one criterion, in their order."""
    found: list[dict[str, str]] = []
    for patient, rows in rows_of(text).items():
        points = time_points(rows)
        lesions = lesions_of(rows, points)
        known = [one for one in lesions.values() if one.role in {"target", "non_target"} and not one.benign]
        index = {one.first("side") for one in known}
        sides = [""] if criterion == "recist-1.1" else sorted({one.first("side") for one in lesions.values()} - {""})
        for side in sides:
            mine = {n: one for n, one in lesions.items() if not side or one.first("side") == side}
            used = {family(row) for one in mine.values() for row in one.rows}
            for modality in sorted(used, key=lambda one: family_name(one, rows)):
                names = {
                    "patient_id": patient,
                    "modality": family_name(modality, rows),
                    "criteria": criterion,
                    "side": side,
                }
                course = course_of(mine, points, modality)
                verdicts = recist(course) if criterion == "recist-1.1" else per_site(course, side, index)
                lines = [{**names, **row} for row in _rows(course, verdicts, single=criterion == "per-site")]
                unclassified = criterion == "per-site" and modality in NEVER_OF_RECORD
                found += [recorded(row) for row in lines] if unclassified else lines
    return found


NEVER_OF_RECORD = {"PT", "EXAM"}


def recorded(row: dict[str, str]) -> dict[str, str]:
    """Sizes by PET and by physical examination stand, without a category after the baseline (decision l)."""
    if "BASELINE" in {row["overall"], row["target"]}:
        return row
    held = "no" if row["response_held"] else ""
    return {**row, "target": "", "non_target": "", "overall": "", "response_held": held}


def _rows(course: Course, verdicts: list[Verdict], *, single: bool) -> list[dict[str, str]]:
    """A row a time point and one a lesion under it; `single`: lesions have categories of their own."""
    found = []
    for place, (point, verdict) in enumerate(zip(course.points, verdicts, strict=True)):
        if not point.on(course.modality):
            continue  # a modality that was not used at baseline
        heading = {"timepoint": point.word, "date": point.date, "unit": "mm"}
        found.append({**heading, **_cells(verdict)})
        listed = [one for name, one in sorted(course.lesions.items()) if shown(course, name, place)]
        found += [{**heading, **lesion_cells(course, one, place, verdict, single)} for one in listed]
    return found


def shown(course: Course, name: str, place: int) -> bool:
    """Known from the baseline, or seen by now, or spoken of now."""
    if not course.speaks_of(name):
        return False
    if course.lesions[name].role not in {"new", "undeclared", "fragment"}:
        return True
    spoken = any(row["lesion_id"] == name for row in course.points[place].on(course.modality))
    return spoken or there_before(course, name, place)


SHOWN_ROLE = {"undeclared": "new", "normal_node": "non_target", "calcification": "non_target", "fragment": "target"}


def lesion_cells(course: Course, lesion: Lesion, place: int, verdict: Verdict, single: bool) -> dict[str, str]:
    """A lesion by itself; in `per-site` a site with its parts, or with what merged into it, and its category."""
    category = ""
    together = [lesion]
    if single and lesion in course.of("non_target"):
        category = "BASELINE" if place == 0 else non_target_response(course, [lesion], place)
    if single and lesion in course.elsewhere() and place:
        category = "NE"
    if single and lesion in course.of("target"):
        head = course.value(lesion, place).into or lesion.name
        category = verdict.sites[head]
        together += merged_into(course, lesion, place)
    alone = Verdict()
    sums(course, together, place, alone, parts=single)
    if alone.total is None:
        sums(course, [lesion], place, alone, parts=False)
    merged = {"value": "0"} if course.value(lesion, place).into else {}
    return {
        "lesion_id": lesion.name,
        "role": SHOWN_ROLE.get(lesion.role, lesion.role),
        "measure": "short_axis" if lesion.node else "long_axis",
        **{key: text for key, text in _cells(alone).items() if key not in {"measure", "lesion_id", "role"}},
        **merged,
        "new_lesion": "",
        "overall": category,
        "response_held": "",
        "issues": ";".join(sorted(row_issues(course, place).get(lesion.name, set()))),
    }


def course_of(lesions: dict[str, Lesion], points: list[TimePoint], modality: str) -> Course:
    used = [point for place, point in enumerate(points) if place == 0 or point.on(modality)]
    return Course(modality, lesions, used, [snapshots(point, modality) or [{}] for point in used])


def _cells(verdict: Verdict) -> dict[str, str]:
    return {
        "lesion_id": "",
        "role": "",
        "measure": "sum_of_diameters",
        "value": exact(verdict.total),
        "baseline_value": exact(verdict.baseline),
        "nadir_value": exact(verdict.nadir),
        "change_from_baseline_percent": percent(verdict.total, verdict.baseline),
        "change_from_nadir_percent": percent(verdict.total, verdict.nadir),
        "target": verdict.target,
        "non_target": verdict.non_target,
        "new_lesion": verdict.new_lesion,
        "overall": verdict.overall,
        "response_held": "yes" if verdict.held else "no",
        "issues": ";".join(sorted(verdict.issues)),
    }


def exact(length: Fraction | None) -> str:
    """Millimetres, exact; every length here has a finite decimal form."""
    return "" if length is None else format((Decimal(length.numerator) / length.denominator).normalize(), "f")


def percent(now: Fraction | None, reference: Fraction | None) -> str:
    """To twelve significant digits; none against 0."""
    if now is None or not reference:
        return ""
    change = (now - reference) / reference * 100
    twelve = Context(prec=12, rounding=ROUND_HALF_EVEN)
    return format(twelve.divide(Decimal(change.numerator), Decimal(change.denominator)).normalize(), "f")
