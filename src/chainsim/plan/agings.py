"""Which stock points keep the age of what other stock points send them."""

from __future__ import annotations

from chainsim.plan.network import Network
from chainsim.plan.plan import Array
from chainsim.plan.tables_ages import AGING
from chainsim.scenario.model import StockPoint


def compile_agings(network: Network, lanes: Array) -> Array:
    """Rows of the AGING table; notes in `lanes` which row is that of whom they lead to. Suppliers of unlimited stock have no lots."""
    kept = [i for i, point in enumerate(network.points) if keeps_age(point) and not network.unlimited[i]]
    rows = AGING.array(len(kept))
    for a, (row, i) in enumerate(zip(rows, kept, strict=True)):
        row["point"] = i
        lanes["aging"][network.lanes_to[i]] = a
    return rows


def keeps_age(point: StockPoint) -> bool:
    """Whether goods that come from another stock point are as old here as they were there, and older by the way."""
    return point.lifetime is not None and point.age == "travels"


def comes_aged(network: Network, i: int) -> bool:
    """Whether what stock point i receives may not be fresh."""
    origins = [o for j in network.lanes_to[i] if (o := network.limited_origin(j)) is not None]
    return keeps_age(network.points[i]) and any(network.points[o].lifetime is not None for o in origins)
