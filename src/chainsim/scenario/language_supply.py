"""The keys of the scenario file that say how goods are made and moved; see `language`."""

from __future__ import annotations

from chainsim.rules.setups import SETUP_FOR
from chainsim.scenario.keys import Key, Keys
from chainsim.scenario.language_calendars import DAYS_OF_LANE

OWNER = ("receiver", "supplier", "none")
DISCOUNTS = ("all_units", "incremental")

YIELD: Keys = {
    "fraction": Key(
        "distribution",
        "Fraction of a shipment that is good, drawn for each.",
        {"dist": "uniform", "low": 0.8, "high": 1},
        None,
    ),
    "lost": Key(
        "distribution",
        "Units that do not arrive or are no good, drawn for each shipment, whatever its size.",
        {"dist": "normal", "mean": 15, "sd": 9},
        None,
    ),
    "extra": Key(
        "distribution",
        "Units that arrive beyond those sent, drawn for each shipment.",
        {"dist": "uniform", "low": 0, "high": 10},
        None,
    ),
}
PRICE_BREAK: Keys = {
    "from": Key("units", "Size of an order from which on the price holds; the first is from 0.", 400, 0.0, least=0),
    "price": Key("money", "Price of a unit.", 0.72, least=0),
}
DEPARTURES: Keys = {
    "every": Key("duration", "Departures at offset, offset + every, offset + 2 × every …", "1 week", None, above=0),
    "offset": Key("duration", "Time of the first departure, with `every`.", "2 days", 0.0, least=0),
    "gap": Key("duration_distribution", "Random ones: from one to the next.", {"dist": "exponential", "mean": 1}, None),
}
CONSOLIDATE: Keys = {
    "until": Key("units", "They leave as soon as so many units wait.", 100, None, above=0),
    "or_after": Key(
        "duration", "They leave at the latest when the first of them has waited so long.", "3 days", None, above=0
    ),
}
VEHICLE: Keys = {
    "capacity": Key("units", "Units that one carries; a shipment takes as few as can carry it.", 100, above=0),
    "cost": Key("money", "Cost of each vehicle that leaves.", 250, 0.0, least=0),
}
PRODUCTION: Keys = {
    "lead_time": Key("duration_distribution", "Time from start to finish.", {"dist": "gamma", "mean": 3, "cv": 0.3}),
    "capacity": Key(
        "capacity",
        "Units that may start per time, shared by the site's products; what is unused is gone.",
        "500 per day",
        None,
    ),
    "machines": Key("count", "Machines, each making one unit at a time.", 2, None, least=1, most=1_000_000),
    "unit_time": Key("duration_distribution", "Time a machine needs for one unit.", 0.01, None),
    "rate": Key(
        "rate",
        "Units made per time, one lot after the other, into stock as they are made; for demand that flows.",
        "110 per day",
        None,
        above=0,
    ),
    "setup_time": Key(
        "duration_distribution",
        "Time to set a machine up for a lot, with machines or a rate; it makes nothing meanwhile.",
        {"dist": "gamma", "mean": "2 hours", "cv": 0.5},
        None,
    ),
    "setup_cost": Key("money", "Cost of each set-up of a machine, with machines or a rate.", 80, None, least=0),
    "setup_for": Key(
        "choice",
        "When a machine is set up: for each `order` (the default), or when the `product` changes.",
        "product",
        None,
        choices=SETUP_FOR,
    ),
    "order_cost": Key("money", "Cost of each production order.", 200, 0.0, least=0),
    "unit_cost": Key("money", "Cost of making one unit.", 0.10, 0.0, least=0),
    "products": Key(
        "products",
        "What is made here; default everything needed from here, of products with bills only those.",
        ["soup"],
        None,
    ),
    "recipes": Key(
        "recipes",
        "What products are made of at this site, instead of their `made_of`; {} for nothing that is kept here.",
        {"bike": {"frame": 1, "wheel": 2}},
        None,
    ),
    "fill": Key(
        "choice",
        "May a job start in parts, for as many units as all components are there?",
        "partial",
        "partial",
        choices=("partial", "all_or_nothing"),
    ),
    "yield": Key(
        "section",
        "How much of what is made is good: fraction × units - lost + extra.",
        {"fraction": 0.9},
        None,
        of="yield",
    ),
}
LANE: Keys = {
    "from": Key("sites", "Where it ships from: a site, a copies name, a list, a group or {kind: …}.", "dc"),
    "to": Key("sites", "Where it ships to.", "store"),
    "products": Key("products", "What it carries; default everything its origin can have.", ["soup"], None),
    "lead_time": Key("duration_distribution", "Transport time.", {"dist": "gamma", "mean": 7, "cv": 0.3}),
    "processing": Key("duration_distribution", "Time to pick and pack before transport.", "1 day", None),
    "order_lag": Key("duration_distribution", "Time until an order reaches the supplier.", 0.5, None),
    **DAYS_OF_LANE,
    "departures": Key("section", "Goods wait for the next departure.", {"every": "1 week"}, None, of="departures"),
    "consolidate": Key(
        "section",
        "Goods wait at the dock until a load is large enough or the first has waited long enough, and leave together.",
        {"until": 100, "or_after": "3 days"},
        None,
        of="consolidate",
    ),
    "vehicle": Key("section", "What carries the goods.", {"capacity": 100, "cost": 250}, None, of="vehicle"),
    "crossing": Key(
        "choice", "May a later shipment arrive before an earlier one?", "allowed", "allowed", choices=("allowed", "no")
    ),
    "order_cost": Key("money", "Cost of each order.", 120, 0.0, least=0),
    "unit_cost": Key("money", "Cost of moving one unit.", 0.05, 0.0, least=0),
    "shipment_cost": Key("money", "Cost of each shipment, of one product.", 35, 0.0, least=0),
    "duty": Key("share", "Duty on what arrives, as a share of its value.", "12%", 0.0, least=0, most=10),
    "price_breaks": Key(
        "sections",
        "What a unit costs by the size of the order on this lane; default what it is worth, whatever the size.",
        [{"price": 0.75}, {"from": 400, "price": 0.72}],
        (),
        of="price_break",
    ),
    "discount": Key(
        "choice",
        "With `price_breaks`: does a price hold for all units of an order, or for those beyond its break?",
        "incremental",
        "all_units",
        choices=DISCOUNTS,
    ),
    "in_transit_owner": Key(
        "choice", "Who pays for stock in transit; default costs.in_transit_owner.", "receiver", None, choices=OWNER
    ),
    "fill": Key(
        "choice", "May an order be shipped in parts?", "partial", "partial", choices=("partial", "all_or_nothing")
    ),
    "share": Key("fraction", "Share of the orders under `sourcing: split`.", 0.4, None, above=0, most=1),
    "priority": Key(
        "count",
        "Rank among several sources, and in the origin's queue under `priority`; 1 comes first.",
        1,
        1,
        least=1,
        most=1_000_000,
    ),
    "yield": Key(
        "section",
        "How much of a shipment is good: fraction × units - lost + extra.",
        {"fraction": 0.9},
        None,
        of="yield",
    ),
    "name": Key("name", "Tells apart two lanes between the same ends.", "truck", None),
    "pair": Key(
        "choice",
        "With several sites at both ends: all with all, or targets spread over the origins in blocks.",
        "spread",
        None,
        choices=("all", "spread"),
    ),
}
