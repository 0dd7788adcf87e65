"""Levels corrected by short simulations of their stock point alone: the features that no formula here knows of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import chainsim
from chainsim.engines.base import compiled_support, replications
from chainsim.plan.compile import compile_plan
from chainsim.scenario.model import Scenario
from chainsim.study import calibration
from chainsim.study.calibration import calibrated
from chainsim.study.runs import ShortRuns
from chainsim.study.search import MOST_RUNS
from chainsim.study.store import unsealed
from tests.fastest import ENGINE
from tests.study.promised import promise, scenario
from tests.study.test_isolation import chain

Change = Callable[[dict[str, Any]], object]


def yields(d: dict[str, Any]) -> None:
    d["lanes"][0]["yield"] = {"fraction": {"dist": "uniform", "low": 0.7, "high": 1}}


def outages(d: dict[str, Any]) -> None:
    d["disruptions"] = [
        {
            "type": "outage",
            "lane": {"from": "s", "to": "shop"},
            "time_between": {"dist": "exponential", "mean": 38},
            "duration": 2,
            "known": True,
        }
    ]


FEATURES: dict[str, Change] = {
    "yield": yields,
    "a lifetime": lambda d: (d.update(stock=[{"site": "shop", "lifetime": "1 day"}]), d["demand"][0].update(unmet="lost")),
    "an order multiple": lambda d: d.update(stock=[{"site": "shop", "order_multiple": 50}]),
    "patience": lambda d: d["demand"][0].update(unmet="patience", patience="1 day"),
    "one open order": lambda d: d.update(stock=[{"site": "shop", "one_open_order": True}]),
    "outages": outages,
    "all or nothing": lambda d: (
        d["demand"][0].update(fill="all_or_nothing"), d["policies"]["a"].update(type="s_Q", order_quantity=20)
    ),
}  # fmt: skip


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter simulations, for what does not depend on their length."""
    monkeypatch.setattr(calibration, "RUN_EVENTS", 2e4)


def delivered(whole: Scenario, levels: Any) -> float:
    """The fill rate at these levels over many other replications."""
    plan = compile_plan(whole, "a", levels=levels)
    good = there = 0.0
    for records in replications(plan, 0, 200, engine=ENGINE):
        growth = {k: records.closing["points"][k] - records.opening["points"][k] for k in ("filled", "demanded")}
        good, there = good + growth["filled"].sum(), there + growth["demanded"].sum()
    return good / there


