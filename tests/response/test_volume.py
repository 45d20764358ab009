"""Volumes: numbers and their change, and never a category."""

from decimal import Decimal

import pytest

from reporter.case.facts import Breast, Facts
from reporter.case.measurement import Volume
from reporter.case.vocabulary import Modality, Role, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.volume import VolumeChange, in_ml
from reporter.response.evaluate import evaluate
from reporter.response.interface import Amounts, Assessment, Category, Measure, NewLesions, Thresholds
from reporter.response.tabulate import rows
from tests.response.answers import told
from tests.response.timeline import day, timeline

COURSE = (
    "day 0 MR | L1 40 vol:30 | L2 20 vol:2\nday 9 MR | L1 30 vol:12 | L2 absent\nday 19 MR | L1 30 vol:16 | L2 absent"
)


def volumes(text: str, *, baseline: bool = True) -> list[Assessment]:
    return list(VolumeChange().assess(timeline(text, baseline=baseline)))


def ml(now: str | None, baseline: str | None, nadir: str | None) -> Amounts:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    return Amounts(now=number(now), baseline=number(baseline), nadir=number(nadir), unit="ml")


def test_the_sum_and_its_change() -> None:
    found = volumes(COURSE)
    assert [a.amounts for a in found] == [ml("32", "32", None), ml("12", "32", "32"), ml("16", "32", "12")]
    last = found[-1]
    assert last.from_baseline is not None
    assert last.from_nadir is not None
    assert last.from_baseline.percent == -50
    assert last.from_nadir.difference == 4


def test_no_category_is_given() -> None:
    found = volumes(COURSE)
    assert [a.overall.rule for a in found] == ["volume.baseline", "volume.numbers_only", "volume.numbers_only"]
    assert [a.classified for a in found] == [True, False, False]
    assert {a.target for a in found} == {None}
    assert {r.verdict for a in found for r in a.lesions} == {None}
    assert not {a.overall.category for a in found} - {Category.BASELINE, Category.NE}


def test_each_lesion_has_its_own() -> None:
    last = volumes(COURSE)[-1]
    assert [r.amounts for r in last.lesions] == [ml("16", "30", "12"), ml("0", "2", "0")]
    assert {r.measure for r in last.lesions} == {Measure.VOLUME}


def test_every_lesion_with_a_volume_is_in_the_sum_whatever_its_role() -> None:
    (first,) = volumes("day 0 MR | L1 40 vol:30 | X non_target 8 vol:2")
    assert first.amounts == ml("32", "32", None)
    assert [(r.role, r.in_sum) for r in first.lesions] == [(Role.TARGET, True), (Role.NON_TARGET, True)]


def test_the_table_leaves_the_category_empty() -> None:
    case = timeline(COURSE)
    found = rows(case, evaluate(case, [VolumeChange()], Thresholds()), per_lesion=True)[-3:]
    assert [(r["lesion_id"], r["measure"], r["unit"], r["value"], r["overall"]) for r in found] == [
        ("", "sum_of_volumes", "ml", "16", ""),
        ("L1", "volume", "ml", "16", ""),
        ("L2", "volume", "ml", "0", ""),
    ]
    assert found[1]["change_from_baseline_percent"] == "-46.6666666667"
    assert not found[2]["change_from_nadir_percent"]


def test_a_volume_that_is_missing_takes_the_sum_away() -> None:
    last = volumes("day 0 MR | L1 40 vol:30 | L2 20 vol:2\nday 9 MR | L1 30 vol:12 | L2 10")[-1]
    assert (last.overall.rule, last.amounts, last.classified) == ("volume.missing", ml(None, "32", "32"), True)


@pytest.mark.parametrize("now", ["too_small", "ne", "present", "20"])
def test_nothing_but_absence_is_no_volume(now: str) -> None:
    assert volumes(f"day 0 MR | L1 40 vol:30\nday 9 MR | L1 {now}")[-1].overall.rule == "volume.missing"
    assert volumes("day 0 MR | L1 40 vol:30\nday 9 MR | L1 absent")[-1].amounts == ml("0", "30", "30")


def test_without_a_volume_at_baseline_there_is_no_change() -> None:
    assert volumes("day 0 MR | L1 40\nday 9 MR | L1 20 vol:4")[-1].overall.rule == "volume.no_baseline"
    late = volumes("day 0 MR | L1 40 vol:9\nday 9 MR | L1 20 vol:4", baseline=False)
    assert {a.overall.rule for a in late} == {"volume.no_baseline"}


def test_where_no_volume_was_given_nothing_is_said() -> None:
    assert volumes("day 0 MR | L1 40x30x20\nday 9 MR | L1 10x10x10") == []


