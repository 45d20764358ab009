"""The numbers of one measurement group: which are sizes of the lesion, and why the others are not.

A length needs its axis by concept and mm or cm by UCUM code; a number without a unit, or with unit code "1", is none.
A length that cannot be used costs the measurement of its group; any other number costs only itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.length import Length
from reporter.case.measurement import Volume
from reporter.case.source import Source
from reporter.readers import report_codes as codes
from reporter.readers.cells import LARGEST_MM
from reporter.readers.parts import Sizes
from reporter.readers.report_codes import Concept
from reporter.readers.report_numbers import Number
from reporter.readers.report_parts import Unused

_LISTED = 6
"""So many unused numbers of a group are named in its note; all are in the list."""


@dataclass(slots=True)
class GroupSizes:
    """Takes the numbers of a group one by one."""

    lengths: dict[str, Length] = field(default_factory=dict)
    """Axis or distance -> length."""
    volume: Volume | None = None
    places: dict[str, Source] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unusable: str | None = None
    axis_not_named: list[Number] = field(default_factory=list)

    def take(self, number: Number, *, derived: bool) -> None:
        """Take a number of the group; `derived` is a mean or the like, which is nobody's axis."""
        if number.fault == "SR_VALUE_CONFLICT":
            self._doubt("SR_VALUE_CONFLICT", Outcome.REFUSED, number)
        elif number.name is None:
            self._take_unnamed(number)
        elif number.name not in codes.CONTEXT_NUMBERS:
            self._take_named(number.name, number, derived=derived)

    def _take_named(self, name: Concept, number: Number, *, derived: bool) -> None:
        if name in codes.LENGTHS:
            self._take_axis(codes.LENGTHS[name], number, derived=derived)
        elif name in codes.DISTANCES:
            self._take_distance(codes.DISTANCES[name], number)
        elif name in codes.VOLUMES and not derived:
            self._take_volume(number)
        elif name in codes.AXIS_NOT_NAMED:
            self._take_unnamed(number)
        else:
            self.leave(number)

    def _take_unnamed(self, number: Number) -> None:
        """A length of which it is not said what it measures."""
        if number.unit in codes.LENGTH_UNITS:
            self.axis_not_named.append(number)
        else:
            self.leave(number)

    def leave(self, number: Number, code: str = "SR_NOT_SIZE") -> None:
        """List a number that is not used."""
        self.unused.append(Unused(what=number.shown, code=code, source=number.source))

    def finish(self) -> None:
        """Say what is left over: lengths of the lesion without a named axis, and the numbers that are not used."""
        for number in self.axis_not_named:
            self.leave(number, "SR_AXIS")
        if self.axis_not_named and not self.unusable and not self._has_axis():
            self._cost("SR_AXIS", self.axis_not_named[0], what="; ".join(n.shown for n in self.axis_not_named))
        if self.unused:
            listed = [unused.what for unused in self.unused[:_LISTED]]
            more = len(self.unused) - len(listed)
            operands: dict[str, Operand] = {"what": "; ".join(listed), "more": more}
            issue = Issue(code="SR_NOT_SIZE", outcome=Outcome.NOTE, source=self.unused[0].source, operands=operands)
            self.issues.append(issue)

    def sizes(self) -> Sizes:
        """The axes as the case takes them; measured, where there is one."""
        return Sizes(
            status="measured" if self._has_axis() or self.unusable else None,
            long_axis=self.lengths.get("long_axis"),
            short_axis=self.lengths.get("short_axis"),
            given=tuple(self.given),
            unusable=self.unusable,
        )

    def _has_axis(self) -> bool:
        return "long_axis" in self.lengths or "short_axis" in self.lengths

    # -- one number -------------------------------------------------------------------------------------------

    def _take_axis(self, axis: str, number: Number, *, derived: bool) -> None:
        if number.unit in codes.AREA_UNITS and number.name == codes.LENGTH:
            self.leave(number)
            return
        if derived:
            self.axis_not_named.append(number)
            return
        self.given.append(f"{axis} {number.shown}")
        length = self._length(number, axis)
        if length is not None:
            self._keep(axis, length, number)

    def _keep(self, field_name: str, length: Length, number: Number) -> None:
        """One length for one axis; another value beside it refuses the case, as for any two values of one thing."""
        earlier = self.lengths.setdefault(field_name, length)
        self.places.setdefault(field_name, number.source)
        if earlier is not length and earlier != length:
            place = self.places[field_name].place
            self._doubt("SR_TWO_VALUES", Outcome.REFUSED, number, other=str(earlier), place=place)

    def _length(self, number: Number, axis: str) -> Length | None:
        unit = codes.LENGTH_UNITS.get(number.unit) if number.unit else None
        if number.value is None:
            self._cost("SR_NUM", number)
        elif unit is None:
            self._cost("MEAS_UNIT", number, column=axis, given=str(number.value), unit=_shown_unit(number))
        elif number.value.is_signed() or (length := Length(number.value, unit)).mm > LARGEST_MM:
            self._cost("MEAS_RANGE", number, column=axis, given=str(number.value), limit=Length(LARGEST_MM))
        else:
            return length
        return None

    def _take_distance(self, name: str, number: Number) -> None:
        unit = codes.LENGTH_UNITS.get(number.unit) if number.unit else None
        if number.value is None or unit is None or number.value.is_signed():
            self.leave(number)
        else:
            self._keep(name, Length(number.value, unit), number)

    def _take_volume(self, number: Number) -> None:
        unit = codes.VOLUME_UNITS.get(number.unit) if number.unit else None
        if number.value is None or unit is None or number.value.is_signed():
            self._doubt("SR_VOLUME", Outcome.PROBLEM, number)
            return
        volume = Volume(value=number.value, unit=unit)
        place = self.places.setdefault("volume", number.source)
        if self.volume is not None and self.volume != volume:
            self._doubt("SR_TWO_VALUES", Outcome.REFUSED, number, other=str(self.volume.value), place=place.place)
        self.volume = volume

    # -- doubts -----------------------------------------------------------------------------------------------

    def _doubt(self, code: str, outcome: Outcome, number: Number, **operands: Operand) -> None:
        said = {"what": number.shown, **operands}
        self.issues.append(Issue(code=code, outcome=outcome, source=number.source, operands=said))

    def _cost(self, code: str, number: Number, **operands: Operand) -> None:
        self._doubt(code, Outcome.PROBLEM, number, **operands)
        self.unusable = self.unusable or code


def _shown_unit(number: Number) -> str:
    return number.unit[0] if number.unit else ""