@pytest.mark.parametrize("feature", FEATURES)
def test_the_corrected_level_delivers_what_was_asked_on_other_random_numbers(
    feature: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ENGINE != "compiled":
        pytest.skip("many replications: for the compiled engine")
    promise(monkeypatch, feature)
    whole = scenario(FEATURES[feature])

    levels = calibrated(whole, engine=ENGINE).levels["a"]

    settings = levels["shop", "u"]
    assert settings.promise is not None
    assert settings.promise.expected is not None
    assert (settings.promise.by, settings.promise.unknown, settings.warnings) == ("calibrated", (), ())
    assert settings.promise.expected >= 0.97
    assert settings.promise.expected - 0.97 <= 0.002 or (settings.promise.one_less or 1.0) < 0.97
    assert delivered(whole, levels) == pytest.approx(settings.promise.expected, abs=0.004)


def test_a_level_without_the_yield_was_short_by_ten_points(monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "yield", level=47.0)
    whole = scenario(yields)

    (entry,) = calibrated(whole, engine=ENGINE).entries

    assert entry["before"] == 47.0
    assert entry["after"] == 55.0
    assert 2 <= entry["runs"] <= 8
    assert entry["measured"] >= 0.97 > entry["one_less"]


LANE = {"from": "dc", "to": "shop"}
SURPRISES = {
    "an outage of the lane": {"type": "outage", "lane": LANE, "start": 100, "duration": 60},
    "an outage of the source": {"type": "outage", "site": "dc", "start": 100, "duration": 60},
    "outages at random": {
        "type": "outage",
        "lane": LANE,
        "duration": 10,
        "time_between": {"dist": "exponential", "mean": 60},
    },
    "lead times stretched": {
        "type": "outage",
        "lane": LANE,
        "start": 100,
        "duration": 300,
        "stops": "nothing",
        "stretches": 3,
    },
    "goods held": {"type": "outage", "site": "dc", "start": 100, "duration": 60, "stops": "nothing", "holds": True},
    "a surge": {"type": "surge", "site": "shop", "product": "u", "start": 100, "duration": 60, "factor": 3},
}


@pytest.mark.parametrize("surprise", SURPRISES)
def test_a_surprise_moves_no_level(surprise: str, few_short_runs: None) -> None:
    """Levels that short simulations correct for what planners know: lots that overtake each other, sales that are lost, a wait
    at the dc. With `known: true` the same event moves them."""
    calm: dict[str, Any] = {
        "chainsim": 1,
        "title": "A shop behind a dc",
        "time": {"unit": "day", "warm_up": 60, "horizon": 720, "bucket": 30},
        "products": {"u": {"unit_cost": 1}},
        "sites": {"supplier": {"kind": "supplier"}, "dc": {"kind": "dc"}, "shop": {"kind": "store"}},
        "lanes": [
            {"from": "supplier", "to": "dc", "lead_time": 5, "order_cost": 20},
            {**LANE, "lead_time": {"dist": "discrete", "values": [1, 4], "probabilities": [0.5, 0.5]}, "order_cost": 5},
        ],
        "costs": {"currency": "EUR", "holding_cost": "0.01 per day"},
        "demand": [{"site": "shop", "product": "u", "quantity": {"dist": "poisson", "mean": 10}, "every": 1, "unmet": "lost"}],
        "policies": {"lots": {"type": "s_Q", "fill_rate": 0.97}, "daily": {"type": "R_S", "review_interval": 1, "fill_rate": 0.97}},
    }  # fmt: skip

    def corrected(*events: dict[str, Any]) -> dict[Any, tuple[float, ...]]:
        found = calibrated(chainsim.load_dict({**calm, "disruptions": list(events)}).scenario, engine=ENGINE)
        assert found.entries
        return {(a, *place): known.p for a, levels in found.levels.items() for place, known in levels.items()}

    event = SURPRISES[surprise]
    before = corrected()

    assert corrected(event) == before
    assert corrected({**event, "known": True}) != before


@pytest.mark.parametrize("feature", ["yield", "a lifetime", "all or nothing"])
def test_levels_are_the_same_on_both_engines(feature: str, short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled_support():
        pytest.skip("needs the compiled engine")
    promise(monkeypatch, feature)
    whole = scenario(FEATURES[feature])

    assert calibrated(whole, engine="simpy") == calibrated(whole, engine="compiled")


def test_levels_do_not_depend_on_the_seed_that_is_reported(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "yield")
    one, two = scenario(yields), scenario(lambda d: (yields(d), d.update(seed=99, replications=7)))

    assert calibrated(one, engine=ENGINE).levels == calibrated(two, engine=ENGINE).levels


def test_copies_are_simulated_once(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "yield")
    made = []
    usual: Any = ShortRuns.__init__
    monkeypatch.setattr(ShortRuns, "__init__", lambda self, *a, **k: (made.append(1), usual(self, *a, **k))[1])

    def copies(d: dict[str, Any]) -> None:
        yields(d)
        d["sites"]["shop"]["copies"] = 4

    entries = calibrated(scenario(copies), engine=ENGINE).entries

    assert len(made) == 1
    assert [e["site"] for e in entries] == ["shop-1", "shop-2", "shop-3", "shop-4"]
    assert len({e["after"] for e in entries}) == 1


def test_nothing_is_simulated_where_nothing_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch)
    monkeypatch.setattr(ShortRuns, "__init__", lambda *_, **__: pytest.fail("simulated"))

    assert calibrated(scenario(), engine=ENGINE).entries == ()


def test_given_levels_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "yield")
    whole = scenario(
        lambda d: (yields(d), d["policies"].update(a={"type": "R_S", "review_interval": 1, "order_up_to_level": 50}))
    )

    found = calibrated(whole, engine=ENGINE)

    assert found.entries == ()
    assert found.levels["a"]["shop", "u"].p == (50.0,)


def test_validating_simulates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "yield")
    monkeypatch.setattr(ShortRuns, "__init__", lambda *_, **__: pytest.fail("simulated"))
    study = chainsim.Study(scenario(yields))

    study.explain_policies()
    study.engine_support()


def test_a_reorder_point_and_the_level_above_it_move_together(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "yield", level=60.0)
    whole = scenario(lambda d: (yields(d), d["policies"].update(a={"type": "s_S", "fill_rate": 0.97})))
    before = calibration.derive_levels(whole, ["a"])["a"].levels["shop", "u"]

    after = calibrated(whole, engine=ENGINE).levels["a"]["shop", "u"]

    assert after.p[0] != before.p[0]
    assert after.p[1] - after.p[0] == before.p[1] - before.p[0]
    assert after.order_up_to == after.p[1]
    assert after.wake_at == after.p[0]


