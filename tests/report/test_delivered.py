"""Asked and delivered on the page, in the workbook and on the terminal; policies that are the same rule count once."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import pytest

import chainsim
from chainsim.cli.summary import as_json, as_text
from chainsim.report import write_report
from chainsim.report.decision import decide
from chainsim.report.delivered import rows_of
from chainsim.report.delivered_section import FIRST, MOST, section
from chainsim.report.facts import Facts
from chainsim.report.narrative import narrate
from chainsim.report.numbers import HARD
from chainsim.report.shortfall import warnings_of_run
from chainsim.study.csvtext import csv_bytes
from chainsim.study.delivered import COLUMNS
from chainsim.study.results import Results
from tests.report.synthetic import Shape, make_results

pytestmark = pytest.mark.usefixtures("without_charts")

Given = tuple[str, str, str, float | None, float | None, str, str]
"""policy, site, product, asked, delivered, verdict, why"""


def results(rows: Sequence[Given]) -> Results:
    made = make_results()
    full = [
        (
            p,
            site,
            product,
            "fill_rate",
            asked,
            "fill_rate",
            got,
            0.003,
            None,
            None,
            30,
            verdict,
            None,
            None,
            "given",
            "formula",
            "",
            why,
        )
        for p, site, product, asked, got, verdict, why in rows
    ]
    return Results(made.manifest, {**made.files, "delivered.csv": csv_bytes(COLUMNS, full)})


DEPOT: Given = (
    "s_Q",
    "dc",
    "soup",
    0.97,
    0.931,
    "short",
    "31.0 % of orders waited at plant, 1.2 days a unit on average",
)


def shops(n: int, policy: str = "s_Q") -> list[Given]:
    return [(policy, f"store-{i + 1}", "soup", 0.97, 0.972, "delivers", "") for i in range(n)]


def test_the_line_counts_and_names_who_is_short() -> None:
    facts = Facts(results([*shops(11), DEPOT]))
    made = section(facts, facts.policies[2])
    assert made.line.replace(HARD, " ") == (
        "Asked: a fill rate of 97 %. 11 of 12 stock points that were asked deliver it; 1 falls short, dc / soup with 93.1 ± 0.3 %."
    )
    assert section(facts, facts.policies[0]).line == ""


def test_the_badge_counts_stock_points_and_the_whole_network_apart() -> None:
    """Twelve stock points, of which one is short; and the scenario's target over the whole network."""
    own = "multi_echelon"
    network: Given = (own, "", "", 0.95, 0.96, "delivers", "")

    def text(rows: Sequence[Given]) -> str:
        facts = Facts(results(rows))
        return decide(facts, narrate(facts)).trust.checks[1].text

    assert text([*shops(11, own), network]) == (
        "All that was asked of Multi-echelon base stock is delivered, at 11 stock points and over the whole network."
    )
    assert text([*shops(11, own), (own, *DEPOT[1:]), network]) == "Of 12 stock points 1 falls short."
    assert text([*shops(2, own), (*network[:5], "unclear", "")]) == (
        "2 stock points deliver; the whole network cannot be told."
    )


def test_worst_come_first_and_what_is_folded_is_said() -> None:
    worse = ("s_Q", "plant", "soup", 0.97, 0.5, "short", "no order was placed")
    over = ("s_Q", "store-9", "soup", 0.9, 0.99, "over", "")
    facts = Facts(results([*shops(FIRST + MOST), DEPOT, over, worse]))
    made = section(facts, facts.policies[2])
    assert made.first is not None
    assert made.rest is not None
    assert [row[0].text for row in made.first.rows[:3]] == ["plant / soup", "dc / soup", "store-9 / soup"]
    assert len(made.first.rows) == FIRST
    assert len(made.rest.rows) == MOST
    assert made.folded == f"{MOST + 3} more rows: {MOST + 3} deliver ({MOST} of them here, all in delivered.csv)"


def test_page_and_workbook_show_it() -> None:
    made = results([*shops(20), DEPOT])
    files = write_report(made)
    page = files["report.html"].decode()
    assert '<details id="delivered">' in page
    assert "31.0 % of orders waited at plant" in page
    assert page.index("dc / soup") < page.index('<details id="network">')
    book = zipfile.ZipFile(io.BytesIO(files["workbook.xlsx"]))
    assert b'name="Delivered"' in book.read("xl/workbook.xml")


def test_json_has_it_too() -> None:
    (row,) = json.loads(as_json(results([DEPOT])))["delivered"]
    assert (row["site"], row["asked"], row["delivered"], row["verdict"], row["low"]) == (
        "dc",
        0.97,
        0.931,
        "short",
        None,
    )
    assert row["why"].startswith("31.0 % of orders waited")
    assert json.loads(as_json(make_results()))["delivered"] == []


def test_a_folder_of_before_is_drawn_without_and_says_so() -> None:
    page = write_report(make_results())["report.html"].decode()
    assert "before chainsim compared what was asked with what was delivered" in page
    assert warnings_of_run(make_results()) == []


