"""Random small networks for property tests: 1–8 sites, 1–3 products, any policy, many ties on whole periods.

A network is drawn as the plain data of a scenario file, so that a property can permute, extend or rename it before it
is loaded.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.scenario.load import load_text
from chainsim.scenario.model import Scenario

Document = dict[str, Any]
MACHINES: Document = {"machines": 2, "unit_time": 0.05}

whole_times = st.sampled_from([0, 1, 1, 2, 3, 0.5, 1.25])
quantities = st.one_of(
    st.integers(1, 6).map(lambda m: {"dist": "poisson", "mean": m}),
    st.integers(0, 5).map(lambda v: {"dist": "constant", "value": v}),
    st.integers(1, 4).map(lambda h: {"dist": "discrete_uniform", "low": 0, "high": h}),
    st.just({"dist": "negative_binomial", "mean": 3, "sd": 4}),
    st.just({"dist": "discrete", "values": [0, 1, 9], "probabilities": [0.5, 0.3, 0.2]}),
)
fractional = st.sampled_from(
    [
        {"dist": "gamma", "mean": 2, "cv": 0.7},
        {"dist": "uniform", "low": 0.0, "high": 0.3},
        {"dist": "constant", "value": 0.1},
    ]
)
lead_times = st.one_of(
    whole_times,
    st.just({"dist": "gamma", "mean": 2, "cv": 0.8}),
    st.just({"dist": "discrete", "values": [0, 1, 4], "probabilities": [0.3, 0.4, 0.3]}),
    st.just({"dist": "exponential", "mean": 1.5}),
)


@st.composite
def policies(draw: Any) -> Document:
    """One policy with given parameters."""
    kind = draw(
        st.sampled_from(
            ["base_stock", "s_Q", "s_S", "R_S", "R_s_S", "T_Q", "jit", "kanban", "pout", "sterman", "moving_average"]
        )
    )
    level = draw(st.integers(0, 25))
    gap = draw(st.integers(1, 15))
    periodic = {"review_interval": draw(st.sampled_from([1, 1, 2, 3, 0.5]))}
    maybe = draw(st.sampled_from([{}, periodic]))
    timing = draw(st.sampled_from([{}, {"review": "before_demand"}, {"offset": 0.5}]))
    body: Document = {
        "base_stock": {"order_up_to_level": level, **maybe},
        "s_Q": {"reorder_point": level, "order_quantity": gap, **maybe},
        "s_S": {"reorder_point": level, "order_up_to_level": level + gap, **maybe},
        "R_S": {"order_up_to_level": level, **periodic},
        "R_s_S": {"reorder_point": level, "order_up_to_level": level + gap, **periodic},
        "T_Q": {"order_quantity": gap, **periodic},
        "jit": {"buffer": gap, **maybe},
        "kanban": {"cards": draw(st.integers(1, 4)), "container": gap, **maybe},
        "pout": periodic,
        "sterman": {"desired_stock": level, **periodic},
        "moving_average": periodic,
    }[kind]
    if "review_interval" in body:
        body.update(timing)
    return {"type": kind, **body}


@st.composite
def networks(draw: Any, *, fractions: bool = False, backorders_only: bool = False) -> Document:
    """The plain data of a random scenario: a random tree below one or two suppliers."""
    products = [f"p{i}" for i in range(1, draw(st.integers(1, 3)) + 1)]
    divisible = set(draw(st.lists(st.sampled_from(products), max_size=1))) if fractions else set()
    count = draw(st.integers(1, 7))
    sites: Document = {"supplier": {"kind": "supplier"}}
    lanes: list[Document] = []
    stock: list[Document] = []
    names = ["supplier"]
    for i in range(1, count + 1):
        name = f"s{i}"
        kind = draw(st.sampled_from(["dc", "store"]))
        site: Document = {"kind": kind}
        parent = draw(st.sampled_from(names))
        if i == 1 and draw(st.booleans()):
            site["production"] = {"lead_time": draw(lead_times), "products": list(products)} | draw(
                st.sampled_from([{}, {"capacity": 20}, MACHINES, {**MACHINES, "setup_time": 0.1, "setup_cost": 3}])
            )
        else:
            lane: Document = {"from": parent, "to": name, "products": list(products), "lead_time": draw(lead_times)}
            if draw(st.booleans()):
                lane["order_lag"] = draw(whole_times)
            if draw(st.integers(0, 3)) == 0:
                lane["fill"] = "all_or_nothing"
            if draw(st.integers(0, 3)) == 0:
                lane["crossing"] = "no"
            if draw(st.integers(0, 3)) == 0:
                lane["departures"] = draw(
                    st.sampled_from(
                        [{"every": 2}, {"every": 1.5, "offset": 0.25}, {"gap": {"dist": "exponential", "mean": 1.5}}]
                    )
                )
            lanes.append(lane)
        site["allocation"] = draw(
            st.sampled_from(["first_come", "first_come", "priority", "proportional", "linear", "uniform"])
        )
        sites[name] = site
        names.append(name)
        if draw(st.booleans()):
            stock.append({"site": name, "initial": {"on_hand": draw(st.integers(0, 30))}})
        if draw(st.integers(0, 3)) == 0:
            life = draw(st.sampled_from([1, 2, 2.5, 6]))
            stock.append(
                {
                    "site": name,
                    "lifetime": life,
                    "issuing": draw(st.sampled_from(["fifo", "lifo"])),
                    "age": draw(st.sampled_from(["restarts", "travels"])),
                }
            )
        if draw(st.integers(0, 4)) == 0:
            stock.append(
                {"site": name, "product": products[0], "minimum_order": 3, "order_multiple": 2, "maximum_order": 40}
            )
    for lane in lanes:  # complete orders cannot share
        if lane.get("fill") == "all_or_nothing" and sites[lane["from"]].get("allocation") in (
            "proportional",
            "linear",
            "uniform",
        ):
            del lane["fill"]
    demand: list[Document] = []
    sellers = draw(st.lists(st.sampled_from(names[1:]), min_size=1, unique=True))
    unmets = ["backorder"] if backorders_only else ["backorder", "lost", "patience", "emergency"]
    for seller in sorted(sellers):
        for product in products:
            entry: Document = {"site": seller, "product": product, "unmet": draw(st.sampled_from(unmets))}
            if entry["unmet"] == "patience":
                entry["patience"] = draw(st.sampled_from([0.5, 1, 3]))
            if draw(st.booleans()):
                entry |= {
                    "type": "per_period",
                    "quantity": draw(fractional if product in divisible else quantities),
                    "every": draw(st.sampled_from([1, 1, 0.5, 2])),
                }
            else:
                entry |= {"type": "arrivals", "gap": {"dist": "exponential", "mean": 0.7}, "size": draw(quantities)}
            if sites[seller].get("allocation", "first_come") in ("first_come", "priority"):
                entry["fill"] = draw(st.sampled_from(["partial", "partial", "all_or_nothing"]))
                entry["priority"] = draw(st.integers(1, 2))
            if len(names) > 2 and entry.get("fill") != "all_or_nothing" and draw(st.integers(0, 3)) == 0:
                entry["transship_from"] = [name for name in names[1:] if name != seller][:2]
            demand.append(entry)
    disruptions: list[Document] = []
    if draw(st.integers(0, 2)) == 0:
        disruptions.append(
            {"type": "outage", "site": draw(st.sampled_from(names)), "start": 5, "duration": 3, "every": 11}
        )
    if lanes and draw(st.integers(0, 2)) == 0:
        lane = draw(st.sampled_from(lanes))
        disruptions.append(
            {
                "type": "outage",
                "name": lane["to"],
                "lane": {"from": lane["from"], "to": lane["to"]},
                "time_between": {"dist": "exponential", "mean": 9},
                "duration": {"dist": "exponential", "mean": 2},
                "holds": "departures" not in lane and draw(st.booleans()),
            }
        )
        if draw(st.booleans()):
            after = {
                "name": lane["to"],
                "when": draw(st.sampled_from(["begins", "ends"])),
                "lag": 1,
                "probability": 0.7,
            }
            site = draw(st.sampled_from(names))
            disruptions.append({"type": "outage", "site": site, "duration": 2.5, "after": after})
    rules = [{"site": name, **draw(policies())} for name in names[1:]]
    return {
        "chainsim": 1,
        "title": "Random",
        "time": {
            "unit": "period",
            "warm_up": draw(st.sampled_from([0, 7, 10.5])),
            "horizon": 40,
            "bucket": draw(st.sampled_from([1, 4])),
        },
        "replications": 2,
        "seed": draw(st.integers(0, 1000)),
        "products": {p: {"unit_cost": 1, "unit_price": 2, "divisible": p in divisible} for p in products},
        "sites": sites,
        "lanes": lanes,
        "stock": stock,
        "demand": demand,
        "disruptions": disruptions,
        "costs": {"carrying_rate": 0.01, "backorder": 0.5, "lost_sale": 1},
        "policies": {"only": {"type": "base_stock", "order_up_to_level": 10, "rules": rules}},
    }


def scenario_of(document: Document) -> Scenario:
    """Load plain data through the same door as a file."""
    return load_text(yaml.safe_dump(document, sort_keys=False), "random.yaml", Path.cwd())


def run(document: Document, replication: int = 0, *, log: bool = True) -> tuple[Plan, Record]:
    """Plan and Record of one replication."""
    scenario = scenario_of(document)
    plan = compile_plan(scenario, "only")
    return plan, simulate(plan, replication, log=log)


def changed(document: Document) -> Document:
    """A deep copy to change."""
    return copy.deepcopy(document)
