"""W1 and W2 by hand: the least simpy that is still readable. A generator per store, a process per shipment.

This is what somebody writes who needs these three workloads and nothing else: plain integers, one queue per DC, no
Container, no Store, no event log. It is the yardstick for what chainsim's generality costs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from statistics import variance
from typing import Any

import numpy as np
import simpy
import workload as w
from measure import report
from numpy.random import default_rng
from workload import Workload

BLOCK = 1024  # draws taken from NumPy at a time


class Site:
    """A stock point: what it has, owes and has ordered, and what is measured of it."""

    __slots__ = ("on_hand", "on_hand_time", "ordered", "orders", "position", "q", "s", "since")

    def __init__(self, s: int, q: int) -> None:
        self.s, self.q = s, q
        self.on_hand = self.position = s + q
        self.since = self.on_hand_time = 0.0
        self.orders = self.ordered = 0

    def advance(self, now: float) -> None:
        """Add up the time integral of the stock; before any change of it."""
        self.on_hand_time += self.on_hand * (now - self.since)
        self.since = now

    def order(self) -> int:
        """(s, nQ): whole Q, as many as bring the position above s; to be called when it is at or below s."""
        quantity = ((self.s - self.position) // self.q + 1) * self.q
        self.position += quantity
        self.orders += 1
        self.ordered += quantity
        return quantity


class Store(Site):
    __slots__ = ("dc", "demanded", "owed", "short")

    def __init__(self, dc: Dc) -> None:
        super().__init__(w.STORE_S, w.STORE_Q)
        self.dc = dc
        self.owed = self.demanded = self.short = 0


class Dc(Site):
    __slots__ = ("queue",)

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload.dc_s, workload.dc_q)
        self.queue: deque[tuple[Store, int]] = deque()  # store orders, first come, first served


class Draws:
    """The random numbers, in blocks."""

    def __init__(self, seed: int) -> None:
        rng = default_rng(seed)
        shape = w.LEAD_TIME_CV**-2
        low, high = w.CUSTOMER_SIZES
        self.gap = blocks(lambda: rng.exponential(w.CUSTOMER_GAP, BLOCK))
        self.size = blocks(lambda: rng.integers(low, high, BLOCK, endpoint=True))
        self.daily = blocks(lambda: rng.poisson(w.DAILY_MEAN, BLOCK))
        self.to_store = blocks(lambda: rng.gamma(shape, w.STORE_LEAD_TIME / shape, BLOCK))
        self.to_dc = blocks(lambda: rng.gamma(shape, w.DC_LEAD_TIME / shape, BLOCK))


def blocks(draw: Callable[[], np.ndarray[Any, Any]]) -> Iterator[Any]:
    while True:
        yield from draw().tolist()


class Network:
    """DCs, their stores, and everything that happens between them."""

    def __init__(self, workload: Workload, seed: int) -> None:
        self.env = simpy.Environment()
        self.draws = Draws(seed)
        self.dcs = [Dc(workload) for _ in range(workload.dcs)]
        self.stores = [Store(dc) for dc in self.dcs for _ in range(workload.stores_per_dc)]
        self.weeks: list[tuple[int, int]] = []  # units demanded, units ordered by the DCs, so far
        self.env.process(self.keep_statistics())
        shop = self.once_a_day if workload.daily else self.all_day_long
        for store in self.stores:
            self.env.process(shop(store))

    # who comes

    def once_a_day(self, store: Store) -> Iterator[simpy.Event]:
        timeout, daily = self.env.timeout, self.draws.daily
        while True:
            self.sell(store, next(daily))
            yield timeout(1.0)

    def all_day_long(self, store: Store) -> Iterator[simpy.Event]:
        timeout, gap, size = self.env.timeout, self.draws.gap, self.draws.size
        while True:
            yield timeout(next(gap))
            self.sell(store, next(size))

    # what is done

    def sell(self, store: Store, quantity: int) -> None:
        """A customer takes what there is and waits for the rest."""
        now, on_hand = self.env.now, store.on_hand
        store.on_hand_time += on_hand * (now - store.since)  # as `advance`, which is not called on the hot path
        store.since = now
        store.demanded += quantity
        store.position -= quantity
        if quantity <= on_hand:
            store.on_hand = on_hand - quantity
        else:
            store.on_hand = 0
            store.short += quantity - on_hand
            store.owed += quantity - on_hand
        if store.position <= store.s:
            self.request(store, store.order())

    def request(self, store: Store, quantity: int) -> None:
        """A store's order joins its DC's queue; the DC orders from the plant when it must, and ships what it can."""
        dc = store.dc
        dc.queue.append((store, quantity))
        dc.position -= quantity
        if dc.position <= dc.s:
            self.env.process(self.deliver_to_dc(dc, dc.order()))
        self.dispatch(dc)

    def dispatch(self, dc: Dc) -> None:
        """Ship whole orders in the order of their arrival, until one must wait."""
        dc.advance(self.env.now)
        while dc.queue and dc.queue[0][1] <= dc.on_hand:
            store, quantity = dc.queue.popleft()
            dc.on_hand -= quantity
            self.env.process(self.deliver_to_store(store, quantity))

    def deliver_to_dc(self, dc: Dc, quantity: int) -> Iterator[simpy.Event]:
        yield self.env.timeout(next(self.draws.to_dc))
        dc.advance(self.env.now)
        dc.on_hand += quantity
        self.dispatch(dc)

    def deliver_to_store(self, store: Store, quantity: int) -> Iterator[simpy.Event]:
        yield self.env.timeout(next(self.draws.to_store))
        store.advance(self.env.now)
        backfilled = min(quantity, store.owed)
        store.owed -= backfilled
        store.on_hand += quantity - backfilled

    # what is measured

    def keep_statistics(self) -> Iterator[simpy.Event]:
        """Forget the warm-up, then note every week what was demanded and what the DCs ordered so far."""
        yield self.env.timeout(w.WARM_UP)
        for site in (*self.dcs, *self.stores):
            site.since, site.on_hand_time, site.orders = self.env.now, 0.0, 0
        self.before = sum(s.demanded for s in self.stores), sum(s.short for s in self.stores)
        while True:
            self.weeks.append((sum(s.demanded for s in self.stores), sum(d.ordered for d in self.dcs)))
            yield self.env.timeout(w.BUCKET)

    def measures(self) -> dict[str, float | None]:
        for store in self.stores:
            store.advance(w.STOPS)
        demanded = sum(s.demanded for s in self.stores) - self.before[0]
        short = sum(s.short for s in self.stores) - self.before[1]
        sold, ordered = zip(*self.weeks, strict=True)
        return {
            "fill_rate": 1.0 - short / demanded,
            "on_hand": sum(s.on_hand_time for s in self.stores) / len(self.stores) / (w.STOPS - w.WARM_UP),
            "store_orders": sum(s.orders for s in self.stores),
            "dc_orders": sum(d.orders for d in self.dcs),
            "order_variance_ratio": variance(np.diff(ordered).tolist()) / variance(np.diff(sold).tolist()),
        }


def run(network: Network) -> dict[str, float | None]:
    network.env.run(until=w.STOPS)
    return network.measures()


if __name__ == "__main__":
    report(Network, run, ("simpy", simpy.__version__), ("numpy", np.__version__))
