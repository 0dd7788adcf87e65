"""Running a scenario and keeping what came of it: every policy × replication, the tables, the results folder.

`run(scenario, out=...)` simulates every policy on the same random customers and lead times and returns `Results`;
`load(path)` of the package gives a `Study`, whose `.run()` does the same. A results folder is a public interface:

| file | columns or content |
|---|---|
| replications.csv | policy, replication, site, product, kpi, value, and of a ratio numerator, denominator |
| summary.csv | policy, site, product, kpi, unit, mean, half_width, low, high, level, n, method |
| comparison.csv | kpi, policy, baseline, difference, half_width, verdict, n, material, settles (whole network, paired by replication) |
| pairs.csv | kpi, first, second, difference, half_width, level, verdict, p_value, n, material, settles: all pairs at once (whole network) |
| best.csv | kpi, policy, place, rival, gap, low, high, n: each against the best of the others, all at once (whole network) |
| risk.csv | policy, kpi, statistic, value, low, high, level, n, target: over replications (whole network) |
| months.csv | policy, replication, month, start, demanded, filled, fill_rate (whole network) |
| lanes.csv | policy, from, to, lane, product, kpi, unit, mean, half_width, low, high, level, n, method |
| rates.csv | rate, kpi, title, from, to, product, value, unit, counts: what every line of the total cost is charged by |
| drivers.csv | policy, replication, rate, driver: how many of what it counts, a year (whole network) |
| warm_up.csv | policy, state, warm_up, cut, at, change, excess, sure, checked, buckets, until, cycle |
| series.csv | policy, site, product, bucket, start, statistic, on_hand, backorders, in_transit, demand, orders, lost |
| derived.csv | policy, site, product, name, symbol, value, exact, unit, formula, inputs, given, warning |
| delivered.csv | policy, site, product, kind, asked, kpi, delivered, half_width, n, verdict, expected, one_less, origin, by, formula, why |
| audit.csv | policy, check, value, limit, passed, meaning |
| network.json | sites with their kinds, echelons, products, lanes, where customers buy |
| scenario.yaml | the resolved scenario, runnable as it is |
| manifest.json | written last: versions, seed, counts, what was left out, sha256 of each file |

Scopes: site and product empty = the whole network; site empty = one product over the network; site `kind:store` = the
echelon of all sites of kind 'store'; site `group:north` = the sites of group 'north', product `group:A` = the products of
group 'A', as the scenario groups them; product empty = all products of a site; both given = one stock point.
A ratio's `mean` is the sum of its numerators ÷ the sum of its denominators over replications, and `half_width` comes from the jackknife;
`low` and `high` are the ends of the interval, which for a share stay between 0 and 1 and so are not symmetric.
Best: `place` is best, may be best or not best; `gap` is how much worse than `rival`, the best of the others; `low` and `high` bound how much
worse than the best of the others, for all policies at once with the level's confidence.
Verdicts: better, worse (of a measure without a better way higher, lower), equal for practical purposes, cannot be told apart; `material` is the
difference that begins to matter, `settles` about how many replications would end 'cannot be told apart', p_value Holm's.
A cost is the sum of value × driver over its rates, in every replication; a rate with a `from` is of lanes between these kinds of sites, one
without a `from` and with a `to` holds there only, `× as run` is a factor on rates too many to tell.
Risk: misses_target, worst_in_20, p10, p50, p90 (`study.risk`). Warm-up: cut, season, step, drift or too short (`study.starting`).
Series: `bucket` counts from 0, `start` is its first moment in time units since the end of the warm-up, `statistic` is
mean, q05, q25, q50, q75, q95 (over replications) or first (replication 0, drawn as the one path).
Where a scenario has one product, replications.csv and series.csv have no rows of stock points, which would repeat those of their
sites (`--detail stock_point` writes them); with `--lean`, replications.csv has the whole network only, series.csv it and its echelons.
Text cells that a spreadsheet could take for a formula are preceded by an apostrophe; numbers never are. A measure
that is undefined (its denominator is 0) is an empty cell, and the summary's `method` says why.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainsim.study.comparison import compare
    from chainsim.study.loading import Study, load, load_dict, load_text
    from chainsim.study.results import Results
    from chainsim.study.running import Interrupted, run

__all__ = ["Interrupted", "Results", "Study", "compare", "load", "load_dict", "load_text", "run"]

_HOMES = {
    "Interrupted": "running",
    "Results": "results",
    "Study": "loading",
    "compare": "comparison",
    "load": "loading",
    "load_dict": "loading",
    "load_text": "loading",
    "run": "running",
}


def __getattr__(name: str) -> Any:
    # loaded when asked for: workers import `chainsim.study.measuring` and must not pay for the rest
    if name in _HOMES:
        return getattr(import_module(f"chainsim.study.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'chainsim.study' has no attribute '{name}'")
