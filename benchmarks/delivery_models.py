"""Random models for `delivery.py`: what a user might write, as the plain data of a scenario file.

Everything is drawn: the law of demand, its period, the lead time (whole, broken, random), reviews, lots, the target.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Any

SEED = 20_261_129
"""Of the models and of the random numbers they meet: settled before the formulas were."""
HOLDING = 0.01
"""Per unit and day; an order's cost follows from the lot that is meant."""
CYCLES = 20_000
"""Replenishment cycles that a service of 0.95 is counted over; others in proportion to their variance."""
MOST_EVENTS = 3e6
MOST_SEASONAL_DAYS = 450_000
"""A season may change half a million times in a run, warm-up included."""
REPLICATIONS = 4


@dataclass
class Model:
    """One scenario. policy: its only rule, with the service asked. watched: (site, product) to be judged."""

    name: str
    document: dict[str, Any]
    policy: dict[str, Any]
    kind: str  # fill_rate or service_level
    asked: float
    watched: list[tuple[str, str]]
    story: str  # what it is, in a line
    reason: str  # what is approximate about it, if anything
    features: list[str] = field(default_factory=list)


def _between(rng: random.Random, low: float, high: float) -> float:
    """Even on the logarithm, three digits."""
    return float(f"{math.exp(rng.uniform(math.log(low), math.log(high))):.3g}")


def _demand(rng: random.Random) -> tuple[dict[str, Any], float, float, str]:
    """A stream of demand, units a day, days between its events, and its name."""
    law = rng.choice(["poisson", "negative_binomial", "gamma", "lognormal", "normal", "intermittent", "units", "sizes"])
    if law in ("units", "sizes"):
        rate = _between(rng, 0.3, 8.0)
        stream: dict[str, Any] = {"type": "arrivals", "gap": {"dist": "exponential", "mean": round(1.0 / rate, 4)}}
        largest = rng.randint(2, 10)
        size = 1.0
        if law == "sizes":
            stream["size"] = {"dist": "discrete_uniform", "low": 1, "high": largest}
            size = (1 + largest) / 2.0
        return stream, rate * size, 1.0 / rate, f"{law}{f' 1-{largest}' if law == 'sizes' else ''}, {rate:g} a day"
    every = rng.choice([1, 1, 1, 1, 2, 7])
    mean = _between(rng, 1.0, 60.0) * every**0.5
    mean = float(f"{mean:.3g}")
    if law == "poisson":
        quantity: dict[str, Any] = {"dist": "poisson", "mean": mean}
    elif law == "negative_binomial":
        quantity = {"dist": law, "mean": mean, "sd": float(f"{math.sqrt(mean * rng.uniform(1.2, 5.0)):.3g}")}
    elif law == "intermittent":
        share, size = round(rng.uniform(0.1, 0.6), 2), max(1.5, round(mean / 3.0, 1))
        quantity = {"dist": law, "probability": share, "size": {"dist": "geometric", "mean": size, "start": 1}}
        mean = share * size
    else:
        quantity = {"dist": law, "mean": mean, "cv": round(rng.uniform(0.1, 0.35 if law == "normal" else 1.2), 2)}
    spread = "".join(f" {k} {quantity[k]:g}" for k in ("sd", "cv", "probability") if k in quantity)
    return {"quantity": quantity, "every": every}, mean / every, float(every), f"{law} {mean:.3g}{spread} every {every}"


def _lead(rng: random.Random) -> tuple[Any, float, float, str]:
    """A lead time, its mean and standard deviation, and its name."""
    form = rng.choice(["whole", "whole", "broken", "broken", "uniform", "gamma", "discrete"])
    if form == "whole":
        value = float(rng.choice([0, 1, 1, 2, 3, 4, 5, 7, 10]))
        return value, value, 0.0, f"L {value:g}"
    if form == "broken":
        value = round(rng.uniform(0.1, 9.0), 2)
        return value, value, 0.0, f"L {value:g}"
    mean = round(rng.uniform(1.0, 6.0), 1)
    if form == "uniform":
        half = round(mean * rng.uniform(0.2, 0.9), 2)
        law = {"dist": form, "low": round(mean - half, 2), "high": round(mean + half, 2)}
        return law, mean, half / math.sqrt(3.0), f"L uniform {law['low']}-{law['high']}"
    if form == "gamma":
        cv = round(rng.uniform(0.15, 1.0), 2)
        return {"dist": form, "mean": mean, "cv": cv}, mean, mean * cv, f"L gamma {mean} cv {cv}"
    low, high = sorted(rng.sample(range(1, 10), 2))
    law = {"dist": form, "values": [low, high], "probabilities": [0.5, 0.5]}
    return law, (low + high) / 2.0, (high - low) / 2.0, f"L {low} or {high}"


TARGETS = (
    *(("service_level", share) for share in (0.9, 0.95, 0.99)),
    *(("fill_rate", share) for share in (0.9, 0.95, 0.97, 0.99)),
)


