"""Random networks with everything in them: those of the property tests, and on top of them what those leave out."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.properties.networks import Document, lead_times, networks, quantities, whole_times
from tests.properties.test_flow import flowing, yields

LEVELS: list[Document] = [
    {},
    {"season": {"weekly": [1, 0.5, 1, 2, 1, 3, 0]}},
    {"season": {"yearly": [0.5, 2, *[1] * 50]}},
    {"step": {"at": 12, "factor": 1.7}},
    {"season": {"weekly": [0, 1, 2, 1, 0, 1, 1]}, "step": [{"at": 6.5, "factor": 2}, {"at": 20, "factor": 0.3}]},
]
TRIGGERS = ({}, {"trigger": "below"}, {"watch": "level"}, {"trigger": "below", "watch": "level"})
OFFSETS = ({}, {"offset": "random"}, {"offset": 0.25}, {"review": "before_demand", "offset": "random"})


LOSSES = (
    {"time_between": 2},
    {"time_between": {"dist": "exponential", "mean": 3}, "units": {"dist": "poisson", "mean": 2}},
)
MISTAKES = ({"share": 0.3, "units": {"dist": "gamma", "mean": 2, "cv": 0.8}}, {"share": "100%"})
COUNTS = (
    {"every": 5, "first": 0},
    {"every": 2.5, "when_empty": True, "tolerance": "10%"},
    {"when_empty": True},
    {"every": 4, "miscount": {"share": 0.5, "units": 2}},
)
DURATIONS = (0, 0.5, 2, {"dist": "exponential", "mean": 1.5})
DECAYS = ({"rate": 0.07}, {"rate": 0.6, "cost": 1})
shelves = st.fixed_dictionaries(
    {},
    optional={
        "loss": st.sampled_from(LOSSES),
        "misbooking": st.sampled_from(MISTAKES),
        "count": st.sampled_from(COUNTS),
        "decay": st.sampled_from(DECAYS),
    },
)
"""Books that differ from the shelf, and goods that decay."""


prices = st.fixed_dictionaries(
    {
        "price_breaks": st.sampled_from(
            ([{"price": 3}, {"from": 4, "price": 2.6}, {"from": 9.5, "price": 2}], [{"price": 1.7}])
        )
    },
    optional={
        "discount": st.sampled_from(("all_units", "incremental")),
        "duty": st.just(0.1),
        "shipment_cost": st.just(2),
    },
)
"""Goods that cost by the size of the order."""


loads = st.fixed_dictionaries(
    {},
    optional={
        "consolidate": st.sampled_from(
            (
                {"until": 7, "or_after": 2},
                {"or_after": 1.5},
                {"until": 12.5, "or_after": 6},
                {"or_after": 0.25},
                {"until": 9},
            )
        ),
        "vehicle": st.sampled_from(({"capacity": 5, "cost": 3}, {"capacity": 0.7})),
    },
)
"""Docks, and vehicles of limited capacity."""


def _more_outages(draw: Any, document: Document, sites: list[str]) -> None:
    """Lead times stretched, goods held, and outages that others set off, one after the other."""
    timed = [(lane["from"], lane["to"]) for lane in document["lanes"] if _timed(document, lane)]
    ways = sorted({(lane["from"], lane["to"]) for lane in document["lanes"]} - set(timed))
    for name, cause in (("third", "second"), ("fourth", "third")):
        if draw(st.integers(0, 2)) == 0:
            break
        where: Document = {"site": draw(st.sampled_from(sites))}
        if ways and draw(st.integers(0, 2)) > 0:
            origin, target = draw(st.sampled_from(ways))
            where = {"lane": {"from": origin, "to": target}, "holds": True}
        document["disruptions"].append(
            {
                "type": "outage",
                "name": name,
                **where,
                "duration": draw(st.sampled_from(DURATIONS)),
                "stops": draw(st.sampled_from(("shipments", "nothing"))),
                "stretches": draw(st.sampled_from((0.5, 1, 1.7))) if "holds" in where else 1.7,
                "after": {
                    "name": cause,
                    "when": draw(st.sampled_from(("begins", "ends"))),
                    "probability": draw(st.sampled_from((0.5, 1))),
                    "lag": draw(st.sampled_from(DURATIONS)),
                },
            }
        )


def _timed(document: Document, lane: Document) -> bool:
    """Whether goods on a lane go by departures or calendars."""
    days = any("working_days" in document["sites"][lane[end]] for end in ("from", "to"))
    return days or "departures" in lane or "shipping_days" in lane


@st.composite
def rich_networks(draw: Any, *, flows: bool = False) -> Document:
    """1–8 sites, 1–3 products; backup and quick sources, random yields, stock under way at the start, random offsets,
    seasons, autocorrelation, surges and outages that overlap; with `flows`, oil that flows beside all that."""
    document: Document = draw(flowing() if flows else networks(fractions=draw(st.booleans())))
    flowing_to = {entry["site"] for entry in document["demand"] if entry["type"] == "flow"}
    apart = {"supplier", "tank", *flowing_to}
    sites = [name for name in document["sites"] if name not in apart]
    _sources(draw, document, sites)
    for site in sites:
        if draw(st.integers(0, 2)) == 0:
            document["sites"][site]["allocation"] = "priority"
    for lane in document["lanes"]:
        lane.setdefault("priority", draw(st.integers(1, 2)))
        if draw(st.integers(0, 3)) == 0:
            lane["yield"] = draw(yields)
        if draw(st.integers(0, 3)) == 0:
            lane |= draw(prices)
    for site in sites:
        if "production" in document["sites"][site] and draw(st.integers(0, 2)) == 0:
            document["sites"][site]["production"]["yield"] = draw(yields)
    told = {rule["site"] for rule in document["stock"] if "initial" in rule}
    for site in sites:
        if site not in told and draw(st.booleans()):
            document["stock"].append({"site": site, "initial": _initial(draw, document, site)})
    for rule in document["policies"]["only"]["rules"]:
        if rule["type"] == "moving_average" and draw(st.booleans()):
            rule["type"] = "exponential_smoothing"
        if "reorder_point" in rule and rule["site"] in sites:  # a flow takes no `watch: level`
            rule |= draw(st.sampled_from(TRIGGERS))
        if "review_interval" in rule:
            rule |= draw(st.sampled_from(OFFSETS))
    customers = [entry for entry in document["demand"] if entry["type"] != "flow"]
    for entry in customers:
        _demand(draw, entry)
    if draw(st.integers(0, 2)) == 0:
        where = {"site": draw(st.sampled_from([entry["site"] for entry in customers]))}
        document["disruptions"].append({"type": "surge", **where, "start": 8, "duration": 2.5, "factor": 3})
    if draw(st.booleans()):
        where = {"site": draw(st.sampled_from(sites))}
        random = {"time_between": {"dist": "exponential", "mean": 5}, "duration": draw(st.sampled_from([1, 2.5]))}
        stops = draw(st.sampled_from(("shipments", "orders")))
        destroys = draw(st.sampled_from((0, 0.3, 1)))
        document["disruptions"].append(
            {"type": "outage", "name": "second", **where, **random, "stops": stops, "destroys": destroys}
        )
    for site in sites:
        if draw(st.integers(0, 2)) == 0:
            document["stock"].append({"site": site, **draw(shelves)})
    for site in sorted(flowing_to):
        if draw(st.booleans()):
            document["stock"].append({"site": site, "decay": draw(st.sampled_from(DECAYS))})
    for rule in document["stock"]:
        if "lifetime" in rule and draw(st.booleans()):
            rule["markdown"] = {"after": rule["lifetime"] / 2, "price": 0}
    flowing_products = {entry["product"] for entry in document["demand"] if entry["type"] == "flow"}
    if draw(st.booleans()):
        document["stock"].append({"storage": 0.3})
    for product, about in document["products"].items():
        about["volume"] = draw(st.sampled_from([0, 0.5]))
        if product not in flowing_products and draw(st.integers(0, 3)) == 0:
            about |= {"ends": draw(st.sampled_from([0, 7, 12.5])), "write_off": draw(st.sampled_from([1, 2]))}
    expediting = {rule["site"] for rule in document["stock"] if rule.get("sourcing") == "expedite"}
    for site in sites:
        if site not in expediting and draw(st.integers(0, 3)) == 0:
            document["stock"].append({"site": site, "one_open_order": True})
    one_open = {rule["site"] for rule in document["stock"] if rule.get("one_open_order")}
    aged = {rule["site"] for rule in document["stock"] if rule.get("age") == "travels"}
    for lane in document["lanes"]:
        if "departures" not in lane and lane["to"] not in aged and draw(st.integers(0, 2)) == 0:
            lane |= draw(loads)
            if one_open & {lane["to"]} and "consolidate" in lane:
                lane["consolidate"] = {"or_after": 2, **lane["consolidate"]}
    if not flows:
        _calendars(draw, document, sites)
    timed = [(lane["from"], lane["to"]) for lane in document["lanes"] if _timed(document, lane)]
    for outage in document["disruptions"]:  # drawn before the lanes had calendars
        if outage.get("holds") and (outage["lane"]["from"], outage["lane"]["to"]) in timed:
            outage["holds"] = False
    if any(entry.get("name") == "second" for entry in document["disruptions"]):
        _more_outages(draw, document, sites)
    return document


@st.composite
def calendars(draw: Any) -> Document:
    """Closed now and then, from ticks on and up to whole days, for long and for short."""
    closed: list[Document] = []
    end = 0.0
    for _ in range(draw(st.integers(1, 6))):
        start = end + draw(st.sampled_from([0, 0.5, 1, 2, 3.25, 5]))
        end = start + draw(st.sampled_from([0.25, 1, 2, 2.5, 4]))
        closed.append({"from": start, "to": end})
    return {"closed": closed}


def _calendars(draw: Any, document: Document, sites: list[str]) -> None:
    """Days off of some sites and lanes; some of them share theirs."""
    document["calendars"] = {"shared": draw(calendars())}
    days = st.one_of(st.just("shared"), calendars())
    for site in ["supplier", *sites]:
        keys = draw(st.sampled_from([(), (), ("working_days",), ("order_days",), ("working_days", "order_days")]))
        document["sites"][site] |= {key: draw(days) for key in keys if key == "working_days" or site != "supplier"}
    for lane in document["lanes"]:
        if "departures" not in lane and draw(st.integers(0, 2)) == 0:
            lane["shipping_days"] = draw(days)
        if "working_days" in document["sites"][lane["from"]] and draw(st.booleans()):
            lane["lead_time_in"] = "working_time"


def _sources(draw: Any, document: Document, sites: list[str]) -> None:
    """A second source for some sites: another supplier, or a site further up."""
    single = [lane for lane in document["lanes"] if lane["to"] in sites and draw(st.booleans())]
    produced = {name for name, site in document["sites"].items() if "production" in site}
    for lane in single[:2]:
        if lane["to"] in produced:
            continue
        above = [site for site in sites[: sites.index(lane["to"])] if site != lane["from"]]
        origin = draw(st.sampled_from(["backup", *above]))
        if origin == "backup":
            document["sites"]["backup"] = {"kind": "supplier"}
        rule = draw(st.sampled_from(["first", "priority", "split", "expedite", "cheapest", "fastest"]))
        other = {"from": origin, "to": lane["to"], "products": lane["products"], "lead_time": draw(lead_times)}
        if rule == "split":
            lane["share"], other["share"] = draw(st.sampled_from([(0.5, 0.5), (0.3, 0.7), (0.9, 0.1)]))
        else:
            lane["priority"], other["priority"] = draw(st.sampled_from([(1, 2), (2, 1)]))
        if rule == "cheapest":  # unless terms say otherwise, the near one for small orders
            lane["unit_cost"], other["order_cost"] = draw(st.sampled_from([(0.5, 2), (1, 4), (0.25, 0)]))
        document["lanes"].append(other)
        quick = {"expedite_up_to": draw(st.sampled_from([0, 3, 8.5]))} if rule == "expedite" else {}
        document["stock"].append({"site": lane["to"], "sourcing": rule, **quick})


def _initial(draw: Any, document: Document, site: str) -> Document:
    """Stock, and what is under way, at the start."""
    initial: Document = {"on_hand": draw(st.integers(0, 12))}
    origins = [lane["from"] for lane in document["lanes"] if lane["to"] == site]
    if origins:
        arriving = st.builds(
            lambda quantity, due: {"from": origins[0], "quantity": quantity, "due": due}, st.integers(1, 6), whole_times
        )
        initial["shipments"] = draw(st.lists(arriving, max_size=2))
        initial["orders"] = draw(st.lists(arriving, max_size=2))
    return initial


def _demand(draw: Any, entry: Document) -> None:
    """Sometimes autocorrelated, sometimes with a season; two streams of one place may share an instant."""
    if entry["type"] == "per_period" and draw(st.integers(0, 3)) == 0:
        del entry["quantity"]
        entry |= {"type": "ar1", "mean": draw(st.integers(0, 5)), "sd": 2, "rho": draw(st.sampled_from([-0.5, 0, 0.8]))}
    elif entry["type"] == "arrivals" and draw(st.integers(0, 3)) == 0:
        entry["gap"] = draw(
            st.sampled_from(
                [0.5, 1, {"dist": "discrete", "values": [0, 1], "probabilities": [0.4, 0.6]}, {"dist": "uniform", "low": 0, "high": 2}]
            )
        )  # fmt: skip
        entry["size"] = draw(quantities)
    entry |= draw(st.sampled_from(LEVELS))
    if entry["unmet"] == "lost" and draw(st.integers(0, 2)) == 0:
        entry |= {"unmet": "some_wait", "waiting_share": 0.5}


@st.composite
def lines(draw: Any) -> Document:
    """A serial chain under echelon positions: what watches a whole echelon, with customers who wait, go or leave."""
    length = draw(st.integers(1, 4))
    names = [f"s{i}" for i in range(1, length + 1)]
    sites: Document = {"supplier": {"kind": "supplier"}} | {name: {"kind": "store"} for name in names}
    ends = zip(["supplier", *names], names, strict=False)
    ways = [
        {"lead_time": 1},
        {"lead_time": 0.5, "order_lag": 0.5},
        {"lead_time": {"dist": "gamma", "mean": 1, "cv": 0.6}},
    ]
    cost = draw(st.sampled_from([0, 3]))  # with a cost, orders come in batches
    lanes = [{"from": a, "to": b, "order_cost": cost, **draw(st.sampled_from(ways))} for a, b in ends]
    unmet = draw(st.sampled_from([{"unmet": "backorder"}, {"unmet": "patience", "patience": 1}, {"unmet": "lost"}]))
    kind = draw(
        st.sampled_from(
            [
                {"type": "per_period", "quantity": {"dist": "poisson", "mean": 2}},
                {"type": "arrivals", "gap": {"dist": "exponential", "mean": 0.7}},
            ]
        )
    )
    review = draw(st.sampled_from([{}, {"review_interval": 1}, {"review_interval": 1, "review": "before_demand"}]))
    policy = {"type": "multi_echelon", "method": "echelon_base_stock", "service_level": 0.8, **review}
    outage = [{"type": "outage", "site": names[0], "start": 9, "duration": 3}] if draw(st.booleans()) else []
    return {
        "chainsim": 1,
        "title": "Line",
        "time": {"unit": "period", "warm_up": draw(st.sampled_from([0, 5])), "horizon": 30, "bucket": 1},
        "seed": draw(st.integers(0, 1000)),
        "products": {"p1": {"unit_cost": 1, "divisible": cost > 0 and draw(st.booleans())}},
        "sites": sites,
        "lanes": lanes,
        "demand": [{"site": names[-1], "product": "p1", **kind, **unmet}],
        "disruptions": outage,
        "stock": [{"site": name, **draw(shelves)} for name in names if draw(st.integers(0, 2)) == 0],
        "costs": {"holding_cost": 0.05, "backorder": 0.5},
        "policies": {"only": policy},
    }
