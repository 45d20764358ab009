"""The same cases on a Dask cluster: the same bytes, and whatever happens there, one outcome for each."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from distributed import Future

from reporter.batch import cluster_worker
from reporter.batch.cluster import Cluster
from reporter.batch.cluster_worker import Ground, Sealed, Unfit, case, standing
from reporter.batch.outcome import Outcome, Status
from reporter.batch.plan import Told
from reporter.batch.run import Batch, Order
from reporter.batch.summary_run import ordered
from reporter.batch.work import Made, Rules
from reporter.readers.gather import Inputs
from reporter.readers.interface import Limits
from reporter.settings import Settings
from tests.batch.dask_programs import Dask, until
from tests.batch.exports import Undisturbed, batch, patients, results, undisturbed_run
from tests.batch.harm import HarmfulRules
from tests.layers import ROOT

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return undisturbed_run(tmp_path_factory.mktemp("undisturbed"), 12)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A cluster of two workers that calls a case deadly as soon as one worker died of it."""
    allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with Dask(tmp_path_factory.mktemp("dask"), **allowed) as cluster:
        cluster.worker()
        cluster.worker()
        cluster.wait_for(2)
        yield cluster


def on_cluster(address: str, export: Path, table: Path, out: Path) -> list[str]:
    """The command line of a run on a cluster."""
    program = [sys.executable, "-m", "reporter", "batch", str(export), "-m", str(table), "-o", str(out)]
    return [*program, "--format", "txt", "--scheduler", address]


def run_on(address: str, export: Path, table: Path, out: Path) -> tuple[int, str]:
    """Run it to its end: exit code and what it said."""
    command = on_cluster(address, export, table, out)
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stderr


def test_a_cluster_makes_what_one_machine_makes(undisturbed: Undisturbed, dask: Dask, tmp_path: Path) -> None:
    export, table, expected = undisturbed
    code, said = run_on(dask.address, export, table, tmp_path / "out")
    assert code == 0
    assert "12 cases found: 12 reported" in said
    assert results(tmp_path / "out") == expected
    assert run_on(dask.address, export, table, tmp_path / "out")[0] == 0
    assert results(tmp_path / "out") == expected


def test_workers_read_what_a_url_names_and_drafts_go_where_one_names(
    undisturbed: Undisturbed, dask: Dask, tmp_path: Path
) -> None:
    """A file system of fsspec that all processes here have in common."""
    export, table, expected = undisturbed
    command = [*on_cluster(dask.address, export, table, tmp_path), "--state", str(tmp_path / "state")]
    places = {str(export): f"local://{export}", str(tmp_path): f"local://{tmp_path}/out"}
    for seen in ("48 of them new", "0 of them new"):
        done = subprocess.run([places.get(part, part) for part in command], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert f"48 files, {seen}" in done.stderr
        assert results(tmp_path / "out") == expected


def outcomes(dask: Dask, export: Path, out: Path, rules: Rules) -> list[Outcome]:
    """What becomes of every case."""
    order = Order(export=export, folder=out, rules=rules, told=Told(), scheduler=dask.address)
    with Batch(order) as run:
        run.run()
        return list(ordered(run))


def harmed(dask: Dask, export: Path, out: Path, harm: str) -> list[Outcome]:
    """What becomes of every case when that of P002 does harm to where it is worked on."""
    rules = HarmfulRules(settings=Settings(limits=Limits(case_seconds=8)), inputs=Inputs(), formats=("txt",), harm=harm)
    return outcomes(dask, export, out, rules)


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("harm", "reason"),
    [("kill", "CASE_CRASHED"), ("hang", "CASE_TIMEOUT"), ("mistake", "CASE_FAULT"), ("worker", "CASE_CRASHED")],
)
def test_a_case_that_does_harm_costs_itself_alone(
    harm: str, reason: str, undisturbed: Undisturbed, dask: Dask, tmp_path: Path
) -> None:
    """`worker` kills the worker of the cluster each time: cases that were out with it are none the worse."""
    became = harmed(dask, undisturbed[0], tmp_path / "out", harm)
    assert {outcome.patient_id for outcome in became} == set(patients(12))
    (lost,) = (outcome for outcome in became if outcome.status is Status.QUARANTINED)
    assert (lost.patient_id, lost.reasons) == ("P002", (reason,))
    assert sum(outcome.status is Status.REPORTED for outcome in became) == 11
    assert not re.search(r"P0\d\d|NAME|MARKNAME", dask.logs())


