"""Raw volumes, in units of the window: what shares are made of, so that anything can be added up by whoever wants to."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import kpi
from chainsim.kpis.view import View

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
