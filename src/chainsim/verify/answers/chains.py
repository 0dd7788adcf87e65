"""Willems's (2008) chain 04: 4 parts, 7 makers, 11 distributors of toys; used by two tests."""

from __future__ import annotations

from scipy.stats import norm

from chainsim.theory.guaranteed_service import pooled_sds
from chainsim.theory.guaranteed_service_problem import Stage, topological_order

NAMES = [f"Part_{i}" for i in range(1, 5)] + [f"Manuf_{i}" for i in range(1, 8)] + [f"Dist_{i}" for i in range(1, 12)]
AT = {name: k for k, name in enumerate(NAMES)}
RATE = 0.35  # of the cumulative cost of a unit, per year
TIMES = [90, 120, 120, 0] + [35] * 7 + [35] * 7 + [14, 14, 0, 0]
ADDED = [26.3, 27.92, 34.56, 106.34, 9.7, 10.13, 7.37, 5.26, 5.85, 6.3, 5.48]
ADDED += [9.02, 4.54, 7.55, 8.55, 4.01, 4.02, 3.96, 2.57, 2.16, 1.05, 7.37]
ENDS = {2: 5, 3: 5, 5: 5, 6: 5, 7: 5, 8: 2, 9: 3, 10: 5, 11: 5}  # standard deviation of the demand of a day at Dist_n


def chain_04(rate: float = RATE) -> tuple[list[Stage], list[tuple[int, int]]]:
    """Stages and arcs; a service level of 96 %."""
    arcs = [(AT[f"Part_{i}"], AT[f"Manuf_{m}"]) for i in range(1, 5) for m in range(1, 8)]
    arcs += [(AT[f"Manuf_{m}"], AT[f"Dist_{m}"]) for m in range(1, 8)]
    arcs += [(AT["Dist_1"], AT[f"Dist_{d}"]) for d in (8, 9, 10)] + [(AT["Dist_4"], AT["Dist_11"])]
    value = list(ADDED)
    for k in topological_order(len(NAMES), arcs):
        value[k] += sum(value[i] for i, j in arcs if j == k)
    ends = {AT[f"Dist_{d}"]: float(sd) for d, sd in ENDS.items()}
    sds = pooled_sds(len(NAMES), arcs, [ends.get(k, 0.0) for k in range(len(NAMES))])
    z = float(norm.ppf(0.96))
    stages = [
        Stage(TIMES[k], rate * value[k], sds[k], safety_factor=z, service_time=0.0 if k in ends else None)
        for k in range(len(NAMES))
    ]
    return stages, arcs
