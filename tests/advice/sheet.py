"""The sheet of advice: scenes that lead to every row, and what each gives, one line a timing.

`python -m tests.advice.sheet` prints it; `sheet.txt` beside this file holds what was read through and found right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from reporter.advice.interface import Advice, Note, Step, Timing
from reporter.case.facts import Axilla, Clinical, Diagnosis, Facts, Radiologist, Therapy
from reporter.case.length import mm
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, ClinicalNode, Indication, Kind, Modality, Side, TherapyKind
from reporter.response.interface import (
    Calcifications,
    Category,
    Discordance,
    DiscordanceKind,
    Headline,
    MarkerState,
    NewFindingClass,
    NodeCourse,
    Progression,
    ProgressionKind,
    Regrowth,
    Verdict,
)
from tests.advice.factory import (
    ANSWERED,
    THERAPY,
    Scene,
    axilla,
    breast,
    composed,
    examined,
    flagged,
    marker,
    new_finding,
    node,
    point,
    scene,
    site,
    with_axilla,
)

FOLLOW_UP = (Timing.DURING, Timing.AFTER, Timing.END_LABELLED, Timing.UNSTATED)
ROUTED = with_axilla(Axilla(clinical_node=ClinicalNode.NEGATIVE, known_positive=False, previously_imaged=False))
US_MG = (Modality.US, Modality.MG)
US = (Modality.US,)
TWO = (site("A", Category.PR), site("B", Category.SD))
UNSEEN = marker(state=MarkerState.NOT_SEEN)
CALCIFIED = (Calcifications(lesion_id="L1", baseline=mm(12), now=None, change=None, assessed_now=True),)
CALCIFIED_UNSEEN = (replace(CALCIFIED[0], assessed_now=False),)
REGROWN = Regrowth(
    lesion_id="L1", modality=Modality.MR, baseline=mm(100).mm, smallest=mm(60).mm, smallest_time_point=0, now=mm(71).mm
)
GROWN = Progression(
    kind=ProgressionKind.SITE,
    modality=Modality.US,
    lesion_id="L1",
    verdict=Verdict(category=Category.PD, rule="test"),
    without_baseline=True,
)
NON_MASS = (Lesion(id="L1", kind=Kind.NON_MASS, organ="breast", side=Side.LEFT),)
LOBULAR = (Diagnosis(side=Side.LEFT, confirmed=True, histology="invasive lobular carcinoma"),)
INDETERMINATE = flagged(Radiologist(indeterminate=True))
NEAR = flagged(Radiologist(near_complete=True))
LARGE = flagged(Radiologist(residual_large=True))
NOT_SEEN_AXILLA = (axilla(assessed=False),)


Make = Callable[[Timing], Scene]


def _immuno(timing: Timing) -> Therapy:
    return replace(THERAPY[timing], kinds=(TherapyKind.IMMUNOTHERAPY,))


SCENES: dict[str, Make] = {
    "A1 no cancer": lambda t: scene(
        t,
        breast(Category.PD, site(benign=True)),
        facts=replace(ANSWERED, diagnosis=(Diagnosis(side=Side.LEFT, confirmed=False),)),
    ),
    "A1 screening, worsening": lambda t: scene(
        t, facts=replace(examined(Clinical(worsening=True)), indication=Indication.SCREENING)
    ),
    "A3 worsening": lambda t: scene(t, breast(Category.CR), facts=examined(Clinical(worsening=True))),
    "A4 examination disagrees, US only": lambda t: scene(
        t, breast(modalities=US), facts=examined(Clinical(exam_agrees=False)), now=US
    ),
    "A5 no baseline": lambda t: scene(t, breast(Category.NE), baseline=None),
    "A5 no baseline, growth": lambda t: scene(t, replace(breast(Category.NE), progressions=(GROWN,)), baseline=None),
    "B1 complete": lambda t: scene(t, breast(Category.CR), facts=ROUTED),
    "B1 complete, calcifications": lambda t: scene(t, replace(breast(Category.CR), calcifications=CALCIFIED)),
    "B2 marker not seen": lambda t: scene(t, breast(Category.CR, markers=[UNSEEN])),
    "B2 marker not seen, US only, calcifications": lambda t: scene(
        t, replace(breast(Category.CR, markers=[UNSEEN], modalities=US), calcifications=CALCIFIED), now=US
    ),
    "B2 one of two beds": lambda t: scene(
        t, breast(Category.CR, site("A", Category.CR), site("B", Category.CR), markers=[marker("A")])
    ),
    "B3 partial": scene,
    "B3 partial, large, calcifications": lambda t: scene(t, replace(breast(), calcifications=CALCIFIED), facts=LARGE),
    "B3 still measured on US": lambda t: scene(
        t,
        breast(
            Category.CR,
            replace(site(category=Category.CR), still_measured=(point("L1", Modality.US, 6),)),
            headline=Headline.NOT_COMPLETE,
        ),
    ),
    "B4 stable": lambda t: scene(t, breast(Category.SD)),
    "B5 progressive": lambda t: scene(t, breast(Category.PD)),
    "B5 progressive, immunotherapy, spread suspected": lambda t: scene(
        t, breast(Category.PD), facts=replace(ANSWERED, suspicion_distant=True), therapy=_immuno(t)
    ),
    "B5 new lesion, no MRI": lambda t: scene(
        t,
        breast(Category.PD, new_findings=[new_finding(NewFindingClass.PROGRESSION)], modalities=US_MG),
        now=US_MG,
    ),
    "B5 new lesion, proven": lambda t: scene(
        t,
        breast(
            Category.PD,
            new_findings=[new_finding(NewFindingClass.PROGRESSION, biopsy=BiopsyResult.MALIGNANT)],
        ),
    ),
    "B5 progressive, no MRI": lambda t: scene(t, breast(Category.PD, modalities=US_MG), now=US_MG),
    "B6 indeterminate, no MRI": lambda t: scene(
        t, breast(headline=Headline.INDETERMINATE, modalities=US_MG), facts=INDETERMINATE, now=US_MG
    ),
    "B6 indeterminate, no MRI ever": lambda t: scene(
        t,
        replace(breast(headline=Headline.INDETERMINATE, modalities=US_MG), modalities_saw_baseline=US_MG),
        facts=INDETERMINATE,
        now=US_MG,
        baseline=US_MG,
    ),
    "B6 indeterminate, MRI impossible": lambda t: scene(
        t,
        breast(headline=Headline.INDETERMINATE, modalities=US_MG),
        facts=replace(INDETERMINATE, mri_possible=False),
        now=US_MG,
    ),
    "B7 indeterminate, MRI done": lambda t: scene(t, breast(headline=Headline.INDETERMINATE), facts=INDETERMINATE),
    "B7 beside stable": lambda t: scene(t, breast(Category.SD), facts=INDETERMINATE),
    "B6 beside progressive": lambda t: scene(t, breast(Category.PD, modalities=US_MG), facts=INDETERMINATE, now=US_MG),
    "B8 not evaluable": lambda t: scene(
        t,
        breast(Category.NE, site(category=Category.NE, baseline_on=(Modality.MR,)), modalities=US_MG),
        now=US_MG,
    ),
    "B8 larger elsewhere": lambda t: scene(t, replace(breast(Category.NE), larger_elsewhere=("L1",))),
    "B9 new finding": lambda t: scene(t, breast(new_findings=[new_finding()])),
    "B9 new finding, biopsy pending": lambda t: scene(
        t, breast(new_findings=[new_finding(biopsy=BiopsyResult.PENDING)])
    ),
    "B9 known site gone": lambda t: scene(
        t, breast(Category.CR, headline=Headline.KNOWN_SITE_GONE, new_findings=[new_finding()])
    ),
    "B9 known site gone, marker not seen": lambda t: scene(
        t,
        breast(Category.CR, headline=Headline.KNOWN_SITE_GONE, markers=[UNSEEN], new_findings=[new_finding()]),
    ),
    "B9 new cancer of the other breast": lambda t: scene(
        t,
        breast(),
        replace(
            breast(
                Category.NED,
                side=Side.RIGHT,
                markers=(),
                new_findings=[
                    new_finding(NewFindingClass.NEW_CANCER, "R1", side=Side.RIGHT, biopsy=BiopsyResult.MALIGNANT)
                ],
            ),
            sites=(),
        ),
    ),
    "B10 near-complete": lambda t: scene(t, breast(headline=Headline.NEAR_COMPLETE), facts=NEAR),
    "B10 near-complete, marker not seen, large, calcifications": lambda t: scene(
        t,
        replace(breast(headline=Headline.NEAR_COMPLETE, markers=[UNSEEN]), calcifications=CALCIFIED),
        facts=flagged(Radiologist(near_complete=True, residual_large=True)),
    ),
    "B10 near-complete, marker not seen, no mammography": lambda t: scene(
        t,
        breast(headline=Headline.NEAR_COMPLETE, markers=[UNSEEN], modalities=(Modality.US, Modality.MR)),
        facts=NEAR,
        now=(Modality.US, Modality.MR),
    ),
    "B10 near-complete, new finding": lambda t: scene(
        t, breast(headline=Headline.NEAR_COMPLETE, new_findings=[new_finding()]), facts=NEAR
    ),
    "B11 persistent": lambda t: scene(t, breast(Category.NON_CR_NON_PD)),
    "B4 mixed": lambda t: scene(t, breast(Category.MIXED, *TWO)),
    "B4 and B5 mixed, one not evaluable": lambda t: scene(
        t, breast(Category.MIXED, *TWO, site("C", Category.PD), site("D", Category.NE))
    ),
    "C1 US only": lambda t: scene(t, breast(modalities=US), now=US),
    "C2 non-mass, no MRI": lambda t: scene(t, breast(modalities=US_MG), now=US_MG, lesions=NON_MASS),
    "C2 lobular, MRI impossible": lambda t: scene(
        t,
        breast(modalities=US_MG),
        now=US_MG,
        facts=replace(ANSWERED, diagnosis=LOBULAR, mri_possible=False),
    ),
    "C3 calcifications, no mammography": lambda t: scene(
        t,
        replace(breast(modalities=(Modality.US, Modality.MR)), calcifications=CALCIFIED_UNSEEN),
        now=(Modality.US, Modality.MR),
    ),
    "C4 axilla not assessed": lambda t: scene(t, axillae=NOT_SEEN_AXILLA, facts=ROUTED),
    "C5 modalities disagree": lambda t: scene(
        t, replace(breast(), discordances=(Discordance(kind=DiscordanceKind.SIZE, lesion_id="L1"),))
    ),
    "C6 PET only": lambda t: scene(
        t,
        breast(Category.NE, site(category=Category.NE, results_on=(Modality.PT,)), modalities=()),
        now=(Modality.PT,),
    ),
    "C7 distant spread": lambda t: scene(t, facts=replace(ANSWERED, suspicion_distant=True)),
    "C8 node persistently abnormal": lambda t: scene(
        t, axillae=[axilla(Side.LEFT, node(NodeCourse.PERSISTENTLY_ABNORMAL))]
    ),
    "C8 node newly abnormal": lambda t: scene(t, axillae=[axilla(Side.LEFT, node(NodeCourse.NEWLY_ABNORMAL))]),
    "C9 unmarked and shrinking": lambda t: scene(t, breast(markers=[marker(state=MarkerState.NEVER_PLACED)])),
    "C9 unmarked node and shrinking": lambda t: scene(
        t,
        axillae=[axilla(Side.LEFT, node(NodeCourse.RESOLVED, marker_state=MarkerState.NEVER_PLACED, then=16, now=8))],
    ),
    "C10 regrowth": lambda t: scene(t, replace(breast(headline=Headline.PARTIAL_HELD), regrowths=(REGROWN,))),
    "D1 two sites, benign third, proven node": lambda t: scene(
        t,
        breast(Category.PR, site("A"), site("B"), site("C", Category.SD, benign=True)),
        axillae=[axilla(Side.LEFT, node(NodeCourse.RESOLVED, proven=True, marker_state=MarkerState.SEEN))],
    ),
    "D1 two sites without markers": lambda t: scene(t, breast(Category.PR, site("A"), site("B"), markers=())),
}
"""Name -> the scene at a timing."""

BEFORE: dict[str, Scene] = {
    "A2 not started": scene(Timing.BEFORE, breast(Category.BASELINE)),
    "A2 not started, MRI only": scene(
        Timing.BEFORE, breast(Category.BASELINE, modalities=(Modality.MR,)), now=(Modality.MR,)
    ),
    "A2 not started, no MRI, dense": scene(
        Timing.BEFORE, breast(Category.BASELINE, modalities=US_MG), now=US_MG, facts=composed("c")
    ),
    "A2 not started, a benign site alone": scene(
        Timing.BEFORE,
        breast(Category.BASELINE, site(category=Category.BASELINE, benign=True), modalities=(Modality.MR,)),
        now=(Modality.MR,),
        facts=Facts(suspicion_distant=False),
    ),
    "A2 not started, nodes suspicious": scene(
        Timing.BEFORE, breast(Category.BASELINE), facts=with_axilla(Axilla(imaging_suspicious=True))
    ),
    "A2 not started, axilla not assessed": scene(
        Timing.BEFORE,
        breast(Category.BASELINE),
        axillae=NOT_SEEN_AXILLA,
        facts=with_axilla(Axilla(clinical_node=ClinicalNode.POSITIVE, imaging_suspicious=False)),
    ),
    "A2 not started, two sites": scene(
        Timing.BEFORE, breast(Category.BASELINE, site("A", Category.BASELINE), site("B", Category.BASELINE))
    ),
}


def sheet() -> str:
    """Every scene at every timing."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    for name, made in BEFORE.items():
        yield f"== {name}"
        yield from _said("before", made.advise())
    for name, make in SCENES.items():
        yield f"== {name}"
        for timing in FOLLOW_UP:
            yield from _said(timing, make(timing).advise())


def _said(timing: str, advice: Advice) -> Iterator[str]:
    told = ", ".join(advice.escalation.told)
    direct = " by direct contact" if advice.escalation.direct_contact else ""
    rows = " ".join(match.row + _ids(match.lesion_ids) for match in advice.rows)
    yield f"{timing}: {rows} | {advice.escalation.urgency} {told}{direct}".rstrip()
    for label, parts in (
        ("steps", [_line(step) for step in advice.steps]),
        ("notes", [_line(note) for note in advice.notes]),
        ("wanted", [f"{s.procedure} ({s.purpose}, {'+'.join(s.rows)})" for s in advice.imaging if s.wanted]),
    ):
        if parts:
            yield f"  {label}: " + ", ".join(parts)


def _line(line: Step | Note) -> str:
    return line.id + _ids(line.lesion_ids)


def _ids(lesion_ids: tuple[str, ...]) -> str:
    return f"[{' '.join(lesion_ids)}]" if lesion_ids else ""


if __name__ == "__main__":
    print(sheet(), end="")  # ruff: ignore[print]
