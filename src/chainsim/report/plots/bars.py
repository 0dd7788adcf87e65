"""Stacked bars, one a policy: what the cost is made of, and what the cash is tied up in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from chainsim.report.decision.cash import Cash
from chainsim.report.decision.spoken import money
from chainsim.report.facts import Facts, Policy
from chainsim.report.numbers import HARD
from chainsim.report.plots.plot import at

FILLS = 8
"""Tints with hatches of their own; a page that spends on more lines repeats them."""
ROOM = 66.0
"""Per cent of the width that the longest bar takes at most: the rest is for its total."""
NARROW, LETTER, GAP = 150.0, 7.0, 8.0
"""Pixels of a bar where it is shortest, of a letter, and beside a number: a part that has room for its number has it inside."""


@dataclass(frozen=True)
class Bar:
    """A policy's bar, its total in words and exactly."""

    policy: Policy
    svg: Markup
    text: str
    total: float


@dataclass(frozen=True)
class Bars:
    """key: the parts, by class of fill; bars: in the order of policies."""

    key: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]


def cost_bars(facts: Facts, shown: Sequence[Policy]) -> Bars | None:
    """What each of these policies spends a year, by cost line, on the scale of the dearest of them; None without costs."""
    spent = [i for i, id in enumerate(facts.cost_lines) if any(facts.mean(p, id) for p in shown)]
    if not spent:
        return None
    lines = [(facts.cost_lines[i], f"f{fill}") for i, fill in zip(spent, apart(spent), strict=True)]
    parts = {p: {id: facts.mean(p, id) or 0.0 for id, _ in lines} for p in shown}
    totals = {p: facts.mean(p, "total_cost") or 0.0 for p in shown}
    names = {id: facts.title_of(id).lower().removesuffix(" cost") for id, _ in lines}
    return _bars(facts, dict(lines), names, parts, totals)


def apart(places: Sequence[int]) -> list[int]:
    """The fill of each of these lines, by its place among all cost lines: that of its place where no earlier line has it, so that a
    line looks the same on most pages, else the first that is free; fills repeat only where there are more lines than fills.

    >>> apart([0, 1, 4, 8, 12])
    [0, 1, 4, 2, 3]
    """
    own = {i: i for i in places if i < FILLS}
    free = iter([fill for fill in range(FILLS) if fill not in own])
    return [own[i] if i in own else next(free, i % FILLS) for i in places]


def cash_bars(facts: Facts, tied: Cash) -> Bars:
    """What each policy ties up."""
    split = any(row.machine for row in tied.rows)
    names = {
        "shelf": "shelf",
        "road": "road" if split or all(r.machine == 0.0 for r in tied.rows) else "road and machine",
    }
    parts = {row.policy: {"shelf": row.shelf, "road": row.road, "machine": row.machine or 0.0} for row in tied.rows}
    fills = {"shelf": "f0", "road": "f3", "machine": "f2"}
    used = {k: f for k, f in fills.items() if any(own[k] for own in parts.values())}
    return _bars(facts, used, {**names, "machine": "machine"}, parts, {row.policy: row.total for row in tied.rows})


def _bars(
    facts: Facts,
    fills: Mapping[str, str],
    names: Mapping[str, str],
    parts: Mapping[Policy, Mapping[str, float]],
    totals: Mapping[Policy, float],
) -> Bars:
    longest = max((len(_said(facts, total, 3)) for total in totals.values()), default=0)
    room = min(ROOM, max(20.0, 100.0 - 100.0 * (GAP + LETTER * longest) / NARROW))
    full = max([*totals.values(), 1e-300]) * 100.0 / room
    bars = [
        Bar(p, _svg(facts, p, fills, names, own, totals[p], full), money(facts.units, totals[p], 3), totals[p])
        for p, own in parts.items()
    ]
    return Bars(tuple((fill, names[k]) for k, fill in fills.items()), tuple(bars))


def _svg(
    facts: Facts,
    policy: Policy,
    fills: Mapping[str, str],
    names: Mapping[str, str],
    parts: Mapping[str, float],
    total: float,
    full: float,
) -> Markup:
    made, start, said = [], 0.0, []
    for key, fill in fills.items():
        size = 100.0 * parts[key] / full
        if size <= 0.0:
            continue
        text = money(facts.units, parts[key])
        said.append(f"{names[key]} {text}")
        made.append(
            Markup('<g data-kpi="{0}" data-tip="{1}"><rect class="{2}" x="{3}" width="{4}" height="100%"/><rect class="{2}h" x="{3}" width="{4}" height="100%"/></g>').format(
                key, f"{policy.label}: {names[key]} {text}", fill, at(start), at(size)
            )
        )  # fmt: skip
        number = _said(facts, parts[key])
        if size * NARROW / 100.0 >= len(number) * LETTER + GAP:
            made.append(
                Markup('<text class="in m" x="{}" y="50%" dy="4">{}</text>').format(at(start + size / 2), number)
            )
        start += size
    end = Markup('<text class="b s" x="{}" dx="6" y="50%" dy="4">{}</text>').format(at(start), _said(facts, total, 3))
    return Markup('<svg class="bar" role="img" aria-label="{}" data-plot="bar" data-policy="{}" data-full="{:.9g}">{}{}</svg>').format(
        f"{policy.label}: {money(facts.units, total, 3)}, {', '.join(said)}", policy.index, full, Markup("").join(made), end
    )  # fmt: skip


def _said(facts: Facts, amount: float, digits: int = 2) -> str:
    """An amount at a bar; a currency that is no sign but words is said once, above the bars."""
    text = money(facts.units, amount, digits)
    return text if facts.units.symbol else text.removesuffix(f"{HARD}money{HARD}units")


def share_bar(share: float) -> Markup:
    """A part of a whole, as a bar of a table's cell."""
    return Markup('<svg class="bar thin" aria-hidden="true"><rect class="f0" width="{}" height="100%"/></svg>').format(
        at(100.0 * share)
    )


def shares(rows: Sequence[float]) -> list[Markup]:
    """Bars of several parts, the largest taking all the width."""
    most = max(rows, default=1.0) or 1.0
    return [share_bar(row / most) for row in rows]
