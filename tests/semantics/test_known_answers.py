"""Simulation against exact theory, case by case. Values: closed forms and exact numerics with their sources.

Bounds are 4 standard errors over independent replications; a wide interval proves nothing, so the half-width reached is
asserted as well (1 % of the value or 0.01).
"""

from __future__ import annotations

from math import sqrt
from textwrap import dedent

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load_text

from .stage import point

pytestmark = pytest.mark.slow

HEAD = """
chainsim: 1
title: A known answer
time: {unit: period, warm_up: 200, horizon: 6000, bucket: 1, review: REVIEW}
replications: 1
seed: 4
"""

STORE = """
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: LEAD}]
demand: [{site: store, product: p, DEMAND}]
policies: {only: {POLICY}}
"""

POISSON = "type: arrivals, gap: {dist: exponential, rate: RATE}"
SIZES = "size: {dist: discrete, values: [1, 2, 3, 4], probabilities: [0.4, 0.3, 0.2, 0.1]}"


def store(lead: str, demand: str, policy: str) -> str:
    return STORE.replace("LEAD", lead).replace("DEMAND", demand).replace("POLICY", policy)


def poisson(rate: float) -> str:
    return POISSON.replace("RATE", str(rate))


PALM = {
    "OH": 2.31402138915,
    "BO": 0.314021389154,
    "ready": 0.743979760454,
    "fill": 0.743979760454,
    "wait": 0.0785053472885,
}
PALM_POLICY = "type: base_stock, order_up_to_level: 8"
RQX_POLICY = "type: s_Q, reorder_point: 6, order_quantity: 4"

