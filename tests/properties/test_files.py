"""P44–P46: what is written can be read back: scenarios, results and the page, on random networks."""

from __future__ import annotations

import html
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings

from chainsim.errors import ScenarioError
from chainsim.report import write_report
from chainsim.report.numbers import UNDEFINED
from chainsim.scenario.load import load_text
from chainsim.study import Results, run
from chainsim.study.manifest import scenario_yaml

from .networks import Document, networks, scenario_of

pytestmark = pytest.mark.usefixtures("without_charts")

some = settings(max_examples=20, deadline=None)


@some
@given(networks(fractions=True))
def test_a_scenario_written_out_is_the_same_scenario(document: Document) -> None:
    """P44: parse(dump(scenario)) = scenario, and what is written out of that is the same text."""
    scenario = scenario_of(document)
    again = load_text(scenario_yaml(scenario).decode(), "random.yaml", Path.cwd())
    assert again == scenario
    assert again.sha256 == scenario.sha256
    assert scenario_yaml(again) == scenario_yaml(scenario)


@settings(max_examples=5, deadline=None)
@given(networks())
def test_a_key_nobody_knows_is_refused_wherever_it_stands(document: Document) -> None:
    """P44: at the door that `validate` and `run` share (tests/reliability/test_fuzz.py: they refuse with the same words)."""
    for holder in (document, document["time"], document["costs"], *document["demand"], *document["lanes"]):
        holder["a_key_nobody_knows"] = 1
        text = yaml.safe_dump(document, sort_keys=False)
        with pytest.raises(ScenarioError) as refused:
            load_text(text, "random.yaml", Path.cwd())
        assert any("a_key_nobody_knows" in finding.message + finding.path for finding in refused.value.findings)
        del holder["a_key_nobody_knows"]


@settings(max_examples=5, deadline=None)
@given(networks())
def test_results_rebuilt_from_their_own_scenario_are_the_same_tables(document: Document) -> None:
    """P46: the folder's scenario.yaml is all that is needed to make every table again, to the byte."""
    results = run(scenario_of(document), jobs=1, engine="simpy")
    text = results.files["scenario.yaml"].decode()
    again = run(load_text(text, "random.yaml", Path.cwd()), jobs=1, engine="simpy")
    assert again.files == results.files


def test_the_page_of_a_plant_beside_a_supplier_nobody_buys_from() -> None:
    """Found by the property below: a site that holds nothing is in no echelon, and once ended the report with a KeyError."""
    document = yaml.safe_load("""
        chainsim: 1
        title: A plant and an idle supplier
        time: {unit: day, horizon: 20}
        replications: 2
        products: {p: {unit_cost: 2}}
        sites: {source: {kind: supplier}, shop: {kind: plant, production: {lead_time: 2}}}
        demand: [{site: shop, product: p, quantity: {dist: poisson, mean: 6}}]
        policies: {only: {type: s_S, reorder_point: 15, order_up_to_level: 40}}
    """)
    assert b"</html>" in write_report(run(scenario_of(document), jobs=1, engine="simpy"))["report.html"]


NUMBER = re.compile(r'<data value="([^"]*)"[^>]*>(.*?)</data>')


@settings(max_examples=3, deadline=None)
@given(networks())
def test_every_number_of_the_page_is_one_of_the_tables(document: Document) -> None:
    """P45: read back from the page of a real run, each number is a number of the CSV tables, and its text says it."""
    results = run(scenario_of(document), jobs=1, engine="simpy")
    page = write_report(results)["report.html"].decode()
    known = _numbers(results)
    shown = NUMBER.findall(page)
    assert len(shown) > 20
    for value, text in shown:
        assert float(value) in known
        assert html.unescape(re.sub("<[^>]*>", "", text)).strip() not in ("", UNDEFINED)


def _numbers(results: Results) -> set[float]:
    tables: list[pd.DataFrame] = [results.summary, results.comparison, results.derived, results.audit, results.pairs]
    tables += [results.risk, results.lanes]
    numbers: set[float] = set()
    for table in tables:
        for column in table.select_dtypes(np.number):
            numbers |= {float(x) for x in table[column].dropna()}
    return numbers
