"""An error is one sentence: where, what, what to do."""

import copy

import pytest

from reporter.errors import (
    ExitCode,
    FileRefused,
    InputRefused,
    Interrupted,
    ReporterError,
    SetupError,
    UsageError,
)

EVERYTHING = InputRefused(
    "belongs to another patient",
    file="prior/a.dcm",
    field="PatientID (0010,0020)",
    hint="leave this study out.",
    code="TP_WRONG_PATIENT",
)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        pytest.param(ReporterError("the disk is full"), "the disk is full.", id="what"),
        pytest.param(ReporterError("no such file", file="a.csv"), "a.csv: no such file.", id="file and what"),
        pytest.param(ReporterError("is empty", field="unit"), "unit: is empty.", id="field and what"),
        pytest.param(
            EVERYTHING,
            "prior/a.dcm, PatientID (0010,0020): belongs to another patient; leave this study out.",
            id="everything",
        ),
    ],
)
def test_sentence(error: ReporterError, sentence: str) -> None:
    assert str(error) == sentence


def test_a_sentence_holds_nothing_that_a_terminal_would_act_on() -> None:
    error = SetupError("no template 'a\x1b[2J\u202eb\ud800'", file="x\r.toml", hint="see\tbelow")
    assert str(error) == "x\ufffd.toml: no template 'a\ufffd[2J\ufffdb\ufffd'; see\tbelow."


def test_survives_the_way_between_processes() -> None:
    # copying takes the same path as pickling: the class called with its args, then its attributes set
    twin = copy.copy(EVERYTHING)
    assert type(twin) is InputRefused
    assert (str(twin), twin.code) == (str(EVERYTHING), "TP_WRONG_PATIENT")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ReporterError, ExitCode.REFUSED),
        (InputRefused, ExitCode.REFUSED),
        (FileRefused, ExitCode.REFUSED),
        (UsageError, ExitCode.USAGE),
        (SetupError, ExitCode.USAGE),
        (Interrupted, ExitCode.STOPPED),
    ],
)
def test_exit_code(kind: type[ReporterError], code: ExitCode) -> None:
    assert kind("so").exit_code is code


def test_codes_are_those_that_scripts_know() -> None:
    assert [code.value for code in ExitCode] == [0, 1, 2, 3, 4]
