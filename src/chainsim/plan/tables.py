"""The tables of a Plan and of a replication: what one stock point, lane, claim, resource and outage is.

Quantities are float64 (whole units are exact), times are whole ticks (int64), indices are row numbers and -1 means
none. A table's first columns are read-only in a replication, those of its `state` may change.
The types of rows that rules see (`rules.rows`) are made from here: `python docs/make_rows.py`.
"""

from __future__ import annotations

from chainsim.rows import Column as C
from chainsim.rows import Table
from chainsim.rules.allocate import ALLOCATION
from chainsim.rules.order import SOURCING
from chainsim.rules.position import WATCH
from chainsim.rules.shelf import ISSUING

POINT = Table(
    "Point",
    (
        # what it is
        C("site", "i8", "index of the site"),
        C("product", "i8", "index of the product"),
        C("rank", "i8", "place in the order of events at one instant: leaves first, then names"),
        C("unlimited", "i8", "1 for a supplier of unlimited stock"),
        C("whole", "i8", "1 when quantities are whole units"),
        C("series_row", "i8", "row of the bucket series that its own add to: its own one, or its group's"),
        # its policy
        C("policy", "i8", "index of the rule in Plan.rules; -1: never orders", -1),
        C("review_interval", "i8", "ticks between reviews; 0: continuous review"),
        C("review_rest", "f8", "part of a tick that the interval is longer (rules.grid.tick_at)"),
        C("offset_stream", "i8", "stream of a random offset; -1: none", -1),
        C("order_days", "i8", "calendar of its orders, in Plan.openings; -1: never closed", -1),
        C("before_demand", "i8", "1 when periodic reviews come before the demand of their instant"),
        C("watch", "i8", f"what continuous review watches: {WATCH.told}"),
        C("first_page", "i8", "first of its pages in Plan.pages, where its levels follow a season; -1: none", -1),
        C("pages", "i8", "number of those"),
        C("minimum", "f8", "minimum order quantity; 0: none"),
        C("multiple", "f8", "order multiple; 0: none"),
        C("maximum", "f8", "maximum order quantity; 0: none"),
        # its sources and the stock points above it
        C("sourcing", "i8", f"how an order is split over sources: {SOURCING.told}"),
        C("first_source", "i8", "first of its lanes in Plan.sources"),
        C("sources", "i8", "number of its lanes"),
        C("first_ancestor", "i8", "first of the stock points upstream that watch their echelon, in Plan.ancestors"),
        C("ancestors", "i8", "number of those"),
        C("allocation", "i8", f"when short: {ALLOCATION.told}"),
        C("resource", "i8", "resource that produces here; -1: none", -1),
        C("flow", "i8", "row of its flow in Plan.flows, where demand is a constant rate; -1: none", -1),
        C("desk", "i8", "desk that hands it out as a component; -1: nothing is made of it here", -1),
        C(
            "expedite_up_to",
            "f8",
            "expedite sourcing: net stock and units due on the first lane are brought up to this",
        ),
        # goods that do not last
        C(
            "lifetime",
            "i8",
            "ticks a unit is usable from its receipt here, at random their mean; 0: for ever, and there are no lots",
        ),
        C("life_stream", "i8", "stream of lifetimes drawn for each receipt, ticks; -1: all alike", -1),
        C("issuing", "i8", f"which lot leaves first, the oldest or the newest: {ISSUING.told}"),
        # records that lie
        C(
            "ledger",
            "i8",
            "row of its ledger in Plan.ledgers, where books may differ from the shelf; -1: they never do",
            -1,
        ),
    ),
    (
        # its planner
        C(
            "offset",
            "i8",
            "tick of the first periodic review, -1: drawn per replication; of the first look of a continuous one",
        ),
        C(
            "wake_at",
            "f8",
            "continuous review asks the rule only at or below this value of what it watches; -inf: never",
        ),
        C("page", "i8", "the page in force; -1: its parameters never change", -1),
        # stock
        C("on_hand", "f8", "units in stock"),
        C("on_order", "f8", "units ordered and not yet received, wherever they are"),
        C("backorders", "f8", "units owed to customers and downstream stock points"),
        C("customer_backorders", "f8", "units owed to end customers"),
        C("echelon_position", "f8", "echelon inventory level plus on order"),
        C("recent_demand", "f8", "units demanded since the last review"),
        C("down", "i8", "number of outages in force at the site"),
        # who waits, and what is due at this instant
        C("head", "i8", "first claim in the queue; -1: nobody waits", -1),
        C("tail", "i8", "last claim in the queue", -1),
        C("serve_at", "i8", "tick for which a serve is already on the calendar", -1),
        C("review_at", "i8", "tick for which a continuous review is already on the calendar", -1),
        C("dispatch_at", "i8", "tick for which a dispatch is already on the calendar", -1),
        C("early_dispatch_at", "i8", "the same for a dispatch before demand", -1),
        C("sequence", "i8", "counter for the keys of this stock point's events"),
        # totals since time 0
        C("since", "i8", "tick up to which the time integrals are added up"),
        C("on_hand_time", "f8", "unit-ticks on hand"),
        C("backorder_time", "f8", "unit-ticks of all backorders"),
        C("customer_backorder_time", "f8", "unit-ticks of backorders of end customers"),
        C("stocked_time", "i8", "ticks with stock on hand"),
        C("orders", "i8", "orders placed"),
        C("ordered", "f8", "units ordered"),
        C("received", "f8", "units received, from lanes and production"),
        C("shipped", "f8", "units that left, to customers, downstream and to jobs"),
        C("demanded", "f8", "units demanded by end customers"),
        C("filled", "f8", "of these, filled at once"),
        C("backfilled", "f8", "of these, filled after waiting"),
        C("lost", "f8", "of these, lost"),
        C("backfilled_early", "f8", "backfilled in the window but demanded in the warm-up"),
        C("lost_early", "f8", "lost in the window but demanded in the warm-up"),
        C(
            "on_time",
            "f8",
            "units backfilled within the promised wait (of those demanded in the window, without the undue)",
        ),
        C(
            "undue",
            "f8",
            "units demanded whose promised wait ends with the run or later: nobody will know whether it is kept",
        ),
        C("undue_met", "f8", "of these, supplied at the instant of demand"),
        C("waited", "f8", "unit-ticks waited by units demanded in the window and backfilled since"),
        C("waited_all", "f8", "unit-ticks waited by all customers' units that stopped waiting, for Little's law"),
        C("waited_lost", "f8", "of these, by units whose customers left"),
        C("lines", "i8", "orders of end customers"),
        C("lines_filled", "i8", "of these, complete at once"),
        C("requested", "f8", "units ordered by downstream stock points"),
        C("requested_filled", "f8", "of these, shipped at the instant the order joined the queue"),
        C("requests", "i8", "orders received from downstream"),
        C("requests_filled", "i8", "of these, complete at the instant they joined"),
        C("cycles", "i8", "replenishment cycles ended (instants of receipt)"),
        C("cycles_failed", "i8", "of these, with a customer waiting then or turned away since the last one"),
        C("last_receipt", "i8", "tick of the last receipt", -1),
        C("lost_since_receipt", "f8", "units lost, or supplied in emergency, since the last receipt"),
        C("buckets", "i8", "buckets closed inside the window"),
        C("scrapped", "f8", "units received that were of no use; below 0 when more came than was sent (random yield)"),
        C(
            "buckets_good",
            "i8",
            "of these, with no unit owed at the end, none lost inside and none supplied in emergency",
        ),
        C("on_hand_ends", "f8", "units on hand at the ends of these, added up"),
        C("owed_ends", "f8", "units owed to customers at the ends of these, added up"),
        C("lost_closed", "f8", "units lost up to the end of the last bucket"),
        C("emergency_closed", "f8", "units supplied in emergency up to the end of the last bucket"),
        C("emergency", "f8", "units demanded that an emergency source supplied at once"),
        C("transshipped", "f8", "units demanded that partners supplied at once from their stock"),
        C("lent", "f8", "units that left stock for customers of partners"),
        # lots of goods that do not last
        C("first_lot", "i8", "oldest lot; -1: none", -1),
        C("last_lot", "i8", "newest lot; -1: none", -1),
        C("outdate_at", "i8", "tick for which outdating is on the calendar", -1),
        C("outdated", "f8", "units thrown away at the end of their life"),
        # components
        C("consumed", "f8", "of the units shipped, those that left as components of jobs"),
        C("short_time", "f8", "unit-ticks of what a component is owed beyond what is on hand"),
        # books and shelf
        C("unseen", "f8", "units in the books that are not on the shelf; below 0: on the shelf and not in the books"),
    ),
)

