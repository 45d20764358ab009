"""What our reader gives for documents of a library is what the library reads of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.case.length import Length
from reporter.case.vocabulary import Kind, Side
from reporter.readers.report_parts import ReportGroup
from tests.readers import library_documents as library
from tests.readers import sr_documents as sr

pytestmark = [
    pytest.mark.property,
    pytest.mark.filterwarnings("ignore::UserWarning"),  # the library's remarks on its own documents
]

LABELS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=20)
SIZES = st.decimals(min_value=1, max_value=Decimal("49.99"), places=2).map(float)


@st.composite
def groups(draw: st.DrawFn) -> library.Written:
    long_axis, unit = draw(SIZES), draw(st.sampled_from(["mm", "cm"]))
    numbers = [(library.LONG_AXIS, long_axis, unit)]
    if draw(st.booleans()):
        numbers.append((library.SHORT_AXIS, draw(SIZES), unit))
    if draw(st.booleans()):
        numbers.append((library.VOLUME, draw(SIZES), "ml"))
    return library.Written(
        label=draw(LABELS),
        uid=f"2.25.{draw(st.integers(1, 10**30))}",
        left=draw(st.booleans()),
        node=draw(st.booleans()),
        numbers=tuple(numbers),
    )


def ours(found: ReportGroup) -> list[library.Read]:
    """The measurements of a group in the terms of the library."""

    def one(name: str, value: Decimal, unit: str) -> library.Read:
        left = found.lesion.side is Side.LEFT
        return library.Read(found.label or "", found.tracking_uid or "", left, name, value, unit)

    def length(name: str, size: Length | None) -> list[library.Read]:
        return [one(name, size.value, str(size.unit))] if size else []

    volume = [one("118565006", found.volume.value, found.volume.unit)] if found.volume else []
    sizes = found.sizes
    return [*length("103339001", sizes.long_axis), *length("103340004", sizes.short_axis), *volume]


@settings(max_examples=25, deadline=None)
@given(st.lists(groups(), min_size=1, max_size=6))
def test_our_reader_and_the_library_agree_on_every_measurement(made: list[library.Written]) -> None:
    data = library.written(made)
    report = sr.report_of(sr.extract(data))
    assert [one for found in report.groups for one in ours(found)] == [
        library.Read(r.label.strip(), r.uid, r.left, r.name, r.value, "ml" if r.unit == "mL" else r.unit)
        for r in library.read(data)
    ]
    kinds = [Kind.NODE if group.node else Kind.MASS for group in made]
    assert [found.lesion.kind for found in report.groups] == kinds
    assert all(not found.issues for found in report.groups)
    assert all(found.time_point == "baseline" for found in report.groups)


@pytest.mark.parametrize("name", ["library_mr_baseline.dcm", "library_mr_followup.dcm"])
def test_our_reader_and_the_library_agree_on_its_sample(name: str) -> None:
    data = (sr.DATA / name).read_bytes()
    (found,) = sr.report_of(sr.extract(data, name)).groups
    assert ours(found) == library.read(data)
