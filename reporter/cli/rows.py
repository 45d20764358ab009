"""Rows as the commands print them: a table to look at, CSV, JSON."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from reporter.publish import publish_file

Row = Mapping[str, str]


def write_rows(text: str, output: Path | None) -> None:
    """Put what was made on stdout, or into a file."""
    if output is None:
        sys.stdout.write(text)
    else:
        publish_file(output, text.encode())


def as_csv(rows: Iterable[Row], columns: Sequence[str], numeric: Callable[[str], bool]) -> str:
    """Cells that a spreadsheet would take for a formula are marked as text, except in columns of numbers."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: cell if numeric(name) else inert(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue()


def inert(cell: str) -> str:
    """A cell that a spreadsheet does not compute."""
    return f"'{cell}" if cell[:1] in {*"=+-@\t\r", "\0"} and cell else cell


def as_json(rows: Sequence[Mapping[str, object]]) -> str:
    """An array of flat objects."""
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Only the columns that say something, each as wide as its widest cell."""
    shown = [column for column in columns if any(row[column] for row in rows)]
    lines: list[Sequence[str]] = [shown, *([row[column] for column in shown] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(shown))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "".join(f"{line.rstrip()}\n" for line in padded)
