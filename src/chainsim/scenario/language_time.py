"""The keys of the clock (`language`)."""

from __future__ import annotations

from chainsim.scenario.keys import Key, Keys

REVIEW = ("after_demand", "before_demand")
SERIES_OF = ("stock_point", "group")

TIME: Keys = {
    "unit": Key("choice", "Unit of all bare times and rates.", "day", choices=("hour", "day", "week", "period")),
    "start": Key(
        "date",
        "The day the run begins on, the warm-up included: its midnight is time 0. Instants are then told as dates. Not with unit 'period'.",
        "2026-04-01",
        None,
    ),
    "warm_up": Key("duration", "Time run before anything is measured.", 90, 0.0, least=0),
    "horizon": Key("duration", "Time that is measured, after the warm-up.", 365, above=0),
    "bucket": Key(
        "bucket", "Width of the buckets of series and of bullwhip; default a week (one period).", "week", None
    ),
    "series": Key(
        "choice",
        "Bucket series of every stock point, or of groups of them (a product at a kind of sites); default by stock point where "
        "memory allows.",
        "group",
        None,
        choices=SERIES_OF,
    ),
    "review": Key(
        "choice",
        "Do periodic reviews come after or before the demand of their instant?",
        "after_demand",
        "after_demand",
        choices=REVIEW,
    ),
    "periods_per_year": Key("number", "With unit 'period': periods in a year, for money per year.", 52, None, above=0),
}
