"""One mutant on trial: the fault is put into a copy of this process, and the tests that run its line are run there.

A fault in the body of a function is put into the functions that are loaded; any other (a table, a default, a function
that runs while modules are loaded) makes the copy load the module anew, and all that imports it.
"""

import ast
import functools
import gc
import os
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final, Protocol

import pytest

from tools.mutation.mutants import Module, Mutant

SURVIVED, KILLED, BROKEN = 0, 1, 2
_OURS = ("reporter", "tests")
_MEMORY = 4 << 30
FEW: Final = 4
"""Tests that are tried first where all must be loaded: those that found the last faults there."""
_OPTIMIZED = 0x1  # CO_OPTIMIZED: set for functions, not for modules and classes

_CACHE: Final = type(functools.cache(int))

_FUTURE: Final = ast.parse("from __future__ import annotations").body[0]
_TABLES: Final = (Mapping, AbstractSet, tuple, list)

FunctionId = tuple[str, str, int]
"""File, qualified name and first line."""


class _Cache(Protocol):
    """A function that keeps its results."""

    def cache_clear(self) -> None:
        """Forget them."""


class Loaded:
    """What is loaded once and copied for every trial: the functions by where they stand, and what caches results."""

    def __init__(self, root: Path) -> None:
        self._functions: dict[FunctionId, list[FunctionType]] = {}
        self._caches: list[_Cache] = []
        for one in gc.get_objects():
            if isinstance(one, FunctionType):
                self._functions.setdefault(_id(one.__code__), []).append(one)
            elif isinstance(one, _CACHE):
                self._caches.append(one)
        self._imports = {name: _imported(file) for name, file in _files(root)}
        gc.freeze()

    def importers(self, path: str) -> set[str]:
        """The names of a module, by its file, and of all that import it, one through another."""
        found = {name for name, module in sys.modules.items() if getattr(module, "__file__", None) == path}
        while more := {name for name, others in self._imports.items() if others & found} - found:
            found |= more
        return found & set(sys.modules)

    def put_in_place(self, top: ast.stmt, path: str, name: str, *, inside: bool) -> bool:
        """Give what is loaded of a module what a faulty statement of it says; False where that cannot be done."""
        replaced = self._functions_of(top, path) if inside else _put_table(top, path, name)
        for cache in self._caches:
            cache.cache_clear()
        return replaced

    def _functions_of(self, top: ast.stmt, path: str) -> bool:
        replaced = False
        module = ast.Module(body=[_FUTURE, top], type_ignores=[])
        for code in _of_functions(compile(module, path, "exec", dont_inherit=True)):
            for function in self._functions.get(_id(code), ()):
                try:
                    function.__code__ = code
                except ValueError:  # another number of names from outside
                    return False
                replaced = True
        return replaced


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """Names and files of the product and of the tests that are loaded."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if file and (name.split(".")[0] in _OURS or file.startswith(str(root / "tests"))):
            yield name, Path(file)


def _imported(file: Path) -> set[str]:
    """Every name that a module's text imports, wherever in it, but for type checkers alone."""
    names: set[str] = set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for block in ast.walk(tree):
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            block.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
    return names


def _put_table(top: ast.stmt, path: str, name: str) -> bool:
    """Put a table of the module, such as a set of categories, in the place of the one that other modules took over."""
    module = next((m for m in list(sys.modules.values()) if getattr(m, "__file__", None) == path), None)
    old = getattr(module, name, None)
    if module is None or not isinstance(old, _TABLES) or not old:
        return False
    if not isinstance(top, ast.Assign | ast.AnnAssign) or top.value is None:
        return False
    new = eval(compile(ast.Expression(top.value), path, "eval"), dict(vars(module)))  # ruff: ignore[suspicious-eval-usage] - our own code
    for other in list(sys.modules.values()):
        for key, held in list(getattr(other, "__dict__", {}).items()):
            if held is old:
                setattr(other, key, new)
    return True


