"""A template set, compiled once, fills in any number of reports; each mistake is told with its file and line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final

from jinja2 import TemplateNotFound, TemplateSyntaxError
from jinja2.environment import Template
from jinja2.exceptions import SecurityError, TemplateError, TemplateRuntimeError, UndefinedError

from reporter.draft.environment import MAX_CHARACTERS, Environment, TemplateSet, TooLargeError, placed_blocks
from reporter.draft.interface import Block
from reporter.draft.tables import TableRequestError
from reporter.errors import SetupError

MAIN: Final = "report.md.j2"
"""The template of a set that is the report; the others are there for it to include, import or extend."""

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

    set_name: str
    template: Template = field(repr=False)

    def render(self, fields: Mapping[str, object]) -> Rendered:
        """Fill the template with the fields of one report.

        Raises:
            SetupError: the template asks for what is not there or not allowed; names file and line.

        """
        placed: list[tuple[Block, ...]] = []
        token = placed_blocks.set(placed)
        try:
            markdown = "".join(_bounded(self.template.generate(dict(fields)), self.set_name))
        except _MISTAKES as error:
            raise _refused(self.set_name, error) from None
        finally:
            placed_blocks.reset(token)
        return Rendered(markdown=markdown, placed=tuple(placed))


def compile_set(template_set: TemplateSet, main: str = MAIN) -> Renderer:
    """Compile the templates of a set, the main one and all that it may call.

    Raises:
        SetupError: a template is missing, misspelt or unsafe; names file and line.

    """
    environment = Environment(template_set)
    try:
        templates = {name: environment.get_template(name) for name in sorted({main, *template_set.sources})}
    except (TemplateError, RecursionError) as error:
        raise _refused(template_set.name, error) from None
    return Renderer(set_name=template_set.name, template=templates[main])


def _bounded(pieces: Iterator[str], set_name: str) -> Iterator[str]:
    room = MAX_CHARACTERS
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            message = f"the rendered report is longer than {MAX_CHARACTERS} characters"
            raise SetupError(message, file=set_name, hint="look for a loop that repeats itself", code="TPL_LIMIT")
        yield piece


def _refused(set_name: str, error: Exception) -> SetupError:
    """Say it with file and line. The words name what the template wrote, never a value."""
    if isinstance(error, TemplateNotFound):
        return SetupError(f"there is no template '{error.name}' in the set", file=set_name, code="TPL_BROKEN")
    if isinstance(error, TemplateSyntaxError):
        file = error.filename or set_name
        return SetupError(str(error.message), file=file, field=f"line {error.lineno}", code="TPL_SYNTAX")
    file, line = _where(error.__traceback__, set_name)
    return SetupError(_words(error), file=file, field=line, code=_code(error))


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


def _where(traceback: TracebackType | None, set_name: str) -> tuple[str, str | None]:
    """The innermost line of a template on the way to the error."""
    file, line = set_name, None
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name.startswith(f"{set_name}/"):
            file, line = name, f"line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return file, line
