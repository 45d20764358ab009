"""WHO: products of two diameters, one patient a rule, each limit exactly and one unit beside it."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from reporter.case.issue import Outcome
from reporter.case.vocabulary import Modality, Role
from reporter.errors import SetupError
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.who import Who
from reporter.response.evaluate import evaluate
from reporter.response.interface import (
    Amounts,
    Assessment,
    Category,
    Criterion,
    Headline,
    Measure,
    NewLesions,
    Thresholds,
)
from reporter.response.tabulate import rows
from tests.response.answers import who, words
from tests.response.timeline import timeline

BY_SUM = {"pd_of": "sum"}


def course(text: str, options: Mapping[str, object] | None = None) -> str:
    return words(who(text, options))


def rules(assessment: Assessment) -> tuple[str | None, str]:
    target = assessment.target
    return None if target is None else target.rule, assessment.overall.rule


def mm2(*values: str) -> list[Decimal]:
    return [Decimal(v) for v in values]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("day 0 | L1 40x30\nday 9 | L1 30x20", "BASELINE PR", id="exactly half"),
        pytest.param("day 0 | L1 40x30\nday 9 | L1 30x20.1", "BASELINE SD", id="a little more than half"),
        pytest.param("day 0 | L1 40x30\nday 9 | L1 absent", "BASELINE CR", id="gone"),
        pytest.param("day 0 | L1 40x30\nday 9 | L1 too_small", "BASELINE PR", id="too small is there"),
        pytest.param("day 0 | L1 20x10\nday 9 | L1 25x10", "BASELINE PD", id="exactly a quarter more"),
        pytest.param("day 0 | L1 20x10\nday 9 | L1 24.9x10", "BASELINE SD", id="a little less than a quarter more"),
        pytest.param("day 0 | L1 4x4\nday 9 | L1 5x4", "BASELINE PD", id="no least growth in mm"),
        pytest.param("day 0 | L1 40x30\nday 9 | L1 20x20\nday 19 | L1 25x20", "BASELINE PR PD", id="since smallest"),
        pytest.param("day 0 | L1 40x30\nday 9 | L1 30x20\nday 19 | L1 31x20", "BASELINE PR SD", id="PR is not held"),
        pytest.param("day 0 | L1 30.0x20 | L2 1x1\nday 9 | L1 3cmx2cm | L2 1x1", "BASELINE SD", id="units"),
    ],
)
def test_targets(text: str, found: str) -> None:
    assert course(text) == found


def test_the_longest_diameter_alone_would_say_otherwise() -> None:
    """-30 % of the diameter is 51 % of a round product gone: PR of both; -20 x -20 % is 36 %: stable."""
    assert course("day 0 | L1 10x10\nday 9 | L1 7x7") == "BASELINE PR"
    assert course("day 0 | L1 10x10\nday 9 | L1 7x8") == "BASELINE SD"
    assert course("day 0 | L1 10x10x10\nday 9 | L1 8x8x1") == "BASELINE SD"


def test_one_lesion_that_grows_is_progression_though_the_sum_falls() -> None:
    text = "day 0 | L1 40x30 | L2 20x10\nday 9 | L1 20x30 | L2 25x10"
    last = who(text)[-1]
    assert rules(last) == ("who_target.pd_lesion", "who.target_pd")
    assert last.overall.lesion_ids == ("L2",)
    assert last.amounts == Amounts(now=Decimal(850), baseline=Decimal(1400), nadir=Decimal(1400), unit="mm2")
    assert course(text, BY_SUM) == "BASELINE SD"


def test_by_the_sum_alone_if_the_settings_say_so() -> None:
    text = "day 0 | L1 20x10 | L2 20x10\nday 9 | L1 {} | L2 20x10"
    assert course(text.format("30x10"), BY_SUM) == "BASELINE PD"
    assert course(text.format("29.9x10"), BY_SUM) == "BASELINE SD"
    assert rules(who(text.format("30x10"), BY_SUM)[-1])[0] == "who_target.pd_sum"


@pytest.mark.parametrize("options", [{}, BY_SUM])
def test_what_is_known_may_prove_progression(options: Mapping[str, object]) -> None:
    assert course("day 0 | L1 20x10 | L2 10x10\nday 9 | L1 40x10 | L2 ne", options) == "BASELINE PD"
    assert course("day 0 | L1 20x10 | L2 10x10\nday 9 | L1 20x10 | L2 ne", options) == "BASELINE NE"
    assert course("day 0 | L1 20x10 | L2 ne\nday 9 | L1 20x10 | L2 10x10", options) == "BASELINE NE"


@pytest.mark.parametrize("options", [{}, BY_SUM])
def test_a_size_that_stands_for_too_small_proves_no_growth(options: Mapping[str, object]) -> None:
    assert course("day 0 | L1 20x10\nday 9 | L1 4x4\nday 19 | L1 too_small", options) == "BASELINE PR PR"
    assert course("day 0 | L1 20x10\nday 9 | L1 too_small\nday 19 | L1 6x6", options) == "BASELINE PR PD"


def test_disease_that_is_there_again_after_a_complete_response_is_progression() -> None:
    found = who("day 0 | L1 40x30\nday 9 | L1 absent\nday 19 | L1 5x5")
    assert [a.overall.category for a in found] == [Category.BASELINE, Category.CR, Category.PD]
    assert rules(found[-1]) == ("who_target.pd_returned", "who.target_pd")
    assert [i.code for i in found[-1].issues] == ["RESTATE_CR"]
    again = who("day 0 | L1 40x30 | X skin present\nday 9 | L1 absent | X absent\nday 19 | L1 absent | X present")
    assert (again[-1].overall.rule, again[-1].overall.lesion_ids) == ("who.reappearance", ("X",))


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("L1 present", "PD"),
        ("L1 30", "PD"),  # one diameter, no product
        ("L1 too_small", "PD"),
        ("L1 ne | L1b from>L1 5x5", "PD"),
        ("L1 ne | L1b from>L1 too_small", "PD"),
        ("L1 equivocal", "NE"),
        ("L1 ne", "NE"),
        ("L1 absent", "CR"),
    ],
)
def test_what_is_there_again_needs_no_product(now: str, found: str) -> None:
    assert course(f"day 0 | L1 40x30\nday 9 | L1 absent\nday 19 | {now}") == f"BASELINE CR {found}"


def test_a_node_is_there_again_by_a_word_alone() -> None:
    text = "day 0 | N1 25x16\nday 9 | N1 absent\nday 19 | N1 present"
    assert course(text) == "BASELINE CR PD"


def test_gone_beside_what_persists_is_no_complete_response_to_lose() -> None:
    text = "day 0 | L1 40x30 | X skin present\nday 9 | L1 absent | X present\nday 19 | L1 5x5 | X present"
    assert course(text) == "BASELINE PR PR"


def test_a_node_is_gone_when_it_is_not_seen() -> None:
    text = "day 0 | L1 40x30 | N1 25x16\nday 9 | L1 absent | N1 {}"
    assert course(text.format("8x5")) == "BASELINE PR"
    assert course(text.format("absent")) == "BASELINE CR"


@pytest.mark.parametrize(
    ("now", "category", "rule"),
    [
        ("absent", Category.CR, "who.cr"),
        ("present", Category.PR, "who.cr_non_target_persists"),
        ("ne", Category.PR, "who.cr_non_target_ne"),
        ("progressed", Category.PD, "who.non_target_pd"),
    ],
)
def test_lesions_that_are_not_measured(now: str, category: Category, rule: str) -> None:
    last = who(f"day 0 | L1 20x10 | X skin present\nday 9 | L1 absent | X {now}")[-1]
    assert (last.overall.category, last.overall.rule) == (category, rule)


@pytest.mark.parametrize(("now", "found"), [("absent", "CR"), ("present", "SD"), ("ne", "NE"), ("progressed", "PD")])
def test_no_change_without_a_target_is_stable(now: str, found: str) -> None:
    assert course(f"day 0 | X skin present\nday 9 | X {now}") == f"BASELINE {found}"


def test_a_new_lesion_is_progression() -> None:
    last = who("day 0 | L1 40x30\nday 9 | L1 10x10 | Z new 5x5")[-1]
    assert (last.overall.rule, last.overall.lesion_ids) == ("who.new_lesion", ("Z",))
    assert last.new_lesion is NewLesions.YES
    doubtful = who("day 0 | L1 40x30\nday 9 | L1 10x10 | Z equivocal 5x5")[-1]
    assert (doubtful.overall.category, doubtful.new_lesion) == (Category.PR, NewLesions.EQUIVOCAL)


def test_one_diameter_is_no_product() -> None:
    found = who("day 0 MR | L1 40x30 | L2 20\nday 9 MR | L1 20x10 | L2 10x5")
    assert [a.overall.category for a in found] == [Category.BASELINE, Category.NE]
    assert rules(found[-1])[0] == "who_target.no_baseline"
    said = [(i.code, i.lesion_id, i.outcome) for i in found[-1].issues]
    assert said == [("CRIT_ONE_AXIS", "L2", Outcome.PROBLEM)]
    assert [r.amounts and r.amounts.now for r in found[-1].lesions] == mm2("200", "50")


def test_a_later_row_of_one_diameter_does_not_replace_a_product() -> None:
    found = who("day 0 MR | L1 40x30\nday 9 MR | L1 20x10\n+day 11 MR | L1 20")
    assert found[-1].overall.category is Category.PR


def test_merged_lesions_and_fragments() -> None:
    merged = who("day 0 | L1 20x10 | L2 10x10\nday 9 | L1 22x10 | L2 merged>L1")[-1]
    assert (merged.overall.category, merged.amounts and merged.amounts.now) == (Category.SD, Decimal(220))
    split = who("day 0 | L1 30x20\nday 9 | L1 10x10 | L1b from>L1 20x10")[-1]
    assert (split.overall.category, split.amounts and split.amounts.now) == (Category.PR, Decimal(300))


def test_without_a_baseline_there_is_no_category() -> None:
    found = who("day 0 | L1 20x10\nday 9 | L1 40x30", baseline=False)
    assert {(a.overall.category, a.overall.rule) for a in found} == {(Category.NE, "who.no_baseline")}


def test_each_modality_by_itself() -> None:
    other, own = who("day 0 MR | L1 40x30\nday 9 US | L1 10x10")
    assert (other.overall.category, other.overall.rule) == (Category.NE, "who.no_baseline_on_modality")
    assert (own.modality, own.overall.category) == (Modality.MR, Category.BASELINE)
    assert not course("day 0 MR\nday 9 MR")


def test_uncounted_lesions_leave_no_complete_response() -> None:
    last = who("day 0 | L1 20x10 | L2 uncounted 5x5\nday 9 | L1 absent | L2 5x5")[-1]
    assert (last.overall.rule, last.overall.lesion_ids) == ("who.uncounted_lesion", ("L2",))


def test_a_lesion_keeps_its_diameters_beside_its_product() -> None:
    result = who("day 0 | L1 40x30\nday 9 | L1 20x10")[-1].lesions[0]
    assert (result.measure, result.role, result.baseline, result.nadir) == (Measure.PRODUCT, Role.TARGET, None, None)
    assert [axis.mm for axis in result.point.axes] == mm2("20", "10")
    assert result.amounts == Amounts(now=Decimal(200), baseline=Decimal(1200), nadir=Decimal(1200), unit="mm2")


def test_the_table_gives_products_in_their_unit() -> None:
    case = timeline("day 0 MR | L1 40x30\nday 9 MR | L1 20x15.5")
    found = rows(case, evaluate(case, [Who()], Thresholds()), per_lesion=True)[-2:]
    assert [(r["measure"], r["unit"], r["value"], r["baseline_value"]) for r in found] == [
        ("sum_of_products", "mm2", "310", "1200"),
        ("product", "mm2", "310", "1200"),
    ]
    assert found[0]["change_from_baseline_percent"] == "-74.1666666667"
    assert found[0]["overall"] == "PR"


def test_it_feeds_the_decision_table_when_named_first() -> None:
    case = timeline("day 0 MR | L1 10x10\nday 9 MR | L1 7x8")
    orders: tuple[list[Criterion], ...] = ([Who(), PerSite()], [PerSite(), Who()])
    first, beside = (evaluate(case, order, Thresholds()) for order in orders)
    assert [b.headline for b in first.breasts] == [Headline.STABLE]
    assert [b.headline for b in beside.breasts] == [Headline.PARTIAL]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "WHO, products of two diameters"),
        ({"pr_percent": 50, "pd_of": "lesion"}, "WHO, products of two diameters"),
        ({"pd_of": "sum"}, "WHO, products of two diameters, modified: PD by the sum alone"),
        (
            {"pr_percent": Decimal("33.3"), "pd_percent": 30},
            "WHO, products of two diameters, modified: PR -33.3 %, PD +30 %",
        ),
    ],
)
def test_a_changed_limit_changes_the_name(options: Mapping[str, object], name: str) -> None:
    assert Who(options=options).name == name
    assert Who().version == "1"


def test_changed_limits_are_applied() -> None:
    text = "day 0 | L1 10x10\nday 9 | L1 7x8"
    assert course(text, {"pr_percent": 44}) == "BASELINE PR"
    assert course("day 0 | L1 10x10\nday 9 | L1 10x13", {"pd_percent": 31}) == "BASELINE SD"


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pr_percent", 0),
        ("pr_percent", 101),
        ("pr_percent", True),
        ("pd_percent", "25"),
        ("pd_percent", Decimal("NaN")),
        ("pd_of", "lesions"),
        ("pd_off", "sum"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_key(key: str, value: object) -> None:
    with pytest.raises(SetupError) as caught:
        Who(options={key: value})
    assert caught.value.field == f"criteria.who.{key}"
