"""A file is read as a whole, up to a limit, whatever the system says of its length."""

import pytest

from reporter.readers.files import MemoryFile, whole
from reporter.readers.interface import Refusal


class Mistold(MemoryFile):
    """A file of which the system knows an old length, as some that are far away."""

    @property
    def size(self) -> int:
        return 3


@pytest.mark.parametrize(("length", "limit"), [(2, 10), (3, 10), (4, 10), (10, 10), (10, 3), (10, 4), (10, 9)])
def test_a_file_is_read_up_to_the_limit_however_long_it_is_said_to_be(length: int, limit: int) -> None:
    data = bytes(range(length))
    assert whole(Mistold("far.dcm", data), limit) == data[:limit]


def test_a_file_that_is_longer_than_the_limit_is_refused() -> None:
    with pytest.raises(Refusal):
        whole(MemoryFile("long.dcm", bytes(11)), 10)
