"""Ages: how much life goods have left when they arrive where their age travels with them."""

from __future__ import annotations

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan


def keeps_ages(plan: Plan) -> bool:
    """Whether goods keep their age anywhere."""
    return len(plan.agings) > 0


@kpi(
    "remaining_life",
    concerns=keeps_ages,
    title="Remaining life at receipt",
    unit="{time}",
    direction="higher",
    definition="Life that units have left when they are received, averaged over units of use, 0 for those that expired under way; at "
    "stock points with `age: travels`.",
    denominator="units of use received in the window there",
    undefined="goods keep their age nowhere here, or nothing was received",
)
def remaining_life(view: View) -> Ratio:
    life = view.aging_flow("life") / view.plan.clock.ticks_per_unit
    return ratio(view.total(life), view.total(view.aging_flow("arrived")))


@kpi(
    "spoiled_rate",
    concerns=keeps_ages,
    title="Spoiled under way",
    unit="share",
    direction="lower",
    definition="Units of use whose life ended before they were received ÷ units of use received; at stock points with `age: travels`. "
    "They are among the outdated.",
    denominator="units of use received in the window there",
    undefined="goods keep their age nowhere here, or nothing was received",
)
def spoiled_rate(view: View) -> Ratio:
    return ratio(view.total(view.aging_flow("spoiled")), view.total(view.aging_flow("arrived")))
