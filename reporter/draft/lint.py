"""Everything that is wrong with a template set, before any report: each mistake with file, line and the nearest name.

The templates are walked as they would run, every branch of them, with the kinds of their values: a field that does not
exist is found in a macro's third branch as well as in the first line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from jinja2 import TemplateSyntaxError, nodes

from reporter.draft.environment import Environment
from reporter.draft.lint_expressions import Expressions
from reporter.draft.lint_kinds import (
    ANY,
    CALLABLE,
    LOOP,
    PART,
    TEXT,
    Group,
    Kind,
    MacroKind,
    ModuleKind,
    Plain,
    Scope,
    each_of,
    is_printable,
    of_view,
)
from reporter.draft.lint_presence import there_if
from reporter.draft.manifest import MANIFEST, Option, near
from reporter.draft.mistakes import PARTS, TOO_DEEP, TOO_LARGE, mistakes
from reporter.draft.rendering import MAIN, refused
from reporter.draft.sets import LoadedSet
from reporter.draft.view import View
from reporter.errors import SetupError

MAX_WALKED: Final = 200_000
"""How many statements are looked at; those of a part that is included twice are looked at twice."""
_PRINTED: Final = {
    "yes or no": "yes or no cannot be printed: choose the words with {% if %}",
    "table": "a table is placed with the table filter: {{ rows | table() }}",
}


def lint(loaded: LoadedSet, fields: type[View]) -> tuple[SetupError, ...]:
    """All mistakes of a set's manifest and templates, by file and line."""
    walk = _Walk(loaded, fields)
    walk.main()
    found = {(one.file, one.field, one.message): one for one in (*loaded.mistakes, *walk.found)}
    return tuple(sorted(found.values(), key=lambda one: (one.file or "", _line(one.field), one.message)))


def _line(place: str | None) -> int:
    words = (place or "").replace(",", "").split()
    return int(words[1]) if words[:1] == ["line"] and words[1].isdigit() else 0


class _WithoutEnd(Exception):
    """There is more to walk than any set has; it is said already."""


