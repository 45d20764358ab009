"""The project itself: its locks, its entry points, its layout, and what its documents say of it."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import reporter

ROOT: Final = Path(__file__).parent.parent
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS: Final = sorted((ROOT / "requirements").glob("*.txt"))
MODULES: Final = sorted((ROOT / "reporter").rglob("*.py"))
DOCUMENTS: Final = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

LONGEST_MODULE: Final = 400
LONGEST_FUNCTION: Final = 50
HEAVY: Final = {"docx", "jinja2", "lxml", "markdown_it", "pydantic", "pydicom"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def pins(lock: Path) -> dict[str, set[str]]:
    """Versions by package; more than one where the lock differs between versions of Python."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^ ]+)", lock.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


class TestLocks:
    LINE = re.compile(
        r"""[a-z0-9-]+==[A-Za-z0-9.+!-]+(\ ;\ [a-z_]+\ [<>=!]+\ '[A-Za-z0-9.]+'(\ (and|or)\ .+)?)?\ \\   # a version
            |\ {4}--hash=sha256:[0-9a-f]{64}(\ \\)?                                                # or a hash""",
        re.VERBOSE,
    )

    @pytest.mark.parametrize("lock", LOCKS, ids=name_of)
    def test_holds_versions_and_hashes_and_nothing_else(self, lock: Path) -> None:
        lines = lock.read_text("utf-8").splitlines()
        assert [line for line in lines if not self.LINE.fullmatch(line)] == []
        assert not re.search(r"://|--index|--find-links|--extra|@|file:", "\n".join(lines))

    @pytest.mark.parametrize("line", ["--index-url mirror", "numpy @ file:///wheels/numpy.whl", "numpy>=2", "-e ."])
    def test_anything_else_would_be_seen(self, line: str) -> None:
        assert not self.LINE.fullmatch(line)

    @pytest.mark.parametrize("lock", LOCKS, ids=name_of)
    def test_every_version_has_hashes(self, lock: Path) -> None:
        for entry in re.split(r"\n(?=\S)", lock.read_text("utf-8").strip()):
            assert entry.count("--hash=sha256:") >= 1, entry

    def test_compiled_packages_are_locked_for_every_platform(self) -> None:
        entries = re.split(r"\n(?=\S)", (ROOT / "requirements" / "run.txt").read_text("utf-8"))
        hashes = {entry.split("==")[0]: entry.count("--hash=") for entry in entries}
        assert min(hashes[name] for name in ("lxml", "markupsafe", "pydantic-core")) > 20

    def test_locks_agree(self) -> None:
        everything = pins(ROOT / "requirements" / "dev.txt")
        for name, versions in pins(ROOT / "requirements" / "run.txt").items():
            assert everything[name] == versions

    @pytest.mark.parametrize(
        ("lock", "texts"),
        [
            ("run.txt", PROJECT["project"]["dependencies"]),
            ("build.txt", PROJECT["build-system"]["requires"]),
            ("dev.txt", [text for extra in PROJECT["project"]["optional-dependencies"].values() for text in extra]),
        ],
        ids=["run", "build", "dev"],
    )
    def test_lock_satisfies_what_the_project_asks_for(self, lock: str, texts: list[str]) -> None:
        locked = pins(ROOT / "requirements" / lock)
        for requirement in map(Requirement, texts):
            versions = locked[canonicalize_name(requirement.name)]
            assert all(requirement.specifier.contains(version) for version in versions), requirement


class TestEntryPoints:
    TARGETS: Final = {
        f"{group}:{name}": target
        for group, entries in PROJECT["project"]["entry-points"].items()
        for name, target in entries.items()
    } | PROJECT["project"]["scripts"]

    @pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
    def test_resolves(self, target: str) -> None:
        module, _, attribute = target.partition(":")
        assert callable(getattr(import_module(module), attribute))


class TestPublicFace:
    def test_version_is_the_projects(self) -> None:
        assert reporter.__version__ == PROJECT["project"]["version"]

    @pytest.mark.parametrize("name", reporter.__all__)
    def test_every_name_resolves(self, name: str) -> None:
        assert getattr(reporter, name) is not None
        assert name in dir(reporter)

    def test_other_names_do_not(self) -> None:
        with pytest.raises(AttributeError, match="no attribute 'Manager'"):
            _ = reporter.Manager


def modules_loaded_by(*arguments: str) -> set[str]:
    """Start Python anew and list the top-level modules that it imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {match[1] for match in re.finditer(r"\| +(\w+)[.\w]*$", done.stderr, re.MULTILINE)}


class TestStart:
    def test_importing_the_package_loads_nothing_of_it(self) -> None:
        loaded = subprocess.run(
            [sys.executable, "-c", "import sys, reporter; print(*[m for m in sys.modules if 'reporter' in m])"],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout.split()
        assert loaded == ["reporter"]

    @pytest.mark.parametrize(
        "arguments",
        [["--help"], ["draft", "--help"], ["classify", "--help"], ["demo", "--help"]],
        ids=" ".join,
    )
    def test_help_loads_no_heavy_library(self, arguments: list[str]) -> None:
        loaded = modules_loaded_by("-m", "reporter", *arguments)
        assert "argparse" in loaded
        assert not loaded & HEAVY

    def test_a_heavy_library_would_be_seen(self) -> None:
        assert modules_loaded_by("-c", "import pydicom.tag") & HEAVY == {"pydicom"}


def functions(module: Path) -> Iterator[tuple[str, int]]:
    """Yield the name and the length in lines of each function, its docstring included."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


class TestLayout:
    @pytest.mark.parametrize("module", MODULES, ids=name_of)
    def test_module_and_its_functions_are_small(self, module: Path) -> None:
        assert len(module.read_text("utf-8").splitlines()) <= LONGEST_MODULE
        assert {name: lines for name, lines in functions(module) if lines > LONGEST_FUNCTION} == {}

    def test_every_exception_of_the_linter_has_its_reason(self) -> None:
        text = (ROOT / "pyproject.toml").read_text("utf-8")
        ignored = re.search(r"^ignore = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)
        assert ignored
        assert [line for line in ignored[1].splitlines() if not re.search(r'",\s+# \w+', line)] == []


class TestDocuments:
    @pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
    def test_links_lead_somewhere(self, document: Path) -> None:
        targets = re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text("utf-8"))
        assert [target for target in targets if not (document.parent / target).exists()] == []

    @pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
    def test_make_targets_exist(self, document: Path) -> None:
        asked = re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text("utf-8"), re.MULTILINE)
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        assert set(asked) <= set(targets)

    def test_readme_shows_the_two_commands(self) -> None:
        readme = (ROOT / "README.md").read_text("utf-8")
        assert "\nmake demo" in readme
        assert "\nmake test" in readme

    def test_ci_runs_what_the_readme_says(self) -> None:
        steps = (ROOT / ".ci" / "run").read_text("utf-8")
        assert "\nmake demo\n" in steps
        assert "\nmake test\n" in steps
        assert "REPORTER_REQUIRE_LAYERS=tools,services make test-all" in steps
