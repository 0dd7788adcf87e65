"""Measures of what a scenario does not have are in none of its tables."""

from __future__ import annotations

import pytest

import chainsim
from chainsim.kpis import KPIS

PLAIN = """
chainsim: 1
title: Shop
time: {{unit: day, horizon: 20}}
replications: 2
products: {{p: {{unit_cost: 4}}}}
sites:
  mill: {{kind: supplier}}
  shop: {{kind: store}}
lanes: [{{from: mill, to: shop, lead_time: 1}}]
stock: [{{site: shop, initial: {{on_hand: 5}}{records}}}]
demand: [{{site: shop, product: p, every: 1, quantity: 2}}]
policies:
  up: {{type: base_stock, order_up_to_level: 9}}
  more: {{type: base_stock, order_up_to_level: 12}}
"""
ABOUT_RECORDS = {id for id, kpi in KPIS.items() if kpi.concerns and kpi.concerns.__name__ == "has_records"}
ABOUT_BILLS = {id for id, kpi in KPIS.items() if kpi.concerns and kpi.concerns.__name__ == "has_bills"}


@pytest.mark.parametrize(("records", "there", "absent"), [
    ("", set(), ABOUT_RECORDS | ABOUT_BILLS),
    (", count: {every: 7}", ABOUT_RECORDS, ABOUT_BILLS),
])  # fmt: skip
def test_a_table_has_rows_of_the_measures_that_concern_it(records: str, there: set[str], absent: set[str]) -> None:
    assert (len(ABOUT_RECORDS), len(ABOUT_BILLS)) == (6, 7)
    results = chainsim.run(chainsim.load_text(PLAIN.format(records=records)).scenario, jobs=1)
    for table in (results.summary, results.replications, results.comparison):
        told = set(table["kpi"])
        assert there <= told
        assert not absent & told
        assert "fill_rate" in told
