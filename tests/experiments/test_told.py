"""What points were warned of: one line for a reader, one row for each stock point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import chainsim
from chainsim.experiments.results import ExperimentResults
from tests.experiments.town import TOWN

MANY: dict[str, Any] = {
    **TOWN,
    "sites": {"source": {"kind": "supplier"}, "dc": {"kind": "dc"}, "store": {"kind": "store", "copies": 6}},
    "stock": [],
    "targets": {"fill_rate": 0.9},
    "policies": {"weekly": {"type": "R_S", "review_interval": "1 week", "fill_rate": 0.9, "derivation": "textbook"}},
}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> ExperimentResults:
    folder = tmp_path_factory.mktemp("told") / "r"
    return chainsim.load_dict(MANY).sweep(
        {"costs.carrying_rate": "15%:35%:4 per year"}, replications=2, out=folder, jobs=1
    )


def test_a_warning_of_many_stock_points_is_one_line(done: ExperimentResults) -> None:
    (waits,) = [text for text in done.warnings() if "wait at its source" in text]
    assert waits.startswith(
        "weekly: 6 of 7 stock points (store-1 / tea, store-2 / tea, store-3 / tea, …): the level leaves out"
    )
    assert waits.endswith("; one by one in warnings.csv")


def test_one_by_one_they_stand_in_a_table_with_their_points(done: ExperimentResults) -> None:
    assert done.folder is not None
    table = pd.read_csv(done.folder / "warnings.csv")
    waits = table[table.warning.str.contains("wait at its source")]
    assert sorted(waits.site) == [f"store-{k}" for k in range(1, 7)]
    assert set(waits.policy) == {"weekly"}
    assert set(waits.points) == {"1 2 3 4"}
    assert done.points.message.str.len().max() < 1000


def test_in_memory_it_is_said_that_a_table_needs_a_folder() -> None:
    found = chainsim.load_dict(MANY).sweep(
        {"costs.carrying_rate": ["15% per year", "20% per year"]}, replications=2, jobs=1
    )
    assert any(text.endswith("warnings.csv of a results folder (--out)") for text in found.warnings())


def test_labels_are_short_and_tables_exact(done: ExperimentResults) -> None:
    labels = [row[0] for row in done.glance().rows]
    assert labels == ["15% per year", "21.67% per year", "28.33% per year", "35% per year"]
    assert done.points.carrying_rate.tolist() == [15.0, 21.6666666667, 28.3333333333, 35.0]


def test_the_levels_of_a_run_carry_their_warnings(tmp_path: Path) -> None:
    done = chainsim.load_dict(MANY).run(replications=2, out=tmp_path / "r")
    rows = done.derived.fillna("")
    assert sorted(rows[rows.warning.str.contains("wait at its source")].site) == [f"store-{k}" for k in range(1, 7)]
    (waits,) = [w["message"] for w in done.manifest["warnings"] if "wait at its source" in w["message"]]
    assert waits.startswith("6 of 7 stock points (")
    assert waits.endswith("; one by one in derived.csv")