def test_the_terminal_warns_of_the_network_or_else_of_its_groups() -> None:
    network = ("s_Q", "", "", 0.97, 0.9, "short", "because")
    north = ("s_Q", "group:north", "", 0.97, 0.8, "short", "of this")
    told = [w.replace(HARD, " ") for w in warnings_of_run(results([network, north, DEPOT]))]
    assert told == [
        "Order point (s, Q): the whole network 90.0 ± 0.3 % fill rate where 97 % was asked by the policy; because"
    ]
    told = [w.replace(HARD, " ") for w in warnings_of_run(results([north, DEPOT]))]
    assert told == [
        "Order point (s, Q): group north 80.0 ± 0.3 % fill rate where 97 % was asked by the policy; of this; "
        "also short: dc / soup 93.1 ± 0.3 % fill rate"
    ]
    assert warnings_of_run(results([("s_Q", "store-1", "soup", 0.97, 0.8, "short", "")])) == []


def test_an_echelon_of_one_stock_point_is_told_as_that() -> None:
    plants = ("s_Q", "kind:plant", "", 0.97, 0.8, "short", "because")
    plant = ("s_Q", "plant", "soup", 0.97, 0.8, "short", "because")
    facts = Facts(results([*shops(2), plants, plant]))
    assert [row.site for row in rows_of(facts) if row.verdict == "short"] == ["plant"]
    (told,) = warnings_of_run(results([plants, plant]))
    assert told.replace(HARD, " ").startswith("Order point (s, Q): plant / soup 80.0 ± 0.3 % fill rate where 97 %")


def test_an_echelon_that_is_all_who_sell_is_told_as_the_network() -> None:
    network = ("s_Q", "", "", 0.97, 0.9, "short", "because")
    stores = ("s_Q", "kind:store", "", 0.97, 0.9, "short", "because")
    assert [row.site for row in rows_of(Facts(results([network, stores])))] == [""]
    other = ("s_Q", "kind:store", "", 0.97, 0.91, "short", "because")
    assert [row.site for row in rows_of(Facts(results([network, other])))] == ["", "kind:store"]


def test_one_warning_a_policy_names_all_that_fall_short() -> None:
    network = ("s_Q", "", "", 0.97, 0.9, "short", "because")
    again = ("s_Q", "", "", 0.95, 0.9, "short", "because")
    (told,) = warnings_of_run(results([network, again]))
    assert told.replace(HARD, " ").endswith("because; also short: the whole network 90.0 ± 0.3 % fill rate")


def test_what_is_asked_is_said_by_kind() -> None:
    """'Asked 95 % to 98.5 %' mixed two measures."""
    rows = results([*shops(2), ("s_Q", "plant", "soup", 0.95, 0.96, "delivers", "")])
    table = rows.files["delivered.csv"].decode().replace("s_Q,plant,soup,fill_rate", "s_Q,plant,soup,service")
    facts = Facts(Results(rows.manifest, {**rows.files, "delivered.csv": table.encode()}))
    line = section(facts, facts.policies[2]).line.replace(HARD, " ")
    assert line == (
        "Asked: a fill rate of 97 % at 2 stock points and a cycle service of 95 % at 1 stock point. "
        "All 3 stock points that were asked deliver it."
    )


def test_every_policy_has_a_row_of_its_own() -> None:
    facts = Facts(results([*shops(3), DEPOT]))
    table = section(facts, facts.policies[2]).policies
    assert table is not None
    assert [[cell.text for cell in row][:5] for row in table.rows][2] == ["Order point (s, Q)", "4", "3", "0", "1"]
    assert table.rows[0][-1].text == "nothing asked"


TWINS = """
chainsim: 1
title: Twins
time: {unit: day, warm_up: 10, horizon: 60}
replications: 4
products: {tea: {unit_cost: 10}}
sites: {farm: {kind: supplier}, shop: {kind: shop, groups: [north]}}
lanes: [{from: farm, to: shop, lead_time: 2, order_cost: 20}]
demand: [{site: shop, product: tea, quantity: {dist: poisson, mean: 5}, every: 1}]
costs: {currency: EUR, carrying_rate: 200% per year, backorder: 1}
policies:
  a: {type: s_Q, reorder_point: 12, order_quantity: 20, label: One}
  b: {type: s_S, reorder_point: 12, order_up_to_level: 40, label: Two}
  c: {type: s_Q, reorder_point: 12, order_quantity: 20, label: Three}
"""


@pytest.fixture(scope="module")
def twins() -> Results:
    return chainsim.load_text(TWINS, "twins").run(jobs=1, engine="simpy")


def test_the_same_rule_counts_once(twins: Results) -> None:
    facts = Facts(twins)
    assert facts.rules == [[0, 2], [1]]
    told = narrate(facts)
    assert "One and Three are the same rule here" in told.text
    assert told.standings[2] == "the same rule as One"
    assert "One, Two" not in told.headline + told.text
    assert "Three cannot be told apart" not in told.text
    assert "the same rule as One" in as_text(twins)
    assert "By group of sites" in write_report(twins)["report.html"].decode()


def test_where_all_are_the_same_rule_there_is_nothing_to_choose(twins: Results) -> None:
    text = TWINS.replace("  b: {type: s_S, reorder_point: 12, order_up_to_level: 40, label: Two}\n", "")
    told = narrate(Facts(chainsim.load_text(text, "twins").run(jobs=1, engine="simpy")))
    assert told.headline == "All policies of this run are the same rule."
    assert told.standings == ("the same rule", "the same rule as One")


def test_policies_that_differ_are_not_joined() -> None:
    assert Facts(make_results(replace(Shape(), n=5))).rules == [[0], [1], [2], [3]]
