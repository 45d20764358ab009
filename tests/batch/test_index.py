"""The store of an index: what it keeps is what a new look would find."""

from __future__ import annotations

import io
import os
import random
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.batch.index import ExportIndex, Refreshed
from reporter.errors import Interrupted
from reporter.readers.export_index import Way
from reporter.readers.index_columns import PLACE
from reporter.readers.interface import Limits
from tests.readers.exports import series
from tests.readers.kit import dicom

OLD = (10**18, 10**18)


def put(path: Path, data: bytes, number: int = 0) -> None:
    """Write a file that changed long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(OLD[0] + number, OLD[1] + number))


def content(index: ExportIndex) -> list[tuple[object, ...]]:
    """What an index says; whether a file was read by the layout of another depends on what was read before it."""
    return [(name, way in {Way.WALK, Way.LAYOUT} or way, reason, record) for name, way, reason, record in index.files()]


def anew(root: Path) -> list[tuple[object, ...]]:
    """What a new index says."""
    with ExportIndex() as index:
        index.refresh(root)
        return content(index)


def test_values_that_a_series_shares_are_kept_once(tmp_path: Path) -> None:
    for place, data in enumerate(series(2, 2, 5)):
        put(tmp_path / f"{place}", data)
    with ExportIndex() as index:
        index.refresh(tmp_path)
        found = list(index.combinations())
    assert [count for count, _ in found] == [5]
    assert found[0][1][PLACE["SOPInstanceUID"]] is None
    assert found[0][1][PLACE["Modality"]] == "MR"


def test_a_file_that_just_changed_is_read_again(tmp_path: Path) -> None:
    """It may change once more without a new time of change."""
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "new").write_bytes(dicom())
    put(tmp_path / "export" / "old", dicom())
    with ExportIndex(tmp_path / "store") as index:
        assert index.refresh(tmp_path / "export") == Refreshed(files=2, read=2, gone=0)
        assert index.refresh(tmp_path / "export") == Refreshed(files=2, read=1, gone=0)


@pytest.mark.hostile
def test_a_file_in_the_place_of_another_of_its_size_and_time_is_read(tmp_path: Path) -> None:
    root = tmp_path / "export"
    put(root / "x.dcm", dicom(PatientID="P1"))
    put(root / "y.dcm", dicom(PatientID="P1"))
    with ExportIndex(tmp_path / "store") as index:
        index.refresh(root)
        put(root / "x.dcm", dicom(PatientID="P2"))
        (root / "y.dcm").replace(tmp_path / "aside")
        put(root / "y.dcm", dicom(PatientID="P1"))
        assert index.refresh(root) == Refreshed(files=2, read=2, gone=0)
        assert index.refresh(root) == Refreshed(files=2, read=0, gone=0)
        assert content(index) == anew(root)


def test_elsewhere_than_on_this_machine_a_file_is_known_by_size_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There, numbers of files may be made up anew at each mount."""
    monkeypatch.setattr("reporter.readers.same_file.is_local", lambda _root: False)
    put(tmp_path / "export" / "x.dcm", dicom())
    with ExportIndex(tmp_path / "store") as index:
        index.refresh(tmp_path / "export")
        put(tmp_path / "export" / "x.dcm", dicom())
        assert index.refresh(tmp_path / "export") == Refreshed(files=1, read=0, gone=0)


@pytest.mark.hostile
def test_a_file_that_a_limit_refused_is_read_when_the_limit_is_another(tmp_path: Path) -> None:
    root, tight = tmp_path / "export", Limits(file_bytes=100)
    put(root / "x.dcm", dicom())
    with ExportIndex(tmp_path / "store") as index:
        for limits, reason in ((tight, "LIM_FILE"), (Limits(), ""), (tight, "LIM_FILE")):
            assert index.refresh(root, limits) == Refreshed(files=1, read=1, gone=0)
            assert [why for _, _, why, _ in index.files()] == [reason]
        assert index.refresh(root, tight) == Refreshed(files=1, read=0, gone=0)


def test_an_index_from_before_is_made_anew(tmp_path: Path) -> None:
    """That of version 6 did not keep the limits."""
    root, store = tmp_path / "export", tmp_path / "store"
    put(root / "x.dcm", dicom())
    with ExportIndex(store) as index:
        index.refresh(root)
        index._data.execute("ALTER TABLE about DROP COLUMN limits")
    with ExportIndex(store) as index:
        assert index.refresh(root) == Refreshed(files=1, read=1, gone=0)