def test_breasts_and_modalities_by_themselves() -> None:
    found = volumes(
        "day 0 MR | L1 left 40 vol:30 | R1 right 20 vol:5\nday 0 US | L1 40 vol:20\n"
        "day 9 MR | L1 20 vol:3 | R1 10 vol:1\nday 9 US | L1 20"
    )
    assert [(a.side, a.modality, a.amounts and a.amounts.now) for a in found if a.time_point == 1] == [
        (Side.LEFT, Modality.US, None),
        (Side.LEFT, Modality.MR, Decimal(3)),
        (Side.RIGHT, Modality.MR, Decimal(1)),
    ]


def test_what_is_benign_in_doubt_or_new_is_in_no_sum() -> None:
    found = volumes(
        "day 0 MR | L1 40 vol:30 | B1 benign 10 vol:1 | U1 uncounted 10 vol:2\n"
        "day 9 MR | L1 20 vol:3 | B1 10 vol:1 | U1 10 vol:2 | Z new covered 10 vol:4"
    )
    assert [a.amounts and a.amounts.now for a in found] == [Decimal(30), Decimal(3)]
    assert found[-1].new_lesion is NewLesions.YES


def test_a_merged_lesion_is_in_the_volume_of_the_other() -> None:
    text = "day 0 MR | L1 40 vol:30 | L2 20 vol:2\nday 9 MR | L1 30 {} | L2 merged>L1"
    case = timeline(text.format("vol:20"))
    last = VolumeChange().assess(case)[-1]
    assert last.amounts == ml("20", "32", "32")
    assert volumes(text.format(""))[-1].overall.rule == "volume.missing"
    table = rows(case, evaluate(case, [VolumeChange()], Thresholds()), per_lesion=True)
    assert table[-1]["lesion_id"] == "L2"
    assert not table[-1]["change_from_baseline_percent"]


def test_the_latest_volume_of_a_time_point_counts() -> None:
    found = volumes("day 0 MR | L1 40 vol:30\nday 9 MR | L1 20 vol:9\n+day 11 MR | L1 20 vol:8\n+day 12 MR | L1 20")
    assert found[-1].amounts == ml("8", "30", "30")


def test_a_volume_without_an_axis_is_one() -> None:
    found = volumes("day 0 MR | L1 volume_only vol:30\nday 9 MR | L1 volume_only vol:6")
    assert found[-1].amounts == ml("6", "30", "30")


@pytest.mark.parametrize(
    ("volume", "found"),
    [
        (Volume(value=Decimal("1.50"), unit="ml"), "1.50"),
        (Volume(value=Decimal(1500), unit="mm3"), "1.500"),
        (Volume(value=Decimal("0.1"), unit="mm3"), "0.0001"),
    ],
)
def test_cubic_millimetres(volume: Volume, found: str) -> None:
    assert in_ml(volume) == Decimal(found)


def test_it_never_feeds_the_decision_table() -> None:
    case = timeline(COURSE)
    first = evaluate(case, [VolumeChange(), PerSite()], Thresholds())
    alone = evaluate(case, [PerSite()], Thresholds())
    assert first.breasts == alone.breasts
    assert [(c.id, c.feeds_decisions) for c in first.criteria] == [("volume", False), ("per-site", True)]


@pytest.mark.parametrize(("value", "text"), [("8000", "8"), ("8500", "8.5"), ("125", "0.125"), ("80000", "80")])
def test_cubic_millimetres_print_as_the_millilitres_they_are(value: str, text: str) -> None:
    assert str(in_ml(Volume(value=Decimal(value), unit="mm3"))) == text


def test_verdicts_told_whole() -> None:
    found = volumes("day 0 MR | L1 40 vol:30\nday 9 MR | L1 30 vol:12\nday 19 MR | L1 30\nday 29 MR | L1 30 vol:0.5")
    assert [told(a.overall) for a in found] == [
        "BASELINE volume.baseline (now 30 ml, baseline 30 ml)",
        "NE volume.numbers_only (now 12 ml, baseline 30 ml, nadir 30 ml)",
        "NE volume.missing (baseline 30 ml, nadir 12 ml)",
        "NE volume.numbers_only (now 0.5 ml, baseline 30 ml, nadir 12 ml)",
    ]
    late = volumes("day 0 MR | L1 40\nday 9 MR | L1 20 vol:4")[-1]
    assert told(late.overall) == "NE volume.no_baseline"
    assert {a.criterion for a in found} == {"volume"}


def test_a_volume_of_nothing_at_baseline_is_one() -> None:
    """No voxel above the thresholds then and 3 ml now is growth: left out, the sum would say half."""
    last = volumes("day 0 MR | L1 40 vol:10 | L2 20 vol:0\nday 9 MR | L1 30 vol:5 | L2 20 vol:3")[-1]
    assert last.amounts == ml("8", "10", "10")


def test_with_nothing_that_counts_there_is_no_sum_rather_than_none_left() -> None:
    last = volumes("day 0 MR | B benign 10 vol:1\nday 9 MR | B 10 vol:1")[-1]
    assert (last.overall.rule, last.amounts) == ("volume.no_baseline", ml(None, None, None))


