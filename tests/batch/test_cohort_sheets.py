"""Rows that are put away come back as they were, whatever their cells hold."""

import io

from hypothesis import example, given
from hypothesis import strategies as st

from reporter.batch.cohort_sheets import Row, Sheet, Spool, flat

COLUMNS = ("patient_id", "finding", "size_mm")
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, st.text())))


def spool_of(rows: list[Row]) -> tuple[Spool, list[int]]:
    """A table with these rows, and the place of each."""
    sheet = Sheet(name="sizes", columns=COLUMNS, rows_of=lambda _: ())
    spool = Spool(sheet, io.BytesIO())
    return spool, spool.add(rows)


@given(ROWS)
@example([dict.fromkeys(COLUMNS, "")])
@example([dict.fromkeys(COLUMNS, "a\x1fb\nc\x1e\ud800\u202e")])
def test_rows_come_back_in_their_order_and_by_their_place(rows: list[Row]) -> None:
    spool, places = spool_of(rows)
    shown = [[flat(row[column]) for column in COLUMNS] for row in rows]

    assert [list(cells) for cells in spool] == shown
    assert [list(spool.at(place)) for place in places] == shown
    assert spool.length == len(rows)
