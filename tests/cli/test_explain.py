"""What `explain` says: each topic once, in the words of students and buyers, with examples that are valid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

import chainsim as package
from chainsim.cli.explain import _key, entries
from chainsim.data import glossary

Run = Callable[..., tuple[int, str, str]]
WHOLE = """\
chainsim: 1
title: A chain for examples
time: {unit: day, warm_up: 20, horizon: 100}
products: {soup: {unit_cost: 2, unit_price: 3}, tea: {unit_cost: 2, unit_price: 3}}
sites: {farm: {kind: supplier}, plant: {kind: plant}, dc: {kind: dc}, store: {kind: store}}
lanes:
  - {from: farm, to: plant, lead_time: 2, order_cost: 50}
  - {from: plant, to: dc, lead_time: 2, order_cost: 20}
  - {from: dc, to: store, lead_time: 1, order_cost: 5}
demand:
  - {site: store, product: soup, quantity: {dist: poisson, mean: 10}}
  - {site: store, product: tea, quantity: {dist: poisson, mean: 2}}
costs: {currency: EUR, carrying_rate: 25% per year}
policies: {up_to: {type: base_stock, order_up_to_level: 40}}
"""
WORDS = [
    "newsvendor", "risk pooling", "beer game", "saw-tooth", "sawtooth", "square-root law", "ABC", "working capital",
    "MOQ", "bill of materials", "BOM", "truck", "vehicle", "outage", "surge", "split", "expedite", "sourcing rules",
    "allocation rules", "safety stock", "bullwhip", "XYZ", "case pack", "shelf life", "min-max", "EOQ", "stock-out",
]  # fmt: skip
EXAMPLES = {name: str(entry["example"]) for name, entry in glossary().items() if "example" in entry}


@pytest.mark.parametrize("term", WORDS)
def test_the_words_people_use_are_known_with_an_example(chainsim: Run, term: str) -> None:
    code, out, err = chainsim("explain", term)
    assert code == 0, err
    assert "Example:" in out


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_valid_in_a_whole_scenario(name: str) -> None:
    document: dict[str, Any] = yaml.safe_load(WHOLE)
    example = yaml.safe_load(EXAMPLES[name])
    assert example
    document.update(example)
    if "plant" not in document["sites"] or "production" in document["sites"]["plant"]:
        shorter = {"farm", "dc", "store"} if "plant" not in document["sites"] else {"plant", "dc", "store"}
        document["sites"] = {site: keys for site, keys in document["sites"].items() if site in shorter}
        top = "farm" if "farm" in document["sites"] else "plant"
        document["lanes"] = [
            {"from": top, "to": "dc", "lead_time": 2, "order_cost": 20},
            {"from": "dc", "to": "store", "lead_time": 1, "order_cost": 5},
        ]
    study = package.load_text(yaml.safe_dump(document, sort_keys=False))
    assert study.explain_policies()


@pytest.mark.parametrize("name", glossary())
def test_what_a_term_points_to_is_known(name: str) -> None:
    known = {_key(word) for word, _ in entries()}
    missing = [see for see in glossary()[name].get("see", []) if _key(see) not in known]
    assert not missing


@pytest.mark.parametrize("term", ["service_level", "fill_rate", "review_interval", "reorder_point"])
def test_a_topic_is_told_once(chainsim: Run, term: str) -> None:
    paragraphs = chainsim("explain", term)[1].strip().split("\n\n")
    meanings = [paragraph.partition(": ")[2] for paragraph in paragraphs]
    assert len(set(meanings)) == len(meanings)
    assert len(paragraphs) <= 5


def test_no_word_is_told_in_python_or_with_marks() -> None:
    from chainsim.cli.explain import unmarked

    for name, text in entries():
        assert "{'" not in text, name
        assert "True" not in text.split("Example:")[-1], name
        assert "`" not in unmarked(text)


def test_lists_have_no_marks(chainsim: Run) -> None:
    for what in ("kpis", "policies", "distributions", "demands", "charts", "engines"):
        assert "`" not in chainsim("list", what)[1]


@pytest.mark.parametrize(("term", "wrong"), [("MOK", "eoq"), ("surges rate", "sourcing"), ("TOC", "Q")])
def test_no_wild_guess(chainsim: Run, term: str, wrong: str) -> None:
    code, _, err = chainsim("explain", term)
    assert code == 2
    assert f"did you mean '{wrong}" not in err
