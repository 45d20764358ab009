"""The one environment in which templates run: they place values and choose between words, and can do nothing else.

A template sees plain values (str, int, Decimal, date, tuple, mapping, `Rows`). It has no attributes but the keys of
mappings, calls nothing but its own macros and blocks, and calculates with small whole numbers only: what is measured
or derived comes as a field, so that every number of a report has a source.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, nodes, pass_eval_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Template, TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, TemplateReference, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from reporter.draft.bounds import (
    CALL,
    MAX_CHARACTERS,
    MAX_NUMBER,
    MAX_RANGE,
    MAX_VALUES,
    TooLargeError,
    counted,
    spend,
    spend_characters,
)
from reporter.draft.inert import BLOCK_CLOSE, BLOCK_OPEN, OPEN, clean, inert, restore
from reporter.draft.interface import Block
from reporter.draft.mistakes import CALLS_BY_NAME, mistakes
from reporter.draft.tables import TableRequestError, as_text, table
from reporter.draft.view import field_names

_LOOP_NAMES: Final = frozenset([
    "index",
    "index0",
    "revindex",
    "revindex0",
    "first",
    "last",
    "length",
    "previtem",
    "nextitem",
])
_FILTERS: Final = ["count", "first", "last", "length", "map", "rejectattr", "selectattr"]
_TESTS: Final = [
    *["==", "!=", "<", "<=", ">", ">=", "eq", "equalto", "ne", "lt", "le", "gt", "ge"],
    *["in", "none", "odd", "even"],
]
_ARITHMETIC: Final = frozenset(["+", "-", "*", "/", "//", "%", "**"])
_DIGITS: Final = re.compile(r"[0-9_]{4300,}")
_SHORT: Final = 256
"""Characters; up to there the inert form of a text is remembered."""
_LOOP_COUNT: Final = "each of"
"""Name of the filter that every loop gets; no template can write it."""
_NO_ARITHMETIC: Final = "'{}' is for small whole numbers: a template does not calculate with what is measured"

placed_blocks: ContextVar[list[tuple[Block, ...]]] = ContextVar("placed_blocks")
"""What the tokens of the report that is being rendered stand for, by number."""


@dataclass(frozen=True, slots=True, eq=False)
class Placeable:
    """Blocks that are made outside the template; the template only says where they stand: `{{ escalation_block }}`."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSet:
    """The templates of a set, as text, by file name."""

    name: str
    sources: Mapping[str, str] = field(repr=False)
    owners: Mapping[str, str] = field(default_factory=dict, repr=False)
    """How a message names a template, `<set>/<file>`, where that is not simply this set's name with the file's."""

    def file(self, template: str) -> str:
        """How a message names a template."""
        return self.owners.get(template, f"{self.name}/{template}")

    @property
    def own(self) -> tuple[str, ...]:
        """The templates by their plain names: its own, and those that it takes from the set it extends."""
        return tuple(sorted(name for name in self.sources if "/" not in name))


class _Sources(BaseLoader):
    """Hands out the templates of a set; there are no files."""

    def __init__(self, template_set: TemplateSet) -> None:
        self._set = template_set

    def get_source(self, _environment: object, template: str) -> tuple[str, str, None]:
        if template not in self._set.sources:
            raise TemplateNotFound(template)
        return clean(self._set.sources[template]), self._set.file(template), None


class _Inert(Markup):
    """Text that Markdown cannot read as markup, or that the template itself wrote."""

    __slots__ = ()


def _mark_inert(value: object) -> Markup:
    """A value, safe for Markdown; what a macro or a block made is safe already."""
    if type(value) is str and len(value) <= _SHORT:  # as most are, and said of many patients
        return _inert_words(value)
    if isinstance(value, Markup):
        return _join_inert((value,)) if len(value) > MAX_CHARACTERS else value
    if isinstance(value, Undefined):  # raises, with the name; that of an `if` without `else` is nothing
        return _Inert(inert(str(value)))
    return _Inert(inert(as_text(value)))


@lru_cache(maxsize=2048)
def _inert_words(text: str) -> Markup:
    return _Inert(inert(text))


def _place(blocks: tuple[Block, ...]) -> Markup:
    """A token, on lines of its own, for typed blocks."""
    placed = placed_blocks.get()
    placed.append(blocks)
    return _Inert(f"\n\n{BLOCK_OPEN}{len(placed) - 1}{BLOCK_CLOSE}\n\n")


