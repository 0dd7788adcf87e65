"""The page, the terminal and the tables say the same; the command refuses what it cannot do before it works."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import chainsim
from chainsim.cli import execute
from chainsim.cli.app import app
from chainsim.errors import BudgetError, UsageError
from chainsim.stress.results import Stress
from chainsim.stress.stressing import stress

from .chains import CHAIN, SHOP, shop

pytestmark = pytest.mark.usefixtures("without_charts")

TWO = """  weekly: {type: base_stock, order_up_to_level: 95, review_interval: 7}
"""


@pytest.fixture(scope="module")
def found() -> Stress:
    """Two policies, customers who come at random, a site that serves nobody."""
    text = SHOP.replace("UNMET", "lost").replace("quantity: 10,", "quantity: {dist: poisson, mean: 10},")
    text = text.replace("policies: {daily: ", "policies:\n  daily: ").replace(
        "review_interval: 1}}", "review_interval: 1}"
    )
    text = text.replace("shop: {kind: store}", "shop: {kind: store}, '<b>store</b>': {kind: store}")
    text = text.replace("lanes: [", "lanes: [{from: source, to: '<b>store</b>', lead_time: 1}, ")
    study = chainsim.load_text(text + TWO)
    study = study.with_({"targets.fill_rate": 0.94})
    return study.stress(
        days=10, replications=3, engine="simpy", jobs=1, shocks={"dear_goods": {"products.tea.unit_cost": 4}}
    )


def test_every_number_of_the_page_is_one_of_the_tables(found: Stress) -> None:
    cells = set()
    for name, data in found.files.items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(data.decode())):
                cells |= {float(cell) for cell in row if re.fullmatch(r"-?[0-9.]+(e[+-]?[0-9]+)?", cell)}
    page = found.files["stress.html"].decode()
    shown = [float(value) for value in re.findall(r'<data value="([^"]+)"', page)]
    assert len(shown) > 100
    assert [value for value in shown if value not in cells] == []


def test_the_page_loads_nothing_and_a_name_is_no_markup(found: Stress) -> None:
    page = found.files["stress.html"].decode()
    assert "<b>store" not in page
    assert "&lt;b&gt;store" in page
    assert not re.search(r"(?:src|href)=\"https?:", page)
    assert "default-src 'none'" in page


def test_the_answer_comes_first(found: Stress) -> None:
    from chainsim.report.stress import glance

    told = glance(found)
    assert "out for 10" in told.sentences[0]
    assert "hurts most" in told.sentences[0]
    assert any("meets the target in" in sentence for sentence in told.sentences)
    assert told.sentences[0].split(",")[0] in found._repr_html_()
    assert any("Nobody is served through" in sentence for sentence in told.sentences)


def test_counts_are_those_of_the_rows(found: Stress) -> None:
    table = found.shocks
    assert not table["unit"].fillna("").str.contains("{", regex=False).any()
    money = found.scenario.currency or "money"
    assert set(table.loc[table["kpi"] == "total_cost", "unit"]) == {f"{money}/year"}
    fills = table[(table.kpi == "fill_rate") & (table["levels"] == "unchanged") & (table["shock"] != "calm")]
    for policy, own in fills.groupby("policy"):
        [row] = found.choice[found.choice.policy == policy].to_dict("records")
        assert row["meets_target"] == int((own["mean"] >= 0.94).sum())
        assert row["shocks"] == len(own)
    assert 0 < min(found.choice.meets_target) < found.choice.shocks[0]
    assert "dear_goods" in set(fills["shock"])


def test_without_a_target_nothing_is_said_of_surviving() -> None:
    text = SHOP.replace("UNMET", "lost").replace("targets: {fill_rate: 0.9}\n", "")
    found = chainsim.load_text(text).stress(
        days=10, replications=1, jobs=1, engine="simpy", only=["library", "reverse"]
    )
    assert found.choice.meets_target.isna().all()
    assert found.reverse.empty
    assert any("sets no target" in remark for remark in found.remarks)
    assert found.files["stress.html"]


def test_what_cannot_be_asked_is_refused() -> None:
    for options, told in (
        ({"only": "node"}, "unknown part 'node'; known: nodes, lanes, library, reverse"),
        ({"days": 0}, "days must be a finite number above 0"),
        ({"shocks": {"demand_up": shop()}}, "is in the library already"),
        ({"policies": ["dayly"]}, "unknown policy 'dayly' .did you mean 'daily'"),
    ):
        with pytest.raises(UsageError, match=told):
            stress(shop(), **options)  # type: ignore[arg-type]


def test_too_much_is_refused_before_it_is_simulated() -> None:
    with pytest.raises(BudgetError, match="runs of 2 replications and 1 policies.*--only nodes,library"):
        stress(shop(), days=10, max_events=1000)
    with pytest.raises(BudgetError, match="numbers to keep"):
        long = replace(shop(), time=replace(shop().time, horizon=2700.0))
        stress(long, days=10, only="nodes", replications=33_000, max_events=1e12)


def test_the_command(tmp_path: Path) -> None:
    scenario, own = tmp_path / "chain.yaml", tmp_path / "own.yaml"
    scenario.write_text(CHAIN, "utf-8")
    own.write_text("far_away: {'lanes[source->dc].lead_time': 9}\n", "utf-8")
    options = ["--days", "10", "--jobs", "1", "--engine", "simpy", "--out", str(tmp_path / "out"), "--shocks", str(own)]
    done = CliRunner().invoke(app, ["stress", str(scenario), *options, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    content = json.loads(done.stdout)
    assert {row["shock"] for row in content["stress"]} >= {"calm", "demand_up", "far_away"}
    [dc] = [row for row in content["nodes"] if row["place"] == "dc"]
    assert dc["length"] == 10
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "stress.csv",
        "nodes.csv",
        "reverse.csv",
        "choice.csv",
        "shocks.yaml",
        "stress.html",
        "manifest.json",
    }
    own.write_text("- 3\n", "utf-8")
    with pytest.raises(UsageError, match="must be names, each with the paths it changes"):
        CliRunner().invoke(app, ["stress", str(scenario), *options], catch_exceptions=False)


def test_the_manifest_says_how_to_have_the_same_again(tmp_path: Path) -> None:
    """The command of the manifest, run beside the scenario, gives the same tables; own shocks are in a file it names."""
    asked: dict[str, Any] = {
        "days": 10.0,
        "replications": 2,
        "only": ["nodes", "library"],
        "shocks": {"dear_goods": {"products.tea.unit_cost": 4}},
    }
    study = chainsim.load_text(SHOP.replace("UNMET", "lost"))
    found = study.stress(engine="simpy", jobs=1, buffers=False, **asked)
    found.save(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "stress"
    assert manifest["identity"]["seed"] == study.scenario.seed
    assert manifest["identity"]["shocks"] == {"dear_goods": {"products.tea.unit_cost": 4}}
    assert set(manifest["files"]) == {path.name for path in tmp_path.iterdir()} - {"manifest.json"}
    (tmp_path / "scenario.yaml").write_text(SHOP.replace("UNMET", "lost"), "utf-8")
    words = shlex.split(manifest["command"])
    assert words[:2] == ["chainsim", "stress"]
    again = [
        tmp_path / "scenario.yaml",
        *words[3:],
        "--engine",
        "simpy",
        "--jobs",
        "1",
        "--out",
        tmp_path / "again",
        "-q",
    ]
    again[again.index("shocks.yaml")] = tmp_path / "shocks.yaml"
    assert execute(["stress", *map(str, again)]) == 0
    for name in ("nodes.csv", "stress.csv", "choice.csv"):
        if (tmp_path / name).exists():
            assert (tmp_path / "again" / name).read_bytes() == (tmp_path / name).read_bytes(), name