CASES: dict[str, tuple[str, str, dict[str, float]]] = {
    # (r, Q), Poisson, constant lead time: Zipkin (2000), Foundations of Inventory Management, §6.2
    "P-RQ-1": (
        store("1", poisson(10), "type: s_Q, reorder_point: 12, order_quantity: 10"),
        "after_demand",
        {"OH": 7.57194335551, "BO": 0.0719433555119, "ready": 0.946957404164, "fill": 0.946957404164, "orders": 1.0},
    ),
    # (r, nQ), compound Poisson: Zipkin (2000) §6.2, unit fill and complete lines differ
    "P-RQC-1": (
        store("2", f"{poisson(3)}, {SIZES}", "type: s_Q, reorder_point: 14, order_quantity: 8"),
        "after_demand",
        {
            "OH": 7.00191808893,
            "BO": 0.501918088925,
            "ready": 0.844413169568,
            "fill": 0.813716445324,
            "lines": 0.802871173837,
        },
    ),
    # (s, S), compound Poisson, with undershoot
    "P-SSC-1": (
        store("2", f"{poisson(3)}, {SIZES}", "type: s_S, reorder_point: 14, order_up_to_level: 24"),
        "after_demand",
        {
            "OH": 8.232266314,
            "BO": 0.39375734956,
            "ready": 0.875938131043,
            "fill": 0.85059500142,
            "orders": 0.558152238533,
        },
    ),
    # Palm's theorem: any lead-time distribution of mean 1.5 when orders may cross
    "P-PALM-1 constant": (store("1.5", poisson(4), PALM_POLICY), "after_demand", PALM),
    "P-PALM-1 exponential": (
        store("{dist: exponential, mean: 1.5}", poisson(4), PALM_POLICY),
        "after_demand",
        PALM,
    ),
    "P-PALM-1 gamma": (store("{dist: gamma, shape: 3, scale: 0.5}", poisson(4), PALM_POLICY), "after_demand", PALM),
    "P-PALM-1 uniform": (store("{dist: uniform, low: 0.3, high: 2.7}", poisson(4), PALM_POLICY), "after_demand", PALM),
    # Erlang's loss formula, insensitive as well
    "P-ERL-1": (
        store("{dist: exponential, mean: 1.5}", poisson(4) + ", unmet: lost", PALM_POLICY),
        "after_demand",
        {"fill": 0.878124216334, "OH": 2.731254702, "on_order": 5.268745298},
    ),
    # the same with an emergency source instead of lost sales, and constant lead times: insensitive again
    "P-ERL-1 emergency": (
        store("1.5", poisson(4) + ", unmet: emergency", PALM_POLICY),
        "after_demand",
        {"fill": 0.878124216334, "emergency": 0.121875783666, "OH": 2.731254702, "on_order": 5.268745298},
    ),
    # goods that last two periods, base stock 8 on all usable stock: Nahmias (2011), Perishable Inventory Systems, ch. 2
    **{
        f"P-PER-{number}": (
            store(
                "0",
                "quantity: {dist: poisson, mean: 4}, unmet: lost",
                "type: R_S, review_interval: 1, order_up_to_level: 8",
            )
            + f"stock: [{{site: store, lifetime: 2, issuing: {issuing}}}]\n",
            "before_demand",
            {
                "outdated": outdated,
                "lost": 0.0336269872675,
                "fill": 0.991593253183,
                "ordered": ordered,
                "outdated share": share,
                "period": 0.978636565512,
            },
        )
        for number, issuing, outdated, ordered, share in (
            (1, "fifo", 0.684584093925, 4.65095710666, 0.147192089332),
            (2, "lifo", 1.76294195964, 5.72931497237, 0.30770554039),
        )
    },
    # one exponential lead time, two systems: a lorry that takes all waiting orders along, so that none crosses, and
    # independent ones: Zipkin (2000) §6.7; Robinson, Bradley & Thomas (2001), M&SOM 3(3)
    "P-RQX-1 sequential": (
        store("0, departures: {gap: {dist: exponential, mean: 1.2}}", poisson(5), RQX_POLICY),
        "after_demand",
        {"OH": 4.14260026902, "BO": 1.64260026902, "fill": 0.726233288496},
    ),
    "P-RQX-1 crossing": (
        store("{dist: exponential, mean: 1.2}", poisson(5), RQX_POLICY),
        "after_demand",
        {"OH": 3.17070912889, "BO": 0.670709128889, "fill": 0.714155362171},
    ),
    # (R, S) in continuous time
    "P-RS-1": (
        store("1.5", poisson(4), "type: R_S, review_interval: 2, order_up_to_level: 18"),
        "after_demand",
        {
            "OH": 8.05533477782,
            "BO": 0.0553347778232,
            "fill": 0.961657714216,
            "cycle": 0.88264287287,
            "orders": 0.499832268686,
        },
    ),
    # one system, two conventions: protection interval L + R and L + R − 1; whole-period times, so the integral of stock
    # is the textbook's end of period
    "P-CONV-1 before demand": (
        store("2", "quantity: {dist: poisson, mean: 5}", "type: R_S, review_interval: 1, order_up_to_level: 18"),
        "before_demand",
        {"OH": 3.51760952826, "BO": 0.517609528258, "period": 0.819471711633, "fill": 0.899161904969},
    ),
    "P-CONV-1 after demand": (
        store("2", "quantity: {dist: poisson, mean: 5}", "type: R_S, review_interval: 1, order_up_to_level: 18"),
        "after_demand",
        {"OH": 8.0134190531, "BO": 0.0134190531011, "period": 0.992813495396, "fill": 0.997316559606},
    ),
    # lost sales with lead time: Zipkin (2008), Oper. Res. 56(5), base stock 15
    "P-LSP-1": (
        store(
            "2",
            "quantity: {dist: poisson, mean: 5}, unmet: lost",
            "type: R_S, review_interval: 1, order_up_to_level: 15",
        ),
        "before_demand",
        {"OH": 2.03917997784, "fill": 0.864054668144},
    ),
    # capacity 5 a period, base stock 9: Tayur (1993), shortfall chain
    "P-CAP-2": (
        """
        products: {p: {}}
        sites: {store: {kind: plant, production: {lead_time: 1, capacity: 5}}}
        demand: [{site: store, product: p, quantity: {dist: poisson, mean: 4}}]
        policies: {only: {type: base_stock, order_up_to_level: 9, review_interval: 1}}
        """,
        "after_demand",
        {"OH": 4.0591120589, "BO": 0.215352087952, "period": 0.924593938432, "fill": 0.952403577335},
    ),
    # M/M/1 make to stock, utilisation ρ = 0.5, S = 3: Buzacott & Shanthikumar (1993) ch. 4: on order ρ/(1−ρ), fill rate
    # 1 − ρ^S, backorders ρ^(S+1)/(1−ρ). (P-MM1-1's ρ = 0.8 would need a hundred times the run for the same width.)
    "M/M/1": (
        f"""
        products: {{p: {{}}}}
        sites: {{store: {{kind: plant, production: {{lead_time: 0, machines: 1, unit_time: {{dist: exponential, mean: 1}}}}}}}}
        demand: [{{site: store, product: p, {poisson(0.5)}}}]
        policies: {{only: {{type: base_stock, order_up_to_level: 3}}}}
        """,
        "after_demand",
        {"OH": 2.125, "BO": 0.125, "fill": 0.875, "on_order": 1.0},
    ),
}


