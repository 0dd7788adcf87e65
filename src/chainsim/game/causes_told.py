"""The causes of what teams' orders cost, as tables and in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chainsim.game.causes import Looked, RoleCauses, looked_into
from chainsim.game.room import Room
from chainsim.study.csvtext import csv_bytes

Looks = Mapping[str, Looked]
CAUSES = ("team", "cause", "cost", "saved")
HABITS = (
    "team", "role", "name", "by", "smoothing", "adjustment", "supply_line", "half_width", "desired_stock", "r2", "on_order_needed",
    "on_order_most", "more_when_owing", "by_rule", "seeing_all", "supply_line_cost",
)  # fmt: skip
EXPLAINED = 0.5
"""R² below which a rule says little about a role."""
ALL_SEEN = 0.95


def looks_of(room: Room, teams: Sequence[str] | None = None) -> dict[str, Looked]:
    """Teams that have finished, or those named, looked into."""
    wanted = teams or [name for name, team in room.teams.items() if team.board.record is not None]
    return {name: looked_into(room.teams[name].board) for name in wanted}


def causes_csv(looks: Looks) -> bytes:
    """What each team's chain cost as played, and after each step to the best policy."""

    def rows() -> Iterator[Sequence[Any]]:
        for team, look in looks.items():
            yield team, "as played", look.played, None
            for step in look.causes:
                yield team, step.cause, step.cost, step.saved

    return csv_bytes(CAUSES, rows())


def habits_csv(room: Room, looks: Looks) -> bytes:
    """The rule behind every role's orders, and what it cost the chain not to see all that was on order."""

    def rows() -> Iterator[Sequence[Any]]:
        for name, look in looks.items():
            team = room.teams[name]
            for one in look.roles:
                h, robots = one.habit, team.board.by_robot[one.role]
                by = room.policy if all(robots) else "both" if any(robots) else "player"
                who = team.seats[one.role].name if one.role in team.seats else ""
                yield (
                    name, one.role, who, by, h.smoothing, h.adjustment, h.supply_line, h.half_width, h.desired_stock, h.r2,
                    one.needed, one.most, h.more_when_owing, one.by_rule, one.seeing_all, one.supply_line_cost,
                )  # fmt: skip

    return csv_bytes(HABITS, rows())


def causes_rows(looks: Looks) -> list[list[str]]:
    """A line a team: as played, by its own rules, with all on order seen, under the best policy."""
    return [
        [team, f"{look.played:,.0f}", *(f"{step.cost:,.0f}" for step in look.causes)]
        for team, look in looks.items()
        if look.rules is not None
    ]


def habit_rows(look: Looked) -> list[list[str]]:
    """A line a role: β with its half-width, R², most on order against what is needed, what not seeing all cost the chain."""
    return [
        [
            one.role,
            share(one.habit.supply_line, one.habit.half_width),
            f"{100 * one.habit.r2:.0f} %",
            f"{one.most:,.0f} of {one.needed:,.0f}",
            f"{one.supply_line_cost:,.0f}",
        ]
        for one in look.roles
    ]


def share(value: float, half_width: float | None) -> str:
    """A share with its half-width, in per cent.

    >>> share(0.336, 0.021), share(1.0, None)
    ('34 ± 2 %', '100 %')
    """
    told = f"{100 * value:.0f}"
    return f"{told} %" if half_width is None else f"{told} ± {100 * half_width:.0f} %"


def sentences(team: str, look: Looked) -> list[str]:
    """What there is to learn of a team's orders."""
    if look.rules is None:
        return [f"{team}: no role's orders vary enough, or are enough, to find a rule behind them."]
    unexplained, unseen, _ = look.causes
    explained = [one for one in look.roles if one.habit.r2 >= EXPLAINED]
    said = [_unseen(team, look, unseen.saved)]
    if len(explained) < len(look.roles):
        rest = ", ".join(one.role for one in look.roles if one.habit.r2 < EXPLAINED)
        said.append(f"Of the orders of {rest} no rule explains half of how they vary: read their numbers with care.")
    if unexplained.saved < -0.05 * look.played:
        said.append("The rules alone would have done worse than the team did, so they are not the whole story.")
    worst = max(look.roles, key=lambda one: one.most - one.needed)
    if worst.most > 2.0 * worst.needed:
        said.append(
            f"The {worst.role} had up to {worst.most:,.0f} units on order, where {worst.needed:,.0f} fill the time they take."
        )
    return said


def _unseen(team: str, look: Looked, saved: float) -> str:
    least: RoleCauses = min(look.roles, key=lambda one: one.habit.supply_line)
    if least.habit.supply_line >= ALL_SEEN:
        return f"{team} counted all that was on order."
    words = f"{team} ordered as if {share(least.habit.supply_line, least.habit.half_width)} of what was on order counted ({least.role}); "
    if saved <= 0.0:
        return words + "counting all of it would have saved this team nothing."
    return words + f"its rules with all of it counted cost {saved:,.0f} less, of {look.played:,.0f}."
