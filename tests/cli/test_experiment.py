"""`chainsim experiment` and `chainsim sweep`: what they print, write and refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


def test_a_sweep_prints_a_table_and_writes_nothing(chainsim: Run, shop: Path) -> None:
    code, out, err = chainsim(
        "sweep", "shop.yaml", "--set", "policies.batch.reorder_point=10:20:3", "--policies", "batch", "--jobs", "1"
    )
    assert code == 0, err
    lines = out.splitlines()
    assert any(line.startswith("reorder_point  policy") for line in lines)
    assert [line.split()[0] for line in lines[-3:]] == ["10", "15", "20"]
    assert "3 points × 1 policies × 4 replications" in err
    assert {p.name for p in shop.parent.iterdir()} == {"shop.yaml"}


def test_a_sweep_takes_lists_with_a_unit_and_a_fixed_value(chainsim: Run, shop: Path) -> None:
    words = (
        "sweep",
        "shop.yaml",
        "--set",
        "costs.carrying_rate=15%,35% per year",
        "--set",
        "seed=4",
        "--jobs",
        "1",
        "--json",
        "-q",
    )
    code, out, err = chainsim(*words)
    assert code == 0, err
    told = json.loads(out)
    assert sorted({row["carrying_rate"] for row in told["results"]}) == [15.0, 35.0]
    assert told["answer"][0]


def test_a_sweep_with_a_folder_has_a_page(chainsim: Run, shop: Path) -> None:
    code, _, err = chainsim(
        "sweep", "shop.yaml", "--set", "policies.batch.reorder_point=10,20", "--jobs", "1", "--out", "r"
    )
    assert code == 0, err
    assert (shop.parent / "r" / "experiment.html").exists()
    assert "experiment.html" in err
    code, _, err = chainsim("report", "r")
    assert code == 4
    assert "experiment" in err


def test_an_experiment_is_run_from_its_file(chainsim: Run, shop: Path) -> None:
    (shop.parent / "mine.yaml").write_text(
        "experiment: 1\ntitle: Mine\nscenario: shop.yaml\nreplications: 2\n"
        "factors: {s: {path: policies.batch.reorder_point, values: [10, -99]}, q: {path: policies.batch.order_quantity, values: [40, -1]}}\n",
        "utf-8",
    )
    code, out, err = chainsim("experiment", "mine.yaml", "--jobs", "1", "--no-report")
    assert code == 0, err
    assert out.startswith("Mine\n")
    assert "warning: point 2 (s = 10, q = -1): policies.batch.order_quantity" in err
    assert (shop.parent / "results" / "experiments" / "mine" / "results.csv").exists()


def test_what_is_wrong_is_shown_with_its_line(chainsim: Run, shop: Path) -> None:
    (shop.parent / "mine.yaml").write_text("experiment: 1\nscenario: shop.yaml\nfactor: {}\n", "utf-8")
    code, out, err = chainsim("experiment", "mine.yaml")
    assert (code, out) == (2, "")
    assert "mine.yaml:3:1" in err
    assert "did you mean 'factors'" in err


def test_shipped_experiments_are_listed(chainsim: Run) -> None:
    out = chainsim("list", "experiments")[1]
    assert "eoq_curve" in out
    assert "The U of the economic order quantity" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--set", "policies.batch.reorder_point=10:20:1"], "a range has from 2 to 1000 values, not 1"),
        (["--set", "policies.batch.reorder_point=20:10:3"], "a range goes from a lower to a higher value"),
        (["--set", "policies.batch.reorder_point=10:20:10000000"], "a range has from 2 to 1000 values"),
        (["--set", "replications=2,3"], "all points have the same number of replications"),
        (["--set", "policies.batch.reorder_point=10,20", "--policies", ","], "--policies has no name in ','"),
        (["--set", "policies.batch.reorder_point=10,20", "--policies", "batch,batch"], "each only once"),
        (["--set", "policies.batch.reorder_point=10,20", "--kpis", ","], "--kpis has no name in ','"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused_in_words(chainsim: Run, shop: Path, words: list[str], told: str) -> None:
    code, out, err = chainsim("sweep", "shop.yaml", *words, "--jobs", "1")
    assert (code, out) == (2, ""), err
    assert told in err
    assert "bug" not in err


def test_one_replication_says_nothing_of_what_breaks_the_choice(chainsim: Run, shop: Path) -> None:
    code, out, err = chainsim(
        "sweep", "shop.yaml", "--set", "policies.batch.reorder_point=10,20", "--replications", "1", "--jobs", "1"
    )
    assert code == 0, err
    assert "No future tried breaks" not in out
    assert "One replication shows no difference beyond chance" in out


def test_a_tuned_experiment_names_the_policy_that_no_tuning_can_move(chainsim: Run, shop: Path) -> None:
    (shop.parent / "mine.yaml").write_text(
        "experiment: 1\nscenario: shop.yaml\nreplications: 2\ntuned: {fill_rate: 90 %, within: 5 %}\n"
        "set: {'policies[same]': {type: T_Q, review_interval: 1 week}}\n"
        "factors: {s: {path: seed, values: [1, 2]}}\n",
        "utf-8",
    )
    code, _, err = chainsim("experiment", "mine.yaml", "--jobs", "1", "--no-report", "--out", "r")
    assert code == 0, err
    assert err.count("same was not tuned, and runs as it is: policy type 'T_Q' cannot be tuned") == 1
    assert "same was not tuned" in (shop.parent / "r" / "points.csv").read_text("utf-8")
