"""The closed words of a guideline pack and its decision table, beside those of the interface.

A row of the table may name only these; each step, note and purpose has its sentence in the draft layer's phrases.
What may be said when is a law of this layer, not of the data: a site that edits the table cannot make a surgical
line appear during treatment (decision r).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from reporter.advice.interface import Timing


class Scenario(StrEnum):
    """Where the router leads (clinical ground 1.1); a pack maps those it covers to its variants."""

    BREAST_BEFORE = "breast.before_start"
    BREAST_STARTED = "breast.after_start"
    BREAST_NOT_STATED = "breast.not_stated"
    BREAST_URGENT = "breast.urgent_pathway"
    """Clinical worsening: the urgent pathway, not the variant's text (row A3)."""
    AXILLA_BEFORE_NEGATIVE = "axilla.before_start.node_negative"
    AXILLA_BEFORE_POSITIVE = "axilla.before_start.node_positive"
    AXILLA_BEFORE_SUSPICIOUS = "axilla.before_start.suspicious"
    AXILLA_DURING = "axilla.during"
    AXILLA_NEGATIVE_NEVER_IMAGED = "axilla.completed.negative_never_imaged"
    AXILLA_NEGATIVE_IMAGED = "axilla.completed.negative_imaged"
    AXILLA_POSITIVE_NEVER_IMAGED = "axilla.completed.positive_never_imaged"
    AXILLA_POSITIVE_IMAGED = "axilla.completed.positive_imaged"
    AXILLA_POSITIVE_CLINICALLY = "axilla.completed.positive_clinically_only"
    """Clinically positive, imaged before, not positive on that imaging."""
    AXILLA_CONTRADICTED = "axilla.contradicted"
    """The facts say that it was never imaged, and the measurements say otherwise."""
    AXILLA_PROOF_CONTRADICTED = "axilla.contradicted_by_biopsy"
    """The facts say that it was not known to be positive, and a node seen before is proven."""
    AXILLA_NOT_STATED = "axilla.not_stated"
    DISTANT_SUSPECTED = "distant.suspected"
    DISTANT_NOT_STATED = "distant.not_stated"
    OUT_MINOR = "out_of_scope.minor"
    OUT_NO_CANCER = "out_of_scope.no_cancer"
    OUT_SCREENING = "out_of_scope.screening"
    OUT_NOT_NEOADJUVANT = "out_of_scope.not_neoadjuvant"


class ProcedureKey(StrEnum):
    """Procedures that rows can ask for; each pack gives them its own names."""

    US_BREAST = "us_breast"
    MAMMOGRAPHY = "mammography"
    DBT = "dbt"
    MRI_CONTRAST = "mri_contrast"
    US_AXILLA = "us_axilla"
    NODE_CORE_BIOPSY = "node_core_biopsy"
    NODE_FNA = "node_fna"
    PET_CT = "pet_ct"
    CT_CHEST_ABDOMEN_PELVIS = "ct_chest_abdomen_pelvis"
    BONE_SCAN = "bone_scan"


class Want(StrEnum):
    """Which imaging a row asks for; worked out for the case in `studies.py`."""

    US_BREAST = "us_breast"
    MAMMOGRAPHY = "mammography"
    """Diagnostic mammography or DBT; either one will do."""
    MRI_CONTRAST = "mri_contrast"
    US_AXILLA = "us_axilla"
    NODE_BIOPSY = "node_biopsy"
    OTHER_MODALITY = "other_modality"
    """The other of US and mammography; MRI where a site was occult there (row C1)."""
    BASELINE_MODALITY = "baseline_modality"
    """The modality that measured at baseline what is not evaluable now (row B8)."""
    ANOTHER_MODALITY = "another_modality"
    """Whatever the breast variant rates usually appropriate and was not done now (rows A4, C5)."""
    STAGING = "staging"
    """PET/CT, or CT of chest, abdomen and pelvis with contrast together with a bone scan (row C7)."""


