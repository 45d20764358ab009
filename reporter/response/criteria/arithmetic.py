"""Target response by size: the ordered rules of RECIST 1.1, exact and inclusive, shared by every size criterion.

Source: Eisenhauer EA et al., Eur J Cancer 2009;45:228-247, with the clarifications of EORTC (shrinkage against
baseline, growth against the smallest sum; a partial response is held until progression).  The rules, in the order in
which they are asked:

1.  The baseline itself has no category.
2.  A reader's word of unequivocal progression is PD.
3.  Without a baseline value, or while one target has no value, NE; unless the values at hand already prove PD.
4.  Every lesion gone (0 mm; a node: short axis under 10 mm) is CR.
5.  A lesion that came back is PD where the criterion says so.
6.  At least 20 % and at least 5 mm above the smallest sum is PD.  Of a smallest of 0 no share can be told: what came
    back has grown against its baseline, or against the smallest since it came back.
7.  At least 30 % below baseline is PR.
8.  A partial response of an earlier time point is held until PD (a setting); after PD only a new response is.
9.  Anything else is SD.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from reporter.response.exact import grown, shrunk
from reporter.response.interface import Category, Operand, Thresholds, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the rules see of one sum, or of one site, at one time point; sizes in mm."""

    at_baseline: bool
    baseline: Decimal | None
    nadir: Decimal | None
    """Smallest complete value before now, baseline included."""
    reference: Decimal | None
    """The nadir, or where that is 0 the smallest since what came back, baseline included: of 0 no share can be told."""
    now: Decimal | None
    """None while a lesion of it has no value."""
    known: Decimal | None
    """What those lesions add up to that have one; None where none has."""
    gone: bool
    progressed: bool
    """By the reader's word."""
    returned: bool
    """A lesion came back, in a way that the criterion calls PD."""
    responded: bool
    """CR or PR at an earlier time point, and no PD of it since."""

    def grown(self, thresholds: Thresholds) -> bool:
        """Whether what is known proves PD by growth."""
        return self.reference is not None and self.known is not None and grown(self.known, self.reference, thresholds)

    def shrunk(self, thresholds: Thresholds) -> bool:
        """Whether the whole is PR by size."""
        return self.baseline is not None and self.now is not None and shrunk(self.now, self.baseline, thresholds)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the list: a name, the category, and when it holds."""

    name: str
    category: Category
    holds: Callable[[Look, Thresholds], bool]


RULES: tuple[Rule, ...] = (
    Rule("baseline", Category.BASELINE, lambda look, _: look.at_baseline),
    Rule("pd_unequivocal", Category.PD, lambda look, _: look.progressed),
    Rule("no_baseline", Category.NE, lambda look, _: look.baseline is None),
    Rule("missing", Category.NE, lambda look, t: look.now is None and not (look.returned or look.grown(t))),
    Rule("cr", Category.CR, lambda look, _: look.gone),
    Rule("pd_returned", Category.PD, lambda look, _: look.returned),
    Rule("pd_known_suffice", Category.PD, lambda look, _: look.now is None),  # it has grown, else it were missing
    Rule("pd", Category.PD, lambda look, t: look.grown(t)),
    Rule("pr", Category.PR, lambda look, t: look.shrunk(t)),
    Rule("pr_held", Category.PR, lambda look, t: t.hold_response and look.responded),
    Rule("sd", Category.SD, lambda *_: True),
)
"""In this order; the first that holds decides."""

HELD = "pr_held"


def rule_of(look: Look, thresholds: Thresholds) -> Rule:
    """The first rule that holds."""
    return next(rule for rule in RULES if rule.holds(look, thresholds))


def operands_of(look: Look, thresholds: Thresholds) -> tuple[Operand, ...]:
    """The numbers a size rule looked at; of a smallest of 0 that, too, against which growth is judged instead."""
    now = ("now", look.now) if look.now is not None else ("known", look.known)
    since = look.reference if look.nadir == 0 and not (look.returned or look.gone) else None
    sizes = (now, ("baseline", look.baseline), ("nadir", look.nadir), ("since_return", since))
    told = [Operand(name=name, value=value, unit="mm") for name, value in sizes if value is not None]
    return (*told, *thresholds.limits)


def verdict_of(look: Look, rule: Rule, thresholds: Thresholds, *, prefix: str, lesion_ids: tuple[str, ...]) -> Verdict:
    """The category by size, by the rule that holds; `prefix` names what was judged: target (a sum) or site."""
    return Verdict(
        category=rule.category,
        rule=f"{prefix}.{rule.name}",
        operands=operands_of(look, thresholds),
        lesion_ids=lesion_ids,
    )
