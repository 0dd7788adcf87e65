"""Every shipped scenario is valid, tells a story, and runs (shortened)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

import chainsim
from chainsim.data import scenario_names, scenario_path, scenario_title
from chainsim.errors import ScenarioError

QUICK = [name for name in scenario_names() if name not in ("gift_wholesaler_replay", "large_network")]
MODELINE = "# yaml-language-server: $schema=chainsim.schema.json"


def daily_csv(days: int) -> str:
    """Synthetic demand in the form the replay wants: item k sells k mod 7 a day, nothing every fourth day."""
    from datetime import date, timedelta

    document = yaml.safe_load(scenario_path("gift_wholesaler_replay").read_text("utf-8"))
    items = list(document["products"])
    lines = [",".join(["date", *items])]
    for day in range(days):
        quantities = [str(0 if (day + k) % 4 == 3 else (k + day) % 7) for k in range(len(items))]
        lines.append(",".join([(date(2024, 1, 1) + timedelta(day)).isoformat(), *quantities]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", scenario_names())
def test_has_a_modeline_a_title_and_a_story(name: str) -> None:
    text = scenario_path(name).read_text("utf-8")
    assert text.startswith(MODELINE + "\n")
    assert scenario_title(name)
    assert len(yaml.safe_load(text)["story"]) > 150
    assert all(len(line) <= 330 for line in text.splitlines())


@pytest.mark.parametrize("name", QUICK)
def test_runs(name: str) -> None:
    study = chainsim.load(scenario_path(name))
    results = study.run(replications=2 if study.scenario.replications > 1 else 1, jobs=1)
    for policy in results.policies:
        fill = results.estimate(policy, "fill_rate").mean
        assert fill is not None
        assert 0 < fill <= 1
    assert results.audit["passed"].all()


def test_replay_says_what_is_missing(tmp_path: Path) -> None:
    shutil.copy(scenario_path("gift_wholesaler_replay"), tmp_path)
    with pytest.raises(ScenarioError, match=r"daily\.csv"):
        chainsim.load(tmp_path / "gift_wholesaler_replay.yaml")


def test_replay_runs_on_the_users_file(tmp_path: Path) -> None:
    shutil.copy(scenario_path("gift_wholesaler_replay"), tmp_path)
    (tmp_path / "daily.csv").write_text(daily_csv(374), "utf-8")
    results = chainsim.load(tmp_path / "gift_wholesaler_replay.yaml").run(replications=1, jobs=1, policies=["textbook"])
    assert results.audit["passed"].all()
    assert 0 < results.estimate("textbook", "fill_rate").mean <= 1


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
