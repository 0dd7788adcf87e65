"""Every key of the scenario file, section by section: meaning, kind, example, default, bounds.

The pydantic models, the JSON Schema and `chainsim explain` are made from these tables. The keys of distributions,
demand processes and policies are not here: they are described where those are defined, and join through the
registries (`schema_registry`).
"""

from __future__ import annotations

from chainsim.rules.allocate import ALLOCATION
from chainsim.rules.customer import UNMET
from chainsim.rules.order import SOURCING
from chainsim.rules.shelf import ISSUING
from chainsim.scenario.keys import Key, Keys
from chainsim.scenario.language_calendars import CALENDAR, CALENDARS, DAYS_OF_SITE
from chainsim.scenario.language_disruptions import AFTER, LANE_ENDS, OUTAGE, SURGE
from chainsim.scenario.language_levers import LEVER, USUAL
from chainsim.scenario.language_shelf import COUNT, DECAY, END_OF_LIFE, LOSS, MARKDOWN, MISTAKE, STORAGE, VOLUME
from chainsim.scenario.language_stress import STRESS
from chainsim.scenario.language_supply import (
    CONSOLIDATE,
    DEPARTURES,
    LANE,
    OWNER,
    PRICE_BREAK,
    PRODUCTION,
    VEHICLE,
    YIELD,
)
from chainsim.scenario.language_time import REVIEW, TIME
from chainsim.scenario.language_tune import TUNE, TUNE_TO
from chainsim.statistics.stages import LEAST, MOST

AGE = ("restarts", "travels")
CHARGE = ("time_averages", "bucket_ends")

