"""Why less or more was delivered than asked: every reason a number of the run, or a fact of the plan that one confirms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from chainsim.kpis.delivery import AT
from chainsim.plan.plan import Plan
from chainsim.policies.base import DOWNSTREAM, HELD, IN_LOTS
from chainsim.rules.outage import ORDERS, SHIPMENTS, WORK
from chainsim.showing import quantity

Array = np.ndarray[Any, Any]
LEAST = 0.01
"""A share that small is no reason."""
MOST = 4
"""Reasons told at most, those that weigh most first."""


WASTE = {
    "outdated": ("went out of date", "a lifetime", "goods thrown away"),
    "scrapped": ("was of no use", "yield", "yield"),
    "shrunk": ("was lost unseen", "records", "losses"),
}
"""Columns of DELIVERY that are parts of what was received: in words, and how a level that knows of it begins to say so, here and
downstream."""


def reasons(plan: Plan, points: Array, sums: Array, below: Array, verdict: str) -> list[str]:
    """What was measured at these stock points, and below them, that makes their service short (or over), the largest share first.

    sums, below: DELIVERY, over all replications, of these and of those downstream. verdict: 'short', 'over' or 'unclear'.
    """
    case = _Case(plan, points, sums, below)
    told = (
        [
            case.never_ordered(),
            case.waited(),
            case.season(),
            *case.wasted(),
            case.held(),
            case.capped(),
            case.batches(),
            case.cut_off(),
            *case.disrupted(),
        ]
        if verdict != "over"
        else [case.lost(), case.lost_below(), case.overtook(), case.lots(), case.batches()]
    )
    told.append(case.unaware())
    found = sorted((reason for reason in told if reason is not None), key=lambda reason: -reason[0])
    return [words for _, words in found[:MOST]]


class _Case:
    """Some stock points, and what was measured there. Every reason comes with its weight, a share."""

    def __init__(self, plan: Plan, points: Array, sums: Array, below: Array) -> None:
        self.plan, self.points = plan, points
        self.sum, self.below = ({name: float(of[i]) for name, i in AT.items()} for of in (sums, below))
        layout = plan.layout
        names = ((layout.sites[layout.site[p]], layout.products[layout.product[p]]) for p in points.tolist())
        self.promises = [promise for name in names if (promise := plan.promises.get(name)) is not None]
        self.lanes = np.flatnonzero(np.isin(plan.lanes["target"], points))

    def never_ordered(self) -> tuple[float, str] | None:
        """No order in the whole window, though there was demand."""
        if self.sum["orders"] > 0.0 or self.sum["demanded"] <= 0.0:
            return None
        never = " and what was on order never came" if self.sum["on_order"] > 0.0 else ""
        return 1.0, f"no order was placed{never}"

    def unaware(self) -> tuple[float, str] | None:
        """Levels of another world: they come before whatever was measured in this one."""
        if not any(HELD in promise.unknown for promise in self.promises):
            return None
        return 2.0, "levels are held: they were derived before the scenario was changed"

    def waited(self) -> tuple[float, str] | None:
        """Orders that were not complete at once at their source."""
        share = _share(self.sum["orders_waited"], self.sum["orders"])
        if share < LEAST:
            return None
        clock = self.plan.clock
        mean = f"{_share(self.sum['wait_ticks'], self.sum['sent']) / clock.ticks_per_unit:.2g}"
        unit = f"{clock.unit}{'' if mean == '1' else 's'}"
        return (
            share,
            f"{_percent(share)} of orders waited at {self._sources()} ({mean} {unit} a unit on average){self._down()}",
        )

    def season(self) -> tuple[float, str] | None:
        """Fewer customers served where demand is high: a season, a step or a surge that the level does not follow."""
        busy, filled = self.sum["busy_demanded"], self.sum["busy_filled"]
        calm = self.sum["demanded"] - busy
        if busy <= 0.0 or calm <= 0.0:
            return None
        high, low = filled / busy, (self.sum["filled"] - filled) / calm
        if low - high < LEAST:
            return None
        return low - high, f"fill rate {_percent(high)} when season, step or surge raise demand, {_percent(low)} else"

    def wasted(self) -> Iterator[tuple[float, str]]:
        """Stock thrown away at the end of its life, receipts that were of no use, units that vanished: here, and downstream, where
        they are ordered once more."""
        for column, (words, here, below) in WASTE.items():
            share = _share(self.sum[column], self.sum["received"])
            if share >= LEAST:
                yield self._unforeseen(here, share), f"{_percent(share)} of what it received {words}"
            share = _share(self.below[column], self.below["received"])
            if share >= LEAST:
                told = f"{_percent(share)} of what sites downstream received {words}, and was ordered once more"
                yield self._unforeseen(f"{below}{DOWNSTREAM}", share), told

    def held(self) -> tuple[float, str] | None:
        """Shipments that had to wait for earlier ones so as not to overtake: a longer lead time than drawn."""
        ticks = self.plan.clock.ticks_per_unit
        mean = _share(self.sum["held_ticks"], self.sum["shipments"]) / ticks
        if mean < LEAST:
            return None
        return min(
            mean, 1.0
        ), f"shipments were held {mean:.2g} {self.plan.clock.unit}s on average so as not to overtake"

    def capped(self) -> tuple[float, str] | None:
        """A largest order that orders come close to."""
        largest = np.asarray(self.plan.points["maximum"][self.points], float)
        mean = _share(self.sum["ordered"], self.sum["orders"])
        if not (largest > 0).all() or mean < 0.9 * float(largest.mean()):
            return None
        return mean / float(
            largest.mean()
        ), f"orders are cut to their maximum (mean order {quantity(mean)}, maximum {quantity(float(largest.mean()))})"

    def batches(self) -> tuple[float, str] | None:
        """Sites downstream that ask for much at a time, and levels that do not know of it: their orders vary more than the demand
        behind them."""
        if not any(IN_LOTS in (*promise.unknown, *promise.known) for promise in self.promises):
            return None
        request = _share(self.sum["requested"], self.sum["requests"])
        share = _share(request, _share(self.sum["ordered"], self.sum["orders"]))
        if share < 0.1:
            return None
        return min(share, 1.0) * LEAST, f"sites downstream order {quantity(request)} units at a time on average"

    def cut_off(self) -> tuple[float, str] | None:
        """Orders of sites downstream that no stock can fill while the lane to them is closed."""
        lanes = np.flatnonzero(np.isin(self.plan.lanes["origin"], self.points))
        if not self._closed() & set(lanes.tolist()):
            return None
        return LEAST / 2.0, "outages close lanes from it at times"

    def disrupted(self) -> Iterator[tuple[float, str]]:
        """Disruptions of these sites and of those downstream: a surprise moves no level, and one that was foreseen may be more than any
        level makes good."""
        outages = self.plan.outages
        if not len(outages):  # which may have no columns then
            return
        here = self._hit(self.points)
        for words, hit in (
            ("outages close it at times", outages["stops"] == SHIPMENTS),
            ("its orders are paused at times", outages["stops"] == ORDERS),
            ("stock is destroyed there at times", outages["destroys"] > 0.0),
        ):
            if (here & hit).any():
                yield LEAST / 2.0, words
        for words, hit in (
            ("disruptions change its lead times", outages["stretches"] != 1.0),
            ("goods on their way to it are held at times", outages["holds"] == 1),
        ):
            if self._lanes_of(hit) & set(self.lanes.tolist()):
                yield LEAST / 2.0, words
        if (self._hit(downstream(self.plan, self.points)) & (outages["stops"] != WORK)).any():
            yield LEAST / 4.0, "after disruptions downstream orders come all at once"

    def _hit(self, points: Array) -> Array:
        """Which rows of OUTAGE are about a site of these stock points."""
        return np.isin(self.plan.outages["site"], self.plan.points["site"][points])

    def _lanes_of(self, which: Array) -> set[int]:
        """The lanes that these rows of OUTAGE are about."""
        rows, lanes = self.plan.outages[which], self.plan.outage_lanes
        return {j for row in rows for j in lanes[row["first_lane"] : row["first_lane"] + row["lanes"]].tolist()}

    def _closed(self) -> set[int]:
        """Lanes that outages of lanes close at times."""
        outages = self.plan.outages
        return self._lanes_of((outages["site"] < 0) & (outages["stops"] == SHIPMENTS)) if len(outages) else set()

    def lost_below(self) -> tuple[float, str] | None:
        """The same downstream: their orders are smaller, and vary less, than the demand behind them."""
        share = _share(self.below["lost"], self.below["demanded"])
        told = f"{_percent(share)} of demand downstream was lost or supplied elsewhere, and not ordered"
        return None if share < LEAST else (share, told)

    def lost(self) -> tuple[float, str] | None:
        """Demand that went away instead of waiting, and so is not ordered again."""
        share = _share(self.sum["lost"], self.sum["demanded"])
        return (
            None
            if share < LEAST
            else (
                share,
                f"{_percent(share)} of demand was lost or supplied elsewhere, and none of it had to be made up",
            )
        )

    def overtook(self) -> tuple[float, str] | None:
        """Shipments that overtook earlier ones: stock arrives earlier than a lead time by itself tells."""
        share = _share(self.sum["overtook"], self.sum["shipments"])
        return None if share < LEAST else (share, f"{_percent(share)} of its shipments overtook an earlier one")

    def lots(self) -> tuple[float, str] | None:
        """Orders rounded up to a least size or a multiple: more stock than the level by itself holds."""
        rows = self.plan.points[self.points]
        least = np.maximum(rows["minimum"], rows["multiple"]).astype(float)
        if not (least > 0).any() or self.sum["orders"] <= 0.0:
            return None
        mean = self.sum["ordered"] / self.sum["orders"]
        words = f"orders are rounded up to lots (least {quantity(float(least.max()))}, mean order {quantity(mean)})"
        return min(1.0, float(least.max()) / mean), words

    def _unforeseen(self, word: str, share: float) -> float:
        """The weight of what levels may know of already: then it is the last to be told."""
        known = [p.reached and any(w.startswith(word) for w in p.known) for p in self.promises]
        return share * LEAST if known and all(known) else share

    def _sources(self) -> str:
        """Where the orders of these stock points go."""
        layout, origin = self.plan.layout, self.plan.lanes["origin"][self.lanes]
        names = [layout.sites[layout.site[o]] for o in dict.fromkeys(origin[origin >= 0].tolist())]
        if (origin < 0).any():
            names.append("the plant")
        return names[0] if len(set(names)) == 1 else "their source"

    def _down(self) -> str:
        """Whether an outage is declared for one of the sources, or of the lanes from them."""
        outages, layout = self.plan.outages, self.plan.layout
        if not len(outages):
            return ""
        origin = self.plan.lanes["origin"][self.lanes]
        site = np.where(origin >= 0, layout.site[origin], layout.site[self.plan.lanes["target"][self.lanes]])
        down = set(outages["site"][outages["stops"] == SHIPMENTS].tolist()) & set(site.tolist())
        closed = self._closed() & set(self.lanes.tolist())
        return ", which outages close at times" if down or closed else ""


def downstream(plan: Plan, points: Array) -> Array:
    """Stock points strictly downstream of these, by lanes and bills of materials."""
    lanes = plan.lanes
    made = [(i, lanes["target"][row["lane"]]) for row in plan.assemblies for i in _components(plan, row)]
    origin = np.concatenate((lanes["origin"], np.array([i for i, _ in made], np.int64)))
    target = np.concatenate((lanes["target"], np.array([i for _, i in made], np.int64)))
    found = points
    while True:
        more = np.setdiff1d(target[np.isin(origin, found)], found)
        if not len(more):
            return np.setdiff1d(found, points)
        found = np.concatenate((found, more))


def _components(plan: Plan, row: Any) -> list[int]:
    first = int(row["first_input"])
    return [int(p) for p in plan.inputs["point"][first : first + int(row["inputs"])]]


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share < 0.995 else "100 %"
