"""Lesions that merge or split: sums stay whole, nothing is called gone by bookkeeping (2.4)."""

from reporter.response.interface import Category, State
from tests.response.answers import breast, codes, mm, per_site, recist, words


def test_a_merged_lesion_contributes_nothing_and_is_not_gone() -> None:
    text = "day 0 | A 20 | B 15\nday 9 | A 30 | B merged>A"
    last = per_site(text)[-1]
    assert (last.total, last.baseline_total, last.overall.category) == (*mm(30, 35), Category.SD)
    head, merged = last.lesions
    assert head.baseline is not None
    assert head.baseline.mm == 35
    assert (merged.point.state, merged.from_baseline, merged.from_nadir) == (State.MERGED, None, None)
    assert [r.verdict.category for r in last.lesions if r.verdict] == [Category.SD, Category.SD]
    assert words(recist(text)) == "BASELINE SD"


def test_both_are_gone_once_the_merged_lesion_is() -> None:
    assert words(per_site("day 0 | A 20 | B 15\nday 5 | A 30 | B merged>A\nday 9 | A absent | B merged>A")) == (
        "BASELINE SD CR"
    )


def test_a_chain_of_mergers_is_one_site() -> None:
    last = per_site("day 0 | A 20 | B 15 | C 10\nday 9 | A 40 | B merged>A | C merged>B")[-1]
    assert [r.verdict.lesion_ids for r in last.lesions if r.verdict] == [("A", "B", "C")] * 3
    assert last.overall.category is Category.SD


def test_merged_into_what_is_not_measured_in_its_place_is_not_evaluable() -> None:
    for other in ("", " | X present"):
        text = f"day 0 | A 20{other}\nday 9 | A merged>X{other}"
        assert words(per_site(text)) == "BASELINE NE"


def test_merged_into_a_lesion_without_a_value_is_not_evaluable() -> None:
    assert words(per_site("day 0 | A 20 | B 15\nday 9 | A ne | B merged>A")) == "BASELINE NE"


def test_growth_of_merged_lesions_is_judged_on_both_together() -> None:
    assert words(per_site("day 0 | A 20 | B 15\nday 5 | A 12 | B 8\nday 9 | A 25 | B merged>A")) == "BASELINE PR PD"
    assert words(per_site("day 0 | A 20 | B 15\nday 5 | A 12 | B 8\nday 9 | A 23 | B merged>A")) == "BASELINE PR PR"


def test_lesions_that_merge_later_are_sites_of_their_own_until_then() -> None:
    before, after = per_site("day 0 | A 20 | B 15\nday 5 | A 12 | B 18\nday 9 | A 25 | B merged>A")[1:]
    assert [r.verdict.lesion_ids for r in before.lesions if r.verdict] == [("A",), ("B",)]
    assert [r.verdict.lesion_ids for r in after.lesions if r.verdict] == [("A", "B")] * 2


def test_fragments_add_up_and_are_not_new() -> None:
    text = "day 0 | A 30\nday 9 | A 12 | F from>A 7 | G from>A 5"
    last = per_site(text)[-1]
    assert (last.total, last.overall.category, last.new_lesion) == (*mm(24), Category.SD, "no")
    assert [(r.point.lesion_id, r.counted) for r in last.lesions] == [("A", True), ("F", False), ("G", False)]
    assert last.lesions[0].point.size is not None
    assert last.lesions[0].point.size.mm == 24
    assert breast(text).new_findings == ()
    assert [s.lesion_id for s in breast(text).sites] == ["A"]


def test_a_lesion_measured_in_its_fragments_alone_needs_no_row_of_its_own() -> None:
    text = "day 0 | A 30\nday 9 | F from>A 7 | G from>A 5"
    last = per_site(text)[-1]
    assert (last.total, last.overall.category) == (*mm(12), Category.PR)
    assert codes(last) == []


def test_a_fragment_without_a_row_later_is_not_evaluable() -> None:
    text = "day 0 | A 30\nday 5 | A 12 | F from>A 7\nday 9 | A 12"
    assert words(per_site(text)) == "BASELINE PR NE"


def test_a_fragment_appears_only_from_when_it_is_seen() -> None:
    found = per_site("day 0 | A 30\nday 5 | A 20\nday 9 | A 12 | F from>A 7")
    assert [len(a.lesions) for a in found] == [1, 1, 2]
    assert found[-1].nadir_total == 20


def test_what_claims_to_have_split_from_an_unknown_lesion_is_new() -> None:
    assert codes(per_site("day 0 | A 30\nday 9 | A 12 | F from>Q 7")[-1]) == ["LES_NEW"]


def test_a_lesion_known_at_baseline_is_no_fragment() -> None:
    assert per_site("day 0 | A 30 | F 10\nday 9 | A 12 | F from>A 7")[-1].baseline_total == 40
