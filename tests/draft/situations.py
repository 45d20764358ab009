"""Situations that a report must word: the rows, the facts, line 1 of the impression, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.draft.cases import row

Rows = tuple[dict[str, str], ...]

BEFORE, DURING, NOW = "2026-01-10", "2026-04-01", "2026-07-01"
ONGOING = '[therapy]\nintent = "neoadjuvant"\nstart = 2026-02-01\nstatus = "ongoing"\ncycles_planned = 6\n'
DONE = '[therapy]\nintent = "neoadjuvant"\nstart = 2026-02-01\nend = 2026-06-20\n'
CANCER = '[[diagnosis]]\nside = "left"\nconfirmed = true\nhistology = "invasive ductal carcinoma"\n'
CYCLES = '[[clinical]]\nside = "left"\ncycles_done = 2\n'
FLAG = '[[radiologist]]\nside = "left"\n{} = true\n'
MARKED = {"biopsy_result": "malignant", "clip": "yes", "clip_shape": "coil", "clip_seen": "yes", "clip_displaced": "0"}


def seen(when: str, modality: str, size: str = "", lesion: str = "L1", **cells: str) -> dict[str, str]:
    """A proven, marked site: a size, or gone where none is given."""
    return row(when, modality, lesion, size, **{**MARKED, **({} if size else {"status": "absent"}), **cells})


def node(when: str, size: str, cortex: str, hilum: str) -> dict[str, str]:
    return row(when, "US", "N1", size, cortex=cortex, hilum=hilum, biopsy_result="malignant")


MR_PR: Rows = (seen(BEFORE, "MR", "40 x 30 x 20"), seen(DURING, "MR", "20 x 15 x 10"))
MR_SD: Rows = (seen(BEFORE, "MR", "41 x 33 x 30"), seen(DURING, "MR", "36 x 30 x 28"))
HELD: Rows = (seen(BEFORE, "MR", "100"), seen("2026-03-01", "MR", "60"), seen(DURING, "MR", "71"))
GONE: Rows = (seen(BEFORE, "MR", "30"), seen(NOW, "MR"))
NEW: Final = {"clock": "6", "role": "new", "biopsy_result": "none", "clip": "", "clip_seen": "", "clip_displaced": ""}


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One situation, and how its report must begin."""

    rows: Rows
    facts: str
    line_1: str
    told: str


SITUATIONS: Final[dict[str, Situation]] = {}


def situation(name: str, rows: Rows, facts: str, *, line_1: str, told: str) -> None:
    SITUATIONS[name] = Situation(rows=rows, facts=facts, line_1=line_1, told=told)


