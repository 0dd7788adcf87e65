"""Bucket series of groups of stock points, where those of every stock point would be too many: the same in sum, on either engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.cli import execute
from chainsim.data import scenario_path
from chainsim.engines import parity
from chainsim.engines.base import compiled_support, simulate
from chainsim.errors import BudgetError
from chainsim.game.setting import setting_of
from chainsim.kpis import KPIS, Scopes, View, measure_block, months_block, series_block
from chainsim.live.limits import of_groups
from chainsim.plan import series
from chainsim.plan.compile import compile_plan, compile_plans
from chainsim.plan.ground import Ground
from chainsim.plan.plan import Plan
from chainsim.record.audit import audit
from chainsim.record.record import SERIES, Record
from chainsim.record.stack import Records
from chainsim.stress.calm import watched_closely
from chainsim.study import budget, tables

pytestmark = pytest.mark.usefixtures("without_charts")

CHAIN = """
chainsim: 1
title: A chain
time: {unit: day, warm_up: 14, horizon: 105, bucket: week}
replications: 5
seed: 3
products:
  milk: {unit_cost: 1.0, unit_price: 2.0, groups: [fresh]}
  oil: {unit_cost: 3.0, unit_price: 5.0, divisible: true}
sites:
  farm: {kind: supplier}
  dc: {kind: dc, copies: 2}
  store: {kind: store, copies: 4}
  corner: {kind: store, copies: 2, groups: [small]}
lanes:
  - {from: farm, to: dc, lead_time: {dist: gamma, mean: 3, cv: 0.3}, order_cost: 5}
  - {from: dc, to: store, pair: spread, lead_time: 1}
  - {from: dc, to: corner, pair: spread, lead_time: 1}
demand:
  - {site: store, product: milk, quantity: {dist: poisson, mean: 9}, every: 1 day, unmet: lost}
  - {site: store, product: oil, quantity: {dist: gamma, mean: 2, cv: 0.5}, every: 1 day}
  - {site: corner, product: milk, quantity: {dist: poisson, mean: 3}, every: 1 day, unmet: lost}
costs: {currency: EUR, carrying_rate: 25% per year, lost_sale: margin}
targets: {fill_rate: 0.95}
policies:
  weekly: {type: R_S, review_interval: 1 week, service_level: 0.9}
