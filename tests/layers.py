"""The layers of tests: what a test needs beyond Python, and what happens where it is missing.

A test marked `tools` or `services` is skipped loudly where its programs are missing. A layer that is named in
`REPORTER_REQUIRE_LAYERS` (comma-separated) may not be skipped: its tests fail, and so does a run without any.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

import pytest

ROOT: Final = Path(__file__).parent.parent
REQUIRE: Final = "REPORTER_REQUIRE_LAYERS"


@dataclass(frozen=True, slots=True)
class Layer:
    """A marker, and for each program that its tests start what to install."""

    name: str
    programs: dict[str, str]

    def missing(self) -> list[str]:
        """Name each program that is not there, with what brings it."""
        return [f"{program} ({source})" for program, source in self.programs.items() if not find(program)]


LAYERS: Final = (
    Layer(
        "tools",
        {
            "dciodvfy": "apt-get install dicom3tools",
            "dsrdump": "apt-get install dcmtk",
            "pdftotext": "apt-get install poppler-utils",
            "pdftoppm": "apt-get install poppler-utils",
            "ooxml-validator": "npm install --prefix .ci --no-save",
        },
    ),
    Layer(
        "services",
        {
            "soffice": "apt-get install libreoffice-writer-nogui",
            "chromium": "apt-get install chromium",
            "ip": "apt-get install iproute2",
        },
    ),
)


def find(program: str) -> str | None:
    """Look for a program on the PATH, then among the project's own npm packages."""
    return shutil.which(program) or shutil.which(program, path=ROOT / ".ci" / "node_modules" / ".bin")


@dataclass(slots=True)
class Ledger:
    """What became of the layers in this run."""

    required: frozenset[str]
    missing: dict[str, list[str]]
    ran: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Enter a test's layer; the report comes here from whatever process ran the test."""
        for name, layer in report.user_properties:
            if name == LAYER:
                (self.skipped if self.missing[str(layer)] else self.ran).add(str(layer))

    def never_ran(self) -> list[str]:
        return sorted(self.required - self.ran)


LAYER: Final = "layer"
LEDGER: Final = pytest.StashKey[Ledger]()


def required_layers(text: str, known: Iterable[str]) -> frozenset[str]:
    """Read the names of the layers that may not be skipped."""
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if unknown := sorted(names - set(known)):
        message = f"{REQUIRE} names no such layer: {', '.join(unknown)}"
        raise pytest.UsageError(message)
    return names


def pytest_configure(config: pytest.Config) -> None:
    required = required_layers(os.environ.get(REQUIRE, ""), (layer.name for layer in LAYERS))
    config.stash[LEDGER] = ledger = Ledger(required, {layer.name: layer.missing() for layer in LAYERS})
    config.pluginmanager.register(ledger)


def pytest_runtest_setup(item: pytest.Item) -> None:
    ledger = item.config.stash[LEDGER]
    for layer in LAYERS:
        if item.get_closest_marker(layer.name) is None:
            continue
        item.user_properties.append((LAYER, layer.name))
        if not ledger.missing[layer.name]:
            continue
        _give_up(item.config, layer.name, ", ".join(ledger.missing[layer.name]))


def lacks(request: pytest.FixtureRequest, layer: str, what: str) -> NoReturn:
    """End a test whose layer is there but for something that is no program, such as a right."""
    _give_up(request.config, layer, what)


def _give_up(config: pytest.Config, layer: str, what: str) -> NoReturn:
    reason = f"layer {layer!r} lacks {what}"
    if layer in config.stash[LEDGER].required:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return  # one process of several has not seen every layer
    done_well = session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    if done_well and session.config.stash[LEDGER].never_ran() and not session.config.option.collectonly:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    ledger = config.stash[LEDGER]
    for name in sorted(ledger.skipped):
        terminalreporter.section(f"LAYER NOT RUN: {name}", "!", red=True)
        for line in ledger.missing[name]:
            terminalreporter.write_line(f"missing: {line}")
    for name in ledger.never_ran():
        if name not in ledger.skipped:
            terminalreporter.section(f"LAYER NOT RUN: {name}: required, but no test of it was chosen", "!", red=True)
