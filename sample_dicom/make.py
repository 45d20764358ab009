"""Write the DICOM files of the stories: `python -m sample_dicom.make [FOLDER]`.

Without a folder they are written where they are kept, beside this program.  The same program always writes the same
bytes.  Only files below a story's `dicom` folder are written; tables, facts and expectations are kept by hand.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset

from sample_dicom import magnetic_resonance, mammography, tomosynthesis, ultrasound
from sample_dicom.objects import Exam, Story, numbered, write
from sample_dicom.stories import STORIES

HERE: Final = Path(__file__).parent

MAKERS: Final[dict[str, Callable[[Story, Exam, int], list[Dataset]]]] = {
    "US": ultrasound.images,
    "MG": mammography.images,
    "DBT": tomosynthesis.images,
    "MR": magnetic_resonance.images,
}
"""What an exam may be made of; AXILLA belongs to US."""


def exam_objects(story: Story, exam: Exam) -> list[Dataset]:
    """Return every object of an exam; series are numbered through."""
    objects: list[Dataset] = []
    for part in exam.parts:
        if part in MAKERS:
            objects += MAKERS[part](story, exam, len(objects) + 1)
    return objects


def write_story(story: Story, folder: Path) -> list[Path]:
    """Write the files of a story below `folder` and return their paths in order."""
    paths = []
    for exam in story.exams:
        for name, ds in numbered(exam_objects(story, exam)):
            path = folder / story.folder / "dicom" / exam.key / name
            write(ds, path, story.transfer_syntax)
            paths.append(path)
    return paths


def main(arguments: Sequence[str] | None = None) -> int:
    """Write all stories and say how many files there are."""
    parser = argparse.ArgumentParser(prog="make.py", description="Write the synthetic DICOM files of the stories.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="where to write (default: beside this file)")
    folder: Path = parser.parse_args(arguments).folder
    for story in STORIES:
        print(f"{story.folder}: {len(write_story(story, folder))} files")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
