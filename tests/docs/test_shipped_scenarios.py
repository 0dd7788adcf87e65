"""Every shipped scenario is valid, tells a story, and runs (shortened)."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest
import yaml

import chainsim
from chainsim.data import scenario_names, scenario_path, scenario_title
from chainsim.errors import ScenarioError

QUICK = [name for name in scenario_names() if name != "large_network"]
MODELINE = "# yaml-language-server: $schema=chainsim.schema.json"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", scenario_names())
def test_has_a_modeline_a_title_and_a_story(name: str) -> None:
    text = scenario_path(name).read_text("utf-8")
    assert text.startswith(MODELINE + "\n")
    assert scenario_title(name)
    assert len(yaml.safe_load(text)["story"]) > 150
    assert all(len(line) <= 330 for line in text.splitlines())


@pytest.mark.parametrize("name", QUICK)
def test_runs(name: str, few_short_runs: None) -> None:
    study = chainsim.load(scenario_path(name))
    results = study.run(replications=2 if study.scenario.replications > 1 else 1, jobs=1)
    for policy in results.policies:
        fill = results.estimate(policy, "fill_rate").mean
        assert fill is not None
        assert 0 < fill <= 1
    assert results.audit["passed"].all()


def test_the_sample_of_the_replay_is_in_step() -> None:
    spec = importlib.util.spec_from_file_location("make_daily_sample", ROOT / "docs" / "make_daily_sample.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    committed = (ROOT / "scenarios" / "gift_daily_sample.csv").read_text("utf-8")
    in_step = committed == module.text()
    assert in_step, "run: python docs/make_daily_sample.py"
    assert len(committed.encode()) <= 30_000


def test_replay_says_what_is_missing(tmp_path: Path) -> None:
    shutil.copy(scenario_path("gift_wholesaler_replay"), tmp_path)
    with pytest.raises(ScenarioError, match=r"gift_daily_sample\.csv"):
        chainsim.load(tmp_path / "gift_wholesaler_replay.yaml")


def test_a_copy_brings_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chainsim.cli import execute

    monkeypatch.chdir(tmp_path)
    assert execute(["new", "mine.yaml", "--from", "gift_wholesaler_replay"]) == 0
    assert execute(["validate", "mine.yaml"]) == 0


def test_people_pay_more_than_any_rule_and_whip_the_factory() -> None:
    results = chainsim.load(scenario_path("beer_game")).run(jobs=1)
    assert results.policies[0] == "human"
    costs = {p: results.estimate(p, "total_cost").mean for p in results.policies}
    assert max(costs, key=costs.__getitem__) == "human"
    swings = {p: results.estimate(p, "bullwhip_cumulative").mean for p in results.policies}
    assert swings["human"] > 10 * swings["pass_through"]


@pytest.mark.slow
def test_a_thousand_stores() -> None:
    results = chainsim.load(scenario_path("large_network")).run(replications=1, jobs=1, policies=["s_Q"])
    assert results.manifest["counts"]["sites"] == 1011
    assert results.audit["passed"].all()


@pytest.mark.slow
def test_the_textbook_chain_costs_what_the_textbook_says() -> None:
    results = chainsim.load(scenario_path("serial_textbook")).run()
    cost = results.estimate("clark_scarf", "total_cost")
    # Shang & Song 2003, Table 1: 12.688 per period; a year here is one period
    assert abs(cost.mean - 12.688) < 2 * cost.half_width
    # one-for-one ordering: echelon and local levels give identical sample paths
    assert results.estimate("local_levels", "total_cost").mean == cost.mean
