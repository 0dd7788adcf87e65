"""Two sets of results side by side."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from chainsim.errors import UsageError
from chainsim.statistics import Sample
from chainsim.study import compare, run
from tests.study import toy


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    toy.install(monkeypatch)


def test_the_same_run_is_paired_and_equal() -> None:
    table = compare(run(toy.scenario()), run(toy.scenario()), ["fill_rate"])
    assert list(table["policy"]) == ["less", "more"]
    assert set(table["method"]) == {"paired"}
    assert set(table["difference"]) == {0.0}
    assert set(table["verdict"]) == {"equal for practical purposes"}
    assert table.attrs["why"] == "the same customers"


def test_of_different_numbers_of_replications_the_first_are_pairs() -> None:
    longer, shorter = run(toy.scenario(replications=9)), run(toy.scenario())
    table = compare(longer, shorter, ["fill_rate"], ("less", "more"))
    alone = compare(shorter, shorter, ["fill_rate"], ("less", "more"))
    assert table.attrs["why"] == "the same customers, over the first 6 replications, which both have"
    assert table.drop(columns="method").equals(alone.drop(columns="method"))
    assert table["policy"].tolist() == ["less → more"]
    assert table["n"].tolist() == [6]
    assert table["verdict"].tolist() == ["better"]
    assert table["unit"].tolist() == ["share"]


def test_other_demand_with_the_same_seed_is_paired_and_said() -> None:
    first, second = run(toy.scenario()), run(toy.scenario())
    second.manifest["customers"] = "others"
    table = compare(first, second, ["fill_rate"])
    assert set(table["method"]) == {"paired"}
    assert "the customers are not the same" in table.attrs["why"]


def test_what_is_material_is_said_of_the_first() -> None:
    one = run(toy.scenario())
    table = compare(one, one, ["fill_rate"], ("less", "more"), material="60 points of fill_rate")
    assert table["verdict"].tolist() == ["equal for practical purposes"]
    assert table["material"].tolist() == [0.6]


def test_other_customers_are_not_paired() -> None:
    table = compare(run(toy.scenario()), run(toy.scenario(), seed=8), ["fill_rate", "lost_sales_rate"])
    assert set(table["method"]) == {"independent"}
    assert "seeds differ" in table.attrs["why"]
    assert len(table) == 4
    row = table.iloc[0]
    assert row["difference"] == pytest.approx(row["second"] - row["first"])


@pytest.mark.parametrize("seed", [7, 8], ids=["paired", "independent"])
def test_what_one_of_them_did_not_measure_is_said(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    first, second = run(toy.scenario()), run(toy.scenario(), seed=seed)
    nothing = Sample([float("nan")] * 6)
    monkeypatch.setattr(type(second), "sample", lambda self, policy, kpi: nothing)
    table = compare(first, second, ["total_cost"])
    assert set(table["verdict"]) == {"not measured"}
    assert table["difference"].isna().all()


def test_nothing_in_common_is_said() -> None:
    with pytest.raises(UsageError, match="less in the first, more in the second"):
        compare(run(toy.scenario(), policies=["less"]), run(toy.scenario(), policies=["more"]))


def test_a_measure_that_concerns_one_of_them_is_not_measured_in_the_other() -> None:
    one, other = run(toy.scenario()), run(toy.scenario())
    table = other.replications
    other.__dict__["replications"] = table[table["kpi"] != "lost_sales_rate"]
    for first, second, side in ((one, other, "second"), (other, one, "first")):
        found = compare(first, second).set_index("kpi").loc["lost_sales_rate"]
        assert set(found["verdict"]) == {"not measured"}
        assert found[side].isna().all()
    assert "lost_sales_rate" not in set(compare(other, other)["kpi"])
    with pytest.raises(UsageError, match="lost_sales_rate"):
        compare(other, other, ["lost_sales_rate"])
