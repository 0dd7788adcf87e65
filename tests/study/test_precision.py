"""Replications until the precision asked for is reached: the first n of the seed, however they came about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import chainsim
from chainsim.errors import OutputError, ScenarioError, UsageError
from chainsim.statistics.amounts import Amount
from chainsim.statistics.stages import Precision
from chainsim.study import Results, asked, budget, run
from tests.study import toy
from tests.study.test_changing import DOCUMENT

ASKED = Precision((Amount(2.0, "points", "fill_rate"),), least=4, most=100)


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    toy.install(monkeypatch)


def pursued(**options: object) -> Results:
    return run(toy.scenario(replications=4, precision=ASKED), **options)  # type: ignore[arg-type]


def test_a_plain_run_of_as_many_replications_gives_the_same_tables() -> None:
    results = pursued()
    told = results.manifest["precision"]
    n = results.manifest["replications"]
    assert told["stages"][0] == 4
    assert told["stages"][-1] == n > 4
    assert told["reached"] is True
    plain = run(toy.scenario(replications=n))
    assert {k: v for k, v in results.files.items() if k.endswith(".csv")} == {
        k: v for k, v in plain.files.items() if k.endswith(".csv")
    }
    assert all(row["half_width"] <= 0.02 == row["within"] for row in told["got"]), (
        "every policy is as sure as was asked"
    )


def test_what_is_not_reached_is_told() -> None:
    narrow = Precision((Amount(0.01, "points", "fill_rate"),), least=4, most=9)
    told = run(toy.scenario(replications=4, precision=narrow)).manifest["precision"]
    assert told["stages"] == [4, 9]
    assert told["reached"] is False
    assert told["limit"] == "max"
    assert [row["reached"] for row in told["got"]] == [False, True], "with more stock nobody ever waits"


def test_the_budget_ends_it_with_a_word() -> None:
    narrow = Precision((Amount(0.01, "points", "fill_rate"),), least=4, most=1000)
    told = run(toy.scenario(replications=4, precision=narrow), max_events=150).manifest["precision"]
    assert told["stages"][-1] == 7
    assert told["limit"] == "budget"


@pytest.mark.parametrize("block_size", [1, 3, 100])
def test_stages_are_the_same_however_it_is_cut(block_size: int) -> None:
    assert pursued(block_size=block_size).files == pursued().files


def test_it_is_resumed_and_extended(tmp_path: Path) -> None:
    out = tmp_path / "out"
    short = replace(ASKED, most=5)
    run(toy.scenario(replications=4, precision=short), out=out)
    assert pursued(out=out, resume=True).files == pursued().files
    # and a plain run of fewer takes what it wants of them
    assert run(toy.scenario(replications=3), out=out, resume=True).files == run(toy.scenario(replications=3)).files
    with pytest.raises(OutputError, match="holds results of 3 replications"):
        pursued(out=out)


def test_tables_grow_coarser_with_the_replications_as_a_plain_run_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = 2 * 45 * 4 * 3  # policies × measures × replications × the scopes of a network
    monkeypatch.setattr(budget, "REPLICATION_ROWS", 2 * rows)
    monkeypatch.setattr(budget, "SUMMARY_ROWS", 2 * rows)
    monkeypatch.setattr(budget, "PER_ROW", 8)
    results = pursued()
    plain = run(toy.scenario(replications=results.manifest["replications"]))
    assert run(toy.scenario(replications=4)).manifest["detail"] != plain.manifest["detail"]
    assert {k: v for k, v in results.files.items() if k.endswith(".csv")} == {
        k: v for k, v in plain.files.items() if k.endswith(".csv")
    }


def test_the_call_goes_before_the_file() -> None:
    found = asked.measured_by(toy.scenario(), 5, (Amount(1.0, "%", "total_cost"),), 80, None)
    assert found.precision == Precision((Amount(1.0, "%", "total_cost"),), 5, 80)
    assert found.document["replications"] == {"precision": ["1% of total_cost"], "min": 5, "max": 80}
    assert asked.measured_by(toy.scenario(precision=ASKED), 5, None, None, None).precision is None
    with pytest.raises(UsageError, match="give `precision` as well"):
        run(toy.scenario(), max_replications=50)
    with pytest.raises(UsageError, match="ask for more"):
        run(toy.scenario(precision=ASKED, replications=4), max_replications=3)
    with pytest.raises(UsageError, match="did you mean 'total_cost'"):
        run(toy.scenario(), precision="1% of total_costs")
    with pytest.raises(UsageError, match="is no share"):
        run(toy.scenario(), precision="1 point of total_cost")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"precision": "1% of total_csot"}, "replications.precision: names an unknown measure 'total_csot'"),
        ({"precision": "1%", "min": 40, "max": 20}, "replications.max: is 20, fewer than the 40"),
        ({"precision": 1}, "got the number 1"),
        ({"max": 20}, "the key 'precision' is missing"),
    ],
)
def test_a_scenario_that_asks_for_nonsense_is_told(given: dict[str, object], why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        chainsim.load_dict({**DOCUMENT, "replications": given})
