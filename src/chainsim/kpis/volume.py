"""Raw volumes, in units of the window: what shares are made of, so that anything can be added up by whoever wants to."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import kpi
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]
BELOW = "below the network's scope of downstream sites as well"


@kpi(
    "units_demanded",
    title="Units demanded",
    unit="units",
    direction="none",
    definition=f"Units demanded in the window, lost ones included; {BELOW}. What the fill rate is divided by.",
)
def units_demanded(view: View) -> Array:
    return view.demanded


@kpi(
    "units_filled",
    title="Units filled at once",
    unit="units",
    direction="none",
    definition=f"Units filled at once from stock; {BELOW}. What the fill rate divides.",
)
def units_filled(view: View) -> Array:
    return view.units("filled", "requested_filled")


@kpi(
    "units_lost",
    title="Units lost",
    unit="units",
    direction="lower",
    definition="Units that end customers demanded in the window and did not get: turned away, or left after waiting.",
)
def units_lost(view: View) -> Array:
    return view.total(view.flow("lost") - view.flow("lost_early"))


@kpi(
    "units_owed",
    title="Units owed at the end",
    unit="units",
    direction="lower",
    definition="Units that end customers demanded in the window and still wait for at its end.",
)
def units_owed(view: View) -> Array:
    return view.waiting


def takes_room(plan: Plan) -> bool:
    """Whether any product has a volume."""
    return any(plan.layout.volume)


@kpi(
    "volume_on_hand",
    concerns=takes_room,
    title="Room taken",
    unit="volume",
    direction="lower",
    definition="Average stock on hand × the volume of a unit.",
    denominator="length of the window",
)
def volume_on_hand(view: View) -> Array:
    return view.total(view.on_hand * np.array(view.plan.layout.volume))