class Purpose(StrEnum):
    """Why a study is wanted."""

    BASELINE = "baseline"
    EXTENT_BEFORE_START = "extent_before_start"
    """Several tumours in dense tissue (S7)."""
    TRUE_EXTENT = "true_extent"
    RESIDUAL_ENHANCEMENT = "residual_enhancement"
    BASELINE_MODALITY = "baseline_modality"
    TUMOUR_BED = "tumour_bed"
    SECOND_MODALITY = "second_modality"
    LOBULAR_OR_NON_MASS = "lobular_or_non_mass"
    CALCIFICATIONS = "calcifications"
    AXILLA = "axilla"
    PROBLEM_SOLVING = "problem_solving"
    STAGING = "staging"
    NODE_SAMPLING = "node_sampling"


class StepId(StrEnum):
    """Lines of the recommendation: matters for the team, never orders (decision u)."""

    SEE_OTHER_TOPICS = "see_other_topics"
    URGENT_PATHWAY = "urgent_pathway"
    PROBLEM_SOLVING = "problem_solving"
    OBTAIN_BASELINE = "obtain_baseline"
    TARGETED_EXCISION = "targeted_excision"
    LOCALISE_MARKERS = "localise_markers"
    NAME_BENIGN_MARKERS = "name_benign_markers"
    SPECIMEN_RADIOGRAPH = "specimen_radiograph"
    LOCALISE_BED = "localise_bed"
    RESIDUAL_FOR_RESECTION = "residual_for_resection"
    DISCUSS_SURGICAL_EXTENT = "discuss_surgical_extent"
    EXACT_EXTENT = "exact_extent"
    DISCUSS_STABLE_OPTIONS = "discuss_stable_options"
    DISCUSS_RESPONSE = "discuss_response"
    RETHINK_STRATEGY = "rethink_strategy"
    BIOPSY_NEW_LESION = "biopsy_new_lesion"
    BIOPSY_IF_MRI_EQUIVOCAL = "biopsy_if_mri_equivocal"
    BIOPSY_INSTEAD_OF_MRI = "biopsy_instead_of_mri"
    EXTENT_NOT_ON_INDETERMINATE = "extent_not_on_indeterminate"
    CONSENSUS = "consensus"
    BIOPSY_INDETERMINATE = "biopsy_indeterminate"
    COMPLETE_MISSING_PART = "complete_missing_part"
    BIOPSY_NEW_FINDING = "biopsy_new_finding"
    SETTLE_PROVEN_FINDING = "settle_proven_finding"
    AWAIT_BIOPSY = "await_biopsy"
    OWN_BIRADS = "own_birads"
    ASSESS_NEW_CANCER = "assess_new_cancer"
    EXTENT_AS_DESCRIBED = "extent_as_described"
    STAGE_DISTANT = "stage_distant"
    STAGING_MADE = "staging_made"
    DISCUSS_NODE = "discuss_node"
    SAMPLE_NODE = "sample_node"
    MARK_NOW = "mark_now"
    MEASURE_AGAIN = "measure_again"
    PLAN_ON_LARGEST_AND_SPAN = "plan_on_largest_and_span"


