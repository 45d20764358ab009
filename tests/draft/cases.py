"""Cases for tests of wording: a measurement table and facts, drafted by the whole tool, as text."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from reporter.draft.interface import Block, Draft, Figure, Heading, List, Notice, Paragraph, Report, Table, words
from reporter.pipeline import Kit, prepare, report_on
from reporter.readers.assemble import assemble
from reporter.readers.gather import Inputs, gather
from reporter.settings import Settings

HEADER: Final = (
    "patient_id,"
    "study_date,modality,lesion_id,kind,side,location,clock,nipple_distance,role,status,long_axis,short_axis,"
    "third_axis,"
    "unit,cortex,hilum,extent,extent_change,span,biopsy_result,biopsy_date,birads,clip,clip_shape,clip_seen,"
    "clip_displaced,merged_into,split_from,covered_before,receptors,index_distance,volume,volume_unit,suv,note"
)
COLUMNS: Final = HEADER.split(",")


def row(when: str, modality: str, lesion: str, size: str = "", **cells: str) -> dict[str, str]:
    """One row: `row("2026-01-08", "US", "L1", "52 x 41 x 36")`; without a size, a status."""
    axes = [axis.strip() for axis in size.split("x")] if size else []
    kind = cells.pop("kind", "node" if lesion.startswith("N") else "mass")
    names = ("short_axis",) if kind == "node" else ("long_axis", "short_axis", "third_axis")
    measured = dict(zip(names, axes, strict=False)) | ({"status": "measured"} if axes else {})
    known = {"kind": kind, "side": "left", "unit": "mm", "clock": "" if kind == "node" else "2"}
    if kind == "node":
        known["location"] = "axilla_1"
    return {
        "patient_id": "SYN-9",
        "study_date": when,
        "modality": modality,
        "lesion_id": lesion,
        **known,
        **measured,
        **cells,
    }


def table(*rows: dict[str, str]) -> str:
    """Rows as CSV."""
    lines = [",".join(_cell(one.get(column, "")) for column in COLUMNS) for one in rows]
    return "\n".join([HEADER, *lines]) + "\n"


def _cell(text: str) -> str:
    return f'"{text}"' if any(character in text for character in ',"\n') else text


@cache
def kit(criteria: tuple[str, ...] = ()) -> Kit:
    """The shipped template, pack and criteria; no format."""
    return prepare(Settings(), formats=(), criteria=criteria or None)


def report(rows: tuple[dict[str, str], ...], facts: str = "", *, criteria: tuple[str, ...] = ()) -> Report:
    """What is known, meant and advised of a case without DICOM."""
    with tempfile.TemporaryDirectory() as folder:
        measurements, known = Path(folder, "m.csv"), Path(folder, "f.toml")
        measurements.write_text(table(*rows), encoding="utf-8")
        known.write_text(facts, encoding="utf-8")
        readings = gather(Inputs(table=measurements, facts=known), Settings().limits)
        case = assemble(readings, windows=Settings().windows, labels=Settings().labels)
    return report_on(case, (), kit(criteria))


def draft(rows: tuple[dict[str, str], ...], facts: str = "", *, criteria: tuple[str, ...] = ()) -> Draft:
    """The draft of a case without DICOM."""
    return kit(criteria).writer.draft(report(rows, facts, criteria=criteria))


def section(drafted: Draft, title: str) -> str:
    """The text of one section: one line a paragraph, list item or table row."""
    lines: list[str] = []
    inside = False
    for block in drafted.blocks:
        if isinstance(block, Heading) and block.level <= 2:
            inside = words(block.content) == title
        elif inside:
            lines += block_lines(block)
    return "\n".join(lines)


def whole(drafted: Draft) -> str:
    """All text of a draft."""
    return "\n".join(line for block in drafted.blocks for line in block_lines(block))


def block_lines(block: Block) -> list[str]:
    """The text of a block."""
    match block:
        case Heading() | Paragraph():
            return [words(block.content)]
        case List():
            return [
                f"{n}. {words(item)}" if block.ordered else f"- {words(item)}" for n, item in enumerate(block.items, 1)
            ]
        case Table():
            return [words(block.intro), *(" | ".join(words(cell) for cell in line) for line in block.rows)]
        case Notice():
            return [words(block.content), *(words(item) for item in block.items)]
        case Figure():
            told = [line for part in block.told for line in block_lines(part)]
            return [words(block.caption), *told, *(words(remark) for remark in block.remarks)]