def measures(body: str, review: str, replications: int) -> dict[str, np.ndarray]:
    """Each measure of the store in each replication, over the window."""
    scenario = load_text(HEAD.replace("REVIEW", review) + dedent(body), "case.yaml", None)
    plan = compile_plan(scenario, "only")
    i = point(plan, "store")
    rows: dict[str, list[float]] = {}
    for replication in range(replications):
        record = simulate(plan, replication)
        last, first = record.closing["points"][i], record.opening["points"][i]
        d = {name: float(last[name]) - float(first[name]) for name in last.dtype.names}
        length = plan.clock.end - plan.clock.warm_up
        periods = length / plan.clock.ticks_per_unit
        values = {
            "OH": d["on_hand_time"] / length,
            "BO": d["customer_backorder_time"] / length,
            "ready": d["stocked_time"] / length,
            "fill": d["filled"] / d["demanded"],
            "emergency": d["emergency"] / d["demanded"],
            "lines": d["lines_filled"] / d["lines"],
            "orders": d["orders"] / periods,
            "ordered": d["ordered"] / periods,
            "outdated": d["outdated"] / periods,
            "outdated share": d["outdated"] / d["received"],
            "lost": d["lost"] / periods,
            "wait": d["customer_backorder_time"] / plan.clock.ticks_per_unit / d["demanded"],
            "cycle": 1 - d["cycles_failed"] / max(d["cycles"], 1),
            "period": last["buckets_good"] / last["buckets"],
        }
        if len(plan.parameters[i]) == 1:  # base stock: the position never moves, so on order = S − level
            values["on_order"] = plan.parameters[i][0] - values["OH"] + values["BO"]
        for name, value in values.items():
            rows.setdefault(name, []).append(value)
    return {name: np.array(column) for name, column in rows.items()}


@pytest.mark.parametrize("case", CASES)
def test_simulation_agrees_with_theory(case: str) -> None:
    body, review, expected = CASES[case]
    replications = 48 if case == "P-RQX-1 sequential" else 24
    seen = measures(body, review, replications)
    for name, value in expected.items():
        mean, error = seen[name].mean(), seen[name].std(ddof=1) / sqrt(replications)
        assert error <= max(0.01 * value, 0.01), f"{case} {name}: too wide to prove anything ({error:.4g})"
        assert abs(mean - value) <= 4 * error + 1e-9, f"{case} {name}: {mean:.5g} against {value:.5g} ± {error:.2g}"


def test_one_warehouse_three_retailers_exactly() -> None:
    """P-OWMR-1: one-for-one, Poisson, first come first served upstream. Graves (1985), exact values."""
    body = f"""
    products: {{p: {{}}}}
    sites: {{supplier: {{kind: supplier}}, w: {{kind: dc}}, r1: {{kind: store}}, r2: {{kind: store}}, r3: {{kind: store}}}}
    lanes:
      - {{from: supplier, to: w, lead_time: 2}}
      - {{from: w, to: r1, lead_time: 1}}
      - {{from: w, to: r2, lead_time: 1}}
      - {{from: w, to: r3, lead_time: 2}}
    demand:
      - {{site: r1, product: p, {poisson(1)}}}
      - {{site: r2, product: p, {poisson(2)}}}
      - {{site: r3, product: p, {poisson(0.5)}}}
    policies:
      only:
        type: base_stock
        order_up_to_level: 6
        rules:
          - {{site: r1, type: base_stock, order_up_to_level: 3}}
          - {{site: r2, type: base_stock, order_up_to_level: 4}}
          - {{site: r3, type: base_stock, order_up_to_level: 2}}
    """
    scenario = load_text(HEAD.replace("REVIEW", "after_demand") + dedent(body), "case.yaml", None)
    plan = compile_plan(scenario, "only")
    expected = {
        ("w", "backorder_time"): 1.59330840187,
        ("w", "on_hand_time"): 0.593308401872,
        ("r1", "on_hand_time"): 1.65015577651,
        ("r1", "backorder_time"): 0.105386748473,
        ("r2", "on_hand_time"): 1.46115717451,
        ("r2", "backorder_time"): 0.37161911844,
        ("r3", "on_hand_time"): 0.954198680662,
        ("r3", "backorder_time"): 0.181814166644,
    }
    replications = 24
    seen: dict[tuple[str, str], list[float]] = {}
    for replication in range(replications):
        record = simulate(plan, replication)
        length = plan.clock.end - plan.clock.warm_up
        for site, column in expected:
            i = point(plan, site)
            area = record.closing["points"][column][i] - record.opening["points"][column][i]
            seen.setdefault((site, column), []).append(area / length)
    for key, value in expected.items():
        mean, error = np.mean(seen[key]), np.std(seen[key], ddof=1) / sqrt(replications)
        assert abs(mean - value) <= 4 * error, f"{key}: {mean:.5g} against {value:.5g} ± {error:.2g}"
