"""The order of events at one instant: the key of everything that can be put on the calendar, from the table of happenings.

What happens again and again has one key for ever; what happens once is numbered by the counter of its stock point, so
that no key depends on who put what on the calendar first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chainsim.rules.happenings import EVERY, HAPPENINGS, OWN, Happening
from chainsim.rules.ladders import written
from chainsim.rules.phases import event_key
from chainsim.rules.rows import Point
from chainsim.rules.world import World


def numbered(phase: int, sp: Point) -> int:
    """The key of a single happening at a stock point, numbered by the stock point's own counter."""
    sp.sequence += 1
    return event_key(phase, sp.rank, sp.sequence)


def _key(row: Happening) -> str:
    """Text of the key of a happening: its phase, the rank of its place, its number there."""
    sp = f"w.points[{row.point}]"
    if row.number is None:
        return f"numbered({row.phase}, {sp})"
    rank = f"{sp}.rank" if row.point else "w.resources[index].rank" if row.place == "resource" else "0"
    phase = str(row.phase) if row.early < 0 else f"{row.early} if {sp}.before_demand == 1 else {row.phase}"
    return f"event_key({phase}, {rank}, {row.number}{f' + {row.plus}' if row.plus else ''})"


def _ladder(name: str, returned: Mapping[int, str], otherwise: str) -> list[str]:
    """Lines of a function of the kind of a happening: what it returns for each."""
    lines = [f"def {name}(w, kind, index):"]
    for kind, text in returned.items():
        lines += [f"    if kind == {kind}:", f"        return {text}"]
    return [*lines, f"    return {otherwise}"]


key_of: Callable[[World, int, int], int] = written(
    __name__,
    _ladder("key_of", {row.kind: _key(row) for row in HAPPENINGS}, "-1"),
    {"event_key": event_key, "numbered": numbered},
)
"""The key of a happening; its index names a row."""

shelf_of: Callable[[World, int, int], int] = written(
    __name__, _ladder("shelf_of", {row.kind: row.point for row in HAPPENINGS if row.shelf == OWN}, "-1"), {}
)
"""The stock point whose shelf a happening looks at or changes; -1: none, or every one."""

looks_at_every_shelf: Callable[[int], bool] = written(
    __name__,
    [
        "def looks_at_every_shelf(kind):",
        "    return " + " or ".join(f"kind == {row.kind}" for row in HAPPENINGS if row.shelf == EVERY),
    ],
    {},
)
"""True for kinds of happenings that look at all stock points."""
