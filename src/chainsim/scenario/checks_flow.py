"""Cross-field checks of flows (constant rates) and of random yields."""

from __future__ import annotations

from typing import Any

from chainsim.demand.flow import Flow
from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.nodes import Path


def flows_of(draft: Draft) -> dict[PointName, Path]:
    """Stock points whose demand flows, with the entry that says so."""
    return {(d.site, d.product): path for d, path in draft.demands if isinstance(d.process, Flow)}


def flows_wait_or_are_lost(draft: Draft) -> None:
    """A flow has no single customers, with a patience or with orders to be kept whole."""
    cure = "use unmet: backorder, or unmet: lost"
    for i, made in enumerate(draft.data["demand"]):
        if not isinstance(made.thing, Flow):
            continue
        if made.keys["unmet"] == "patience":
            draft.error(("demand", i, "unmet"), "a flow has no patience", cure)
        if made.keys["unmet"] == "some_wait":
            draft.error(("demand", i, "unmet"), "a flow has no single customers of whom some could wait", cure)
        if made.keys["unmet"] == "emergency":
            draft.error(("demand", i, "unmet"), "a flow has no emergency source", cure)
        if made.keys["transship_from"]:
            draft.error(("demand", i, "transship_from"), "nobody hands over to a flow", "remove it")
        if made.keys["fill"] == "all_or_nothing":
            draft.error(("demand", i, "fill"), "a flow has no orders to be kept whole", "use fill: partial")


def flows_flow_alone(draft: Draft) -> None:
    """A stock point whose demand flows serves nobody else."""
    flows = flows_of(draft)
    told: set[Path] = set()
    cure = "give the flow a site of its own, supplied by a lane"

    def refuse(path: Path, name: PointName, what: str) -> None:
        if path not in told:
            told.add(path)
            draft.error(
                path, f"the demand of {name[0]} / {name[1]} flows, and nothing else is served there: {what}", cure
            )

    for demand, path in draft.demands:
        name = (demand.site, demand.product)
        if name in flows and path != flows[name]:
            refuse(path, name, f"it has another demand, '{demand.label}'")
        for site in demand.transship_from:
            if (site, demand.product) in flows:
                refuse(path, (site, demand.product), f"'{demand.site}' would take from it")
    for name, flow in flows.items():
        if draft.points[name].lifetime is not None:
            refuse(flow, name, "its stock has a lifetime")
        if draft.points[name].loss or draft.points[name].misbooking or draft.points[name].count:
            refuse(flow, name, "its books may differ from its shelf (`loss`, `misbooking`, `count`)")
    for lane, path in draft.lanes:
        if (lane.origin, lane.product) in flows:
            refuse(path, (lane.origin, lane.product), f"a lane to '{lane.target}'")


def flows_go_on_ordering(draft: Draft) -> None:
    """Where demand flows a planner is called by the curve of its stock, which nobody can ask to wait."""
    flows = flows_of(draft)
    for outage, path in draft.outages:
        for site, product in flows if outage.stops == "orders" else ():
            if site == outage.site:
                message = f"the demand of {site} / {product} flows: its orders cannot be paused"
                draft.error((*path, "stops"), message, "give demand a quantity for every period, or pause another site")


def rates_of_production(draft: Draft) -> None:
    """Production at a rate goes straight into the stock of a demand that flows."""
    for path, made in draft.every_centre():
        if made["rate"] is None:
            continue
        if made["capacity"] is not None or made["machines"] is not None:
            draft.error((*path, "rate"), "give a rate, capacity or machines, not several", "keep one")
        if made["lead_time"].expectation() > 0:
            message = "with a rate, units go into stock as they are made"
            draft.error((*path, "lead_time"), message, "lead_time: 0, or capacity instead of the rate")
        if made["yield"] is not None:
            draft.error((*path, "yield"), "goes with lots that arrive whole, not with a rate", "lower the rate instead")


def rates_feed_flows(draft: Draft) -> None:
    flows, told = flows_of(draft), set[Path]()
    for site in draft.sites.values():
        for centre, product in ((c, p) for c in site.production if c.rate is not None for p in c.products):
            path: Path = (*centre.path, "rate")
            if (site.name, product) not in flows and path not in told:
                told.add(path)
                message = f"the demand of {site.name} / {product} does not flow: who would take units as they are made?"
                draft.error(path, message, "use capacity, or give it a demand of type: flow")


def yields(draft: Draft) -> None:
    """A yield says something, and fractions are no percentages."""
    places: list[tuple[Path, Any]] = [
        (("lanes", i, "yield"), lane["yield"]) for i, lane in enumerate(draft.data["lanes"])
    ]
    places += [((*path, "yield"), made["yield"]) for path, made in draft.every_centre()]
    for path, keys in places:
        if keys is None:
            continue
        if keys["fraction"] is None and keys["lost"] is None and keys["extra"] is None:
            draft.error(path, "says nothing", "give fraction, lost or extra, or remove it")
        elif keys["fraction"] is not None and keys["fraction"].expectation() > 1.0:
            message = f"is {keys['fraction'].expectation():g} on average: more would arrive than was sent"
            draft.warn((*path, "fraction"), message, "nine tenths is 0.9")


ALWAYS = (flows_wait_or_are_lost, rates_of_production, yields)
WHEN_NAMES_ARE_RIGHT = (flows_flow_alone, flows_go_on_ordering, rates_feed_flows)
