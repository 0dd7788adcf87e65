"""One small scenario for every feature of supply: yields, departures, lifetimes, emergency supply, expediting,
transshipment, flows and players of the beer game; alone, and where two of them meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .cases import DAILY_DEMAND, RANDOM, SINGLE, Document, line, network, scenario

EXPONENTIAL: Document = {"dist": "exponential", "mean": 1.5}
YIELDS: dict[str, Document] = {
    "fraction": {"fraction": {"dist": "uniform", "low": 0.3, "high": 1}},
    "lost": {"lost": {"dist": "normal", "mean": 2, "sd": 2}},
    "extra": {"extra": {"dist": "poisson", "mean": 1}},
}
YIELDS["all"] = {key: law for part in YIELDS.values() for key, law in part.items()}
DEPARTURES: dict[str, Document] = {
    "by the calendar": {"every": 2},
    "with an offset": {"every": 1.5, "offset": 0.25},
    "by chance": {"gap": EXPONENTIAL},
    "by chance on whole days": {"gap": {"dist": "discrete", "values": [1, 2], "probabilities": [0.5, 0.5]}},
}
AWAY: Document = {"type": "outage", "start": 6, "duration": 4, "every": 9}
EARLY: Document = {"type": "R_S", "order_up_to_level": 9, "review_interval": 1, "review": "before_demand"}
DIVISIBLE: Document = {"p": {"divisible": True}}


def fractions(document: Document) -> Document:
    """The same network, with quantities that are no whole units."""
    document["products"] = dict(DIVISIBLE)
    for entry in document["demand"][:3]:
        entry["quantity"] = {"dist": "gamma", "mean": 2.3, "cv": 0.7}
    return document


def yields() -> Iterator[tuple[str, Document]]:
    """On lanes and in production: what is missing is ordered again, by continuous reviews at once."""
    for name, lot in YIELDS.items():
        document = network()
        for lane in document["lanes"]:
            lane["yield"] = lot
        yield f"yield {name}", document
    document = fractions(network(disruptions=[{**AWAY, "lane": {"from": "dc", "to": "s1"}}]))
    for lane in document["lanes"]:
        lane["yield"] = YIELDS["all"]
    yield "yield, divisible", document
    for name, made in {
        "capacity": {"lead_time": 1, "capacity": 7},
        "machines": {"lead_time": 0, "machines": 2, "unit_time": {"dist": "exponential", "mean": 0.2}},
    }.items():
        document = network(disruptions=[{**AWAY, "site": "supplier"}])
        document["sites"]["supplier"] = {"kind": "plant", "production": {**made, "yield": YIELDS["fraction"]}}
        document["policies"]["only"]["rules"].append({"site": "supplier", "type": "base_stock", "order_up_to_level": 9})
        yield f"yield of {name}", document
    document = line({"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.6})
    for lane in document["lanes"]:
        lane["yield"] = YIELDS["lost"]
    yield "yield within an echelon", document


def departures() -> Iterator[tuple[str, Document]]:
    """Lanes that leave at departures: on whole days with ties, by chance, after processing, with and without a way to go."""
    for name, when in DEPARTURES.items():
        for way, lead_time in {"no way": 0, "a way": RANDOM}.items():
            document = network(
                disruptions=[{**AWAY, "lane": {"from": "dc", "to": "s1"}}, {**AWAY, "site": "dc", "every": 7}]
            )
            for lane in document["lanes"]:
                lane |= {"departures": when, "lead_time": lead_time}
            document["lanes"][1]["processing"] = EXPONENTIAL
            document["lanes"][3]["crossing"] = "no"
            yield f"departures {name}, {way}", document


def lifetimes() -> Iterator[tuple[str, Document]]:
    """Outdating at the instants of receipts, demand and reviews, and in between; goods issued old and new first."""
    for issuing in ("fifo", "lifo"):
        for life in (1, 2.5, 6):
            shelf = {"lifetime": life, "issuing": issuing}
            yield f"lifetime {life}, {issuing}", network(stock=[{"kind": kind, **shelf} for kind in ("store", "dc")])
        document = fractions(network(stock=[{"kind": kind, **shelf, "lifetime": 2} for kind in ("store", "dc")]))
        document["policies"]["only"]["rules"].append({"site": ["s1", "s3"], **EARLY})
        yield f"lifetime, divisible, {issuing}", document
    for watch in ("position", "level"):
        policy = {"type": "s_S", "reorder_point": 5, "order_up_to_level": 12, "watch": watch}
        yield (
            f"lifetime, watch the {watch}",
            network(
                policies={"only": policy},
                stock=[{"kind": kind, "lifetime": 3} for kind in ("store", "dc")],
                disruptions=[{**AWAY, "site": "dc"}],
            ),
        )
    for issuing in ("fifo", "lifo"):
        shelf = {"lifetime": {"dist": "gamma", "mean": 4, "cv": 0.6}, "issuing": issuing}
        stores = {"kind": "store", "lifetime": 9, "age": "travels", "issuing": issuing}
        yield f"random lifetimes, {issuing}", network(stock=[{"kind": kind, **shelf} for kind in ("store", "dc")])
        yield f"random lifetimes that travel, {issuing}", network(stock=[{"kind": "dc", **shelf}, stores])
    document = line({"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.9})
    document["stock"] = [{"site": site, "lifetime": 3} for site in ("dc", "store")]
    yield "lifetime within an echelon", document


def ages() -> Iterator[tuple[str, Document]]:
    """Goods that keep their age: lots that part, meet, come old before young, or expire under way."""
    for issuing in ("fifo", "lifo"):
        for life in (2, 3.5, 7):
            shelves = [
                {"kind": "dc", "lifetime": life, "issuing": issuing},
                {"kind": "store", "lifetime": life, "age": "travels"},
            ]
            document = network(stock=shelves)
            yield f"age travels, lifetime {life}, {issuing}", document
            yield f"age travels, lifetime {life}, {issuing}, divisible", fractions(network(stock=shelves))
        for name, keys in YIELDS.items():
            document = network(stock=shelves)
            for lane in document["lanes"]:
                lane["yield"] = keys
            yield f"age travels, yield {name}, {issuing}", document
    shelves = [{"kind": "dc", "lifetime": 6}, {"kind": "store", "lifetime": 2, "age": "travels", "issuing": "lifo"}]
    yield "age travels, a shorter life downstream", network(stock=shelves)
    yield "age travels, age restarts at one of them", network(stock=[*shelves, {"site": "s1", "age": "restarts"}])
    document = network(stock=shelves, policies={"only": {"type": "s_S", "reorder_point": 5, "order_up_to_level": 12}})
    document["disruptions"] = [{**AWAY, "site": "dc"}]
    yield "age travels, watched, outages", document
    document = line({"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.9})
    document["stock"] = [{"product": "p", "lifetime": 4, "age": "travels"}]
    yield "age travels within an echelon", document


def emergencies() -> Iterator[tuple[str, Document]]:
    """Emergency supply beside customers who wait, go and lose patience, in parts or complete."""
    for fill in ("partial", "all_or_nothing"):
        document = network(disruptions=[{**AWAY, "site": "s3"}])
        urgent = _all(network(), {"name": "urgent", "unmet": "emergency", "fill": fill})
        document["demand"] += urgent["demand"]
        yield f"emergency, {fill}", document
    yield "emergency, divisible", fractions(_all(network(), {"unmet": "emergency"}))


def expediting() -> Iterator[tuple[str, Document]]:
    """Dual sourcing of the DC: dual index, tailored base surge, under continuous review; quick lanes of many kinds."""
    policies: dict[str, Document] = {
        "dual index": {"type": "R_S", "order_up_to_level": 16, "review_interval": 1},
        "dual index, early": {**EARLY, "order_up_to_level": 16},
        "base surge": {"type": "T_Q", "order_quantity": 9, "review_interval": 1},
        "continuous": {"type": "base_stock", "order_up_to_level": 16},
    }
    for name, policy in policies.items():
        for divisible in (False, True):
            document = network(
                stock=[{"site": "dc", "sourcing": "expedite", "expedite_up_to": 7.4, "order_multiple": 2}]
            )
            document["sites"]["quick"] = {"kind": "supplier"}
            document["lanes"][0] |= {"priority": 2, "lead_time": 4}
            document["lanes"].append({"from": "quick", "to": "dc", "lead_time": EXPONENTIAL if divisible else 1})
            document["policies"]["only"]["rules"][0] = {"site": "dc", **policy}
            document["disruptions"] = [{**AWAY, "site": "quick"}]
            yield (
                f"expedite, {name}{', divisible' if divisible else ''}",
                fractions(document) if divisible else document,
            )
    document = network(stock=[{"site": "dc", "sourcing": "expedite", "expedite_up_to": 6}])
    document["sites"]["dc"]["production"] = {"lead_time": 0, "machines": 1, "unit_time": 0.25}
    document["lanes"][0] |= {"priority": 2}
    yield "expedite, own production", document


def transshipment() -> Iterator[tuple[str, Document]]:
    """Stores and the DC hand over, whatever else waits there; partners open, down, waited at, by priority."""
    for unmet in ("backorder", "lost", "patience", "emergency"):
        yield f"transship, {unmet}", _lend(network(), unmet)
    document = _lend(network(disruptions=[{**AWAY, "site": "dc"}, {**AWAY, "site": "s2", "start": 4.5}]), "lost")
    document["sites"]["dc"]["allocation"] = "priority"
    for k, entry in enumerate(document["demand"]):
        entry["priority"] = 1 + k % 2
    yield "transship, priorities and outages", document
    yield "transship, divisible", fractions(_lend(network(), "backorder"))
    document = line({"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.8})
    document["demand"] = [entry | {"transship_from": ["dc", "plant"]} for entry in document["demand"]]
    yield "transship within an echelon", document


def flows() -> Iterator[tuple[str, Document]]:
    """Flows from the DC, from production at a rate, and beside customers: every review, waiting and lost, with outages."""
    reviews: dict[str, Document] = {
        "s_Q": {"type": "s_Q", "reorder_point": 0, "order_quantity": 9.5},
        "s_Q below 0": {"type": "s_Q", "reorder_point": -2, "order_quantity": 7},
        "s_S": {"type": "s_S", "reorder_point": 3, "order_up_to_level": 10},
        "R_S": {"type": "R_S", "review_interval": 1.5, "order_up_to_level": 12},
        "R_S early": EARLY,
        "T_Q": {"type": "T_Q", "review_interval": 2, "order_quantity": 6},
        "moving_average": {"type": "moving_average", "review_interval": 1},
    }
    for name, policy in reviews.items():
        yield f"flow, {name}", _flow(policy)
    outage = [{**AWAY, "site": ["waits-lane", "goes-lane", "waits-fast", "goes-fast", "waits-slow", "goes-slow"]}]
    for name in ("s_Q", "R_S"):
        yield f"flow, {name}, outages", _flow(reviews[name]) | {"disruptions": outage}
    document = _flow(reviews["s_S"])
    for lane in document["lanes"]:
        lane |= {"yield": YIELDS["all"], "departures": DEPARTURES["by chance"]}
    yield "flow, yields and departures", document


def players() -> Iterator[tuple[str, Document]]:
    """Anchoring and adjustment: expectations smoothed or kept, supply lines forgotten, the first reviews held."""
    for name, settings in {
        "derived": {},
        "given": {"desired_stock": 20, "expected": 4, "hold": 3, "smoothing": 0},
        "seen": {"supply_line": 1, "adjustment": 1},
    }.items():
        for review in ("after_demand", "before_demand"):
            policy = {"type": "sterman", "review_interval": 1, "review": review, **settings}
            yield f"sterman {name}, {review}", network(policies={"only": policy})
    document = line({"type": "sterman", "review_interval": 1, "desired_stock": 28, "expected": 4})
    for lane in document["lanes"]:
        lane |= {"order_lag": 1, "yield": YIELDS["fraction"]}
    yield "sterman in a line", document


def meetings() -> Iterator[tuple[str, Document]]:
    """Two or more at once, where one could disturb the other."""
    shelves = [{"kind": kind, "lifetime": 2, "issuing": way} for kind, way in (("store", "lifo"), ("dc", "fifo"))]
    yield "lifetimes and transshipment", _lend(network(stock=shelves), "lost")
    yield "lifetimes and transshipment, divisible", fractions(_lend(network(stock=shelves), "patience"))
    document = _lend(network(stock=shelves, disruptions=[{**AWAY, "site": "dc"}]), "emergency")
    for lane in document["lanes"]:
        lane |= {"yield": YIELDS["all"], "departures": DEPARTURES["by the calendar"]}
    yield "lifetimes, transshipment, emergency, yields, departures, outages", document
    document = network(stock=[*shelves, {"site": "dc", "sourcing": "expedite", "expedite_up_to": 7}])
    document["sites"]["quick"] = {"kind": "supplier"}
    document["lanes"][0] |= {"priority": 2, "lead_time": 3, "departures": DEPARTURES["by chance"]}
    document["lanes"].append({"from": "quick", "to": "dc", "lead_time": 0, "yield": YIELDS["lost"]})
    yield "expedite, lifetimes, yields, departures", document
    document = network(disruptions=[{**AWAY, "site": "dc", "duration": 2}])
    for lane in document["lanes"][1:]:
        lane |= {"departures": DEPARTURES["by the calendar"], "order_lag": 1, "fill": "all_or_nothing"}
    document["sites"]["dc"]["allocation"] = "priority"
    yield "departures, complete orders, priorities", document


def records() -> Iterator[tuple[str, Document]]:
    """Books that differ from the shelf, at the DC and at stores, and all ways to put them right; within an echelon too."""
    loss: Document = {"time_between": {"dist": "exponential", "mean": 2}, "units": {"dist": "poisson", "mean": 2}}
    wrong: Document = {"share": "30%", "units": {"dist": "gamma", "mean": 2, "cv": 0.7}}
    counts: dict[str, Document] = {
        "never counted": {},
        "counted by the calendar": {"count": {"every": 2.5, "first": 1, "cost": 1, "tolerance": "50%"}},
        "counted when empty": {"count": {"when_empty": True}},
        "counted wrongly": {"count": {"every": 3, "when_empty": True, "miscount": wrong}},
    }
    for name, count in counts.items():
        for divisible in (False, True):
            document = network(products={"p": {"unit_cost": 1, "divisible": divisible}})
            document["stock"] = [{"group": "all", "loss": loss, "misbooking": wrong, **count}]
            document["sites"] = {site: keys | {"groups": ["all"]} for site, keys in document["sites"].items()}
            yield f"records {name}{', divisible' if divisible else ''}", document
    rule = {"site": ["s1", "s2", "s3"], "type": "base_stock", "order_up_to_level": 6}
    for watch in ("on_hand", "level", "echelon"):
        policy: Document = {"type": "kanban", "cards": 3, "container": 4}
        if watch == "level":
            policy = {"type": "s_Q", "reorder_point": 3, "order_quantity": 8, "watch": "level"}
        if watch == "echelon":
            policy = {"type": "base_stock", "order_up_to_level": 20, "watch": "echelon"}
        document = network(policies={"only": {**policy, "rules": [rule]}})
        document["stock"] = [{"kind": kind, "loss": loss, **counts["counted wrongly"]} for kind in ("dc", "store")]
        yield f"records, watch {watch}", document
    document = network(policies={"only": {"type": "base_stock", "order_up_to_level": 9}})
    document["stock"] = [
        {"kind": "store", "lifetime": 4, "issuing": "lifo", "loss": loss, **counts["counted when empty"]}
    ]
    yield "records, lifetime", document


def decays() -> Iterator[tuple[str, Document]]:
    """Goods that decay, whole units and divisible ones, at the DC and at stores, beside lots and wrong records; and where they flow."""
    for name, products in (("whole", {"p": {"unit_cost": 1}}), ("divisible", DIVISIBLE)):
        for watch in ("position", "echelon"):
            rule = {"site": ["s1", "s2", "s3"], "type": "base_stock", "order_up_to_level": 6}
            policy: Document = {"type": "base_stock", "order_up_to_level": 20, "watch": watch, "rules": [rule]}
            document = network(products=dict(products), policies={"only": policy})
            document["stock"] = [{"kind": kind, "decay": {"rate": "9% per day"}} for kind in ("dc", "store")]
            yield f"decay, {name}, {watch}", document
    loss = {"time_between": 3, "units": 2}
    document = network()
    document["stock"] = [
        {"kind": "store", "decay": {"rate": "0.4 per day"}, "lifetime": 4, "loss": loss, "count": {"every": 2}}
    ]
    yield "decay, lifetime, records", document
    for name, policy in (
        ("s_Q", {"type": "s_Q", "reorder_point": 0, "order_quantity": 9.5}),
        ("R_S", {"type": "R_S", "review_interval": 1.5, "order_up_to_level": 12}),
    ):
        outage = [{**AWAY, "site": ["waits-lane", "goes-lane", "waits-fast", "goes-slow"]}]
        document = _flow(policy) | {"disruptions": outage}
        for rule in document["stock"]:
            rule["decay"] = {"rate": "0.3 per day"}
        yield f"decay, flow, {name}", document


def disruptions() -> Iterator[tuple[str, Document]]:
    """Disruptions that are no outage of shipments, overlapping, at times and by chance."""
    often: Document = {"type": "outage", "name": "again", "time_between": EXPONENTIAL, "duration": EXPONENTIAL}
    paused: list[Document] = [
        {**AWAY, "site": ["supplier", "dc", "s1"], "stops": "orders"},
        {**often, "site": ["s1", "s2"], "stops": "orders"},
    ]
    yield "orders paused, on watch", network(disruptions=paused)
    yield "orders paused, by the calendar", network(policies={"only": EARLY}, disruptions=paused)
    document = network(disruptions=paused, stock=[{"kind": "store", "one_open_order": True}])
    yield "orders paused, one open order", document
    document = network(disruptions=paused, stock=[{"site": "dc", "sourcing": "expedite", "expedite_up_to": 7}])
    document["sites"]["quick"] = {"kind": "supplier"}
    document["lanes"][0] |= {"priority": 2, "lead_time": 3}
    document["lanes"].append({"from": "quick", "to": "dc", "lead_time": 0})
    yield "orders paused, expedite", document
    for divisible in (False, True):  # shelves of lots and others, who waits, complete orders, jobs
        document = fractions(network()) if divisible else network()
        document["products"] = {"p": {"unit_cost": 1, "divisible": divisible, "ends": 17.5, "salvage": 0.25}}
        document["stock"] = [{"site": "dc", "lifetime": 6}, {"site": "s1", "loss": {"time_between": EXPONENTIAL}}]
        document["sites"]["s2"]["production"] = {"lead_time": 2, "machines": 1, "unit_time": 0.5}
        document["stock"].append({"site": "s2", "sourcing": "split"})
        document["lanes"][2] |= {"fill": "all_or_nothing", "share": 0.5, "yield": YIELDS["fraction"]}
        document["demand"][0] |= {"unmet": "patience", "patience": 3}
        yield f"the end of a product{', divisible' if divisible else ''}", document
    for issuing in ("fifo", "lifo"):
        document = network(products={"p": {"unit_cost": 1, "unit_price": 3}})
        old: Document = {"lifetime": 4, "issuing": issuing, "markdown": {"after": 1, "price": 1}}
        document["stock"] = [{"site": ["dc", "s1"], **old}, {"site": "s2", **old, "age": "travels"}]
        yield f"marked down, {issuing}", document
    struck: list[Document] = [
        {**AWAY, "site": ["dc", "s1"], "destroys": 0.4},
        {**often, "site": ["s1", "s2"], "stops": "nothing", "destroys": 1},
    ]
    for products in ({"p": {"unit_cost": 1}}, DIVISIBLE):
        name = "divisible" if products is DIVISIBLE else "whole"
        stock = [{"kind": "store", "lifetime": 4, "decay": {"rate": "9% per day"}}]
        yield f"stock destroyed, {name}", network(products=dict(products), disruptions=struck, stock=stock)
    document = _flow({"type": "s_S", "reorder_point": 3, "order_up_to_level": 10})
    yield (
        "stock destroyed, flow",
        document | {"disruptions": [{**AWAY, "site": ["waits-lane", "goes-fast"], "destroys": 0.4}]},
    )
    yield from _slow_and_held(often)
    yield from _set_off()


def _slow_and_held(often: Document) -> Iterator[tuple[str, Document]]:
    """Lead times stretched and goods held, on lanes and from sites, overlapping, sent all the same or not, wherever goods travel."""
    slow: list[Document] = [
        {**AWAY, "lane": {"to": ["s1", "s2"]}, "stops": "nothing", "stretches": 2.5},
        {**often, "site": ["supplier", "dc"], "stops": "nothing", "stretches": 1.3},
        {**AWAY, "name": "both", "site": "dc", "start": 8, "stretches": 0.7},
    ]
    held: list[Document] = [
        {**AWAY, "lane": {"from": "dc"}, "holds": True},
        {**often, "lane": {"to": ["s1", "s3"]}, "stops": "nothing", "holds": True},
        {
            **AWAY,
            "name": "both",
            "site": ["supplier", "dc"],
            "start": 8,
            "every": 11,
            "stops": "nothing",
            "holds": True,
        },
    ]
    for name, disruptions in {
        "lead times stretched": slow,
        "goods held": held,
        "held and stretched": slow + held,
    }.items():
        if name == "held and stretched":
            disruptions = [entry | {"name": str(k)} for k, entry in enumerate(disruptions)]
        document = network(disruptions=disruptions, stock=[{"kind": "store", "lifetime": 6, "age": "travels"}])
        for lane in document["lanes"]:
            lane |= {"lead_time": RANDOM, "processing": 0.5}
        document["lanes"][3]["crossing"] = "no"
        yield name, document
        document = network(disruptions=disruptions)
        for lane in document["lanes"]:
            lane |= {"lead_time": RANDOM, "yield": YIELDS["lost"], **LOADS["until 9 in vehicles"]}
        document["stock"] = [
            {"site": "s1", "initial": {"on_hand": 3, "shipments": [{"from": "dc", "quantity": 4, "due": 7.5}]}}
        ]
        yield f"{name}, divisible loads", fractions(document)
    for when, times in DEPARTURES.items():
        document = network(disruptions=slow)
        for lane in document["lanes"]:
            lane |= {"departures": times, "lead_time": RANDOM}
        yield f"lead times stretched, departures {when}", document
    document = network(disruptions=slow)
    for site in ("supplier", "dc"):
        document["sites"][site]["working_days"] = {"closed": [{"from": 3, "to": 5.5}, {"from": 8, "to": 9}]}
    for lane in document["lanes"]:
        lane |= {"processing": 0.5, "lead_time": RANDOM, "lead_time_in": "working_time"}
    yield "lead times stretched, in working time", document
    document = network(disruptions=[{**AWAY, "site": "supplier", "stretches": 3, "holds": True}])
    document["sites"]["supplier"] = {"kind": "plant", "production": {"lead_time": RANDOM, "capacity": 7}}
    document["policies"]["only"]["rules"].append({"site": "supplier", "type": "base_stock", "order_up_to_level": 9})
    yield "lead times stretched, of a plant", document
    document = line({"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.6})
    yield "goods held within an echelon", document | {"disruptions": [{**AWAY, "lane": {"to": "store"}, "holds": True}]}


def _set_off() -> Iterator[tuple[str, Document]]:
    """Outages that set others off: in one part of a network and in another, in chains, at once, later, perhaps, while they last."""
    chain: list[Document] = [
        {"type": "outage", "name": "quake", "site": "s1", "time_between": EXPONENTIAL, "duration": EXPONENTIAL},
        {"type": "outage", "site": "s1", "duration": 2, "after": {"name": "quake", "when": "begins"}, "stretches": 2},
        {
            "type": "outage",
            "name": "fire",
            "site": "s2",
            "duration": EXPONENTIAL,
            "destroys": 0.5,
            "after": {"name": "quake", "probability": 0.4, "lag": EXPONENTIAL},
        },
        {"type": "outage", "site": "s3", "stops": "orders", "duration": 1, "after": {"name": "fire", "lag": 0.5}},
        {"type": "outage", "lane": {"to": "dc"}, "duration": 0, "holds": True, "after": {"name": "fire"}},
        {"type": "outage", "lane": {"to": "s2"}, "duration": 3, "holds": True, "after": {"name": "fire"}},
    ]
    yield "outages set off", network(disruptions=chain)
    sites: Document = {
        f"{kind}{k}": {"kind": what} for kind, what in (("u", "supplier"), ("v", "store")) for k in (1, 2)
    }
    lanes: list[Document] = [{"from": f"u{k}", "to": f"v{k}", "lead_time": 1} for k in (1, 2)]
    customers: list[Document] = [{"site": f"v{k}", "product": "p", **DAILY_DEMAND, "unmet": "lost"} for k in (1, 2)]
    apart: list[Document] = [
        {**AWAY, "name": "first", "site": "v2"},
        {"type": "outage", "site": "v1", "duration": 3, "destroys": 1, "after": {"name": "first", "probability": 0.6}},
    ]
    document = scenario(sites, lanes, customers, {"type": "base_stock", "order_up_to_level": 9})
    yield "outages set off elsewhere", document | {"disruptions": apart}


BREAKS: list[Document] = [{"price": 3}, {"from": 4, "price": 2.6}, {"from": 9.5, "price": 2.1}]


def terms() -> Iterator[tuple[str, Document]]:
    """Prices by order size, one open order at a time, customers of whom some wait: every review and watch, several sources, production,
    broken quantities."""
    for discount in ("all_units", "incremental"):
        for divisible in (False, True):
            document = network(stock=[{"kind": "store", "minimum_order": 3}])
            for lane in document["lanes"]:
                lane |= {"price_breaks": BREAKS, "discount": discount, "duty": 0.1, "shipment_cost": 2}
            yield (
                f"prices, {discount}{', divisible' if divisible else ''}",
                fractions(document) if divisible else document,
            )
    one: Document = {"group": "all", "one_open_order": True}
    policies: dict[str, Document] = {
        "s_Q": {"type": "s_Q", "reorder_point": 7, "order_quantity": 5},
        "s_S": {"type": "s_S", "reorder_point": 6, "order_up_to_level": 12},
        "base stock": {"type": "base_stock", "order_up_to_level": 12},
        "level": {"type": "s_Q", "reorder_point": 4, "order_quantity": 6, "watch": "level"},
        "R_S": {"type": "R_S", "order_up_to_level": 12, "review_interval": 1},
        "kanban": {"type": "kanban", "cards": 3, "container": 4},
    }
    for name, policy in policies.items():
        for divisible in (False, True):
            document = _grouped(network(policies={"only": policy}, stock=[one]))
            yield (
                f"one open order, {name}{', divisible' if divisible else ''}",
                fractions(document) if divisible else document,
            )
    for rule in ("priority", "split"):
        document = _grouped(
            network(policies={"only": policies["base stock"]}, stock=[one, {"site": "dc", "sourcing": rule}])
        )
        document["sites"]["dc"]["production"] = {"lead_time": 1, "capacity": 2}
        document["lanes"][0] |= {"price_breaks": BREAKS, "yield": YIELDS["fraction"]}
        if rule == "split":
            document["lanes"][0]["share"] = 0.4
        yield f"one open order, {rule}", document
    document = line({"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.8})
    document["stock"] = [{"one_open_order": True}]
    yield "one open order within an echelon", document
    for divisible in (False, True):
        document = network(stock=[{"site": "dc", "sourcing": "cheapest", "unit_cost": 3}])
        document["sites"] |= {"far": {"kind": "supplier"}}
        document["sites"]["dc"]["production"] = {"lead_time": 1, "capacity": 9, "order_cost": 1, "unit_cost": 0.2}
        document["lanes"][0] |= {"price_breaks": BREAKS, "discount": "incremental", "duty": 0.2, "shipment_cost": 1}
        document["lanes"].append({"from": "far", "to": "dc", "lead_time": 2, "vehicle": {"capacity": 5, "cost": 1.5}})
        document["disruptions"] = [{**AWAY, "site": site} for site in ("far", "dc")]
        yield (
            f"cheapest of three{', divisible' if divisible else ''}",
            fractions(document) if divisible else document,
        )
    flowing = _flow(policies["s_S"])
    flowing["lanes"] = [
        lane | {"price_breaks": BREAKS, "discount": "incremental", "duty": 0.2} for lane in flowing["lanes"]
    ]
    yield "prices and flows", flowing
    some: Document = {"unmet": "some_wait", "waiting_share": 0.6}
    for fill in ("partial", "all_or_nothing"):
        document = network(disruptions=[{**AWAY, "site": "s3"}])
        document["demand"] += _all(network(), {"name": "some", "fill": fill, **some})["demand"]
        yield f"some wait, {fill}", document
    yield "some wait, divisible", fractions(_all(network(), some))
    document = _lend(network(), "lost")
    document["demand"] = [entry | some for entry in document["demand"]]
    yield "some wait, transshipment", document


LOADS: dict[str, Document] = {
    "until 8": {"consolidate": {"until": 8}},
    "or after 2": {"consolidate": {"or_after": 2}},
    "until 6.5, or after 3": {"consolidate": {"until": 6.5, "or_after": 3}},
    "vehicles": {"vehicle": {"capacity": 4, "cost": 25}},
    "until 9 in vehicles": {"consolidate": {"until": 9, "or_after": 5}, "vehicle": {"capacity": 4, "cost": 25}},
}


def loads() -> Iterator[tuple[str, Document]]:
    """Docks and vehicles: every way to end a load, outages of lanes and of their origins, broken quantities, lots, calendars, echelons."""
    for name, terms in LOADS.items():
        for divisible in (False, True):
            document = network(
                disruptions=[{**AWAY, "lane": {"from": "dc", "to": "s1"}}, {**AWAY, "site": "dc", "every": 7}],
                stock=[{"kind": "store", "lifetime": 6}],
            )
            for lane in document["lanes"]:
                lane |= {"lead_time": RANDOM, **terms}
            document["lanes"][1]["processing"] = EXPONENTIAL
            document["lanes"][3]["crossing"] = "no"
            yield f"loads, {name}{', divisible' if divisible else ''}", fractions(document) if divisible else document
    document = network()
    for lane in document["lanes"]:
        lane |= {"lead_time": 0, "shipping_days": {"closed": [{"from": 3, "to": 5.5}]}, **LOADS["or after 2"]}
    yield "loads and calendars", document
    document = network(stock=[{"site": "dc", "sourcing": "split"}])
    document["sites"]["backup"] = {"kind": "supplier"}
    document["lanes"].append({"from": "backup", "to": "dc", "share": 0.5})
    document["lanes"][0]["share"] = 0.5
    for lane in document["lanes"]:
        if lane["to"] == "dc":
            lane |= {"lead_time": 0, **LOADS["or after 2"]}
    yield "loads of two sources that leave at once", document
    document = line({"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.6})
    for lane in document["lanes"]:
        lane |= {"yield": YIELDS["lost"], **LOADS["until 9 in vehicles"]}
    yield "loads within an echelon", document
    flowing = _flow({"type": "s_S", "reorder_point": 3, "order_up_to_level": 10})
    flowing["lanes"] = [lane | LOADS["until 9 in vehicles"] for lane in flowing["lanes"]]
    yield "loads and flows", flowing


def _grouped(document: Document) -> Document:
    """The network, all sites but the supplier in a group."""
    for site, keys in document["sites"].items():
        if site != "supplier":
            keys["groups"] = ["all"]
    return document


def _all(document: Document, changes: Document) -> Document:
    """The network with all customers changed alike."""
    document["demand"] = [entry | changes for entry in document["demand"]]
    for entry in document["demand"]:
        if entry["unmet"] != "patience":
            entry.pop("patience", None)
    return document


def _lend(document: Document, unmet: str) -> Document:
    """The network with customers served by each other's shelves."""
    patience = {"patience": 1.5} if unmet == "patience" else {}
    _all(document, {"unmet": unmet, **patience})
    for entry in document["demand"]:
        entry["transship_from"] = [site for site in ("s1", "s2", "s3", "dc") if site != entry["site"]][:3]
    return document


