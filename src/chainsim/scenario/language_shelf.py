"""The keys of the scenario file that say what happens to a shelf beside what is ordered: decay, losses, wrong records, counts, the end
of a product; see `language`."""

from __future__ import annotations

from chainsim.scenario.keys import Key, Keys

VOLUME: Keys = {"volume": Key("number", "Room that one unit takes, by which `storage` is charged.", 0.04, 0.0, least=0)}
STORAGE = "Cost of storing goods of volume 1 per time unit, beside carrying cost."
END_OF_LIFE: Keys = {
    "ends": Key(
        "instant", "When its life ends: no demand, no orders, and what is left over is written off.", 300, None, least=0
    ),
    "write_off": Key("money", "Cost of a unit left over; default its unit_cost.", 2.5, None, least=0),
    "salvage": Key("money", "What a unit left over fetches.", 0.5, 0.0, least=0),
}
MARKDOWN: Keys = {
    "after": Key("duration", "Age from which on a unit is sold for less.", "3 days", above=0),
    "price": Key("money", "What a customer pays for it then.", 1.5, least=0),
}
DECAY: Keys = {
    "rate": Key("carrying_rate", "Share of what is there that is lost per time, at every instant.", "2% per week"),
    "cost": Key("money", "Cost of a unit that decays; default its unit_cost.", 2.5, None, least=0),
}
LOSS: Keys = {
    "time_between": Key(
        "duration_distribution", "Time from one loss to the next.", {"dist": "exponential", "mean": "30 days"}
    ),
    "units": Key("distribution", "Units lost at once, as far as there are any; default 1.", 1, None),
    "cost": Key("money", "Cost of a unit lost; default its unit_cost.", 2.5, None, least=0),
}
MISTAKE: Keys = {
    "share": Key("share", "Share of them that are wrong.", "2%", least=0, most=1),
    "units": Key("distribution", "By how many units, too many or too few, either as likely; default 1.", 1, None),
}
COUNT: Keys = {
    "every": Key("duration", "Counts by the calendar, so often.", "4 weeks", None, above=0),
    "first": Key(
        "duration",
        "With `every`: time of the first count; default one interval after the start.",
        "2 weeks",
        None,
        least=0,
    ),
    "when_empty": Key(
        "flag",
        "Count at once when a customer or a picker finds an empty shelf that the books call stocked.",
        True,
        False,
    ),
    "cost": Key("money", "Cost of one count of one product at one site.", 1.5, 0.0, least=0),
    "tolerance": Key(
        "share",
        "A record is called right when it is off by at most this share of what is counted.",
        "1%",
        0.0,
        least=0,
        most=1,
    ),
    "miscount": Key("section", "Counts that are wrong themselves.", {"share": "1%", "units": 1}, None, of="mistake"),
}
