"""Figures: every number in them is one of the case's, a blank is a gap, and what is not drawn is said."""

import datetime as dt
from decimal import Decimal
from typing import Final

import pytest

from reporter.draft.drawing import Clock, Course, Span, Trend
from reporter.draft.fields import fields
from reporter.draft.figures import clock, figures, trend
from reporter.draft.interface import Figure, List, Paragraph, Report, Table, plain, words
from reporter.draft.markup import blocks
from reporter.draft.memo import blocks as recalled
from reporter.draft.rendering import Rendered
from reporter.draft.speaker import Speaker
from reporter.errors import SetupError
from tests.draft.cases import kit, report, row

FIRST, THEN, NOW = "2026-01-10", "2026-04-01", "2026-07-01"
THERAPY: Final = '[therapy]\nkinds = ["chemotherapy"]\nstart = 2026-02-01\nend = 2026-06-20\n'


def speaker(made: Report) -> Speaker:
    return Speaker(report=made, phrases=kit().writer.phrases)


def drawn(*rows: dict[str, str], facts: str = THERAPY) -> Figure:
    figure = trend(speaker(report(rows, facts)))
    assert figure is not None
    return figure


def courses(figure: Figure) -> tuple[Course, ...]:
    assert isinstance(figure.drawing, Trend)
    return figure.drawing.courses


def cells(figure: Figure) -> list[list[str]]:
    (table,) = figure.told
    assert isinstance(table, Table)
    return [[words(cell) for cell in line] for line in table.rows]


def test_a_course_has_the_size_of_record_of_each_time_point() -> None:
    figure = drawn(
        row(FIRST, "MR", "L1", "40 x 30"),
        row(FIRST, "US", "L1", "38 x 30"),
        row(THEN, "MR", "L1", "2.1 x 1", unit="cm"),
        row(NOW, "MR", "L1", "30.5 x 10"),
        row(NOW, "US", "L1", "29 x 10"),
    )
    assert isinstance(figure.drawing, Trend)
    assert figure.drawing.dates == (dt.date(2026, 1, 10), dt.date(2026, 4, 1), dt.date(2026, 7, 1))
    assert courses(figure) == (
        Course(name="L1 mass, left 2 o'clock, MRI", sizes=(Decimal(40), Decimal(21), Decimal("30.5")), smallest=1),
    )
    assert figure.drawing.spans == (Span(name="chemotherapy", start=dt.date(2026, 2, 1), end=dt.date(2026, 6, 20)),)
    assert cells(figure) == [["L1 mass, left 2 o'clock, MRI", "40 mm", "21 mm (smallest)", "30.5 mm"]]
    assert [words(remark) for remark in figure.remarks] == ["Chemotherapy 2026-02-01 to 2026-06-20."]
    assert figure.alt.endswith("MRI: 40 mm 2026-01-10, 21 mm (smallest) 2026-04-01, 30.5 mm 2026-07-01.")


@pytest.mark.parametrize("state", ["not_evaluable", "not_imaged", None])
def test_what_was_not_measured_is_a_gap_and_never_0(state: str | None) -> None:
    between = [row(THEN, "MR", "L1", status=state)] if state else [row(THEN, "US", "L1", "20 x 10")]
    figure = drawn(
        row(FIRST, "MR", "L1", "40 x 30"),
        *between,
        row(NOW, "MR", "L1", "10 x 10"),
        row(FIRST, "US", "N1", "16"),
        row(THEN, "US", "N1", "12"),
        row(NOW, "US", "N1", "8"),
    )
    assert [course.sizes[1] for course in courses(figure)] == [None, Decimal(12)]
    assert "0 mm" not in cells(figure)[0][2]


def test_a_lesion_no_longer_seen_stands_at_0_and_is_said_in_words() -> None:
    figure = drawn(row(FIRST, "MR", "L1", "40 x 30"), row(NOW, "MR", "L1", status="absent"))
    assert courses(figure)[0].sizes == (Decimal(40), Decimal(0))
    assert cells(figure)[0][2] == "no enhancement (smallest)"


def test_one_time_point_with_sizes_is_no_trend() -> None:
    made = speaker(report((row(FIRST, "MR", "L1", "40 x 30"), row(NOW, "MR", "L1", status="not_evaluable"))))
    assert trend(made) is None
    assert fields(made).figures.trend is False


def test_a_new_finding_has_its_size_now_and_a_benign_lesion_none() -> None:
    figure = drawn(
        row(FIRST, "MR", "L1", "40 x 30"),
        row(FIRST, "MR", "L9", "9 x 9", biopsy_result="benign"),
        row(NOW, "MR", "L1", "10 x 10"),
        row(NOW, "MR", "L9", "9 x 9", biopsy_result="benign"),
        row(NOW, "MR", "L2", "7 x 5", role="new", covered_before="yes"),
    )
    assert [(course.name.split()[0], course.sizes, course.smallest) for course in courses(figure)] == [
        ("L1", (Decimal(40), Decimal(10)), 1),
        ("L2", (None, Decimal(7)), None),
    ]


