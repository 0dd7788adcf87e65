"""A study changed by path, and a scenario from plain data: what a changed file would give, nothing derived unasked."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import chainsim
from chainsim.data import scenario_path
from chainsim.errors import ScenarioError, UsageError
from chainsim.study import loading
from tests.cli.conftest import SHOP

DOCUMENT: dict[str, Any] = yaml.safe_load(SHOP)


def shop() -> chainsim.Study:
    return chainsim.load_dict(DOCUMENT, name="shop")


def test_levels_follow_what_is_changed() -> None:
    """EOQ = √(2·D·A ÷ h) (Harris 1913): 6 a day for 365 days, 5 a lot, 25 % of 2 a year: √(2·2190·5 ÷ 0.5) = 209.3;
    with A four times as large twice that, 418.6."""
    study = shop().with_({"policies": {"eoq": {"type": "eoq", "service_level": 0.9}}})

    def lot(of: chainsim.Study) -> float:
        [rows] = of.explain_policies()["eoq"].values()
        return next(row.exact for row in rows if row.symbol == "Q")

    assert lot(study) == pytest.approx(209.3, abs=0.05)
    assert lot(study.with_({"lanes[source->shop].order_cost": np.int64(20)})) == pytest.approx(418.6, abs=0.05)
    assert lot(study) == pytest.approx(209.3, abs=0.05)


def test_it_runs_as_the_changed_file_does(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP.replace("mean: 6", "mean: 7").replace("reorder_point: 15", "reorder_point: 20"), "utf-8")
    changed = shop().with_({"demand[shop].quantity.mean": np.float32(7), "policies.batch.reorder_point": 20})
    of_file, of_changes = chainsim.load(file).run(jobs=1), changed.run(jobs=1)
    assert of_changes.files == of_file.files
    assert of_changes.manifest["identity"] == of_file.manifest["identity"]


def test_the_command_of_the_results_makes_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chainsim.cli import execute

    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
    policy = {"type": "base_stock", "order_up_to_level": 30, "review_interval": "1 day", "label": "It's daily"}
    made = chainsim.load("shop.yaml").with_({"policies.more": policy, "time.horizon": "6 weeks"}).run(jobs=1, seed=5)
    command = shlex.split(made.manifest["command"])
    assert command[:3] == ["chainsim", "run", "shop.yaml"]
    assert execute([*command[1:], "--jobs", "1", "--quiet", "--no-report", "--out", "again"]) == 0
    again = chainsim.Results.load("again")
    assert again.files == made.files
    assert again.manifest["command"] == made.manifest["command"]


def test_nothing_is_derived_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(loading, "compile_plans", lambda scenario: asked.append(scenario.title) or [])
    study = shop().with_({"title": "One"}).with_({"title": "Two"})
    assert asked == []
    study.explain_policies()
    study.engine_support()
    assert asked == ["Two"]


def test_plain_data_may_name_tables_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "past.csv").write_text("period,tea\n" + "".join(f"{k},{k % 5}\n" for k in range(70)), "utf-8")
    demand = [{"site": "shop", "product": "tea", "type": "history", "file": "past.csv", "unmet": "lost"}]
    study = chainsim.load_dict(DOCUMENT | {"demand": demand}, tmp_path)
    assert study.with_({"demand[0].share": 0.5}).scenario.demands[0].process.share == 0.5  # type: ignore[attr-defined]
    with pytest.raises(ScenarioError, match="has no folder"):
        chainsim.load_dict(DOCUMENT | {"demand": demand})


def test_a_path_that_leads_nowhere_is_told_with_the_one_that_is_meant() -> None:
    with pytest.raises(ScenarioError) as error:
        shop().with_({"policies.batsh.reorder_point": 3, "policies.batch.reorder_pont": 4})
    [finding] = error.value.findings
    assert (finding.path, finding.where.file) == ("policies.batsh.reorder_point", "shop")
    assert "did you mean 'batch'?" in finding.message
    with pytest.raises(ScenarioError, match="did you mean 'reorder_point'"):
        shop().with_({"policies.batch.reorder_pont": 4})


@pytest.mark.parametrize("changes", [None, "seed=2", [("seed", 2)]])
def test_changes_are_a_mapping(changes: Any) -> None:
    with pytest.raises(UsageError, match="changes must be a mapping from paths to values"):
        shop().with_(changes)


@pytest.mark.parametrize("document", [None, SHOP, [1], Path("shop.yaml")])
def test_a_document_is_a_mapping(document: Any) -> None:
    with pytest.raises(UsageError, match="document must be a mapping such as YAML would give"):
        chainsim.load_dict(document)


def test_a_study_of_a_scenario_made_otherwise_says_that_it_cannot() -> None:
    with pytest.raises(UsageError, match="nothing written to change: load it with"):
        chainsim.Study(shop().scenario).with_({"seed": 2})


def test_a_shipped_scenario_by_its_paths() -> None:
    grocer = chainsim.load(scenario_path("grocer"))
    changes: Mapping[str, Any] = {"lanes[*].order_cost": 1, "sites.store.copies": 3, "time.horizon": np.int32(100)}
    small = grocer.with_(changes).scenario
    assert {lane.order_cost for lane in small.lanes} == {1.0}
    assert sum(site.kind == "store" for site in small.sites) == 3
    assert small.time.horizon == 100.0
    assert len(grocer.scenario.sites) > len(small.sites)
    json.dumps(small.changes)  # plain data
