"""The game in one file: a page with the engine inside, in which one person plays against policies; no server, no network.

The compiled loop cannot wait for a person. So the page runs the whole game after every order, with the orders so far as policy
`plan`, and shows it up to this review: what comes later cannot have an influence on what came before. How a role stood is read off the
ends of periods; what was on the road at the moment of a review is not seen there, and not shown.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chainsim.errors import UsageError
from chainsim.game.board import Board
from chainsim.game.outcome import outcomes_of_policies
from chainsim.game.robot import Robot
from chainsim.game.serve.page import filled, part
from chainsim.game.setting import Setting, made_of
from chainsim.live.pack import Lever, Packed, pack
from chainsim.live.scripts import engine_script
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES
from chainsim.report.security import content_policy

TRIED = 7.0
"""What every role orders in the games that the page plays on opening, to compare itself with this engine."""


def alone(setting: Setting, policy: str) -> str:
    """The page. policy: who plays the other roles. Raises UsageError where the end of a period does not show how a role stood at
    its review (reviews before demand, deliveries between reviews)."""
    document = {**setting.document, "time": {**setting.document["time"], "bucket": setting.interval}}
    setting = made_of(document, setting.name, setting.folder, setting.periods)
    tried = {role: _tried(setting, policy, role) for role in setting.roles}
    packed = pack(
        {role: _plan(setting, policy, role, 0.0) for role in setting.roles},
        [Lever("orders", [{}, {role: _plan(setting, policy, role, 1.0) for role in setting.roles}], base=0)],
        replications=1,
    )
    if packed.off:
        raise UsageError(f"the page cannot play this: {next(iter(packed.off.values()))}")
    blocks = {
        "game": ("application/json", _json(_told(setting, policy, tried))),
        "game-page": ("text/plain", _packed(json.dumps(packed.page, allow_nan=False).encode())),
        "game-words": ("text/plain", base64.b64encode(packed.words).decode()),
        "game-engine": ("text/plain", _packed(_engine(packed))),
    }
    data = "".join(f'<script id="{name}" type="{kind}">{text}</script>\n' for name, (kind, text) in blocks.items())
    scripts = (engine_script(), part("alone.js"), part("page.js"))
    rules = content_policy(scripts, (part("page.css"),), engine=True)
    return filled(f'<meta http-equiv="Content-Security-Policy" content="{rules}">\n', data, scripts)


def _plan(setting: Setting, policy: str, played: str, quantity: float) -> Plan:
    """The Plan in which one role orders this every time, and a policy orders for the others."""
    orders = {role: [quantity] * setting.periods for role in setting.roles}
    name, document = setting.with_orders(orders, "the board")
    scenario = setting.read(document)
    rules = {alternative.name: alternative.rules for alternative in scenario.alternatives}
    place = (played, setting.product)
    mixed = replace(scenario.alternatives[0], rules={**rules[policy], place: rules[name][place]})
    return compile_plan(replace(scenario, alternatives=(mixed,)), name)


def _tried(setting: Setting, policy: str, role: str) -> Board:
    """A game in which this role always orders the same, played here, if the page can tell it."""
    board = Board(setting, setting.board(), {r: Robot(*setting.sitting_in(policy, r)) for r in setting.roles})
    while turn := board.on_turn:
        board.turn({role: TRIED} if role in turn else {})
    assert board.record is not None
    series = dict(zip(SERIES, board.record.series, strict=True))
    for r, row in board.rows.items():
        ends = (series["on_hand"] - series["backorders"])[row]
        if [week.net_stock for week in board.weeks[r]] != ends.tolist():
            raise UsageError(
                "this game cannot be played in a page of its own: what happens between two orders is not seen at a period's end; "
                "chainsim play and chainsim serve can"
            )
    return board


def _told(setting: Setting, policy: str, tried: Mapping[str, Board]) -> dict[str, Any]:
    """What the referee in the page must know."""
    some, scenario = tried[setting.roles[0]], setting.scenario
    starts = {role: some.weeks[role][0] for role in setting.roles}
    others = outcomes_of_policies(setting)
    return {
        "title": scenario.title,
        "unit": scenario.time.unit if setting.interval == 1.0 else "period",
        "currency": scenario.currency,
        "periods": setting.periods,
        "interval": setting.interval,
        "policy": policy,
        "points": len(some.points),
        "series": list(SERIES),
        "whole": not scenario.products[0].divisible,
        "tried": TRIED,
        "roles": [
            {
                "role": role,
                "row": some.rows[role],
                "prices": some.prices_per_unit_of_time(role),
                "on_order": starts[role].on_order + starts[role].received,
                "expected": {
                    "cost": [week.cost for week in tried[role].weeks[role]],
                    "net_stock": [week.net_stock for week in tried[role].weeks[role]],
                    "on_order": [week.on_order for week in tried[role].weeks[role]],
                },
            }
            for role in setting.roles
        ],
        "others": [{"who": who, "cost": outcome.cost, "bullwhip": outcome.bullwhip} for who, outcome in others.items()],
    }


def _engine(packed: Packed) -> bytes:
    [module] = packed.modules
    return module


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _json(value: Any) -> str:
    """JSON that may stand in a `<script>`: nothing in it can end the element or begin a comment."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
