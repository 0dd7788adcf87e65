"""After the game: every team's orders as policy `plan` beside other policies at the same customers, as an ordinary study."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from chainsim.engines.parity import fingerprint
from chainsim.engines.simpy_engine import simulate
from chainsim.errors import OutputError, ScenarioError, UsageError
from chainsim.game.board import Board
from chainsim.game.causes_told import Looks, causes_csv, habits_csv, looks_of
from chainsim.game.outcome import had_one_followed, outcome_of, outcomes_of_policies
from chainsim.game.room import Room
from chainsim.game.setting import Setting
from chainsim.plan.compile import compile_plan
from chainsim.policies.base import POLICIES
from chainsim.study.csvtext import csv_bytes
from chainsim.study.loading import Study, load_dict

BESIDE = ("sterman", "base_stock", "pout", "multi_echelon")
"""Types of policies that a team is shown beside; those that the scenario does not have are derived from it."""
SLIDES = "slides.html"
"""In the folder of the game (`game.slides` writes them)."""
MOVES = (
    "team",
    "period",
    "role",
    "name",
    "demand",
    "received",
    "net_stock",
    "on_order",
    "in_transit",
    "order",
    "by",
    "cost",
)
ROLES = (
    "team", "role", "name", "cost", "bullwhip", "bullwhip_cumulative", "largest_order", "most_owed", "saved_by_policy", "policy",
)  # fmt: skip


def moves_csv(room: Room) -> bytes:
    """Every move of every team: what a role saw when it ordered, what it ordered, and who did (a player or the policy)."""

    def rows() -> Iterator[Sequence[Any]]:
        for team in room.teams.values():
            for role in room.setting.roles:
                name = team.seats[role].name if role in team.seats else ""
                for week, robot in zip(team.board.weeks[role], team.board.by_robot[role], strict=True):
                    by = room.policy if robot else "player"
                    yield (
                        team.name, week.period, role, name, week.demand, week.received, week.net_stock, week.on_order,
                        week.in_transit, week.order or 0.0, by, week.cost,
                    )  # fmt: skip

    return csv_bytes(MOVES, rows())


def roles_csv(room: Room) -> bytes:
    """Cost and bullwhip of every role; what the chain would have saved had this role alone followed the best policy."""
    best = next(iter(outcomes_of_policies(room.setting)))

    def rows() -> Iterator[Sequence[Any]]:
        for team in room.teams.values():
            for part in outcome_of(team.board).parts:
                name = team.seats[part.role].name if part.role in team.seats else ""
                yield (
                    team.name, part.role, name, part.cost, part.bullwhip, part.bullwhip_cumulative, part.largest_order,
                    part.most_owed, -had_one_followed(team.board, part.role, best), best,
                )  # fmt: skip

    return csv_bytes(ROLES, rows())


class Standing(NamedTuple):
    """A line of the leaderboard. kind: team or policy. cost: of the game, every role paying for what it owes. bullwhip: of the last
    role's orders, over the customers' demand. times_the_best: cost over that of the cheapest policy."""

    place: int
    who: str
    kind: str
    cost: float
    bullwhip: float | None
    times_the_best: float | None


def leaderboard(room: Room) -> list[Standing]:
    """Teams that have played to the end and policies at the same board, the cheapest first."""
    known = outcomes_of_policies(room.setting)
    best = min(outcome.cost for outcome in known.values())
    finished = {team.name: outcome_of(team.board) for team in room.teams.values() if team.board.record is not None}
    found = [
        (outcome.cost, kind, who, outcome.bullwhip)
        for kind, outcomes in (("policy", known), ("team", finished))
        for who, outcome in outcomes.items()
    ]
    ordered = sorted(found, key=lambda line: line[:3])
    return [
        Standing(place, who, kind, cost, bullwhip, cost / best if best else None)
        for place, (cost, kind, who, bullwhip) in enumerate(ordered, start=1)
    ]


def leaderboard_csv(room: Room) -> bytes:
    return csv_bytes(Standing._fields, leaderboard(room))


def study_of(setting: Setting, boards: Mapping[str, Board], rules: Mapping[str, Any] | None = None) -> Study:
    """The ordinary study of finished games: each team's orders as policy `plan`, then the rules behind them, where they are given, then
    the policies of the scenario, then those it lacks. Raises UsageError for a game that is not finished."""
    first, *others = boards.items()
    for team, board in boards.items():
        if board.record is None:
            raise UsageError(f"{team} has not finished: period {board.period} of {setting.periods}")
    _, document = setting.with_orders({role: first[1].orders(role) for role in setting.roles}, first[0])
    played = {"team": next(iter(document["policies"].values()))}
    for k, (team, board) in enumerate(others, start=2):
        _, more = setting.with_orders({role: board.orders(role) for role in setting.roles}, team)
        played[f"team_{k}"] = next(iter(more["policies"].values()))
    taken = set(setting.document["policies"])
    named = {(f"{name}_" if name in taken else name): policy for name, policy in played.items()}
    document["policies"] = {**named, **(rules or {}), **setting.document["policies"], **_others(setting)}
    document["replications"] = _replications(setting, document, next(iter(named)))
    document["title"] = f"{setting.scenario.title}: {first[0] if not others else f'{len(boards)} teams'}"
    return load_dict(document, setting.folder, Path(setting.name).stem)


def _replications(setting: Setting, document: Mapping[str, Any], played: str) -> int:
    """Only the customers who came to the game; where nothing is random a second replication, which is the same, says so."""
    plan = compile_plan(setting.read(document), played)
    return 2 if fingerprint(simulate(plan, 0)) == fingerprint(simulate(plan, 1)) else 1


def _others(setting: Setting) -> dict[str, Any]:
    """Policies to be seen beside a team that the scenario does not have, as far as they can be derived for it."""
    types = {policy.get("type") for policy in setting.document["policies"].values()}
    found = {}
    for kind in BESIDE:
        if kind in types or kind in setting.document["policies"]:
            continue
        label = POLICIES.get(kind).title
        policy = {"type": kind, "label": label, "review_interval": setting.interval, "service_level": 0.95}
        try:
            compile_plan(setting.read({**setting.document, "policies": {kind: policy}}), kind)
        except ScenarioError:
            continue
        found[kind] = policy
    return found


def tables_of(room: Room, looks: Looks) -> dict[str, bytes]:
    """The tables of a game by file name: moves, roles, leaderboard, and the causes of what the teams that were looked into paid."""
    return {
        "moves.csv": moves_csv(room),
        "roles.csv": roles_csv(room),
        "leaderboard.csv": leaderboard_csv(room),
        "causes.csv": causes_csv(looks),
        "habits.csv": habits_csv(room, looks),
    }


def write_tables(room: Room, folder: Path, looks: Looks) -> list[Path]:
    """The tables of a game, beside its diary."""
    written = []
    for name, content in tables_of(room, looks).items():
        try:
            (folder / name).write_bytes(content)
        except OSError as error:
            raise OutputError(f"{folder / name} cannot be written: {error.strerror or error}") from error
        written.append(folder / name)
    return written


def check_teams(room: Room, names: Sequence[str]) -> None:
    """Raise UsageError for a team that is not there, or has not finished."""
    for name in names:
        if name not in room.teams:
            raise UsageError(f"unknown team '{name}'; known: {', '.join(room.teams)}")
        board = room.teams[name].board
        if board.record is None:
            raise UsageError(f"{name} has not finished: period {board.period} of {room.setting.periods}")


def write_debrief(
    room: Room,
    folder: Path,
    teams: Sequence[str] | None = None,
    tell: Callable[[str], None] | None = None,
    looks: Looks | None = None,
) -> list[Path]:
    """Tables of the game and, for each team that has finished (or those named), its results folder with its page. looks: of all that
    have finished, where they are known. Returns the pages. Raises UsageError when none has finished."""
    check_teams(room, teams or ())
    looks = looks_of(room) if looks is None else looks
    write_tables(room, folder, looks)
    wanted = teams or [team.name for team in room.teams.values() if team.board.record is not None]
    if not wanted:
        raise UsageError("no team has finished its game: there is nothing to look back at yet")
    pages = []
    for name in wanted:
        if tell is not None:
            tell(f"{name}: the same customers under every policy …")
        study = study_of(room.setting, {name: room.teams[name].board}, looks[name].policies)
        number = list(room.teams).index(name) + 1
        place = folder / "debrief" / f"{number}-{slug(name)}"
        results = study.run(out=place, overwrite=True)
        results.add(tables_of(room, looks))
        pages.append(results.report())
    return pages


def slug(name: str) -> str:
    """A team's name as that of a folder.

    >>> slug("Team 1"), slug("../Ä")
    ('team-1', 'team')
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "team"