# With `pass_eval_context` Jinja does not fold `{{ "<5" }}` at compile time, where it would escape it as HTML first.
@pass_eval_context
def _finalize(_eval_ctx: object, value: object) -> Markup:
    return _place(value.blocks) if type(value) is Placeable else _mark_inert(value)


def _join_inert(pieces: Iterable[Markup], separator: str = "") -> Markup:
    """Inert pieces as one, unless a template doubles them without end."""
    joined: list[str] = []
    room = MAX_CHARACTERS
    for piece in pieces:
        room -= len(piece) + len(separator)
        if room < 0:
            message = f"the template makes a text longer than {MAX_CHARACTERS} characters"
            raise TooLargeError(message)
        joined.append(piece)
    spend_characters(MAX_CHARACTERS - room)
    return _Inert(str.join(separator, joined))  # not that of Markup, which would escape each piece again


def _concatenate(values: Iterable[object]) -> Markup:
    return _join_inert(_mark_inert(value) for value in values)


def _join(values: Iterable[object], separator: str = "") -> Markup:
    """`{{ parts | join(", ") }}`: the values with the separator between them."""
    return _join_inert((_mark_inert(value) for value in values), _mark_inert(separator))


def _capitalize(value: object) -> Markup:
    """`{{ side | capitalize }}`: the first letter large, all others as they are (`MRI` stays)."""
    text = as_text(value)
    begin = 1 if text.startswith(OPEN) else 0
    text = text[:begin] + text[begin : begin + 1].upper() + text[begin + 1 :]
    return _Inert(text) if isinstance(value, Markup) else _mark_inert(text)


def _upper(value: object) -> Markup:
    """`{{ category | upper }}`: in capitals."""
    return _Inert(_mark_inert(value).upper())


def _trim(value: object, characters: str | None = None) -> str:
    """`{{ name | trim }}`: without blanks at either end."""
    text = value if isinstance(value, Markup) else as_text(value)
    spend_characters(len(text))
    return text.strip(characters)


def _table(rows: object, *names: str, intro: object = "", total: object = False, **headers: object) -> Markup:
    """`{{ sites | table("site", "now", now="2026-07-13") }}`: the rows as a table of the named columns."""
    if not isinstance(total, bool):
        message = "total is true or false"
        raise TableRequestError(message)
    above = {name: _spoken(header).replace("\n", " ") for name, header in headers.items()}
    return _place((table(rows, names, above, intro=_spoken(intro), total=total),))


def _spoken(value: object) -> str:
    """A value, or what a template put together, as it is printed where no Markdown is read."""
    text = _mark_inert(value)
    if BLOCK_OPEN in text:
        message = "a table stands in a paragraph of its own"
        raise TableRequestError(message)
    return restore(text)


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        message = f"range gives at most {MAX_RANGE} numbers"
        raise TooLargeError(message)
    return numbers


