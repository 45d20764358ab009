"""What is wrong with a template whatever the values: found in its tree, before it is compiled.

What Python could not compile (an argument that stands there twice, loops in loops without end) is told here in words,
and so is what would hide the parts that no draft may lack.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from jinja2 import nodes

MAX_STATEMENTS: Final = 16
"""How deep loops, conditions and the like may stand in each other; Python cannot compile many more."""
MAX_EXPRESSIONS: Final = 40
"""How deep expressions may stand in each other."""
MAX_PIECES: Final = 20_000
"""How many statements, expressions and texts a template has; the longest that is shipped has some thousands."""
PARTS: Final = ("escalation_block", "basis_block")
"""What the program says and every template places."""
CALLS_BY_NAME: Final = (nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)
TOO_DEEP: Final = "the template is nested deeper than any report needs"
TOO_LARGE: Final = "the template is larger than any report needs"

_AROUND: Final = (
    *(nodes.AssignBlock, nodes.Block, nodes.CallBlock, nodes.FilterBlock, nodes.For, nodes.If, nodes.Macro),
    *(nodes.Scope, nodes.ScopedEvalContextModifier, nodes.With),
)
_CALLS: Final = (nodes.Call, nodes.Filter, nodes.Test)
_LOOKED_AT: Final = (
    *(nodes.CallBlock, nodes.Const, nodes.Dict, nodes.EvalContextModifier, nodes.Macro, nodes.Name),
    *_CALLS,
    *CALLS_BY_NAME,
)


def mistakes(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """What is wrong: line and sentence."""
    if beyond := _beyond(tree):
        yield beyond
        return
    found = tuple(tree.find_all(_LOOKED_AT))
    for node in found:
        if mistake := _mistake(node) or _set(node):
            yield node.lineno, mistake
    for node in found:
        if isinstance(node, nodes.Extends) and node not in tree.body:
            yield node.lineno, "extends stands outside of conditions, loops and blocks"


def _beyond(tree: nodes.Template) -> tuple[int, str] | None:
    """The line at which statements or expressions stand too deep in each other, or are too many."""
    waiting: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    for _ in range(MAX_PIECES):
        if not waiting:
            return None
        node, statements, expressions = waiting.pop()
        if isinstance(node, nodes.Expr):
            expressions += 1
        else:
            statements, expressions = statements + isinstance(node, _AROUND), 0
        if statements > MAX_STATEMENTS or expressions > MAX_EXPRESSIONS:
            return node.lineno, TOO_DEEP
        beside = {id(one) for one in node.elif_} if isinstance(node, nodes.If) else set()
        children = [(child, statements - (id(child) in beside), expressions) for child in node.iter_child_nodes()]
        waiting += reversed(children)
    return (waiting[-1][0].lineno, TOO_LARGE) if waiting else None


def _mistake(node: nodes.Node) -> str | None:
    match node:
        case nodes.Name():
            return f"{node.name}: names do not begin with an underscore" if node.name.startswith("_") else None
        case nodes.Const(value=float() as number):
            return None if math.isfinite(number) else "the number is larger than any report needs"
        case nodes.Dict():
            plain = all(isinstance(pair.key, nodes.Const) for pair in node.items)
            return None if plain else "a key is a text in quotes"
        case nodes.Macro() | nodes.CallBlock():
            return _twice(arg.name for arg in node.args)
        case nodes.Call() | nodes.Filter() | nodes.Test():
            return _twice(str(pair.key) for pair in node.kwargs)
        case nodes.EvalContextModifier():
            return "values are always made safe; no tag can change it"
        case nodes.Extends() | nodes.FromImport() | nodes.Import() | nodes.Include():
            named = isinstance(node.template, nodes.Const) and isinstance(node.template.value, str)
            return None if named else "another template is called by its name in quotes"
        case _:
            return None


def _twice(names: Iterable[str]) -> str | None:
    return next(
        (f"the argument '{name}' stands there twice" for name, times in Counter(names).items() if times > 1), None
    )


def _set(node: nodes.Node) -> str | None:
    """A part of the program's that a template gives another meaning."""
    match node:
        case nodes.Name(ctx="store" | "param"):
            names = {node.name}
        case nodes.Macro():
            names = {node.name}
        case nodes.Import():
            names = {node.target}
        case nodes.FromImport():
            names = {one[1] if isinstance(one, tuple) else one for one in node.names}
        case _:
            return None
    said = names.intersection(PARTS)
    return f"{min(said)} is filled by the program; call yours otherwise" if said else None
