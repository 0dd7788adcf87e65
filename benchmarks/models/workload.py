"""The four workloads, once, for every contender. Only the standard library: each contender has its own environment.

W1: a plant of unlimited stock → one DC → 10 stores, one product. W2: ten DCs with a hundred stores each. Stores and DCs
are reviewed continuously: when the inventory position is at or below `s`, as many whole `Q` as bring it above `s`.
Store orders are served first come, first served, each shipped complete. Customers take what there is and wait for the
rest. Lead times are gamma with the mean given and a coefficient of variation of 0.3. The run lasts 455 days; statistics
begin on day 90.

C: customers come in continuous time, on average every 0.1 day (exponential), and buy 1, 2, 3 or 4 units each.
D: once a day, Poisson with a mean of 20 units.
"""

from __future__ import annotations

from dataclasses import dataclass

STOPS = 455.0  # days
WARM_UP = 90.0
BUCKET = 7.0  # of the order variance ratio
LEAD_TIME_CV = 0.3
DC_LEAD_TIME = 7.0  # mean, days
STORE_LEAD_TIME = 2.0
STORE_S, STORE_Q = 75, 100
CUSTOMER_GAP = 0.1  # C: mean, days
CUSTOMER_SIZES = (1, 4)  # C: smallest and largest, all equally likely
DAILY_MEAN = 20  # D: units


@dataclass(frozen=True)
class Workload:
    """One row of the table of results."""

    name: str
    title: str
    dcs: int
    stores_per_dc: int
    daily: bool

    @property
    def stores(self) -> int:
        return self.dcs * self.stores_per_dc

    @property
    def store_days(self) -> float:
        return self.stores * STOPS

    @property
    def dc_s(self) -> int:
        """Reorder point of a DC: 230 units for each of its stores."""
        return 230 * self.stores_per_dc

    @property
    def dc_q(self) -> int:
        """Order quantity of a DC: 100 units for each of its stores."""
        return 100 * self.stores_per_dc


WORKLOADS = {
    w.name: w
    for w in (
        Workload("w1_c", "W1-C", dcs=1, stores_per_dc=10, daily=False),
        Workload("w1_d", "W1-D", dcs=1, stores_per_dc=10, daily=True),
        Workload("w2_c", "W2-C", dcs=10, stores_per_dc=100, daily=False),
        Workload("w2_d", "W2-D", dcs=10, stores_per_dc=100, daily=True),
    )
}
