"""A real scenario through real workers: the same bytes however it runs, and after whatever kills it."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import chainsim
from chainsim.engines.base import simulate
from chainsim.kpis import DETAILS, measure
from chainsim.plan.compile import compile_plan
from chainsim.record.audit import audit
from chainsim.study import Results
from chainsim.study.calibration import calibrated
from tests.fastest import ENGINE

TEXT = """
chainsim: 1
title: A little chain
time: {unit: day, warm_up: 20, horizon: 70, bucket: week}
replications: 6
seed: 7
products:
  soup: {unit_cost: 2.00, unit_price: 3.50}
  salt: {unit_cost: 0.50, unit_price: 0.90}
sites:
  farm: {kind: supplier}
  dc: {kind: dc}
  store: {kind: store, copies: 3}
lanes:
  - {from: farm, to: dc, lead_time: {dist: gamma, mean: 4, cv: 0.3}, order_cost: 60}
  - {from: dc, to: store, lead_time: 1, order_cost: 5, unit_cost: 0.05}
demand:
  - {site: store, product: soup, quantity: {dist: poisson, mean: 6}, every: 1, unmet: backorder}
  - {site: store, product: salt, type: arrivals, gap: {dist: exponential, mean: 0.5},
     size: {dist: discrete_uniform, low: 1, high: 4}, unmet: lost}
costs: {currency: EUR, carrying_rate: 25% per year, backorder: 0.40, lost_sale: margin}
policies:
  s_Q: {type: s_Q, service_level: 0.95}
  R_S: {type: R_S, review_interval: 2, service_level: 0.95}
"""

CHILD = """
import sys, chainsim
study = chainsim.load_text(open(sys.argv[1]).read(), "little")
if __name__ == "__main__":
    try:
        study.run(out=sys.argv[2], jobs=int(sys.argv[3]), resume=len(sys.argv) > 4, block_size=1)
    except chainsim.ChainsimError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
"""


def tables(results: Results) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in results.files.items()}


@pytest.fixture(scope="module")
def straight() -> Results:
    return chainsim.load_text(TEXT, "little").run(jobs=1)


@pytest.mark.parametrize(("jobs", "block_size"), [(1, 4), (2, 1), (2, None), (3, 2)])
def test_workers_and_blocks_change_nothing(straight: Results, jobs: int, block_size: int | None) -> None:
    again = chainsim.load_text(TEXT, "little").run(jobs=jobs, block_size=block_size)
    assert tables(again) == tables(straight)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_hash_seed_of_python_changes_nothing(straight: Results, tmp_path: Path, seed: str) -> None:
    assert child(tmp_path, "2", env={"PYTHONHASHSEED": seed}).wait(timeout=120) == 0
    assert tables(Results.load(tmp_path / "out")) == tables(straight)


@pytest.mark.slow
def test_a_run_stopped_by_ctrl_c_goes_on(straight: Results, tmp_path: Path) -> None:
    process = child(tmp_path, "2")
    wait_for_blocks(tmp_path, process, 1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) in (130, 0)  # 0 when it was done already
    if process.returncode == 130:
        assert "--resume" in process.stderr.read().decode()  # type: ignore[union-attr]
    assert child(tmp_path, "2", "resume").wait(timeout=120) == 0
    assert tables(Results.load(tmp_path / "out")) == tables(straight)


@pytest.mark.slow
@pytest.mark.parametrize("blocks", [0, 1, 3, 6, 11, 12])
def test_a_run_that_was_killed_goes_on(straight: Results, tmp_path: Path, blocks: int) -> None:
    process = child(tmp_path, "2")
    wait_for_blocks(tmp_path, process, blocks)
    process.kill()
    process.wait(timeout=30)
    assert child(tmp_path, "1", "resume").wait(timeout=120) == 0
    assert tables(Results.load(tmp_path / "out")) == tables(straight)


def test_workers_load_only_what_the_engine_needs() -> None:
    code = (
        "import sys, chainsim.study.measuring, chainsim.policies, chainsim.engines.simpy_engine\n"
        "print([m for m in ('scipy', 'pandas', 'pydantic', 'matplotlib', 'yaml', 'joblib') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_every_replication_passes_the_audit_and_sums_agree(straight: Results) -> None:
    scenario = chainsim.load_text(TEXT, "little").scenario
    levels = calibrated(scenario, engine=ENGINE).levels  # as the run corrected them
    for policy in ("s_Q", "R_S"):
        plan = compile_plan(scenario, policy, levels=levels[policy])
        record = simulate(plan, 3)
        assert audit(record, plan).imbalance == 0
        made = measure(record, plan)
        told = straight.replications.query("policy == @policy and replication == 3")
        mine = {
            (s.site, s.product, k): v
            for s, row in zip(made.scopes, made.values, strict=True)
            for k, v in zip(made.ids, row, strict=True)
        }
        assert len(told) == len(mine)
        for row in told.itertuples():
            value = mine[row.site, row.product, row.kpi]
            assert row.value == value or (row.value != row.value and value != value)


@pytest.mark.parametrize(
    "kpi", ["total_cost", "carrying_cost", "ordering_cost", "transport_cost", "shortage_cost", "revenue", "margin"]
)
def test_money_adds_up_over_every_kind_of_scope(straight: Results, kpi: str) -> None:
    means = straight.summary.query("kpi == @kpi and policy == 's_Q'").set_index(["site", "product"])["mean"]
    whole = means["", ""]
    sites = ["dc", "store-1", "store-2", "store-3"]
    assert sum(means["", p] for p in ("soup", "salt")) == pytest.approx(whole)
    assert means["kind:store", ""] + means["kind:dc", ""] == pytest.approx(whole)
    assert sum(means[s, ""] for s in sites) == pytest.approx(whole)
    assert sum(means[s, p] for s in sites for p in ("soup", "salt")) == pytest.approx(whole)


def test_detail_changes_only_what_is_told(straight: Results) -> None:
    for detail in DETAILS:
        less = chainsim.load_text(TEXT, "little").run(jobs=1, detail=detail).summary
        whole = straight.summary.merge(less[["policy", "site", "product", "kpi"]])
        assert whole.equals(less.reset_index(drop=True))


def test_policies_are_explained_without_simulating() -> None:
    told = chainsim.load_text(TEXT, "little").explain_policies()
    assert set(told) == {"s_Q", "R_S"}
    assert {d.symbol for d in told["s_Q"]["store-1", "soup"]} >= {"s", "Q"}


def child(tmp_path: Path, *options: str, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    (tmp_path / "little.yaml").write_text(TEXT)
    (tmp_path / "child.py").write_text(CHILD)
    args = [sys.executable, str(tmp_path / "child.py"), str(tmp_path / "little.yaml"), str(tmp_path / "out"), *options]
    return subprocess.Popen(args, env={**os.environ, **(env or {})}, stderr=subprocess.PIPE)


def wait_for_blocks(tmp_path: Path, process: subprocess.Popen[bytes], n: int) -> None:
    while process.poll() is None and len(list((tmp_path / "out" / ".blocks").glob("*.npz"))) < n:
        time.sleep(0.01)
