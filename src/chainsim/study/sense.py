"""Does a run make sense? Warnings that teach: what a person would see at once who looked at a day of it.

A model can be right and yet say nothing: goods that go bad before the shop opens, a shelf that is always empty, a lot for years,
many replications of something without chance. Such a run ends without an error, and its figures are true; these sentences say
what they are figures of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from chainsim.kpis import KPIS, Detail, Parts, Scopes
from chainsim.kpis.scopes import Scope
from chainsim.plan.plan import Plan

ENOUGH_OF_THE_SAME = 2
"""Replications of what is not random: the second is there to agree with the first."""
HARDLY = 0.05
"""Share of the time, or of demand, below which a shelf is called empty and nobody served: what is there at the start is sold once
without anything being ordered, and must not hide that."""
POOR = 0.5
"""Fill rate below which an empty shelf is worth a word; who makes to order has one by intent, and serves in time."""


def sense(plans: Sequence[Plan], measured: Sequence[Parts], detail: Detail) -> dict[str, list[str]]:
    """Everything odd about a run, by policy, in the words of a Plan's warnings: 'site / product: kind: detail'. What is so under
    every policy is told of the first. measured: by policy, [replications, scopes, kpis] at the scopes of `detail`."""
    scopes = Scopes.of(plans[0].layout, detail).names
    found = {plan.policy: list(_of_policy(plan, parts, scopes)) for plan, parts in zip(plans, measured, strict=True)}
    found[plans[0].policy] += _same(measured)
    return found


def _same(measured: Sequence[Parts]) -> Iterator[str]:
    n = len(measured[0].numerators)
    parts = [part for one in measured for part in (one.numerators, one.denominators)]
    if n > ENOUGH_OF_THE_SAME and all(np.array_equal(part[1:], part[:-1], equal_nan=True) for part in parts):
        yield f"nothing here is random, and all {n} replications are the same: {ENOUGH_OF_THE_SAME} tell as much, sooner"


def _of_policy(plan: Plan, parts: Parts, scopes: Sequence[Scope]) -> Iterator[str]:
    ids = {id: i for i, id in enumerate(KPIS.names())}
    totals, wholes = parts.numerators.sum(axis=0), parts.denominators.sum(axis=0)  # [scopes, kpis]
    lots = {place: row.value for place, rows in plan.derived.items() for row in rows if row.name == "order_quantity"}
    clock = plan.clock
    years = (clock.end - clock.warm_up) / clock.ticks_per_unit / clock.units_per_year * len(parts.numerators)
    for i, scope in enumerate(scopes):
        demanded, filled, lost, outdated, stocked, orders = (
            float(totals[i, ids[id]])
            for id in ("units_demanded", "units_filled", "units_lost", "outdated_rate", "ready_rate", "orders_per_year")
        )
        if scope.level != "stock_point" or not demanded > 0.0:
            continue
        where = f"{scope.site} / {scope.product}"
        few = f": {filled / demanded:.1%} of demand is met" if filled > 0.0 else ""
        if filled <= HARDLY * demanded and outdated > filled:
            yield (
                f"{where}: {'nearly ' if few else ''}every unit goes bad before a customer comes{few}; does it arrive after the customers "
                "of its day? Then write `time.review: before_demand`, or a longer `lifetime`"
            )
        elif lost >= demanded or (lost >= (1.0 - HARDLY) * demanded and not orders > 0.0):
            yield (
                f"{where}: {'hardly a' if few else 'no'} customer ever gets anything{few}, the rest is lost; is anything ordered? "
                "`chainsim trace` shows the first days"
            )
        elif stocked <= HARDLY * wholes[i, ids["ready_rate"]] and filled < POOR * demanded:
            yield (
                f"{where}: the shelf is empty all the time; its level is below what is sold in a lead time "
                f"(`chainsim validate --parameters` shows it): {filled / demanded:.0%} served at once"
            )
        if lots.get((scope.site, scope.product), 0.0) > demanded / years:
            yield (
                f"{where}: a lot lasts longer than a year; are order cost and holding cost for the same time? "
                f"{lots[scope.site, scope.product]:.0f} units, {demanded / years:.0f} are wanted a year"
            )
