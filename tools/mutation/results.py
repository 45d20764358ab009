"""What became of each mutant, in a file that a stopped run goes on from, and the survivors that are accounted for."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tools.mutation.mutants import Mutant

FOUND: Final = ("killed", "timed out")
NOT_FOUND: Final = ("survived", "not run")
_ROW: Final = re.compile(r"^\| `(?P<key>[0-9a-f]{12})` \|.*\| (?P<reason>[^|]+) \|$", re.MULTILINE)


class Results:
    """The results by mutant; each is written down as soon as it is known."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._known: dict[str, str] = {row["key"]: row["result"] for row in map(json.loads, lines)}

    def of(self, mutant: Mutant) -> str:
        """How its trial ended, or nothing."""
        return self._known.get(mutant.key, "")

    def note(self, mutant: Mutant, result: str, seconds: float) -> None:
        """Write down how a trial ended."""
        self._known[mutant.key] = result
        row = {"key": mutant.key, "result": result, "seconds": round(seconds, 2), "what": told(mutant)}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def told(mutant: Mutant) -> str:
    """A mutant in one line."""
    return f"{mutant.module}:{mutant.line} {mutant.function}: {mutant.before} -> {mutant.after}"


def reasons(page: Path) -> dict[str, str]:
    """Key -> why it survives, from the table of a page."""
    return {row["key"]: row["reason"].strip() for row in _ROW.finditer(page.read_text(encoding="utf-8"))}


def summary(chosen: Iterable[Mutant], results: Results, accounted: dict[str, str]) -> Iterator[str]:
    """Killed of all, by module; then every mutant that no test finds, those without a reason marked."""
    by_module: dict[str, list[Mutant]] = {}
    for one in chosen:
        by_module.setdefault(one.module, []).append(one)
    yield "| module | mutants | killed | % |"
    yield "| --- | ---: | ---: | ---: |"
    for module, found in by_module.items():
        yield _row(module, found, results)
    every = [one for found in by_module.values() for one in found]
    yield _row("all", every, results)
    for one in every:
        if results.of(one) not in FOUND:
            yield f"{results.of(one) or 'not tried'} {'' if one.key in accounted else '! '}{one.key} {told(one)}"


def share(found: list[Mutant], results: Results) -> float:
    """Killed of all, in percent."""
    return 100 * sum(results.of(one) in FOUND for one in found) / max(1, len(found))


def _row(name: str, found: list[Mutant], results: Results) -> str:
    killed = sum(results.of(one) in FOUND for one in found)
    return f"| {name} | {len(found)} | {killed} | {share(found, results):.1f} |"