class _Generator(CodeGenerator):
    """Compiles `~` so that it neither escapes values as HTML nor joins them before they are inert.

    What is printed is what `_finalize` gives of it: that is inert, and nothing is left to escape.
    """

    def _output_child_pre(self, _node: nodes.Expr, _frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(finalize.src or "(")

    def _output_child_post(self, _node: nodes.Expr, _frame: Frame, _finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(")")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # ruff: ignore[invalid-function-name]
        self.write("environment.concatenate((")
        for child in node.nodes:
            self.visit(child, frame)
            self.write(", ")
        self.write("))")


class Environment(ImmutableSandboxedEnvironment):
    """Compiles the templates of one set, and only those."""

    code_generator_class = _Generator
    intercepted_binops = _ARITHMETIC
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self, template_set: TemplateSet) -> None:
        super().__init__(
            loader=_Sources(template_set),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.called: dict[str, tuple[str, int]] = {}
        """The templates that those read so far call: name -> file and line that call it first."""
        self.names: set[str] = set()
        """All names in the templates read so far, fields and others."""
        self.filters = {name: self.filters[name] for name in _FILTERS} | {
            "capitalize": _capitalize,
            "join": _join,
            "table": _table,
            "trim": _trim,
            "upper": _upper,
            _LOOP_COUNT: counted,
        }
        self.tests = {name: self.tests[name] for name in _TESTS}
        self.globals = {"range": _range}

    concatenate = staticmethod(_concatenate)

    def get_template(self, name: str | Template, *args: Any, **kwargs: Any) -> Template:  # ruff: ignore[any-type]
        """A template of the set; each call of one has its cost."""
        spend(CALL)
        return super().get_template(name, *args, **kwargs)

    def tree(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """A template as it is written, whatever is wrong with it beyond its syntax."""
        try:
            return super()._parse(source, name, filename)
        except ValueError:  # Python reads no number of more digits
            found = _DIGITS.search(source)
            line = 1 + source.count("\n", 0, found.start() if found else 0)
            message = "a number is longer than any report needs"
            raise TemplateSyntaxError(message, line, name, filename) from None

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = self.tree(source, name, filename)
        for line, mistake in mistakes(tree):
            raise TemplateSyntaxError(mistake, line, name, filename)
        for node in tuple(tree.find_all((nodes.Name, nodes.For, *CALLS_BY_NAME))):
            if isinstance(node, nodes.Name):
                self.names.add(node.name)
            elif isinstance(node, nodes.For):
                line = node.iter.lineno
                node.iter = nodes.Filter(node.iter, _LOOP_COUNT, [], [], None, None, lineno=line, environment=self)
            else:
                self.called.setdefault(node.template.value, (filename or "", node.lineno))  # type: ignore[attr-defined]
        return tree

    def getattr(self, obj: object, attribute: str) -> object:
        """A key of a mapping, a fact about the loop, or a macro of an imported template."""
        if attribute in field_names(type(obj)):  # type: ignore[arg-type]
            return getattr(obj, attribute)
        if isinstance(obj, Mapping) and not attribute.startswith("_"):
            return obj[attribute] if attribute in obj else self.undefined(hint=_no_field(obj, attribute))
        if isinstance(obj, LoopContext) and attribute in _LOOP_NAMES:
            return getattr(obj, attribute)
        if isinstance(obj, TemplateModule) and isinstance(vars(obj).get(attribute), Macro | str):
            return vars(obj)[attribute]
        if isinstance(obj, TemplateReference) and not attribute.startswith("_"):
            return obj[attribute]
        return _refuse(obj, f"'{attribute}' is no field of this value")

    def getitem(self, obj: object, argument: object) -> object:
        """An element by number, a slice, or a key."""
        if isinstance(argument, str):
            if argument in field_names(type(obj)):  # type: ignore[arg-type]
                return getattr(obj, argument)
            if isinstance(obj, Mapping) and argument in obj:
                return obj[argument]
        elif isinstance(obj, Sequence) and isinstance(argument, int | slice):
            spend_characters(len(obj))
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(hint="there are fewer values than the template counts on")
        return _refuse(obj, "what stands in [ ] is no field of this value")

    def call(
        __self,  # ruff: ignore[invalid-first-argument-name-for-method]
        __context: Context,  # ruff: ignore[pep484-style-positional-only-parameter]
        __obj: object,
        *args: object,
        **kwargs: object,
    ) -> object:
        """Call a macro, a block or `range`, and nothing else."""
        if not (isinstance(__obj, Macro | BlockReference) or __obj is _range):
            return _refuse(__obj, "a template calls only its own macros and blocks, and range")
        spend(CALL)
        return __context.call(__obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Join texts or lists with `+`; calculate with small whole numbers."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return _concatenate((left, right))
        if operator == "+" and isinstance(left, tuple | list) and isinstance(right, tuple | list):
            return _lists(left, right)
        if not (_is_small(left) and _is_small(right)) or operator in {"/", "**"}:
            raise SecurityError(_NO_ARITHMETIC.format(operator))
        return super().call_binop(context, operator, left, right)

    def call_unop(self, context: Context, operator: str, arg: object) -> object:
        """Give a small whole number a sign."""
        if not _is_small(arg):
            raise SecurityError(_NO_ARITHMETIC.format(operator))
        return super().call_unop(context, operator, arg)


def _refuse(obj: object, message: str) -> object:
    if isinstance(obj, Undefined):
        str(obj)  # raises, with the name of what is missing
    raise SecurityError(message)


def _no_field(group: Mapping[str, object], name: str) -> str:
    near = difflib.get_close_matches(name, group, n=1)
    return f"there is no field '{name}' here" + (f": did you mean '{near[0]}'?" if near else "")


def _lists(left: Iterable[object], right: Iterable[object]) -> tuple[object, ...]:
    values = (*left, *right)
    spend(len(values))
    if len(values) > MAX_VALUES:
        message = f"the template makes a list of more than {MAX_VALUES} values"
        raise TooLargeError(message)
    return values


def _is_small(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER
