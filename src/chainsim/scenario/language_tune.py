"""The keys of `tune:`, what `chainsim tune` is asked where its command line says nothing."""

from __future__ import annotations

from chainsim.scenario.keys import Key, Keys

FREE = ("service", "levels", "levels and lots")
TUNE_TO: Keys = {
    "fill_rate": Key("share", "Units filled at once from stock ÷ units demanded.", "97 %", None, above=0, below=1),
    "cycle_service_level": Key(
        "share", "Replenishment cycles without a stock-out ÷ cycles.", 0.95, None, above=0, below=1
    ),
    "ready_rate": Key("share", "Share of time with stock on hand.", 0.99, None, above=0, below=1),
}
TUNE: Keys = {
    "to": Key("section", "The service every policy is brought to; default targets.", {"fill_rate": "97 %"}, None, of="tune_to"),
    "least_cost": Key("flag", "Seek least cost, with no service to hold, whatever `targets` says.", True, None),
    "at": Key(
        "name", "Where it is measured, each at least: network, kind, site, or a group of sites by its name.", "kind", None
    ),
    "within": Key("share", "Tolerance of service, a share or points; the search aims at half of it above the target.",
                  "0.2 points", None, above=0, below=1),
    "hold": Key("choice", "Compare costs at exactly the target, or as they are for at least the target.", "exactly", None,
                choices=("exactly", "at_least")),
    "free": Key("choice_of_policies", "Which numbers may be moved, of all policies or by policy.", "levels and lots", None,
                choices=FREE),
    "groups": Key("name", "What is moved together: kind, site, stock_point; or a group of sites, which alone is tuned.", "kind",
                  None),
    "indifference": Key("money_or_share", "Cost per year, or a share of the cheapest, not worth more replications.", "0.5 %", None),
    "material": Key("money_or_share", "Cost per year, or a share of the cheapest, from which on a difference matters.", "1 %", None),
    "confidence": Key("share", "Confidence of the sentence.", "95 %", None, above=0.5, below=1),
    "frontier": Key("shares", "Services at which the page tells the cost.", ["90 %", "95 %", 0.99], None, above=0, below=1),
    "evaluations": Key("count", "At most so many candidates of each policy; where it cuts, the page says so.", 300, None, least=1),
    "as_today": Key("name", "The policy that is today's practice.", "weekly", None),
    "policies": Key("names", "The policies to tune; default all.", ["s_Q"], None),
}  # fmt: skip