situation(
    "partial, during",
    MR_PR,
    ONGOING + CANCER,
    line_1=(
        "Left breast: PARTIAL RESPONSE during treatment. Mass at 2 o'clock, MRI 40 x 30 x 20 -> "
        "20 x 15 x 10 mm (-50 %)."
    ),
    told="None required.",
)
situation(
    "stable, during",
    MR_SD,
    ONGOING + CANCER + CYCLES,
    line_1=(
        "Left breast: STABLE so far, after 2 of 6 cycles. Mass at 2 o'clock, MRI 41 x 33 x 30 -> "
        "36 x 30 x 28 mm (-12.2 %; smallest so far 36 mm, the present size). A decrease, but short of a partial "
        "response. Too early to call resistance from size alone."
    ),
    told="Medical oncologist to be told before the next cycle",
)
situation(
    "stable, after",
    (seen(BEFORE, "MR", "41 x 33 x 30"), seen(NOW, "MR", "36 x 30 x 28")),
    DONE + CANCER,
    line_1="Left breast: STABLE DISEASE after completed treatment.",
    told=(
        "IMMEDIATE multidisciplinary discussion (radiologist, surgeon, medical oncologist): "
        "stable disease after a full course."
    ),
)
situation(
    "stable, therapy not stated",
    (seen(BEFORE, "US", "28"), seen(NOW, "US", "26")),
    CANCER,
    line_1=(
        "Left breast: STABLE DISEASE, against 2026-01-10, TAKEN AS BASELINE because it is the "
        "earliest study: therapy dates are not stated."
    ),
    told=("IMMEDIATE multidisciplinary discussion (radiologist, surgeon, medical oncologist): stable disease."),
)
situation(
    "no enhancement on MRI, US still measures",
    (seen(BEFORE, "MR", "31"), seen(BEFORE, "US", "28"), seen(NOW, "MR"), seen(NOW, "US", "6 x 5 x 4")),
    DONE + CANCER,
    line_1=(
        "Left breast: NOT A COMPLETE RESPONSE. At the coil, 2 o'clock: no enhancement on MRI "
        "(baseline 31 mm), but US measures 6 x 5 x 4 mm (baseline 28 mm, -78.6 %). The "
        "modalities disagree; largest residual 6 mm (US)."
    ),
    told="Tumour board (radiologist, surgeon, medical oncologist) before surgery is fixed",
)
situation(
    "baseline MRI, now US only",
    (seen(BEFORE, "MR", "34 x 30 x 26"), seen(NOW, "US", "20 x 15 x 14")),
    DONE + CANCER,
    line_1=(
        "Left breast: RESPONSE NOT EVALUABLE. Baseline MRI 34 x 30 x 26 mm, now US only: 20 x 15 "
        "x 14 mm. Not comparable: no percentage, no category."
    ),
    told="Surgeon to be told before the operation",
)
situation(
    "larger now, on another modality",
    (seen(BEFORE, "MR", "34"), seen(NOW, "US", "40")),
    DONE + CANCER,
    line_1=(
        "Left breast: RESPONSE NOT EVALUABLE. Baseline MRI 34 mm, now US only: 40 mm. Not "
        "comparable: no percentage, no category. Larger now than at baseline, though on another "
        "modality: L1."
    ),
    told="Tumour board",
)
situation(
    "near-complete",
    (seen(BEFORE, "MR", "30"), seen(NOW, "MR", "3")),
    DONE + CANCER + FLAG.format("near_complete"),
    line_1=("Left breast: PARTIAL RESPONSE, NEAR-COMPLETE [entered]. 30 -> 3 mm on MRI (-90 %), at the coil."),
    told="None required.",
)
situation(
    "near-complete, nothing measurable",
    GONE,
    DONE + CANCER + FLAG.format("near_complete"),
    line_1="Left breast: NOTHING MEASURABLE, NEAR-COMPLETE [entered].",
    told="None required.",
)
situation(
    "regrowth short of progression, after",
    (seen(BEFORE, "MR", "100"), seen(DURING, "MR", "60"), seen(NOW, "MR", "71")),
    DONE + CANCER,
    line_1=(
        "Left breast: PARTIAL RESPONSE, HELD, WITH REGROWTH. MRI 100 -> 60 -> 71 mm: -29 % "
        "against baseline (short of -30 %), +11 mm (+18.3 %) since the smallest. Not progression "
        "by size."
    ),
    told="Medical oncologist and surgeon to be told before the operation",
)
situation(
    "regrowth short of progression, during",
    HELD,
    ONGOING + CANCER,
    line_1="Left breast: PARTIAL RESPONSE, HELD, WITH REGROWTH. MRI 100 -> 60 -> 71 mm",
    told="Medical oncologist to be told before the next cycle",
)
situation(
    "regrowth of 5 mm or more",
    (seen(BEFORE, "MR", "100"), seen(DURING, "MR", "40"), seen(NOW, "MR", "46")),
    DONE + CANCER,
    line_1=(
        "Left breast: PARTIAL RESPONSE after completed treatment. Mass at 2 o'clock, MRI 100 -> "
        "46 mm (-54 %). Growth since the smallest: MRI 100 -> 40 -> 46 mm (+6 mm, +15 %), not "
        "progression by size."
    ),
    told="Medical oncologist and surgeon to be told before the operation",
)
situation(
    "regrowth to be confirmed",
    (seen(BEFORE, "MR", "30"), seen(DURING, "MR"), seen(NOW, "MR", "3")),
    DONE + CANCER,
    line_1=(
        "Left breast: PARTIAL RESPONSE after completed treatment. Mass at 2 o'clock, MRI 30 -> 3 "
        "mm (-90 %). Regrowth, to be confirmed: MRI 30 -> 0 -> 3 mm (+3 mm), not progression by "
        "size."
    ),
    told="Medical oncologist and surgeon to be told before the operation",
)
situation(
    "partial on MRI, regrown on US",
    (
        *(seen(BEFORE, "MR", "58"), seen(BEFORE, "US", "52"), seen(DURING, "US", "21")),
        *(seen(NOW, "MR", "30"), seen(NOW, "US", "30")),
    ),
    DONE + CANCER,
    line_1=(
        "URGENT. Left breast: PROGRESSIVE on US, 52 -> 21 -> 30 mm (+9 mm, +42.9 % since the "
        "smallest); MRI 58 -> 30 mm (-48.3 %) has no study in between."
    ),
    told=(
        "IMMEDIATE: medical oncologist and surgeon, by direct contact, within the time set by "
        "the site for urgent results; multidisciplinary meeting (radiologist, surgeon, medical "
        "oncologist)."
    ),
)
situation(
    "progressive by size",
    (seen(BEFORE, "MR", "30"), seen(DURING, "MR", "40")),
    ONGOING + CANCER,
    line_1=(
        "URGENT. Left breast: PROGRESSIVE DISEASE during treatment. Mass at 2 o'clock: MRI 30 -> "
        "40 mm (+10 mm, +33.3 % since the smallest)."
    ),
    told="IMMEDIATE: medical oncologist and surgeon, by direct contact",
)
situation(
    "progressive by reappearance",
    (seen(BEFORE, "MR", "30"), seen(DURING, "MR"), seen(NOW, "MR", "8")),
    DONE + CANCER,
    line_1=(
        "URGENT. Left breast: PROGRESSIVE DISEASE after completed treatment. Mass at 2 o'clock "
        "has come back on MRI: 8 mm, after it was no longer seen on 2026-04-01."
    ),
    told="IMMEDIATE: medical oncologist and surgeon, by direct contact",
)
situation(
    "progressive node",
    (
        *(seen(BEFORE, "MR", "30"), node(BEFORE, "16", "5", "effaced")),
        *(seen(DURING, "MR", "15"), node(DURING, "22", "9", "absent")),
    ),
    ONGOING + CANCER,
    line_1=("URGENT. Left axilla: PROGRESSIVE DISEASE: node N1, US 16 -> 22 mm (+6 mm, +37.5 % since the smallest)."),
    told="IMMEDIATE: medical oncologist and surgeon, by direct contact",
)
situation(
    "therapy dates not stated",
    (seen("2026-01-08", "US", "28"), seen(NOW, "US", "12")),
    CANCER,
    line_1=(
        "Left breast: PARTIAL RESPONSE on US, 28 -> 12 mm (-57.1 %), against 2026-01-08, TAKEN "
        "AS BASELINE because it is the earliest study: therapy dates are not stated."
    ),
    told="None required.",
)
situation(
    "new finding on MRI only",
    (
        *(seen(BEFORE, "MR", "30"), seen(NOW, "MR", "10")),
        seen(NOW, "MR", "8 x 6 x 6", "L2", **NEW, covered_before="no", birads="4"),
    ),
    DONE + CANCER,
    line_1=(
        "Left breast: NEW FINDING, NOT CLASSIFIED AS PROGRESSION: mass at 6 o'clock, 8 x 6 x 6 "
        "mm on MRI. No earlier MRI covers this area [entered]. Biopsy decides. BI-RADS 4 [entered]."
    ),
    told="PROMPT: medical oncologist, by direct contact",
)
situation(
    "new finding, contralateral",
    (*(seen(BEFORE, "MR", "30"), seen(NOW, "MR", "10")), seen(NOW, "MR", "9", "R1", **NEW, side="right")),
    DONE + CANCER,
    line_1=("Right breast: NEW FINDING, NOT CLASSIFIED AS PROGRESSION: mass at 6 o'clock, 9 mm on MRI."),
    told="PROMPT: medical oncologist, by direct contact",
)
situation(
    "new cancer of the other side",
    (
        *(seen(BEFORE, "MR", "30"), seen(NOW, "MR", "10")),
        seen(NOW, "MR", "9", "R1", **{**NEW, "biopsy_result": "malignant"}, side="right"),
    ),
    DONE + CANCER,
    line_1=(
        "Right breast: NEW CANCER of this side, proven by biopsy: mass at 6 o'clock, 9 mm on "
        "MRI. Not progression of the cancer under treatment."
    ),
    told="PROMPT: medical oncologist, by direct contact",
)
situation(
    "indeterminate after MRI",
    (seen(BEFORE, "MR", "30"), seen(NOW, "MR", "12")),
    DONE + CANCER + FLAG.format("indeterminate"),
    line_1=(
        "Left breast: INDETERMINATE. At the marker (2 o'clock) MRI shows an area of 12 mm; "
        "fibrosis and residual tumour cannot be told apart. Baseline mass 30 mm. No response "
        "category is given: 12 mm (-60 %) is the largest residual if all of it is tumour, not a "
        "measured tumour size."
    ),
    told="Tumour board (radiologist, surgeon, medical oncologist) before surgery is fixed",
)
situation(
    "indeterminate beside stable",
    (seen(BEFORE, "US", "30"), seen(NOW, "US", "28")),
    DONE + CANCER + FLAG.format("indeterminate"),
    line_1=(
        "Left breast: STABLE DISEASE after completed treatment. Mass at 2 o'clock, US 30 -> 28 "
        "mm (-6.7 %; smallest so far 28 mm, the present size). A decrease, but short of a partial response. "
        "INDETERMINATE [entered] beside it: if all of it is tumour, stable disease; the next "
        "step below comes before the extent is decided."
    ),
    told="IMMEDIATE multidisciplinary discussion",
)
situation(
    "not measurable",
    (
        row(BEFORE, "MR", "S1", kind="skin", status="present", biopsy_result="malignant"),
        row(NOW, "MR", "S1", kind="skin", status="present", biopsy_result="malignant"),
    ),
    DONE + CANCER,
    line_1="Left breast: DISEASE PERSISTS, NOT MEASURABLE. No degree of response is claimed.",
    told="Tumour board",
)
situation(
    "clinical worsening",
    MR_SD,
    ONGOING + CANCER + '[[clinical]]\nside = "left"\nworsening = true\n',
    line_1="URGENT. Left breast: CLINICAL WORSENING [entered].",
    told="IMMEDIATE: medical oncologist and surgeon, by direct contact",
)
situation(
    "no baseline",
    (seen(DURING, "MR", "30"), seen(NOW, "MR", "20")),
    DONE + CANCER,
    line_1="Left breast: RESPONSE NOT EVALUABLE. No baseline is at hand. Now MRI only: 20 mm.",
    told="Surgeon to be told before the operation",
)
situation(
    "no baseline, growth",
    (seen(DURING, "MR", "20"), seen(NOW, "MR", "30")),
    DONE + CANCER,
    line_1=(
        "URGENT. Left breast: GROWTH THAT MEETS THE RULE OF PROGRESSION, between the studies at "
        "hand (no baseline): mass at 2 o'clock, MRI 20 -> 30 mm (+10 mm, +50 % since the "
        "smallest)."
    ),
    told="IMMEDIATE: medical oncologist and surgeon, by direct contact",
)
situation(
    "a site without a row",
    (seen(BEFORE, "MR", "34"), seen(BEFORE, "MR", "20", "L2", clock="5"), seen(NOW, "MR", "10")),
    DONE + CANCER,
    line_1=(
        "Left breast: RESPONSE NOT EVALUABLE. L1, 2 o'clock: MRI 34 -> 10 mm (-70.6 %), partial "
        "response. L2, 5 o'clock: baseline MRI 20 mm; no usable value at this time point (MRI: no value "
        "given)."
    ),
    told="Surgeon to be told before the operation",
)
situation(
    "baseline",
    (seen(BEFORE, "MR", "34 x 30 x 26"),),
    '[therapy]\nstatus = "not_started"\n' + CANCER,
    line_1="Left breast: BASELINE, no response category. Mass at 2 o'clock: MRI 34 x 30 x 26 mm.",
    told="None required.",
)
situation(
    "one time point, therapy not stated",
    (seen(BEFORE, "MR", "34"),),
    CANCER,
    line_1=("Left breast: BASELINE, no response category: one time point, and therapy dates are not stated."),
    told="None required.",
)
situation(
    "screening",
    (row(BEFORE, "MR", "L1", "34"),),
    'indication = "screening"\n',
    line_1="Outside the guideline topic",
    told="None",
)
situation(
    "complete, US only",
    (seen(BEFORE, "US", "20"), seen(NOW, "US")),
    DONE + CANCER,
    line_1=(
        "Left breast: COMPLETE RESPONSE ON IMAGING (US only). The 20 mm mass at 2 o'clock is no "
        "longer visible on US. Imaging cannot exclude residual tumour: pathology is the "
        "reference."
    ),
    told="None required.",
)
situation(
    "complete, palpable",
    GONE,
    DONE + CANCER + '[[clinical]]\nside = "left"\npalpable = true\n',
    line_1="Left breast: COMPLETE RESPONSE ON IMAGING (MRI only).",
    told=(
        "Tumour board (radiologist, surgeon, medical oncologist) before surgery is fixed: "
        "examination and imaging disagree."
    ),
)
situation(
    "complete beside partial",
    (
        *(seen(BEFORE, "MR", "30", "A"), seen(BEFORE, "MR", "20", "B", clock="6")),
        *(seen(NOW, "MR", "10", "A"), seen(NOW, "MR", lesion="B", clock="6")),
    ),
    DONE + CANCER,
    line_1=(
        "Left breast: PARTIAL RESPONSE after completed treatment (MRI); site by site:\nA 2 "
        "o'clock: 30 -> 10 mm, -66.7 %, partial response\nB 6 o'clock: 20 mm -> no enhancement, "
        "complete on imaging"
    ),
    told="None required.",
)
situation(
    "too small to measure",
    (seen(BEFORE, "MR", "30"), seen(NOW, "MR", status="too_small")),
    DONE + CANCER,
    line_1=(
        "Left breast: PARTIAL RESPONSE after completed treatment. Mass at 2 o'clock, MRI 30 mm "
        "-> too small to measure (counted as 5 mm) (-83.3 %)."
    ),
    told="None required.",
)