def _rule(rng: random.Random, rate: float, event: float) -> tuple[dict[str, Any], float, float, str]:
    """A policy without its target, the order cost that goes with its lot, days between orders, and its name."""
    interval = rng.choice([0.0, 0.0, 1.0, 1.0, 2.0, 7.0])
    rule = rng.choice(["s_Q", "s_S", "base_stock"] if interval == 0.0 else ["s_Q", "R_s_S", "R_S"])
    policy: dict[str, Any] = {"type": rule}
    if interval:
        policy["review_interval"] = interval
    step = max(interval, event)
    if rule in ("base_stock", "R_S"):
        return policy, 0.0, step, f"{rule}, R {interval:g}" if interval else rule
    lot = max(1, round(_between(rng, 0.4, 25.0) * rate * (step if rng.random() < 0.5 else 1.0)))
    if rule == "s_Q":
        policy["order_quantity"] = lot
    cost = lot**2 * HOLDING / (2.0 * rate)
    return policy, cost, max(step, lot / rate), f"{rule}{f', R {interval:g}' if interval else ''}, lot {lot}"


def single(number: int, *, featured: bool = False) -> Model:
    """Model number so and so: one shop and its supplier. featured: with something that no formula knows."""
    rng = random.Random(f"{SEED} {'featured' if featured else 'single'} {number}")
    stream, rate, event, demand = _demand(rng)
    lead, lead_mean, lead_sd, delivery = _lead(rng)
    policy, cost, cycle, rule = _rule(rng, rate, event)
    kind, asked = rng.choice(TARGETS)
    lost = rng.random() < 1.0 / 3.0
    crossing = lead_sd == 0.0 or rng.random() < 0.75
    before = rng.random() < 0.3
    policy[kind] = asked
    stream.update(site="shop", product="u", unmet="lost" if lost else "backorder")
    document = {
        **_head(f"Delivery {number}", before),
        "time": {"unit": "day", "warm_up": 400, **_clock(kind, asked, cycle, event, policy)},
        "products": {"u": {"unit_cost": 1}},
        "sites": {"supplier": {"kind": "supplier"}, "shop": {"kind": "store"}},
        "lanes": [
            {"from": "supplier", "to": "shop", "lead_time": lead, "order_cost": cost}
            | ({} if crossing else {"crossing": "no"})
        ],
        "demand": [stream],
    }
    document["time"]["review"] = "before_demand" if before else "after_demand"
    features = [_feature(rng, document, rate)] if featured else []
    out = lead_mean / cycle
    words = [demand, delivery, rule, "before demand" if before and "review_interval" in policy else ""]
    words += ["" if crossing or not lead_sd else "in order", "lost" if lost else "", *features]
    story = "; ".join(w for w in words if w)
    return Model(
        f"{'featured' if featured else 'single'} {number}", document, policy, kind, asked, [("shop", "u")],
        f"{story}; {kind} {asked}", _reason(lost, out, lead_sd / max(lead_mean, 1e-9), crossing, cycle > event), features,
    )  # fmt: skip


def _head(title: str, before: bool) -> dict[str, Any]:
    return {
        "chainsim": 1,
        "title": title,
        "replications": REPLICATIONS,
        "seed": SEED,
        "costs": {"currency": "EUR", "holding_cost": f"{HOLDING} per day"},
    }


def _clock(kind: str, asked: float, cycle: float, event: float, policy: dict[str, Any]) -> dict[str, Any]:
    """Horizon and bucket of one replication, long enough for the cycles wanted, within reason."""
    wanted = CYCLES * max(asked * (1.0 - asked) / 0.0475, 0.5) * cycle
    a_day = 1.0 / event + 1.0 / policy.get("review_interval", math.inf) + 3.0 / cycle
    horizon = math.ceil(min(wanted, MOST_EVENTS / a_day) / REPLICATIONS)
    return {"horizon": horizon, "bucket": horizon}


def _reason(lost: bool, out: float, cv: float, crossing: bool, lots: bool) -> str:
    """What the formulas approximate in such a model."""
    if lost and out > 1.0:
        return f"lost sales, {out:.1f} orders on their way"
    if cv > 0.0 and not crossing:
        return "random lead time, orders in order"
    if cv > 0.0 and lots and out > 0.5:
        return f"lots that cross, lead time cv {cv:.1f}"
    return ""


