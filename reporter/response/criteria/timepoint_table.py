"""The overall time-point response from targets, non-targets and new lesions, as data.

Source: RECIST 1.1 (Eisenhauer EA et al., Eur J Cancer 2009;45:228-247), the tables of time-point response with and
without target lesions.  Non-targets: PD is unequivocal progression; NE is any that was not evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass

from reporter.response.interface import Category

CR, PR, SD, PD, NE = Category.CR, Category.PR, Category.SD, Category.PD, Category.NE
PERSISTENT = Category.NON_CR_NON_PD


@dataclass(frozen=True, slots=True)
class Row:
    """One row: None matches a lesion class that the patient does not have; an empty set matches anything."""

    rule: str
    target: frozenset[Category | None]
    non_target: frozenset[Category | None]
    new: bool | None
    overall: Category

    def fits(self, target: Category | None, non_target: Category | None, new: bool) -> bool:
        """Whether the row speaks of this combination."""
        return (
            (not self.target or target in self.target)
            and (not self.non_target or non_target in self.non_target)
            and (self.new is None or self.new is new)
        )


def _of(*categories: Category | None) -> frozenset[Category | None]:
    return frozenset(categories)


ANY = _of()
NOT_PD = _of(CR, PERSISTENT, NE, None)
TABLE: tuple[Row, ...] = (
    Row("overall.target_pd", _of(PD), ANY, None, PD),
    Row("overall.non_target_pd", ANY, _of(PD), None, PD),
    Row("overall.new_lesion", ANY, ANY, True, PD),
    Row("overall.cr", _of(CR), _of(CR, None), False, CR),
    Row("overall.cr_non_target_persists", _of(CR), _of(PERSISTENT), False, PR),
    Row("overall.cr_non_target_ne", _of(CR), _of(NE), False, PR),
    Row("overall.pr", _of(PR), NOT_PD, False, PR),
    Row("overall.sd", _of(SD), NOT_PD, False, SD),
    Row("overall.target_ne", _of(NE), NOT_PD, False, NE),
    Row("overall.non_target_cr", _of(None), _of(CR), False, CR),
    Row("overall.non_target_persists", _of(None), _of(PERSISTENT), False, PERSISTENT),
    Row("overall.non_target_ne", _of(None), _of(NE), False, NE),
    Row("overall.ned", _of(None), _of(None), False, Category.NED),
)
"""In this order; every combination is met by a row."""


def row_of(target: Category | None, non_target: Category | None, *, new: bool) -> Row:
    """The row for a combination after baseline."""
    return next(row for row in TABLE if row.fits(target, non_target, new))


def non_target_category(gone: list[bool | None], *, progressed: bool) -> Category:
    """The category of non-target lesions; each True gone, False still there, None not evaluated (2.5)."""
    if progressed:
        return PD
    if None in gone:
        return NE
    return CR if all(gone) else PERSISTENT
