"""The plan of a run: index, table and facts become units of work, one a patient; every file is somebody's or nobody's.

It is kept in a database of its own and read unit by unit, so that a run holds no more of ten thousand patients than of
one.  It is made anew for every run.  A unit is a patient; a study that names no patient is a unit of its own, and is
refused, for nothing is ever grouped by an empty ID.
"""

# ruff: file-ignore[hardcoded-sql-expression] - the names of our own columns, nothing from outside

from __future__ import annotations

import os
import pickle  # ruff: ignore[suspicious-pickle-import] - rows that this very run has read and put away
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap
from pathlib import Path
from typing import Final, NamedTuple, Self, cast

from reporter.batch.index import AGAIN, issue_of
from reporter.batch.plan_files import FOLDER_OWNERS, TABLES, Found, files_beside, fingerprint_of, own_files
from reporter.batch.stamp import Seen
from reporter.batch.telling import case_key, patient_hash
from reporter.readers.gather import FileRecord, FileUse
from reporter.readers.gather_case import CaseFile, CaseInput, RefusedFile
from reporter.readers.kept_header import KeptHeader
from reporter.readers.parts import FactsRecord, Row
from reporter.readers.same_file import SameFile
from reporter.readers.values import cleaned
from reporter.remote import Place

_NOBODY: Final = "\x01"
"""Begins the name of a unit that is a study without a patient."""
_DOUBLED: Final = (
    "SELECT SOPInstanceUID FROM export.file JOIN belongs USING (shared) "
    "GROUP BY SOPInstanceUID HAVING count(*) > 1 AND count(DISTINCT unit) > 1"
)
_TWINS: Final = (
    "SELECT SOPInstanceUID, unit, key FROM export.file JOIN belongs USING (shared) "
    "WHERE SOPInstanceUID IN (SELECT SOPInstanceUID FROM doubled)"
)
_REFERRED: Final = (
    "INSERT OR IGNORE INTO twin SELECT refers.unit, file.key FROM export.file "
    "CROSS JOIN refers ON refers.uid = file.SOPInstanceUID "
    "CROSS JOIN belongs ON belongs.shared = file.shared AND belongs.unit != refers.unit"
)
"""The files once in their order, and what a report says only of those that one refers to."""
_REFUSED: Final = (
    "SELECT file.name, issue, size, modified, inode, changed FROM refused JOIN export.file USING (key) "
    "WHERE unit = ? ORDER BY file.name, key"
)


