"""Which test runs which line of the modules under trial, and how long each test takes."""

import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from linecache import getline
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

LOADING = "(loading)"
"""Stands for a test where a line runs while modules are loaded and tests are collected."""

Line = tuple[str, int]
Tracer = Callable[[FrameType, str, Any], Any]


class Reach:
    """A tracer that notes each line of some files under the test that runs."""

    def __init__(self, files: frozenset[str]) -> None:
        self.tests: defaultdict[Line, set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self._files = files
        self._breadth: Counter[str] = Counter()
        self._now = LOADING
        self._known: dict[CodeType, bool] = {}

    def start(self) -> None:
        """From here on, lines are noted."""
        sys.settrace(self._called)

    def stop(self) -> None:
        """No line is noted any more."""
        sys.settrace(None)

    def run(self, item: pytest.Item, following: pytest.Item | None) -> None:
        """Run one test, traced."""
        self._now = item.nodeid
        began = time.process_time()
        self.start()
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        finally:
            self.stop()
        self.seconds[item.nodeid] = time.process_time() - began

    def breadth(self, test: str) -> tuple[int, str]:
        """How many lines a test runs: one that asks of little is more likely to find a fault in it."""
        if not self._breadth:
            self._breadth.update(test for tests in self.tests.values() for test in tests)
        return self._breadth[test], test

    def naming(self, name: str) -> set[str]:
        """The tests that run a line which names something, such as a table."""
        word = re.compile(rf"\b{name}\b")
        return {
            test for (file, line), tests in self.tests.items() if word.search(getline(file, line)) for test in tests
        }

    def _called(self, frame: FrameType, _event: str, _: object) -> Tracer | None:
        code = frame.f_code
        known = self._known.get(code)
        if known is None:
            known = self._known[code] = code.co_filename in self._files
        if not known:
            return None
        return self._lined

    def _lined(self, frame: FrameType, event: str, _: object) -> Tracer:
        if event == "line":
            self.tests[frame.f_code.co_filename, frame.f_lineno].add(self._now)
        return self._lined


def files_under(root: Path, folders: list[str]) -> tuple[Path, ...]:
    """The modules of some folders, or single modules, in order of their path."""
    found: set[Path] = set()
    for name in folders:
        path = root / name
        found.update(path.rglob("*.py") if path.is_dir() else [path])
    return tuple(sorted(found))
