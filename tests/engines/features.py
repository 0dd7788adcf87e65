"""One small scenario for every feature of a network: allocation, sourcing, lots, production, outages, reviews, seasons;
and those of `features_supply`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chainsim.scenario.language import ALLOCATION

from .cases import DAILY_DEMAND, RANDOM, Document, demands, line, network, scenario
from .features_bills import PARTS as BILLS
from .features_calendars import PARTS as CALENDARS
from .features_supply import PARTS as SUPPLY

SHARING = ("proportional", "linear", "uniform")


def allocation() -> Iterator[tuple[str, Document]]:
    """Every rule, with orders and customers that insist on being served complete where that has a meaning."""
    for rule in ALLOCATION:
        for fill in ("partial", "all_or_nothing"):
            if fill == "all_or_nothing" and rule in SHARING:
                continue
            document = network()
            document["sites"]["dc"]["allocation"] = rule
            document["demand"].append({**document["demand"][0], "name": "second", "priority": 2, "fill": fill})
            for k, lane in enumerate(document["lanes"][1:]):
                lane |= {"priority": 1 + k % 2, "fill": fill if k < 2 else "partial"}
            yield f"allocation {rule} {fill}", document


def sourcing() -> Iterator[tuple[str, Document]]:
    """The DC from two suppliers and its own production."""
    for rule in ("first", "priority", "split", "cheapest", "fastest"):
        document = network(stock=[{"site": "dc", "sourcing": rule}])
        document["sites"] |= {"mill": {"kind": "mill"}, "far": {"kind": "supplier"}}
        document["sites"]["dc"]["production"] = {"lead_time": 1, "capacity": 2}
        share: list[Document] = [{"share": 0.3}, {"share": 0.45}] if rule == "split" else [{}, {}]
        document["lanes"][0] |= {"priority": 2, **share[0]}
        document["lanes"] += [
            {"from": "far", "to": "mill", "lead_time": 1},
            {"from": "mill", "to": "dc", "lead_time": 1, "priority": 1, **share[1]},
        ]
        document["disruptions"] = [{"type": "outage", "site": "mill", "start": 6, "duration": 4, "every": 9}]
        yield f"sourcing {rule}", document


def lots() -> Iterator[tuple[str, Document]]:
    """Minimum, multiple and maximum orders."""
    sizes = {"minimum_order": 4, "order_multiple": 3, "maximum_order": 8}
    for name, value in sizes.items():
        yield name, network(stock=[{"kind": "store", name: value}])
    yield "all lot sizes", network(stock=[{"kind": "store", **sizes}])


def production() -> Iterator[tuple[str, Document]]:
    """A plant instead of the supplier, with two products on one resource."""
    for name, made in {
        "unlimited": {"lead_time": RANDOM},
        "capacity": {"lead_time": 1, "capacity": 7},
        "machines": {"lead_time": 0, "machines": 2, "unit_time": {"dist": "exponential", "mean": 0.2}},
    }.items():
        document = network()
        document["sites"]["supplier"] = {"kind": "plant", "production": made}
        document["products"]["q"] = {"divisible": name == "capacity"}
        document["demand"].append({"site": "s1", "product": "q", **DAILY_DEMAND, "unmet": "lost"})
        document["disruptions"] = [{"type": "outage", "site": "supplier", "start": 8, "duration": 3}]
        document["policies"]["only"]["rules"].append({"site": "supplier", "type": "base_stock", "order_up_to_level": 9})
        yield f"production {name}", document


def setups() -> Iterator[tuple[str, Document]]:
    """Two products on machines that are set up for each order or for each change of product, with an outage; and lots made at a rate."""
    machines = {"lead_time": 0, "machines": 2, "unit_time": {"dist": "exponential", "mean": 0.1}}
    for setup_for in ("order", "product"):
        document = network()
        made = {
            **machines,
            "setup_time": {"dist": "gamma", "mean": 0.7, "cv": 0.5},
            "setup_for": setup_for,
            "setup_cost": 3,
        }
        document["sites"]["supplier"] = {"kind": "plant", "production": made}
        document["products"]["q"] = {"divisible": setup_for == "order"}
        document["demand"].append({"site": "s1", "product": "q", **DAILY_DEMAND, "unmet": "lost"})
        document["disruptions"] = [{"type": "outage", "site": "supplier", "start": 8, "duration": 3}]
        document["policies"]["only"]["rules"].append({"site": "supplier", "type": "base_stock", "order_up_to_level": 9})
        yield f"set-ups for each {setup_for}", document
    document = network()
    made = {**machines, "setup_cost": 3}
    document["sites"]["supplier"] = {"kind": "plant", "production": made}
    document["policies"]["only"]["rules"].append({"site": "supplier", "type": "base_stock", "order_up_to_level": 9})
    yield "set-ups that take no time", document
    for setup_for in ("order", "product"):
        sites: Document = {
            "plant": {
                "kind": "plant",
                "production": {
                    "lead_time": 0,
                    "rate": 9,
                    "setup_time": RANDOM,
                    "setup_cost": 2,
                    "setup_for": setup_for,
                },
            }
        }
        customers: list[Document] = [
            {"site": "plant", "product": product, "type": "flow", "rate": rate, "unmet": "backorder"}
            for product, rate in (("p", 1.0), ("q", 2.3))
        ]
        document = scenario(sites, [], customers, {"type": "s_Q", "reorder_point": 4, "order_quantity": 8})
        document["products"] = {"p": {"divisible": True}, "q": {"divisible": True}}
        document["disruptions"] = [{"type": "outage", "site": "plant", "start": 7, "duration": 2, "every": 9}]
        yield f"set-ups at a rate, for each {setup_for}", document


def outages() -> Iterator[tuple[str, Document]]:
    """Of a site or of lanes, by the calendar or by chance; several of one place."""
    places: dict[str, Document] = {"site": {"site": "dc"}, "lane": {"lane": {"from": "dc", "to": "s1"}}}
    times: dict[str, Document] = {
        "once": {"start": 7, "duration": 3},
        "repeated": {"start": 0, "duration": 3, "every": 5},
        "random": {"time_between": {"dist": "exponential", "mean": 6}, "duration": 2},
    }
    for place, where in places.items():
        for when, time in times.items():
            yield f"outage of a {place} {when}", network(disruptions=[{"type": "outage", **where, **time}])
    several = [{"type": "outage", **places["site"], **time, "name": when} for when, time in times.items()]
    yield "outages of one site that overlap", network(disruptions=several)


def reviews() -> Iterator[tuple[str, Document]]:
    """Early, with offsets fixed and random; early and late ones meet at the DC."""
    for name, timing in {
        "early": {"review": "before_demand"},
        "offset": {"offset": 0.75},
        "random offset": {"offset": "random"},
        "early, random offset": {"review": "before_demand", "offset": "random"},
    }.items():
        document = network()
        document["policies"]["only"]["rules"] = [
            {"site": ["s1", "dc"], "type": "R_S", "order_up_to_level": 9, "review_interval": 1, **timing},
            {"site": "s2", "type": "R_S", "order_up_to_level": 9, "review_interval": 1},
        ]
        yield f"reviews {name}", document


def quantities() -> Iterator[tuple[str, Document]]:
    """Divisible quantities, with every way of sharing them."""
    for rule in ALLOCATION:
        document = network(products={"p": {"divisible": True}}, stock=[{"kind": "store", "order_multiple": 0.7}])
        document["sites"]["dc"]["allocation"] = rule
        for entry in document["demand"][:3]:
            entry["quantity"] = {"dist": "gamma", "mean": 2.3, "cv": 0.7}
        yield f"divisible, {rule}", document


def starts() -> Iterator[tuple[str, Document]]:
    """Stock, shipments and orders under way at the start, at time 0 and on a lane that keeps the order."""
    document = network(
        stock=[
            {"site": "dc", "initial": {"on_hand": 3, "shipments": [{"from": "supplier", "quantity": 9, "due": 4}]}},
            {"site": "s1", "initial": {"on_hand": 0, "shipments": [{"from": "dc", "quantity": q, "due": q} for q in range(3)]}},
            {"site": "s2", "initial": {"orders": [{"from": "dc", "quantity": 2 + d, "due": d} for d in range(3)]}},
        ]
    )  # fmt: skip
    for lane in document["lanes"]:
        lane["crossing"] = "no"
    yield "initial state", document


def seasons() -> Iterator[tuple[str, Document]]:
    """Weekly and yearly seasons, steps and surges on every demand process."""
    level = {
        "season": {"weekly": [1, 0.5, 1, 2, 1, 3, 0], "yearly": [0.5, 2, *[1] * 10]},
        "step": [{"at": 9.5, "factor": 2}, {"at": 20, "factor": 0.3}],
    }
    document = network(disruptions=[{"type": "surge", "site": "s1", "start": 12, "duration": 3.5, "factor": 4}])
    document["demand"] = [{"site": "s1", "product": "p", **demand, **level} for demand in demands()]
    yield "seasons", document
    document = network(policies={"only": {"type": "base_stock", "fill_rate": 0.9}})
    document["demand"] = [entry | {"season": {"weekly": [1, 1, 1, 1, 1, 3, 0.2]}} for entry in document["demand"]]
    yield "levels that follow a season", document
    for ending in ("zero", "repeat"):
        replay = {"type": "history", "file": "daily.csv", "start_row": 4, "on_end": ending, "unmet": "lost"}
        shares = [
            {"site": f"s{i}", "product": "p", **replay, "share": share} for i, share in ((1, 0.5), (2, 0.3), (3, 0.2))
        ]
        yield f"replay, then {ending}", network(demand=shares)


def crowd() -> Iterator[tuple[str, Document]]:
    """Hundreds wait in one queue, and go one by one: more than any pool of rows holds at the start."""
    document = network()
    document["lanes"][3] |= {"lead_time": 15, "order_lag": 6}
    document["demand"][3] |= {"gap": {"dist": "exponential", "mean": 0.02}}
    impatient = {**document["demand"][3], "unmet": "patience", "patience": 5, "name": "impatient"}
    document["demand"].append(impatient)
    yield "a crowd", document


def apart() -> Iterator[tuple[str, Document]]:
    """Three products that meet nowhere, so that an engine may run one after the other; many wait for fractions at the end."""
    document = network(products={name: {"divisible": True} for name in "pqr"})
    sizes = {"size": {"dist": "gamma", "mean": 2.3, "cv": 0.7}, "unmet": "patience", "patience": 3}
    single = {**document["demand"][3], "gap": {"dist": "exponential", "mean": 0.1}, **sizes}
    document["demand"] = [{**single, "site": site, "product": name} for site in ("s1", "s3", "dc") for name in "pqr"]
    yield "products apart", document


def watches() -> Iterator[tuple[str, Document]]:
    """Continuous review of the level, of the shelf, and of a whole echelon from which customers go away."""
    for name, policy in {
        "level": {"type": "s_S", "reorder_point": 3, "order_up_to_level": 11, "watch": "level"},
        "shelf": {"type": "kanban", "cards": 3, "container": 4},
    }.items():
        for divisible in (False, True):
            document = network(policies={"only": policy}, products={"p": {"divisible": divisible}})
            yield f"watch the {name}{', divisible' if divisible else ''}", document
    for unmet in ({"unmet": "lost"}, {"unmet": "patience", "patience": 1}):
        document = line({"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.6})
        document["products"]["p"]["divisible"] = unmet["unmet"] == "lost"
        document["demand"] = [entry | unmet for entry in document["demand"]]
        yield f"watch the echelon, {unmet['unmet']}", document


def corners() -> Iterator[tuple[str, Document]]:
    """What few scenarios have."""
    document = network()
    document["sites"]["supplier"] = {"kind": "plant", "production": {"lead_time": 1, "capacity": 6}}
    early = {"type": "R_S", "order_up_to_level": 9, "review_interval": 1, "review": "before_demand"}
    document["policies"]["only"]["rules"].append({"site": "supplier", **early})
    yield "early production", document
    document = network(products={"p": {"divisible": True}}, stock=[{"site": "dc", "sourcing": "split"}])
    document["sites"]["far"] = {"kind": "supplier"}
    document["lanes"][0]["share"] = 0.35
    document["lanes"].append({"from": "far", "to": "dc", "lead_time": 1, "share": 0.65})
    document["demand"][2]["quantity"] = {"dist": "gamma", "mean": 3, "cv": 1}
    yield "divisible, split over sources", document
    document = network(stock=[{"site": "dc", "sourcing": "priority"}])
    document["sites"] |= {"mill": {"kind": "mill"}, "yard": {"kind": "mill"}}
    for k, site in enumerate(("mill", "yard")):
        document["lanes"].append({"from": "supplier", "to": site, "lead_time": 2})
        document["lanes"].append({"from": site, "to": "dc", "lead_time": 1, "priority": k + 1})
    document["lanes"][0] |= {"priority": 3}
    document["disruptions"] = [
        {"type": "outage", "lane": {"from": "mill", "to": "dc"}, "start": 3, "duration": 6, "every": 9},
        {"type": "outage", "lane": {"from": "supplier", "to": "dc"}, "start": 5, "duration": 9},
    ]
    yield "no source can", document
    part = 1.0 / 7.0  # of a day: no whole number of ticks, so that what comes again is rounded as a whole
    rounded = {"type": "R_S", "order_up_to_level": 9, "review_interval": 5.0 * part}
    document = network(policies={"only": {**rounded, "rules": [{"site": "dc", **rounded, "order_up_to_level": 30}]}})
    document["lanes"][1] |= {"lead_time": 2.0 * part}
    document["disruptions"] = [
        {"type": "outage", "site": "dc", "start": 2, "duration": 2.0 * part, "every": 9.0 * part}
    ]
    document["demand"] = [entry | {"promise": 3} for entry in document["demand"]]
    yield "sevenths of a day", document
    document = network()
    insists = {"unmet": "patience", "patience": 1.5, "fill": "all_or_nothing"}
    document["demand"][2] |= insists
    document["demand"].append({**document["demand"][3], "site": "s2", "name": "behind"})
    yield "who insists leaves those behind", document
    document = network()
    for item, fill in zip(document["lanes"][1:], ("all_or_nothing", "partial", "all_or_nothing"), strict=True):
        item |= {"lead_time": 1, "order_lag": 0, "fill": fill}
    document["policies"]["only"]["rules"].append(
        {"site": ["s1", "s3"], "type": "T_Q", "order_quantity": 5, "review_interval": 2}
    )
    yield "simultaneous orders, some complete or not at all", document


def extremes() -> Iterator[tuple[str, Document]]:
    """Lead times of ages, orders that never come, and quantities by the trillion."""
    document = network()
    for lane, age in zip(document["lanes"], (1e5, 2.6e7, 9, 2.6e7), strict=True):
        lane |= {"lead_time": {"dist": "lognormal", "mean": age, "cv": 9}, "processing": age, "crossing": "no"}
    document["demand"][1] |= {"patience": 5e7, "unmet": "patience"}
    yield "ages", document
    document = network()
    for entry in document["demand"][:3]:
        entry["quantity"] = {"dist": "gamma", "mean": 3e12, "cv": 1}
    yield "trillions", document


PARTS: tuple[Callable[[], Iterator[tuple[str, Document]]], ...] = (
    allocation, sourcing, lots, production, setups, outages, reviews, quantities, starts, seasons, crowd, apart, watches, corners, extremes, *SUPPLY, *BILLS, *CALENDARS,
)  # fmt: skip
FEATURES = {name: document for part in PARTS for name, document in part()}
