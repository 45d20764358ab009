"""The decision table as data: what a row is made of, checked on the way in.

A row has conditions of the closed vocabulary (`when`: all hold; `any_of`: at least one; `unless`: none), and a text
for each timing: `before` therapy, `during` and `after` it, or `started` for both, or `always`.  A status that is not
stated shows what both texts have in common with the laws of `vocabulary.py`, unless `unstated` says otherwise, and
always the more urgent of the two escalations (decision r).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator

from reporter.advice.conditions import CONDITIONS
from reporter.advice.interface import RoleTold, Timing, Urgency
from reporter.advice.lesions import SELECTORS
from reporter.advice.vocabulary import NoteId, Purpose, StepId, Want

Word = TypeVar("Word", bound=StrEnum)
Item = TypeVar("Item")

Many = Annotated[tuple[Item, ...], Strict(strict=False)]
"""A TOML array."""


class Data(BaseModel):
    """A table of a pack file: nothing but what is described here, exactly typed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    def __copy__(self) -> Self:
        """Its fields alone: a copy may be given others, and what was worked out of these would be wrong of it."""
        copied = super().__copy__()
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


def unknown(what: str, name: str, known: Iterable[str]) -> ValueError:
    """The error for a name outside the vocabulary, with the nearest right one."""
    names = sorted(str(one) for one in known)
    near = get_close_matches(name, names, cutoff=0.4)
    hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(names)}"
    return ValueError(f"{name!r} is no known {what}{hint}")


def once(what: str, names: Iterable[str]) -> None:
    """Refuse names that stand twice, with the first of them.

    Raises:
        ValueError: one does.

    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            message = f"{what} {name} stands twice"
            raise ValueError(message)
        seen.add(name)


def word(kind: type[Word], what: str) -> BeforeValidator:
    """Turn a string into a member of a closed vocabulary."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            return value
        if value not in list(kind):
            raise unknown(what, value, list(kind))
        return kind(value)

    return BeforeValidator(check)


def name_in(names: Mapping[str, object], what: str) -> BeforeValidator:
    """Check that a string names something in a vocabulary of functions."""

    def check(value: object) -> object:
        if isinstance(value, str) and value not in names:
            raise unknown(what, value, names)
        return value

    return BeforeValidator(check)


def _short(value: object) -> object:
    """A bare id stands for a table with nothing else in it."""
    return {"id": value} if isinstance(value, str) else value


ConditionName = Annotated[str, name_in(CONDITIONS, "condition")]
SelectorName = Annotated[str, name_in(SELECTORS, "selection of lesions")]
UrgencyWord = Annotated[Urgency, word(Urgency, "urgency")]
RoleWord = Annotated[RoleTold, word(RoleTold, "role")]
StepWord = Annotated[StepId, word(StepId, "step")]
NoteWord = Annotated[NoteId, word(NoteId, "note")]
WantWord = Annotated[Want, word(Want, "imaging")]
PurposeWord = Annotated[Purpose, word(Purpose, "purpose")]


class Guarded(Data):
    """Something with conditions."""

    when: Many[ConditionName] = ()
    """All must hold."""
    any_of: Many[ConditionName] = ()
    """At least one must hold."""
    unless: Many[ConditionName] = ()
    """None may hold."""

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """Every condition that it names, once."""
        return tuple(dict.fromkeys((*self.when, *self.any_of, *self.unless)))


class StepEntry(Guarded):
    """A step that a text names."""

    id: StepWord
    lesions: SelectorName | None = None
    """None: those of the row."""


class NoteEntry(Guarded):
    """A note that a text names."""

    id: NoteWord
    lesions: SelectorName | None = None


class ImageEntry(Guarded):
    """Imaging that a text asks for."""

    want: WantWord
    purpose: PurposeWord
    each_side: bool = False
    """Of a row about the patient: its conditions and its imaging are worked out for each side."""


class RaisedEntry(Guarded):
    """A further escalation under further conditions; never lowers (decision t)."""

    urgency: UrgencyWord
    told: Many[RoleWord] = ()


