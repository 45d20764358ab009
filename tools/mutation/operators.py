"""The faults: for each place of a module's syntax tree, what may stand there instead.

Left as they are: docstrings, annotations, imports, decorators, `__all__`, `__repr__`, blocks for type checkers, and
words for people (a string with a space in it).  `and` for `or` is not among the faults, nor `>` for `<=`: whatever
finds an operand left out, or a limit moved, finds those too.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

_COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_CALCULATED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_CALLED: Final = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}
_ID: Final = re.compile(r"[\w.:-]+")
_SKIPPED: Final = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal)

Place = tuple[ast.AST, str, int | None]
"""Where a node hangs: its parent, the field, and the position in it."""


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, Place]]:
    """Every node that may be mutated, outermost first, in the order of the text."""
    yield from _within(tree)


def _within(parent: ast.AST) -> Iterator[tuple[ast.AST, Place]]:
    for name, value in ast.iter_fields(parent):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for position, child in children:
            if isinstance(child, ast.AST) and not _left_alone(child):
                yield child, (parent, name, position)
                yield from _within(child)


def _left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True  # a docstring, or `...`
        case ast.FunctionDef(name="__repr__") | ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Call(func=ast.Name(id="cast" | "TypeVar" | "NewType")):
            return True
        case _:
            return isinstance(node, _SKIPPED)


def replacements(node: ast.AST, place: Place) -> Iterator[ast.AST | None]:
    """What may stand in the place of a node; None takes it out of its list."""
    match node:
        case ast.expr():
            yield from _expressions(node, place)
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete() | ast.Continue():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant | ast.Tuple):
            yield ast.Return(value=ast.Constant(value=None))
        case ast.match_case() if not _wild(node):
            yield None
        case ast.MatchOr(patterns=patterns):
            for i in range(len(patterns)):
                rest = [*patterns[:i], *patterns[i + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.MatchOr(patterns=rest)
        case _:
            return


def _wild(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def _expressions(node: ast.expr, place: Place) -> Iterator[ast.AST | None]:
    parent, field, _ = place
    match node:
        case ast.Compare():
            for i, op in enumerate(node.ops):
                ops = [*node.ops[:i], _COMPARED[type(op)](), *node.ops[i + 1 :]]
                yield ast.Compare(left=node.left, ops=ops, comparators=node.comparators)
        case ast.BoolOp():
            for one in range(len(node.values)):
                yield _without(node, one)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp() if type(node.op) in _CALCULATED:
            yield ast.BinOp(left=node.left, op=_CALCULATED[type(node.op)](), right=node.right)
        case ast.Constant():
            yield from (ast.Constant(value=value) for value in _constants(node.value))
        case ast.Call(func=ast.Name(id=name), args=[_, *_]) if name in _CALLED:
            yield from _calls(node, name)
        case ast.Set() | ast.Dict() | ast.Tuple() | ast.List():
            yield from _shorter(node)
        case _:
            pass
    yield from _conditions(node, parent, field)


def _without(node: ast.BoolOp, position: int) -> ast.expr:
    rest = [value for i, value in enumerate(node.values) if i != position]
    return rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)


def _constants(value: object) -> Iterator[bool | int | str]:
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1)
        case str() if value.replace(".", "", 1).isdigit():
            yield value + "1" if "." in value else str(int(value) + 1)
        case str() if _ID.fullmatch(value):
            yield value + "_"
        case _:
            return


def _calls(node: ast.Call, name: str) -> Iterator[ast.expr]:
    keywords = [] if name == "sorted" else node.keywords
    yield ast.Call(func=ast.Name(id=_CALLED[name], ctx=ast.Load()), args=node.args, keywords=keywords)
    if any(word.arg == "key" for word in node.keywords):
        rest = [word for word in node.keywords if word.arg != "key"]
        yield ast.Call(func=node.func, args=node.args, keywords=rest)


def _shorter(node: ast.Set | ast.Dict | ast.Tuple | ast.List) -> Iterator[ast.expr]:
    """A member less: of a set or mapping anywhere, of a tuple or list only where it is a table (four or more)."""
    if isinstance(node, ast.Dict):
        for i in range(len(node.keys)):
            yield ast.Dict(keys=[*node.keys[:i], *node.keys[i + 1 :]], values=[*node.values[:i], *node.values[i + 1 :]])
        return
    least = 2 if isinstance(node, ast.Set) else 4
    if len(node.elts) < least or (isinstance(node, ast.Tuple | ast.List) and not isinstance(node.ctx, ast.Load)):
        return
    for i in range(len(node.elts)):
        rest = [*node.elts[:i], *node.elts[i + 1 :]]
        yield ast.Set(elts=rest) if isinstance(node, ast.Set) else type(node)(elts=rest, ctx=ast.Load())


def _conditions(node: ast.expr, parent: ast.AST, field: str) -> Iterator[ast.AST | None]:
    """A condition turned round where nothing in it was; a filter or guard taken away."""
    if isinstance(parent, ast.comprehension) and field == "ifs":
        yield None
    elif isinstance(parent, ast.match_case) and field == "guard":
        yield ast.Constant(value=True)
    elif field != "test":
        return
    if not isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield ast.UnaryOp(op=ast.Not(), operand=node)
