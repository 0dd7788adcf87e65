"""P11–P20: what must not change a result, on random networks."""

from __future__ import annotations

import numpy as np
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import Record

from .networks import Document, changed, networks, run, scenario_of

few = settings(max_examples=20, deadline=None)


def by_name(plan: Plan, record: Record, *, upto: int | None = None) -> dict[tuple[str, str], list[tuple[float, ...]]]:
    """What happened at every stock point, by name: tick, kind, quantity, on hand, on order, backorders."""
    assert record.log is not None
    history: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    for line in record.log:
        if upto is None or line.tick < upto:
            i = line.point
            key = plan.layout.sites[plan.layout.site[i]], plan.layout.products[plan.layout.product[i]]
            history.setdefault(key, []).append((line.tick, line.kind, line.quantity, *line[6:9]))
    return history


@few
@given(networks())
def test_the_same_input_gives_the_same_log(document: Document) -> None:
    """P11."""
    _plan, record = run(document)
    _again_plan, again = run(document)
    assert record.log == again.log
    assert np.array_equal(record.series, again.series)


@few
@given(networks(), st.randoms(use_true_random=False))
def test_order_in_the_file_makes_no_difference(document: Document, random: object) -> None:
    """P12: sites, lanes, products, demand, rules and keys in any order."""
    shuffled = changed(document)
    for key in ("lanes", "demand", "stock", "disruptions"):
        random.shuffle(shuffled[key])  # type: ignore[attr-defined]
    random.shuffle(shuffled["policies"]["only"]["rules"])  # type: ignore[attr-defined]
    for key in ("products", "sites"):
        items = list(shuffled[key].items())
        random.shuffle(items)  # type: ignore[attr-defined]
        shuffled[key] = dict(items)
    _plan, record = run(document)
    _other_plan, other = run(dict(reversed(shuffled.items())))
    assert record.log == other.log
    assert np.array_equal(record.series, other.series)


@few
@given(networks())
def test_comments_and_style_make_no_difference(document: Document) -> None:
    """P12: flow style and comments."""
    from pathlib import Path

    from chainsim.scenario.load import load_text

    text = "# a comment\n" + yaml.safe_dump(document, default_flow_style=True, width=10_000)
    assert load_text(text, "random.yaml", Path.cwd()).sha256 == scenario_of(document).sha256


@few
@given(networks())
def test_a_far_store_and_an_idle_store_leave_the_others_unchanged(document: Document) -> None:
    """P14: a store with a source of its own, and a store nobody buys from."""
    more = changed(document)
    more["sites"] |= {"zz_far": {"kind": "store"}, "zz_source": {"kind": "supplier"}, "zz_idle": {"kind": "store"}}
    more["lanes"] += [
        {"from": "zz_source", "to": "zz_far", "lead_time": {"dist": "exponential", "mean": 2}},
        {"from": "supplier", "to": "zz_idle", "products": ["p1"], "lead_time": 1},
    ]
    more["demand"].append({"site": "zz_far", "product": "p1", "quantity": {"dist": "poisson", "mean": 3}})
    before = by_name(*run(document))
    after = by_name(*run(more))
    mine = {key: history for key, history in after.items() if not key[0].startswith("zz") and key[0] != "supplier"}
    assert mine == {key: history for key, history in before.items() if key[0] != "supplier"}


@few
@given(networks())
def test_products_that_share_nothing_are_separate_runs(document: Document) -> None:
    """P15: removing one product leaves the others, where they share no production."""
    assume(len(document["products"]) > 1)
    assume(not any("production" in site for site in document["sites"].values()))
    less = changed(document)
    gone = "p1"
    del less["products"][gone]
    less["demand"] = [entry for entry in less["demand"] if entry["product"] != gone]
    for lane in less["lanes"]:
        lane["products"].remove(gone)
    less["stock"] = [entry for entry in less["stock"] if entry.get("product") != gone]
    whole = by_name(*run(document))
    part = by_name(*run(less))
    assert part == {key: history for key, history in whole.items() if key[1] != gone}


@few
@given(networks())
def test_a_replication_alone_is_the_same_as_among_others(document: Document) -> None:
    """P16: replication 1 does not depend on whether replication 0 ran before."""
    scenario = scenario_of(document)
    plan = compile_plan(scenario, "only")
    simulate(plan, 0)
    after = simulate(plan, 1, log=True)
    alone = simulate(compile_plan(scenario, "only"), 1, log=True)
    assert after.log == alone.log


@few
@given(networks())
def test_a_longer_horizon_leaves_history_unchanged(document: Document) -> None:
    """P17, P18."""
    longer = changed(document)
    longer["time"]["horizon"] = 55
    plan, record = run(document)
    other_plan, other = run(longer)
    assert by_name(plan, record) == by_name(other_plan, other, upto=plan.clock.end)


