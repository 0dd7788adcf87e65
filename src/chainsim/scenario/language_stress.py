"""The keys of `stress:`, what `chainsim stress` is asked where its command line says nothing."""

from __future__ import annotations

from chainsim.scenario.keys import Key, Keys

PARTS = ("nodes", "lanes", "library", "reverse")
LEVELS = ("both", "unchanged")
STRESS: Keys = {
    "only": Key("choices", "Some of its parts; default all.", ["library", "reverse"], None, choices=PARTS),
    "library": Key("names", "Shocks of the library, also for the reverse test; default all (`chainsim list shocks`).", ["demand_up"], None),
    "shocks": Key("changes", "Own shocks by name, each the paths it changes and their values.",
                  {"dear_capital": {"costs.carrying_rate": "60% per year"}}, None),
    "days": Key("number", "Days that places are out; periods, where time is in periods. Default 30.", 14, None, above=0),
    "start": Key("duration", "When they go out, from the start of the run, warm-up included; default a quarter into what is measured.",
                 120, None, least=0),
    "levels": Key("choice", "Under shocks: today's levels, and those derived for the shock; or today's only.", "unchanged", None,
                  choices=LEVELS),
    "buffers": Key("flag", "Whether the cheapest stock against each place out is looked for; default true.", False, None),
    "replications": Key("count", "Of the stress test, in place of the run's.", 20, None, least=1),
    "policies": Key("names", "The policies to stress; default all.", ["s_Q"], None),
}  # fmt: skip