"""
GIVEN = CHAIN.replace("service_level: 0.9}", "order_up_to_level: 80}")
"""With levels that nothing has to correct."""
ENGINES = ["simpy", *(["compiled"] if compiled_support() else [])]
WIDE = {"bullwhip", "bullwhip_cumulative", "net_stock_amplification"}


def study(whose: str | None = None, text: str = CHAIN) -> Any:
    made = chainsim.load_text(text)
    return made if whose is None else made.with_({"time.series": whose})


def plans(text: str = CHAIN) -> tuple[Plan, Plan]:
    """With a series for every stock point, and with one for every group."""
    one, other = (compile_plan(study(whose, text).scenario, "weekly") for whose in ("stock_point", "group"))
    return one, other


def records(plan: Plan, engine: str = "simpy") -> Record:
    return simulate(plan, 0, engine=engine)


def test_a_group_is_a_product_at_a_kind_of_sites_in_the_same_groups() -> None:
    own, grouped = plans()
    names = [
        (own.layout.sites[s], own.layout.products[p]) for s, p in zip(own.layout.site, own.layout.product, strict=True)
    ]
    members: dict[int, list[str]] = {}
    for row, (site, product) in zip(grouped.points["series_row"].tolist(), names, strict=True):
        members.setdefault(row, []).append(f"{site}/{product}")

    assert sorted(map(sorted, members.values())) == [
        ["corner-1/milk", "corner-2/milk"],
        ["dc-1/milk", "dc-2/milk"],
        ["dc-1/oil", "dc-2/oil"],
        ["farm/milk"],
        ["farm/oil"],
        [f"store-{k}/milk" for k in range(1, 5)],
        [f"store-{k}/oil" for k in range(1, 5)],
    ]
    assert own.points["series_row"].tolist() == list(range(len(names)))
    assert not own.grouped


@pytest.mark.parametrize("engine", ENGINES)
def test_a_series_of_a_group_is_the_sum_of_those_of_its_stock_points(engine: str) -> None:
    own, grouped = plans()
    one, other = records(own, engine), records(grouped, engine)
    rows = grouped.points["series_row"]

    for name, by_point, by_group in zip(SERIES, one.series, other.series, strict=True):
        summed = np.array([by_point[rows == r].sum(axis=0) for r in range(grouped.series_rows)])
        assert np.allclose(by_group, summed, rtol=1e-12, atol=1e-9), name
        whole = np.unique(rows[grouped.points["whole"] == 1])
        assert (by_group[whole] == summed[whole]).all()
    for table, closing in one.closing.items():
        for column in set(closing.dtype.names or ()) - {"series_row"}:
            assert (closing[column] == other.closing[table][column]).all()
    audit(other, grouped)


@pytest.mark.skipif(len(ENGINES) < 2, reason="needs the compiled engine")
def test_both_engines_keep_the_same_series_of_groups_to_the_last_bit() -> None:
    _, grouped = plans()
    difference = parity.first_difference(records(grouped), records(grouped, "compiled"), grouped)
    assert difference is None, str(difference)


def test_measures_are_the_same_and_those_that_need_a_series_below_a_group_are_undefined() -> None:
    own, grouped = plans()
    scopes = Scopes.of(own.layout)
    one, other = View(Records.of([records(own)]), own, scopes), View(Records.of([records(grouped)]), grouped, scopes)
    first, second = measure_block(one).values[0], measure_block(other).values[0]

    for k, id in enumerate(KPIS.names()):
        for s, scope in enumerate(scopes.names):
            below = scope.level in ("site", "stock_point")
            if (
                id in WIDE
                and below
                and not (np.isnan(second[s, k]) or first[s, k] == pytest.approx(second[s, k], rel=1e-9))
            ):
                pytest.fail(f"{id} of {scope} is {second[s, k]} and not {first[s, k]}")
            elif not (id in WIDE and below):
                assert second[s, k] == pytest.approx(first[s, k], rel=1e-9, nan_ok=True), (id, scope)
    assert np.isnan(second[scopes.names.index(scopes.names[-1]), KPIS.names().index("bullwhip")])
    assert np.allclose(months_block(one), months_block(other))
    echelons = Scopes.of(own.layout, "echelon")
    a, b = (series_block(View(v.records, v.plan, echelons)) for v in (one, other))
    assert np.allclose(a, b, rtol=1e-12, atol=1e-9)


def test_what_stands_at_the_ends_of_buckets_is_added_up_as_the_series_tell_it() -> None:
    """Charged on the ends of buckets, costs are the same of groups."""
    text = CHAIN.replace("lost_sale: margin}", "lost_sale: margin, charge: bucket_ends}")
    own, grouped = plans(text)
    scopes = Scopes.of(own.layout)
    one, other = View(Records.of([records(own)]), own, scopes), View(Records.of([records(grouped)]), grouped, scopes)

    for name in ("on_hand", "customer_backorders"):
        assert np.allclose(one.end_mean(name), other.end_mean(name), rtol=1e-12)
        assert np.allclose(
            one.end_mean(name) * one.full_buckets.sum(), one.flow({"on_hand": "on_hand_ends"}.get(name, "owed_ends"))
        )
    assert measure_block(other, ["total_cost"]).values == pytest.approx(measure_block(one, ["total_cost"]).values)


def test_series_are_of_groups_where_those_of_stock_points_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve series of every stock point and supplier in 17 weeks."""
    chain = study().scenario
    numbers = series.numbers_of_series(chain.time, len(chain.points))
    assert numbers == 12 * len(chain.points) * 17

    monkeypatch.setattr(series, "MOST_NUMBERS", numbers)
    assert not compile_plan(chain, "weekly").grouped
    monkeypatch.setattr(series, "MOST_NUMBERS", numbers - 1)
    assert compile_plan(chain, "weekly").grouped
    asked = replace(chain, time=replace(chain.time, series="stock_point"))
    assert not compile_plan(asked, "weekly").grouped