def _feature(rng: random.Random, document: dict[str, Any], rate: float) -> str:
    """Add something that only a simulation knows; its name."""
    what = rng.choice(
        ["yield", "order multiple", "minimum order", "lifetime", "patience", "outages", "season", "all or nothing"]
    )
    lane, stream = document["lanes"][0], document["demand"][0]
    if what == "yield":
        lane["yield"] = {"fraction": {"dist": "uniform", "low": round(rng.uniform(0.6, 0.9), 2), "high": 1}}
    elif what == "order multiple":
        document["stock"] = [{"site": "shop", "order_multiple": max(2, round(_between(rng, 0.5, 5.0) * rate))}]
    elif what == "minimum order":
        document["stock"] = [{"site": "shop", "minimum_order": max(2, round(_between(rng, 0.5, 8.0) * rate))}]
    elif what == "lifetime":
        document["stock"] = [{"site": "shop", "lifetime": f"{rng.randint(8, 40)} days"}]
    elif what == "patience":
        stream.update(unmet="patience", patience=f"{rng.randint(1, 3)} days")
    elif what == "outages":
        mean = rng.randint(30, 90)
        document["disruptions"] = [
            {"type": "outage", "lane": {"from": "supplier", "to": "shop"}, "duration": rng.randint(1, 3),
             "time_between": {"dist": "exponential", "mean": mean}, "known": True}
        ]  # fmt: skip
    elif what == "season":
        stream["season"] = {"weekly": [0.4, 0.6, 0.8, 1.2, 1.2, 1.2, 1.6]}
        clock = document["time"]
        clock["horizon"] = clock["bucket"] = min(clock["horizon"], MOST_SEASONAL_DAYS)
    else:
        stream["fill"] = "all_or_nothing"
    return what


def network(number: int) -> Model:
    """Network number so and so: a supplier, a centre and its shops, all by one kind of rule."""
    rng = random.Random(f"{SEED} network {number}")
    shape = rng.choice(["serial", "distribution", "distribution", "two products"])
    shops = 1 if shape == "serial" else rng.randint(2, 4)
    products = ["u", "v"] if shape == "two products" else ["u"]
    kind, asked = rng.choice([("fill_rate", 0.9), ("fill_rate", 0.95), ("fill_rate", 0.98)])
    rule = rng.choice(["R_S", "base_stock", "s_Q", "s_S"])
    policy: dict[str, Any] = {"type": rule, kind: asked}
    if rule == "R_S":
        policy["review_interval"] = rng.choice([1, 1, 2, 7])
    streams = []
    for product in products:
        mean = _between(rng, 2.0, 20.0)
        quantity: dict[str, Any] = {"dist": "poisson", "mean": mean}
        if rng.random() < 0.4:
            quantity = {"dist": "negative_binomial", "mean": mean, "sd": float(f"{math.sqrt(2.5 * mean):.3g}")}
        unmet = rng.choice(["backorder", "backorder", "lost"])
        streams.append({"site": "shop", "product": product, "quantity": quantity, "every": 1, "unmet": unmet})
    cost = (rng.choice([2.0, 5.0, 10.0]) * mean) ** 2 * HOLDING / (2.0 * mean)
    near, far = round(rng.uniform(0.5, 3.0), 1), rng.choice([2.0, 3.5, 5.0, {"dist": "gamma", "mean": 4, "cv": 0.3}])
    lanes: list[dict[str, Any]] = [
        {"from": "supplier", "to": "dc", "lead_time": far, "order_cost": 2 * cost},
        {"from": "dc", "to": "shop", "lead_time": near, "order_cost": cost},
    ]
    document: dict[str, Any] = {
        **_head(f"Network {number}", False),
        "time": {"unit": "day", "warm_up": 400, "horizon": 365 * 12, "bucket": 365 * 12},
        "products": {p: {"unit_cost": 1} for p in products},
        "sites": {
            "supplier": {"kind": "supplier"},
            "dc": {"kind": "dc"},
            "shop": {"kind": "store", **({"copies": shops} if shops > 1 else {})},
        },
        "lanes": lanes,
        "demand": streams,
    }
    feature = rng.choice(["", "", "season", "yield", "lots", "outages"])
    if feature == "season":
        for stream in streams:
            stream["season"] = {"weekly": [0.6, 0.8, 0.8, 1.0, 1.2, 1.4, 1.2]}
    elif feature == "yield":
        lanes[0]["yield"] = {"fraction": {"dist": "uniform", "low": 0.8, "high": 1}}
    elif feature == "lots":
        document["stock"] = [{"site": "dc", "order_multiple": round(5 * mean)}]
    elif feature == "outages":
        document["disruptions"] = [
            {"type": "outage", "lane": {"from": "supplier", "to": "dc"}, "duration": 2,
             "time_between": {"dist": "exponential", "mean": 60}, "known": True}
        ]  # fmt: skip
    names = ["shop"] if shops == 1 else [f"shop-{k}" for k in range(1, shops + 1)]
    story = f"{shape}, {shops} shop{'' if shops == 1 else 's'}; {rule}; {feature or 'plain'}; {kind} {asked}"
    return Model(
        f"network {number}", document, policy, kind, asked, [(s, p) for s in names for p in products], story,
        "orders wait at dc", [feature] if feature else [],
    )  # fmt: skip
