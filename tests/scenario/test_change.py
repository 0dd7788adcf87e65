"""Changing what is written, by path: the right place, nothing else, and a word where a path leads nowhere."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from chainsim.errors import Finding, ScenarioError
from chainsim.scenario.change import change, changed, steps_of
from chainsim.scenario.load import load_text, read, written_as, written_in
from chainsim.scenario.read import read_yaml

from .samples import GROCER, MINIMAL

DOCUMENT: dict[str, Any] = yaml.safe_load(GROCER)
LANES = """\
lanes:
  - {from: farm, to: store, lead_time: 2, products: soup}
  - {from: farm, to: store, lead_time: 3, products: tea}
  - {from: [farm], to: [dc, store], lead_time: 4, name: truck}
stock:
  - {kind: store, product: soup, minimum_order: 5}
  - {site: {group: north}, product: [tea]}
policies: {a.b: {type: s_Q}}
"""
FOUND = [
    ("lanes[0].lead_time", [0]),
    ("lanes.2.lead_time", [2]),
    ("lanes[farm->store].lead_time", [0, 1]),
    ("lanes[farm -> store].lead_time", [0, 1]),
    ("lanes[truck].lead_time", [2]),
    ("lanes[tea].lead_time", [1]),
    ("lanes[*].lead_time", [0, 1, 2]),
    ("stock[store].minimum_order", [0]),
    ("stock[store,soup].minimum_order", [0]),
    ("stock[north, tea].minimum_order", [1]),
]


@pytest.mark.parametrize(("path", "places"), FOUND, ids=[path for path, _ in FOUND])
def test_an_item_is_found_by_place_name_ends_or_what_it_is_about(path: str, places: list[int]) -> None:
    before: dict[str, Any] = yaml.safe_load(LANES)
    section, key = path.replace("[", ".").split(".")[0], path.split(".")[-1]
    expected = deepcopy(before)
    for place in places:
        expected[section][place][key] = 99
    assert changed(before, {path: np.int64(99)}) == expected
    assert before == yaml.safe_load(LANES)  # what was handed in stays


def test_steps() -> None:
    assert steps_of("policies.s_Q.fill_rate") == ("policies", "s_Q", "fill_rate")
    assert steps_of("sites[st.john].kind") == ("sites", "st.john", "kind")
    assert steps_of("lanes[0].yield.fraction") == ("lanes", "0", "yield", "fraction")
    assert changed(yaml.safe_load(LANES), {"policies[a.b].fill_rate": 0.9})["policies"]["a.b"]["fill_rate"] == 0.9


def test_changes_come_in_their_order_and_may_build_on_each_other() -> None:
    made = changed(DOCUMENT, {"policies.new": {"type": "s_Q"}, "policies.new.fill_rate": 0.9, "seed": 1, "title": "T"})
    assert made["policies"]["new"] == {"type": "s_Q", "fill_rate": 0.9}
    assert (made["seed"], made["title"]) == (1, "T")


def test_a_section_that_is_not_there_is_made() -> None:
    made = changed({"products": {"soup": None}}, {"costs.backorder": 2, "products.soup.unit_cost": 3})
    assert made == {"products": {"soup": {"unit_cost": 3}}, "costs": {"backorder": 2}}


def test_an_alias_changes_in_one_place_only() -> None:
    source = read_yaml("a: {lead_time: &l {mean: 2}}\nlanes: [{lead_time: *l}]\n", "case.yaml")
    made, _ = change(source, {"lanes[0].lead_time.mean": 5})
    assert made.root.plain() == {"a": {"lead_time": {"mean": 2}}, "lanes": [{"lead_time": {"mean": 5}}]}
    assert source.root.plain()["lanes"] == [{"lead_time": {"mean": 2}}]


ASTRAY = [
    ("polices.s_Q.fill_rate", "unknown key 'polices' (did you mean 'policies'?)", "known: chainsim"),
    ("policies.sQ.fill_rate", "nothing is called 'sQ' in 'policies' (did you mean 's_Q'?)", "known: s_Q, mixed"),
    ("policies.s_QQ", "nothing is called 's_QQ' in 'policies' (did you mean 's_Q'?)", "given whole"),
    ("products.cola.unit_cost", "nothing is called 'cola' in 'products'", "known: soup, tea; a new one is given whole"),
    (
        "lanes[plant->dx].lead_time",
        "has no item 'plant->dx' (did you mean 'plant->dc'?)",
        "known: plant->dc, dc->store",
    ),
    ("lanes[2].lead_time", "'lanes' has no item '2'", "a number from 0 to 1"),
    ("lanes[-1].lead_time", "'lanes' has no item '-1'", "a number from 0 to 1"),
    ("time.unit.x", "'time.unit' is the text 'day', and has no 'x'", "give 'time.unit' whole"),
    ("demand[0].shipments[0].due", "there is no list 'demand[0].shipments' to change", "give it whole"),
    ("", "this is no path", "brackets"),
    ("costs..backorder", "this is no path", "brackets"),
    ("lanes[0", "this is no path", "brackets"),
    (".costs", "this is no path", "brackets"),
]


def refused(changes: Any) -> list[Finding]:
    with pytest.raises(ScenarioError) as error:
        changed(DOCUMENT, changes)
    return error.value.findings


@pytest.mark.parametrize(("path", "message", "cure"), ASTRAY, ids=[path or "nothing" for path, _, _ in ASTRAY])
def test_a_path_that_leads_nowhere_is_told(path: str, message: str, cure: str) -> None:
    [finding] = refused({path: 1})
    assert finding.path == path
    assert message in finding.message
    assert cure in finding.cure


def test_all_of_them_are_told_at_once() -> None:
    assert [f.path for f in refused({"polices.x": 1, "seed": 2, "sead": 3, 5: 1, "title": {1}})] == [
        "polices.x",
        "sead",
        "5",
        "title",
    ]


def test_an_unknown_key_and_a_wrong_value_are_told_by_the_reader() -> None:
    written = written_as(GROCER, "case.yaml")
    with pytest.raises(ScenarioError) as error:
        read(written.with_({"policies.s_Q.service_levl": 0.9, "costs.backorder": -1}))
    told = {f.path: f for f in error.value.findings}
    assert "did you mean 'service_level'?" in told["policies.s_Q.service_levl"].message
    assert "-1" in told["costs.backorder"].message
    assert told["costs.backorder"].source_line == ""  # the line of the file does not say it
    assert str(told["costs.backorder"].where) == "case.yaml"


def test_what_was_not_changed_keeps_its_place() -> None:
    """No days in abstract periods: the lines that speak of days are told, as they would be in the file."""
    with pytest.raises(ScenarioError) as error:
        read(written_as(GROCER, "case.yaml").with_({"time.unit": "period"}))
    lead_time = next(f for f in error.value.findings if f.path == "lanes[0].lead_time.mean")
    line = next(k for k, text in enumerate(GROCER.splitlines(), 1) if "mean: 7 days" in text)
    assert lead_time.where.line == line
    assert "mean: 7 days" in lead_time.source_line


def test_it_is_the_scenario_of_the_changed_text() -> None:
    changes = {"lanes[plant->dc].lead_time.mean": 9, "time.unit": "week", "policies.s_Q.service_level": 0.9}
    text = GROCER.replace("mean: 7 days", "mean: 9").replace("unit: day", "unit: week")
    text = text.replace("service_level: 0.95", "service_level: 0.9")
    made = read(written_as(GROCER, "case.yaml").with_(changes))
    assert made == load_text(text, "case.yaml")
    assert made.changes == changes


def test_a_later_change_of_the_same_path_comes_after_what_was_between() -> None:
    written = written_as(GROCER, "case.yaml")
    twice = written.with_({"policies.s_Q": {"type": "s_Q"}}).with_({"policies.s_Q.fill_rate": 0.9})
    again = twice.with_({"policies.s_Q": {"type": "eoq"}})
    assert list(again.changes) == ["policies.s_Q.fill_rate", "policies.s_Q"]
    assert again.source.root.plain()["policies"]["s_Q"] == {"type": "eoq"}


def test_tables_are_part_of_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("product;unit_cost\nsoup;2,5\ntea;1,25\n", "utf-8")
    (tmp_path / "more.csv").write_text("product,unit_cost\nsoup,3\ncola,1\n", "utf-8")
    file = tmp_path / "case.yaml"
    file.write_text(MINIMAL.replace("products:\n  soup: {unit_cost: 2, unit_price: 5}", "products: {file: items.csv}"))
    written = written_in(file)
    before = read(written)
    assert [p.unit_cost for p in before.products] == [2.5, 1.25]
    dearer = read(written.with_({"products.tea.unit_cost": 4}))
    assert [p.unit_cost for p in dearer.products] == [2.5, 4.0]
    assert before.notes == dearer.notes != ()
    other = read(written.with_({"products": {"file": "more.csv"}}))
    assert [p.name for p in other.products] == ["cola", "soup"]
    assert read(written) == before