class _Walk:
    """One pass over a set."""

    def __init__(self, loaded: LoadedSet, fields: type[View]) -> None:
        self.set = loaded.template
        self.environment = Environment(loaded.template)
        self.found: list[SetupError] = []
        self._loaded = loaded
        self._fields = fields
        self._trees: dict[str, nodes.Template | None] = {}
        self._blocks: dict[str, list[tuple[str, nodes.Block]]] = {}
        self._open: list[str] = []
        self._expressions = Expressions(self)
        self._placed: set[str] = set()
        self._left = MAX_WALKED

    # What is looked at

    def main(self) -> None:
        """Walk from the main template, then say what nothing used."""
        options = dict.fromkeys(self._loaded.options, TEXT)
        scope: Scope = {
            **of_view(self._fields),
            "option": Group(options, "option"),
            **dict.fromkeys(PARTS, PART),
            "range": CALLABLE,
            "self": ANY,
        }
        if MAIN not in self.set.sources:
            self._broken(f"there is no {MAIN}, which is the report")
            return
        try:
            self.template(MAIN, scope, self.set.name, 0)
        except _WithoutEnd:
            return
        readable = None not in self._trees.values()
        for name in self.set.own:
            if name not in self._trees and self.tree(name) is not None and readable:
                self._unused(name)
        if None not in self._trees.values():
            self._look_at_what_is_left()

    def template(self, name: str, scope: Scope, file: str, line: int) -> None:
        """A template that is run: the main one, or one that is included."""
        tree = self._entered(name, file, line)
        if tree is None:
            return
        self._open.append(name)
        for block in tree.find_all(nodes.Block):
            self._blocks.setdefault(block.name, []).append((name, block))
        extends = tree.find(nodes.Extends)
        if extends is not None and isinstance(extends.template, nodes.Const):
            for node in tree.body:
                if isinstance(node, nodes.Assign | nodes.AssignBlock | nodes.Import | nodes.FromImport | nodes.Macro):
                    self.statement(node, scope, name)
            self.template(str(extends.template.value), scope, self.set.file(name), extends.lineno)
        else:
            self.statements(tree.body, scope, name)
        self._open.pop()

    def module(self, name: str, scope: Scope, file: str, line: int) -> Kind:
        """A template that is imported for its macros."""
        tree = self._entered(name, file, line)
        if tree is None:
            return ANY
        self._open.append(name)
        names: Scope = dict(scope)
        self.statements(tree.body, names, name)
        self._open.pop()
        return ModuleKind(name, {key: kind for key, kind in names.items() if scope.get(key) is not kind})

    def tree(self, name: str) -> nodes.Template | None:
        """A template as it is written; None, and a mistake, where it cannot be read."""
        if name not in self._trees:
            self._trees[name] = None
            try:
                self._trees[name] = self.environment.tree(self.set.sources[name], name, self.set.file(name))
            except TemplateSyntaxError as error:
                self.found.append(refused(self.set, error))
            except RecursionError:
                self.say(name, 1, TOO_DEEP, code="TPL_LIMIT")
            tree = self._trees[name]
            for line, mistake in mistakes(tree) if tree is not None else ():
                self.say(name, line, mistake, code="TPL_UNSAFE")
                if mistake in {TOO_DEEP, TOO_LARGE}:  # nor can it be walked
                    self._trees[name] = None
        return self._trees[name]

    def _entered(self, name: str, file: str, line: int) -> nodes.Template | None:
        if name not in self.set.sources:
            hint = near(name, self.set.own)
            place = f"line {line}" if line else None
            message = f"there is no template '{name}' in the set"
            self.found.append(SetupError(message, file=file, field=place, hint=hint, code="TPL_BROKEN"))
            return None
        if name in self._open:
            place = f"line {line}"
            self.found.append(
                SetupError("the template calls itself without end", file=file, field=place, code="TPL_LIMIT")
            )
            return None
        return self.tree(name)

    # Statements

    def statements(self, body: Iterable[nodes.Node], scope: Scope, name: str) -> None:
        """Statements in their order; macros are known before."""
        body = list(body)
        self._left -= len(body)
        if self._left < 0:
            line = body[0].lineno if body else 1
            self.say(
                name,
                line,
                "the template goes on without end: it includes or calls more than any report needs",
                code="TPL_LIMIT",
            )
            raise _WithoutEnd
        for node in body:
            if isinstance(node, nodes.Macro):
                scope[node.name] = MacroKind(name, node, scope)
        for node in body:
            self.statement(node, scope, name)

    def statement(self, node: nodes.Node, scope: Scope, name: str) -> None:
        """One statement and all in it."""
        look = self._expressions.kind
        match node:
            case nodes.Output():
                for child in node.nodes:
                    self._printed(child, look(child, scope, name), name)
            case nodes.If():
                self._branches(node, scope, name)
            case nodes.For():
                self._loop(node, scope, name)
            case nodes.Block():
                self._block(node, scope)
            case _:
                self._other(node, scope, name)

    def _branches(self, node: nodes.If, scope: Scope, name: str) -> None:
        """Each branch with what its condition, and those before that did not hold, say of groups that may be none."""
        presence, before = self._expressions.presence, frozenset[str]()
        for one in (node, *node.elif_):
            with presence.knowing(before):
                self._expressions.kind(one.test, scope, name)
            with presence.knowing(before | there_if(one.test)):
                self.statements(one.body, scope, name)
            before |= there_if(one.test, holds=False)
        with presence.knowing(before):
            self.statements(node.else_, scope, name)

    def _other(self, node: nodes.Node, scope: Scope, name: str) -> None:
        match node:
            case nodes.Assign():
                self._expressions.assign(node.target, self._expressions.kind(node.node, scope, name), scope)
            case nodes.AssignBlock():
                self.statements(node.body, dict(scope), name)
                self._expressions.assign(node.target, TEXT, scope)
            case nodes.Macro():
                scope[node.name] = MacroKind(name, node, scope)
            case nodes.ExprStmt():
                self._expressions.kind(node.node, scope, name)
            case nodes.Include() | nodes.Import() | nodes.FromImport():
                self._called(node, scope, name)
            case _:
                self._inside(node, scope, name)

    def _inside(self, node: nodes.Node, scope: Scope, name: str) -> None:
        """Statements that have others in them, with names of their own."""
        look = self._expressions.kind
        match node:
            case nodes.CallBlock():
                look(node.call, scope, name)
                self.statements(node.body, {**scope, **{arg.name: ANY for arg in node.args}}, name)
            case nodes.FilterBlock():
                look(node.filter, scope, name)
                self.statements(node.body, dict(scope), name)
            case nodes.With():
                inner = dict(scope)
                for target, value in zip(node.targets, node.values, strict=True):
                    self._expressions.assign(target, look(value, scope, name), inner)
                self.statements(node.body, inner, name)
            case nodes.Scope() | nodes.ScopedEvalContextModifier():
                self.statements(node.body, dict(scope), name)
            case _:
                pass

    def _called(self, node: nodes.Include | nodes.Import | nodes.FromImport, scope: Scope, name: str) -> None:
        template = node.template
        if not isinstance(template, nodes.Const) or not isinstance(template.value, str):
            return  # said already
        file = self.set.file(name)
        if isinstance(node, nodes.Include):
            self.template(template.value, dict(scope) if node.with_context else self._bare(scope), file, node.lineno)
        elif isinstance(node, nodes.Import):
            around = scope if node.with_context else self._bare(scope)
            scope[node.target] = self.module(template.value, around, file, node.lineno)
        elif isinstance(node, nodes.FromImport):
            module = self.module(template.value, self._bare(scope), file, node.lineno)
            for imported in node.names:
                known_as, alias = imported if isinstance(imported, tuple) else (imported, imported)
                scope[alias] = self._expressions.named(module, known_as, name, node.lineno)

    def _bare(self, scope: Scope) -> Scope:
        """What an imported template sees: no fields."""
        return {"range": scope.get("range", CALLABLE)}

    def _loop(self, node: nodes.For, scope: Scope, name: str) -> None:
        inner, presence = {**scope, "loop": LOOP}, self._expressions.presence
        each = each_of(self._expressions.kind(node.iter, scope, name))
        with presence.inside():
            self._expressions.assign(node.target, each, inner)
            if node.test is not None:
                self._expressions.kind(node.test, inner, name)
            with presence.knowing(there_if(node.test) if node.test is not None else frozenset()):
                self.statements(node.body, inner, name)
        self.statements(node.else_, dict(scope), name)

    def _block(self, node: nodes.Block, scope: Scope) -> None:
        """A block as the outermost template fills it; those below it are looked at too, for `super()`."""
        for name, block in self._blocks.get(node.name, []):
            self.statements(block.body, {**scope, "super": CALLABLE}, name)

    def _printed(self, node: nodes.Node, kind: Kind, name: str) -> None:
        if isinstance(node, nodes.Name) and node.name in PARTS:
            self._placed.add(node.name)
        elif not is_printable(kind):
            word = kind.word if isinstance(kind, Plain) else ""
            message = _PRINTED.get(
                word, "a list or group of fields cannot be printed as one value: name a field, or loop over it"
            )
            self.say(name, node.lineno, message, code="TPL_UNDEFINED")

    # What is said

    def say(self, name: str, line: int, message: str, *, hint: str | None = None, code: str) -> None:
        """A mistake in a template."""
        self.found.append(SetupError(message, file=self.set.file(name), field=f"line {line}", hint=hint, code=code))

    def _broken(self, message: str) -> None:
        self.found.append(SetupError(message, file=self.set.name, code="TPL_BROKEN"))

    def _unused(self, name: str) -> None:
        if self.set.file(name) == f"{self.set.name}/{name}":
            hint = "name it in an {% include %} or take it away"
            self.found.append(
                SetupError("nothing uses this file", file=self.set.file(name), hint=hint, code="TPL_UNUSED")
            )

    def _look_at_what_is_left(self) -> None:
        """Parts that are not placed, options that nothing asks for."""
        for part in PARTS:
            if part not in self._placed:
                message = f"{{{{ {part} }}}} is placed nowhere"
                hint = "write it on a line of its own where it is to stand; without it, the program puts it last"
                self.found.append(SetupError(message, file=self.set.file(MAIN), hint=hint, code="TPL_MANDATORY"))
        own: Mapping[str, Option] = self._loaded.manifests[0].options
        used = self._expressions.options_asked
        for name, option in own.items():
            if name not in used:
                place = f"line {option.line}, options.{name}"
                hint = f"write {{{{ option.{name} }}}} or {{% if option.{name} %}}, or take it away"
                file = f"{self.set.name}/{MANIFEST}"
                self.found.append(
                    SetupError("no template asks for this option", file=file, field=place, hint=hint, code="TPL_UNUSED")
                )
