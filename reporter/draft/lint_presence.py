"""Which groups that may be none are known to be there, for `lint`: what a condition says of them, and for how long.

A group is named by its path, as a template writes it: `site.record`, `b.lead.marker`.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from jinja2 import nodes

Paths = frozenset[str]


class Presence:
    """What is known to be there at the place that is looked at."""

    def __init__(self) -> None:
        self._known: Paths = frozenset()

    def is_known(self, path: str) -> bool:
        """Whether a condition around this place asked for it."""
        return path in self._known

    @contextmanager
    def knowing(self, paths: Paths) -> Generator[None]:
        """Inside, these are there."""
        before = self._known
        self._known = before | paths
        try:
            yield
        finally:
            self._known = before

    @contextmanager
    def elsewhere(self) -> Generator[None]:
        """Inside a macro, whose names are its own: nothing is known."""
        before, self._known = self._known, frozenset()
        try:
            yield
        finally:
            self._known = before

    @contextmanager
    def inside(self) -> Generator[None]:
        """What is forgotten inside is forgotten there only."""
        with self.knowing(frozenset()):
            yield

    def forget(self, name: str) -> None:
        """A name stands for something else from here on."""
        self._known = frozenset(p for p in self._known if p != name and not p.startswith((f"{name}.", f"{name}[")))


def path_of(node: nodes.Node) -> str:
    """How a template writes it, where it is a name with dots behind it; else empty."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            before, after = path_of(node.node), f".{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=value)):
            before, after = path_of(node.node), f".{value}" if isinstance(value, str) else f"[{value}]"
        case _:
            return ""
    return before + after if before else ""


def there_if(test: nodes.Node, *, holds: bool = True) -> Paths:
    """What is there for sure where a condition holds, or where it does not."""
    match test:
        case nodes.Not():
            return there_if(test.node, holds=not holds)
        case nodes.And() | nodes.Or():
            left, right = there_if(test.left, holds=holds), there_if(test.right, holds=holds)
            return left | right if isinstance(test, nodes.And) is holds else left & right
        case nodes.Test(name="none"):
            return frozenset({path_of(test.node)}) - {""} if not holds else frozenset()
        case _:
            return frozenset({path_of(test)}) - {""} if holds else frozenset()
