"""The tables of bills of materials: what a job consumes, where it is made of that, and who shares components. See `plan.tables`."""

from __future__ import annotations

from chainsim.rows import Column as C
from chainsim.rows import Table

INPUT = Table(
    "Input",
    (
        C("point", "i8", "stock point of the component, at the site of the plant"),
        C("per", "f8", "units of it in one unit made"),
    ),
)
"""A line of a bill of materials."""

ASSEMBLY = Table(
    "Assembly",
    (
        C("lane", "i8", "lane of that production"),
        C("first_input", "i8", "first of the components of one unit, in Plan.inputs"),
        C("inputs", "i8", "number of those"),
        C("desk", "i8", "desk at which its jobs wait for components"),
    ),
    (
        C("waiting", "f8", "units of jobs that wait for components"),
        C("waiting_time", "f8", "unit-ticks of those"),
        C("at_plant", "f8", "units whose components left stock and that wait for a machine or capacity"),
        C("at_plant_time", "f8", "unit-ticks of those"),
        C("released", "f8", "units whose components left stock"),
        C("since", "i8", "tick up to which the time integrals are added up"),
    ),
)
"""A product that a site makes of components, and its jobs."""

DESK = Table(
    "Desk",
    (C("rank", "i8", "highest rank of the components handed out here"),),
    (
        C("head", "i8", "first job waiting for components", -1),
        C("tail", "i8", "last job waiting", -1),
        C("serve_at", "i8", "tick for which a release after receipts is already on the calendar", -1),
        C("dispatch_at", "i8", "tick for which a release of new jobs is already on the calendar", -1),
        C("early_dispatch_at", "i8", "the same before demand", -1),
    ),
)
"""Where jobs wait for components: one for all products of a site that share a component, directly or in turn."""
