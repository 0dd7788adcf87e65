"""Interrupted, resumed, partly impossible: what is kept, what is named, and that the bytes stay the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.errors import OutputError, ScenarioError, UsageError
from chainsim.experiments import running
from chainsim.experiments.job import Found, PointJob
from chainsim.experiments.reading import read_experiment
from chainsim.experiments.running import run_experiment
from chainsim.study.planning import Planner
from chainsim.study.running import Interrupted

from .town import GRID, TOWN

QUICK = {**TOWN, "policies": {"given": {"type": "s_Q", "reorder_point": 12, "order_quantity": 30}}}
SHELVES: dict[str, Any] = {
    "experiment": 1,
    "scenario": QUICK,
    "replications": 3,
    "factors": {"s": {"path": "policies.given.reorder_point", "values": [5, 10, 15, 20]}},
}


def count_points(monkeypatch: pytest.MonkeyPatch, stop_after: int = 99) -> list[int]:
    """Which points are simulated; the one after so many is interrupted."""
    done: list[int] = []
    once = PointJob.run

    def counted(job: PointJob) -> Found:
        if len(done) == stop_after:
            raise KeyboardInterrupt
        done.append(job.point.number)
        return once(job)

    monkeypatch.setattr(PointJob, "run", counted)
    return done


def test_what_was_interrupted_goes_on_where_it_was_and_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = read_experiment(SHELVES)
    whole = run_experiment(asked, jobs=1)
    with monkeypatch.context() as first:
        count_points(first, stop_after=2)
        with pytest.raises(Interrupted, match=r"after 2 of 4 points, which are kept.*--resume"):
            run_experiment(asked, out=tmp_path / "x", jobs=1)
    done = count_points(monkeypatch)
    again = run_experiment(asked, out=tmp_path / "x", jobs=1, resume=True)
    assert done == [3, 4]
    assert again.files == whole.files
    for name, data in whole.files.items():
        assert (tmp_path / "x" / name).read_bytes() == data


def test_a_damaged_point_is_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = read_experiment(SHELVES)
    whole = run_experiment(asked, out=tmp_path / "x", jobs=1)
    [second] = (tmp_path / "x" / ".blocks").glob("*-point2-*.npz")
    second.write_bytes(second.read_bytes()[:-1] + b"?")
    done = count_points(monkeypatch)
    assert run_experiment(asked, out=tmp_path / "x", jobs=1, resume=True).files == whole.files
    assert done == [2]


def test_points_of_another_experiment_are_not_taken(tmp_path: Path) -> None:
    run_experiment(read_experiment(SHELVES), out=tmp_path / "x", jobs=1)
    other = read_experiment({**SHELVES, "replications": 4})
    with pytest.raises(OutputError, match="--overwrite"):
        run_experiment(other, out=tmp_path / "x", jobs=1, resume=True)


def test_a_point_that_cannot_be_is_named_and_the_others_run() -> None:
    done = chainsim.experiment(
        {**SHELVES, "factors": {"s": {"path": "policies.given.order_quantity", "values": [20, -5, 30]}}}
    )
    assert done.points["status"].tolist() == ["done", "failed", "done"]
    [told] = done.failures()
    assert told.startswith("point 2 (s = -5): policies.given.order_quantity: ")
    assert sorted(set(done.results["point"])) == [1, 3]


def test_a_point_that_breaks_while_it_runs_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    once = running.PointJob._run

    def breaking(job: PointJob) -> Found:
        if job.point.number == 3:
            raise ZeroDivisionError("a bug")
        return once(job)

    monkeypatch.setattr(PointJob, "_run", breaking)
    done = chainsim.experiment(SHELVES, jobs=1)
    assert "ZeroDivisionError: a bug" in done.failures()[0]
    assert done.points["status"].tolist().count("done") == 3


def test_no_point_that_can_be_is_an_error() -> None:
    with pytest.raises(ScenarioError, match="order_quantity"):
        chainsim.experiment(
            {**SHELVES, "factors": {"s": {"path": "policies.given.order_quantity", "values": [-5, -6]}}}
        )


def test_progress_counts_points() -> None:
    told: list[tuple[int, int]] = []
    chainsim.experiment(SHELVES, jobs=1, progress=lambda done, total, left: told.append((done, total)))
    assert told[0] == (0, 4)
    assert told[-1] == (4, 4)


def test_kept_levels_are_those_of_the_base() -> None:
    """Under the base's own values both are the same to the last bit; elsewhere only one follows the lead time."""
    lead = "lanes[source->dc].lead_time.cv"
    done = chainsim.experiment(
        {
            **GRID,
            "levels": ["rederived", "kept"],
            "policies": ["s_Q"],
            "factors": {"cv": {"path": lead, "values": [0.3, 1.2]}},
        },
        jobs=1,
    )
    stock = done.results.query("kpi == 'on_hand_mean' and site == ''").set_index(["cv", "policy"]).value
    assert stock[0.3, "s_Q"] == stock[0.3, "s_Q (kept)"]
    assert stock[1.2, "s_Q"] != stock[1.2, "s_Q (kept)"]
    planner, base = Planner("compiled"), chainsim.load_dict(TOWN)
    known, there = planner.plans(base.scenario), base.with_({lead: 1.2}).scenario
    kept = planner.with_levels(there, known)
    assert [plan.parameters for plan in kept] == [plan.parameters for plan in known.plans]
    assert [plan.parameters for plan in planner.plans(there).plans] != [plan.parameters for plan in known.plans]


def test_levels_cannot_be_kept_where_the_network_is_another() -> None:
    done = chainsim.experiment(
        {**SHELVES, "levels": "kept", "factors": {"stores": {"path": "sites.store.copies", "values": [2, 3]}}}, jobs=1
    )
    assert "the same stock points" in done.failures()[0]


def test_resume_needs_a_folder() -> None:
    with pytest.raises(UsageError, match="results folder"):
        chainsim.experiment(SHELVES, resume=True)


def test_a_sweep_is_an_experiment(tmp_path: Path) -> None:
    study = chainsim.load_dict(QUICK)
    done = study.sweep(
        {"policies.given.reorder_point": np.array([5, 10, 15, 20]), "costs.carrying_rate": "30% per year"},
        replications=3,
    )
    ours = chainsim.experiment({**SHELVES, "set": {"costs.carrying_rate": "30% per year"}})
    assert done.results["reorder_point"].tolist() == ours.results["s"].tolist()
    assert done.results["value"].equals(ours.results["value"])


def test_results_show_themselves_and_are_written_when_asked(tmp_path: Path) -> None:
    done = chainsim.experiment(SHELVES, jobs=1)
    assert "4 points" in repr(done)
    assert "<table>" in done._repr_html_()
    with pytest.raises(UsageError, match="name the folder"):
        done.report()
    page = done.report(tmp_path / "r")
    assert page.exists()
    assert {"results.csv", "points.csv", "best.csv", "manifest.json"} <= {p.name for p in page.parent.iterdir()}
    assert done.chart().svg.startswith("<svg")
    with pytest.raises(UsageError, match="known: curve-1-s"):
        done.chart("curve")
    shutil.rmtree(tmp_path / "r")