PRODUCT: Keys = {
    "unit_cost": Key(
        "money",
        "Value of one unit, for carrying cost; default 0, of a product with a bill the value of its components and of making it.",
        2.00,
        None,
        least=0,
    ),
    "unit_price": Key("money", "Price a customer pays for one unit.", 3.50, 0.0, least=0),
    "divisible": Key("flag", "May quantities be fractions?", False, False),
    "groups": Key("names", "Groups the product belongs to.", ["ambient"], ()),
    "made_of": Key(
        "recipe",
        "Bill of materials: the components of one unit and how many of each, wherever it is made.",
        {"frame": 1, "wheel": 2},
        None,
    ),
    **VOLUME,
    **END_OF_LIFE,
}
SITE: Keys = {
    "kind": Key("name", "Names the echelon (plant, dc, store …); a `supplier` has unlimited stock.", "store"),
    "copies": Key(
        "count", "Number of equal sites: `store` with 10 copies is store-1 … store-10.", 10, None, least=1, most=100_000
    ),
    "groups": Key("names", "Groups the site belongs to.", ["north"], ()),
    "allocation": Key("choice", "Who is served first when stock is short.", "proportional", None, choices=ALLOCATION),
    "production": Key(
        "section_or_sections",
        "How the site makes products; a list where products have machines or a capacity of their own.",
        {"lead_time": 3},
        None,
        of="production",
    ),
    **DAYS_OF_SITE,
}
ARRIVING: Keys = {
    "from": Key("name", "The site it comes from (the site itself for production).", "plant"),
    "quantity": Key("units", "Units.", 20, least=0),
    "due": Key("instant", "When it arrives, from the start.", 3, 0.0, least=0),
}
INITIAL: Keys = {
    "on_hand": Key("units", "Stock at the start; default the policy's order-up-to level.", 100, None, least=0),
    "shipments": Key(
        "sections",
        "Shipments on their way at the start.",
        [{"from": "plant", "quantity": 20, "due": 3}],
        None,
        of="arriving",
    ),
    "orders": Key(
        "sections",
        "Orders on their way to the supplier at the start.",
        [{"from": "plant", "quantity": 20, "due": 1}],
        None,
        of="arriving",
    ),
}
SELECTOR: Keys = {
    "site": Key("sites", "Sites it is about: a site, a copies name, a list or a group.", "dc", None),
    "kind": Key("name", "All sites of this kind.", "store", None),
    "group": Key("name", "All sites of this group.", "north", None),
    "product": Key("products", "Products it is about: a name, a list or a group; default all.", "soup", None),
}
STOCK: Keys = {
    **SELECTOR,
    "allocation": Key("choice", "Who is served first when stock is short.", "first_come", None, choices=ALLOCATION),
    "sourcing": Key("choice", "How several sources are used.", "first", None, choices=SOURCING),
    "expedite_up_to": Key("units", "With `expedite`: the quick source brings net stock up to this.", 4, None, least=0),
    "carrying_rate": Key("carrying_rate", "Carrying cost as a share of value per time.", "20% per year", None),
    "holding_cost": Key(
        "money_rate", "Carrying cost per unit per time unit; wins over carrying_rate.", "0.50 per week", None
    ),
    "unit_cost": Key("money", "Value of one unit here; default the product's.", 2.10, None, least=0),
    "storage": Key("money_rate", STORAGE, "3 per week", None, least=0),
    "backorder": Key("money_rate", "Cost per unit waiting per time unit, for end customers.", 0.1, None),
    "lost_sale": Key("money_or_margin", "Cost of a lost unit, or `margin` = price - cost.", "margin", None),
    "stockout": Key("money", "Cost of an order of an end customer that stock does not fill.", 25, None, least=0),
    "emergency": Key("money", "Cost of a unit supplied in emergency.", 12, None, least=0),
    "transshipment": Key("money", "Cost of a unit another site hands over.", 1.5, None, least=0),
    "lifetime": Key(
        "duration_distribution",
        "How long goods are usable from their receipt here; of a distribution each receipt has a draw of its own.",
        "5 days",
        None,
    ),
    "issuing": Key("choice", "With `lifetime`: the oldest leave first, or the newest.", "lifo", None, choices=ISSUING),
    "age": Key(
        "choice",
        "With `lifetime`: goods from a site with a lifetime are fresh here (`restarts`, the default), or as old as they are (`travels`).",
        "travels",
        None,
        choices=AGE,
    ),
    "outdating": Key("money", "Cost of a unit thrown away at the end of its life.", 2.5, None, least=0),
    "excess_beyond": Key(
        "duration",
        "Stock on hand beyond the demand of so long is excess: measured, not charged.",
        "90 days",
        None,
        above=0,
    ),
    "dead_after": Key(
        "duration", "Stock that nothing left for so long is dead: measured, not charged.", "180 days", None, above=0
    ),
    "markdown": Key("section", "Old units are sold for less.", {"after": "3 days", "price": 1.5}, None, of="markdown"),
    "decay": Key(
        "section",
        "Goods that melt away: a share of what is there is lost per time.",
        {"rate": "2% per week"},
        None,
        of="decay",
    ),
    "loss": Key(
        "section",
        "Units lost unseen: the books keep them, and planners go by the books.",
        {"time_between": {"dist": "exponential", "mean": "30 days"}},
        None,
        of="loss",
    ),
    "misbooking": Key("section", "Receipts that are booked wrongly.", {"share": "2%", "units": 1}, None, of="mistake"),
    "count": Key(
        "section", "When the shelf is counted and the books are put right.", {"every": "4 weeks"}, None, of="count"
    ),
    "minimum_order": Key("units", "Smallest order.", 50, None, least=0),
    "order_multiple": Key("units", "Orders are whole multiples of this.", 10, None, least=0),
    "maximum_order": Key("units", "Largest order.", 5000, None, least=0),
    "one_open_order": Key("flag", "At most one order is open: none is placed before the last one is in.", True, None),
    "initial": Key("section", "State at the start.", {"on_hand": 100}, None, of="initial"),
}
SEASON: Keys = {
    "weekly": Key(
        "numbers", "Seven factors, the first for the first day of the run.", [1, 1, 1, 1, 1, 2, 0], None, least=0
    ),
    "yearly": Key("numbers", "12, 52 or 365 factors over a year.", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3], None, least=0),
}
STEP: Keys = {
    "at": Key("instant", "When the level changes.", 200, least=0),
    "factor": Key("number", "New level as a multiple of the old.", 1.3, least=0),
}
SERVING: Keys = {
    "site": Key("sites", "Where the customers buy: a site, a copies name, a list, a group or {kind: …}.", "store"),
    "product": Key("products", "What they buy: a name, a list or a group.", "soup"),
    "name": Key(
        "name", "Tells apart two streams of one type at one stock point; names its random numbers.", "walk_in", None
    ),
    "unmet": Key(
        "choice",
        "What happens to demand that cannot be met at once.",
        "lost",
        "backorder",
        choices=UNMET,
    ),
    "transship_from": Key("sites", "Sites that hand over free stock when the shelf is short.", "leeds", None),
    "patience": Key(
        "duration", "With `unmet: patience`: how long a customer waits before leaving.", "3 days", None, above=0
    ),
    "waiting_share": Key(
        "share", "With `unmet: some_wait`: share of customers who wait.", "60%", None, above=0, below=1
    ),
    "fill": Key(
        "choice", "May a customer be served in parts?", "partial", "partial", choices=("partial", "all_or_nothing")
    ),
    "priority": Key(
        "count", "Rank in the queue under `allocation: priority`; 1 comes first.", 1, 1, least=1, most=1_000_000
    ),
    "promise": Key("duration", "Promised wait; later is late.", "1 day", 0.0, least=0),
    "season": Key(
        "section",
        "Weekly and yearly pattern of the level of demand.",
        {"weekly": [1, 1, 1, 1, 1, 2, 0]},
        None,
        of="season",
    ),
    "step": Key(
        "section_or_sections", "A lasting change of the level of demand.", {"at": 200, "factor": 1.3}, None, of="step"
    ),
}
COSTS: Keys = {
    "currency": Key("name", "Currency of all money.", "EUR", ""),
    "carrying_rate": Key("carrying_rate", "Carrying cost as a share of value per time.", "25% per year", None),
    "holding_cost": Key(
        "money_rate", "Carrying cost per unit per time unit, whatever the value.", "0.50 per week", None
    ),
    "storage": Key("money_rate", STORAGE, "3 per week", 0.0, least=0),
    "backorder": Key("money_rate", "Cost per unit waiting per time unit, for end customers.", 0.40, 0.0),
    "lost_sale": Key("money_or_margin", "Cost of a lost unit, or `margin` = price - cost.", "margin", 0.0),
    "stockout": Key("money", "Cost of an order of an end customer that stock does not fill.", 25, 0.0, least=0),
    "charge": Key(
        "choice",
        "Are holding and backorder costs charged on time averages, or on what stands at the ends of time.bucket?",
        "bucket_ends",
        "time_averages",
        choices=CHARGE,
    ),
    "in_transit_owner": Key("choice", "Who pays for stock in transit.", "receiver", "receiver", choices=OWNER),
    "emergency": Key("money", "Cost of a unit supplied in emergency, on top of its value.", 12, 0.0, least=0),
    "outdating": Key("money", "Cost of a unit thrown away; default its unit_cost.", 2.5, None, least=0),
    "transshipment": Key("money", "Cost of a unit another site hands over (`transship_from`).", 1.5, 0.0, least=0),
}
REPLICATIONS: Keys = {
    "precision": Key(
        "precision",
        "Half-widths to be reached under every policy, for the whole network: in per cent of the mean, in points of a share, or in "
        "the unit of the measure. A bare percentage is of total cost and of the fill rate.",
        ["1% of total_cost", "0.5 points of fill_rate"],
    ),
    "min": Key("count", "Replications of the first stage.", LEAST, LEAST, least=2),
    "max": Key("count", "Replications at most, whatever is reached by then.", 2000, MOST, least=2),
}
TARGETS: Keys = {
    "fill_rate": Key("fraction", "Fill rate the policies should reach.", 0.97, None, above=0, below=1),
}
ADJUST: Keys = {
    "cover": Key(
        "shift", "Stock for so much longer at mean demand: every level is higher by it, or lower where it is below 0.",
        "1 day", 0.0,
    ),
    "lots": Key("number", "Lots so many times as large, in whole units where they were.", 1.25, 1.0, above=0),
}  # fmt: skip
POLICY_COMMON: Keys = {
    "label": Key("name", "Name in charts and tables.", "Just in time", None),
    "adjust": Key(
        "mapping",
        "What comes on top of the numbers of this policy, whatever they were derived from, by site, copies name, group or kind; the "
        "most specific wins.",
        {"store": {"cover": "1 day", "lots": 1.25}},
        None,
        of="adjust",
    ),
}
POLICY_REVIEW: Keys = {
    "offset": Key("offset", "Time of the first review, or `random`: drawn per replication.", "random", 0.0, least=0),
    "review": Key(
        "choice",
        "Do its reviews come after or before the demand of their instant? Default time.review.",
        "before_demand",
        None,
        choices=REVIEW,
    ),
}
FILE: Keys = {
    "chainsim": Key("count", "Version of the scenario language.", 1, least=1, most=1),
    "title": Key("name", "Title of the study.", "Regional grocer"),
    "story": Key("name", "A paragraph for the page.", "Ten stores, one DC, one plant.", ""),
    "time": Key("section", "The clock.", {"unit": "day", "warm_up": 90, "horizon": 365}, of="time"),
    "replications": Key(
        "count_or_section",
        "Independent replications; or a precision, for as many as it takes.",
        30,
        30,
        least=1,
        of="replications",
    ),
    "seed": Key("seed", "Seed of all random numbers, a whole number from 0.", 7, 1, least=0),
    "engine": Key(
        "choice",
        "What simulates: the results are the same. auto takes the fastest that pays.",
        "compiled",
        "auto",
        choices=("auto", "simpy", "compiled"),
    ),
    "confidence": Key("fraction", "Confidence level of intervals.", 0.95, 0.95, above=0, below=1),
    "material": Key(
        "material",
        "Differences that begin to matter, in per cent, points or units of a measure: smaller ones are called equal for practical "
        "purposes. A bare percentage is of total cost.",
        "1% of total_cost",
        (),
    ),
    "products": Key("mapping", "Products by name, or {file: items.csv}.", {"soup": {"unit_cost": 2.0}}, of="product"),
    "sites": Key("mapping", "Sites by name.", {"dc": {"kind": "dc"}}, of="site"),
    **CALENDARS,
    "lanes": Key(
        "sections",
        "Lanes between sites; an item may be {file: lanes.csv}.",
        [{"from": "dc", "to": "store", "lead_time": 2}],
        (),
        of="lane",
    ),
    "stock": Key(
        "sections",
        "Rules for stock points; the most specific wins, key by key.",
        [{"kind": "store", "initial": {"on_hand": 100}}],
        (),
        of="stock",
    ),
    "demand": Key(
        "demands", "End customers.", [{"site": "store", "product": "soup", "quantity": {"dist": "poisson", "mean": 20}}]
    ),
    "disruptions": Key(
        "disruptions",
        "Outages, what they do and set off, and surges.",
        [{"type": "outage", "site": "dc", "start": 200, "duration": "10 days"}],
        (),
    ),
    "costs": Key("section", "Money.", {"currency": "EUR", "carrying_rate": "25% per year"}, {}, of="costs"),
    "targets": Key("section", "What a good policy reaches.", {"fill_rate": 0.97}, {}, of="targets"),
    "tune": Key("section", "What `chainsim tune` is asked.", {"to": {"fill_rate": "97 %"}}, None, of="tune"),
    "stress": Key(
        "section", "What `chainsim stress` is asked.", {"days": 14, "library": ["demand_up"]}, None, of="stress"
    ),
    "levers": Key(
        "levers",
        f"What the page of a run lets its reader move: levers by name ({', '.join(USUAL)}) and paths; `no` for none. Default: all that "
        "go with the scenario.",
        ["service", "demand", {"path": "costs.carrying_rate", "from": "10% per year", "to": "50% per year"}],
        None,
        of="lever",
    ),
    "policies": Key("policies", "The alternatives to compare; the first is the baseline.", {"jit": {"type": "jit"}}),
}
SECTIONS: dict[str, Keys] = {
    "time": TIME, "product": PRODUCT, "production": PRODUCTION, "site": SITE, "lane": LANE, "arriving": ARRIVING,
    "initial": INITIAL, "price_break": PRICE_BREAK, "stock": STOCK, "season": SEASON, "step": STEP, "lane_ends": LANE_ENDS, "outage": OUTAGE,
    "after": AFTER, "surge": SURGE, "costs": COSTS, "targets": TARGETS, "replications": REPLICATIONS, "departures": DEPARTURES, "yield": YIELD, "consolidate": CONSOLIDATE, "vehicle": VEHICLE,
    "markdown": MARKDOWN, "decay": DECAY, "loss": LOSS, "mistake": MISTAKE, "count": COUNT, "tune": TUNE, "tune_to": TUNE_TO, "stress": STRESS, "adjust": ADJUST, "lever": LEVER,
    "calendar": CALENDAR,
}  # fmt: skip
