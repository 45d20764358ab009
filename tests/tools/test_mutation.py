"""The faults that a mutation run puts in, and the page that accounts for what survives."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tools.mutation.mutants import Module
from tools.mutation.results import Results, reasons, summary

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "mutation.md"


def faults(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    path = tmp_path / "m.py"
    path.write_text(text, encoding="utf-8")
    return [(one.before, one.after) for one in Module(path, tmp_path).mutants]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = a < b", [("a < b", "a <= b")]),
        ("x = a >= b", [("a >= b", "a > b")]),
        ("x = 0 < a", [("0 < a", "0 <= a"), ("0", "1"), ("0", "-1")]),
        ("x = a and b", [("a and b", "b"), ("a and b", "a")]),
        ("x = not a", [("not a", "a")]),
        ("x = True", [("True", "False")]),
        ("x = a + b", [("a + b", "a - b")]),
        ("x = any(a)", [("any(a)", "all(a)")]),
        ("x = sorted(a, key=f)", [("sorted(a, key=f)", "list(a)"), ("sorted(a, key=f)", "sorted(a)")]),
        ("x = {A, B}", [("{A, B}", "{B}"), ("{A, B}", "{A}")]),
        ("x = [i for i in a if i]", [("i", "(gone)"), ("i", "not i")]),
        ("x = 'target.pd'", [("'target.pd'", "'target.pd_'")]),
        ("x = Decimal('0.7')", [("'0.7'", "'0.71'")]),
        ("def f():\n    return a", [("return a", "return None")]),
        ("def f():\n    if a:\n        g()", [("a", "not a"), ("g()", "pass")]),
        ("match a:\n    case A | B:\n        pass", [("case A | B", "(gone)"), ("A | B", "B"), ("A | B", "A")]),
    ],
)
def test_a_fault(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert [found for found in faults(tmp_path, text) if found[0] != "pass"] == expected


@pytest.mark.parametrize(
    "text",
    [
        '"""A docstring."""',
        "x: Literal['a'] = y",
        "from a import b",
        "@dataclass(frozen=True)\nclass A:\n    x: int",
        "x = 'words for people'",
        "__all__ = ['a']",
        "def __repr__():\n    return 'a'",
        "def f(a: int | None): ...",
    ],
)
def test_what_is_left_alone(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text) == []


def test_a_fault_is_put_in_alone(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text("def f(a):\n    return a < 1\n\n\ndef g(a):\n    return a < 1\n", encoding="utf-8")
    chosen = next(one for one in Module(path, tmp_path).mutants if (one.function, one.after) == ("g", "a <= 1"))
    module = Module(path, tmp_path)
    module.put(chosen)
    assert ast.unparse(module.tree) == "def f(a):\n    return a < 1\n\ndef g(a):\n    return a <= 1"


def test_a_fault_knows_whether_it_lies_in_a_function_and_in_one_within_another(tmp_path: Path) -> None:
    """The inner one may have been made while modules were loaded: then they must be loaded anew."""
    path = tmp_path / "m.py"
    path.write_text("A = 1\n\n\ndef f():\n    def g():\n        return 1\n    return g or 1\n", encoding="utf-8")
    found = {(one.line, one.inside, one.nested) for one in Module(path, tmp_path).mutants}
    assert found == {(1, False, False), (6, True, True), (7, True, False)}


def test_a_run_goes_on_where_it_stopped_and_counts_what_it_found(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text("def f(a):\n    return a < b\n", encoding="utf-8")
    found = Module(path, tmp_path).mutants
    Results(tmp_path / "out" / "results.jsonl", fresh=False).note(found[0], "killed", 0.1)
    known = Results(tmp_path / "out" / "results.jsonl", fresh=False)
    assert [known.of(one) for one in found] == ["killed", ""]
    page = tmp_path / "page.md"
    page.write_text(f"| `{found[1].key}` | where | what | equivalent |\n", encoding="utf-8")
    assert reasons(page) == {found[1].key: "equivalent"}
    lines = list(summary(found, known, reasons(page)))
    assert "| m.py | 2 | 1 | 50.0 |" in lines
    assert lines[-1].startswith(f"not tried {found[1].key}")
    path.write_text("def f(a):\n    return a < c\n", encoding="utf-8")
    assert [known.of(one) for one in Module(path, tmp_path).mutants] == ["", ""], "another text is another mutant"


def test_every_survivor_of_the_page_has_a_reason() -> None:
    assert all(reasons(PAGE).values())


def test_every_reason_of_the_page_is_of_a_mutant_that_there_is() -> None:
    """A function that was changed has other mutants: what was said of one is to be seen again."""
    modules = dict(re.findall(r"^\| `([0-9a-f]{12})` \| `([^`]+)`", PAGE.read_text("utf-8"), re.MULTILINE))
    assert modules.keys() == reasons(PAGE).keys()
    there = {m.key for path in set(modules.values()) for m in Module(ROOT / "reporter" / path, ROOT).mutants}
    assert set(modules) - there == set()
