"""How often circles of objects are looked for, in a process of its own and in one that only calls."""

import gc
import subprocess
import sys

from reporter.cli.main import main

_SAYS = "import gc, sys\nfrom reporter.cli import main\n{}\nprint(gc.get_threshold(), gc.isenabled(), file=sys.stderr)"


def _said(call: str) -> str:
    command = [sys.executable, "-P", "-c", _SAYS.format(call), "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()[-1]


def test_a_command_looks_seldom_and_in_the_end_no_more() -> None:
    seldom, *others = gc.get_threshold()
    assert _said("main.run()") == f"{(1_000_000, *others)} False"
    assert seldom < 1_000_000


def test_whoever_calls_a_command_keeps_their_own_way() -> None:
    before = gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()
    main(["--version"])
    assert (gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()) == before
