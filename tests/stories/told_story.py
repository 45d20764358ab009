"""Stories told whole: a measurement table, facts, and every line of the report that comes of them."""

import contextlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from reporter.cli.main import main

FOLDER: Final = Path(__file__).parent / "told"
DRAFTED: Final = re.compile(r"template\s+nac-response\s+[0-9.]+\s+[0-9a-f]{12}")
TOOL: Final = re.compile(r"Drafted with reporter \S+,")


@dataclass(frozen=True)
class Told:
    """One folder of `told`: table, facts, expected text, and `arguments.txt` where the command has more."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def expected(self) -> Path:
        return self.folder / "expected.txt"

    @property
    def arguments(self) -> list[str]:
        """What stands on the command line beside table and facts."""
        added = self.folder / "arguments.txt"
        return added.read_text(encoding="utf-8").split() if added.exists() else []


TOLD: Final = [Told(path.parent) for path in sorted(FOLDER.glob("*/measurements.csv"))]


def draft(measurements: str, facts: str, arguments: list[str], form: str) -> str:
    """The report in one format, as a user gets it."""
    with TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()) as talk:
        table, known = Path(folder, "measurements.csv"), Path(folder, "facts.toml")
        table.write_text(measurements, encoding="utf-8")
        known.write_text(facts, encoding="utf-8")
        files = ["-m", str(table), "-f", str(known), "-o", folder]
        code = main(["draft", *files, *arguments, "--format", form])
        assert code in {0, 3}, talk.getvalue()
        return Path(folder, f"report.draft.{form}").read_text(encoding="utf-8")


def tell(measurements: str, facts: str, arguments: list[str]) -> str:
    """The text of the report; the release of the tool and of the template set are left out."""
    text = draft(measurements, facts, arguments, "txt")
    return TOOL.sub("Drafted with reporter,", DRAFTED.sub("template nac-response", text))


def told(story: Told) -> str:
    """The text of a story's report now."""
    table = (story.folder / "measurements.csv").read_text(encoding="utf-8")
    facts = (story.folder / "facts.toml").read_text(encoding="utf-8")
    return tell(table, facts, story.arguments)
