"""Every index and count of a Plan is looked at before compiled code trusts them: it does not look itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def check(plan: Plan) -> None:
    """Raises ValueError naming the first column that points outside its table: a bug of ours, or of who made the Plan."""
    streams, laws = plan.streams.streams, plan.streams.laws
    sizes = {
        "points": len(plan.points),
        "lanes": len(plan.lanes),
        "resources": len(plan.resources),
        "outages": len(plan.outages),
        "streams": len(streams),
        "laws": len(laws),
        "rules": len(plan.rules),
        "flows": len(plan.flows),
        "pages": len(plan.pages),
        "desks": len(plan.desks),
        "assemblies": len(plan.assemblies),
        "terms": len(plan.terms),
        "inputs": len(plan.inputs),
        "ledgers": len(plan.ledgers),
        "agings": len(plan.agings),
        "openings": len(plan.openings),
    }
    tables = {
        "points": plan.points,
        "lanes": plan.lanes,
        "customers": plan.customers,
        "resources": plan.resources,
        "outages": plan.outages,
        "flows": plan.flows,
        "pages": plan.pages,
        "inputs": plan.inputs,
        "assemblies": plan.assemblies,
        "terms": plan.terms,
        "ledgers": plan.ledgers,
        "agings": plan.agings,
        "openings": plan.openings,
        "streams": streams,
        "first_shipments": plan.first_shipments,
        "first_orders": plan.first_orders,
    }
    for table, column, target, least in INDICES:
        _within(f"{table}.{column}", tables[table][column], least, sizes[target])
    for name, values, target in (
        ("sources", plan.sources, "lanes"),
        ("ancestors", plan.ancestors, "points"),
        ("outage_lanes", plan.outage_lanes, "lanes"),
        ("partners", plan.partners, "points"),
        ("profiles", plan.streams.profiles, "laws"),
    ):
        _within(name, values, 0, sizes[target])
    for table, first, count, length in (
        ("points", "first_source", "sources", len(plan.sources)),
        ("points", "first_ancestor", "ancestors", len(plan.ancestors)),
        ("lanes", "first_gain", "gains", len(plan.ancestors)),
        ("outages", "first_lane", "lanes", len(plan.outage_lanes)),
        ("customers", "first_partner", "partners", len(plan.partners)),
        ("customers", "values_first", "values_count", len(plan.values)),
        ("streams", "profile", "length", len(plan.streams.profiles)),
        ("points", "first_page", "pages", len(plan.pages)),
        ("pages", "first", "count", len(plan.page_parameters)),
        ("assemblies", "first_input", "inputs", len(plan.inputs)),
        ("terms", "first_break", "breaks", len(plan.breaks)),
    ):
        rows = tables[table]
        _within(f"{table}.{count}", rows[count], 0, length + 1)
        _within(f"{table}.{first} + {count}", rows[first] + rows[count], -1, length + 1)
    if len(plan.contents) != len(plan.ancestors):
        raise ValueError(f"plan: {len(plan.contents)} contents for {len(plan.ancestors)} ancestors")
    _within("points.rank", plan.points["rank"], 0, 1 << 18)
    _within("points.series_row", plan.points["series_row"], 0, len(plan.points))
    _within("laws.first + size", laws["first"] + laws["size"], 0, len(plan.streams.data) + 1)
    for name, per_point in (("parameters", plan.parameters), ("memory", plan.memory)):
        if len(per_point) != len(plan.points):
            raise ValueError(f"plan: {name} has {len(per_point)} entries for {len(plan.points)} stock points")


INDICES = (
    ("points", "policy", "rules", -1),
    ("points", "resource", "resources", -1),
    ("points", "offset_stream", "streams", -1),
    ("points", "flow", "flows", -1),
    ("points", "page", "pages", -1),
    ("points", "desk", "desks", -1),
    ("points", "order_days", "openings", -1),
    *(("lanes", f"{what}_days", "openings", -1) for what in ("working", "shipping", "transport", "receiving")),
    ("openings", "last", "openings", 0),
    ("lanes", "assembly", "assemblies", -1),
    ("lanes", "terms", "terms", -1),
    ("terms", "lane", "lanes", 0),
    ("assemblies", "lane", "lanes", 0),
    ("assemblies", "desk", "desks", 0),
    ("inputs", "point", "points", 0),
    ("points", "ledger", "ledgers", -1),
    ("ledgers", "point", "points", 0),
    ("lanes", "aging", "agings", -1),
    ("agings", "point", "points", 0),
    *(
        ("ledgers", f"{stream}_stream", "streams", -1)
        for stream in ("gap", "loss", "misbooking", "misbooked", "miscount", "miscounted")
    ),
    ("lanes", "origin", "points", -1),
    ("lanes", "target", "points", 0),
    ("points", "life_stream", "streams", -1),
    ("lanes", "lag_stream", "streams", -1),
    ("lanes", "processing_stream", "streams", -1),
    ("lanes", "transport_stream", "streams", -1),
    ("lanes", "departure_stream", "streams", -1),
    ("lanes", "fraction_stream", "streams", -1),
    ("lanes", "lost_stream", "streams", -1),
    ("lanes", "extra_stream", "streams", -1),
    ("flows", "point", "points", 0),
    ("flows", "lane", "lanes", -1),
    ("customers", "point", "points", 0),
    ("customers", "size", "streams", -1),
    ("customers", "wait_stream", "streams", -1),
    ("customers", "gap", "streams", -1),
    ("resources", "unit_stream", "streams", -1),
    ("resources", "setup_stream", "streams", -1),
    ("outages", "up_stream", "streams", -1),
    ("outages", "down_stream", "streams", -1),
    ("outages", "chance_stream", "streams", -1),
    ("outages", "lag_stream", "streams", -1),
    ("outages", "after", "outages", -1),
    ("streams", "law", "laws", -1),
    ("first_shipments", "lane", "lanes", 0),
    ("first_orders", "lane", "lanes", 0),
)
"""Table, column, table it points into, least value (-1: none)."""


def _within(what: str, values: Array, least: int, end: int) -> None:
    if values.size and (values.min() < least or values.max() >= end):
        raise ValueError(f"plan: {what} is outside {least} … {end - 1}")
