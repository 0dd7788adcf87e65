"""Keys that people write: what chainsim does not have says so, what goes elsewhere says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from .samples import MINIMAL, changed, error, errors


@pytest.mark.parametrize("key", ["bom", "BOM", "components"])
def test_a_bill_of_materials_has_one_name(key: str) -> None:
    text = changed("soup: {unit_cost: 2, unit_price: 5}", f"soup: {{unit_cost: 2, unit_price: 5, {key}: {{tin: 1}}}}")
    found = error(text)
    assert found.message == f"unknown key '{key}'"
    assert found.cure == "here it is called `made_of`"
    assert found.where.line == 5


def test_a_bill_of_materials_goes_with_its_product() -> None:
    assert "it goes with the product" in error(changed("lead_time: 2}", "lead_time: 2, made_of: {tin: 1}}")).cure


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("lead_time: 2}", "lead_time: 2, minimum_order: 50}", "minimum_order"),
        ("lead_time: 2}", "lead_time: 2, moq: 50}", "minimum_order"),
        ("unit_price: 5}", "unit_price: 5, shelf_life: 5 days}", "lifetime"),
        ("unit_price: 5}", "unit_price: 5, case_pack: 6}", "order_multiple"),
    ],
)
def test_what_goes_in_a_stock_rule_says_so(old: str, new: str, right: str) -> None:
    found = error(changed(old, new))
    assert "it goes in a stock rule" in found.cure
    assert f"{right}: …" in found.cure


def test_a_stock_rule_knows_it_under_its_own_name() -> None:
    found = error(MINIMAL + "stock: [{kind: store, shelf_life: 5 days}]\n")
    assert "here it is called `lifetime`" in found.cure


def test_an_item_master_with_more_says_where_the_rest_goes(tmp_path: Path) -> None:
    table = "product,unit_cost,Annual_Demand,Lead_Time_Days,Current_Stock\nsoup,2,365,5,10\n"
    (tmp_path / "items.csv").write_text(table)
    text = changed("products:\n  soup: {unit_cost: 2, unit_price: 5}", "products: {file: items.csv}")
    told = {f.path: f"{f.message} — {f.cure}" for f in errors(text, tmp_path)}
    assert "add `demand: {file: items.csv, site: …}`" in told["Annual_Demand"]
    assert "add `lanes: {file: items.csv, from: …, to: …}`" in told["Lead_Time_Days"]
    assert "add `stock: {file: items.csv}`" in told["Current_Stock"]
    assert "ignore: [Annual_Demand, Lead_Time_Days, Current_Stock]" in told["Current_Stock"]
