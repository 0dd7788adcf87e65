"""What lanes carry, what that costs, and how much of the inflow of their stock point they are: lanes.csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chainsim.kpis import LANE_KPIS, Parts
from chainsim.plan.plan import Plan
from chainsim.statistics import estimate
from chainsim.statistics.sample import Sample
from chainsim.study.csvtext import Cell

LANES = (
    "policy", "from", "to", "lane", "product", "kpi", "unit", "mean", "half_width", "low", "high", "level", "n", "method",
)  # fmt: skip


def by_lane(plans: Sequence[Plan], lanes: Sequence[Parts], level: float) -> Iterator[Sequence[Cell]]:
    """A row a policy, lane and measure; `lane` is its name where several have the same ends, production goes from a site to itself."""
    kpis = [(id, kpi, kpi.unit_text(plans[0].money.currency, plans[0].clock.unit)) for id, kpi in LANE_KPIS.items()]
    for plan, parts in zip(plans, lanes, strict=True):
        if not parts.numerators.shape[1]:  # not kept
            return
        for j, ends in enumerate(lane_names(plan)):
            for k, (id, kpi, unit) in enumerate(kpis):
                above, below = (part[:, j, k].tolist() for part in (parts.numerators, parts.denominators))
                e = estimate(Sample.of(above, below, kpi.unit), level)
                method = f"undefined: {kpi.undefined}" if e.mean is None else e.method
                yield plan.policy, *ends, id, unit, e.mean, e.half_width, e.low, e.high, level, e.n, method


def lane_names(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    """From, to, name and product of every lane."""
    layout = plan.layout
    names = layout.lanes or ("",) * len(plan.lanes)
    for origin, target, name in zip(plan.lanes["origin"].tolist(), plan.lanes["target"].tolist(), names, strict=True):
        site = layout.sites[layout.site[target]]
        source = layout.sites[layout.site[origin]] if origin >= 0 else site
        yield source, site, name, layout.products[layout.product[target]]
