"""The overall time-point response: each row of the table, and that the rows leave nothing out."""

from itertools import product

import pytest

from reporter.response.criteria.timepoint_table import non_target_category, row_of
from reporter.response.interface import Category, NewLesions
from tests.response.answers import per_site, recist, words

PERSISTS = Category.NON_CR_NON_PD
ROWS = [
    ("20 | X present", "absent | X absent", "CR"),
    ("20", "absent", "CR"),
    ("20 | X present", "absent | X present", "PR"),
    ("20 | X present", "absent | X ne", "PR"),
    ("20 | X present", "10 | X present", "PR"),
    ("20 | X present", "10 | X ne", "PR"),
    ("20 | X present", "19 | X absent", "SD"),
    ("20 | X present", "19 | X ne", "SD"),
    ("20 | X present", "ne | X present", "NE"),
    ("20 | X present", "30 | X absent", "PD"),
    ("20 | X present", "absent | X progressed", "PD"),
    ("20 | X present", "absent | X absent | Z new 8", "PD"),
]


@pytest.mark.parametrize(("before", "now", "overall"), ROWS)
def test_with_targets(before: str, now: str, overall: str) -> None:
    text = f"day 0 | L1 {before}\nday 9 | L1 {now}"
    assert recist(text)[-1].overall.category == overall


@pytest.mark.parametrize(
    ("now", "overall"),
    [
        ("X absent | Y absent", "CR"),
        ("X present | Y absent", "NON-CR/NON-PD"),
        ("X ne | Y present", "NE"),
        ("X progressed | Y absent", "PD"),
        ("X absent | Y absent | Z new present", "PD"),
    ],
)
def test_without_targets(now: str, overall: str) -> None:
    text = f"day 0 | X skin present | Y present\nday 9 | {now}"
    for assess in (recist, per_site):
        last = assess(text if assess is recist else text.replace("Z new", "Z new covered"))[-1]
        assert last.overall.category == overall
        assert last.target is None
        assert last.total is None


def test_no_disease_at_baseline() -> None:
    last = recist("day 0 | L1 absent\nday 9 | L1 absent")[-1]
    assert (last.overall.category, last.overall.rule) == (Category.NED, "overall.ned")


@pytest.mark.parametrize("new", [False, True])
def test_every_combination_has_a_row(new: bool) -> None:
    targets = [None, Category.CR, Category.PR, Category.SD, Category.PD, Category.NE]
    others = [None, Category.CR, PERSISTS, Category.PD, Category.NE]
    for target, other in product(targets, others):
        row = row_of(target, other, new=new)
        if new or Category.PD in {target, other}:
            assert row.overall is Category.PD


CR, PR, SD, PD, NE = Category.CR, Category.PR, Category.SD, Category.PD, Category.NE


@pytest.mark.parametrize(
    ("target", "other", "new", "rule", "overall"),
    [
        (CR, CR, False, "cr", CR),
        (CR, None, False, "cr", CR),
        (CR, PERSISTS, False, "cr_non_target_persists", PR),
        (CR, NE, False, "cr_non_target_ne", PR),
        *[(PR, other, False, "pr", PR) for other in (CR, PERSISTS, NE, None)],
        *[(SD, other, False, "sd", SD) for other in (CR, PERSISTS, NE, None)],
        *[(NE, other, False, "target_ne", NE) for other in (CR, PERSISTS, NE, None)],
        *[(PD, other, new, "target_pd", PD) for other in (CR, PERSISTS, PD, NE, None) for new in (False, True)],
        *[(target, PD, new, "non_target_pd", PD) for target in (CR, PR, SD, NE, None) for new in (False, True)],
        *[(target, other, True, "new_lesion", PD) for target in (CR, PR, SD, NE, None) for other in (CR, NE, None)],
        (None, CR, False, "non_target_cr", CR),
        (None, PERSISTS, False, "non_target_persists", PERSISTS),
        (None, NE, False, "non_target_ne", NE),
        (None, None, False, "ned", Category.NED),
    ],
)
def test_each_row_of_the_published_tables(
    target: Category | None, other: Category | None, new: bool, rule: str, overall: Category
) -> None:
    """2.6: with targets, and with non-targets alone."""
    row = row_of(target, other, new=new)
    assert (row.rule, row.overall) == (f"overall.{rule}", overall)


@pytest.mark.parametrize(
    ("gone", "progressed", "category"),
    [
        ([True, True], False, Category.CR),
        ([True, False], False, PERSISTS),
        ([True, None], False, Category.NE),
        ([False, None], False, Category.NE),
        ([True, False], True, Category.PD),
    ],
)
def test_non_targets(gone: list[bool | None], progressed: bool, category: Category) -> None:
    assert non_target_category(gone, progressed=progressed) is category


def test_a_non_target_node_is_gone_below_10_mm() -> None:
    assert words(recist("day 0 | N1 12\nday 1 | N1 10\nday 2 | N1 9.9")) == "BASELINE NON-CR/NON-PD CR"


def test_a_persisting_non_target_that_grows_is_no_progression_by_itself() -> None:
    assert words(recist("day 0 | X non_target 8\nday 1 | X 30")) == "BASELINE NON-CR/NON-PD"


def test_an_equivocal_new_lesion_changes_no_category_of_strict_recist() -> None:
    last = recist("day 0 | L1 20\nday 9 | L1 10 | Z new equivocal 6")[-1]
    assert (last.overall.category, last.new_lesion) == (Category.PR, NewLesions.EQUIVOCAL)


@pytest.mark.parametrize(
    ("now", "named"),
    [
        ("X ne | Y present", ("X",)),
        ("X absent | Y present", ("Y",)),
        ("X progressed | Y ne", ("X",)),
        ("X absent | Y absent", ("X", "Y")),
    ],
)
def test_the_non_target_lesions_that_decide_are_named(now: str, named: tuple[str, ...]) -> None:
    verdict = recist(f"day 0 | X non_target present | Y non_target present\nday 9 | {now}")[-1].non_target
    assert verdict is not None
    assert verdict.lesion_ids == named
