"""Workers of a cluster on machines of their own, each in a network namespace; one is lost midway."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.batch.dask_programs import Dask, until
from tests.batch.exports import batch, put_all, results
from tests.batch.test_cluster import on_cluster
from tests.layers import lacks

pytestmark = [pytest.mark.services, pytest.mark.hostile]
CASES: Final = 40
_ADDRESS: Final = "10.{}.{}.{}"


def ip(*arguments: str) -> None:
    """Change the network of this machine; CalledProcessError where it may not be."""
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


class Machine:
    """A network namespace with one cable to this machine: another machine, as far as the network goes."""

    def __init__(self, number: int) -> None:
        own = os.getpid() % 60_000
        self.name = f"reporter-{own}-{number}"
        self.ours = _ADDRESS.format(200 + own // 250 % 50, own % 250, number * 4 + 1)
        self._theirs = _ADDRESS.format(200 + own // 250 % 50, own % 250, number * 4 + 2)
        self._cable = f"rep{own}.{number}"

    def set_up(self) -> None:
        """Make it and put in the cable."""
        ip("netns", "add", self.name)
        ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("address", "add", f"{self.ours}/30", "dev", self._cable)
        ip("link", "set", self._cable, "up")
        ip("-n", self.name, "address", "add", f"{self._theirs}/30", "dev", "eth0")
        ip("-n", self.name, "link", "set", "eth0", "up")
        ip("-n", self.name, "link", "set", "lo", "up")
        ip("-n", self.name, "route", "add", "default", "via", self.ours)

    @property
    def within(self) -> tuple[str, ...]:
        """What starts a program on it."""
        return "ip", "netns", "exec", self.name

    def lose(self) -> int:
        """Everything that runs on it ends at once, as when its power goes; how much that was."""
        told = subprocess.run(["ip", "netns", "pids", self.name], check=True, capture_output=True, text=True)
        running = [int(number) for number in told.stdout.split()]
        for number in running:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        return len(running)

    def take_down(self) -> None:
        """Leave nothing of it."""
        with suppress(subprocess.CalledProcessError):
            self.lose()
            ip("netns", "delete", self.name)  # the cable goes with it


@pytest.fixture
def machines(request: pytest.FixtureRequest) -> Iterator[list[Machine]]:
    made = [Machine(number) for number in (0, 1)]
    try:
        for machine in made:
            machine.set_up()
        yield made
    except subprocess.CalledProcessError:
        lacks(request, "services", "network namespaces (run as root, where `ip netns add` may)")
    finally:
        for machine in made:
            machine.take_down()


def test_a_machine_that_is_lost_costs_no_case(machines: list[Machine], tmp_path: Path) -> None:
    export, table = put_all(tmp_path, CASES)
    batch(export, tmp_path / "undisturbed", "-m", str(table))
    out = tmp_path / "out"
    lost, kept = machines
    with Dask(tmp_path, lost.ours) as dask:
        dask.worker(within=lost.within)
        dask.worker("--name", "kept", within=kept.within)
        dask.wait_for(2)
        with subprocess.Popen(on_cluster(dask.address, export, table, out), stderr=subprocess.PIPE, text=True) as run:
            until(lambda: len(list(out.glob("*.draft.txt"))) >= CASES // 4)
            assert lost.lose() >= 2  # the worker, and the process in which it drafts
            said = run.communicate(timeout=300)[1]
        assert run.returncode == 0, said
        assert "Removing worker" in dask.logs() or "Remove worker" in dask.logs()
        assert "NAME^" not in dask.logs()
        assert "P001" not in dask.logs()
    assert f"{CASES} cases found: {CASES} reported, 0 quarantined, 0 pending" in said
    assert results(out) == results(tmp_path / "undisturbed")
    assert set(_times_told(out).values()) == {1}
    assert len(_times_told(out)) == CASES


def _times_told(out: Path) -> Counter[str]:
    """How many outcomes each case has."""
    with sqlite3.connect(out / ".reporter" / "journal.sqlite") as journal:
        told = Counter(unit for (unit,) in journal.execute("SELECT unit FROM outcome"))
    journal.close()
    return told
