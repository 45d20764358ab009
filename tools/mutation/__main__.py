"""`python -m tools.mutation [MODULE|FOLDER]...`: put faults into the core one at a time; each must make a test fail."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from tools.mutation.mutants import Module, Mutant
from tools.mutation.reach import LOADING, Reach, files_under
from tools.mutation.results import FOUND, Results, reasons, share, summary
from tools.mutation.trial import Loaded, Trial, ended, start

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "mutation.md"
RESULTS: Final = ROOT / "out" / "mutation" / "results.jsonl"
UNDER_TRIAL: Final = ("reporter/response", "reporter/advice")
TESTS: Final = (
    "tests/response",
    "tests/advice",
    "tests/property",
    "tests/second_opinion",
    "tests/contracts/test_criteria.py",
    "tests/stories/test_told.py",
)
LEAST: Final = 95.0
_REMEMBERED: Final = 12
_NICE: Final = 15
_EVERY: Final = 20
"""Of the tests of a module every so many are run without a fault."""
_WORDS: Final = (
    "-q",
    "-p",
    "no:cacheprovider",
    "--capture=no",
    "--tb=no",
    f"--rootdir={ROOT}",
    "-m",
    "not tools and not services",
)


class Run:
    """The plug-in of pytest that measures the tests once and then tries the mutants."""

    def __init__(
        self, modules: Sequence[Module], chosen: Sequence[Mutant], results: Results, words: argparse.Namespace
    ) -> None:
        self._modules = {module.path.relative_to(ROOT).as_posix(): module for module in modules}
        self._chosen = chosen
        self._results = results
        self._reach = Reach(frozenset(str(path) for path in files_under(ROOT, list(UNDER_TRIAL))))
        self._budget: float = words.budget
        self._workers: int = words.workers
        self._items: dict[str, pytest.Item] = {}
        self._killers: dict[str, list[str]] = {}
        """Function, and module -> the tests that found a fault in it lately: the next fault is theirs first."""

    def pytest_sessionstart(self) -> None:
        """Properties look at the same examples in every trial, and a failing one is not made small."""
        from hypothesis import HealthCheck, Phase, settings

        settings.register_profile(
            "mutation",
            database=None,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutation")
        self._reach.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests once."""
        self._reach.stop()
        self._items = {item.nodeid: item for item in session.items}
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            self._reach.run(item, following)
        if session.testsfailed:
            raise pytest.UsageError("the tests fail without any fault")
        say(f"{len(session.items)} tests in {sum(self._reach.seconds.values()):.0f} s; {len(self._chosen)} mutants")
        self._try_all()
        return True

    def _try_all(self) -> None:
        loaded = Loaded(ROOT)
        self._try_without_fault(loaded)
        running: dict[int, tuple[Mutant, float]] = {}
        for number, mutant in enumerate(self._chosen):
            items = self._tests_of(mutant)
            if not items:
                self._results.note(mutant, "not run", 0)
                continue
            while len(running) >= self._workers:
                self._wait(running)
            pid = start(self._trial(mutant, items), loaded)
            running[pid] = (mutant, time.monotonic())
            if number % 100 == 0:
                say(f"{number} of {len(self._chosen)}")
        while running:
            self._wait(running)

    def _trial(self, mutant: Mutant, items: list[pytest.Item]) -> Trial:
        usual = sum(self._reach.seconds[item.nodeid] for item in items)
        return Trial(
            module=self._modules[mutant.module],
            mutant=mutant,
            placed=mutant.inside or bool(self._naming(mutant)),
            loads=not mutant.inside or mutant.nested or LOADING in self._reached(mutant),
            items=items,
            seconds=int(10 + 5 * usual),
            told=RESULTS,
        )

    def _try_without_fault(self, loaded: Loaded) -> None:
        """A trial without a fault must find none, or none of the others means anything; one for each module."""
        first = {one.module: one for one in reversed(self._chosen) if self._tests_of(one)}
        for mutant in first.values():
            some = self._tests_of(mutant)[::_EVERY]
            start(replace(self._trial(mutant, some), mutant=None, loads=True), loaded)
            if (end := ended(os.wait()[1])) != "survived":
                raise pytest.UsageError(f"a trial without a fault {end}: {mutant.module}")

    def _wait(self, running: dict[int, tuple[Mutant, float]]) -> None:
        pid, status = os.wait()
        mutant, began = running.pop(pid)
        told = RESULTS.with_suffix(f".{pid}")
        if told.exists():
            killer = told.read_text(encoding="utf-8")
            for place in (mutant.module, mutant.module + mutant.function):
                others = [one for one in self._killers.get(place, ()) if one != killer]
                self._killers[place] = [killer, *others][:_REMEMBERED]
            told.unlink()
        self._results.note(mutant, ended(status), time.monotonic() - began)

    def _reached(self, mutant: Mutant) -> set[str]:
        path = str(ROOT / mutant.module)
        return {test for line in mutant.lines for test in self._reach.tests.get((path, line), ())}

    def _naming(self, mutant: Mutant) -> set[str]:
        """The tests that run a line which names the table that a fault lies in; none for a fault in a function."""
        return set() if mutant.inside else self._reach.naming(mutant.function.rpartition(".")[2]) - {LOADING}

    def _tests_of(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests that run its line, the narrowest first; any where it is loaded, those of its module first.

        A test of the words that an enumeration lists, or of a default, runs no line of the module that has them.
        """
        near = reached = self._reached(mutant)
        if LOADING in reached or not mutant.inside:
            path = str(ROOT / mutant.module)
            near = {test for (file, _), tests in self._reach.tests.items() if file == path for test in tests}
            reached = set(self._items)
        lately = [*self._killers.get(mutant.module + mutant.function, ()), *self._killers.get(mutant.module, ())]
        first = [test for test in dict.fromkeys(lately) if test in reached]
        chosen: list[pytest.Item] = []
        spent = 0.0
        naming = self._naming(mutant)
        rest = sorted(
            reached - {LOADING, *first},
            key=lambda one: (one not in naming, one not in near, self._reach.breadth(one)),
        )
        for test in (*first, *rest):
            spent += self._reach.seconds[test]
            if spent > self._budget and chosen:
                break
            chosen.append(self._items[test])
        return chosen


def say(text: str) -> None:
    """A line of talk."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def main() -> int:
    """Exit 0 where enough are killed and every survivor has its reason, else 1."""
    words = parsed()
    modules = [Module(path, ROOT) for path in files_under(ROOT, words.paths)]
    chosen = [one for module in modules for one in module.mutants]
    results = Results(RESULTS, fresh=words.fresh)
    untried = [one for one in chosen if results.of(one) not in FOUND]
    # New ones first, and the quick ones of them; by their digest: a run that is stopped has tried a fair sample.
    untried.sort(key=lambda one: (bool(results.of(one)), not one.inside, one.key))
    if untried and not words.report:
        _run(modules, untried, results, words)
    accounted = reasons(PAGE) if PAGE.exists() else {}
    for line in summary(chosen, results, accounted):
        sys.stdout.write(line + "\n")
    unknown = [one for one in chosen if results.of(one) not in FOUND and one.key not in accounted]
    return int(share(chosen, results) < LEAST or bool(unknown))


def _run(modules: Sequence[Module], chosen: Sequence[Mutant], results: Results, words: argparse.Namespace) -> None:
    os.nice(max(0, _NICE - os.nice(0)))
    ran = pytest.main([*_WORDS, *words.tests], plugins=[Run(modules, chosen, results, words)])
    if ran is not pytest.ExitCode.OK:
        raise SystemExit(int(ran))


def parsed() -> argparse.Namespace:
    """The words of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description=__doc__)
    parser.add_argument("paths", nargs="*", default=list(UNDER_TRIAL), help="modules or folders")
    parser.add_argument("--tests", nargs="+", default=list(TESTS), help="tests that may find a fault")
    parser.add_argument("--fresh", action="store_true", help="try again what was killed before, too")
    parser.add_argument("--report", action="store_true", help="try nothing, print what is known")
    parser.add_argument("--budget", type=float, default=20, help="seconds of tests a mutant, the fastest first")
    parser.add_argument("--workers", type=int, default=2, help="trials at the same time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
