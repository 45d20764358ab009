"""From a Report to a Draft: the fields are put into words once, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from reporter.draft.basis import basis_part
from reporter.draft.compose import Mandatory, compose
from reporter.draft.environment import TemplateSet
from reporter.draft.escalation import escalation_part
from reporter.draft.fields import fields
from reporter.draft.figures import figures
from reporter.draft.interface import Draft, Figure, Page, Report
from reporter.draft.manifest import OptionValue
from reporter.draft.markup import Draw
from reporter.draft.phrases import Phrases
from reporter.draft.rendering import Renderer, compile_set
from reporter.draft.speaker import Speaker
from reporter.draft.view import NotMadeError


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Whose report it is; a setting of the site or of the template set."""

    department: str = ""
    """Empty: as the language calls breast imaging."""
    institution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a draft is composed of, beside the template."""

    fields: Mapping[str, object]
    page: Page
    escalation: Mandatory
    basis: Mandatory
    figures: Mapping[str, Draw]

    def drawn(self) -> Material:
        """The same with every figure made, so that it can go to another process."""
        return replace(self, figures={name: partial(_made, draw()) for name, draw in self.figures.items()})


def _made(figure: Figure | None) -> Figure | None:
    return figure


def composed(renderer: Renderer, material: Material) -> Draft:
    """The template, filled; all that a site's own template can do happens here.

    Raises:
        SetupError: the template asks for what is not there.

    """
    return compose(
        renderer,
        material.fields,
        material.page,
        escalation=material.escalation,
        basis=material.basis,
        figures=material.figures,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A compiled template set with its phrases; writes any number of drafts."""

    renderer: Renderer
    phrases: Phrases
    letterhead: Letterhead = Letterhead()
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    """What a site chose of what the set lets it choose; a template reads `option.<name>`."""
    elsewhere: Callable[[Material], Draft] | None = None
    """Does what `composed` does in a process of its own, where the templates are a site's."""

    def draft(self, report: Report) -> Draft:
        """The draft of one report: the same report gives the same draft.

        Raises:
            SetupError: the template asks for what is not there, or a phrase is missing.

        """
        speaker = Speaker(report=report, phrases=self.phrases)
        every = fields(speaker)
        material = Material(
            fields={name: every[name] for name in every if name in self.renderer.names}
            | {"option": dict(self.options)},
            page=_page(speaker, self.letterhead),
            escalation=escalation_part(speaker),
            basis=basis_part(speaker),
            figures=figures(speaker),
        )
        if self.elsewhere is None:
            return composed(self.renderer, material)
        try:
            return self.elsewhere(material.drawn())  # all fields are made on their way
        except NotMadeError as error:
            raise error.__cause__ or error from None


def prepare(
    template: TemplateSet,
    phrases: Phrases,
    letterhead: Letterhead | None = None,
    options: Mapping[str, OptionValue] | None = None,
) -> Writer:
    """Compile a template set once, for all drafts of a run.

    Raises:
        SetupError: a template is missing, misspelt or unsafe.

    """
    return Writer(
        renderer=compile_set(template),
        phrases=phrases,
        letterhead=letterhead or Letterhead(),
        options=dict(options or {}),
    )


def _page(speaker: Speaker, letterhead: Letterhead) -> Page:
    case, say = speaker.case, speaker.phrases.say
    age = case.patient.age_on(case.reported.date)
    line = say("page.patient_age" if age is not None else "page.patient", id=case.patient.id, age=str(age))
    return Page(
        title=say("page.title" if speaker.report.advice.in_scope else "title.imaging"),
        patient_name=case.patient.name or "",
        patient_id=case.patient.id,
        patient_line=line,
        date=speaker.written(max(case.date_of(key) for key in case.reported.studies)),
        department=letterhead.department or say("page.department"),
        institution=letterhead.institution,
        footer=say("page.footer"),
        notice=say("notice.draft"),
        translation=say("notice.translation"),
        language=speaker.phrases.language,
    )
