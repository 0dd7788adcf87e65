"""Ages: how much life goods have left when they arrive where their age travels with them."""

from __future__ import annotations

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan


def keeps_ages(plan: Plan) -> bool:
    """Whether goods keep their age anywhere."""
    return len(plan.agings) > 0


def marks_down(plan: Plan) -> bool:
    """Whether old units are sold for less anywhere."""
    return bool((plan.ledgers["markdown"] >= 0).any())


@kpi(
    "marked_down_rate",
    concerns=marks_down,
    title="Share marked down",
    unit="share",
    direction="lower",
    definition="Units that customers got for less because of their age ÷ units that they got from stock.",
    denominator="units handed to end customers from stock, at once or later, in the window",
    undefined="nothing was handed over",
)
def marked_down_rate(view: View) -> Ratio:
    return ratio(view.total(view.ledger_flow("marked_down")), view.total(view.flow("filled") + view.flow("backfilled")))


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
