"""What is shown to whom, as plain data: to a player his own role, to the teacher the class, to a newcomer the free seats."""

from __future__ import annotations

from typing import Any

from chainsim.game.board import Week
from chainsim.game.outcome import outcome_of
from chainsim.game.room import Room, Team

Shown = dict[str, Any]


def of_player(room: Room, team: Team, role: str) -> Shown:
    """The state of one role, and the orders of its team."""
    return {**of_role(room, team, role), **of_orders(team, role)}


def of_orders(team: Team, role: str) -> Shown:
    """What an order changes until the team moves on: what this role ordered, and who is still awaited."""
    return {"ordered": team.orders.get(role), "awaited": team.awaited}


def of_role(room: Room, team: Team, role: str) -> Shown:
    """The state of one role but for the orders of its team, so that it is the same text until the team moves on. With `sharing` it
    sees how the others of its team stand; of other teams nothing."""
    board, setting = team.board, room.setting
    at = setting.roles.index(role)
    over = board.record is not None
    shown: Shown = {
        **_frame(room),
        "team": team.name,
        "role": role,
        "name": team.seats[role].name if role in team.seats else "",
        "below": setting.roles[at - 1] if at else None,
        "above": setting.roles[at + 1] if at + 1 < len(setting.roles) else None,
        "period": board.period,
        "over": over,
        "on_turn": room.started and role in board.on_turn,
        "cost": board.cost(role),
        "week": None if over else _week(board.week(role)),
        "columns": Week._fields,
        "weeks": board.weeks[role],  # as rows: they are many
        "messages": [text for to, text in room.messages if to in ("", team.name)],
    }
    if room.sharing:
        shown["chain"] = [
            {"role": r, "name": team.seats[r].name if r in team.seats else "", **_week(board.weeks[r][-1] if over else board.week(r))}
            for r in setting.roles
        ]  # fmt: skip
    if over:
        shown["outcome"] = outcome_of(board).plain()
    return shown


def of_teacher(room: Room) -> Shown:
    """The class at a glance: every team, who sits where, who is awaited, what each role ordered last, what it costs."""
    return {
        **_frame(room),
        "code": room.code,
        "pace": room.pace,
        "sharing": room.sharing,
        "policy": room.policy,
        "over": room.over,
        "messages": [{"team": to, "text": text} for to, text in room.messages],
        "teams": [_team(room, team) for team in room.teams.values()],
    }


def of_newcomer(room: Room) -> Shown:
    """The seats: whose they are, and which are free."""
    seats = {
        team.name: {role: team.seats[role].name if role in team.seats else None for role in room.setting.roles}
        for team in room.teams.values()
    }
    return {**_frame(room), "seats": seats}


def _frame(room: Room) -> Shown:
    scenario = room.setting.scenario
    return {
        "title": scenario.title,
        "unit": scenario.time.unit if room.setting.interval == 1.0 else "period",
        "currency": scenario.currency,
        "periods": room.setting.periods,
        "started": room.started,
    }


def _team(room: Room, team: Team) -> Shown:
    board = team.board
    return {
        "team": team.name,
        "period": board.period,
        "over": board.record is not None,
        "cost": sum(board.cost(role) for role in room.setting.roles),
        "roles": [
            {
                "role": role,
                "name": team.seats[role].name if role in team.seats else None,
                "ready": role in team.orders,
                "awaited": role in team.awaited,
                "net_stock": board.week(role).net_stock,
                "orders": board.orders(role),
                "cost": board.cost(role),
            }
            for role in room.setting.roles
        ],
    }


def _week(week: Week) -> Shown:
    return week._asdict()
