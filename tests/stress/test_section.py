"""`stress:` in a scenario: what the call says, unless the call says something else; refused in words where it cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import chainsim
from chainsim.cli import execute
from chainsim.errors import ScenarioError, UsageError
from chainsim.stress.results import Stress
from chainsim.study.loading import Study

from .chains import SHOP

FAR = {"far_supplier": {"lanes[source->shop].lead_time": 6}}
SECTION: dict[str, Any] = {
    "only": ["library", "reverse"], "library": ["demand_up", "supplier_out"], "shocks": FAR, "days": 7, "start": 40,
    "levels": "unchanged", "buffers": False, "replications": 1, "policies": ["daily"],
}  # fmt: skip


def shop(section: dict[str, Any] | None = None) -> Study:
    document = yaml.safe_load(SHOP.replace("UNMET", "lost"))
    document["policies"]["weekly"] = {"type": "base_stock", "order_up_to_level": 100, "review_interval": 7}
    return chainsim.load_dict({**document, **({} if section is None else {"stress": section})}, name="shop")


def told(found: Stress) -> dict[str, Any]:
    return {"moment": found.moment, "replications": found.replications, "rows": found.rows}


def test_the_section_is_what_a_call_says() -> None:
    assert told(shop(SECTION).stress()) == told(shop().stress(**SECTION))


def test_what_a_call_says_goes_before_the_section() -> None:
    found = shop(SECTION).stress(only="library", library="noise_up", days=3, levels="both", policies=["weekly"], shocks={
        "far_supplier": {"lanes[source->shop].lead_time": 9}, "dear": {"costs.holding_cost": 0.02}})  # fmt: skip
    assert found.moment.days == 3.0
    assert {row.shock for row in found.stood} == {"", "noise_up", "far_supplier", "dear"}
    assert {row.policy for row in found.stood} == {"weekly"}
    assert found.own["far_supplier"] == {"lanes[source->shop].lead_time": 9}
    assert {row.levels for row in found.stood} == {"unchanged", "re-derived"}


def test_levels_unchanged_are_the_rows_of_both_without_the_others() -> None:
    both = shop().stress(only="library", library=["demand_up"], days=7)
    one = shop().stress(only="library", library=["demand_up"], days=7, levels="unchanged")
    kept = [row for row in both.rows["stress.csv"] if row["levels"] == "unchanged"]
    assert list(one.rows["stress.csv"]) == kept
    assert one.rows["choice.csv"] == both.rows["choice.csv"]


def test_the_resolved_scenario_says_it_again_and_its_meaning_is_the_same() -> None:
    with_it, without = shop(SECTION).scenario, shop().scenario
    again = chainsim.load_dict(dict(with_it.document)).scenario
    assert again.stress == with_it.stress
    assert again.stress["shocks"] == FAR
    assert with_it.sha256 == without.sha256  # results of a run do not depend on it


@pytest.mark.parametrize(
    ("section", "where", "words"),
    [
        ({"day": 3}, "stress.day", "did you mean 'days'"),
        ({"days": 0}, "stress.days", "above 0"),
        ({"only": ["node"]}, "stress.only", "nodes"),
        ({"only": "everything"}, "stress.only", "nodes, lanes, library, reverse"),
        ({"levels": "re-derived"}, "stress.levels", "unchanged"),
        ({"policies": ["dayly"]}, "stress.policies[0]", "did you mean 'daily'"),
        (
            {"library": ["noise_up", "suplier_out"]},
            "stress.library[1]",
            "unknown shock 'suplier_out' (did you mean 'supplier_out'?)",
        ),
        ({"library": "strike"}, "stress.library", "known: demand_up, lead_times_up"),
        ({"library": ["noise_up", "noise_up"]}, "stress.library[1]", "named twice"),
        ({"library": []}, "stress.library", "names no shock"),
        ({"shocks": {"far": 3}}, "stress.shocks", "paths and their values"),
        ({"shocks": {"far": {}}}, "stress.shocks", "paths and their values"),
        ({"shocks": {"far": {"policies.daily.order_up_to_level": 9}}}, "stress.shocks.far", "no shock of the world"),
        ({"shocks": {"far": {"lanes[source->shp].lead_time": 3}}}, "stress.shocks.far", "did you mean"),
        ({"shocks": {"far": {"lanes[source->shop].lead_time": "soon"}}}, "stress.shocks.far", "got the text 'soon'"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(section: dict[str, Any], where: str, words: str) -> None:
    with pytest.raises(ScenarioError) as error:
        shop(section)
    [finding] = error.value.findings
    assert finding.path == where
    assert words in f"{finding.message} {finding.cure}"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"library": ["demand_upp"]}, "demand_up"),
        ({"library": []}, "at least one shock"),
        ({"library": ["noise_up", "noise_up"]}, "each only once"),
        ({"levels": "all"}, "both, unchanged"),
        ({"shocks": ["far"]}, "must be a mapping"),
        ({"shocks": {"demand_up": {"seed": 2}}}, "in the library already"),
    ],
)
def test_what_a_call_cannot_ask(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        shop().stress(**asked)


def test_the_command_takes_the_section_and_options_go_before_it(tmp_path: Path) -> None:
    file, out = tmp_path / "shop.yaml", tmp_path / "out"
    document = dict(shop({**SECTION, "only": "nodes"}).scenario.document)
    file.write_text(yaml.safe_dump(document), "utf-8")
    assert execute(["stress", str(file), "-q", "--buffers", "--days", "5", "--out", str(out)]) == 0
    command = json.loads((out / "manifest.json").read_text("utf-8"))["command"]
    assert "--days 5" in command
    assert "--buffers" in command
    assert "--only nodes" in command
    assert (out / "nodes.csv").read_text("utf-8").count("daily") == 2  # the supplier and the shop
