"""What a stress test measures is what `chainsim run` measures on the scenario with the shock written in, to the last bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import chainsim
from chainsim.data import scenario_path
from chainsim.errors import UsageError
from chainsim.plan.compile import compile_plan
from chainsim.plan.derivation import derive_levels
from chainsim.plan.outages import with_outage
from chainsim.scenario.model import Scenario
from chainsim.stress.buffers import cheapest
from chainsim.stress.calm import cut_short, watched_closely
from chainsim.stress.outages import MEASURES, Moment, last_moment, outages
from chainsim.stress.places import places_of, with_ways
from chainsim.stress.stressing import stress
from chainsim.stress.watch import observe
from chainsim.study.calibration import Calibrated
from chainsim.study.loading import Study
from tests.fastest import ENGINE

from .chains import calm_of

SHORT = {"time.warm_up": 14, "time.horizon": 84, "replications": 2}


@pytest.fixture(scope="module")
def grocer() -> Study:
    return chainsim.load(scenario_path("grocer")).with_(SHORT)


OUT = {
    "dc": {"type": "outage", "site": "dc", "start": 40, "duration": 9},
    "plant → dc": {"type": "outage", "lane": {"from": "plant", "to": "dc"}, "start": 40, "duration": 9},
}
ALREADY = {"type": "outage", "site": "store-3", "time_between": {"dist": "exponential", "mean": 30}, "duration": 2}

CHAIN = [
    {**ALREADY, "name": "strike"},
    {"type": "outage", "name": "jam", "site": "dc", "stretches": 2, "duration": 3, "after": {"name": "strike"}},
]


@pytest.mark.parametrize("name", OUT)
@pytest.mark.parametrize(
    "before",
    [[], [ALREADY, {**OUT["dc"], "start": 20, "every": 25}], CHAIN],
    ids=["calm", "with others", "with a chain"],
)
def test_a_plan_with_an_outage_is_that_of_the_scenario_which_says_so(
    grocer: Study, name: str, before: list[dict[str, object]]
) -> None:
    calm = calm_of(grocer.with_({"disruptions": before}).scenario, "jit")
    ground = calm.frame.ground
    [place] = [p for p in places_of(ground.network, ground.layout) if p.name == name]
    made = with_outage(calm.plan, ground, place.outage(40.0, 9.0))
    written = compile_plan(grocer.with_({"disruptions": [*before, OUT[name]]}).scenario, "jit", levels=calm.levels)
    assert made.outages.tolist() == written.outages.tolist()
    assert made.outage_lanes.tolist() == written.outage_lanes.tolist()
    assert np.array_equal(made.streams.streams["key_low"], written.streams.streams["key_low"])
    assert len(made.outages) == len(before) + 1


@pytest.mark.parametrize("name", OUT)
def test_measures_are_those_of_a_run_with_the_outage_written_in(grocer: Study, name: str) -> None:
    calm = calm_of(watched_closely(grocer.scenario), "jit")
    ground = calm.frame.ground
    [place] = [p for p in places_of(ground.network, ground.layout) if p.name == name]
    plan = with_outage(calm.plan, ground, place.outage(40.0, 9.0))
    [(_, seen)] = observe([calm.subject(MEASURES, plan=plan)], 2, engine=ENGINE, jobs=1)
    table = grocer.with_({"disruptions": [OUT[name]]}).run(policies=["jit"], jobs=1, engine="simpy").replications
    for k, kpi in enumerate(MEASURES):
        here = table[(table.kpi == kpi) & (table.site == "") & (table["product"] == "")]
        values = seen.numerators[:, k] / np.where(np.isnan(seen.denominators[:, k]), 1.0, seen.denominators[:, k])
        assert here.value.tolist() == values.tolist()


def test_the_library_says_what_a_run_says(grocer: Study) -> None:
    """A shock of the world and an outage, as a surprise and as known, against runs of the same scenario written by hand."""
    found = stress(
        grocer.scenario, policies=["jit"], days=9, start=40, only="library", jobs=1, engine="simpy",
        shocks={"dearer": grocer.with_({"costs.carrying_rate": "60% per year"}).scenario},
    )  # fmt: skip
    rows = {(r.shock, r.levels): r.values for r in found.stood}

    def run(changes: dict[str, object]) -> chainsim.Results:
        return grocer.with_(changes).run(policies=["jit"], jobs=1, engine="simpy")

    def same(key: tuple[str, str], results: chainsim.Results) -> None:
        for kpi in MEASURES:
            assert rows[key][kpi].mean == results.estimate("jit", kpi).mean, (key, kpi)  # type: ignore[index]

    same(("", "unchanged"), run({}))
    same(("dc_closed", "unchanged"), run({"disruptions": [OUT["dc"]]}))
    same(("dc_closed", "re-derived"), run({"disruptions": [{**OUT["dc"], "known": True}]}))
    same(("dearer", "re-derived"), run({"costs.carrying_rate": "60% per year"}))
    same(("demand_up", "re-derived"), run({"demand[0].step": {"at": 0, "factor": 1.2}}))


def test_both_engines_say_the_same(grocer: Study) -> None:
    tables = [
        stress(
            grocer.scenario,
            policies=["jit"],
            days=9,
            start=40,
            only="lanes",
            jobs=1,
            engine=engine,
            replications=1,
            buffers=False,
        ).rows
        for engine in ("simpy", "compiled")
    ]
    assert repr(tables[0]) == repr(tables[1])


def test_an_outage_lies_in_what_is_measured(grocer: Study) -> None:
    for days, start in ((9, 10.0), (90, None), (9, 95.0)):
        with pytest.raises(chainsim.errors.UsageError, match="must lie within what is measured, 14 to 98"):
            stress(grocer.scenario, days=days, start=start)


def test_a_horizon_cut_short_changes_no_buffer(grocer: Study) -> None:
    """Trials of buffers stop when customers could no longer notice; until then nothing is different."""
    full = calm_of(watched_closely(grocer.scenario), "jit")
    ground = full.frame.ground
    places = with_ways(places_of(ground.network, ground.layout), ground.network, full.frame.facts)
    [place] = [p for p in places if p.name == "plant"]
    moment = Moment(40.0, 9.0)
    _, [out] = outages(full, [place], moment, 2, engine=ENGINE, jobs=1)
    short = calm_of(cut_short(ground.scenario, last_moment(place, moment)), "jit")
    assert short.starts[-1] < full.starts[-1]
    brief = replace(short, levels=full.levels)
    found = [cheapest(calm, out, moment, 2, engine=ENGINE, jobs=1) for calm in (full, brief)]
    assert found[0] is not None
    assert found[0].found
    assert found[0] == found[1]


def test_levels_of_a_shock_are_found_on_the_engine_that_was_asked_for(
    grocer: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short test runs on simpy by itself; short simulations of a shock's levels, which are longer, are not bound by that."""
    asked: list[str] = []

    def noted(scenario: Scenario, *, engine: str, tell: object = None) -> Calibrated:
        asked.append(engine)
        return Calibrated({a.name: derive_levels(scenario)[a.name].levels for a in scenario.alternatives}, ())

    monkeypatch.setattr("chainsim.stress.stressing.calibrated", noted)
    monkeypatch.setattr("chainsim.stress.stressing.choose_engine", lambda *_, **__: "simpy")
    monkeypatch.setattr(
        "chainsim.stress.stressing.library",
        lambda calms, shocked, n, *, derive, **_: derive(grocer.scenario, "it") and [],
    )
    stress(grocer.scenario, policies=["jit"], only="library", days=5)
    assert asked == ["auto", "auto"]


@pytest.mark.parametrize("asked", [{"policies": []}, {"policies": ["jit", "jit"]}, {"only": []}])
def test_a_list_that_names_nothing_or_one_twice_is_refused(grocer: Study, asked: dict[str, list[str]]) -> None:
    with pytest.raises(UsageError, match=r"name at least one|names no part"):
        stress(grocer.scenario, days=5, **asked)