def _flow(policy: Document) -> Document:
    """Oil that flows, waiting or lost, from a DC and from production faster and slower than demand; customers besides."""
    sites: Document = {"supplier": {"kind": "supplier"}, "dc": {"kind": "dc"}, "s1": {"kind": "store"}}
    lanes = [
        {"from": "supplier", "to": "dc", "lead_time": RANDOM},
        {"from": "dc", "to": "s1", "lead_time": 1},
    ]
    customers: list[Document] = [
        {"site": "s1", "product": "p", **SINGLE, "unmet": "backorder"},
        {"site": "dc", "product": "p", **DAILY_DEMAND, "unmet": "lost"},
    ]
    initial = []
    for habit, unmet in {"waits": "backorder", "goes": "lost"}.items():
        for supply, factor in {"lane": 0.0, "fast": 1.7, "slow": 0.6}.items():
            name = f"{habit}-{supply}"
            rate = 1.0 if factor == 0.0 else 2.3
            sites[name] = {"kind": "store"}
            if factor == 0.0:
                lanes.append({"from": "dc", "to": name, "lead_time": 1})
            else:
                sites[name]["production"] = {"lead_time": 0, "rate": rate * factor}
            customers.append(
                {"site": name, "product": "p", "type": "flow", "rate": rate, "unmet": unmet, "promise": 0.5}
            )
            initial.append({"site": name, "initial": {"on_hand": 3.1}})
    upstream = {"site": ["dc", "s1"], "type": "s_S", "reorder_point": 6, "order_up_to_level": 14}
    document = scenario(sites, lanes, customers, policy | {"rules": [upstream]})
    return document | {"stock": initial, "products": {"p": {"divisible": True, "unit_cost": 1}}}


PARTS: tuple[Callable[[], Iterator[tuple[str, Document]]], ...] = (
    yields, departures, lifetimes, ages, emergencies, expediting, transshipment, flows, players, meetings, records, decays, disruptions, terms, loads,
)  # fmt: skip
