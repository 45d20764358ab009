"""Places in files are sorted as people do."""

from __future__ import annotations

from itertools import pairwise

from reporter.case.source import Source, SourceKind


def test_numbers_in_a_place_and_in_a_name_are_sorted_by_size() -> None:
    shown = [("a2.csv", "row 9"), ("a2.csv", "row 10"), ("a10.csv", "row 2"), ("b.dcm", "1.9"), ("b.dcm", "1.10")]
    orders = [Source(SourceKind.TABLE, file, place).order for file, place in shown]
    assert orders == sorted(orders)


def test_no_two_places_are_sorted_alike() -> None:
    orders = [Source(SourceKind.TABLE, file, "row 1").order for file in ("a01.csv", "a1.csv", "a1 .csv")]
    assert all(one != other for one, other in pairwise(sorted(orders)))
