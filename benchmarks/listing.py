"""A run that finds nothing to do, against a plain listing of the same files: both as processes, in turn."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROUNDS: Final = 5
_LIST: Final = """\
import os, sys
folders = [sys.argv[1]]
while folders:
    with os.scandir(folders.pop()) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                entry.stat(follow_symlinks=False)
"""


class Spent(NamedTuple):
    """Seconds."""

    clock: float
    processor: float


_RUN: Final = """\
import resource, subprocess, sys, time
began = time.perf_counter()
code = subprocess.call(sys.argv[1:])
clock, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
print()
print(code, clock, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""Runs a command.  Peak memory counts from before a program is loaded: what starts it has to be small."""


def spent(command: Sequence[str]) -> tuple[Spent, float]:
    """What a command takes, its start among it, and its peak memory in MB."""
    said = subprocess.run(  # ruff: ignore[subprocess-without-shell-equals-true] - our own command
        [sys.executable, "-S", "-c", _RUN, *command], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    code, clock, processor, memory = said.split()[-4:]
    assert code in {"0", "3"}, "the run did not come to its end"
    return Spent(float(clock), float(processor)), int(memory) / 1024


def batch(export: Path, out: Path, *arguments: str) -> list[str]:
    """The command line of a run in one process."""
    command = [sys.executable, "-m", "reporter", "batch", str(export), "-o", str(out), "--jobs", "1", "--quiet"]
    return [*command, *arguments]


def print_unchanged(export: Path, run: Sequence[str]) -> None:
    """Print what a run that has nothing to do takes, and how many times as long as a listing; the quickest of each."""
    listings, runs = [], []
    for _ in range(ROUNDS):
        listings.append(spent([sys.executable, "-c", _LIST, str(export)])[0])
        runs.append(spent(run)[0])
    for what, listing, again in zip(
        Spent._fields, map(min, zip(*listings, strict=True)), map(min, zip(*runs, strict=True)), strict=True
    ):
        print(f"{what:10} unchanged again {again:.2f} s, {again / listing:.1f} x a listing of {listing:.3f} s")