def test_what_is_declared_new_is_in_no_sum_where_there_is_no_baseline_either() -> None:
    last = volumes("day 0 MR | L1 40 vol:9 | Z new 10 vol:2\nday 9 MR | L1 20 vol:4 | Z 10 vol:2", baseline=False)[-1]
    assert last.amounts == ml("4", None, "9")


@pytest.mark.parametrize(
    ("rows_now", "volume"),
    [
        pytest.param("day 9 MR | L1 30 vol:20 | L2 merged>L1", "0", id="measured with the other"),
        pytest.param("day 9 MR | L1 30 | L2 merged>L1\nday 9 US | L1 30 vol:20", None, id="on another modality alone"),
        pytest.param("day 9 MR | L1 30 vol:20 | L2 merged>L9", None, id="into what nobody speaks of"),
    ],
)
def test_a_merged_lesion_has_0_only_where_the_other_has_a_volume(rows_now: str, volume: str | None) -> None:
    found = volumes(f"day 0 MR | L1 40 vol:30 | L2 20 vol:2\n{rows_now}")
    last = next(a for a in found if a.modality is Modality.MR and a.time_point == 1)
    assert last.lesions[1].amounts == ml(volume, "2", "2")


@pytest.mark.parametrize(
    ("now", "volume"),
    [
        pytest.param("L1 20 vol:5 | L1b 9 vol:2", "7", id="added"),
        pytest.param("L1b 9 vol:2", "2", id="in its fragment alone"),
        pytest.param("L1 absent | L1b 9 vol:2", "2", id="gone but for its fragment"),
        pytest.param("L1 20 vol:5 | L1b absent", "5", id="the fragment is gone"),
        pytest.param("L1 20 vol:5 | L1b 9", None, id="a fragment without a volume"),
        pytest.param("L1 20 | L1b 9 vol:2", None, id="the lesion without a volume"),
        pytest.param("L1 ne | L1b 9 vol:2", None, id="the lesion not evaluable"),
    ],
)
def test_a_lesion_that_split_is_what_it_split_into(now: str, volume: str | None) -> None:
    """2.4: fragments are added, as their diameters are."""
    text = (
        "day 0 MR | L1 40 vol:30\nday 5 MR | L1 30 vol:20\nday 9 MR | L1 25 vol:9 | L1b from>L1 9 vol:3\nday 19 MR | {}"
    )
    found = volumes(text.format(now.replace("L1b", "L1b from>L1")))
    assert [a.amounts and a.amounts.now for a in found[:3]] == [Decimal(30), Decimal(20), Decimal(12)]
    assert found[-1].amounts == ml(volume, "30", "12")
    assert found[-1].lesions[0].amounts == ml(volume, "30", "12")


def test_a_lesion_known_at_baseline_is_no_fragment_and_counts_once() -> None:
    last = volumes("day 0 MR | L1 40 vol:30 | L2 20 vol:2\nday 9 MR | L1 20 vol:5 | L2 from>L1 20 vol:2")[-1]
    assert last.amounts == ml("7", "32", "32")


def test_mri_without_contrast_gives_no_volume() -> None:
    dry = Facts(breast=(Breast(side=Side.LEFT, date=day(9), mri_contrast=False),))
    last = VolumeChange().assess(timeline("day 0 MR | L1 40 vol:30\nday 9 MR | L1 20 vol:3", facts=dry))[-1]
    assert (last.overall.rule, last.lesions[0].amounts) == ("volume.missing", ml(None, "30", "30"))


def test_lesions_stand_in_order_of_their_part_and_new_ones_from_when_they_are_seen() -> None:
    found = volumes(
        "day 0 MR | A skin present | Z 20 vol:3 | B 20 vol:1\nday 9 MR | Z 20 vol:3 | B 9 vol:1 | C new 5 vol:1"
    )
    assert [[r.point.lesion_id for r in a.lesions] for a in found] == [["B", "Z", "A"], ["B", "Z", "A", "C"]]
    assert [r.counted for r in found[-1].lesions] == [True, True, False, False]


def test_a_time_point_without_the_modality_has_no_volumes() -> None:
    found = volumes("day 0 MR | L1 40 vol:30\nday 9 US | L1 20\nday 19 MR | L1 20 vol:3")
    assert [(a.modality, a.time_point) for a in found] == [(Modality.MR, 0), (Modality.MR, 2)]


def test_a_lesion_without_a_side_stands_by_itself() -> None:
    found = volumes("day 0 MR | L1 40 vol:30 | Q noside 20 vol:2\nday 9 MR | L1 20 vol:3 | Q 20 vol:1")
    assert [(a.side, [r.point.lesion_id for r in a.lesions]) for a in found if a.time_point] == [
        (Side.LEFT, ["L1"]),
        (None, ["Q"]),
    ]
