"""A template set, compiled once, fills in any number of reports; each mistake is told with its file and line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType
from typing import Final

from jinja2 import TemplateNotFound, TemplateSyntaxError
from jinja2.environment import Template
from jinja2.exceptions import SecurityError, TemplateError, TemplateRuntimeError, UndefinedError

from reporter.draft.bounds import MAX_CHARACTERS, TooLargeError, bounded_work
from reporter.draft.environment import Environment, TemplateSet, placed_blocks
from reporter.draft.interface import Block
from reporter.draft.manifest import near
from reporter.draft.mistakes import TOO_DEEP
from reporter.draft.tables import TableRequestError
from reporter.draft.view import NotMadeError
from reporter.errors import SetupError

MAIN: Final = "report.md.j2"
"""The template of a set that is the report; the others are there for it to include, import or extend."""

_SETS: Final = 16
"""Sets that stay compiled: a process that drafts again and again, such as one that watches a folder, has few."""
_Texts = tuple[tuple[str, str], ...]

# What Jinja, a filter or an operator raises when a template asks for what cannot be.
_MISTAKES: Final = (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Markdown with tokens, and the blocks that the tokens stand for, by number."""

    markdown: str
    placed: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """A template set, compiled; renders any number of reports."""

    template_set: TemplateSet
    template: Template = field(repr=False)
    names: frozenset[str] = frozenset()
    """All names that the templates use: what is not among them need not be made."""

    @property
    def set_name(self) -> str:
        """The name of the set."""
        return self.template_set.name

    def render(self, fields: Mapping[str, object]) -> Rendered:
        """Fill the template with the fields of one report.

        Raises:
            SetupError: the template asks for what is not there or not allowed; names file and line.

        """
        placed: list[tuple[Block, ...]] = []
        token = placed_blocks.set(placed)
        try:
            with bounded_work():
                markdown = _joined(self.template.generate(dict(fields)), self.set_name)
        except _MISTAKES as error:
            raise refused(self.template_set, error) from None
        except NotMadeError as error:
            raise error.__cause__ or error from None
        finally:
            placed_blocks.reset(token)
        return Rendered(markdown=markdown, placed=tuple(placed))


def compile_set(template_set: TemplateSet, main: str = MAIN) -> Renderer:
    """Compile the templates of a set, the main one and all that it may call; the same set, once in a process.

    Raises:
        SetupError: a template is missing, misspelt or unsafe; names file and line.

    """
    sources, owners = (tuple(sorted(texts.items())) for texts in (template_set.sources, template_set.owners))
    return _compiled_set(template_set.name, sources, owners, main)


@lru_cache(maxsize=_SETS)
def _compiled_set(name: str, sources: _Texts, owners: _Texts, main: str) -> Renderer:
    template_set = TemplateSet(name=name, sources=dict(sources), owners=dict(owners))
    environment = Environment(template_set)
    templates: dict[str, Template] = {}
    waiting = {main, *template_set.own}
    while waiting:
        templates |= {name: _compiled(environment, template_set, name) for name in sorted(waiting)}
        waiting = environment.called.keys() - templates.keys()
    return Renderer(template_set=template_set, template=templates[main], names=frozenset(environment.names))


def _compiled(environment: Environment, template_set: TemplateSet, name: str) -> Template:
    try:
        return environment.get_template(name)
    except TemplateNotFound as error:
        file, line = environment.called.get(name, (template_set.name, None))
        raise _not_there(template_set, str(error.name), file, line) from None
    except TemplateError as error:
        raise refused(template_set, error) from None
    except RecursionError:
        raise SetupError(TOO_DEEP, file=template_set.file(name), code="TPL_LIMIT") from None
    except (SyntaxError, *_MISTAKES):  # what `mistakes` does not know of
        message = "the template is put in a way that cannot be compiled"
        raise SetupError(message, file=template_set.file(name), code="TPL_SYNTAX") from None


def _joined(pieces: Iterable[str], set_name: str) -> str:
    """The pieces as one text, unless a loop makes them without end."""
    joined: list[str] = []
    room = MAX_CHARACTERS
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            message = f"the rendered report is longer than {MAX_CHARACTERS} characters"
            hint = "look for a loop that repeats itself"
            raise SetupError(message, file=f"{set_name}/{MAIN}", hint=hint, code="TPL_LIMIT")
        joined.append(piece)
    return "".join(joined)


def refused(template_set: TemplateSet, error: Exception) -> SetupError:
    """Say it with file and line. The words name what the template wrote, never a value."""
    if isinstance(error, TemplateNotFound):
        return _not_there(template_set, str(error.name), template_set.name, None)
    if isinstance(error, TemplateSyntaxError):
        file = error.filename or error.name or template_set.name  # an end that is missing is told with one of them
        return SetupError(str(error.message), file=file, field=f"line {error.lineno}", code="TPL_SYNTAX")
    file, line = _where(error.__traceback__, template_set)
    return SetupError(_words(error), file=file, field=line, code=_code(error))


def _not_there(template_set: TemplateSet, name: str, file: str, line: int | None) -> SetupError:
    place, hint = f"line {line}" if line else None, near(name, template_set.own)
    message = f"there is no template '{name}' in the set"
    return SetupError(message, file=file, field=place, hint=hint, code="TPL_BROKEN")


def _words(error: Exception) -> str:
    if isinstance(error, TableRequestError | TemplateRuntimeError):
        return str(error)
    if isinstance(error, RecursionError):
        return "the template calls itself without end"
    return "the template uses a value in a way that its kind does not allow"


def _code(error: Exception) -> str:
    if isinstance(error, TooLargeError | RecursionError):
        return "TPL_LIMIT"
    if isinstance(error, UndefinedError | TableRequestError):
        return "TPL_UNDEFINED"
    return "TPL_UNSAFE" if isinstance(error, SecurityError) else "TPL_BROKEN"


def _where(traceback: TracebackType | None, template_set: TemplateSet) -> tuple[str, str | None]:
    """The innermost line of a template on the way to the error."""
    files = {template_set.file(template) for template in template_set.sources}
    file, line = template_set.name, None
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name in files:
            file, line = name, f"line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return file, line