def test_a_service_no_level_has_is_said(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "a lifetime of 1 day")

    def dying(d: dict[str, Any]) -> None:
        d["stock"] = [{"site": "shop", "lifetime": "1 day"}]
        d["policies"]["a"]["review_interval"] = 3  # what came a day ago is gone before the next order comes

    settings = calibrated(scenario(dying), engine=ENGINE).levels["a"]["shop", "u"]

    (warning,) = settings.warnings
    assert warning.startswith("no level reaches 0.97 here, because of a lifetime of 1 day: the best found is 0.")


def network(d: dict[str, Any]) -> None:
    """A centre that is often short, below it two copies of a shop."""
    chain(d)
    d.pop("disruptions")
    d["policies"] = {"a": {"type": "base_stock", "review_interval": 1, "fill_rate": 0.9}}


def test_shops_deliver_what_was_asked_below_a_centre_that_runs_short(monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "a wait at dc", "yield")
    whole = scenario(network)

    found = calibrated(whole, engine=ENGINE)

    levels = found.levels["a"]
    assert levels["shop-1", "u"] == levels["shop-2", "u"]
    assert [e["site"] for e in found.entries] == ["dc", "shop-1", "shop-2"]  # the centre by itself, then those below it
    promised = levels["shop-1", "u"].promise
    assert promised is not None
    assert (promised.by, promised.unknown) == ("calibrated", ())
    assert delivered(whole, levels) == pytest.approx(promised.expected, abs=0.006)
    assert "short simulations of the network" in levels["shop-1", "u"].derived[0].formula


def fresh(d: dict[str, Any]) -> None:
    """Goods that keep for four days, a centre and a shop that loses what it lacks."""
    chain(d)
    d.pop("disruptions")
    d["lanes"] = [{"from": "s", "to": "dc", "lead_time": 2}, {"from": "dc", "to": "shop", "lead_time": 1}]
    d["sites"]["shop"].pop("copies")
    d["stock"] = [{"product": "u", "lifetime": 4, "age": "travels"}]
    d["demand"][0].update(unmet="lost", quantity={"dist": "negative_binomial", "mean": 12, "sd": 7})
    d["policies"] = {"a": {"type": "base_stock", "review_interval": 1, "fill_rate": 0.95}}


def test_levels_are_sought_again_while_others_move_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The centre is set first, below it a shop that then keeps more and throws more away."""
    if ENGINE != "compiled":
        pytest.skip("many replications: for the compiled engine")
    whole, served = scenario(fresh), {}
    for rounds in (1, calibration.ROUNDS):
        monkeypatch.setattr(calibration, "ROUNDS", rounds)
        found = calibrated(whole, engine=ENGINE)
        served[rounds] = orders_filled(whole, found.levels["a"], "dc")
    assert served[1] < 0.93
    assert served[calibration.ROUNDS] == pytest.approx(0.95, abs=0.008)


def test_levels_that_fit_one_another_are_the_same_on_both_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled_support():
        pytest.skip("needs the compiled engine")
    monkeypatch.setattr(calibration, "NETWORK_EVENTS", 6e3)
    whole = scenario(fresh)

    found = calibrated(whole, engine="simpy")

    assert found == calibrated(whole, engine="compiled")
    assert max(e["runs"] for e in found.entries) > MOST_RUNS  # in more rounds than one


def orders_filled(whole: Scenario, levels: Any, site: str) -> float:
    """Share of the units ordered at a site that left at once, over many other replications."""
    plan = compile_plan(whole, "a", levels=levels)
    i = list(zip(plan.layout.site, plan.layout.product, strict=True)).index((plan.layout.sites.index(site), 0))
    good = there = 0.0
    for records in replications(plan, 0, 200, engine=ENGINE):
        closing, opening = (of["points"][:, i] for of in (records.closing, records.opening))
        good += (closing["requested_filled"] - opening["requested_filled"]).sum()
        there += (closing["requested"] - opening["requested"]).sum()
    return good / there


def test_a_network_too_large_to_try_stays_unknown_and_is_said(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "a wait at dc", "yield")
    monkeypatch.setattr(calibration, "NETWORK_EVENTS", 10.0)
    whole = scenario(lambda d: (network(d), d["demand"][0].update(step={"at": 100, "factor": 1.1})))

    shop = calibrated(whole, engine=ENGINE).levels["a"]["shop-1", "u"]

    assert shop.promise is not None
    assert (shop.promise.by, shop.promise.unknown) == ("calibrated", ("a wait at dc",))  # the yield was simulated
    (warning,) = shop.warnings
    assert warning.startswith("the level leaves out the wait at its source; ")
    assert ": dc plans for a service of 0.9" in warning


def test_no_level_is_sought_in_less_time_than_orders_take(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a horizon that is cut too short the first stock lasts, and any level seems to serve."""
    promise(monkeypatch, "a wait at dc")
    whole = scenario(network)
    derived = calibrated(whole, engine=ENGINE).levels["a"]["shop-1", "u"]
    assert derived.promise is not None
    assert derived.promise.by == "calibrated"  # in all the time there is

    monkeypatch.setattr(calibration, "NETWORK_EVENTS", 400.0)  # a few days
    shop = calibrated(whole, engine=ENGINE).levels["a"]["shop-1", "u"]

    assert shop.promise is not None
    assert (shop.promise.by, shop.promise.unknown) == ("formula", ("a wait at dc",))
    assert shop.warnings


