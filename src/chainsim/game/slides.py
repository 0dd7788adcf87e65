"""Slides of a game, to show a class: one file, a slide a screen, that loads nothing, runs nothing, and prints a page a slide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from chainsim.errors import OutputError, UsageError
from chainsim.game.board import Board
from chainsim.game.causes_told import Looks, causes_rows
from chainsim.game.debrief import SLIDES, leaderboard
from chainsim.game.outcome import Outcome, outcome_of, played_by
from chainsim.game.room import Room
from chainsim.game.setting import Setting
from chainsim.report.html import POLICY

WIDE, HIGH = 300.0, 110.0
"""Of a curve, in units of its SVG."""


class Curve(NamedTuple):
    """One role over the game, as paths of an SVG: its orders, what customers bought (flat beside them), its net stock. zero: where
    nothing is in stock and nothing owed."""

    role: str
    orders: str
    customers: str
    stock: str
    zero: float
    told: str


class Chain(NamedTuple):
    """A slide of one board: a team's, or a policy's. most: the top of the order curves; low, high: ends of the stock curves."""

    title: str
    curves: Sequence[Curve]
    most: float
    low: float
    high: float


def write_slides(room: Room, folder: Path, looks: Looks) -> Path:
    """Write the slides beside the tables of a game. Raises OutputError, and UsageError when no team has finished."""
    path = folder / SLIDES
    try:
        path.write_text(slides(room, looks), "utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def slides(room: Room, looks: Looks) -> str:
    """The slides as text. looks: of the teams that have finished. Raises UsageError when none has."""
    setting = room.setting
    boards = {team.name: team.board for team in room.teams.values() if team.board.record is not None}
    if not boards:
        raise UsageError("no team has finished its game: there is nothing to show yet")
    standing = [
        line._replace(who=label(setting, line.who)) if line.kind == "policy" else line for line in leaderboard(room)
    ]
    best = next(line.who for line in leaderboard(room) if line.kind == "policy")
    template = (files("chainsim.game") / "slides.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        loader=DictLoader({"slides": template}), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {"shown": lambda value: f"{value:,.0f}".replace("-", "−"), "ratio": _ratio}
    first = next(iter(boards.values()))
    return environment.get_template("slides").render(
        csp=Markup(POLICY),
        title=setting.scenario.title,
        teams=len(boards),
        periods=setting.periods,
        unit=setting.scenario.time.unit,
        currency=setting.scenario.currency,
        roles=setting.roles,
        customers=_customers(first),
        standing=standing,
        chains=[*(chain(name, board) for name, board in boards.items()), chain(label(setting, best), played_by(setting, best))],
        swings=list(_swings({name: outcome_of(board) for name, board in boards.items()})),
        causes=causes_rows(looks),
        wide=WIDE,
        high=HIGH,
    )  # fmt: skip


def label(setting: Setting, policy: str) -> str:
    """A policy's name for people."""
    return str(setting.document["policies"][policy].get("label", policy))


def chain(name: str, board: Board) -> Chain:
    """The roles of a board on one scale, so that the eye compares them."""
    roles = board.setting.roles
    weeks = {role: board.weeks[role] for role in roles}
    asked = [week.demand for week in weeks[roles[0]]]
    orders = {role: board.orders(role) for role in roles}
    stock = {role: [week.net_stock for week in weeks[role]] for role in roles}
    most = max(max(asked), *(max(given) for given in orders.values()), 1.0)
    low, high = min(0.0, *(min(s) for s in stock.values())), max(1.0, *(max(s) for s in stock.values()))
    wildest = max(roles, key=lambda role: max(orders[role]))
    title = f"{name}: customers bought {max(asked):g} at most, the {wildest} ordered up to {max(orders[wildest]):g}"
    curves = [
        Curve(
            role, path(orders[role], 0.0, most), path(asked, 0.0, most), path(stock[role], low, high), _height(0.0, low, high),
            f"orders up to {max(orders[role]):g}, stock {min(stock[role]):g} to {max(stock[role]):g}",
        )
        for role in roles
    ]  # fmt: skip
    return Chain(title, curves, most, low, high)


def path(values: Sequence[float], low: float, high: float) -> str:
    """A curve as the `d` of a path.

    >>> path([0, 5, 10], 0, 10)
    'M0.0 110.0L150.0 55.0L300.0 0.0'
    """
    step = WIDE / max(len(values) - 1, 1)
    return "M" + "L".join(f"{i * step:.1f} {_height(value, low, high):.1f}" for i, value in enumerate(values))


def _height(value: float, low: float, high: float) -> float:
    return HIGH * (high - value) / (high - low)


def _customers(board: Board) -> Mapping[str, Any]:
    """What customers bought, period by period."""
    asked = [week.demand for week in board.weeks[board.setting.roles[0]]]
    return {"path": path(asked, 0.0, max(*asked, 1.0)), "most": max(asked), "least": min(asked), "first": asked[0]}


def _swings(outcomes: Mapping[str, Outcome]) -> Iterator[tuple[str, list[str]]]:
    """A line a team: the variance of every role's orders over that of what customers bought."""
    for team, outcome in outcomes.items():
        yield team, [_ratio(part.bullwhip_cumulative) for part in outcome.parts]


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"