PAGE = Table(
    "Page",
    (
        C("at", "i8", "tick from which it is in force"),
        C("first", "i8", "first of its rule's parameters in Plan.page_parameters"),
        C("count", "i8", "number of those"),
        C("wake_at", "f8", "continuous review asks the rule only at or below this value of what it watches"),
    ),
)
"""Parameters of a rule for a while: levels that follow a known season. Stock points that are alike share their pages."""

LANE = Table(
    "Lane",
    (
        C("origin", "i8", "stock point that ships; -1: production at the target's site", -1),
        C("target", "i8", "stock point that receives"),
        C("share", "f8", "share of the target's orders under split sourcing"),
        C("priority", "i8", "order of preference under priority sourcing; and of claims under priority allocation"),
        C("all_or_nothing", "i8", "1 when an order is shipped complete or waits"),
        C("no_crossing", "i8", "1 when a later shipment never arrives before an earlier one"),
        C("lag_stream", "i8", "stream of the information lag, ticks; -1: none", -1),
        C("processing_stream", "i8", "stream of processing times, ticks; -1: none", -1),
        C("transport_stream", "i8", "stream of transport (or production lead) times, ticks; -1: none", -1),
        C("transport_rest", "f8", "part of a tick that a constant transport time is longer than its draws say"),
        C(
            "departure_every",
            "i8",
            "ticks between departures at fixed times; 0: shipments leave when they are ready, or see",
        ),
        C("departure_stream", "i8", "stream of random times between departures, ticks; -1: none", -1),
        C("departure_rest", "f8", "part of a tick that the interval is longer (rules.grid.tick_at)"),
        C("first_departure", "i8", "tick of the first departure at fixed times"),
        C("timed", "i8", "1 when shipments wait for a departure or a calendar; 2 when they are loaded by its terms"),
        C("working_days", "i8", "calendar that goods are prepared by, in Plan.openings; -1: never closed", -1),
        C("shipping_days", "i8", "calendar that goods leave by; -1: never closed", -1),
        C("transport_days", "i8", "calendar that the lead time is counted in; -1: calendar time", -1),
        C("receiving_days", "i8", "calendar that goods are received by; -1: never closed", -1),
        C("first_gain", "i8", "first ancestor whose echelon gains what this lane brings, in Plan.ancestors"),
        C("gains", "i8", "number of those"),
        C("yields", "i8", "1 when not all of a shipment is good: random yield"),
        C("fraction_stream", "i8", "stream of the fraction of a shipment that is good; -1: 1", -1),
        C("lost_stream", "i8", "stream of units taken away from a shipment; -1: none", -1),
        C("extra_stream", "i8", "stream of units added to a shipment; -1: none", -1),
        C("assembly", "i8", "row of what is made on it of components, in Plan.assemblies; -1: nothing", -1),
        C("aging", "i8", "row of the target in Plan.agings, where goods keep their age; -1: age restarts there", -1),
        C(
            "terms",
            "i8",
            "row of its terms in Plan.terms, prices by order size, one open order or loading; -1: none",
            -1,
        ),
    ),
    (
        C("down", "i8", "number of outages in force on the lane"),
        C("stretch", "f8", "factor of lead times that begin now", 1.0),
        C("still_until", "i8", "tick until which goods under way on it stand still, as far as is known", -1),
        C("standstill", "i8", "ticks that goods under way stand still, in all that has begun so far"),
        C("on_order", "f8", "units ordered on this lane and not yet received"),
        C("in_transit", "f8", "units shipped, or started in production, and not yet received"),
        C("since", "i8", "tick up to which in_transit_time is added up"),
        C("in_transit_time", "f8", "unit-ticks in transit"),
        C("last_arrival", "i8", "latest arrival tick given to a shipment of this lane", -1),
        C("orders", "i8", "orders placed on this lane"),
        C("ordered", "f8", "units ordered"),
        C("shipments", "i8", "shipments that left"),
        C("shipped", "f8", "units that left"),
        C("received", "f8", "units that arrived"),
        C(
            "lead_ticks",
            "f8",
            "unit-ticks of drawn unit and transit times of units shipped or in work (for in transit = rate x lead time)",
        ),
        C("setups", "i8", "set-ups of machines for what is made on it"),
        C("part", "f8", "scratch of a split: units of this order for this lane"),
        C("held_ticks", "f8", "ticks that shipments were held so as not to overtake (no_crossing)"),
        C("overtook", "i8", "shipments that will arrive before an earlier one"),
        C("orders_waited", "i8", "orders not shipped, or not begun, complete at the instant they joined the queue"),
        C("wait_ticks", "f8", "unit-ticks that units shipped, or begun, had waited in the queue of the source"),
        C("departures", "i8", "random departures there have been, the next one included"),
        C("next_departure", "i8", "tick of the departure that is waited for"),
        C("last_departure", "i8", "tick of the last departure that carried something", -1),
        C("departure_travel", "i8", "transport ticks of that departure"),
    ),
)

