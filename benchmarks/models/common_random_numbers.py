"""W1-C: how much the common random numbers of two policies narrow the difference between them.

Three changes, 200 replications of each with either of two seeds. For each change: the variance of (changed − base) with
independent seeds, which is the sum of both variances, ÷ its variance over the replications of one run, where both have
chainsim's common random numbers. So many times fewer replications resolve the same difference. Then the same with calmer
lead times.

The unit cost of holding makes Q = 100 (stores) and 1,000 (DC) economic order quantities; a unit waiting costs fifty
times what a unit in stock does.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean

import pandas as pd
import yaml
from workload import LEAD_TIME_CV

import chainsim

SCENARIO = Path(__file__).parent.parent / "scenarios" / "w1_c.yaml"
REPLICATIONS = 200
HOLDING = 0.25  # per unit and year: carrying_rate × unit_cost
YEARLY = 25.0 * 365  # units demanded at a store: ten customers a day, 2.5 units each
CHANGES = {
    "dc_s": ("dc", "reorder_point", 2500),
    "store_s": ("store", "reorder_point", 80),
    "store_q": ("store", "order_quantity", 80),
}
MEASURES = {"cost": ("total_cost", ""), "fill_rate": ("fill_rate", ""), "on_hand": ("on_hand_mean", "kind:store")}


def scenario(lead_time_cv: float) -> str:
    """W1-C with costs, its policy as `base`, and one policy more for each change."""
    document = yaml.safe_load(SCENARIO.read_text(encoding="utf-8"))
    for lane, quantity, stores in zip(document["lanes"], (1000, 100), (10, 1), strict=True):
        lane["lead_time"]["cv"] = lead_time_cv
        lane["order_cost"] = HOLDING * quantity**2 / (2 * YEARLY * stores)  # so that the EOQ is this quantity
    document["costs"]["backorder"] = 50 * HOLDING / 365  # per unit and day
    base = document["policies"].pop("s_Q")
    document["policies"]["base"] = base
    for name, (kind, key, value) in CHANGES.items():
        rules = [rule | ({key: value} if rule["kind"] == kind else {}) for rule in base["rules"]]
        document["policies"][name] = base | {"rules": rules}
    return yaml.safe_dump(document)


def measured(seed: int, lead_time_cv: float) -> pd.DataFrame:
    """One row for each replication, a column for each (measure, policy)."""
    table = chainsim.load_text(scenario(lead_time_cv)).run(seed=seed, replications=REPLICATIONS).replications
    picked = [
        table[(table.kpi == kpi) & (table.site == site) & (table["product"] == "")].assign(measure=name)
        for name, (kpi, site) in MEASURES.items()
    ]
    return pd.concat(picked).pivot_table(index="replication", columns=["measure", "policy"], values="value")


def saved(lead_time_cv: float) -> dict[str, float]:
    """Times fewer replications, by change and measure: variances are means over two seeds."""
    tables = [measured(seed, lead_time_cv) for seed in (1, 2)]
    found = {}
    for change in CHANGES:
        for name in MEASURES:
            independent = fmean(t[name, change].var() + t[name, "base"].var() for t in tables)
            common = fmean((t[name, change] - t[name, "base"]).var() for t in tables)
            found[f"{change}: {name}"] = independent / common
    return found


if __name__ == "__main__":
    calm = {name.replace(":", ", cv 0.1:"): value for name, value in saved(0.1).items()}
    print(json.dumps(saved(LEAD_TIME_CV) | calm))
