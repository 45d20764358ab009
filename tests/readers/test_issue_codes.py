"""Every doubt that a reader can have, and every reason to leave something out, has its words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from reporter import library
from reporter.draft.phrases import load_phrases

ROOT = Path(__file__).parents[2] / "reporter"
PHRASES = load_phrases(library.phrases("en")).by_path
SENTENCES = {path.split(".")[1] for path in PHRASES if path.startswith(("issue.", "left_out."))}
KINDS = (
    *("CELL", "CSV", "DCM", "DUP", "FACT", "FACTS", "FILES", "FS", "INPUT", "JSON", "LAT", "LES", "LIM", "MAP", "MEAS"),
    *("ROW", "SPAN", "SR", "STU", "TP", "TXT", "ZIP"),
)


def codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            kind, mark, _ = node.value.partition("_")
            if mark and kind in KINDS and node.value.replace("_", "").isalpha() and node.value.isupper():
                yield node.value


def test_every_code_has_its_words() -> None:
    modules = [*(ROOT / "readers").glob("*.py"), ROOT / "case" / "arrangement.py"]
    used = {code for module in modules for code in codes_in(module)}
    assert "STU_PATIENT_CONFLICT" in used
    assert sorted(used - set(SENTENCES)) == []
