"""The first model report, laid out by hand: what a full draft looks like to an exporter."""

from typing import Final

from reporter.draft.interface import (
    DRAFT_NOTICE,
    Align,
    Cell,
    Column,
    Draft,
    Heading,
    List,
    Notice,
    NoticeKind,
    Page,
    Paragraph,
    Table,
    plain,
)

PAGE: Final = Page(
    title="Response to neoadjuvant therapy",
    patient_name="SAMPLE^ONE",
    patient_id="SYN-0001",
    patient_line="ID SYN-0001 · 54 years",
    date="2026-07-15",
    department="Breast Imaging",
    institution="Department of Radiology · Example University Hospital",
)


def heading(text: str, level: int = 2) -> Heading:
    return Heading(level=level, content=plain(text))


def paragraph(text: str) -> Paragraph:
    return Paragraph(plain(text))


def ordered(*items: str) -> List:
    return List(ordered=True, items=tuple(plain(item) for item in items))


def bullets(*items: str) -> List:
    return List(ordered=False, items=tuple(plain(item) for item in items))


def table(heads: str, *rows: str, right: tuple[int, ...] = (), intro: str = "") -> Table:
    """Cells between `|`; the first column is strong."""
    columns = tuple(
        Column(name=f"c{place}", header=head.strip(), align=Align.RIGHT if place in right else Align.LEFT)
        for place, head in enumerate(heads.split("|"))
    )
    return Table(columns=columns, rows=tuple(_row(row) for row in rows), intro=plain(intro))


def _row(row: str) -> tuple[Cell, ...]:
    return tuple(plain(cell.strip(), strong=place == 0) for place, cell in enumerate(row.split("|")))


def notice(text: str = DRAFT_NOTICE) -> Notice:
    return Notice(kind=NoticeKind.DRAFT, content=plain(text, strong=True))


COMPLETE_RESPONSE: Final = Draft(
    page=PAGE,
    blocks=(
        notice(),
        heading("Response to neoadjuvant therapy - end of treatment, before surgery - left breast and axilla", 1),
        heading("Patient"),
        paragraph("SAMPLE^ONE, ID SYN-0001, 54 years"),
        heading("Exams"),
        paragraph(
            "2026-07-13 US left breast and axilla; diagnostic mammography with DBT, both sides\n"
            "2026-07-15 MRI both breasts without and with IV contrast (one time point)"
        ),
        heading("Clinical information"),
        paragraph(
            "Left invasive ductal carcinoma, grade 3, triple negative, locally advanced; one biopsy-proven left"
            " axillary node (both biopsied 2026-01-12; coil in the mass, ribbon in the node). Chemotherapy 2026-02-02"
            " to 2026-06-29, completed. Mass palpable at start (60 mm), not palpable now. Postmenopausal. Suspicion of"
            " distant spread: no. Operation: not yet decided."
        ),
        heading("Technique"),
        paragraph(
            "US 15 MHz linear. Mammography/DBT CC and MLO. MRI 3 T, prone, dynamic gadolinium series, 1.0 mm slices,"
            " diagnostic quality [entered]."
        ),
        heading("Comparison"),
        paragraph(
            "Baseline: US, mammography/DBT 2026-01-08 (before biopsy); MRI 2026-01-22 (10 days after biopsy, no"
            " haematoma [entered]). During treatment: US 2026-04-20."
        ),
        heading("Findings"),
        paragraph("Breast composition: heterogeneously dense (c). Background enhancement: minimal, baseline mild."),
        heading("Site L1, left 2 o'clock, 6 cm from nipple, middle depth (biopsied, malignant, marked)", 3),
        table(
            "|baseline|2026-04-20|now|change from baseline",
            "MRI|58 x 46 x 44 mm|not done|no enhancement|-100 % (size of record)",
            "US|52 x 41 x 36 mm|21 x 16 x 14 mm|no mass|-100 %",
            "MG/DBT|55 mm|not done|no mass; distortion|mass not seen",
        ),
        paragraph(
            "Calcifications: none at baseline, none now. Skin, nipple, pectoral muscle, chest wall: normal. Rest of"
            " left breast and right breast: no suspicious finding."
        ),
        heading("Tumour bed"),
        paragraph("Coil seen on US, DBT and MRI in the original position, 16 mm from the skin. Not displaced."),
        heading("Axilla"),
        paragraph(
            "Node N1, left level I (biopsy-proven), US: short axis 17 -> 11 -> 7 mm, cortex 8 -> 4 -> 2.5 mm, hilum"
            " absent -> effaced -> preserved; ribbon seen in it. MRI short axis 16 -> 7 mm. Abnormal nodes: 2 at"
            " baseline, 0 now. Level II-III and internal mammary: none abnormal (MRI). Supraclavicular: not imaged."
        ),
        heading("Response"),
        paragraph("Criteria: per-site, an adaptation of RECIST 1.1; one modality compared with itself."),
        table(
            "Lesion|Modality|Baseline|Smallest|Now|Change",
            "L1|MRI|58 mm|58 mm|0 mm|-100 %",
            "L1|US|52 mm|21 mm|0 mm|-100 %",
            "N1|US|17 mm|11 mm|7 mm|-58.8 %",
            right=(2, 3, 4, 5),
            intro="Longest diameter of the site, short axis of the node",
        ),
        paragraph("Sum L1 + N1: MRI 74 -> 7 mm; US 69 -> 32 -> 7 mm. The remaining 7 mm is the normal-sized node."),
        heading("Impression"),
        ordered(
            "Left breast: COMPLETE RESPONSE ON IMAGING. The 58 mm mass at 2 o'clock is no longer visible on MRI, US or"
            " DBT and no longer palpable; no calcifications. Imaging cannot exclude residual tumour: pathology is the"
            " reference.",
            "Left axilla: the biopsy-proven node now looks normal (7 mm, cortex 2.5 mm). A normal-looking node does not"
            " exclude residual nodal disease.",
            "The original tumour bed is confirmed by the coil, the node by the ribbon.",
            "BI-RADS [entered]: left 6 (known malignancy, surgery pending), right 1.",
        ),
        heading("Recommendation"),
        paragraph("Matters for the treating team, not orders."),
        bullets(
            "Surgery: excision targeted on the marked bed, or mastectomy if planned. Localise coil and ribbon before"
            " surgery; specimen radiograph to show that both are out.",
            "Imaging: none outstanding. US (0 mSv), mammography/DBT (0.1-1 mSv) and MRI without and with contrast (0"
            " mSv), each Usually Appropriate here, are done [ACR topic 235, 2022, variant 2].",
        ),
        heading("Escalation"),
        paragraph("None required. Planned pre-operative multidisciplinary meeting."),
        heading("Open points"),
        Notice(
            kind=NoticeKind.NOTE,
            content=plain("To be settled before signing:"),
            items=(
                plain("Not provided: supraclavicular imaging."),
                plain("Not provided: distance of the bed from the nipple on MRI."),
            ),
        ),
        heading("Basis"),
        table(
            "Statement|Because|Source",
            "Complete response, L1|absent on MRI and US now, size of record 58 mm at baseline|rule per-site target.cr",
            "Node N1 normal|short axis 7 mm, below 10 mm|table row 12",
            "Smallest size|computed over 2026-01-08, 2026-04-20 and 2026-07-13|table rows 1-14",
        ),
        paragraph("Table rows 1-14; rules per-site v1; pack acr-235-2022; default settings."),
    ),
)
