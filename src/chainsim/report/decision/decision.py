"""The first screen, put together."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.report.decision.cash import Cash, cash
from chainsim.report.decision.headline import headline
from chainsim.report.decision.loss import Loss, loss
from chainsim.report.decision.orders import Orders, orders
from chainsim.report.decision.phrase import Phrase
from chainsim.report.decision.situation import Situation
from chainsim.report.decision.trust import Trust, trust
from chainsim.report.decision.views import View, joint, views
from chainsim.report.decision.what_if import WhatIf, what_if
from chainsim.report.decision.years import Risk, risk
from chainsim.report.facts import Facts
from chainsim.report.verdict import Narrative


@dataclass(frozen=True)
class Decision:
    """What the first screen says. joint: cost and service, which all views share. flip: what would change the choice; '' where
    nothing is known to. next: the command for what is missing here; '' where nothing is."""

    situation: Situation
    headline: Phrase
    joint: Phrase
    views: tuple[View, ...]
    orders: Orders | None
    cash: Cash | None
    risk: Risk
    what_if: WhatIf | None
    trust: Trust
    loss: Loss | None
    flip: str
    next: str


def decide(facts: Facts, narrative: Narrative) -> Decision:
    """The first screen of a study."""
    s = Situation(facts, narrative)
    stood, tied, todo = what_if(s), cash(s), orders(s)
    return Decision(
        s, headline(s), joint(s), views(s, stood, tied, todo), todo, tied, risk(s), stood, trust(s), loss(s),
        narrative.sensitivity, "" if stood is not None else further(facts),
    )  # fmt: skip


def further(facts: Facts) -> str:
    """The command that tunes and stresses as well."""
    command = str(facts.manifest["command"])
    return f"{command} --decide" if command.startswith("chainsim run") and "--decide" not in command else ""
