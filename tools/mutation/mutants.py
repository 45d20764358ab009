"""The mutants of a module: each is told by its function, the line, and what stands for what."""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tools.mutation.operators import Place, places, replacements


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One fault at one place."""

    module: str
    """Path from the root of the project."""
    function: str
    """Qualified name of the outermost function, class or table around the place."""
    line: int
    lines: range
    """Lines of the statement (its head, where it has a body): a test that runs none of them cannot fail."""
    before: str
    after: str
    text: str
    """Digest of the outermost function, class or table around the place."""
    occurrence: int
    """How many times the same stood for the same in the function before."""
    place: int
    """Position among all places of the module."""
    variant: int
    """Position among what may stand there."""
    inside: bool
    """Whether it lies in the body of a function, so that the module need not be loaded anew."""
    nested: bool
    """Whether that function stands within another one, which may have made it while modules were loaded."""

    @property
    def key(self) -> str:
        """Stays the same as long as the function does, wherever it stands."""
        return _digest(f"{self.module}|{self.function}|{self.text}|{self.before}|{self.after}|{self.occurrence}")


class Module:
    """A module's tree, with every mutant of it."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self._places = list(places(self.tree))
        self.mutants = tuple(self._found(path.relative_to(root).as_posix()))

    def _found(self, name: str) -> Iterator[Mutant]:
        around = _surroundings(self.tree)
        texts = {node: _digest(ast.unparse(top)) for top in self.tree.body for node in ast.walk(top)}
        alike: Counter[tuple[str, str, str]] = Counter()
        for number, (node, place) in enumerate(self._places):
            for variant, other in enumerate(replacements(node, place)):
                function, statement, depth = around[node]
                before, after = _short(node), "(gone)" if other is None else _short(other)
                yield Mutant(
                    module=name,
                    function=function,
                    line=getattr(node, "lineno", statement.lineno),
                    lines=_lines(node, statement),
                    before=before,
                    after=after,
                    text=texts[node],
                    occurrence=alike[function, before, after],
                    place=number,
                    variant=variant,
                    inside=depth > 0,
                    nested=depth > 1,
                )
                alike[function, before, after] += 1

    def put(self, mutant: Mutant) -> ast.stmt:
        """Put a fault into the tree, for good; gives the outermost statement that holds it."""
        node, place = self._places[mutant.place]
        other = list(replacements(node, place))[mutant.variant]
        top = next(one for one in self.tree.body if one.lineno <= mutant.line <= (one.end_lineno or one.lineno))
        _put(copy.deepcopy(other), node, place)
        return top


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _put(other: ast.AST | None, node: ast.AST, place: Place) -> None:
    parent, field, position = place
    if other is not None:
        ast.fix_missing_locations(ast.copy_location(other, node) if hasattr(node, "lineno") else other)
    if position is None:
        setattr(parent, field, other)
    elif other is None:
        del getattr(parent, field)[position]
    else:
        getattr(parent, field)[position] = other


def _surroundings(tree: ast.Module) -> dict[ast.AST, tuple[str, ast.stmt, int]]:
    """Node -> what it lies in, its statement, and in how many functions' bodies it is."""
    found: dict[ast.AST, tuple[str, ast.stmt, int]] = {}

    def visit(node: ast.AST, names: tuple[str, ...], statement: ast.stmt | None, depth: int) -> None:
        for field, value in ast.iter_fields(node):
            deeper = depth + (isinstance(node, ast.FunctionDef) and field == "body")
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    own = child if isinstance(child, ast.stmt) else statement
                    named = names if deeper else (*names, *_name(child))
                    if own is not None:
                        found[child] = (".".join(named), own, deeper)
                    visit(child, named, own, deeper)

    visit(tree, (), None, 0)
    return found


def _name(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return (name,)
        case _:
            return ()


def _lines(node: ast.AST, statement: ast.stmt) -> range:
    last = statement.end_lineno or statement.lineno
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    if isinstance(body, list) and not isinstance(statement, ast.Match):
        last = max(statement.lineno, body[0].lineno - 1)
    elif isinstance(statement, ast.Match) and isinstance(node, ast.match_case):
        return range(statement.lineno, statement.lineno + 1)
    return range(statement.lineno, last + 1)


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.match_case):
        guard = f" if {ast.unparse(node.guard)}" if node.guard else ""
        return f"case {ast.unparse(node.pattern)}{guard}"
    return " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
