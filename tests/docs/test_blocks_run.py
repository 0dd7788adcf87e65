"""What the documents show runs: every block of Python of a page, one after the other, in a folder with its files; every
block of YAML, whole or put into a whole scenario."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import chainsim
from chainsim.data import scenario_text
from chainsim.experiments.reading import read_experiment
from chainsim.plan.compile import compile_plan
from chainsim.rules import position
from chainsim.rules.log import LOG_KINDS
from tests.cli.test_explain import WHOLE

from .test_documents import PAGES, ROOT, names, write_tables

DAILY = "period,site,product,quantity\n" + "".join(
    f"{k},{site},{product},{k + 1}\n"
    for k in range(2)
    for site in ("shop", "london", "leeds")
    for product in ("soup", "tea", "coffee")
)
# in place of the numbers shown, so that a block takes a second
SHORTER = (("horizon: 365", "horizon: 56"), ("warm_up: 90", "warm_up: 7"), ("replications: 30", "replications: 2"))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)


def shorter(text: str) -> str:
    for old, new in SHORTER:
        text = text.replace(old, new)
    return text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the pages take for granted: shop.yaml of the README, the grocer here and among the scenarios."""
    (tmp_path / "shop.yaml").write_text(shorter(blocks(ROOT / "README.md", "yaml")[0]), "utf-8")
    (tmp_path / "scenarios").mkdir()
    for file in (tmp_path / "grocer.yaml", tmp_path / "scenarios" / "grocer.yaml"):
        file.write_text(shorter(scenario_text("grocer")), "utf-8")
    (tmp_path / "daily.csv").write_text(DAILY, "utf-8")
    write_tables(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=names)
def test_python_runs(page: Path, folder: Path) -> None:
    (folder / "page.py").write_text("\n\n".join(blocks(page, "python")), "utf-8")
    command = [sys.executable, "-W", "ignore", "page.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr


def is_whole(text: str) -> bool:
    return re.search(r"^chainsim: 1\b", text, re.M) is not None


def is_experiment(text: str) -> bool:
    return re.search(r"^experiment: 1\b", text, re.M) is not None


FRAGMENTS = [
    (f"{names(page)}#{i}", text)
    for page in PAGES
    for i, text in enumerate(blocks(page, "yaml"))
    if not is_whole(text) and not is_experiment(text)
]
EXPERIMENTS = [
    (f"{names(page)}#{i}", text) for page in PAGES for i, text in enumerate(blocks(page, "yaml")) if is_experiment(text)
]
WHOLES = [
    (f"{names(page)}#{i}", text) for page in PAGES for i, text in enumerate(blocks(page, "yaml")) if is_whole(text)
]


def test_the_language_is_shown_whole() -> None:
    assert any(where.startswith("docs/scenario-language.md") for where, _ in WHOLES)


@pytest.mark.parametrize(("where", "text"), WHOLES, ids=[where for where, _ in WHOLES])
def test_whole_scenarios_start(where: str, text: str, folder: Path) -> None:
    assert chainsim.load_text(text, folder=folder).explain_policies()


@pytest.mark.parametrize(("where", "text"), FRAGMENTS, ids=[where for where, _ in FRAGMENTS])
def test_fragments_are_valid_in_a_whole_scenario(where: str, text: str, folder: Path) -> None:
    document: dict[str, Any] = yaml.safe_load(WHOLE)
    document["products"]["coffee"] = {"unit_cost": 3, "unit_price": 6}
    document["products"]["milk"] = {"unit_cost": 1, "unit_price": 2}
    document["sites"]["shop"] = {"kind": "shop"}
    document["lanes"].append({"from": "dc", "to": "shop", "lead_time": 1})
    document["demand"].append({"site": "shop", "product": ["tea", "coffee", "milk"], "quantity": 3})
    document.update(yaml.safe_load(text) or {})
    assert chainsim.load_text(yaml.safe_dump(document, sort_keys=False), folder=folder).explain_policies()


@pytest.mark.parametrize(("where", "text"), EXPERIMENTS, ids=[where for where, _ in EXPERIMENTS])
def test_experiments_are_valid_at_every_point(where: str, text: str) -> None:
    asked = read_experiment(yaml.safe_load(text))
    for point in asked.points():
        assert asked.base.with_(point.changes).policies


def test_a_rule_may_read_what_the_how_to_says() -> None:
    page = (ROOT / "docs" / "howto" / "add-a-policy.md").read_text("utf-8")
    [seen] = re.findall(r"^It reads stock through `chainsim\.rules\.position`, (.*?), whichever$", page, re.M)
    functions = re.findall(r"`(\w+)`", seen)
    assert {"inventory_position", "inventory_level"} <= set(functions)
    plan = compile_plan(chainsim.load_text(WHOLE).scenario, "up_to")
    for function in functions:
        assert np.isfinite(getattr(position, function)(np.rec.array(plan.points)[0]))
    [sentence] = re.findall(r"Beside these it may read (.*?) \(", page)
    named = re.findall(r"`?(?:stock\.)?(\w+)`", sentence)
    assert {"on_order", "recent_demand"} <= set(named)
    assert set(named) <= set(np.asarray(plan.points).dtype.names or ())


def test_the_how_to_of_notebooks_names_every_event_and_every_column_of_a_log() -> None:
    page = (ROOT / "docs" / "howto" / "notebooks.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    assert set(LOG_KINDS) <= named
    study = chainsim.load_text(WHOLE)
    log = study.run(jobs=1, replications=1, policies=study.policies[:1]).log(study.policies[0], start="2026-01-05")
    assert set(log.columns) <= named
