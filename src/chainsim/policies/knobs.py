"""What of a policy tuning may move: every type declares it (`Policy.knobs`), so that what the type fixes stays fixed.

Two ways in. *Service*: one number through the policy's own derivation, the service it plans for (or a buffer, an allowance).
*Numbers*: its level and its lot, once all of them are given; `given` makes the policy whose numbers are written out, as a
scenario file takes it, so that what was tried and what is written are one thing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, log
from typing import Any

FURTHEST = 1.0 - 1e-9
"""No service beyond it is planned for."""
EXTRA = "extra"
"""The field that raises levels which follow a season."""

Serve = Callable[[Any, float, Any], Any]
Give = Callable[[Any, Any], Any]
"""Policies, their settings and their service targets are told apart by their types' own files, which import this one."""


@dataclass(frozen=True)
class Knobs:
    """What tuning may move of one policy type.

    service: (policy, by, its target) → the policy that plans for more (by > 0) or less; None where nothing can be planned
    for. Steps of `by` are even: of the logit of a service, or as the type says.
    given: (policy, what it derived) → a policy of the same rule with its numbers written out. It may be of another type, where
    this one never takes numbers; that type's knobs say what its numbers are. None: the service is all that moves.
    level, lot: fields that hold the numbers. top: the field that lies one lot above the level, in place of `lot`.
    least: the lowest level. lots: whether the lot may be tuned; False where the type fixes it.
    refusal: why nothing of it can be tuned, in words.
    """

    service: Serve | None = None
    given: Give | None = None
    level: str = ""
    lot: str = ""
    top: str = ""
    least: float = float("-inf")
    lots: bool = True
    refusal: str = ""

    def level_of(self, given: Any) -> float:
        """The level of a policy whose numbers are written out; of one that follows a season what is on top of it."""
        extra = getattr(given, EXTRA, None)
        value: float = getattr(given, self.level) if extra is None else extra
        return value

    def lot_of(self, given: Any) -> float | None:
        """Its lot; None where it has none, or none that may be moved."""
        if self.lot:
            value: float | None = getattr(given, self.lot, None)
            return value
        if self.top and getattr(given, EXTRA, None) is None:
            distance: float = getattr(given, self.top) - getattr(given, self.level)
            return distance
        return None

    def put(self, given: Any, level: float, lot: float | None) -> Any:
        """The policy with another level, and another lot where there is one."""
        changes: dict[str, float] = {}
        if getattr(given, EXTRA, None) is not None:
            changes[EXTRA] = level
        else:
            changes[self.level] = int(level) if isinstance(getattr(given, self.level), int) else level
            if self.top:
                changes[self.top] = level + (
                    lot if lot is not None else getattr(given, self.top) - self.level_of(given)
                )
        if lot is not None and self.lot:
            changes[self.lot] = lot
        return replace(given, **changes)


def on_the_logit(policy: Any, by: float, target: Any) -> Any:
    """A service-driven policy that plans for a service whose logit is `by` higher, of the kind it plans for already.

    >>> from chainsim.policies.s_Q import FixedQuantity
    >>> round(on_the_logit(FixedQuantity(fill_rate=0.9), 1.0, None).fill_rate, 4)
    0.9607
    """
    if policy.fill_rate is not None:
        return replace(policy, fill_rate=shifted(policy.fill_rate, by))
    if policy.service_level is not None:
        return replace(policy, service_level=shifted(policy.service_level, by))
    if target is None:
        return policy
    name = "fill_rate" if target.kind == "fill_rate" else "service_level"
    return replace(policy, **{name: shifted(target.value, by)})


def shifted(share: float, by: float) -> float:
    """A share whose logit is `by` higher.

    >>> shifted(0.5, 0.0), round(shifted(0.95, 0.5), 4)
    (0.5, 0.9691)
    """
    odds = log(share / (1.0 - share)) + by
    return min(1.0 / (1.0 + exp(-odds)), FURTHEST) if odds > -30.0 else 1e-13
