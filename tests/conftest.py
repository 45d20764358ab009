"""What every test shares: the layers of tests, the gates (programs that check what we made), a day after them all."""

import datetime as dt
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

pytest_plugins = ["tests.layers", "tests.gates"]


@pytest.fixture(scope="session", autouse=True)  # ruff: ignore[pytest-fixture-autouse] - no test may ask the clock
def _after_every_study() -> Iterator[None]:
    """No study of a test is dated after today, whatever the clock of this computer says."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("reporter.cli.talk.today", lambda: dt.date(2100, 1, 1))
        yield


settings.register_profile("steady", derandomize=True, deadline=None)  # what passed passes again, busy or not
settings.register_profile("search", max_examples=1000)
settings.load_profile("search" if "REPORTER_FUZZ" in os.environ else "steady")