@pytest.mark.hostile
def test_what_could_not_be_read_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "x.dcm", dicom())
    with ExportIndex() as index:
        with monkeypatch.context() as patched:
            patched.setattr("reporter.readers.export_index.pread", _no_disk)
            index.refresh(tmp_path)
        assert index.ways() == {(Way.REFUSED, "FS_READ"): 1}
        index.refresh(tmp_path)
        assert index.ways() == {(Way.WALK, ""): 1}


def _no_disk(_descriptor: int, _length: int, _offset: int) -> bytes:
    raise OSError


@pytest.mark.hostile
def test_a_run_that_is_stopped_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    root, store = tmp_path / "export", tmp_path / "store"
    put(root / "0", dicom())
    with ExportIndex(store) as index:
        index.refresh(root)
        before = content(index)
    for place, data in enumerate(series(1, 2, 20), 1):
        put(root / str(place), data)

    def stop(count: int, _total: int | None) -> None:
        if count:
            raise KeyboardInterrupt

    with ExportIndex(store) as index, pytest.raises(KeyboardInterrupt):
        index.refresh(root, progress=stop)
    with ExportIndex(store) as index:
        assert content(index) == before
        assert index.refresh(root) == Refreshed(files=21, read=20, gone=0)


@pytest.mark.hostile
def test_a_full_disk_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    root, store = tmp_path / "export", tmp_path / "store"
    put(root / "0", dicom())
    with ExportIndex(store) as index:
        index.refresh(root)
        before = content(index)
        for place in range(200):
            put(root / f"{place:0100}", dicom(SOPInstanceUID=f"1.2.3.{place}", StudyDescription=f"study {place}"))
        index._data.execute("PRAGMA max_page_count = 10")
        with pytest.raises(Interrupted, match="disk is full"):
            index.refresh(root)
        assert content(index) == before


@pytest.mark.hostile
def test_names_that_are_no_text_are_told_apart(tmp_path: Path) -> None:
    for number, name in enumerate((b"bad\xff", b"bad\xfe")):
        put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)), dicom(SOPInstanceUID=f"1.2.{number}"))
    found = anew(tmp_path)
    names = [name for name, *_ in found]
    assert len(set(names)) == 2
    assert all(str(name).startswith("bad\ufffd ") for name in names)


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.hostile
def test_a_folder_and_a_zip_of_its_name_take_each_others_place(tmp_path: Path) -> None:
    root, files = tmp_path / "export", {f"{number}.dcm": dicom(SOPInstanceUID=f"1.2.{number}") for number in (1, 2)}
    folder = root / "z.zip"
    with ExportIndex(tmp_path / "store") as index:
        for _ in range(2):
            for name, data in {**files, "z.zip/1.dcm": files["1.dcm"]}.items():
                put(folder / name, data)
            index.refresh(root)
            assert content(index) == anew(root)
            shutil.rmtree(folder)
            put(folder, zipped({**files, "z.zip/1.dcm": files["1.dcm"]}))
            index.refresh(root)
            assert content(index) == anew(root)
            assert sum(index.ways().values()) == 4
            folder.unlink()


@pytest.mark.hostile
def test_a_folder_that_links_to_itself_is_looked_into_once(tmp_path: Path) -> None:
    put(tmp_path / "x.dcm" / "y.dcm", dicom())
    (tmp_path / "x.dcm" / "loop").symlink_to(tmp_path)
    (tmp_path / "out").symlink_to("/")
    found = [(name, reason) for name, _, reason, _ in anew(tmp_path)]
    assert found == [("out", "FS_SYMLINK"), ("x.dcm/loop", "FS_SYMLINK"), ("x.dcm/y.dcm", "")]


FILES = [*series(1, 1, 2), *series(2, 2, 2), *series(3, 4, 1), dicom(), dicom()[:-1], b"letter", b""]


@pytest.mark.property
@settings(max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_after_any_changes_a_kept_index_is_a_new_one(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    chance, root = random.Random(seed), tmp_path_factory.mktemp("export")  # ruff: ignore[suspicious-non-cryptographic-random-usage] - changes to a folder
    with ExportIndex(tmp_path_factory.mktemp("store") / "index.sqlite") as index:
        for step in range(4):
            for _ in range(3):
                change(root, step, chance)
            index.refresh(root)
            assert content(index) == anew(root)
            assert sum(index.ways().values()) == sum(path.is_file() for path in root.rglob("*"))


def change(root: Path, step: int, chance: random.Random) -> None:
    """Write, replace or remove one file."""
    path = root / chance.choice("abc") / f"{chance.choice('123')}.dcm"
    if path.exists() and chance.random() < 0.4:
        path.unlink()
    else:
        put(path, chance.choice(FILES), step)