def test_too_many_stock_points_are_refused_where_they_must_have_their_own_and_groups_where_these_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budget, "MAX_NUMBERS", 1000.0)
    with pytest.raises(BudgetError, match=r"time\.bucket: \d+ stock points × 17 buckets .*time\.series: group"):
        budget.check_size(study("stock_point").scenario)
    budget.check_size(study("group").scenario)  # by arithmetic alone it could be
    with pytest.raises(BudgetError, match=r"are 7 groups that differ in product, kind of site"):
        study("group").explain_policies()
    with pytest.raises(BudgetError, match=r"are 7 groups"):
        study("group").run(engine="simpy", replications=1)


def test_a_stress_test_needs_every_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_NUMBERS", 1000.0)
    with pytest.raises(BudgetError, match="a stress test watches every place where customers buy"):
        study("group").stress(only="nodes")
    assert not compile_plan(watched_closely(study("group").scenario), "weekly").grouped


def test_a_game_reads_the_series_of_every_role() -> None:
    setting = setting_of(scenario_path("beer_game"), changes={"time.series": "group"})
    assert not setting.board().grouped


@pytest.mark.timeout(900)
def test_a_run_says_what_it_left_out_and_its_page_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "DERIVED_ROWS", 13)
    results = study("group", GIVEN).run(engine="simpy", replications=2, out=tmp_path / "out", detail="stock_point")

    left_out = " ".join(results.manifest["detail"]["left_out"])
    assert "bucket series are kept of 7 groups" in left_out
    assert "bullwhip" in left_out
    rows = results.summary.query("kpi == 'bullwhip' and site == 'store-1' and product == 'milk'")
    assert rows["mean"].isna().all()
    assert "groups of stock points" in rows.method.iloc[0]
    assert set(results.series.site) == {"", "kind:dc", "kind:store", "group:small"}
    assert "derived.csv tells stock points with the same numbers once (4 of 14)" in left_out
    assert set(results.derived.site) == {"corner-1", "dc-1", "store-1"}
    page = results.report().read_text()
    assert "bucket series are kept of 7 groups" in page
    assert "bucket series are kept of groups of the 16 stock points" in page


def test_validate_says_that_series_are_of_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "chain.yaml").write_text(CHAIN)
    assert execute(["validate", str(tmp_path / "chain.yaml")]) == 0
    assert "bucket series" not in capsys.readouterr().err
    monkeypatch.setattr(series, "MOST_NUMBERS", 1000.0)
    assert execute(["validate", str(tmp_path / "chain.yaml")]) == 0
    assert "bucket series are kept of groups of the 16 stock points" in capsys.readouterr().err


def test_what_plans_of_a_run_share_is_compiled_once() -> None:
    grounds: dict[int, Ground] = {}
    chain = study().scenario
    [first], [second] = (compile_plans(chain, grounds=grounds) for _ in range(2))
    assert first.customers is second.customers
    assert len(grounds) == 1


def test_a_page_of_groups_has_no_levers_and_says_why() -> None:
    assert "bucket series are kept of groups of the 16 stock points" in of_groups(study("group").scenario)
    assert of_groups(study("stock_point").scenario) == ""


def test_blocks_of_groups_are_not_those_of_stock_points(tmp_path: Path) -> None:
    """Whether series are of groups is part of what a block is known by, and so is what is left undefined."""
    keys = set()
    for whose in ("stock_point", "group"):
        study(whose, GIVEN).run(engine="simpy", replications=1, out=tmp_path / whose)
        keys |= {block.name.split("-")[0] for block in (tmp_path / whose / ".blocks").glob("*.npz")}
    assert len(keys) == 2
