"""Keys of disruptions: outages of sites and lanes, and surges of demand."""

from __future__ import annotations

from chainsim.rules.outage import STOPS
from chainsim.scenario.keys import Key, Keys
from chainsim.scenario.model_outages import WHEN

LANE_ENDS: Keys = {
    "from": Key("sites", "Origin of the lanes; default: wherever they come from.", "plant", None),
    "to": Key("sites", "Target of the lanes; default: wherever they lead.", "dc", None),
    "name": Key("name", "Name of the lane, where there are several between the same ends.", "truck", None),
}
AFTER: Keys = {
    "name": Key("name", "Name of the outage that sets it off.", "strike"),
    "when": Key("choice", "Whether its beginning or its end does.", "begins", "ends", choices=WHEN),
    "probability": Key("share", "How likely it does, each time.", "40%", 1.0, least=0, most=1),
    "lag": Key("duration_distribution", "Time from then to the beginning of this one.", "2 days", None),
}
OUTAGE: Keys = {
    "name": Key(
        "name",
        "Tells apart several outages at one place; names its random numbers; others may come `after` it.",
        "strike",
        None,
    ),
    "site": Key("sites", "The sites out of service.", "dc", None),
    "lane": Key(
        "section", "The lanes out of service, all together.", {"from": "plant", "to": "dc"}, None, of="lane_ends"
    ),
    "start": Key("instant", "When a scheduled outage begins.", 200, None, least=0),
    "stops": Key(
        "choice",
        "What does not happen meanwhile: `shipments` leave; with `orders` the site places none, and all else goes on; with `nothing` all does.",
        "orders",
        "shipments",
        choices=STOPS,
    ),
    "destroys": Key(
        "share", "Share of the stock on hand of the site that is lost when it begins.", "30%", 0.0, least=0, most=1
    ),
    "stretches": Key(
        "number",
        "Factor of lead times that begin meanwhile: of the lanes, or of those from the site and of its production.",
        1.5,
        1.0,
        above=0,
    ),
    "holds": Key(
        "flag",
        "Whether goods under way on the lanes, or on those from the site, stay where they are until it ends, and go on then.",
        True,
        False,
    ),
    "duration": Key("duration_distribution", "How long it lasts.", "10 days"),
    "after": Key(
        "section",
        "The outage that sets it off; in place of `start` and `time_between`.",
        {"name": "strike", "probability": "40%", "lag": "2 days"},
        None,
        of="after",
    ),
    "every": Key("duration", "A scheduled outage comes back after this time.", "1 year", None, above=0),
    "time_between": Key(
        "duration_distribution",
        "Random outages: time from one's end to the next's start.",
        {"dist": "exponential", "mean": 180},
        None,
    ),
    "known": Key("flag", "Whether planners know of it and may set levels by it; a surprise moves none.", True, False),
}
SURGE: Keys = {
    "site": Key("sites", "Where demand surges.", "store"),
    "product": Key("products", "Products in demand; default all.", "soup", None),
    "start": Key("instant", "When it begins.", 250, least=0),
    "duration": Key("duration", "How long it lasts.", "2 weeks", above=0),
    "factor": Key("number", "Level as a multiple of the usual.", 2, least=0),
    "known": Key(
        "flag", "Whether planners know of it: derived levels then count it in; a surprise moves none.", True, False
    ),
}
DISRUPTIONS = {"outage": OUTAGE, "surge": SURGE}
"""Keys of a disruption, by its `type`."""
