"""Orders given review by review: in the file or in a table, and everything that can be wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from chainsim.engines.parity import fingerprint
from chainsim.engines.simpy_engine import simulate
from chainsim.errors import ScenarioError
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load
from chainsim.scenario.model import Scenario

TABLE = "period,site,product,quantity\n1,store,p,210\n2,store,p,0\n3,store,p,150\n4,store,p,0\n"
POLICY = {"type": "plan", "review_interval": 1}


def scenario(folder: Path, policy: dict[str, Any], table: str = TABLE, **stock: float) -> Scenario:
    """Four periods of 100 units, ordered before demand."""
    (folder / "o.csv").write_text(table, "utf-8")
    document = {
        "chainsim": 1,
        "title": "Four periods",
        "time": {"unit": "period", "warm_up": 0, "horizon": 4, "bucket": 1, "review": "before_demand"},
        "products": {"p": {"unit_cost": 1}},
        "sites": {"supplier": {"kind": "supplier"}, "store": {"kind": "store"}},
        "lanes": [{"from": "supplier", "to": "store", "lead_time": 0}],
        "stock": [{"site": "store", **stock}],
        "demand": [{"site": "store", "product": "p", "quantity": 100, "every": 1}],
        "costs": {"holding_cost": 2},
        "policies": {"given": {**POLICY, **policy}},
    }
    (folder / "s.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return load(folder / "s.yaml")


def test_a_table_is_the_list_that_stands_in_it(tmp_path: Path) -> None:
    listed = scenario(tmp_path, {"orders": [210, 0, 150, 0]})
    shuffled = TABLE.replace("1,store,p,210\n", "") + "1,store,p,210\n"
    for table in (TABLE, shuffled, TABLE.replace("period", "Period"), TABLE.replace("product,", "").replace("p,", "")):
        tabled = scenario(tmp_path, {"file": "o.csv"}, table)
        assert (
            tabled.alternatives[0].rules[("store", "p")].policy == listed.alternatives[0].rules[("store", "p")].policy
        )
        [a, b] = [simulate(compile_plan(known, "given"), 0) for known in (listed, tabled)]
        assert fingerprint(a) == fingerprint(b)


@pytest.mark.parametrize(
    ("policy", "table", "said"),
    [
        ({}, TABLE, "a plan needs its orders"),
        ({"orders": []}, TABLE, "the plan has no orders for it"),
        ({"orders": [1, 2]}, TABLE, "has 2 orders, the run 4 reviews: period 3 is missing"),
        ({"orders": [1, 2, -3, 4]}, TABLE, "item 3: is -3"),
        ({"orders": [1, 2.5, 3, 4]}, TABLE, "the order of period 2 is 2.5, but would be placed as 3"),
        ({"file": "p.csv"}, TABLE, "no file of this name"),
        ({"orders": [1, 2, 3, 4], "rules": [{"site": "store", **POLICY, "file": "o.csv"}]}, TABLE, "goes with the policy"),
        ({"file": "o.csv"}, TABLE.replace("3,store,p,150\n", ""), "period 3 of store / p is missing"),
        ({"file": "o.csv"}, TABLE + "4,store,p,9\n", "period 4 of store / p is given twice, first in line 5"),
        ({"file": "o.csv"}, TABLE.replace("store", "shop"), "unknown site 'shop'"),
        ({"file": "o.csv"}, TABLE.replace(",p,", ",q,"), "unknown product 'q'"),
        ({"file": "o.csv"}, TABLE.replace("210", "-1"), "is -1 but must be at least 0"),
        ({"file": "o.csv"}, TABLE.replace("210", "many"), "expected a number such as 12 or 3.5, got 'many'"),
        ({"file": "o.csv"}, TABLE.replace("1,store", "0,store"), "expected the number of a review, from 1, got '0'"),
        ({"file": "o.csv"}, TABLE.replace(",store,", ",,"), "expected a name, got nothing"),
        ({"file": "o.csv"}, TABLE.replace("period", "week"), "unknown column 'week'"),
        ({"file": "o.csv"}, TABLE.split("4,")[0], "period 4 is missing"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, policy: dict[str, Any], table: str, said: str) -> None:
    with pytest.raises(ScenarioError) as told:
        compile_plan(scenario(tmp_path, policy, table), "given")
    assert said in str(told.value)


def test_an_order_below_the_minimum_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="the order of period 1 is 4, but would be placed as 10"):
        compile_plan(scenario(tmp_path, {"orders": [4, 0, 0, 0]}, minimum_order=10), "given")


def test_orders_beyond_the_end_are_told(tmp_path: Path) -> None:
    [warning] = scenario(tmp_path, {"orders": [1, 2, 3, 4, 5]}).warnings
    assert "the last 1 are never placed" in warning.message


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (TABLE.replace("150", "2.5"), 4),
        ("period,site,product,quantity\n4,store,p,0\n3,store,p,2.5\n2,store,p,0\n1,store,p,210\n", 3),  # rows in another order
        (TABLE.split("4,")[0], 4),  # what is missing follows the last row there is
        (TABLE.replace("210", "-1"), 2),
    ],
)  # fmt: skip
def test_the_row_that_is_wrong_is_pointed_at(tmp_path: Path, table: str, line: int) -> None:
    with pytest.raises(ScenarioError) as told:
        scenario(tmp_path, {"file": "o.csv"}, table)
    [finding] = told.value.findings
    assert (finding.where.file, finding.where.line) == ("o.csv", line)


def test_every_row_that_cannot_be_placed_is_told_up_to_a_few(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as told:
        scenario(tmp_path, {"file": "o.csv"}, TABLE.replace(",p,0", ",p,0.5").replace("150", "2.5"))
    assert [finding.where.line for finding in told.value.findings] == [3, 4, 5]
    [warning] = scenario(tmp_path, {"file": "o.csv"}, TABLE + "5,store,p,7\n").warnings
    assert warning.where.line == 6
    many = [1.5] * 4
    with pytest.raises(ScenarioError) as told:
        scenario(tmp_path, {"orders": many, "rules": [{"site": "store", **POLICY, "orders": many}]})
    assert 1 <= len(told.value.findings) <= 8
