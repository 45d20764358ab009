"""The expressions of a template, for `lint`: the kind of each, and what is wrong with it."""

from __future__ import annotations

from typing import Final, Protocol

from jinja2 import nodes

from reporter.draft.environment import Environment
from reporter.draft.lint_kinds import (
    ANY,
    CALLABLE,
    NUMBER,
    PART,
    TABLE,
    TEXT,
    YES_NO,
    Group,
    Kind,
    MacroKind,
    Many,
    Maybe,
    ModuleKind,
    Scope,
    each_of,
    fields_of,
    united,
)
from reporter.draft.lint_presence import Presence, path_of, there_if
from reporter.draft.manifest import near

_MAX_DEPTH: Final = 12
"""How deep macros call each other before nothing more is followed."""
_LENGTHS: Final = frozenset({"length", "count"})
_TEXTS: Final = frozenset({"join", "capitalize", "upper", "trim"})
_BY_ATTRIBUTE: Final = frozenset({"selectattr", "rejectattr"})


class Walk(Protocol):
    """What walks the statements."""

    environment: Environment

    def statements(self, body: list[nodes.Node], scope: Scope, name: str) -> None:
        """Walk statements."""

    def say(self, name: str, line: int, message: str, *, hint: str | None = None, code: str) -> None:
        """Say what is wrong."""


