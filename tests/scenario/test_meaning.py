"""What a scenario means does not depend on how it was written (P12), and survives being written out (P44)."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainsim.chance.base import DISTRIBUTIONS
from chainsim.policies.base import POLICIES
from chainsim.scenario.load import check
from chainsim.scenario.read import read_yaml
from chainsim.scenario.schema import keys_of

from .samples import GROCER, MINIMAL, changed, errors, load

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def dump(data: Any) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def shuffled(data: Any, order: Any, path: tuple[Any, ...] = ()) -> Any:
    """The same meaning in another order: keys of mappings, and entries of the lists whose order means nothing."""
    if isinstance(data, dict):
        keys = list(data) if path == ("policies",) else order.draw(st.permutations(list(data)))
        return {key: shuffled(data[key], order, (*path, key)) for key in keys}
    if isinstance(data, list):
        free = path[-1] in ("lanes", "stock", "demand", "disruptions", "rules", "groups", "shipments")
        items = order.draw(st.permutations(data)) if free else data
        return [shuffled(item, order, (*path, 0)) for item in items]
    return data


@given(order=st.data())
@QUICK
def test_order_in_the_file_means_nothing(order: Any) -> None:
    data = read_yaml(GROCER, "g").root.plain()
    assert load(dump(shuffled(data, order))) == load(GROCER)


def test_comments_and_ways_to_write_a_time_mean_nothing() -> None:
    other = (
        GROCER.replace("order_lag: 12 hours", "order_lag: 0.5")
        .replace("2 weeks", "14 days")
        .replace("seed: 7", "seed: 7  # lucky")
    )
    assert load(other) == load(GROCER)
    assert load(other).sha256 == load(GROCER).sha256


def test_the_hash_sees_what_changes_the_meaning(tmp_path: Path) -> None:
    base = load(GROCER).sha256
    for old, new in (
        ("mean: 20}", "mean: 21}"),
        ("seed: 7", "seed: 8"),
        ("copies: 12", "copies: 13"),
        ("1 week, o", "2 weeks, o"),
    ):
        assert load(changed(old, new, GROCER)).sha256 != base
    text = changed("quantity: {dist: poisson, mean: 5}", "type: history, file: d.csv, on_end: repeat")
    hashes = set()
    for quantity in (3, 4):
        (tmp_path / "d.csv").write_text(f"period,soup\n0,{quantity}\n")
        hashes.add(load(text, tmp_path).sha256)
    assert len(hashes) == 2


@pytest.mark.parametrize("text", [MINIMAL, GROCER])
def test_the_document_loads_back_to_an_equal_scenario(text: str) -> None:
    scenario = load(text)
    assert load(dump(scenario.document)) == scenario


def test_the_document_fills_in_defaults() -> None:
    document = load(MINIMAL).document
    assert document["time"]["bucket"] == 7
    assert document["replications"] == 30
    assert document["lanes"][0]["crossing"] == "allowed"
    assert document["demand"][0]["unmet"] == "backorder"


def test_capacities_and_rates_survive() -> None:
    made = "{kind: store, production: {lead_time: 1, capacity: 7 per 2 weeks}}"
    text = changed("{kind: store}", made).replace("  - {from: farm, to: store, lead_time: 2}\n", "  []\n")
    for unit in ("day", "hour", "week"):
        scenario = load(text.replace("unit: day", f"unit: {unit}").replace("horizon: 100", "horizon: 1000"))
        assert load(dump(scenario.document)) == scenario


@pytest.mark.parametrize("name", DISTRIBUTIONS.names())
def test_every_distribution_survives(name: str) -> None:
    cls = DISTRIBUTIONS.get(name)
    ways = cls.ways or (tuple(keys_of(cls)),)
    for way in ways:
        example = {"dist": name, **{key: keys_of(cls)[key].example for key in way}}
        data = read_yaml(MINIMAL, "m").root.plain()
        data["demand"][0]["quantity"] = example
        if errors(dump(data)):
            continue  # the examples of a way need not fit each other; the other ways do
        scenario = load(dump(data))
        assert load(dump(scenario.document)) == scenario
        return
    pytest.fail("no way of giving it could be loaded from its examples")


@pytest.mark.parametrize("name", POLICIES.names())
def test_every_policy_loads_bare_and_survives(name: str) -> None:
    keys = keys_of(POLICIES.get(name))
    from chainsim.scenario.keys import REQUIRED

    needed = {key: described.example for key, described in keys.items() if described.default is REQUIRED}
    data = read_yaml(MINIMAL, "m").root.plain()
    data["policies"] = {"only": {"type": name, **needed}}
    found = errors(dump(data))
    if found and all("type" not in f.message for f in found):
        pytest.skip(f"{name} needs more than its required keys: {found[0].message}")
    scenario = load(dump(data))
    assert load(dump(scenario.document)) == scenario


@given(text=st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_scenario_or_findings(text: str) -> None:
    assert all(f.message for f in errors(text))


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(allow_nan=True),
    st.sampled_from(["store", "soup", "", "3 days", "file"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["kind", "dist", "type", "file", "mean", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path] * bool(path) + [p for key, value in inner for p in paths(value, (*path, key))]


@given(place=st.sampled_from(paths(read_yaml(GROCER, "g").root.plain())), value=VALUES)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_value_anywhere_gives_a_scenario_or_findings(place: tuple[Any, ...], value: Any) -> None:
    data = copy.deepcopy(read_yaml(GROCER, "g").root.plain())
    holder = data
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    assert len(errors(dump(data))) <= 20


def test_check_tells_what_load_refuses(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(MINIMAL)
    assert check(file) == []
    file.write_text(changed("dist: poisson", "dist: poison"))
    assert [f.severity for f in check(file)] == ["error"]
