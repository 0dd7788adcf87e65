"""Very many replications: tables that stay small, what they leave out said, and what they keep the same as in any run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from chainsim.errors import BudgetError, UsageError
from chainsim.kpis import KPIS
from chainsim.study import budget, by_replication, csvtext, frames
from chainsim.study.running import run
from tests.study import toy


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    toy.install(monkeypatch)


def rows_of(data: bytes) -> list[str]:
    return data.decode().split("\r\n")[1:-1]


def test_I02_the_table_of_replications_keeps_as_many_measures_as_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = run(toy.scenario())
    monkeypatch.setattr(budget, "REPLICATION_ROWS", 1)  # no finer than the network
    monkeypatch.setattr(budget, "MOST_ROWS", 2 * 6 * 5)  # policies × replications × measures
    short = run(toy.scenario())
    measures = short.manifest["detail"]["measures"]
    assert len(measures) == 5
    assert {"fill_rate", "total_cost"} <= set(measures)
    assert measures == [id for id in KPIS.names() if id in measures]
    kept = rows_of(short.files["replications.csv"])
    assert len(kept) == 2 * 6 * 5
    assert kept == [
        row
        for row in rows_of(plain.files["replications.csv"])
        if row.split(",")[2:4] == ["", ""] and row.split(",")[4] in measures
    ]
    assert short.files["best.csv"] == plain.files["best.csv"]
    assert f"replications.csv tells 5 measures of the whole network ({', '.join(measures)})" in " ".join(
        short.manifest["detail"]["left_out"]
    )
    assert len(short.sample("less", "fill_rate")) == 6
    other = next(id for id in plain.summary["kpi"] if id not in measures)
    with pytest.raises(UsageError, match="of so many replications there are .*fill_rate"):
        short.sample("less", other)


def test_measures_that_are_the_same_everywhere_make_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run(toy.scenario())
    table = plain.replications
    whole = table[(table["site"] == "") & (table["product"] == "")]
    differ = {id for id, rows in whole.groupby("kpi") if rows["value"].nunique() > 1}
    monkeypatch.setattr(budget, "REPLICATION_ROWS", 1)
    told = plain.summary["kpi"].nunique()
    monkeypatch.setattr(budget, "MOST_ROWS", 2 * 6 * told)  # all would go, but for the rows of products
    assert set(run(toy.scenario()).manifest["detail"]["measures"]) == differ | {"fill_rate", "total_cost"}


def test_series_of_very_many_replications_are_of_the_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    of_two = run(toy.scenario(replications=2))
    whole = run(toy.scenario())
    numbers = len(rows_of(of_two.files["series.csv"])) // budget.STATISTICS * 6  # of both policies, six series each
    monkeypatch.setattr(budget, "SERIES_HELD", 2.5 * numbers)
    short = run(toy.scenario(), out=tmp_path / "out", block_size=4)
    assert short.files["series.csv"] == of_two.files["series.csv"] != whole.files["series.csv"]
    assert short.files["summary.csv"] == whole.files["summary.csv"]
    assert (
        "6 replications are many: series.csv and warm_up.csv are of the first 2" in short.manifest["detail"]["left_out"]
    )
    again = run(toy.scenario(), out=tmp_path / "out", resume=True)
    assert again.files == short.files


def test_I02_more_than_memory_holds_is_refused_with_the_number_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    each = 2 * len(KPIS.names())  # two policies; the toy names no products
    monkeypatch.setattr(budget, "MOST_MEASURES", 5 * each)
    assert run(toy.scenario(replications=5)).manifest["replications"] == 5
    with pytest.raises(BudgetError, match=f"replications: 6 make {6 * each:,} rows .* at most 5:"):
        run(toy.scenario())


def test_a_table_is_read_and_written_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    made = run(toy.scenario())
    before = {name: frames.frame_of(made.files, name) for name in ("replications.csv", "summary.csv", "audit.csv")}
    monkeypatch.setattr(frames, "ROWS", 7)
    monkeypatch.setattr(csvtext, "LINES", 3)
    monkeypatch.setattr(by_replication, "BLOCK", 4)
    assert run(toy.scenario()).files == made.files
    for name, table in before.items():
        pd.testing.assert_frame_equal(frames.frame_of(made.files, name), table)
    header = made.files["comparison.csv"].split(b"\r\n")[0] + b"\r\n"
    assert list(frames.frame_of({"comparison.csv": header}, "comparison.csv"))[:2] == ["kpi", "policy"]
