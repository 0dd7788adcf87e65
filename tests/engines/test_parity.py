"""Both engines walk the same sample path: event logs and Records identical to the last bit, whatever is simulated."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from chainsim.data import scenario_names, scenario_path, scenario_tables
from chainsim.engines import compiled_engine, simpy_engine
from chainsim.engines.parity import fingerprint, first_difference
from chainsim.errors import BudgetError
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.scenario.load import load

from .cases import Document, choices, line, lottery, named, network, plan_of, policies, town
from .features import FEATURES
from .outside_rule import order_seven
from .pair import check

pytest.importorskip("numba", reason="the compiled engine needs numba")

ALTERNATIVES = [
    (name, policy)
    for name in scenario_names()
    for policy in yaml.safe_load(scenario_path(name).read_text())["policies"]
]


def shipped(name: str, folder: Path, *, days: float | None) -> Path:
    """A shipped scenario: as it is, or for a few days and at most 40 copies of a site."""
    for table in scenario_tables(name):
        shutil.copy(table, folder)
    if days is None:
        return Path(shutil.copy(scenario_path(name), folder))
    document = yaml.safe_load(scenario_path(name).read_text("utf-8"))
    document["time"] |= {"warm_up": days / 4, "horizon": days}
    for site in document["sites"].values():
        if "copies" in site:
            site["copies"] = min(site["copies"], 40)
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return file


@pytest.mark.parametrize(("name", "policy"), ALTERNATIVES)
def test_shipped_scenarios(name: str, policy: str, tmp_path: Path) -> None:
    check(compile_plan(load(shipped(name, tmp_path, days=40)), policy), 1)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "policy"), ALTERNATIVES)
def test_shipped_scenarios_as_they_are(name: str, policy: str, tmp_path: Path) -> None:
    check(compile_plan(load(shipped(name, tmp_path, days=None)), policy))


@pytest.mark.parametrize("policy", list(policies()), ids=named)
def test_every_policy_with_every_demand_unmet_rule_and_lead_time(policy: Document, tmp_path: Path) -> None:
    check(plan_of(town(policy), tmp_path))


@pytest.mark.parametrize("policy", [*policies(), *choices()], ids=named)
def test_every_policy_and_its_choices_in_a_line(policy: Document, tmp_path: Path) -> None:
    check(plan_of(line(policy), tmp_path))


def test_every_distribution(tmp_path: Path) -> None:
    check(plan_of(lottery(), tmp_path))


@pytest.mark.slow
def test_every_distribution_many_times(tmp_path: Path) -> None:
    """Some 400,000 draws, far into the tails."""
    document = lottery()
    document["time"] |= {"horizon": 6000, "bucket": 1000}
    plan = plan_of(document, tmp_path)
    records = [engine.simulate(plan, 0) for engine in (simpy_engine, compiled_engine)]
    found = first_difference(records[0], records[1], plan)
    assert found is None, str(found)


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature(feature: str, tmp_path: Path) -> None:
    plan = plan_of(FEATURES[feature], tmp_path)
    for replication in range(2):
        check(plan, replication)


@pytest.mark.slow
def test_no_replication_is_special(tmp_path: Path) -> None:
    plan = plan_of(town({"type": "s_S"}), tmp_path)
    for replication in (2, 3, 10**6, 2**32, 2**62):
        check(plan, replication)


def test_replications_of_one_plan_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Every Record keeps its own numbers, and each replication begins anew."""
    plan = plan_of(FEATURES["a crowd"], tmp_path)
    records = [compiled_engine.simulate(plan, r) for r in (0, 1, 0)]
    prints = [fingerprint(record) for record in records]
    assert prints[0] == prints[2] != prints[1]
    assert prints == [fingerprint(record) for record in records]


@pytest.mark.parametrize("slice_", [1, 7, 1000])
def test_where_the_loop_pauses_makes_no_difference(
    slice_: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_engine, "SLICE", slice_)
    check(plan_of(FEATURES["a crowd"], tmp_path))
    check(plan_of(FEATURES["production machines"], tmp_path))


def test_a_plan_is_only_read(tmp_path: Path) -> None:
    """The compiled engine works on the Plan's own arrays: it must leave every one as it was."""
    plan = plan_of(FEATURES["initial state"], tmp_path)
    before = arrays_of(plan)
    compiled_engine.simulate(plan, 0, log=True)
    assert arrays_of(plan) == before


def arrays_of(plan: Plan) -> dict[str, bytes]:
    parts = {**vars(plan), **vars(plan.streams)}
    return {name: part.tobytes() for name, part in parts.items() if isinstance(part, np.ndarray)}


def test_both_say_the_same_of_an_instant_that_never_ends(tmp_path: Path) -> None:
    document = network()
    document["demand"][3]["gap"] = {"dist": "discrete", "values": [0, 20], "probabilities": [0.999999, 0.000001]}
    plan = plan_of(document, tmp_path)
    told = []
    for engine in (simpy_engine, compiled_engine):
        with pytest.raises(BudgetError) as refusal:
            engine.simulate(plan, 0)
        told.append(str(refusal.value))
    assert told[0] == told[1]


@pytest.mark.slow
def test_a_rule_of_an_outside_package_is_compiled_as_well(tmp_path: Path) -> None:
    """Rules are known by their function, not by their policy's name."""
    plan = plan_of(network(), tmp_path)
    ours = replace(plan, rules=tuple(order_seven for _ in plan.rules))
    assert first_difference(simpy_engine.simulate(plan, 0), simpy_engine.simulate(ours, 0), plan) is not None
    check(ours)


@pytest.mark.slow
def test_rules_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """A cell of a notebook that is run again, with another number in it, defines another rule of the same name."""
    plan = plan_of(network(), tmp_path)
    for rule in (ordering(7.0), ordering(8.0)):
        check(replace(plan, rules=tuple(rule for _ in plan.rules)))


def ordering(quantity: float) -> Callable[..., float]:
    """A rule called `order_some`, without a file of its own."""
    names: dict[str, Callable[..., float]] = {}
    exec(f"def order_some(stock, p, memory):\n    return {quantity}", {"__name__": "cell"}, names)
    return names["order_some"]