def test_the_textbooks_levels_are_left_as_the_textbook_has_them(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "yield", by="textbook")

    found = calibrated(scenario(yields), engine=ENGINE)

    assert found.entries == ()
    assert found.levels["a"]["shop", "u"].warnings[0].endswith("too far off: yield")


def test_a_level_from_two_moments_is_corrected_by_the_law_itself(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, by="moments")

    (entry,) = calibrated(scenario(), engine=ENGINE).entries

    assert entry["knows"] == ["the law of its demand"]


def test_a_spent_budget_leaves_the_formulas_level_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "yield")
    monkeypatch.setattr(calibration, "TOTAL_EVENTS", 0.0)

    found = calibrated(scenario(yields), engine=ENGINE)

    settings = found.levels["a"]["shop", "u"]
    assert found.entries == ()
    assert settings.promise is not None
    assert (settings.promise.by, settings.promise.unknown) == ("formula", ("yield",))
    assert settings.warnings[0].startswith("the level leaves out part of the model; ")


def test_one_long_replication_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "yield")
    monkeypatch.setattr(calibration, "RUN_EVENTS", 2e4)
    whole = scenario(lambda d: (yields(d), d["time"].update(horizon=365_000)))

    (entry,) = calibrated(whole, engine=ENGINE).entries

    assert entry["reached"]


def test_the_run_uses_the_corrected_levels_and_the_manifest_and_the_derivation_tell(
    short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(monkeypatch, "yield")
    told: list[str] = []

    results = chainsim.run(scenario(yields), engine=ENGINE, jobs=1, tell=told.append)

    (entry,) = results.manifest["calibration"]
    row = results.derived.iloc[0]
    assert row["value"] == entry["after"] != entry["before"]
    assert f"derived {entry['before']:g} without yield; corrected to {entry['after']:g} by" in row["formula"]
    assert told == ["a: short simulations of shop / u (1 of 1)"]


def test_resuming_takes_the_levels_that_were_kept(short: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    promise(monkeypatch, "yield")
    first = chainsim.run(scenario(yields), engine=ENGINE, jobs=1, out=tmp_path / "r")
    monkeypatch.setattr(ShortRuns, "__init__", lambda *_, **__: pytest.fail("simulated again"))

    more = chainsim.run(scenario(yields), engine=ENGINE, jobs=1, out=tmp_path / "r", replications=6, resume=True)

    assert more.manifest["calibration"] == first.manifest["calibration"]
    assert more.derived.equals(first.derived)


def test_an_interrupted_run_kept_them_too(short: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    promise(monkeypatch, "yield")

    def stop(done: int, total: int, left: float | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(chainsim.ChainsimError, match="interrupted after"):
        chainsim.run(scenario(yields), engine=ENGINE, jobs=1, out=tmp_path / "r", progress=stop)
    kept = unsealed(tmp_path / "r" / ".blocks" / "calibration.json")
    monkeypatch.setattr(ShortRuns, "__init__", lambda *_, **__: pytest.fail("simulated again"))

    results = chainsim.run(scenario(yields), engine=ENGINE, jobs=1, out=tmp_path / "r", resume=True)

    assert results.manifest["calibration"] == kept


@pytest.mark.parametrize("damage", [{"after": "many"}, {"runs": None}, {"reached": 1}, {"asked": 0.5}])
def test_damaged_or_other_entries_are_made_anew(
    damage: dict[str, Any], short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(monkeypatch, "yield")
    whole = scenario(yields)
    first = calibrated(whole, engine=ENGINE)

    again = calibrated(whole, engine=ENGINE, known=[{**first.entries[0], **damage}])

    assert again == first