class Text(Data):
    """What a row shows at one timing, and whom it has told."""

    urgency: UrgencyWord = Urgency.NONE
    policy_urgency: bool = False
    """The urgency is the site's setting (row C7)."""
    told: Many[RoleWord] = ()
    direct_contact: bool = False
    raised: Many[RaisedEntry] = ()
    steps: Many[Annotated[StepEntry, BeforeValidator(_short)]] = ()
    notes: Many[Annotated[NoteEntry, BeforeValidator(_short)]] = ()
    images: Many[ImageEntry] = ()

    @model_validator(mode="after")
    def _told_when_urgent(self) -> Self:
        if self.urgency is not Urgency.NONE and not self.told:
            message = "an urgency needs somebody to be told: give told"
            raise ValueError(message)
        return self


class Beside(Guarded):
    """A row of part B beside which another one of part B still applies."""

    row: str


class Row(Guarded):
    """One row of the decision table."""

    id: str = Field(pattern=r"^[A-Z][0-9]+$")
    title: str
    part: Literal["A", "B", "C", "D"]
    """A routes; of B the first that holds applies to a breast; of C and D every match."""
    per: Literal["side", "side_and_patient", "patient"]
    precedence: int | None = None
    """Place among the B rows, 1 first; without one a B row applies beside any other."""
    beside: Many[Beside] = ()
    lesions: SelectorName | None = None
    """The lesions it is about; None: the whole breast, axilla or patient."""
    sources: Many[str]
    before: Text | None = None
    started: Text | None = None
    during: Text | None = None
    after: Text | None = None
    unstated: Text | None = None
    always: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.precedence is not None and (self.part != "B" or self.per == "patient"):
            message = "precedence is for rows of part B, per side"
            raise ValueError(message)
        if self.always and any((self.before, self.started, self.during, self.after, self.unstated)):
            message = "always stands alone"
            raise ValueError(message)
        if self.started and any((self.during, self.after, self.unstated)):
            message = "started stands for during, after and unstated together"
            raise ValueError(message)
        if self.unstated and self.unstated.urgency is not Urgency.NONE:
            message = "the escalation of unstated is the more urgent of during and after: leave it out"
            raise ValueError(message)
        return self

    def text(self, timing: Timing) -> Text | None:
        """The text of a timing; None where the row has nothing to say then."""
        return self._texts[timing]

    @cached_property
    def _texts(self) -> Mapping[Timing, Text | None]:
        started = self.started or self.always
        after = self.after or started
        return {
            Timing.BEFORE: self.before or self.always,
            Timing.DURING: self.during or started,
            Timing.AFTER: after,
            Timing.END_LABELLED: after,
            Timing.UNSTATED: started or unstated_text(self.during, self.after, self.unstated),
        }


def unstated_text(during: Text | None, after: Text | None, own: Text | None) -> Text | None:
    """The text where the status of therapy is not stated: the more urgent escalation, the lines of its own or of both.

    All roles of both are told.
    """
    both = [text for text in (during, after) if text is not None]
    if not both:
        return own
    shown = both if own is None else [own]
    return Text(
        urgency=max((t.urgency for t in both), key=lambda urgency: urgency.rank),
        policy_urgency=any(t.policy_urgency for t in both),
        told=roles(role for t in both for role in t.told),
        direct_contact=any(t.direct_contact for t in both),
        raised=_joined(t.raised for t in both),
        steps=_joined(t.steps for t in shown),
        notes=_joined(t.notes for t in shown),
        images=_joined(t.images for t in shown),
    )


def roles(told: Iterable[RoleTold]) -> tuple[RoleTold, ...]:
    """Roles in their order, once each."""
    found = frozenset(told)
    return tuple(role for role in RoleTold if role in found)


def _joined(parts: Iterable[tuple[Item, ...]]) -> tuple[Item, ...]:
    found: list[Item] = []
    for part in parts:
        found += [item for item in part if item not in found]
    return tuple(found)


class Remark(Guarded):
    """A note outside the table, shown for every side where its conditions hold."""

    id: NoteWord
    sources: Many[str]
    lesions: SelectorName | None = None


class Decision(Data):
    """A decision table file."""

    id: str
    version: str
    row: Many[Row]
    remark: Many[Remark] = ()

    @model_validator(mode="after")
    def _rows_known(self) -> Self:
        ids = [row.id for row in self.row]
        once("row", ids)
        for row in self.row:
            for beside in row.beside:
                if beside.row not in ids:
                    raise unknown(f"row beside {row.id}", beside.row, ids)
        return self
