"""Item masters, stock, demand, lanes and policies from one table, in the trade's words."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from chainsim.chance.continuous import Gamma
from chainsim.demand.arrivals import Arrivals
from chainsim.demand.per_period import PerPeriod
from chainsim.errors import Finding
from chainsim.scenario import trade
from chainsim.scenario.classes import classes_of, shares_in
from chainsim.scenario.columns import keys_in
from chainsim.scenario.model import Scenario

from .samples import errors, load

SHOP = """\
chainsim: 1
title: From a table alone
time: {unit: day, warm_up: 10, horizon: 100}
replications: 2
products: {file: items.csv}
sites: {vendor: {kind: supplier}, shop: {kind: store}}
lanes: {file: items.csv, from: vendor, to: shop, order_cost: 15}
stock: {file: items.csv, site: shop}
demand: {file: items.csv, site: shop}
costs: {carrying_rate: 20% per year}
policies: {s_Q: {type: s_Q, service_level: 0.95}}
"""
TABLE = """\
SKU,Description,Unit_Cost,Annual_Demand,Lead_Time_Days,Current_Stock,MOQ
tea,green,2,730,7,30,50
salt,,0.5,365,14,10,
"""


def shop(folder: Path, table: str = TABLE, text: str = SHOP) -> Scenario:
    (folder / "items.csv").write_text(table)
    return load(text, folder)


def wrong(folder: Path, table: str, text: str = SHOP) -> list[Finding]:
    (folder / "items.csv").write_text(table)
    return errors(text, folder)


def told(folder: Path, table: str, text: str = SHOP) -> str:
    """The first thing that is wrong: place, column, message, cure."""
    found = wrong(folder, table, text)[0]
    return f"{found.where}: {found.path}: {found.message} — {found.cure}"


def test_one_table_is_products_lanes_stock_and_demand(tmp_path: Path) -> None:
    scenario = shop(tmp_path)
    assert [(p.name, p.unit_cost) for p in scenario.products] == [("salt", 0.5), ("tea", 2)]
    assert [(lane.product, lane.lead_time.expectation(), lane.order_cost) for lane in scenario.lanes] == [
        ("salt", 14, 15), ("tea", 7, 15),
    ]  # fmt: skip
    points = {point.product: point for point in scenario.points if point.site == "shop"}
    assert (points["tea"].on_hand, points["tea"].minimum_order) == (30, 50)
    means = {d.product: d.process.quantity.expectation() for d in scenario.demands if isinstance(d.process, PerPeriod)}
    assert means == {"salt": 1.0, "tea": 2.0}


def test_what_columns_were_taken_for_is_told(tmp_path: Path) -> None:
    (note,) = shop(tmp_path).notes
    for part in ("SKU is product", "Lead_Time_Days is lead time in days (lanes)", "left out: Description"):
        assert part in note


def test_it_is_the_same_as_written_by_hand(tmp_path: Path) -> None:
    by_hand = SHOP.replace("products: {file: items.csv}", "products: {tea: {unit_cost: 2}, salt: {unit_cost: 0.5}}")
    by_hand = by_hand.replace(
        "lanes: {file: items.csv, from: vendor, to: shop, order_cost: 15}",
        "lanes:\n  - {from: vendor, to: shop, products: tea, lead_time: 7, order_cost: 15}\n"
        "  - {from: vendor, to: shop, products: salt, lead_time: 14 days, order_cost: 15}",
    ).replace(
        "stock: {file: items.csv, site: shop}",
        "stock:\n  - {site: shop, product: tea, initial: {on_hand: 30}, minimum_order: 50}\n"
        "  - {site: shop, product: salt, initial: {on_hand: 10}}",
    ).replace(
        "demand: {file: items.csv, site: shop}",
        "demand:\n  - {site: shop, product: tea, quantity: {dist: poisson, mean: 2}}\n"
        "  - {site: shop, product: salt, quantity: {dist: poisson, mean: 1}}",
    )  # fmt: skip
    assert shop(tmp_path).sha256 == load(by_hand).sha256


def test_arrivals_take_the_mean_as_a_rate(tmp_path: Path) -> None:
    text = SHOP.replace(
        "demand: {file: items.csv, site: shop}", "demand: {file: items.csv, site: shop, type: arrivals}"
    )
    rates = {d.product: d.process.rate for d in shop(tmp_path, text=text).demands if isinstance(d.process, Arrivals)}
    assert rates == {"salt": 1.0, "tea": 2.0}
    monthly = TABLE.replace("Annual_Demand", "Avg monthly demand")
    rates = {
        d.product: d.process.rate for d in shop(tmp_path, monthly, text).demands if isinstance(d.process, Arrivals)
    }
    assert rates["tea"] == pytest.approx(24.0)


def test_distributions_stand_in_cells(tmp_path: Path) -> None:
    table = (
        "SKU,cost,demand,lead time (weeks)\n"
        'tea,2,"gamma(mean 37, cv 0.4)","gamma(mean 2, cv 0.5)"\n'
        "salt,1,poisson(mean=3),uniform(low 1; high 3)\n"
    )
    scenario = shop(tmp_path, table)
    leads = {lane.product: lane.lead_time for lane in scenario.lanes}
    assert isinstance(leads["tea"], Gamma)
    assert (leads["tea"].expectation(), leads["tea"].standard_deviation()) == (14.0, 7.0)
    assert leads["salt"].expectation() == 14.0
    quantities = {d.product: d.process.quantity for d in scenario.demands}  # type: ignore[attr-defined]
    assert quantities["tea"].standard_deviation() == pytest.approx(14.8)
    assert quantities["salt"].expectation() == 3


def test_a_deviation_is_brought_to_the_period_of_the_process(tmp_path: Path) -> None:
    # a week of 70 ± 21 is, of independent days, days of 10 ± 21/√7
    table = "SKU,cost,weekly demand,sd,lead time\ntea,2,70,21,3\n"
    (demand,) = shop(tmp_path, table).demands
    assert demand.process.quantity.expectation() == pytest.approx(10)  # type: ignore[attr-defined]
    assert demand.process.quantity.standard_deviation() == pytest.approx(21 / 7**0.5)  # type: ignore[attr-defined]


def test_rows_without_demand_have_no_customers_and_that_is_told(tmp_path: Path) -> None:
    scenario = shop(tmp_path, TABLE + "rust,,9,0,5,70,\nmoss,,9,,5,,\n")
    assert {d.product for d in scenario.demands} == {"tea", "salt"}
    assert "2 rows without demand: no customers there" in scenario.notes[0]


def test_a_policy_takes_its_numbers_from_the_table(tmp_path: Path) -> None:
    text = SHOP + "  \n"
    text = text.replace("policies: {", "policies: {today: {type: s_Q, file: items.csv, order_quantity: 40}, ")
    table = "SKU,cost,demand,lead time,ROP\ntea,2,1,7,12\nsalt,1,1,7,5\n"
    rules = shop(tmp_path, table, text).alternatives[0].rules
    assert {place[1]: (rule.policy.reorder_point, rule.policy.order_quantity) for place, rule in rules.items()} == {  # type: ignore[attr-defined]
        "tea": (12, 40), "salt": (5, 40),
    }  # fmt: skip


def test_a_row_for_each_product_and_site(tmp_path: Path) -> None:
    text = SHOP.replace("shop: {kind: store}", "east: {kind: store}, west: {kind: store}")
    text = text.replace(", to: shop", "").replace(", site: shop", "")
    table = "item,store,unit cost,demand,lead time,on hand\ntea,east,2,5,3,9\ntea,west,2,6,4,8\n"
    scenario = shop(tmp_path, table, text)
    assert [p.name for p in scenario.products] == ["tea"]
    assert {(lane.target, lane.lead_time.expectation()) for lane in scenario.lanes} == {("east", 3), ("west", 4)}
    assert {(p.site, p.on_hand) for p in scenario.points} >= {("east", 9), ("west", 8)}
    assert "'tea' has 3 here and 2 in line 2" in told(tmp_path, table.replace("west,2", "west,3"), text)


REFUSED = {
    "unknown": (TABLE.replace("MOQ", "Colour"), "items.csv:1: Colour: unknown column 'Colour' — ignore: [Colour] beside `file`"),
    "slip": (TABLE.replace("MOQ", "Lead_Tme"), "unknown column 'Lead_Tme' (did you mean 'lead_time'?)"),
    "safety stock": (TABLE.replace("MOQ", "Safety Stock"), "nobody reads the column 'Safety Stock' — safety stock is what a level"),
    "policy": (TABLE.replace("MOQ", "ROP"), "'ROP' is for policies, and demand and lanes and products and stock alone read"),
    "twice": (TABLE.replace("MOQ", "stock"), "'Current_Stock' and 'stock' both mean initial.on hand"),
    "no product": (TABLE.replace("SKU", "Colour"), "no column 'product'; found columns 'Colour'"),
    "blank product": (TABLE + ",,2,1,1,1,\n", "items.csv:4: SKU: the product has no name"),
    "product twice": (TABLE + "tea,,2,1,1,1,\n", "items.csv:4: SKU: the product 'tea' is given twice, first in line 2"),
    "text": (TABLE.replace("730", "n/a"), "items.csv:2: Annual_Demand: expected a number such as 12 or 3.5, got 'n/a' — leave the cell blank"),
    "date": (TABLE.replace("730", "2024-05-01"), "got '2024-05-01' — a spreadsheet took it for a date"),
    "one or a thousand": (TABLE.replace("730", '"1,730"'), "got '1,730' — write 1730, or 1.730 if that was meant"),
    "unit": (TABLE.replace("730", "730 pcs"), "write the number alone; a unit goes into the column's name"),
    "distribution": (TABLE.replace(",7,", ",gama(mean 3),"), "unknown distribution 'gama' (did you mean 'gamma'?)"),
    "parameter": (TABLE.replace(",7,", ",gamma(mena 3),"), "gamma has no 'mena' (did you mean 'mean'?) — it has: shape"),
    "nameless": (TABLE.replace(",7,", ",uniform(1; 3),"), "'1' does not say what it is — name each number: uniform(low …, high …"),
    "lists": (TABLE.replace(",7,", ",empirical(values 3),"), "lists and distributions within do not go into a cell"),
    "two deviations": ("SKU,cost,demand,cv,sd,lead time\ntea,2,5,1,5,3\n", "'cv' and 'sd' both say how demand varies"),
    "another period": (
        'SKU,cost,weekly demand,lead time\ntea,2,"gamma(mean 3, cv 1)",3\n',
        "a distribution per week, and the demand comes in another period — write `every: 1 week` beside `file`",
    ),
    "ignored twice": (TABLE, "no column 'Colour' to ignore"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_row_and_column(tmp_path: Path, case: str) -> None:
    table, message = REFUSED[case]
    text = SHOP.replace("{file: items.csv}", "{file: items.csv, ignore: [Colour]}") if case == "ignored twice" else SHOP
    assert message in told(tmp_path, table, text)


def test_columns_are_ignored_on_request_and_that_is_told(tmp_path: Path) -> None:
    text = SHOP.replace("products: {file: items.csv}", "products: {file: items.csv, ignore: [Colour]}")
    assert "left out: Colour, Description" in shop(tmp_path, TABLE.replace("MOQ", "Colour"), text).notes[0]


def test_money_and_thousands_are_read_where_they_can_mean_one_thing(tmp_path: Path) -> None:
    table = 'A list of items,,,\nSKU,Unit cost (USD),Demand,Lead time\ntea,"$1,234.50","1,730",7\n\nsalt,€2,5,7\n'
    scenario = shop(tmp_path, table)
    assert {p.name: p.unit_cost for p in scenario.products} == {"tea": 1234.5, "salt": 2}
    assert "commas between thousands" in scenario.notes[0]
    assert "what stands above the table left out: 'A list of items'" in scenario.notes[0]


def test_a_rate_takes_neither_distribution_nor_deviation(tmp_path: Path) -> None:
    text = SHOP.replace(
        "demand: {file: items.csv, site: shop}", "demand: {file: items.csv, site: shop, type: arrivals}"
    )
    assert "this process has a rate" in told(tmp_path, "SKU,cost,demand,lead time\ntea,2,poisson(mean 3),3\n", text)
    assert "this process has a rate" in told(tmp_path, "SKU,cost,demand,cv,lead time\ntea,2,3,0.4,3\n", text)


def test_more_rows_than_become_entries_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"{k},1,1,1\n" for k in range(100_001))
    assert "100,001 rows; at most 100,000 become entries" in told(tmp_path, "SKU,cost,demand,lead time\n" + rows)


def test_classes_by_hand() -> None:
    # 60, 25, 10, 5 of 100: 60 and 25 begin below 80, 10 begins at 85, 5 at 95
    assert classes_of({"d": 5, "a": 60, "b": 25, "c": 10}, shares_in("80/15/5")) == {
        "a": "A",
        "b": "A",
        "c": "B",
        "d": "C",
    }
    assert classes_of({"x": 0.0, "y": 0.0}, shares_in("80/15/5")) == {"x": "C", "y": "C"}


@pytest.mark.parametrize(
    ("text", "message"), [("80/15", "add up to 95"), ("by value", "such as 80/15/5"), ("100", "such as")]
)
def test_shares_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        shares_in(text)
    asked = SHOP.replace("{file: items.csv}", f"{{file: items.csv, abc: {text}}}")
    assert message in told(tmp_path, TABLE, asked)


def test_classes_need_demand_and_cost_and_no_classes_of_its_own(tmp_path: Path) -> None:
    asked = SHOP.replace("products: {file: items.csv}", "products: {file: items.csv, abc: 80/15/5}")
    table = "SKU,demand,lead time\ntea,5,7\n"
    assert "abc needs a column of unit cost" in told(tmp_path, table, asked)
    assert "the table has classes in 'ABC'" in told(tmp_path, "SKU,cost,demand,lead time,ABC\ntea,1,5,7,A\n", asked)


@pytest.mark.parametrize("cell", ["nan", "0x10", "٣", "-5", "gamma(mean 3)", "gamma(mean 3; cv -1)"])
def test_classes_go_by_numbers_also_where_nobody_else_reads_the_demand(tmp_path: Path, cell: str) -> None:
    """It was taken for 0, and its item for the least of all."""
    head, rest = SHOP.split("lanes: ")[0], SHOP[SHOP.index("costs: ") :]
    lanes = "lanes: [{from: vendor, to: shop, lead_time: 2}]\ndemand: [{site: shop, product: tea, quantity: 3}]\n"
    asked = head.replace("items.csv", "items.csv, abc: 80/15/5") + lanes + rest
    table = "SKU,cost,demand\nsoup,2,5\ntea,1,{}\n"
    assert shop(tmp_path, table.format("5"), asked)
    assert "items.csv:3: demand: expected " in told(tmp_path, table.format(cell), asked)


def test_a_slip_in_file_is_told_beside_what_is_wrong_in_another_reading(tmp_path: Path) -> None:
    """Of an entry of a list too, though the stock column, which nobody is left to read, is wrong as well."""
    asked = SHOP.replace("stock: {file: items.csv, site: shop}", "stock: [{fiel: items.csv, site: shop}]")
    assert "stock[0].fiel: unknown key 'fiel' (did you mean 'file'?)" in told(tmp_path, TABLE, asked)


def test_a_section_that_names_a_table_under_a_misspelt_name_is_told_first(tmp_path: Path) -> None:
    asked = SHOP.replace("products: {file", "produts: {file")
    assert "produts: unknown key 'produts' (did you mean 'products'?)" in told(tmp_path, TABLE, asked)


def test_500_items_run_from_the_table_alone_with_results_by_class(tmp_path: Path) -> None:
    chance = random.Random(5)
    rows = [
        f"SKU-{k:04d},{chance.lognormvariate(3, 1):.2f},{chance.randint(0, 2000)},{chance.randint(3, 35)},{chance.randint(0, 90)}\n"
        for k in range(500)
    ]
    text = SHOP.replace("products: {file: items.csv}", "products: {file: items.csv, abc: 80/15/5}")
    text = text.replace(
        "demand: {file: items.csv, site: shop}", "demand: {file: items.csv, site: shop, type: arrivals}"
    )
    text = text.replace("policies: {s_Q: {type: s_Q, service_level: 0.95}}", (
        "policies:\n  by_class:\n    type: s_Q\n    service_level: 0.9\n    rules: [{product: A, type: s_Q, service_level: 0.98}]\n"
    ))  # fmt: skip
    scenario = shop(tmp_path, "SKU,Unit_Cost,Annual_Demand,Lead_Time_Days,Current_Stock\n" + "".join(rows), text)
    sizes = Counter(group for product in scenario.products for group in product.groups)
    assert sizes.keys() == {"A", "B", "C"}
    assert sizes.total() == 500
    from chainsim import load as load_study

    (tmp_path / "s.yaml").write_text(text)
    summary = load_study(tmp_path / "s.yaml").run(jobs=1).summary
    rates = summary[(summary["kpi"] == "fill_rate") & summary["product"].isin(["group:A", "group:B", "group:C"])]
    assert sorted(rates["product"]) == ["group:A", "group:B", "group:C"]
    assert rates["mean"].between(0.5, 1).all()


def test_every_word_of_the_trade_leads_to_a_key_there_is() -> None:
    for field in trade.FIELDS:
        sections = [field.section] if field.section else list(trade.SECTIONS)
        kinds = {"policies": ("s_Q", "s_S", "R_S", "eoq"), "demand": ("per_period",)}
        for section in sections:
            assert any(field.key in keys_in(section, kind) for kind in kinds.get(section, ("",))), field
        for word in field.words:
            assert trade.plain(word) == word, "as `plain` leaves it"
    assert not {*trade.WITHOUT, *trade.DESCRIBING} & trade.BY_WORD.keys()


@pytest.mark.parametrize("section", ["products: {file", "lanes: {file", "demand: {file"])
def test_a_slip_for_file_is_answered_with_it(tmp_path: Path, section: str) -> None:
    text = SHOP.replace(section, section.replace("file", "ifle"))
    assert any("unknown key 'ifle' (did you mean 'file'?)" in one.message for one in wrong(tmp_path, TABLE, text))


def test_lanes_that_differ_in_the_product_alone_are_one_entry(tmp_path: Path) -> None:
    scenario = shop(tmp_path, TABLE.replace(",14,", ",7,") + "rice,,1,365,9,1,\n")
    assert [entry["products"] for entry in scenario.document["lanes"]] == [["salt", "tea"], "rice"]
    assert {(lane.product, lane.lead_time.expectation()) for lane in scenario.lanes} == {
        ("tea", 7),
        ("salt", 7),
        ("rice", 9),
    }