CLAIM = Table(
    "Claim",
    (
        C("point", "i8", "stock point that owes"),
        C("lane", "i8", "lane of a downstream order; -1 for an end customer", -1),
        C("customer", "i8", "customer stream of an end customer; -1 for a downstream order", -1),
        C("quantity", "f8", "units asked for"),
        C("remaining", "f8", "units still owed"),
        C("joined", "i8", "tick at which it joined the queue"),
        C("number", "i8", "order of arrival in the replication, never re-used"),
        C(
            "fresh",
            "i8",
            "until presented to stock for the first time: 1, or 2 when an early review placed it; then 0; 3 for a part of a job at the plant",
        ),
        C("next", "i8", "next claim in the queue", -1),
        C("previous", "i8", "previous claim in the queue", -1),
        C("wanted", "f8", "scratch of an allocation: units asked for now"),
        C("given", "f8", "scratch of an allocation: units given now"),
    ),
)

SHIPMENT = Table(
    "Shipment",
    (
        C("lane", "i8", "lane it travels on"),
        C("quantity", "f8", "units"),
        C("left", "i8", "tick of departure"),
        C("due", "i8", "tick of arrival"),
        C(
            "number",
            "i8",
            "number on its lane, from 1, by which its times are drawn; 0: it left before time 0; of a unit on a machine: its run",
        ),
        C("good", "f8", "units of it that will go into stock"),
        C("first_lot", "i8", "where goods keep their age: first of the whole lots in it, in the order of issue", -1),
        C("part", "f8", "units of one more lot, of which the rest stayed behind"),
        C("part_expires", "i8", "tick from which these are unusable"),
        C("standstill", "i8", "that of its lane which is counted in `due`"),
    ),
)

