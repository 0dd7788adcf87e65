"""Who sits in for a role that nobody plays: a policy's rule, with its parameters, its memory and its season."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainsim.plan.plan import Plan


class Robot:
    """A policy's rule at one stock point. It is asked at every review, played or not, so that its forecast is up to date when it
    has to sit in."""

    def __init__(self, plan: Plan, row: int) -> None:
        point = plan.points[row]
        self.rule = plan.rules[int(point["policy"])]
        self.parameters: Sequence[float] = plan.parameters[row]
        self.memory = list(plan.memory[row])
        first, count = int(point["first_page"]), int(point["pages"])
        self.pages = [
            (int(page["at"]), plan.page_parameters[int(page["first"]) : int(page["first"] + page["count"])].tolist())
            for page in (plan.pages[first : first + count] if first >= 0 else ())
        ]

    def advice(self, stock: Any, now: int) -> float:
        """What the policy would order now."""
        while self.pages and self.pages[0][0] <= now:
            self.parameters = self.pages.pop(0)[1]
        quantity: float = self.rule(stock, self.parameters, self.memory)
        return quantity
