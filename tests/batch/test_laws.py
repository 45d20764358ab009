"""Law 21: studies arrive, runs end or are cut off, people edit and delete; nothing is lost, nothing is told twice."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reporter.batch.owner import STATE
from reporter.errors import Interrupted
from reporter.publish import publish_files
from tests.batch.exports import OLD, batch, put, results, study
from tests.readers.kit import csv_of, row

pytestmark = pytest.mark.long

COUNTS = re.compile(r"(\d+) cases found: (\d+) reported, (\d+) quarantined, (\d+) pending")
PATIENTS = ("A", "B", "C")


class Department(RuleBasedStateMachine):
    """An export that grows, a table that is corrected, and a folder of drafts that people touch."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.export, self.out = self.folder / "export", self.folder / "out"
        self.export.mkdir()
        self.studies: dict[str, int] = {}
        self.rows: dict[tuple[str, int], str] = {}
        self.edited: dict[str, bytes] = {}
        self.ever: dict[str, bytes] = {}
        self.time = OLD

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder)

    @rule(patient=st.sampled_from(PATIENTS), size=st.integers(5, 60))
    def a_study_arrives(self, patient: str, size: int) -> None:
        number = self.studies[patient] = self.studies.get(patient, 0) + 1
        for name, data in study(patient, number, f"2026{number:02}05").items():
            put(self.export / name, data, self.time)
        self.rows[patient, number] = str(size)

    @precondition(lambda self: self.rows)
    @rule(data=st.data(), size=st.integers(5, 60))
    def a_size_is_corrected(self, data: st.DataObject, size: int) -> None:
        self.rows[data.draw(st.sampled_from(sorted(self.rows)))] = str(size)

    @precondition(lambda self: self.studies)
    @rule(patient=st.sampled_from(PATIENTS))
    def another_issuer_comes_in(self, patient: str) -> None:
        if patient in self.studies:
            for name, data in study(patient, 1, "20260105", IssuerOfPatientID="X", SOPInstanceUID="1.2.77").items():
                if "-1.dcm" in name:
                    put(self.export / f"issuer-{name}", data, self.time)

    @precondition(lambda self: self.ever)
    @rule(data=st.data())
    def a_draft_is_edited_or_deleted(self, data: st.DataObject) -> None:
        there = [name for name in results(self.out) if name.endswith(".draft.txt")]
        if not there:
            return
        name = data.draw(st.sampled_from(there))
        if data.draw(st.booleans()):
            self.edited[name] = b"edited " + name.encode()
            (self.out / name).write_bytes(self.edited[name])
        else:
            (self.out / name).unlink()
            self.edited.pop(name, None)
            self.ever.pop(name, None)

    @rule(stop=st.integers(0, 2))
    def a_run_is_cut_off(self, stop: int) -> None:
        left = [stop]

        def full(*arguments: object) -> object:
            if not left[0]:
                raise Interrupted("the disk is full")
            left[0] -= 1
            return publish_files(*arguments)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("reporter.batch.folder.publish_files", full)
            self.run(cut_off=True)

    @rule()
    def a_run(self) -> None:
        self.run(cut_off=False)

    def run(self, *, cut_off: bool) -> None:
        """Run, and hold what it says and leaves against what there is."""
        rows = [
            row(patient_id=patient, study_date=f"2026-{number:02}-05", long_axis=size)
            for (patient, number), size in sorted(self.rows.items())
        ]
        table = ["-m", str(self.folder / "table.csv")] if rows else []
        put(self.folder / "table.csv", csv_of(rows).encode() if rows else b"", self.time)
        code, said = batch(self.export, self.out, *table)
        found = COUNTS.search(said)
        assert found is not None
        cases, reported, quarantined, pending = map(int, found.groups())
        assert cases == reported + quarantined + pending == len(self.studies)
        assert (code == 4) is bool(pending)
        assert cut_off or not pending
        self.ever.update({name: data for name, data in results(self.out).items() if ".draft." in name})

    @invariant()
    def nothing_is_overwritten(self) -> None:
        for name, data in {**self.ever, **self.edited}.items():
            path = self.out / name
            assert path.read_bytes() == self.edited.get(name, data)
        if self.out.exists():
            assert not [path for path in self.out.iterdir() if path.name.endswith(".part")]
            assert not self.ever or (self.out / STATE / "journal.sqlite").exists()


TestDepartment = pytest.mark.property(Department.TestCase)
TestDepartment.settings = settings(
    max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
