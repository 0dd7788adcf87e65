"""The known answers computed: for each case, the quantities that a formula of `chainsim.theory` gives.

One dictionary of plain calls per area; nothing here simulates, and nothing here is used by a simulation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from chainsim.verify.answers import lots, network, periodic, single

Answers = dict[str, object]

ANSWERS: dict[str, Callable[[], Answers]] = {
    case: answers for area in (lots, single, periodic, network) for case, answers in area.ANSWERS.items()
}


@cache
def answers(case: str) -> Answers:
    """Quantity → number (or list, or table of numbers) of a case; empty when theory has nothing to say on it."""
    return ANSWERS[case]() if case in ANSWERS else {}