class NoteId(StrEnum):
    """Remarks: warnings, cautions, explanations."""

    OUT_OF_SCOPE = "out_of_scope"
    BASELINE_REPORT = "baseline_report"
    CLINICAL_WORSENING = "clinical_worsening"
    EXAMINATION_DISAGREES = "examination_disagrees"
    NO_BASELINE = "no_baseline"
    GROWTH_WITHOUT_BASELINE = "growth_without_baseline"
    PATHOLOGY_REFERENCE = "pathology_reference"
    COMPLETE_RESPONSE_MATTERS = "complete_response_matters"
    CALCIFICATIONS_APART = "calcifications_apart"
    BED_NOT_CONFIRMED = "bed_not_confirmed"
    RESIDUAL_EXTENT = "residual_extent"
    TOO_EARLY = "too_early"
    INSUFFICIENT_AFTER_COURSE = "insufficient_after_course"
    STAGING_ONLY_IF_SUSPECTED = "staging_only_if_suspected"
    PSEUDOPROGRESSION = "pseudoprogression"
    NO_BASELINE_MRI = "no_baseline_mri"
    SCAR_OR_TUMOUR = "scar_or_tumour"
    MRI_NOT_POSSIBLE = "mri_not_possible"
    SIZES_NOT_COMPARABLE = "sizes_not_comparable"
    SITE_NOT_EVALUABLE = "site_not_evaluable"
    LARGER_ELSEWHERE = "larger_elsewhere"
    NOT_PROGRESSION = "not_progression"
    NEW_CANCER = "new_cancer"
    NEAR_COMPLETE_ENTERED = "near_complete_entered"
    NO_DEGREE_CLAIMED = "no_degree_claimed"
    ONE_MODALITY = "one_modality"
    ONE_MODALITY_AT_BASELINE = "one_modality_at_baseline"
    LOBULAR_OR_NON_MASS = "lobular_or_non_mass"
    CALCIFICATIONS_NEED_MAMMOGRAPHY = "calcifications_need_mammography"
    AXILLA_NOT_ASSESSED = "axilla_not_assessed"
    AXILLA_OTHER_TOPIC = "axilla_other_topic"
    MODALITIES_DISAGREE = "modalities_disagree"
    PET_NOT_FOR_LOCAL_SIZE = "pet_not_for_local_size"
    DISTANT_SUSPECTED = "distant_suspected"
    NODE_ABNORMAL = "node_abnormal"
    REACTIVE_NODE = "reactive_node"
    UNMARKED = "unmarked"
    REGROWTH = "regrowth"
    SITES_SEPARATELY = "sites_separately"
    SUM_HIDES_SITES = "sum_hides_sites"
    DIFFERENT_BIOLOGY = "different_biology"
    SCAR_HAMPERS_MAMMOGRAPHY = "scar_hampers_mammography"
    SCAR_OVERESTIMATES = "scar_overestimates"
    US_COMPLEMENTS_DENSE = "us_complements_dense"
    US_FIRST = "us_first"
    MRI_WITHOUT_CONTRAST = "mri_without_contrast"


SURGICAL_STEPS: Final = frozenset({
    StepId.TARGETED_EXCISION,
    StepId.LOCALISE_MARKERS,
    StepId.NAME_BENIGN_MARKERS,
    StepId.SPECIMEN_RADIOGRAPH,
    StepId.RESIDUAL_FOR_RESECTION,
    StepId.DISCUSS_SURGICAL_EXTENT,
    StepId.EXACT_EXTENT,
    StepId.DISCUSS_STABLE_OPTIONS,
    StepId.EXTENT_NOT_ON_INDETERMINATE,
    StepId.DISCUSS_NODE,
    StepId.PLAN_ON_LARGEST_AND_SPAN,
})
"""Shown after the course or at a time point labelled end, never else (decision r)."""

NOTE_TIMINGS: Final = {
    NoteId.COMPLETE_RESPONSE_MATTERS: frozenset({Timing.AFTER, Timing.END_LABELLED}),
    NoteId.TOO_EARLY: frozenset({Timing.DURING}),
    NoteId.INSUFFICIENT_AFTER_COURSE: frozenset({Timing.AFTER}),
}
"""Notes for some timings only: "too early" during, "full course" after (decision r, S25), surgery when it is next."""


def step_allowed(step: StepId, timing: Timing) -> bool:
    """Whether a step may be shown at a timing."""
    return timing.surgical or step not in SURGICAL_STEPS


def note_allowed(note: NoteId, timing: Timing) -> bool:
    """Whether a note may be shown at a timing."""
    return timing in NOTE_TIMINGS.get(note, {timing})
