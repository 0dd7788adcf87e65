"""Where the formula of a level is an approximation, in words: what short simulations then correct, or the reader is told.

Measured on random models (`benchmarks/delivery.py`): elsewhere what a level is expected to deliver is what it delivers. The
bounds below are where it was first off by half a point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from chainsim.policies.stages import Scaled
    from chainsim.theory.positions import Rule
    from chainsim.theory.stage import Stage

Kind = Literal["service", "fill_rate"]

SEVERAL = "lost sales with several orders on their way"
RARE = "lost sales between rare reviews"
OVERTAKING = "lots that may overtake each other"
HELD = "orders that wait for those before them"

MANY_OUT = 1.5
"""Orders on their way at once, with lost sales, above which what a level costs is an approximation."""
HARDLY = 2.0
"""Demands between two reviews that a lot holds, with lost sales, below which what it costs is an approximation."""
OFTEN = 6.0
"""The same for the service of a level: lost sales make where the position rests uneven."""
OVERLAP = 0.5
"""Range of the lead times, in times between two orders, from which on orders come in another order often enough to matter."""


def rough_service(scaled: Scaled, rule: Rule, lot: int, kind: Kind, level: float) -> str:
    """Why the service of a level (steps) is an approximation; '' where it is not. lot: Q, or S − s, in steps.

    With lost sales it is exact while one order at most is on its way, and for single units ordered one for one (Erlang).
    With backorders, while lead times are constant; for base stock also where orders cross.
    """
    stage = scaled.stage
    if not stage.lost:
        return _crossed(stage, rule, lot)
    if rule == "S":
        return "" if _one_out(stage) or (kind == "fill_rate" and _erlang(stage)) else SEVERAL
    if level >= lot:
        return SEVERAL
    single = stage.interval == 0.0 and len(stage.size) == 2
    return "" if single or lot >= OFTEN * stage.between_mean else RARE


def rough_cost(scaled: Scaled, rule: Rule, lot: float) -> str:
    """Why what levels cost is an approximation; '' where it is not, or hardly."""
    stage = scaled.stage
    if not stage.lost:
        return ""
    order = max(lot if rule != "S" else 0.0, stage.between_mean)
    if stage.per_time * float(stage.leads.mean()) > MANY_OUT * order and not (rule == "S" and _erlang(stage)):
        return SEVERAL
    return RARE if rule != "S" and stage.interval > 0.0 and lot < HARDLY * stage.between_mean else ""


def _crossed(stage: Stage, rule: Rule, lot: int) -> str:
    if not stage.random_lead or stage.orders == "keep" or (stage.orders == "cross" and rule == "S"):
        return ""
    spacing = max((lot if rule != "S" else stage.between_mean) / stage.per_time, stage.interval)
    overlapping = float(stage.leads.max() - stage.leads.min()) > OVERLAP * spacing
    return (OVERTAKING if stage.orders == "cross" else HELD) if overlapping else ""


def _one_out(stage: Stage) -> bool:
    """Base stock: whether an order is in before the next one is placed, at the earliest. Reviews more frequent than demand
    find it sooner at one time than at another."""
    earliest = stage.interval
    if stage.rhythm is not None and stage.interval <= stage.rhythm.every:
        earliest -= max(stage.rhythm.phases) - min(stage.rhythm.phases)
    return float(stage.leads.max()) < earliest * (1.0 - 1e-9)


def _erlang(stage: Stage) -> bool:
    """Single units ordered one for one: Erlang's formula is exact, for any lead time."""
    return stage.interval == 0.0 and len(stage.size) == 2