LOT = Table(
    "Lot",
    (
        C("point", "i8", "stock point it lies at, or came from"),
        C("quantity", "f8", "units left of it"),
        C("expires", "i8", "tick from which it is unusable"),
        C("next", "i8", "the lot at the stock point that expires next; in a shipment, the one issued next", -1),
        C("previous", "i8", "the one before", -1),
    ),
)
"""Units at a stock point with a lifetime, or under way, that expire at one instant."""

RESOURCE = Table(
    "Resource",
    (
        C("site", "i8", "index of the site"),
        C("kind", "i8", "0 unlimited, 1 machines (one unit each), 2 capacity per period, 3 a rate (one lot at a time)"),
        C("machines", "i8", "number of parallel machines"),
        C("unit_stream", "i8", "stream of the time one unit takes on a machine, ticks", -1),
        C("setup", "i8", "what a machine is set up for: 0 nothing, 1 each order, 2 each change of product"),
        C("setup_stream", "i8", "stream of the time a set-up takes, ticks; -1: none", -1),
        C("capacity", "f8", "units that may start per period"),
        C("period", "i8", "ticks of a capacity period"),
        C("period_rest", "f8", "part of a tick that the interval is longer (rules.grid.tick_at)"),
        C("rank", "i8", "highest rank of the stock points produced here"),
    ),
    (
        C("down", "i8", "number of outages in force at the site"),
        C("work_at", "i8", "tick for which starting jobs is already on the calendar", -1),
        C("early_work_at", "i8", "the same before demand", -1),
        C("free", "i8", "machines free"),
        C("left", "f8", "units that may still start in this period"),
        C("head", "i8", "first job waiting", -1),
        C("tail", "i8", "last job waiting", -1),
        C("started", "f8", "units started"),
        C("since", "i8", "tick up to which working_time is added up"),
        C("working_time", "f8", "machine-ticks in work, set-ups included"),
        C("run", "i8", "number of the run begun last (rules.setups)"),
        C("run_lane", "i8", "lane of what it makes; -1: the next job begins another", -1),
        C("ready", "i8", "free machines that are set up for it"),
        C("setup_until", "i8", "tick at which the set-up for a lot made at a rate ends; -1: none under way", -1),
        C("setup_time", "f8", "machine-ticks of set-ups begun"),
    ),
)

