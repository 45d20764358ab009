"""The stories as tests see them: the files of `sample_dicom`, read with the standard library alone."""

import csv
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, cast

SAMPLES: Final = Path(__file__).parents[2] / "sample_dicom"
MODELS: Final = Path(__file__).parent / "models"
CALIPERS: Final = ("long_axis", "short_axis", "third_axis")


@dataclass(frozen=True)
class Story:
    """One folder of `sample_dicom`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def dicom(self) -> Path:
        return self.folder / "dicom"

    @property
    def table(self) -> Path:
        return self.folder / "measurements.csv"

    @property
    def facts_file(self) -> Path:
        return self.folder / "facts.toml"

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The measurement table, every cell as text."""
        with self.table.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def facts(self) -> dict[str, Any]:
        return tomllib.loads(self.facts_file.read_text(encoding="utf-8"))

    @cached_property
    def expected(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "expected.toml").read_text(encoding="utf-8"))

    @property
    def statements(self) -> list[str]:
        return cast("list[str]", self.expected["statements"])

    @property
    def worded_otherwise(self) -> dict[str, str | None]:
        """Statements of the model that the report words otherwise, with what stands there instead, if anything."""
        return {entry["statement"]: entry.get("instead") for entry in self.expected.get("worded_otherwise", [])}

    @property
    def model(self) -> str | None:
        """The model report, white space normalised; None where the story has none."""
        path = MODELS / f"{self.name}.txt"
        return squeeze(path.read_text(encoding="utf-8")) if path.exists() else None

    def sizes(self, lesion_id: str, modality: str) -> list[Decimal]:
        """Sizes of a lesion on a modality through time, as the table gives them."""
        rows = [row for row in self.rows if row["lesion_id"] == lesion_id and row["modality"] == modality]
        return [size(row) for row in sorted(rows, key=itemgetter("study_date")) if row["status"] != "not_evaluable"]


def size(row: dict[str, str]) -> Decimal:
    """Millimetres of the axis that is followed: the short one of a node, the long one of anything else."""
    if row["status"] == "absent":
        return Decimal(0)
    value = Decimal(row["short_axis" if row["kind"] == "node" else "long_axis"])
    return value * 10 if row["unit"] == "cm" else value


def percent(now: Decimal, then: Decimal) -> str:
    """Change in percent as it prints: one decimal, `.0` dropped."""
    shown = f"{(now - then) * 100 / then:.1f}"
    return shown.removesuffix(".0")


def squeeze(text: str) -> str:
    """Every run of white space as one space."""
    return " ".join(text.split())


STORIES: Final = [Story(path.parent) for path in sorted(SAMPLES.glob("*/expected.toml"))]