class Unit(NamedTuple):
    """One patient, or one study that names none."""

    key: str
    """24 hex digits."""
    name: str
    """Patient ID, or the mark of nobody and the Study Instance UID."""

    @property
    def patient_id(self) -> str:
        """Empty where no patient is named."""
        return "" if self.name.startswith(_NOBODY) else self.name

    @property
    def study(self) -> str:
        """What names its case where no time point does."""
        return self.name[1:] if self.name.startswith(_NOBODY) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the table and the facts say, read once for all patients."""

    rows: tuple[Row, ...] = ()
    facts: tuple[FactsRecord, ...] = ()
    table: str = ""
    """Name of the table; empty: none."""
    facts_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNobodys:
    """A file of the export that belongs to no case."""

    name: str
    refused: bool
    code: str


class Plan:
    """The units of one run."""

    def __init__(self, store: Path, index: Path, root: Place, told: Told) -> None:
        """Make the plan anew in `store` from the index of the export at `root`, and from what was told beside it."""
        store.unlink(missing_ok=True)
        store.touch(mode=0o600)
        self._root = str(root.resolve())
        self._is_folder = root.is_dir()
        self._told = told
        self._data = sqlite3.connect(store, isolation_level=None)
        try:
            self._begin(index)
        except BaseException:
            self._data.close()  # or it would hold the index, too
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._data.close()

    # -- making it --------------------------------------------------------------------------------------------

    def _begin(self, index: Path) -> None:
        self._data.execute("PRAGMA journal_mode = OFF")
        self._data.execute("PRAGMA synchronous = OFF")
        self._data.execute("ATTACH DATABASE ? AS export", (str(index),))
        self._make()
        self._data.execute("BEGIN")  # all that is asked is one look: files are not locked anew for every question

    def _make(self) -> None:
        data = self._data
        data.execute("BEGIN")
        for statement in TABLES:
            data.execute(statement)
        read = "SELECT DISTINCT shared FROM export.file WHERE way NOT IN ('refused', 'other')"
        named = data.execute(f"SELECT id, PatientID, StudyInstanceUID FROM export.shared WHERE id IN ({read})")
        data.executemany("INSERT INTO belongs VALUES (?, ?, ?)", starmap(_belonging, named.fetchall()))
        self._place_refused()
        self._put_away()
        data.execute("INSERT OR IGNORE INTO unit (name) SELECT DISTINCT unit FROM belongs")
        data.execute("INSERT OR IGNORE INTO unit (name) SELECT unit FROM refused WHERE unit IS NOT NULL")
        names = [name for (name,) in data.execute("SELECT name FROM unit")]
        data.executemany("UPDATE unit SET key = ? WHERE name = ?", [(unit_key(name), name) for name in names])
        self._find_neighbours()
        data.execute("CREATE INDEX unit_key ON unit (key)")
        data.execute("COMMIT")

    def _place_refused(self) -> None:
        """A file that is refused is its patient's, by its own Patient ID or by the one patient of its folder."""
        rows = self._data.execute(
            "SELECT key, PatientID FROM export.file JOIN export.shared ON shared.id = file.shared WHERE way = 'refused'"
        )
        owners: dict[bytes, str | None] = {}
        placed = []
        for key, patient in rows.fetchall():
            own = _patient(patient)
            placed.append((key, own or self._owner(key, owners)))
        self._data.executemany("INSERT OR REPLACE INTO refused VALUES (?, ?)", placed)

    def _owner(self, key: bytes, known: dict[bytes, str | None]) -> str | None:
        """The one patient of the nearest folder that holds files of any."""
        folder = key
        while True:
            folder = folder.rpartition(b"/")[0]
            if folder not in known:
                known[folder] = self._owner_of_folder(folder)
            if (owner := known[folder]) is not None:
                return owner or None
            if not folder:
                return None

    def _owner_of_folder(self, folder: bytes) -> str | None:
        """Of all files below a folder: their one patient, "" where there are several, None where there is none."""
        begin, end = (folder + b"/", folder + b"0") if folder else (b"", b"\xff" * 8)
        units = [unit for (unit,) in self._data.execute(FOLDER_OWNERS, (begin, end))]
        if len(units) > 1:
            return ""
        return units[0] if units and not units[0].startswith(_NOBODY) else None

    def _put_away(self) -> None:
        """What the table and the facts say, by patient; what names none is kept for the one patient there may be."""
        rows: dict[str, list[Row]] = defaultdict(list)
        facts: dict[str, list[FactsRecord]] = defaultdict(list)
        for row in self._told.rows:
            rows[row.patient_id or ""].append(row)
        for record in self._told.facts:
            facts[record.patient_id or ""].append(record)
        for patient in sorted({*rows, *facts}):
            blob = pickle.dumps((rows.get(patient, []), facts.get(patient, [])))
            self._data.execute("INSERT INTO told VALUES (?, ?, ?)", (patient, len(rows.get(patient, [])), blob))
        self._data.execute(
            "INSERT OR IGNORE INTO unit (name) SELECT patient FROM told WHERE rows > 0 AND patient != ''"
        )
        self._told = Told(table=self._told.table, facts_file=self._told.facts_file)

    def _find_neighbours(self) -> None:
        """What of others a unit is compared with: a study or an object that both have, or what a report refers to."""
        self._data.execute(
            "INSERT OR IGNORE INTO beside SELECT DISTINCT mine.unit, other.shared FROM belongs AS mine "
            "JOIN belongs AS other ON other.study = mine.study AND other.unit != mine.unit"
        )
        doubled = self._data.execute(_DOUBLED).fetchall()
        if doubled:
            self._data.executemany("INSERT INTO doubled VALUES (?)", doubled)
            alike: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
            for uid, unit, key in self._data.execute(_TWINS):
                alike[uid].append((unit, key))
            twins = [(u, k) for same in alike.values() for u, _ in same for other, k in same if other != u]
            self._data.executemany("INSERT OR IGNORE INTO twin VALUES (?, ?)", twins)
        reports = "SELECT refers, unit FROM export.file JOIN belongs USING (shared) WHERE refers IS NOT NULL"
        referred = ((uid, unit) for uids, unit in self._data.execute(reports) for uid in uids.split("\\"))
        if self._data.executemany("INSERT OR IGNORE INTO refers VALUES (?, ?)", referred).rowcount > 0:
            self._data.execute(_REFERRED)

    # -- what it says -----------------------------------------------------------------------------------------

    def units(self) -> Iterator[Unit]:
        """All units, in a fixed order that says nothing of the patients."""
        key = ""
        while True:
            rows = self._data.execute(
                "SELECT key, name FROM unit WHERE key > ? ORDER BY key LIMIT 500", (key,)
            ).fetchall()
            if not rows:
                return
            yield from starmap(Unit, rows)
            key = rows[-1][0]

    def by_patient(self) -> Iterator[Unit]:
        """All units by Patient ID, first those that name no patient, by their study; the plan stays open meanwhile."""
        return starmap(Unit, self._data.execute("SELECT key, name FROM unit ORDER BY name"))

    def unit(self, key: str) -> Unit:
        """The unit of a key; KeyError where the plan has none."""
        row = self._data.execute("SELECT key, name FROM unit WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return Unit(*row)

    def __len__(self) -> int:
        """How many units there are."""
        return int(self._data.execute("SELECT count(*) FROM unit").fetchone()[0])

    def input_of(self, unit: Unit, *, headers: bool = True) -> CaseInput:
        """All that a unit's cases are made from; without `headers` only what tells whether it has changed."""
        rows, facts = self._told_of(unit)
        patient = unit.patient_id
        return CaseInput(
            patient_id=patient,
            files=tuple(self._files(own_files(self._data, unit.name, headers=headers))),
            beside=tuple(self._files(files_beside(self._data, unit.name, headers=headers))) if patient else (),
            refused=tuple(self._refused(unit)),
            rows=rows,
            facts=facts,
            apart=tuple(self._apart(rows, facts)),
            owners=dict(self._owners(rows, unit)),
            alone=self._alone,
        )

    @cached_property
    def _alone(self) -> bool:
        """Whether the export, the table and the facts speak of one patient only."""
        people = self._data.execute("SELECT name FROM unit UNION SELECT patient FROM told WHERE patient != '' LIMIT 2")
        return len(people.fetchall()) == 1

    def _told_of(self, unit: Unit) -> tuple[tuple[Row, ...], tuple[FactsRecord, ...]]:
        """What is said of a patient; what names nobody stands with it, and refuses it unless it is the only one."""
        rows: list[Row] = []
        facts: list[FactsRecord] = []
        if unit.patient_id:
            for (blob,) in self._data.execute("SELECT said FROM told WHERE patient IN (?, '')", (unit.patient_id,)):
                some_rows, some_facts = pickle.loads(blob)  # ruff: ignore[suspicious-pickle-usage] - as above
                rows += some_rows
                facts += some_facts
        return tuple(rows), tuple(facts)

    def _files(self, rows: Iterable[Found]) -> Iterator[CaseFile]:
        headers: dict[bytes, bytes] = {}
        for key, name, size, modified, inode, changed, archive, elements, uid in rows:
            header = None
            if elements is not None and modified >= 0:  # else the index does not vouch for what stands in the file
                header = KeptHeader(headers.setdefault(elements, elements), uid)
            path, entry = self._place(key, archive)
            same = SameFile(inode, changed)
            yield CaseFile(path=path, name=name, size=size, modified=modified, same=same, entry=entry, header=header)

    def _place(self, key: bytes, archive: bytes | None) -> tuple[str, str]:
        """Path on disk, and name within the ZIP there."""
        path = f"{self._root}{os.sep}{os.fsdecode(archive or key)}" if self._is_folder else self._root
        if archive is None:
            return path, ""
        return path, key[len(archive) + 1 :].decode()

    def _refused(self, unit: Unit) -> Iterator[RefusedFile]:
        rows = self._data.execute(_REFUSED, (unit.name,)).fetchall()
        for name, text, size, modified, inode, changed in rows:
            yield RefusedFile(name, issue_of(name, text), size, modified, SameFile(inode, changed))

    def _apart(self, rows: tuple[Row, ...], facts: tuple[FactsRecord, ...]) -> Iterator[FileRecord]:
        """The table and the facts as files of this case: only what they say of its patient counts."""
        for name, kind, said in ((self._told.table, "table", rows), (self._told.facts_file, "facts", facts)):
            if name and said:
                digest = fingerprint_of(rows if kind == "table" else (), facts if kind == "facts" else ())
                yield FileRecord(name=name, kind=kind, use=FileUse.USED, sha256=digest)

    def _owners(self, rows: tuple[Row, ...], unit: Unit) -> Iterator[tuple[str, str]]:
        for uid in sorted({row.study_uid for row in rows if row.study_uid}):
            found = self._data.execute("SELECT unit FROM belongs WHERE study = ? AND unit != ?", (uid, unit.name))
            owner = found.fetchone()
            if owner is not None:
                yield uid, owner[0].removeprefix(_NOBODY)

    def nobodys(self) -> Iterator[FileNobodys]:
        """Files of the export that belong to no case: no DICOM objects, and refused ones that name no patient."""
        rows = self._data.execute(
            "SELECT file.name, way, reason FROM export.file LEFT JOIN refused USING (key) "
            "WHERE way = 'other' OR (way = 'refused' AND refused.unit IS NULL) ORDER BY file.name"
        )
        return (FileNobodys(name=name, refused=way == "refused", code=reason) for name, way, reason in rows)

    def listing(self) -> Iterator[Seen] | None:
        """The files of the export as they were listed, in order of name; None where one is to be read again."""
        again = ", ".join(f"'{reason}'" for reason in sorted(AGAIN))
        unsure = f"SELECT count(*) FROM export.file WHERE modified < 0 OR reason IN ({again})"
        if self._data.execute(unsure).fetchone()[0]:
            return None
        seen = "SELECT key, size, modified, inode, changed FROM export.file WHERE archive IS NULL ORDER BY key"
        return cast("Iterator[Seen]", self._data.execute(seen))

    def unmet_facts(self) -> int:
        """How many patients there are facts of and nothing else."""
        unmet = "SELECT count(*) FROM told WHERE rows = 0 AND patient != '' AND patient NOT IN (SELECT name FROM unit)"
        return int(self._data.execute(unmet).fetchone()[0])


def unit_key(name: str) -> str:
    """24 hex digits of a unit."""
    return case_key("", name[1:]) if name.startswith(_NOBODY) else patient_hash(name)


def _patient(given: str | None) -> str:
    """A Patient ID as the reader of headers takes it."""
    return cleaned(given or "").strip(" \0")


def _belonging(shared: int, patient: str | None, study: str | None) -> tuple[int, str, str]:
    uid = study or ""
    return shared, _patient(patient) or _NOBODY + uid, uid
