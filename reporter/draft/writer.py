"""From a Report to a Draft: the fields are put into words once, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.draft.basis import basis_part
from reporter.draft.compose import compose
from reporter.draft.environment import TemplateSet
from reporter.draft.escalation import escalation_part
from reporter.draft.fields import fields
from reporter.draft.interface import Draft, Page, Report
from reporter.draft.phrases import Phrases
from reporter.draft.rendering import Renderer, compile_set
from reporter.draft.speaker import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Whose report it is; a setting of the site or of the template set."""

    department: str = "Breast Imaging"
    institution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A compiled template set with its phrases; writes any number of drafts."""

    renderer: Renderer
    phrases: Phrases
    letterhead: Letterhead = Letterhead()

    def draft(self, report: Report) -> Draft:
        """The draft of one report: the same report gives the same draft.

        Raises:
            SetupError: the template asks for what is not there, or a phrase is missing.

        """
        speaker = Speaker(report=report, phrases=self.phrases)
        return compose(
            self.renderer,
            fields(speaker),
            _page(speaker, self.letterhead),
            escalation=escalation_part(speaker),
            basis=basis_part(speaker),
        )


def prepare(template: TemplateSet, phrases: Phrases, letterhead: Letterhead | None = None) -> Writer:
    """Compile a template set once, for all drafts of a run.

    Raises:
        SetupError: a template is missing, misspelt or unsafe.

    """
    return Writer(renderer=compile_set(template), phrases=phrases, letterhead=letterhead or Letterhead())


def _page(speaker: Speaker, letterhead: Letterhead) -> Page:
    case, say = speaker.case, speaker.phrases.say
    age = case.patient.age_on(case.reported.date)
    line = say("page.patient_age" if age is not None else "page.patient", id=case.patient.id, age=str(age))
    return Page(
        title=say("page.title"),
        patient_name=case.patient.name or "",
        patient_id=case.patient.id,
        patient_line=line,
        date=str(max(case.date_of(key) for key in case.reported.studies)),
        department=letterhead.department,
        institution=letterhead.institution,
        footer=say("page.footer"),
        language=speaker.phrases.language,
    )
