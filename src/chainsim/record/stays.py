"""Little's law for stock on the shelf: the time integral of stock is the sum of the times its units stayed (Little 1961).

The stays are read from the event log, from when units came and when they left; the integral is the one the measures of
stock and holding cost rest on. Who of equal units left first makes no difference to the sum.
"""

from __future__ import annotations

import numpy as np

from chainsim.plan.plan import Plan
from chainsim.record.record import Record


def untold_stays(plan: Plan) -> str:
    """Why an event log of this plan does not tell how long units stay; '' when it does."""
    return "a flow moves without events" if len(plan.flows) else ""


def stays_difference(record: Record, plan: Plan) -> float:
    """|stays − integral| ÷ the larger, over the window; the largest of all stock points that hold stock of their own.

    Where units hardly stay at all it is told relative to a stay of one time unit each. Raises ValueError without a log.

    >>> import chainsim
    >>> from chainsim.data import scenario_path
    >>> from chainsim.engines.base import simulate
    >>> from chainsim.plan.compile import compile_plan
    >>> plan = compile_plan(chainsim.load(scenario_path("grocer")).scenario, "s_Q")
    >>> stays_difference(simulate(plan, 0, engine="simpy", log=True), plan) < 1e-12
    True
    """
    opening, closing = record.opening["points"], record.closing["points"]
    integral = closing["on_hand_time"] - opening["on_hand_time"]
    stayed = np.array(stays(record, plan))
    size = np.maximum(np.maximum(stayed, integral), closing["received"] * float(plan.clock.ticks_per_unit))
    held = ~plan.points["unlimited"].astype(bool) & (size > 0)
    return float((np.abs(stayed - integral)[held] / size[held]).max(initial=0.0))


def stays(record: Record, plan: Plan) -> list[float]:
    """Unit-ticks that units spent on the shelf within the window, by stock point, from the lines of the log."""
    if record.log is None:
        raise ValueError("how long units stay is read from the event log: simulate(…, log=True)")
    start, end = plan.clock.warm_up, plan.clock.end
    there: list[float] = plan.points["on_hand"].tolist()
    total = [0.0] * len(there)
    for line in record.log:
        if line.tick > start:
            total[line.point] += (there[line.point] - line.on_hand) * (line.tick - start)  # + left, − came
        there[line.point] = line.on_hand
    return [sum_ + left * (end - start) for sum_, left in zip(total, there, strict=True)]
