"""P13–P16 where chance is involved: names, neighbours and other replications."""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from hypothesis import assume, given, settings

from chainsim.chance import book
from chainsim.engines.base import simulate
from chainsim.kpis import measure
from chainsim.plan.compile import compile_plan
from chainsim.study import run as run_study

from .networks import Document, changed, networks, run, scenario_of
from .test_structure import by_name

few = settings(max_examples=15, deadline=None)
NEW_NAMES = {
    "p1": "pqa",
    "p2": "pqb",
    "p3": "pqc",
    "supplier": "the source",
    **{f"s{i}": f"site {i}" for i in range(1, 8)},
}


def renamed(document: Document) -> Document:
    """Every product and site under another name; the natural order of the names is kept, since it breaks ties."""
    return _renamed(document)  # type: ignore[return-value]


def _renamed(data: object) -> object:
    if isinstance(data, dict):
        return {NEW_NAMES.get(key, key): value if key == "kind" else _renamed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_renamed(item) for item in data]
    return NEW_NAMES.get(data, data) if isinstance(data, str) else data


@few
@given(networks())
def test_a_renamed_network_with_the_streams_kept_gives_the_renamed_history(document: Document) -> None:
    """P13: names enter a run through the keys of its random streams and the breaking of ties, and through nothing else.
    The seed map is made here: each stream of the renamed network gets the key it had."""
    old = by_name(*run(document))
    made = book.stream_key

    def kept(seed: int, *name: str) -> tuple[int, int]:
        parts = list(name)
        for before, after in NEW_NAMES.items():  # a part may hold several names: 'supplier → s1'
            parts = [part.replace(after, before) for part in parts]
        return made(seed, *parts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book, "stream_key", kept)
        new = by_name(*run(renamed(document)))
    assert new == {(NEW_NAMES[site], NEW_NAMES[product]): history for (site, product), history in old.items()}


@few
@given(networks())
def test_an_idle_store_below_a_busy_one_changes_nothing(document: Document) -> None:
    """P14: nobody buys there, so it never orders; the site above ships to others as before."""
    busy = [lane["from"] for lane in document["lanes"] if lane["from"] != "supplier"]
    assume(busy)
    more = changed(document)
    more["sites"]["zz_idle"] = {"kind": "store"}
    more["lanes"].append({"from": busy[0], "to": "zz_idle", "products": ["p1"], "lead_time": 1})
    before, after = by_name(*run(document)), by_name(*run(more))
    assert after == before


@few
@given(networks(), networks())
def test_two_chains_in_one_file_are_two_separate_runs(one: Document, two: Document) -> None:
    """P15: the second chain's sites and products get names of their own; each chain does what it does alone."""
    two = renamed(two)
    both = changed(one)
    for key in ("products", "sites"):
        both[key] = one[key] | two[key]
    for key in ("lanes", "stock", "demand", "disruptions"):
        both[key] = one[key] + two[key]
    for entry in both["stock"]:  # a rule for a site alone would speak of the other chain's products as well
        entry.setdefault("product", list((one if entry["site"] in one["sites"] else two)["products"]))
    rules = []
    for chain in (one, two):
        products = list(chain["products"])
        rules += [rule | {"product": products} for rule in chain["policies"]["only"]["rules"]]
    both["policies"]["only"]["rules"] = rules
    two = two | {"seed": one["seed"], "time": one["time"]}
    assert by_name(*run(both)) == by_name(*run(one)) | by_name(*run(two))


@settings(max_examples=6, deadline=None)
@given(networks())
def test_a_replication_alone_is_its_row_of_the_study(document: Document) -> None:
    """P16: measures of replication r simulated alone = row r of the table; and the first k of n = a run of k."""
    scenario = scenario_of(document)
    whole = run_study(scenario, replications=4, jobs=1, engine="simpy").replications
    part = run_study(scenario, replications=2, jobs=1, engine="simpy").replications
    assert whole[whole.replication <= part.replication.max()].reset_index(drop=True).equals(part)
    plan = compile_plan(scenario, "only")
    for r in (3, 1):
        alone = measure(simulate(plan, r), plan, "network")
        rows = whole[(whole.replication == r) & (whole.site == "") & (whole["product"] == "")]
        told = dict(zip(rows.kpi, rows.value, strict=True))
        assert set(told) == set(alone.ids)
        for name, value in zip(alone.ids, alone.values[0], strict=True):
            assert np.array_equal(told[name], value, equal_nan=True)


def test_other_names_give_other_chance() -> None:
    """P13, the other side: without a seed map a renamed store meets other customers of the same kind."""
    text = """
chainsim: 1
title: Names
time: {unit: period, horizon: 2000}
products: {p: {}}
sites: {supplier: {kind: supplier}, here: {kind: store}}
lanes: [{from: supplier, to: here, lead_time: 1}]
demand: [{site: here, product: p, quantity: {dist: poisson, mean: 5}}]
policies: {only: {type: base_stock, order_up_to_level: 10, review_interval: 1}}
"""
    demands = []
    for document in (yaml.safe_load(text), yaml.safe_load(text.replace("here", "there"))):
        plan, record = run(document)
        demands.append(record.series[4, list(plan.layout.customers).index(True)])
    assert not np.array_equal(*demands)
    assert abs(np.corrcoef(*demands)[0, 1]) < 4 / np.sqrt(2000)
    assert [d.mean() for d in demands] == [pytest.approx(5, abs=4 * np.sqrt(5 / 2000))] * 2
