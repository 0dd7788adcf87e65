"""The README's policy, in a package of its own with an entry point: it appears in YAML, schema, run, page and lists."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCENARIO = """\
chainsim: 1
title: A plugin at work
time: {unit: day, warm_up: 7, horizon: 56, bucket: week}
replications: 3
seed: 1
products: {tea: {unit_cost: 2, unit_price: 3}}
sites: {source: {kind: supplier}, shop: {kind: store}}
lanes: [{from: source, to: shop, lead_time: 2}]
demand: [{site: shop, product: tea, quantity: 6, unmet: lost}]
costs: {currency: EUR, carrying_rate: 25% per year, lost_sale: margin}
policies: {cover: {type: shelf_cover, days: 10, review_interval: 1 week}}
"""


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with the package installed in it, as pip would leave it, and a scenario that uses it."""
    [code] = re.findall(r"```python\n(from collections.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "shop_policies.py").write_text(code, "utf-8")
    info = tmp_path / "site" / "shop_policies-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-policies\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[chainsim.policies]\nshelf_cover = shop_policies:ShelfCover\n", "utf-8")
    (tmp_path / "shop.yaml").write_text(SCENARIO, "utf-8")
    return tmp_path


def chainsim(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder / "site"), str(ROOT / "src")])
    return subprocess.run(
        [sys.executable, "-m", "chainsim", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_is_loaded_unasked(outside: Path) -> None:
    done = chainsim(outside, "validate", "shop.yaml")
    assert done.returncode == 2
    assert "shelf_cover" in done.stderr


@pytest.mark.slow
def test_it_runs_on_workers_and_its_page_tells_its_parameters(outside: Path) -> None:
    done = chainsim(outside, "run", "shop.yaml", "--allow-plugins", "--jobs", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert {row["policy"] for row in json.loads(done.stdout)["summary"]} == {"cover"}
    derived = (outside / "results" / "shop" / "derived.csv").read_text("utf-8")
    assert "days × mean demand" in derived
    assert "days × mean demand" in (outside / "results" / "shop" / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_it_is_in_the_schema_the_list_and_the_explanations(outside: Path) -> None:
    assert '"shelf_cover"' in chainsim(outside, "schema", "--allow-plugins").stdout
    assert "shelf_cover" in chainsim(outside, "list", "policies", "--allow-plugins").stdout
    assert "Days of mean demand" in chainsim(outside, "explain", "shelf_cover", "--allow-plugins").stdout
    assert '"shelf_cover"' not in chainsim(outside, "schema").stdout
