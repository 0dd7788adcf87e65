"""Variability: does the chain calm demand or amplify it? Variances are over full buckets of the window, ddof 1.

Bullwhip is undefined, not 0 and not ∞, when the incoming variance is 0. Over replications variances are added up before they are divided,
which takes away the bias of a ratio; what is left is that of a variance taken about a window's own mean. Orders that make good for each other
have a steadier mean than independent ones, and so a variance that comes out too high: by γ(0) − n·Var(mean) over n − 1 for n buckets.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View

Array = np.ndarray[Any, Any]
BUCKET = "the scenario's bucket; only buckets of full length"
FEW = 30
"""Full buckets below which the bias is said."""
BIAS = "a variance about the window's own mean comes out too high where orders make good for each other, by up to one part in their number"
STEADY = "the incoming variance is 0, or fewer than two full buckets"
MIXED = "the incoming variance is 0, fewer than two full buckets, or a component of different things"


@kpi(
    "bullwhip",
    title="Bullwhip ratio",
    unit="ratio",
    direction="lower",
    definition="Variance of orders placed ÷ variance of orders received (customers and downstream sites), per stage; "
    "an echelon is the sum of its stock points. At the network's scope: of the most upstream echelon of each product that customers "
    "buy.",
    denominator="variance of orders received",
    bucket=BUCKET,
    undefined=STEADY,
    few_buckets=FEW,
    bias=BIAS,
)
def bullwhip(view: View) -> Ratio:
    return ratio(view.variance(view.placed_orders), view.variance(view.upstream_received))


@kpi(
    "bullwhip_cumulative",
    title="Bullwhip ratio, cumulative",
    unit="ratio",
    direction="lower",
    definition="Variance of orders placed ÷ variance of end demand, summed over all customers downstream; of a component, "
    "of the units of it in what they buy (not told where different things are mixed). At the network's scope: of the most upstream "
    "echelon of each product that customers buy.",
    denominator="variance of end demand",
    bucket=BUCKET,
    undefined=MIXED,
    few_buckets=FEW,
    bias=BIAS,
)
def bullwhip_cumulative(view: View) -> Ratio:
    end_demand = view.variance(view.reached(view.series("demanded")))
    if view.plan.layout.content:
        content = np.nan_to_num(view.scopes.content)
        end_demand = end_demand * (content * content)
    return ratio(view.variance(view.placed_orders), end_demand)


@kpi(
    "net_stock_amplification",
    title="Net-stock amplification",
    unit="ratio",
    direction="lower",
    definition="Variance of net stock (on hand − owed) at the ends of buckets ÷ variance of demand per bucket; the "
    "other side of the smoothing trade-off. At the network's scope: all stock, owed to end customers, their demand.",
    denominator="variance of units demanded (below the network's scope also by downstream sites)",
    bucket=BUCKET,
    undefined=STEADY,
    few_buckets=FEW,
    bias=BIAS,
)
def net_stock_amplification(view: View) -> Ratio:
    return ratio(view.variance(view.net_stock), view.variance(view.received_orders))