@few
@given(networks())
def test_recording_more_changes_nothing(document: Document) -> None:
    """P19: the log and smaller buckets only look."""
    finer = changed(document)
    finer["time"]["bucket"] = 0.5
    _plan, logged = run(document, log=True)
    _, silent = run(document, log=False)
    _, fine = run(finer, log=True)
    assert np.array_equal(logged.series, silent.series)
    assert logged.log == fine.log
    for name in ("on_hand_time", "demanded", "filled", "lost", "ordered", "cycles"):
        assert np.array_equal(silent.closing["points"][name], fine.closing["points"][name])


@few
@given(networks())
def test_the_warm_up_only_drops_observations(document: Document) -> None:
    """P20: totals after a warm-up of 10 are those of the whole run less those of a run of 10."""
    document["time"] |= {"warm_up": 10, "horizon": 30}
    none = changed(document)
    none["time"] |= {"warm_up": 0, "horizon": 40}
    short = changed(document)
    short["time"] |= {"warm_up": 0, "horizon": 10}
    _, with_warm_up = run(document)
    _, whole = run(none)
    _, begin = run(short)
    assert with_warm_up.log == whole.log
    for name in ("demanded", "filled", "lost", "ordered", "received", "shipped", "stocked_time"):
        window = with_warm_up.closing["points"][name] - with_warm_up.opening["points"][name]
        assert np.array_equal(window, whole.closing["points"][name] - begin.closing["points"][name])


@few
@given(networks())
def test_renamed_products_give_the_renamed_result_when_names_keep_their_order(document: Document) -> None:
    """P13: with constant times and quantities no stream matters, so names that keep their order only rename."""
    assume(len(document["products"]) == 1)
    for lane in document["lanes"]:
        for key in ("lead_time", "order_lag"):
            if isinstance(lane.get(key), dict):
                lane[key] = 1
        if "gap" in lane.get("departures", ()):
            lane["departures"] = {"every": 2}
    for site in document["sites"].values():
        if "production" in site:
            site["production"]["lead_time"] = 1
    for entry in document["demand"]:
        for key in ("quantity", "size"):
            if key in entry:
                entry[key] = 3
        if "gap" in entry:
            entry["gap"] = 0.7
    document["disruptions"] = [d for d in document["disruptions"] if "start" in d]
    renamed = yaml.safe_load(yaml.safe_dump(document).replace("p1", "quite another"))
    old = by_name(*run(document))
    new = by_name(*run(renamed))
    assert {(site, "quite another"): history for (site, _), history in old.items()} == new


@few
@given(networks(), st.sampled_from([1.5, 2, 3]))
def test_lead_times_stretched_all_the_time_are_longer_lead_times(document: Document, factor: float) -> None:
    """On every lane, and in every plant; with policies that derive nothing from lead times."""
    document["policies"]["only"]["rules"] = []
    for lane in document["lanes"]:
        lane["lead_time"] = 1.5 if "departures" in lane else 2
    made = [site["production"] for site in document["sites"].values() if "production" in site]
    for production in made:
        production["lead_time"] = 0.75
    slow = {"type": "outage", "name": "slow", "site": list(document["sites"]), "stops": "nothing", "stretches": factor}
    stretched = changed(document)
    stretched["disruptions"].append({**slow, "start": 0, "duration": 1000})
    for keys in (*document["lanes"], *made):
        keys["lead_time"] *= factor
    plan, record = run(document)
    assert by_name(plan, record) == by_name(*run(stretched))


@few
@given(networks(), st.sampled_from([0, 1, 2.25]), st.sampled_from(["begins", "ends"]))
def test_what_is_sure_to_be_set_off_is_as_if_it_had_been_scheduled(document: Document, lag: float, when: str) -> None:
    site = list(document["sites"])[-1]
    start = 6 + lag + (3 if when == "ends" else 0)
    cause = {"type": "outage", "name": "cause", "site": "supplier", "start": 6, "duration": 3}
    effect = {"type": "outage", "name": "effect", "site": site, "duration": 4}
    set_off, scheduled = changed(document), changed(document)
    set_off["disruptions"] += [cause, {**effect, "after": {"name": "cause", "when": when, "lag": lag}}]
    scheduled["disruptions"] += [cause, {**effect, "start": start}]
    assert by_name(*run(set_off)) == by_name(*run(scheduled))


@few
@given(networks(), st.sampled_from(["shipments", "nothing"]))
def test_goods_held_twice_in_a_row_are_held_once_for_as_long(document: Document, stops: str) -> None:
    for lane in document["lanes"]:
        lane.pop("departures", None)
    hold = {"type": "outage", "site": list(document["sites"]), "holds": True, "stops": stops}
    once, twice = changed(document), changed(document)
    once["disruptions"].append({**hold, "name": "a", "start": 6, "duration": 5})
    twice["disruptions"] += [
        {**hold, "name": n, "start": start, "duration": 2.5} for n, start in (("a", 6), ("b", 8.5))
    ]
    _plan, record = run(once)
    _same_plan, same = run(twice)
    assert np.array_equal(record.series, same.series)
