import datetime as dt
from decimal import Decimal

import pytest

from reporter.draft.tables import TableRequestError, as_text


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Decimal("14.0"), "14.0"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.00000001"), "0.00000001"),
        (-3, "-3"),
        (dt.date(2026, 2, 3), "2026-02-03"),
        ("<5", "<5"),
    ],
)
def test_a_value_is_printed_as_given(value: object, printed: str) -> None:
    assert as_text(value) == printed


@pytest.mark.parametrize(
    "value",
    [None, True, 0.5, Decimal("NaN"), Decimal("Infinity"), ("a",), {}, b"x", dt.datetime(2026, 1, 1)],  # ruff: ignore[call-datetime-without-tzinfo]
)
def test_what_is_no_printable_value_is_refused(value: object) -> None:
    with pytest.raises(TableRequestError):
        as_text(value)
