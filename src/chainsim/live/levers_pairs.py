"""Which levers cannot be moved together: tried, where the words of their Plans meet.

What one lever writes and no other touches adds up by itself. Where both write the same word, the page adds what each of them moves it
by, and that is right where a Plan with both changes says so: it is compiled for some positions, and compared word by word. So it is
where planners know of a change of the world and a policy is moved as well: cover is counted in days of the demand they know of, though
given levels are words that only the policy's lever writes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import combinations
from random import Random

from chainsim.errors import ChainsimError
from chainsim.live.lever import Lever, World
from chainsim.live.levers_plans import OF_A_POINT, TooMuch, Workshop
from chainsim.live.memory import Memory, Moved, adds_up

log = logging.getLogger(__name__)
TRIES = 8
TRYING = 12.0
"""Seconds of a processor, as `Workshop.cost` reckons, that all pairs of a page may take to be tried."""


def exclusive(workshop: Workshop, levers: Sequence[Lever]) -> dict[World, frozenset[tuple[str, str]]]:
    """By world, pairs of levers that do not add up, or of which that would be too dear to try."""
    memories = {name: workshop.memory(plan) for name, plan in workshop.mailed.items()}
    touched = {
        (lever.id, world, name): Moved.of(
            memory, [memory.patch_to(workshop.memory(at[name])) for at in positions if at and name in at]
        )
        for lever in levers
        for world, positions in lever.plans.items()
        for name, memory in memories.items()
    }
    tried: dict[tuple[str, str, bool], bool] = {}
    purse = [TRYING]

    def together(one: tuple[Lever, World], other: tuple[Lever, World], world: World) -> bool:
        """Whether a pair may be moved together; what only policies say of themselves is the same in both worlds."""
        (a, w1), (b, w2) = one, other
        meeting = [n for n in memories if touched[a.id, w1, n].meets(touched[b.id, w2, n])]
        common = meeting
        if world == "known" and (a.group == "policies") != (b.group == "policies"):
            common = list(memories)
        key = a.id, b.id, world == "held" or {a.group, b.group} == {"policies"}
        if common and key not in tried:
            tried[key] = _add_up(workshop, one, other, world, common, purse, meeting=bool(meeting))
        return not common or tried[key]

    found: dict[World, frozenset[tuple[str, str]]] = {}
    for world in ("held", "known"):
        there = [(lever, w) for lever in levers if (w := _in(lever, world)) is not None]
        found[world] = frozenset(
            (one[0].id, other[0].id) for one, other in combinations(there, 2) if not together(one, other, world)
        )
    return found


def _in(lever: Lever, world: World) -> World | None:
    """The world whose Plans a lever shows in a world: its own there, or those of a policy that are the same in both."""
    if world in lever.plans:
        return world
    return "held" if lever.group == "policies" else None


def _add_up(
    workshop: Workshop,
    one: tuple[Lever, World],
    other: tuple[Lever, World],
    world: World,
    common: Sequence[str],
    purse: list[float],
    *,
    meeting: bool,
) -> bool:
    """Whether both patches together make the Plan with both changes, at pairs of positions taken at random. purse: what is left. meeting: they
    write the same words."""
    (a, w1), (b, w2) = one, other
    draw = Random(f"{a.id} {b.id} {world}")
    places = [
        (i, j)
        for i, p in enumerate(a.plans[w1])
        for j, q in enumerate(b.plans[w2])
        if p and q and any(name in p and name in q for name in common)
    ]
    for i, j in draw.sample(places, min(TRIES, len(places))):
        changes = {**a.spots[i].changes, **b.spots[j].changes}
        if len(changes) < len(a.spots[i].changes) + len(b.spots[j].changes):
            return False  # the same path twice
        hold = world == "held"
        if workshop.derives(changes, hold=hold):
            return not meeting  # numbers that are derived from both: too dear to try, and hardly ever a sum
        purse[0] -= workshop.cost(changes, max(a.group, b.group, key=OF_A_POINT.__getitem__), hold=hold)
        if purse[0] < 0.0:
            return False
        try:
            together = workshop.plans(changes, hold=hold, names=common)
        except (ChainsimError, TooMuch) as error:
            log.info("levers %s and %s together: %s", a.id, b.id, error)
            return False
        p, q = a.plans[w1][i] or {}, b.plans[w2][j] or {}
        for name, plan in together.items():
            edits = [workshop.memory(edit[name]) for edit in (p, q) if name in edit]
            if not adds_up(workshop.memory(workshop.mailed[name]), edits, Memory.of(plan)):
                return False
    return True