@pytest.mark.hostile
def test_what_is_lost_before_it_was_fetched_is_made_again(
    undisturbed: Undisturbed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only worker dies between the end of a case and the fetching of what it made."""
    fetched = Cluster._answer
    lost: list[str] = []
    with Dask(tmp_path) as dask:
        first = dask.worker()
        dask.wait_for(1)

        def late(cluster: Cluster, future: Future[Sealed]) -> tuple[Made, ...] | None:
            if not lost:
                lost.append(str(future.key))
                dask.end(first)
                until(lambda: future.status != "finished")
                dask.worker()
            return fetched(cluster, future)

        monkeypatch.setattr(Cluster, "_answer", late)
        rules = Rules(settings=Settings(), inputs=Inputs(), formats=("txt",))
        became = outcomes(dask, undisturbed[0], tmp_path / "out", rules)
    assert lost
    assert [outcome.status for outcome in became] == [Status.REPORTED] * 12


@pytest.mark.hostile
def test_a_scheduler_that_goes_ends_the_run_and_the_next_one_finishes_it(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    export, table, expected = undisturbed
    out = tmp_path / "out"
    with Dask(tmp_path) as dask:
        dask.worker()
        command = on_cluster(dask.address, export, table, out)
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
            until(lambda: list(out.glob("*.draft.txt")))
            dask.end(dask.scheduler)
            said = run.communicate(timeout=120)[1]
        assert run.returncode == 4
        assert "scheduler is gone" in said
        assert "Traceback" not in said
    assert batch(export, out, "-m", str(table))[0] == 0
    assert results(out) == expected


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_a_run_that_is_asked_to_end_leaves_the_rest_pending(
    undisturbed: Undisturbed, dask: Dask, tmp_path: Path
) -> None:
    export, table, expected = undisturbed
    out = tmp_path / "out"
    with subprocess.Popen(on_cluster(dask.address, export, table, out), stderr=subprocess.PIPE, text=True) as run:
        until(lambda: list(out.glob("*.draft.txt")))
        run.send_signal(signal.SIGTERM)
        said = run.communicate(timeout=120)[1]
    assert run.returncode in {0, 4}
    assert "Traceback" not in said
    assert run_on(dask.address, export, table, out)[0] == 0
    assert results(out) == expected


@pytest.mark.hostile
def test_a_worker_with_other_templates_is_refused_before_anything_is_drafted(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    export, table, _ = undisturbed
    other = tmp_path / "other"
    for part in ("reporter", "templates", "sample_dicom"):
        shutil.copytree(ROOT / part, other / part, ignore=shutil.ignore_patterns("__pycache__"))
    text = other / "templates" / "nac-response" / "report.md.j2"
    text.write_text(text.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    with Dask(tmp_path) as dask:
        dask.worker(path=other)
        dask.wait_for(1)
        code, said = run_on(dask.address, export, table, tmp_path / "out")
    assert code == 2
    assert re.search(r"tcp://\S+ has another template set: nac-response .* here nac-response", said)
    assert not list((tmp_path / "out").glob("*.txt"))


# -- what a worker says of itself -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ground() -> Ground:
    rules = Rules(settings=Settings(), inputs=Inputs(), formats=("txt",))
    return Ground(rules=rules, standing=standing(rules), export=str(ROOT))


@pytest.mark.parametrize("name", ["reporter", "Python", "pydicom", "template set", "guideline pack", "settings"])
def test_whatever_differs_is_named(name: str, ground: Ground) -> None:
    answer = case(Sealed(replace(ground, standing={**ground.standing, name: "another"})), Sealed(None)).opened()
    assert answer == Unfit(f"has another {name}: {ground.standing[name]}, here another")


def test_what_a_worker_cannot_see_is_named(ground: Ground) -> None:
    answer = case(Sealed(replace(ground, export="/no/such/export")), Sealed(None)).opened()
    assert answer == Unfit("does not see the export under its name")
    lost = replace(ground, rules=replace(ground.rules, template="/no/such/set"))
    assert "/no/such/set" in cast("Unfit", case(Sealed(lost), Sealed(None)).opened()).why


def test_what_is_of_another_version_is_not_opened(monkeypatch: pytest.MonkeyPatch, ground: Ground) -> None:
    sealed = Sealed(replace(ground, export=str(ROOT / "tests")))
    monkeypatch.delattr(cluster_worker, "Ground")
    assert case(sealed, Sealed(None)).opened() == Unfit("has another version of reporter")


def test_what_travels_says_nothing() -> None:
    assert "P001" not in f"{Sealed('P001')} {Sealed('P001')!r}"
    assert Sealed("P001").opened() == "P001"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("localhost", "takes the address"),
        ("http://localhost:8786", "takes the address"),
        ("tcp://127.0.0.1:1", "cannot be reached"),
    ],
)
def test_a_scheduler_that_is_none_is_refused(
    address: str, words: str, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    export, table, _ = undisturbed
    code, said = run_on(address, export, table, tmp_path / "out")
    assert code == 2
    assert words in said
    assert said.count("\n") == 1