OUTAGE = Table(
    "Outage",
    (
        C("site", "i8", "site that is down; -1: lanes, or a product", -1),
        C(
            "first_lane",
            "i8",
            "first of its lanes in Plan.outage_lanes: those that are down, or whose lead times are another",
            0,
        ),
        C("lanes", "i8", "number of lanes"),
        C("up_stream", "i8", "stream of times between outages, ticks; -1: scheduled", -1),
        C("down_stream", "i8", "stream of outage lengths, ticks; -1: fixed", -1),
        C("start", "i8", "first start, ticks (scheduled)"),
        C("every_rest", "f8", "part of a tick that the interval is longer (rules.grid.tick_at)"),
        C("duration", "i8", "length, ticks (scheduled)"),
        C("every", "i8", "period of a repeated scheduled outage; 0: once"),
        C("stops", "i8", "what does not happen meanwhile: rules.outage.STOPS; 3 jobs, on days without work"),
        C("destroys", "f8", "share of the stock on hand that is lost when it begins"),
        C("stretches", "f8", "factor of the lead times of its lanes that begin meanwhile", 1.0),
        C("holds", "i8", "1 when goods under way on its lanes stand still meanwhile"),
        C("after", "i8", "outage that sets it off; -1: none", -1),
        C("by_end", "i8", "1 when the end of that one does; 0: its beginning"),
        C("chance_stream", "i8", "stream of whether it does, 0 or 1; -1: always", -1),
        C("product", "i8", "product whose life ends, at every site; -1: it is an outage", -1),
        C("lag_stream", "i8", "stream of times from then to its beginning, ticks; -1: at once", -1),
    ),
    (
        C("began", "i8", "tick at which it last began"),
        C("in_force", "i8", "how often it is in force now"),
    ),
)

FLOW = Table(
    "Flow",
    (
        C("point", "i8", "stock point whose demand flows"),
        C("rate", "f8", "units demanded per tick"),
        C("lost", "i8", "1 when demand that cannot be met is lost; 0: it waits"),
        C("promise", "i8", "ticks after which a unit is late"),
        C("supply", "f8", "units made per tick while a lot is produced here; 0: production brings whole lots"),
        C("lane", "i8", "lane of that production", -1),
    ),
    (
        C("lot", "f8", "units of the lot in production; 0: none"),
        C("left", "f8", "units of it still to come"),
        C("due", "f8", "demand come due but not counted yet: less than one tick's flow, or than the grid"),
        C("made", "f8", "the same of production"),
        C("waited", "f8", "unit-ticks that those who wait now have waited"),
        C("early", "f8", "units waiting that were demanded in the warm-up"),
        C("next_at", "i8", "tick at which it is on the calendar; what comes at another tick is out of date", -1),
    ),
)
