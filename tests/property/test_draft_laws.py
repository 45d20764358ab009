"""Laws of the finished text, on many generated patients: nothing invented, nothing lost, nobody left untold."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reporter import library
from reporter.advice.interface import Urgency
from reporter.case.case import Case
from reporter.case.issue import Outcome
from reporter.draft.environment import TemplateSet
from reporter.draft.escalation import escalation_part
from reporter.draft.interface import Draft, Report
from reporter.draft.speaker import Speaker
from reporter.draft.writer import Writer
from reporter.draft.writer import prepare as prepare_writer
from reporter.errors import SetupError
from reporter.exporters.record import read_record, record_of, write_record
from reporter.pipeline import prepare, report_on
from reporter.readers.assemble import assemble
from reporter.readers.gather import Inputs, gather
from reporter.readers.interface import CaseRefused
from reporter.response.interface import Category
from reporter.settings import Settings
from tests.draft.cases import block_lines, draft, kit, report, row, whole

pytestmark = pytest.mark.property
law = settings(deadline=None, max_examples=15)
"""No deadline: a busy machine breaks no law."""

Rows = tuple[dict[str, str], ...]
DAYS: Final = ("2026-01-10", "2026-04-01", "2026-07-01")
ONGOING: Final = '[therapy]\nstart = 2026-02-01\nstatus = "ongoing"\n'
DONE: Final = "[therapy]\nstart = 2026-02-01\nend = 2026-06-20\n"
FLAG: Final = '[[radiologist]]\nside = "left"\n{} = true\n'
DOSES: Final = "0 mSv, 0.1-1 mSv, 1-10 mSv, 10-30 mSv; topic 286"
NUMBER: Final = re.compile(r"\b\d+(?:\.\d+)?\b")

sizes = st.one_of(
    st.sampled_from(("4.9", "5", "9.8", "10", "14", "27", "32.4", "40", "48", "100")),
    st.integers(30, 799).map(lambda n: f"{Decimal(n) / 10:f}"),
)
found = st.one_of(sizes, sizes, sizes, st.sampled_from(("absent", "not_evaluable", "too_small", "no row")))


def seen(when: str, modality: str, lesion: str, what: str, **cells: str) -> dict[str, str]:
    """A row of a size, or of a status."""
    size, status = (what, {}) if what[0].isdigit() else ("", {"status": what})
    return row(when, modality, lesion, size, **status, **cells)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """One or two masses, perhaps a node and a new finding, at baseline and once or twice after it."""
    modalities = draw(st.sampled_from((("MR",), ("US",), ("MR", "US"))))
    sides = {name: draw(st.sampled_from(("left", "left", "right"))) for name in ("L1", "L2", "N1")}
    lesions = ["L1", *draw(st.lists(st.sampled_from(("L2", "N1")), unique=True))]
    days = draw(st.sampled_from((DAYS[:2], DAYS[::2], DAYS)))
    rows = []
    for day in days:
        for lesion in lesions:
            for modality in modalities:
                what = draw(sizes if day == days[0] else found)
                if what != "no row":
                    rows.append(seen(day, modality, lesion, what, side=sides[lesion], biopsy_result="malignant"))
    if draw(st.booleans()):
        covered = draw(st.sampled_from(("yes", "no", "")))
        rows.append(seen(days[-1], modalities[0], "Z1", draw(sizes), role="new", covered_before=covered))
    return tuple(rows)


facts_of = st.sampled_from((
    ONGOING,
    DONE,
    "",
    DONE + FLAG.format("indeterminate"),
    ONGOING + FLAG.format("near_complete"),
))


def read(rows: Iterable[dict[str, str]], facts: str = "", patient: str | None = None) -> Case:
    """The case of a table that may hold several patients, or labels of time points."""
    with tempfile.TemporaryDirectory() as folder:
        measurements, known = Path(folder, "m.csv"), Path(folder, "f.toml")
        some = list(rows)
        columns = sorted({column for one in some for column in one})
        lines = [",".join(columns), *(",".join(one.get(column, "") for column in columns) for one in some)]
        measurements.write_text("\n".join(lines) + "\n", encoding="utf-8")
        known.write_text(facts, encoding="utf-8")
        readings = gather(Inputs(table=measurements, facts=known if facts else None), Settings().limits)
        return assemble(readings, windows=Settings().windows, labels=Settings().labels, patient=patient)


class TestNoInventedNumber:
    """Law 9: every number token of the text is an input value, its exact conversion, or a named derivation."""

    @law
    @given(tables(), facts_of)
    def test_each_number_is_given_or_follows(self, rows: Rows, facts: str) -> None:
        text = whole(draft(rows, facts))
        known = given_numbers(rows, facts) | changes(rows) | fixed_numbers()
        assert sorted(set(NUMBER.findall(text)) - known) == []


def given_numbers(rows: Rows, facts: str) -> set[str]:
    texts = [facts, *(cell for one in rows for cell in one.values())]
    counts = {str(n) for n in range(len(rows) + 2)}
    return {number for text in texts for number in re.findall(r"\d+(?:\.\d+)?", text)} | counts


def changes(rows: Rows) -> set[str]:
    """Sums of the lesions of a day, and the changes between any two sizes or sums, in mm and in percent."""
    sizes_of: dict[str, list[Decimal]] = {}
    for one in rows:  # a lesion gone counts as 0, one too small to measure as 5 mm
        size = one.get("long_axis") or one.get("short_axis") or ("5" if one["status"] == "too_small" else "0")
        sizes_of.setdefault(one["study_date"] + one["modality"], []).append(Decimal(size))
    held = {
        sum(some, Decimal(0)) for of_day in sizes_of.values() for n in (1, 2, 3) for some in combinations(of_day, n)
    }
    held |= {Decimal(0)}
    numbers = {form(value) for value in held for form in (plain, str)}  # sums and differences keep the digits given
    for now, then in permutations(held, 2):
        numbers |= {plain(abs(now - then)), str(abs(now - then)), *(percents(now, then) if then else ())}
    return numbers


def percents(now: Decimal, then: Decimal) -> set[str]:
    """With as many digits as it may take not to contradict a category."""
    exact = abs(now - then) * 100 / then
    return {plain(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) for digits in range(1, 5)} | {plain(exact)}


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def fixed_numbers() -> set[str]:
    """Numbers of the template, the phrases, the guideline, the settings and the names of criteria."""
    package = Path(library.__file__).parent
    files = [*(package / "draft" / "phrases").rglob("*.toml"), *(package.parent / "templates").rglob("*.j2")]
    texts = [*(path.read_text(encoding="utf-8") for path in files), DOSES, str(kit().pack.used)]
    return {number for text in texts for number in re.findall(r"\d+(?:\.\d+)?", text)}


class TestNothingLost:
    """Law 10: every lesion, and every doubt that somebody must act on, stands in the text."""

    @law
    @given(tables(), facts_of)
    def test_every_lesion_and_every_doubt(self, rows: Rows, facts: str) -> None:
        made = report(rows, facts)
        drafted = kit().writer.draft(made)
        text = whole(drafted)
        for lesion in made.case.lesions:
            assert re.search(rf"\b{lesion.id}\b", text), lesion.id
        for issue in (*made.case.issues, *made.response.issues, *made.advice.issues):
            if issue.outcome is Outcome.PROBLEM and issue.lesion_id:
                assert issue.lesion_id in text

    def test_a_small_proven_node_that_is_gone(self) -> None:
        """Below the limit of a followed size at baseline, it has none now, and is told all the same."""
        then = (seen(DAYS[0], "US", "L1", "30"), seen(DAYS[0], "US", "N1", "9", biopsy_result="malignant"))
        now = (seen(DAYS[1], "US", "L1", "20"), seen(DAYS[1], "US", "N1", "absent", biopsy_result="malignant"))
        assert "the biopsy-proven node is no longer seen." in whole(draft((*then, *now), ONGOING))

    @law
    @given(tables(), facts_of, st.data())
    def test_rows_in_any_order_give_the_same_text(self, rows: Rows, facts: str, data: st.DataObject) -> None:
        """Law 5, to the last word."""
        shuffled = tuple(data.draw(st.permutations(rows)))
        said = [re.sub(r"row \d+", "row", whole(draft(one, facts))) for one in (rows, shuffled)]
        assert said[0] == said[1]


class TestWrongPatient:
    """Law 14: rows of another patient, in any position, never influence the one that was asked for."""

    @law
    @given(tables(), tables(), st.data())
    def test_rows_of_another_patient(self, rows: Rows, others: Rows, data: st.DataObject) -> None:
        foreign = [{**one, "patient_id": "SYN-8"} for one in others]
        mixed = data.draw(st.permutations([*rows, *foreign]))
        own = [one for one in mixed if one["patient_id"] == "SYN-9"]
        with pytest.raises(CaseRefused):
            read(mixed)
        texts = [re.sub(r"row \d+", "row", said(read(some, patient="SYN-9"))) for some in (mixed, own)]
        assert texts[0] == texts[1]


def said(case: Case) -> str:
    return whole(kit().writer.draft(report_on(case, (), kit())))


class TestEscalation:
    """Law 16: whatever template is used, who must be told stands in the text."""

    @law
    @given(tables(), facts_of)
    def test_in_every_shipped_template(self, rows: Rows, facts: str) -> None:
        made = report(rows, facts)
        for writer in shipped():
            assert told_in(writer.draft(made), made, writer)

    @law
    @given(tables(), facts_of, st.lists(st.sampled_from((
        "# {{ patient.id }}\n",
        "Words of a department.\n",
        "{{ escalation_block }}\n",
        "{{ basis_block }}\n",
        "{% if false %}{{ escalation_block }}{% endif %}\n",
        "{% set escalation_block = 'nobody' %}\n",
        "<!-- {{ escalation_block }} -->\n",
        "## Escalation\n\nNone required.\n",
    )), max_size=5))  # fmt: skip
    def test_in_any_template_that_loads(self, rows: Rows, facts: str, parts: list[str]) -> None:
        made, sources = report(rows, facts), {"report.md.j2": "\n".join(parts)}
        try:
            writer = prepare_writer(TemplateSet(name="site", sources=sources), kit().writer.phrases)
            drafted = writer.draft(made)
        except SetupError:
            return
        assert told_in(drafted, made, writer)

    @law
    @given(tables(), facts_of)
    def test_what_must_be_told_is(self, rows: Rows, facts: str) -> None:
        """SD after the course, PD, and what the radiologist calls indeterminate."""
        made = report(rows, facts)
        urgency = made.advice.escalation.urgency
        categories = {site.category for breast in made.response.breasts for site in breast.sites}
        if Category.PD in categories or (Category.SD in categories and made.advice.timing.surgical):
            assert urgency is Urgency.IMMEDIATE
        if Category.SD in categories:
            assert urgency.rank >= Urgency.BEFORE_NEXT_CYCLE.rank
        if any(breast.discordances for breast in made.response.breasts):
            assert urgency.rank >= Urgency.TUMOUR_BOARD.rank


@cache
def shipped() -> tuple[Writer, ...]:
    return tuple(prepare(Settings(), template=found.name, formats=()).writer for found in library.all_templates())


def told_in(drafted: Draft, made: Report, writer: Writer) -> bool:
    """The whole sentence of the escalation, and that it is a draft, in the language of the set."""
    lines = [line for block in drafted.blocks for line in block_lines(block)]
    part = escalation_part(Speaker(report=made, phrases=writer.phrases))
    wanted = [line for block in part.blocks for line in block_lines(block)]
    return all(line in lines for line in (*wanted, writer.phrases.say("notice.draft")))


class TestSwappedTimePoints:
    """Law 17: dates that are exchanged are refused, or the category is that of the exchanged dates."""

    @law
    @given(sizes, sizes)
    def test_without_labels_the_dates_decide(self, one: str, other: str) -> None:
        def category(then: str, now: str) -> Category | None:
            made = report((seen(DAYS[0], "MR", "L1", then), seen(DAYS[2], "MR", "L1", now)), DONE)
            return made.response.breasts[0].category

        swapped = (seen(DAYS[2], "MR", "L1", one), seen(DAYS[0], "MR", "L1", other))
        assert report(swapped, DONE).response.breasts[0].category is category(other, one)

    @law
    @given(tables())
    def test_labels_against_their_dates_are_refused(self, rows: Rows) -> None:
        days = sorted({one["study_date"] for one in rows})
        assume(len(days) > 1)
        labels = {days[0]: "end of treatment", days[-1]: "baseline"}
        labelled = [{**one, "timepoint": labels.get(one["study_date"], "")} for one in rows]
        with pytest.raises(CaseRefused) as refused:
            read(labelled)
        assert {issue.code for issue in refused.value.issues} == {"TP_ORDER"}

    def test_a_label_against_the_therapy_dates_is_asked_about(self) -> None:
        rows = [
            {**seen(DAYS[0], "MR", "L1", "40"), "timepoint": "baseline"},
            {**seen(DAYS[1], "MR", "L1", "20"), "timepoint": "end of treatment"},
        ]
        case = read(rows, "[therapy]\nstart = 2026-05-01\nend = 2026-06-20\n")
        assert "TP_LABEL_DATES" in {issue.code for issue in case.issues}


class TestRoundTrip:
    """Law 20: a report written as data and read back is the same."""

    @law
    @given(tables(), facts_of)
    def test_record(self, rows: Rows, facts: str) -> None:
        made = report(rows, facts)
        record = record_of(made, kit().writer.draft(made))
        data = write_record(record)
        assert read_record(data, "record.json") == record
        assert write_record(read_record(data, "record.json")) == data
