"""A Dask scheduler and its workers as programs of their own, started, waited for and ended by number."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Self

from distributed import Client

from tests.layers import ROOT


def until(true: Callable[[], object], seconds: float = 120) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


class Dask:
    """One scheduler; `host` is where it listens."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", **environment: str) -> None:
        self._folder = folder
        self._programs: list[subprocess.Popen[bytes]] = []
        with socket.create_server((host, 0)) as free:
            self.address = f"tcp://{host}:{free.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        options = ["--host", host, "--port", port, "--no-dashboard"]
        self.scheduler = self._start("scheduler", options, environment=environment)
        until(lambda: self._listens(host, int(port)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for program in self._programs:
            self.end(program)

    @staticmethod
    def _listens(host: str, port: int) -> bool:
        with suppress(OSError), socket.create_connection((host, port), 1):
            return True
        return False

    def worker(self, *options: str, within: Sequence[str] = (), path: Path = ROOT) -> subprocess.Popen[bytes]:
        """Start a worker of one thread; `within`: what puts it somewhere else, `path`: where its reporter is."""
        own = str(self._folder / f"worker-{len(self._programs)}")
        arguments = [self.address, "--no-dashboard", "--nthreads", "1", "--local-directory", own, *options]
        return self._start("worker", arguments, within, path, {"PYTHONPATH": str(path)})

    def _start(
        self,
        kind: str,
        arguments: Sequence[str],
        within: Sequence[str] = (),
        path: Path = ROOT,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{kind}-{len(self._programs)}.log").open("wb")
        program = subprocess.Popen(
            [*within, sys.executable, "-c", f"from distributed.cli.dask_{kind} import main; main()", *arguments],
            stdout=log,
            stderr=log,
            env={**os.environ, **environment},
            cwd=path,
            start_new_session=True,
        )
        log.close()
        self._programs.append(program)
        return program

    def end(self, program: subprocess.Popen[bytes]) -> None:
        """End a program at once, and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()

    def wait_for(self, workers: int) -> None:
        """Until so many workers are there."""
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=120)

    def logs(self) -> str:
        """All that the cluster wrote."""
        return "".join(path.read_text("utf-8", "replace") for path in sorted(self._folder.glob("*.log")))