class Expressions:
    """Looks at expressions on behalf of one walk."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._depth = 0
        self._seen: set[tuple[int, tuple[Kind, ...]]] = set()
        self.options_asked: set[str] = set()
        self.presence = Presence()

    def assign(self, target: nodes.Node, kind: Kind, scope: Scope) -> None:
        """Give names their kind."""
        if isinstance(target, nodes.Name):
            known = scope.get(target.name)
            if known is None or isinstance(known, MacroKind | Maybe):
                scope[target.name] = kind
            else:
                scope[target.name] = united([known, kind])
            self.presence.forget(target.name)
        elif isinstance(target, nodes.Tuple):
            for item in target.items:
                self.assign(item, ANY, scope)

    def kind(self, node: nodes.Node, scope: Scope, name: str) -> Kind:
        """The kind of an expression; says what is wrong in it."""
        match node:
            case nodes.TemplateData():
                return TEXT
            case nodes.Const():
                return (
                    YES_NO
                    if isinstance(node.value, bool)
                    else NUMBER
                    if isinstance(node.value, int)
                    else TEXT
                    if isinstance(node.value, str)
                    else ANY
                )
            case nodes.Name():
                return self._name(node, scope, name)
            case nodes.Getattr():
                kind = self.named(self._there(node.node, scope, name), node.attr, name, node.lineno)
                return self._known(kind, node)
            case nodes.Getitem():
                return self._element(node, scope, name)
            case nodes.Call():
                return self._call(node, scope, name)
            case nodes.Filter():
                return self._filter(node, scope, name)
            case nodes.Test():
                return self._test(node, scope, name)
            case nodes.And() | nodes.Or() | nodes.CondExpr():
                return self._conditional(node, scope, name)
            case _:
                return self._composed(node, scope, name)

    def _known(self, kind: Kind, node: nodes.Node) -> Kind:
        """A group that a condition around this place asked for is there."""
        return kind.group if isinstance(kind, Maybe) and self.presence.is_known(path_of(node)) else kind

    def _there(self, node: nodes.Node, scope: Scope, name: str) -> Kind:
        """The kind of what something is named of; a mistake where it may be none."""
        kind = self.kind(node, scope, name)
        if isinstance(kind, Maybe):
            self._maybe_none(kind, path_of(node), name, node.lineno)
            return kind.group
        return kind

    def _maybe_none(self, kind: Maybe, path: str, name: str, line: int) -> None:
        what = f"'{path}'" if path else f"a {kind.group.__name__.removesuffix('View').lower()}"
        asked = f"{{% if {path} %}} ... {{% endif %}}" if path else "a condition"
        hint = f"put {asked} around what names its fields"
        self._walk.say(name, line, f"{what} may be none here", hint=hint, code="TPL_NONE")

    def _conditional(self, node: nodes.And | nodes.Or | nodes.CondExpr, scope: Scope, name: str) -> Kind:
        """What stands behind `and`, `or`, `if` and `else` is looked at only where the condition lets it."""
        if isinstance(node, nodes.CondExpr):
            self.kind(node.test, scope, name)
            with self.presence.knowing(there_if(node.test)):
                kinds = [self.kind(node.expr1, scope, name)]
            with self.presence.knowing(there_if(node.test, holds=False)):
                kinds += [self.kind(node.expr2, scope, name)] if node.expr2 is not None else []
            return united(kinds)
        kinds = [self.kind(node.left, scope, name)]
        with self.presence.knowing(there_if(node.left, holds=isinstance(node, nodes.And))):
            kinds.append(self.kind(node.right, scope, name))
        return united(kinds)

    def _composed(self, node: nodes.Node, scope: Scope, name: str) -> Kind:
        kinds = [self.kind(child, scope, name) for child in node.iter_child_nodes() if not isinstance(node, nodes.Dict)]
        match node:
            case nodes.Compare() | nodes.Not():
                return YES_NO
            case nodes.List() | nodes.Tuple():
                return Many(united(kinds))
            case nodes.Dict():
                pairs = [(pair.key, self.kind(pair.value, scope, name)) for pair in node.items]
                return Group({str(key.value): kind for key, kind in pairs if isinstance(key, nodes.Const)})
            case nodes.Concat():
                return TEXT
            case nodes.Add() if any(isinstance(kind, Many) for kind in kinds):
                return united(kinds)
            case _:
                return ANY

    def _name(self, node: nodes.Name, scope: Scope, name: str) -> Kind:
        if node.name in scope:
            return self._known(scope[node.name], node)
        if not node.name.startswith("_"):
            message = f"there is no field '{node.name}'"
            self._walk.say(name, node.lineno, message, hint=_nearest(node.name, scope), code="TPL_UNDEFINED")
        return ANY

    def named(self, kind: Kind, attribute: str, name: str, line: int) -> Kind:
        """What stands behind a dot."""
        fields = fields_of(kind)
        if fields is None:
            if attribute.startswith("_"):
                self._walk.say(name, line, f"'{attribute}' is no field of this value", code="TPL_UNSAFE")
            return ANY
        if isinstance(kind, Group) and kind.what == "option":
            self.options_asked.add(attribute)
        if attribute in fields:
            return fields[attribute]
        if not fields:
            self._walk.say(name, line, f"'{attribute}' is no field of this value", code="TPL_UNSAFE")
            return ANY
        what = kind.what if isinstance(kind, Group) else "macro" if isinstance(kind, ModuleKind) else "field"
        message = f"there is no {what} '{attribute}' here"
        self._walk.say(name, line, message, hint=near(attribute, fields), code="TPL_UNDEFINED")
        return ANY

    def _element(self, node: nodes.Getitem, scope: Scope, name: str) -> Kind:
        kind = self._there(node.node, scope, name)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._known(self.named(kind, node.arg.value, name, node.lineno), node)
        self.kind(node.arg, scope, name)
        return kind if isinstance(node.arg, nodes.Slice) else each_of(kind)

    def _arguments(self, node: nodes.Call | nodes.Filter | nodes.Test, scope: Scope, name: str) -> list[Kind]:
        for extra in (node.dyn_args, node.dyn_kwargs):
            if extra is not None:
                self.kind(extra, scope, name)
        return [self.kind(value, scope, name) for value in (*node.args, *(pair.value for pair in node.kwargs))]

    def _call(self, node: nodes.Call, scope: Scope, name: str) -> Kind:
        called = self.kind(node.node, scope, name)
        kinds = self._arguments(node, scope, name)
        if isinstance(called, MacroKind):
            self._check_arguments(called, node, name)
            self._macro(called, dict(zip(_parameters(called, node), kinds, strict=False)))
            return TEXT
        if called in {CALLABLE, ANY}:
            return Many(NUMBER) if isinstance(node.node, nodes.Name) and node.node.name == "range" else TEXT
        self._walk.say(
            name, node.lineno, "a template calls only its own macros and blocks, and range", code="TPL_UNSAFE"
        )
        return ANY

    def _check_arguments(self, macro: MacroKind, node: nodes.Call, name: str) -> None:
        names = [arg.name for arg in macro.node.args]
        takes = f"the macro {macro.node.name} takes {', '.join(names) or 'nothing'}"
        unknown = [pair.key for pair in node.kwargs if pair.key not in {*names, "caller"}]
        given = {*names[: len(node.args)], *(pair.key for pair in node.kwargs)}
        needed = names[: len(names) - len(macro.node.defaults)]
        loose = node.dyn_args is not None or node.dyn_kwargs is not None
        if not loose and (len(node.args) > len(names) or unknown or not given.issuperset(needed)):
            self._walk.say(name, node.lineno, takes, code="TPL_UNDEFINED")

    def _macro(self, macro: MacroKind, arguments: Scope) -> None:
        """Walk a macro with what it is called with, once for each set of kinds."""
        key = (id(macro.node), tuple(arguments.get(arg.name, ANY) for arg in macro.node.args))
        if key in self._seen or self._depth >= _MAX_DEPTH:
            return
        self._seen.add(key)
        self._depth += 1
        inner = {arg.name: arguments.get(arg.name, ANY) for arg in macro.node.args}
        for default in macro.node.defaults:
            self.kind(default, macro.around, macro.template)
        around = {**macro.around, "caller": CALLABLE, **inner}
        with self.presence.elsewhere():
            self._walk.statements(macro.node.body, around, macro.template)
        self._depth -= 1

    def macro_by_itself(self, macro: MacroKind) -> None:
        """Walk a macro that perhaps nothing calls, with nothing known of its arguments."""
        self._macro(macro, {})

    def _filter(self, node: nodes.Filter, scope: Scope, name: str) -> Kind:
        kind = self.kind(node.node, scope, name) if node.node is not None else TEXT
        self._arguments(node, scope, name)
        known = [one for one in self._walk.environment.filters if " " not in one]
        if node.name not in known:
            message = f"there is no filter '{node.name}'"
            self._walk.say(name, node.lineno, message, hint=near(node.name, known), code="TPL_SYNTAX")
            return ANY
        if node.name in _LENGTHS:
            return NUMBER
        if node.name in _TEXTS:
            return TEXT
        if node.name in {"first", "last"}:
            return each_of(kind)
        if node.name == "table":
            return self._table(kind, node, name)
        return self._chosen(kind, node, name)

    def _table(self, kind: Kind, node: nodes.Filter, name: str) -> Kind:
        if kind not in {TABLE, ANY}:
            self._walk.say(name, node.lineno, "the table filter is for rows of fields", code="TPL_UNDEFINED")
        return PART

    def _chosen(self, kind: Kind, node: nodes.Filter, name: str) -> Kind:
        """`selectattr`, `rejectattr` and `map`: elements by an attribute that they must have."""
        each = each_of(kind)
        path = next((pair.value for pair in node.kwargs if pair.key == "attribute"), None)
        if node.name in _BY_ATTRIBUTE and node.args:
            path = node.args[0]
            self._known_test(node.args[1] if len(node.args) > 1 else None, name)
        if isinstance(path, nodes.Const) and isinstance(path.value, str):
            for part in path.value.split("."):
                if isinstance(each, Maybe):
                    self._maybe_none(each, "", name, node.lineno)
                each = self.named(each, part, name, node.lineno)
            return Many(each) if node.name == "map" else kind
        return Many(ANY)

    def _test(self, node: nodes.Test, scope: Scope, name: str) -> Kind:
        self.kind(node.node, scope, name)
        self._arguments(node, scope, name)
        self._known_test(nodes.Const(node.name, lineno=node.lineno), name)
        return YES_NO

    def _known_test(self, test: nodes.Node | None, name: str) -> None:
        known = list(self._walk.environment.tests)
        if isinstance(test, nodes.Const) and test.value not in known:
            message = f"there is no test '{test.value}'"
            self._walk.say(name, test.lineno, message, hint=near(str(test.value), known), code="TPL_SYNTAX")


def _nearest(wanted: str, scope: Scope) -> str | None:
    """The nearest name that there is, if one is near."""
    hint = near(wanted, scope)
    return hint if hint and hint.startswith("did you mean") else None


def _parameters(macro: MacroKind, node: nodes.Call) -> list[str]:
    names = [arg.name for arg in macro.node.args]
    return [*names[: len(node.args)], *(pair.key for pair in node.kwargs)]
