"""Scenarios made from the registries: whoever registers a policy, a demand process or a distribution is tried here.

`town` puts every demand process × every rule for unmet demand × several lead-time laws side by side, one store for each,
behind one DC; a policy then runs all of them at once. `line` is a serial chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import yaml

from chainsim.chance.base import DISTRIBUTIONS
from chainsim.demand.base import DEMANDS
from chainsim.fields import info_of
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.policies.base import POLICIES
from chainsim.scenario.load import load_text

Document = dict[str, Any]

UNMET: dict[str, Document] = {
    "backorder": {"unmet": "backorder"},
    "lost": {"unmet": "lost"},
    "patience": {"unmet": "patience", "patience": 2},
}
ECHELON_LEVELS: Document = {"reorder_point": 40, "order_up_to_level": 55}
WAYS: dict[str, Document] = {
    "at-once": {"lead_time": {"dist": "discrete", "values": [0, 1], "probabilities": [0.5, 0.5]}},
    "constant": {"lead_time": 2},
    "lag": {"lead_time": 1, "order_lag": 1, "crossing": "no"},
    "gamma": {"lead_time": {"dist": "gamma", "mean": 2, "cv": 0.8}, "crossing": "no"},
    "uniform": {"lead_time": {"dist": "uniform", "low": 0, "high": 3}, "processing": 0.5},
    "lognormal": {
        "lead_time": {"dist": "lognormal", "mean": 2, "cv": 0.5},
        "order_lag": {"dist": "exponential", "mean": 0.3},
        "processing": {"dist": "triangular", "low": 0, "mode": 0.2, "high": 1},
    },
}
SMALL: dict[str, Document] = {  # instead of the examples of the fields: few units, so that stock runs out
    "per_period": {"quantity": {"dist": "negative_binomial", "mean": 3, "sd": 3}},
    "arrivals": {
        "gap": {"dist": "exponential", "mean": 0.6},
        "size": {"dist": "discrete_uniform", "low": 1, "high": 3},
    },
    "ar1": {"mean": 3, "sd": 2, "rho": 0.6},
    "history": {"file": "daily.csv", "on_end": "repeat"},
}
DAILY_DEMAND: Document = {"type": "per_period", "quantity": {"dist": "negative_binomial", "mean": 3, "sd": 3}}
SINGLE: Document = {"type": "arrivals", "gap": {"dist": "exponential", "mean": 0.4}}
RANDOM: Document = {"dist": "gamma", "mean": 2, "cv": 0.8}
DAILY = "period,p\n" + "".join(f"{k},{(7 * k) % 11 if k % 3 else 0}\n" for k in range(29))


def required(described: type) -> Document:
    """A described thing with no more than it needs, by the examples of its fields."""
    info = info_of(described)
    missing = [f.name for f in fields(described) if f.name in info and f.default is MISSING]  # type: ignore[arg-type]
    return {name: info[name].example for name in missing}


def demands() -> Iterator[Document]:
    """Every registered demand process that can share a stock point; flows are in features_supply."""
    for name, process in DEMANDS.items():
        if name == "flow":
            continue
        yield {"type": name, **SMALL.get(name, required(process))}


def distributions() -> Iterator[tuple[str, Document]]:
    """Every registered distribution in every way its parameters may be given."""
    for name, family in DISTRIBUTIONS.items():
        info = info_of(family)
        for way in family.ways or (tuple(required(family)),):
            yield f"{name}: {', '.join(way)}", {"dist": name, **{key: info[key].example for key in way}}


PLANNED: Document = {"plan": {"orders": [7, 0, 30, 12] * 30}}
"""What a policy needs beside its required keys."""


def policies() -> Iterator[Document]:
    """Every registered policy, under every review it can run under."""
    for name, policy in POLICIES.items():
        plain = {"type": name, **required(policy), **PLANNED.get(name, {})}
        if policy.review != "periodic":
            yield plain
        if policy.review != "continuous":
            yield plain | {"review_interval": 1}
            yield plain | {"review_interval": 2, "review": "before_demand", "offset": 1}
            yield plain | {"review_interval": 1.5, "offset": "random"}


def choices() -> Iterator[Document]:
    """Every registered policy with each of its choices but the default, such as suit a serial chain."""
    for name, policy in POLICIES.items():
        plain = {"type": name, **required(policy)}
        for key, info in info_of(policy).items():
            default = next(f.default for f in fields(policy) if f.name == key)
            for choice in info.choices:
                if choice not in (
                    default,
                    "metric",
                ):  # METRIC is for one warehouse: `multi_echelon` chooses it in the town
                    levels = ECHELON_LEVELS if choice == "echelon" else {}  # never derived
                    yield plain | {k: levels[k] for k in levels if k in info_of(policy)} | {key: choice}


def named(document: Document) -> str:
    """A short name for a test: the values of a policy."""
    return "-".join(str(value) for value in document.values())


def town(policy: Document) -> Document:
    """supplier → DC → one store for every demand process × unmet rule × way of getting there."""
    sites: Document = {"supplier": {"kind": "supplier"}, "dc": {"kind": "dc"}}
    lanes: list[Document] = [{"from": "supplier", "to": "dc", "lead_time": 1, "order_cost": 2}]
    customers: list[Document] = []
    for demand in demands():
        for unmet, rule in UNMET.items():
            for way, lane in WAYS.items():
                store = f"{demand['type']}-{unmet}-{way}"
                sites[store] = {"kind": "store"}
                lanes.append({"from": "dc", "to": store, "order_cost": 1, **lane})
                customers.append({"site": store, "product": "p", **demand, **rule})
    return scenario(sites, lanes, customers, policy)


def line(policy: Document) -> Document:
    """supplier → plant → DC → store, with every demand process at the store."""
    sites: Document = {"supplier": {"kind": "supplier"}, "plant": {"kind": "plant"}, "dc": {"kind": "dc"}}
    sites["store"] = {"kind": "store"}
    lanes: list[Document] = [
        {"from": "supplier", "to": "plant", "lead_time": 2, "order_cost": 3},
        {"from": "plant", "to": "dc", "lead_time": {"dist": "gamma", "mean": 1, "cv": 0.5}, "order_cost": 2},
        {"from": "dc", "to": "store", "lead_time": 1, "order_cost": 1},
    ]
    customers = [{"site": "store", "product": "p", **demand, "unmet": "backorder"} for demand in demands()]
    return scenario(sites, lanes, customers, policy)


def lottery() -> Document:
    """One store for every registered distribution, in every way it can be given: as quantity, gap and lead time."""
    sites: Document = {"supplier": {"kind": "supplier"}}
    lanes: list[Document] = []
    customers: list[Document] = []
    for k, (_, distribution) in enumerate(distributions()):
        store = f"store-{k}"
        sites[store] = {"kind": "store"}
        lanes.append({"from": "supplier", "to": store, "lead_time": distribution})
        size = {"type": "per_period", "quantity": distribution, "every": 2, "name": "size"}
        gap = {"type": "arrivals", "gap": distribution, "size": distribution, "name": "gap"}
        customers += [{"site": store, "product": "p", "unmet": "lost", **demand} for demand in (size, gap)]
    return scenario(sites, lanes, customers, {"type": "base_stock", "order_up_to_level": 120})


def scenario(sites: Document, lanes: list[Document], customers: list[Document], policy: Document) -> Document:
    """The plain data of a scenario of one product."""
    return {
        "chainsim": 1,
        "title": "Parity",
        "time": {"unit": "day", "warm_up": 5, "horizon": 25, "bucket": 7},
        "replications": 1,
        "seed": 3,
        "products": {"p": {"unit_cost": 1, "unit_price": 2}},
        "sites": sites,
        "lanes": lanes,
        "demand": customers,
        "costs": {"holding_cost": 0.01, "backorder": 0.5, "lost_sale": 1},
        "policies": {"only": policy},
    }


def network(**changes: Any) -> Document:
    """supplier → DC, always short of stock → three stores of different habits; the DC has customers of its own."""
    sites = {"supplier": {"kind": "supplier"}, "dc": {"kind": "dc"}} | {f"s{i}": {"kind": "store"} for i in (1, 2, 3)}
    lanes = [
        {"from": "supplier", "to": "dc", "lead_time": RANDOM},
        {"from": "dc", "to": "s1", "lead_time": 1},
        {"from": "dc", "to": "s2", "lead_time": 0, "order_lag": 1},
        {"from": "dc", "to": "s3", "lead_time": RANDOM},
    ]
    customers = [
        {"site": "dc", "product": "p", **DAILY_DEMAND, "unmet": "backorder"},
        {"site": "s1", "product": "p", **DAILY_DEMAND, "unmet": "lost"},
        {"site": "s2", "product": "p", **DAILY_DEMAND, "unmet": "patience", "patience": 2},
        {"site": "s3", "product": "p", **SINGLE, "unmet": "backorder"},
    ]
    periodic = {"type": "R_S", "order_up_to_level": 9, "review_interval": 2}
    rules = [
        {"site": "dc", "type": "base_stock", "order_up_to_level": 14},
        {"site": "s2", **periodic},
    ]
    policy = {"type": "s_S", "reorder_point": 5, "order_up_to_level": 11, "rules": rules}
    return scenario(sites, lanes, customers, policy) | changes


def plan_of(document: Document, folder: Path) -> Plan:
    """The Plan of the first policy of a scenario given as plain data; `folder` gets the table of past demand."""
    (folder / "daily.csv").write_text(DAILY, "utf-8")
    loaded = load_text(yaml.safe_dump(document, sort_keys=False), "case.yaml", folder)
    return compile_plan(loaded, loaded.alternatives[0].name)