class Watch:
    """Sees whether a test failed, and notes which."""

    def __init__(self, told: Path) -> None:
        self.failed = False
        self._told = told

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """After each part of a test."""
        if report.failed and not self.failed:
            self.failed = True
            self._told.write_text(report.nodeid, encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried."""

    module: Module
    mutant: Mutant | None
    """None: no fault at all, to see that a trial without one finds none."""
    placed: bool
    """Whether the fault shows where it is put into what is loaded: not in a table that is read while modules are."""
    loads: bool
    """Runs while modules are loaded: where what is loaded shows no fault, everything is loaded anew."""
    items: Sequence[pytest.Item]
    seconds: int
    told: Path
    """The name of the test that fails is left in such a file, ending in the id of the process."""


def start(trial: Trial, loaded: Loaded) -> int:
    """Start a trial in a copy of this process and give its id."""
    pid = os.fork()
    if pid:
        return pid
    _limit(trial.seconds)
    watch = Watch(trial.told.with_suffix(f".{os.getpid()}"))
    try:
        code = _tried(trial, loaded, watch)
    except BaseException:  # ruff: ignore[blind-except] - told as a fault of the run itself
        code = BROKEN
    os._exit(code)


def _tried(trial: Trial, loaded: Loaded, watch: Watch) -> int:
    placed = trial.mutant is None
    if trial.mutant is not None:
        top, name = trial.module.put(trial.mutant), trial.mutant.function
        path, inside = str(trial.module.path), trial.mutant.inside
        placed = trial.placed and loaded.put_in_place(top, path, name, inside=inside)
    code = KILLED if placed and _fails(trial.items, watch) else SURVIVED
    return _anew(trial, loaded, watch) if code == SURVIVED and (trial.loads or not placed) else code


def _limit(seconds: int) -> None:
    """No mutant runs for ever, eats the machine's memory, or talks."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def _id(code: CodeType) -> FunctionId:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _of_functions(code: CodeType) -> Iterator[CodeType]:
    """The code of every function of a module or class; not of those within functions."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & _OPTIMIZED:
                yield one
            else:
                yield from _of_functions(one)


def _fails(items: Sequence[pytest.Item], watch: Watch) -> bool:
    """Whether one of the tests fails; the rest is not run then."""
    items[0].config.pluginmanager.register(watch)
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if watch.failed:
            return True
    return False


class _Chosen:
    """Of what is collected, the tests that were chosen, in their order."""

    def __init__(self, ids: list[str]) -> None:
        self._order = {one: i for i, one in enumerate(ids)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((x for x in items if x.nodeid in self._order), key=lambda x: self._order[x.nodeid])


def _anew(trial: Trial, loaded: Loaded, watch: Watch) -> int:
    """Load the faulty module anew, and what imports it; a few tests first, for their files."""
    root = trial.items[0].config.rootpath
    path = str(trial.module.path)
    for name in loaded.importers(path):
        _forget(name)
    _load_instead(path, compile(trial.module.tree, path, "exec", dont_inherit=True))
    for items in (trial.items[:FEW], trial.items[FEW:]):
        files = dict.fromkeys(str(item.path) for item in items)
        words = ["-x", "-q", "-p", "no:cacheprovider", "--capture=no", "--tb=no", f"--rootdir={root}"]
        words += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        found = pytest.main([*words, *files], plugins=[_Chosen([item.nodeid for item in items]), watch]) if files else 0
        if found not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            return BROKEN if found is pytest.ExitCode.USAGE_ERROR else KILLED
    return SURVIVED


def _forget(name: str) -> None:
    """Take a module out of those that are loaded, and out of its package."""
    del sys.modules[name]
    package, _, own = name.rpartition(".")
    if hasattr(sys.modules.get(package), own):
        delattr(sys.modules[package], own)


def _load_instead(path: str, code: CodeType) -> None:
    plain = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
        return code if loader.path == path else plain(loader, name)

    setattr(SourceFileLoader, "get_code", get_code)  # ruff: ignore[set-attr-with-constant] - the type checker is told nothing new


def ended(status: int) -> str:
    """How a trial ended, by the status of its process."""
    if os.WIFSIGNALED(status):
        return "timed out"
    return {SURVIVED: "survived", KILLED: "killed"}.get(os.WEXITSTATUS(status), "broken")
