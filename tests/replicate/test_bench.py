"""The bench: to the last bit what compiling with the levels given, simulating and measuring gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
import pytest
import yaml

import chainsim
from chainsim.data import scenario_path
from chainsim.engines import compiled_engine
from chainsim.errors import UsageError
from chainsim.kpis import KPIS
from chainsim.plan.compile import compile_plan
from chainsim.plan.derivation import Levels
from chainsim.policies.base import Settings
from chainsim.policies.moved import movable, moved
from chainsim.replicate.bench import Bench, Observed
from chainsim.replicate.task import Block, Outcome, Task, joined
from chainsim.scenario.model import Scenario
from chainsim.study.measuring import Measured, Meter
from tests.fastest import ENGINE

MEASURES = ("fill_rate", "cycle_service_level", "ready_rate", "total_cost")
R = {"health_programme": {"review_interval": "28 days"}}
POLICIES: dict[str, dict[str, Any]] = {
    "base_stock": {"type": "base_stock", "service_level": 0.9},
    "s_Q": {"type": "s_Q", "fill_rate": 0.9},
    "s_S": {"type": "s_S", "fill_rate": 0.9},
    "multi_echelon": {"type": "multi_echelon", "fill_rate": 0.9},
    "jit": {"type": "jit", "buffer_time": 1},
}
CASES = [(name, policy) for name in ("grocer", "serial_textbook", "health_programme") for policy in POLICIES]


@cache
def shipped(name: str) -> Scenario:
    """A shipped scenario under all these policies, for a third of its time."""
    document = yaml.safe_load(scenario_path(name).read_text("utf-8"))
    document["policies"] = {policy: {**text, **R.get(name, {})} for policy, text in POLICIES.items()}
    document["time"]["horizon"] //= 3
    for lane in document["lanes"]:
        lane.setdefault("order_cost", 2)  # without one there are no lots
    return chainsim.load_text(yaml.safe_dump(document), name).scenario


@cache
def bench_of(name: str, policy: str, jobs: int = 1) -> Bench:
    return Bench(shipped(name), policy, measures=MEASURES, detail="stock_point", engine=ENGINE, jobs=jobs)


def varied(settings: Settings, by: float) -> Settings:
    """Another level, and another lot where the rule has one of its own."""
    if movable(settings):
        settings = moved(settings, by)
    else:
        settings = replace(
            settings,
            p=(settings.p[0] + by, *settings.p[1:]),
            order_up_to=settings.order_up_to + by,
            wake_at=settings.wake_at + by,
        )
    if any(known.name == "order_quantity" for known in settings.derived):
        settings = replace(
            settings, p=(settings.p[0], settings.p[1] + 3.0, *settings.p[2:]), order_up_to=settings.order_up_to + 3.0
        )
    return settings


def tries(levels: Levels) -> Iterator[dict[tuple[str, str], Settings]]:
    """One stock point, then all of them, then none, then some with less."""
    places = sorted(levels)
    yield {places[0]: varied(levels[places[0]], 2.0)}
    yield {place: varied(levels[place], float(k % 4)) for k, place in enumerate(places)}
    yield {}
    yield {place: varied(levels[place], -1.0) for place in places[::2]}


def ordinary(scenario: Scenario, policy: str, levels: Levels, first: int, count: int) -> Measured:
    """Compile, simulate, audit, measure: the road of a run."""
    plan = compile_plan(scenario, policy, levels=levels)
    meter = partial(Meter, detail="stock_point", series="network")
    outcome = Task(Block(0, first, count), plan, ENGINE, meter).run()
    assert isinstance(outcome, Outcome), outcome
    return joined(outcome.parts)


def check(seen: Observed, known: Measured) -> None:
    for k, name in enumerate(seen.measures):
        column = KPIS.names().index(name)
        assert seen.numerators[:, :, k].tobytes() == known.numerators[:, :, column].tobytes(), name
        assert seen.denominators[:, :, k].tobytes() == known.denominators[:, :, column].tobytes(), name


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_to_the_last_bit_what_the_ordinary_road_gives(name: str, policy: str) -> None:
    bench = bench_of(name, policy)
    served = []
    for k, changes in enumerate(tries(bench.levels)):
        seen = bench.observe(changes, first=k, count=2)
        check(seen, ordinary(shipped(name), policy, {**bench.levels, **changes}, k, 2))
        served.append(bench.observe(changes, count=2).value("total_cost"))
    assert len(set(served)) == len(served)  # the levels made a difference


@pytest.mark.parametrize("policy", ["s_Q", "multi_echelon"])
def test_threads_change_nothing(policy: str) -> None:
    alone, together = bench_of("grocer", policy), bench_of("grocer", policy, 2)
    for changes in tries(alone.levels):
        one, two = alone.observe(changes, first=3, count=5), together.observe(changes, first=3, count=5)
        assert one.numerators.tobytes() == two.numerators.tobytes()
        assert one.denominators.tobytes() == two.denominators.tobytes()


def test_a_sample_may_be_taken_in_pieces_and_what_was_tried_between_leaves_no_trace() -> None:
    bench = bench_of("serial_textbook", "base_stock")
    one, other = list(tries(bench.levels))[:2]
    whole = bench.observe(one, count=5)
    pieces = []
    for first, count in ((0, 1), (1, 3), (4, 1)):
        pieces.append(bench.observe(one, first=first, count=count).numerators)
        bench.observe(other, first=first, count=count)
    assert np.concatenate(pieces).tobytes() == whole.numerators.tobytes()


def test_the_numbers_of_another_file_give_what_that_file_gives() -> None:
    """`local_levels` writes its levels in the scenario: put on the bench of `each_alone`, they are that policy."""
    scenario = chainsim.load(scenario_path("serial_textbook")).scenario
    bench = Bench(scenario, "each_alone", measures=MEASURES, detail="stock_point", engine=ENGINE)
    given = Bench(scenario, "local_levels", engine=ENGINE).levels
    assert given != bench.levels
    check(bench.observe(given, count=2), ordinary(scenario, "local_levels", given, 0, 2))


GIVEN_STOCK = """
chainsim: 1
title: Stock on hand and on its way
time: {unit: day, warm_up: 0, horizon: 60, bucket: 7}
replications: 2
products: {p: {unit_cost: 10, unit_price: 15}}
sites: {s: {kind: supplier}, dc: {kind: dc}, a: {kind: store}, b: {kind: store}}
lanes:
  - {from: s, to: dc, lead_time: {dist: gamma, mean: 3, cv: 0.5}, order_cost: 20}
  - {from: dc, to: a, lead_time: 1, order_cost: 2}
  - {from: dc, to: b, lead_time: 2, order_cost: 2, order_lag: 1}
