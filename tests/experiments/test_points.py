"""A point of an experiment gives what `chainsim run` gives with the same values, to the last bit."""

from __future__ import annotations

from typing import Any

import pytest

import chainsim
from chainsim.experiments.model import Experiment
from chainsim.experiments.reading import read_experiment
from chainsim.experiments.running import run_experiment
from chainsim.kpis import KPIS

from .town import GRID, TOWN


@pytest.fixture(scope="module")
def asked() -> Experiment:
    return read_experiment(GRID)


@pytest.fixture(scope="module")
def done(asked: Experiment) -> Any:
    return run_experiment(asked, jobs=1, engine="compiled")


def test_every_point_is_the_run_with_the_same_values(asked: Experiment, done: Any) -> None:
    """Levels are derived, corrected by short simulations, and kept in mind from one point to the next."""
    columns = ["point", "policy", "site", "kpi"]
    rows = done.results.set_index(columns)[["value", "half_width", "low", "high"]].to_dict("index")
    for point in asked.points():
        run = (
            chainsim.load_dict(TOWN).with_(point.changes).run(replications=4, jobs=1, engine="compiled", detail="site")
        )
        found = run.summary.set_index(["policy", "site", "product", "kpi"])[
            ["mean", "half_width", "low", "high"]
        ].to_dict("index")
        concerned = dict.fromkeys(run.summary["kpi"])
        assert len(concerned) > 40
        for policy in asked.alternatives:
            for kpi, site in [*((kpi, "") for kpi in concerned), ("fill_rate", "store-1")]:
                here, there = rows[point.number, policy, site, kpi], found[policy, site, "", kpi]
                assert repr(list(here.values())) == repr(list(there.values()))


def test_the_order_of_points_changes_nothing(done: Any) -> None:
    """What a planner remembers of earlier points changes no later one."""
    factors = {name: {**factor, "values": factor["values"][::-1]} for name, factor in GRID["factors"].items()}
    other = chainsim.experiment({**GRID, "factors": factors}, jobs=1, engine="compiled")
    columns = ["cv", "rate", "policy", "site", "kpi", "value"]
    ours, theirs = (r.results[columns].sort_values(columns[:-1]).reset_index(drop=True) for r in (done, other))
    assert ours.equals(theirs)


def test_workers_and_engines_change_no_byte(asked: Experiment, done: Any) -> None:
    assert run_experiment(asked, jobs=2).files == done.files


def test_points_meet_the_same_customers(done: Any) -> None:
    """Demand is the same at all points: streams are keyed by name."""
    import numpy as np

    k = KPIS.names().index("fill_rate")
    demanded = [found.denominators[:, :, 0, k] for found in done.data.found]
    assert np.ptp(np.array(demanded), axis=0).max() == 0.0