def test_a_lesion_without_a_size_of_record_is_named() -> None:
    figure = drawn(
        row(FIRST, "MR", "L1", "40 x 30"),
        row(FIRST, "US", "L2", "12 x 9", clock="5"),
        row(NOW, "MR", "L1", "10 x 10"),
        row(NOW, "US", "L2", status="not_evaluable", clock="5"),
    )
    named = {course.name.split()[0] for course in courses(figure)}
    remarks = " ".join(words(remark) for remark in figure.remarks)
    assert ("L2" in named) != ("Without a size of record: L2." in remarks)


def test_a_smaller_size_that_is_not_drawn_leaves_the_smallest_unmarked() -> None:
    figure = drawn(
        row(FIRST, "MR", "L1", "40 x 30"),
        row("2026-03-25", "MR", "L1", "8 x 6"),
        row("2026-04-01", "MR", "L1", "12 x 6"),
        row(NOW, "MR", "L1", "10 x 10"),
    )
    (course,) = courses(figure)
    assert course.smallest is None or min(size for size in course.sizes if size is not None) == Decimal(8)


def test_therapy_without_an_end_is_marked_from_its_start() -> None:
    rows = (row(FIRST, "MR", "L1", "40 x 30"), row(NOW, "MR", "L1", "10 x 10"))
    going = drawn(*rows, facts="[therapy]\nstart = 2026-02-01\n")
    assert [words(remark) for remark in going.remarks] == ["Therapy from 2026-02-01."]


def test_the_clock_has_the_sites_of_both_breasts_by_hour_and_distance() -> None:
    rows = (
        row(NOW, "MR", "L1", "40 x 30", nipple_distance="60"),
        row(NOW, "MR", "L2", "12 x 9", clock="9", side="right"),
        row(NOW, "MR", "L3", "12 x 9", clock="", location="UOQ"),
        row(NOW, "US", "N1", "16"),
    )
    figure = clock(speaker(report(rows)))
    assert figure is not None
    assert isinstance(figure.drawing, Clock)
    spots = {d.name: [(s.label, s.hour, s.distance) for s in d.spots] for d in figure.drawing.dials}
    assert spots == {"right breast": [("L2", 9, None)], "left breast": [("L1", 2, Decimal(60))]}
    (told,) = figure.told
    assert isinstance(told, List)
    assert [words(item) for item in told.items] == [
        "L1, mass: left 2 o'clock, 6 cm from nipple",
        "L2, mass: right 9 o'clock",
    ]
    assert [words(remark) for remark in figure.remarks] == ["Without an hour: L3."]
    assert "not stated" in words(figure.key)


def test_without_an_hour_there_is_no_clock() -> None:
    made = speaker(report((row(NOW, "MR", "L1", "40 x 30", clock="", location="UOQ"),)))
    assert clock(made) is None
    assert fields(made).figures.clock is False


SPEAKER: Final = speaker(report((row(FIRST, "MR", "L1", "40 x 30"), row(NOW, "MR", "L1", "10 x 10")), THERAPY))


@pytest.mark.parametrize("parse", [blocks, recalled])
def test_a_template_places_a_figure_with_its_caption(parse: object) -> None:
    text = Rendered(markdown="before\n\n![Sizes of **all** lesions](trend)\n\nafter ![x](y\n", placed=())
    before, figure, after = parse(text, "set", figures(SPEAKER))  # type: ignore[operator]
    assert (before, after) == (Paragraph(plain("before")), Paragraph(plain("after ![x](y")))
    assert words(figure.caption) == "Sizes of all lesions"
    assert figure.drawing == trend(SPEAKER).drawing  # type: ignore[union-attr]


@pytest.mark.parametrize("parse", [blocks, recalled])
@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("![a](nothing)", "there is no such figure; there are: clock, clock-drawn, trend, trend-drawn"),
        ("![a](http://a.invalid/x.png)", "there is no such figure"),
        ("![a](javascript:alert)", "there is no such figure"),
        ("text ![a](trend)", "a figure stands in a paragraph of its own"),
        ("- ![a](trend)", "a figure stands in a paragraph of its own"),
        ("# ![a](trend)", "a figure stands in a paragraph of its own"),
        ("|a|\n|---|\n|![a](trend)|", "a figure stands in a paragraph of its own"),
        ("> ![a](trend)", "a figure stands in a paragraph of its own"),
    ],
)
def test_what_is_no_figure_or_in_no_place_for_one_is_refused(parse: object, markdown: str, words: str) -> None:
    with pytest.raises(SetupError, match=words) as refused:
        parse(Rendered(markdown=markdown, placed=()), "set", figures(SPEAKER))  # type: ignore[operator]
    assert refused.value.code == "TPL_MARKUP"


@pytest.mark.parametrize("parse", [blocks, recalled])
def test_a_figure_with_nothing_to_draw_is_left_out(parse: object) -> None:
    text = Rendered(markdown="![a](trend)\n\nafter", placed=())
    assert parse(text, "set", {"trend": lambda: None}) == (Paragraph(plain("after")),)  # type: ignore[operator]


def test_a_figure_that_is_drawn_alone_has_the_same_drawing_and_no_words_for_text() -> None:
    made = figures(SPEAKER)
    whole, alone = made["trend"](), made["trend-drawn"]()
    assert whole is not None
    assert alone is not None
    assert (alone.drawing, alone.alt, alone.told) == (whole.drawing, whole.alt, ())
