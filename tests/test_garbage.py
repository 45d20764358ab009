import gc

import pytest

from reporter.garbage import collected_seldom


def _fail_within() -> None:
    with collected_seldom():
        assert gc.get_threshold()[0] > 100_000
        raise ValueError("within")


def test_the_collector_is_afterwards_as_it_was_whatever_happened() -> None:
    before = gc.get_threshold()

    with pytest.raises(ValueError, match="within"):
        _fail_within()

    assert gc.get_threshold() == before
