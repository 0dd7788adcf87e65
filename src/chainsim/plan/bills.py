"""Bills of materials as rows: what is made of what, and the desks at which jobs wait for components."""

from __future__ import annotations

from chainsim.plan.network import Network
from chainsim.plan.plan import Array
from chainsim.plan.tables_bills import ASSEMBLY, DESK, INPUT


def compile_bills(network: Network, points: Array, lanes: Array) -> tuple[Array, Array, Array]:
    """Rows of the INPUT, ASSEMBLY and DESK tables; fills in which desk hands out a stock point and which assembly a lane is of."""
    made = [j for j, bill in enumerate(network.bills) if bill]
    desk_of = _desk_of(network)
    names = sorted(set(desk_of.values()))
    desks, assemblies = DESK.array(len(names)), ASSEMBLY.array(len(made))
    for point, name in desk_of.items():
        d = names.index(name)
        points[point]["desk"] = d
        desks[d]["rank"] = max(desks[d]["rank"], points[point]["rank"])
    lines: list[tuple[int, float]] = []
    for row, j in zip(assemblies, made, strict=True):
        row["lane"], row["first_input"], row["inputs"] = j, len(lines), len(network.bills[j])
        row["desk"] = points[network.bills[j][0][0]]["desk"]
        lines.extend(network.bills[j])
    for a, j in enumerate(made):
        lanes[j]["assembly"] = a
    inputs = INPUT.array(len(lines))
    for line, (point, per) in zip(inputs, lines, strict=True):
        line["point"], line["per"] = point, per
    return inputs, assemblies, desks


def _desk_of(network: Network) -> dict[int, int]:
    """The desk of every component, by the first of its stock points: one for products that share a component, directly or in turn."""
    desk_of: dict[int, int] = {}
    for bill in network.bills:
        here = {component for component, _ in bill}
        joined = here.union(*({p for p, d in desk_of.items() if d == desk_of[c]} for c in here if c in desk_of))
        desk_of.update(dict.fromkeys(joined, min(joined, default=0)))
    return desk_of