stock:
  - {site: a, initial: {on_hand: 3, shipments: [{from: dc, quantity: 6, due: 1}]}}
  - {site: b, initial: {orders: [{from: dc, quantity: 5, due: 0.5}]}}
demand:
  - {site: [a, b], product: p, quantity: {dist: poisson, mean: 3}, unmet: backorder, season: {weekly: [1, 1, 1, 1, 1, 2, 0.5]}}
costs: {carrying_rate: 25% per year, backorder: 1}
policies:
  me: {type: multi_echelon, fill_rate: 0.95}
  s_Q: {type: s_Q, fill_rate: 0.95}
  R_S: {type: R_S, fill_rate: 0.95, review_interval: 2, offset: random}
"""


@pytest.mark.parametrize("policy", ["me", "s_Q", "R_S"])
@pytest.mark.parametrize("engine", ["simpy", ENGINE])
def test_given_stock_stays_and_seasons_are_followed(policy: str, engine: str) -> None:
    scenario = chainsim.load_text(GIVEN_STOCK, "given").scenario
    bench = Bench(scenario, policy, measures=MEASURES, detail="stock_point", engine=engine)
    assert bool(bench.plan().pages.size) == (policy != "me")
    for changes in tries(bench.levels):
        check(bench.observe(changes, count=3), ordinary(scenario, policy, {**bench.levels, **changes}, 0, 3))
        assert bench.plan(changes).points["on_hand"][bench.frame.ground.network.index["a", "p"]] == 3.0


def test_memory_is_kept_as_long_as_only_levels_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="the compiled engine needs numba")
    made: list[int] = []
    usual = compiled_engine.State.__init__
    monkeypatch.setattr(
        compiled_engine.State, "__init__", lambda self, *a, **k: (made.append(1), usual(self, *a, **k))[1]
    )
    scenario = chainsim.load_text(GIVEN_STOCK, "given").scenario
    bench = Bench(scenario, "s_Q", engine="compiled")
    for changes in tries(bench.levels):
        bench.observe(changes, count=1)
    assert len(made) == 1
    place = ("dc", "p")
    watching = replace(bench.levels[place], watch="level")  # another quantity: the memory is laid out anew
    check_one = bench.observe({place: watching}, count=2)
    assert len(made) == 2
    plan = compile_plan(scenario, "s_Q", levels={**bench.levels, place: watching})
    again = list(compiled_engine.replications(plan, 0, 2))
    assert sum(len(records) for records in again) == len(check_one) == 2


def test_sums_are_estimated_as_sums() -> None:
    bench = bench_of("serial_textbook", "s_Q")
    seen = bench.observe(count=3)
    above, below = seen.of("fill_rate")
    assert seen.value("fill_rate") == above.sum() / below.sum()
    assert seen.value("total_cost") == seen.of("total_cost")[0].mean()
    assert [scope.level for scope in seen.scopes][:2] == ["network", "network"]
    assert np.isnan(replace(seen, denominators=np.zeros_like(seen.denominators)).value("fill_rate"))


def test_what_means_nothing_is_refused() -> None:
    bench = bench_of("serial_textbook", "s_Q")
    with pytest.raises(UsageError, match="policy 's_Q' has no stock point attic / item"):
        bench.observe({("attic", "item"): bench.levels["stage_1", "item"]}, count=1)
    with pytest.raises(UsageError, match="fill_rate"):
        Bench(shipped("serial_textbook"), "s_Q", measures=("fil_rate",))
    with pytest.raises(UsageError, match="unknown policy"):
        Bench(shipped("serial_textbook"), "s_q")
